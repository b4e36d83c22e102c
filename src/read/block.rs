//! Sources to blocks of whole records.
//!
//! A block ends after the first whole record that brings it to `block_bytes`, or after 4096 pieces. Its borders depend
//! on the records and nothing else: not on threads, the size of a read, or compression; but of a stream that is read as it comes on
//! what was there. A source that breaks off gives what came before the fault, is noted as a problem, and reading goes on with the next one.
//!
//! Memory: a block, a record of at most `max_record_bytes`, and fixed buffers.

use std::io::{self, Read};

use super::source::Input;
use super::spool::Spool;
use super::stream::{Stream, is_damage, problem};
use super::waiting::WaitFlags;
use super::{InputFormat, Limits, Source};
use crate::model::{Error, Position, Result, give_buffer};

/// The usual size of a block in plain bytes.
pub const BLOCK_BYTES: usize = 1 << 20;

/// Longest part of a record that is too long.
const PART_BYTES: usize = 4 << 20;
/// Most pieces in a block: a million files of one byte are no block.
const MAX_PIECES: usize = 4096;

/// A part of a block that comes from one source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// A whole text file, position 1.
    Text {
        /// Number of the source.
        source: u32,
        /// Plain bytes, in whatever encoding they are.
        bytes: Vec<u8>,
    },
    /// Whole lines of JSONL, each with its LF; the source's last line may lack it.
    Jsonl {
        /// Number of the source.
        source: u32,
        /// Number of the first line, from 1.
        first_line: u64,
        /// The lines.
        bytes: Vec<u8>,
    },
    /// Part of a record over `max_record_bytes`. All its bytes are delivered, the LF of a line too.
    TooLong {
        /// Number of the source.
        source: u32,
        /// The record's position.
        position: Position,
        /// Number of the part, from 0.
        part: u32,
        /// Is it the record's last part?
        last: bool,
        /// At most 4 MiB.
        bytes: Vec<u8>,
    },
    /// What could be read of a text file that breaks off: no document, but for the quarantine.
    Cut {
        /// Number of the source.
        source: u32,
        /// Always 1.
        position: Position,
        /// The bytes before the fault.
        bytes: Vec<u8>,
    },
}

/// Some whole records in the order of the input.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Block {
    /// Its number, from 0: the same on every read of the same sources.
    pub number: usize,
    /// The records.
    pub pieces: Vec<Piece>,
    /// Plain bytes of all pieces.
    pub bytes: u64,
    /// Stored bytes read for it; for a progress bar, so not exact to the record.
    pub consumed: u64,
}

impl Block {
    /// Gives the room of its bytes to later blocks; the stored bytes that were read for it.
    pub fn recycle(self) -> u64 {
        for piece in self.pieces {
            let (Piece::Text { bytes, .. } | Piece::Jsonl { bytes, .. } | Piece::TooLong { bytes, .. } | Piece::Cut { bytes, .. }) = piece;
            give_buffer(bytes);
        }
        self.consumed
    }

    fn push(&mut self, piece: Piece) {
        let (Piece::Text { bytes, .. } | Piece::Jsonl { bytes, .. } | Piece::TooLong { bytes, .. } | Piece::Cut { bytes, .. }) = &piece;
        self.bytes += bytes.len() as u64;
        self.pieces.push(piece);
    }
}

/// What reading found out about a source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SourceInfo {
    /// Stored bytes that were read.
    pub bytes: u64,
    /// Hash of the stored bytes; `None` if not all were read.
    pub xxh3_128: Option<u128>,
    /// [`InputFormat::Text`] or [`InputFormat::Jsonl`]; `None` if it could not be opened.
    pub records_format: Option<InputFormat>,
    /// Was it read to its end and held nothing?
    pub empty: bool,
    /// Was it read to its end without a fault?
    pub whole: bool,
}

type Opener<'a> = Box<dyn Fn(&'a Source) -> io::Result<Box<dyn Read + Send + 'a>> + Send + 'a>;

/// Reads sources one after the other.
pub struct Reader<'a> {
    sources: &'a [Source],
    format: InputFormat,
    limits: Limits,
    block_bytes: usize,
    part_bytes: usize,
    opener: Opener<'a>,
    next: usize,
    blocks: usize,
    current: Option<Current<'a>>,
    infos: Vec<SourceInfo>,
    problems: Vec<(u32, Error)>,
}

