//! Tuples in, one for each distinct line of each document; counts out. Builders merge to the same index in any order.
//!
//! Tuples are parted by line key, so that each [`Partition`] can be frozen alone, on any thread: sorted, made unique (one
//! tuple for a line on a page, whichever copy of the page it came from: the smallest), scanned once. 48 bytes a tuple.

use hashbrown::HashMap;

use super::{CorpusLine, LineBits, LineIndex, SiteCounts, SiteLine, Usual};
use crate::{
    hash::SiteKey,
    lines::{Page, PageLine, judgement::LEAST_PAGES},
    model::Kind,
};

/// Partitions of the line keys.
const PARTITIONS: usize = 64;
/// Longest lines that make a page's key.
const LONGEST: usize = 4;
/// Share of a site's pages, in percent, from which a line is furniture by counts alone.
const FURNITURE_PERCENT: u64 = 30;

/// A line on a page. The order of the fields is the order of the sort.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Tuple {
    // Not a `LineBits`: as a field that would take 4 bytes more.
    high: u64,
    low: u32,
    site: SiteKey,
    page: u64,
    copies: u16,
    before: u16,
    after: u16,
    /// Lines before it on the page, and after.
    start: u16,
    end: u16,
    /// A few bits of it as it stands.
    form: u16,
    /// Does the page's prose begin after it or end before it?
    outside: bool,
    /// Its characters, where the page alone does not show that a rule might take it.
    chars: u32,
}

/// The tuples of some line keys.
#[derive(Clone, Debug, Default)]
pub struct Partition {
    tuples: Vec<Tuple>,
}

/// Collects what documents say of their lines.
#[derive(Clone, Debug, Default)]
pub struct IndexBuilder {
    partitions: Vec<Partition>,
    pages: Vec<(SiteKey, u64)>,
    totals: HashMap<SiteKey, SiteCounts>,
}

/// Pages, documents and characters of each site: frozen before the lines are, which need them.
pub type SitePages = HashMap<SiteKey, SiteCounts>;

impl IndexBuilder {
    /// Adds a document of a site.
    pub fn add(&mut self, site: SiteKey, page: &Page<'_>) {
        let lines = page.lines();
        let totals = self.totals.entry(site).or_default();
        totals.documents += 1;
        let page_key = page_key(page);
        self.pages.push((site, page_key));
        self.partitions.resize_with(PARTITIONS, Partition::default);
        let is_prose = |line: &PageLine<'_>| line.measures.kind == Kind::Prose;
        let prose = lines.iter().position(is_prose).zip(lines.iter().rposition(is_prose));
        let from = |lines: usize| u16::try_from(lines).unwrap_or(u16::MAX);
        for (j, line) in lines.iter().enumerate() {
            totals.chars += u64::from(line.chars);
            let copies = page.copies(j);
            if page.first_copy(j) != j {
                continue;
            }
            // What the document rows might take counts at once; what the site's might, when pages are known.
            if copies > 1 || line.measures.kind == Kind::NoLetters {
                totals.bound += u64::from(line.chars) * u64::from(copies);
            }
            let neighbour = |j: Option<usize>| j.and_then(|j| lines.get(j)).map_or(0, |line| line.key.neighbour());
            let (high, low) = line.key.index_bits();
            let tuple = Tuple {
                high,
                low,
                site,
                page: page_key,
                copies: u16::try_from(copies).unwrap_or(u16::MAX),
                before: neighbour(j.checked_sub(1)),
                after: neighbour(Some(j + 1)),
                start: from(j),
                end: from(lines.len() - 1 - j),
                form: line.hash.form(),
                outside: prose.is_some_and(|(first, last)| j < first || last < j),
                chars: if copies > 1 || line.measures.kind == Kind::NoLetters { 0 } else { line.chars },
            };
            if let Some(partition) = self.partitions.get_mut((high >> 58) as usize) {
                partition.tuples.push(tuple);
            }
        }
    }

    /// Takes over what `other` collected.
    pub fn merge(&mut self, mut other: IndexBuilder) {
        self.partitions.resize_with(PARTITIONS, Partition::default);
        for (into, from) in self.partitions.iter_mut().zip(&mut other.partitions) {
            into.tuples.append(&mut from.tuples);
        }
        self.pages.append(&mut other.pages);
        for (site, totals) in other.totals {
            let sum = self.totals.entry(site).or_default();
            sum.documents += totals.documents;
            sum.chars += totals.chars;
            sum.bound += totals.bound;
        }
    }

    /// The sites, and the partitions that are to be frozen with them.
    pub fn into_parts(self) -> (SitePages, Vec<Partition>) {
        let IndexBuilder { partitions, mut pages, totals: mut sites } = self;
        pages.sort_unstable();
        pages.dedup();
        for site in pages.chunk_by(|a, b| a.0 == b.0) {
            if let Some(counts) = site.first().and_then(|(key, _)| sites.get_mut(key)) {
                counts.pages = u32::try_from(site.len()).unwrap_or(u32::MAX);
            }
        }
        (sites, partitions)
    }
}

