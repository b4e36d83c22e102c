//! A read-only table of entries in an order of their own, found by a hash: two steps of memory, and one for what is there.
//!
//! The entries stay as they were sorted, so writing them out in order needs no second sort. Hashes that are not spread evenly (chosen to
//! collide) cost a binary search instead.

use std::{cmp::Ordering, ops::Range};

/// Entries that a bucket has on average, about.
const PER_BUCKET: usize = 4;

/// Entries and where they are found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bucketed<T> {
    entries: Vec<T>,
    /// Hashes by bucket, sorted in each. Apart, since most of what is asked for is not there: the entries need not be touched.
    hashes: Vec<u64>,
    /// The entries that they are of.
    places: Vec<u32>,
    /// Where each bucket begins, and the end.
    starts: Vec<u32>,
    /// Bits of the hash that are no bucket.
    shift: u32,
}

impl<T> Default for Bucketed<T> {
    fn default() -> Self {
        Bucketed { entries: Vec::new(), hashes: Vec::new(), places: Vec::new(), starts: Vec::new(), shift: 63 }
    }
}

impl<T: Hashed> Bucketed<T> {
    /// A table of entries, of which 2^32 are found.
    pub(super) fn of(entries: Vec<T>) -> Bucketed<T> {
        let buckets = (entries.len() / PER_BUCKET).next_power_of_two().clamp(2, 1 << 30);
        let shift = 64 - buckets.ilog2();
        let mut starts = vec![0_u32; buckets + 1];
        let numbered = || entries.iter().zip(0..u32::MAX);
        for (entry, _) in numbered() {
            if let Some(count) = starts.get_mut((entry.hash() >> shift) as usize) {
                *count += 1;
            }
        }
        let mut end = 0_u32;
        for start in &mut starts {
            end += *start;
            *start = end;
        }
        // What now stands where buckets end is moved back to where they begin.
        let (mut hashes, mut places) = (vec![0; end as usize], vec![0; end as usize]);
        for (entry, number) in numbered() {
            let hash = entry.hash();
            let Some(start) = starts.get_mut((hash >> shift) as usize) else { continue };
            *start -= 1;
            if let (Some(at), Some(place)) = (hashes.get_mut(*start as usize), places.get_mut(*start as usize)) {
                (*at, *place) = (hash, number);
            }
        }
        let mut table = Bucketed { entries, hashes, places, starts, shift };
        let mut sorted: Vec<(u64, u32)> = Vec::new();
        for bucket in 0..buckets {
            let range = table.range(bucket);
            let (Some(hashes), Some(places)) = (table.hashes.get_mut(range.clone()), table.places.get_mut(range)) else { continue };
            sorted.clear();
            sorted.extend(hashes.iter().copied().zip(places.iter().copied()));
            sorted.sort_unstable();
            for ((hash, place), sorted) in hashes.iter_mut().zip(places).zip(&sorted) {
                (*hash, *place) = *sorted;
            }
        }
        table
    }

    /// The entry of this hash that `order` calls equal; it orders them as they stand.
    pub(super) fn find(&self, hash: u64, order: impl Fn(&T) -> Ordering) -> Option<&T> {
        self.entry(self.first(hash, self.bucket(hash))?, hash, order)
    }

