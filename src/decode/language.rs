//! What tells languages apart in text of single-byte encodings: how much each pair of symbols costs in each language.
//!
//! Symbols are the small letters of the language and sixteen classes of all else. The costs are data (`languages.bin`), made by
//! `benches/encoding/model.py` from translated manuals and messages of free software; sources and licences stand in `benches/encoding/README.md`.

use std::sync::LazyLock;

use unicode_general_category::{GeneralCategory, get_general_category};
use unicode_normalization::UnicodeNormalization;

static DATA: &[u8] = include_bytes!("languages.bin");

/// All languages.
pub(super) static LANGUAGES: LazyLock<Vec<Language>> = LazyLock::new(|| read(DATA).unwrap_or_default());

/// Sixteenths of a bit in a bit.
pub(super) const BIT: u32 = 16;

/// A language.
#[derive(Clone, Debug)]
pub(super) struct Language {
    /// Its tag.
    pub(super) name: &'static str,
    script: Script,
    /// Its letters, in order.
    letters: Vec<char>,
    /// For each symbol before, for each symbol: sixteenths of a bit.
    pub(super) costs: &'static [u8],
}

/// Classes of symbols that are no letter of the language; `CLASSES` in `benches/encoding/model.py` has the same order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    Space,
    Digit,
    Stop,
    Quote,
    Sign,
    Latin,
    Rare,
    Foreign,
    Opens,
    Closes,
    Dash,
    NoBreak,
    Common,
    Odd,
    Control,
    Mark,
}

const CLASSES: usize = 16;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Script {
    Latin,
    Cyrillic,
    Greek,
    Hebrew,
    Arabic,
    Thai,
    Other,
}

fn script(c: char) -> Script {
    match u32::from(c) {
        0x41..=0x24F | 0x1E00..=0x1EFF => Script::Latin,
        0x370..=0x3FF | 0x1F00..=0x1FFF => Script::Greek,
        0x400..=0x52F => Script::Cyrillic,
        0x590..=0x5FF => Script::Hebrew,
        0x600..=0x6FF | 0xFB50..=0xFEFF => Script::Arabic,
        0xE00..=0xE7F => Script::Thai,
        _ => Script::Other,
    }
}

impl Language {
    /// Symbols that it has.
    pub(super) fn symbols(&self) -> usize {
        CLASSES + self.letters.len()
    }

    /// Is it written in Latin letters?
    pub(super) fn is_latin(&self) -> bool {
        self.script == Script::Latin
    }

    /// Is this one of its letters?
    pub(super) fn has(&self, c: char) -> bool {
        let mut lower = c.to_lowercase();
        lower.next().is_some_and(|small| self.letters.binary_search(&small).is_ok())
    }

    /// The symbol of a character.
    pub(super) fn symbol(&self, c: char) -> u8 {
        // Forms of Arabic letters by their place in the word, which one encoding writes.
        let c = if matches!(c, '\u{FB50}'..='\u{FEFE}') { std::iter::once(c).nfkc().find(|c| *c != ' ').unwrap_or(c) } else { c };
        let mut lower = c.to_lowercase();
        let small = lower.next().filter(|_| lower.next().is_none()).unwrap_or(c);
        let letter = |c: char| self.letters.binary_search(&c).ok();
        // Romanian is written with cedillas where an encoding has no commas.
        let other = match small {
            'ş' => 'ș',
            'ţ' => 'ț',
            other => other,
        };
        match letter(small).or_else(|| letter(other)) {
            Some(place) => (CLASSES + place) as u8,
            None => self.class(c) as u8,
        }
    }

