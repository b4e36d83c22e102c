//! Keys of documents in the order of a stream, with the places of those that stay: 16 bytes each.
//!
//! 80 bits of a key and 48 of a place. With 10^9 documents the chance that any two different ones share their bits is 4 in 10^7; a key whose
//! place has no room (past 2^48 records) is not remembered. The table is filled from seven sixteenths to seven eighths.

use hashbrown::{HashTable, hash_table::Entry};

use crate::model::DocId;

/// Bits of a place.
const PLACE_BITS: u32 = 48;

/// A key and its place, in numbers of four bytes: 64 bits of the key, then 16, then the place.
type Packed = [u32; 4];

/// The documents that stay, by their keys.
#[derive(Debug, Default)]
pub struct KeyTable {
    keys: HashTable<Packed>,
    /// The place before the first record of each source.
    bases: Vec<u64>,
    /// The last place.
    end: u64,
}

fn pack(key: u128, place: u64) -> Packed {
    let tail = ((key >> 48) as u64 & 0xFFFF) << PLACE_BITS | place;
    [(key >> 96) as u32, (key >> 64) as u32, (tail >> 32) as u32, tail as u32]
}

fn hash([high, low, ..]: Packed) -> u64 {
    u64::from(high) << 32 | u64::from(low)
}

fn tail([_, _, high, low]: Packed) -> u64 {
    u64::from(high) << 32 | u64::from(low)
}

fn is_same_key(a: Packed, b: Packed) -> bool {
    hash(a) == hash(b) && (tail(a) ^ tail(b)) >> PLACE_BITS == 0
}

impl KeyTable {
    /// The document that came first with this key.
    pub fn find(&self, key: u128) -> Option<DocId> {
        let asked = pack(key, 0);
        let found = self.keys.find(hash(asked), |other| is_same_key(*other, asked))?;
        let place = tail(*found) & ((1 << PLACE_BITS) - 1);
        // Sources without records share their place with the next one.
        let source = self.bases.partition_point(|base| *base < place).checked_sub(1)?;
        Some(DocId { source: u32::try_from(source).ok()?, position: place - self.bases.get(source)? })
    }

    /// Remembers a document by a key, unless one has it; documents come in order.
    pub fn insert(&mut self, key: u128, document: DocId) {
        let source = document.source as usize;
        if source >= self.bases.len() {
            self.bases.resize(source + 1, self.end);
        }
        let Some(place) = self.bases.get(source).and_then(|base| base.checked_add(document.position)) else { return };
        self.end = self.end.max(place);
        if place >> PLACE_BITS != 0 {
            return;
        }
        let packed = pack(key, place);
        if let Entry::Vacant(vacant) = self.keys.entry(hash(packed), |other| is_same_key(*other, packed), |other| hash(*other)) {
            vacant.insert(packed);
        }
    }

    /// How many keys it holds.
    pub fn len(&self) -> u64 {
        self.keys.len() as u64
    }

    /// Does it hold none?
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::HashMap;

    #[test]
    fn a_key_takes_16_bytes() {
        assert_eq!(size_of::<Packed>(), 16);
        let mut table = KeyTable::default();
        table.insert(1 << 48, DocId { source: 0, position: 1 << PLACE_BITS });
        assert!(table.is_empty());
    }

    proptest! {
        /// The naive twin: a map.
        #[test]
        fn the_first_of_a_key_is_found(records in prop::collection::vec((0_u32..3, 1_u64..5, 0_u128..60), 0..200), spread: u128) {
            let (mut table, mut naive) = (KeyTable::default(), HashMap::new());
            let mut id = DocId { source: 0, position: 0 };
            for (sources, lines, key) in records {
                id = if sources == 0 { DocId { position: id.position + lines, ..id } } else { DocId { source: id.source + sources, position: lines } };
                // Keys that differ in each of their bits that count.
                let key = if key % 2 == 0 { key << 48 } else { key.wrapping_mul(spread | 1 << 127) };
                prop_assert_eq!(table.find(key), naive.get(&(key >> 48)).copied());
                table.insert(key, id);
                naive.entry(key >> 48).or_insert(id);
            }
            prop_assert_eq!(table.len() as usize, naive.len());
        }
    }
}
