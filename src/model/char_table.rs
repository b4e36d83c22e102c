//! A function of characters whose answers are kept: filled a block of 256 characters at a time, on first use.
//!
//! So a fast path reads one entry a character, and holds by construction what the plain function says. Nothing is
//! computed for scripts that a run does not meet, and starting costs nothing. Characters from U+20000 are asked anew.

use std::sync::OnceLock;

const BLOCK: usize = 256;
const BLOCKS: usize = 0x2_0000 / BLOCK;

/// The table of one function.
#[derive(Debug)]
pub struct CharTable {
    of: fn(char) -> u32,
    blocks: [OnceLock<Box<[u32; BLOCK]>>; BLOCKS],
}

impl CharTable {
    /// A table of `of`, empty.
    pub const fn new(of: fn(char) -> u32) -> CharTable {
        CharTable { of, blocks: [const { OnceLock::new() }; BLOCKS] }
    }

    /// What the function says of `c`.
    #[inline]
    pub fn get(&self, c: char) -> u32 {
        let code = u32::from(c) as usize;
        match self.blocks.get(code / BLOCK) {
            Some(block) => block.get_or_init(|| self.fill(code / BLOCK)).get(code % BLOCK).copied().unwrap_or(0),
            None => (self.of)(c),
        }
    }

    #[cold]
    fn fill(&self, block: usize) -> Box<[u32; BLOCK]> {
        let mut entries = Box::new([0; BLOCK]);
        for (entry, code) in entries.iter_mut().zip(block * BLOCK..) {
            // Surrogates are no characters; nobody asks for them.
            *entry = u32::try_from(code).ok().and_then(char::from_u32).map_or(0, self.of);
        }
        entries
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_says_what_the_function_says() {
        static TABLE: CharTable = CharTable::new(|c| u32::from(c).wrapping_mul(7) ^ 5);
        for c in ['\0', 'a', 'ÿ', 'я', '\u{ffff}', '\u{1_ffff}', '\u{2_0000}', char::MAX] {
            assert_eq!(TABLE.get(c), u32::from(c).wrapping_mul(7) ^ 5);
            assert_eq!(TABLE.get(c), (TABLE.of)(c));
        }
    }
}
