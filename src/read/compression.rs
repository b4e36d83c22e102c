//! Stored bytes to plain bytes: gzip (many members) and zstd (many frames), told by content; all else as it is.
//!
//! A cut or broken archive ends in an error of the kind `UnexpectedEof` or `InvalidData` after all that could be
//! unpacked, never in a clean end. Zero bytes after a gzip member are padding. Two guards stop archives that are
//! bombs: the bytes that come out of one, and their ratio to what went in. zstd windows over 128 MiB are refused.

use std::io::{self, BufRead, Read};
use std::{error, fmt};

use flate2::bufread::GzDecoder;
use xxhash_rust::xxh3::Xxh3;

use super::Limits;

/// Bytes read from a source at a time.
const RAW_BYTES: usize = 128 << 10;
/// Bytes unpacked at a time.
const PLAIN_BYTES: usize = 64 << 10;
/// Output from which on the ratio is judged: small archives of one repeated byte are harmless.
const RATIO_FROM: u64 = 64 << 20;

/// The stored bytes: buffered, counted and hashed as they are read.
pub(super) struct Raw<'a> {
    input: Box<dyn Read + Send + 'a>,
    buf: Box<[u8]>,
    at: usize,
    end: usize,
    eof: bool,
    /// `None` where nobody asks for the hash.
    hash: Option<Box<Xxh3>>,
    bytes: u64,
}

impl<'a> Raw<'a> {
    pub(super) fn new(input: Box<dyn Read + Send + 'a>) -> Self {
        Raw { hash: Some(Box::new(Xxh3::new())), ..Raw::unhashed(input) }
    }

    /// Without the hash of all bytes.
    pub(super) fn unhashed(input: Box<dyn Read + Send + 'a>) -> Self {
        Raw { input, buf: vec![0; RAW_BYTES].into_boxed_slice(), at: 0, end: 0, eof: false, hash: None, bytes: 0 }
    }

    /// Bytes read so far.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Hash of all bytes, once the end was seen; `None` where it was not asked for.
    pub(super) fn digest(&self) -> Option<u128> {
        self.hash.as_ref().filter(|_| self.eof).map(|hash| hash.digest128())
    }

    fn unread(&self) -> &[u8] {
        self.buf.get(self.at..self.end).unwrap_or_default()
    }

    /// Reads once more, behind what is unread.
    fn more(&mut self) -> io::Result<()> {
        self.buf.copy_within(self.at..self.end, 0);
        (self.at, self.end) = (0, self.end - self.at);
        let room = self.buf.get_mut(self.end..).unwrap_or_default();
        let n = loop {
            match self.input.read(room) {
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                other => break other?,
            }
        };
        if let Some(hash) = &mut self.hash {
            hash.update(room.get(..n).unwrap_or_default());
        }
        self.eof = n == 0;
        self.end += n;
        self.bytes += n as u64;
        Ok(())
    }

    /// Appends the next bytes to `out`, without a stop in the buffer where nothing waits there; 0 at the end.
    fn append(&mut self, out: &mut Vec<u8>) -> io::Result<usize> {
        let unread = self.unread();
        if !unread.is_empty() || self.eof {
            let n = unread.len();
            out.extend_from_slice(unread);
            self.consume(n);
            return Ok(n);
        }
        if self.bytes < RAW_BYTES as u64 {
            // A small source, of which no large buffer needs to be made.
            self.more()?;
            let n = self.unread().len();
            out.extend_from_slice(self.unread());
            self.consume(n);
            return Ok(n);
        }
        // One read of the whole size: `read_to_end` would begin each with small ones.
        let start = out.len();
        out.resize(start + RAW_BYTES, 0);
        let n = loop {
            match self.input.read(out.get_mut(start..).unwrap_or_default()) {
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                other => break other,
            }
        };
        out.truncate(start + n.as_ref().map_or(0, |n| *n));
        let n = n?;
        if let Some(hash) = &mut self.hash {
            hash.update(out.get(start..).unwrap_or_default());
        }
        self.bytes += n as u64;
        self.eof = n == 0;
        Ok(n)
    }

    /// The first four bytes, fewer where there are no more.
    fn magic(&mut self) -> io::Result<&[u8]> {
        while self.end - self.at < 4 && !self.eof {
            self.more()?;
        }
        Ok(self.unread())
    }
}

impl Read for Raw<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let n = self.fill_buf()?.read(into)?;
        self.consume(n);
        Ok(n)
    }
}

impl BufRead for Raw<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.at == self.end && !self.eof {
            self.more()?;
        }
        Ok(self.unread())
    }

    fn consume(&mut self, n: usize) {
        self.at = (self.at + n).min(self.end);
    }
}

/// A guard that struck, inside the `io::Error`.
#[derive(Debug)]
pub(super) struct LimitHit {
    what: String,
    pub(super) hint: &'static str,
}

impl fmt::Display for LimitHit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl error::Error for LimitHit {}

