//! What `check` found, in the shapes that people and machines read.
//!
//! One [`Checked`], one renderer a format; each gives bytes that depend on nothing but the input and the rules. Strings from data are made
//! safe by each renderer for its format.

mod baseline;
mod github;
mod json;
mod junit;
mod markdown;
mod rules;
mod sarif;
mod text;
pub(super) mod value;

use std::{collections::BTreeMap, fmt::Write, path::Path};

pub use baseline::Baseline;
pub use rules::rules_text;

use super::{
    figure::{counted, size},
    terminal::printable,
};
use crate::{
    check::{FileSums, Finding, Group, Measure, Place, Scope, SiteSums, Sums, Value},
    model::{Error, Result},
};

/// Findings of files that are shown for each measure; the rest is counted.
const SHOWN_FILES: usize = 10;

/// What a check found.
#[derive(Debug)]
pub struct Checked {
    /// The limits that do not hold, by measure.
    pub findings: Vec<Finding>,
    /// The groups with what was counted of each; the first is that of all files that no pattern fits.
    pub groups: Vec<(Group, Sums)>,
    /// The files of several records.
    pub files: Vec<FileSums>,
    /// Files of several records that are counted with their group only.
    pub more_files: u64,
    /// What was counted of each site.
    pub sites: BTreeMap<String, SiteSums>,
    /// Were languages told?
    pub languages_told: bool,
    /// Names of the sources.
    pub sources: Vec<String>,
    /// Sources that could not be read, or not wholly.
    pub problems: Vec<Error>,
    /// Files that a walk passed over.
    pub skipped: u64,
}

impl Checked {
    /// The whole set: all groups together.
    pub fn set(&self) -> Sums {
        let mut all = Sums::default();
        self.groups.iter().for_each(|(_, sums)| all.merge(sums));
        all
    }

    /// The value of a measure in the whole set, where it was measured.
    pub fn value(&self, set: &Sums, measure: Measure) -> Option<Value> {
        if measure.needs_languages() && !self.languages_told {
            return None;
        }
        if matches!(measure, Measure::UnexpectedDocuments | Measure::UnexpectedLines)
            && self.groups.iter().all(|(group, _)| group.languages.is_empty())
        {
            return None;
        }
        if measure == Measure::SiteFurniture {
            return crate::check::worst_site(&self.sites).map(|(_, value)| value);
        }
        set.value(measure)
    }

    /// Does the gate hold?
    pub fn passes(&self) -> bool {
        !self.findings.iter().any(Finding::fails)
    }

    /// How many findings fail, warn, and are known from the baseline.
    pub fn tally(&self) -> (usize, usize, usize) {
        let known = self.findings.iter().filter(|finding| finding.known).count();
        let fails = self.findings.iter().filter(|finding| finding.fails()).count();
        (fails, self.findings.len() - known - fails, known)
    }

    /// The exit code: 1 where a limit failed, 3 where something could not be read, no rule speaks of it and no baseline knows it.
    pub fn exit_code(&self) -> u8 {
        let is_known = |group: &Group| {
            let scope = group.files.clone().map_or(Scope::Set, Scope::Files);
            self.findings.iter().any(|finding| finding.measure == Measure::Unreadable && finding.known && finding.scope == scope)
        };
        let unread =
            self.groups.iter().any(|(group, sums)| sums.counted(Measure::Unreadable) > 0 && !group.is_set(Measure::Unreadable) && !is_known(group));
        if !self.passes() {
            1
        } else if unread || !self.problems.is_empty() {
            3
        } else {
            0
        }
    }

    /// The name of a source.
    pub fn source(&self, source: u32) -> &str {
        self.sources.get(source as usize).map_or("", String::as_str)
    }

    /// Does a finding of a file say again what one of its group says, which has its places already? Not where a baseline knows the group's
    /// and not the file's.
    pub fn says_again(&self, finding: &Finding) -> bool {
        let Scope::File(name) = &finding.scope else { return false };
        let group = self.files.iter().find(|file| file.name == *name).and_then(|file| self.groups.get(file.group));
        let scope = group.and_then(|(group, _)| group.files.clone()).map_or(Scope::Set, Scope::Files);
        let same = |other: &Finding| {
            other.measure == finding.measure && other.scope == scope && other.broken.level >= finding.broken.level && (finding.known || !other.known)
        };
        self.findings.iter().any(same)
    }

