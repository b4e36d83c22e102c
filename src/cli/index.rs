//! `buddle index`: what earlier crawls held, for new ones to be washed against.

use std::{io::Write, path::PathBuf};

use clap::{Args, Subcommand, ValueHint};

use super::{
    args::CleanArgs,
    progress::Progress,
    talk::{Talk, When},
};
use crate::{
    model::{Error, Result},
    pipeline,
};

/// What is done with an index.
#[derive(Debug, Subcommand)]
pub(super) enum IndexCommand {
    /// Build the index of a crawl: its documents and its lines, as `clean` with the same options sees them
    Build(Box<CleanArgs>),
    /// Merge indexes, or those of washed folders, in their order
    Merge(MergeArgs),
    /// Say what an index holds, as JSON
    Info(OneArgs),
    /// Look at every page of an index
    Check(OneArgs),
}

/// Flags of `index merge`.
#[derive(Debug, Args)]
pub(super) struct MergeArgs {
    /// Index folders or washed folders
    #[arg(value_name = "INDEX", required = true, value_hint = ValueHint::DirPath)]
    indexes: Vec<PathBuf>,
    /// Folder of the new index
    #[arg(short, long, value_name = "FOLDER", value_hint = ValueHint::DirPath)]
    output: PathBuf,
    /// Replace an index that is there
    #[arg(long)]
    overwrite: bool,
}

/// Flags of `index info` and `index check`.
#[derive(Debug, Args)]
pub(super) struct OneArgs {
    /// An index folder or a washed folder
    #[arg(value_name = "INDEX", value_hint = ValueHint::DirPath)]
    index: PathBuf,
}

/// Runs `index`; the exit code.
pub(super) fn index(command: &IndexCommand, talk: &Talk) -> Result<u8> {
    match command {
        IndexCommand::Build(args) => build(args, talk),
        IndexCommand::Merge(args) => {
            let merge = |_: &Progress<'_>, stop: &pipeline::StopFlag| pipeline::merge_indexes(&args.indexes, &args.output, args.overwrite, stop);
            let merged = Progress::watch(When::Never, talk, merge)?;
            talk.note(&format!("wrote  {}", args.output.display().to_string().escape_debug()));
            talk.note(&merged.to_string());
            Ok(0)
        }
        IndexCommand::Info(args) => {
            let facts = pipeline::index_facts(&args.index)?;
            let mut text = serde_json::to_vec_pretty(&facts).map_err(|e| Error::usage(e.to_string()))?;
            text.push(b'\n');
            std::io::stdout().write_all(&text).map_err(Error::from)?;
            Ok(0)
        }
        IndexCommand::Check(args) => {
            pipeline::check_index(&args.index)?;
            talk.note(&format!("every page of {} is as it was written", args.index.display().to_string().escape_debug()));
            Ok(0)
        }
    }
}

fn build(args: &CleanArgs, talk: &Talk) -> Result<u8> {
    let mut config = args.resolve()?;
    if config.inputs.is_empty() {
        config.inputs.push("-".into());
    }
    let Some(output) = config.output.take() else {
        return Err(Error::usage("no folder for the index is named").hint("-o FOLDER"));
    };
    let run = Progress::watch(args.machine.progress, talk, |progress, stop| pipeline::build_index(&config, &output, progress, stop))?;
    run.problems.iter().for_each(|problem| talk.warning(problem));
    let unread = run.counts.quarantined_records();
    if unread > 0 {
        talk.note(&format!("{unread} records could not be read; `buddle clean` says which"));
    }
    talk.note(&format!(
        "{} documents of {} are in the index {}",
        run.counts.output.documents,
        run.counts.input.documents,
        output.display().to_string().escape_debug()
    ));
    Ok(if unread > 0 || !run.problems.is_empty() { 3 } else { 0 })
}
