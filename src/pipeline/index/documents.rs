//! The documents of earlier crawls, read from a file that may be larger than memory.
//!
//! Keys stand in order, so that a look-up reads a page or two; signatures stand in the order of documents and are read through once by a run that looks for near
//! duplicates. What is refused: other versions of the format or of the keys, and parameters that do not fit, each by name.

use std::path::{Path, PathBuf};

use crate::{
    dedup::{Banding, ShingleSize, shingle_set},
    hash::KEY_VERSION,
    model::{DocId, Error, PagedKind, Result},
    read::{PagedFile, Section, Stream},
};

/// What the file of documents is.
pub(super) const DOCUMENTS: PagedKind = PagedKind { magic: *b"BUDDLEDX", version: 1 };
/// What the file of shingles is.
pub(super) const SHINGLES: PagedKind = PagedKind { magic: *b"BUDDLESX", version: 2 };

/// Sections of the two files.
pub(super) mod tag {
    pub const PARAMS: u32 = 1;
    pub const KEYS: u32 = 2;
    pub const RESIDUES: u32 = 3;
    pub const ID_PLACES: u32 = 4;
    pub const IDS: u32 = 5;
    pub const SIGNATURES: u32 = 6;
    pub const SHINGLE_PLACES: u32 = 7;
    pub const SHINGLES: u32 = 8;
}

/// Bytes of a key with the number of its document.
pub(super) const ENTRY: u64 = 20;
/// Documents between two places of ids.
pub(super) const IDS_APART: u64 = 16;
/// A number with this bit is that of a document in the index before.
pub(super) const BEFORE: u32 = 1 << 31;
/// Documents of an index, at most.
pub(super) const MOST_DOCUMENTS: u64 = BEFORE as u64 - 1;

/// How an index was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Params {
    /// How signatures are cut to bands; none without signatures.
    pub banding: Option<Banding>,
    /// What documents are compared by.
    pub shingle: ShingleSize,
    /// The index that its numbers with [`BEFORE`] are of.
    pub before: u64,
    /// Its documents.
    pub documents: u64,
    /// The file of shingles that belongs to it; 0 for none.
    pub shingles: u64,
}

impl Params {
    const BYTES: usize = 40;

    pub(super) fn to_bytes(self) -> [u8; Params::BYTES] {
        let banding = self.banding.unwrap_or(Banding { bands: 0, rows: 0 });
        let (kind, size) = match self.shingle {
            ShingleSize::Auto => (0, 0),
            ShingleSize::Words(n) => (1, n),
            ShingleSize::Chars(n) => (2, n),
        };
        let small = |n: usize| u16::try_from(n).unwrap_or(u16::MAX).to_le_bytes();
        let mut bytes = [0; Params::BYTES];
        let fields =
            KEY_VERSION.to_le_bytes().into_iter().chain(small(banding.bands)).chain(small(banding.rows)).chain([kind, size, 0, 0, 0, 0, 0, 0]);
        let fields = fields.chain([self.before, self.documents, self.shingles].into_iter().flat_map(u64::to_le_bytes));
        bytes.iter_mut().zip(fields).for_each(|(to, from)| *to = from);
        bytes
    }

    fn from_bytes(bytes: [u8; Params::BYTES]) -> Option<(u32, Params)> {
        let [a, b, c, d, e, f, g, h, kind, size, _, _, _, _, _, _, rest @ ..] = bytes;
        let [before, documents, shingles] = *rest.as_chunks::<8>().0 else { return None };
        let banding = Banding { bands: u16::from_le_bytes([e, f]).into(), rows: u16::from_le_bytes([g, h]).into() };
        let shingle = match (kind, size) {
            (0, 0) => ShingleSize::Auto,
            (1, 1..) => ShingleSize::Words(size),
            (2, 1..) => ShingleSize::Chars(size),
            _ => return None,
        };
        let params = Params {
            banding: Some(banding).filter(|banding| banding.numbers() > 0),
            shingle,
            before: u64::from_le_bytes(before),
            documents: u64::from_le_bytes(documents),
            shingles: u64::from_le_bytes(shingles),
        };
        Some((u32::from_le_bytes([a, b, c, d]), params))
    }

    /// Bytes of a signature.
    pub fn signature_bytes(&self) -> usize {
        self.banding.map_or(0, |banding| banding.numbers() * banding.number_bytes())
    }
}

/// Documents of earlier crawls.
#[derive(Debug)]
pub struct DocumentIndex {
    file: PagedFile,
    shingles: Option<PagedFile>,
    /// How it was made.
    pub params: Params,
    keys: Section,
    residues: Section,
    id_places: Section,
    ids: Section,
    signatures: Section,
}

impl DocumentIndex {
    /// The file of documents in an index folder or a washed folder.
    pub fn path_in(folder: &Path) -> PathBuf {
        let inner = folder.join("index/documents.idx");
        if inner.exists() { inner } else { folder.join("documents.idx") }
    }

