//! Near and covered duplicates: an extra read, before the one that writes, that compares documents by their lines.
//!
//! Each document that stays by all other rules gets buckets (bands of its signature, its lines) and leaves the hashes of its shingles on a shelf. Buckets are
//! sorted, as the survey's records are, and documents settled serially ([`LookAlikes`]): those of the greatest rank first, of equal ones in their order.
//! Which lines count, and what the rank is, is the caller's. Documents of earlier crawls, which an index holds, come before all of these and stay.

use std::sync::Arc;

use hashbrown::HashMap;

use super::{
    StopFlag, check_stop,
    fates::{Alikes, Instead},
    index::DocumentIndex,
    memory::Room,
    signed::{Compared, Signed, SignedBlock, Signing},
    sorter::Sorter,
    temporary::Temporary,
};
use crate::{
    dedup::{Banding, BucketEntry, BucketFinder, BucketOfDocument, Documents, Likeness, Likenesses, LineWeight, LookAlikes, Match, Size},
    hash::Parted,
    model::{DocId, Lang, Reason, Result},
};

/// What blocks come to, taken in in order.
#[derive(Debug)]
pub struct Comparison<'s, R> {
    pool: &'s rayon::ThreadPool,
    temporary: &'s Temporary,
    room: Room,
    rules: Likenesses,
    banding: Banding,
    signed: Signed<R>,
    /// Documents of earlier crawls, and which bands are worth a look there.
    earlier: Option<(&'s DocumentIndex, BandFilter)>,
    entries: Sorter<BucketEntry>,
    /// Bytes that went to temporary files.
    spilled: u64,
}

/// What a comparison leaves.
#[derive(Debug)]
pub struct Likened<R> {
    /// Documents that go because one that stays is like them.
    pub alikes: Alikes,
    /// Signatures and shingles of what was compared.
    pub signed: Signed<R>,
    /// Bytes that went to temporary files.
    pub spilled: u64,
}

