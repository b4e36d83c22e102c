//! Numbered files in a folder: `data/part-00000.jsonl.zst` and its siblings in `removed/` and `quarantine/`.
//!
//! They are written under their final names, since the folder itself is hidden until it is whole. A file, and
//! the folder, is made with its first frame: a run that quarantines nothing has no quarantine folder.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::digest::{Hashed, Written};
use super::place::At;
use super::{AtomicFile, Compression, Frame};
use crate::model::Result;

/// One file of the output, as the manifest lists it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutputFile {
    /// Path relative to the output folder, with `/`; for a single file its path as given, `-` for standard output.
    pub path: String,
    /// Rows (lines of JSONL); 0 in files that have none.
    pub rows: u64,
    /// Bytes, compressed as they are.
    pub bytes: u64,
    /// SHA-256 of those bytes, 64 hexadecimal digits.
    pub sha256: String,
}

impl OutputFile {
    pub(super) fn new(path: String, rows: u64, written: Written) -> OutputFile {
        OutputFile { path, rows, bytes: written.bytes, sha256: written.sha256 }
    }
}

/// A series of numbered files.
#[derive(Debug)]
pub struct Series {
    dir: PathBuf,
    stem: String,
    compression: Compression,
    prefix: String,
    current: Option<Part>,
    done: Vec<OutputFile>,
}

#[derive(Debug)]
struct Part {
    name: String,
    out: Hashed<File>,
    rows: u64,
}

impl Series {
    /// Files `dir/STEM-NNNNN.jsonl` with the compression's extension; the output list names them
    /// `relative_prefix/STEM-…` (an empty prefix: the name alone). Nothing is made yet.
    pub fn new(dir: PathBuf, stem: &str, compression: Compression, relative_prefix: &str) -> Series {
        let prefix = match relative_prefix.trim_end_matches('/') {
            "" => String::new(),
            prefix => format!("{prefix}/"),
        };
        Series { dir, stem: stem.to_owned(), compression, prefix, current: None, done: Vec::new() }
    }

    /// How the frames must be compressed.
    pub fn compression(&self) -> Compression {
        self.compression
    }

    /// Appends a frame, packed already.
    ///
    /// # Errors
    /// The operating system's; also where the file exists already.
    pub fn write_frame(&mut self, frame: &Frame) -> Result<()> {
        let mut part = match self.current.take() {
            Some(part) => part,
            None => self.open()?,
        };
        frame.slices().try_for_each(|bytes| part.out.write_all(bytes)).at(&self.dir.join(&part.name))?;
        part.rows += frame.rows;
        self.current = Some(part);
        Ok(())
    }

    /// Closes the current file: the next frame opens the next number. Without a current file it does nothing,
    /// so numbers have no gaps and no file is empty.
    ///
    /// # Errors
    /// The operating system's.
    pub fn next_part(&mut self) -> Result<()> {
        if let Some(part) = self.current.take() {
            let path = self.dir.join(&part.name);
            let (file, written) = part.out.into_parts();
            file.sync_all().at(&path)?;
            self.done.push(OutputFile::new(format!("{}{}", self.prefix, part.name), part.rows, written));
        }
        Ok(())
    }

    /// Closes the last file; all files in their order.
    ///
    /// # Errors
    /// The operating system's.
    pub fn finish(mut self) -> Result<Vec<OutputFile>> {
        self.next_part()?;
        Ok(self.done)
    }

    fn open(&self) -> Result<Part> {
        fs::create_dir_all(&self.dir).at(&self.dir)?;
        let name = format!("{}-{:05}.jsonl{}", self.stem, self.done.len(), self.compression.extension());
        let path = self.dir.join(&name);
        let file = File::create_new(&path).at(&path)?;
        Ok(Part { name, out: Hashed::new(file), rows: 0 })
    }
}

/// Writes `dir/name` at once and whole (a report, a manifest); rows are 0. `name` may hold `/`.
///
/// # Errors
/// The operating system's.
pub fn write_small(dir: &Path, name: &str, bytes: &[u8]) -> Result<OutputFile> {
    let path = dir.join(name);
    let mut file = AtomicFile::create(&path)?;
    file.write_all(bytes).at(&path)?;
    Ok(OutputFile::new(name.to_owned(), 0, file.finish()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_numbered_without_gaps() {
        let dir = tempfile::tempdir().unwrap();
        let data = dir.path().join("data");
        let mut series = Series::new(data.clone(), "part", Compression::Zstd, "data/");
        series.next_part().unwrap();
        assert!(!data.exists(), "made with the first frame");
        series.write_frame(&Frame::of(b"ab".to_vec(), 2)).unwrap();
        series.write_frame(&Frame::of(b"c".to_vec(), 1)).unwrap();
        series.next_part().unwrap();
        series.next_part().unwrap();
        series.write_frame(&Frame::of(b"d".to_vec(), 1)).unwrap();
        let files = series.finish().unwrap();
        let got: Vec<_> = files.iter().map(|f| (f.path.as_str(), f.rows, f.bytes)).collect();
        assert_eq!(got, [("data/part-00000.jsonl.zst", 3, 3), ("data/part-00001.jsonl.zst", 1, 1)]);
        assert!(files[0].sha256.starts_with("ba7816bf"));
        assert_eq!(fs::read(data.join("part-00000.jsonl.zst")).unwrap(), b"abc");
        let again: Vec<OutputFile> = serde_json::from_str(&serde_json::to_string(&files).unwrap()).unwrap();
        assert_eq!(again, files);
    }

    #[test]
    fn a_part_replaces_nothing() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("part-00000.jsonl"), "old").unwrap();
        let mut series = Series::new(dir.path().to_owned(), "part", Compression::None, "");
        assert_eq!(series.write_frame(&Frame::of(b"x".to_vec(), 1)).unwrap_err().exit_code(), 4);
        assert_eq!(series.finish().unwrap(), []);
    }

    #[test]
    fn small_files() {
        let dir = tempfile::tempdir().unwrap();
        let file = write_small(dir.path(), "report.json", b"abc").unwrap();
        assert_eq!((file.path.as_str(), file.rows, file.bytes), ("report.json", 0, 3));
        assert_eq!(fs::read(dir.path().join("report.json")).unwrap(), b"abc");
    }
}
