//! The lines of earlier crawls, in a file that may be larger than memory.
//!
//! Rows stand by site, then by the bits of their lines, 64 to a block that can be read alone; a directory of blocks and two filters are what is held in memory, two bytes a line.
//! Lines of several sites have a section of their own. What is looked up together is sorted first: then each page is read once.

use std::path::{Path, PathBuf};

use hashbrown::{HashMap, hash_map::Entry};

use crate::{
    hash::{KEY_VERSION, Numbers, SiteKey},
    lines::{
        Page,
        index::{CorpusLine, EarlierRows, LineBits, LineFilter, LineFilters, LineIndex, LineRow, MetLines, SiteCounts, SitePages},
    },
    model::{Error, PAGE_BYTES, PagedKind, Result},
    read::{PagedFile, Section, Stream},
    write::{PagedWriter, Written},
};

/// What the file of lines is.
const LINES: PagedKind = PagedKind { magic: *b"BUDDLELX", version: 4 };
const NAME: &str = "line index";
const HINT: &str = "wash the earlier crawl again, or build the index again";
/// The file of lines of this crawl alone, in a folder that was washed with an index of earlier ones.
pub const OWN_LINES: &str = "own-lines.idx";

mod tag {
    pub const PARAMS: u32 = 1;
    pub const SITES: u32 = 2;
    pub const ROWS: u32 = 3;
    pub const BLOCKS: u32 = 4;
    pub const CORPUS: u32 = 5;
    pub const LINE_FILTER: u32 = 6;
    pub const CORPUS_FILTER: u32 = 7;
}

/// Rows of a block.
const BLOCK_ROWS: u64 = 64;
/// Bytes of a site's entry.
const SITE: usize = 20;
/// Bytes of a block's entry in the directory.
const BLOCK: usize = 24;
/// Bytes of a line of several sites.
const CORPUS: usize = 20;

/// Where a block of rows begins.
#[derive(Clone, Copy, Debug)]
struct BlockPlace {
    site: SiteKey,
    high: u64,
    at: u64,
}

/// Lines of earlier crawls.
#[derive(Debug)]
pub struct LineFile {
    file: PagedFile,
    rows: Section,
    sites: Section,
    corpus: Section,
    blocks: Vec<BlockPlace>,
    /// What it surely does not hold.
    pub filters: LineFilters,
    /// Lines of sites that it holds.
    pub lines: u64,
}

impl LineFile {
    /// The file of lines of an index folder or a washed folder; a file is itself.
    pub fn path_in(path: &Path) -> PathBuf {
        let inner = path.join("index/lines.idx");
        match () {
            () if !path.is_dir() => path.to_owned(),
            () if inner.exists() => inner,
            () => path.join("lines.idx"),
        }
    }

