//! Where a document stands, and what is known of how its text was decoded.

use serde::Serialize;

/// A document's place in the corpus: source in canonical order, then position in the source.
///
/// The only thing that ties are ever broken by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DocId {
    /// Number of the source in canonical order, from 0.
    pub source: u32,
    /// Position in the source.
    pub position: Position,
}

impl DocId {
    /// The source of documents of earlier crawls, which an index holds.
    const EARLIER: u32 = u32::MAX;

    /// A document of an index, by its number there from 0.
    pub fn earlier(number: u32) -> DocId {
        DocId { source: DocId::EARLIER, position: u64::from(number) + 1 }
    }

    /// The number of a document of an index.
    pub fn earlier_number(self) -> Option<u32> {
        let number = self.position.checked_sub(1).filter(|_| self.source == DocId::EARLIER)?;
        u32::try_from(number).ok()
    }
}

/// A record's place in its source, from 1: the number of its line in JSONL, 1 in a text file.
pub type Position = u64;

/// How an encoding was decided, in the order in which evidence is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EncodingEvidence {
    /// A byte order mark.
    Bom,
    /// The bytes are valid UTF-8.
    Valid,
    /// The source declared it and the bytes do not contradict it.
    Declared,
    /// The detector judged so.
    Detected,
    /// UTF-8 in part, the rest as the detector judged.
    Mixed,
}

impl EncodingEvidence {
    /// The word that stands in a record's `encoding_by` and in the report.
    pub fn code(self) -> &'static str {
        match self {
            EncodingEvidence::Bom => "bom",
            EncodingEvidence::Valid => "valid",
            EncodingEvidence::Declared => "declared",
            EncodingEvidence::Detected => "detected",
            EncodingEvidence::Mixed => "mixed",
        }
    }
}
