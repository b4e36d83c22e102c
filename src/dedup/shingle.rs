//! Shingles: what two texts are held against each other by.
//!
//! A text is cut to tokens: words (runs of letters, marks and digits, lower case, width forms folded) where words are spaced, single
//! characters of Han, kana, Thai, Lao, Khmer and Burmese, which write no spaces. A shingle is so many tokens in a row (Broder 1997),
//! across line breaks, as 32 bits of a hash. Two shingles that differ share those with a chance of 2^-32: of two texts of n
//! shingles some n / 2^32 of them seem to be common that are not, which is less than a thousandth up to four million.

use serde::{Deserialize, Serialize};

use crate::model::{CharClass, CharTable, with_simd};

/// What a shingle is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum ShingleSize {
    /// Five words where most tokens are words, five characters of Han and kana, ten of Thai, Lao, Khmer and Burmese.
    #[default]
    Auto,
    /// So many tokens, whatever they are.
    Words(u8),
    /// So many characters (letters, marks, digits) of any script.
    Chars(u8),
}

impl std::str::FromStr for ShingleSize {
    type Err = String;

    fn from_str(text: &str) -> Result<ShingleSize, String> {
        let size = |n: &str| n.parse::<u8>().ok().filter(|n| *n > 0);
        let parsed = match text.split_once(':') {
            None if text == "auto" => Some(ShingleSize::Auto),
            Some(("words", n)) => size(n).map(ShingleSize::Words),
            Some(("chars", n)) => size(n).map(ShingleSize::Chars),
            _ => None,
        };
        parsed.ok_or_else(|| format!("`{}` is no shingle: auto, words:N or chars:N with N from 1 to 255", text.escape_debug()))
    }
}

impl TryFrom<String> for ShingleSize {
    type Error = String;

    fn try_from(text: String) -> Result<ShingleSize, String> {
        text.parse()
    }
}

impl From<ShingleSize> for String {
    fn from(size: ShingleSize) -> String {
        match size {
            ShingleSize::Auto => "auto".to_owned(),
            ShingleSize::Words(n) => format!("words:{n}"),
            ShingleSize::Chars(n) => format!("chars:{n}"),
        }
    }
}

/// Tokens of a spaced script in a shingle, and of Han and kana.
const FEW: usize = 5;
/// Of the scripts of South-East Asia, whose characters say less.
const MANY: usize = 10;

/// Bytes of folded text that are cut at once: a bit each.
const BLOCK: usize = 64;

/// Kinds of characters.
const BREAK: u32 = 0;
const LETTER: u32 = 1;
const WIDE: u32 = 2;
const STOPLESS: u32 = 3;

/// A folded character with its kind, in one number: three bytes of UTF-8, then how many they are, then the kind. Four bytes have no place: then
/// how many is 0.
static FOLDED: CharTable = CharTable::new(|c| {
    let (kind, c) = folded(c);
    let (bytes, len) = utf8(c);
    kind << 26 | if len < 4 { len << 24 | bytes } else { 0 }
});

/// The kind of a character and its folded form: one of compatibility (full width to half), in lower case, where that is one character.
fn folded(c: char) -> (u32, char) {
    use unicode_normalization::UnicodeNormalization;
    let one = |mut chars: Box<dyn Iterator<Item = char>>| chars.next().filter(|_| chars.next().is_none());
    let narrow = one(Box::new(std::iter::once(c).nfkc())).unwrap_or(c);
    let c = one(Box::new(narrow.to_lowercase())).unwrap_or(narrow);
    let class = CharClass::of(c);
    let kind = match () {
        () if class.is_wide() => WIDE,
        () if class.is_stopless() => STOPLESS,
        () if class.is_letter() || c.is_numeric() => LETTER,
        () => BREAK,
    };
    (kind, c)
}

/// The bytes of a character in UTF-8 as a number, the first lowest, and how many they are.
fn utf8(c: char) -> (u32, u32) {
    let mut bytes = [0; 4];
    let len = c.encode_utf8(&mut bytes).len() as u32;
    (u32::from_le_bytes(bytes), len)
}

const MIX: u64 = 0x9E37_79B9_7F4A_7C15;
const BASE: u64 = 0xD6E8_FEB8_6659_FD93;

/// Mixes 64 bits so that all of what comes out hangs on all of what goes in.
#[inline(always)]
pub(super) fn mix(x: u64) -> u64 {
    let wide = u128::from(x ^ 0xA076_1D64_78BD_642F) * u128::from(MIX);
    (wide >> 64) as u64 ^ wide as u64
}

