//! Two frozen indexes of lines made one, as near as can be to the index of both crawls.
//!
//! Exact: pages, copies and documents, of a site whose pages only one of the two holds; of a site of both, pages that both hold count twice. Not known any more, and
//! so bounded: a line that stood on one page of a site in a crawl is in no index (a line on one page in each of two crawls stays
//! unknown), the usual neighbour is the commoner of the two, and how often a line stands at one place is taken for the sum.

use super::{CorpusLine, IndexedCorpusLine, IndexedLine, LineIndex, SiteCounts, SiteLine, Usual, bucketed::Bucketed};
use crate::hash::SiteKey;

impl LineIndex {
    /// The index of both.
    pub fn merge(mut self, other: &LineIndex) -> LineIndex {
        let key = |entry: &IndexedLine| (entry.high, entry.low, entry.site);
        // Sites that both hold for one line, by the line: they are one site each.
        let mut shared: Vec<((u64, u32), u32)> = Vec::new();
        let lines = merged(self.lines.entries(), other.lines.entries(), key, |a, b| {
            match shared.last_mut() {
                Some((line, sites)) if *line == (a.high, a.low) => *sites += 1,
                _ => shared.push(((a.high, a.low), 1)),
            }
            IndexedLine { line: a.line.merge(&b.line), ..*a }
        });
        let corpus = merged(
            self.corpus.entries(),
            other.corpus.entries(),
            |entry| (entry.high, entry.low),
            |a, b| {
                let both = shared.binary_search_by_key(&(a.high, a.low), |(line, _)| *line).ok().and_then(|at| shared.get(at)).map_or(0, |(_, n)| *n);
                let once = |a: u32, b: u32| a.saturating_add(b).saturating_sub(both.min(a).min(b));
                let line = CorpusLine { sites: once(a.line.sites, b.line.sites), furniture: once(a.line.furniture, b.line.furniture) };
                IndexedCorpusLine { line, ..*a }
            },
        );
        for (site, counts) in &other.sites {
            self.sites.entry(*site).or_default().add(counts);
        }
        LineIndex { sites: self.sites, lines: Bucketed::of(lines), corpus: Bucketed::of(corpus) }
    }

    /// The same, but of the other only what is known of sites that this one knows.
    pub fn merge_own_sites(self, mut other: LineIndex) -> LineIndex {
        let is_known = |site: &SiteKey| self.sites.contains_key(site);
        let lines = other.lines.entries().iter().filter(|entry| is_known(&entry.site)).copied().collect();
        other.lines = Bucketed::of(lines);
        other.sites.retain(|site, _| is_known(site));
        self.merge(&other)
    }
}

impl SiteCounts {
    fn add(&mut self, other: &SiteCounts) {
        self.pages = self.pages.saturating_add(other.pages);
        self.documents = self.documents.saturating_add(other.documents);
        self.chars = self.chars.saturating_add(other.chars);
        self.bound = self.bound.saturating_add(other.bound);
    }
}

impl SiteLine {
    fn merge(&self, other: &SiteLine) -> SiteLine {
        let usual = |a: Usual, b: Usual| {
            if a.neighbour == b.neighbour {
                return Usual { pages: a.pages.saturating_add(b.pages), ..a };
            }
            if (a.pages, a.neighbour) >= (b.pages, b.neighbour) { a } else { b }
        };
        SiteLine {
            pages: self.pages.saturating_add(other.pages),
            copies: self.copies.saturating_add(other.copies),
            squares: self.squares.saturating_add(other.squares),
            before: usual(self.before, other.before),
            after: usual(self.after, other.after),
            form: usual(self.form, other.form),
            start: self.start.saturating_add(other.start),
            end: self.end.saturating_add(other.end),
            outside: self.outside.saturating_add(other.outside),
        }
    }
}

/// Two sorted rows as one; `both` makes one entry of two.
fn merged<T: Copy, K: Ord>(a: &[T], b: &[T], key: impl Fn(&T) -> K, mut both: impl FnMut(&T, &T) -> T) -> Vec<T> {
    let mut out = Vec::with_capacity(a.len() + b.len());
    let (mut a, mut b) = (a.iter().peekable(), b.iter().peekable());
    loop {
        match (a.peek(), b.peek()) {
            (Some(x), Some(y)) => match key(x).cmp(&key(y)) {
                std::cmp::Ordering::Less => out.extend(a.next()),
                std::cmp::Ordering::Greater => out.extend(b.next()),
                std::cmp::Ordering::Equal => {
                    out.push(both(x, y));
                    a.next();
                    b.next();
                }
            },
            (Some(_), None) => out.extend(a.next()),
            (None, Some(_)) => out.extend(b.next()),
            (None, None) => return out,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lines::{Page, index::IndexBuilder};
    use proptest::prelude::*;

    fn index(pages: &[(u64, Vec<u8>)]) -> LineIndex {
        let mut builder = IndexBuilder::default();
        for (n, (site, lines)) in pages.iter().enumerate() {
            let lines: Vec<String> = lines.iter().map(|line| format!("line {}", char::from(b'a' + line))).collect();
            builder.add(SiteKey(*site), &Page::of(&format!("{}\npage {}", lines.join("\n"), "x".repeat(n + 1))));
        }
        builder.freeze()
    }

    proptest! {
        /// Sites of one crawl alone come out as they were; counts of the others are at most those of the exact merge.
        #[test]
        fn a_merge_is_near_the_index_of_both(pages in prop::collection::vec((0_u64..5, prop::collection::vec(0_u8..9, 1..6)), 0..40), cut in 0_usize..40) {
            let cut = cut.min(pages.len());
            // Pages of their own in each part: names of pages go on.
            let (first, second) = (index(&pages[..cut]), {
                let mut all = vec![(99, vec![0]); cut];
                all.extend_from_slice(&pages[cut..]);
                let mut index = index(&all);
                index.sites.remove(&SiteKey(99));
                let entries = index.lines.entries().iter().filter(|entry| entry.site != SiteKey(99)).copied().collect();
                index.lines = Bucketed::of(entries);
                index
            });
            let (both, exact) = (first.clone().merge(&second), index(&pages));
            for (site, counts) in &exact.sites {
                let found = &both.sites[site];
                prop_assert_eq!((found.pages, found.documents, found.chars), (counts.pages, counts.documents, counts.chars));
            }
            for entry in both.lines.entries() {
                let key = |other: &&IndexedLine| (other.high, other.low, other.site) == (entry.high, entry.low, entry.site);
                let exact = exact.lines.entries().iter().find(key).unwrap();
                let in_one = |index: &LineIndex| index.sites.contains_key(&entry.site);
                if in_one(&first) && in_one(&second) {
                    prop_assert!(entry.line.pages <= exact.line.pages && entry.line.pages + 1 >= exact.line.pages);
                } else {
                    prop_assert_eq!(entry.line, exact.line);
                }
            }
        }
    }
}
