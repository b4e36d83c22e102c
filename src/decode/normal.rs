//! Text that is normal already, found at the speed of memory: most text that comes in.
//!
//! [`is_normal`] passes over a whole text and holds each byte against the two that follow, without branches, in
//! blocks that compilers turn into vector code. A doubtful place costs a second look at its line, character by
//! character, from a table. Both looks may doubt a good line, which costs time, but never clear a bad one: a
//! test holds them against the steps themselves.

use unicode_normalization::{
    IsNormalized,
    char::{canonical_combining_class, compose, decompose_canonical},
    is_nfc_quick,
};

use super::characters::{is_bidi_control, is_control, is_exotic_space, is_line_end, is_zero_width};
use super::mark::{first_mark, is_box_or_root, is_mark, is_rare_cyrillic, is_rare_latin, is_sign_after, may_be_mark, within};
use crate::model::{CharTable, Kind, LineText, with_simd};

/// What a line (without its line end) may need.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Doubts {
    /// A character that some step looks at, or that may not be in NFC where it stands.
    pub characters: bool,
    /// Two spaces side by side.
    pub double_space: bool,
}

pub(super) const BLOCK: usize = 64;

/// Is there surely nothing to do in this text, for any step? It must not be empty nor end in LF.
pub(super) fn is_normal(text: &str) -> bool {
    let bytes = text.as_bytes();
    if matches!(bytes, [] | [b'\n', ..] | [.., b'\n']) {
        return false;
    }
    let mut at = 0;
    while let Some(place) = first_suspect(bytes, at) {
        let (head, tail) = (bytes.get(at..place).unwrap_or_default(), bytes.get(place..).unwrap_or_default());
        if place_is_mark_alone(tail) {
            if is_mark(text, place) {
                return false;
            }
            at = place + 1;
            continue;
        }
        // Spacing between lines is never right; all else may be right in its line.
        if matches!(tail, [b'\n', b'\n', b'\n', ..] | [b' ' | b'\t', b'\n', ..] | [b' ' | b'\t']) {
            return false;
        }
        let start = memchr::memrchr(b'\n', head).map_or(at, |lf| at + lf + 1);
        let end = memchr::memchr(b'\n', tail).map_or(bytes.len(), |lf| place + lf);
        let Some(line) = text.get(start..end) else { return false };
        if !is_normal_line(line) {
            return false;
        }
        // The line end is held against what follows it once more.
        at = end;
    }
    true
}

/// Is what begins here suspect of mojibake, and of nothing else?
fn place_is_mark_alone(tail: &[u8]) -> bool {
    let byte = |at: usize| tail.get(at).copied().unwrap_or(b'\n');
    let [a, b, c, d] = [0, 1, 2, 3].map(byte);
    !(is_suspect_spacing(a, b, c) || is_suspect_character(a, b, c) || is_out_of_place(a, b, c, d))
}

fn is_normal_line(line: &str) -> bool {
    if first_mark(line, 0).is_some() {
        return false;
    }
    let doubts = doubts(line);
    let inner = || line.trim_matches(' ').contains("  ");
    !(doubts.characters || line.ends_with([' ', '\t']) || doubts.double_space && inner() && LineText::of(line).kind == Kind::Prose)
}

/// What a line may need.
pub(super) fn doubts(line: &str) -> Doubts {
    let bytes = line.as_bytes();
    let pairs = bytes.iter().zip(bytes.iter().skip(1));
    let double_space = pairs.fold(false, |double, (a, b)| double | (*a == b' ') & (*b == b' '));
    let low = bytes.iter().fold(false, |low, b| low | is_low(*b));
    Doubts { characters: low || !line.is_ascii() && !holds_only_normal(line), double_space }
}

/// A character that some step may take.
pub(super) const TOUCHED: u32 = 1;
/// A character that may meet the one before it in NFC.
pub(super) const UNSURE: u32 = 2;
/// From this bit on stands the combining class.
const CLASS: u32 = 8;
/// A character that is in no text in NFC.
const EXCLUDED: u32 = 8;
/// A mark, which may have to change places with a mark before it.
pub(super) const MARK: u32 = 4;

static NEEDS: CharTable = CharTable::new(|c| {
    let touched = is_exotic_space(c) || is_control(c) || is_bidi_control(c) || is_zero_width(c) || is_line_end(c);
    let quick = is_nfc_quick(std::iter::once(c));
    let (unsure, excluded) = (quick != IsNormalized::Yes, quick == IsNormalized::No);
    let class = u32::from(canonical_combining_class(c));
    let bits: u32 =
        [(touched, TOUCHED), (unsure, UNSURE), (excluded, EXCLUDED), (class != 0, MARK)].iter().filter(|(is, _)| *is).map(|(_, bit)| bit).sum();
    bits | class << CLASS
});