impl<'a> Reader<'a> {
    /// A reader of all `sources`, in blocks of about `block_bytes` plain bytes ([`BLOCK_BYTES`]).
    ///
    /// A stream that was not spooled is read as it comes, once: a block of its lines is what was there.
    pub fn new(sources: &'a [Source], format: InputFormat, limits: Limits, block_bytes: usize) -> Self {
        Self::with_opener(sources, format, limits, block_bytes, PART_BYTES, Box::new(Source::open))
    }

    /// The same, but to wait for a stream ends when a flag is no longer 0.
    pub fn until(self, stop: WaitFlags<'a>) -> Self {
        Reader { opener: Box::new(move |source| source.open_until(stop)), ..self }
    }

    pub(super) fn with_opener(
        sources: &'a [Source],
        format: InputFormat,
        limits: Limits,
        block_bytes: usize,
        part_bytes: usize,
        opener: Opener<'a>,
    ) -> Self {
        let infos = vec![SourceInfo::default(); sources.len()];
        Reader { sources, format, limits, block_bytes, part_bytes, opener, next: 0, blocks: 0, current: None, infos, problems: Vec::new() }
    }

    /// The next block; `None` at the end of all sources.
    ///
    /// # Errors
    /// I/O: the copy of a stream in the temporary folder cannot be read. A fault in a source is no error, see
    /// [`Reader::take_problems`].
    pub fn next_block(&mut self) -> Result<Option<Block>> {
        let mut block = Block { number: self.blocks, ..Block::default() };
        let max_record = usize::try_from(self.limits.max_record_bytes).unwrap_or(usize::MAX);
        while block.bytes < self.block_bytes as u64 && block.pieces.len() < MAX_PIECES {
            if !block.pieces.is_empty() && self.current.as_ref().is_some_and(|current| current.at_once) {
                break;
            }
            let Some(mut current) = self.current.take().or_else(|| self.open_next()) else { break };
            let more = match current.stream.format {
                InputFormat::Jsonl => current.jsonl(&mut block, self.block_bytes, max_record, self.part_bytes),
                _ => current.text(&mut block, max_record, self.part_bytes),
            };
            let stored = current.stream.stored();
            block.consumed += stored - std::mem::replace(&mut current.counted, stored);
            if more {
                self.current = Some(current);
            } else {
                self.close(current)?;
            }
        }
        if block.pieces.is_empty() {
            return Ok(None);
        }
        self.blocks += 1;
        Ok(Some(block))
    }

    /// Sources that could not be opened or break off, met since the last call, by their number. What came before the
    /// fault was delivered.
    pub fn take_problems(&mut self) -> Vec<(u32, Error)> {
        std::mem::take(&mut self.problems)
    }

    /// What was found out about each source; one that was not read to its end is not whole.
    pub fn finish(mut self) -> Vec<SourceInfo> {
        if let Some(current) = &self.current
            && let Some(info) = self.infos.get_mut(current.index)
        {
            *info = SourceInfo { bytes: current.stream.stored(), records_format: Some(current.stream.format), ..SourceInfo::default() };
        }
        self.infos
    }

    /// Opens the next source that can be opened.
    fn open_next(&mut self) -> Option<Current<'a>> {
        loop {
            let index = self.next;
            let source = self.sources.get(index)?;
            self.next += 1;
            match (self.opener)(source).and_then(|input| Stream::open(input, &source.name, self.format, self.limits)) {
                Ok(stream) => return Some(Current { stream, index, line: 1, long: None, delivered: false, counted: 0, at_once: source.is_stream() }),
                Err(e) => self.problems.push((number(index), problem(&source.name, e))),
            }
        }
    }

    fn close(&mut self, mut current: Current<'a>) -> Result<()> {
        let fault = current.stream.fault.take();
        if let Some(info) = self.infos.get_mut(current.index) {
            *info = SourceInfo {
                bytes: current.stream.stored(),
                xxh3_128: current.stream.digest(),
                records_format: Some(current.stream.format),
                empty: fault.is_none() && !current.delivered,
                whole: fault.is_none(),
            };
        }
        let (Some(fault), Some(source)) = (fault, self.sources.get(current.index)) else { return Ok(()) };
        if matches!(source.input, Input::Spooled(Spool::Disk(_))) && !is_damage(&fault) {
            return Err(Error::from(fault).at(&source.name).hint("the copy of the stream in --tmp-dir cannot be read; check that disk"));
        }
        let mut error = problem(&source.name, fault);
        if current.stream.format == InputFormat::Jsonl && current.line > 1 {
            error = error.line(current.line - 1);
        }
        self.problems.push((number(current.index), error));
        Ok(())
    }
}