    /// Opens the file of lines of a folder, or a file itself; `None` where there is none.
    ///
    /// # Errors
    /// What cannot be read; files of other kinds or versions, cut or damaged ones.
    pub fn open(path: &Path) -> Result<Option<LineFile>> {
        let path = LineFile::path_in(path);
        if !path.exists() {
            return Ok(None);
        }
        let file = PagedFile::open(&path, LINES, NAME, HINT)?;
        let damaged = || Error::corrupt(format!("the {NAME} is damaged")).at(path.display()).hint(HINT);
        let section = |tag| file.section(tag);
        let params = file.stream(section(tag::PARAMS)).take::<12>()?.ok_or_else(damaged)?;
        let mut params = Numbers(&params);
        let version = params.take().map_or(0, u32::from_le_bytes);
        let lines = params.take().map_or(0, u64::from_le_bytes);
        if version != KEY_VERSION {
            let what = format!("the {NAME} has keys of version {version}; this buddle reads {KEY_VERSION}");
            return Err(Error::corrupt(what).at(path.display()).hint(HINT));
        }
        let (rows, sites, corpus) = (section(tag::ROWS), section(tag::SITES), section(tag::CORPUS));
        let mut blocks = Vec::with_capacity(usize::try_from(section(tag::BLOCKS).len / BLOCK as u64).unwrap_or(0));
        let mut places = file.stream(section(tag::BLOCKS));
        while let Some(entry) = places.take::<BLOCK>()? {
            let [site, high, at] = *entry.as_chunks().0 else { return Err(damaged()) };
            let place = BlockPlace { site: SiteKey(u64::from_le_bytes(site)), high: u64::from_le_bytes(high), at: u64::from_le_bytes(at) };
            blocks.push(place);
        }
        let filter = |tag| {
            let mut words = Vec::new();
            let mut stream = file.stream(section(tag));
            while let Some(word) = stream.take()? {
                words.push(u64::from_le_bytes(word));
            }
            Ok::<_, Error>(LineFilter::of_words(words))
        };
        let filters = LineFilters { lines: filter(tag::LINE_FILTER)?, corpus: filter(tag::CORPUS_FILTER)? };
        let fits = sites.len % SITE as u64 == 0
            && corpus.len % CORPUS as u64 == 0
            && blocks.len() as u64 == lines.div_ceil(BLOCK_ROWS)
            && blocks.is_sorted_by(|a, b| (a.site, a.high) <= (b.site, b.high) && a.at < b.at)
            && blocks.iter().all(|block| block.at < rows.len);
        if !fits {
            return Err(damaged());
        }
        Ok(Some(LineFile { rows, sites, corpus, blocks, filters, lines, file }))
    }

    fn damaged(&self) -> Error {
        Error::corrupt(format!("the {NAME} is damaged")).at(self.file.path().display()).hint(HINT)
    }

    /// Bytes of the file.
    pub fn bytes(&self) -> u64 {
        self.file.bytes()
    }

    /// How many sites, and lines of several of them, it holds.
    pub fn site_and_corpus_counts(&self) -> (u64, u64) {
        (self.sites.len / SITE as u64, self.corpus.len / CORPUS as u64)
    }

    /// Looks at every page and at every row.
    ///
    /// # Errors
    /// What is damaged.
    pub fn check(&self) -> Result<()> {
        self.file.check()?;
        let mut before = None;
        let mut count = 0;
        for row in self.all_rows() {
            let row = row?;
            let in_order = before.is_none_or(|before| before < row.key());
            if !in_order || !self.filters.may_hold_line(row.site, row.bits) {
                return Err(self.damaged());
            }
            (before, count) = (Some(row.key()), count + 1);
        }
        if count == self.lines { Ok(()) } else { Err(self.damaged()) }
    }

    /// What is counted of a site.
    ///
    /// # Errors
    /// Damaged pages.
    pub fn site(&self, site: SiteKey) -> Result<Option<SiteCounts>> {
        let of = |entry: &[u8; SITE]| entry.first_chunk().map_or(0, |key| u64::from_le_bytes(*key));
        let found = self.file.find(self.sites, site.0, of, |entry| of(entry).cmp(&site.0))?;
        found.map(|entry| site_entry(&entry).map(|(_, counts)| counts).ok_or_else(|| self.damaged())).transpose()
    }

    /// What is counted of a line over all sites.
    ///
    /// # Errors
    /// Damaged pages.
    pub fn corpus_line(&self, bits: LineBits) -> Result<Option<CorpusLine>> {
        if !self.filters.may_hold_corpus_line(bits) {
            return Ok(None);
        }
        let order = |entry: &[u8; CORPUS]| corpus_entry(entry).map_or(std::cmp::Ordering::Less, |(other, _)| other.cmp(&bits));
        let high = |entry: &[u8; CORPUS]| entry.first_chunk().map_or(0, |high| u64::from_le_bytes(*high));
        let found = self.file.find(self.corpus, bits.0, high, order)?;
        Ok(found.as_ref().and_then(corpus_entry).map(|(_, line)| line))
    }

