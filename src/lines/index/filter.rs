//! Which keys a table surely does not hold: a Bloom filter whose bits of a key stand in one word (Putze, Sanders, Singler: "Cache-, Hash- and
//! Space-Efficient Bloom Filters", 2007), so that a question costs one step of memory.
//!
//! A byte a key; of keys that are not there one in thirty is taken for one that may be.

use super::LineBits;
use crate::hash::SiteKey;

/// Bits of a key.
const BITS: u32 = 4;

/// The filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineFilter {
    /// One at least.
    words: Vec<u64>,
}

impl LineFilter {
    /// An empty one for so many keys.
    pub fn for_keys(keys: u64) -> LineFilter {
        LineFilter { words: vec![0; usize::try_from(keys.div_ceil(8)).unwrap_or(usize::MAX).max(1)] }
    }

    /// That of these words.
    pub fn of_words(words: Vec<u64>) -> LineFilter {
        LineFilter { words }
    }

    /// Its words.
    pub fn words(&self) -> &[u64] {
        &self.words
    }

    /// Takes a key in.
    pub fn insert(&mut self, key: u64) {
        let (at, bits) = self.place(key);
        if let Some(word) = self.words.get_mut(at) {
            *word |= bits;
        }
    }

    /// May it hold the key?
    pub fn may_hold(&self, key: u64) -> bool {
        let (at, bits) = self.place(key);
        self.words.get(at).is_some_and(|word| word & bits == bits)
    }

    fn place(&self, key: u64) -> (usize, u64) {
        // Places by the high half, bits by the low one, both spread again: keys are hashes, but two of them may be put together from one.
        let spread = key.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let at = ((u128::from(spread) * self.words.len() as u128) >> 64) as usize;
        let mixed = (key ^ key >> 31).wrapping_mul(0xD6E8_FEB8_6659_FD93);
        let bits = (0..BITS).fold(0, |bits, n| bits | 1 << (mixed >> (40 + 6 * n) & 63));
        (at, bits)
    }
}

/// Which lines a file of lines surely does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineFilters {
    /// Lines at sites.
    pub lines: LineFilter,
    /// Lines at several sites.
    pub corpus: LineFilter,
}

impl LineFilters {
    /// Empty ones for so many lines at sites and at several.
    pub fn for_lines(lines: u64, corpus: u64) -> LineFilters {
        LineFilters { lines: LineFilter::for_keys(lines), corpus: LineFilter::for_keys(corpus) }
    }

    /// The key of a line at a site: bits of both, so that neither a line at many sites nor a site of many lines makes a crowd.
    pub fn line_key(site: SiteKey, (high, low): LineBits) -> u64 {
        high ^ site.0 ^ u64::from(low) << 32
    }

    /// The key of a line at any.
    pub fn corpus_key((high, low): LineBits) -> u64 {
        high ^ u64::from(low) << 32
    }

    /// May the site's line be there?
    pub fn may_hold_line(&self, site: SiteKey, bits: LineBits) -> bool {
        self.lines.may_hold(LineFilters::line_key(site, bits))
    }

    /// May the line be there, as one of several sites?
    pub fn may_hold_corpus_line(&self, bits: LineBits) -> bool {
        self.corpus.may_hold(LineFilters::corpus_key(bits))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_was_taken_in_may_be_there(keys in prop::collection::vec(any::<u64>(), 0..500), room in 0_u64..900) {
            let mut filter = LineFilter::for_keys(room);
            keys.iter().for_each(|key| filter.insert(*key));
            let read = LineFilter::of_words(filter.words().to_vec());
            prop_assert!(keys.iter().all(|key| read.may_hold(*key)));
        }
    }

    #[test]
    fn most_others_are_told() {
        let hash = |n: u64| xxhash_rust::xxh3::xxh3_64(&n.to_le_bytes());
        let keys = 1 << 16;
        let mut filter = LineFilter::for_keys(keys);
        (0..keys).for_each(|n| filter.insert(hash(n)));
        let wrong = (keys..3 * keys).filter(|n| filter.may_hold(hash(*n))).count();
        assert!(wrong * 25 < 2 * keys as usize, "{wrong}");
        assert!(!LineFilter::for_keys(0).may_hold(7) && !LineFilter::of_words(Vec::new()).may_hold(7));
    }
}
