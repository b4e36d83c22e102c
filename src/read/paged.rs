//! Reads files of pages: a part at a time, each page held against its checksum before a byte of it is believed.
//!
//! Nothing is mapped: a file that changes or is cut while it is read is an error, and no signal. Reads may come from any thread.

use std::{
    cmp::Ordering,
    fs::File,
    io::{self, Read},
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
};

use crate::model::{BYTE_ORDER, Error, PAGE, PAGE_BYTES, PagedKind, Result, page_checksum};

/// Pages that a stream reads at a time.
const AHEAD: usize = 16;

/// Looks that trust in hashes being spread evenly.
const TRIES: u32 = 4;

/// A file of pages.
#[derive(Debug)]
pub struct PagedFile {
    file: File,
    path: PathBuf,
    pages: u64,
    /// Tells it from other files: a hash over all that stands in it.
    pub identity: u64,
    /// Tag, first byte and length of each section.
    sections: Vec<Place>,
}

/// Tag, first byte and length of a section.
type Place = (u32, u64, u64);

/// Part of a file of pages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Section {
    start: u64,
    /// Its bytes.
    pub len: u64,
}

impl PagedFile {
    /// Opens a file; `name` is what it is called in messages, `hint` how one gets a new one.
    ///
    /// # Errors
    /// What cannot be read; a file of another kind or version, a cut or a damaged one.
    pub fn open(path: &Path, kind: PagedKind, name: &str, hint: &str) -> Result<PagedFile> {
        let open = || {
            let file = File::open(path)?;
            let len = file.metadata()?.len();
            Ok::<_, io::Error>((file, len))
        };
        let (file, len) = open().map_err(|e| Error::from(e).at(path.display()))?;
        let mut opened = PagedFile { file, path: path.to_owned(), pages: len / PAGE as u64, identity: 0, sections: Vec::new() };
        let refuse = |what: String| Error::corrupt(what).at(path.display()).hint(hint);
        let mut magic = [0; 8];
        if opened.file.read_exact_at(&mut magic, 0).is_err() || magic != kind.magic {
            return Err(refuse(format!("this is no {name} of buddle")));
        }
        let mut head = [0; 12];
        opened.file.read_exact_at(&mut head, 8).map_err(|_| refuse(format!("the {name} is cut")))?;
        let [version, order, page] = [0, 4, 8].map(|at| head.get(at..at + 4).and_then(|b| b.try_into().ok()).map_or(0, u32::from_le_bytes));
        if order == BYTE_ORDER.swap_bytes() {
            return Err(refuse(format!("the {name} was written in another byte order")));
        }
        if version != kind.version {
            return Err(refuse(format!("the {name} has version {version}; this buddle reads {}", kind.version)));
        }
        let damaged = || refuse(format!("the {name} is damaged"));
        if (order, page as usize) != (BYTE_ORDER, PAGE) || len % PAGE as u64 != 0 || opened.pages < 2 {
            return Err(damaged());
        }
        opened.page(0)?;
        let last = opened.page(opened.pages - 1)?;
        (opened.identity, opened.sections) = table(&last, kind, opened.pages).ok_or_else(damaged)?;
        Ok(opened)
    }

    /// The file's name.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Bytes of the file.
    pub fn bytes(&self) -> u64 {
        self.pages * PAGE as u64
    }

    /// The section of a tag; an empty one where there is none.
    pub fn section(&self, tag: u32) -> Section {
        let found = self.sections.iter().find(|(other, ..)| *other == tag);
        found.map_or(Section::default(), |(_, start, len)| Section { start: *start, len: *len })
    }

    fn damaged(&self) -> Error {
        Error::corrupt("a page is damaged").at(self.path.display()).hint("`buddle index check` looks at all of them")
    }

    fn page(&self, number: u64) -> Result<Vec<u8>> {
        let mut page = Vec::with_capacity(PAGE_BYTES);
        self.pages(number, 1, |bytes| page.extend_from_slice(bytes))?;
        Ok(page)
    }

