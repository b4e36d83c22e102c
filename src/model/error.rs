//! The one error type: what happened, where, and which option helps.

use std::{fmt, io};

/// A result with this crate's [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong, by the way a caller must react to it.
#[derive(Debug)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A wrong option, configuration key or combination; nothing was written.
    Usage(String),
    /// The operating system refused.
    Io(io::Error),
    /// What is read is damaged: a cut archive, a checksum that differs.
    Corrupt(String),
    /// The run's own sums do not add up: a fault of this program.
    Conservation(String),
    /// The safety valve: too much would go.
    Valve(String),
    /// The reader of our standard output went away.
    ClosedPipe,
    /// A signal asked the run to stop.
    Interrupted(i32),
}

/// An error with the place that it belongs to and a hint.
#[derive(Debug)]
pub struct Error(Box<Inner>);

#[derive(Debug)]
struct Inner {
    kind: ErrorKind,
    path: Option<String>,
    line: Option<u64>,
    hint: Option<String>,
}

impl Error {
    fn new(kind: ErrorKind) -> Self {
        Error(Box::new(Inner { kind, path: None, line: None, hint: None }))
    }

    /// A wrong option, key or combination of them.
    pub fn usage(what: impl Into<String>) -> Self {
        Self::new(ErrorKind::Usage(what.into()))
    }

    /// Damaged input or output.
    pub fn corrupt(what: impl Into<String>) -> Self {
        Self::new(ErrorKind::Corrupt(what.into()))
    }

    /// Sums that do not agree.
    pub fn conservation(what: impl Into<String>) -> Self {
        Self::new(ErrorKind::Conservation(what.into()))
    }

    /// Too much would go.
    pub fn valve(what: impl Into<String>) -> Self {
        Self::new(ErrorKind::Valve(what.into()))
    }

    /// A signal of this number arrived.
    pub fn interrupted(signal: i32) -> Self {
        Self::new(ErrorKind::Interrupted(signal))
    }

    /// Names the file.
    #[must_use]
    pub fn at(mut self, path: impl fmt::Display) -> Self {
        self.0.path = Some(path.to_string());
        self
    }

    /// Names the line (or record) in the file, from 1.
    #[must_use]
    pub fn line(mut self, line: u64) -> Self {
        self.0.line = Some(line);
        self
    }

    /// Names what helps.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.0.hint = Some(hint.into());
        self
    }

    /// What happened.
    pub fn kind(&self) -> &ErrorKind {
        &self.0.kind
    }

    /// The file that it is about.
    pub fn path(&self) -> Option<&str> {
        self.0.path.as_deref()
    }

    /// The line or record in it, from 1.
    pub fn line_number(&self) -> Option<u64> {
        self.0.line
    }

    /// What happened, without the place.
    pub fn what(&self) -> String {
        match &self.0.kind {
            ErrorKind::Usage(what) | ErrorKind::Corrupt(what) | ErrorKind::Valve(what) => what.clone(),
            ErrorKind::Io(error) => error.to_string(),
            ErrorKind::Conservation(what) => format!("the run's sums do not agree: {what}; this is a fault of buddle, please report it"),
            ErrorKind::ClosedPipe => "the reader of the output went away".into(),
            ErrorKind::Interrupted(_) => "interrupted".into(),
        }
    }

    /// The option or step that helps, if there is one.
    pub fn hint_text(&self) -> Option<&str> {
        self.0.hint.as_deref()
    }

    /// The process's exit code for this error (DESIGN section 6).
    pub fn exit_code(&self) -> u8 {
        match self.0.kind {
            ErrorKind::ClosedPipe => 0,
            ErrorKind::Usage(_) => 2,
            ErrorKind::Io(_) | ErrorKind::Corrupt(_) | ErrorKind::Conservation(_) | ErrorKind::Valve(_) => 4,
            ErrorKind::Interrupted(signal) => u8::try_from(128 + signal).unwrap_or(130),
        }
    }
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe { Self::new(ErrorKind::ClosedPipe) } else { Self::new(ErrorKind::Io(error)) }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(path) = &self.0.path {
            write!(f, "{}:", path.escape_debug())?;
            if let Some(line) = self.0.line {
                write!(f, "{line}:")?;
            }
            f.write_str(" ")?;
        }
        f.write_str(&self.what())
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.0.kind {
            ErrorKind::Io(error) => Some(error),
            _ => None,
        }
    }
}
