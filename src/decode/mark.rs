//! The cheap mark of mojibake: a place where it may begin. Most text has none and is never looked at a second time.
//!
//! Bytes that lead a UTF-8 character become letters and lines of boxes, the others become signs, so the bytes of a sign after such a letter are
//! looked for in vector code ([`may_be_mark`]), then those characters are held against the table of readings ([`is_mark`]).
//!
//! Limits: pairs of two letters count where one of them is rare in front of letters; a line of other pairs alone is not seen.

use super::{
    misreading::{Found, Place, begun, sequence, whole},
    normal::{Block, windows},
    surprise::{Look, meeting},
};
use crate::model::with_simd;

/// Bits that a repair must save to be worth a closer look.
const WORTH: u32 = 4;

/// The readings in which some place of the line would surprise less; a bit each.
pub(super) fn marks(places: &[Place]) -> u32 {
    let mut marked = 0;
    let mut before = Look::EDGE;
    for (at, place) in places.iter().enumerate() {
        if !place.c.is_ascii() {
            marked |= marks_at(places.get(at..).unwrap_or_default(), before, marked);
        }
        before = neighbour(Some(place));
    }
    marked
}

/// Those of the character that begins here, but for `known`.
fn marks_at(here: &[Place], before: Look, known: u32) -> u32 {
    let mut marked = 0;
    let mut begun = u32::from(begun(here)) & !known;
    while begun != 0 {
        let reading = begun.trailing_zeros();
        begun &= begun - 1;
        if sequence(here, reading as usize).is_some_and(|found| gain(here, before, found) > WORTH) {
            marked |= 1 << reading;
        }
    }
    marked
}

/// Neighbours that may be misread themselves do not count.
pub(super) fn neighbour(place: Option<&Place>) -> Look {
    place.filter(|place| place.c.is_ascii()).map_or(Look::EDGE, |place| place.look)
}

/// Bits that the character saves against its bytes read one by one.
pub(super) fn gain(places: &[Place], before: Look, found: Found) -> u32 {
    let length = usize::from(found.length);
    let after = neighbour(places.get(length));
    let mut last = before;
    let mut misread = 0;
    for place in places.iter().take(length) {
        misread += place.look.after(last);
        last = place.look;
    }
    let look = Look::of(found.c);
    (misread + meeting(last, after)).saturating_sub(look.after(before) + meeting(look, after) + found.lost)
}

/// Does the place at this byte show mojibake?
pub(super) fn is_mark(text: &str, at: usize) -> bool {
    let Some((head, tail)) = text.split_at_checked(at) else { return false };
    // CESU-8 takes six characters, and one more tells what comes after.
    let mut here = [Place::of('\n'); 7];
    let mut chars = tail.chars();
    for place in &mut here {
        let Some(c) = chars.next() else { break };
        *place = Place::of(c);
    }
    if ('\u{80}'..='\u{9f}').contains(&here[0].c) {
        return true;
    }
    if whole(&here) == 0 {
        return false;
    }
    marks_at(&here, neighbour(head.chars().next_back().map(Place::of).as_ref()), 0) != 0
}

/// The first place from `at` on that shows mojibake.
pub(super) fn first_mark(text: &str, at: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = at;
    loop {
        let place = with_simd(
            #[inline(always)]
            || scan(bytes, at),
        )?;
        if is_mark(text, place) {
            return Some(place);
        }
        at = place + 1;
    }
}

#[inline(always)]
fn scan(bytes: &[u8], at: usize) -> Option<usize> {
    let rest = windows(
        bytes.get(at..)?,
        #[inline(always)]
        |[a, b, c, d]| may_hold_mark(a, b, c, d),
    )?;
    let found = rest.iter().enumerate().position(|(at, a)| {
        let [b, c, d] = [1, 2, 3].map(|n| rest.get(at + n).copied().unwrap_or(0));
        may_be_mark(*a, b, c, d)
    });
    found.map(|place| bytes.len() - rest.len() + place)
}

#[inline(always)]
fn may_hold_mark(a: &Block, b: &Block, c: &Block, d: &Block) -> bool {
    let mut high = 0;
    for a in a {
        high |= *a;
    }
    let mut mark = 0;
    if high >= 0x80 {
        for (((a, b), c), d) in a.iter().zip(b).zip(c).zip(d) {
            mark |= u8::from(may_be_mark(*a, *b, *c, *d));
        }
    }
    mark != 0
}

/// May mojibake begin with the character that begins with `a`, where these bytes follow? Bytes inside a character never do.
#[inline(always)]
pub(super) fn may_be_mark(a: u8, b: u8, c: u8, d: u8) -> bool {
    let control = (a == 0xC2) & within(b, 0x80, 0x9F);
    control | is_sign_after(a, c, d) | is_rare_latin(a, b, c, d) | is_rare_cyrillic(a, b, c, d) | is_box_or_root(a, b, d)
}

#[inline(always)]
pub(super) fn within(byte: u8, from: u8, to: u8) -> bool {
    byte.wrapping_sub(from) <= to - from
}

/// A letter, then a sign: U+0080 to U+00BF, florin, accents that stand alone, punctuation, boxes.
#[inline(always)]
pub(super) fn is_sign_after(a: u8, c: u8, d: u8) -> bool {
    within(a, 0xC2, 0xD3) & ((c == 0xC2) | (c == 0xC6) & (d == 0x92) | (c == 0xCB) | (c == 0xE2))
}

/// Two letters of which the first is rare before the second: ð Ð Ä Å ÿ ß, Ă Ĺ, Œ œ Ÿ, florin, ÔÇ, Greek in front of Latin.
#[inline(always)]
pub(super) fn is_rare_latin(a: u8, b: u8, c: u8, d: u8) -> bool {
    let rare = (a == 0xC3) & ((b == 0x84) | (b == 0x85) | (b == 0x90) | (b == 0xB0) | (b == 0xBF) | (b == 0x9F) | (b == 0x94) & (d == 0x87))
        | (a == 0xC4) & ((b == 0x82) | (b == 0xB9))
        | (a == 0xC5) & ((b == 0x92) | (b == 0x93) | (b == 0xB8))
        | (a == 0xC6) & (b == 0x92)
        | within(a, 0xCE, 0xCF) & (c == 0xC3);
    rare & within(c, 0xC3, 0xC5)
}

/// Г Д Е Р С in front of what Russian lacks, вЂ, тА.
#[inline(always)]
pub(super) fn is_rare_cyrillic(a: u8, b: u8, c: u8, d: u8) -> bool {
    let lacks = (c == 0xD0) & (d < 0x90) | (c == 0xD1) & (d >= 0x90);
    (a == 0xD0) & ((within(b, 0x93, 0x95) | within(b, 0xA0, 0xA1)) & lacks | (b == 0xB2) & (c == 0xD0) & (d == 0x82))
        | (a == 0xD1) & (b == 0x82) & (c == 0xD0) & (d == 0x90)
}

/// Punctuation, roots and boxes, then a sign or a letter.
#[inline(always)]
pub(super) fn is_box_or_root(a: u8, b: u8, d: u8) -> bool {
    let letter = within(d, 0xC2, 0xC5) | within(d, 0xCE, 0xD1);
    (a == 0xE2) & ((b == 0x80) & letter | (within(b, 0x88, 0x89) | within(b, 0x94, 0x97)) & (letter | (d == 0xE2)))
}
