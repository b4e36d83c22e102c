//! Words as a reader counts them.
//!
//! Most words begin with a letter of Latin, Greek or Cyrillic or a digit: those are counted without branches, many bytes at a time, and only a piece
//! with a word that begins otherwise is walked through.

use super::{CharTable, with_simd};

/// Words of a text: what stands between white space and holds a letter or digit, but each Han or kana character by itself.
pub fn count_words(text: &str) -> u64 {
    with_simd(
        #[inline(always)]
        || {
            let (mut words, mut rest) = (0, text);
            while !rest.is_empty() {
                // A piece ends where a word does, so that pieces have nothing to do with one another.
                let end = rest.as_bytes().get(PIECE..).and_then(|tail| tail.iter().position(|b| is_space(*b)));
                let (piece, after) = end.and_then(|end| rest.split_at_checked(PIECE + end)).unwrap_or((rest, ""));
                words += plain_words(piece.as_bytes()).unwrap_or_else(|| walked_words(piece));
                rest = after;
            }
            words
        },
    )
}

/// Bytes of the shortest piece; the counts of twice as many fit in a byte.
const PIECE: usize = 128;

#[inline(always)]
fn is_space(b: u8) -> bool {
    (b == b' ') | (b.wrapping_sub(9) < 5)
}

/// Does a letter or digit begin with these two bytes? Those of ASCII, letters of Latin, Greek and Cyrillic up to U+047F and of U+1E00 to
/// U+1EFF, and Hangul.
#[inline(always)]
fn is_word(b: u8, next: u8) -> bool {
    let ascii = (b.wrapping_sub(b'0') < 10) | ((b | 0x20).wrapping_sub(b'a') < 26);
    let latin = (b == 0xC3) & (next != 0x97) & (next != 0xB7) | (b.wrapping_sub(0xC4) < 7) | (b == 0xE1) & (next.wrapping_sub(0xB8) < 4);
    let greek = (b == 0xCE) & (next >= 0x88) | (b == 0xCF) & (next != 0xB6);
    let hangul = (b == 0xEA) & (next >= 0xB0) | (b.wrapping_sub(0xEB) < 2);
    ascii | latin | greek | (b == 0xD0) | (b == 0xD1) | hangul
}

/// May white space other than that of ASCII, or a wide character, begin with these three bytes?
#[inline(always)]
fn is_untold(b: u8, next: u8, last: u8) -> bool {
    let space =
        (b == 0xC2) | (b == 0xE1) & (next == 0x9A) | (b == 0xE2) & ((last.wrapping_sub(0x80) < 11) | (last.wrapping_sub(0xA8) < 8) | (last == 0x9F));
    space | (b.wrapping_sub(0xE3) < 7) | (b == 0xEA) & (next < 0xB0) | (b >= 0xED)
}

/// Does a word begin with this byte, and does something that is not told here?
#[inline(always)]
fn look(before: u8, b: u8, next: u8, last: u8) -> (bool, bool) {
    let begins = is_space(before);
    let is_word = is_word(b, next);
    (begins & is_word, (!is_word & !is_space(b) & begins) | is_untold(b, next, last))
}

/// The same of a piece whose words all begin with such letters, and which holds nothing that is not told.
#[inline(always)]
fn plain_words(piece: &[u8]) -> Option<u64> {
    let next = piece.get(1..).filter(|next| next.len() < 2 * PIECE)?;
    let (after, last) = (piece.get(2..).unwrap_or_default(), piece.get(3..).unwrap_or_default());
    let (words, mut others) = piece.iter().zip(next).zip(after).zip(last).fold((0_u8, false), |(words, others), (((before, b), next), last)| {
        let (is_word, is_other) = look(*before, *b, *next, *last);
        (words.wrapping_add(u8::from(is_word)), others | is_other)
    });
    let mut words = u64::from(words);
    // The first byte has none before it, the last two have not all that follow.
    let at = |at: usize| piece.get(at).copied().unwrap_or(0);
    for place in [0].into_iter().chain(piece.len().saturating_sub(2).max(1)..piece.len()) {
        let before = if place == 0 { b' ' } else { at(place - 1) };
        let (is_word, is_other) = look(before, at(place), at(place + 1), at(place + 2));
        words += u64::from(is_word);
        others |= is_other;
    }
    (!others).then_some(words)
}

const SPACE: u32 = 1;
const WORD: u32 = 2;
const WIDE: u32 = 4;

static CLASSES: CharTable = CharTable::new(class_of);

fn class_of(c: char) -> u32 {
    match u32::from(c) {
        0x3040..=0x30FF | 0x3400..=0x9FFF | 0xF900..=0xFAFF | 0x2_0000..=0x3_FFFF => WIDE,
        _ if c.is_whitespace() => SPACE,
        _ if c.is_alphanumeric() => WORD,
        _ => 0,
    }
}

/// Character by character.
#[inline(never)]
fn walked_words(text: &str) -> u64 {
    let (mut words, mut within) = (0, false);
    for c in text.chars() {
        let class = CLASSES.get(c);
        let begins = class == WORD && !within;
        words += u64::from(begins | (class == WIDE));
        within = (within || begins) && class != SPACE;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Word by word.
    fn naive(text: &str) -> u64 {
        let of_run = |run: &str| {
            let wide = run.chars().filter(|c| class_of(*c) == WIDE).count() as u64;
            wide + u64::from(run.chars().any(|c| c.is_alphanumeric() && class_of(c) != WIDE))
        };
        text.split_whitespace().map(of_run).sum()
    }

    #[test]
    fn words() {
        for (text, want) in [
            ("two words — 東京 and x-ray", 6),
            ("two words - and x-ray\u{b}1", 5),
            ("", 0),
            (" ", 0),
            ("a", 1),
            ("-", 0),
            ("\"quoted\" text", 2),
            ("три слова здесь", 3),
            ("東京x都 y", 5),
            ("é × ÷ ϶ ΄ α", 2),
        ] {
            assert_eq!(count_words(text), want, "{text}");
            assert_eq!(naive(text), want, "{text}");
        }
    }

    proptest! {
        #[test]
        fn words_are_counted_as_one_by_one(text in "([ \t\u{b}\r\n.a-c1-]{0,40}|[ ’“—\u{2003}\u{2029}\u{1680}ế가힣ა।अaé]{0,60}|[ab ]{0,300}|a{0,300}|[ -ж\u{a0}\u{3000}東カa]{0,20}|[ é×÷϶΄αҀ\u{300}ʰa]{0,40}){0,3}") {
            prop_assert_eq!(count_words(&text), naive(&text));
        }
    }
}
