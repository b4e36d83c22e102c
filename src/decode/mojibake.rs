//! Mojibake: UTF-8 that somebody read in a single-byte encoding, and wrote down as UTF-8. Repaired where it stands.
//!
//! A line is read again in every way at once: each character as it is, or each run of characters that are the bytes of one UTF-8 character
//! in some single-byte encoding as that character. What surprises least ([`Look`]) wins (Viterbi's algorithm), where each change from
//! text as it is to text misread costs [`ENTRY`] bits; so a line that is broken in part is repaired in that part, several misreadings in
//! one line each get their own, and what clean text holds by chance stays. Text misread twice is repaired twice. C1 controls that are left
//! are windows-1252, as the WHATWG standard reads Latin-1. No typography changes: a curly quote that comes out is one that went in.
//!
//! Limits: bytes that somebody lost (U+FFFD, `?`, a space for a NBSP) are U+FFFD in the repaired text, but for `à`; what was read in an encoding of
//! several bytes, or was not UTF-8, is not seen.

use std::{borrow::Cow, sync::LazyLock};

use super::{
    charset::Charset,
    surprise::{Look, meeting},
};
use crate::model::CharTable;

/// The encodings that UTF-8 is commonly misread in. Bytes that they lack are the C1 controls of the same number.
const MISREAD_IN: [&str; 13] = [
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

const READINGS: usize = MISREAD_IN.len();

/// A byte of each misreading; 0 where the encoding lacks the character.
type Row = [u8; READINGS];

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
        // Latin-1 and what was undefined.
        if half.iter().any(|c| ('\u{80}'..='\u{9f}').contains(c)) || *label == "windows-1252" {
            pairs.extend(('\u{80}'..='\u{9f}').zip(0x80..=0x9F_u8).map(|(c, byte)| (c, reading, byte)));
        }
    }
    let mut chars: Vec<char> = pairs.iter().map(|(c, ..)| *c).collect();
    chars.sort_unstable();
    chars.dedup();
    let mut rows = vec![[0; READINGS]; chars.len()];
    for (c, reading, byte) in pairs {
        let row = chars.binary_search(&c).ok().and_then(|row| rows.get_mut(row));
        if let Some(slot) = row.and_then(|row| row.get_mut(reading)) {
            *slot = byte;
        }
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
struct Place {
    c: char,
    look: Look,
    /// ASCII and what no misreading has: no byte.
    row: Row,
}

impl Place {
    fn of(c: char) -> Place {
        let known = KNOWN.get(c);
        let row = (known >> Look::BITS).checked_sub(1).and_then(|row| ROWS.rows.get(row as usize)).copied().unwrap_or([0; READINGS]);
        Place { c, look: Look::from_bits(known), row }
    }
}

/// Bits that it costs to say that from here on text is misread: in a text that is not so elsewhere, in another line, in the same line.
const ENTRY: u32 = 20;
const ENTRY_BESIDE: u32 = 12;
const ENTRY_AGAIN: u32 = 4;
/// Bits that it costs to say that what may be misread is not, in the midst of what is.
const EXIT: u32 = 16;
/// Bits for each byte that somebody lost.
const LOST: u32 = 6;
const LOST_SPACE: u32 = 4;
const LOST_ASKED: u32 = 9;

/// A UTF-8 character found in the characters of a line.
#[derive(Clone, Copy)]
struct Found {
    c: char,
    /// Characters that are its bytes.
    length: u8,
    /// Bits for what was lost.
    lost: u32,
}

/// The character that these places are the bytes of in a reading.
fn sequence(places: &[Place], reading: usize) -> Option<Found> {
    let byte = |at: usize| places.get(at).and_then(|place| place.row.get(reading)).copied().unwrap_or(0);
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

/// How often each misreading was repaired: lines, and lines again where they were misread twice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Repairs {
    lines: u64,
    by_reading: [u64; READINGS],
    controls: u64,
}

impl Repairs {
    /// Lines that were repaired.
    pub fn lines(&self) -> u64 {
        self.lines
    }

    /// Repairs by the encoding that UTF-8 was misread in. A line misread twice counts twice, and one misread in two encodings for each.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, u64)> {
        let names = MISREAD_IN.iter().map(|label| Charset::for_label(label).map_or("", Charset::name));
        names.zip(self.by_reading).chain([("ISO-8859-1", self.controls)]).filter(|(_, n)| *n > 0)
    }

    /// Adds `other`.
    pub fn add(&mut self, other: &Repairs) {
        self.lines += other.lines;
        self.controls += other.controls;
        self.by_reading.iter_mut().zip(other.by_reading).for_each(|(sum, n)| *sum += n);
    }
}

/// Bits that a repair must save to be worth a closer look.
const WORTH: u32 = 4;

/// The readings in which some place of the line would surprise less; a bit each. What misreadings leave and nothing else does is in all.
fn marks(places: &[Place]) -> u32 {
    let mut marked = 0;
    let mut before = Look::EDGE;
    for (at, place) in places.iter().enumerate() {
        if place.row != [0; READINGS] {
            let here = places.get(at..).unwrap_or_default();
            for reading in 0..READINGS {
                if marked >> reading & 1 == 0 && sequence(here, reading).is_some_and(|found| gain(here, before, found) > WORTH) {
                    marked |= 1 << reading;
                }
            }
        }
        before = if place.c.is_ascii() { place.look } else { Look::EDGE };
    }
    marked
}

