//! Where output goes, judged from the name that the user gave.
//!
//! A name decides alone, except for what exists: a folder is a folder, and a device, a FIFO or a descriptor
//! (`/dev/stdout`, `>(…)`) is written directly, since it cannot be renamed over. A name with the ending of a
//! format that is not written here is refused rather than made a folder that surprises.

use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use super::Compression;
use crate::model::{Error, Result};

/// Endings that say "file" to a reader. Any other ending, as in a folder named after a host, is a folder's.
const FILE_ENDINGS: [&str; 34] = [
    "7z", "arrow", "avro", "br", "bz2", "csv", "db", "feather", "gz", "htm", "html", "json", "lz4", "md", "ndjson", "orc", "parquet", "pdf", "pkl",
    "rar", "sqlite", "tar", "tgz", "toml", "tsv", "txt", "warc", "wet", "xml", "xz", "yaml", "yml", "zip", "zst",
];

/// Descriptors by name: even where they lead to a regular file, it is someone else's open file.
const DESCRIPTORS: [&str; 4] = ["/dev/stdout", "/dev/stderr", "/dev/fd", "/proc/self/fd"];

/// Where output goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// Standard output.
    Stdout,
    /// One file, compressed as its name says: see [`super::Sink::file`].
    File(PathBuf),
    /// A folder with everything.
    Folder(PathBuf),
}

impl Target {
    /// Judges the value of `--output`: none or `-` is standard output, `NAME.jsonl`, `.jsonl.gz` and `.jsonl.zst`
    /// are files, what exists and is neither file nor folder is written as a file, and the rest are folders.
    ///
    /// # Errors
    /// Usage, for an empty name and for the ending of another format.
    pub fn of(output: Option<&Path>) -> Result<Target> {
        let Some(path) = output else { return Ok(Target::Stdout) };
        let name = path.as_os_str().as_bytes();
        if name == b"-" {
            return Ok(Target::Stdout);
        }
        if name.is_empty() {
            return Err(Error::usage("the name of the output is empty").hint("name a folder, NAME.jsonl.zst, or - for standard output"));
        }
        if is_direct(path) {
            return Ok(Target::File(path.to_owned()));
        }
        if name.ends_with(b"/") || path.is_dir() {
            return Ok(Target::Folder(path.to_owned()));
        }
        let lower = path.file_name().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
        if [".jsonl", ".jsonl.gz", ".jsonl.zst"].iter().any(|ending| lower.ends_with(ending)) {
            return Ok(Target::File(path.to_owned()));
        }
        match lower.rsplit_once('.') {
            Some((stem, ending)) if !stem.is_empty() && FILE_ENDINGS.contains(&ending) => {
                Err(Error::usage(format!("output is JSON Lines, which is not written to a file that ends in .{ending}"))
                    .at(path.display())
                    .hint("name it NAME.jsonl, NAME.jsonl.gz or NAME.jsonl.zst, or end a folder's name with /"))
            }
            _ => Ok(Target::Folder(path.to_owned())),
        }
    }

    /// May someone read what is written while it is? What is compressed comes in frames, which cannot hang on how fast the input does.
    pub fn is_followed(&self) -> bool {
        match self {
            Target::Stdout => true,
            Target::File(path) => is_direct(path) && Compression::of_name(path) == Compression::None,
            Target::Folder(_) => false,
        }
    }
}

/// Must this name be opened and written as it is, with no hidden file beside it?
pub(super) fn is_direct(path: &Path) -> bool {
    if DESCRIPTORS.iter().any(|d| path.starts_with(d)) {
        return true;
    }
    fs::metadata(path).is_ok_and(|found| !found.is_file() && !found.is_dir())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(name: &str) -> Result<Target> {
        Target::of(Some(Path::new(name)))
    }

    #[test]
    fn names_decide() {
        assert_eq!(Target::of(None).unwrap(), Target::Stdout);
        assert_eq!(of("-").unwrap(), Target::Stdout);
        for name in ["a.jsonl", "x/a.jsonl.gz", "A.JSONL.ZST", ".jsonl", "/dev/null", "/dev/full", "/dev/stdout", "/dev/fd/63"] {
            assert_eq!(of(name).unwrap(), Target::File(name.into()), "{name}");
        }
        for name in ["out", "x/out/", "example.org", "v1.2", "out.txt/", "jsonl", ".", "..", "/"] {
            assert_eq!(of(name).unwrap(), Target::Folder(name.into()), "{name}");
        }
        for name in ["a.json", "a.TXT", "a.parquet", "a.csv", "a.jsonl.xz", "a.zst", ""] {
            let error = of(name).unwrap_err();
            assert_eq!(error.exit_code(), 2, "{name}");
            assert!(error.hint_text().is_some());
        }
    }

    #[test]
    fn what_exists_decides_first() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("a.jsonl");
        fs::create_dir(&folder).unwrap();
        assert_eq!(Target::of(Some(&folder)).unwrap(), Target::Folder(folder));
        let fifo = dir.path().join("fifo.txt");
        rustix::fs::mknodat(rustix::fs::CWD, &fifo, rustix::fs::FileType::Fifo, rustix::fs::Mode::RWXU, 0).unwrap();
        assert!(Target::File(fifo.clone()).is_followed() && of("/dev/stdout").unwrap().is_followed() && Target::Stdout.is_followed());
        for name in ["a.jsonl", "out", "/dev/fd/9.gz"] {
            assert!(!of(name).unwrap().is_followed(), "{name}");
        }
        assert_eq!(Target::of(Some(&fifo)).unwrap(), Target::File(fifo));
    }
}
