//! Writes what a run knows of its documents as an index.
//!
//! A key for each text, of documents that stay and of those that went for one that stays; a key for each residue, id, signature and shingles of
//! those that stay, in document order. Keys are sorted by partitions, as the survey's records are.

use std::path::Path;

use super::documents::{BEFORE, DOCUMENTS, IDS_APART, MOST_DOCUMENTS, Params, SHINGLES, tag};
use crate::{
    hash::{DocumentKey, Numbers, Parted, Record},
    model::{DocId, Error, Result},
    pipeline::{StopFlag, kept::KeptDocuments, memory::Room, signed::Signed, sorter::Sorter, temporary::Temporary},
    write::{PagedWriter, Written},
};

/// A key, and the number of the document that stays for it: in the index of earlier crawls with [`BEFORE`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct KeyedKept {
    key: u128,
    kept: u32,
}

impl Record for KeyedKept {
    const BYTES: usize = 20;

    fn hash(&self) -> u64 {
        (self.key >> 64) as u64
    }

    fn absorb(&mut self, next: &KeyedKept) -> bool {
        self.key == next.key
    }

    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.key.to_le_bytes());
        out.extend_from_slice(&self.kept.to_le_bytes());
    }

    fn read(bytes: &[u8]) -> Option<KeyedKept> {
        let mut numbers = Numbers(bytes);
        Some(KeyedKept { key: u128::from_le_bytes(numbers.take()?), kept: u32::from_le_bytes(numbers.take()?) })
    }
}

/// Keys of texts, as documents are settled.
#[derive(Debug, Default)]
pub struct TextKeys {
    known: Vec<KeyedKept>,
    /// Of those that a document stays for which comes after them.
    later: Vec<(u128, DocId)>,
}

impl TextKeys {
    /// The key of a text and the document that stays for it; `number` is its number, if it was settled before.
    pub fn push(&mut self, key: DocumentKey, kept: DocId, number: Option<usize>) {
        let earlier = kept.earlier_number().map(|number| number | BEFORE);
        match earlier.or_else(|| u32::try_from(number?).ok()) {
            Some(kept) => self.known.push(KeyedKept { key: key.0, kept }),
            None => self.later.push((key.0, kept)),
        }
    }
}

/// Where the work is done.
#[derive(Clone, Copy, Debug)]
pub struct Workplace<'w> {
    /// The threads.
    pub pool: &'w rayon::ThreadPool,
    /// The folder of temporary files.
    pub temporary: &'w Temporary,
    /// The memory that there is.
    pub room: Room,
    /// Says when to stop.
    pub stop: &'w StopFlag,
}

/// Collects the keys of texts.
#[derive(Debug)]
pub struct DocumentIndexing<'w> {
    place: Workplace<'w>,
    keys: Sorter<KeyedKept>,
    later: Vec<(u128, DocId)>,
    /// Bytes that went to temporary files.
    pub spilled: u64,
}

