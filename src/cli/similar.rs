//! `buddle similar`.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use super::{
    args::{InputArgs, MachineArgs, SimilarityArgs},
    clean::{piped, say_read},
    progress::Progress,
    talk::Talk,
};
use crate::{
    config::Config,
    model::Result,
    pipeline::{self, Similar},
};

/// Flags of `similar`.
///
/// Without --against and --index all pairs of the input are found. Text is compared whole, as it was decoded. Reads the input once. Memory: --memory, some 10 MB a thread, 200 bytes a document
/// and the bands that several documents share.
#[derive(Debug, Args)]
pub(super) struct SimilarArgs {
    #[command(flatten)]
    input: InputArgs,
    /// Only pairs of a document of the input and one of this file or folder; may stand several times
    #[arg(long, value_name = "OTHER", value_hint = ValueHint::AnyPath, help_heading = "Pairs")]
    against: Vec<PathBuf>,
    /// Only pairs of a document of the input and one of this index, or of this folder that was washed with --near
    #[arg(long, value_name = "INDEX", value_hint = ValueHint::DirPath, help_heading = "Pairs")]
    index: Option<PathBuf>,
    /// For each document the so many most similar, the most similar first, however alike where no --near-threshold is given; needs --against or --index. 10 for one plain text on standard input and
    /// --index, where neither is given. The time is the product of both sides
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..), help_heading = "Pairs")]
    nearest: Option<u32>,
    /// Others that a document is listed with at most, the most similar of them
    #[arg(long, value_name = "N", default_value_t = 32, value_parser = clap::value_parser!(u32).range(1..), help_heading = "Pairs")]
    most: u32,
    /// Say in which words the two differ
    #[arg(long, help_heading = "Pairs")]
    differences: bool,
    #[command(flatten)]
    similarity: SimilarityArgs,
    /// NAME.jsonl, NAME.jsonl.gz, NAME.jsonl.zst, or - (the default) for standard output
    #[arg(short, long, value_hint = ValueHint::FilePath)]
    output: Option<PathBuf>,
    #[command(flatten)]
    machine: MachineArgs,
}

impl SimilarArgs {
    /// The configuration: defaults, the file, then the flags. Index and output are what flags say alone: those of a file are a run's that washes.
    fn resolve(&self) -> Result<Config> {
        let mut config = self.input.resolve(None)?;
        self.machine.apply(&mut config);
        self.similarity.apply(&mut config);
        config.index.clone_from(&self.index);
        config.output.clone_from(&self.output);
        Ok(config)
    }
}

/// Runs `similar`; the exit code.
pub(super) fn similar(args: &SimilarArgs, talk: &Talk) -> Result<u8> {
    let mut config = args.resolve()?;
    piped(&mut config)?;
    let asked = Similar {
        against: args.against.clone(),
        nearest: args.nearest,
        threshold: args.similarity.near_threshold.is_some(),
        most: args.most,
        differences: args.differences,
    };
    let run = Progress::watch(args.machine.progress, talk, |progress, stop| pipeline::similar(&config, &asked, progress, stop))?;
    let code = say_read(&run.problems, (&run.faults, run.figures.quarantined), &run.sources, talk);
    talk.done(&run.summary(), || run.json())?;
    Ok(code)
}
