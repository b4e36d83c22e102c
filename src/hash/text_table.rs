//! A set of byte strings that is exact: equal hashes are confirmed by the bytes.
//!
//! Open addressing with linear probing over slots of eight bytes (24 bits of the hash and a place), the texts themselves one after another
//! in one buffer. Chosen collisions cost time and nothing else; hash with a seed that nobody knows. A probe is one load from the slots and,
//! where the 24 bits agree, one from the texts. Nothing is ever taken out.

/// Bytes before each text: its hash, its length, its number.
const HEADER: usize = 16;
/// Bits of a slot that hold the place of a text, counted from 1.
const PLACE_BITS: u32 = 40;
const PLACES: u64 = 1 << PLACE_BITS;
/// Slots of the smallest table.
const LEAST_SLOTS: usize = 1 << 10;

/// Texts, each with a number from 0 in the order in which they came.
#[derive(Clone, Debug, Default)]
pub struct TextTable {
    /// A power of two, or none; 0 is free.
    slots: Vec<u64>,
    texts: Vec<u8>,
    len: u32,
}

/// What [`TextTable::insert`] found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Inserted {
    /// The number of the text.
    pub number: u32,
    /// Was it not there before?
    pub is_new: bool,
}

enum Probe {
    Found(u32),
    Free(usize),
}

impl TextTable {
    /// Bytes that one more text takes, beside its own and its share of the slots.
    pub const OVERHEAD: usize = HEADER;

    /// Texts in it.
    pub fn len(&self) -> usize {
        self.len as usize
    }

    /// Is there none?
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Bytes that it holds, and would once `more` texts have come: their own bytes aside.
    pub fn bytes_with(&self, more: usize) -> usize {
        let wanted = (self.len() + more).saturating_mul(4) / 3 + 1;
        let slots = if wanted > self.slots.len() {
            // While it grows, both tables are there.
            self.slots.len() + wanted.next_power_of_two().max(LEAST_SLOTS)
        } else {
            self.slots.len()
        };
        slots * size_of::<u64>() + self.texts.len() + more * HEADER
    }

    /// The number of a text, if it is there.
    pub fn find(&self, hash: u64, text: &[u8]) -> Option<u32> {
        match self.probe(hash, text) {
            Probe::Found(number) => Some(number),
            Probe::Free(_) => None,
        }
    }

    /// Puts a text in, unless it is there. Full (2^32 texts, 2^40 bytes) it takes none and says the text is new.
    pub fn insert(&mut self, hash: u64, text: &[u8]) -> Inserted {
        if (self.len() + 1) * 4 > self.slots.len() * 3 {
            self.grow();
        }
        let free = match self.probe(hash, text) {
            Probe::Found(number) => return Inserted { number, is_new: false },
            Probe::Free(free) => free,
        };
        let inserted = Inserted { number: self.len, is_new: true };
        let (Ok(length), Ok(place)) = (u32::try_from(text.len()), u64::try_from(self.texts.len() + 1)) else { return inserted };
        if place < PLACES
            && self.len < u32::MAX
            && let Some(slot) = self.slots.get_mut(free)
        {
            *slot = tag(hash) | place;
            self.texts.extend_from_slice(&hash.to_le_bytes());
            self.texts.extend_from_slice(&length.to_le_bytes());
            self.texts.extend_from_slice(&self.len.to_le_bytes());
            self.texts.extend_from_slice(text);
            self.len += 1;
        }
        inserted
    }

    /// The texts in the order of their numbers.
    pub fn iter(&self) -> impl Iterator<Item = &[u8]> {
        let mut rest = self.texts.as_slice();
        std::iter::from_fn(move || {
            let (header, after) = rest.split_first_chunk::<HEADER>()?;
            let (text, after) = after.split_at_checked(length_of(header))?;
            rest = after;
            Some(text)
        })
    }

    fn probe(&self, hash: u64, text: &[u8]) -> Probe {
        let mask = self.slots.len().wrapping_sub(1);
        let mut at = hash as usize & mask;
        loop {
            match self.slots.get(at).copied() {
                None | Some(0) => return Probe::Free(at),
                Some(slot) => {
                    if slot & !(PLACES - 1) == tag(hash)
                        && let Some(number) = self.number_of(slot, text)
                    {
                        return Probe::Found(number);
                    }
                }
            }
            at = (at + 1) & mask;
        }
    }

    /// The number of the text in a slot, if it is this one.
    fn number_of(&self, slot: u64, text: &[u8]) -> Option<u32> {
        let place = usize::try_from((slot & (PLACES - 1)).checked_sub(1)?).ok()?;
        let (header, after) = self.texts.get(place..)?.split_first_chunk::<HEADER>()?;
        (length_of(header) == text.len() && after.get(..text.len()) == Some(text)).then(|| number_in(header))
    }

    fn grow(&mut self) {
        let size = (self.slots.len() * 2).max(LEAST_SLOTS);
        let mask = size - 1;
        let mut slots = vec![0_u64; size];
        let mut place = 0;
        while let Some(header) = self.texts.get(place..).and_then(|rest| rest.first_chunk::<HEADER>()) {
            let hash = hash_in(header);
            let mut at = hash as usize & mask;
            while slots.get(at).is_some_and(|slot| *slot != 0) {
                at = (at + 1) & mask;
            }
            if let Some(slot) = slots.get_mut(at) {
                *slot = tag(hash) | (place as u64 + 1);
            }
            place += HEADER + length_of(header);
        }
        self.slots = slots;
    }
}

fn tag(hash: u64) -> u64 {
    hash & !(PLACES - 1)
}

fn hash_in(header: &[u8; HEADER]) -> u64 {
    header.first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes))
}

fn length_of(header: &[u8; HEADER]) -> usize {
    header.get(8..12).and_then(|bytes| bytes.first_chunk()).map_or(0, |bytes| u32::from_le_bytes(*bytes) as usize)
}

fn number_in(header: &[u8; HEADER]) -> u32 {
    header.last_chunk().map_or(0, |bytes| u32::from_le_bytes(*bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::HashMap;
    use xxhash_rust::xxh3::xxh3_64;

    proptest! {
        /// The naive twin is a map, and a hash of a few bits or none at all changes no answer.
        #[test]
        fn agrees_with_a_map(texts in prop::collection::vec(prop::collection::vec(0_u8..4, 0..5), 0..4000), bits in prop::sample::select(vec![0_u32, 3, 8, 64])) {
            let hash = |text: &[u8]| if bits == 0 { 7 } else { xxh3_64(text) >> (64 - bits) };
            let (mut table, mut twin) = (TextTable::default(), HashMap::new());
            let mut order = Vec::new();
            for text in &texts {
                let found = table.find(hash(text), text);
                let next = twin.len() as u32;
                let number = *twin.entry(text.clone()).or_insert(next);
                prop_assert_eq!(found, (number != next).then_some(number));
                prop_assert_eq!(table.insert(hash(text), text), Inserted { number, is_new: number == next });
                if number == next {
                    order.push(text.as_slice());
                }
            }
            prop_assert_eq!(table.len(), twin.len());
            prop_assert!(table.iter().eq(order));
        }
    }

    #[test]
    fn it_says_what_it_will_hold() {
        let mut table = TextTable::default();
        for n in 0..10_000_u32 {
            let will = table.bytes_with(1);
            table.insert(xxh3_64(&n.to_le_bytes()), &n.to_le_bytes());
            assert!(table.slots.len() * 8 + table.texts.len() <= will + 4, "{n}");
        }
        assert!(table.find(1, b"none").is_none());
        assert!(!table.is_empty() && TextTable::default().find(0, b"").is_none());
    }
}