    /// The rows of lines, which come in order; `found` is given each that is there.
    ///
    /// # Errors
    /// Damaged pages.
    pub fn find_rows(&self, asked: &[(SiteKey, LineBits)], cache: &mut LineCache, mut found: impl FnMut(LineRow)) -> Result<()> {
        for &(site, bits) in asked {
            // The last block that begins before it, then on: two lines may share what the directory holds of them.
            let first = self.blocks.partition_point(|block| (block.site, block.high) < (site, bits.0)).saturating_sub(1);
            for number in first..self.blocks.len() {
                let block = cache.block(self, number)?;
                match block.binary_search_by_key(&(site, bits), LineRow::key) {
                    Ok(at) => {
                        block.get(at).copied().into_iter().for_each(&mut found);
                        break;
                    }
                    Err(at) if at < block.len() => break,
                    Err(_) => {}
                }
            }
        }
        Ok(())
    }

    /// The rows of a block.
    fn block(&self, number: usize, window: &mut Window) -> Result<Vec<LineRow>> {
        let start = self.blocks.get(number).map_or(0, |block| block.at);
        let end = self.blocks.get(number + 1).map_or(self.rows.len, |block| block.at);
        let bytes = window.bytes(self, start, end)?;
        self.decode(bytes)
    }

    fn decode(&self, bytes: &[u8]) -> Result<Vec<LineRow>> {
        let mut rows = Vec::with_capacity(BLOCK_ROWS as usize);
        let mut numbers = Numbers(bytes);
        let mut site = None;
        while !numbers.0.is_empty() {
            let row = LineRow::read(&mut numbers, site).filter(|_| rows.len() < BLOCK_ROWS as usize).ok_or_else(|| self.damaged())?;
            site = Some(row.site);
            rows.push(row);
        }
        Ok(rows)
    }

    /// All rows, in order.
    pub fn all_rows(&self) -> impl Iterator<Item = Result<LineRow>> {
        let mut window = Window { ahead: 1 << 20, ..Window::default() };
        (0..self.blocks.len()).flat_map(move |number| match self.block(number, &mut window) {
            Ok(rows) => rows.into_iter().map(Ok).collect::<Vec<_>>(),
            Err(e) => vec![Err(e)],
        })
    }

    /// All sites, in the order of their keys.
    pub fn all_sites(&self) -> impl Iterator<Item = Result<(SiteKey, SiteCounts)>> {
        self.entries(self.sites, site_entry)
    }

    /// All lines of several sites, by their bits.
    pub fn all_corpus_lines(&self) -> impl Iterator<Item = Result<(LineBits, CorpusLine)>> {
        self.entries(self.corpus, corpus_entry)
    }

    fn entries<const N: usize, T>(&self, section: Section, read: fn(&[u8; N]) -> Option<T>) -> impl Iterator<Item = Result<T>> {
        let mut stream: Stream<'_> = self.file.stream(section);
        let mut failed = false;
        std::iter::from_fn(move || {
            // After an error there is nothing more: the stream would say the same again.
            let entry = if failed { None } else { stream.take::<N>().transpose() };
            let entry = entry.map(|entry| read(&entry?).ok_or_else(|| self.damaged()));
            failed = matches!(entry, Some(Err(_)));
            entry
        })
    }

    /// What it holds of the lines and sites of a crawl.
    ///
    /// # Errors
    /// Damaged pages.
    pub fn meet(&self, sites: impl Iterator<Item = SiteKey>, mut met: MetLines) -> Result<EarlierRows> {
        let mut earlier = EarlierRows { lone: met.lone, ..EarlierRows::default() };
        let mut sites: Vec<SiteKey> = sites.collect();
        sites.sort_unstable();
        for site in sites {
            earlier.sites.extend(self.site(site)?.map(|counts| (site, counts)));
        }
        met.lines.sort_unstable();
        met.lines.dedup();
        self.find_rows(&met.lines, &mut LineCache::default(), |row| earlier.lines.push(&row))?;
        met.corpus.sort_unstable();
        met.corpus.dedup();
        for bits in met.corpus {
            earlier.corpus.extend(self.corpus_line(bits)?.map(|line| (bits, line)));
        }
        Ok(earlier)
    }

