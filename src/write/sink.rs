//! The clean JSONL's way out: standard output, one file, or numbered parts, behind one face.
//!
//! It takes frames that are compressed already and keeps their order. A compressed output without a single row
//! still gets one empty frame, since a file of no bytes is no valid gzip or zstd.

use std::fmt;
use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::digest::Hashed;
use super::place::At;
use super::target::is_direct;
use super::{AtomicFile, Compression, Frame, OutputFile, Series};
use crate::model::Result;

/// Where frames go.
#[derive(Debug)]
pub enum Sink {
    /// A stream that cannot be taken back: standard output, a device, a FIFO.
    Stream(Stream),
    /// One file, which appears at the end.
    File(Single),
    /// Numbered files in a folder.
    Parts(Series),
}

/// A stream and what went through it.
pub struct Stream {
    out: Hashed<Box<dyn Write + Send>>,
    name: String,
    compression: Compression,
    frames: u64,
    rows: u64,
}

impl fmt::Debug for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stream").field("name", &self.name).field("rows", &self.rows).finish_non_exhaustive()
    }
}

/// One file and what went into it.
#[derive(Debug)]
pub struct Single {
    out: AtomicFile,
    name: PathBuf,
    compression: Compression,
    frames: u64,
    rows: u64,
}

impl Sink {
    /// Standard output, whose frames the caller compresses with `compression`.
    pub fn stdout(compression: Compression) -> Sink {
        Sink::stream(Box::new(io::stdout()), "-", compression)
    }

    /// Any writer; `name` stands in the list of outputs and in errors.
    pub fn stream(out: Box<dyn Write + Send>, name: &str, compression: Compression) -> Sink {
        Sink::Stream(Stream { out: Hashed::new(out), name: name.to_owned(), compression, frames: 0, rows: 0 })
    }

    /// One file, compressed as its name says. A device, a FIFO or a descriptor by name is opened and written
    /// directly; opening a FIFO waits for its reader.
    ///
    /// # Errors
    /// Those of [`AtomicFile::create`], or the operating system's.
    pub fn file(path: &Path) -> Result<Sink> {
        let compression = Compression::of_name(path);
        if is_direct(path) {
            // Appending, since a descriptor by name may lead to a file that others have written to before.
            let out = OpenOptions::new().append(true).open(path).at(path)?;
            return Ok(Sink::stream(Box::new(out), &path.to_string_lossy(), compression));
        }
        Ok(Sink::File(Single { out: AtomicFile::create(path)?, name: path.to_owned(), compression, frames: 0, rows: 0 }))
    }

    /// How the frames must be compressed.
    pub fn compression(&self) -> Compression {
        match self {
            Sink::Stream(stream) => stream.compression,
            Sink::File(single) => single.compression,
            Sink::Parts(series) => series.compression(),
        }
    }

    /// Appends a frame, packed already.
    ///
    /// # Errors
    /// The operating system's; `ClosedPipe` where the reader went away.
    pub fn write_frame(&mut self, frame: &Frame) -> Result<()> {
        match self {
            Sink::Stream(stream) => {
                frame.slices().try_for_each(|bytes| stream.out.write_all(bytes)).at(Path::new(&stream.name))?;
                (stream.frames, stream.rows) = (stream.frames + 1, stream.rows + frame.rows);
            }
            Sink::File(single) => {
                frame.slices().try_for_each(|bytes| single.out.write_all(bytes)).at(&single.name)?;
                (single.frames, single.rows) = (single.frames + 1, single.rows + frame.rows);
            }
            Sink::Parts(series) => series.write_frame(frame)?,
        }
        Ok(())
    }

    /// Ends the current part; without effect where everything goes to one place.
    ///
    /// # Errors
    /// The operating system's.
    pub fn next_part(&mut self) -> Result<()> {
        match self {
            Sink::Parts(series) => series.next_part(),
            Sink::Stream(_) | Sink::File(_) => Ok(()),
        }
    }

