//! The documents that `similar` compares: where they stand, their ids, and which of them have one set of shingles.
//!
//! Documents of equal sets are one for all that follows, so a million copies of a page are compared once. Ids (and texts, where differences are asked for) are put on
//! a shelf: the input is read once. Memory: some 130 bytes a document, and what `--memory` says.

use std::ops::Range;

use hashbrown::HashMap;

use super::super::{
    document::{Decoder, Document},
    fault::RecordFault,
    memory::Room,
    near::Comparison,
    shelf::Shelf,
    signed::{SignedBlock, SignedLine, Signer, Signing},
    temporary::Temporary,
};
use crate::{
    hash::FieldKey,
    model::{Counts, DocId, Error, Lang, Result, give_buffer},
    read::Block,
    report::Fault,
};

/// How blocks are looked at; shared by all threads.
#[derive(Debug)]
pub struct Looking<'l> {
    /// Reads records.
    pub decoder: &'l Decoder<'l>,
    /// Makes documents comparable.
    pub signing: &'l Signing,
    /// Sources before this one are the set, those from it on the other set.
    pub others_from: u32,
    /// Are texts kept?
    pub keeps_texts: bool,
}

/// A block's documents.
#[derive(Debug)]
pub struct SimilarBlock {
    number: usize,
    signed: SignedBlock<bool>,
    documents: Vec<SimilarDocument>,
    /// Ids and texts, one after the other.
    kept: Vec<u8>,
    /// Records and what could not be read.
    pub counts: Counts,
    faults: Vec<RecordFault>,
}

#[derive(Debug)]
struct SimilarDocument {
    id: DocId,
    /// Key of its set of shingles; none where it is shorter than one.
    key: Option<FieldKey>,
    /// Where its id and its text end among what is kept.
    ends: (usize, usize),
}

impl Looking<'_> {
    /// Looks at the records of a block.
    pub fn look(&self, block: &Block) -> SimilarBlock {
        let mut signer = Signer::new(self.signing, block);
        let (mut counts, mut faults) = (Counts::default(), Vec::new());
        let (mut documents, mut kept, mut set) = (Vec::new(), Vec::new(), Vec::new());
        self.decoder.each(block, None, |record| match record {
            Ok(document) => {
                counts.records += 1;
                counts.bytes += document.bytes;
                let is_other = document.id.source >= self.others_from;
                let lines = SignedLine::of_whole(document.text(), self.signing);
                let shingles = signer.document(document.id, is_other, Lang::UND, lines);
                let key = (!shingles.is_empty()).then(|| key_of(shingles, &mut set));
                documents.push(SimilarDocument { id: document.id, key, ends: self.keep(&document, &mut kept) });
            }
            Err(unreadable) => faults.push(RecordFault::of(unreadable, self.decoder, &mut counts)),
        });
        SimilarBlock { number: block.number, signed: signer.finish(), documents, kept, counts, faults }
    }

    fn keep(&self, document: &Document<'_>, kept: &mut Vec<u8>) -> (usize, usize) {
        // One that is made of the place can be made again.
        kept.extend_from_slice(document.json.as_ref().and_then(|record| record.id).unwrap_or_default().as_bytes());
        let id = kept.len();
        if self.keeps_texts {
            kept.extend_from_slice(document.text().as_bytes());
        }
        (id, kept.len())
    }
}

/// The key of a set of shingles, however often and in whatever order they stand.
fn key_of(shingles: &[u32], set: &mut Vec<u32>) -> FieldKey {
    set.clear();
    set.extend_from_slice(shingles);
    set.sort_unstable();
    set.dedup();
    let bytes: Vec<u8> = set.iter().flat_map(|hash| hash.to_le_bytes()).collect();
    FieldKey::of_text(&bytes)
}

/// A document.
#[derive(Debug)]
struct Entry {
    id: DocId,
    /// Its set of shingles, by number; [`NO_SET`] where it has none.
    set: u32,
    block: usize,
    /// Where its id and its text stand on the shelf.
    raw_id: Range<usize>,
    text_end: usize,
}

const NO_SET: u32 = u32::MAX;

/// All documents, in document order.
#[derive(Debug)]
pub struct DocumentTable {
    entries: Vec<Entry>,
    shelf: Shelf,
    /// Sets of shingles that were met, of either side, with their numbers.
    sets: HashMap<(bool, FieldKey), u32>,
    others_from: u32,
    /// The first records that could not be read.
    pub faults: Vec<Fault>,
    /// Records, their bytes, and what could not be read.
    pub counts: Counts,
}

impl DocumentTable {
    /// No document yet.
    pub fn new(temporary: &Temporary, room: Room, others_from: u32) -> DocumentTable {
        let shelf = Shelf::new(temporary, room.shingles());
        DocumentTable { entries: Vec::new(), shelf, sets: HashMap::new(), others_from, faults: Vec::new(), counts: Counts::default() }
    }