impl<'s, R: Ord + Copy + Send + Sync> Comparison<'s, R> {
    /// Nothing yet; near duplicates are looked for in `earlier` too.
    pub fn new(
        pool: &'s rayon::ThreadPool,
        temporary: &'s Temporary,
        room: Room,
        signing: &Signing,
        earlier: Option<&'s DocumentIndex>,
    ) -> Comparison<'s, R> {
        let Signing { rules, banding, .. } = *signing;
        let earlier = earlier.filter(|index| rules.near.is_some() && index.has_shingles());
        Comparison {
            pool,
            temporary,
            room,
            rules,
            banding,
            signed: Signed::new(signing, temporary, room),
            earlier: earlier.map(|index| (index, BandFilter::new(room.shingles()))),
            entries: Sorter::new(),
            spilled: 0,
        }
    }

    /// Takes in the next block in order; `stays` says of each of its documents, by number, whether it does so far.
    ///
    /// # Errors
    /// Where temporary files cannot be written.
    pub fn take(&mut self, block: SignedBlock<R>, stays: impl FnMut(usize) -> bool) -> Result<()> {
        let mut entries = Vec::new();
        let filter = &mut self.earlier;
        self.signed.take(block, stays, |number, own| {
            if let Some((_, filter)) = filter {
                own.iter().filter(|entry| entry.weight == LineWeight::BAND).for_each(|entry| filter.add(entry.key));
            }
            entries.extend(own.iter().map(|entry| BucketEntry { document: number, ..*entry }));
        })?;
        self.entries.push(Parted::of(&entries));
        if self.entries.held() > self.room.records() {
            self.spilled += self.entries.spill(self.pool, self.temporary)?;
        }
        Ok(())
    }

    /// Documents of earlier crawls that share a band with one of this: their numbers in the index. Each gets a number after those of this crawl.
    fn find_earlier(&mut self, stop: &StopFlag) -> Result<Vec<u32>> {
        let Some((index, filter)) = &self.earlier else { return Ok(Vec::new()) };
        let mut bytes = vec![0; index.params.signature_bytes()];
        let (mut signatures, mut signature) = (index.signatures(), Vec::new());
        let mut found = Vec::new();
        let mut entries = Vec::new();
        for number in 0..u32::try_from(index.params.documents).unwrap_or(u32::MAX) {
            signatures.fill(&mut bytes)?;
            if number % 4096 == 0 {
                check_stop(stop)?;
            }
            // Shorter than a shingle: alike to none.
            if bytes.iter().all(|b| *b == 0) {
                continue;
            }
            self.banding.read(&bytes, &mut signature);
            if !self.banding.keys(&signature).any(|key| filter.may_hold(key)) {
                continue;
            }
            let Ok(document) = u32::try_from(self.signed.documents.len() + found.len()) else { break };
            found.push(number);
            entries.extend(self.banding.keys(&signature).filter(|key| filter.may_hold(*key)).map(|key| BucketEntry {
                key,
                document,
                weight: LineWeight::BAND,
            }));
            if entries.len() > 1 << 16 {
                self.entries.push(Parted::of(&entries));
                entries.clear();
                if self.entries.held() > self.room.records() {
                    self.spilled += self.entries.spill(self.pool, self.temporary)?;
                }
            }
        }
        self.entries.push(Parted::of(&entries));
        Ok(found)
    }

    /// Compares all, and says which documents go.
    ///
    /// # Errors
    /// Where temporary files cannot be read or written; interrupted.
    pub fn finish(self, stop: &StopFlag) -> Result<Likened<R>> {
        let mut alikes = LookAlikes::new(self.rules);
        let mut found: Vec<(u32, Match)> = Vec::new();
        let turns = self.in_turn(stop, |documents, turn, buckets| {
            if documents.is_earlier(turn) {
                alikes.stays(turn, buckets);
            } else {
                found.extend(alikes.judge(turn, buckets, documents)?.map(|matched| (turn, matched)));
            }
            Ok(())
        })?;
        let documents = turns.documents();
        found.extend(alikes.finish(&documents));
        let id = |turn: u32| documents.id(turn);
        let mut gone = Alikes::new();
        for (turn, Match { kept, likeness, share }) in found {
            let reason = match likeness {
                Likeness::Near => Reason::DocumentNear,
                Likeness::Covered => Reason::DocumentCovered,
            };
            gone.extend(id(turn).zip(id(kept)).map(|(document, kept)| (document, Instead { kept, reason, share: Some(share) })));
        }
        drop(documents);
        Ok(Likened { alikes: gone, signed: turns.signed, spilled: turns.spilled })
    }

    /// Gives every document that shares a bucket with another its turn: documents of earlier crawls first, then those of the greatest rank, of equal ones in
    /// their order; each with the buckets that it shares.
    ///
    /// # Errors
    /// Where temporary files cannot be read or written; interrupted; those of `take`.
    pub fn in_turn(
        mut self,
        stop: &StopFlag,
        mut take: impl FnMut(&mut Shelved<'_, R>, u32, &[BucketOfDocument]) -> Result<()>,
    ) -> Result<Turns<'s, R>> {
        let earlier = self.find_earlier(stop)?;
        let own = u32::try_from(self.signed.documents.len()).unwrap_or(u32::MAX);
        let count = own.saturating_add(u32::try_from(earlier.len()).unwrap_or(u32::MAX));
        let mut order: Vec<u32> = (0..own).collect();
        let rank = |number: &u32| self.signed.documents.get(*number as usize).map(|document| document.rank);
        order.sort_by_key(|number| (std::cmp::Reverse(rank(number)), *number));
        // What was there before has the first turns.
        order.splice(0..0, own..count);
        let mut turns = vec![0; order.len()];
        for (turn, number) in (0..).zip(&order) {
            if let Some(place) = turns.get_mut(*number as usize) {
                *place = turn;
            }
        }
        let entries = std::mem::replace(&mut self.entries, Sorter::new());
        let mut shared: Sorter<BucketOfDocument> = Sorter::new();
        let (pool, temporary, buffers) = (self.pool, self.temporary, self.room.buffers());
        let find = |finder: &mut BucketFinder<'_>, entry| finder.push(entry);
        entries.fold_each(
            pool,
            buffers,
            temporary,
            stop,
            || BucketFinder::new(&turns),
            find,
            |finder| {
                shared.push(Parted::of(&finder.finish()));
                if shared.held() > self.room.records() {
                    self.spilled += shared.spill(pool, temporary)?;
                }
                Ok(())
            },
        )?;
        drop(turns);
        let spilled = self.spilled + self.signed.spilled();
        let turns = Turns { signed: self.signed, order, earlier, index: self.earlier.as_ref().map(|(index, _)| *index), spilled };
        let mut documents = turns.documents();
        shared.fold_each(
            pool,
            buffers,
            temporary,
            stop,
            Vec::new,
            |part: &mut Vec<BucketOfDocument>, entry| part.push(entry),
            |part| {
                part.chunk_by(|a, b| a.turn(count) == b.turn(count)).try_for_each(|buckets| {
                    let turn = buckets.first().map_or(0, |entry| entry.turn(count));
                    take(&mut documents, turn, buckets)
                })
            },
        )?;
        drop(documents);
        Ok(turns)
    }

    /// What was taken in, where nobody is to be compared by buckets.
    pub fn into_signed(self) -> Signed<R> {
        self.signed
    }
}

