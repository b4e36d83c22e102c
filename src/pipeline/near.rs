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
    shelf::Shelf,
    sorter::Sorter,
    temporary::Temporary,
};
use crate::{
    dedup::{
        Banding, BucketEntry, BucketFinder, BucketOfDocument, Documents, Likeness, Likenesses, LineWeight, LookAlikes, Match, MinHasher, ShingleSize,
        Shingler, Size,
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
    /// Is it prose?
    pub is_prose: bool,
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
    size: Size,
    /// Bytes of its signature and its shingles in the block's.
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
        let mut size = Size { letters: 0, prose: 0, lang };
        self.shingler.begin();
        for line in lines {
            let weight = LineWeight::of(line.letters, line.is_prose);
            size.letters += weight.letters();
            size.prose += weight.prose();
            if rules.near.is_some() {
                self.shingler.line(line.text);
            }
            if rules.covered && line.letters > 0 {
                self.block.entries.push(BucketEntry { key: line.hash.half(), document: 0, weight });
            }
        }
        if rules.near.is_some() {
            self.shingler.shingles(&mut self.hashes);
            if !self.hashes.is_empty() {
                hasher.signature(&self.hashes, &mut self.signature);
                let bands = banding.keys(&self.signature).map(|key| BucketEntry { key, document: 0, weight: LineWeight::BAND });
                self.block.entries.extend(bands);
                banding.write(&self.signature, &mut self.block.shingles);
                self.block.shingles.extend(self.hashes.iter().flat_map(|hash| hash.to_le_bytes()));
            }
        }
        let shingles = (start, self.block.shingles.len());
        self.block.documents.push(SignedDocument { id, rank, size, shingles, entries: self.block.entries.len() });
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
    size: Size,
    block: usize,
    shingles: (usize, usize),
}

/// Documents that were compared, with their signatures and shingles.
#[derive(Debug)]
pub struct Signed<R> {
    /// In document order.
    documents: Vec<Compared<R>>,
    shelf: Shelf,
    signature_bytes: usize,
}

impl<R: Copy> Signed<R> {
    /// Signature and shingles of a document, if it was compared; nothing of one that is shorter than a shingle.
    ///
    /// # Errors
    /// Where temporary files cannot be read.
    pub fn of(&self, id: DocId) -> Result<Option<(Vec<u8>, Vec<u32>)>> {
        let Ok(at) = self.documents.binary_search_by_key(&id, |document| document.id) else { return Ok(None) };
        self.documents.get(at).map(|document| self.region(document)).transpose()
    }

    /// The hashes of shingles sorted, each once.
    fn region(&self, document: &Compared<R>) -> Result<(Vec<u8>, Vec<u32>)> {
        let Compared { block, shingles: (start, end), .. } = *document;
        let bytes = self.shelf.read(block, Some(start..end))?;
        let bytes = bytes.filter(|bytes| bytes.len() == end - start).ok_or_else(|| Error::conservation("shingles that were kept are gone"))?;
        let (signature, rest) = bytes.split_at(self.signature_bytes.min(bytes.len()));
        let mut hashes: Vec<u32> = rest.as_chunks().0.iter().map(|chunk| u32::from_le_bytes(*chunk)).collect();
        hashes.sort_unstable();
        hashes.dedup();
        let signature = signature.to_vec();
        crate::model::give_buffer(bytes);
        Ok((signature, hashes))
    }
}

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
        let signature_bytes = if rules.near.is_some() { banding.numbers() * banding.number_bytes() } else { 0 };
        Comparison {
            pool,
            temporary,
            room,
            rules,
            banding,
            signed: Signed { documents: Vec::new(), shelf: Shelf::new(temporary, room.shingles()), signature_bytes },
            earlier: earlier.map(|index| (index, BandFilter::new(room.shingles()))),
            entries: Sorter::new(),
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
            let Ok(number) = u32::try_from(self.signed.documents.len()) else { continue };
            let SignedDocument { id, rank, size, shingles, .. } = document;
            self.signed.documents.push(Compared { id, rank, size, block: block.number, shingles });
            if let Some((_, filter)) = &mut self.earlier {
                own.iter().filter(|entry| entry.weight == LineWeight::BAND).for_each(|entry| filter.add(entry.key));
            }
            entries.extend(own.iter().map(|entry| BucketEntry { document: number, ..*entry }));
        }
        self.signed.shelf.add(block.number, block.shingles)?;
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

    /// Compares all.
    ///
    /// # Errors
    /// Where temporary files cannot be read or written; interrupted.
    pub fn finish(mut self, stop: &StopFlag) -> Result<Likened<R>> {
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
        let mut alikes = LookAlikes::new(self.rules);
        let index = self.earlier.as_ref().map(|(index, _)| *index);
        let mut documents = Shelved { signed: &self.signed, order: &order, earlier: &earlier, index, kept: HashMap::new(), held: 0 };
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
                    if (turn as usize) < earlier.len() {
                        alikes.stays(turn, buckets);
                    } else {
                        found.extend(alikes.judge(turn, buckets, &mut documents)?.map(|matched| (turn, matched)));
                    }
                }
                Ok(())
            },
        )?;
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
        let spilled = self.spilled + self.signed.shelf.spilled;
        Ok(Likened { alikes: gone, signed: self.signed, spilled })
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
struct Shelved<'s, R> {
    signed: &'s Signed<R>,
    order: &'s [u32],
    /// Numbers in the index of those that have the first turns.
    earlier: &'s [u32],
    index: Option<&'s DocumentIndex>,
    /// Those that were asked for last.
    kept: HashMap<u32, Arc<[u32]>>,
    held: usize,
}

impl<R: Copy> Shelved<'_, R> {
    fn of(&self, turn: u32) -> Option<&Compared<R>> {
        self.signed.documents.get(*self.order.get(turn as usize)? as usize)
    }

    fn id(&self, turn: u32) -> Option<DocId> {
        match self.earlier.get(turn as usize) {
            Some(number) => Some(DocId::earlier(*number)),
            None => self.of(turn).map(|document| document.id),
        }
    }

    fn read(&self, turn: u32) -> Result<Vec<u32>> {
        if let (Some(number), Some(index)) = (self.earlier.get(turn as usize), self.index) {
            return Ok(index.shingles(*number)?.unwrap_or_default());
        }
        self.of(turn).map_or(Ok(Vec::new()), |document| Ok(self.signed.region(document)?.1))
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
