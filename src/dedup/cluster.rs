//! Clusters of documents that are one by some fields: which of each stays, and for which others.
//!
//! Documents with the keys of their fields are collected in any order and sorted; a [`ClusterFinder`] goes through those of a partition. What
//! is known of the removed, by equality and by likeness, is then frozen in [`Clusters`]. Memory: one cluster at a time, and some 50 bytes for
//! each document that goes.

use std::collections::BTreeMap;

use super::Rank;
use crate::{
    hash::{FieldKey, Numbers, Record},
    model::{DocId, Reason},
};

/// A document with the key of the fields that it is compared by, and its rank.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeyedByFields<const N: usize> {
    /// Key of its fields.
    pub key: FieldKey,
    /// Its place.
    pub document: DocId,
    /// How much it is preferred.
    pub rank: Rank<N>,
}

impl<const N: usize> Record for KeyedByFields<N> {
    const BYTES: usize = 28 + N;

    fn hash(&self) -> u64 {
        (self.key.0 >> 64) as u64
    }

    fn absorb(&mut self, _: &KeyedByFields<N>) -> bool {
        false
    }

    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.key.0.to_le_bytes());
        out.extend_from_slice(&self.document.source.to_le_bytes());
        out.extend_from_slice(&self.document.position.to_le_bytes());
        out.extend_from_slice(&self.rank);
    }

    fn read(bytes: &[u8]) -> Option<KeyedByFields<N>> {
        let mut numbers = Numbers(bytes);
        Some(KeyedByFields {
            key: FieldKey(u128::from_le_bytes(numbers.take()?)),
            document: DocId { source: u32::from_le_bytes(numbers.take()?), position: u64::from_le_bytes(numbers.take()?) },
            rank: numbers.take()?,
        })
    }
}

/// Finds clusters among documents, which come in order.
#[derive(Debug, Default)]
pub struct ClusterFinder<const N: usize> {
    cluster: Vec<KeyedByFields<N>>,
    copies: Vec<(DocId, DocId)>,
}

impl<const N: usize> ClusterFinder<N> {
    /// The next document.
    pub fn push(&mut self, document: KeyedByFields<N>) {
        if self.cluster.first().is_some_and(|first| first.key != document.key) {
            self.end_cluster();
        }
        self.cluster.push(document);
    }

    fn end_cluster(&mut self) {
        if let Some(kept) = self.cluster.iter().max_by_key(|document| (document.rank, std::cmp::Reverse(document.document))) {
            let kept = kept.document;
            self.copies.extend(self.cluster.iter().filter(|document| document.document != kept).map(|document| (document.document, kept)));
        }
        self.cluster.clear();
    }

    /// Documents that go, each with the one that stays.
    pub fn finish(mut self) -> Vec<(DocId, DocId)> {
        self.end_cluster();
        self.copies
    }
}

/// Why a document goes, and for which.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gone {
    /// The one that stays.
    pub kept: DocId,
    /// Why.
    pub reason: Reason,
    /// How alike they are in ten thousandths, where that was measured.
    pub share: Option<u16>,
}

/// Which documents go, and the clusters of those that stay in their place.
#[derive(Debug, Default)]
pub struct Clusters {
    /// In document order.
    gone: Vec<(DocId, Gone)>,
    /// Those that stay for others, in document order, each with how many they are together.
    kept: Vec<(DocId, u64)>,
}

impl Clusters {
    /// The clusters of documents that go, each once, in any order.
    pub fn of(mut gone: Vec<(DocId, Gone)>) -> Clusters {
        gone.sort_unstable_by_key(|(document, _)| *document);
        let mut all: Vec<DocId> = gone.iter().map(|(_, gone)| gone.kept).collect();
        all.sort_unstable();
        let kept = all.chunk_by(|a, b| a == b).filter_map(|of_one| Some((*of_one.first()?, of_one.len() as u64 + 1))).collect();
        Clusters { gone, kept }
    }

