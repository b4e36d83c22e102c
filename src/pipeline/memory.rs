//! What a run may hold in memory, and what each thread remembers of lines from block to block. Neither changes a byte of the output.

use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicU64, Ordering},
};

use hashbrown::HashMap;

use super::{clock::thread_seconds, index::LineCache};
use crate::{
    hash::LineHash,
    lines::LineMemory,
    model::{Error, LineLanguage, Result},
};

/// The least memory that `clean` works with.
pub const LEAST_CLEAN_MEMORY: u64 = 32 << 20;

/// How the memory that a run may take is shared out. Blocks under way (some 5 MiB a thread), and what is kept of sites, of lines
/// that repeat and of documents that stay, come on top.
#[derive(Clone, Copy, Debug)]
pub struct Room(u64);

impl Room {
    /// The room of so many bytes.
    ///
    /// # Errors
    /// Usage: too few.
    pub fn of(memory: u64) -> Result<Room> {
        if memory < LEAST_CLEAN_MEMORY {
            let what = format!("{memory} bytes of memory are too little");
            return Err(Error::usage(what).hint(format!("--memory {}M or more", LEAST_CLEAN_MEMORY >> 20)));
        }
        Ok(Room(memory))
    }

    /// Bytes that the survey may collect before they are sorted and go to disk. One partition may hold all of them, and its sort is a copy.
    pub fn records(self) -> usize {
        usize::try_from(self.0 / 4).unwrap_or(usize::MAX)
    }

    /// Bytes of shingles that need not go to disk.
    pub fn shingles(self) -> u64 {
        self.0 / 8
    }

    /// Bytes of buffers for what comes back from disk.
    pub fn buffers(self) -> usize {
        usize::try_from(self.0 / 16).unwrap_or(usize::MAX)
    }

    /// Blocks that may be under way on so many threads.
    pub fn blocks(self, threads: usize) -> u64 {
        let spare = if self.0 < 128 << 20 { 1 } else { threads + 1 };
        (threads + spare) as u64
    }

    /// Bytes of notes from the first read for the second that need not go to disk.
    pub fn notes(self) -> u64 {
        self.0 / 16
    }
}

/// Lines whose language is remembered, at most (and a page more): 10 MiB a thread.
const MOST_LANGUAGES: usize = 1 << 17;

/// The memory of one thread.
#[derive(Debug)]
pub struct Memory {
    /// Keys and measures.
    pub lines: LineMemory,
    /// Languages.
    pub languages: HashMap<LineHash, LineLanguage>,
    /// Lines of earlier crawls, where pages are judged by them alone.
    pub earlier_lines: LineCache,
}

/// The memories that no block has at the moment: as many as there are threads.
#[derive(Debug, Default)]
pub struct Memories {
    free: Mutex<Vec<Memory>>,
    /// Microseconds of CPU that languages took.
    languages: AtomicU64,
    /// Pages whose languages were told.
    pages: AtomicU64,
}

/// The clock of a thread is a call of the system: past so many pages one of so many is measured.
const MEASURED: u64 = 256;
const APART: u64 = 16;

impl Memories {
    /// A memory for a block of so many bytes.
    pub fn take(&self, bytes: u64) -> Memory {
        // A thread that panicked left nothing half done: a memory is pushed or popped whole.
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut memory =
            free.unwrap_or_else(|| Memory { lines: LineMemory::for_bytes(bytes), languages: HashMap::new(), earlier_lines: LineCache::default() });
        if memory.languages.len() > MOST_LANGUAGES {
            memory.languages.clear();
        }
        memory
    }

    /// Runs what tells languages, and counts its CPU.
    pub fn telling_languages<R>(&self, work: impl FnOnce() -> R) -> R {
        let number = self.pages.fetch_add(1, Ordering::Relaxed);
        let stands_for = if number < MEASURED { 1 } else { APART };
        if !number.is_multiple_of(stands_for) {
            return work();
        }
        let before = thread_seconds();
        let done = work();
        // Microseconds of one page; for sums of less than ages.
        self.languages.fetch_add(((thread_seconds() - before) * 1e6) as u64 * stands_for, Ordering::Relaxed);
        done
    }

    /// CPU seconds that languages took.
    pub fn language_seconds(&self) -> f64 {
        self.languages.load(Ordering::Relaxed) as f64 / 1e6
    }

    /// Takes a memory back.
    pub fn give_back(&self, memory: Memory) {
        self.free.lock().unwrap_or_else(PoisonError::into_inner).push(memory);
    }
}
