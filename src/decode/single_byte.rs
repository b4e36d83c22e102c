//! Which single-byte encoding: the one in which the bytes make the likeliest text of any language that it was made for.
//!
//! The pairs of bytes with one above 0x7F are counted once; each candidate (an encoding and a language) then costs a look-up a distinct pair.
//! Byte n stands for one character in all of them, so their costs are of the same events and can be compared as they are. A mixture of
//! bigram models by language, as in Cavnar and Trenkle 1994 and its many heirs.

use std::sync::LazyLock;

use super::{
    Charset,
    language::{BIT, Class, LANGUAGES, Language},
};

/// Pairs that are looked at, at most: what comes after them would say the same.
const MOST_PAIRS: usize = 6000;
/// Bytes that are looked at for pairs of ASCII letters.
const MOST_ASCII: usize = 1200;
/// Pairs after which candidates are left alone that cost much more than the best: so many bits, or a share of it more.
const FIRST_PAIRS: usize = 24;
const FAR_BITS: u64 = 60 * BIT as u64;
const FAR_PART: u64 = 3;
/// What plain letters say of the language counts so many times less, and so many bits at most.
const ASCII_PART: u64 = 4;
const ASCII_MOST: u64 = 30 * BIT as u64;

/// An encoding, the bits that it costs to be so rare, and the languages that it was made for.
const CHARSETS: &[(&str, u64, &str)] = &[
    ("windows-1252", 0, "en de fr es pt nl it da sv nb nn fi is ca gl eu ga sq af br id"),
    ("windows-1250", 1, "pl cs sk hu ro sl hr sr-latn sq de"),
    ("windows-1251", 0, "ru uk be bg sr mk mn"),
    ("windows-1253", 3, "el"),
    ("windows-1254", 1, "tr"),
    ("windows-1255", 5, "he"),
    ("windows-1256", 5, "ar fa"),
    ("windows-1257", 1, "et lv lt"),
    ("windows-1258", 1, "vi"),
    ("windows-874", 3, "th"),
    ("ISO-8859-2", 1, "pl cs sk hu ro sl hr sr-latn sq de"),
    ("ISO-8859-3", 8, "eo tr"),
    ("ISO-8859-4", 4, "et lv lt"),
    ("ISO-8859-5", 3, "ru bg sr mk be"),
    ("ISO-8859-6", 7, "ar"),
    ("ISO-8859-7", 4, "el"),
    ("ISO-8859-8", 8, "he"),
    ("ISO-8859-10", 10, "is et lv lt sv"),
    ("ISO-8859-13", 3, "et lv lt pl"),
    ("ISO-8859-14", 8, "ga cy"),
    ("ISO-8859-15", 3, "fr fi et en de es pt nl it"),
    ("ISO-8859-16", 8, "ro pl hr hu sl"),
    ("KOI8-R", 1, "ru bg"),
    ("KOI8-U", 2, "uk be ru"),
    ("KOI8-T", 8, "tg"),
    ("macintosh", 5, "en de fr es pt nl it da sv nb nn fi is ca gl"),
    ("x-mac-cyrillic", 4, "ru uk bg sr mk be"),
    ("x-mac-ce", 6, "pl cs sk hu et lv lt"),
    ("x-mac-greek", 8, "el"),
    ("x-mac-turkish", 8, "tr"),
    ("IBM437", 6, "en de fr es it sv fi nl"),
    ("IBM737", 8, "el"),
    ("IBM850", 5, "en de fr es pt nl it da sv nb nn fi is ca gl"),
    ("IBM852", 5, "pl cs sk hu ro sl hr"),
    ("IBM855", 5, "ru bg sr mk"),
    ("IBM857", 6, "tr"),
    ("IBM862", 10, "he"),
    ("IBM864", 12, "ar"),
    ("IBM866", 3, "ru uk be bg"),
];

/// An encoding and a language.
struct Candidate {
    charset: usize,
    /// Its number.
    language: usize,
    /// Of each byte.
    symbols: [u8; 256],
}

