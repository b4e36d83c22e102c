//! The first read: what the second needs to know of the whole corpus before it judges a line of it.
//!
//! So far the keys of exact duplicates, the encodings that were hard to tell, and the sums that the second read
//! must come to again. Builders per block, merged in any order, frozen once.

use crate::{
    decode::StepCounts,
    dedup::ExactBuilder,
    hash::{DocumentKey, LineHash},
    lines::{Page, PageLine},
    model::{EncodingEvidence, Tally, lines},
    pipeline::{
        document::{Decoder, Encodings},
        normal_texts::{Bits, NormalTexts},
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
    /// Texts that need no normalisation.
    pub normal: NormalTexts,
    /// Records, quarantined ones included.
    pub records: u64,
}

impl SurveyBuilder {
    /// Surveys a block.
    pub fn of(block: &Block, decoder: &Decoder<'_>) -> SurveyBuilder {
        let mut survey = SurveyBuilder::default();
        let mut counts = StepCounts::default();
        let mut normal = Bits::default();
        decoder.each(block, None, |record| match record {
            Ok(document) => {
                survey.records += 1;
                if matches!(document.evidence, EncodingEvidence::Declared | EncodingEvidence::Detected)
                    && let Some(encoding) = encoding_rs::Encoding::for_label(document.encoding.as_bytes())
                {
                    survey.encodings.insert(document.id, (encoding, document.evidence));
                }
                let normalized = decoder.normalizer.normalize(document.text(), &mut counts);
                normal.push(normalized.was_normal());
                let key = DocumentKey::of(normalized.text.as_bytes());
                survey.key_sum = survey.key_sum.wrapping_add(key.0);
                if !normalized.text.is_empty() {
                    let chars = document.text().chars().count() as u64;
                    survey.exact.add(key, document.id, chars);
                }
            }
            Err(unreadable) => survey.records += u64::from(unreadable.part.is_none_or(|(part, _)| part == 0)),
        });
        survey.normal = NormalTexts::of_block(block.number, normal);
        survey
    }

    /// Takes over what `other` found.
    pub fn merge(&mut self, other: SurveyBuilder) {
        self.exact.merge(other.exact);
        self.encodings.extend(other.encodings);
        self.normal.merge(other.normal);
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
    page.lines().iter().for_each(|line| add_page_line(&mut tally, line));
    tally
}

/// Adds a line of a page to the sums.
pub fn add_page_line(tally: &mut Tally, line: &PageLine<'_>) {
    tally.lines += 1;
    tally.chars += u64::from(line.chars);
    tally.line_sum = tally.line_sum.wrapping_add(line.hash.half());
}

/// Adds a line to the sums, unless it is blank.
fn add_line(tally: &mut Tally, line: &str) {
    if !line.bytes().all(|b| b == b' ' || b == b'\t') {
        tally.lines += 1;
        tally.chars += line.chars().count() as u64;
        tally.line_sum = tally.line_sum.wrapping_add(LineHash::of(line.as_bytes()).half());
    }
}
