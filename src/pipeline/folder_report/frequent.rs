//! What stands most often in a stream, in bounded memory (Misra and Gries, with batches of evictions by the median).
//!
//! Counts are exact until there are more keys than room; then they are lower bounds, at most [`Frequent::missed`] too small.
//! What comes out depends on the stream alone: evictions look at counts, and ties are broken by the key.

use std::hash::Hash;

use hashbrown::HashMap;

/// Counts of the keys that stand most often.
#[derive(Debug)]
pub struct Frequent<K> {
    counts: HashMap<K, u64>,
    room: usize,
    missed: u64,
}

impl<K: Copy + Eq + Hash + Ord> Frequent<K> {
    /// No counts yet, with room for so many keys.
    pub fn new(room: usize) -> Frequent<K> {
        Frequent { counts: HashMap::new(), room: room.max(1), missed: 0 }
    }

    /// One more of this key.
    pub fn add(&mut self, key: K) {
        if let Some(count) = self.counts.get_mut(&key) {
            *count += 1;
            return;
        }
        if self.counts.len() >= self.room {
            let mut all: Vec<u64> = self.counts.values().copied().collect();
            let middle = all.len() / 2;
            let median = *all.select_nth_unstable(middle).1;
            self.missed += median;
            self.counts.retain(|_, count| {
                *count = count.saturating_sub(median);
                *count > 0
            });
        }
        self.counts.insert(key, 1);
    }

    /// By how much a count may be too small.
    pub fn missed(&self) -> u64 {
        self.missed
    }

    /// How many keys are counted.
    pub fn len(&self) -> usize {
        self.counts.len()
    }

    /// The most frequent keys with their counts, those first; equal ones in the order of their keys.
    pub fn most(&self, n: usize) -> Vec<(K, u64)> {
        let mut all: Vec<(K, u64)> = self.counts.iter().map(|(key, count)| (*key, *count)).collect();
        all.sort_unstable_by_key(|(key, count)| (std::cmp::Reverse(*count), *key));
        all.truncate(n);
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_while_there_is_room() {
        let mut frequent = Frequent::new(10);
        (0..100).for_each(|n| frequent.add(n % 7 % 4));
        assert_eq!((frequent.missed(), frequent.len()), (0, 4));
        assert_eq!(frequent.most(3), [(0, 29), (1, 29), (2, 28)]);
    }

    #[test]
    fn the_frequent_ones_are_found_among_many_and_bounds_hold() {
        let stream = || (0..40_000_u64).map(|n| if n % 5 == 0 { n % 3 } else { 1000 + n });
        let mut frequent = Frequent::new(64);
        stream().for_each(|key| frequent.add(key));
        assert!(frequent.len() <= 64 && frequent.missed() > 0 && frequent.missed() < 2_600, "{}", frequent.missed());
        let most = frequent.most(3);
        let mut keys: Vec<u64> = most.iter().map(|(key, _)| *key).collect();
        keys.sort_unstable();
        assert_eq!(keys, [0, 1, 2]);
        for (key, count) in most {
            let exact = stream().filter(|k| *k == key).count() as u64;
            assert!(count <= exact && exact <= count + frequent.missed(), "{key}: {count}, {exact}");
        }
    }
}
