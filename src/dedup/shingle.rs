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

/// The bytes of a character in UTF-8 as a number, and how many they are.
fn utf8(c: char) -> (u32, u32) {
    let mut bytes = [0; 4];
    c.encode_utf8(&mut bytes).bytes().fold((0, 0), |(number, len), b| (number << 8 | u32::from(b), len + 1))
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
    /// The text, folded: tokens with zeros between them.
    folded: Vec<u8>,
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
        self.folded.clear();
        self.stopless = 0;
    }

    /// The next line of the text.
    pub fn line(&mut self, line: &str) {
        let chars = matches!(self.size, ShingleSize::Chars(_));
        if line.is_ascii() && !chars {
            let start = self.folded.len();
            self.folded.resize(start + line.len(), 0);
            let to = self.folded.get_mut(start..).unwrap_or_default();
            with_simd(
                #[inline(always)]
                || fold_ascii(line.as_bytes(), to),
            );
        } else {
            self.fold(line, chars);
        }
        self.folded.push(0);
    }

    /// Character by character, and ASCII eight bytes at a time.
    fn fold(&mut self, line: &str, chars: bool) {
        let line = line.as_bytes();
        let mut at = 0;
        while let Some(b) = line.get(at) {
            if b.is_ascii() && !chars {
                let (bytes, count) = folded_eight(eight(line, at));
                let count = count.min(line.len() - at);
                self.folded.extend_from_slice(bytes.get(..count).unwrap_or_default());
                at += count;
                continue;
            }
            let Some((entry, next)) = FOLDED.get_at(line, at) else { break };
            let (mut bytes, mut len) = (entry & 0xFF_FFFF, entry >> 24 & 3);
            let mut kind = entry >> 26;
            if len == 0 {
                let c = line.get(at..next).and_then(|c| std::str::from_utf8(c).ok()).and_then(|c| c.chars().next());
                let (of, c) = folded(c.unwrap_or_default());
                ((bytes, len), kind) = (utf8(c), of);
            }
            at = next;
            let bytes = (bytes << (32 - 8 * len)).to_be_bytes();
            let bytes = bytes.get(..len as usize).unwrap_or_default();
            match kind {
                BREAK => self.folded.push(0),
                LETTER if !chars => self.folded.extend_from_slice(bytes),
                _ => {
                    self.folded.push(0);
                    self.folded.extend_from_slice(bytes);
                    self.folded.push(0);
                    self.stopless += usize::from(kind == STOPLESS);
                }
            }
        }
    }

    /// Cuts the folded text to tokens.
    fn cut(&mut self) {
        self.tokens.clear();
        let text = self.folded.as_slice();
        let mut start = None;
        for (block, at) in text.chunks(64).zip((0..).step_by(64)) {
            let letters = (0..block.len()).step_by(8).fold(0, |mask, at| mask | not_zero(eight(block, at)) << at);
            // Bits where something begins or ends.
            let mut edges = letters ^ (letters << 1 | u64::from(start.is_some()));
            while edges != 0 {
                let place = at + edges.trailing_zeros() as usize;
                edges &= edges - 1;
                start = match start {
                    None => Some(place),
                    Some(start) => {
                        self.tokens.push(token(text, start, place));
                        None
                    }
                };
            }
        }
        if let Some(start) = start {
            self.tokens.push(token(text, start, text.len()));
        }
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
        for (gone, next) in self.tokens.iter().zip(self.tokens.iter().skip(n)) {
            sum = sum.wrapping_mul(BASE).wrapping_add(*next).wrapping_sub(gone.wrapping_mul(top));
            into.push((mix(sum) >> 32) as u32);
        }
    }
}

/// Letters and digits of ASCII in lower case; 0 for all else.
#[inline(always)]
fn fold_ascii(from: &[u8], to: &mut [u8]) {
    for (to, b) in to.iter_mut().zip(from) {
        let lower = b | 0x20;
        let is_word = (lower.wrapping_sub(b'a') < 26) | (b.wrapping_sub(b'0') < 10);
        // Digits have the bit that makes letters lower anyway.
        *to = if is_word { lower } else { 0 };
    }
}

const ONES: u64 = 0x0101_0101_0101_0101;

/// The same of the bytes at the head of eight that are ASCII, and how many they are.
#[inline(always)]
fn folded_eight(bytes: [u8; 8]) -> ([u8; 8], usize) {
    let all = u64::from_le_bytes(bytes);
    let count = (all & (ONES * 0x80)).trailing_zeros() as usize / 8;
    let bytes = all & (ONES * 0x7F);
    let lower = bytes | (ONES * 0x20);
    // No sum carries into the next byte, since all are below 128: the upper bit says whether a byte is at least, or more than, a bound.
    let letter = (lower + ONES * u64::from(0x80 - b'a')) & !(lower + ONES * u64::from(0x7F - b'z'));
    let digit = (bytes + ONES * u64::from(0x80 - b'0')) & !(bytes + ONES * u64::from(0x7F - b'9'));
    let word = ((letter | digit) >> 7 & ONES) * 0xFF;
    ((lower & word).to_le_bytes(), count)
}

/// Eight bytes from a place on; zeros behind the end.
#[inline(always)]
fn eight(text: &[u8], at: usize) -> [u8; 8] {
    let rest = text.get(at..).unwrap_or_default();
    rest.first_chunk().copied().unwrap_or_else(|| {
        let mut bytes = [0; 8];
        bytes.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
        bytes
    })
}

/// A bit for each of eight bytes: is it more than 0?
#[inline(always)]
fn not_zero(bytes: [u8; 8]) -> u64 {
    let bytes = u64::from_le_bytes(bytes);
    let upper = ((bytes & (ONES * 0x7F)) + ONES * 0x7F) | bytes;
    (upper >> 7 & ONES).wrapping_mul(0x0102_0408_1020_4080) >> 56
}

/// The hash of a token, eight bytes at a time.
#[inline(always)]
fn token(text: &[u8], start: usize, end: usize) -> u64 {
    let (mut hash, mut at) = (0, start);
    while end - at > 8 {
        hash = mix(hash ^ u64::from_le_bytes(eight(text, at)));
        at += 8;
    }
    let rest = u64::from_le_bytes(eight(text, at)) & (u64::MAX >> (64 - 8 * (end - at)));
    mix(hash ^ rest)
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
    }
}
