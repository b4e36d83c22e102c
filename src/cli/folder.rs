//! `buddle explain`, `report`, `restore` and `verify`: what can be done with a washed folder.

use std::{io::Write, path::PathBuf};

use clap::{Args, ValueHint};
use serde::Serialize;

use super::talk::Talk;
use crate::{
    model::Result,
    pipeline::{self, Asked},
    report,
    write::AtomicFile,
};

/// Flags of `restore`.
#[derive(Debug, Args)]
pub(super) struct RestoreArgs {
    /// A folder that `clean` wrote
    #[arg(value_name = "FOLDER", value_hint = ValueHint::DirPath)]
    folder: PathBuf,
    /// Folder, NAME.jsonl, NAME.jsonl.gz, NAME.jsonl.zst, or - (the default) for standard output
    #[arg(short, long, value_hint = ValueHint::AnyPath)]
    output: Option<PathBuf>,
    /// Replace an output folder of an earlier run
    #[arg(long)]
    overwrite: bool,
}

/// Flags of `verify`.
#[derive(Debug, Args)]
pub(super) struct VerifyArgs {
    /// A folder that `clean` wrote
    #[arg(value_name = "FOLDER", value_hint = ValueHint::DirPath)]
    folder: PathBuf,
}

/// Flags of `explain`.
#[derive(Debug, Args)]
pub(super) struct ExplainArgs {
    /// A folder that `clean` wrote
    #[arg(value_name = "FOLDER", value_hint = ValueHint::DirPath)]
    folder: PathBuf,
    /// The document's id, as given or as buddle made it (path:position); of several the first is meant
    #[arg(long, required_unless_present_any = ["source", "text"], conflicts_with_all = ["source", "text"])]
    id: Option<String>,
    /// Instead of an id: the file that holds the record, as it was named to `clean`
    #[arg(long, value_name = "FILE", conflicts_with = "text")]
    source: Option<String>,
    /// The record's number in that file, from 1
    #[arg(long, value_name = "N", default_value_t = 1, conflicts_with_all = ["id", "text"])]
    position: u64,
    /// Instead of a document: a line, whole; says how often it went, why, and where it stays
    #[arg(long, value_name = "LINE")]
    text: Option<String>,
    /// One line of it: its number in the text that `restore` gives, from 1; shows all that the rules saw of it
    #[arg(long, value_name = "N", conflicts_with = "text")]
    line: Option<u64>,
    /// The explanation as JSON
    #[arg(long)]
    json: bool,
}

/// Flags of `report`.
#[derive(Debug, Args)]
pub(super) struct ReportArgs {
    /// A folder that `clean` wrote
    #[arg(value_name = "FOLDER", value_hint = ValueHint::DirPath)]
    folder: PathBuf,
    /// Where the page goes; - (the default) for standard output
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    output: Option<PathBuf>,
}

/// Runs `report`; the exit code.
pub(super) fn report_page(args: &ReportArgs) -> Result<u8> {
    let page = report::html::folder_page(&pipeline::folder_report(&args.folder)?)?;
    match args.output.as_deref().filter(|path| path.as_os_str() != "-") {
        None => std::io::stdout().write_all(page.as_bytes())?,
        Some(path) => {
            let mut out = AtomicFile::create(path)?;
            out.write_all(page.as_bytes())?;
            out.finish()?;
        }
    }
    Ok(0)
}

/// Runs `explain`; the exit code.
pub(super) fn explain(args: &ExplainArgs) -> Result<u8> {
    let asked = match (&args.text, &args.source) {
        (Some(text), _) => {
            let explanation = pipeline::explain_text(&args.folder, text)?;
            return shown(args.json, &explanation, || report::explained_text(&explanation));
        }
        (None, Some(source)) => Asked::Place { source, position: args.position },
        (None, None) => Asked::Id(args.id.as_deref().unwrap_or_default()),
    };
    let explanation = pipeline::explain(&args.folder, asked, args.line)?;
    shown(args.json, &explanation, || report::explained(&explanation, args.line.is_some()))
}

/// Writes an explanation in words, or as JSON.
fn shown(json: bool, explanation: &impl Serialize, words: impl FnOnce() -> String) -> Result<u8> {
    let text = if json { serde_json::to_string_pretty(explanation).map_err(std::io::Error::from)? + "\n" } else { words() };
    std::io::stdout().write_all(text.as_bytes())?;
    Ok(0)
}

/// Runs `restore`; the exit code.
pub(super) fn restore(args: &RestoreArgs, talk: &Talk) -> Result<u8> {
    let rows = pipeline::restore(&args.folder, args.output.as_deref(), args.overwrite)?;
    talk.note(&format!("restored {rows} records"));
    Ok(0)
}

/// Runs `verify`; the exit code.
pub(super) fn verify(args: &VerifyArgs, talk: &Talk) -> Result<u8> {
    let verified = pipeline::verify(&args.folder)?;
    for fault in &verified.faults {
        talk.warning(fault);
    }
    talk.note(&format!("{} files, {} bytes hold; {} do not", verified.files, verified.bytes, verified.faults.len()));
    Ok(if verified.faults.is_empty() { 0 } else { 4 })
}
