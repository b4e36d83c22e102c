//! Systems of writing, as finely as languages share them: a line's languages are those of the writing of most of its letters.
//!
//! Each character is looked at once, in a table that holds its writing, its small letter and what it is to a word.
//! Ranges are blocks of Unicode 16 (`Blocks.txt`).

use unicode_general_category::{GeneralCategory, get_general_category};

use crate::model::CharTable;

macro_rules! writings {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {
        /// A system of writing.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum Writing {
            $($(#[$doc])* $name),+
        }

        impl Writing {
            /// All, in the order of their numbers.
            pub const ALL: &'static [Writing] = &[$(Writing::$name),+];
        }
    };
}

writings! {
    /// Latin.
    Latin,
    /// Cyrillic.
    Cyrillic,
    /// Arabic.
    Arabic,
    /// Devanagari.
    Devanagari,
    /// Hebrew.
    Hebrew,
    /// Bengali and Assamese.
    Bengali,
    /// Ethiopic.
    Ethiopic,
    /// Tibetan.
    Tibetan,
    /// Burmese.
    Myanmar,
    /// Han, kana and bopomofo.
    Han,
    /// Greek.
    Greek,
    /// Armenian.
    Armenian,
    /// Georgian.
    Georgian,
    /// Thai.
    Thai,
    /// Lao.
    Lao,
    /// Hangul.
    Hangul,
    /// Gujarati.
    Gujarati,
    /// Gurmukhi.
    Gurmukhi,
    /// Odia.
    Oriya,
    /// Tamil.
    Tamil,
    /// Telugu.
    Telugu,
    /// Kannada.
    Kannada,
    /// Malayalam.
    Malayalam,
    /// Sinhala.
    Sinhala,
    /// Khmer.
    Khmer,
    /// Canadian syllabics.
    Syllabics,
    /// Cherokee.
    Cherokee,
    /// Thaana.
    Thaana,
    /// Syriac.
    Syriac,
    /// Mongolian.
    Mongolian,
    /// N'Ko.
    Nko,
    /// Ol Chiki.
    OlChiki,
    /// Tifinagh.
    Tifinagh,
    /// Any other.
    Other,
}

impl Writing {
    /// Are its words written without space between them?
    pub const fn is_without_spaces(self) -> bool {
        matches!(self, Writing::Han | Writing::Thai | Writing::Lao | Writing::Khmer | Writing::Myanmar | Writing::Tibetan)
    }

    /// The writing of a letter or mark.
    pub fn of(c: char) -> Writing {
        match u32::from(c) {
            0x41..=0x2FF | 0x1D00..=0x1DBF | 0x1E00..=0x1EFF | 0x2C60..=0x2C7F | 0xA720..=0xA7FF | 0xAB30..=0xAB6F | 0xFB00..=0xFB06 => {
                Writing::Latin
            }
            0x400..=0x52F | 0x1C80..=0x1C8F | 0x2DE0..=0x2DFF | 0xA640..=0xA69F => Writing::Cyrillic,
            0x600..=0x6FF | 0x750..=0x77F | 0x870..=0x8FF | 0xFB50..=0xFDFF | 0xFE70..=0xFEFC => Writing::Arabic,
            0x900..=0x97F | 0xA8E0..=0xA8FF => Writing::Devanagari,
            0x590..=0x5FF | 0xFB1D..=0xFB4F => Writing::Hebrew,
            0x980..=0x9FF => Writing::Bengali,
            0x1200..=0x139F | 0x2D80..=0x2DDF | 0xAB00..=0xAB2F => Writing::Ethiopic,
            0xF00..=0xFFF => Writing::Tibetan,
            0x1000..=0x109F | 0xA9E0..=0xA9FF | 0xAA60..=0xAA7F => Writing::Myanmar,
            0x3005..=0x3007 | 0x3040..=0x312F | 0x31A0..=0x31FF | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0x2_0000..=0x3_FFFF => {
                Writing::Han
            }
            0x370..=0x3FF | 0x1F00..=0x1FFF => Writing::Greek,
            0x530..=0x58F => Writing::Armenian,
            0x10A0..=0x10FF | 0x1C90..=0x1CBF | 0x2D00..=0x2D2F => Writing::Georgian,
            0xE00..=0xE7F => Writing::Thai,
            0xE80..=0xEFF => Writing::Lao,
            0x1100..=0x11FF | 0x3130..=0x318F | 0xA960..=0xA97F | 0xAC00..=0xD7FF => Writing::Hangul,
            0xA80..=0xAFF => Writing::Gujarati,
            0xA00..=0xA7F => Writing::Gurmukhi,
            0xB00..=0xB7F => Writing::Oriya,
            0xB80..=0xBFF => Writing::Tamil,
            0xC00..=0xC7F => Writing::Telugu,
            0xC80..=0xCFF => Writing::Kannada,
            0xD00..=0xD7F => Writing::Malayalam,
            0xD80..=0xDFF => Writing::Sinhala,
            0x1780..=0x17FF => Writing::Khmer,
            0x1400..=0x167F | 0x18B0..=0x18FF => Writing::Syllabics,
            0x13A0..=0x13FF | 0xAB70..=0xABBF => Writing::Cherokee,
            0x780..=0x7BF => Writing::Thaana,
            0x700..=0x74F => Writing::Syriac,
            0x1800..=0x18AF => Writing::Mongolian,
            0x7C0..=0x7FF => Writing::Nko,
            0x1C50..=0x1C7F => Writing::OlChiki,
            0x2D30..=0x2D7F => Writing::Tifinagh,
            _ => Writing::Other,
        }
    }
}

/// A character as language identification sees it: its small letter, its writing, and what it is to the word that it stands in, a bit of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Glyph(u32);

static TABLE: CharTable = CharTable::new(|c| Glyph::describe(c).0);

impl Glyph {
    /// Belongs to words.
    pub(super) const LETTER: u32 = 1 << 22;
    /// Belongs to a word between letters: a mark that any writing may have, an apostrophe.
    pub(super) const JOINER: u32 = 1 << 23;
    /// Is passed over: soft hyphens, points of Hebrew and Arabic, the stretched line of Arabic.
    pub(super) const NOTHING: u32 = 1 << 24;
    /// Ends the run of characters without space.
    pub(super) const SPACE: u32 = 1 << 25;
    pub(super) const DIGIT: u32 = 1 << 26;
    /// A sign of code, markup or addresses.
    pub(super) const SIGN: u32 = 1 << 27;
    pub(super) const DOT: u32 = 1 << 28;
    pub(super) const SLASH: u32 = 1 << 29;
    pub(super) const COLON: u32 = 1 << 30;

    /// Some letter of Latin.
    pub(super) const LATIN: Glyph = Glyph(Glyph::LETTER | (Writing::Latin as u32) << 16);

    /// Of a character.
    #[inline(always)]
    pub(super) fn of(c: char) -> Glyph {
        Glyph(TABLE.get(c))
    }

    /// Of the character that begins at `at` in UTF-8, and where the next does; `None` at the end.
    #[inline(always)]
    pub(super) fn at(line: &[u8], at: usize) -> Option<(Glyph, usize)> {
        let (glyph, next) = TABLE.get_at(line, at)?;
        Some((Glyph(glyph), next))
    }

    /// Bits 0 to 15: the small letter; 16 to 21: the writing; 22 on: what it is, none for what ends a word and says nothing about it.
    fn describe(c: char) -> Glyph {
        let (part, c) = part(c);
        // Characters beyond U+FFFF are rare: what they share a code with is as rare.
        let code = u32::from(small_letter(c)) & 0xFFFF;
        Glyph(code | u32::from(Writing::of(c) as u8) << 16 | part)
    }

    /// The small letter, as far as 16 bits tell.
    #[inline(always)]
    pub(super) fn code(self) -> u16 {
        (self.0 & 0xFFFF) as u16
    }

    #[inline(always)]
    pub(super) fn writing(self) -> usize {
        (self.0 >> 16 & 0x3F) as usize
    }

    /// Is it one of these?
    #[inline(always)]
    pub(super) fn is(self, parts: u32) -> bool {
        self.0 & parts != 0
    }

    /// What it is.
    #[inline(always)]
    pub(super) fn part(self) -> u32 {
        self.0 & !(Glyph::LETTER - 1)
    }

    /// A letter of the writing that the other letter is of?
    #[inline(always)]
    pub(super) fn is_letter_like(self, other: Glyph) -> bool {
        (self.0 ^ other.0) & (Glyph::LETTER | 0x3F << 16) == 0
    }
}

/// What a character is, and which it is said to be: full-width forms are ASCII, many signs are apostrophes.
fn part(c: char) -> (u32, char) {
    let c = match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        _ => c,
    };
    let part = match c {
        '\'' | '\u{2018}' | '\u{2019}' | '\u{2bb}' | '\u{2bc}' | '`' | '\u{b4}' => return (Glyph::JOINER, '\''),
        '\u{ad}' | '\u{640}' | '\u{591}'..='\u{5c7}' | '\u{64b}'..='\u{652}' | '\u{200d}'..='\u{200f}' | '\u{feff}' => Glyph::NOTHING,
        // Persian and others write it inside words.
        '\u{200c}' => Glyph::JOINER,
        '.' => Glyph::DOT,
        '/' => Glyph::SLASH,
        ':' => Glyph::COLON,
        '@' | '_' | '=' | '<' | '>' | '{' | '}' | '\\' | '#' | '$' | '~' | '^' | '%' => Glyph::SIGN,
        '0'..='9' => Glyph::DIGIT,
        'a'..='z' | 'A'..='Z' => Glyph::LETTER,
        c if c.is_whitespace() => Glyph::SPACE,
        c => match get_general_category(c) {
            GeneralCategory::UppercaseLetter
            | GeneralCategory::LowercaseLetter
            | GeneralCategory::TitlecaseLetter
            | GeneralCategory::ModifierLetter
            | GeneralCategory::OtherLetter => Glyph::LETTER,
            GeneralCategory::NonspacingMark | GeneralCategory::SpacingMark | GeneralCategory::EnclosingMark => {
                if matches!(Writing::of(c), Writing::Other) { Glyph::JOINER } else { Glyph::LETTER }
            }
            _ if c.is_ascii() => 0,
            // Dashes, quotes and the punctuation of East Asia part what they stand between.
            _ => Glyph::SPACE,
        },
    };
    (part, c)
}

/// One small letter for a capital; Turkish I with a dot is i, and Romanian text holds both signs below t.
fn small_letter(c: char) -> char {
    match c {
        'İ' => 'i',
        'ţ' | 'Ţ' => 'ț',
        _ => c.to_lowercase().next().unwrap_or(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_glyph_holds_what_was_put_in() {
        for c in ['a', 'Z', 'é', 'É', 'İ', 'Ж', 'ж', '字', '한', '\u{301}', '\'', '’', ' ', '\u{a0}', '1', '@', '.', '/', ':', 'Ａ', '𠀀', '\u{200c}']
        {
            let (is, says) = part(c);
            let glyph = Glyph::of(c);
            assert_eq!((glyph.part(), glyph.writing()), (is, Writing::of(says) as usize), "{c:?}");
            assert!(is.count_ones() < 2);
        }
        assert_eq!(['É', 'Ａ', '’'].map(|c| Glyph::of(c).code()), [0xE9, 0x61, 0x27]);
    }

    #[test]
    fn writings_are_numbered_in_order_and_fit() {
        assert!(Writing::ALL.iter().enumerate().all(|(n, writing)| *writing as usize == n));
        assert!(Writing::ALL.len() < 64);
    }
}