    /// So many pages, one after the other, without their checksums.
    fn pages(&self, first: u64, count: usize, mut each: impl FnMut(&[u8])) -> Result<()> {
        let mut bytes = vec![0; count * PAGE];
        self.file.read_exact_at(&mut bytes, first * PAGE as u64).map_err(|e| Error::from(e).at(self.path.display()))?;
        for (page, number) in bytes.chunks_exact(PAGE).zip(first..) {
            let (page, checksum) = page.split_at_checked(PAGE_BYTES).ok_or_else(|| self.damaged())?;
            if checksum != page_checksum(page, number).to_le_bytes() {
                return Err(self.damaged());
            }
            each(page);
        }
        Ok(())
    }

    /// Bytes of a section.
    ///
    /// # Errors
    /// What cannot be read, pages that are damaged, bytes that the section does not have.
    pub fn read(&self, section: Section, at: u64, len: usize) -> Result<Vec<u8>> {
        if at.checked_add(len as u64).is_none_or(|end| end > section.len) {
            return Err(self.damaged());
        }
        // Page 0 is the head.
        let start = section.start + at;
        let first = 1 + start / PAGE_BYTES as u64;
        let last = 1 + (start + (len as u64).max(1) - 1) / PAGE_BYTES as u64;
        let count = usize::try_from(last - first + 1).map_err(|_| self.damaged())?;
        let mut skip = (start % PAGE_BYTES as u64) as usize;
        let mut out = Vec::with_capacity(len);
        self.pages(first, count, |page| {
            let page = page.get(std::mem::take(&mut skip)..).unwrap_or_default();
            out.extend_from_slice(page.get(..len - out.len()).unwrap_or(page));
        })?;
        Ok(out)
    }

    /// The entry that `order` calls equal, in a section of entries of `N` bytes in the order of their hashes, which are spread evenly: where one stands follows from what
    /// stands around it, nearly. Where that does not lead there, halves do. `order` says how an entry stands to the one that is asked for.
    ///
    /// # Errors
    /// Damaged pages.
    pub fn find<const N: usize>(
        &self,
        section: Section,
        hash: u64,
        hash_of: impl Fn(&[u8; N]) -> u64,
        order: impl Fn(&[u8; N]) -> Ordering,
    ) -> Result<Option<[u8; N]>> {
        // A quarter of a page.
        let at_once = (PAGE_BYTES / N / 4).max(1) as u64;
        // It stands from the first of these on, and before the second; with what hashes are there.
        let (mut low, mut high) = ((0, 0), (section.len / N as u64, u64::MAX));
        let mut tries = 0;
        while low.0 < high.0 {
            let share = u128::from(hash.saturating_sub(low.1)) * u128::from(high.0 - low.0) / u128::from(high.1 - low.1).max(1);
            let guess = if tries < TRIES { low.0 + (share as u64).min(high.0 - low.0) } else { low.0.midpoint(high.0) };
            let start = guess.saturating_sub(at_once / 2).clamp(low.0, high.0.saturating_sub(at_once).max(low.0));
            let count = at_once.min(high.0 - start);
            let bytes = self.read(section, start * N as u64, usize::try_from(count).unwrap_or(0) * N)?;
            let (entries, _) = bytes.as_chunks::<N>();
            let at = entries.partition_point(|entry| order(entry) == Ordering::Less);
            match (entries.get(at), entries.first(), entries.last()) {
                (Some(entry), ..) if order(entry) == Ordering::Equal => return Ok(Some(*entry)),
                (Some(_), ..) if at > 0 || start == low.0 => return Ok(None),
                (Some(_), Some(first), _) => high = (start, hash_of(first).max(low.1)),
                (_, _, Some(last)) => low = (start + count, hash_of(last).min(high.1)),
                _ => return Ok(None),
            }
            tries += 1;
        }
        Ok(None)
    }