    /// What a page of a site is judged by where there is no other index. A site that it does not know may still hold lines of several sites.
    ///
    /// # Errors
    /// Damaged pages.
    pub fn index_of_page(&self, site: SiteKey, page: &Page<'_>, cache: &mut LineCache) -> Result<LineIndex> {
        let counts = match cache.sites.get(&site) {
            Some(counts) => *counts,
            None => {
                let counts = self.site(site)?.unwrap_or(SiteCounts { pages: 1, documents: 1, ..SiteCounts::default() });
                cache.make_room();
                *cache.sites.entry(site).or_insert(counts)
            }
        };
        let mut bits: Vec<LineBits> = page.lines().iter().map(|line| line.key.index_bits()).collect();
        bits.sort_unstable();
        bits.dedup();
        let asked: Vec<_> = bits.iter().filter(|bits| self.filters.may_hold_line(site, **bits)).map(|bits| (site, *bits)).collect();
        let (mut rows, mut corpus) = (Vec::new(), Vec::new());
        self.find_rows(&asked, cache, |row| rows.push(row))?;
        for bits in bits.into_iter().filter(|bits| self.filters.may_hold_corpus_line(*bits)) {
            let line = match cache.corpus.get(&bits) {
                Some(line) => *line,
                None => {
                    let line = self.corpus_line(bits)?;
                    cache.make_room();
                    *cache.corpus.entry(bits).or_insert(line)
                }
            };
            corpus.extend(line.map(|line| (bits, line)));
        }
        Ok(LineIndex::of_rows([(site, counts)].into_iter().collect(), rows, corpus))
    }

    /// All of it in memory.
    ///
    /// # Errors
    /// Damaged pages.
    pub fn read(&self) -> Result<LineIndex> {
        let sites: SitePages = self.all_sites().collect::<Result<_>>()?;
        Ok(LineIndex::of_rows(sites, self.all_rows().collect::<Result<_>>()?, self.all_corpus_lines().collect::<Result<_>>()?))
    }
}

/// Blocks that a cache holds at most, some 6 MiB of them.
const MOST_BLOCKS: usize = 512;
/// Sites, and lines of several, that it holds at most.
const MOST_ENTRIES: usize = 1 << 16;

/// What one thread has read of a file of lines, lately.
#[derive(Debug, Default)]
pub struct LineCache {
    window: Window,
    blocks: HashMap<usize, Vec<LineRow>>,
    sites: HashMap<SiteKey, SiteCounts>,
    corpus: HashMap<LineBits, Option<CorpusLine>>,
}

impl LineCache {
    fn block(&mut self, lines: &LineFile, number: usize) -> Result<&[LineRow]> {
        if self.blocks.len() >= MOST_BLOCKS && !self.blocks.contains_key(&number) {
            self.blocks.clear();
        }
        Ok(match self.blocks.entry(number) {
            Entry::Occupied(block) => block.into_mut(),
            Entry::Vacant(place) => place.insert(lines.block(number, &mut self.window)?),
        })
    }

    fn make_room(&mut self) {
        if self.sites.len().max(self.corpus.len()) > MOST_ENTRIES {
            self.sites.clear();
            self.corpus.clear();
        }
    }
}

/// Bytes of rows that were read last: blocks that are asked for in order share pages.
#[derive(Debug, Default)]
struct Window {
    at: u64,
    bytes: Vec<u8>,
    /// Bytes that are read at least.
    ahead: u64,
}

impl Window {
    fn bytes(&mut self, lines: &LineFile, start: u64, end: u64) -> Result<&[u8]> {
        if start < self.at || end > self.at + self.bytes.len() as u64 {
            let until = end.max(start.saturating_add(self.ahead.max(PAGE_BYTES as u64))).min(lines.rows.len);
            let len = until.checked_sub(start).and_then(|len| usize::try_from(len).ok()).ok_or_else(|| lines.damaged())?;
            (self.at, self.bytes) = (start, lines.file.read(lines.rows, start, len)?);
        }
        let range = (start - self.at) as usize..(end - self.at) as usize;
        self.bytes.get(range).ok_or_else(|| lines.damaged())
    }
}

