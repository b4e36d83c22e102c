//! The first read: what the second needs to know of the whole corpus before it judges a line of it.
//!
//! The keys of exact duplicates, the lines of the sites, the encodings that were hard to tell, and the sum that the second read
//! must come to again. Builders per block, merged in any order, frozen once.

use crate::{
    decode::StepCounts,
    dedup::ExactBuilder,
    hash::{DocumentKey, LineHash, SiteKey},
    lines::{Noting, Page, index::IndexBuilder},
    model::{EncodingEvidence, Tally, lines},
    pipeline::{
        clean::Taken,
        document::{Decoder, Encodings},
        memory::Memories,
        notes::{BlockNotes, Notes},
    },
    read::Block,
};

/// What a block, or all blocks, add to the survey.
#[derive(Debug, Default)]
pub struct SurveyBuilder {
    /// Keys of the documents.
    pub exact: ExactBuilder,
    /// Encodings that were not plain to see.
    pub encodings: Encodings,
    /// Wrapping sum of the keys of the normalised texts: the second read must see the same.
    pub key_sum: u128,
    /// What the second read need not find out again.
    pub notes: Notes,
    /// Lines of the sites.
    pub lines: IndexBuilder,
    /// Records, quarantined ones included.
    pub records: u64,
}

/// What a survey is for, beside exact duplicates.
#[derive(Clone, Copy, Debug)]
pub struct Purpose {
    /// Documents are to be compared by their characters.
    pub lengths: bool,
    /// Lines are to be judged by what it finds.
    pub lines: bool,
}

impl SurveyBuilder {
    /// Surveys a block.
    pub fn of(block: &Block, decoder: &Decoder<'_>, memories: &Memories, purpose: Purpose) -> SurveyBuilder {
        let mut memory = memories.take(block.bytes);
        let mut survey = SurveyBuilder::default();
        let mut counts = StepCounts::default();
        let mut notes = BlockNotes::default();
        let takes_notes = memories.have_room_for_notes();
        decoder.each(block, None, |record| match record {
            Ok(document) => {
                survey.records += 1;
                if matches!(document.evidence, EncodingEvidence::Declared | EncodingEvidence::Detected)
                    && let Some(encoding) = encoding_rs::Encoding::for_label(document.encoding.as_bytes())
                {
                    survey.encodings.insert(document.id, (encoding, document.evidence));
                }
                let normalized = decoder.normalizer.normalize(document.text(), &mut counts);
                notes.normal.push(normalized.was_normal());
                notes.lines.begin_document();
                let key = DocumentKey::of(normalized.text.as_bytes());
                survey.key_sum = survey.key_sum.wrapping_add(key.0);
                if !normalized.text.is_empty() {
                    let chars = if purpose.lengths { document.text().chars().count() as u64 } else { 0 };
                    let site = SiteKey::of(document.site.as_deref().unwrap_or_default());
                    survey.exact.add(key, document.id, chars, site);
                    if document.site.is_some() && purpose.lines {
                        let noting = if takes_notes { Noting::Takes(&mut notes.lines) } else { Noting::Nothing };
                        survey.lines.add(site, &Page::new(&normalized.text, &mut memory.lines, noting));
                    }
                }
            }
            Err(unreadable) => survey.records += u64::from(unreadable.part.is_none_or(|(part, _)| part == 0)),
        });
        memories.give_back(memory);
        memories.noted(notes.lines.close());
        survey.notes = Notes::of_block(block.number, notes);
        survey
    }

    /// Takes over what `other` found.
    pub fn merge(&mut self, other: SurveyBuilder) {
        self.exact.merge(other.exact);
        self.encodings.extend(other.encodings);
        self.notes.merge(other.notes);
        self.lines.merge(other.lines);
        self.key_sum = self.key_sum.wrapping_add(other.key_sum);
        self.records += other.records;
    }
}

/// The sums of one document's text.
pub fn tally(text: &str) -> Tally {
    let mut tally = Tally { documents: 1, ..Tally::default() };
    lines(text).for_each(|line| add_line(&mut tally, line));
    tally
}

/// The same sums, of a text that is split already.
pub fn page_tally(page: &Page<'_>) -> Tally {
    let mut tally = Tally { documents: 1, ..Tally::default() };
    page.lines().iter().for_each(|line| add(&mut tally, line.chars, line.hash));
    tally
}

/// Adds a line that a rule takes to the sums.
pub fn add_taken(tally: &mut Tally, taken: &Taken) {
    add(tally, taken.chars, taken.hash);
}

fn add(tally: &mut Tally, chars: u32, hash: LineHash) {
    tally.lines += 1;
    tally.chars += u64::from(chars);
    tally.line_sum = tally.line_sum.wrapping_add(hash.half());
}

/// Adds a line to the sums, unless it is blank.
fn add_line(tally: &mut Tally, line: &str) {
    if !line.bytes().all(|b| b == b' ' || b == b'\t') {
        add(tally, u32::try_from(line.chars().count()).unwrap_or(u32::MAX), LineHash::of(line.as_bytes()));
    }
}