fn number(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

/// The source that is being read.
struct Current<'a> {
    stream: Stream<'a>,
    index: usize,
    /// Number of the next line.
    line: u64,
    /// The next part of a record that is too long, while one is being delivered.
    long: Option<u32>,
    /// Was anything delivered?
    delivered: bool,
    /// Stored bytes that blocks have counted.
    counted: u64,
    /// Is it a stream, whose writer may take its time? Then whole lines are handed out as they come.
    at_once: bool,
}

impl Current<'_> {
    fn push(&mut self, block: &mut Block, piece: Piece) {
        self.delivered = true;
        block.push(piece);
    }

    /// Adds whole lines until the block is full or a line is too long; false at the source's end.
    fn jsonl(&mut self, block: &mut Block, block_bytes: usize, max_record: usize, part_bytes: usize) -> bool {
        if let Some(part) = self.long {
            if self.long_part(block, part, part_bytes, true) {
                self.line += 1;
            }
            return true;
        }
        let wanted = block_bytes.saturating_sub(usize::try_from(block.bytes).unwrap_or(usize::MAX));
        let (mut end, mut lines, mut scanned) = (0, 0, 0);
        let more = loop {
            let rest = self.stream.buf.get(scanned..).unwrap_or_default();
            if let Some(i) = memchr::memchr(b'\n', rest) {
                let stop = scanned + i + 1;
                if stop - 1 - end > max_record {
                    self.long = Some(0);
                    break true;
                }
                (end, scanned) = (stop, stop);
                lines += 1;
                if end >= wanted {
                    break true;
                }
                continue;
            }
            scanned = self.stream.buf.len();
            if scanned - end > max_record {
                self.long = Some(0);
                break true;
            }
            if self.stream.eof {
                lines += u64::from(scanned > end);
                end = scanned;
                break false;
            }
            if self.at_once && end > 0 {
                break true;
            }
            self.stream.fill();
        };
        if end > 0 {
            let bytes = self.stream.take(end);
            let piece = Piece::Jsonl { source: number(self.index), first_line: self.line, bytes };
            self.line += lines;
            self.push(block, piece);
        }
        more
    }

    /// Adds the whole file, or one part of it where it is too long; false at the source's end.
    fn text(&mut self, block: &mut Block, max_record: usize, part_bytes: usize) -> bool {
        if let Some(part) = self.long {
            return !self.long_part(block, part, part_bytes, false);
        }
        while !self.stream.eof && self.stream.buf.len() <= max_record {
            self.stream.fill();
        }
        if self.stream.buf.len() > max_record {
            self.long = Some(0);
            return true;
        }
        let (source, mut bytes) = (number(self.index), std::mem::take(&mut self.stream.buf));
        // Room that was there to read into: a block may hold thousands of small files.
        bytes.shrink_to(bytes.len() + bytes.len() / 8);
        if !bytes.is_empty() {
            let cut = self.stream.fault.is_some();
            self.push(block, if cut { Piece::Cut { source, position: 1, bytes } } else { Piece::Text { source, bytes } });
        }
        false
    }

    /// Adds one part of a record that is too long, which ends with its line or with the source; was it the last?
    fn long_part(&mut self, block: &mut Block, part: u32, part_bytes: usize, by_line: bool) -> bool {
        let mut scanned = 0;
        let (end, last) = loop {
            let len = self.stream.buf.len();
            let window = self.stream.buf.get(scanned..len.min(part_bytes)).unwrap_or_default();
            if by_line && let Some(i) = memchr::memchr(b'\n', window) {
                break (scanned + i + 1, true);
            }
            scanned = len.min(part_bytes);
            // One byte more than a part: only then is it sure that this part is not the last.
            if len > part_bytes {
                break (part_bytes, false);
            }
            if self.stream.eof {
                break (len, true);
            }
            self.stream.fill();
        };
        let bytes = self.stream.take(end);
        let piece = Piece::TooLong { source: number(self.index), position: self.line, part, last, bytes };
        self.push(block, piece);
        self.long = (!last).then_some(part.saturating_add(1));
        last
    }
}
