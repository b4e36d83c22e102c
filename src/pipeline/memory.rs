//! What each thread remembers of lines from block to block. It saves time and changes nothing.

use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicU64, Ordering},
};

use hashbrown::HashMap;

use super::notes::MOST_BYTES;
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
pub struct Memories {
    free: Mutex<Vec<Memory>>,
    /// Bytes that notes take so far.
    noted: AtomicU64,
}

impl Memories {
    /// A memory for a block of so many bytes.
    pub fn take(&self, bytes: u64) -> Memory {
        // A thread that panicked left nothing half done: a memory is pushed or popped whole.
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut memory = free.unwrap_or_else(|| Memory { lines: LineMemory::for_bytes(bytes), languages: HashMap::new() });
        if memory.languages.len() > MOST_LANGUAGES {
            memory.languages.clear();
        }
        memory
    }

    /// Takes a memory back.
    pub fn give_back(&self, memory: Memory) {
        self.free.lock().unwrap_or_else(PoisonError::into_inner).push(memory);
    }

    /// May the next block take notes of its lines?
    pub fn have_room_for_notes(&self) -> bool {
        self.noted.load(Ordering::Relaxed) < MOST_BYTES
    }

    /// A block took notes of so many bytes.
    pub fn noted(&self, bytes: u64) {
        self.noted.fetch_add(bytes, Ordering::Relaxed);
    }
}
