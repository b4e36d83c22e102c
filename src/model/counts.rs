//! Sums of a run. They merge in any order to the same totals, and [`Counts::check`] is the law of
//! conservation in figures: what came in is what stayed, what was removed and what was quarantined.

use std::collections::BTreeMap;

use super::{Cause, Error, Lang, Reason, Result};

/// Documents, lines and characters of one class. Blank lines are spacing and not counted; characters are
/// Unicode scalar values without line breaks, of the normalised text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Documents.
    pub documents: u64,
    /// Lines that are not blank.
    pub lines: u64,
    /// Characters of those lines.
    pub chars: u64,
    /// Wrapping sum of a hash of each of those lines: equal multisets of lines have equal sums.
    pub line_sum: u64,
}

impl Tally {
    /// Adds `other`.
    pub fn add(&mut self, other: &Tally) {
        self.documents += other.documents;
        self.lines += other.lines;
        self.chars += other.chars;
        self.line_sum = self.line_sum.wrapping_add(other.line_sum);
    }
}

/// What a site's documents came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SiteTally {
    /// What came in.
    pub input: Tally,
    /// What stays.
    pub output: Tally,
    /// Furniture taken from documents that stay.
    pub furniture: Tally,
}

impl SiteTally {
    /// Adds `other`.
    pub fn add(&mut self, other: &SiteTally) {
        self.input.add(&other.input);
        self.output.add(&other.output);
        self.furniture.add(&other.furniture);
    }
}

/// All sums of a run, or of a part of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Records read, quarantined ones included, blank lines of JSONL not.
    pub records: u64,
    /// Bytes of those records.
    pub bytes: u64,
    /// Documents decoded.
    pub input: Tally,
    /// What is written as clean text.
    pub output: Tally,
    /// Lines taken from documents that stay, by reason (documents: those that lost such a line).
    pub removed_lines: BTreeMap<Reason, Tally>,
    /// Documents taken whole, by reason.
    pub removed_documents: BTreeMap<Reason, Tally>,
    /// Records that could not be read, by cause.
    pub quarantined: BTreeMap<Cause, u64>,
    /// Empty sources, skipped.
    pub empty_sources: u64,
    /// Documents without a site.
    pub without_site: u64,
    /// Changes of each normalisation, by its name.
    pub normalized: BTreeMap<&'static str, u64>,
    /// U+FFFD that stands for bytes which the encoding does not have.
    pub replaced: u64,
    /// Documents that stay, by language.
    pub document_languages: BTreeMap<Lang, u64>,
    /// Lines that stay, by language.
    pub line_languages: BTreeMap<Lang, u64>,
    /// Documents by encoding and evidence.
    pub encodings: BTreeMap<(&'static str, &'static str), u64>,
    /// Lines of texts that are UTF-8 in part, by the encoding of the rest.
    pub mixed_lines: BTreeMap<&'static str, u64>,
    /// Lines of mojibake that were repaired, by the encoding that they had been misread in.
    pub repaired: BTreeMap<&'static str, u64>,
}

impl Counts {
    /// Adds `other`; associative and commutative.
    pub fn merge(&mut self, other: &Counts) {
        self.records += other.records;
        self.bytes += other.bytes;
        self.input.add(&other.input);
        self.output.add(&other.output);
        for (into, from) in [(&mut self.removed_lines, &other.removed_lines), (&mut self.removed_documents, &other.removed_documents)] {
            for (reason, tally) in from {
                into.entry(*reason).or_default().add(tally);
            }
        }
        self.empty_sources += other.empty_sources;
        self.without_site += other.without_site;
        self.replaced += other.replaced;
        sum_into(&mut self.quarantined, &other.quarantined);
        sum_into(&mut self.normalized, &other.normalized);
        sum_into(&mut self.document_languages, &other.document_languages);
        sum_into(&mut self.line_languages, &other.line_languages);
        sum_into(&mut self.encodings, &other.encodings);
        sum_into(&mut self.mixed_lines, &other.mixed_lines);
        sum_into(&mut self.repaired, &other.repaired);
    }

    /// Records that could not be read.
    pub fn quarantined_records(&self) -> u64 {
        self.quarantined.values().sum()
    }

    /// Lines taken from documents that stay.
    pub fn removed_line_tally(&self) -> Tally {
        self.removed_lines.values().fold(Tally::default(), |mut sum, t| {
            sum.add(t);
            sum
        })
    }

    /// Documents taken whole.
    pub fn removed_document_tally(&self) -> Tally {
        self.removed_documents.values().fold(Tally::default(), |mut sum, t| {
            sum.add(t);
            sum
        })
    }

    /// Do the sums add up?
    ///
    /// # Errors
    /// [`super::ErrorKind::Conservation`] with the sums that differ.
    pub fn check(&self) -> Result<()> {
        let (lines, documents) = (self.removed_line_tally(), self.removed_document_tally());
        let mut out = self.output;
        out.add(&documents);
        out.lines += lines.lines;
        out.chars += lines.chars;
        out.line_sum = out.line_sum.wrapping_add(lines.line_sum);
        if out != self.input {
            return Err(Error::conservation(format!("in {:?}, out and removed {out:?}", self.input)));
        }
        if self.records != self.input.documents + self.quarantined_records() {
            return Err(Error::conservation(format!(
                "{} records, but {} documents and {} quarantined",
                self.records,
                self.input.documents,
                self.quarantined_records()
            )));
        }
        Ok(())
    }
}

fn sum_into<K: Ord + Copy>(into: &mut BTreeMap<K, u64>, from: &BTreeMap<K, u64>) {
    for (key, n) in from {
        *into.entry(*key).or_default() += n;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn some(n: u64) -> Counts {
        let tally = Tally { documents: n, lines: 3 * n, chars: 7 * n, line_sum: n.wrapping_mul(0x9E37_79B9_7F4A_7C15) };
        let mut counts = Counts { records: 3 * n, input: tally, ..Counts::default() };
        counts.input.add(&tally);
        counts.output = tally;
        counts.removed_documents.insert(Reason::DocumentExact, tally);
        counts.quarantined.insert(Cause::JsonSyntax, n);
        counts
    }

    #[test]
    fn merge_is_commutative_and_associative_and_keeps_the_law() {
        let (a, b, c) = (some(2), some(5), some(11));
        let mut left = a.clone();
        left.merge(&b);
        left.merge(&c);
        let mut right = c.clone();
        right.merge(&a);
        right.merge(&b);
        assert_eq!(left, right);
        assert!(left.check().is_ok());
    }

    #[test]
    fn a_lost_line_fails_the_check() {
        let mut counts = some(4);
        counts.output.lines -= 1;
        assert!(counts.check().is_err());
        let mut counts = some(4);
        counts.output.line_sum ^= 1;
        assert!(counts.check().is_err());
        let mut counts = some(4);
        counts.records += 1;
        assert!(counts.check().is_err());
    }
}
