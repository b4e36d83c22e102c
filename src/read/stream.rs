//! One source while it is read: unpacked, its format known, a UTF-16 stream of JSONL turned to UTF-8.
//!
//! A fault in the source is kept and not thrown, so that the reader can hand out what came before it; after a fault
//! the stream is at its end.

use std::io::{self, Read};

use super::compression::{Decompressor, LimitHit, Raw};
use super::detect::{HEAD_BYTES, bom_len, detect};
use super::utf16::Utf16;
use super::{InputFormat, Limits};
use crate::model::{Error, take_buffer};

/// Bytes of a byte order mark, at most.
const MARK_BYTES: usize = 4;

pub(super) struct Stream<'a> {
    decompressor: Decompressor<'a>,
    utf16: Option<Utf16>,
    /// Bytes before they are turned to UTF-8.
    units: Vec<u8>,
    /// Bytes that no record has taken yet.
    pub(super) buf: Vec<u8>,
    /// What ended the stream before its time.
    pub(super) fault: Option<io::Error>,
    /// Is everything in `buf`?
    pub(super) eof: bool,
    /// [`InputFormat::Text`] or [`InputFormat::Jsonl`].
    pub(super) format: InputFormat,
}

impl<'a> Stream<'a> {
    pub(super) fn open(input: Box<dyn Read + Send + 'a>, name: &str, wanted: InputFormat, limits: Limits) -> io::Result<Self> {
        let decompressor = Decompressor::new(Raw::new(input), limits)?;
        let mut stream = Stream { decompressor, utf16: None, units: Vec::new(), buf: Vec::new(), fault: None, eof: false, format: wanted };
        // Text needs no look ahead, so it needs none of the head either.
        if wanted != InputFormat::Text {
            // Of lines only their mark is asked for.
            let head = if wanted == InputFormat::Jsonl { MARK_BYTES } else { HEAD_BYTES };
            while !stream.eof && stream.buf.len() <= head {
                stream.fill();
            }
        }
        if wanted == InputFormat::Auto {
            stream.format = detect(name, &stream.buf, stream.eof && stream.fault.is_none());
        }
        if stream.format == InputFormat::Jsonl {
            stream.drop_mark();
        }
        Ok(stream)
    }

    fn drop_mark(&mut self) {
        if let Some((mut utf16, skip)) = Utf16::of_bom(&self.buf) {
            let units = std::mem::take(&mut self.buf);
            utf16.decode(units.get(skip..).unwrap_or_default(), &mut self.buf);
            if self.eof {
                utf16.finish(&mut self.buf);
            }
            self.utf16 = Some(utf16);
        } else {
            self.buf.drain(..bom_len(&self.buf));
        }
    }

    /// Reads on: more bytes in `buf`, or `eof`.
    pub(super) fn fill(&mut self) {
        let into = if self.utf16.is_some() { &mut self.units } else { &mut self.buf };
        match self.decompressor.fill(into) {
            Ok(n) => self.eof = n == 0,
            Err(e) => (self.eof, self.fault) = (true, Some(e)),
        }
        if let Some(utf16) = &mut self.utf16 {
            utf16.decode(&self.units, &mut self.buf);
            self.units.clear();
            if self.eof {
                utf16.finish(&mut self.buf);
            }
        }
    }

    /// Takes the first `end` bytes out of the buffer.
    pub(super) fn take(&mut self, end: usize) -> Vec<u8> {
        let end = end.min(self.buf.len());
        let mut rest = take_buffer(self.buf.len().max(end + end / 8));
        rest.extend_from_slice(self.buf.get(end..).unwrap_or_default());
        self.buf.truncate(end);
        std::mem::replace(&mut self.buf, rest)
    }

    /// Stored bytes read so far.
    pub(super) fn stored(&self) -> u64 {
        self.decompressor.raw().map_or(0, Raw::bytes)
    }

    /// Hash of the stored bytes, if all were read.
    pub(super) fn digest(&self) -> Option<u128> {
        self.decompressor.raw().and_then(Raw::digest)
    }
}

/// Did the source's content end the stream, and not the operating system?
pub(super) fn is_damage(fault: &io::Error) -> bool {
    matches!(fault.kind(), io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidData)
}

/// What is told of a source that could not be read to its end.
pub(super) fn problem(name: &str, fault: io::Error) -> Error {
    if let Some(hit) = fault.get_ref().and_then(|inner| inner.downcast_ref::<LimitHit>()) {
        return Error::corrupt(hit.to_string()).at(name).hint(hit.hint);
    }
    match fault.kind() {
        io::ErrorKind::UnexpectedEof => Error::corrupt("the archive is cut off; what came before was read")
            .at(name)
            .hint("fetch the file again, or pack it again from its source"),
        io::ErrorKind::InvalidData => Error::corrupt(format!("the archive is damaged ({fault}); what came before was read"))
            .at(name)
            .hint("fetch the file again, or pack it again from its source"),
        // A pipe that breaks while we read is no reader of ours that went away.
        io::ErrorKind::BrokenPipe => Error::from(io::Error::other(fault.to_string())).at(name),
        io::ErrorKind::PermissionDenied => Error::from(fault).at(name).hint("check the permissions of the file"),
        _ => Error::from(fault).at(name),
    }
}
