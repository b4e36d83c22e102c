//! Rows of lines in memory: what the judgement asks for at hand, all else coded as in a file, a fourth as large.

use super::{IndexedLine, LineRow};
use crate::hash::Numbers;

/// Rows in the order of their bits, then of their sites.
#[derive(Clone, Debug, Default)]
pub(super) struct Rows {
    pub(super) entries: Vec<IndexedLine>,
    pub(super) coded: Coded,
}

impl Rows {
    /// None yet.
    pub(super) fn with_capacity(rows: usize) -> Rows {
        Rows { entries: Vec::with_capacity(rows), coded: Coded::default() }
    }

    /// The next row.
    pub(super) fn push(&mut self, row: &LineRow) {
        let (high, low) = row.bits;
        self.entries.push(IndexedLine { high, site: row.site, line: row.line(), low });
        row.write(Some(row.site), &mut self.coded.bytes);
        self.coded.ends.push(self.coded.bytes.len());
    }

    /// Those of `other` behind these.
    pub(super) fn append(&mut self, mut other: Rows) {
        let before = self.coded.bytes.len();
        self.entries.append(&mut other.entries);
        self.coded.bytes.append(&mut other.coded.bytes);
        self.coded.ends.extend(other.coded.ends.iter().map(|end| before + end));
    }
}

/// Rows as they stand in a file, but without their sites.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Coded {
    bytes: Vec<u8>,
    /// Where each ends.
    ends: Vec<usize>,
}

impl Coded {
    /// The row of an entry by its number.
    pub(super) fn row(&self, number: usize, entry: &IndexedLine) -> Option<LineRow> {
        let start = number.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).copied())?;
        let bytes = self.bytes.get(start..*self.ends.get(number)?)?;
        LineRow::read(&mut Numbers(bytes), Some(entry.site))
    }
}
