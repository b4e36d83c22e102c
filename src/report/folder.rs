//! A washed folder as its page shows it: numbers, and bounded samples of what went.

use std::collections::BTreeMap;

use super::{Manifest, Numbers, SiteNumbers, html::Sample};
use crate::dedup::Difference;

/// All that the page of a washed folder is made of.
#[derive(Debug)]
pub struct FolderReport {
    /// The folder's manifest.
    pub manifest: Manifest,
    /// Its report.
    pub numbers: Numbers,
    /// Its configuration file.
    pub config: String,
    /// What the folder holds beside its reports.
    pub holds: Holds,
    /// How many distinct texts went, by reason.
    pub distinct_texts: BTreeMap<&'static str, u64>,
    /// Lines that went, by reason, in the order of the documents.
    pub lines: BTreeMap<&'static str, Vec<LineExample>>,
    /// Documents that went whole, by reason, in their order.
    pub documents: BTreeMap<&'static str, Vec<DocumentExample>>,
    /// What the largest sites repeat, in the order of the report.
    pub sites: Vec<SiteFurniture>,
    /// How long documents are.
    pub lengths: Lengths,
    /// Groups of copies.
    pub copies: Clustered,
    /// Groups of near duplicates.
    pub near: Clustered,
    /// Groups of documents whose lines one holds.
    pub covered: Clustered,
    /// How alike near duplicates, and covered documents, are to what stays for them.
    pub similarities: Similarities,
    /// The first records of each cause that could not be read.
    pub unreadable: BTreeMap<String, Vec<Unreadable>>,
}

/// What a washed folder may lack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holds {
    /// The clean documents.
    pub data: bool,
    /// The removed log.
    pub removed: bool,
    /// The texts in it.
    pub texts: bool,
    /// The line index.
    pub index: bool,
}

/// Where a document stands.
#[derive(Clone, Debug, Default)]
pub struct Place {
    /// Its id.
    pub id: Sample,
    /// Its source.
    pub source: Sample,
    /// Its number in the source.
    pub position: u64,
}

/// A line that went, among its neighbours.
#[derive(Debug)]
pub struct LineExample {
    /// The document.
    pub place: Place,
    /// Its site; nothing where it has none or the site is not known.
    pub site: Option<Sample>,
    /// The line and its neighbours.
    pub context: Vec<ContextLine>,
    /// How many lines of this text went for this reason.
    pub count: u64,
    /// From how many documents.
    pub pages: u64,
    /// The copy that stays.
    pub kept: Option<KeptCopy>,
}

/// Where a line's copy stays.
#[derive(Debug)]
pub enum KeptCopy {
    /// At a line of the same document's decoded input.
    Here(u64),
    /// In the document of this id, at a line of its decoded input.
    There(Sample, u64),
}

/// A line as it stood in its document.
#[derive(Debug)]
pub struct ContextLine {
    /// Its number in the normalised text.
    pub number: u64,
    /// Its text; nothing where the log holds no texts.
    pub text: Option<Sample>,
    /// What became of it.
    pub fate: Fate,
}

/// What became of a line that an example shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It stays.
    Stays,
    /// It is what the example is about.
    Gone,
    /// It went too.
    AlsoGone,
}

impl Fate {
    /// The class of the line in the style sheet.
    pub fn class(self) -> &'static str {
        match self {
            Fate::Stays => "stays",
            Fate::Gone => "gone",
            Fate::AlsoGone => "also",
        }
    }

    /// Did it go?
    pub fn is_gone(self) -> bool {
        self != Fate::Stays
    }
}

/// A document that went whole.
#[derive(Debug)]
pub struct DocumentExample {
    /// The document.
    pub place: Place,
    /// The document that stays for it.
    pub kept: Option<Place>,
    /// How alike the two are, where that was measured.
    pub similarity: Option<f64>,
    /// The head of its text; nothing where the copy has it, or the log holds no texts.
    pub text: Option<Sample>,
}

/// What a site repeats.
#[derive(Debug)]
pub struct SiteFurniture {
    /// Its numbers.
    pub numbers: SiteNumbers,
    /// The texts that its documents lost most often: reason, times, text.
    pub texts: Vec<(String, u64, Option<Sample>)>,
    /// Are the times exact?
    pub exact: bool,
}

