//! `buddle lines`: distinct lines of plain text.

use std::{
    io::{IsTerminal, Write},
    path::PathBuf,
};

use clap::{Args, ValueEnum, ValueHint};

use super::{args::byte_count, signal, talk::Talk};
use crate::{
    model::{Error, Result},
    pipeline::{DistinctLines, Temporary},
    write::AtomicFile,
};

/// Arguments of `lines`.
///
/// Lines end in LF or CRLF, and are written with LF. Any bytes pass; gzip and zstd are unpacked. Exact: equal hashes are confirmed by the bytes.
#[derive(Debug, Args)]
pub(super) struct LinesArgs {
    /// Files and folders; - (the default) for standard input
    #[arg(value_name = "FILE", value_hint = ValueHint::AnyPath)]
    inputs: Vec<PathBuf>,
    /// Where they go; - (the default) for standard output. The file appears when it is whole, so it may be one that is read
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    output: Option<PathBuf>,
    /// Write how often each stands before it
    #[arg(short, long)]
    count: bool,
    /// Only lines that stand twice or more
    #[arg(short = 'd', long, conflicts_with_all = ["unique", "min_count"])]
    repeated: bool,
    /// Only lines that stand once
    #[arg(short, long, conflicts_with = "min_count")]
    unique: bool,
    /// Only lines that stand so often or more
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    min_count: Option<u64>,
    /// What makes two lines one
    #[arg(long, value_enum, default_value_t)]
    compare: Compare,
    /// Memory for tables and buffers, as 64M or 2G; what has no room goes to temporary files. The output does not depend on it
    #[arg(long, value_name = "BYTES", value_parser = byte_count, default_value = "1G", help_heading = "Machine")]
    memory: u64,
    /// Worker threads; 0: as many as the machine has. The output does not depend on it
    #[arg(short = 'j', long, value_name = "N", default_value_t, help_heading = "Machine")]
    threads: usize,
    /// Folder for temporary files
    #[arg(long, value_name = "FOLDER", value_hint = ValueHint::DirPath, help_heading = "Machine")]
    tmp_dir: Option<PathBuf>,
}

/// What makes two lines one.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Compare {
    /// The same bytes
    #[default]
    Exact,
    /// The same words: case, spaces, addresses, width of letters, and digits of short lines aside
    Folded,
}

/// Runs `lines`; the exit code.
pub(super) fn lines(args: &LinesArgs, talk: &Talk) -> Result<u8> {
    let mut inputs = args.inputs.clone();
    if inputs.is_empty() {
        if std::io::stdin().is_terminal() {
            return Err(Error::usage("no input").hint("name files, or pipe text in"));
        }
        inputs.push("-".into());
    }
    let (least, most) = match (args.repeated, args.unique) {
        (true, _) => (2, u64::MAX),
        (_, true) => (1, 1),
        _ => (args.min_count.unwrap_or(1), u64::MAX),
    };
    let asked = DistinctLines {
        inputs,
        folded: matches!(args.compare, Compare::Folded),
        count: args.count,
        least,
        most,
        threads: args.threads,
        memory: args.memory,
        temporary: Temporary::of(args.tmp_dir.as_deref())?,
    };
    let stop = signal::stop_flag()?;
    let run = match args.output.as_deref().filter(|path| path.as_os_str() != "-") {
        None => asked.write(&mut std::io::stdout().lock(), &stop)?,
        Some(path) => {
            if path.extension().is_some_and(|ending| ["gz", "zst"].iter().any(|known| ending.eq_ignore_ascii_case(known))) {
                return Err(Error::usage("lines are written as they are, not compressed")
                    .at(path.display())
                    .hint("leave --output out and pipe them"));
            }
            let mut out = AtomicFile::create(path)?;
            let run = asked.write(&mut out as &mut dyn Write, &stop)?;
            out.finish()?;
            run
        }
    };
    for problem in &run.problems {
        talk.warning(problem);
    }
    let spilled = if run.spilled > 0 { format!("; {} bytes had no room in memory", run.spilled) } else { String::new() };
    talk.detail(&format!("{} lines, {} bytes; {} distinct; {} written{spilled}", run.lines, run.bytes, run.distinct, run.written));
    Ok(if run.problems.is_empty() { 0 } else { 3 })
}
