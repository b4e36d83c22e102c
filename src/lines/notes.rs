//! What follows from a line alone, remembered from line to line and noted from read to read.
//!
//! Most lines of a crawl repeat: a [`LineMemory`] finds those without folding them again. In the second read of a block none
//! needs folding: [`LineNotes`], bytes that may go to disk between the reads, hold the facts of each line that was new to the
//! block, and for every line which of them are its own. Neither can change a result, since all that they hold follows from the line.

use super::compared_form;
use crate::{
    hash::{LineHash, LineKey, Numbers},
    model::{Kind, LineText, Stop, Tally},
};

/// What follows from a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineFacts {
    /// Its characters.
    pub chars: u32,
    /// Key of its compared form.
    pub key: LineKey,
    /// What it is by itself.
    pub measures: LineText,
}

impl LineFacts {
    /// The facts of a line; `form` is room to work in.
    pub fn of(line: &str, form: &mut Vec<u8>) -> LineFacts {
        let measures = compared_form(line, form);
        let chars = u32::try_from(line.chars().count()).unwrap_or(u32::MAX);
        LineFacts { chars, key: LineKey::of(form), measures }
    }
}

impl LineFacts {
    /// Bytes that they take as a note.
    const BYTES: usize = 29;

    fn write(&self, out: &mut Vec<u8>) {
        let LineText { weight, letters, kind, stop, starts_lower } = self.measures;
        let mut bytes = [0; Self::BYTES];
        let (key, rest) = bytes.split_at_mut(16);
        key.copy_from_slice(&self.key.0.to_le_bytes());
        for (place, number) in rest.chunks_exact_mut(4).zip([self.chars, weight, letters]) {
            place.copy_from_slice(&number.to_le_bytes());
        }
        if let Some(last) = rest.last_mut() {
            *last = kind as u8 | (stop as u8) << 2 | u8::from(starts_lower) << 4;
        }
        out.extend_from_slice(&bytes);
    }

    fn read(bytes: &[u8; Self::BYTES]) -> Option<LineFacts> {
        let mut numbers = Numbers(bytes);
        let key = LineKey(u128::from_le_bytes(numbers.take()?));
        let chars = u32::from_le_bytes(numbers.take()?);
        let weight = u32::from_le_bytes(numbers.take()?);
        let letters = u32::from_le_bytes(numbers.take()?);
        let [bits] = numbers.take()?;
        let kind = *[Kind::NoLetters, Kind::Short, Kind::Medium, Kind::Prose].get(usize::from(bits & 3))?;
        let stop = *[Stop::None, Stop::Pause, Stop::Sentence, Stop::Ellipsis].get(usize::from(bits >> 2 & 3))?;
        Some(LineFacts { chars, key, measures: LineText { weight, letters, kind, stop, starts_lower: bits >> 4 == 1 } })
    }
}

/// A line with what follows from it, in one cache line; without characters: free.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
struct Place {
    hash: LineHash,
    facts: LineFacts,
    /// The block that noted it last, and its note there.
    block: usize,
    note: u32,
}

/// Facts of lines met before, by their hash.
///
/// Each hash has one place, and the line that came last has it: memory is fixed.
#[derive(Debug, Default)]
pub struct LineMemory {
    places: Vec<Place>,
    /// Room to fold lines in.
    form: Vec<u8>,
}

impl LineMemory {
    /// A memory for text that comes in pieces of so many bytes: a place for each 32 of them, 2^15 places of 64 bytes at
    /// most. [`LineMemory::default`] remembers nothing.
    pub fn for_bytes(bytes: u64) -> LineMemory {
        let places = usize::try_from(bytes / 32).unwrap_or(usize::MAX).min(1 << 15);
        let free = Place { hash: LineHash::default(), facts: LineFacts::of("", &mut Vec::new()), block: usize::MAX, note: 0 };
        LineMemory { places: vec![free; places], form: Vec::new() }
    }

    /// The facts of a line.
    fn look_up(&mut self, line: &str, hash: LineHash) -> LineFacts {
        let place = place(&mut self.places, hash);
        if let Some(place) = &place
            && place.facts.chars != 0
            && place.hash == hash
        {
            return place.facts;
        }
        let facts = LineFacts::of(line, &mut self.form);
        if let Some(place) = place {
            *place = Place { hash, facts, block: usize::MAX, note: 0 };
        }
        facts
    }

    /// The same, and that it is the next line of the block that `taker` takes notes of.
    fn look_up_and_note(&mut self, line: &str, hash: LineHash, taker: &mut NoteTaker) -> LineFacts {
        let Some(place) = place(&mut self.places, hash) else {
            let facts = LineFacts::of(line, &mut self.form);
            let note = taker.note(&facts);
            taker.lines.push(note);
            return facts;
        };
        if place.hash != hash || place.facts.chars == 0 {
            *place = Place { hash, facts: LineFacts::of(line, &mut self.form), block: usize::MAX, note: 0 };
        }
        if place.block != taker.block {
            (place.block, place.note) = (taker.block, taker.note(&place.facts));
        }
        taker.lines.push(place.note);
        place.facts
    }
}

