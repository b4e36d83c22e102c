//! `buddle check`: a gate for CI, commit hooks and people.

use std::{
    io::{IsTerminal, Write},
    path::{Path, PathBuf},
};

use clap::{Args, ValueEnum, ValueHint};

use super::{
    args::{InputArgs, MachineArgs},
    progress::Progress,
    talk::Talk,
};
use crate::{
    config::LangidEngine,
    model::{Error, Result},
    pipeline,
    report::{self, Baseline, Checked, ReportFormat},
    write::AtomicFile,
};

/// Rules in the working folder that hold where no file is named.
const RULES_FILE: &str = "buddle.toml";

/// Flags of `check`.
///
/// Reads the input twice and writes nothing but reports. Rules stand in the table `[checks]` of the configuration file; without one, of
/// buddle.toml in the working folder; without that, the limits that --list-rules shows hold. Exit code: 0 where all limits hold, 1 where one
/// fails, 3 where something could not be read.
#[derive(Debug, Args)]
pub(super) struct CheckArgs {
    #[command(flatten)]
    input: InputArgs,
    /// Shape of the report on standard output
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t, help_heading = "Report")]
    format: Format,
    /// File for a report too, its shape by its ending: .txt, .json, .xml (JUnit), .sarif, .md, .html; may stand several times
    #[arg(long = "report", value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Report")]
    reports: Vec<PathBuf>,
    /// Examples of each finding
    #[arg(long, value_name = "N", default_value_t = 10, help_heading = "Report")]
    examples: usize,
    /// Let pass what is no worse than in this report (JSON) of an earlier check
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Rules")]
    baseline: Option<PathBuf>,
    /// How much worse is no worse: of shares so much, of counts this share of them
    #[arg(long, value_name = "SHARE", default_value_t = 0.0, value_parser = tolerance, requires = "baseline", help_heading = "Rules")]
    tolerance: f64,
    /// Write the report (JSON) that later checks take as their baseline; the exit code is 0 then, whatever limits say, or 3 where a file could not be read
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with = "baseline", help_heading = "Rules")]
    write_baseline: Option<PathBuf>,
    /// Languages that are expected; others are findings
    #[arg(long, value_name = "TAG,…", value_delimiter = ',', help_heading = "Rules")]
    languages: Option<Vec<String>>,
    /// Write every rule with its unit, its limits and what it means
    #[arg(long, help_heading = "Rules")]
    list_rules: bool,
    /// Engine that tells the language of lines; none: languages and captions are not measured [default: builtin]
    #[arg(long, value_name = "builtin|whatlang|fasttext:FILE|none", help_heading = "Input")]
    langid: Option<LangidEngine>,
    /// What earlier crawls held, an index or a washed folder: their lines count too. Of a file of lines (index/lines.idx) they count instead of the input's
    #[arg(long, value_name = "INDEX", value_hint = ValueHint::AnyPath, help_heading = "Earlier crawls")]
    index: Option<PathBuf>,
    #[command(flatten)]
    machine: MachineArgs,
}

/// The shape of a report.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Format {
    /// For people, 80 columns wide
    #[default]
    Text,
    /// For programs, and as a baseline
    Json,
    /// For the test views of CI systems
    Junit,
    /// For code scanning (SARIF 2.1.0)
    Sarif,
    /// Annotations of GitHub Actions; its step summary too, where there is one
    Github,
    /// For comments and job summaries
    Markdown,
    /// A page that stands alone
    Html,
}

impl From<Format> for ReportFormat {
    fn from(format: Format) -> ReportFormat {
        match format {
            Format::Text => ReportFormat::Text,
            Format::Json => ReportFormat::Json,
            Format::Junit => ReportFormat::Junit,
            Format::Sarif => ReportFormat::Sarif,
            Format::Github => ReportFormat::Github,
            Format::Markdown => ReportFormat::Markdown,
            Format::Html => ReportFormat::Html,
        }
    }
}

