//! From sets of shingles that are alike to pairs of documents: each document with the others that it is listed with, bounded.
//!
//! Both are sorted outside of memory, so a set may be like many, and many documents may have one set.

use super::documents::Members;
use crate::{
    hash::{Numbers, Parted, Record, lowered, raised},
    model::Result,
    pipeline::{index::Workplace, sorter::Sorter},
};

/// A similarity, the greatest first in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Share(u16);

impl Share {
    const WHOLE: u16 = 10_000;

    /// Of ten thousandths.
    pub fn of(share: u16) -> Share {
        Share(Share::WHOLE - share.min(Share::WHOLE))
    }

    /// From 0 to 1.
    pub fn as_number(self) -> f64 {
        f64::from(Share::WHOLE - self.0) / f64::from(Share::WHOLE)
    }
}

/// Two numbers, of which the first, out of so many, is what is sorted by: a set of shingles and what it is like, or a document and another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pair {
    /// Raised to the uppermost bits.
    one: u32,
    /// By which pairs of one are sorted before they are by the other.
    first: Share,
    /// The other.
    pub other: u32,
    /// How alike they are.
    pub share: Share,
}

impl Pair {
    /// Pairs of one number are sorted by similarity, or where `by_other` by the other.
    pub fn new((one, count): (u32, u32), other: u32, share: Share, by_other: bool) -> Pair {
        Pair { one: raised(one, count), first: if by_other { Share(0) } else { share }, other, share }
    }

    /// The first number, out of so many.
    pub fn one(&self, count: u32) -> u32 {
        lowered(self.one, count)
    }
}

impl Record for Pair {
    const BYTES: usize = 12;

    fn hash(&self) -> u64 {
        u64::from(self.one) << 32
    }

    fn absorb(&mut self, next: &Pair) -> bool {
        self == next
    }

    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.one.to_le_bytes());
        out.extend_from_slice(&self.first.0.to_le_bytes());
        out.extend_from_slice(&self.other.to_le_bytes());
        out.extend_from_slice(&self.share.0.to_le_bytes());
    }

    fn read(bytes: &[u8]) -> Option<Pair> {
        let mut numbers = Numbers(bytes);
        Some(Pair {
            one: u32::from_le_bytes(numbers.take()?),
            first: Share(u16::from_le_bytes(numbers.take()?)),
            other: u32::from_le_bytes(numbers.take()?),
            share: Share(u16::from_le_bytes(numbers.take()?)),
        })
    }
}

/// Pairs that are gathered before they are sorted.
const GATHERED: usize = 1 << 16;

/// Collects pairs in any order.
#[derive(Debug)]
pub struct Pairs<'w> {
    place: Workplace<'w>,
    gathered: Vec<Pair>,
    sorter: Sorter<Pair>,
    /// Bytes that went to temporary files.
    pub spilled: u64,
}

impl<'w> Pairs<'w> {
    /// None yet.
    pub fn new(place: Workplace<'w>) -> Pairs<'w> {
        Pairs { place, gathered: Vec::new(), sorter: Sorter::new(), spilled: 0 }
    }

    /// Another.
    ///
    /// # Errors
    /// Where temporary files cannot be written.
    pub fn push(&mut self, pair: Pair) -> Result<()> {
        self.gathered.push(pair);
        if self.gathered.len() >= GATHERED { self.gather() } else { Ok(()) }
    }

    fn gather(&mut self) -> Result<()> {
        self.sorter.push(Parted::of(&self.gathered));
        self.gathered.clear();
        if self.sorter.held() > self.place.room.records() / 2 {
            self.spilled += self.sorter.spill(self.place.pool, self.place.temporary)?;
        }
        Ok(())
    }

    /// Gives all of them to `take`, in order, a part at a time; all of one number are in one part.
    ///
    /// # Errors
    /// Where temporary files cannot be read; interrupted; those of `take`.
    pub fn in_order(mut self, take: impl FnMut(Vec<Pair>) -> Result<()>) -> Result<()> {
        self.gather()?;
        let Workplace { pool, temporary, room, stop } = self.place;
        self.sorter.fold_each(pool, room.buffers(), temporary, stop, Vec::new, Vec::push, take)
    }
}

/// What documents are listed with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Others {
    /// Those after them in the same set.
    Later,
    /// Those of the other set.
    OtherSet,
    /// Those of an index, by their numbers there.
    Index,
}

/// Lists documents.
#[derive(Debug)]
pub struct Listing<'l> {
    /// Who has which set of shingles.
    pub members: &'l Members,
    /// With whom documents are listed.
    pub others: Others,
    /// With how many at most.
    pub most: usize,
    /// Documents of the run.
    pub documents: u32,
    /// Are they listed by similarity? Else by the order of the others.
    pub by_similarity: bool,
    /// Documents that are like more others than they are listed with.
    pub had_more: u64,
}

impl Listing<'_> {
    /// Lists the documents of all sets of shingles; the pairs of sets come sorted by similarity.
    ///
    /// # Errors
    /// Where temporary files cannot be read or written; interrupted.
    pub fn list(&mut self, alike: Pairs<'_>, listed: &mut Pairs<'_>) -> Result<()> {
        let sets = self.members.sets();
        let mut next = 0;
        alike.in_order(|part| {
            for of_set in part.chunk_by(|a, b| a.one(sets) == b.one(sets)) {
                let set = of_set.first().map_or(next, |pair| pair.one(sets));
                (next..set).try_for_each(|alone| self.set(alone, &[], listed))?;
                self.set(set, of_set, listed)?;
                next = set + 1;
            }
            Ok(())
        })?;
        (next..sets).try_for_each(|alone| self.set(alone, &[], listed))
    }

    /// The documents of a set of shingles, with what it is like.
    fn set(&mut self, set: u32, alike: &[Pair], listed: &mut Pairs<'_>) -> Result<()> {
        let members = self.members.of(set);
        if self.others != Others::Later && alike.is_empty() || members.len() < 2 && alike.is_empty() {
            return Ok(());
        }
        let copies = Pair { one: 0, first: Share(0), other: set, share: Share(0) };
        let copies = (self.others == Others::Later).then_some(copies);
        let sets: Vec<Pair> = copies.into_iter().chain(alike.iter().copied()).collect();
        let mut chosen: Vec<u32> = Vec::new();
        for document in members {
            let (mut left, mut all) = (self.most, 0);
            // Of those that are equally alike the first in order, whichever set they have.
            for equally in sets.chunk_by(|a, b| a.share == b.share) {
                chosen.clear();
                for pair in equally {
                    let others = match self.others {
                        Others::Index => std::slice::from_ref(&pair.other),
                        Others::OtherSet => self.members.of(pair.other),
                        Others::Later => {
                            let of_set = self.members.of(pair.other);
                            of_set.get(of_set.partition_point(|other| other <= document)..).unwrap_or_default()
                        }
                    };
                    all += others.len();
                    chosen.extend(others.iter().take(left));
                }
                if equally.len() > 1 {
                    chosen.sort_unstable();
                }
                let Some(share) = equally.first().map(|pair| pair.share) else { continue };
                for other in chosen.iter().take(left) {
                    listed.push(Pair::new((*document, self.documents), *other, share, !self.by_similarity))?;
                }
                left = left.saturating_sub(chosen.len());
            }
            self.had_more += u64::from(all > self.most);
        }
        Ok(())
    }
}