/// Cuts texts to shingles; one for each thread, since it keeps its room.
#[derive(Debug, Default)]
pub struct Shingler {
    size: ShingleSize,
    /// The text, folded: tokens with zeros between them, up to its end; what is behind it is of no text.
    folded: Vec<u8>,
    end: usize,
    tokens: Vec<u64>,
    stopless: usize,
}

impl Shingler {
    /// A shingler.
    pub fn new(size: ShingleSize) -> Shingler {
        Shingler { size, ..Shingler::default() }
    }

    /// A new text begins.
    pub fn begin(&mut self) {
        self.end = 0;
        self.stopless = 0;
    }

    /// The next line of the text.
    pub fn line(&mut self, line: &str) {
        let chars = matches!(self.size, ShingleSize::Chars(_));
        let is_ascii = line.is_ascii();
        // A character may have a zero on either side: then three bytes come to five, and a byte to three where all of ASCII are tokens.
        let most = if chars { 3 } else { 2 - usize::from(is_ascii) };
        self.make_room(most * line.len() + 1);
        let to = self.folded.get_mut(self.end..).unwrap_or_default();
        let in_place = !chars
            && with_simd(
                #[inline(always)]
                || {
                    let in_place = is_ascii || fold_in_place(line.as_bytes(), to);
                    if in_place {
                        fold_ascii(line.as_bytes(), to);
                    }
                    in_place
                },
            );
        self.end += if in_place {
            line.len()
        } else {
            let (count, stopless) = if chars { fold::<true>(line.as_bytes(), to) } else { fold::<false>(line.as_bytes(), to) };
            self.stopless += stopless;
            count
        };
        if let Some(end) = self.folded.get_mut(self.end) {
            *end = 0;
        }
        self.end += 1;
    }

    /// Room for so many bytes behind the end, and for what is written and read beyond them.
    fn make_room(&mut self, more: usize) {
        let least = self.end + more + 2 * BLOCK;
        if self.folded.len() < least {
            self.folded.resize(least.max(self.folded.len() * 2), 0);
        }
    }

    /// Cuts the folded text to tokens.
    fn cut(&mut self) {
        self.tokens.clear();
        self.make_room(0);
        let Shingler { folded, end, tokens, .. } = self;
        let len = end.next_multiple_of(BLOCK);
        // No token is open at the end, and eight bytes from any place in it on can be read.
        folded.get_mut(*end..len + BLOCK).unwrap_or_default().fill(0);
        let text = folded.get(..len + BLOCK).unwrap_or_default();
        with_simd(
            #[inline(always)]
            || cut(text, tokens),
        );
    }

    /// Tokens of a shingle of the text so far.
    fn tokens_of_shingle(&self) -> usize {
        match self.size {
            ShingleSize::Words(n) | ShingleSize::Chars(n) => usize::from(n),
            ShingleSize::Auto if self.stopless * 2 > self.tokens.len() => MANY,
            ShingleSize::Auto => FEW,
        }
    }

    /// Puts the shingles of the text since [`Shingler::begin`] into `into`, in its order, as often as they stand; none of a text that is
    /// shorter than a shingle.
    pub fn shingles(&mut self, into: &mut Vec<u32>) {
        into.clear();
        self.cut();
        let n = self.tokens_of_shingle();
        let Some(head) = self.tokens.get(..n) else { return };
        into.reserve(self.tokens.len() + 1 - n);
        // A polynomial of the tokens, so that the next takes one step (Karp and Rabin 1987).
        let top = (0..n).fold(1_u64, |power, _| power.wrapping_mul(BASE));
        let mut sum = head.iter().fold(0_u64, |sum, token| sum.wrapping_mul(BASE).wrapping_add(*token));
        into.push((mix(sum) >> 32) as u32);
        let next = self.tokens.get(n..).unwrap_or_default();
        into.extend(next.iter().zip(&self.tokens).map(|(next, gone)| {
            sum = sum.wrapping_mul(BASE).wrapping_add(*next).wrapping_sub(gone.wrapping_mul(top));
            (mix(sum) >> 32) as u32
        }));
    }
}

