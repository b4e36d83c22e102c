//! What earlier crawls hold of the lines of this one, put beside what this one counts: near the index of both.
//!
//! Exact: pages, copies and documents, of a site whose pages only one of the two holds; of a site of both, pages that both hold count twice. Not known any more, and
//! so bounded: a line that stood on one page of a site in the earlier crawl is in no index, and of neighbours, places and forms the three commonest are known, with what may be missing
//! of them ([`Column`](super::Column)). A line of several sites counts sites once that hold it in both, where both know so.

use hashbrown::HashMap;

use super::{CorpusLine, LineBits, LineIndex, LineRow, SiteCounts, rows::Rows};
use crate::hash::SiteKey;

/// What was found of a crawl's lines in an earlier one.
#[derive(Clone, Debug, Default)]
pub struct EarlierRows {
    /// Sites of this crawl.
    pub sites: Vec<(SiteKey, SiteCounts)>,
    /// Lines that stand at the site in this crawl too.
    pub lines: Vec<LineRow>,
    /// Those of them that stand on one page here.
    pub lone: Vec<LineRow>,
    /// Lines of several sites that this crawl has at some.
    pub corpus: Vec<(LineBits, CorpusLine)>,
}

impl LineIndex {
    /// The index of this crawl's lines as they stand in both.
    pub fn with_earlier(mut self, earlier: EarlierRows) -> LineIndex {
        for (site, counts) in &earlier.sites {
            if let Some(own) = self.sites.get_mut(site) {
                own.add(counts);
            }
        }
        let order = |row: &LineRow| (row.bits, row.site);
        let mut both: HashMap<LineBits, u32> = HashMap::new();
        let lone: HashMap<_, _> = earlier.lone.iter().map(|row| (row.key(), row)).collect();
        let mut found = earlier.lines;
        found.sort_unstable_by_key(order);
        let mut found = found.into_iter().peekable();
        let mut lines = Rows::with_capacity(self.lines.entries().len() + found.len());
        let mut only_earlier = |row: LineRow, lines: &mut Rows| {
            *both.entry(row.bits).or_default() += 1;
            let merged = lone.get(&row.key()).map_or(row, |lone| lone.merge(&row));
            lines.push(&merged);
        };
        let mut met: HashMap<LineBits, u32> = HashMap::new();
        for (number, entry) in self.lines.entries().iter().enumerate() {
            let Some(own) = self.coded.row(number, entry) else { continue };
            while let Some(row) = found.next_if(|row| order(row) < order(&own)) {
                only_earlier(row, &mut lines);
            }
            match found.next_if(|row| order(row) == order(&own)) {
                Some(row) => {
                    *met.entry(row.bits).or_default() += 1;
                    lines.push(&own.merge(&row));
                }
                None => lines.push(&own),
            }
        }
        found.for_each(|row| only_earlier(row, &mut lines));
        for (bits, sites) in met {
            *both.entry(bits).or_default() += sites;
        }
        let mut corpus: HashMap<LineBits, CorpusLine> = self.corpus_rows().collect();
        for (bits, line) in earlier.corpus {
            let merged = corpus.get(&bits).map_or(line, |own| own.merge(&line, both.get(&bits).copied().unwrap_or(0)));
            corpus.insert(bits, merged);
        }
        let mut corpus: Vec<_> = corpus.into_iter().collect();
        corpus.sort_unstable_by_key(|(bits, _)| *bits);
        LineIndex::of_tables(self.sites, lines, corpus)
    }
}