    /// Opens the index of a folder; `None` where it holds none.
    ///
    /// # Errors
    /// What cannot be read; files of other kinds or versions, cut or damaged ones.
    pub fn open(folder: &Path) -> Result<Option<DocumentIndex>> {
        let path = DocumentIndex::path_in(folder);
        if !path.exists() {
            return Ok(None);
        }
        let hint = "wash the earlier crawl again, or build the index again";
        let file = PagedFile::open(&path, DOCUMENTS, "document index", hint)?;
        let damaged = || Error::corrupt("the document index is damaged").at(path.display()).hint(hint);
        let params = file.stream(file.section(tag::PARAMS)).take()?.and_then(Params::from_bytes).ok_or_else(damaged)?;
        let (version, params) = params;
        if version != KEY_VERSION {
            let what = format!("the document index has keys of version {version}; this buddle reads {KEY_VERSION}");
            return Err(Error::corrupt(what).at(path.display()).hint(hint));
        }
        let beside = path.with_file_name("shingles.idx");
        let shingles = (params.shingles != 0).then(|| PagedFile::open(&beside, SHINGLES, "index of shingles", hint)).transpose()?;
        let section = |tag| file.section(tag);
        let (keys, residues) = (section(tag::KEYS), section(tag::RESIDUES));
        let (id_places, ids, signatures) = (section(tag::ID_PLACES), section(tag::IDS), section(tag::SIGNATURES));
        let fits = keys.len % ENTRY == 0
            && residues.len % ENTRY == 0
            && params.documents <= MOST_DOCUMENTS
            && id_places.len == params.documents.div_ceil(IDS_APART) * 8
            && signatures.len == params.documents * params.signature_bytes() as u64;
        if !fits {
            return Err(damaged());
        }
        if let Some(shingles) = &shingles
            && (shingles.section(tag::SHINGLE_PLACES).len, shingles.identity) != ((params.documents + 1) * 8, params.shingles)
        {
            return Err(Error::corrupt("the index of shingles is of another document index").at(beside.display()).hint(hint));
        }
        Ok(Some(DocumentIndex { keys, residues, id_places, ids, signatures, file, shingles, params }))
    }

    /// Its file of documents.
    pub fn path(&self) -> &Path {
        self.file.path()
    }

    /// Tells it from other indexes.
    pub fn identity(&self) -> u64 {
        self.file.identity
    }

    /// The document that stays for a text.
    ///
    /// # Errors
    /// Damaged pages.
    pub fn with_text(&self, key: u128) -> Result<Option<DocId>> {
        self.find(self.keys, key)
    }

    /// The document that has this residue.
    ///
    /// # Errors
    /// Damaged pages.
    pub fn with_residue(&self, key: u128) -> Result<Option<DocId>> {
        self.find(self.residues, key)
    }

    fn find(&self, section: Section, key: u128) -> Result<Option<DocId>> {
        let high = |entry: &[u8; ENTRY as usize]| (key_of(entry) >> 64) as u64;
        let found = self.file.find(section, (key >> 64) as u64, high, |entry| key_of(entry).cmp(&key))?;
        Ok(found.as_ref().and_then(number_of).and_then(earlier))
    }

    /// The id of a document by its number, as raw JSON.
    ///
    /// # Errors
    /// Damaged pages; a document that the index does not have.
    pub fn raw_id(&self, document: DocId) -> Result<String> {
        let damaged = || Error::corrupt("the document index is damaged").at(self.file.path().display());
        let number = document.position.checked_sub(1).filter(|number| *number < self.params.documents).ok_or_else(damaged)?;
        let place = self.file.read(self.id_places, number / IDS_APART * 8, 8)?;
        let mut at = u64::from_le_bytes(place.try_into().map_err(|_| damaged())?);
        for _ in 0..number % IDS_APART {
            at += 4 + u64::from(self.id_len(at)?);
        }
        let len = self.id_len(at)?;
        let bytes = self.file.read(self.ids, at + 4, len as usize)?;
        String::from_utf8(bytes).map_err(|_| damaged())
    }

    fn id_len(&self, at: u64) -> Result<u32> {
        let bytes = self.file.read(self.ids, at, 4)?;
        Ok(bytes.first_chunk().map_or(0, |bytes| u32::from_le_bytes(*bytes)))
    }

