//! The line index: how often each line stands on each site's pages, frozen and read-only.
//!
//! It comes from an [`IndexBuilder`] (tuples of lines, merged in any order), holds no text and no name, and keeps only lines
//! that repeat: those on two pages of a site, and for the corpus row those that are furniture by counts at some sites.
//! Everything that is derived (usual neighbours, distinct pages) is derived after the merge.

mod bucketed;
mod builder;
mod column;
mod counter;
mod earlier;
mod filter;
mod row;
mod row_set;
mod rows;
mod tuple;

use hashbrown::HashMap;

#[cfg(test)]
pub(super) use builder::page_key;
pub use builder::{IndexBuilder, SitePages, SiteTotals};
pub use column::Column;
pub use counter::{CountedLines, LineCounter, MetLines, PageCounter};
pub use earlier::EarlierRows;
pub use filter::{LineFilter, LineFilters};
pub use row::LineRow;
pub use row_set::RowSet;
pub use tuple::{SitePage, Tuple};

use self::{
    bucketed::{Bucketed, Hashed},
    rows::Rows,
};
use crate::hash::{LineKey, SiteKey};

/// The line that usually stands beside another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usual {
    /// [`LineKey::neighbour`] of it; 0 where that is the end of the page.
    pub neighbour: u16,
    /// Pages on which it does.
    pub pages: u32,
}

/// Counts of a line over the distinct pages of a site.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SiteLine {
    /// Pages that hold it.
    pub pages: u32,
    /// Copies on them.
    pub copies: u64,
    /// Sum of the squared copies a page.
    pub squares: u64,
    /// The line that usually stands before its first copy in a page.
    pub before: Usual,
    /// And after.
    pub after: Usual,
    /// Pages on which its first copy stands at the line, counted from the start, where it stands on most.
    pub start: u32,
    /// And from the end.
    pub end: u32,
    /// How it is usually written: [`LineHash::form`](crate::hash::LineHash::form), and the pages that write it so.
    pub form: Usual,
    /// Pages whose prose begins after its first copy or ends before it.
    pub outside: u32,
}

/// What is counted of a site.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SiteCounts {
    /// Distinct pages: documents whose four longest lines differ.
    pub pages: u32,
    /// Documents.
    pub documents: u64,
    /// Characters of their lines.
    pub chars: u64,
    /// Characters of lines that some rule might take: an upper bound for the safety valve.
    pub bound: u64,
}

/// What is counted of a line over all sites.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CorpusLine {
    /// Sites that hold it.
    pub sites: u32,
    /// Sites where it is furniture by counts alone.
    pub furniture: u32,
}

impl SiteCounts {
    /// Adds what is counted of other pages.
    pub fn add(&mut self, other: &SiteCounts) {
        self.pages = self.pages.saturating_add(other.pages);
        self.documents = self.documents.saturating_add(other.documents);
        self.chars = self.chars.saturating_add(other.chars);
        self.bound = self.bound.saturating_add(other.bound);
    }
}

impl CorpusLine {
    /// The line in both, where so many sites hold it in both.
    pub fn merge(&self, other: &CorpusLine, both: u32) -> CorpusLine {
        let once = |a: u32, b: u32| a.saturating_add(b).saturating_sub(both.min(a).min(b));
        CorpusLine { sites: once(self.sites, other.sites), furniture: once(self.furniture, other.furniture) }
    }
}

/// 96 bits of a line key: [`LineKey::index_bits`].
pub type LineBits = (u64, u32);

/// A line at a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct IndexedLine {
    high: u64,
    site: SiteKey,
    line: SiteLine,
    low: u32,
}

impl IndexedLine {
    /// Of line and site, or a line of many sites would be sought among them all.
    fn hash_of(high: u64, site: SiteKey) -> u64 {
        high ^ site.0
    }
}

impl Hashed for IndexedLine {
    fn hash(&self) -> u64 {
        IndexedLine::hash_of(self.high, self.site)
    }
}

/// A line at several sites.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct IndexedCorpusLine {
    high: u64,
    low: u32,
    line: CorpusLine,
}

impl Hashed for IndexedCorpusLine {
    fn hash(&self) -> u64 {
        self.high
    }
}

/// The frozen index. Lines are sorted by their bits, then by site.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LineIndex {
    sites: HashMap<SiteKey, SiteCounts>,
    lines: Bucketed<IndexedLine>,
    /// The rows of the lines, with what the judgement does not ask for.
    coded: rows::Coded,
    corpus: Bucketed<IndexedCorpusLine>,
}

