//! Words as a reader counts them, and as fast as they can be told apart roughly.

use super::with_simd;

/// Words of a text: what stands between white space and holds a letter or digit, but each Han or kana character by itself.
pub fn count_words(text: &str) -> u64 {
    let of_run = |run: &str| {
        let wide = run.chars().filter(|c| is_wide(*c)).count() as u64;
        wide + u64::from(run.chars().any(|c| c.is_alphanumeric() && !is_wide(c)))
    };
    text.split_whitespace().map(of_run).sum()
}

fn is_wide(c: char) -> bool {
    matches!(u32::from(c), 0x3040..=0x30FF | 0x3400..=0x9FFF | 0xF900..=0xFAFF | 0x2_0000..=0x3_FFFF)
}

/// Bytes whose counts fit in a byte.
const CHUNK: usize = 192;

/// Roughly the same at ten times the speed, for sizes of many texts: what begins after white space of ASCII counts, if it is but a
/// dash, and so does each character from U+3040 to U+9FFF.
pub fn rough_words(text: &str) -> u64 {
    let bytes = text.as_bytes();
    let (Some(first), Some(next)) = (bytes.first(), bytes.get(1..)) else { return 0 };
    let last = bytes.last().copied().unwrap_or(0);
    // A character does not end a text with the first of its bytes, so what stands behind the end says nothing.
    let (begin, end) = (look(b' ', *first, next.first().copied().unwrap_or(0)), bytes.len() > 1);
    let end = if end { look(bytes.get(bytes.len() - 2).copied().unwrap_or(0), last, 0) } else { 0 };
    let after = next.get(1..).unwrap_or_default();
    let inner = with_simd(
        #[inline(always)]
        || {
            let mut words = 0;
            for ((before, next), after) in bytes.chunks(CHUNK).zip(next.chunks(CHUNK)).zip(after.chunks(CHUNK)) {
                let mut of_chunk = 0_u8;
                for ((before, b), after) in before.iter().zip(next).zip(after) {
                    of_chunk = of_chunk.wrapping_add(look(*before, *b, *after));
                }
                words += u64::from(of_chunk);
            }
            words
        },
    );
    inner + u64::from(begin) + u64::from(end)
}

/// Does a word begin with this byte?
#[inline(always)]
fn look(before: u8, b: u8, after: u8) -> u8 {
    let is_space = |b: u8| (b == b' ') | (b.wrapping_sub(9) < 5);
    let is_east = b.wrapping_sub(0xE3) < 7;
    let is_wide = is_east & ((b != 0xE3) | (after >= 0x81));
    u8::from(is_space(before) & !is_space(b) & !is_east | is_wide)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn words() {
        for (text, exact, rough) in [
            ("two words — 東京 and x-ray", 6, 7),
            ("two words and x-ray\u{b}1", 5, 5),
            ("", 0, 0),
            (" ", 0, 0),
            ("a", 1, 1),
            ("東", 1, 1),
            ("\"quoted\" text ", 2, 2),
            ("три слова здесь", 3, 3),
            ("東京x都 y", 5, 4),
        ] {
            assert_eq!((count_words(text), rough_words(text)), (exact, rough), "{text}");
        }
    }

    proptest! {
        #[test]
        fn rough_words_are_what_they_say(text in "([ \t\r\n.a-c1-]{0,40}|[ab ]{0,500}|[ -ж\u{a0}\u{3000}東カa]{0,20}){0,3}") {
            let mut before = ' ';
            let mut naive = 0;
            for c in text.chars() {
                let is_space = |c: char| c == ' ' || ('\t'..='\r').contains(&c);
                let east = ('\u{3000}'..='\u{9fff}').contains(&c);
                naive += u64::from(('\u{3040}'..='\u{9fff}').contains(&c) || is_space(before) && !is_space(c) && !east);
                before = c;
            }
            prop_assert_eq!(rough_words(&text), naive);
        }
    }
}
