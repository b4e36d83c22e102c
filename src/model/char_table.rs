//! A function of characters whose answers are kept: filled a block of 16 characters at a time, on first use.
//!
//! So a fast path reads one entry a character, and holds by construction what the plain function says. Nothing is
//! computed for scripts that a run does not meet, and starting costs nothing: untouched parts of a table are memory
//! that was never asked for. Threads that fill a block at once write the same. Characters from U+20000 are asked anew.

use std::sync::atomic::{AtomicU32, Ordering};

use super::utf8::code_of;

const BLOCK: usize = 16;
const CHARS: usize = 0x2_0000;
/// Marks an entry that is filled; functions do not use it.
const FILLED: u32 = 1 << 31;

/// The table of one function, whose values are below 2^31.
#[derive(Debug)]
pub struct CharTable {
    of: fn(char) -> u32,
    entries: [AtomicU32; CHARS],
}

impl CharTable {
    /// A table of `of`, empty.
    pub const fn new(of: fn(char) -> u32) -> CharTable {
        CharTable { of, entries: [const { AtomicU32::new(0) }; CHARS] }
    }

    /// What the function says of `c`.
    #[inline]
    pub fn get(&self, c: char) -> u32 {
        let filled = self.entries.get(u32::from(c) as usize).map_or(0, |entry| entry.load(Ordering::Relaxed));
        if filled & FILLED != 0 { filled & !FILLED } else { self.ask(c) }
    }

    /// The same of the character with this code; what it says of codes that are no characters means nothing.
    #[inline(always)]
    pub fn get_code(&self, code: u32) -> u32 {
        let filled = self.entries.get(code as usize).map_or(0, |entry| entry.load(Ordering::Relaxed));
        if filled & FILLED != 0 { filled & !FILLED } else { self.ask(char::from_u32(code).unwrap_or_default()) }
    }

    /// What it says of the character that begins at `at` in UTF-8, and where the next does; `None` at the end.
    #[inline(always)]
    pub fn get_at(&self, text: &[u8], at: usize) -> Option<(u32, usize)> {
        let (code, len) = code_of(text.get(at..)?)?;
        Some((self.get_code(code), at + len))
    }

    #[cold]
    fn ask(&self, c: char) -> u32 {
        let start = u32::from(c) as usize / BLOCK * BLOCK;
        for (entry, code) in self.entries.get(start..start + BLOCK).into_iter().flatten().zip(start..) {
            // Surrogates are no characters; nobody asks for them.
            let value = u32::try_from(code).ok().and_then(char::from_u32).map_or(0, self.of);
            entry.store(value | FILLED, Ordering::Relaxed);
        }
        (self.of)(c)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_says_what_the_function_says() {
        static TABLE: CharTable = CharTable::new(|c| (u32::from(c) * 7) ^ 5);
        for c in ['\0', 'a', 'ÿ', 'я', '\u{ffff}', '\u{1_ffff}', '\u{2_0000}', char::MAX] {
            assert_eq!(TABLE.get(c), (u32::from(c) * 7) ^ 5);
            assert_eq!(TABLE.get(c), (TABLE.of)(c));
            assert_eq!(TABLE.get_code(u32::from(c)), (TABLE.of)(c));
            let text = format!("é{c}");
            assert_eq!(TABLE.get_at(text.as_bytes(), 2), Some(((TABLE.of)(c), text.len())));
        }
        assert_eq!(TABLE.get_at("é".as_bytes(), 2), None);
    }
}
