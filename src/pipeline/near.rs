//! Near and covered duplicates: an extra read, before the one that writes, that compares documents by their lines.
//!
//! Each document that stays by all other rules gets buckets (bands of its signature, its lines) and leaves the hashes of its shingles on a shelf. Buckets are
//! sorted, as the survey's records are, and documents settled serially ([`LookAlikes`]): those of the greatest rank first, of equal ones in their order.
//! Which lines count, and what the rank is, is the caller's.

use std::sync::Arc;

use hashbrown::HashMap;

use super::{
    StopFlag,
    fates::{Alikes, Instead},
    memory::Room,
    shelf::Shelf,
    sorter::Sorter,
    temporary::Temporary,
};
use crate::{
    dedup::{
        Banding, BucketEntry, BucketFinder, BucketOfDocument, Documents, Likeness, Likenesses, LookAlikes, Match, MinHasher, ShingleSize, Shingler,
    },
    hash::{LineHash, Parted},
    model::{DocId, Error, Lang, Reason, Result},
    read::Block,
};

/// How documents are made comparable; shared by all threads.
#[derive(Clone, Debug)]
pub struct Signing {
    rules: Likenesses,
    size: ShingleSize,
    banding: Banding,
    hasher: MinHasher,
}

impl Signing {
    /// By these rules.
    pub fn new(rules: Likenesses, banding: Banding, size: ShingleSize) -> Signing {
        Signing { rules, size, banding, hasher: MinHasher::new(banding.numbers()) }
    }

    /// Are lines looked at?
    pub fn covers(&self) -> bool {
        self.rules.covered
    }
}

/// A line that counts.
#[derive(Clone, Copy, Debug)]
pub struct SignedLine<'l> {
    /// The line.
    pub text: &'l str,
    /// Hash of what lines are one by.
    pub hash: LineHash,
    /// Its letters.
    pub letters: u32,
}

/// Makes the documents of a block comparable.
#[derive(Debug)]
pub struct Signer<'s, R> {
    signing: &'s Signing,
    shingler: Shingler,
    hashes: Vec<u32>,
    signature: Vec<u32>,
    block: SignedBlock<R>,
}

/// A document of a block.
#[derive(Clone, Debug)]
struct SignedDocument<R> {
    id: DocId,
    rank: R,
    letters: u64,
    lang: Lang,
    /// Bytes of its shingles in the block's.
    shingles: (usize, usize),
    /// Where its entries end in the block's.
    entries: usize,
}

/// A block's documents, made comparable.
#[derive(Debug)]
pub struct SignedBlock<R> {
    number: usize,
    documents: Vec<SignedDocument<R>>,
    shingles: Vec<u8>,
    entries: Vec<BucketEntry>,
}

impl<'s, R> Signer<'s, R> {
    /// For a block.
    pub fn new(signing: &'s Signing, block: &Block) -> Signer<'s, R> {
        let block = SignedBlock { number: block.number, documents: Vec::new(), shingles: Vec::new(), entries: Vec::new() };
        Signer { signing, shingler: Shingler::new(signing.size), hashes: Vec::new(), signature: Vec::new(), block }
    }

    /// The next document with its lines; without any it is like no other.
    pub fn document<'l>(&mut self, id: DocId, rank: R, lang: Lang, lines: impl Iterator<Item = SignedLine<'l>>) {
        let Signing { rules, banding, hasher, .. } = self.signing;
        let start = self.block.shingles.len();
        let mut letters = 0;
        self.shingler.begin();
        for line in lines {
            letters += u64::from(line.letters);
            if rules.near.is_some() {
                self.shingler.line(line.text);
            }
            if rules.covered && line.letters > 0 {
                self.block.entries.push(BucketEntry { key: line.hash.half(), document: 0, letters: line.letters });
            }
        }
        if rules.near.is_some() {
            self.shingler.shingles(&mut self.hashes);
            if !self.hashes.is_empty() {
                hasher.signature(&self.hashes, &mut self.signature);
                let bands = banding.keys(&self.signature).map(|key| BucketEntry { key, document: 0, letters: 0 });
                self.block.entries.extend(bands);
                self.block.shingles.extend(self.hashes.iter().flat_map(|hash| hash.to_le_bytes()));
            }
        }
        let shingles = (start, self.block.shingles.len());
        self.block.documents.push(SignedDocument { id, rank, letters, lang, shingles, entries: self.block.entries.len() });
    }

    /// The block.
    pub fn finish(self) -> SignedBlock<R> {
        self.block
    }
}

/// A document that is compared.
#[derive(Clone, Copy, Debug)]
struct Compared<R> {
    id: DocId,
    rank: R,
    letters: u64,
    lang: Lang,
    block: usize,
    shingles: (usize, usize),
}

/// What blocks come to, taken in in order.
#[derive(Debug)]
pub struct Comparison<'s, R> {
    pool: &'s rayon::ThreadPool,
    temporary: &'s Temporary,
    room: Room,
    rules: Likenesses,
    documents: Vec<Compared<R>>,
    entries: Sorter<BucketEntry>,
    shingles: Shelf,
    /// Bytes that went to temporary files.
    spilled: u64,
}

