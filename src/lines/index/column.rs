//! The commonest values of one number over a line's pages, and how far they may be from the truth.
//!
//! A column of neighbours or forms lists three values at most, one of places two. What two columns of other pages say together is kept as Agarwal et al. merge summaries
//! of Misra and Gries ("Mergeable Summaries", PODS 2012): counts are lower bounds, one number bounds what is missing from any of them and one what
//! a value may have that is not listed, so that a merged index can say which of its usual neighbours are certain. Of one crawl all counts are exact.

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
    /// Pages that a value which is not listed may have.
    pub(super) others: u32,
    /// Pages that a listed value may have more than is listed of it.
    pub(super) missing: u32,
}

impl Column {
    /// One value, on all pages.
    pub(super) fn of_usual(usual: Usual) -> Column {
        Column { tops: [usual, Usual::default(), Usual::default()], ..Column::default() }
    }

    /// Takes in a value that is not listed yet, with all of its pages; so many are listed.
    pub(super) fn offer(&mut self, mut value: Usual, tops: usize) {
        for top in self.tops.iter_mut().take(tops) {
            if (value.pages, value.neighbour) > (top.pages, top.neighbour) {
                std::mem::swap(top, &mut value);
            }
        }
        // What no longer has room may have so many pages.
        self.others = self.others.max(value.pages);
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

    /// Pages that a value which is not listed may have.
    pub fn others(&self) -> u32 {
        self.others
    }

    /// Pages that a listed value may have more than is listed of it.
    pub fn missing(&self) -> u32 {
        self.missing
    }

    /// Is no value commoner than the first beyond doubt?
    pub fn is_certain(&self) -> bool {
        let [first, second, _] = self.tops;
        first.pages >= second.pages.saturating_add(self.missing).max(self.others)
    }

    /// The column of both, of pages that only one has.
    pub(super) fn merge(&self, other: &Column, tops: usize) -> Column {
        let of = |column: &Column, value: u16| column.listed().find(|top| top.neighbour == value);
        let mut merged = Column::default();
        let mut missing = 0;
        // What one lists and the other does not may have there what any other value may.
        let mut offer = |top: Usual, listed: &Column, beside: &Column, merged: &mut Column| {
            let (pages, more) = of(beside, top.neighbour).map_or((0, beside.others), |other| (other.pages, beside.missing));
            missing = missing.max(more.saturating_add(listed.missing));
            merged.offer(Usual { pages: top.pages.saturating_add(pages), ..top }, tops);
        };
        self.listed().for_each(|top| offer(top, self, other, &mut merged));
        other.listed().filter(|top| of(self, top.neighbour).is_none()).for_each(|top| offer(top, other, self, &mut merged));
        // Of what no longer has room some may be missing too.
        let dropped = if merged.others == 0 { 0 } else { merged.others.saturating_add(missing) };
        merged.others = dropped.max(self.others.saturating_add(other.others));
        merged.missing = missing;
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
                match merged.listed().find(|top| top.neighbour == *value) {
                    Some(top) => prop_assert!(top.pages <= *pages && *pages <= top.pages + merged.missing, "{value}: {pages} of {merged:?}"),
                    None => prop_assert!(*pages <= merged.others, "{value}: {pages} of {merged:?}"),
                }
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
                prop_assert_eq!(merged.missing, 0);
                prop_assert_eq!(merged.others, all.get(tops).map_or(0, |(pages, _)| *pages));
            }
        }
    }
}