    /// Flushes and publishes; the files written, or `-` for standard output.
    ///
    /// # Errors
    /// The operating system's; `ClosedPipe` where the reader went away.
    pub fn finish(mut self) -> Result<Vec<OutputFile>> {
        let frames = match &self {
            Sink::Stream(stream) => stream.frames,
            Sink::File(single) => single.frames,
            Sink::Parts(_) => 1,
        };
        if frames == 0 {
            let empty = self.compression().compress(b"", 0)?;
            self.write_frame(&Frame::of(empty, 0))?;
        }
        match self {
            Sink::Stream(mut stream) => {
                stream.out.flush().at(Path::new(&stream.name))?;
                Ok(vec![OutputFile::new(stream.name, stream.rows, stream.out.into_parts().1)])
            }
            Sink::File(single) => {
                let name = single.name.to_string_lossy().into_owned();
                Ok(vec![OutputFile::new(name, single.rows, single.out.finish()?)])
            }
            Sink::Parts(series) => series.finish(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ErrorKind;
    use std::fs;

    #[test]
    fn a_file_appears_at_the_end() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["a.jsonl", "a.jsonl.gz", "a.jsonl.zst"] {
            let path = dir.path().join(name);
            let mut sink = Sink::file(&path).unwrap();
            let frame = sink.compression().compress(b"{}\n", 0).unwrap();
            sink.write_frame(&Frame::of(frame.clone(), 1)).unwrap();
            sink.next_part().unwrap();
            sink.write_frame(&Frame::of(frame.clone(), 1)).unwrap();
            assert!(!path.exists());
            let files = sink.finish().unwrap();
            assert_eq!((files.len(), files[0].rows, files[0].bytes), (1, 2, 2 * frame.len() as u64));
            assert_eq!(fs::read(&path).unwrap(), [&frame[..], &frame].concat());
        }
    }

    #[test]
    fn no_rows_is_a_valid_file() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.jsonl.zst");
        let files = Sink::file(&path).unwrap().finish().unwrap();
        assert_eq!(files[0].rows, 0);
        assert_eq!(zstd::stream::decode_all(&fs::read(&path).unwrap()[..]).unwrap(), b"");
        let plain = dir.path().join("a.jsonl");
        assert_eq!(Sink::file(&plain).unwrap().finish().unwrap()[0].bytes, 0);
        assert!(plain.exists());
    }

    #[test]
    fn devices_are_written_directly() {
        let mut sink = Sink::file(Path::new("/dev/null")).unwrap();
        assert!(matches!(sink, Sink::Stream(_)));
        sink.write_frame(&Frame::of(b"abc".to_vec(), 1)).unwrap();
        assert_eq!(sink.finish().unwrap()[0].bytes, 3);
        let mut sink = Sink::file(Path::new("/dev/full")).unwrap();
        let error = sink.write_frame(&Frame::of(b"abc".to_vec(), 1)).unwrap_err();
        assert_eq!(error.exit_code(), 4);
        assert!(error.to_string().starts_with("/dev/full: "));
    }

    #[test]
    fn a_reader_that_went_away() {
        let (reader, writer) = io::pipe().unwrap();
        drop(reader);
        let mut sink = Sink::stream(Box::new(writer), "-", Compression::None);
        let error = sink.write_frame(&Frame::of(b"x".to_vec(), 1)).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::ClosedPipe));
    }

    #[test]
    fn parts_go_on() {
        let dir = tempfile::tempdir().unwrap();
        let mut sink = Sink::Parts(Series::new(dir.path().join("data"), "part", Compression::None, "data"));
        sink.write_frame(&Frame::of(b"a\n".to_vec(), 1)).unwrap();
        sink.next_part().unwrap();
        sink.write_frame(&Frame::of(b"b\n".to_vec(), 1)).unwrap();
        assert_eq!(sink.finish().unwrap().len(), 2);
    }
}
