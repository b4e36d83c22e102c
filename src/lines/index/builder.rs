//! Tuples in, one for each distinct line of each document, and the pages and sums of sites. Builders merge to the same index in any order.
//!
//! A builder is for the documents of a block; what many of them come to is sorted elsewhere where there is much of it, by partitions
//! and in runs, and counted by [`LineCounter`] and [`PageCounter`] in the end. [`IndexBuilder::freeze`] does all of it in memory.

use hashbrown::HashMap;

use super::{
    LineIndex, SiteCounts,
    counter::{LineCounter, PageCounter},
    tuple::{SitePage, Tuple},
};
use crate::{
    hash::{SiteKey, sort},
    lines::{Page, PageLine},
    model::Kind,
};

/// Longest lines that make a page's key.
const LONGEST: usize = 4;

/// Documents and characters of each site.
#[derive(Clone, Debug, Default)]
pub struct SiteTotals(HashMap<SiteKey, SiteCounts>);

/// Pages, documents and characters of each site: frozen before the lines are, which need them.
pub type SitePages = HashMap<SiteKey, SiteCounts>;

impl SiteTotals {
    /// Takes over what `other` collected.
    pub fn merge(&mut self, other: SiteTotals) {
        for (site, totals) in other.0 {
            let sum = self.0.entry(site).or_default();
            sum.documents += totals.documents;
            sum.chars += totals.chars;
            sum.bound += totals.bound;
        }
    }

    /// With the pages of sites; a site may come in several pieces of other pages.
    pub fn with_pages(self, pages: impl IntoIterator<Item = (SiteKey, u32)>) -> SitePages {
        let mut sites = self.0;
        for (site, pages) in pages {
            if let Some(counts) = sites.get_mut(&site) {
                counts.pages = counts.pages.saturating_add(pages);
            }
        }
        sites
    }
}

/// Collects what documents say of their lines.
#[derive(Clone, Debug, Default)]
pub struct IndexBuilder {
    /// Lines on pages.
    pub tuples: Vec<Tuple>,
    /// Pages.
    pub pages: Vec<SitePage>,
    /// Sums of sites.
    pub totals: SiteTotals,
}

impl IndexBuilder {
    /// Adds a document of a site.
    pub fn add(&mut self, site: SiteKey, page: &Page<'_>) {
        let lines = page.lines();
        let totals = self.totals.0.entry(site).or_default();
        totals.documents += 1;
        let page_key = page_key(page);
        self.pages.push(SitePage { site, page: page_key });
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
            self.tuples.push(Tuple {
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
            });
        }
    }

    /// Takes over what `other` collected.
    pub fn merge(&mut self, mut other: IndexBuilder) {
        self.tuples.append(&mut other.tuples);
        self.pages.append(&mut other.pages);
        self.totals.merge(other.totals);
    }

    /// The index, made in memory.
    pub fn freeze(mut self) -> LineIndex {
        sort(&mut self.pages);
        let mut pages = PageCounter::default();
        self.pages.into_iter().for_each(|page| pages.push(page));
        let sites = self.totals.with_pages(pages.finish());
        sort(&mut self.tuples);
        let mut lines = LineCounter::new(&sites, None);
        self.tuples.into_iter().for_each(|tuple| lines.push(tuple));
        let lines = lines.finish();
        LineIndex::of_parts(sites, vec![lines])
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