/// What is known of an encoding apart from languages.
struct Known {
    charset: Charset,
    prior: u64,
    cases: [Case; 256],
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Case {
    None,
    Small,
    Capital,
    /// The byte means nothing.
    Undefined,
}

struct Candidates {
    charsets: Vec<Known>,
    all: Vec<Candidate>,
    /// The symbols of ASCII by the number of the language, where it is written in Latin letters.
    plain: Vec<Option<[u8; 128]>>,
}

static CANDIDATES: LazyLock<Candidates> = LazyLock::new(|| {
    let mut candidates = Candidates { charsets: Vec::new(), all: Vec::new(), plain: Vec::new() };
    for language in LANGUAGES.iter() {
        let mut symbols = [0; 128];
        for (byte, symbol) in (0..0x80_u8).zip(&mut symbols) {
            *symbol = language.symbol(char::from(byte));
        }
        candidates.plain.push(language.is_latin().then_some(symbols));
    }
    for (label, prior, languages) in CHARSETS {
        let Some((charset, half)) = Charset::for_label(label).and_then(|charset| Some((charset, charset.upper_half()?))) else { continue };
        let char_of = |byte: u8| if byte < 0x80 { char::from(byte) } else { half.get(usize::from(byte & 0x7F)).copied().unwrap_or('\u{fffd}') };
        let mut cases = [Case::None; 256];
        for (byte, case) in (0..=0xFF).zip(&mut cases) {
            *case = case_of(char_of(byte));
        }
        for (number, language) in LANGUAGES.iter().enumerate().filter(|(_, language)| languages.split(' ').any(|name| name == language.name)) {
            let mut symbols = [0; 256];
            for (byte, symbol) in (0..=0xFF).zip(&mut symbols) {
                *symbol = language.symbol(char_of(byte));
            }
            candidates.all.push(Candidate { charset: candidates.charsets.len(), language: number, symbols });
        }
        candidates.charsets.push(Known { charset, prior: *prior * u64::from(BIT), cases });
    }
    candidates
});

fn case_of(c: char) -> Case {
    match c {
        '\u{80}'..='\u{9f}' | '\u{fffd}' => Case::Undefined,
        c if c.is_lowercase() => Case::Small,
        c if c.is_uppercase() => Case::Capital,
        _ => Case::None,
    }
}

/// [`case_cost`] of each two, four times the one before and the other.
static CASE_COSTS: LazyLock<[u32; 16]> = LazyLock::new(|| {
    let cases = [Case::None, Case::Small, Case::Capital, Case::Undefined];
    let mut costs = [0; 16];
    for (before, case) in cases.into_iter().flat_map(|before| cases.map(|case| (before, case))) {
        if let Some(cost) = costs.get_mut(before as usize * 4 + case as usize) {
            *cost = case_cost(before, case);
        }
    }
    costs
});

/// What a letter's case costs after another, in sixteenths of a bit: a capital inside a word is rare.
fn case_cost(before: Case, case: Case) -> u32 {
    match (before, case) {
        (_, Case::Undefined) => 24 * BIT,
        (_, Case::None) | (Case::Small, Case::Small) => 0,
        (Case::None | Case::Undefined, Case::Small) => BIT / 2,
        (Case::None | Case::Undefined, Case::Capital) => 2 * BIT,
        (Case::Small, Case::Capital) => 10 * BIT,
        (Case::Capital, Case::Small) => BIT,
        (Case::Capital, Case::Capital) => 2 * BIT,
    }
}

/// A pair of bytes and how often it stands.
type Pair = (u8, u8, u32);

fn pairs(bytes: &[u8]) -> Vec<Pair> {
    let mut numbers = vec![0_u16; 1 << 16];
    let mut pairs: Vec<Pair> = Vec::new();
    let mut before = b' ';
    let mut left = MOST_PAIRS;
    for byte in bytes {
        if (before | byte) & 0x80 != 0 {
            if let Some(number) = numbers.get_mut(usize::from(before) << 8 | usize::from(*byte)) {
                match pairs.get_mut(usize::from(*number).wrapping_sub(1)) {
                    Some((_, _, count)) => *count += 1,
                    None => {
                        pairs.push((before, *byte, 1));
                        *number = u16::try_from(pairs.len()).unwrap_or(0);
                    }
                }
            }
            left -= 1;
            if left == 0 {
                break;
            }
        }
        before = *byte;
    }
    // The most frequent first: a bad candidate is soon seen. The order of the others means nothing.
    if pairs.len() > FIRST_PAIRS {
        pairs.select_nth_unstable_by_key(FIRST_PAIRS, |(before, byte, count)| (std::cmp::Reverse(*count), *before, *byte));
    }
    pairs
}

fn ascii_pairs(bytes: &[u8]) -> Vec<Pair> {
    let mut counts = vec![0_u32; 27 * 27];
    let letter = |b: u8| if b.is_ascii_alphabetic() { usize::from((b | 0x20) - b'a') } else { 26 };
    for pair in bytes.get(..bytes.len().min(MOST_ASCII)).unwrap_or_default().windows(2) {
        if let [a, b] = pair
            && (a | b) & 0x80 == 0
            && let Some(count) = counts.get_mut(letter(*a) * 27 + letter(*b))
        {
            *count += 1;
        }
    }
    let byte = |letter: usize| if letter == 26 { b' ' } else { b'a' + letter as u8 };
    let all = counts.iter().enumerate().filter(|(place, count)| **count > 0 && *place != 26 * 27 + 26);
    all.map(|(place, count)| (byte(place / 27), byte(place % 27), *count)).collect()
}

/// What was found.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found {
    /// The encoding.
    pub(super) charset: Charset,
    /// Sixteenths of a bit that the text costs in it.
    pub(super) cost: u64,
    /// Pairs that it was judged by.
    pairs: u64,
}