/// Puts the tokens of a folded text that ends with zeros into `tokens`.
#[inline(always)]
fn cut(text: &[u8], tokens: &mut Vec<u64>) {
    let (mut open, mut was_letter) = (None, 0);
    for (block, at) in text.as_chunks::<BLOCK>().0.iter().zip((0..).step_by(BLOCK)) {
        let letters = letters(block);
        let before = letters << 1 | was_letter;
        let (mut starts, mut ends) = (letters & !before, before & !letters);
        was_letter = letters >> 63;
        let mut found = [0; BLOCK / 2 + 1];
        let mut count = 0;
        for place in &mut found {
            if ends == 0 {
                break;
            }
            let start = open.take().unwrap_or_else(|| {
                let start = at + starts.trailing_zeros() as usize;
                starts &= starts.wrapping_sub(1);
                start
            });
            *place = token(text, start, at + ends.trailing_zeros() as usize);
            ends &= ends - 1;
            count += 1;
        }
        tokens.extend_from_slice(found.get(..count).unwrap_or_default());
        if starts != 0 {
            open = Some(at + starts.trailing_zeros() as usize);
        }
    }
}

/// Hashes of shingles, written one after another, as a set: sorted, each once.
pub fn shingle_set(bytes: &[u8]) -> Vec<u32> {
    let mut hashes: Vec<u32> = bytes.as_chunks().0.iter().map(|hash| u32::from_le_bytes(*hash)).collect();
    hashes.sort_unstable();
    hashes.dedup();
    hashes
}

/// Folds what is not ASCII of a line, each character in its place, if all keep their length and none is a token of its own; else nothing in `to` counts.
#[inline(always)]
fn fold_in_place(line: &[u8], to: &mut [u8]) -> bool {
    let mut at = 0;
    while let Some(b) = line.get(at) {
        if b.is_ascii() {
            at += (u64::from_le_bytes(eight(line, at)) & (ONES * 0x80)).trailing_zeros() as usize / 8;
            continue;
        }
        let Some((entry, next)) = FOLDED.get_at(line, at) else { return false };
        let (folds, len, kind) = (entry & 0xFF_FFFF, entry >> 24 & 3, entry >> 26);
        if kind != BREAK && (kind != LETTER || len as usize != next - at) {
            return false;
        }
        // What this writes beyond the character is written again.
        if let Some(place) = to.get_mut(at..).and_then(<[u8]>::first_chunk_mut) {
            *place = if kind == BREAK { 0 } else { folds }.to_le_bytes();
        }
        at = next;
    }
    true
}

/// Folds a line, ASCII eight bytes at a time and all else character by character; every character is a token if `CHARS`. How many bytes it comes to, and how
/// many characters are of scripts that write no spaces and say little.
fn fold<const CHARS: bool>(line: &[u8], to: &mut [u8]) -> (usize, usize) {
    let (mut at, mut end, mut stopless) = (0, 0, 0);
    while let Some(b) = line.get(at) {
        let (bytes, count);
        if b.is_ascii() && !CHARS {
            let ascii;
            (bytes, ascii) = folded_eight(eight(line, at));
            count = ascii.min(line.len() - at);
            at += count;
        } else {
            let Some((entry, next)) = FOLDED.get_at(line, at) else { break };
            let (mut folds, mut len, mut kind) = (entry & 0xFF_FFFF, entry >> 24 & 3, entry >> 26);
            if len == 0 {
                let c = line.get(at..next).and_then(|c| std::str::from_utf8(c).ok()).and_then(|c| c.chars().next());
                let (of, c) = folded(c.unwrap_or_default());
                ((folds, len), kind) = (utf8(c), of);
            }
            at = next;
            (bytes, count) = match kind {
                BREAK => (0, 1),
                LETTER if !CHARS => (u64::from(folds), len as usize),
                _ => (u64::from(folds) << 8, len as usize + 2),
            };
            stopless += usize::from(kind == STOPLESS);
        }
        if let Some(place) = to.get_mut(end..).and_then(<[u8]>::first_chunk_mut) {
            *place = bytes.to_le_bytes();
        }
        end += count;
    }
    (end, stopless)
}

/// Letters and digits of ASCII in lower case, 0 for the rest of it; what is not ASCII stays as it is.
#[inline(always)]
fn fold_ascii(from: &[u8], to: &mut [u8]) {
    for (to, b) in to.iter_mut().zip(from) {
        let lower = b | 0x20;
        let is_word = (lower.wrapping_sub(b'a') < 26) | (b.wrapping_sub(b'0') < 10);
        // Digits have the bit that makes letters lower anyway.
        let folded = if is_word { lower } else { 0 };
        *to = if *b < 0x80 { folded } else { *to };
    }
}

const ONES: u64 = 0x0101_0101_0101_0101;

