//! Talk on standard error: errors and warnings as `path:line: what`, then `hint: …`; notes; the summary.
//!
//! As text for people (coloured on a terminal) or one JSON object a line for machines. Control bytes from data reach
//! no terminal; a closed standard error is no error.

use std::{io::IsTerminal, io::Write, time::Instant};

use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use crate::{
    model::{Error, ErrorKind, Result},
    report::{self, Run},
};

/// When something is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum When {
    /// On a terminal
    #[default]
    Auto,
    Always,
    Never,
}

/// The shape of talk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum LogFormat {
    /// Lines for people
    #[default]
    Text,
    /// One JSON object a line
    Json,
}

/// Flags of every command.
#[derive(Clone, Debug, Args)]
pub(super) struct TalkArgs {
    /// No summary, no notes, no progress: warnings and errors only
    #[arg(short, long, global = true, conflicts_with = "verbose", help_heading = "Messages")]
    quiet: bool,
    /// Say when each stage begins, and what was found in each source
    #[arg(short, long, global = true, help_heading = "Messages")]
    verbose: bool,
    /// When messages are coloured (`NO_COLOR` is heeded)
    #[arg(long, value_enum, value_name = "WHEN", default_value_t, global = true, help_heading = "Messages")]
    color: When,
    /// Messages and summary as text or JSON
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t, global = true, help_heading = "Messages")]
    log_format: LogFormat,
}

/// Says things on standard error.
#[derive(Clone, Debug)]
pub(super) struct Talk {
    quiet: bool,
    verbose: bool,
    color: bool,
    format: LogFormat,
    started: Instant,
}

#[derive(Clone, Copy)]
enum Level {
    Error,
    Warning,
    Note,
}

impl Level {
    fn name(self) -> &'static str {
        match self {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Note => "note",
        }
    }

    fn style(self) -> &'static str {
        match self {
            Level::Error => "\x1b[1;31m",
            Level::Warning => "\x1b[1;33m",
            Level::Note => "\x1b[1;36m",
        }
    }
}

const RESET: &str = "\x1b[0m";

impl Talk {
    /// What the flags ask for.
    pub(super) fn new(args: &TalkArgs) -> Talk {
        let plain = std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty()) || std::env::var_os("TERM").is_some_and(|v| v == "dumb");
        let color = match args.color {
            When::Always => true,
            When::Never => false,
            When::Auto => !plain && std::io::stderr().is_terminal(),
        };
        Talk { quiet: args.quiet, verbose: args.verbose, color, format: args.log_format, started: Instant::now() }
    }

    /// Is everything but errors and warnings unwanted?
    pub(super) fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// Are messages for people?
    pub(super) fn is_text(&self) -> bool {
        self.format == LogFormat::Text
    }

    /// An error that ends the run.
    pub(super) fn error(&self, error: &Error) {
        if !matches!(error.kind(), ErrorKind::ClosedPipe) {
            self.fault(Level::Error, error);
        }
    }

    /// Something that could not be read.
    pub(super) fn warning(&self, error: &Error) {
        self.fault(Level::Warning, error);
    }

    /// A word by the way.
    pub(super) fn note(&self, text: &str) {
        if !self.quiet {
            self.word(text, json!({}));
        }
    }

    /// A word for those who asked for many, with the seconds since the start.
    pub(super) fn detail(&self, text: &str) {
        if self.verbose {
            let seconds = self.started.elapsed().as_secs_f64();
            match self.format {
                LogFormat::Text => self.word(&format!("{seconds:7.2} s  {text}"), json!({})),
                LogFormat::Json => self.word(text, json!({"seconds": (seconds * 1e3).round() / 1e3})),
            }
        }
    }

    /// What came of a run: a summary for people, the report for machines.
    ///
    /// # Errors
    /// Where the report cannot be written as JSON.
    pub(super) fn summary(&self, run: &Run) -> Result<()> {
        let report = || Ok(serde_json::from_slice(&report::json(run)?).map_err(std::io::Error::from)?);
        self.done(&report::summary(run), report)
    }

    /// The same of a run of another kind.
    ///
    /// # Errors
    /// Those of `report`.
    pub(super) fn done(&self, summary: &str, report: impl FnOnce() -> Result<Value>) -> Result<()> {
        if self.quiet {
            return Ok(());
        }
        match self.format {
            LogFormat::Text => say(summary.as_bytes()),
            LogFormat::Json => self.object(json!({"level": Level::Note.name(), "message": "done", "report": report()?})),
        }
        Ok(())
    }

    fn word(&self, text: &str, more: Value) {
        match self.format {
            LogFormat::Text => say(format!("{}\n", printable(text)).as_bytes()),
            LogFormat::Json => {
                let mut object = json!({"level": Level::Note.name(), "message": text});
                if let (Some(object), Value::Object(more)) = (object.as_object_mut(), more) {
                    object.extend(more);
                }
                self.object(object);
            }
        }
    }

    fn fault(&self, level: Level, error: &Error) {
        if self.format == LogFormat::Json {
            return self.object(json!({
                "level": level.name(), "message": error.what(), "path": error.path(), "line": error.line_number(), "hint": error.hint_text(),
            }));
        }
        let styled = |style: &str, word: &str| if self.color { format!("{style}{word}{RESET}") } else { word.to_owned() };
        let mut out = format!("{}: {}\n", styled(level.style(), level.name()), printable(&error.to_string()));
        if let Some(hint) = error.hint_text() {
            out.push_str(&format!("{}: {}\n", styled(Level::Note.style(), "hint"), printable(hint)));
        }
        say(out.as_bytes());
    }

    fn object(&self, object: Value) {
        say(format!("{object}\n").as_bytes());
    }
}

/// Without control bytes.
fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

/// One write a message, so that those of other processes do not cut it in two.
fn say(bytes: &[u8]) {
    // Nobody may be reading; the work is done all the same.
    let _ = std::io::stderr().write_all(bytes);
}