    fn class(&self, c: char) -> Class {
        match c {
            ' ' | '\n' | '\r' | '\t' | '\u{c}' => Class::Space,
            '0'..='9' => Class::Digit,
            'a'..='z' | 'A'..='Z' => Class::Latin,
            '.' | ',' | ':' | ';' | '!' | '?' | '،' | '؛' | '؟' | 'ـ' => Class::Stop,
            '"' | '\'' | '(' | ')' | '[' | ']' | '{' | '}' | '<' | '>' => Class::Quote,
            '\0'..='\x1f' | '\x7f'..='\u{9f}' | '\u{fffd}' => Class::Control,
            '!'..='~' => Class::Sign,
            '“' | '„' | '«' | '‘' | '‚' | '‹' | '¿' | '¡' => Class::Opens,
            '”' | '’' | '»' | '›' => Class::Closes,
            '–' | '—' | '…' | '•' | '·' => Class::Dash,
            '\u{a0}' | '\u{ad}' => Class::NoBreak,
            '°' | '§' | '©' | '®' | '™' | '€' | '£' | '±' | '×' | '½' | '²' | '³' | '№' | 'ª' | 'º' | 'µ' | '¼' | '¾' | '¹' => {
                Class::Common
            }
            _ => match get_general_category(c) {
                GeneralCategory::NonspacingMark | GeneralCategory::SpacingMark | GeneralCategory::EnclosingMark => Class::Mark,
                _ if !c.is_alphabetic() => Class::Odd,
                _ if script(c) == self.script => Class::Rare,
                _ => Class::Foreign,
            },
        }
    }
}

fn read(data: &'static [u8]) -> Option<Vec<Language>> {
    let mut rest = data;
    let count = take_u16(&mut rest)?;
    let mut languages = Vec::with_capacity(count);
    for _ in 0..count {
        let (name, after) = rest.split_at_checked(8)?;
        rest = after;
        let name = std::str::from_utf8(name).ok()?.trim_end_matches('\0');
        let letters = take_u16(&mut rest)?;
        let (codes, after) = rest.split_at_checked(letters * 4)?;
        let letters: Option<Vec<char>> = codes.chunks_exact(4).map(|code| char::from_u32(u32::from_le_bytes(*code.first_chunk()?))).collect();
        let letters = letters?;
        let symbols = CLASSES + letters.len();
        let (costs, after) = after.split_at_checked(symbols * symbols)?;
        rest = after;
        // The last letter says most: Latin alphabets all hold the plain ones, the others hold none.
        let script = script(*letters.last()?);
        let script = if letters.contains(&'e') { Script::Latin } else { script };
        languages.push(Language { name, script, letters, costs });
    }
    rest.is_empty().then_some(languages)
}

fn take_u16(rest: &mut &'static [u8]) -> Option<usize> {
    let (number, after) = rest.split_first_chunk()?;
    *rest = after;
    Some(usize::from(u16::from_le_bytes(*number)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_data_is_whole() {
        assert!(LANGUAGES.len() > 40);
        for language in LANGUAGES.iter() {
            assert!(language.letters.is_sorted(), "{}", language.name);
            assert_eq!(language.costs.len(), language.symbols().pow(2));
            assert!(language.symbols() < 256 && language.script != Script::Other);
            // Each pair is a chance: in every row of symbols that occur they come to one, nearly.
            let sum: f64 = language
                .costs
                .chunks_exact(language.symbols())
                .nth(Class::Space as usize)
                .unwrap()
                .iter()
                .map(|c| 2_f64.powf(-f64::from(*c) / 16.0))
                .sum();
            assert!((0.9..1.2).contains(&sum), "{} {sum}", language.name);
        }
    }

    #[test]
    fn a_language_knows_its_letters() {
        let cost = |name: &str, text: &str| {
            let language = LANGUAGES.iter().find(|l| l.name == name).unwrap();
            let symbols: Vec<usize> = text.chars().map(|c| usize::from(language.symbol(c))).collect();
            symbols.windows(2).map(|pair| u32::from(language.costs[pair[0] * language.symbols() + pair[1]])).sum::<u32>()
        };
        for (name, text, other) in [
            ("ru", " Генеральный секретарь ", "bg"),
            ("uk", " яка є її власністю і не може бути ", "ru"),
            ("fr", " l’été dernier à la mer ", "es"),
            ("pl", " wszystkie źródła są już w użyciu ", "cs"),
            ("th", "ภาษาไทย", "ru"),
        ] {
            assert!(cost(name, text) < cost(other, text), "{text}: {} {}", cost(name, text), cost(other, text));
        }
    }
}
