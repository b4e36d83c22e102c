//! What the first read found of each block's documents, so that the second need not look again: which texts are normal
//! (a bit a document), their sums, and what follows from their lines.
//!
//! Notes stand by block and in the order of the block's documents, which both reads share; if the sources changed between
//! them, their hashes differ and the run fails. Notes of lines come to some 15 % of a crawl's text: those that
//! memory has no room for go to disk. Without them the second read would find out for itself, and nothing else would change.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, Read, Write},
    sync::{Mutex, PoisonError},
};

use super::temporary::Temporary;
use crate::{
    lines::LineNotes,
    model::{Bits, Result, give_buffer, take_buffer},
    read::ReadAt,
};

/// The notes of one block.
#[derive(Clone, Debug, Default)]
pub struct BlockNotes {
    /// For each document: is its text normal?
    pub normal: Bits,
    /// What follows from its lines.
    pub lines: LineNotes,
}

/// Where the notes of a block's lines are.
#[derive(Debug)]
enum Lines {
    Memory(LineNotes),
    Disk { start: u64, bytes: usize },
}

/// The notes of all blocks.
#[derive(Debug)]
pub struct Notes {
    blocks: Mutex<BTreeMap<usize, (Bits, Lines)>>,
    temporary: Temporary,
    file: Option<File>,
    /// Bytes that memory has room for yet.
    room: u64,
    /// Bytes that went to disk.
    pub spilled: u64,
}

impl Notes {
    /// None yet; so many bytes may stay in memory.
    pub fn new(temporary: &Temporary, room: u64) -> Notes {
        Notes { blocks: Mutex::default(), temporary: temporary.clone(), file: None, room, spilled: 0 }
    }

    /// Takes in the notes of a block.
    ///
    /// # Errors
    /// Where temporary files cannot be written.
    pub fn add(&mut self, number: usize, notes: BlockNotes) -> Result<()> {
        let bytes = notes.lines.0.len() as u64;
        let lines = if bytes <= self.room {
            self.room -= bytes;
            Lines::Memory(notes.lines)
        } else {
            // Later blocks are not to find the room that this one did not, a few bytes at a time.
            self.room = 0;
            let file = match &mut self.file {
                Some(file) => file,
                none => none.insert(self.temporary.file()?),
            };
            file.write_all(&notes.lines.0).map_err(|e| self.temporary.full(e))?;
            let start = self.spilled;
            self.spilled += bytes;
            Lines::Disk { start, bytes: notes.lines.0.len() }
        };
        self.blocks.get_mut().unwrap_or_else(PoisonError::into_inner).insert(number, (notes.normal, lines));
        Ok(())
    }

    /// Gives out the notes of a block, which are read once.
    ///
    /// # Errors
    /// Where temporary files cannot be read.
    pub fn take(&self, number: usize) -> Result<Option<BlockNotes>> {
        let found = self.blocks.lock().unwrap_or_else(PoisonError::into_inner).remove(&number);
        let Some((normal, lines)) = found else { return Ok(None) };
        let lines = match lines {
            Lines::Memory(lines) => lines,
            Lines::Disk { start, bytes } => self.read(start, bytes).map_err(|e| self.temporary.full(e))?,
        };
        Ok(Some(BlockNotes { normal, lines }))
    }

    fn read(&self, start: u64, bytes: usize) -> io::Result<LineNotes> {
        let mut notes = Vec::new();
        if let Some(file) = &self.file {
            notes = take_buffer(bytes);
            ReadAt::new(file, start).take(bytes as u64).read_to_end(&mut notes)?;
        }
        Ok(LineNotes(notes))
    }
}

impl BlockNotes {
    /// They are read.
    pub fn recycle(self) {
        give_buffer(self.lines.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_come_back_from_memory_and_disk() {
        let mut notes = Notes::new(&Temporary::of(None).unwrap(), 300);
        let bytes = |n: u8| vec![n; 100 + usize::from(n)];
        for n in [3, 1, 7, 4] {
            notes.add(n.into(), BlockNotes { normal: Bits::default(), lines: LineNotes(bytes(n)) }).unwrap();
        }
        assert_eq!(notes.spilled, 107 + 104);
        for n in [1, 7, 4, 3] {
            assert_eq!(notes.take(n.into()).unwrap().unwrap().lines.0, bytes(n));
            assert!(notes.take(n.into()).unwrap().is_none());
        }
    }
}
