//! What a model looks at in a line: every four codes in a row inside words, and each word as a whole.
//!
//! A space belongs to the word on either side of it, so four codes may begin or end a word, or be a word of two letters. In Han, where no space
//! parts words, it is each sign and each two in a row. A feature is its key: 64 bits of which the codes can be told, but for words of more than eight.

use super::{
    words::{SPACE, Words},
    writing::Writing,
};

/// The key of what is looked at.
pub type Key = u64;

/// Calls `look` for the key of each feature of the words, in order.
#[inline(always)]
pub fn features(words: &Words, mut look: impl FnMut(Key)) {
    if words.writing() == Writing::Han {
        let mut before = SPACE;
        for code in words.codes().iter().filter(|code| **code != SPACE) {
            look(KIND_SIGN | u64::from(*code));
            look(KIND_PAIR | u64::from(before) << 16 | u64::from(*code));
            before = *code;
        }
        return;
    }
    let (mut last, mut first, mut len) = (0, 0, 0_u64);
    for code in words.codes() {
        last = last >> 16 | u64::from(*code) << 48;
        len += 1;
        if len >= 4 {
            if len == 4 {
                first = last;
            }
            look(last);
        }
        if *code == SPACE {
            // The space that a word begins with was the end of the one before.
            if len > 1 {
                look(word(if len >= 4 { first } else { last >> (64 - 16 * len) }, last, len));
            }
            (len, last) = (1, u64::from(SPACE) << 48);
        }
    }
}

const KIND_SIGN: u64 = 1 << 62;
const KIND_PAIR: u64 = 2 << 62;

/// A word by its first four codes, its last four and its length.
#[inline(always)]
fn word(first: u64, last: u64, len: u64) -> Key {
    (first ^ last.rotate_left(29)).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ len.wrapping_mul(0xD6E8_FEB8_6659_FD93)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn keys(line: &str) -> Vec<Key> {
        let mut keys = Vec::new();
        if let Some(words) = Words::of(line) {
            features(&words, |key| keys.push(key));
        }
        keys
    }

    fn four(text: &str) -> Key {
        text.encode_utf16().zip([0, 16, 32, 48]).fold(0, |key, (code, shift)| key | u64::from(code) << shift)
    }

    #[test]
    fn four_codes_and_words() {
        let found = keys("The cats a");
        let expected = [" the", "the ", " cat", "cats", "ats "];
        assert!(expected.iter().all(|text| found.contains(&four(text))));
        assert_eq!(found.len(), expected.len() + 3);
        assert!(!found.contains(&four("he c")));
    }

    #[test]
    fn a_word_has_one_key_wherever_it_stands() {
        let distinct: BTreeSet<_> = keys("ab abc abcd abcde abcdef abcdefg").into_iter().collect();
        let again: BTreeSet<_> = keys("abcdefg ab abcde abc abcd abcdef").into_iter().collect();
        assert_eq!(distinct, again);
        // Four codes of one, three of ..., and six words; ` abc`, `abcd` and so on are shared.
        assert_eq!(distinct.len(), [" ab ", " abc", "abc ", "abcd", "bcd ", "bcde", "cde ", "cdef", "def ", "defg", "efg "].len() + 6);
    }

    #[test]
    fn signs_of_han_are_alone_and_in_pairs() {
        assert_eq!(keys("漢字 文").len(), 6);
    }
}