fn place(places: &mut [Place], hash: LineHash) -> Option<&mut Place> {
    let place = usize::try_from(hash.half() % places.len().max(1) as u64).ok()?;
    places.get_mut(place)
}

/// Takes notes of a block's lines, document by document.
#[derive(Debug)]
pub struct NoteTaker {
    block: usize,
    documents: Vec<DocumentHead>,
    /// For each line the number of its note.
    lines: Vec<u32>,
    notes: Vec<u8>,
}

impl NoteTaker {
    /// For the block of this number; no two in a read have the same.
    pub fn of_block(block: usize) -> NoteTaker {
        NoteTaker { block, documents: Vec::new(), lines: Vec::new(), notes: Vec::new() }
    }

    /// The lines that follow are another document's, which may have none.
    pub fn begin_document(&mut self) {
        self.documents.push(DocumentHead { start: number(self.lines.len()), tally: None });
    }

    /// The sums of the document just begun.
    pub fn tally(&mut self, tally: Tally) {
        if let Some(document) = self.documents.last_mut() {
            document.tally = Some(tally);
        }
    }

    fn note(&mut self, facts: &LineFacts) -> u32 {
        let note = number(self.notes.len() / LineFacts::BYTES);
        facts.write(&mut self.notes);
        note
    }

    /// The notes.
    pub fn finish(self) -> LineNotes {
        let size = HEAD + self.documents.len() * DocumentHead::BYTES + self.lines.len() * 4 + self.notes.len();
        let mut bytes = Vec::with_capacity(size);
        for number in [number(self.documents.len()), number(self.lines.len())] {
            bytes.extend_from_slice(&number.to_le_bytes());
        }
        self.documents.iter().for_each(|document| document.write(&mut bytes));
        self.lines.iter().for_each(|line| bytes.extend_from_slice(&line.to_le_bytes()));
        bytes.extend_from_slice(&self.notes);
        LineNotes(bytes)
    }
}

/// A number of a note; what a block has more of than they count is not found again, and looked at again.
fn number(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// What is noted of a document beside its lines.
#[derive(Clone, Copy, Debug)]
struct DocumentHead {
    /// How many lines of the block stand before it.
    start: u32,
    /// Its sums, where they were taken.
    tally: Option<Tally>,
}

impl DocumentHead {
    const BYTES: usize = 28;

    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.start.to_le_bytes());
        let Tally { documents, lines, chars, line_sum } = self.tally.unwrap_or_default();
        // One document's sums, or none.
        let lines = if documents == 1 { lines } else { u64::MAX };
        [lines, chars, line_sum].iter().for_each(|number| out.extend_from_slice(&number.to_le_bytes()));
    }

    fn read(bytes: &[u8]) -> Option<DocumentHead> {
        let mut numbers = Numbers(bytes);
        let start = u32::from_le_bytes(numbers.take()?);
        let [lines, chars, line_sum] = [numbers.take()?, numbers.take()?, numbers.take()?].map(u64::from_le_bytes);
        Some(DocumentHead { start, tally: (lines != u64::MAX).then_some(Tally { documents: 1, lines, chars, line_sum }) })
    }
}

/// Notes of a block's lines from its first read, for its second: the numbers of documents and lines, a head for each document, for each
/// line the number of its note, then the notes.
#[derive(Clone, Debug, Default)]
pub struct LineNotes(pub Vec<u8>);

const HEAD: usize = 8;

impl LineNotes {
    /// The notes of a document, by its number in the block.
    pub fn document(&self, document: usize) -> DocumentNotes<'_> {
        self.find(document).unwrap_or(DocumentNotes { tally: None, lines: &[], notes: &[] })
    }

    fn find(&self, document: usize) -> Option<DocumentNotes<'_>> {
        let mut numbers = Numbers(&self.0);
        let [documents, lines] = [numbers.take()?, numbers.take()?].map(|number| u32::from_le_bytes(number) as usize);
        let (heads, rest) = numbers.0.split_at_checked(documents.checked_mul(DocumentHead::BYTES)?)?;
        let (lines, notes) = rest.split_at_checked(lines.checked_mul(4)?)?;
        let head = |document: usize| DocumentHead::read(heads.get(document.checked_mul(DocumentHead::BYTES)?..)?);
        let DocumentHead { start, tally } = head(document)?;
        let end = head(document + 1).map_or(lines.len(), |next| next.start as usize * 4);
        Some(DocumentNotes { tally, lines: lines.get(start as usize * 4..end)?, notes })
    }
}

