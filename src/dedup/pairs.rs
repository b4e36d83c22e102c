//! Which documents are alike, pair by pair: each in its turn is held against those before it that it shares buckets with.
//!
//! Nothing goes here, so that no document stands for others: exact copies are the caller's to take together. Similarities are exact over the hashes of
//! shingles. Linear on any input: a bucket holds so many documents at most, and one document is compared with so many, those first with which it shares most.
//! Where that leaves out a pair its documents are remembered.

use std::cmp::Reverse;

use hashbrown::{HashMap, HashSet};

use super::{
    alike::{Documents, Threshold, share, similarity},
    bucket::BucketOfDocument,
};
use crate::model::Result;

/// Documents that a bucket holds, and that one is compared with, at least.
const LEAST_HELD: usize = 256;
const LEAST_COMPARED: usize = 256;

/// Which documents a crowded bucket holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holding {
    /// The first: for one set that is held against another.
    First,
    /// The last: for a set that is held against itself, so that each of many copies meets some.
    Last,
}

/// A document that another is like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Alike {
    /// Its turn.
    pub turn: u32,
    /// The similarity in ten thousandths, rounded down.
    pub share: u16,
}

/// Documents of a bucket.
#[derive(Debug, Default)]
struct Bucket {
    turns: Vec<u32>,
    /// Were there more than it holds?
    overflows: bool,
}

/// Finds pairs.
#[derive(Debug)]
pub struct PairFinder {
    threshold: Threshold,
    holding: Holding,
    held: usize,
    compared: usize,
    buckets: HashMap<u64, Bucket>,
    candidates: Vec<u32>,
    /// Documents that were not held against all that they share a bucket with, by their turns.
    pub passed_over: HashSet<u32>,
}

impl PairFinder {
    /// Nothing held yet; `most` others of each document are to be found, where there are so many.
    pub fn new(threshold: Threshold, holding: Holding, most: usize) -> PairFinder {
        PairFinder {
            threshold,
            holding,
            held: most.saturating_mul(4).max(LEAST_HELD),
            compared: most.saturating_mul(4).max(LEAST_COMPARED),
            buckets: HashMap::new(),
            candidates: Vec::new(),
            passed_over: HashSet::new(),
        }
    }

    /// Holds a document for those whose turn comes later.
    pub fn hold(&mut self, turn: u32, buckets: &[BucketOfDocument]) {
        for entry in buckets {
            let bucket = self.buckets.entry(entry.key).or_default();
            if bucket.turns.len() >= self.held {
                bucket.overflows = true;
                if self.holding == Holding::First {
                    continue;
                }
                self.passed_over.insert(bucket.turns.remove(0));
            }
            bucket.turns.push(turn);
        }
    }

    /// Those of the documents held that this one is like.
    ///
    /// # Errors
    /// Where shingles cannot be read.
    pub fn find(&mut self, turn: u32, buckets: &[BucketOfDocument], documents: &mut impl Documents) -> Result<Vec<Alike>> {
        self.candidates.clear();
        for entry in buckets {
            let Some(bucket) = self.buckets.get(&entry.key) else { continue };
            self.candidates.extend_from_slice(&bucket.turns);
            if bucket.overflows {
                self.passed_over.insert(turn);
            }
        }
        self.candidates.sort_unstable();
        let mut counted: Vec<(Reverse<usize>, u32)> =
            self.candidates.chunk_by(|a, b| a == b).filter_map(|of_one| Some((Reverse(of_one.len()), *of_one.first()?))).collect();
        if counted.len() > self.compared {
            counted.sort_unstable();
            counted.truncate(self.compared);
            self.passed_over.insert(turn);
        }
        if counted.is_empty() {
            return Ok(Vec::new());
        }
        let own = documents.shingles(turn)?;
        let mut found = Vec::new();
        for (_, other) in counted {
            let of_other = documents.shingles(other)?;
            if let Some((common, union)) = similarity(&own, &of_other, self.threshold) {
                found.push(Alike { turn: other, share: share(common, union) });
            }
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        dedup::{BucketEntry, LineWeight, Size},
        model::Lang,
    };
    use proptest::prelude::*;
    use std::sync::Arc;

    struct Sets(Vec<Vec<u32>>);

    impl Documents for Sets {
        fn size(&self, _: u32) -> Size {
            Size { letters: 0, prose: 0, lang: Lang::UND }
        }
        fn shingles(&mut self, turn: u32) -> Result<Arc<[u32]>> {
            Ok(self.0[turn as usize].clone().into())
        }
    }

    /// In which every shingle is a bucket: no pair with anything in common is missed but by the limits.
    fn buckets(set: &[u32]) -> Vec<BucketOfDocument> {
        set.iter().map(|key| BucketOfDocument::new(BucketEntry { key: u64::from(*key), document: 0, weight: LineWeight::BAND }, 0, 1)).collect()
    }

    #[test]
    fn crowds_are_passed_over_and_remembered() {
        let sets: Vec<Vec<u32>> = (0..1000).map(|n| (0..20).chain([100 + n]).collect()).collect();
        for holding in [Holding::First, Holding::Last] {
            let mut finder = PairFinder::new(Threshold::new(0.8).unwrap(), holding, 10);
            let mut documents = Sets(sets.clone());
            for (set, turn) in sets.iter().zip(0..) {
                let found = finder.find(turn, &buckets(set), &mut documents).unwrap();
                assert_eq!(found.len(), LEAST_COMPARED.min(turn as usize));
                let least = found.iter().map(|alike| alike.turn).min().unwrap_or(0);
                assert_eq!(least, if holding == Holding::Last { turn.saturating_sub(LEAST_HELD as u32) } else { 0 });
                finder.hold(turn, &buckets(set));
            }
            assert_eq!(finder.passed_over.len(), if holding == Holding::Last { 1000 } else { 1000 - LEAST_COMPARED - 1 });
        }
    }

    proptest! {
        /// The naive twin: every pair.
        #[test]
        fn pairs_are_those_of_the_naive_twin(sets in prop::collection::vec(prop::collection::btree_set(0_u32..12, 0..8), 0..40), percent in 1_u32..=100) {
            let sets: Vec<Vec<u32>> = sets.into_iter().map(|set| set.into_iter().collect()).collect();
            let mut finder = PairFinder::new(Threshold::new(f64::from(percent) / 100.0).unwrap(), Holding::Last, 1);
            let mut documents = Sets(sets.clone());
            for (set, turn) in sets.iter().zip(0_u32..) {
                let mut found = finder.find(turn, &buckets(set), &mut documents).unwrap();
                found.sort_by_key(|alike| alike.turn);
                let naive: Vec<Alike> = (0..turn)
                    .filter_map(|turn| {
                        let other = &sets[turn as usize];
                        let common = set.iter().filter(|x| other.contains(x)).count();
                        let union = set.len() + other.len() - common;
                        (common > 0 && common * 100 >= union * percent as usize).then(|| Alike { turn, share: (common * 10_000 / union) as u16 })
                    })
                    .collect();
                prop_assert_eq!(found, naive);
                finder.hold(turn, &buckets(set));
            }
            prop_assert!(finder.passed_over.is_empty());
        }
    }
}
