//! Buckets: documents that have a band of their signatures, or a line, in common.
//!
//! Entries come in any order and are sorted by bucket; [`BucketFinder`] goes through those of a partition and leaves out who is alone, which most
//! are. What is left is sorted by document, so that [`LookAlikes`](super::LookAlikes) meets documents in order, each with its buckets.

use crate::hash::{Numbers, Record, lowered, raised};

/// What a line of a document weighs: its letters, its copies together, and whether it is prose. A band weighs nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct LineWeight(u32);

impl LineWeight {
    /// Of a band.
    pub const BAND: LineWeight = LineWeight(0);
    const PROSE: u32 = 1 << 31;

    /// Of a line of so many letters.
    pub fn of(letters: u32, is_prose: bool) -> LineWeight {
        LineWeight(letters.min(LineWeight::PROSE - 1) | if is_prose { LineWeight::PROSE } else { 0 })
    }

    /// Its letters; 0 for a band.
    pub fn letters(self) -> u64 {
        u64::from(self.0 & !LineWeight::PROSE)
    }

    /// Those letters, if it is prose.
    pub fn prose(self) -> u64 {
        if self.0 & LineWeight::PROSE == 0 { 0 } else { self.letters() }
    }

    fn with(self, copy: LineWeight) -> LineWeight {
        let letters = u32::try_from(self.letters() + copy.letters()).unwrap_or(u32::MAX);
        LineWeight::of(letters, (self.0 | copy.0) & LineWeight::PROSE != 0)
    }
}

/// A document in a bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct BucketEntry {
    /// The bucket: key of a band, or hash of a line.
    pub key: u64,
    /// Number of the document.
    pub document: u32,
    /// What the line weighs in the document.
    pub weight: LineWeight,
}

impl Record for BucketEntry {
    const BYTES: usize = 16;

    fn hash(&self) -> u64 {
        self.key
    }

    fn absorb(&mut self, next: &BucketEntry) -> bool {
        let same = (self.key, self.document) == (next.key, next.document);
        if same {
            self.weight = self.weight.with(next.weight);
        }
        same
    }

    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.key.to_le_bytes());
        out.extend_from_slice(&self.document.to_le_bytes());
        out.extend_from_slice(&self.weight.0.to_le_bytes());
    }

    fn read(bytes: &[u8]) -> Option<BucketEntry> {
        let mut numbers = Numbers(bytes);
        Some(BucketEntry {
            key: u64::from_le_bytes(numbers.take()?),
            document: u32::from_le_bytes(numbers.take()?),
            weight: LineWeight(u32::from_le_bytes(numbers.take()?)),
        })
    }
}

/// The same, sorted by the turn at which the document is judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct BucketOfDocument {
    /// The document's turn, in the uppermost bits that so many turns need.
    turn: u32,
    /// The bucket.
    pub key: u64,
    /// As in [`BucketEntry`].
    pub weight: LineWeight,
}

impl BucketOfDocument {
    /// An entry at a turn, out of so many.
    pub fn new(entry: BucketEntry, turn: u32, turns: u32) -> BucketOfDocument {
        BucketOfDocument { turn: raised(turn, turns), key: entry.key, weight: entry.weight }
    }

    /// The turn, out of so many.
    pub fn turn(&self, turns: u32) -> u32 {
        lowered(self.turn, turns)
    }
}

impl Record for BucketOfDocument {
    const BYTES: usize = 16;

    /// Partitions are in the order of turns.
    fn hash(&self) -> u64 {
        u64::from(self.turn) << 32
    }

    fn absorb(&mut self, _: &BucketOfDocument) -> bool {
        false
    }

    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.turn.to_le_bytes());
        out.extend_from_slice(&self.key.to_le_bytes());
        out.extend_from_slice(&self.weight.0.to_le_bytes());
    }

    fn read(bytes: &[u8]) -> Option<BucketOfDocument> {
        let mut numbers = Numbers(bytes);
        Some(BucketOfDocument {
            turn: u32::from_le_bytes(numbers.take()?),
            key: u64::from_le_bytes(numbers.take()?),
            weight: LineWeight(u32::from_le_bytes(numbers.take()?)),
        })
    }
}

/// Finds the buckets that several documents are in; entries come in order.
#[derive(Debug)]
pub struct BucketFinder<'f> {
    /// The turn of each document.
    turns: &'f [u32],
    first: Option<BucketEntry>,
    shared: bool,
    found: Vec<BucketOfDocument>,
}

impl<'f> BucketFinder<'f> {
    /// Nothing found yet.
    pub fn new(turns: &'f [u32]) -> BucketFinder<'f> {
        BucketFinder { turns, first: None, shared: false, found: Vec::new() }
    }

    /// The next entry.
    pub fn push(&mut self, entry: BucketEntry) {
        match self.first {
            Some(first) if first.key == entry.key => {
                if !self.shared {
                    self.add(first);
                }
                self.shared = true;
                self.add(entry);
            }
            _ => (self.first, self.shared) = (Some(entry), false),
        }
    }

    fn add(&mut self, entry: BucketEntry) {
        let turns = u32::try_from(self.turns.len()).unwrap_or(u32::MAX);
        let turn = self.turns.get(entry.document as usize);
        self.found.extend(turn.map(|turn| BucketOfDocument::new(entry, *turn, turns)));
    }

    /// What was found.
    pub fn finish(self) -> Vec<BucketOfDocument> {
        self.found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::sort;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn who_is_alone_is_left_out(entries in prop::collection::vec((0_u64..9, 0_u32..12, 0_u32..3), 0..60)) {
            let turns: Vec<u32> = (0..12).rev().collect();
            let mut sorted: Vec<_> = entries.iter().map(|(key, document, letters)| BucketEntry { key: *key, document: *document, weight: LineWeight(*letters) }).collect();
            sort(&mut sorted);
            let mut finder = BucketFinder::new(&turns);
            sorted.iter().for_each(|entry| finder.push(*entry));
            let found: Vec<_> = finder.finish().iter().map(|found| (found.key, 11 - found.turn(12), found.weight.0)).collect();
            let naive: Vec<_> = sorted
                .iter()
                .filter(|entry| sorted.iter().filter(|other| other.key == entry.key).count() > 1)
                .map(|entry| (entry.key, entry.document, entry.weight.0))
                .collect();
            prop_assert_eq!(found, naive);
        }

        #[test]
        fn bytes_read_back_and_order_is_that_of_turns(key: u64, document: u32, letters: u32, turns in 1_u32..u32::MAX, two in [any::<u32>(), any::<u32>()]) {
            let entry = BucketEntry { key, document, weight: LineWeight(letters) };
            let [a, b] = two.map(|turn| BucketOfDocument::new(entry, turn % turns, turns));
            prop_assert_eq!(a.turn(turns), two[0] % turns);
            prop_assert_eq!(a.turn(turns).cmp(&b.turn(turns)), a.cmp(&b));
            let mut bytes = Vec::new();
            entry.write(&mut bytes);
            a.write(&mut bytes);
            let (first, second) = bytes.split_at(BucketEntry::BYTES);
            prop_assert_eq!((BucketEntry::read(first), BucketOfDocument::read(second)), (Some(entry), Some(a)));
        }
    }
}
