//! `buddle dedup`.

use clap::Args;

use super::{
    args::{InputArgs, LikenessArgs, MachineArgs, OutputArgs},
    clean::{dry_run, piped, say},
    progress::Progress,
    talk::Talk,
};
use crate::{config::Config, dedup::Preference, model::Result, pipeline};

/// Flags of `dedup`.
///
/// Records that stay are written as they were, to the byte. Reads the input twice, three times with --near or --covered, and once more where a document
/// stays for one before it and the log or a mark names it; streams are spooled. Memory: --memory, some 10 MB a thread, 50 bytes for each document that goes.
#[derive(Debug, Args)]
pub(super) struct DedupArgs {
    #[command(flatten)]
    input: InputArgs,
    #[command(flatten)]
    output: OutputArgs,
    /// What is equal in duplicates: text, url, id or a field, nested by dots; of several all must be [default: text]
    #[arg(long, value_name = "FIELD,…", value_delimiter = ',', help_heading = "Documents")]
    by: Option<Vec<String>>,
    /// Which of duplicates stays: the first, that of most characters, or that of the greatest or least value in a field [default: first]
    #[arg(long, value_name = "first|longest|max:FIELD|min:FIELD", help_heading = "Documents")]
    keep: Option<Preference>,
    /// Differences of URLs that count all the same: scheme, www, port, fragment, tracking, case, idn, host_dot, escapes, dot_segments, empty_path, or all
    #[arg(long, value_name = "NAME,…", value_delimiter = ',', help_heading = "Documents")]
    skip_url_step: Option<Vec<String>>,
    #[command(flatten)]
    likeness: LikenessArgs,
    /// Remove nothing: write every document, with an object `buddle` that says which it is a duplicate of
    #[arg(long, help_heading = "Output")]
    annotate: bool,
    #[command(flatten)]
    machine: MachineArgs,
    /// Say what would be read and written, and stop
    #[arg(short = 'n', long)]
    dry_run: bool,
}

impl DedupArgs {
    /// The configuration: defaults, the file, then the flags.
    fn resolve(&self) -> Result<Config> {
        let mut config = self.input.resolve(None)?;
        self.machine.apply(&mut config);
        self.output.apply(&mut config);
        self.likeness.apply(&mut config);
        let rules = &mut config.dedup;
        if let Some(by) = &self.by {
            rules.by.clone_from(by);
        }
        if let Some(keep) = &self.keep {
            rules.keep.clone_from(keep);
        }
        if let Some(steps) = &self.skip_url_step {
            rules.skip_url_step.clone_from(steps);
        }
        rules.annotate |= self.annotate;
        Ok(config)
    }
}

/// Runs `dedup`; the exit code.
pub(super) fn dedup(args: &DedupArgs, talk: &Talk) -> Result<u8> {
    let mut config = args.resolve()?;
    piped(&mut config)?;
    if args.dry_run {
        return dry_run(&config, talk);
    }
    let run = Progress::watch(args.machine.progress, talk, |progress, stop| pipeline::dedup(&config, progress, stop))?;
    say(&run, talk)
}
