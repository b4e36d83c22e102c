//! MinHash signatures (Broder 1997) and their bands (Leskovec, Rajaraman and Ullman, ch. 3.4).
//!
//! A signature holds, for each of k functions h(x) = a·x + b modulo 2^32 with odd a, the least value over the shingles of a text: two texts
//! have it in common with a chance of about their Jaccard similarity. Shingles are hashes already, so that functions this simple do. A band
//! is some of those numbers as one key: texts that share a key are a candidate pair. Pairs that only seem alike cost a comparison and
//! nothing else, since all are verified: so bands are many and short.

use super::shingle::mix;
use crate::model::with_simd;

/// Functions that run side by side: as many as four vectors of AVX2 hold.
const LANES: usize = 32;
/// Functions of a signature, at most.
const MOST: usize = 128;
/// Bands, at most.
const MOST_BANDS: usize = 64;
/// A pair that is as alike as the threshold is missed with this chance, at most, where the limits above allow.
const MISSED: f64 = 0.001;

/// How signatures are cut to bands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Banding {
    /// Bands of a signature.
    pub bands: usize,
    /// Numbers of a band.
    pub rows: usize,
}

impl Banding {
    /// The longest bands (the fewest candidate pairs in vain) by which a pair at the threshold is missed once in a thousand times.
    pub fn for_threshold(threshold: f64) -> Banding {
        let fits = |rows: usize| {
            let bands = (1..=MOST_BANDS.min(MOST / rows)).find(|bands| 1.0 - Banding { bands: *bands, rows }.found(threshold) <= MISSED)?;
            Some(Banding { bands, rows })
        };
        (1..=16).rev().find_map(fits).unwrap_or(Banding { bands: MOST_BANDS, rows: 1 })
    }

    /// For signatures that are compared whole, number by number: as many as there are.
    pub fn for_estimates() -> Banding {
        Banding { bands: MOST / 4, rows: 4 }
    }

    /// The chance that a pair of this similarity is a candidate pair.
    pub fn found(self, similarity: f64) -> f64 {
        let power = |x: f64, n: usize| (0..n).fold(1.0, |product, _| product * x);
        1.0 - power(1.0 - power(similarity, self.rows), self.bands)
    }

    /// Are pairs that are as alike as a threshold found as surely as by the bands that are cut for it?
    pub fn serves(self, threshold: f64) -> bool {
        self.found(threshold) >= Banding::for_threshold(threshold).found(threshold).min(1.0 - MISSED)
    }

    /// Numbers of a signature.
    pub fn numbers(self) -> usize {
        self.bands * self.rows
    }

    /// Bytes of a number that tell it from others: bands of many numbers need few of each. An index keeps no more.
    pub fn number_bytes(self) -> usize {
        match self.rows {
            1 => 4,
            2 | 3 => 2,
            _ => 1,
        }
    }

    /// The keys of a signature's bands.
    pub fn keys(self, signature: &[u32]) -> impl Iterator<Item = u64> {
        let shift = 32 - 8 * self.number_bytes() as u32;
        let bands = signature.chunks_exact(self.rows).take(self.bands).zip(1_u64..);
        bands.map(move |(band, number)| band.iter().fold(mix(number), |key, n| mix(key ^ u64::from(n << shift))))
    }

    /// The bytes of a signature by which an index finds it again.
    pub fn write(self, signature: &[u32], out: &mut Vec<u8>) {
        match self.number_bytes() {
            1 => out.extend(signature.iter().map(|number| *number as u8)),
            2 => signature.iter().for_each(|number| out.extend_from_slice(&(*number as u16).to_le_bytes())),
            _ => signature.iter().for_each(|number| out.extend_from_slice(&number.to_le_bytes())),
        }
    }

    /// Reads them back: numbers without the bits that [`Banding::keys`] does not look at.
    pub fn read(self, bytes: &[u8], into: &mut Vec<u32>) {
        into.clear();
        let number = |bytes: &[u8]| bytes.iter().rev().fold(0, |number, b| number << 8 | u32::from(*b));
        into.extend(bytes.chunks_exact(self.number_bytes()).map(number));
    }
}

#[derive(Clone, Copy, Debug)]
struct Functions {
    factors: [u32; LANES],
    addends: [u32; LANES],
}

/// Makes signatures.
#[derive(Clone, Debug)]
pub struct MinHasher {
    functions: Vec<Functions>,
    numbers: usize,
}

