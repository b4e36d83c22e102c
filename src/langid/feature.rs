//! What a model looks at in a line: every four codes in a row inside words, and each word as a whole.
//!
//! A space belongs to the word on either side of it, so four codes may begin or end a word, or be a word of two letters. In lines of more than
//! [`DENSE`] codes every second four of a word are enough. In Han, where no space parts words, it is each sign and each two in a row. A feature is
//! its key: 64 bits of which the codes can be told, but for words of more than eight.

use super::{
    words::{SPACE, Words},
    writing::Writing,
};

/// The key of what is looked at.
pub type Key = u64;

/// The most codes of a line whose every four codes are looked at: in longer ones half of them say the same (the development set: .01 points).
pub const DENSE: usize = 40;

/// What a feature weighs more where only every second four codes are looked at, as a fraction: sums are of 0.6 times as many.
pub const THIN: (i32, i32) = (7, 4);

/// Is only every second four of a word looked at?
pub fn is_thin(words: &Words) -> bool {
    words.codes().len() > DENSE && words.writing() != Writing::Han
}

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
    let step = if is_thin(words) { 2 } else { 1 };
    for word in words.iter() {
        let mut rest = word;
        while let Some(first) = rest.first_chunk() {
            look(four(*first));
            rest = rest.get(step..).unwrap_or_default();
        }
        if let (Some(first), Some(last)) = (word.first_chunk(), word.last_chunk()) {
            look(whole(four(*first), four(*last), word.len()));
        } else if let [_, letter, _] = word {
            look(whole(u64::from(*letter), 0, word.len()));
        }
    }
}

const KIND_SIGN: u64 = 1 << 62;
const KIND_PAIR: u64 = 2 << 62;

/// Four codes, the first lowest.
#[inline(always)]
fn four([a, b, c, d]: [u16; 4]) -> Key {
    u64::from(a) | u64::from(b) << 16 | u64::from(c) << 32 | u64::from(d) << 48
}

/// A word by its first four codes, its last four and its length.
#[inline(always)]
fn whole(first: Key, last: Key, len: usize) -> Key {
    (first ^ last.rotate_left(29)).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ (len as u64).wrapping_mul(0xD6E8_FEB8_6659_FD93)
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

    fn key(text: &str) -> Key {
        text.encode_utf16().zip([0, 16, 32, 48]).fold(0, |key, (code, shift)| key | u64::from(code) << shift)
    }

    #[test]
    fn four_codes_and_words() {
        let found = keys("The cats a");
        let expected = [" the", "the ", " cat", "cats", "ats "];
        assert!(expected.iter().all(|text| found.contains(&key(text))));
        assert_eq!(found.len(), expected.len() + 3);
        assert!(!found.contains(&key("he c")));
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

    #[test]
    fn long_lines_are_looked_at_by_every_second_four() {
        let long = keys(&"word ".repeat(8).repeat(2));
        assert!(long.contains(&key(" wor")) && long.contains(&key("ord ")) && !long.contains(&key("word")));
        assert_eq!(long.len(), 16 * 3);
        assert_eq!(keys(&"word ".repeat(7)).len(), 7 * 4);
    }
}
