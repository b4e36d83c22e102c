//! What the read that writes makes of a block's records, before other blocks have their say: documents with the lines that the rules take, and records that
//! could not be read.

use std::borrow::Cow;

use super::{
    document::{Decoder, RecordPlace},
    fault::RecordFault,
};
use crate::{
    decode::{Decision, LineNumbers, Repairs, StepCounts},
    hash::{DocumentKey, LineHash, LineKey},
    langid::DocumentLanguage,
    model::{Counts, DocId, Lang, Reason, Scope, Tally},
    read::{Block, RecordSpans},
};

/// A line that a rule takes.
#[derive(Clone, Copy, Debug)]
pub struct Taken {
    /// Its number in the normalised text, from 0.
    pub line: usize,
    /// Its characters.
    pub chars: u32,
    /// Hash of it as it stands.
    pub hash: LineHash,
    /// Key of its compared form.
    pub key: LineKey,
    /// Its language.
    pub lang: Lang,
    /// Why.
    pub reason: Reason,
    /// Which copy stays.
    pub copy: KeptCopy,
}

/// Which copy of a taken line stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeptCopy {
    /// None.
    Nothing,
    /// A line of the same document, by its number in the normalised text, from 0.
    Here(usize),
    /// The first that stands in a document that stays.
    First(Scope),
}

/// What the rules found of a document.
#[derive(Debug)]
pub enum Judgement {
    /// It is a copy of a document of its site: what becomes of that one decides.
    AsItsCopy,
    /// It was looked at.
    Judged {
        /// The lines that go.
        taken: Vec<Taken>,
        /// Key of what is no furniture; `None` where nothing is left.
        residue: Option<u128>,
        /// The filter that takes it.
        filter: Option<Reason>,
        /// The document of an earlier crawl that has its residue.
        earlier: Option<DocId>,
    },
}

impl Judgement {
    /// Might a line stay as the first copy of those that go?
    pub fn has_first_copies(&self) -> bool {
        match self {
            Judgement::Judged { taken, .. } => taken.iter().any(|line| matches!(line.copy, KeptCopy::First(_))),
            Judgement::AsItsCopy => false,
        }
    }
}

/// A document of the block.
#[derive(Debug)]
pub struct CleanDocument {
    /// Its place in the corpus.
    pub id: DocId,
    /// Its record's bytes in the block.
    pub record: RecordPlace,
    /// Where the record's fields stand, for JSONL.
    pub spans: Option<RecordSpans>,
    /// The normalised text.
    pub text: String,
    /// Is that the text as it was decoded?
    pub unchanged: bool,
    /// Numbers of its lines in the decoded input.
    pub numbers: LineNumbers,
    /// Its site, empty for none.
    pub site: String,
    /// How it was read.
    pub decision: Decision,
    /// Of a text that is UTF-8 in part the lines that are not.
    pub parts: Vec<(u64, u64)>,
    /// Mojibake that was repaired.
    pub repairs: Option<Box<Repairs>>,
    /// Sums of the normalised text.
    pub input: Tally,
    /// Its language.
    pub language: DocumentLanguage,
    /// Languages of its lines that are not blank; empty without an engine.
    pub langs: Vec<Lang>,
    /// The document whose text it has, if that one stays first.
    pub copy_of: Option<DocId>,
    /// What the rules found.
    pub judgement: Judgement,
    /// Key of its text, where an index is made; none of an empty text.
    pub text_key: Option<DocumentKey>,
    /// Key of all its lines, in a stream.
    pub whole: Option<u128>,
}

impl CleanDocument {
    /// Its id as raw JSON: the record's own, else `"path:position"`.
    pub fn raw_id<'b>(&self, decoder: &Decoder<'_>, block: &'b Block) -> Cow<'b, str> {
        let own = self.spans.as_ref().and_then(|spans| self.record.bytes(block).get(spans.id.clone()?));
        own.and_then(|id| std::str::from_utf8(id).ok()).map_or_else(|| Cow::Owned(decoder.raw_id(self.id, None)), Cow::Borrowed)
    }
}

/// A record of the block.
#[derive(Debug)]
pub enum CleanRecord {
    /// A document.
    Document(Box<CleanDocument>),
    /// One that could not be read.
    Fault(RecordFault),
}

/// A block's result.
#[derive(Debug, Default)]
pub struct CleanBlock {
    /// The block.
    pub block: Block,
    /// Its records in order.
    pub records: Vec<CleanRecord>,
    /// Sums of what came in.
    pub counts: Counts,
    /// Sums of normalisations.
    pub steps: StepCounts,
}
