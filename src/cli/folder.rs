//! `buddle explain`, `report`, `restore` and `verify`: what can be done with a washed folder.

use std::{io::Write, path::PathBuf};

use clap::{Args, ValueHint};

use super::talk::Talk;
use crate::{model::Result, pipeline, report, write::AtomicFile};

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
    /// The document's id, as given or as buddle made it (path:position)
    #[arg(long)]
    id: String,
    /// One line of it: its number in the text that `restore` gives, from 1; shows all that the rules saw of it
    #[arg(long, value_name = "N")]
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
    let explanation = pipeline::explain(&args.folder, &args.id, args.line)?;
    let text = if args.json {
        let mut json = serde_json::to_string_pretty(&explanation).map_err(std::io::Error::from)?;
        json.push('\n');
        json
    } else {
        report::explained(&explanation, args.line.is_some())
    };
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
