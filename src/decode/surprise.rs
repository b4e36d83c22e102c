//! How surprised a reader of any language is by a character after another, in bits: what repairs are weighed by.
//!
//! Not a model of languages: it knows how common a character is among all text, that letters of two scripts do not meet in a word, that a
//! capital does not follow a small letter, and that signs, quotes and lines of boxes do not stand inside of words. The figures are round and
//! were set by hand, then held against clean text of 49 languages and its misreadings (`benches/encoding/README.md`).

use unicode_general_category::{GeneralCategory, get_general_category};

use crate::model::Script;

/// What of a character counts beside its neighbours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Look {
    /// Bits that the character costs alone; those of ASCII are part of every reading and cost nothing.
    pub cost: u8,
    pub shape: Shape,
    /// Of a letter or a mark of one script; 0 for all else.
    script: u8,
    /// Is it what UTF-8 leaves when it is misread, and never seen else where it stands?
    stray: Stray,
}

/// Where a character that misreadings leave is never seen but for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stray {
    No,
    /// In front of a NBSP.
    NoBreak,
    /// In front of spaces, signs and quotes.
    Signs,
    /// In front of anything but ASCII; these are no letters.
    Any,
}

/// A character's part in a word or between words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Gap,
    NoBreak,
    Digit,
    Small,
    Capital,
    /// A letter without case.
    Letter,
    /// Part of the letter before.
    Mark,
    /// Goes with words on either side: apostrophe, dash, full stop.
    Link,
    /// Begins a word.
    Opens,
    /// Ends a word.
    Closes,
    /// Quotes that begin words in some languages and end them in others.
    Quote,
    Sign,
    /// Lines and blocks that boxes are drawn with.
    Box,
    Control,
}

impl Shape {
    const ALL: [Shape; 14] = [
        Shape::Gap,
        Shape::NoBreak,
        Shape::Digit,
        Shape::Small,
        Shape::Capital,
        Shape::Letter,
        Shape::Mark,
        Shape::Link,
        Shape::Opens,
        Shape::Closes,
        Shape::Quote,
        Shape::Sign,
        Shape::Box,
        Shape::Control,
    ];

    pub(super) fn is_letter(self) -> bool {
        matches!(self, Shape::Small | Shape::Capital | Shape::Letter)
    }
}

impl Look {
    /// Of the beginning and end of a line.
    pub(super) const EDGE: Look = Look { cost: 0, shape: Shape::Gap, script: 0, stray: Stray::No };

    /// The look of a character.
    pub(super) fn of(c: char) -> Look {
        let shape = shape(c);
        let stray = match c {
            'Ã' | 'Â' | 'â' | 'Î' | 'Ï' | 'Ð' => Stray::Signs,
            'Ă' | 'Г' => Stray::NoBreak,
            '√' | '¬' | '├' | '┬' => Stray::Any,
            _ => Stray::No,
        };
        Look { cost: cost(c, shape), shape, script: script_of(c, shape), stray }
    }

    /// Bits of a number that it goes into.
    pub(super) const BITS: u32 = 18;

    /// As a number below 2^[`Look::BITS`].
    pub(super) fn to_bits(self) -> u32 {
        u32::from(self.cost) | (self.shape as u32) << 6 | u32::from(self.script) << 10 | (self.stray as u32) << 16
    }

    /// From the lowest bits of a number.
    #[inline]
    pub(super) fn from_bits(bits: u32) -> Look {
        let shape = Shape::ALL.get((bits >> 6 & 15) as usize).copied().unwrap_or(Shape::Sign);
        let stray = match bits >> 16 & 3 {
            0 => Stray::No,
            1 => Stray::NoBreak,
            2 => Stray::Signs,
            _ => Stray::Any,
        };
        Look { cost: (bits & 63) as u8, shape, script: (bits >> 10 & 63) as u8, stray }
    }

    /// Bits that `self` costs after `before`.
    #[inline]
    pub(super) fn after(self, before: Look) -> u32 {
        u32::from(self.cost) + meeting(before, self)
    }
}