fn site_entry(entry: &[u8; SITE]) -> Option<(SiteKey, SiteCounts)> {
    let mut numbers = Numbers(entry);
    let mut long = || numbers.take().map(u64::from_le_bytes);
    let (site, documents) = (SiteKey(long()?), long()?);
    Some((site, SiteCounts { pages: u32::from_le_bytes(numbers.take()?), documents, ..SiteCounts::default() }))
}

fn corpus_entry(entry: &[u8; CORPUS]) -> Option<(LineBits, CorpusLine)> {
    let mut numbers = Numbers(entry);
    let high = u64::from_le_bytes(numbers.take()?);
    let mut number = || numbers.take().map(u32::from_le_bytes);
    Some(((high, number()?), CorpusLine { sites: number()?, furniture: number()? }))
}

/// What a file of lines is made of: each in the order of its keys.
pub struct LineTables<S, R, C> {
    /// Sites.
    pub sites: S,
    /// Lines of sites.
    pub rows: R,
    /// Lines of several sites.
    pub corpus: C,
    /// How many lines of sites, and of several, there are.
    pub counts: (u64, u64),
}

/// Writes a file of lines, streaming.
///
/// # Errors
/// The operating system's, and those of the tables.
pub fn write_lines(
    path: &Path,
    tables: LineTables<
        impl Iterator<Item = Result<(SiteKey, SiteCounts)>>,
        impl Iterator<Item = Result<LineRow>>,
        impl Iterator<Item = Result<(LineBits, CorpusLine)>>,
    >,
) -> Result<Written> {
    let mut out = PagedWriter::create(path, LINES)?;
    out.begin(tag::SITES);
    for site in tables.sites {
        // Characters are for the valve of a run, which asks what its own input loses.
        let (site, SiteCounts { pages, documents, .. }) = site?;
        for number in [site.0, documents] {
            out.write(&number.to_le_bytes())?;
        }
        out.write(&pages.to_le_bytes())?;
    }
    let mut filters = LineFilters::for_lines(tables.counts.0, tables.counts.1);
    out.begin(tag::ROWS);
    let mut blocks: Vec<u8> = Vec::new();
    let mut bytes = Vec::new();
    let (mut lines, mut at, mut site) = (0_u64, 0_u64, None);
    for row in tables.rows {
        let row = row?;
        if lines.is_multiple_of(BLOCK_ROWS) {
            for number in [row.site.0, row.bits.0, at] {
                blocks.extend_from_slice(&number.to_le_bytes());
            }
            site = None;
        }
        row.write(site, &mut bytes);
        out.write(&bytes)?;
        filters.lines.insert(LineFilters::line_key(row.site, row.bits));
        (lines, at, site) = (lines + 1, at + bytes.len() as u64, Some(row.site));
        bytes.clear();
    }
    out.begin(tag::BLOCKS);
    out.write(&blocks)?;
    out.begin(tag::CORPUS);
    for line in tables.corpus {
        let ((high, low), CorpusLine { sites, furniture }) = line?;
        out.write(&high.to_le_bytes())?;
        for number in [low, sites, furniture] {
            out.write(&number.to_le_bytes())?;
        }
        filters.corpus.insert(LineFilters::corpus_key((high, low)));
    }
    for (tag, filter) in [(tag::LINE_FILTER, filters.lines), (tag::CORPUS_FILTER, filters.corpus)] {
        out.begin(tag);
        filter.words().iter().try_for_each(|word| out.write(&word.to_le_bytes()))?;
    }
    out.begin(tag::PARAMS);
    out.write(&KEY_VERSION.to_le_bytes())?;
    out.write(&lines.to_le_bytes())?;
    Ok(out.finish()?.0)
}