/// The notes of a document, a line at a time.
#[derive(Clone, Debug)]
pub struct DocumentNotes<'n> {
    tally: Option<Tally>,
    lines: &'n [u8],
    notes: &'n [u8],
}

impl DocumentNotes<'_> {
    /// The facts of the next line, where they were noted.
    fn next_line(&mut self) -> Option<LineFacts> {
        let (note, rest) = self.lines.split_first_chunk()?;
        self.lines = rest;
        let start = (u32::from_le_bytes(*note) as usize).checked_mul(LineFacts::BYTES)?;
        LineFacts::read(self.notes.get(start..)?.first_chunk()?)
    }
}

/// What a read does with notes.
#[derive(Debug)]
pub enum Noting<'n> {
    /// Nothing.
    Nothing,
    /// It takes them.
    Takes(&'n mut NoteTaker),
    /// It has those of an earlier read.
    Has(DocumentNotes<'n>),
}

impl Noting<'_> {
    /// The sums of the document, where an earlier read took them.
    pub fn tally(&self) -> Option<Tally> {
        if let Noting::Has(notes) = self { notes.tally } else { None }
    }

    /// The facts of the page's next line.
    pub(super) fn facts(&mut self, line: &str, hash: LineHash, memory: &mut LineMemory) -> LineFacts {
        match self {
            Noting::Takes(taker) => memory.look_up_and_note(line, hash, taker),
            Noting::Has(notes) => notes.next_line().unwrap_or_else(|| memory.look_up(line, hash)),
            Noting::Nothing => memory.look_up(line, hash),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lines::Page;

    fn tally(text: &str) -> Tally {
        Tally { documents: 1, lines: text.len() as u64, chars: 1 << 40, line_sum: u64::MAX }
    }

    #[test]
    fn neither_memory_nor_notes_change_anything() {
        // Two places for many lines: each is taken again and again.
        let mut memory = LineMemory::for_bytes(64);
        assert_eq!(memory.places.len(), 2);
        let texts = [
            "One\nTwo 2\nOne\n\nThree three\nTwo 2\nпривет\nOne\nwhat is said here, is said… and then some more.\n".repeat(5),
            String::new(),
            "Two 2\nfour".into(),
            "One".into(),
        ];
        let mut notes = Vec::new();
        for block in 0..2 {
            let mut taker = NoteTaker::of_block(block);
            for text in &texts {
                taker.begin_document();
                assert_eq!(format!("{:?}", Page::new(text, &mut memory, Noting::Takes(&mut taker))), format!("{:?}", Page::of(text)));
                if !text.is_empty() {
                    taker.tally(tally(text));
                }
            }
            assert!(taker.notes.len() > 10 * LineFacts::BYTES && taker.notes.len() < taker.lines.len() * LineFacts::BYTES);
            notes.push(taker.finish());
        }
        // In any order, without a memory; a document 4 there was not.
        for (notes, number) in notes.iter().flat_map(|notes| [2, 0, 3, 1, 4].map(|number| (notes, number))) {
            let text = texts.get(number).filter(|text| !text.is_empty()).map_or("of no document\nwith notes", String::as_str);
            let noting = Noting::Has(notes.document(number));
            assert_eq!(noting.tally(), texts.get(number).filter(|text| !text.is_empty()).map(|text| tally(text)));
            let page = Page::new(text, &mut LineMemory::default(), noting);
            assert_eq!(format!("{page:?}"), format!("{:?}", Page::of(text)), "{number}");
        }
    }

    #[test]
    fn notes_are_what_the_second_read_believes() {
        let mut taker = NoteTaker::of_block(0);
        taker.begin_document();
        Page::new("first\nsecond", &mut LineMemory::default(), Noting::Takes(&mut taker));
        taker.begin_document();
        Page::new("third", &mut LineMemory::default(), Noting::Takes(&mut taker));
        let notes = taker.finish();
        let page = Page::new("other", &mut LineMemory::default(), Noting::Has(notes.document(1)));
        assert_eq!(page.lines()[0].key, Page::of("third").lines()[0].key);
    }

    #[test]
    fn cut_notes_are_none() {
        let mut taker = NoteTaker::of_block(0);
        taker.begin_document();
        Page::new("first\nsecond", &mut LineMemory::default(), Noting::Takes(&mut taker));
        let LineNotes(bytes) = taker.finish();
        for end in 0..bytes.len() {
            let notes = LineNotes(bytes.get(..end).unwrap().to_vec());
            let page = Page::new("first\nsecond", &mut LineMemory::default(), Noting::Has(notes.document(0)));
            assert_eq!(format!("{page:?}"), format!("{:?}", Page::of("first\nsecond")), "{end}");
        }
    }
}