/// What two neighbours cost beside what each costs alone.
pub(super) fn meeting(a: Look, b: Look) -> u32 {
    use Shape::{Box, Capital, Closes, Control, Gap, Link, Mark, NoBreak, Opens, Quote, Sign, Small};
    let stray = match (a.stray, b.shape) {
        (Stray::Signs, Gap | NoBreak | Sign | Opens | Closes | Quote | Control) | (Stray::NoBreak, NoBreak) => 8,
        (Stray::Any, shape) if b.cost > 0 && shape != Box => 8,
        _ => 0,
    };
    let met = match (a.shape, b.shape) {
        (x, y) if x.is_letter() && y.is_letter() => match () {
            // Greek letters name things in science.
            () if a.script != b.script => {
                if a.script.max(b.script) == GREEK {
                    7
                } else {
                    14
                }
            }
            () if x == Small && y == Capital => {
                if b.cost > 0 {
                    12
                } else {
                    8
                }
            }
            () => 0,
        },
        // Lines of boxes go on.
        (Box, Box) => 0,
        (Box, Gap) | (Gap, Box) => 4,
        (Box, _) | (_, Box) => 9,
        (x, Sign) | (Sign, x) if x.is_letter() => 6,
        (x, Control) | (Control, x) if x.is_letter() => 4,
        (x, Opens | Quote) if x.is_letter() => 6,
        (Closes | Quote, y) if y.is_letter() => 6,
        (x, Link) | (Link, x) if x.is_letter() => 1,
        (x, Mark) if b.script != 0 && (x.is_letter() || x == Mark) => {
            if a.script == b.script {
                0
            } else {
                14
            }
        }
        (x, Mark) if !x.is_letter() && x != Mark => 12,
        (NoBreak, Gap) => 2,
        _ => 0,
    };
    stray + met
}

const GREEK: u8 = 2;

fn shape(c: char) -> Shape {
    match c {
        '\u{a0}' => return Shape::NoBreak,
        ' ' | '\t' | '\n' | '\r' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{3000}' => return Shape::Gap,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{ad}' => return Shape::Control,
        '\'' | '’' | '-' | '‐' | '‑' | '–' | '—' | '.' | ',' | '…' | '·' | ':' | '/' | '\u{fffd}' | '΄' => return Shape::Link,
        '(' | '[' | '{' | '¿' | '¡' | '„' | '‚' => return Shape::Opens,
        ')' | ']' | '}' | '!' | '?' | ';' | '”' => return Shape::Closes,
        '"' | '“' | '‘' | '«' | '»' | '‹' | '›' => return Shape::Quote,
        'ª' | 'º' => return Shape::Letter,
        '†' | '‡' | '‰' | '•' | 'µ' | 'ƒ' | '\u{2b0}'..='\u{2ff}' => return Shape::Sign,
        '─'..='▟' => return Shape::Box,
        '\u{e000}'..='\u{f8ff}' => return Shape::Sign,
        _ => {}
    }
    match get_general_category(c) {
        GeneralCategory::LowercaseLetter => Shape::Small,
        GeneralCategory::UppercaseLetter | GeneralCategory::TitlecaseLetter => Shape::Capital,
        GeneralCategory::OtherLetter | GeneralCategory::ModifierLetter => Shape::Letter,
        GeneralCategory::NonspacingMark | GeneralCategory::SpacingMark | GeneralCategory::EnclosingMark | GeneralCategory::Format => Shape::Mark,
        GeneralCategory::DecimalNumber => Shape::Digit,
        GeneralCategory::OpenPunctuation => Shape::Opens,
        GeneralCategory::ClosePunctuation => Shape::Closes,
        GeneralCategory::OtherPunctuation if u32::from(c) > 0xFF => Shape::Link,
        GeneralCategory::Unassigned => Shape::Control,
        _ => Shape::Sign,
    }
}

