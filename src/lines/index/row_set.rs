//! Rows of lines in memory by the order of the index, of which nothing is asked yet but what they are.

use super::{LineBits, LineRow};
use crate::hash::{Numbers, SiteKey};

/// Rows, coded as in a file: 60 bytes each instead of three times as many.
#[derive(Clone, Debug, Default)]
pub struct RowSet {
    places: Vec<RowPlace>,
    bytes: Vec<u8>,
}

#[derive(Clone, Copy, Debug)]
struct RowPlace {
    high: u64,
    site: SiteKey,
    start: u64,
    low: u32,
}

impl RowPlace {
    fn order(&self) -> (LineBits, SiteKey) {
        ((self.high, self.low), self.site)
    }
}

impl RowSet {
    /// Adds a row.
    pub fn push(&mut self, row: &LineRow) {
        let (high, low) = row.bits;
        self.places.push(RowPlace { high, low, site: row.site, start: self.bytes.len() as u64 });
        row.write(Some(row.site), &mut self.bytes);
    }

    /// Takes over those of `other`.
    pub fn append(&mut self, mut other: RowSet) {
        let before = self.bytes.len() as u64;
        self.places.extend(other.places.iter().map(|place| RowPlace { start: before + place.start, ..*place }));
        self.bytes.append(&mut other.bytes);
    }

    /// Puts them in the order of the bits of their lines, then of their sites.
    pub(super) fn sort(&mut self) {
        self.places.sort_unstable_by_key(RowPlace::order);
    }

    /// All rows.
    pub fn iter(&self) -> impl Iterator<Item = LineRow> {
        self.places.iter().filter_map(|place| self.row(place))
    }

    /// The row of a line at a site, of sorted ones.
    pub(super) fn find(&self, order: (LineBits, SiteKey)) -> Option<LineRow> {
        let at = self.places.binary_search_by(|place| place.order().cmp(&order)).ok()?;
        self.row(self.places.get(at)?)
    }

    fn row(&self, place: &RowPlace) -> Option<LineRow> {
        let bytes = self.bytes.get(usize::try_from(place.start).ok()?..)?;
        LineRow::read(&mut Numbers(bytes), Some(place.site))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Are there none?
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }
}
