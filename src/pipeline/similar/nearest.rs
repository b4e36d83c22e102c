//! The most similar, whatever the similarity: every signature is held against every document that is asked for, and the best estimates are verified.
//!
//! Signatures go by in order, few at a time, so memory is that of the documents asked for; where those have no room together, signatures go by once for each part
//! of them. The time is the product of both: so many documents asked for, times so many held against them.

use rayon::prelude::*;

use super::{
    super::{check_stop, index::DocumentIndex, index::Workplace, signed::Signed},
    listing::{Pair, Pairs, Share},
};
use crate::{
    dedup::{Banding, Nearest, Threshold, share, similarity},
    model::Result,
    read::Stream,
};

/// Signatures that go by together.
const TOGETHER: usize = 2048;
/// Estimates that are verified for each document that is asked for, and at least.
const VERIFIED: usize = 4;
const LEAST_VERIFIED: usize = 32;
/// Bytes that an estimate takes.
const ESTIMATE_BYTES: usize = 12;

/// What is held against documents.
#[derive(Clone, Copy, Debug)]
pub enum Candidates<'c> {
    /// Documents of the other set.
    OtherSet,
    /// Those of an index.
    Index(&'c DocumentIndex),
}

/// Finds the most similar.
#[derive(Debug)]
pub struct NearestSearch<'n> {
    /// Where the work is done.
    pub place: Workplace<'n>,
    /// Documents of both sets, one for each set of shingles.
    pub signed: &'n Signed<bool>,
    /// What is held against those of the set.
    pub candidates: Candidates<'n>,
    /// How signatures are cut.
    pub banding: Banding,
    /// How many are asked for.
    pub most: usize,
    /// How alike they must be.
    pub threshold: Threshold,
    /// Sets of shingles.
    pub sets: u32,
}

impl NearestSearch<'_> {
    /// Gives each set of shingles of the set, with the most similar that were found, to `found`.
    ///
    /// # Errors
    /// Where temporary files or the index cannot be read; interrupted.
    pub fn run(&self, found: &mut Pairs<'_>) -> Result<()> {
        let verified = self.most.saturating_mul(VERIFIED).max(LEAST_VERIFIED);
        let asked: Vec<u32> = self.numbers(|is_other| !is_other).collect();
        let bytes = verified.saturating_mul(ESTIMATE_BYTES).saturating_add(self.signature_bytes() + size_of::<Nearest>());
        for part in asked.chunks((self.place.room.records() / bytes).max(1)) {
            for pair in self.part(part, verified)?.into_iter().flatten() {
                found.push(pair)?;
            }
        }
        Ok(())
    }

    fn signature_bytes(&self) -> usize {
        self.banding.numbers() * self.banding.number_bytes()
    }

    /// Numbers of documents of a side.
    fn numbers(&self, of_side: impl Fn(bool) -> bool) -> impl Iterator<Item = u32> {
        self.signed.documents.iter().zip(0..).filter(move |(document, _)| of_side(document.rank)).map(|(_, number)| number)
    }

    fn part(&self, asked: &[u32], verified: usize) -> Result<Vec<Vec<Pair>>> {
        let nearest = |number: &u32| {
            let signature = self.signed.documents.get(*number as usize).map_or(Ok(Vec::new()), |document| self.signed.signature(document))?;
            Ok((*number, Nearest::new(signature, self.banding, verified)))
        };
        let mut all: Vec<(u32, Nearest)> = asked.iter().map(nearest).collect::<Result<_>>()?;
        let mut signatures = self.signatures();
        let (mut bytes, mut numbers) = (Vec::new(), Vec::new());
        while signatures.next(&mut bytes, &mut numbers)? {
            check_stop(self.place.stop)?;
            self.place.pool.install(|| all.par_iter_mut().for_each(|(_, nearest)| nearest.offer(&bytes, &numbers)));
        }
        self.place.pool.install(|| all.into_par_iter().map(|(number, nearest)| self.verify(number, nearest)).collect())
    }

    fn signatures(&self) -> Signatures<'_> {
        match self.candidates {
            Candidates::Index(index) => {
                let documents = u32::try_from(index.params.documents).unwrap_or(u32::MAX);
                Signatures::Index { stream: index.signatures(), numbers: 0..documents, bytes: self.signature_bytes() }
            }
            Candidates::OtherSet => Signatures::OtherSet { signed: self.signed, numbers: Box::new(self.numbers(|is_other| is_other)) },
        }
    }

    fn shingles(&self, number: u32) -> Result<Vec<u32>> {
        self.signed.documents.get(number as usize).map_or(Ok(Vec::new()), |document| Ok(self.signed.region(document)?.1))
    }

    /// The best of those that seemed to be, by their shingles.
    fn verify(&self, number: u32, nearest: Nearest) -> Result<Vec<Pair>> {
        check_stop(self.place.stop)?;
        let own = self.shingles(number)?;
        let mut found = Vec::new();
        for other in nearest.into_numbers() {
            let of_other = match self.candidates {
                Candidates::Index(index) => index.shingles(other)?.unwrap_or_default(),
                Candidates::OtherSet => self.shingles(other)?,
            };
            if let Some((common, union)) = similarity(&own, &of_other, self.threshold) {
                found.push(Pair::new((number, self.sets), other, Share::of(share(common, union)), false));
            }
        }
        found.sort_unstable();
        found.truncate(self.most);
        Ok(found)
    }
}

/// Signatures in the order of their documents.
enum Signatures<'s> {
    OtherSet { signed: &'s Signed<bool>, numbers: Box<dyn Iterator<Item = u32> + 's> },
    Index { stream: Stream<'s>, numbers: std::ops::Range<u32>, bytes: usize },
}

impl Signatures<'_> {
    /// The next of them with the numbers of their documents; false at the end.
    fn next(&mut self, into: &mut Vec<u8>, of: &mut Vec<u32>) -> Result<bool> {
        into.clear();
        of.clear();
        match self {
            Signatures::OtherSet { signed, numbers } => {
                for number in numbers.take(TOGETHER) {
                    let Some(document) = signed.documents.get(number as usize) else { continue };
                    Nearest::append(&signed.signature(document)?, into);
                    of.push(number);
                }
            }
            Signatures::Index { stream, numbers, bytes } => {
                let mut signature = vec![0; *bytes];
                for number in numbers.take(TOGETHER) {
                    stream.fill(&mut signature)?;
                    // Shorter than a shingle: alike to none.
                    if signature.iter().any(|b| *b != 0) {
                        Nearest::append(&signature, into);
                        of.push(number);
                    }
                }
                return Ok(!of.is_empty() || numbers.start < numbers.end);
            }
        }
        Ok(!of.is_empty())
    }
}