/// Hash of the keys of the four longest lines, by letters, then key.
pub(in crate::lines) fn page_key(page: &Page<'_>) -> u64 {
    let mut longest: Vec<(std::cmp::Reverse<u32>, u128)> = Vec::with_capacity(LONGEST + 1);
    for line in page.lines() {
        let entry = (std::cmp::Reverse(line.measures.letters), line.key.0);
        if longest.len() == LONGEST && longest.last().is_some_and(|last| *last <= entry) || longest.contains(&entry) {
            continue;
        }
        let place = longest.partition_point(|other| *other < entry);
        longest.insert(place, entry);
        longest.truncate(LONGEST);
    }
    let bytes: Vec<u8> = longest.iter().flat_map(|(_, key)| key.to_le_bytes()).collect();
    xxhash_rust::xxh3::xxh3_64(&bytes)
}

/// What one partition comes to.
#[derive(Clone, Debug, Default)]
pub struct FrozenPartition {
    lines: Vec<(LineBits, SiteKey, SiteLine)>,
    corpus: Vec<(LineBits, CorpusLine)>,
    bounds: HashMap<SiteKey, u64>,
}

impl Partition {
    /// Freezes the partition.
    pub fn freeze(mut self, sites: &SitePages) -> FrozenPartition {
        self.tuples.sort_unstable();
        let mut frozen = FrozenPartition::default();
        let mut neighbours = Vec::new();
        for line in self.tuples.chunk_by(|a, b| a.high == b.high && a.low == b.low) {
            let Some(bits) = line.first().map(|t| (t.high, t.low)) else { continue };
            let mut corpus = CorpusLine::default();
            let mut bounds: Vec<(SiteKey, u64)> = Vec::new();
            for at_site in line.chunk_by(|a, b| a.site == b.site) {
                let Some(site) = at_site.first().map(|t| t.site) else { continue };
                let counts = site_line(at_site, &mut neighbours);
                let pages = sites.get(&site).map_or(0, |s| s.pages);
                corpus.sites += 1;
                corpus.furniture += u32::from(counts.pages >= LEAST_PAGES && u64::from(counts.pages) * 100 >= FURNITURE_PERCENT * u64::from(pages));
                let chars = at_site.iter().map(|t| u64::from(t.chars)).sum::<u64>();
                if counts.pages >= 2 {
                    frozen.lines.push((bits, site, counts));
                    *frozen.bounds.entry(site).or_default() += chars;
                } else {
                    bounds.push((site, chars));
                }
            }
            if corpus.sites >= 2 && corpus.furniture >= 1 {
                frozen.corpus.push((bits, corpus));
                // The corpus row might take it anywhere.
                for (site, chars) in bounds {
                    *frozen.bounds.entry(site).or_default() += chars;
                }
            }
        }
        frozen
    }
}

/// Counts over the distinct pages of a line's tuples at one site, which are sorted by page.
fn site_line(tuples: &[Tuple], neighbours: &mut Vec<u16>) -> SiteLine {
    let mut counts = SiteLine::default();
    let pages = || tuples.chunk_by(|a, b| a.page == b.page).filter_map(<[Tuple]>::first);
    for tuple in pages() {
        let copies = u64::from(tuple.copies);
        counts.pages = counts.pages.saturating_add(1);
        counts.copies += copies;
        counts.squares += copies * copies;
        counts.outside += u32::from(tuple.outside);
    }
    if counts.pages >= 2 {
        counts.before = usual(pages().map(|t| t.before), neighbours);
        counts.after = usual(pages().map(|t| t.after), neighbours);
        counts.start = usual(pages().map(|t| t.start), neighbours).pages;
        counts.end = usual(pages().map(|t| t.end), neighbours).pages;
        counts.form = usual(pages().map(|t| t.form), neighbours);
    }
    counts
}

/// The commonest; the largest of those.
fn usual(values: impl Iterator<Item = u16>, sorted: &mut Vec<u16>) -> Usual {
    sorted.clear();
    sorted.extend(values);
    sorted.sort_unstable();
    let groups = sorted.chunk_by(|a, b| a == b).filter_map(|g| Some((g.len(), *g.first()?)));
    groups.max().map_or(Usual::default(), |(pages, neighbour)| Usual { neighbour, pages: u32::try_from(pages).unwrap_or(u32::MAX) })
}

impl LineIndex {
    /// The index of frozen partitions.
    pub fn of_parts(mut sites: SitePages, parts: Vec<FrozenPartition>) -> LineIndex {
        let mut index = LineIndex::default();
        index.lines.reserve(parts.iter().map(|part| part.lines.len()).sum());
        for part in parts {
            for ((high, low), site, line) in part.lines {
                index.lines.insert((high, site), (low, line));
            }
            for ((high, low), line) in part.corpus {
                index.corpus.insert(high, (low, line));
            }
            for (site, chars) in part.bounds {
                if let Some(counts) = sites.get_mut(&site) {
                    counts.bound += chars;
                }
            }
        }
        index.sites = sites;
        index
    }
}
