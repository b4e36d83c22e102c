//! Indexes of earlier crawls: what their documents and lines were, for new crawls to be held against.
//!
//! A folder that holds `documents.idx` (keys of texts and residues, ids, signatures: [`DocumentIndex`]), `shingles.idx` (by which near duplicates are
//! verified) and `lines.idx` (counts of lines: [`LineFile`]). `clean` makes one of what it washed; indexes are read-only and are merged to new ones.

mod documents;
mod folder;
mod lines;
mod merge;
mod merge_lines;
mod writer;

pub use documents::{DocumentIndex, Params};
pub use folder::{IndexFacts, IndexLock, build_index, check_index, index_facts, merge_indexes, update_index};
pub use lines::{LineCache, LineFile, OWN_LINES, write_line_index};
pub use writer::{DocumentIndexing, TextKeys, Workplace};
