//! Which features are weighed together.
//!
//! One table alone cannot say that a line on every page is a menu at the page's head and a heading within its text: what the features say
//! depends on one another. Most groups were found by greedy search for the loss on sites that the search had not fitted to (docs/lines.md);
//! three features at most, so that a table is small and a reader can follow it.

use super::features::{
    Classes,
    Feature::{self, *},
};

/// Features that are weighed together, a table each.
pub const TABLES: [&[Feature]; TABLE_COUNT] = [
    &[Share, RunLength, TieAfter],
    &[FixedStart, FixedEnd, Form],
    &[Steady, Before, After],
    &[Pages, Window, Block],
    &[RunShare, Form, Many],
    &[Kind, Letters, FixedEnd],
    &[SinglesBefore, Form, Block],
    &[Letters, Steady, FixedStart],
    &[Share, Kind, Many],
    &[Share, StrongBefore, Prose],
    &[Stop, Before, Block],
    &[Stop, Window, FixedStart],
    &[Before, SinglesBefore, TieBefore],
    &[Stop, RunLength, Page],
    &[StrongAfter, RunShare, FixedEnd],
    &[Steady, RunShare, Many],
    &[Stop, StrongBefore, SinglesBefore],
    &[Letters, Stop, StrongBefore],
    &[Letters, Side, Distance],
    &[Page, Lower],
    &[StrongBefore, Distance, Outside],
    &[SinglesAfter, Side, Outside],
    &[Steady, Side, Copy],
    &[Share, Side, Page],
    &[Share, Page, Site],
    &[RunShare, Outside, Page],
    &[SinglesAfter, Prose, Own],
    &[FixedEnd, Block, Page],
    &[SinglesBefore, TieAfter, Page],
    &[Outside, Own, Page],
];

/// How many tables there are.
pub const TABLE_COUNT: usize = 30;

/// Entries of a table of these features.
pub fn entries(features: &[Feature]) -> usize {
    product(features)
}

/// Where a table finds its entry: a load and a product a feature, from where the table begins among the entries of all.
#[derive(Clone, Copy)]
pub(super) struct Cell {
    /// Its features by number.
    pub(super) features: [u8; LARGEST],
    /// What one class of each is worth in the entry.
    pub(super) strides: [u16; LARGEST],
    /// The table's first entry.
    pub(super) first: u16,
}

/// The cells of all tables.
pub(super) const CELLS: [Cell; TABLE_COUNT] = cells();

/// Entries of all tables together.
pub(super) const ENTRIES: usize = CELLS[TABLE_COUNT - 1].first as usize + product(TABLES[TABLE_COUNT - 1]);

/// Features in a table, at most.
const LARGEST: usize = 3;

#[allow(clippy::indexing_slicing)] // Only at compile time, where it cannot fail unseen.
const fn product(features: &[Feature]) -> usize {
    let (mut at, mut product) = (0, 1);
    while at < features.len() {
        product *= features[at].classes();
        at += 1;
    }
    product
}

#[allow(clippy::indexing_slicing, clippy::cast_possible_truncation)] // Only at compile time, where an overflow or a wrong place stops it.
const fn cells() -> [Cell; TABLE_COUNT] {
    let mut all = [Cell { features: [0; LARGEST], strides: [0; LARGEST], first: 0 }; TABLE_COUNT];
    let (mut table, mut first) = (0, 0);
    while table < TABLE_COUNT {
        let features = TABLES[table];
        let (mut at, mut stride) = (features.len(), 1);
        all[table].first = first as u16;
        while at > 0 {
            at -= 1;
            all[table].features[at] = features[at] as u8;
            all[table].strides[at] = stride as u16;
            stride *= features[at].classes();
        }
        first += stride;
        assert!(first <= u16::MAX as usize);
        table += 1;
    }
    all
}

/// The entry of a table for these classes: the last feature counts by ones.
pub fn entry(features: &[Feature], classes: &Classes) -> usize {
    features.iter().fold(0, |entry, feature| entry * feature.classes() + usize::from(classes.get(*feature as usize).copied().unwrap_or(0)))
}

/// The name of a table: its features', joined.
pub fn table_name(features: &[Feature]) -> String {
    features.iter().map(|feature| feature.name()).collect::<Vec<_>>().join(" ")
}
