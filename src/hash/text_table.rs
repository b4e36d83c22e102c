//! A set of byte strings that is exact: equal hashes are confirmed by the bytes.
//!
//! Open addressing with linear probing over slots of a hash and a place; the texts themselves stand one after another in one buffer. The upper
//! bits of the hash choose the slot, so that slots stand nearly in the order of their hashes and growth goes over both tables once from front
//! to back. Chosen collisions cost time and nothing else; hash with a seed that nobody knows. Nothing is ever taken out.

/// Bytes before each text: its length, its number.
const HEADER: usize = 8;
/// Logarithm of the slots of the smallest table.
const LEAST_BITS: u32 = 9;

#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    hash: u64,
    /// Of the text, counted from 1; 0 where the slot is free.
    place: u64,
}

/// Texts, each with a number from 0 in the order in which they came.
#[derive(Clone, Debug, Default)]
pub struct TextTable {
    /// A power of two, or none.
    slots: Vec<Slot>,
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
    /// Texts from which on it should be left as it is: far below what their numbers can tell apart.
    const MOST: usize = 1 << 31;

    /// Texts in it.
    pub fn len(&self) -> usize {
        self.len as usize
    }

    /// Are there so many that no more should come, however much memory there is?
    pub fn is_full(&self) -> bool {
        self.len() >= Self::MOST
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
            self.slots.len() + wanted.next_power_of_two().max(1 << LEAST_BITS)
        } else {
            self.slots.len()
        };
        slots * size_of::<Slot>() + self.texts.len() + more * HEADER
    }

    /// The number of a text, if it is there.
    pub fn find(&self, hash: u64, text: &[u8]) -> Option<u32> {
        match self.probe(hash, text) {
            Probe::Found(number) => Some(number),
            Probe::Free(_) => None,
        }
    }

    /// Brings what the next few lookups will want into the cache, all at once instead of one after another. What it gives says nothing; use it, so
    /// that the loads are made.
    pub fn warm(&self, hashes: impl Iterator<Item = u64> + Clone) -> u64 {
        let slot = |hash: u64| self.slots.get(self.home(hash)).copied().unwrap_or_default();
        let text = |hash: u64| {
            let slot = slot(hash);
            let place = if slot.hash == hash { slot.place } else { 0 };
            self.texts.get(place as usize).copied().unwrap_or(0)
        };
        let slots = hashes.clone().fold(0, |sum, hash| sum ^ slot(hash).place);
        hashes.fold(slots, |sum, hash| sum ^ u64::from(text(hash)))
    }

    /// Puts a text in, unless it is there. Full (2^32 texts) it takes none and says the text is new.
    pub fn insert(&mut self, hash: u64, text: &[u8]) -> Inserted {
        if (self.len() + 1) * 4 > self.slots.len() * 3 {
            self.grow();
        }
        let free = match self.probe(hash, text) {
            Probe::Found(number) => return Inserted { number, is_new: false },
            Probe::Free(free) => free,
        };
        let inserted = Inserted { number: self.len, is_new: true };
        if let (Ok(length), Some(len)) = (u32::try_from(text.len()), self.len.checked_add(1))
            && let Some(slot) = self.slots.get_mut(free)
        {
            *slot = Slot { hash, place: self.texts.len() as u64 + 1 };
            self.texts.extend_from_slice(&length.to_le_bytes());
            self.texts.extend_from_slice(&self.len.to_le_bytes());
            self.texts.extend_from_slice(text);
            self.len = len;
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

    /// The slot where a search for this hash begins.
    fn home(&self, hash: u64) -> usize {
        // One slot has no bits to choose by, but there is no such table.
        (hash >> (u64::BITS - self.slots.len().trailing_zeros().clamp(1, u64::BITS))) as usize
    }

    fn probe(&self, hash: u64, text: &[u8]) -> Probe {
        let mask = self.slots.len().wrapping_sub(1);
        let mut at = self.home(hash) & mask;
        loop {
            match self.slots.get(at) {
                None | Some(Slot { place: 0, .. }) => return Probe::Free(at),
                Some(slot) => {
                    if slot.hash == hash
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
    fn number_of(&self, slot: &Slot, text: &[u8]) -> Option<u32> {
        let place = usize::try_from(slot.place.checked_sub(1)?).ok()?;
        let (header, after) = self.texts.get(place..)?.split_first_chunk::<HEADER>()?;
        (length_of(header) == text.len() && after.get(..text.len()) == Some(text)).then(|| number_in(header))
    }

    fn grow(&mut self) {
        let size = (self.slots.len() * 2).max(1 << LEAST_BITS);
        let old = std::mem::replace(&mut self.slots, vec![Slot::default(); size]);
        for slot in old.into_iter().filter(|slot| slot.place != 0) {
            let mut at = self.home(slot.hash);
            while self.slots.get(at).is_some_and(|slot| slot.place != 0) {
                at = (at + 1) & (size - 1);
            }
            if let Some(free) = self.slots.get_mut(at) {
                *free = slot;
            }
        }
    }
}

fn length_of(header: &[u8; HEADER]) -> usize {
    header.first_chunk().map_or(0, |bytes| u32::from_le_bytes(*bytes) as usize)
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