/// The same of the bytes at the head of eight that are ASCII, and how many they are.
#[inline(always)]
fn folded_eight(bytes: [u8; 8]) -> (u64, usize) {
    let all = u64::from_le_bytes(bytes);
    let count = (all & (ONES * 0x80)).trailing_zeros() as usize / 8;
    let bytes = all & (ONES * 0x7F);
    let lower = bytes | (ONES * 0x20);
    // No sum carries into the next byte, since all are below 128: the upper bit says whether a byte is at least, or more than, a bound.
    let letter = (lower + ONES * u64::from(0x80 - b'a')) & !(lower + ONES * u64::from(0x7F - b'z'));
    let digit = (bytes + ONES * u64::from(0x80 - b'0')) & !(bytes + ONES * u64::from(0x7F - b'9'));
    let word = ((letter | digit) >> 7 & ONES) * 0xFF;
    (lower & word, count)
}

/// Eight bytes from a place on; zeros behind the end.
#[inline(always)]
fn eight(text: &[u8], at: usize) -> [u8; 8] {
    let rest = text.get(at..).unwrap_or_default();
    rest.first_chunk().copied().unwrap_or_else(|| fewer(rest))
}

#[cold]
#[inline(never)]
fn fewer(rest: &[u8]) -> [u8; 8] {
    let mut bytes = [0; 8];
    bytes.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
    bytes
}

/// A bit for each byte of a block: is it more than 0?
#[inline(always)]
fn letters(block: &[u8; BLOCK]) -> u64 {
    // Bit 8j + k is that of byte j of word k.
    let crossed = block.as_chunks().0.iter().zip(0..).fold(0, |mask, (bytes, k)| {
        let bytes = u64::from_le_bytes(*bytes);
        let upper = ((bytes & (ONES * 0x7F)) + ONES * 0x7F) | bytes;
        mask | (upper >> 7 & ONES) << k
    });
    transposed(crossed)
}

/// An 8 by 8 matrix of bits with rows and columns exchanged (Warren, Hacker's Delight, 7-3).
#[inline(always)]
fn transposed(x: u64) -> u64 {
    let swap = |x: u64, mask: u64, shift: u32| {
        let different = (x ^ x >> shift) & mask;
        x ^ different ^ different << shift
    };
    swap(swap(swap(x, 0x00AA_00AA_00AA_00AA, 7), 0x0000_CCCC_0000_CCCC, 14), 0x0000_0000_F0F0_F0F0, 28)
}

