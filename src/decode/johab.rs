//! Johab, the Korean encoding that writes a syllable as three times five bits (KS X 1001, annex 3); Han and symbols are those of KS X 1001, moved.

use encoding_rs::EUC_KR;

/// What five bits say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// An empty place.
    Fill,
    /// The number of a letter.
    Letter(u32),
}

fn first_part(five: u32) -> Option<Part> {
    match five {
        1 => Some(Part::Fill),
        2..=20 => Some(Part::Letter(five - 2)),
        _ => None,
    }
}

fn vowel_part(five: u32) -> Option<Part> {
    match five {
        2 => Some(Part::Fill),
        3..=7 => Some(Part::Letter(five - 3)),
        10..=15 => Some(Part::Letter(five - 5)),
        18..=23 => Some(Part::Letter(five - 7)),
        26..=29 => Some(Part::Letter(five - 9)),
        _ => None,
    }
}

fn last_part(five: u32) -> Option<Part> {
    match five {
        1 => Some(Part::Fill),
        2..=17 => Some(Part::Letter(five - 2)),
        19..=29 => Some(Part::Letter(five - 3)),
        _ => None,
    }
}

/// Letters that stand alone: first consonants and vowels, last consonants.
const ALONE: &str = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ";
const ALONE_LAST: &str = "ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ";

fn character(lead: u8, trail: u8) -> Option<char> {
    if (0x84..=0xD3).contains(&lead) {
        let code = u32::from(lead) << 8 | u32::from(trail);
        let letter = |letters: &str, n: u32| letters.chars().nth(n as usize);
        return match (first_part(code >> 10 & 31)?, vowel_part(code >> 5 & 31)?, last_part(code & 31)?) {
            (Part::Fill, Part::Fill, Part::Fill) => Some('\u{3000}'),
            (Part::Fill, Part::Fill, Part::Letter(last)) => letter(ALONE_LAST, last),
            (Part::Fill, Part::Letter(vowel), Part::Fill) => char::from_u32(0x314F + vowel),
            (Part::Letter(first), Part::Fill, Part::Fill) => letter(ALONE, first),
            (Part::Letter(first), Part::Letter(vowel), last) => {
                let last = if let Part::Letter(last) = last { last + 1 } else { 0 };
                char::from_u32(0xAC00 + (first * 21 + vowel) * 28 + last)
            }
            _ => None,
        };
    }
    // Two rows of KS X 1001 stand under one lead byte.
    let place = match trail {
        0x31..=0x7E => trail - 0x31,
        0x91..=0xFE => trail - 0x43,
        _ => return None,
    };
    let row = match lead {
        // Letters that stand alone are written as syllables are.
        0xDA if (0xA1..=0xD3).contains(&trail) => return None,
        0xD9..=0xDE => 2 * (lead - 0xD9),
        0xE0..=0xF9 => 2 * (lead - 0xE0) + 41,
        _ => return None,
    } + place / 94;
    let bytes = [row + 0xA1, place % 94 + 0xA1];
    EUC_KR.decode_without_bom_handling_and_without_replacement(&bytes)?.chars().next()
}

/// The text; U+FFFD for what means nothing.
pub(super) fn decode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 3 / 2);
    let mut rest = bytes;
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        match byte {
            0..=0x7F => text.push(char::from(*byte)),
            _ => match after.split_first().and_then(|(trail, after)| Some((character(*byte, *trail)?, after))) {
                Some((c, after)) => {
                    text.push(c);
                    rest = after;
                }
                None => text.push('\u{fffd}'),
            },
        }
    }
    text
}

/// Does every pair mean something, but for one that is cut at the end?
pub(super) fn is_valid(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    while let Some((byte, after)) = rest.split_first() {
        rest = match after.split_first() {
            _ if *byte < 0x80 => after,
            Some((trail, after)) if character(*byte, *trail).is_some() => after,
            Some(_) => return false,
            None => after,
        };
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_means_nothing_is_seen() {
        assert!(is_valid(b"\x88\x61 \xd0\x61\x88") && is_valid(b"plain"));
        assert!(!is_valid(b"caf\xe9 au lait") && !is_valid(b"\x88\x61\xff\xff"));
    }

    /// Against the Fowler-Noll-Vo hash of what Python 3.11's codec `johab` makes of every two bytes, `-` where it makes nothing of them.
    #[test]
    fn every_two_bytes_are_what_python_reads() {
        let mut hash = 0xCBF2_9CE4_8422_2325_u64;
        let mut known = 0;
        for (high, low) in (0x84..0xFA).flat_map(|high| (0x31..0xFF).map(move |low| (high, low))) {
            let text = decode(&[high, low]);
            let is_known = is_valid(&[high, low]) && text.chars().count() == 1;
            known += u32::from(is_known);
            for byte in if is_known { &text } else { "-" }.bytes() {
                hash = (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01B3);
            }
        }
        assert_eq!((known, hash), (17_065, 0xAC67_1345_B3C6_757C));
    }

    #[test]
    fn syllables_letters_and_han() {
        assert_eq!(decode(b"a\x88\x61\xd0\x61 \xd1\xe5\x8a\x82 \x88\x41\x84\x61\xd9\x31\xe0\x31\xff"), "a가하 홴국 ㄱㅏ\u{3000}伽\u{fffd}");
    }
}
