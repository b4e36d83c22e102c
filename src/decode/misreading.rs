//! Readings of UTF-8 in single-byte encodings, and which characters in a row are one character that was misread.
//!
//! A reading gives each character its byte; bytes that an encoding lacks are the C1 controls of the same number, as most software has it, and in
//! windows-1252 all C1 controls are, so that it stands for Latin-1 too. Bytes that somebody lost since (U+FFFD, `?`, a space for a NBSP) are
//! guessed, at a price.

use std::sync::LazyLock;

use super::{charset::Charset, surprise::Look};
use crate::model::CharTable;

/// The encodings that UTF-8 is commonly misread in. Where one cannot be told from another, the one that stands first is meant.
pub(super) const MISREAD_IN: [&str; 13] = [
    "windows-1252",
    "windows-1251",
    "windows-1250",
    "macintosh",
    "ibm437",
    "windows-1254",
    "windows-1257",
    "windows-1253",
    "iso-8859-2",
    "ibm850",
    "ibm852",
    "ibm866",
    "koi8-r",
];

pub(super) const READINGS: usize = MISREAD_IN.len();

/// What a character is in each reading.
#[derive(Clone, Copy, Debug, Default)]
struct Row {
    /// Its byte; 0 where the encoding lacks it.
    bytes: [u8; READINGS],
    /// The readings in which it leads a character of two, three and four bytes, a bit each; and those in which it goes on.
    leads: [u16; 3],
    follows: u16,
}

impl Row {
    fn set(&mut self, reading: usize, byte: u8) {
        let [two, three, four] = &mut self.leads;
        match byte {
            0x80..=0xBF => self.follows |= 1 << reading,
            0xC2..=0xDF => *two |= 1 << reading,
            0xE0..=0xEF => *three |= 1 << reading,
            0xF0..=0xF4 => *four |= 1 << reading,
            _ => return,
        }
        if let Some(slot) = self.bytes.get_mut(reading) {
            *slot = byte;
        }
    }
}

/// Characters that are bytes in some misreading, and which.
struct Rows {
    chars: Vec<char>,
    rows: Vec<Row>,
}

static ROWS: LazyLock<Rows> = LazyLock::new(|| {
    let mut pairs: Vec<(char, usize, u8)> = Vec::new();
    for (reading, label) in MISREAD_IN.iter().enumerate() {
        let half = Charset::for_label(label).and_then(Charset::upper_half).unwrap_or(['\u{fffd}'; 128]);
        pairs.extend(half.into_iter().zip(0x80..=0xFF_u8).filter(|(c, _)| *c != '\u{fffd}').map(|(c, byte)| (c, reading, byte)));
        // Latin-1 is the same but for these.
        if *label == "windows-1252" {
            pairs.extend(('\u{80}'..='\u{9f}').zip(0x80..=0x9F_u8).map(|(c, byte)| (c, reading, byte)));
        }
    }
    let mut chars: Vec<char> = pairs.iter().map(|(c, ..)| *c).collect();
    chars.sort_unstable();
    chars.dedup();
    let mut rows = vec![Row::default(); chars.len()];
    for (c, reading, byte) in pairs {
        let Some(row) = chars.binary_search(&c).ok().and_then(|row| rows.get_mut(row)) else { continue };
        row.set(reading, byte);
    }
    Rows { chars, rows }
});

/// In the upper bits the number of the row, from 1.
static KNOWN: CharTable = CharTable::new(|c| {
    let row = if c.is_ascii() { None } else { ROWS.chars.binary_search(&c).ok() };
    Look::of(c).to_bits() | row.map_or(0, |row| row as u32 + 1) << Look::BITS
});

/// A character of the line under repair.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub c: char,
    pub look: Look,
    /// ASCII and what no misreading has: no byte.
    row: Row,
}

impl Place {
    pub(super) fn of(c: char) -> Place {
        let known = KNOWN.get(c);
        let row = (known >> Look::BITS).checked_sub(1).and_then(|row| ROWS.rows.get(row as usize)).copied().unwrap_or_default();
        Place { c, look: Look::from_bits(known), row }
    }
}

/// The readings in which a character begins here that is whole, a bit each.
pub(super) fn whole(places: &[Place]) -> u16 {
    let follows = |at: usize| places.get(at).map_or(0, |place| place.row.follows);
    let Some([two, three, four]) = places.first().map(|place| place.row.leads) else { return 0 };
    follows(1) & (two | follows(2) & (three | follows(3) & four))
}

/// May a character begin here that lost bytes?
fn may_have_lost(places: &[Place]) -> bool {
    places.iter().skip(1).take(3).any(|place| matches!(place.c, ' ' | '?' | '\u{fffd}'))
}

/// The readings in which a character begins here, a bit each; more than do where bytes may be lost.
pub(super) fn begun(places: &[Place]) -> u16 {
    let Some([two, three, four]) = places.first().map(|place| place.row.leads) else { return 0 };
    if may_have_lost(places) { two | three | four } else { whole(places) }
}

/// Bits for each byte that somebody lost.
const LOST: u32 = 6;
const LOST_SPACE: u32 = 4;
const LOST_ASKED: u32 = 9;

/// A UTF-8 character found in the characters of a line.
#[derive(Clone, Copy)]
pub(super) struct Found {
    pub c: char,
    /// Characters that are its bytes.
    pub length: u8,
    /// Bits for what was lost.
    pub lost: u32,
}

/// The character that these places are the bytes of in a reading.
pub(super) fn sequence(places: &[Place], reading: usize) -> Option<Found> {
    let byte = |at: usize| places.get(at).and_then(|place| place.row.bytes.get(reading)).copied().unwrap_or(0);
    let lead = byte(0);
    let length: u8 = match lead {
        0xC2..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0..=0xF4 => 4,
        _ => return None,
    };
    let mut code = u32::from(lead) & (0x7F >> length);
    let mut lost = 0;
    let mut unknown = false;
    for at in 1..usize::from(length) {
        let mut next = byte(at);
        if !(0x80..0xC0).contains(&next) {
            (next, lost) = match places.get(at).map(|place| place.c) {
                // NBSP, in most encodings, which somebody made a space.
                Some(' ') => (0xA0, lost + LOST_SPACE),
                Some('\u{fffd}') => {
                    unknown = true;
                    (0x80, lost + LOST)
                }
                Some('?') => {
                    unknown = true;
                    (0x80, lost + LOST_ASKED)
                }
                _ => return None,
            };
        }
        code = code << 6 | u32::from(next & 0x3F);
    }
    if unknown {
        return Some(Found { c: '\u{fffd}', length, lost });
    }
    let least = match length {
        2 => 0x80,
        3 => 0x800,
        _ => 0x1_0000,
    };
    if (0xD800..0xDC00).contains(&code) && lost == 0 {
        // CESU-8: the two halves of a pair, each as if it were a character.
        let (lead, second, third) = (byte(3), byte(4), byte(5));
        let low = u32::from(second & 0x1F) << 6 | u32::from(third & 0x3F);
        let is_low = lead == 0xED && (0xB0..0xC0).contains(&second) && (0x80..0xC0).contains(&third);
        let c = char::from_u32(0x1_0000 + ((code & 0x3FF) << 10) + (low & 0x3FF))?;
        return is_low.then_some(Found { c, length: 6, lost });
    }
    let c = char::from_u32(code).filter(|_| code >= least)?;
    // A space is no byte of what needs none.
    (lost == 0 || c == 'à' || Look::of(c).shape.is_letter()).then_some(Found { c, length, lost })
}
