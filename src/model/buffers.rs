//! Large buffers that go round: blocks, rows and frames are some MiB each and come and go all the time.
//!
//! A system's allocator gives such pieces back to the kernel and gets them again page by page, or leaves holes of their size between
//! smaller ones. Here they are kept: process-wide, since they go from thread to thread and from layer to layer.

use std::sync::{Mutex, PoisonError};

/// Buffers that are kept; more are freed.
const MOST: usize = 16;
/// Bytes of a buffer that is kept.
const KEPT: std::ops::RangeInclusive<usize> = (64 << 10)..=(3 << 20);

static FREE: Mutex<Vec<Vec<u8>>> = Mutex::new(Vec::new());

/// An empty buffer with room for so many bytes.
pub fn take_buffer(bytes: usize) -> Vec<u8> {
    let mut buffer = FREE.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default();
    buffer.reserve_exact(bytes);
    buffer
}

/// Takes a buffer that is not needed any more.
pub fn give_buffer(mut buffer: Vec<u8>) {
    if KEPT.contains(&buffer.capacity()) {
        buffer.clear();
        let mut free = FREE.lock().unwrap_or_else(PoisonError::into_inner);
        if free.len() < MOST {
            free.push(buffer);
        }
    }
}