    /// A section from its beginning to its end.
    pub fn stream(&self, section: Section) -> Stream<'_> {
        Stream { file: self, section, at: 0, buffer: Vec::new(), used: 0 }
    }

    /// Looks at every page.
    ///
    /// # Errors
    /// What cannot be read, pages that are damaged.
    pub fn check(&self) -> Result<()> {
        (0..self.pages).try_for_each(|number| self.page(number).map(|_| ()))
    }
}

/// The sections that the last page names.
fn table(last: &[u8], kind: PagedKind, pages: u64) -> Option<(u64, Vec<Place>)> {
    let mut rest = last.strip_prefix(&kind.magic)?;
    let mut number = || {
        let (head, tail) = rest.split_first_chunk::<8>()?;
        rest = tail;
        Some(u64::from_le_bytes(*head))
    };
    let (total, identity, count) = (number()?, number()?, usize::try_from(number()?).ok()?);
    if total != pages {
        return None;
    }
    let room = pages.checked_sub(2)?.checked_mul(PAGE_BYTES as u64)?;
    let entries = rest.as_chunks::<20>().0.get(..count)?;
    let section = |entry: &[u8; 20]| {
        let (tag, rest) = entry.split_first_chunk::<4>()?;
        let (start, rest) = rest.split_first_chunk::<8>()?;
        let (len, _) = rest.split_first_chunk::<8>()?;
        let (start, len) = (u64::from_le_bytes(*start), u64::from_le_bytes(*len));
        (start.checked_add(len)? <= room).then_some((u32::from_le_bytes(*tag), start, len))
    };
    Some((identity, entries.iter().map(section).collect::<Option<_>>()?))
}

/// Reads a section in order.
#[derive(Debug)]
pub struct Stream<'p> {
    file: &'p PagedFile,
    section: Section,
    at: u64,
    buffer: Vec<u8>,
    used: usize,
}

impl Stream<'_> {
    /// The next bytes; none at the end.
    ///
    /// # Errors
    /// What cannot be read, pages that are damaged, an end in between.
    pub fn take<const N: usize>(&mut self) -> Result<Option<[u8; N]>> {
        if self.is_at_end() {
            return Ok(None);
        }
        let mut bytes = [0; N];
        self.fill(&mut bytes)?;
        Ok(Some(bytes))
    }

    /// Are all bytes read?
    pub fn is_at_end(&self) -> bool {
        self.used == self.buffer.len() && self.at == self.section.len
    }

    /// The next `len` bytes.
    ///
    /// # Errors
    /// As above; no more room is taken than the section has bytes.
    pub fn bytes(&mut self, len: usize) -> Result<Vec<u8>> {
        let left = self.section.len - self.at + (self.buffer.len() - self.used) as u64;
        if len as u64 > left {
            return Err(self.file.damaged());
        }
        let mut bytes = vec![0; len];
        self.fill(&mut bytes)?;
        Ok(bytes)
    }

    /// Fills `into`.
    ///
    /// # Errors
    /// As above.
    pub fn fill(&mut self, into: &mut [u8]) -> Result<()> {
        self.read_exact(into).map_err(|e| match e.downcast::<Error>() {
            Ok(error) => error,
            Err(_) => self.file.damaged(),
        })
    }
}

