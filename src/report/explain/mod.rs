//! Why a line or a document is gone, or still there, as data: what `buddle explain` gathers and [`explained`] puts in words.
//!
//! Numbers come from the removed log and from judging the document again by the folder's own index; nothing is decided
//! here. Scores are in tenths of a nat.

mod text;

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::value::RawValue;

use crate::{
    dedup::Difference,
    write::{KeptDocument, RemovedLineText},
};

pub use text::{explained, explained_text};

/// A record explained.
#[derive(Debug, Serialize)]
pub struct Explanation {
    /// Its id as raw JSON; none for a record that could not be read.
    pub id: Option<Box<RawValue>>,
    /// Its source.
    pub source: String,
    /// Its number in the source.
    pub position: u64,
    /// Its site; empty for none, and where it is not known.
    pub site: String,
    /// Its language; empty where it is not known.
    pub lang: String,
    /// Is it in the output?
    pub stays: bool,
    /// Why it went whole.
    pub reason: Option<String>,
    /// The document that stays in its place.
    pub kept: Option<KeptDocument>,
    /// Is that one in the output of this folder?
    pub kept_stays: Option<bool>,
    /// How alike the two are, from 0 to 1; of a covered document the share of its letters that stand in lines of the other.
    pub similarity: Option<f64>,
    /// In which words the two differ, furniture left out; only for near duplicates and covered documents.
    pub difference: Option<Difference>,
    /// Why it could not be read.
    pub unread: Option<Unread>,
    /// The rules for documents in their order, and what each found.
    pub rules: Vec<DocumentRule>,
    /// Documents that went for it: copies, near duplicates, those whose lines it holds.
    pub copies: Copies,
    /// Did the folder hold an index to judge by?
    pub index: bool,
    /// Were the line rules suspended at its site?
    pub suspended: bool,
    /// What could not be told, and why.
    pub notes: Vec<String>,
    /// Its lines, those asked for.
    pub lines: Vec<LineExplanation>,
}

/// A record that could not be read.
#[derive(Debug, Serialize)]
pub struct Unread {
    /// The code of the cause.
    pub cause: String,
    /// What was found.
    pub message: String,
    /// What can be done about it.
    pub hint: String,
    /// The head of its bytes, as far as they are text.
    pub head: String,
}

/// What a rule for documents found.
#[derive(Debug, Serialize)]
pub struct DocumentRule {
    /// The code of its reason.
    pub rule: &'static str,
    /// What came of it.
    pub verdict: RuleVerdict,
    /// In words.
    pub why: String,
    /// The number found.
    pub found: Option<u64>,
    /// The least that is asked for.
    pub least: Option<u64>,
    /// The similarity found, or the share of its letters that another document holds; only where the run recorded it.
    pub similarity: Option<f64>,
    /// From which similarity on, or above which share, the rule takes a document.
    pub threshold: Option<f64>,
}

/// What came of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RuleVerdict {
    /// It took the document.
    Took,
    /// It let it pass.
    Passed,
    /// It asks for nothing in this run.
    Off,
    /// A rule before it took the document.
    NotReached,
}

impl RuleVerdict {
    /// The word.
    pub fn word(self) -> &'static str {
        match self {
            RuleVerdict::Took => "took it",
            RuleVerdict::Passed => "passed",
            RuleVerdict::Off => "off",
            RuleVerdict::NotReached => "not asked",
        }
    }
}

/// Documents that went for another.
#[derive(Debug, Default, Serialize)]
pub struct Copies {
    /// How many.
    pub documents: u64,
    /// How many for each reason.
    pub reasons: BTreeMap<String, u64>,
    /// The first of each reason.
    pub first: Vec<NamedCopy>,
}

/// A document that went for another.
#[derive(Clone, Debug, Serialize)]
pub struct NamedCopy {
    /// Its id as raw JSON.
    pub id: Box<RawValue>,
    /// Its source.
    pub source: String,
    /// Its number there.
    pub position: u64,
    /// Why it went.
    pub reason: String,
    /// How alike the two are, where that was measured.
    pub similarity: Option<f64>,
}

/// A document by its names.
#[derive(Clone, Debug, Serialize)]
pub struct NamedDocument {
    /// Its id as raw JSON.
    pub id: Option<Box<RawValue>>,
    /// Its source.
    pub source: String,
    /// Its number there.
    pub position: u64,
    /// A line of it, where one is meant: its number.
    pub line: Option<u64>,
}

/// A line explained.
#[derive(Debug, Serialize)]
pub struct LineExplanation {
    /// Number in the normalised text, from 1, as `restore` gives it.
    pub line: u64,
    /// The line.
    pub text: String,
    /// Does it stand in the output?
    pub stays: bool,
    /// The rule that takes it: by the removed log, or for a document that went whole by judging again.
    pub taken: Option<String>,
    /// Its language; empty where none was asked for.
    pub lang: String,
    /// What the removed log says of its text.
    pub removed: Option<RemovedLineText>,
    /// The line of this document that stays in its place, in the decoded input.
    pub kept_line: Option<u64>,
    /// The judgement by the site's counts.
    pub judgement: Option<Judgement>,
    /// For a line that no rule takes: each rule, and what it missed.
    pub missed: Vec<Missed>,
}

/// The judgement of a line.
#[derive(Debug, Serialize)]
pub struct Judgement {
    /// `stays`, `goes` or `first_stays`.
    pub verdict: &'static str,
    /// In tenths of a nat; furniture above 0.
    pub score: i32,
    /// What every line has before anything is known of it.
    pub bias: i32,
    /// Taken off each score.
    pub margin: i32,
    /// The clamp that held, and what it says.
    pub clamp: Option<&'static str>,
    /// The same in words.
    pub clamp_words: Option<&'static str>,
    /// Pages of the site that hold the line.
    pub pages: u32,
    /// Pages of the site.
    pub site_pages: u32,
    /// What each table added.
    pub contributions: Vec<Contribution>,
}

/// What a table added to a score.
#[derive(Debug, Serialize)]
pub struct Contribution {
    /// The features that it weighs together.
    pub features: Vec<&'static str>,
    /// In words.
    pub words: String,
    /// In tenths of a nat.
    pub tenths: i32,
}

/// A rule that did not take a line.
#[derive(Debug, Serialize)]
pub struct Missed {
    /// The rule.
    pub rule: &'static str,
    /// What it missed.
    pub why: String,
}

/// A text of lines explained: where it went, and where it stays.
#[derive(Debug, Default, Serialize)]
pub struct TextExplanation {
    /// The text that was asked for.
    pub text: String,
    /// Was it found as it was asked for, and not only with other case, spaces, or digits?
    pub exact: bool,
    /// The removed texts, each with the first documents that lost it.
    pub removed: Vec<RemovedPlaces>,
    /// Lines of it in the output.
    pub lines_that_stay: u64,
    /// Documents that hold those.
    pub documents_that_hold_it: u64,
    /// The first of those.
    pub first_that_hold_it: Vec<NamedDocument>,
    /// Documents that went whole with it, as far as the log holds their texts.
    pub documents_that_went: u64,
    /// The first of those.
    pub first_that_went: Vec<NamedDocument>,
}

/// A removed text with the first documents that lost it.
#[derive(Debug, Serialize)]
pub struct RemovedPlaces {
    /// The text.
    pub entry: RemovedLineText,
    /// The documents.
    pub first: Vec<NamedDocument>,
}
