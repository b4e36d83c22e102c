//! What earlier crawls hold of the lines of this one, put beside what this one counts: near the index of both.
//!
//! Exact: pages, copies and documents, of a site whose pages only one of the two holds; of a site of both, pages that both hold count twice. Not known any more, and
//! so bounded: a line that stood on one page of a site in the earlier crawl is in no index, and of neighbours, places and forms the three commonest are known, with what may be missing
//! of them ([`Column`](super::Column)). A line of several sites counts sites once that hold it in both, where both know so.

use hashbrown::HashMap;

use super::{CorpusLine, LineBits, LineIndex, LineRow, RowSet, SiteCounts, rows::Rows};
use crate::hash::SiteKey;

/// What was found of a crawl's lines in an earlier one.
#[derive(Clone, Debug, Default)]
pub struct EarlierRows {
    /// Sites of this crawl.
    pub sites: Vec<(SiteKey, SiteCounts)>,
    /// Lines that stand at the site in this crawl too.
    pub lines: RowSet,
    /// Those of them that stand on one page here.
    pub lone: RowSet,
    /// Lines of several sites that this crawl has at some.
    pub corpus: Vec<(LineBits, CorpusLine)>,
}

impl LineIndex {
    /// The index of this crawl's lines as they stand in both.
    pub fn with_earlier(mut self, mut earlier: EarlierRows) -> LineIndex {
        for (site, counts) in &earlier.sites {
            if let Some(own) = self.sites.get_mut(site) {
                own.add(counts);
            }
        }
        earlier.lines.sort();
        earlier.lone.sort();
        earlier.corpus.sort_unstable_by_key(|(bits, _)| *bits);
        let order = |row: &LineRow| (row.bits, row.site);
        // Sites that hold a line of several sites in both.
        let mut both: Vec<u32> = vec![0; earlier.corpus.len()];
        let mut count = |bits: LineBits| {
            let at = earlier.corpus.binary_search_by_key(&bits, |(bits, _)| *bits);
            at.into_iter().for_each(|at| both.iter_mut().skip(at).take(1).for_each(|sites| *sites += 1));
        };
        let mut found = earlier.lines.iter().peekable();
        let mut lines = Rows::with_capacity(self.lines.entries().len() + earlier.lone.len());
        // A line that stands on one page here.
        let lone = |row: LineRow| earlier.lone.find(order(&row)).map_or(row, |lone| lone.merge(&row));
        for (number, entry) in self.lines.entries().iter().enumerate() {
            let Some(own) = self.coded.row(number, entry) else { continue };
            while let Some(row) = found.next_if(|row| order(row) < order(&own)) {
                count(row.bits);
                lines.push(&lone(row));
            }
            match found.next_if(|row| order(row) == order(&own)) {
                Some(row) => {
                    count(row.bits);
                    lines.push(&own.merge(&row));
                }
                None => lines.push(&own),
            }
        }
        for row in found {
            count(row.bits);
            lines.push(&lone(row));
        }
        let mut corpus: HashMap<LineBits, CorpusLine> = self.corpus_rows().collect();
        for ((bits, line), both) in earlier.corpus.iter().zip(both) {
            let merged = corpus.get(bits).map_or(*line, |own| own.merge(line, both));
            corpus.insert(*bits, merged);
        }
        let mut corpus: Vec<_> = corpus.into_iter().collect();
        corpus.sort_unstable_by_key(|(bits, _)| *bits);
        LineIndex::of_tables(self.sites, lines, corpus)
    }
}