impl<'w> DocumentIndexing<'w> {
    /// Nothing yet.
    pub fn new(place: Workplace<'w>) -> DocumentIndexing<'w> {
        DocumentIndexing { place, keys: Sorter::new(), later: Vec::new(), spilled: 0 }
    }

    /// Takes in keys, and leaves none.
    ///
    /// # Errors
    /// Where temporary files cannot be written.
    pub fn take(&mut self, keys: &mut TextKeys) -> Result<()> {
        let Workplace { pool, temporary, room, .. } = self.place;
        self.later.append(&mut keys.later);
        self.spilled += push(&mut self.keys, &mut keys.known, room.records() / 4, pool, temporary)?;
        Ok(())
    }

    /// Writes the index into a folder.
    ///
    /// # Errors
    /// The operating system's; interrupted; more documents than an index has room for.
    pub fn write(
        self,
        folder: &Path,
        kept: &KeptDocuments,
        signed: Option<&Signed<u64>>,
        mut params: Params,
    ) -> Result<Vec<(&'static str, Written)>> {
        let Workplace { pool, temporary, room, stop } = self.place;
        params.documents = kept.len() as u64;
        if params.documents > MOST_DOCUMENTS {
            return Err(Error::usage(format!("an index has room for {MOST_DOCUMENTS} documents")).hint("wash with --no-index, or part the input"));
        }
        let mut out = PagedWriter::create(&folder.join("documents.idx"), DOCUMENTS)?;
        let entry = |entries: &mut Vec<u8>, keyed: KeyedKept| keyed.write(entries);
        let number = |number: usize| u32::try_from(number).ok();
        out.begin(tag::KEYS);
        let later = self.later.into_iter().filter_map(|(key, id)| Some(KeyedKept { key, kept: number(kept.number_of(id)?)? }));
        let mut keys = self.keys;
        push_all(&mut keys, later, room.records(), pool, temporary)?;
        keys.fold_each(pool, room.buffers(), temporary, stop, Vec::new, entry, |part| out.write(&part))?;
        out.begin(tag::RESIDUES);
        let residues = (0..kept.len()).filter_map(|n| Some(KeyedKept { key: kept.residue(n).filter(|key| *key != 0)?, kept: number(n)? }));
        let mut keys = Sorter::new();
        push_all(&mut keys, residues, room.records(), pool, temporary)?;
        keys.fold_each(pool, room.buffers(), temporary, stop, Vec::new, entry, |part| out.write(&part))?;
        write_ids(&mut out, (0..kept.len()).map(|number| kept.get(number).map_or("null", |(_, id)| id)))?;
        let mut files = Vec::new();
        if let (Some(signed), Some(_)) = (signed, params.banding) {
            out.begin(tag::SIGNATURES);
            let mut shingles = PagedWriter::create(&folder.join("shingles.idx"), SHINGLES)?;
            let none = vec![0; params.signature_bytes()];
            let mut places = 0_u64.to_le_bytes().to_vec();
            shingles.begin(tag::SHINGLES);
            let mut regions = signed.regions();
            let mut place = 0_u64;
            for number in 0..kept.len() {
                let (signature, hashes) = kept.get(number).map(|(id, _)| regions.of(id)).transpose()?.flatten().unwrap_or_default();
                // A document shorter than a shingle has no signature: no band of it is anyone's.
                out.write(if signature.is_empty() { &none } else { signature })?;
                shingles.write(hashes)?;
                place += hashes.len() as u64;
                places.extend_from_slice(&place.to_le_bytes());
            }
            shingles.begin(tag::SHINGLE_PLACES);
            shingles.write(&places)?;
            let (written, identity) = shingles.finish()?;
            params.shingles = identity;
            files.push(("shingles.idx", written));
        }
        out.begin(tag::PARAMS);
        out.write(&params.to_bytes())?;
        files.push(("documents.idx", out.finish()?.0));
        Ok(files)
    }
}

/// Takes in some keys, and leaves none; the bytes that went to disk because memory held more than `most`.
fn push(sorter: &mut Sorter<KeyedKept>, keys: &mut Vec<KeyedKept>, most: usize, pool: &rayon::ThreadPool, temporary: &Temporary) -> Result<u64> {
    sorter.push(Parted::of(keys));
    keys.clear();
    if sorter.held() > most { sorter.spill(pool, temporary) } else { Ok(0) }
}

fn push_all(
    sorter: &mut Sorter<KeyedKept>,
    mut keys: impl Iterator<Item = KeyedKept>,
    most: usize,
    pool: &rayon::ThreadPool,
    temporary: &Temporary,
) -> Result<()> {
    let mut some = Vec::new();
    loop {
        some.extend(keys.by_ref().take(1 << 16));
        if some.is_empty() {
            return Ok(());
        }
        push(sorter, &mut some, most, pool, temporary)?;
    }
}

/// Writes ids, each after its length, and where every sixteenth stands.
#[derive(Default)]
pub(super) struct IdWriter {
    places: Vec<u8>,
    at: u64,
    /// Ids so far.
    pub number: u64,
}

impl IdWriter {
    /// The next id.
    pub fn push(&mut self, id: &[u8], out: &mut PagedWriter) -> Result<()> {
        if self.number.is_multiple_of(IDS_APART) {
            self.places.extend_from_slice(&self.at.to_le_bytes());
        }
        let len = u32::try_from(id.len()).map_err(|_| Error::usage("an id has more than 4 GiB"))?;
        out.write(&len.to_le_bytes())?;
        out.write(id)?;
        self.at += 4 + u64::from(len);
        self.number += 1;
        Ok(())
    }

    /// Writes where they stand.
    pub fn finish(self, out: &mut PagedWriter) -> Result<()> {
        out.begin(tag::ID_PLACES);
        out.write(&self.places)
    }
}

/// Both sections of ids.
pub(super) fn write_ids<'i>(out: &mut PagedWriter, mut ids: impl Iterator<Item = &'i str>) -> Result<()> {
    out.begin(tag::IDS);
    let mut writer = IdWriter::default();
    ids.try_for_each(|id| writer.push(id.as_bytes(), out))?;
    writer.finish(out)
}
