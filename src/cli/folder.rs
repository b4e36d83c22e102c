//! `buddle restore` and `buddle verify`: what can be done with a washed folder.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use super::talk::Talk;
use crate::{model::Result, pipeline};

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
