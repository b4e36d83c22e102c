//! Input: paths become sources in canonical order, sources become blocks of whole records.
//!
//! [`list`] finds the sources, [`Source::spool`] makes a stream readable twice, [`Reader`] decompresses and cuts into
//! [`Block`]s whose borders depend on the records alone, and [`parse`] finds the fields of one JSONL line.
//!
//! Limits: nothing here starts a thread, decodes text files (their bytes go out as they are) or judges a record; a
//! record that cannot be read is handed on for the quarantine. Memory is about one block and one record.

mod block;
mod compression;
mod detect;
mod jsonl;
mod lines;
mod paged;
mod rewrite;
mod source;
mod spool;
mod stream;
mod utf16;
mod waiting;

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub use block::{BLOCK_BYTES, Block, Piece, Reader, SourceInfo};
pub use jsonl::{FieldPaths, JsonRecord, RecordSpans, parse, string_value};
pub use lines::LineReader;
pub use paged::{PagedFile, Section, Stream};
pub use rewrite::TextEdit;
pub use source::{Source, Sources, list, list_any};
pub use spool::ReadAt;
pub use waiting::WaitFlags;

/// How sources are cut into records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InputFormat {
    /// Judged for each source by its name and its first 64 KiB.
    #[default]
    Auto,
    /// A file is one document.
    Text,
    /// A line is one record, a JSON object.
    Jsonl,
}

impl InputFormat {
    /// The name in configuration and messages.
    pub fn name(self) -> &'static str {
        match self {
            InputFormat::Auto => "auto",
            InputFormat::Text => "text",
            InputFormat::Jsonl => "jsonl",
        }
    }
}

/// What one source may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Longest record in bytes, without its line break; a longer one is delivered as [`Piece::TooLong`].
    pub max_record_bytes: u64,
    /// Most bytes that one byte of an archive may become, judged once 64 MiB have come out of it.
    pub max_ratio: u64,
    /// Most bytes that may come out of one archive.
    pub max_decompressed_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { max_record_bytes: 64 << 20, max_ratio: 10_000, max_decompressed_bytes: u64::MAX }
    }
}
