//! What each thread remembers of lines from block to block. It saves time and changes nothing.

use std::sync::{Mutex, PoisonError};

use hashbrown::HashMap;

use crate::{hash::LineHash, lines::LineMemory, model::LineLanguage};

/// Lines whose language is remembered, at most (and a page more): 10 MiB a thread.
const MOST_LANGUAGES: usize = 1 << 17;

/// The memory of one thread.
#[derive(Debug)]
pub struct Memory {
    /// Keys and measures.
    pub lines: LineMemory,
    /// Languages.
    pub languages: HashMap<LineHash, LineLanguage>,
}

/// The memories that no block has at the moment: as many as there are threads.
#[derive(Debug, Default)]
pub struct Memories(Mutex<Vec<Memory>>);

impl Memories {
    /// A memory for a block of so many bytes.
    pub fn take(&self, bytes: u64) -> Memory {
        // A thread that panicked left nothing half done: a memory is pushed or popped whole.
        let free = self.0.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut memory = free.unwrap_or_else(|| Memory { lines: LineMemory::for_bytes(bytes), languages: HashMap::new() });
        if memory.languages.len() > MOST_LANGUAGES {
            memory.languages.clear();
        }
        memory
    }

    /// Takes a memory back.
    pub fn give_back(&self, memory: Memory) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(memory);
    }
}