    /// The same for several hashes; `order` is also given the number of the one that it is asked for.
    ///
    /// Each step goes over all of them before the next begins: then the loads of a step need not wait for one another, and memory is what
    /// a table larger than the caches waits for.
    pub(super) fn find_each<'t>(&'t self, hashes: &[u64], order: impl Fn(usize, &T) -> Ordering) -> Vec<Option<&'t T>> {
        let buckets: Vec<Range<usize>> = hashes.iter().map(|hash| self.bucket(*hash)).collect();
        let firsts: Vec<Option<usize>> = hashes.iter().zip(buckets).map(|(hash, bucket)| self.first(*hash, bucket)).collect();
        let found = hashes.iter().zip(firsts).enumerate();
        found.map(|(n, (hash, first))| self.entry(first?, *hash, |entry| order(n, entry))).collect()
    }

    fn bucket(&self, hash: u64) -> Range<usize> {
        self.range((hash >> self.shift) as usize)
    }

    fn range(&self, bucket: usize) -> Range<usize> {
        let start = |bucket: usize| self.starts.get(bucket).map_or(0, |start| *start as usize);
        start(bucket)..start(bucket + 1)
    }

    /// The first place of a hash.
    fn first(&self, hash: u64, bucket: Range<usize>) -> Option<usize> {
        let hashes = self.hashes.get(bucket.clone())?;
        let before = if hashes.len() <= 4 * PER_BUCKET {
            hashes.iter().position(|other| *other == hash)?
        } else {
            Some(hashes.partition_point(|other| *other < hash)).filter(|place| hashes.get(*place) == Some(&hash))?
        };
        Some(bucket.start + before)
    }

    /// What `order` calls equal among the entries of a hash, the first of which stands at `first`. They stand in the order of all entries.
    fn entry(&self, first: usize, hash: u64, order: impl Fn(&T) -> Ordering) -> Option<&T> {
        let same = self.hashes.get(first..)?;
        // Most hashes are one entry's.
        let equal = if same.get(1) == Some(&hash) { self.run(same, hash) } else { 1 };
        let places = self.places.get(first..first + equal)?;
        let of = |place: &u32| self.entries.get(*place as usize).map_or(Ordering::Less, &order);
        self.entries.get(*places.get(places.binary_search_by(of).ok()?)? as usize)
    }

    /// How many of these hashes, which begin with `hash`, are it; those behind its bucket are in no order with it.
    fn run(&self, hashes: &[u64], hash: u64) -> usize {
        let end = self.bucket(hash).end.saturating_sub(self.hashes.len() - hashes.len());
        hashes.get(..end).map_or(1, |bucket| bucket.partition_point(|other| *other == hash))
    }

    /// All entries, in order.
    pub(super) fn entries(&self) -> &[T] {
        &self.entries
    }
}

/// Has a hash.
pub(super) trait Hashed {
    fn hash(&self) -> u64;
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    impl Hashed for (u64, u8) {
        fn hash(&self) -> u64 {
            self.0
        }
    }

    proptest! {
        #[test]
        fn what_is_there_is_found(mut entries in prop::collection::vec((prop_oneof![any::<u64>(), 0_u64..9, Just(u64::MAX)], 0_u8..40), 0..300)) {
            entries.sort_unstable_by_key(|entry| (entry.1, entry.0));
            entries.dedup();
            let table = Bucketed::of(entries.clone());
            prop_assert_eq!(table.entries(), entries.as_slice());
            let asked: Vec<(u64, u8)> = entries.iter().flat_map(|entry| [(entry.0 ^ 1, entry.1), *entry]).collect();
            for asked in &asked {
                prop_assert_eq!(table.find(asked.0, |e| (e.1, e.0).cmp(&(asked.1, asked.0))), entries.iter().find(|e| *e == asked));
            }
            let hashes: Vec<u64> = asked.iter().map(|asked| asked.0).collect();
            let naive: Vec<_> = asked.iter().map(|asked| table.find(asked.0, |e| (e.1, e.0).cmp(&(asked.1, asked.0)))).collect();
            prop_assert_eq!(table.find_each(&hashes, |n, e| (e.1, e.0).cmp(&(asked[n].1, asked[n].0))), naive);
        }
    }

    #[test]
    fn an_empty_table_holds_nothing() {
        assert!(Bucketed::<(u64, u8)>::default().find(7, |e| e.0.cmp(&7)).is_none());
        assert!(Bucketed::<(u64, u8)>::of(Vec::new()).find(u64::MAX, |_| Ordering::Equal).is_none());
    }
}
