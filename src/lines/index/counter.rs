//! Tuples in order in, counts out: what is derived from the lines of all pages, in one scan.
//!
//! A counter holds a line of one site at a time and what it has found, never the tuples: a line on ten million pages takes
//! the memory of one on 65,536, since the five numbers whose commonest are asked for have 16 bits. Of lines that an earlier crawl may hold it says
//! so, also where they stand on one page here.

use hashbrown::HashMap;

use super::{
    CorpusLine, LineBits, LineFilters, LineRow, RowSet, Usual,
    builder::SitePages,
    column::{COLUMNS, Column, tops_of},
    rows::Rows,
    tuple::{SitePage, Tuple},
};
use crate::{hash::SiteKey, lines::judgement::LEAST_PAGES};

/// Share of a site's pages, in percent, from which a line is furniture by counts alone.
const FURNITURE_PERCENT: u64 = 30;
/// Pages whose numbers are kept before they are counted.
const MOST_VALUES: usize = 1 << 16;

/// Counts the pages of sites, which come in order.
#[derive(Debug, Default)]
pub struct PageCounter {
    pages: Vec<(SiteKey, u32)>,
}

impl PageCounter {
    /// The next page.
    pub fn push(&mut self, page: SitePage) {
        match self.pages.last_mut() {
            Some((site, pages)) if *site == page.site => *pages = pages.saturating_add(1),
            _ => self.pages.push((page.site, 1)),
        }
    }

    /// The pages of each site.
    pub fn finish(self) -> Vec<(SiteKey, u32)> {
        self.pages
    }
}

/// What the tuples of some lines come to.
#[derive(Clone, Debug, Default)]
pub struct CountedLines {
    pub(super) lines: Rows,
    pub(super) corpus: Vec<(LineBits, CorpusLine)>,
    pub(super) bounds: HashMap<SiteKey, u64>,
    /// What an earlier crawl may hold.
    pub met: MetLines,
}

/// Lines of this crawl that an earlier one may hold, by its filters.
#[derive(Clone, Debug, Default)]
pub struct MetLines {
    /// Lines at sites.
    pub lines: Vec<(SiteKey, LineBits)>,
    /// Those of them that stand on one page of the site here: no index holds them.
    pub lone: RowSet,
    /// Lines at any site.
    pub corpus: Vec<LineBits>,
}

impl MetLines {
    /// Takes over those of `other`.
    pub fn append(&mut self, mut other: MetLines) {
        self.lines.append(&mut other.lines);
        self.lone.append(other.lone);
        self.corpus.append(&mut other.corpus);
    }
}

/// Counts lines, whose tuples come in order.
#[derive(Debug)]
pub struct LineCounter<'s> {
    sites: &'s SitePages,
    /// What earlier crawls surely do not hold.
    earlier: Option<&'s LineFilters>,
    /// The last tuple.
    last: Option<Tuple>,
    at_site: LineRow,
    /// Characters of the line at the site.
    chars: u64,
    /// The numbers of the line's pages at the site, those of the first two pages on.
    values: Values,
    corpus: CorpusLine,
    /// Characters at sites where the line stands on one page.
    lone: Vec<(SiteKey, u64)>,
    found: CountedLines,
}

impl<'s> LineCounter<'s> {
    /// Nothing counted yet.
    pub fn new(sites: &'s SitePages, earlier: Option<&'s LineFilters>) -> LineCounter<'s> {
        LineCounter {
            sites,
            earlier,
            last: None,
            at_site: LineRow::default(),
            chars: 0,
            values: Values::default(),
            corpus: CorpusLine::default(),
            lone: Vec::new(),
            found: CountedLines::default(),
        }
    }

    /// The next tuple.
    pub fn push(&mut self, tuple: Tuple) {
        if let Some(last) = self.last.replace(tuple) {
            let same_line = (last.high, last.low) == (tuple.high, tuple.low);
            if !same_line || last.site != tuple.site {
                self.end_site(&last);
                if !same_line {
                    self.end_line(&last);
                }
            } else if last.page == tuple.page {
                // A copy of the page that was too long to be taken over.
                self.chars += u64::from(tuple.chars);
                self.last = Some(last);
                return;
            } else {
                if self.at_site.pages == 1 {
                    self.values.push(&last);
                }
                self.values.push(&tuple);
            }
        }
        let copies = u64::from(tuple.copies);
        self.at_site.pages = self.at_site.pages.saturating_add(1);
        self.at_site.copies += copies;
        self.at_site.squares += copies * copies;
        self.at_site.outside += u32::from(tuple.outside);
        self.chars += u64::from(tuple.chars);
    }

    fn end_site(&mut self, last: &Tuple) {
        let mut counts = std::mem::take(&mut self.at_site);
        let chars = std::mem::take(&mut self.chars);
        let pages = self.sites.get(&last.site).map_or(0, |s| s.pages);
        self.corpus.sites += 1;
        let is_furniture = counts.pages >= LEAST_PAGES && u64::from(counts.pages) * 100 >= FURNITURE_PERCENT * u64::from(pages);
        self.corpus.furniture += u32::from(is_furniture);
        (counts.site, counts.bits) = (last.site, (last.high, last.low));
        let is_met = self.earlier.is_some_and(|earlier| earlier.may_hold_line(last.site, counts.bits));
        if is_met {
            self.found.met.lines.push(counts.key());
        }
        if counts.pages < 2 {
            self.lone.push((last.site, chars));
            if is_met {
                let values = [last.before, last.after, last.start, last.end, last.form];
                counts.columns = values.map(|neighbour| Column::of_usual(Usual { neighbour, pages: 1 }));
                self.found.met.lone.push(&counts);
            }
            return;
        }
        counts.columns = self.values.columns();
        self.found.lines.push(&counts);
        *self.found.bounds.entry(last.site).or_default() += chars;
    }

    fn end_line(&mut self, last: &Tuple) {
        let bits = (last.high, last.low);
        if self.earlier.is_some_and(|earlier| earlier.may_hold_corpus_line(bits)) {
            self.found.met.corpus.push(bits);
        }
        let corpus = std::mem::take(&mut self.corpus);
        if corpus.sites >= 2 && corpus.furniture >= 1 {
            self.found.corpus.push((bits, corpus));
            // The corpus row might take it anywhere.
            for (site, chars) in &self.lone {
                *self.found.bounds.entry(*site).or_default() += chars;
            }
        }
        self.lone.clear();
    }

    /// The counts.
    pub fn finish(mut self) -> CountedLines {
        if let Some(last) = self.last.take() {
            self.end_site(&last);
            self.end_line(&last);
        }
        self.found
    }
}