enum Decoder<'a> {
    Plain(Raw<'a>),
    /// `None` only while one member's decoder gives way to the next one's.
    Gzip(Option<Box<GzDecoder<Raw<'a>>>>),
    Zstd(Box<zstd::stream::read::Decoder<'static, Raw<'a>>>),
}

/// The plain bytes of a source.
pub(super) struct Decompressor<'a> {
    decoder: Decoder<'a>,
    scratch: Box<[u8]>,
    produced: u64,
    /// Was something held back because the archive holds more than it may?
    over: bool,
    limits: Limits,
}

impl<'a> Decompressor<'a> {
    /// Looks at the first bytes and takes the decoder that they call for.
    pub(super) fn new(mut raw: Raw<'a>, limits: Limits) -> io::Result<Self> {
        let decoder = match raw.magic()? {
            [0x1F, 0x8B, ..] => Decoder::Gzip(Some(Box::new(GzDecoder::new(raw)))),
            [0x28, 0xB5, 0x2F, 0xFD, ..] | [0x50..=0x5F, 0x2A, 0x4D, 0x18, ..] => {
                Decoder::Zstd(Box::new(zstd::stream::read::Decoder::with_buffer(raw)?))
            }
            _ => Decoder::Plain(raw),
        };
        let scratch = if matches!(decoder, Decoder::Plain(_)) { 0 } else { PLAIN_BYTES };
        Ok(Decompressor { decoder, scratch: vec![0; scratch].into_boxed_slice(), produced: 0, over: false, limits })
    }

    /// The stored side, for counts and the hash.
    pub(super) fn raw(&self) -> Option<&Raw<'a>> {
        match &self.decoder {
            Decoder::Plain(raw) => Some(raw),
            Decoder::Gzip(member) => member.as_ref().map(|d| d.get_ref()),
            Decoder::Zstd(decoder) => Some(decoder.get_ref()),
        }
    }

    /// Appends the next bytes to `out`; 0 at the clean end.
    pub(super) fn fill(&mut self, out: &mut Vec<u8>) -> io::Result<usize> {
        if self.over {
            return Err(self.too_large());
        }
        let n = match &mut self.decoder {
            Decoder::Plain(raw) => {
                return raw.append(out);
            }
            Decoder::Gzip(member) => read_gzip(member, &mut self.scratch),
            Decoder::Zstd(decoder) => decoder.read(&mut self.scratch),
        }
        .map_err(as_damage)?;
        // The guards let out exactly as much as they allow, whatever the size of a read.
        let room = self.limits.max_decompressed_bytes - self.produced;
        let taken = usize::try_from(room).unwrap_or(usize::MAX).min(n);
        self.over = taken < n;
        if self.over && taken == 0 {
            return Err(self.too_large());
        }
        let stored = self.raw().map_or(0, |raw| raw.bytes - raw.unread().len() as u64);
        let produced = self.produced + taken as u64;
        if produced > RATIO_FROM && produced / self.limits.max_ratio.max(1) > stored {
            let what = format!("the archive grows more than {}-fold when unpacked", self.limits.max_ratio);
            return Err(limit(what, "raise --max-ratio if the archive is sound"));
        }
        out.extend_from_slice(self.scratch.get(..taken).unwrap_or_default());
        self.produced = produced;
        Ok(taken)
    }

    fn too_large(&self) -> io::Error {
        let what = format!("the archive holds more than {} bytes", self.limits.max_decompressed_bytes);
        limit(what, "raise --max-decompressed-bytes if the archive is sound")
    }
}

fn limit(what: String, hint: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, LimitHit { what, hint })
}

/// Decoders report damage as several kinds; what the operating system did not say is damage.
fn as_damage(e: io::Error) -> io::Error {
    match e.kind() {
        io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidData => e,
        _ if e.raw_os_error().is_some() => e,
        io::ErrorKind::InvalidInput | io::ErrorKind::Other => io::Error::new(io::ErrorKind::InvalidData, e),
        _ => e,
    }
}

fn read_gzip(member: &mut Option<Box<GzDecoder<Raw<'_>>>>, into: &mut [u8]) -> io::Result<usize> {
    while let Some(decoder) = member {
        let n = decoder.read(into)?;
        if n > 0 || !another_member(decoder.get_mut())? {
            return Ok(n);
        }
        *member = member.take().map(|d| Box::new(GzDecoder::new(d.into_inner())));
    }
    Ok(0)
}

/// Passes over padding; is there one more member behind it?
fn another_member(raw: &mut Raw<'_>) -> io::Result<bool> {
    loop {
        let rest = raw.fill_buf()?;
        let zeros = rest.iter().take_while(|b| **b == 0).count();
        match rest.get(zeros) {
            Some(0x1F) => {
                raw.consume(zeros);
                return Ok(true);
            }
            Some(_) => return Err(io::Error::new(io::ErrorKind::InvalidData, "bytes that are no gzip follow the archive's end")),
            None if rest.is_empty() => return Ok(false),
            None => raw.consume(zeros),
        }
    }
}