/// What the characters of a line need, all together.
pub(super) fn needs(line: &str) -> u32 {
    line.chars().fold(0, |needs, c| needs | NEEDS.get(c))
}

/// In NFC, and no character that a step looks at?
fn holds_only_normal(line: &str) -> bool {
    is_composed(line, TOUCHED)
}

/// Is the line surely in NFC, and free of characters with these needs? Unicode's quick check (UAX #15, section 9), but a character that may
/// compose is held against the one right before it, since some scripts of India write such letters everywhere.
pub(super) fn is_composed(line: &str, without: u32) -> bool {
    let mut before = '\n';
    let mut class = 0;
    for c in line.chars() {
        let needs = NEEDS.get(c);
        let mut own = 0;
        if needs != 0 {
            own = needs >> CLASS;
            // A mark may come before the marks that are part of a letter.
            let composes = || class != 0 || compose(before, c).is_some() || own != 0 && is_compound(before);
            if needs & (without | EXCLUDED) != 0 || own != 0 && class > own || needs & UNSURE != 0 && composes() {
                return false;
            }
        }
        (before, class) = (c, own);
    }
    true
}

/// Is it written as several characters too?
fn is_compound(c: char) -> bool {
    let mut parts = 0;
    decompose_canonical(c, |_| parts += 1);
    parts > 1
}

/// The first place from `at` on that may need a change.
fn first_suspect(bytes: &[u8], at: usize) -> Option<usize> {
    with_simd(
        #[inline(always)]
        || scan(bytes, at),
    )
}

#[inline(always)]
fn scan(bytes: &[u8], at: usize) -> Option<usize> {
    let rest = windows(
        bytes.get(at..)?,
        #[inline(always)]
        |[a, b, c, d]| is_suspect_block(a, b, c, d),
    )?;
    // Past the end stands a line end, so that space at the end is seen. The block may be doubted without a cause.
    let mut padded = [0; 2 * BLOCK + 4];
    for start in (0..rest.len()).step_by(BLOCK) {
        let near = rest.get(start..)?;
        let near = near.get(..near.len().min(padded.len())).unwrap_or_default();
        padded.get_mut(..near.len())?.copy_from_slice(near);
        if let Some(end) = padded.get_mut(near.len()) {
            *end = b'\n';
        }
        let [a, b, c, d] = [0, 1, 2, 3].map(|n| padded.get(n..).and_then(|padded| padded.first_chunk::<BLOCK>()));
        let mut suspects = [0; BLOCK];
        for ((((suspect, a), b), c), d) in suspects.iter_mut().zip(a?).zip(b?).zip(c?).zip(d?) {
            *suspect = u8::from(is_suspect(*a, *b, *c, *d));
        }
        if let Some(place) = memchr::memchr(1, &suspects)
            && place < near.len()
        {
            return Some(bytes.len() - rest.len() + start + place);
        }
    }
    None
}

/// May something need a change where these bytes begin, or, where the first ends a character, in the one behind it?
#[inline(always)]
fn is_suspect(a: u8, b: u8, c: u8, d: u8) -> bool {
    is_suspect_spacing(a, b, c) | is_suspect_character(a, b, c) | is_out_of_place(a, b, c, d) | may_be_mark(a, b, c, d)
}

/// Each byte of a block and the three that follow it.
pub(super) type Window<'w> = [&'w Block; 4];

pub(super) type Block = [u8; BLOCK];

