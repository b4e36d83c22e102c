//! What two runs differ in, as data: what `buddle diff` gathers and the renderers beside this file show.
//!
//! Whatever became of a document or a line is named by one code: that of the reason, of the cause, or one of the three words
//! [`STAYS`], [`ABSENT`] and [`UNKNOWN`]. Nothing here depends on time, threads or the order of a hash table. Lists that
//! hang on the data are cut, and say how much is not listed.

mod markdown;
mod page;
mod sections;
mod text;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::json::pretty;
use crate::model::Result;

pub use markdown::diff_markdown;
pub use page::diff_html;
pub(super) use sections::plain_id;
pub use text::diff_text;

/// Version of the shape of the JSON.
pub const SCHEMA: u32 = 1;
/// The code of what is in the output.
pub const STAYS: &str = "stays";
/// The code of a document that the input does not hold.
pub const ABSENT: &str = "absent";
/// The code of what went for a reason that the folder does not hold.
pub const UNKNOWN: &str = "unknown";

/// Two runs compared: `before` is what was named first.
#[derive(Debug, Serialize)]
pub struct Diff {
    /// Version of this shape.
    pub schema: u32,
    /// What was named first.
    pub before: Side,
    /// What was named second.
    pub after: Side,
    /// Does anything differ in the output?
    pub changed: bool,
    /// Settings that differ and that the output depends on.
    pub settings: Vec<SettingChange>,
    /// Keys of settings that differ and that the output does not depend on.
    pub machine_settings: Vec<String>,
    /// Do the weights of the judgement differ? None where they are not known.
    pub weights_differ: Option<bool>,
    /// What was read; none where a report alone is known of a side.
    pub inputs: Option<Inputs>,
    /// Sums of both reports.
    pub figures: Figures,
    /// Documents and lines; none where a report alone is known of a side.
    pub content: Option<Content>,
    /// What could not be told, and why.
    pub untold: Vec<String>,
}

/// One of the two runs.
#[derive(Debug, Serialize)]
pub struct Side {
    /// The folder or file as it was named.
    pub name: String,
    /// The version that wrote it; none for a report.
    pub version: Option<String>,
    /// What its removed log holds: `full`, `ids`, `none`; none for a report.
    pub removed: Option<String>,
}

/// A setting that differs.
#[derive(Debug, Serialize)]
pub struct SettingChange {
    /// Its key.
    pub key: String,
    /// Its value as TOML; none where it was not set.
    pub before: Option<String>,
    /// The same of the second run.
    pub after: Option<String>,
}

/// What the two runs read.
#[derive(Debug, Default, Serialize)]
pub struct Inputs {
    /// Inputs of the same name and bytes.
    pub same: u64,
    /// Inputs of the same bytes under another name: both names.
    pub renamed: Listed<(String, String)>,
    /// Names that stand for other bytes now, or whose bytes could not all be read.
    pub changed: Listed<String>,
    /// Inputs that only the second run read.
    pub added: Listed<String>,
    /// Inputs that only the first run read.
    pub gone: Listed<String>,
}

/// A list that may be cut.
#[derive(Debug, Serialize)]
pub struct Listed<T> {
    /// How many there are.
    pub count: u64,
    /// The first of them.
    pub first: Vec<T>,
}

impl<T> Default for Listed<T> {
    fn default() -> Self {
        Listed { count: 0, first: Vec::new() }
    }
}

impl<T> Listed<T> {
    /// Counts one more, and lists it if there are not `most` yet.
    pub fn push(&mut self, most: usize, item: impl FnOnce() -> T) {
        self.count += 1;
        if self.first.len() < most {
            self.first.push(item());
        }
    }
}

/// A number of both runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Pair {
    /// Of the first.
    pub before: u64,
    /// Of the second.
    pub after: u64,
}

impl Pair {
    /// Do they differ?
    pub fn differs(self) -> bool {
        self.before != self.after
    }

    /// The second less the first.
    pub fn change(self) -> i128 {
        i128::from(self.after) - i128::from(self.before)
    }
}