    /// All signatures, in the order of documents.
    pub fn signatures(&self) -> Stream<'_> {
        self.file.stream(self.signatures)
    }

    /// The hashes of a document's shingles, sorted, each once; `None` where the index holds none.
    ///
    /// # Errors
    /// Damaged pages.
    pub fn shingles(&self, number: u32) -> Result<Option<Vec<u32>>> {
        let Some(file) = &self.shingles else { return Ok(None) };
        let damaged = || Error::corrupt("the index of shingles is damaged").at(file.path().display());
        let places = file.read(file.section(tag::SHINGLE_PLACES), u64::from(number) * 8, 16)?;
        let [start, end] = *places.as_chunks().0 else { return Err(damaged()) };
        let [start, end] = [start, end].map(u64::from_le_bytes);
        let len = end.checked_sub(start).and_then(|len| usize::try_from(len).ok()).ok_or_else(damaged)?;
        let bytes = file.read(file.section(tag::SHINGLES), start, len)?;
        Ok(Some(shingle_set(&bytes)))
    }

    /// Can near duplicates be verified by it?
    pub fn has_shingles(&self) -> bool {
        self.shingles.is_some() && self.params.banding.is_some()
    }

    /// Its files.
    pub(super) fn files(&self) -> (&PagedFile, Option<&PagedFile>) {
        (&self.file, self.shingles.as_ref())
    }

    /// Bytes of its files.
    pub fn bytes(&self) -> u64 {
        self.file.bytes() + self.shingles.as_ref().map_or(0, PagedFile::bytes)
    }

    /// Looks at every page.
    ///
    /// # Errors
    /// Damaged pages.
    pub fn check(&self) -> Result<()> {
        self.file.check()?;
        self.shingles.as_ref().map_or(Ok(()), PagedFile::check)
    }
}

pub(super) fn key_of(entry: &[u8; ENTRY as usize]) -> u128 {
    entry.first_chunk().map_or(0, |key| u128::from_le_bytes(*key))
}

/// The number of an entry; none where it is of the index before.
pub(super) fn number_of(entry: &[u8; ENTRY as usize]) -> Option<u32> {
    let number = entry.last_chunk().map_or(0, |number| u32::from_le_bytes(*number));
    (number & BEFORE == 0).then_some(number)
}

fn earlier(number: u32) -> Option<DocId> {
    Some(DocId::earlier(number))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{pipeline::index::writer::write_ids, write::PagedWriter};
    use proptest::prelude::*;

    /// An index of keys and ids alone.
    fn index(folder: &Path, keys: &[u128], ids: &[String]) -> DocumentIndex {
        let mut out = PagedWriter::create(&folder.join("documents.idx"), DOCUMENTS).unwrap();
        out.begin(tag::KEYS);
        for (key, number) in keys.iter().zip(0_u32..) {
            out.write(&key.to_le_bytes()).unwrap();
            out.write(&(number % ids.len().max(1) as u32).to_le_bytes()).unwrap();
        }
        write_ids(&mut out, ids.iter().map(String::as_str)).unwrap();
        out.begin(tag::PARAMS);
        let params = Params { banding: None, shingle: ShingleSize::Words(3), before: 7, documents: ids.len() as u64, shingles: 0 };
        out.write(&params.to_bytes()).unwrap();
        out.finish().unwrap();
        let index = DocumentIndex::open(folder).unwrap().unwrap();
        assert_eq!(index.params, params);
        index
    }

    #[test]
    fn ids_are_found_by_number() {
        let folder = tempfile::tempdir().unwrap();
        let ids: Vec<String> = (0..100).map(|n| format!("\"{}\"", "x".repeat(n * 37 % 300))).collect();
        let index = index(folder.path(), &[], &ids);
        for (id, number) in ids.iter().zip(0..) {
            assert_eq!(&index.raw_id(DocId::earlier(number)).unwrap(), id);
        }
        assert!(index.raw_id(DocId::earlier(100)).is_err());
    }

    #[test]
    fn keys_that_are_not_spread_are_found_too() {
        // All at one end, and so many that they take pages.
        let folder = tempfile::tempdir().unwrap();
        let keys: Vec<u128> = (0..5000).map(|n| n * n).chain((0..3000).map(|n| u128::MAX - 9000 + n * 3)).collect();
        let index = index(folder.path(), &keys, &vec!["1".into(); 8000]);
        for (key, number) in keys.iter().zip(0..).step_by(97) {
            assert_eq!(index.with_text(*key).unwrap(), Some(DocId::earlier(number)), "{key}");
            assert_eq!(index.with_text(*key + 2).unwrap().is_some(), keys.contains(&(*key + 2)));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(12))]
        #[test]
        fn what_is_there_is_found(mut keys in prop::collection::vec(any::<u128>(), 0..4000), asked: Vec<u128>) {
            keys.sort_unstable();
            keys.dedup();
            let folder = tempfile::tempdir().unwrap();
            let index = index(folder.path(), &keys, &vec!["1".into(); keys.len()]);
            for (key, number) in keys.iter().zip(0..) {
                prop_assert_eq!(index.with_text(*key).unwrap(), Some(DocId::earlier(number)));
            }
            for key in &asked {
                prop_assert_eq!(index.with_text(*key).unwrap().is_some(), keys.contains(key));
            }
        }
    }
}
