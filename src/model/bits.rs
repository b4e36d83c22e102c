//! A row of bits that grows at its end.

/// Bits, eight a byte.
#[derive(Clone, Debug, Default)]
pub struct Bits {
    words: Vec<u64>,
    len: usize,
}

impl Bits {
    /// Adds the next bit.
    pub fn push(&mut self, bit: bool) {
        if self.len.is_multiple_of(64) {
            self.words.push(0);
        }
        if let Some(word) = self.words.last_mut() {
            *word |= u64::from(bit) << (self.len % 64);
        }
        self.len += 1;
    }

    /// The bit at a place; false where there is none.
    pub fn get(&self, place: usize) -> bool {
        self.words.get(place / 64).is_some_and(|word| word >> (place % 64) & 1 == 1)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Is there none?
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_are_found_again() {
        let mut bits = Bits::default();
        (0..200).for_each(|i| bits.push(i % 3 == 0));
        assert!((0..200).all(|i| bits.get(i) == (i % 3 == 0)));
        assert!(!bits.get(200) && !bits.get(9999) && bits.len() == 200 && Bits::default().is_empty());
    }
}