/// Documents, lines and characters of both runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SumPair {
    /// Documents.
    pub documents: Pair,
    /// Lines.
    pub lines: Pair,
    /// Characters.
    pub chars: Pair,
}

/// Sums of both reports.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub struct Figures {
    /// Records read.
    pub records: Pair,
    /// What came in.
    pub input: SumPair,
    /// What is written as clean text.
    pub output: SumPair,
    /// Documents that went whole, by reason.
    pub removed_documents: BTreeMap<String, SumPair>,
    /// Lines that went from documents that stay, by reason.
    pub removed_lines: BTreeMap<String, SumPair>,
    /// Records that could not be read, by cause.
    pub quarantined: BTreeMap<String, Pair>,
    /// Documents that stay, by language.
    pub document_languages: BTreeMap<String, Pair>,
    /// Changes of each normalisation.
    pub normalized: BTreeMap<String, Pair>,
}

/// The sums of one report as they are read back.
#[derive(Debug, Default, Deserialize)]
pub struct ReportSums {
    /// Version of its shape.
    pub schema: u32,
    records: u64,
    input: Sums,
    output: Sums,
    removed_lines: BTreeMap<String, Sums>,
    removed_documents: BTreeMap<String, Sums>,
    #[serde(default)]
    quarantined: BTreeMap<String, u64>,
    #[serde(default)]
    document_languages: BTreeMap<String, u64>,
    #[serde(default)]
    normalized: BTreeMap<String, u64>,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
struct Sums {
    documents: u64,
    lines: u64,
    chars: u64,
}

impl Figures {
    /// The sums of two reports side by side.
    pub fn of(before: &ReportSums, after: &ReportSums) -> Figures {
        let sums = |a: &Sums, b: &Sums| SumPair {
            documents: Pair { before: a.documents, after: b.documents },
            lines: Pair { before: a.lines, after: b.lines },
            chars: Pair { before: a.chars, after: b.chars },
        };
        let none = Sums::default();
        let by_reason = |a: &BTreeMap<String, Sums>, b: &BTreeMap<String, Sums>| {
            a.keys().chain(b.keys()).map(|key| (key.clone(), sums(a.get(key).unwrap_or(&none), b.get(key).unwrap_or(&none)))).collect()
        };
        let counts = |a: &BTreeMap<String, u64>, b: &BTreeMap<String, u64>| {
            let of = |map: &BTreeMap<String, u64>, key: &String| map.get(key).copied().unwrap_or(0);
            a.keys().chain(b.keys()).map(|key| (key.clone(), Pair { before: of(a, key), after: of(b, key) })).collect()
        };
        Figures {
            records: Pair { before: before.records, after: after.records },
            input: sums(&before.input, &after.input),
            output: sums(&before.output, &after.output),
            removed_documents: by_reason(&before.removed_documents, &after.removed_documents),
            removed_lines: by_reason(&before.removed_lines, &after.removed_lines),
            quarantined: counts(&before.quarantined, &after.quarantined),
            document_languages: counts(&before.document_languages, &after.document_languages),
            normalized: counts(&before.normalized, &after.normalized),
        }
    }

