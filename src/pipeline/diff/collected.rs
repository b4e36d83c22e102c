//! Documents that are matched once all are known: 72 bytes each, and 8 for each line that they lost.

use xxhash_rust::xxh3::xxh3_128;

use super::seen::{Code, Gone, Seen};
use crate::pipeline::washed::Place;

/// What documents are matched by: the hash of an id, or of a place. Its lowest bit says which.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key(u64, u64);

impl Key {
    /// The key of an id's hash.
    pub fn of_id(hash: u128) -> Key {
        Key((hash >> 64) as u64, hash as u64 | 1)
    }

    /// The key of a place in an input that both runs read.
    pub fn of_place((input, position): Place) -> Key {
        let mut bytes = [0; 16];
        for (to, from) in bytes.iter_mut().zip((input as u64).to_le_bytes().into_iter().chain(position.to_le_bytes())) {
            *to = from;
        }
        let hash = xxh3_128(&bytes);
        Key((hash >> 64) as u64, hash as u64 & !1)
    }

    /// Is it an id's?
    pub fn is_id(self) -> bool {
        self.1 & 1 == 1
    }
}

#[derive(Debug)]
struct Packed {
    key: Key,
    position: u64,
    output: u64,
    /// 0 where it is not known.
    input: u64,
    /// Where its lines begin among those of all.
    gone: u64,
    source: u32,
    site: u32,
    lines_in: u32,
    lost: u32,
    /// Lines that are listed.
    listed: u32,
    fate: Code,
}

/// Documents of one run.
#[derive(Debug, Default)]
pub struct Collected {
    documents: Vec<Packed>,
    gone: Vec<Gone>,
}

impl Collected {
    /// Adds a document.
    pub fn push(&mut self, key: Key, seen: &Seen) {
        let small = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
        self.documents.push(Packed {
            key,
            position: seen.position,
            output: seen.output,
            input: seen.input.map_or(0, |digest| digest.max(1)),
            gone: self.gone.len() as u64,
            source: small(seen.source as u64),
            site: seen.site,
            lines_in: small(seen.lines_in),
            lost: small(seen.lost),
            listed: small(seen.gone.len() as u64),
            fate: seen.fate,
        });
        self.gone.extend_from_slice(&seen.gone);
    }

    /// Sorts them by key, those of one key in the order of the input.
    pub fn sort(&mut self) {
        self.documents.sort_unstable_by_key(|packed| (packed.key, packed.source, packed.position));
    }

    /// The document of this number in the order of keys.
    pub fn get(&self, number: usize) -> Option<(Key, Seen)> {
        let packed = self.documents.get(number)?;
        let start = usize::try_from(packed.gone).ok()?;
        let gone = self.gone.get(start..start + packed.listed as usize).unwrap_or_default();
        let seen = Seen {
            source: packed.source as usize,
            position: packed.position,
            id: None,
            fate: packed.fate,
            site: packed.site,
            lines_in: u64::from(packed.lines_in),
            lost: u64::from(packed.lost),
            output: packed.output,
            input: (packed.input != 0).then_some(packed.input),
            gone: gone.into(),
        };
        Some((packed.key, seen))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_come_back_by_key_and_in_order() {
        assert!(size_of::<Packed>() <= 72);
        let mut collected = Collected::default();
        let seen = |position: u64| Seen {
            source: 3,
            position,
            id: None,
            fate: 7,
            site: 2,
            lines_in: 9,
            lost: 1,
            output: position,
            input: (position > 1).then_some(position),
            gone: [Gone { line: position as u32, text: 5 }].into(),
        };
        for position in [1, 3, 2] {
            collected.push(Key::of_id(u128::from(position / 2) << 8), &seen(position));
        }
        collected.sort();
        let all: Vec<(Key, Seen)> = (0..).map_while(|n| collected.get(n)).collect();
        assert_eq!(all.iter().map(|(_, seen)| seen.position).collect::<Vec<_>>(), [1, 2, 3]);
        assert!(all[1].0 == all[2].0 && all[0].0 != all[1].0 && all[0].0.is_id() && !Key::of_place((3, 1)).is_id());
        assert_eq!((all[2].1.gone[0].line, all[0].1.input, all[2].1.input, all[1].1.fate), (3, None, Some(3), 7));
    }
}
