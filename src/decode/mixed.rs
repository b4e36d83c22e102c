//! Files that are UTF-8 in part and of another encoding in the rest, by line or inside a line.
//!
//! What is valid UTF-8 stays; the bytes of all the rest are pooled and judged once, which makes a single stray line decidable.

use std::ops::Range;

use crate::model::with_simd;

/// What valid lines and words must hold in all, and one of them at the least, in characters of two bytes (one of more bytes counts twice): fewer
/// come by chance in other encodings.
const LEAST: usize = 4;
const LEAST_IN_LINE: usize = 3;
/// Broken bytes on one such character, at most.
const MOST_BROKEN: usize = 50;

/// Pieces of a file: bytes that are UTF-8, or not, in order and without gaps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) bytes: Range<usize>,
    pub(super) is_utf_8: bool,
}

/// The pieces of bytes that are no valid UTF-8 as a whole, if so much of them is that it cannot be chance.
pub(super) fn pieces(bytes: &[u8]) -> Option<Vec<Piece>> {
    if beginnings(bytes) < LEAST_BEGINNINGS {
        return None;
    }
    let (mut all, mut most, mut broken) = (0, 0, 0);
    let mut start = 0;
    let mut pieces: Vec<Piece> = Vec::new();
    for line in bytes.split_inclusive(|b| *b == b'\n') {
        // Most lines are told without being validated: all is ASCII, or no character of UTF-8 begins.
        let weight = match () {
            () if line.is_ascii() => Some(0),
            () if beginnings(line) == 0 => None,
            () => weight(line),
        };
        let weight = match weight {
            Some(weight) => {
                push(&mut pieces, start..start + line.len(), true);
                weight
            }
            None => {
                broken += line.iter().filter(|b| **b >= 0x80).count();
                inside(line, start, &mut pieces)
            }
        };
        all += weight;
        most = most.max(weight);
        start += line.len();
    }
    (all >= LEAST && most >= LEAST_IN_LINE && all * MOST_BROKEN >= broken).then_some(pieces)
}

/// A character weighs two at most.
const LEAST_BEGINNINGS: usize = LEAST_IN_LINE.div_ceil(2);

/// How many pairs of bytes may begin a character of UTF-8: no more of them are there.
fn beginnings(bytes: &[u8]) -> usize {
    with_simd(
        #[inline(always)]
        || {
            let mut sum = 0;
            for (a, b) in bytes.chunks(255).zip(bytes.get(1..).unwrap_or_default().chunks(255)) {
                let mut here = 0_u8;
                for (a, b) in a.iter().zip(b) {
                    here += u8::from((a.wrapping_sub(0xC2) <= 0x32) & (*b & 0xC0 == 0x80));
                }
                sum += usize::from(here);
            }
            sum
        },
    )
}

fn push(pieces: &mut Vec<Piece>, bytes: Range<usize>, is_utf_8: bool) {
    match pieces.last_mut() {
        _ if bytes.is_empty() => {}
        Some(last) if last.is_utf_8 == is_utf_8 => last.bytes.end = bytes.end,
        _ => pieces.push(Piece { bytes, is_utf_8 }),
    }
}

/// What valid UTF-8 weighs: characters of several bytes, those of three or four twice. `None` where it is not valid.
fn weight(bytes: &[u8]) -> Option<usize> {
    let text = simdutf8::basic::from_utf8(bytes).ok()?;
    if text.is_ascii() {
        return Some(0);
    }
    let weight = |c: char| match u32::from(c) {
        0..=0x7F => 0,
        0x80..=0x7FF => 1,
        // Living scripts, punctuation, currencies, emoji; others come by chance as soon: `сан` in IBM866 would be Mongolian.
        0x900..=0x109F
        | 0x1E00..=0x1FFF
        | 0x2010..=0x2044
        | 0x20A0..=0x20BF
        | 0x2122
        | 0x3000..=0x30FF
        | 0x4E00..=0x9FFF
        | 0xAC00..=0xD7A3
        | 0xFF00..=0xFFEF
        | 0x1_F000.. => 2,
        _ => 0,
    };
    Some(text.chars().map(weight).sum())
}

/// A line that is not valid: where enough of its words are UTF-8, those that are not go by themselves, else all of it. What those words weigh.
fn inside(line: &[u8], start: usize, pieces: &mut Vec<Piece>) -> usize {
    let words = || line.split_inclusive(|b| matches!(b, b' ' | b'\t'));
    let sum = if beginnings(line) < LEAST_BEGINNINGS { 0 } else { words().filter_map(weight).sum() };
    if sum < LEAST_IN_LINE {
        push(pieces, start..start + line.len(), false);
        return 0;
    }
    let mut at = start;
    for word in words() {
        if weight(word).is_some() {
            push(pieces, at..at + word.len(), true);
        } else {
            let mut here = at;
            for chunk in word.utf8_chunks() {
                let valid = chunk.valid();
                // A character or two between broken bytes are such bytes by chance, and a plain letter may be the second byte of one.
                let stays = valid.bytes().filter(|b| *b >= 0xC0).count() > 2;
                push(pieces, here..here + valid.len(), stays);
                here += valid.len();
                push(pieces, here..here + chunk.invalid().len(), false);
                here += chunk.invalid().len();
            }
        }
        at += word.len();
    }
    sum
}

/// The bytes that are not UTF-8, each with the plain word around them, and the text beside them.
pub(super) fn pool(bytes: &[u8], pieces: &[Piece]) -> (Vec<u8>, String) {
    let (mut pool, mut beside) = (Vec::new(), String::new());
    for piece in pieces {
        let part = bytes.get(piece.bytes.clone()).unwrap_or_default();
        match std::str::from_utf8(part) {
            Ok(text) if piece.is_utf_8 => {
                let ascii = |c: &char| c.is_ascii();
                // What stands beside a piece tells whether it begins and ends in a word.
                let ended = text.len() - text.chars().rev().take_while(ascii).count();
                let begun: usize = text.chars().take_while(ascii).count();
                pool.extend_from_slice(text.as_bytes().get(..begun).unwrap_or_default());
                if begun < text.len() {
                    pool.push(b'\n');
                    pool.extend_from_slice(text.as_bytes().get(ended..).unwrap_or_default());
                }
                beside.push_str(text);
            }
            _ => pool.extend_from_slice(part),
        }
    }
    (pool, beside)
}