    /// Does what came out, or what went, differ?
    pub fn output_differs(&self) -> bool {
        let differs = |sums: &SumPair| sums.documents.differs() || sums.lines.differs() || sums.chars.differs();
        differs(&self.output)
            || self.removed_documents.values().chain(self.removed_lines.values()).any(differs)
            || self.quarantined.values().any(|pair| pair.differs())
    }
}

/// What became of documents and lines.
#[derive(Debug, Default, Serialize)]
pub struct Content {
    /// How documents were matched.
    pub matched: Matched,
    /// Documents that something else became of.
    pub documents: Vec<DocumentChange>,
    /// Lines of documents that stay in both that something else became of.
    pub lines: Vec<LineChange>,
    /// Lines that went or came with their document.
    pub lines_with_documents: Vec<LineSum>,
    /// Documents that stay in both and lose the same lines, but whose text came out otherwise (normalised or decoded otherwise).
    pub other_output: DocumentExamples,
    /// Documents that stay in both under one id whose text was another before: compared as documents alone.
    pub other_text: DocumentExamples,
    /// Documents that went in both runs, for a reason that one of the folders does not hold.
    pub documents_unknown: u64,
    /// Documents that stay in both whose lines could not be compared, since a removed log holds none.
    pub lines_unknown: u64,
    /// Sites with a change, those with most first.
    pub sites: Listed<SiteChange>,
}

/// How documents were matched.
#[derive(Debug, Default, Serialize)]
pub struct Matched {
    /// Documents of inputs that both runs read, by source and position.
    pub by_place: u64,
    /// Documents of other inputs that have one id, by the id and how often it stood before.
    pub by_id: u64,
    /// Of those, documents whose id stands more than once on a side.
    pub by_repeated_id: u64,
    /// Documents that only the first run read.
    pub only_before: u64,
    /// Documents that only the second run read.
    pub only_after: u64,
}

/// Documents with a few of them shown.
#[derive(Debug, Default, Serialize)]
pub struct DocumentExamples {
    /// How many there are.
    pub documents: u64,
    /// The first of them.
    pub examples: Vec<DocumentExample>,
}

/// Documents that something else became of.
#[derive(Debug, Serialize)]
pub struct DocumentChange {
    /// What became of them in the first run.
    pub from: String,
    /// In the second.
    pub to: String,
    /// How many there are.
    pub documents: u64,
    /// The first of them.
    pub examples: Vec<DocumentExample>,
}

/// A document that is shown.
#[derive(Clone, Debug, Serialize)]
pub struct DocumentExample {
    /// Its id as raw JSON; none for a record that could not be read.
    pub id: Option<Box<RawValue>>,
    /// Its source.
    pub source: String,
    /// Its number there.
    pub position: u64,
    /// The head of its text, where the folders hold it.
    pub text: Option<String>,
    /// The document that stays in its place, of the second run, else of the first.
    pub kept: Option<String>,
}

/// Lines that something else became of.
#[derive(Debug, Serialize)]
pub struct LineChange {
    /// What became of them in the first run.
    pub from: String,
    /// In the second.
    pub to: String,
    /// How many there are.
    pub lines: u64,
    /// Their distinct texts.
    pub texts: u64,
    /// Those texts of which most are, those first.
    pub examples: Vec<LineExample>,
}

/// A text of lines that something else became of.
#[derive(Clone, Debug, Serialize)]
pub struct LineExample {
    /// How many such lines there are.
    pub lines: u64,
    /// The head of the text, where a removed log holds it.
    pub text: Option<String>,
    /// Its language, where a removed log has it.
    pub lang: Option<String>,
    /// The first of its documents: the id as raw JSON.
    pub id: Option<Box<RawValue>>,
    /// Its source.
    pub source: String,
    /// Its number there.
    pub position: u64,
    /// The line's number in the decoded text of that document.
    pub line: u64,
}

/// Lines whose document went or came.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct LineSum {
    /// What became of them in the first run.
    pub from: String,
    /// In the second.
    pub to: String,
    /// How many there are.
    pub lines: u64,
}

/// What changed at a site.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SiteChange {
    /// The site; empty for documents without one.
    pub site: String,
    /// Documents in the output.
    pub documents: Pair,
    /// Their lines.
    pub lines: Pair,
    /// Documents that stayed and go, or are no longer there.
    pub documents_gone: u64,
    /// Documents that went, or were not there, and stay.
    pub documents_come: u64,
    /// Lines of documents that stay in both that stayed and go.
    pub lines_gone: u64,
    /// Lines of such documents that went and stay.
    pub lines_come: u64,
    /// Lines of such documents that go for another reason.
    pub lines_moved: u64,
    /// Documents whose text came out otherwise, or was another.
    pub texts: u64,
}

impl SiteChange {
    /// How much changed.
    pub fn weight(&self) -> u64 {
        self.documents_gone + self.documents_come + self.lines_gone + self.lines_come + self.lines_moved + self.texts
    }
}

/// The difference as JSON.
///
/// # Errors
/// None but those of JSON.
pub fn diff_json(diff: &Diff) -> Result<Vec<u8>> {
    pretty(diff)
}
