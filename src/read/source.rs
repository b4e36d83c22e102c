//! Which sources there are: arguments and what lies below them, in canonical order.
//!
//! Canonical order is the order of the arguments, then the byte order of the path below the argument, so it depends
//! neither on the file system nor on the locale. Walks follow links, pass over hidden names (a leading `.` or `_`) and
//! over what is no regular file, and go on past what cannot be read. Nothing is opened here.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, Read};
use std::os::unix::fs::FileTypeExt;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::{
    spool::Spool,
    waiting::{WaitFlags, Waiting},
};
use crate::model::{Error, Result};

/// One input file or stream.
#[derive(Debug)]
pub struct Source {
    /// The name as shown: the argument, or the argument joined with the path below it by `/`; `-` for standard input.
    /// Bytes that are no UTF-8 stand as `\xNN`.
    pub name: String,
    /// Name of the folder that holds the file, where the path names one.
    pub folder: Option<String>,
    /// Bytes on disk; `None` for a stream.
    pub size: Option<u64>,
    pub(super) input: Input,
}

/// Where the bytes come from.
#[derive(Debug)]
pub(super) enum Input {
    File(PathBuf),
    /// A FIFO or a pipe with a name.
    Pipe(PathBuf),
    Stdin,
    Spooled(Spool),
}

impl Source {
    /// A source whose bytes are in memory already.
    pub fn from_bytes(name: impl Into<String>, bytes: Vec<u8>) -> Source {
        Source { name: name.into(), folder: None, size: None, input: Input::Spooled(Spool::Memory(bytes)) }
    }

    /// Can it be read only once? True for a stream until [`Source::spool`] took it in.
    pub fn is_stream(&self) -> bool {
        matches!(self.input, Input::Pipe(_) | Input::Stdin)
    }

    fn of_path(path: &Path, name: String, size: Option<u64>, pipe: bool) -> Source {
        let folder = path.parent().and_then(Path::file_name).map(shown);
        let input = if pipe { Input::Pipe(path.to_owned()) } else { Input::File(path.to_owned()) };
        Source { name, folder, size, input }
    }

    /// As [`Source::open`]; of a stream so much as comes before a flag is no longer 0.
    pub(super) fn open_until<'s>(&'s self, stop: WaitFlags<'s>) -> io::Result<Box<dyn Read + Send + 's>> {
        Ok(match &self.input {
            Input::Pipe(path) => Box::new(Waiting::open(path, stop)?),
            Input::Stdin => Box::new(Waiting::of(io::stdin(), stop)?),
            Input::File(_) | Input::Spooled(_) => self.open()?,
        })
    }

    /// The stored bytes from their beginning (a stream: from where it stands).
    pub(super) fn open(&self) -> io::Result<Box<dyn Read + Send + '_>> {
        Ok(match &self.input {
            Input::File(path) | Input::Pipe(path) => Box::new(File::open(path)?),
            Input::Stdin => Box::new(io::stdin()),
            Input::Spooled(spool) => spool.reader(),
        })
    }
}

/// What [`list`] found.
#[derive(Debug, Default)]
pub struct Sources {
    /// The sources in canonical order.
    pub sources: Vec<Source>,
    /// Folders that cannot be read, loops of links, dangling links: one each, and the rest was listed.
    pub problems: Vec<Error>,
    /// Hidden names in walks (a hidden folder counts once) and what is neither file nor folder.
    pub skipped: u64,
}

/// Lists inputs, of which there must be some. Canonical order: the argument, then byte order of the path below it.
///
/// A folder that an earlier run wrote (`manifest.json` that speaks of buddle, and `data/`) gives only its `data/`.
///
/// # Errors
/// Usage: a path that does not exist, a device, `-` twice, no source at all.
pub fn list(inputs: &[PathBuf]) -> Result<Sources> {
    let found = list_any(inputs)?;
    if found.sources.is_empty() {
        let mut what = "no input: there is no file to read under what was given".to_owned();
        if let Some(problem) = found.problems.first() {
            let _ = write!(what, " ({problem})");
        }
        return Err(
            Error::usage(what).hint("name files or folders, or - for standard input; names that start with . or _ are passed over in folders")
        );
    }
    Ok(found)
}

/// The same, where folders may hold nothing.
///
/// # Errors
/// Usage: a path that does not exist, a device, `-` twice.
pub fn list_any(inputs: &[PathBuf]) -> Result<Sources> {
    let mut found = Sources::default();
    let mut stdin = false;
    for input in inputs {
        if input.as_os_str() == "-" {
            if std::mem::replace(&mut stdin, true) {
                return Err(Error::usage("standard input can be read only once, but - is given twice").hint("give - once"));
            }
            found.sources.push(Source { name: "-".to_owned(), folder: None, size: None, input: Input::Stdin });
        } else {
            named(input, &mut found)?;
        }
    }
    if u32::try_from(found.sources.len()).is_err() {
        return Err(Error::usage("more than 4294967295 input files").hint("wash them in several runs, or join small files into JSONL"));
    }
    Ok(found)
}

