//! The vocabulary that every other layer speaks: documents, lines, languages, reasons, counts, errors.
//!
//! Layer 0: nothing here opens a file, starts a thread or writes a message. What belongs to one
//! algorithm lives with that algorithm; what two layers must agree on lives here.

mod address;
mod bits;
mod buffers;
mod cause;
mod char_class;
mod char_table;
mod counts;
mod document;
mod error;
mod language;
mod line;
#[cfg(test)]
pub(crate) mod normalization_rows;
mod paged;
mod pieces;
mod reason;
mod script;
mod simd;
mod site;
mod utf8;
mod words;

pub use address::{cut_addresses, may_hold_address};
pub use bits::Bits;
pub use buffers::{give_buffer, take_buffer};
pub use cause::Cause;
pub use char_class::{CharClass, Measures, PackedMeasures, chunks, is_letter};
pub use char_table::CharTable;
pub use counts::{Counts, SiteTally, Tally};
pub use document::{DocId, EncodingEvidence, Position};
pub use error::{Error, ErrorKind, Result};
pub use language::{Lang, LineLanguage};
pub use line::{Kind, LineText, Stop, lines};
pub use paged::{BYTE_ORDER, PAGE, PAGE_BYTES, PagedKind, page_checksum};
pub use pieces::{Pieces, TextPlace, Texts};
pub use reason::{Keep, Reason, Scope};
pub use script::{Script, ScriptCounts, ScriptSet};
pub use simd::with_simd;
pub use site::{ascii_host, site_of_folder, site_of_url};
pub use utf8::{ascii_run, code_of};
pub use words::{count_words, rough_words};
