//! The index as bytes: magic, version of the format and of the keys, three sorted tables, a checksum at the end.
//!
//! All numbers little-endian. Equal indices have equal bytes. What is read back is checked whole before a byte is believed:
//! a file of another version, a cut or a changed one is refused by name.

use xxhash_rust::xxh3::xxh3_128;

use super::{CorpusLine, IndexedCorpusLine, IndexedLine, LineIndex, SiteCounts, SiteLine, Usual, bucketed::Bucketed};
use crate::{
    hash::{KEY_VERSION, SiteKey},
    model::{Error, Result},
};

const MAGIC: &[u8; 8] = b"BUDDLELX";
const VERSION: u32 = 3;
const CHECKSUM: usize = 16;

impl LineIndex {
    /// The bytes of the index file.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut sites: Vec<_> = self.sites.iter().collect();
        sites.sort_unstable_by_key(|(site, _)| **site);
        let (lines, corpus) = (self.lines.entries(), self.corpus.entries());
        let mut out = Vec::with_capacity(64 + sites.len() * 36 + lines.len() * 74 + corpus.len() * 20);
        out.extend_from_slice(MAGIC);
        for number in [VERSION, KEY_VERSION] {
            out.extend_from_slice(&number.to_le_bytes());
        }
        for count in [sites.len(), lines.len(), corpus.len()] {
            out.extend_from_slice(&(count as u64).to_le_bytes());
        }
        for (site, counts) in sites {
            out.extend_from_slice(&site.0.to_le_bytes());
            out.extend_from_slice(&counts.pages.to_le_bytes());
            for number in [counts.documents, counts.chars, counts.bound] {
                out.extend_from_slice(&number.to_le_bytes());
            }
        }
        for IndexedLine { high, low, site, line } in lines {
            out.extend_from_slice(&high.to_le_bytes());
            out.extend_from_slice(&low.to_le_bytes());
            out.extend_from_slice(&site.0.to_le_bytes());
            out.extend_from_slice(&line.pages.to_le_bytes());
            out.extend_from_slice(&line.copies.to_le_bytes());
            out.extend_from_slice(&line.squares.to_le_bytes());
            for usual in [line.before, line.after, line.form] {
                out.extend_from_slice(&usual.neighbour.to_le_bytes());
                out.extend_from_slice(&usual.pages.to_le_bytes());
            }
            for pages in [line.start, line.end, line.outside] {
                out.extend_from_slice(&pages.to_le_bytes());
            }
        }
        for IndexedCorpusLine { high, low, line } in corpus {
            out.extend_from_slice(&high.to_le_bytes());
            for number in [*low, line.sites, line.furniture] {
                out.extend_from_slice(&number.to_le_bytes());
            }
        }
        let checksum = xxh3_128(&out);
        out.extend_from_slice(&checksum.to_le_bytes());
        out
    }

    /// The index of a file's bytes.
    ///
    /// # Errors
    /// [`ErrorKind::Corrupt`](crate::model::ErrorKind::Corrupt) for what is no index, one of another version, or a damaged one.
    pub fn from_bytes(bytes: &[u8]) -> Result<LineIndex> {
        let hint = "wash the input again to make a new index";
        if !bytes.starts_with(MAGIC) {
            return Err(Error::corrupt("this is no line index of buddle").hint(hint));
        }
        let damaged = || Error::corrupt("the line index is damaged").hint(hint);
        let (body, checksum) = bytes.len().checked_sub(CHECKSUM).and_then(|end| bytes.split_at_checked(end)).ok_or_else(damaged)?;
        let mut rest = Fields(body.get(MAGIC.len()..).unwrap_or_default());
        let (version, keys) = (rest.u32().ok_or_else(damaged)?, rest.u32().ok_or_else(damaged)?);
        if (version, keys) != (VERSION, KEY_VERSION) {
            let what = format!("the line index has version {version} with keys of version {keys}; this buddle reads {VERSION} with {KEY_VERSION}");
            return Err(Error::corrupt(what).hint(hint));
        }
        if checksum != xxh3_128(body).to_le_bytes() {
            return Err(damaged());
        }
        rest.index().filter(|_| rest.0.is_empty()).ok_or_else(damaged)
    }
}

/// Fields that are read one after the other.
struct Fields<'a>(&'a [u8]);

impl Fields<'_> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*head)
    }

    fn u16(&mut self) -> Option<u16> {
        self.take().map(u16::from_le_bytes)
    }

    fn u32(&mut self) -> Option<u32> {
        self.take().map(u32::from_le_bytes)
    }

    fn u64(&mut self) -> Option<u64> {
        self.take().map(u64::from_le_bytes)
    }

    fn usual(&mut self) -> Option<Usual> {
        Some(Usual { neighbour: self.u16()?, pages: self.u32()? })
    }

    fn index(&mut self) -> Option<LineIndex> {
        let mut index = LineIndex::default();
        let (sites, line_count, corpus_count) = (self.u64()?, self.u64()?, self.u64()?);
        let (mut lines, mut corpus) = (Vec::new(), Vec::new());
        for _ in 0..sites {
            let site = SiteKey(self.u64()?);
            let counts = SiteCounts { pages: self.u32()?, documents: self.u64()?, chars: self.u64()?, bound: self.u64()? };
            index.sites.insert(site, counts);
        }
        for _ in 0..line_count {
            let (high, low, site) = (self.u64()?, self.u32()?, SiteKey(self.u64()?));
            let line = SiteLine {
                pages: self.u32()?,
                copies: self.u64()?,
                squares: self.u64()?,
                before: self.usual()?,
                after: self.usual()?,
                form: self.usual()?,
                start: self.u32()?,
                end: self.u32()?,
                outside: self.u32()?,
            };
            lines.push(IndexedLine { high, low, site, line });
        }
        for _ in 0..corpus_count {
            let (high, low) = (self.u64()?, self.u32()?);
            corpus.push(IndexedCorpusLine { high, low, line: CorpusLine { sites: self.u32()?, furniture: self.u32()? } });
        }
        let sorted = lines.is_sorted_by_key(|entry| (entry.high, entry.low, entry.site)) && corpus.is_sorted_by_key(|entry| (entry.high, entry.low));
        (index.lines, index.corpus) = (Bucketed::of(lines), Bucketed::of(corpus));
        sorted.then_some(index)
    }
}
