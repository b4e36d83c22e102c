//! Documents that stay and that others may point to: as what they are copies of, or as what holds the first copy of a line.
//!
//! There may be as many as documents that stay, so all is packed: 50 bytes and the id for each.

use hashbrown::{HashTable, hash_table::Entry};

use crate::model::{DocId, Pieces, TextPlace, Texts};

/// A document, in numbers of four bytes.
#[derive(Clone, Copy, Debug)]
struct Kept {
    source: u32,
    position: [u32; 2],
    id: TextPlace,
    residue: [u32; 4],
}

/// Documents that stay, in document order.
#[derive(Debug, Default)]
pub struct KeptDocuments {
    documents: Pieces<Kept>,
    /// Raw JSON.
    ids: Texts,
    /// The first document of each residue.
    by_residue: HashTable<u32>,
}

fn pack(n: u64) -> [u32; 2] {
    [(n >> 32) as u32, n as u32]
}

fn unpack([high, low]: [u32; 2]) -> u64 {
    u64::from(high) << 32 | u64::from(low)
}

fn pack_residue(residue: u128) -> [u32; 4] {
    [(residue >> 96) as u32, (residue >> 64) as u32, (residue >> 32) as u32, residue as u32]
}

fn hash([_, _, high, low]: [u32; 4]) -> u64 {
    unpack([high, low])
}

impl KeptDocuments {
    /// The document that stays and has this residue.
    pub fn with_residue(&self, residue: u128) -> Option<DocId> {
        let residue = pack_residue(residue);
        let is_it = |number: &u32| self.documents.get(*number as usize).is_some_and(|kept| kept.residue == residue);
        let number = self.by_residue.find(hash(residue), is_it)?;
        self.get(*number as usize).map(|(document, _)| document)
    }

    /// Adds a document that stands after those before; its number. Others may have its `residue` from now on.
    pub fn push(&mut self, document: DocId, raw_id: &str, residue: Option<u128>) -> usize {
        let packed = pack_residue(residue.unwrap_or_default());
        let id = self.ids.push(raw_id);
        let number = self.documents.push(Kept { source: document.source, position: pack(document.position), id, residue: packed });
        // Past 2^32 documents a residue is not found again: they stay.
        if let (Some(_), Ok(index)) = (residue, u32::try_from(number)) {
            let KeptDocuments { documents, by_residue, .. } = self;
            let residue_of = |number: u32| documents.get(number as usize).map_or([0; 4], |kept| kept.residue);
            let entry = by_residue.entry(hash(packed), |other| residue_of(*other) == packed, |other| hash(residue_of(*other)));
            if let Entry::Vacant(place) = entry {
                place.insert(index);
            }
        }
        number
    }

    /// Place and id of a document by its number.
    pub fn get(&self, number: usize) -> Option<(DocId, &str)> {
        let kept = self.documents.get(number)?;
        Some((DocId { source: kept.source, position: unpack(kept.position) }, self.ids.get(kept.id)?))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.documents.len()
    }

    /// The residue of a document by its number.
    pub fn residue(&self, number: usize) -> Option<u128> {
        let [a, b, c, d] = self.documents.get(number)?.residue;
        Some(u128::from(unpack([a, b])) << 64 | u128::from(unpack([c, d])))
    }

    /// The number of a document.
    pub fn number_of(&self, document: DocId) -> Option<usize> {
        let (mut low, mut high) = (0, self.documents.len());
        while low < high {
            let middle = low.midpoint(high);
            match self.get(middle)?.0.cmp(&document) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Equal => return Some(middle),
                std::cmp::Ordering::Greater => high = middle,
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn place(position: u64) -> DocId {
        DocId { source: 7, position }
    }

    #[test]
    fn ids_are_found_by_number_and_place() {
        let mut kept = KeptDocuments::default();
        let far = 1 << 40;
        for (n, id) in ["1.50", "\"\"", "\"é\"", "null"].into_iter().enumerate() {
            assert_eq!(kept.push(place(far + n as u64 * 2), id, None), n);
        }
        assert_eq!((kept.get(0), kept.get(2), kept.get(4)), (Some((place(far), "1.50")), Some((place(far + 4), "\"é\"")), None));
        assert_eq!([2, 6, 3, 8].map(|position| kept.number_of(place(far + position))), [Some(1), Some(3), None, None]);
        assert_eq!(kept.with_residue(0), None);
    }

    proptest! {
        /// The naive twin: a look at all earlier documents.
        #[test]
        fn the_first_of_a_residue_is_found(residues in prop::collection::vec(prop::option::of(0_u128..40), 0..200), spread: u128) {
            let residues: Vec<_> = residues.into_iter().map(|r| r.map(|r| r.wrapping_mul(spread | 1))).collect();
            let mut kept = KeptDocuments::default();
            for (n, residue) in residues.iter().enumerate() {
                if let Some(residue) = residue {
                    let first = residues[..n].iter().position(|r| r == &Some(*residue));
                    prop_assert_eq!(kept.with_residue(*residue), first.map(|n| place(n as u64)));
                }
                kept.push(place(n as u64), &n.to_string(), *residue);
            }
            for n in 0..residues.len() {
                let id = n.to_string();
                prop_assert_eq!(kept.number_of(place(n as u64)), Some(n));
                prop_assert_eq!(kept.get(n), Some((place(n as u64), id.as_str())));
            }
        }
    }
}
