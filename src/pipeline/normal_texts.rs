//! Which documents the first read found normal, so that the second need not look again: a bit a document.
//!
//! Bits stand by block and in the order of the block's documents, which both reads share; if the sources changed between
//! them, the sum of the texts' keys differs and the run fails.

use std::collections::BTreeMap;

/// The bits of one block, or of all.
#[derive(Debug, Default)]
pub struct NormalTexts {
    blocks: BTreeMap<usize, Bits>,
}

/// The bits of one block.
#[derive(Clone, Debug, Default)]
pub struct Bits {
    words: Vec<u64>,
    len: usize,
}

impl Bits {
    /// Adds the next document's bit.
    pub fn push(&mut self, normal: bool) {
        if self.len.is_multiple_of(64) {
            self.words.push(0);
        }
        if let Some(word) = self.words.last_mut() {
            *word |= u64::from(normal) << (self.len % 64);
        }
        self.len += 1;
    }

    /// The bit of a document, by its place in the block; false where there is none.
    pub fn get(&self, place: usize) -> bool {
        self.words.get(place / 64).is_some_and(|word| word >> (place % 64) & 1 == 1)
    }
}

impl NormalTexts {
    /// The bits of one block.
    pub fn of_block(number: usize, bits: Bits) -> NormalTexts {
        NormalTexts { blocks: BTreeMap::from([(number, bits)]) }
    }

    /// Takes over other blocks.
    pub fn merge(&mut self, other: NormalTexts) {
        self.blocks.extend(other.blocks);
    }

    /// The bits of a block.
    pub fn block(&self, number: usize) -> Option<&Bits> {
        self.blocks.get(&number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_are_found_again() {
        let mut bits = Bits::default();
        (0..200).for_each(|i| bits.push(i % 3 == 0));
        let mut texts = NormalTexts::of_block(7, bits);
        texts.merge(NormalTexts::of_block(2, Bits::default()));
        let bits = texts.block(7).cloned().unwrap_or_default();
        assert!((0..200).all(|i| bits.get(i) == (i % 3 == 0)));
        assert!(!bits.get(200) && !bits.get(9999) && texts.block(3).is_none() && texts.block(2).is_some_and(|b| !b.get(0)));
    }
}
