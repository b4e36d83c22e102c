//! Records that have the id of an earlier one: keys of ids are sorted as those of texts are, so memory is bounded.

use hashbrown::HashMap;
use xxhash_rust::xxh3::xxh3_128;

use crate::{
    hash::{Numbers, Record},
    model::DocId,
};

/// An id with the record that has it. Ids are compared as they are written: `1` and `"1"` are two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeyedId {
    key: u128,
    record: DocId,
}

impl KeyedId {
    /// The key of an id as raw JSON; none of null and of an empty string.
    pub fn of(raw: &str, record: DocId) -> Option<KeyedId> {
        (!matches!(raw, "null" | "\"\"")).then(|| KeyedId { key: xxh3_128(raw.as_bytes()), record })
    }
}

impl Record for KeyedId {
    const BYTES: usize = 28;

    fn hash(&self) -> u64 {
        (self.key >> 64) as u64
    }

    fn absorb(&mut self, _: &KeyedId) -> bool {
        false
    }

    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.key.to_le_bytes());
        out.extend_from_slice(&self.record.source.to_le_bytes());
        out.extend_from_slice(&self.record.position.to_le_bytes());
    }

    fn read(bytes: &[u8]) -> Option<KeyedId> {
        let mut numbers = Numbers(bytes);
        let key = u128::from_le_bytes(numbers.take()?);
        Some(KeyedId { key, record: DocId { source: u32::from_le_bytes(numbers.take()?), position: u64::from_le_bytes(numbers.take()?) } })
    }
}

/// Finds ids that stand again, among ids that come in order.
#[derive(Debug, Default)]
pub struct IdFinder {
    first: Option<KeyedId>,
    again: HashMap<DocId, DocId>,
}

impl IdFinder {
    /// The next id.
    pub fn push(&mut self, id: KeyedId) {
        match self.first {
            Some(first) if first.key == id.key => drop(self.again.insert(id.record, first.record)),
            _ => self.first = Some(id),
        }
    }

    /// For each record whose id an earlier one has, that one.
    pub fn finish(self) -> HashMap<DocId, DocId> {
        self.again
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_that_stand_again() {
        let at = |position| DocId { source: 0, position };
        let mut ids: Vec<KeyedId> = ["\"a\"", "1", "\"a\"", "null", "\"1\"", "\"\"", "\"a\"", "null"]
            .iter()
            .zip(1..)
            .filter_map(|(raw, n)| KeyedId::of(raw, at(n)))
            .collect();
        assert_eq!(ids.len(), 5);
        ids.sort_unstable();
        let mut finder = IdFinder::default();
        for id in &ids {
            let mut bytes = Vec::new();
            id.write(&mut bytes);
            assert_eq!((bytes.len(), KeyedId::read(&bytes)), (KeyedId::BYTES, Some(*id)));
            finder.push(*id);
        }
        assert_eq!(finder.finish(), HashMap::from_iter([(at(3), at(1)), (at(7), at(1))]));
    }
}