/// Pairs from which on nonsense is told, and bits that each costs in it: text costs 6.5 at most, bytes by chance 9.5 and more.
const NONSENSE_PAIRS: u64 = 100;
const NONSENSE: u64 = 17 * BIT as u64 / 2;

impl Found {
    /// Does it cost what no text does?
    pub(super) fn is_nonsense(&self) -> bool {
        self.pairs >= NONSENSE_PAIRS && self.cost > self.pairs * NONSENSE
    }
}

/// What it costs that no two letters beside each other are of the language's script, where that is not the Latin one; and what it costs that
/// the rest of the file is of another language.
const LONE: u64 = 20 * BIT as u64;
const OTHER_LANGUAGE: u64 = 30 * BIT as u64;

/// The likeliest encoding of these bytes, and what `other` would cost if it is one of the candidates. `beside` is text of the same file, whose
/// language this is likely to be.
pub(super) fn detect(bytes: &[u8], other: Option<Charset>, beside: &str) -> Option<(Found, Option<u64>)> {
    let pairs = pairs(bytes);
    let is_lone = !pairs.iter().any(|(a, b, _)| a & b & 0x80 != 0);
    let letters: Vec<char> = beside.chars().filter(|c| !c.is_ascii() && c.is_alphabetic()).take(80).collect();
    let by_language = LANGUAGES.iter().map(|language| {
        let known = letters.iter().filter(|c| language.has(**c)).count();
        let lone = if is_lone && !language.is_latin() { LONE } else { 0 };
        lone + if known * 10 < letters.len() * 9 { OTHER_LANGUAGE } else { 0 }
    });
    let by_language: Vec<u64> = by_language.collect();
    let case_costs: &[u32; 16] = &CASE_COSTS;
    let by_charset = CANDIDATES.charsets.iter().map(|known| {
        let case = |byte: u8| known.cases.get(usize::from(byte)).map_or(0, |case| *case as usize);
        let cost = |a: u8, b: u8| case_costs.get(case(a) * 4 + case(b)).map_or(0, |cost| u64::from(*cost));
        let cost: u64 = pairs.iter().map(|(a, b, count)| u64::from(*count) * cost(*a, *b)).sum();
        cost + known.prior
    });
    let by_charset: Vec<u64> = by_charset.collect();

    // Bytes that mean nothing are no small matter: such an encoding is not looked at further.
    let meaning = by_charset.iter().min().copied().unwrap_or(0)
        + 100 * u64::from(BIT)
        + pairs.iter().map(|(.., count)| u64::from(*count)).sum::<u64>() * u64::from(BIT);
    let (first, rest) = pairs.split_at_checked(FIRST_PAIRS).unwrap_or((&pairs, &[]));
    let cost = |candidate: &Candidate, pairs: &[Pair]| {
        LANGUAGES.get(candidate.language).map_or(0, |language| language_cost(language, &candidate.symbols, pairs))
    };
    let begun: Vec<u64> = CANDIDATES
        .all
        .iter()
        .map(|candidate| {
            let by_charset = by_charset.get(candidate.charset).copied().unwrap_or(u64::MAX);
            if by_charset > meaning && CANDIDATES.charsets.get(candidate.charset).map(|known| known.charset) != other {
                return u64::MAX;
            }
            by_language.get(candidate.language).copied().unwrap_or(0).saturating_add(by_charset).saturating_add(cost(candidate, first))
        })
        .collect();
    let near = begun.iter().min().copied().unwrap_or(0);
    let near = near.saturating_add(near / FAR_PART).saturating_add(FAR_BITS);
    let left = CANDIDATES.all.iter().zip(begun).filter_map(|(candidate, begun)| {
        let known = CANDIDATES.charsets.get(candidate.charset)?;
        (begun <= near || Some(known.charset) == other).then_some((candidate, known.charset, begun))
    });
    let left: Vec<(&Candidate, Charset, u64)> = left.collect();
    // Plain letters are the same in every encoding: they speak for languages alone, and only among those that are written in them.
    let ascii = ascii_pairs(bytes);
    let plain = LANGUAGES.iter().zip(&CANDIDATES.plain).enumerate().map(|(number, (language, symbols))| {
        let symbols = symbols.as_ref().filter(|_| left.iter().any(|(candidate, ..)| candidate.language == number))?;
        Some(language_cost(language, symbols, &ascii))
    });
    let plain: Vec<Option<u64>> = plain.collect();
    let least = plain.iter().flatten().min().copied().unwrap_or(0);
    let plain = |number: usize| plain.get(number).copied().flatten().map_or(0, |plain| ((plain - least) / ASCII_PART).min(ASCII_MOST));

    let number = pairs.iter().map(|(.., count)| u64::from(*count)).sum();
    let mut best: Option<Found> = None;
    let mut of_other: Option<u64> = None;
    for (candidate, charset, begun) in left {
        let cost = begun + plain(candidate.language) + cost(candidate, rest);
        if Some(charset) == other {
            of_other = Some(of_other.map_or(cost, |before| before.min(cost)));
        }
        if best.is_none_or(|best| cost < best.cost) {
            best = Some(Found { charset, cost, pairs: number });
        }
    }
    best.map(|best| (best, of_other))
}

/// What pairs cost in a language, given the symbols of their bytes.
fn language_cost(language: &Language, symbols: &[u8], pairs: &[Pair]) -> u64 {
    let size = language.symbols();
    let symbol = |byte: u8| symbols.get(usize::from(byte)).map_or(0, |symbol| usize::from(*symbol));
    let cost = |(a, b, count): &Pair| u64::from(*count) * language.costs.get(symbol(*a) * size + symbol(*b)).map_or(0, |cost| u64::from(*cost));
    pairs.iter().map(cost).sum()
}

const _: () = assert!(Class::Mark as usize == 15);
