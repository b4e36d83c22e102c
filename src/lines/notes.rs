//! What follows from a line alone, remembered from line to line and noted from read to read.
//!
//! Most lines of a crawl repeat: a [`LineMemory`] finds those without folding them again. The others are the same in
//! every read of a block: [`LineNotes`] hands them on. Neither can change a result, since all that they hold
//! follows from the line.

use super::compared_form;
use crate::{
    hash::{LineHash, LineKey},
    model::{Bits, LineText},
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

/// A line with what follows from it, in one cache line; without characters: free.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
struct Place {
    hash: LineHash,
    facts: LineFacts,
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
        let free = Place { hash: LineHash::default(), facts: LineFacts::of("", &mut Vec::new()) };
        LineMemory { places: vec![free; places], form: Vec::new() }
    }

    /// The facts of a line, and whether they were remembered.
    pub(super) fn look_up(&mut self, line: &str, hash: LineHash) -> (LineFacts, bool) {
        if let Some(place) = self.place(hash)
            && place.facts.chars != 0
            && place.hash == hash
        {
            return (place.facts, true);
        }
        let facts = LineFacts::of(line, &mut self.form);
        self.put(hash, facts);
        (facts, false)
    }

    /// Remembers a line.
    pub(super) fn put(&mut self, hash: LineHash, facts: LineFacts) {
        if let Some(place) = self.place(hash) {
            *place = Place { hash, facts };
        }
    }

    fn place(&mut self, hash: LineHash) -> Option<&mut Place> {
        let place = usize::try_from(hash.half() % self.places.len().max(1) as u64).ok()?;
        self.places.get_mut(place)
    }
}

/// Facts of a block's lines that were not remembered in its first read, for its second.
#[derive(Clone, Debug, Default)]
pub struct LineNotes {
    /// For each line: is there a note of it?
    noted: Bits,
    notes: Vec<LineFacts>,
    /// For each document the first of its lines and of its notes.
    documents: Vec<(usize, usize)>,
}

impl LineNotes {
    /// The lines that follow are another document's, which may have none.
    pub fn begin_document(&mut self) {
        self.documents.push((self.noted.len(), self.notes.len()));
    }

    /// The next line of the document; its facts where they were not remembered.
    pub(super) fn push(&mut self, note: Option<LineFacts>) {
        self.noted.push(note.is_some());
        self.notes.extend(note);
    }

    /// The notes of a document, by its number in the block.
    pub fn document(&self, number: usize) -> DocumentNotes<'_> {
        let (line, note) = self.documents.get(number).copied().unwrap_or((usize::MAX, usize::MAX));
        let end = self.documents.get(number + 1).map_or(self.noted.len(), |(line, _)| *line);
        DocumentNotes { notes: self, line, end, note }
    }

    /// Gives back what room is left over: the block is read. The bytes that they take now.
    pub fn close(&mut self) -> u64 {
        self.notes.shrink_to_fit();
        self.documents.shrink_to_fit();
        (self.notes.len() * size_of::<LineFacts>() + self.documents.len() * size_of::<(usize, usize)>() + self.noted.len() / 8) as u64
    }
}

/// The notes of a document, a line at a time.
#[derive(Clone, Debug)]
pub struct DocumentNotes<'n> {
    notes: &'n LineNotes,
    line: usize,
    end: usize,
    note: usize,
}

impl DocumentNotes<'_> {
    /// The facts of the next line, where they were noted.
    fn next_line(&mut self) -> Option<LineFacts> {
        let noted = self.line < self.end && self.notes.noted.get(self.line);
        self.line = self.line.saturating_add(1);
        let facts = noted.then(|| self.notes.notes.get(self.note))?;
        self.note += 1;
        facts.copied()
    }
}

/// What a read does with notes.
#[derive(Debug)]
pub enum Noting<'n> {
    /// Nothing.
    Nothing,
    /// It takes them.
    Takes(&'n mut LineNotes),
    /// It has those of an earlier read.
    Has(DocumentNotes<'n>),
}

impl Noting<'_> {
    /// The facts of the page's next line.
    pub(super) fn facts(&mut self, line: &str, hash: LineHash, memory: &mut LineMemory) -> LineFacts {
        if let Noting::Has(notes) = self
            && let Some(facts) = notes.next_line()
        {
            memory.put(hash, facts);
            return facts;
        }
        let (facts, remembered) = memory.look_up(line, hash);
        if let Noting::Takes(notes) = self {
            notes.push((!remembered).then_some(facts));
        }
        facts
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lines::Page;

    #[test]
    fn neither_memory_nor_notes_change_anything() {
        // Two places for many lines: each is taken again and again.
        let mut memory = LineMemory::for_bytes(64);
        assert_eq!(memory.places.len(), 2);
        let texts = ["One\nTwo 2\nOne\n\nThree three\nTwo 2\nпривет\nOne\n".repeat(5), String::new(), "Two 2\nfour".into(), "One".into()];
        let mut notes = LineNotes::default();
        for text in &texts {
            notes.begin_document();
            assert_eq!(format!("{:?}", Page::new(text, &mut memory, Noting::Takes(&mut notes))), format!("{:?}", Page::of(text)));
        }
        assert!(notes.notes.len() > 10 && notes.notes.len() < notes.noted.len());
        assert!(notes.close() >= 32 * notes.notes.len() as u64);
        // In any order, with another memory; of document 1 no line was noted, and a document 4 there was not.
        let mut memory = LineMemory::for_bytes(96);
        for number in [2, 0, 3, 1, 4] {
            let text = texts.get(number).filter(|text| !text.is_empty()).map_or("of no document\nwith notes", String::as_str);
            let page = Page::new(text, &mut memory, Noting::Has(notes.document(number)));
            assert_eq!(format!("{page:?}"), format!("{:?}", Page::of(text)), "{number}");
        }
    }

    #[test]
    fn notes_are_what_the_second_read_believes() {
        let mut notes = LineNotes::default();
        notes.begin_document();
        Page::new("first\nsecond", &mut LineMemory::default(), Noting::Takes(&mut notes));
        notes.begin_document();
        Page::new("third", &mut LineMemory::default(), Noting::Takes(&mut notes));
        let page = Page::new("other", &mut LineMemory::default(), Noting::Has(notes.document(1)));
        assert_eq!(page.lines()[0].key, Page::of("third").lines()[0].key);
    }
}
