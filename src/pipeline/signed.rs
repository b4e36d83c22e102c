//! Documents made comparable: their signatures, the hashes of their shingles, and the buckets in which others may be like them.
//!
//! Blocks are signed on all threads. What they leave is put on a shelf in their order: on disk where memory has no room, some 64 bytes a document in memory.

use super::{memory::Room, shelf::Shelf, temporary::Temporary};
use crate::{
    dedup::{Banding, BucketEntry, Likenesses, LineWeight, MinHasher, ShingleSize, Shingler, Size, shingle_set},
    hash::LineHash,
    model::{DocId, Error, Kind, Lang, LineText, Result, lines},
    read::Block,
};

/// How documents are made comparable; shared by all threads.
#[derive(Clone, Debug)]
pub struct Signing {
    /// What is looked for.
    pub rules: Likenesses,
    /// How signatures are cut to bands.
    pub banding: Banding,
    size: ShingleSize,
    hasher: MinHasher,
    has_buckets: bool,
}

impl Signing {
    /// By these rules.
    pub fn new(rules: Likenesses, banding: Banding, size: ShingleSize) -> Signing {
        Signing { rules, size, banding, hasher: MinHasher::new(banding.numbers()), has_buckets: true }
    }

    /// The same without buckets: signatures and shingles alone.
    #[must_use]
    pub fn without_buckets(self) -> Signing {
        Signing { has_buckets: false, ..self }
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

impl<'l> SignedLine<'l> {
    /// The lines of a text of which none goes; they are one as they stand, but for the white space around them.
    pub fn of_whole(text: &'l str, signing: &Signing) -> impl Iterator<Item = SignedLine<'l>> {
        let covers = signing.covers();
        lines(text).map(str::trim).filter(|line| !line.is_empty()).map(move |text| {
            let found = covers.then(|| (LineHash::of(text.as_bytes()), LineText::of(text)));
            let (hash, letters, is_prose) = found.map_or_else(Default::default, |(hash, line)| (hash, line.letters, line.kind == Kind::Prose));
            SignedLine { text, hash, letters, is_prose }
        })
    }
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

    /// The next document with its lines; without any it is like no other. The hashes of its shingles, in its order, as often as they stand.
    pub fn document<'l>(&mut self, id: DocId, rank: R, lang: Lang, lines: impl Iterator<Item = SignedLine<'l>>) -> &[u32] {
        let Signing { rules, banding, hasher, has_buckets, .. } = self.signing;
        self.hashes.clear();
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
                self.block.entries.extend(bands.take_while(|_| *has_buckets));
                banding.write(&self.signature, &mut self.block.shingles);
                let at = self.block.shingles.len();
                self.block.shingles.resize(at + self.hashes.len() * 4, 0);
                let places = self.block.shingles.get_mut(at..).unwrap_or_default().as_chunks_mut().0;
                places.iter_mut().zip(&self.hashes).for_each(|(place, hash)| *place = hash.to_le_bytes());
            }
        }
        let shingles = (start, self.block.shingles.len());
        self.block.documents.push(SignedDocument { id, rank, size, shingles, entries: self.block.entries.len() });
        &self.hashes
    }

    /// The block.
    pub fn finish(self) -> SignedBlock<R> {
        self.block
    }
}

/// A document that is compared.
#[derive(Clone, Copy, Debug)]
pub struct Compared<R> {
    /// Its place.
    pub id: DocId,
    /// How much it is preferred.
    pub rank: R,
    /// Its letters.
    pub size: Size,
    block: usize,
    shingles: (usize, usize),
}

/// Documents that were compared, with their signatures and shingles.
#[derive(Debug)]
pub struct Signed<R> {
    /// In document order.
    pub documents: Vec<Compared<R>>,
    shelf: Shelf,
    signature_bytes: usize,
}

impl<R: Copy> Signed<R> {
    /// None yet.
    pub fn new(signing: &Signing, temporary: &Temporary, room: Room) -> Signed<R> {
        let Signing { rules, banding, .. } = signing;
        let signature_bytes = if rules.near.is_some() { banding.numbers() * banding.number_bytes() } else { 0 };
        Signed { documents: Vec::new(), shelf: Shelf::new(temporary, room.shingles()), signature_bytes }
    }