/// Writes the file of the lines of an index.
///
/// # Errors
/// The operating system's.
pub fn write_line_index(path: &Path, index: &LineIndex) -> Result<Written> {
    let mut sites: Vec<_> = index.sites().map(|(site, counts)| (site, *counts)).collect();
    sites.sort_unstable_by_key(|(site, _)| *site);
    let (lines, corpus) = index.len();
    let tables = LineTables {
        sites: sites.into_iter().map(Ok),
        rows: index.rows().map(Ok),
        corpus: index.corpus_rows().map(Ok),
        counts: (lines as u64, corpus as u64),
    };
    write_lines(path, tables)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        lines::index::IndexBuilder,
        pipeline::{StopFlag, index::merge_lines::merge_lines},
    };
    use proptest::prelude::*;

    /// Pages of sites, by the numbers of their lines.
    type Pages = Vec<(u64, Vec<u8>)>;

    fn pages(most: usize) -> impl Strategy<Value = Pages> {
        prop::collection::vec((0_u64..5, prop::collection::vec(0_u8..40, 1..6)), 0..most)
    }

    /// The index of some of the pages; each has a line of its own, so that no two are one page.
    fn index(pages: &Pages, range: std::ops::Range<usize>) -> LineIndex {
        let mut builder = IndexBuilder::default();
        for (n, (site, lines)) in pages.iter().enumerate().skip(range.start).take(range.len()) {
            let lines: Vec<String> = lines.iter().map(|line| format!("line {}", "abcdefgh".repeat(1 + usize::from(*line)))).collect();
            builder.add(SiteKey(*site << 61 | 7), &Page::of(&format!("{}\npage {}", lines.join("\n"), "x".repeat(n + 1))));
        }
        builder.freeze()
    }

    fn write(path: &Path, index: &LineIndex) -> LineFile {
        write_line_index(path, index).unwrap();
        LineFile::open(path).unwrap().unwrap()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn what_was_written_is_found(pages in pages(300)) {
            let dir = tempfile::tempdir().unwrap();
            let index = index(&pages, 0..pages.len());
            let file = write(&dir.path().join("lines.idx"), &index);
            file.check().unwrap();
            let mut sites: Vec<_> = index.sites().map(|(site, counts)| (site, SiteCounts { chars: 0, bound: 0, ..*counts })).collect();
            sites.sort_unstable_by_key(|(site, _)| *site);
            prop_assert_eq!(file.all_sites().collect::<Result<Vec<_>>>().unwrap(), sites.clone());
            let read = LineIndex::of_rows(sites.into_iter().collect(), index.rows().collect(), index.corpus_rows().collect());
            prop_assert_eq!(file.read().unwrap(), read);
            let rows: Vec<LineRow> = index.rows().collect();
            // Some that are there and some that are not, in order.
            let mut asked: Vec<_> = rows.iter().step_by(3).map(LineRow::key).collect();
            asked.extend(rows.iter().step_by(2).map(|row| (SiteKey(row.site.0 ^ 1), row.bits)));
            asked.extend(rows.iter().step_by(2).flat_map(|row| [(row.site, (row.bits.0, row.bits.1 ^ 1)), (row.site, (row.bits.0 ^ 1, 0))]));
            asked.sort_unstable();
            let mut found = Vec::new();
            file.find_rows(&asked, &mut LineCache::default(), |row| found.push(row)).unwrap();
            let naive: Vec<LineRow> = rows.iter().filter(|row| asked.binary_search(&row.key()).is_ok()).copied().collect();
            prop_assert_eq!(found, naive);
            for (site, counts) in index.sites() {
                prop_assert_eq!(file.site(site).unwrap().map(|found| found.pages), Some(counts.pages));
                prop_assert_eq!(file.site(SiteKey(site.0 + 1)).unwrap(), None);
            }
            for (bits, line) in index.corpus_rows() {
                prop_assert_eq!(file.corpus_line(bits).unwrap(), Some(line));
                prop_assert_eq!(file.corpus_line((bits.0 ^ 1, bits.1)).unwrap(), None);
            }
        }

        /// Two crawls' lines, merged as files and met by a crawl: pages are exact where a crawl knows the line, all else within what may be missing.
        #[test]
        fn merges_are_near_the_index_of_both(pages in pages(120), cut in 0_usize..120) {
            let dir = tempfile::tempdir().unwrap();
            let cut = cut.min(pages.len());
            let (first, second, exact) = (index(&pages, 0..cut), index(&pages, cut..pages.len()), index(&pages, 0..pages.len()));
            let one = write(&dir.path().join("one"), &first);
            let two = write(&dir.path().join("two"), &second);
            let (_, facts) = merge_lines(&one, &two, &dir.path().join("both"), &StopFlag::new(0)).unwrap();
            let both = LineFile::open(&dir.path().join("both")).unwrap().unwrap();
            both.check().unwrap();
            for site in both.all_sites() {
                let (site, counts) = site.unwrap();
                let exact = exact.sites().find(|(other, _)| *other == site).unwrap().1;
                prop_assert_eq!((counts.pages, counts.documents), (exact.pages, exact.documents));
            }
            prop_assert_eq!(both.all_sites().count(), exact.sites().count());
            let rows: Vec<LineRow> = exact.rows().collect();
            let of = |index: &LineIndex, row: &LineRow| index.rows().find(|other| other.key() == row.key());
            let mut wholly_exact = 0;
            for row in both.all_rows() {
                let row = row.unwrap();
                let exact = rows[rows.binary_search_by_key(&row.key(), LineRow::key).unwrap()];
                // A crawl that had the line on one page does not know it.
                prop_assert!(row.pages <= exact.pages && row.pages + 1 >= exact.pages);
                if of(&first, &row).is_some() && of(&second, &row).is_some() {
                    prop_assert_eq!((row.pages, row.copies, row.squares, row.outside), (exact.pages, exact.copies, exact.squares, exact.outside));
                    for (column, exact) in row.columns.iter().zip(&exact.columns) {
                        let (top, true_top) = (column.usual().pages, exact.usual().pages);
                        prop_assert!(top <= true_top && true_top <= (top + column.missing()).max(column.others()));
                        if column.missing() == 0 && column.is_certain() {
                            // Of two as common either may stand first.
                            prop_assert_eq!(top, true_top);
                        }
                    }
                }
                wholly_exact += u64::from(row.columns.iter().all(|column| column.missing() == 0 && column.is_certain()));
            }
            prop_assert_eq!((facts.lines, facts.exact), (both.lines, wholly_exact));

            // The second crawl against the first's file: lines of its own, and what the first knows of them.
            let met = MetLines {
                lines: second.rows().map(|row| row.key()).collect(),
                corpus: second.corpus_rows().map(|(bits, _)| bits).collect(),
                ..MetLines::default()
            };
            let found = one.meet(second.sites().map(|(site, _)| site), met).unwrap();
            let judged = second.clone().with_earlier(found);
            for row in judged.rows() {
                let mut merged = None;
                both.find_rows(&[row.key()], &mut LineCache::default(), |row| merged = Some(row)).unwrap();
                prop_assert_eq!(merged, Some(row));
            }
            prop_assert_eq!(judged.rows().count(), second.rows().count());
            for (bits, line) in judged.corpus_rows() {
                prop_assert_eq!(both.corpus_line(bits).unwrap(), Some(line));
            }
            for (site, counts) in judged.sites() {
                prop_assert_eq!(both.site(site).unwrap().map(|found| found.pages), Some(counts.pages));
            }
        }
    }

    #[test]
    fn other_versions_and_damage_are_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("lines.idx");
        let pages: Pages = (0..60).map(|n| (n % 3, vec![(n % 5) as u8, (n % 2) as u8])).collect();
        write(&path, &index(&pages, 0..60));
        let good = std::fs::read(&path).unwrap();
        let refused = |bytes: &[u8]| {
            std::fs::write(&path, bytes).unwrap();
            LineFile::open(&path).and_then(|file| file.map_or(Ok(()), |file| file.check())).unwrap_err().to_string()
        };
        let mut bad = good.clone();
        bad[8] = 3;
        assert!(refused(&bad).contains("the line index has version 3; this buddle reads 4"));
        for at in (0..good.len()).filter(|at| at % (16 << 10) < 50 || at % (16 << 10) > (16 << 10) - 10 || at % 997 == 0) {
            let mut bad = good.clone();
            bad[at] ^= 4;
            refused(&bad);
        }
        assert!(refused(b"{}").contains("no line index"));
        assert!(LineFile::open(&dir.path().join("none")).unwrap().is_none());
    }
}