/// How many documents there are of each length.
#[derive(Debug, Default)]
pub struct Lengths {
    /// For each class of [`LENGTHS`]: documents that came in, and that stay.
    pub classes: Vec<(u64, u64)>,
    /// Documents whose length is not known.
    pub unknown: u64,
}

/// The least number of characters of each class of lengths.
pub const LENGTHS: [u64; 12] = [0, 1, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 50_000, 100_000];

impl Lengths {
    /// No documents yet.
    pub fn new() -> Lengths {
        Lengths { classes: vec![(0, 0); LENGTHS.len()], unknown: 0 }
    }

    /// Adds `documents` of so many characters that came in, or that stay.
    pub fn add(&mut self, chars: u64, documents: u64, stay: bool) {
        let class = LENGTHS.partition_point(|least| *least <= chars).saturating_sub(1);
        if let Some((input, output)) = self.classes.get_mut(class) {
            *(if stay { output } else { input }) += documents;
        }
    }
}

/// Classes of similarity: of a twentieth each, and one for 1.
pub const SIMILARITIES: usize = 21;

/// How many documents there are of each similarity to the one that stays for them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Similarities {
    /// For each class: near duplicates, and covered documents.
    pub classes: [(u64, u64); SIMILARITIES],
}

impl Similarities {
    /// Adds a document with a similarity from 0 to 1.
    pub fn add(&mut self, similarity: f64, covered: bool) {
        // Written with four digits: a share of 0.15 is in its class, whatever its bits say.
        let class = (similarity.clamp(0.0, 1.0) * 10_000.0).round() as usize / 500;
        if let Some((near, of_covered)) = self.classes.get_mut(class) {
            *(if covered { of_covered } else { near }) += 1;
        }
    }
}

/// Documents that went for others, in groups.
#[derive(Debug, Default)]
pub struct Clustered {
    /// The largest groups, those first.
    pub largest: Vec<Cluster>,
    /// How many groups there are; at least so many where not `exact`.
    pub count: u64,
    /// Are counts exact, or was there no room to count all of them?
    pub exact: bool,
}

/// A document that stays, and those that went for it.
#[derive(Debug)]
pub struct Cluster {
    /// The document that stays.
    pub kept: Place,
    /// The head of its text, where the folder holds it.
    pub text: Option<Sample>,
    /// How many went.
    pub gone: u64,
    /// The first of them.
    pub first: Vec<ClusterMember>,
}

/// A document that went for another.
#[derive(Debug)]
pub struct ClusterMember {
    /// Its id.
    pub id: Sample,
    /// How alike the two are, where that was measured.
    pub similarity: Option<f64>,
    /// In which words they differ; nothing for copies, where the folder lacks a text, and where one is too long for a page.
    pub difference: Option<Difference>,
}

/// A record that could not be read.
#[derive(Debug)]
pub struct Unreadable {
    /// Its source.
    pub source: Sample,
    /// Its number there.
    pub position: u64,
    /// What was found.
    pub message: Sample,
    /// Its first bytes, as text.
    pub head: Sample,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_similarity_has_its_class() {
        let mut similarities = Similarities::default();
        for similarity in [0.0, 0.0499, 0.15, 0.8, 0.95, 0.9999, 1.0, 7.0] {
            similarities.add(similarity, false);
        }
        let near = similarities.classes.map(|(near, _)| near);
        assert_eq!((near[0], near[3], near[16], near[19], near[20]), (2, 1, 1, 2, 2));
    }

    #[test]
    fn every_length_has_its_class() {
        let mut lengths = Lengths::new();
        for chars in [0, 1, 49, 50, 99_999, 100_000, u64::MAX] {
            lengths.add(chars, 1, false);
        }
        lengths.add(1, 3, true);
        let classes: Vec<_> = lengths.classes.iter().map(|(a, _)| *a).collect();
        assert_eq!(classes, [1, 2, 1, 0, 0, 0, 0, 0, 0, 0, 1, 2]);
        assert_eq!(lengths.classes[1], (2, 3));
    }
}