/// Bits that the character saves against its bytes read one by one. Neighbours that may be misread themselves do not count.
fn gain(places: &[Place], before: Look, found: Found) -> u32 {
    let length = usize::from(found.length);
    let after = places.get(length).filter(|place| place.c.is_ascii()).map_or(Look::EDGE, |place| place.look);
    let mut last = before;
    let mut misread = 0;
    for place in places.iter().take(length) {
        misread += place.look.after(last);
        last = place.look;
    }
    let look = Look::of(found.c);
    (misread + meeting(last, after)).saturating_sub(look.after(before) + meeting(look, after) + found.lost)
}

/// A way to read the line up to some place.
#[derive(Clone, Copy)]
struct Path {
    bits: u32,
    /// The character it ends with.
    last: Look,
    /// The reading before the last step; the step's length and character.
    from: u8,
    length: u8,
    c: char,
}

const NO_PATH: Path = Path { bits: u32::MAX, last: Look::EDGE, from: 0, length: 0, c: '\0' };

/// Longer pieces of a line are read apart, so that memory has a bound.
const PIECE: usize = 4096;

/// What it costs to enter each reading.
type Entries = [u32; READINGS];

/// Entries where these readings are known to be needed; a bit each.
fn lower(mut entries: Entries, known: u32, to: u32) -> Entries {
    for (reading, entry) in entries.iter_mut().enumerate() {
        if known >> reading & 1 == 1 {
            *entry = to.min(*entry);
        }
    }
    entries
}

/// The likeliest reading of the places; the readings that it needs, a bit each.
fn likeliest(places: &[Place], marked: u32, entries: &Entries) -> (String, u32) {
    let readings: Vec<usize> = (0..READINGS).filter(|reading| marked & 1 << reading != 0).collect();
    let states = readings.len() + 1;
    let mut paths = vec![NO_PATH; (places.len() + 7) * states];
    if let Some(start) = paths.first_mut() {
        start.bits = 0;
    }
    let offer = |paths: &mut Vec<Path>, at: usize, state: usize, path: Path| {
        if let Some(best) = paths.get_mut(at * states + state).filter(|best| path.bits < best.bits) {
            *best = path;
        }
    };
    for (at, place) in places.iter().enumerate() {
        for state in 0..states {
            let Some(path) = paths.get(at * states + state).copied().filter(|path| path.bits < u32::MAX) else { continue };
            let step = |bits: u32, look: Look, length: u8, c: char| Path {
                bits: path.bits.saturating_add(bits).saturating_add(look.after(path.last)),
                last: look,
                from: state as u8,
                length,
                c,
            };
            if place.c.is_ascii() {
                offer(&mut paths, at + 1, state, step(0, place.look, 1, place.c));
                continue;
            }
            let here = places.get(at..).unwrap_or_default();
            let within = state.checked_sub(1).and_then(|state| readings.get(state));
            let exit = if within.is_some_and(|reading| sequence(here, *reading).is_some()) { EXIT } else { 0 };
            offer(&mut paths, at + 1, 0, step(exit, place.look, 1, place.c));
            for (reading, to) in readings.iter().zip(1..) {
                if let Some(found) = sequence(here, *reading) {
                    let entry = if to == state { 0 } else { entries.get(*reading).copied().unwrap_or(ENTRY) };
                    // What lost bytes is no evidence by itself.
                    let entry = if found.lost > 0 && entry == ENTRY { u32::MAX / 2 } else { entry };
                    offer(&mut paths, at + usize::from(found.length), to, step(entry + found.lost, Look::of(found.c), found.length, found.c));
                }
            }
        }
    }
    let mut at = places.len();
    let mut state = (0..states)
        .min_by_key(|state| paths.get(at * states + state).map_or(u32::MAX, |path| path.bits.saturating_add(meeting(path.last, Look::EDGE))))
        .unwrap_or(0);
    let mut text: Vec<char> = Vec::with_capacity(at);
    let mut used = 0;
    while let Some(path) = paths.get(at * states + state).filter(|path| at > 0 && path.length > 0) {
        let length = usize::from(path.length);
        // The word `à`, whose second byte was taken for the space after it; but `às` is one word.
        let bytes = places.get(at.saturating_sub(length)..).unwrap_or_default();
        let is_plural = || matches!(bytes, [_, _, s, end, ..] if s.c == 's' && end.c == ' ');
        if path.c == 'à' && length == 2 && bytes.get(1).is_some_and(|place| place.c == ' ') && !is_plural() {
            text.push(' ');
        }
        text.push(path.c);
        if length > 1 {
            used |= state.checked_sub(1).and_then(|reading| readings.get(reading)).map_or(0, |reading| 1 << reading);
        }
        at = at.saturating_sub(length);
        state = usize::from(path.from);
    }
    (text.iter().rev().collect(), used)
}