/// The hash of a token, eight bytes at a time; as many must stand behind its end.
#[inline(always)]
fn token(text: &[u8], start: usize, end: usize) -> u64 {
    let word = |at: usize| text.get(at..).and_then(<[u8]>::first_chunk).map_or(0, |bytes| u64::from_le_bytes(*bytes));
    let (mut hash, mut at) = (0, start);
    while end - at > 8 {
        hash = mix(hash ^ word(at));
        at += 8;
    }
    mix(hash ^ word(at) & (u64::MAX >> (64 - 8 * (end - at))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    fn shingles(size: ShingleSize, text: &str) -> Vec<u32> {
        let mut shingler = Shingler::new(size);
        shingler.begin();
        text.split('\n').for_each(|line| shingler.line(line));
        let mut out = Vec::new();
        shingler.shingles(&mut out);
        out
    }

    /// The naive twin: tokens as strings.
    fn naive(size: ShingleSize, text: &str) -> Vec<Vec<String>> {
        let mut tokens: Vec<(u32, String)> = Vec::new();
        let mut open = false;
        for c in text.chars() {
            let (kind, c) = folded(c);
            match kind {
                BREAK => open = false,
                LETTER if open && !matches!(size, ShingleSize::Chars(_)) => tokens.last_mut().unwrap().1.push(c),
                _ => {
                    tokens.push((kind, c.to_string()));
                    open = kind == LETTER;
                }
            }
        }
        let stopless = tokens.iter().filter(|(kind, _)| *kind == STOPLESS).count();
        let n = match size {
            ShingleSize::Words(n) | ShingleSize::Chars(n) => n.into(),
            ShingleSize::Auto => {
                if stopless * 2 > tokens.len() {
                    10
                } else {
                    5
                }
            }
        };
        tokens.windows(n).map(|window| window.iter().map(|(_, token)| token.clone()).collect()).collect()
    }

    /// Equal shingles are equal hashes, and others are not.
    fn agrees(size: ShingleSize, text: &str) {
        let (hashes, naive) = (shingles(size, text), naive(size, text));
        assert_eq!(hashes.len(), naive.len(), "{size:?} {text:?}");
        let mut of: BTreeMap<&[String], u32> = BTreeMap::new();
        for (hash, shingle) in hashes.iter().zip(&naive) {
            assert_eq!(of.entry(shingle).or_insert(*hash), hash, "{shingle:?}");
        }
        let mut distinct: Vec<u32> = of.values().copied().collect();
        distinct.sort_unstable();
        distinct.dedup();
        assert_eq!(distinct.len(), of.len(), "{text:?}");
    }

    const CASES: [&str; 12] = [
        "",
        "a",
        "One two, three four five. ONE TWO THREE FOUR FIVE six",
        "don't stop: it's 12:30 at the co-operative; averyveryverylongwordindeed eightlet nineteen1",
        "Шла Саша по шоссе и сосала сушку, Шла САША по шоссе и сосала",
        "今天天气很好，我们去公园。今天天气很好",
        "ｆｕｌｌ　ｗｉｄｔｈ ｗｏｒｄｓ １２３ full width words 123 full width",
        "ภาษาไทยเขียนติดกันไม่มีช่องว่าง ภาษาไทยเขียนติดกัน",
        "naïve Straße STRASSE İstanbul ǅ ﬁne мир 東京 mixed in one line of text",
        "0123456789abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVWXYZ/:@[`{ a-b_c~d \t0x7f! the quick brown fox jumps over the lazy dog again and on",
        "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 𠀀𠀁 𐐀𐐁 four bytes each, 𐐨𐐩 folded",
        "नमस्ते दुनिया यह एक परीक्षण है और यह चलता है",
    ];

    #[test]
    fn shingles_are_those_of_the_naive_twin() {
        for text in CASES {
            for size in [ShingleSize::Auto, ShingleSize::Words(1), ShingleSize::Words(3), ShingleSize::Chars(1), ShingleSize::Chars(4)] {
                agrees(size, text);
            }
        }
    }

    #[test]
    fn there_is_room_for_every_character() {
        for c in '\0'..=char::MAX {
            let (kind, to) = folded(c);
            let (len, most) = (to.len_utf8(), c.len_utf8());
            assert!(len + 2 <= 3 * most, "{c:?}");
            assert!(c.is_ascii() || if kind == LETTER { len } else { len + 2 } <= 2 * most, "{c:?}");
        }
    }

    #[test]
    fn case_width_and_punctuation_do_not_count() {
        let of = |text| shingles(ShingleSize::Auto, text);
        assert_eq!(of("One two three four FIVE, six!"), of("one — two\n(three) four five six"));
        assert_eq!(of("ｏｎｅ two three four five"), of("one two three four five"));
        assert_ne!(of("one two three four five"), of("one two three four fives"));
        assert!(of("one two three four").is_empty());
        assert_eq!(of("ภาษาไทยเขียนติดกัน").len(), "ภาษาไทยเขียนติดกัน".chars().count() - 9);
    }

    #[test]
    fn sizes_read_back() {
        for text in ["auto", "words:5", "chars:255"] {
            assert_eq!(text.parse::<ShingleSize>().map(String::from).as_deref(), Ok(text));
        }
        for text in ["", "words", "words:0", "words:256", "chars:-1", "bytes:3", "words:5:5", "Auto"] {
            assert!(text.parse::<ShingleSize>().is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn random_texts_agree(text in "[a-cA-C é東ก1,\\n]{0,60}", n in 1_u8..7) {
            for size in [ShingleSize::Auto, ShingleSize::Words(n), ShingleSize::Chars(n)] {
                agrees(size, &text);
            }
        }

        /// Tokens of all lengths on all sides of what is cut at once, and nothing of a text in the next.
        #[test]
        fn long_texts_agree(texts in prop::collection::vec("[a-zяȺ𐐀東ก .\\n]{0,20}([a-z0-9]{0,70}[ яก,]){0,12}", 1..5)) {
            for size in [ShingleSize::Auto, ShingleSize::Words(1), ShingleSize::Chars(2)] {
                let mut reused = Shingler::new(size);
                let mut out = Vec::new();
                for text in &texts {
                    agrees(size, text);
                    reused.begin();
                    text.split('\n').for_each(|line| reused.line(line));
                    reused.shingles(&mut out);
                    prop_assert_eq!(&out, &shingles(size, text));
                }
            }
        }
    }
}