/// Who had which turn.
#[derive(Debug)]
pub struct Turns<'s, R> {
    /// Documents of this crawl.
    pub signed: Signed<R>,
    /// Their numbers by turn; those of earlier crawls have greater ones.
    order: Vec<u32>,
    /// Numbers in the index of those that have the first turns.
    earlier: Vec<u32>,
    index: Option<&'s DocumentIndex>,
    /// Bytes that went to temporary files.
    pub spilled: u64,
}

impl<R: Copy> Turns<'_, R> {
    /// The documents by their turns.
    pub fn documents(&self) -> Shelved<'_, R> {
        Shelved { turns: self, kept: HashMap::new(), held: 0 }
    }
}

/// Which keys of bands there are: says of one that is there that it may be, and of most others that they are not (Bloom 1970).
#[derive(Debug)]
struct BandFilter(Vec<u64>);

impl BandFilter {
    /// Of so many bytes, about.
    fn new(bytes: u64) -> BandFilter {
        BandFilter(vec![0; usize::try_from(bytes / 8).unwrap_or(1 << 20).next_power_of_two()])
    }

    fn bits(&self, key: u64) -> [(usize, u64); 2] {
        [key, key.rotate_left(32)].map(|hash| ((hash >> 6) as usize & (self.0.len() - 1), 1 << (hash & 63)))
    }

    fn add(&mut self, key: u64) {
        for (word, bit) in self.bits(key) {
            if let Some(word) = self.0.get_mut(word) {
                *word |= bit;
            }
        }
    }

    fn may_hold(&self, key: u64) -> bool {
        self.bits(key).iter().all(|(word, bit)| self.0.get(*word).is_some_and(|word| word & bit != 0))
    }
}

/// Hashes of shingles that are held ready, at most: 16 MiB.
const MOST_HELD: usize = 4 << 20;

/// Documents by their turns, their shingles on a shelf or in the index of earlier crawls.
#[derive(Debug)]
pub struct Shelved<'t, R> {
    turns: &'t Turns<'t, R>,
    /// Those that were asked for last.
    kept: HashMap<u32, Arc<[u32]>>,
    held: usize,
}

impl<R: Copy> Shelved<'_, R> {
    /// Is this the turn of a document of earlier crawls?
    pub fn is_earlier(&self, turn: u32) -> bool {
        (turn as usize) < self.turns.earlier.len()
    }

    /// The number of the document: in the index of earlier crawls, or among those of this one.
    pub fn number(&self, turn: u32) -> u32 {
        let Turns { earlier, order, .. } = self.turns;
        earlier.get(turn as usize).or_else(|| order.get(turn as usize)).copied().unwrap_or(u32::MAX)
    }

    /// The document of this crawl that has the turn.
    pub fn of(&self, turn: u32) -> Option<&Compared<R>> {
        self.turns.signed.documents.get(*self.turns.order.get(turn as usize)? as usize)
    }

    fn id(&self, turn: u32) -> Option<DocId> {
        match self.turns.earlier.get(turn as usize) {
            Some(number) => Some(DocId::earlier(*number)),
            None => self.of(turn).map(|document| document.id),
        }
    }

    fn read(&self, turn: u32) -> Result<Vec<u32>> {
        if let (Some(number), Some(index)) = (self.turns.earlier.get(turn as usize), self.turns.index) {
            return Ok(index.shingles(*number)?.unwrap_or_default());
        }
        self.of(turn).map_or(Ok(Vec::new()), |document| Ok(self.turns.signed.region(document)?.1))
    }
}

impl<R: Copy> Documents for Shelved<'_, R> {
    fn size(&self, turn: u32) -> Size {
        self.of(turn).map_or(Size { letters: 0, prose: 0, lang: Lang::UND }, |document| document.size)
    }

    fn shingles(&mut self, turn: u32) -> Result<Arc<[u32]>> {
        if let Some(kept) = self.kept.get(&turn) {
            return Ok(kept.clone());
        }
        let hashes: Arc<[u32]> = self.read(turn)?.into();
        if self.held > MOST_HELD {
            self.kept.clear();
            self.held = 0;
        }
        self.held += hashes.len();
        self.kept.insert(turn, hashes.clone());
        Ok(hashes)
    }
}
