//! Shingles: what two texts are held against each other by.
//!
//! A text is cut to tokens: words (runs of letters, marks and digits, lower case, width forms folded) where words are spaced, single
//! characters of Han, kana, Thai, Lao, Khmer and Burmese, which write no spaces. A shingle is so many tokens in a row (Broder 1997),
//! across line breaks, as 32 bits of a hash. Two shingles that differ share those with a chance of 2^-32: of two texts of n
//! shingles some n / 2^32 of them seem to be common that are not, which is less than a thousandth up to four million.

use serde::{Deserialize, Serialize};

use crate::model::{CharClass, CharTable};

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

/// Kinds of characters, in the bits above a folded character.
const KIND: u32 = 21;
const BREAK: u32 = 0;
const LETTER: u32 = 1;
const WIDE: u32 = 2;
const STOPLESS: u32 = 3;

static FOLDED: CharTable = CharTable::new(folded);

/// The kind of a character and its folded form: one of compatibility (full width to half), in lower case, where that is one character.
fn folded(c: char) -> u32 {
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
    kind << KIND | u32::from(c)
}

/// ASCII as tokens see it: 0 for what parts them.
#[allow(clippy::indexing_slicing, reason = "a table that is made when buddle is compiled")]
const ASCII: [u8; 256] = {
    let mut table = [0; 256];
    let mut b = 0;
    while b < 128 {
        if (b as u8).is_ascii_alphanumeric() {
            table[b] = (b as u8).to_ascii_lowercase();
        }
        b += 1;
    }
    table
};

const MIX: u64 = 0x9E37_79B9_7F4A_7C15;
const BASE: u64 = 0xD6E8_FEB8_6659_FD93;

/// Mixes 64 bits so that all of what comes out hangs on all of what goes in.
#[inline(always)]
pub(super) fn mix(x: u64) -> u64 {
    let wide = u128::from(x ^ 0xA076_1D64_78BD_642F) * u128::from(MIX);
    (wide >> 64) as u64 ^ wide as u64
}

/// A token as it grows, eight bytes of UTF-8 at a time.
#[derive(Clone, Copy, Debug, Default)]
struct Token {
    hash: u64,
    bytes: u64,
    len: u32,
}

impl Token {
    #[inline(always)]
    fn push(&mut self, bytes: u64, len: u32) {
        if self.len + len > 8 {
            self.hash = mix(self.hash ^ self.bytes);
            (self.bytes, self.len) = (0, 0);
        }
        self.bytes = self.bytes << (8 * len) | bytes;
        self.len += len;
    }

    #[inline(always)]
    fn is_empty(self) -> bool {
        self.len == 0
    }

    #[inline(always)]
    fn finish(self) -> u64 {
        mix(self.hash ^ self.bytes)
    }
}

/// Cuts texts to shingles; one for each thread, since it keeps its room.
#[derive(Debug, Default)]
pub struct Shingler {
    size: ShingleSize,
    tokens: Vec<u64>,
    stopless: usize,
}

impl Shingler {
    /// A shingler.
    pub fn new(size: ShingleSize) -> Shingler {
        Shingler { size, tokens: Vec::new(), stopless: 0 }
    }

    /// A new text begins.
    pub fn begin(&mut self) {
        self.tokens.clear();
        self.stopless = 0;
    }

    /// The next line of the text.
    pub fn line(&mut self, line: &str) {
        let chars = matches!(self.size, ShingleSize::Chars(_));
        if line.is_ascii() && !chars { self.ascii(line.as_bytes()) } else { self.any(line, chars) }
    }

    fn ascii(&mut self, line: &[u8]) {
        let mut token = Token::default();
        for b in line {
            match ASCII.get(usize::from(*b)) {
                None | Some(0) => {
                    if !token.is_empty() {
                        self.tokens.push(std::mem::take(&mut token).finish());
                    }
                }
                Some(b) => token.push(u64::from(*b), 1),
            }
        }
        if !token.is_empty() {
            self.tokens.push(token.finish());
        }
    }

    fn any(&mut self, line: &str, chars: bool) {
        let mut token = Token::default();
        for c in line.chars() {
            let entry = FOLDED.get(c);
            let (kind, code) = (entry >> KIND, entry & ((1 << KIND) - 1));
            if kind != LETTER && !token.is_empty() {
                self.tokens.push(std::mem::take(&mut token).finish());
            }
            if kind == BREAK {
                continue;
            }
            let (bytes, len) = utf8(code);
            token.push(bytes, len);
            if kind != LETTER || chars {
                self.tokens.push(std::mem::take(&mut token).finish());
                self.stopless += usize::from(kind == STOPLESS);
            }
        }
        if !token.is_empty() {
            self.tokens.push(token.finish());
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
    pub fn shingles(&self, into: &mut Vec<u32>) {
        into.clear();
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

/// The bytes of a character in UTF-8 as a number, and how many they are.
#[inline(always)]
fn utf8(code: u32) -> (u64, u32) {
    let tail = |shift: u32| u64::from(0x80 | code >> shift & 0x3F);
    match code {
        0..0x80 => (u64::from(code), 1),
        0x80..0x800 => (u64::from(0xC0 | code >> 6) << 8 | tail(0), 2),
        0x800..0x1_0000 => (u64::from(0xE0 | code >> 12) << 16 | tail(6) << 8 | tail(0), 3),
        _ => (u64::from(0xF0 | code >> 18) << 24 | tail(12) << 16 | tail(6) << 8 | tail(0), 4),
    }
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
            let (kind, c) = (folded(c) >> KIND, char::from_u32(folded(c) & ((1 << KIND) - 1)).unwrap());
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

    const CASES: [&str; 10] = [
        "",
        "a",
        "One two, three four five. ONE TWO THREE FOUR FIVE six",
        "don't stop: it's 12:30 at the co-operative; averyveryverylongwordindeed eightlet nineteen1",
        "Шла Саша по шоссе и сосала сушку, Шла САША по шоссе и сосала",
        "今天天气很好，我们去公园。今天天气很好",
        "ｆｕｌｌ　ｗｉｄｔｈ ｗｏｒｄｓ １２３ full width words 123 full width",
        "ภาษาไทยเขียนติดกันไม่มีช่องว่าง ภาษาไทยเขียนติดกัน",
        "naïve Straße STRASSE İstanbul ǅ ﬁne мир 東京 mixed in one line of text",
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
