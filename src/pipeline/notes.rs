//! What the first read found of each block's documents, so that the second need not look again: which texts are normal
//! (a bit a document), and what follows from lines that no thread remembered.
//!
//! Notes stand by block and in the order of the block's documents, which both reads share; if the sources changed between
//! them, the sum of the texts' keys differs and the run fails. Notes of lines are taken while memory has room for them (they come
//! to 5 % of a crawl's text); without them the second read finds out for itself, and nothing else changes.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use crate::{lines::LineNotes, model::Bits};

/// The notes of one block.
#[derive(Clone, Debug, Default)]
pub struct BlockNotes {
    /// For each document: is its text normal?
    pub normal: Bits,
    /// What follows from its lines.
    pub lines: LineNotes,
}

/// The notes of all blocks.
#[derive(Debug, Default)]
pub struct Notes {
    blocks: Mutex<BTreeMap<usize, BlockNotes>>,
}

impl Notes {
    /// Takes in the notes of a block.
    pub fn add(&mut self, number: usize, notes: BlockNotes) {
        self.blocks.get_mut().unwrap_or_else(PoisonError::into_inner).insert(number, notes);
    }

    /// Gives out the notes of a block, which are read once.
    pub fn take(&self, number: usize) -> Option<BlockNotes> {
        self.blocks.lock().unwrap_or_else(PoisonError::into_inner).remove(&number)
    }
}
