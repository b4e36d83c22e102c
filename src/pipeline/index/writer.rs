//! Writes what a run knows of its documents as an index.
//!
//! A key for each text, of documents that stay and of those that went for one that stays; a key for each residue, id, signature and shingles of
//! those that stay, in document order. Keys are sorted by partitions, as the survey's records are.

use std::path::Path;

use super::documents::{BEFORE, DOCUMENTS, IDS_APART, MOST_DOCUMENTS, Params, SHINGLES, tag};
use crate::{
    hash::{Numbers, Parted, Record},
    model::{DocId, Error, Result},
    pipeline::{StopFlag, kept::KeptDocuments, memory::Room, signed::Signed, sorter::Sorter, temporary::Temporary},
    write::{PagedWriter, Written},
};

/// The key of a text, and the document that stays for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeyedKept {
    /// The key.
    pub key: u128,
    /// The document.
    pub kept: DocId,
}

impl Record for KeyedKept {
    const BYTES: usize = 28;

    fn hash(&self) -> u64 {
        (self.key >> 64) as u64
    }

    fn absorb(&mut self, next: &KeyedKept) -> bool {
        self.key == next.key
    }

    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.key.to_le_bytes());
        out.extend_from_slice(&self.kept.source.to_le_bytes());
        out.extend_from_slice(&self.kept.position.to_le_bytes());
    }

    fn read(bytes: &[u8]) -> Option<KeyedKept> {
        let mut numbers = Numbers(bytes);
        let key = u128::from_le_bytes(numbers.take()?);
        let kept = DocId { source: u32::from_le_bytes(numbers.take()?), position: u64::from_le_bytes(numbers.take()?) };
        Some(KeyedKept { key, kept })
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
    /// Bytes that went to temporary files.
    pub spilled: u64,
}

impl<'w> DocumentIndexing<'w> {
    /// Nothing yet.
    pub fn new(place: Workplace<'w>) -> DocumentIndexing<'w> {
        DocumentIndexing { place, keys: Sorter::new(), spilled: 0 }
    }

    /// Takes in keys.
    ///
    /// # Errors
    /// Where temporary files cannot be written.
    pub fn take(&mut self, keys: &[KeyedKept]) -> Result<()> {
        self.keys.push(Parted::of(keys));
        if self.keys.held() > self.place.room.records() / 4 {
            self.spilled += self.keys.spill(self.place.pool, self.place.temporary)?;
        }
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
        let number = |id: DocId| match id.earlier_number() {
            Some(number) => Some(number | BEFORE),
            None => kept.number_of(id).and_then(|number| u32::try_from(number).ok()),
        };
        out.begin(tag::KEYS);
        let entries = |entries: &mut Vec<u8>, keyed: KeyedKept| {
            if let Some(number) = number(keyed.kept) {
                entries.extend_from_slice(&keyed.key.to_le_bytes());
                entries.extend_from_slice(&number.to_le_bytes());
            }
        };
        self.keys.fold_each(pool, room.buffers(), temporary, stop, Vec::new, entries, |part| out.write(&part))?;
        out.begin(tag::RESIDUES);
        let mut residues = Sorter::new();
        let all = (0..kept.len()).filter_map(|number| Some(KeyedKept { key: kept.residue(number)?, kept: kept.get(number)?.0 }));
        let mut some: Vec<KeyedKept> = Vec::new();
        for keyed in all.filter(|keyed| keyed.key != 0) {
            some.push(keyed);
            if some.len() == 1 << 16 {
                residues.push(Parted::of(&some));
                some.clear();
                if residues.held() > room.records() {
                    residues.spill(pool, temporary)?;
                }
            }
        }
        residues.push(Parted::of(&some));
        residues.fold_each(pool, room.buffers(), temporary, stop, Vec::new, entries, |part| out.write(&part))?;
        write_ids(&mut out, (0..kept.len()).map(|number| kept.get(number).map_or("null", |(_, id)| id)))?;
        let mut files = Vec::new();
        if let (Some(signed), Some(_)) = (signed, params.banding) {
            out.begin(tag::SIGNATURES);
            let mut shingles = PagedWriter::create(&folder.join("shingles.idx"), SHINGLES)?;
            let mut places = vec![0_u64];
            shingles.begin(tag::SHINGLES);
            for number in 0..kept.len() {
                let found = kept.get(number).map(|(id, _)| signed.of(id)).transpose()?.flatten();
                let (signature, hashes) = found.unwrap_or_default();
                let mut signature = signature;
                // A document shorter than a shingle has none: no band of it is anyone's.
                signature.resize(params.signature_bytes(), 0);
                out.write(&signature)?;
                let bytes: Vec<u8> = hashes.iter().flat_map(|hash| hash.to_le_bytes()).collect();
                shingles.write(&bytes)?;
                places.push(places.last().copied().unwrap_or(0) + bytes.len() as u64);
            }
            shingles.begin(tag::SHINGLE_PLACES);
            for place in places {
                shingles.write(&place.to_le_bytes())?;
            }
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
