//! Messages on standard error: `path:line: what`, then `hint: …`. Control bytes from data are escaped where errors
//! are made; a closed standard error is no error.

use std::io::Write;

use crate::model::{Error, ErrorKind};

/// An error that ends the run.
pub(super) fn error(error: &Error) {
    if !matches!(error.kind(), ErrorKind::ClosedPipe) {
        say("error", error);
    }
}

/// Something that could not be read.
pub(super) fn warning(error: &Error) {
    say("warning", error);
}

/// A word by the way.
pub(super) fn note(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

fn say(level: &str, error: &Error) {
    let text: String = error.to_string().chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    let mut out = format!("{level}: {text}\n");
    if let Some(hint) = error.hint_text() {
        out.push_str(&format!("hint: {hint}\n"));
    }
    let _ = std::io::stderr().write_all(out.as_bytes());
}