impl<'s, R: Ord + Copy + Send + Sync> Comparison<'s, R> {
    /// Nothing yet.
    pub fn new(pool: &'s rayon::ThreadPool, temporary: &'s Temporary, room: Room, rules: Likenesses) -> Comparison<'s, R> {
        Comparison {
            pool,
            temporary,
            room,
            rules,
            documents: Vec::new(),
            entries: Sorter::new(),
            shingles: Shelf::new(temporary, room.shingles()),
            spilled: 0,
        }
    }

    /// Takes in the next block in order; `stays` says of each of its documents, by number, whether it does so far.
    ///
    /// # Errors
    /// Where temporary files cannot be written.
    pub fn take(&mut self, block: SignedBlock<R>, mut stays: impl FnMut(usize) -> bool) -> Result<()> {
        let mut entries = Vec::with_capacity(block.entries.len());
        let mut start = 0;
        for (n, document) in block.documents.into_iter().enumerate() {
            let own = block.entries.get(start..document.entries).unwrap_or_default();
            start = document.entries;
            if !stays(n) {
                continue;
            }
            // Documents past 2^32 are not compared: they stay.
            let Ok(number) = u32::try_from(self.documents.len()) else { continue };
            let SignedDocument { id, rank, letters, lang, shingles, .. } = document;
            self.documents.push(Compared { id, rank, letters, lang, block: block.number, shingles });
            entries.extend(own.iter().map(|entry| BucketEntry { document: number, ..*entry }));
        }
        self.shingles.add(block.number, block.shingles)?;
        self.entries.push(Parted::of(&entries));
        if self.entries.held() > self.room.records() {
            self.spilled += self.entries.spill(self.pool, self.temporary)?;
        }
        Ok(())
    }

    /// Compares all: which documents go because one that stays is like them, and the bytes that went to temporary files.
    ///
    /// # Errors
    /// Where temporary files cannot be read or written; interrupted.
    pub fn finish(mut self, stop: &StopFlag) -> Result<(Alikes, u64)> {
        let count = u32::try_from(self.documents.len()).unwrap_or(u32::MAX);
        let mut order: Vec<u32> = (0..count).collect();
        let rank = |number: &u32| self.documents.get(*number as usize).map(|document| document.rank);
        order.sort_by_key(|number| (std::cmp::Reverse(rank(number)), *number));
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
        let mut alikes = LookAlikes::new(self.rules);
        let mut documents = Shelved { documents: &self.documents, order: &order, shelf: &self.shingles, kept: HashMap::new(), held: 0 };
        let mut found: Vec<(u32, Match)> = Vec::new();
        shared.fold_each(
            pool,
            buffers,
            temporary,
            stop,
            Vec::new,
            |part: &mut Vec<BucketOfDocument>, entry| part.push(entry),
            |part| {
                for buckets in part.chunk_by(|a, b| a.turn(count) == b.turn(count)) {
                    let turn = buckets.first().map_or(0, |entry| entry.turn(count));
                    found.extend(alikes.judge(turn, buckets, &mut documents)?.map(|matched| (turn, matched)));
                }
                Ok(())
            },
        )?;
        found.extend(alikes.finish(&documents));
        let id = |turn: u32| documents.of(turn).map(|document| document.id);
        let mut gone = Alikes::new();
        for (turn, Match { kept, likeness, share }) in found {
            let reason = match likeness {
                Likeness::Near => Reason::DocumentNear,
                Likeness::Covered => Reason::DocumentCovered,
            };
            gone.extend(id(turn).zip(id(kept)).map(|(document, kept)| (document, Instead { kept, reason, share: Some(share) })));
        }
        Ok((gone, self.spilled + self.shingles.spilled))
    }
}

/// Hashes of shingles that are held ready, at most: 16 MiB.
const MOST_HELD: usize = 4 << 20;

/// Documents by their turns, their shingles on a shelf.
struct Shelved<'s, R> {
    documents: &'s [Compared<R>],
    order: &'s [u32],
    shelf: &'s Shelf,
    /// Those that were asked for last.
    kept: HashMap<u32, Arc<[u32]>>,
    held: usize,
}

impl<R> Shelved<'_, R> {
    fn of(&self, turn: u32) -> Option<&Compared<R>> {
        self.documents.get(*self.order.get(turn as usize)? as usize)
    }
}

impl<R: Copy> Documents for Shelved<'_, R> {
    fn letters(&self, turn: u32) -> (u64, Lang) {
        self.of(turn).map_or((0, Lang::UND), |document| (document.letters, document.lang))
    }

    fn shingles(&mut self, turn: u32) -> Result<Arc<[u32]>> {
        if let Some(kept) = self.kept.get(&turn) {
            return Ok(kept.clone());
        }
        let Some(&Compared { block, shingles: (start, end), .. }) = self.of(turn) else { return Ok(Arc::default()) };
        let bytes = self.shelf.read(block, Some(start..end))?;
        let bytes = bytes.filter(|bytes| bytes.len() == end - start).ok_or_else(|| Error::conservation("shingles that were kept are gone"))?;
        let (chunks, _) = bytes.as_chunks();
        let mut hashes: Vec<u32> = chunks.iter().map(|chunk| u32::from_le_bytes(*chunk)).collect();
        crate::model::give_buffer(bytes);
        hashes.sort_unstable();
        hashes.dedup();
        if self.held > MOST_HELD {
            self.kept.clear();
            self.held = 0;
        }
        let hashes: Arc<[u32]> = hashes.into();
        self.held += hashes.len();
        self.kept.insert(turn, hashes.clone());
        Ok(hashes)
    }
}
