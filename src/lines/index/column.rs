//! The commonest values of one number over a line's pages, and how far they may be from the truth.
//!
//! A column of neighbours or forms lists three values at most, one of places two. What two columns of other pages say together is kept as Agarwal et al. merge summaries
//! of Misra and Gries ("Mergeable Summaries", PODS 2012): counts are lower bounds, and one number bounds what is missing from any of them, so
//! that a merged index can say which of its usual neighbours are certain.

use super::Usual;

/// Values that a column lists at most.
pub(super) const TOPS: usize = 3;
/// Columns of a line: the line before, the line after, the place from the start and from the end, the form.
pub(super) const COLUMNS: usize = 5;

/// Values that each column of a line lists. Of places only it is asked how many pages agree.
pub(super) const fn tops_of(column: usize) -> usize {
    if matches!(column, 2 | 3) { 2 } else { TOPS }
}

/// The commonest values of a number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Column {
    /// The commonest first; unused ones have no pages.
    pub(super) tops: [Usual; TOPS],
    /// Pages that any value, listed or not, may have more than is listed of it.
    pub(super) missing: u32,
}

impl Column {
    /// One value, on all pages.
    pub(super) fn of_usual(usual: Usual) -> Column {
        Column { tops: [usual, Usual::default(), Usual::default()], missing: 0 }
    }

    /// Takes in a value that is not listed yet, with all of its pages; so many are listed.
    pub(super) fn offer(&mut self, mut value: Usual, tops: usize) {
        for top in self.tops.iter_mut().take(tops) {
            if (value.pages, value.neighbour) > (top.pages, top.neighbour) {
                std::mem::swap(top, &mut value);
            }
        }
        // What no longer has room may have so many pages.
        self.missing = self.missing.max(value.pages);
    }

    /// The values that it lists.
    pub(super) fn listed(&self) -> impl Iterator<Item = Usual> {
        self.tops.into_iter().filter(|top| top.pages > 0)
    }

    /// The commonest value.
    pub fn usual(&self) -> Usual {
        let [first, ..] = self.tops;
        first
    }

    /// Pages that a value may have more than is listed of it.
    pub fn missing(&self) -> u32 {
        self.missing
    }

    /// Is the commonest value so beyond doubt?
    pub fn is_certain(&self) -> bool {
        let [first, second, _] = self.tops;
        self.missing == 0 || first.pages > second.pages.saturating_add(self.missing)
    }

    /// The column of both, of pages that only one has.
    pub(super) fn merge(&self, other: &Column, tops: usize) -> Column {
        let of = |column: &Column, value: u16| column.listed().find(|top| top.neighbour == value).map_or(0, |top| top.pages);
        let mut merged = Column::default();
        for top in self.listed() {
            merged.offer(Usual { pages: top.pages.saturating_add(of(other, top.neighbour)), ..top }, tops);
        }
        for top in other.listed().filter(|top| of(self, top.neighbour) == 0) {
            merged.offer(top, tops);
        }
        merged.missing = merged.missing.saturating_add(self.missing).saturating_add(other.missing);
        merged
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    fn counts(values: &[u16]) -> BTreeMap<u16, u32> {
        values.iter().fold(BTreeMap::new(), |mut counts, value| {
            *counts.entry(*value).or_default() += 1;
            counts
        })
    }

    fn column(values: &[u16], tops: usize) -> Column {
        let mut column = Column::default();
        counts(values).into_iter().for_each(|(neighbour, pages)| column.offer(Usual { neighbour, pages }, tops));
        column
    }

    proptest! {
        /// Whatever is merged in whatever order, no value has more than is listed and missing, nor less than is listed.
        #[test]
        fn bounds_hold(parts in prop::collection::vec(prop::collection::vec(0_u16..7, 0..30), 1..6), tops in 2_usize..=TOPS) {
            let merged = parts.iter().map(|part| column(part, tops)).reduce(|a, b| a.merge(&b, tops)).unwrap_or_default();
            let exact = counts(&parts.concat());
            for (value, pages) in &exact {
                let listed = merged.listed().find(|top| top.neighbour == *value).map_or(0, |top| top.pages);
                prop_assert!(listed <= *pages && *pages <= listed + merged.missing, "{value}: {listed} of {pages}, {}", merged.missing);
            }
            if merged.is_certain() {
                let most = exact.values().max().copied().unwrap_or(0);
                prop_assert_eq!(exact.get(&merged.usual().neighbour).copied().unwrap_or(0), most);
            }
            if parts.len() == 1 {
                // One crawl by itself: exactly what was counted.
                let mut all: Vec<_> = exact.iter().map(|(value, pages)| (*pages, *value)).collect();
                all.sort_unstable();
                all.reverse();
                let listed: Vec<_> = merged.listed().map(|top| (top.pages, top.neighbour)).collect();
                prop_assert_eq!(&listed, &all[..all.len().min(tops)]);
                prop_assert_eq!(merged.missing, all.get(tops).map_or(0, |(pages, _)| *pages));
            }
        }
    }
}
