//! The part of the page that says what could not be read, and how to run it again.

use super::{
    super::figures::{number, size},
    Sample, more,
};
use crate::{
    model::Cause,
    report::{FolderReport, Unreadable},
};

/// Inputs and faults that are listed, and characters of the configuration.
const INPUTS: usize = 100;
const PROBLEMS: usize = 50;
const CONFIG_CHARS: usize = 40_000;

/// Records and sources that could not be read.
pub struct UnreadableView<'a> {
    pub causes: Vec<CauseView<'a>>,
    /// Sources, or parts of them.
    pub problems: Vec<Sample>,
    pub problems_more: Option<String>,
    /// Empty sources and files passed over, in words.
    pub notes: Vec<String>,
}

/// A cause with its first records.
pub struct CauseView<'a> {
    pub code: String,
    pub records: String,
    pub hint: &'static str,
    pub examples: &'a [Unreadable],
    pub more: Option<String>,
}

impl<'a> UnreadableView<'a> {
    /// What a folder says of it.
    pub fn of(report: &'a FolderReport) -> UnreadableView<'a> {
        let numbers = &report.numbers;
        let causes = numbers.quarantined.iter().map(|(code, n)| {
            let examples = report.unreadable.get(code).map_or(&[][..], Vec::as_slice);
            CauseView {
                code: code.clone(),
                records: number(*n),
                hint: Cause::ALL.into_iter().find(|cause| cause.code() == code).map_or("", Cause::hint),
                examples,
                more: more(*n, examples.len()),
            }
        });
        let sources = &numbers.sources;
        let mut notes = Vec::new();
        if sources.empty > 0 {
            notes.push(format!("Empty sources, skipped: {}.", number(sources.empty)));
        }
        if sources.skipped > 0 {
            notes.push(format!("Hidden or special files in folders, passed over: {}.", number(sources.skipped)));
        }
        UnreadableView {
            causes: causes.collect(),
            problems: sources.problems.iter().take(PROBLEMS).map(|problem| Sample::new(problem, 400)).collect(),
            problems_more: more(sources.problems.len() as u64, PROBLEMS),
            notes,
        }
    }

    /// Was everything read?
    pub fn is_empty(&self) -> bool {
        self.causes.is_empty() && self.problems.is_empty()
    }
}

/// What the folder was made of and by.
pub struct Folder {
    pub version: Sample,
    pub settings: Sample,
    pub inputs: Vec<InputRow>,
    pub inputs_more: Option<String>,
    /// Files that the manifest vouches for, and their size.
    pub outputs: (String, String),
    pub config: Sample,
}

/// A source.
pub struct InputRow {
    pub path: Sample,
    pub format: Sample,
    pub size: String,
    pub hash: Sample,
}

impl Folder {
    /// From the manifest and the configuration.
    pub fn of(report: &FolderReport) -> Folder {
        let manifest = &report.manifest;
        let inputs = manifest.inputs.iter().take(INPUTS).map(|input| InputRow {
            path: Sample::new(&input.path, 300),
            format: Sample::new(&input.format, 20),
            size: size(input.bytes),
            hash: Sample::new(input.xxh3_128.as_deref().unwrap_or("not all of it was read"), 64),
        });
        Folder {
            version: Sample::new(&manifest.version, 40),
            settings: Sample::new(&manifest.settings, 64),
            inputs: inputs.collect(),
            inputs_more: more(manifest.inputs.len() as u64, INPUTS),
            outputs: (number(manifest.outputs.len() as u64), size(manifest.outputs.iter().map(|file| file.bytes).sum())),
            config: Sample::new(report.config.trim_end(), CONFIG_CHARS),
        }
    }
}