    /// Takes in the next block in order; `stays` says of each of its documents, by number, whether it does so far. Gives each that does with its
    /// number and its buckets to `each`.
    ///
    /// # Errors
    /// Where temporary files cannot be written.
    pub fn take(&mut self, block: SignedBlock<R>, mut stays: impl FnMut(usize) -> bool, mut each: impl FnMut(u32, &[BucketEntry])) -> Result<()> {
        let mut start = 0;
        for (n, document) in block.documents.into_iter().enumerate() {
            let own = block.entries.get(start..document.entries).unwrap_or_default();
            start = document.entries;
            if !stays(n) {
                continue;
            }
            // Documents past 2^32 are not compared: they stay.
            let Ok(number) = u32::try_from(self.documents.len()) else { continue };
            let SignedDocument { id, rank, size, shingles, .. } = document;
            self.documents.push(Compared { id, rank, size, block: block.number, shingles });
            each(number, own);
        }
        self.shelf.add(block.number, block.shingles)
    }

    /// Bytes that went to temporary files.
    pub fn spilled(&self) -> u64 {
        self.shelf.spilled
    }

    /// What was signed, for a walk in document order.
    pub fn regions(&self) -> Regions<'_, R> {
        Regions { signed: self, at: 0, block: None }
    }

    /// The signature of a document; an empty one where it is shorter than a shingle.
    ///
    /// # Errors
    /// Where temporary files cannot be read.
    pub fn signature(&self, document: &Compared<R>) -> Result<Vec<u8>> {
        let (start, end) = document.shingles;
        let bytes = self.shelf.read(document.block, Some(start..end.min(start + self.signature_bytes)))?;
        bytes.ok_or_else(|| Error::conservation("a signature that was kept is gone"))
    }

    /// Its signature, and the hashes of its shingles sorted, each once.
    ///
    /// # Errors
    /// Where temporary files cannot be read.
    pub fn region(&self, document: &Compared<R>) -> Result<(Vec<u8>, Vec<u32>)> {
        let Compared { block, shingles: (start, end), .. } = *document;
        let bytes = self.shelf.read(block, Some(start..end))?;
        let bytes = bytes.filter(|bytes| bytes.len() == end - start).ok_or_else(|| Error::conservation("shingles that were kept are gone"))?;
        let (signature, rest) = bytes.split_at(self.signature_bytes.min(bytes.len()));
        let (signature, hashes) = (signature.to_vec(), shingle_set(rest));
        crate::model::give_buffer(bytes);
        Ok((signature, hashes))
    }
}

/// Signatures and shingles in document order, read block by block.
#[derive(Debug)]
pub struct Regions<'s, R> {
    signed: &'s Signed<R>,
    at: usize,
    block: Option<(usize, Vec<u8>)>,
}

impl<R: Copy> Regions<'_, R> {
    /// Signature and hashes of shingles of a document as they were noted, if it was compared: both empty of one that is shorter than a shingle. Who is
    /// asked for comes after who was asked for before.
    ///
    /// # Errors
    /// Where temporary files cannot be read.
    pub fn of(&mut self, id: DocId) -> Result<Option<(&[u8], &[u8])>> {
        let Signed { documents, shelf, signature_bytes } = self.signed;
        let rest = documents.get(self.at..).unwrap_or_default();
        self.at += rest.iter().take_while(|document| document.id < id).count();
        let Some(Compared { block, shingles: (start, end), .. }) = documents.get(self.at).filter(|document| document.id == id) else {
            return Ok(None);
        };
        let gone = || Error::conservation("signatures that were kept are gone");
        if self.block.as_ref().is_none_or(|(number, _)| number != block) {
            let bytes = shelf.read(*block, None)?.ok_or_else(gone)?;
            if let Some((_, old)) = self.block.replace((*block, bytes)) {
                crate::model::give_buffer(old);
            }
        }
        let region = self.block.as_ref().and_then(|(_, bytes)| bytes.get(*start..*end)).ok_or_else(gone)?;
        Ok(Some(region.split_at(region.len().min(*signature_bytes))))
    }
}
