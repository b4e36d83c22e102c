//! What the first read found of each block's documents, so that later ones need not look again: which texts are normal
//! (a bit a document), their sums, and what follows from their lines.
//!
//! Notes stand by block and in the order of the block's documents, which all reads share; if the sources changed between
//! them, their hashes differ and the run fails. Notes of lines come to some 15 % of a crawl's text: those that
//! memory has no room for go to disk. Without them a later read would find out for itself, and nothing else would change.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use super::{shelf::Shelf, temporary::Temporary};
use crate::{
    lines::LineNotes,
    model::{Bits, Result, give_buffer},
};

/// The notes of one block.
#[derive(Clone, Debug, Default)]
pub struct BlockNotes {
    /// For each document: is its text normal?
    pub normal: Bits,
    /// What follows from its lines.
    pub lines: LineNotes,
}

/// The notes of all blocks.
#[derive(Debug)]
pub struct Notes {
    normal: Mutex<BTreeMap<usize, Bits>>,
    lines: Shelf,
}

impl Notes {
    /// None yet; so many bytes may stay in memory.
    pub fn new(temporary: &Temporary, room: u64) -> Notes {
        Notes { normal: Mutex::default(), lines: Shelf::new(temporary, room) }
    }

    /// Takes in the notes of a block.
    ///
    /// # Errors
    /// Where temporary files cannot be written.
    pub fn add(&mut self, number: usize, notes: BlockNotes) -> Result<()> {
        self.normal.get_mut().unwrap_or_else(PoisonError::into_inner).insert(number, notes.normal);
        self.lines.add(number, notes.lines.0)
    }

    /// Bytes that went to disk.
    pub fn spilled(&self) -> u64 {
        self.lines.spilled
    }

    /// Gives out the notes of a block for the last time.
    ///
    /// # Errors
    /// Where temporary files cannot be read.
    pub fn take(&self, number: usize) -> Result<Option<BlockNotes>> {
        let normal = self.normal.lock().unwrap_or_else(PoisonError::into_inner).remove(&number);
        Ok(normal.zip(self.lines.take(number)?).map(|(normal, lines)| BlockNotes { normal, lines: LineNotes(lines) }))
    }

    /// A copy of the notes of a block, for a read that is not the last.
    ///
    /// # Errors
    /// Where temporary files cannot be read.
    pub fn read(&self, number: usize) -> Result<Option<BlockNotes>> {
        let normal = self.normal.lock().unwrap_or_else(PoisonError::into_inner).get(&number).cloned();
        Ok(normal.zip(self.lines.read(number, None)?).map(|(normal, lines)| BlockNotes { normal, lines: LineNotes(lines) }))
    }
}

impl BlockNotes {
    /// They are read.
    pub fn recycle(self) {
        give_buffer(self.lines.0);
    }
}
