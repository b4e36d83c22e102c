//! Streams are read twice, so they are kept as they came (still compressed) until the run is over.
//!
//! Up to 8 MiB stay in memory; more goes to a temporary file without a name, which the system frees even when the
//! process is killed. Each reader has its own position in that file, so two reads never disturb each other.

use std::fs::File;
use std::io::{self, Cursor, Read, Write};
use std::os::unix::fs::FileExt;
use std::path::Path;

use super::source::{Input, Source};
use crate::model::{Error, Result};

/// Bytes of a stream that stay in memory.
const MEMORY_BYTES: usize = 8 << 20;

/// The bytes of a stream.
#[derive(Debug)]
pub(super) enum Spool {
    Memory(Vec<u8>),
    Disk(File),
}

impl Spool {
    pub(super) fn reader(&self) -> Box<dyn Read + Send + '_> {
        match self {
            Spool::Memory(bytes) => Box::new(Cursor::new(bytes.as_slice())),
            Spool::Disk(file) => Box::new(ReadAt::new(file, 0)),
        }
    }
}

/// A file from some place on, with a position of its own.
#[derive(Debug)]
pub struct ReadAt<'a> {
    file: &'a File,
    at: u64,
}

impl<'a> ReadAt<'a> {
    /// Reads from byte `at` on.
    pub fn new(file: &'a File, at: u64) -> ReadAt<'a> {
        ReadAt { file, at }
    }
}

impl Read for ReadAt<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let n = self.file.read_at(into, self.at)?;
        self.at += n as u64;
        Ok(n)
    }
}

impl Source {
    /// Takes a stream in, so that it can be read any number of times; does nothing for a file.
    ///
    /// A pipe that cannot be opened stays as it is: reading it will report the problem and the run goes on.
    ///
    /// # Errors
    /// I/O: the stream broke, or `tmp_dir` has no room or cannot be written.
    pub fn spool(&mut self, tmp_dir: &Path) -> Result<()> {
        if !self.is_stream() {
            return Ok(());
        }
        let Ok(mut stream) = self.open() else { return Ok(()) };
        let spool = take_in(&mut stream, tmp_dir, &self.name, MEMORY_BYTES)?;
        drop(stream);
        self.input = Input::Spooled(spool);
        Ok(())
    }
}

/// Reads `stream` to its end, `memory` bytes into memory and the whole to disk if there is more.
pub(super) fn take_in(stream: &mut dyn Read, tmp_dir: &Path, name: &str, memory: usize) -> Result<Spool> {
    let broke = |e: io::Error| Error::from(e).at(name);
    let full = |e: io::Error| {
        let e = io::Error::new(e.kind(), format!("cannot keep standard input or a pipe for its second reading: {e}"));
        Error::from(e).at(tmp_dir.display()).hint("name a folder with room with --tmp-dir, or give the input as a file")
    };
    let mut head = Vec::new();
    stream.take(memory as u64 + 1).read_to_end(&mut head).map_err(broke)?;
    if head.len() <= memory {
        return Ok(Spool::Memory(head));
    }
    let mut file = tempfile::tempfile_in(tmp_dir).map_err(full)?;
    file.write_all(&head).map_err(full)?;
    // A loop of its own instead of `io::copy`: which side failed decides what the message says.
    head.truncate(1 << 20);
    loop {
        let n = match stream.read(&mut head) {
            Ok(0) => return Ok(Spool::Disk(file)),
            Ok(n) => n,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
            Err(e) => return Err(broke(e)),
        };
        file.write_all(head.get(..n).unwrap_or_default()).map_err(full)?;
    }
}