impl LineIndex {
    /// The index of the lines that were counted, in pieces in the order of their bits: no line of a piece stands before one of an earlier piece.
    pub fn of_parts(mut sites: SitePages, parts: Vec<CountedLines>) -> LineIndex {
        let mut lines = Rows::with_capacity(parts.iter().map(|part| part.lines.entries.len()).sum());
        let mut corpus = Vec::with_capacity(parts.iter().map(|part| part.corpus.len()).sum());
        for part in parts {
            lines.append(part.lines);
            corpus.extend(part.corpus);
            for (site, chars) in part.bounds {
                if let Some(counts) = sites.get_mut(&site) {
                    counts.bound += chars;
                }
            }
        }
        LineIndex::of_tables(sites, lines, corpus)
    }

    /// The index of rows of a file, in any order.
    pub fn of_rows(sites: SitePages, mut rows: Vec<LineRow>, mut corpus: Vec<(LineBits, CorpusLine)>) -> LineIndex {
        rows.sort_unstable_by_key(|row| (row.bits, row.site));
        corpus.sort_unstable_by_key(|(bits, _)| *bits);
        let mut lines = Rows::with_capacity(rows.len());
        rows.iter().for_each(|row| lines.push(row));
        LineIndex::of_tables(sites, lines, corpus)
    }

    fn of_tables(sites: SitePages, lines: Rows, corpus: Vec<(LineBits, CorpusLine)>) -> LineIndex {
        let corpus = corpus.into_iter().map(|((high, low), line)| IndexedCorpusLine { high, low, line }).collect();
        LineIndex { sites, lines: Bucketed::of(lines.entries), coded: lines.coded, corpus: Bucketed::of(corpus) }
    }

    /// The rows of all lines, as a file has them: by site, then by their bits.
    pub fn rows(&self) -> impl Iterator<Item = LineRow> {
        let entries = self.lines.entries();
        let mut order: Vec<u32> = (0..u32::try_from(entries.len()).unwrap_or(u32::MAX)).collect();
        order.sort_unstable_by_key(|n| entries.get(*n as usize).map(|entry| (entry.site, entry.high, entry.low)));
        order.into_iter().filter_map(|n| self.coded.row(n as usize, entries.get(n as usize)?))
    }

    /// All lines of several sites, by their bits.
    pub fn corpus_rows(&self) -> impl Iterator<Item = (LineBits, CorpusLine)> {
        self.corpus.entries().iter().map(|entry| ((entry.high, entry.low), entry.line))
    }

    /// How many lines of sites, and of several sites, it holds.
    pub fn len(&self) -> (usize, usize) {
        (self.lines.entries().len(), self.corpus.entries().len())
    }

    /// Does it hold no line?
    pub fn is_empty(&self) -> bool {
        self.len() == (0, 0)
    }

    /// What is counted of a site.
    pub fn site(&self, site: SiteKey) -> Option<&SiteCounts> {
        self.sites.get(&site)
    }

    /// Counts of a line at a site; `None` where it stands on fewer than two pages of it.
    pub fn line(&self, site: SiteKey, key: LineKey) -> Option<&SiteLine> {
        let (high, low) = key.index_bits();
        let found = self.lines.find(IndexedLine::hash_of(high, site), |entry| (entry.high, entry.low, entry.site).cmp(&(high, low, site)));
        found.map(|entry| &entry.line)
    }

    /// The same for each of a page's lines.
    pub fn lines_of(&self, site: SiteKey, keys: &[LineKey]) -> Vec<Option<&SiteLine>> {
        let hashes: Vec<u64> = keys.iter().map(|key| IndexedLine::hash_of(key.index_bits().0, site)).collect();
        let order = |n: usize, entry: &IndexedLine| {
            let of_key = |key: &LineKey| ((entry.high, entry.low), entry.site).cmp(&(key.index_bits(), site));
            keys.get(n).map_or(std::cmp::Ordering::Less, of_key)
        };
        self.lines.find_each(&hashes, order).into_iter().map(|found| found.map(|entry| &entry.line)).collect()
    }

    /// Counts of a line over all sites; `None` where it is furniture at none or stands at one site only.
    pub fn corpus_line(&self, key: LineKey) -> Option<&CorpusLine> {
        let (high, low) = key.index_bits();
        let found = self.corpus.find(high, |entry| (entry.high, entry.low).cmp(&(high, low)));
        found.map(|entry| &entry.line)
    }

    /// All sites.
    pub fn sites(&self) -> impl Iterator<Item = (SiteKey, &SiteCounts)> {
        self.sites.iter().map(|(site, counts)| (*site, counts))
    }
}