fn tolerance(text: &str) -> std::result::Result<f64, String> {
    match text.parse::<f64>() {
        Ok(share) if (0.0..=1.0).contains(&share) => Ok(share),
        _ => Err("a tolerance is a share from 0 to 1".to_owned()),
    }
}

/// Runs `check`; the exit code.
pub(super) fn check(args: &CheckArgs, talk: &Talk) -> Result<u8> {
    let fallback = Path::new(RULES_FILE);
    let found = args.input.config.is_none() && fallback.is_file();
    let mut config = args.input.resolve(found.then_some(fallback))?;
    args.machine.apply(&mut config);
    if let Some(engine) = &args.langid {
        config.langid = engine.clone();
    }
    if args.index.is_some() {
        config.index.clone_from(&args.index);
    }
    if let Some(languages) = &args.languages {
        config.checks.languages.clone_from(languages);
    }
    if found {
        talk.detail(&format!("rules of {RULES_FILE}"));
    }
    if args.list_rules {
        return print(report::rules_text(&config.checks.resolve()?).as_bytes());
    }
    if config.inputs.is_empty() {
        if std::io::stdin().is_terminal() {
            return Err(Error::usage("no input").hint("name files or folders, or pipe text in"));
        }
        config.inputs.push("-".into());
    }
    let baseline = args.baseline.as_deref().map(read_baseline).transpose()?;
    // Before the work, so that a bad name fails at once.
    let mut reports = args.reports.iter().map(|path| Ok((ReportFormat::of_file(path)?, AtomicFile::create(path)?))).collect::<Result<Vec<_>>>()?;
    if let Some(path) = &args.write_baseline {
        reports.push((ReportFormat::Json, AtomicFile::create(path)?));
    }
    let checked = Progress::watch(args.machine.progress, talk, |progress, stop| pipeline::check(&config, args.examples, progress, stop));
    let mut checked = checked?;
    if let Some(baseline) = &baseline {
        baseline.mark_known(&mut checked, args.tolerance);
    }
    for problem in &checked.problems {
        talk.warning(problem);
    }
    for (format, mut file) in reports {
        file.write_all(&format.render(&checked)?)?;
        file.finish()?;
    }
    if matches!(args.format, Format::Github) {
        step_summary(&checked)?;
    }
    print(&ReportFormat::from(args.format).render(&checked)?)?;
    Ok(match checked.exit_code() {
        // Whatever limits say is what the baseline is to know.
        _ if args.write_baseline.is_some() => {
            if checked.problems.is_empty() {
                0
            } else {
                3
            }
        }
        code => code,
    })
}

fn read_baseline(path: &Path) -> Result<Baseline> {
    let bytes = std::fs::read(path).map_err(|e| Error::usage(format!("the baseline cannot be read: {e}")).at(path.display()))?;
    Baseline::parse(&bytes).map_err(|e| e.at(path.display()))
}

/// Adds to the page that GitHub shows of a job.
fn step_summary(checked: &Checked) -> Result<()> {
    let Some(path) = std::env::var_os("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty()) else { return Ok(()) };
    let path = PathBuf::from(path);
    let mut file = std::fs::OpenOptions::new().append(true).create(true).open(&path).map_err(|e| Error::from(e).at(path.display()))?;
    file.write_all(&ReportFormat::Markdown.render(checked)?).map_err(|e| Error::from(e).at(path.display()))
}

fn print(bytes: &[u8]) -> Result<u8> {
    match std::io::stdout().lock().write_all(bytes) {
        Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => Err(Error::from(e).at("standard output")),
        _ => Ok(0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_is_listed() {
        let text = report::rules_text(&crate::check::Rules::default().resolve().unwrap_or_default());
        use crate::check::Measure;
        assert!(Measure::ALL.iter().all(|measure| text.contains(measure.name())));
    }
}
