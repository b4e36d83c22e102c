//! The most similar documents by what their signatures say: the share of numbers that two have in common estimates their similarity (Broder 1997).
//!
//! Documents come by in order and few are remembered. An estimate by n numbers is off by some √(j(1−j)/n): who wants the best few verifies several times as many.

use std::{cmp::Reverse, collections::BinaryHeap};

use super::Banding;
use crate::model::with_simd;

/// What is remembered of a document: numbers that it has in common, and its own number, of which the lesser is the better.
type Common = (u32, Reverse<u32>);

/// Bytes that are compared side by side: signatures are padded to a multiple of them.
const SIDE_BY_SIDE: usize = 32;
/// What pads the signature that others are held against, and what pads those: no number is the same.
const OWN_PADDING: u8 = 0;
const PADDING: u8 = 1;

/// The documents that are most like one.
#[derive(Clone, Debug)]
pub struct Nearest {
    /// The document's signature, padded.
    signature: Vec<u8>,
    number_bytes: usize,
    most: usize,
    /// The least alike on top.
    best: BinaryHeap<Reverse<Common>>,
}

impl Nearest {
    /// None yet, of so many at most; the signature is what [`Banding::write`] wrote.
    pub fn new(mut signature: Vec<u8>, banding: Banding, most: usize) -> Nearest {
        signature.resize(signature.len().next_multiple_of(SIDE_BY_SIDE), OWN_PADDING);
        Nearest { signature, number_bytes: banding.number_bytes(), most, best: BinaryHeap::new() }
    }

    /// Appends a signature to those that are to be offered.
    pub fn append(signature: &[u8], to: &mut Vec<u8>) {
        to.extend_from_slice(signature);
        to.resize(to.len() - signature.len() + signature.len().next_multiple_of(SIDE_BY_SIDE), PADDING);
    }

    /// The next documents: their signatures, as [`Nearest::append`] put them together, and their numbers, which rise.
    pub fn offer(&mut self, signatures: &[u8], numbers: &[u32]) {
        let Nearest { signature, number_bytes, most, best } = self;
        with_simd(
            #[inline(always)]
            || {
                for (other, number) in signatures.chunks_exact(signature.len().max(1)).zip(numbers) {
                    let common = match number_bytes {
                        1 => bytes_in_common(signature, other),
                        2 => in_common::<2>(signature, other),
                        _ => in_common::<4>(signature, other),
                    };
                    if common > 0 {
                        remember(best, *most, (common, Reverse(*number)));
                    }
                }
            },
        );
    }

    /// Their numbers, most alike first.
    pub fn into_numbers(self) -> impl Iterator<Item = u32> {
        self.best.into_sorted_vec().into_iter().map(|Reverse((_, Reverse(number)))| number)
    }
}

fn remember(best: &mut BinaryHeap<Reverse<Common>>, most: usize, found: Common) {
    if best.len() < most {
        best.push(Reverse(found));
    } else if let Some(mut worst) = best.peek_mut()
        && worst.0 < found
    {
        *worst = Reverse(found);
    }
}

/// Numbers of one byte that two signatures have in common, each in its place; padded, so that none is left over.
#[inline(always)]
fn bytes_in_common(a: &[u8], b: &[u8]) -> u32 {
    let mut sum = 0;
    // A sum of bytes for each place: so many steps overflow none.
    for (a, b) in a.chunks(128 * SIDE_BY_SIDE).zip(b.chunks(128 * SIDE_BY_SIDE)) {
        let mut equal = [0_u8; SIDE_BY_SIDE];
        for (a, b) in a.as_chunks::<SIDE_BY_SIDE>().0.iter().zip(b.as_chunks::<SIDE_BY_SIDE>().0) {
            for ((equal, x), y) in equal.iter_mut().zip(a).zip(b) {
                *equal += u8::from(x == y);
            }
        }
        for n in equal {
            sum += u32::from(n);
        }
    }
    sum
}

/// Numbers of `N` bytes that two signatures have in common, each in its place.
#[inline(always)]
fn in_common<const N: usize>(a: &[u8], b: &[u8]) -> u32 {
    let mut sum = 0;
    for (a, b) in a.chunks(128 * N).zip(b.chunks(128 * N)) {
        let mut equal = 0_u8;
        for (x, y) in a.as_chunks::<N>().0.iter().zip(b.as_chunks::<N>().0) {
            equal += u8::from(x == y);
        }
        sum += u32::from(equal);
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// The naive twin: all of them, sorted.
        #[test]
        fn the_best_are_remembered(
            rows in 1_usize..5, bands in 1_usize..60, most in 1_usize..6, seeds in prop::collection::vec(0_u32..40, 1..60), cut in 0_usize..60,
        ) {
            let banding = Banding { bands, rows };
            let signature = |seed: u32| -> Vec<u8> {
                let numbers: Vec<u32> = (0..banding.numbers() as u32).map(|n| (seed ^ (n * 7)) % (n % 5 + 2)).collect();
                let mut bytes = Vec::new();
                banding.write(&numbers, &mut bytes);
                bytes
            };
            let own = signature(7);
            let width = banding.number_bytes();
            let mut naive: Vec<(usize, u32)> = seeds
                .iter()
                .zip(0_u32..)
                .map(|(seed, number)| (own.chunks(width).zip(signature(*seed).chunks(width)).filter(|(a, b)| a == b).count(), number * 3))
                .filter(|(common, _)| *common > 0)
                .collect();
            naive.sort_by_key(|(common, number)| (Reverse(*common), *number));
            naive.truncate(most);
            let mut nearest = Nearest::new(own, banding, most);
            let mut all = Vec::new();
            seeds.iter().for_each(|seed| Nearest::append(&signature(*seed), &mut all));
            let numbers: Vec<u32> = (0..seeds.len() as u32).map(|n| n * 3).collect();
            let cut = cut.min(seeds.len());
            let (bytes, rest) = all.split_at(cut * (banding.numbers() * width).next_multiple_of(SIDE_BY_SIDE));
            nearest.offer(bytes, &numbers[..cut]);
            nearest.offer(rest, &numbers[cut..]);
            prop_assert_eq!(nearest.into_numbers().collect::<Vec<_>>(), naive.into_iter().map(|(_, number)| number).collect::<Vec<_>>());
        }
    }
}