/// The numbers of a line's pages of which the commonest is asked for: neighbours, places, form.
#[derive(Debug, Default)]
struct Values {
    /// Not counted yet.
    waiting: [Vec<u16>; 5],
    /// Counted, by value; empty as long as few came.
    counted: [Vec<u32>; 5],
}

impl Values {
    fn push(&mut self, tuple: &Tuple) {
        for (values, value) in self.waiting.iter_mut().zip([tuple.before, tuple.after, tuple.start, tuple.end, tuple.form]) {
            values.push(value);
        }
        if self.waiting.first().is_some_and(|values| values.len() >= MOST_VALUES) {
            for (counts, values) in self.counted.iter_mut().zip(&mut self.waiting) {
                counts.resize(usize::from(u16::MAX) + 1, 0);
                for value in values.drain(..) {
                    if let Some(count) = counts.get_mut(usize::from(value)) {
                        *count = count.saturating_add(1);
                    }
                }
            }
        }
    }

    /// The commonest of each, the larger of two alike first; and nothing is left.
    fn columns(&mut self) -> [Column; COLUMNS] {
        let mut columns = [Column::default(); COLUMNS];
        for (n, ((column, counts), values)) in columns.iter_mut().zip(&mut self.counted).zip(&mut self.waiting).enumerate() {
            values.sort_unstable();
            for group in values.chunk_by(|a, b| a == b) {
                let Some(&neighbour) = group.first() else { continue };
                let already = counts.get_mut(usize::from(neighbour)).map_or(0, std::mem::take);
                column.offer(Usual { neighbour, pages: already.saturating_add(u32::try_from(group.len()).unwrap_or(u32::MAX)) }, tops_of(n));
            }
            for (pages, neighbour) in counts.iter().zip(0..=u16::MAX).filter(|(pages, _)| **pages > 0) {
                column.offer(Usual { neighbour, pages: *pages }, tops_of(n));
            }
            values.clear();
            counts.clear();
        }
        columns
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lines::index::IndexedLine;

    fn tuple(page: u64, value: u16) -> Tuple {
        let values = (value, value / 2, value / 3, value % 7, value % 11);
        let (before, after, start, end, form) = values;
        Tuple { high: 1, low: 2, site: SiteKey(3), page, copies: 1, before, after, start, end, form, outside: false, chars: 1 }
    }

    /// The naive twin: all values sorted.
    fn naive(values: &[u16]) -> Usual {
        let mut sorted = values.to_vec();
        sorted.sort_unstable();
        let (pages, neighbour) = sorted.chunk_by(|a, b| a == b).map(|g| (g.len() as u32, g[0])).max().unwrap();
        Usual { neighbour, pages }
    }

    #[test]
    fn many_pages_count_like_few() {
        for pages in [2, 3, 1000, MOST_VALUES - 1, MOST_VALUES, MOST_VALUES + 1, 3 * MOST_VALUES + 17] {
            let tuples: Vec<Tuple> = (0..pages as u64).map(|page| tuple(page, (page * page % 50_021) as u16)).collect();
            let sites = SitePages::default();
            let mut counter = LineCounter::new(&sites, None);
            tuples.iter().for_each(|t| counter.push(*t));
            let lines = counter.finish().lines;
            let [IndexedLine { line, .. }] = lines.entries[..] else { panic!("one line") };
            let column = |of: fn(&Tuple) -> u16| naive(&tuples.iter().map(of).collect::<Vec<_>>());
            assert_eq!((line.pages as usize, line.copies as usize), (pages, pages));
            assert_eq!((line.before, line.after, line.form), (column(|t| t.before), column(|t| t.after), column(|t| t.form)));
            assert_eq!((line.start, line.end), (column(|t| t.start).pages, column(|t| t.end).pages));
        }
    }

    #[test]
    fn characters_of_every_copy_count() {
        let sites = SitePages::default();
        let mut counter = LineCounter::new(&sites, None);
        // Two documents of page 0 whose tuples did not become one.
        for (page, chars) in [(0, u32::MAX), (0, 5), (1, 7)] {
            counter.push(Tuple { chars, ..tuple(page, 9) });
        }
        let found = counter.finish();
        assert_eq!(found.lines.entries[0].line.pages, 2);
        assert_eq!(found.bounds[&SiteKey(3)], u64::from(u32::MAX) + 12);
    }
}