impl Read for Stream<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.used == self.buffer.len() {
            let len = (self.section.len - self.at).min((AHEAD * PAGE_BYTES) as u64) as usize;
            if len == 0 {
                return Ok(0);
            }
            self.buffer = self.file.read(self.section, self.at, len).map_err(io::Error::other)?;
            (self.at, self.used) = (self.at + len as u64, 0);
        }
        let rest = self.buffer.get(self.used..).unwrap_or_default();
        let n = rest.len().min(into.len());
        for (to, from) in into.iter_mut().zip(rest) {
            *to = *from;
        }
        self.used += n;
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::write::PagedWriter;
    use proptest::prelude::*;

    const KIND: PagedKind = PagedKind { magic: *b"BUDDLETT", version: 3 };

    fn write(path: &Path, sections: &[Vec<u8>]) {
        let mut writer = PagedWriter::create(path, KIND).unwrap();
        for (section, tag) in sections.iter().zip(7..) {
            writer.begin(tag);
            // In pieces of any size.
            section.chunks(9001).for_each(|piece| writer.write(piece).unwrap());
        }
        writer.finish().unwrap();
    }

    fn open(path: &Path) -> Result<PagedFile> {
        PagedFile::open(path, KIND, "index of tests", "make a new one")
    }

    fn bytes(len: usize) -> Vec<u8> {
        (0..len).map(|n| (n * n % 251) as u8).collect()
    }

    #[test]
    fn every_changed_byte_is_told() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("index");
        write(&path, &[bytes(40), bytes(PAGE)]);
        let good = std::fs::read(&path).unwrap();
        assert!(open(&path).unwrap().check().is_ok());
        // Every byte at the head and the tail of each page, and some of those between.
        let patched = std::fs::OpenOptions::new().write(true).open(&path).unwrap();
        for at in (0..good.len()).filter(|at| at % PAGE < 64 || at % PAGE > PAGE - 16 || at % 61 == 0) {
            patched.write_all_at(&[good[at] ^ 1 << (at % 8)], at as u64).unwrap();
            assert!(open(&path).and_then(|file| file.check()).is_err(), "{at}");
            patched.write_all_at(&good[at..=at], at as u64).unwrap();
        }
        for len in (0..good.len()).step_by(977).chain([PAGE, 2 * PAGE, good.len() - 1]) {
            std::fs::write(&path, &good[..len]).unwrap();
            assert!(open(&path).is_err(), "{len}");
        }
        // Pages that changed places.
        let mut bad = good.clone();
        bad[PAGE..3 * PAGE].rotate_left(PAGE);
        std::fs::write(&path, &bad).unwrap();
        assert!(open(&path).unwrap().check().is_err());
    }

    #[test]
    fn other_kinds_and_versions_are_refused_by_name() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("index");
        write(&path, &[]);
        let refused = |kind| PagedFile::open(&path, kind, "index of tests", "make a new one").unwrap_err().to_string();
        assert!(refused(PagedKind { version: 4, ..KIND }).contains("has version 3; this buddle reads 4"));
        assert!(refused(PagedKind { magic: *b"BUDDLEXX", ..KIND }).contains("this is no index of tests"));
        let mut bytes = std::fs::read(&path).unwrap();
        bytes[12..16].reverse();
        std::fs::write(&path, &bytes).unwrap();
        assert!(open(&path).unwrap_err().to_string().contains("another byte order"));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn parts_and_streams_are_what_was_written(lens in prop::collection::vec(0_usize..60_000, 0..4), at: prop::sample::Index, len: prop::sample::Index) {
            let dir = tempfile::tempdir().unwrap();
            let path = dir.path().join("index");
            let sections: Vec<_> = lens.iter().map(|len| bytes(*len)).collect();
            write(&path, &sections);
            let file = open(&path).unwrap();
            prop_assert!(file.check().is_ok());
            for (section, tag) in sections.iter().zip(7..) {
                let found = file.section(tag);
                prop_assert_eq!(found.len, section.len() as u64);
                let mut all = Vec::new();
                file.stream(found).read_to_end(&mut all).unwrap();
                prop_assert_eq!(&all, section);
                let at = at.index(section.len() + 1);
                let len = len.index(section.len() - at + 1);
                prop_assert_eq!(&file.read(found, at as u64, len).unwrap(), &section[at..at + len]);
                prop_assert!(file.read(found, at as u64, section.len() - at + 1).is_err());
            }
            prop_assert_eq!(file.section(99).len, 0);
        }
    }
}
