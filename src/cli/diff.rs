//! `buddle diff`: two runs compared.

use std::{io::Write, path::PathBuf};

use clap::{Args, ValueEnum, ValueHint};

use crate::{
    model::{Error, Result},
    pipeline::{self, Shown},
    report::diff,
    write::AtomicFile,
};

/// Arguments of `diff`.
///
/// Each is a folder that `clean` wrote, or the report.json of one, of which sums alone are known. Documents of inputs that both runs read are
/// matched by source and position, others by id.
#[derive(Debug, Args)]
pub(super) struct DiffArgs {
    /// The first run: a washed folder, or a report.json
    #[arg(value_name = "BEFORE", value_hint = ValueHint::AnyPath)]
    before: PathBuf,
    /// The second
    #[arg(value_name = "AFTER", value_hint = ValueHint::AnyPath)]
    after: PathBuf,
    /// The form of what is written; by default text, or what the name of --output says
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// Where it goes; - (the default) for standard output. NAME.json, NAME.md and NAME.html have their own forms
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    output: Option<PathBuf>,
    /// Examples of each kind of change
    #[arg(long, value_name = "N", default_value_t = 3)]
    examples: usize,
    /// Sites, and names of inputs of each kind, that are listed
    #[arg(long, value_name = "N", default_value_t = 20)]
    sites: usize,
    /// Exit with 1 where any document or line of the output differs
    #[arg(long)]
    fail_on_change: bool,
}

/// The form of a difference.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// For people at a terminal
    Text,
    /// For programs
    Json,
    /// For comments and summaries of builds
    Markdown,
    /// A page that stands alone
    Html,
}

/// Runs `diff`; the exit code.
pub(super) fn diff(args: &DiffArgs) -> Result<u8> {
    let output = args.output.as_deref().filter(|path| path.as_os_str() != "-");
    let by_name = |ending: &str| match ending.to_ascii_lowercase().as_str() {
        "json" => Some(Format::Json),
        "md" | "markdown" => Some(Format::Markdown),
        "html" | "htm" => Some(Format::Html),
        "txt" | "text" => Some(Format::Text),
        _ => None,
    };
    let named = output.and_then(|path| path.extension()).and_then(|ending| by_name(&ending.to_string_lossy()));
    let format = match (args.format, named, output) {
        (Some(format), ..) | (None, Some(format), _) => format,
        (None, None, None) => Format::Text,
        (None, None, Some(path)) => {
            let error = Error::usage("the name does not say which form this is to have").at(path.display());
            return Err(error.hint("use NAME.txt, NAME.json, NAME.md or NAME.html, or --format"));
        }
    };
    let mut file = output.map(AtomicFile::create).transpose()?;
    let diff = pipeline::diff(&args.before, &args.after, Shown { examples: args.examples, sites: args.sites })?;
    let bytes = match format {
        Format::Text => diff::diff_text(&diff).into_bytes(),
        Format::Json => diff::diff_json(&diff)?,
        Format::Markdown => diff::diff_markdown(&diff).into_bytes(),
        Format::Html => diff::diff_html(&diff)?.into_bytes(),
    };
    match file.take() {
        Some(mut file) => {
            file.write_all(&bytes)?;
            file.finish()?;
        }
        None => std::io::stdout().write_all(&bytes)?,
    }
    Ok(u8::from(args.fail_on_change && diff.changed))
}