    /// Why a document goes; none of one that stays.
    pub fn gone(&self, document: DocId) -> Option<Gone> {
        let at = self.gone.binary_search_by_key(&document, |(gone, _)| *gone).ok()?;
        self.gone.get(at).map(|(_, gone)| *gone)
    }

    /// How many documents are in the cluster of one that stays.
    pub fn size(&self, document: DocId) -> u64 {
        let at = self.kept.binary_search_by_key(&document, |(kept, _)| *kept).ok();
        at.and_then(|at| self.kept.get(at)).map_or(1, |(_, size)| *size)
    }

    /// Clusters of more than one document, and documents in the largest.
    pub fn figures(&self) -> (u64, u64) {
        (self.kept.len() as u64, self.kept.iter().map(|(_, size)| *size).max().unwrap_or(1))
    }

    /// How many documents go, by the reason.
    pub fn by_reason(&self) -> BTreeMap<Reason, u64> {
        let mut sums = BTreeMap::new();
        for (_, gone) in &self.gone {
            *sums.entry(gone.reason).or_default() += 1;
        }
        sums
    }

    /// Documents that stay for one that stands before them, in document order.
    pub fn kept_later(&self) -> Vec<DocId> {
        let mut later: Vec<DocId> = self.gone.iter().filter(|(document, gone)| gone.kept > *document).map(|(_, gone)| gone.kept).collect();
        later.sort_unstable();
        later.dedup();
        later
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::sort;
    use proptest::prelude::*;

    fn id(position: usize) -> DocId {
        DocId { source: 0, position: position as u64 }
    }

    proptest! {
        /// The naive twin: for each document a look at all others.
        #[test]
        fn agrees_with_the_naive_twin(documents in prop::collection::vec((0_u8..6, 0_u8..4), 0..40), turn in 0_usize..40) {
            let mut keyed: Vec<_> = documents
                .iter()
                .enumerate()
                .map(|(n, (key, rank))| KeyedByFields { key: FieldKey::of_text(&[*key]), document: id(n), rank: [*rank] })
                .collect();
            keyed.rotate_left(turn.min(documents.len()));
            sort(&mut keyed);
            let mut finder = ClusterFinder::default();
            keyed.into_iter().for_each(|document| finder.push(document));
            let gone = |kept| Gone { kept, reason: Reason::DocumentExact, share: None };
            let clusters = Clusters::of(finder.finish().into_iter().map(|(copy, kept)| (copy, gone(kept))).collect());
            for (n, (key, _)) in documents.iter().enumerate() {
                let same = || documents.iter().enumerate().filter(|(_, other)| other.0 == *key);
                let most = same().map(|(_, other)| other.1).max();
                let first = same().find(|(_, other)| Some(other.1) == most).map(|(n, _)| n);
                prop_assert_eq!(clusters.gone(id(n)), first.filter(|first| *first != n).map(|first| gone(id(first))));
                let size = if first == Some(n) { same().count() as u64 } else { 1 };
                prop_assert_eq!(clusters.size(id(n)), size);
            }
            let stays = (0..documents.len()).filter(|n| clusters.gone(id(*n)).is_none());
            prop_assert_eq!(clusters.figures().0, stays.filter(|n| clusters.size(id(*n)) > 1).count() as u64);
            prop_assert!(clusters.kept_later().iter().all(|kept| clusters.gone(*kept).is_none()));
        }

        #[test]
        fn bytes_read_back(key: u128, source: u32, position: u64, rank: [u8; 8]) {
            let document = KeyedByFields { key: FieldKey(key), document: DocId { source, position }, rank };
            let mut bytes = Vec::new();
            document.write(&mut bytes);
            prop_assert_eq!(bytes.len(), KeyedByFields::<8>::BYTES);
            prop_assert_eq!(KeyedByFields::read(&bytes), Some(document));
        }
    }
}