    /// Takes in the next block in order; sets of shingles that are new go to the comparison. How many records it has.
    ///
    /// # Errors
    /// Where temporary files cannot be written; more documents than there are numbers.
    pub fn take(&mut self, block: SimilarBlock, decoder: &Decoder<'_>, comparison: &mut Comparison<'_, bool>) -> Result<u64> {
        let SimilarBlock { number, signed, documents, kept, counts, faults } = block;
        let records = counts.records;
        self.counts.merge(&counts);
        faults.iter().for_each(|fault| fault.show(decoder, &mut self.faults));
        let mut is_new = vec![false; documents.len()];
        let mut start = 0;
        for (document, is_new) in documents.into_iter().zip(&mut is_new) {
            let set = match document.key {
                None => NO_SET,
                Some(key) => {
                    let next = u32::try_from(self.sets.len()).unwrap_or(NO_SET);
                    let set = *self.sets.entry((document.id.source >= self.others_from, key)).or_insert(next);
                    *is_new = set == next;
                    set
                }
            };
            let (id_end, text_end) = document.ends;
            self.entries.push(Entry { id: document.id, set, block: number, raw_id: start..id_end, text_end });
            start = text_end;
        }
        if u32::try_from(self.entries.len()).is_err() {
            return Err(Error::usage(format!("more than {} documents", u32::MAX)).hint("compare parts of them, one --against the other"));
        }
        self.shelf.add(number, kept)?;
        comparison.take(signed, |n| is_new.get(n).is_some_and(|is_new| *is_new))?;
        Ok(records)
    }

    /// Forgets what is needed only while documents come; who has which set.
    pub fn freeze(&mut self) -> Members {
        let sets = std::mem::take(&mut self.sets).len();
        let mut starts = vec![0_u32; sets + 1];
        let with_set = || self.entries.iter().zip(0_u32..).filter(|(entry, _)| entry.set != NO_SET);
        for (entry, _) in with_set() {
            if let Some(count) = starts.get_mut(entry.set as usize + 1) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        let mut next = starts.clone();
        let mut documents = vec![0; sum as usize];
        for (entry, number) in with_set() {
            let Some(place) = next.get_mut(entry.set as usize) else { continue };
            if let Some(slot) = documents.get_mut(*place as usize) {
                *slot = number;
            }
            *place += 1;
        }
        Members { starts, documents }
    }

    /// Documents of the set and of the other set, and those of both that are shorter than a shingle.
    pub fn figures(&self) -> (u64, u64, u64) {
        let set = self.entries.partition_point(|entry| entry.id.source < self.others_from);
        let short = self.entries.iter().filter(|entry| entry.set == NO_SET).count();
        (set as u64, (self.entries.len() - set) as u64, short as u64)
    }

    /// How many there are.
    pub fn len(&self) -> u32 {
        u32::try_from(self.entries.len()).unwrap_or(u32::MAX)
    }

    fn read(&self, number: u32, part: impl Fn(&Entry) -> Range<usize>) -> Result<(DocId, String)> {
        let missing = || Error::conservation("what was kept of a document is gone");
        let entry = self.entries.get(number as usize).ok_or_else(missing)?;
        let part = part(entry);
        if part.is_empty() {
            return Ok((entry.id, String::new()));
        }
        let bytes = self.shelf.read(entry.block, Some(part))?.ok_or_else(missing)?;
        let text = std::str::from_utf8(&bytes).map_err(|_| missing())?.to_owned();
        give_buffer(bytes);
        Ok((entry.id, text))
    }

    /// The place and the id, as raw JSON, of a document; an empty one where it has none of its own.
    ///
    /// # Errors
    /// Where temporary files cannot be read.
    pub fn id(&self, number: u32) -> Result<(DocId, String)> {
        self.read(number, |entry| entry.raw_id.clone())
    }

    /// The text of a document, where texts are kept.
    ///
    /// # Errors
    /// Where temporary files cannot be read.
    pub fn text(&self, number: u32) -> Result<String> {
        self.read(number, |entry| entry.raw_id.end..entry.text_end).map(|(_, text)| text)
    }

    /// Bytes that went to temporary files.
    pub fn spilled(&self) -> u64 {
        self.shelf.spilled
    }
}

/// Which documents have a set of shingles in common.
#[derive(Debug)]
pub struct Members {
    /// Where those of each set begin, and where those of the last end.
    starts: Vec<u32>,
    documents: Vec<u32>,
}

impl Members {
    /// The documents of a set of shingles, in order.
    pub fn of(&self, set: u32) -> &[u32] {
        let place = |at: usize| self.starts.get(at).map_or(0, |start| *start as usize);
        self.documents.get(place(set as usize)..place(set as usize + 1)).unwrap_or_default()
    }

    /// Sets of shingles.
    pub fn sets(&self) -> u32 {
        u32::try_from(self.starts.len().saturating_sub(1)).unwrap_or(u32::MAX)
    }
}