fn cost(c: char, shape: Shape) -> u8 {
    match c {
        '\0'..='\u{7f}' => return 0,
        '\u{80}'..='\u{9f}' => return 18,
        '\u{a0}' => return 9,
        '\u{ad}' => return 12,
        '’' | '“' | '”' | '‘' | '–' | '—' | '…' => return 7,
        // Numbers in Greek: letters with this behind them.
        '΄' => return 4,
        '«' | '»' | '„' | '‚' | '‹' | '›' => return 8,
        '¿' | '¡' | 'º' | 'ª' | '·' | '°' => return 9,
        '•' | '€' | '£' => return 10,
        '©' | '®' | '™' | '§' | '´' => return 11,
        '\u{fffd}' => return 14,
        '\u{e000}'..='\u{f8ff}' => return 24,
        _ => {}
    }
    match shape {
        Shape::Control => return 30,
        Shape::Box => return 9,
        _ => {}
    }
    let capital = if shape == Shape::Capital { 2 } else { 0 };
    let common = match u32::from(c) {
        // Letters of Latin, then its signs.
        0xC0..=0xFF if shape.is_letter() => 7,
        0xA1..=0xFF => 13,
        0x100..=0x17F | 0x218..=0x21B | 0x1E80..=0x1EFF => 7,
        // Florin, and the accents that stand alone in windows-1252.
        0x192 | 0x2C6..=0x2DC => 13,
        // Vietnamese and Azerbaijani.
        0x1A0 | 0x1A1 | 0x1AF | 0x1B0 | 0x18F | 0x259 => 8,
        0x180..=0x1BF | 0x250..=0x2AF | 0x1D00..=0x1DFF | 0xA720..=0xA7FF => 22,
        0x1C0..=0x24F | 0x1E00..=0x1E7F => 16,
        0x2B0..=0x2FF => 15,
        0x300..=0x34F => 12,
        0x386..=0x3CE | 0x410..=0x44F => 4,
        0x401..=0x45F => 8,
        0x490..=0x491 => 8,
        0x492..=0x4FF => 12,
        0x531..=0x586 | 0x5D0..=0x5EA | 0x621..=0x64A | 0x660..=0x669 | 0x6A9..=0x6D2 | 0x6F0..=0x6F9 => 5,
        0x591..=0x5C7 | 0x64B..=0x652 | 0x60C | 0x61B | 0x61F => 8,
        0x600..=0x6FF => 12,
        // Digits and stops of their own are rare there.
        0x900..=0x109F if matches!(shape, Shape::Digit | Shape::Link | Shape::Sign) => 12,
        0x901..=0xDFF | 0xE01..=0xE5B | 0xE81..=0xEDF | 0xF00..=0xFFF | 0x1000..=0x109F | 0x10D0..=0x10FF | 0x1200..=0x135F | 0x1780..=0x17F9 => 6,
        0x1F00..=0x1FFF => 9,
        0x2010..=0x205E => 11,
        0x2070..=0x20BF | 0x2100..=0x22FF | 0x25A0..=0x27BF => 12,
        0x3001..=0x3011 => 7,
        0x3041..=0x30FF => 7,
        0x4E00..=0x9FFF => 10,
        0xAC00..=0xD7A3 => 9,
        0xFB00..=0xFB06 => 12,
        0xFE0F => 8,
        0xFE70..=0xFEFC => 14,
        0xFF01..=0xFF60 => 9,
        0x1_F000..=0x1_FAFF => 12,
        0x2_0000..=0x3_FFFF => 20,
        _ => 20,
    };
    common + capital
}

fn script_of(c: char, shape: Shape) -> u8 {
    match shape {
        // Marks of many scripts.
        Shape::Mark if matches!(u32::from(c), 0x300..=0x36F | 0x1AB0..=0x1AFF | 0x1DC0..=0x1DFF | 0x2000..=0x20FF | 0xFE00..=0xFE2F | 0xE_0000..) => {
            0
        }
        Shape::Mark => number(c),
        shape if shape.is_letter() => number(c),
        _ => 0,
    }
}

/// A number for the script of a letter, from 1.
fn number(c: char) -> u8 {
    match Script::of(c) {
        Script::Latin => 1,
        Script::Greek => GREEK,
        Script::Cyrillic => 3,
        Script::Armenian => 4,
        Script::Hebrew => 5,
        Script::Arabic => 6,
        Script::Thai => 7,
        Script::Lao => 8,
        Script::Myanmar => 9,
        Script::Georgian => 10,
        Script::Ethiopic => 11,
        Script::Khmer => 12,
        Script::EastAsian => 13,
        Script::Other if matches!(c, 'ª' | 'º') => 1,
        Script::Other => 14,
        Script::Indic(block) => 15 + (block & 15),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_go_into_their_bits() {
        for c in '\0'..=char::MAX {
            let look = Look::of(c);
            assert!(look.to_bits() < 1 << Look::BITS);
            assert_eq!(Look::from_bits(look.to_bits()), look);
        }
    }

    #[test]
    fn what_readers_expect_costs_less() {
        let cost = |text: &str| {
            let mut before = Look::EDGE;
            text.chars().map(|c| Look::of(c).after(std::mem::replace(&mut before, Look::of(c)))).sum::<u32>()
        };
        for (usual, odd) in
            [("é", "Ã©"), ("naïve", "naÃ¯ve"), ("что", "чtо"), ("mañana", "maÑana"), ("“so” it’s", "so“it”s"), ("═╗", "a╗b"), ("日本", "æ—¥æœ¬")]
        {
            assert!(cost(usual) < cost(odd), "{usual} {odd}");
        }
    }
}