/// The same, piece by piece.
fn in_pieces(places: &[Place], marked: u32, entries: &Entries) -> (String, u32) {
    let mut text = String::with_capacity(places.len() * 2);
    let mut used = 0;
    let mut rest = places;
    while !rest.is_empty() {
        let space = rest.iter().skip(PIECE / 2).take(PIECE / 2).position(|place| place.c == ' ');
        let (piece, more) = rest.split_at_checked(space.map_or(PIECE, |space| PIECE / 2 + space)).unwrap_or((rest, &[]));
        let (read, readings) = likeliest(piece, marked, entries);
        text.push_str(&read);
        used |= readings;
        rest = more;
    }
    (text, used)
}

/// How often a line may have been misread, one time after another.
const TIMES: usize = 4;

/// A line after its repair.
struct Repaired {
    text: String,
    /// The readings that it took, a bit each, and how often.
    readings: u32,
    times: [u8; READINGS],
    controls: bool,
}

/// One line, repaired; `None` where there is nothing to repair.
fn repair_line(line: &str, mut entries: Entries) -> Option<Repaired> {
    let mut repaired = Repaired { text: String::new(), readings: 0, times: [0; READINGS], controls: false };
    for _ in 0..TIMES {
        let before = if repaired.readings == 0 { line } else { &repaired.text };
        let places: Vec<Place> = before.chars().map(Place::of).collect();
        let marked = marks(&places);
        if marked == 0 {
            break;
        }
        let (mut text, mut used) = in_pieces(&places, marked, &entries);
        if used == 0 {
            break;
        }
        // What was misread twice was so in the same way, most likely.
        let again = lower(entries, used, ENTRY_AGAIN);
        if again != entries {
            entries = again;
            (text, used) = in_pieces(&places, marked, &entries);
        }
        for (reading, n) in repaired.times.iter_mut().enumerate() {
            *n += u8::from(used >> reading & 1 == 1);
        }
        repaired.readings |= used;
        repaired.text = text;
    }
    if let Some(text) = controls(if repaired.readings == 0 { line } else { &repaired.text }, repaired.readings != 0) {
        repaired.text = text;
        repaired.controls = true;
    }
    (repaired.controls || repaired.readings != 0).then_some(repaired)
}

/// C1 controls are windows-1252, as in the WHATWG standard's reading of Latin-1; unless that lacks one of them, or the line has letters that
/// it lacks. A lone NEL is a line end.
fn controls(line: &str, is_repaired: bool) -> Option<String> {
    let is_control = |c: char| ('\u{80}'..='\u{9f}').contains(&c);
    let is_sign = |c: char| is_control(c) && (is_repaired || c != '\u{85}');
    let lacks = |c: char| matches!(c, '\u{81}' | '\u{8d}' | '\u{8f}' | '\u{90}' | '\u{9d}') || c > 'ÿ' && Look::of(c).shape.is_letter();
    if !line.chars().any(is_sign) || line.chars().any(lacks) {
        return None;
    }
    let mut out = String::with_capacity(line.len());
    for c in line.chars() {
        match u8::try_from(u32::from(c)) {
            Ok(byte) if is_control(c) => out.push_str(&encoding_rs::WINDOWS_1252.decode_without_bom_handling(&[byte]).0),
            _ => out.push(c),
        }
    }
    Some(out)
}

/// Repairs each line that is broken; adds what was done to `repairs`. What one line was misread in is likelier in the others.
pub fn repair<'a>(text: &'a str, repairs: &mut Repairs) -> Cow<'a, str> {
    let entries = [ENTRY; READINGS];
    let (first, found, known) = repair_lines(text, &entries);
    let (repaired, found, _) = if known == 0 { (first, found, known) } else { repair_lines(text, &lower(entries, known, ENTRY_BESIDE)) };
    repairs.add(&found);
    repaired.map_or(Cow::Borrowed(text), Cow::Owned)
}

/// The text with its lines repaired, if any was; what was done; all readings that it took.
fn repair_lines(text: &str, entries: &Entries) -> (Option<String>, Repairs, u32) {
    let mut out: Option<String> = None;
    let mut repairs = Repairs::default();
    let mut readings = 0;
    let mut start = 0;
    for line in text.split('\n') {
        let end = start + line.len();
        let repaired = if line.is_ascii() { None } else { repair_line(line, *entries) };
        if let Some(repaired) = &repaired {
            repairs.lines += 1;
            repairs.controls += u64::from(repaired.controls);
            repairs.by_reading.iter_mut().zip(repaired.times).for_each(|(sum, n)| *sum += u64::from(n));
            readings |= repaired.readings;
        }
        match (&mut out, repaired) {
            (None, None) => {}
            (Some(out), repaired) => out.push_str(repaired.as_ref().map_or(line, |repaired| &repaired.text)),
            (None, Some(repaired)) => out = Some(text.get(..start).unwrap_or_default().to_owned() + &repaired.text),
        }
        if let Some(out) = &mut out
            && end < text.len()
        {
            out.push('\n');
        }
        start = end + 1;
    }
    (out, repairs, readings)
}
