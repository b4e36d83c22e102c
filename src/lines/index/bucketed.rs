//! A read-only table of entries sorted by a hash: found by its upper bits in two steps of memory.
//!
//! The entries are what a sort gives anyway, so freezing costs no second table, and writing them out in order no second sort. Hashes that are
//! not spread evenly (chosen to collide) cost a binary search instead.

/// Entries that a bucket has on average, about.
const PER_BUCKET: usize = 4;

/// Sorted entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bucketed<T> {
    /// Apart, since most of what is asked for is not there: the entries need not be touched.
    hashes: Vec<u64>,
    entries: Vec<T>,
    /// Where each bucket begins, and the end.
    starts: Vec<u32>,
    /// Bits of the hash that are no bucket.
    shift: u32,
}

impl<T> Default for Bucketed<T> {
    fn default() -> Self {
        Bucketed { hashes: Vec::new(), entries: Vec::new(), starts: Vec::new(), shift: 63 }
    }
}

impl<T: Hashed> Bucketed<T> {
    /// A table of entries that are sorted by their hashes, at most 2^32.
    pub(super) fn of(entries: Vec<T>) -> Bucketed<T> {
        let buckets = (entries.len() / PER_BUCKET).next_power_of_two().clamp(2, 1 << 30);
        let shift = 64 - buckets.ilog2();
        let mut starts = vec![0_u32; buckets + 1];
        for entry in &entries {
            if let Some(count) = starts.get_mut((entry.hash() >> shift) as usize + 1) {
                *count += 1;
            }
        }
        let mut sum = 0_u32;
        for start in &mut starts {
            sum = sum.saturating_add(*start);
            *start = sum;
        }
        Bucketed { hashes: entries.iter().map(Hashed::hash).collect(), entries, starts, shift }
    }

    /// The entry that `order` calls equal among those of this hash; it orders them as they stand.
    pub(super) fn find(&self, hash: u64, order: impl Fn(&T) -> std::cmp::Ordering) -> Option<&T> {
        let bucket = (hash >> self.shift) as usize;
        let (start, end) = (*self.starts.get(bucket)? as usize, *self.starts.get(bucket + 1)? as usize);
        let hashes = self.hashes.get(start..end)?;
        let (before, equal) = if hashes.len() <= 4 * PER_BUCKET {
            (hashes.iter().position(|other| *other == hash)?, hashes.iter().filter(|other| **other == hash).count())
        } else {
            let before = hashes.partition_point(|other| *other < hash);
            (before, hashes.get(before..)?.partition_point(|other| *other == hash))
        };
        let entries = self.entries.get(start + before..start + before + equal)?;
        entries.get(entries.binary_search_by(order).ok()?)
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
        fn what_is_there_is_found(mut entries in prop::collection::vec((prop_oneof![any::<u64>(), 0_u64..9, Just(u64::MAX)], 0_u8..20), 0..300)) {
            entries.sort_unstable();
            entries.dedup();
            let table = Bucketed::of(entries.clone());
            for entry in &entries {
                prop_assert_eq!(table.find(entry.0, |e| e.cmp(entry)), Some(entry));
                let other = (entry.0 ^ 1, entry.1);
                prop_assert_eq!(table.find(other.0, |e| e.cmp(&other)).is_some(), entries.contains(&other));
            }
        }
    }

    #[test]
    fn an_empty_table_holds_nothing() {
        assert!(Bucketed::<(u64, u8)>::default().find(7, |e| e.0.cmp(&7)).is_none());
        assert!(Bucketed::<(u64, u8)>::of(Vec::new()).find(u64::MAX, |e| e.0.cmp(&u64::MAX)).is_none());
    }
}