/// What is left of the bytes from the first block on in which something may be; `None` where that is none.
#[inline(always)]
pub(super) fn windows(bytes: &[u8], may_be: impl Fn(Window<'_>) -> bool) -> Option<&[u8]> {
    let [next, third, fourth] = [1, 2, 3].map(|n| bytes.get(n..).unwrap_or_default());
    let mut clear = 0;
    let blocks = bytes.as_chunks::<BLOCK>().0.iter().zip(next.as_chunks::<BLOCK>().0);
    for (((a, b), c), d) in blocks.zip(third.as_chunks::<BLOCK>().0).zip(fourth.as_chunks::<BLOCK>().0) {
        if may_be([a, b, c, d]) {
            return bytes.get(clear..);
        }
        clear += BLOCK;
    }
    // The last bytes, less than a block and three, in front of a line end and of what is never suspect.
    let rest = bytes.get(clear..)?;
    let mut last = [b'a'; 2 * BLOCK + 4];
    last.get_mut(..rest.len())?.copy_from_slice(rest);
    *last.get_mut(rest.len())? = b'\n';
    for from in [0, BLOCK].into_iter().filter(|from| *from == 0 || *from < rest.len()) {
        let [a, b, c, d] = [0, 1, 2, 3].map(|n| last.get(from + n..).and_then(|last| last.first_chunk::<BLOCK>()));
        if may_be([a?, b?, c?, d?]) {
            return Some(rest);
        }
    }
    None
}

#[inline(always)]
fn is_suspect_block(a: &Block, b: &Block, c: &Block, d: &Block) -> bool {
    let (mut suspect, mut high) = (0, 0);
    for ((a, b), c) in a.iter().zip(b).zip(c) {
        suspect |= u8::from(is_suspect_spacing(*a, *b, *c));
        high |= *a;
    }
    if high >= 0x80 {
        // Most text needs few of these looks.
        let (mut two, mut punctuation, mut more) = (0, 0, 0);
        for (((a, b), c), d) in a.iter().zip(b).zip(c).zip(d) {
            two |= u8::from(Leads::two(*a));
            punctuation |= u8::from(Leads::punctuation(*a, *b, *c, *d));
            more |= u8::from(Leads::more(*a));
        }
        if two != 0 {
            let (mut latin, mut cyrillic, mut other) = (0, 0, 0);
            for ((a, c), d) in a.iter().zip(c).zip(d) {
                latin |= u8::from(Leads::latin(*a, *c));
                cyrillic |= u8::from(Leads::cyrillic(*a, *c, *d));
                other |= u8::from(Leads::other_two(*a));
                suspect |= u8::from(is_sign_after(*a, *c, *d) | is_strange_before_india(*a, *c));
            }
            if latin != 0 {
                for (((a, b), c), d) in a.iter().zip(b).zip(c).zip(d) {
                    suspect |= u8::from(is_rare_latin(*a, *b, *c, *d));
                }
            }
            if cyrillic != 0 {
                for (((a, b), c), d) in a.iter().zip(b).zip(c).zip(d) {
                    suspect |= u8::from(is_rare_cyrillic(*a, *b, *c, *d));
                }
            }
            if other != 0 {
                for (a, b) in a.iter().zip(b) {
                    suspect |= u8::from(is_suspect_pair(*a, *b));
                }
            }
        }
        if punctuation != 0 {
            for (((a, b), c), d) in a.iter().zip(b).zip(c).zip(d) {
                suspect |= u8::from(is_suspect_punctuation(*a, *b, *c) | is_box_or_root(*a, *b, *d));
            }
        }
        if more != 0 {
            for (((a, b), c), d) in a.iter().zip(b).zip(c).zip(d) {
                suspect |= u8::from(is_suspect_of_more(*a, *b, *c) | is_suspect_of_india(*a, *b, *c, *d));
            }
        }
    }
    suspect != 0
}

/// Which looks a block calls for: few bytes are held against all that may be wrong.
struct Leads;

impl Leads {
    /// Characters of two bytes.
    #[inline(always)]
    fn two(a: u8) -> bool {
        within(a, 0xC2, 0xDF)
    }

    /// Two bytes that are no letters of Latin, Greek and Cyrillic.
    #[inline(always)]
    fn other_two(a: u8) -> bool {
        Leads::two(a) & !(within(a, 0xC3, 0xCB) | within(a, 0xCF, 0xD1))
    }

    /// Two letters that mojibake may begin with: Latin or Greek, then Latin.
    #[inline(always)]
    fn latin(a: u8, c: u8) -> bool {
        (within(a, 0xC3, 0xC6) | within(a, 0xCE, 0xCF)) & within(c, 0xC3, 0xC5)
    }

    /// The same in Cyrillic: what follows is А or no letter of Russian.
    #[inline(always)]
    fn cyrillic(a: u8, c: u8, d: u8) -> bool {
        within(a, 0xD0, 0xD1) & ((c == 0xD0) & (d <= 0x90) | (c == 0xD1) & (d >= 0x90))
    }

    /// Signs, spaces and boxes, and quotes and dashes in front of what is not ASCII.
    #[inline(always)]
    fn punctuation(a: u8, b: u8, c: u8, d: u8) -> bool {
        (a == 0xE2) & (!((b == 0x80) & within(c, 0x90, 0xA7)) | (d >= 0xC2))
    }

    /// Three bytes and more, but not most of Han, and Hangul.
    #[inline(always)]
    fn more(a: u8) -> bool {
        (a >= 0xE0) & (a != 0xE2) & !within(a, 0xE4, 0xE9) & !within(a, 0xEB, 0xEC)
    }
}

#[inline(always)]
fn is_low(b: u8) -> bool {
    (b < 0x20) & (b != b'\t') | (b == 0x7F)
}

#[inline(always)]
fn is_suspect_spacing(a: u8, b: u8, c: u8) -> bool {
    let trailing = ((a == b' ') | (a == b'\t')) & (b == b'\n');
    let blank = (a == b'\n') & (b == b'\n') & (c == b'\n');
    is_low(a) & (a != b'\n') | (a == b' ') & (b == b' ') | trailing | blank
}

/// May the character that begins with `a`, `b` and `c` (if it has so many bytes) need a change, or change places with a
/// neighbour? Bytes inside a character never do.
#[inline(always)]
fn is_suspect_character(a: u8, b: u8, c: u8) -> bool {
    is_suspect_pair(a, b) | is_suspect_punctuation(a, b, c) | is_suspect_of_more(a, b, c)
}

/// Of two bytes: C1 controls, NBSP and soft hyphen; combining marks; U+0387; Cyrillic, Hebrew and Arabic marks; Syriac and beyond.
#[inline(always)]
fn is_suspect_pair(a: u8, b: u8) -> bool {
    (a == 0xC2) & ((b <= 0xA0) | (b == 0xAD))
        | (a == 0xCC)
        | (a == 0xCD)
        | (a == 0xCE) & (b == 0x87)
        | (a == 0xD2) & (0x83..=0x87).contains(&b)
        | (a == 0xD6) & (b >= 0x91)
        | (a == 0xD7) & (b < 0x90)
        | (a == 0xD8) & (within(b, 0x90, 0x9A) | (b == 0x9C))
        | (a == 0xD9) & ((0x8B..=0x9F).contains(&b) | (b == 0xB0))
        | (a == 0xDB) & (b >= 0x96)
        | (0xDC..=0xDF).contains(&a)
}

/// Of E2: spaces and controls, but no other punctuation.
#[inline(always)]
fn is_suspect_punctuation(a: u8, b: u8, c: u8) -> bool {
    (a == 0xE2)
        & ((b == 0x80) & ((c <= 0x8F) | (0xA8..=0xAF).contains(&c))
            | (b == 0x81)
            | (b == 0x83)
            | (b == 0x84) & (0xA6..=0xAB).contains(&c)
            | (b == 0x8C) & ((c == 0xA9) | (c == 0xAA))
            | (b >= 0xAB))
}

/// Of E0, which leads the scripts of India, Thai and Lao: letters that are never in NFC, and marks of high classes; but not viramas, nuktas and vowels,
/// which are out of place only behind some characters ([`is_suspect_of_india`]).
#[inline(always)]
fn is_suspect_of_e0(a: u8, b: u8, c: u8) -> bool {
    // Arabic, Samaritan and others; Lao and Tibetan.
    let other = !within(b, 0xA4, 0xB9);
    let first = (b == 0xA8) & ((c == 0xB3) | (c == 0xB6));
    let high = within(c, 0x90, 0x9F) | (b == 0xB3) & (c == 0x82) | (b == 0xB7) & (c >= 0x8A) | (b == 0xA7) & (c == 0xBE);
    let second = (b & 1 == 1) & within(b, 0xA4, 0xB7) & high;
    (a == 0xE0) & (other | first | second)
}

/// A mark of India or Thai behind what it may compose or change places with: the last byte of a character, then the mark. Other letters end so too.
#[inline(always)]
fn is_suspect_of_india(a: u8, b: u8, c: u8, d: u8) -> bool {
    // The tones and vowels of Thai, then a vowel below the letter, which comes first in NFC, or a letter of India, which may be a virama.
    let vowel = (within(a, 0x88, 0x8B) | within(a, 0xB8, 0xB9)) & (b == 0xE0) & (c == 0xB8) & within(d, 0xB8, 0xBA);
    let virama = within(a, 0xB8, 0xB9) & (within(b, 0x88, 0x8B) | within(b, 0xB8, 0xB9)) & (c == 0xE0) & within(d, 0xA4, 0xB7);
    // Nuktas behind the three letters that compose with them, and behind viramas and the like.
    let letter = (a == 0xA8) | (a == 0xB0) | (a == 0xB3);
    let nukta = (letter | within(a, 0x88, 0x8D) | within(a, 0xB8, 0xBC)) & (b == 0xE0) & (c & 1 == 0) & within(c, 0xA4, 0xB7) & (d == 0xBC);
    let second = (a == 0x86) | (a == 0x87);
    let composing = second & (b == 0xE0) & (c & 1 == 0) & within(c, 0xA6, 0xB4) & (d == 0xBE);
    // Vietnamese and kana end in marks of their own.
    let strange = ((a == 0xE1) | (a == 0xE3)) & (d == 0xE0);
    vowel | virama | nukta | composing | strange
}

/// Letters of two bytes, some of which end in a mark of their own, in front of a script of India.
#[inline(always)]
fn is_strange_before_india(a: u8, c: u8) -> bool {
    within(a, 0xC3, 0xDF) & (c == 0xE0)
}

#[inline(always)]
fn is_out_of_place(a: u8, b: u8, c: u8, d: u8) -> bool {
    is_suspect_of_india(a, b, c, d) | is_strange_before_india(a, c)
}

/// Of three bytes Georgian and Vietnamese are clear, kana but marks, Han and Hangul, full-width forms; of four emoji.
#[inline(always)]
fn is_suspect_of_more(a: u8, b: u8, c: u8) -> bool {
    let e1 = (a == 0xE1) & (b != 0x83) & (b != 0xBA) & (b != 0xBB);
    let e3 = (a == 0xE3) & ((b == 0x80) & ((c == 0x80) | (0xAA..=0xAF).contains(&c)) | (b == 0x82) & ((c == 0x99) | (c == 0x9A)));
    let more = (a == 0xEA) & (b < 0xB0) | (a == 0xED) & (b > 0x9D) | (a == 0xEF) & (b != 0xBC) & (b != 0xBD);
    is_suspect_of_e0(a, b, c) | e1 | e3 | more | (a == 0xF0) & (b != 0x9F) | (a > 0xF0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use unicode_normalization::UnicodeNormalization;

    use super::super::{StepCounts, Steps, normalize::Normalizer};
    use super::*;

    /// The naive twin: the steps find nothing to do.
    fn needs_nothing(text: &str) -> bool {
        let mut counts = StepCounts::default();
        let normal = Normalizer::new(Steps::all()).normalize_by_line(text, &mut counts);
        normal.text == text && counts == StepCounts::default()
    }

    #[test]
    fn only_normal_text_is_cleared() {
        let mut cleared = 0;
        for c in '\u{1}'..=char::MAX {
            for text in [c.to_string(), format!("a{c}b"), format!("字{c}"), format!("{c}\u{5b0}\u{5b4}{c}")] {
                if is_normal(&text) {
                    cleared += 1;
                    assert!(needs_nothing(&text), "{text:?}");
                }
            }
            // Without the table: what the bytes clear, the characters clear, on every machine.
            let text = format!("é{c}字");
            let suspect = first_suspect(text.as_bytes(), 0);
            assert_eq!(suspect, scan(text.as_bytes(), 0));
            if suspect.is_none() {
                assert!(holds_only_normal(&text), "{text:?}");
            }
        }
        assert!(cleared > 1_000_000);
    }

    #[test]
    fn no_block_with_a_suspect_character_is_passed_over() {
        let bytes = [
            0, b'a', b' ', 0x80, 0x82, 0x87, 0x8F, 0x90, 0x91, 0x93, 0xA0, 0xA7, 0xA8, 0xB2, 0xBF, 0xC2, 0xC3, 0xC5, 0xCE, 0xD0, 0xD1, 0xE2, 0xE4,
            0xFF,
        ];
        for (a, b) in (0..=u8::MAX).flat_map(|a| (0..=u8::MAX).map(move |b| (a, b))) {
            for (c, d) in bytes.into_iter().flat_map(|c| bytes.map(|d| (c, d))).chain((0..=u8::MAX).map(|c| (c, b'a'))) {
                let implies = |is: bool, looked: bool| assert!(!is || looked, "{a:x} {b:x} {c:x} {d:x}");
                implies(is_sign_after(a, c, d), Leads::two(a));
                implies(is_rare_latin(a, b, c, d), Leads::two(a) && Leads::latin(a, c));
                implies(is_rare_cyrillic(a, b, c, d), Leads::two(a) && Leads::cyrillic(a, c, d));
                implies(is_suspect_pair(a, b), Leads::two(a) && Leads::other_two(a));
                implies(is_suspect_punctuation(a, b, c) || is_box_or_root(a, b, d), Leads::punctuation(a, b, c, d));
                implies(is_suspect_of_more(a, b, c), Leads::more(a));
                implies(is_strange_before_india(a, c), Leads::two(a));
            }
        }
        let filler = "字é".repeat(40);
        for n in 0..200 {
            let text = format!("{}\u{a0}{filler}", "x".repeat(n));
            assert_eq!((first_suspect(text.as_bytes(), 0), scan(text.as_bytes(), 0)), (Some(n), Some(n)));
            assert_eq!(first_suspect(text.as_bytes(), n + 1), None);
        }
    }

    #[test]
    fn text_of_many_scripts_is_cleared() {
        for text in ["Привет\n\nworld é 中", "ข้อความ\nशब्द\nשָׁלוֹם\nمرحبا", "  def f(a,  b):\n    return “x” … – 5 €", "日本語、テキスト。한국어"]
        {
            assert!(is_normal(text), "{text}");
        }
    }

    #[test]
    fn no_mark_of_india_is_passed_over_behind_any_character() {
        let needy = |c: &char| NEEDS.get(*c) != 0;
        let behind = || ('\u{80}'..='\u{ffff}').filter(|c| needy(c) || is_compound(*c) || ('\u{900}'..'\u{e80}').contains(c));
        let mut cleared = 0;
        for mark in ('\u{900}'..'\u{e80}').filter(needy) {
            for text in behind().map(|c| format!("ab{c}{mark}c")) {
                if first_suspect(text.as_bytes(), 0).is_none() {
                    cleared += 1;
                    assert!(holds_only_normal(&text) || needs_nothing(&text), "{text:?}");
                }
            }
        }
        assert!(cleared > 10_000, "{cleared}");
    }

    proptest! {
        #[test]
        fn marks_out_of_place_are_seen(text in "([कनफरबশয\u{9c7}கกดล]|[\u{93c}\u{94d}\u{951}\u{952}\u{958}\u{9bc}\u{9be}\u{9cd}\u{9d7}\u{9df}\u{9fe}\u{a33}\u{a4d}\u{b3e}\u{b56}\u{bbe}\u{bcd}\u{bd7}\u{c55}\u{c56}\u{c4d}\u{cc2}\u{cd5}\u{ccd}\u{d3b}\u{d3e}\u{d57}\u{dca}\u{dcf}\u{ddf}\u{e38}\u{e39}\u{e3a}\u{e48}\u{e49}\u{e4b}\u{eb8}\u{eba}\u{ec8}\u{f71}\u{f72}\u{f74}\u{8e3}\u{300}\u{323}\u{5b0}\u{20d0}]|\u{e48}\u{e38}|\u{94d}\u{93c}|[a \n]|กกกกกกกกกกกกกกกกกกก){0,40}") {
            prop_assert!(!is_normal(&text) || needs_nothing(&text));
        }

        #[test]
        fn what_is_composed_is_nfc(text in "[aDdḊḌ\u{323}\u{307}\u{327}\u{315}Åकनऩ\u{93c}\u{94d}\u{951}\u{9c7}\u{9be}\u{9cb}\u{9d7}য\u{9df}\u{bc6}\u{bbe}\u{b95}\u{dd9}\u{dcf}\u{dca}가각ᄀ\u{1161}\u{11a8}かが\u{3099}ไ\u{e38}\u{e49}\u{5b0}\u{5bc}ש\u{fb2a}\u{653}ا\u{958} ]{0,8}") {
            let composed: String = text.nfc().collect();
            prop_assert!(!is_composed(&text, 0) || composed == text);
            prop_assert!(text.chars().any(|c| canonical_combining_class(c) != 0) || is_composed(&composed, 0) || composed.contains(|c| NEEDS.get(c) & UNSURE != 0));
        }

        #[test]
        fn spacing_is_seen_wherever_it_stands(text in "([a-c .\t\n]|\n|ж|字|\u{a0}|\u{301}|\u{327}|words of a line of prose, long enough to be called that. ){0,70}") {
            if is_normal(&text) {
                prop_assert!(needs_nothing(&text));
            } else if !text.contains(['\t', '\u{301}', '\u{327}']) && !text.is_empty() {
                // All that is doubted here is doubted for a reason.
                prop_assert!(!needs_nothing(&text));
            }
        }
    }
}