fn named(path: &Path, found: &mut Sources) -> Result<()> {
    let name = shown(path.as_os_str());
    let meta = match fs::metadata(path) {
        Ok(meta) => meta,
        // Opening it will say so again, and the run goes on with the other sources.
        Err(e) if e.kind() == io::ErrorKind::PermissionDenied => {
            found.sources.push(Source::of_path(path, name, None, false));
            return Ok(());
        }
        Err(e) => return Err(Error::usage(format!("cannot be read: {e}")).at(name).hint("check the path; - stands for standard input")),
    };
    let kind = meta.file_type();
    if kind.is_dir() {
        let data = path.join("data");
        if is_washed(path, &data) { walk(&data, found) } else { walk(path, found) }
    } else if kind.is_file() {
        found.sources.push(Source::of_path(path, name, Some(meta.len()), false));
    } else if kind.is_fifo() {
        found.sources.push(Source::of_path(path, name, None, true));
    } else {
        return Err(Error::usage("is a device or a socket, not a file").at(name).hint("pipe it: … | buddle clean -"));
    }
    Ok(())
}

/// Did an earlier run write this folder? A site can have a `manifest.json` and a `data/` of its own and must not lose
/// its other pages, so the manifest has to name the tool near its beginning.
fn is_washed(folder: &Path, data: &Path) -> bool {
    let mut head = Vec::new();
    let read = |head: &mut Vec<u8>| File::open(folder.join("manifest.json")).and_then(|f| f.take(64 << 10).read_to_end(head));
    data.is_dir() && read(&mut head).is_ok() && memchr::memmem::find(&head, b"buddle").is_some()
}

fn walk(root: &Path, found: &mut Sources) {
    let base = shown(root.as_os_str());
    let base = base.trim_end_matches('/');
    let mut below: Vec<(Vec<u8>, Source)> = Vec::new();
    let mut problems = HashSet::new();
    // Sorted so that problems come in a fixed order; sources are sorted below by their whole path.
    let mut entries = WalkDir::new(root).follow_links(true).sort_by_file_name().into_iter();
    while let Some(entry) = entries.next() {
        let entry = match entry {
            Ok(entry) => entry,
            Err(e) => {
                let path = e.path().unwrap_or(root);
                if e.depth() > 0 && is_hidden(path) {
                    found.skipped += 1;
                } else if problems.insert(path.to_owned()) {
                    found.problems.push(walk_problem(&e, root));
                }
                continue;
            }
        };
        let kind = entry.file_type();
        if entry.depth() > 0 && is_hidden(entry.path()) {
            found.skipped += 1;
            if kind.is_dir() {
                entries.skip_current_dir();
            }
        } else if kind.is_file() {
            let relative = relative(root, entry.path());
            let name = format!("{base}/{}", shown(&relative));
            let size = entry.metadata().ok().map(|m| m.len());
            below.push((relative.into_encoded_bytes(), Source::of_path(entry.path(), name, size, false)));
        } else if !kind.is_dir() {
            found.skipped += 1;
        }
    }
    below.sort_by(|a, b| a.0.cmp(&b.0));
    found.sources.extend(below.into_iter().map(|(_, source)| source));
}

fn walk_problem(e: &walkdir::Error, root: &Path) -> Error {
    let path = shown(e.path().unwrap_or(root).as_os_str());
    if let Some(ancestor) = e.loop_ancestor() {
        let what = format!("a link that leads back to {}, not followed", shown(ancestor.as_os_str()));
        return Error::from(io::Error::other(what)).at(path).hint("remove the link, or name the folders to read one by one");
    }
    match e.io_error() {
        Some(io) if io.kind() == io::ErrorKind::NotFound => {
            Error::from(io::Error::new(io.kind(), "a link to nothing")).at(path).hint("remove the link or restore what it points to")
        }
        Some(io) => Error::from(io::Error::new(io.kind(), io.to_string())).at(path).hint("check the permissions"),
        None => Error::from(io::Error::other(e.to_string())).at(path),
    }
}

fn is_hidden(path: &Path) -> bool {
    path.file_name().is_some_and(|n| matches!(n.as_encoded_bytes().first(), Some(b'.' | b'_')))
}

/// The path below `root`, its parts joined by `/`.
fn relative(root: &Path, path: &Path) -> std::ffi::OsString {
    let mut out = std::ffi::OsString::new();
    for part in path.strip_prefix(root).unwrap_or(path).components() {
        if !out.is_empty() {
            out.push("/");
        }
        out.push(part);
    }
    out
}

/// The name as UTF-8, other bytes as `\xNN`.
fn shown(name: &OsStr) -> String {
    let mut out = String::new();
    for chunk in name.as_encoded_bytes().utf8_chunks() {
        out.push_str(chunk.valid());
        for byte in chunk.invalid() {
            let _ = write!(out, "\\x{byte:02X}");
        }
    }
    out
}