    /// The findings that reports show: of each measure all that are not of single files, and the worst of those; with how many more there are.
    pub fn shown(&self) -> Vec<(&Finding, usize)> {
        let mut shown: Vec<(&Finding, usize)> = Vec::new();
        for group in self.findings.chunk_by(|a, b| a.measure == b.measure) {
            let mut files = 0;
            for finding in group {
                let is_file = matches!(finding.scope, Scope::File(_));
                files += usize::from(is_file);
                if !is_file || files <= SHOWN_FILES {
                    shown.push((finding, 0));
                }
            }
            if let Some(last) = shown.last_mut() {
                last.1 = files.saturating_sub(SHOWN_FILES);
            }
        }
        shown
    }
}

/// The shape of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportFormat {
    /// For people, on a terminal.
    Text,
    /// For programs: `docs/check.schema.json`.
    Json,
    /// JUnit XML.
    Junit,
    /// SARIF 2.1.0.
    Sarif,
    /// Annotations of GitHub Actions.
    Github,
    /// Markdown.
    Markdown,
    /// A page of HTML that stands alone.
    Html,
}

impl ReportFormat {
    /// The shape that a file's ending asks for.
    ///
    /// # Errors
    /// Usage: an ending that asks for none.
    pub fn of_file(path: &Path) -> Result<ReportFormat> {
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_ascii_lowercase();
        Ok(match ending.as_str() {
            "txt" => ReportFormat::Text,
            "json" => ReportFormat::Json,
            "xml" => ReportFormat::Junit,
            "sarif" => ReportFormat::Sarif,
            "md" => ReportFormat::Markdown,
            "html" => ReportFormat::Html,
            _ => {
                let error = Error::usage("the name of the report does not say its shape").at(path.display());
                return Err(error.hint("endings are .txt, .json, .xml (JUnit), .sarif, .md, .html"));
            }
        })
    }

    /// Renders a report.
    ///
    /// # Errors
    /// None but those of the format's own writer.
    pub fn render(self, checked: &Checked) -> Result<Vec<u8>> {
        match self {
            ReportFormat::Text => Ok(text::text(checked).into_bytes()),
            ReportFormat::Json => json::json(checked),
            ReportFormat::Junit => junit::junit(checked),
            ReportFormat::Sarif => sarif::sarif(checked),
            ReportFormat::Github => Ok(github::github(checked).into_bytes()),
            ReportFormat::Html => super::html::check_page(checked),
            ReportFormat::Markdown => Ok(markdown::markdown(checked).into_bytes()),
        }
    }
}

fn head(checked: &Checked, set: &Sums) -> String {
    let mut head = format!(
        "{}, {}, {}, {}",
        counted(set.sources, "file", "files"),
        counted(set.documents, "document", "documents"),
        counted(set.lines, "line", "lines"),
        size(set.bytes)
    );
    if checked.sites.len() > 1 {
        let _ = write!(head, ", {}", counted(checked.sites.len() as u64, "site", "sites"));
    }
    head
}

/// What a finding is of: files, and how many of how many.
fn subject(finding: &Finding) -> String {
    let of = match &finding.scope {
        Scope::Set => "all files".to_owned(),
        Scope::Files(pattern) => format!("files {}", printable(pattern)),
        Scope::File(name) => format!("in {}", printable(name)),
    };
    let subject = if finding.subject.is_empty() { String::new() } else { format!("{}: ", printable(&finding.subject)) };
    format!("{of}: {subject}{}", value::counted(finding.measure, finding.value))
}

/// `file:line`, with the id.
fn location(checked: &Checked, place: &Place) -> String {
    let text_line = place.text_line().map_or(String::new(), |line| format!(", line {line} of its text"));
    let id = if place.id.is_empty() { String::new() } else { format!(" id {}", place.id) };
    printable(&format!("{}:{}{id}{text_line}", checked.source(place.source), place.file_line()))
}

/// What was found there.
fn said(place: &Place) -> String {
    let parts: Vec<&str> = [place.note.as_str(), place.excerpt.trim()].into_iter().filter(|part| !part.is_empty()).collect();
    printable(&parts.join(": "))
}

fn verdict(checked: &Checked) -> String {
    let (fails, warns, known) = checked.tally();
    let known = if known > 0 { format!(", {known} known from the baseline") } else { String::new() };
    match (fails, warns) {
        (0, 0) => format!("passed{known}"),
        (0, _) => format!("passed, with {}{known}", counted(warns as u64, "warning", "warnings")),
        _ => format!(
            "failed: {}, {}{known}",
            counted(fails as u64, "limit does not hold", "limits do not hold"),
            counted(warns as u64, "warning", "warnings")
        ),
    }
}