impl MinHasher {
    /// For signatures of so many numbers. The functions are the same in every run, and the first of more are those of fewer.
    pub fn new(numbers: usize) -> MinHasher {
        let mut state = 0_u64;
        // SplitMix64 (Steele, Lea and Flood 2014).
        let mut next = || {
            state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let z = (state ^ state >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            let z = (z ^ z >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
            (z ^ z >> 31) as u32
        };
        let functions = (0..numbers.div_ceil(LANES)).map(|_| {
            let mut functions = Functions { factors: [0; LANES], addends: [0; LANES] };
            for (factor, addend) in functions.factors.iter_mut().zip(&mut functions.addends) {
                (*factor, *addend) = (next() | 1, next());
            }
            functions
        });
        MinHasher { functions: functions.collect(), numbers }
    }

    /// Puts the signature of shingles into `into`; repeated ones count once.
    pub fn signature(&self, shingles: &[u32], into: &mut Vec<u32>) {
        into.clear();
        for functions in &self.functions {
            let least = with_simd(
                #[inline(always)]
                || minima(functions, shingles),
            );
            into.extend_from_slice(&least);
        }
        into.truncate(self.numbers);
    }
}

#[inline(always)]
fn minima(functions: &Functions, shingles: &[u32]) -> [u32; LANES] {
    let Functions { factors, addends } = *functions;
    let mut least = [u32::MAX; LANES];
    for shingle in shingles {
        for ((least, factor), addend) in least.iter_mut().zip(&factors).zip(&addends) {
            let hash = shingle.wrapping_mul(*factor).wrapping_add(*addend);
            *least = if hash < *least { hash } else { *least };
        }
    }
    least
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn bands_fit_the_threshold() {
        for (threshold, bands, rows) in [(0.5, 25, 2), (0.72, 23, 4), (0.8, 18, 5), (0.9, 13, 8), (1.0, 1, 16)] {
            let banding = Banding::for_threshold(threshold);
            assert_eq!((banding.bands, banding.rows), (bands, rows), "{threshold}");
            assert!(banding.numbers() <= MOST);
            assert!(banding.found(threshold) >= 1.0 - MISSED && banding.found(threshold + 0.05) > 0.9995, "{threshold}");
            assert!(banding.found(0.0) == 0.0 && (banding.found(1.0) - 1.0).abs() < 1e-12);
        }
        assert_eq!(Banding::for_threshold(0.01).rows, 1);
        let banding = Banding::for_threshold(0.8);
        assert_eq!([0.01, 0.79, 0.8, 0.81, 1.0].map(|threshold| banding.serves(threshold)), [false, false, true, true, true]);
        assert!((1..=100).all(|n| Banding::for_threshold(f64::from(n) / 100.0).serves(f64::from(n) / 100.0)));
    }

    #[test]
    fn signatures_are_as_alike_as_the_sets() {
        // Sets of a thousand numbers that share a part: 128 functions over 60 pairs tell it within 4 deviations, and their spread is that of
        // independent functions.
        let hasher = MinHasher::new(128);
        let mut signatures = [Vec::new(), Vec::new()];
        for percent in [20_u32, 50, 80, 95] {
            let (mut sum, mut squares, pairs) = (0.0, 0.0, 60_u32);
            for pair in 0..pairs {
                let hash = |n: u32| (mix(u64::from(n) << 20 | u64::from(pair)) >> 32) as u32;
                let common = 10 * percent;
                let own = (1000 - common) / 2;
                for (side, signature) in (0..).zip(&mut signatures) {
                    let own = (0..own).map(|n| hash(1_000_000 * (side + 1) + n));
                    hasher.signature(&(0..common).map(hash).chain(own).collect::<Vec<_>>(), signature);
                }
                let equal = signatures[0].iter().zip(&signatures[1]).filter(|(a, b)| a == b).count() as f64 / 128.0;
                (sum, squares) = (sum + equal, squares + equal * equal);
            }
            let (j, pairs) = (f64::from(percent) / 100.0, f64::from(pairs));
            let (mean, deviation) = (sum / pairs, (j * (1.0 - j) / 128.0_f64).sqrt());
            assert!((mean - j).abs() < 4.0 * deviation / pairs.sqrt(), "{j} {mean}");
            let spread = (squares / pairs - mean * mean).sqrt();
            assert!(spread < 1.4 * deviation, "{j} {spread} {deviation}");
        }
    }

    proptest! {
        #[test]
        fn signatures_are_those_of_the_naive_twin(shingles in prop::collection::vec(any::<u32>(), 0..50), numbers in 1_usize..130) {
            let hasher = MinHasher::new(numbers);
            let mut signature = Vec::new();
            hasher.signature(&shingles, &mut signature);
            let functions = hasher.functions.iter().flat_map(|f| f.factors.into_iter().zip(f.addends));
            let naive: Vec<u32> = functions
                .take(numbers)
                .map(|(a, b)| shingles.iter().map(|x| a.wrapping_mul(*x).wrapping_add(b)).min().unwrap_or(u32::MAX))
                .collect();
            prop_assert_eq!(&signature, &naive);
            let banding = Banding { bands: numbers / 3, rows: 3 };
            let keys: Vec<u64> = banding.keys(&signature).collect();
            prop_assert_eq!(keys.len(), banding.bands);
            let mut distinct = keys.clone();
            distinct.sort_unstable();
            distinct.dedup();
            prop_assert_eq!(distinct.len(), keys.len());
            // What an index keeps has the same bands.
            let (mut bytes, mut read) = (Vec::new(), Vec::new());
            for rows in 1..5 {
                let banding = Banding { bands: numbers / rows, rows };
                bytes.clear();
                banding.write(&signature, &mut bytes);
                prop_assert_eq!(bytes.len(), numbers * banding.number_bytes());
                banding.read(&bytes, &mut read);
                prop_assert!(banding.keys(&read).eq(banding.keys(&signature)));
            }
        }
    }
}
