//! Characters as the measures of a line see them: letters with their weight, marks that separate, marks that end.
//!
//! [`CharClass::of`] is the definition; [`CharClass::lookup`] reads it from a table, and [`Measures`] adds classes up.

use unicode_general_category::{GeneralCategory, get_general_category};

use super::{CharTable, Script};

/// What a character adds to the measures of its line, in [`CharClass::BITS`] bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CharClass(u32);

static CLASSES: CharTable = CharTable::new(|c| CharClass::of(c).0);

impl CharClass {
    /// Bits that a class takes.
    pub const BITS: u32 = 4;
    const SEPARATOR: u32 = 1;
    const SPACED: u32 = 2;
    const STOPLESS: u32 = 3;
    const WIDE: u32 = 4;
    /// Beside the kinds above.
    const HARD: u32 = 8;

    /// The class of a character, by the book.
    pub fn of(c: char) -> CharClass {
        if is_letter_or_mark(c) {
            return CharClass(match units(c) {
                4 => CharClass::STOPLESS,
                8 => CharClass::WIDE,
                _ => CharClass::SPACED,
            });
        }
        let separator = if is_separator(c) { CharClass::SEPARATOR } else { 0 };
        CharClass(separator | if is_hard_stop(c) { CharClass::HARD } else { 0 })
    }

    /// The same, from the table.
    #[inline]
    pub fn lookup(c: char) -> CharClass {
        CharClass(CLASSES.get(c))
    }

    /// As a number below 2^[`CharClass::BITS`].
    pub fn to_bits(self) -> u32 {
        self.0
    }

    /// From the lowest bits of a number.
    #[inline]
    pub fn from_bits(bits: u32) -> CharClass {
        CharClass(bits & ((1 << CharClass::BITS) - 1))
    }

    /// Is it a sentence stop that is no full stop, or was one of several that were put together bit by bit?
    pub fn is_hard(self) -> bool {
        self.0 & CharClass::HARD != 0
    }

    /// Is it a letter or a mark?
    pub fn is_letter(self) -> bool {
        self.0 & 7 >= CharClass::SPACED
    }

    /// Is it a letter of Han or kana?
    pub fn is_wide(self) -> bool {
        self.0 & 7 == CharClass::WIDE
    }

    /// Is it a letter of Thai, Lao, Khmer or Burmese, whose words no spaces part?
    pub fn is_stopless(self) -> bool {
        self.0 & 7 == CharClass::STOPLESS
    }
}

/// Sums over few characters, packed: letters, weight, letters of scripts without stops, separators, 16 bits each.
#[derive(Clone, Copy, Debug, Default)]
pub struct PackedMeasures {
    sums: u64,
    hard: u32,
}

impl PackedMeasures {
    /// Bytes of text after which the sums must be taken over, before a field can overflow: a byte weighs 3 at most.
    pub const MAX_BYTES: usize = 1 << 14;
    const ADDED: [u64; 8] = [0, 1 << 48, 1 | 3 << 16, 1 | 4 << 16 | 1 << 32, 1 | 8 << 16, 0, 0, 0];

    /// Adds so many characters of a class, their stops aside.
    pub fn add_many(&mut self, class: CharClass, count: u64) {
        self.sums += PackedMeasures::ADDED.get((class.0 & 7) as usize).copied().unwrap_or(0) * count;
    }

    /// Adds a character.
    #[inline]
    pub fn add(&mut self, class: CharClass) {
        self.sums += PackedMeasures::ADDED.get((class.0 & 7) as usize).copied().unwrap_or(0);
        self.hard |= class.0;
    }
}

/// Sums over the characters of a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Measures {
    /// Letters and marks.
    pub letters: u32,
    /// Their weight in thirds of a letter of a spaced script.
    pub weight: u32,
    /// Letters of scripts that write no sentence stop.
    pub stopless: u32,
    /// Marks that part the items of a menu.
    pub separators: u32,
    /// Is there a sentence stop that is no full stop?
    pub hard: bool,
}

impl Measures {
    /// The measures of a line, addresses and all.
    pub fn of(line: &str) -> Measures {
        if line.is_ascii() {
            return Measures::of_ascii(line.as_bytes());
        }
        let mut measures = Measures::default();
        for chunk in chunks(line, PackedMeasures::MAX_BYTES) {
            let mut packed = PackedMeasures::default();
            chunk.chars().for_each(|c| packed.add(CharClass::lookup(c)));
            measures.take_over(packed);
        }
        measures
    }

    /// The measures of the ASCII in a line.
    pub fn of_ascii(line: &[u8]) -> Measures {
        let mut measures = Measures::default();
        // Sums of bytes, so that they are added sixteen at a time.
        for chunk in line.chunks(128) {
            let (mut letters, mut separators, mut hard) = (0_u8, 0_u8, false);
            for &b in chunk {
                letters += u8::from((b | 0x20).wrapping_sub(b'a') < 26);
                separators += u8::from((b == b'|') | (b == b'>'));
                hard |= (b == b'!') | (b == b'?');
            }
            measures.letters = measures.letters.saturating_add(letters.into());
            measures.separators = measures.separators.saturating_add(separators.into());
            measures.hard |= hard;
        }
        measures.weight = measures.letters.saturating_mul(3);
        measures
    }

    /// Adds the sums over a part of the line.
    pub fn take_over(&mut self, packed: PackedMeasures) {
        let field = |shift: u32| u32::try_from(packed.sums >> shift & 0xFFFF).unwrap_or(0);
        self.letters = self.letters.saturating_add(field(0));
        self.weight = self.weight.saturating_add(field(16));
        self.stopless = self.stopless.saturating_add(field(32));
        self.separators = self.separators.saturating_add(field(48));
        self.hard |= packed.hard & CharClass::HARD != 0;
    }
}

/// Cuts a text into pieces of at most `max_bytes` (at least 4), at characters.
pub fn chunks(text: &str, max_bytes: usize) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let end = (0..=max_bytes.min(rest.len())).rev().find(|end| rest.is_char_boundary(*end))?;
        let (chunk, after) = rest.split_at_checked(end)?;
        rest = after;
        (!chunk.is_empty()).then_some(chunk)
    })
}

/// A letter or a mark.
#[inline]
pub fn is_letter(c: char) -> bool {
    CharClass::lookup(c).is_letter()
}

/// By the book: the table keeps the answers, so this need not be fast.
fn is_letter_or_mark(c: char) -> bool {
    use GeneralCategory as G;
    if u32::from(c) < 0x300 {
        return c.is_alphabetic();
    }
    matches!(
        get_general_category(c),
        G::UppercaseLetter
            | G::LowercaseLetter
            | G::TitlecaseLetter
            | G::ModifierLetter
            | G::OtherLetter
            | G::NonspacingMark
            | G::SpacingMark
            | G::EnclosingMark
    )
}

fn units(c: char) -> u32 {
    match u32::from(c) {
        0x3040..=0x30FF | 0x3400..=0x9FFF | 0xF900..=0xFAFF | 0x2_0000..=0x3_FFFF => 8,
        0xE00..=0x10FF if Script::of(c) != Script::Georgian => 4,
        0x1780..=0x17FF => 4,
        _ => 3,
    }
}

pub(super) fn is_hard_stop(c: char) -> bool {
    matches!(c, '!' | '?' | '…' | '。' | '！' | '？' | '।' | '॥' | '؟' | '۔' | '။' | '།' | '։' | '።' | '｡')
}

fn is_separator(c: char) -> bool {
    matches!(c, '|' | '·' | '»' | '«' | '›' | '‹' | '•' | '►' | '▶' | '▼' | '▲' | '→' | '←' | '¦' | '●' | '■' | '◆' | '>' | '¶' | '│')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ascii_path_agrees_with_the_general_one() {
        let general = |line: &str| {
            let mut measures = Measures::default();
            for c in line.chars() {
                let mut one = PackedMeasures::default();
                one.add(CharClass::of(c));
                measures.take_over(one);
            }
            measures
        };
        let all: String = (0_u8..128).map(char::from).collect();
        for line in ["", "a", "Home | News > Sport!", &all, &all.repeat(5), &"x".repeat(1000)] {
            assert_eq!(Measures::of_ascii(line.as_bytes()), general(line), "{line}");
            assert_eq!(Measures::of(line), general(line), "{line}");
        }
        for line in ["Привет, мир! → далее", "ข้อความภาษาไทย", "東京。", &"東京。".repeat(9000), &"ขь|".repeat(9000)]
        {
            assert_eq!(Measures::of(line), general(line), "{line}");
        }
    }

    #[test]
    fn letters_and_marks() {
        for c in ['a', 'Z', 'ª', 'µ', 'é', 'ʰ', '\u{301}', 'я', 'ا', '\u{64b}', 'क', '\u{93e}', 'ก', '\u{e31}', 'あ', '東', '한', '\u{2_0000}']
        {
            assert!(is_letter(c), "{c:?}");
        }
        for c in ['1', ' ', '-', '×', '÷', '˄', '…', '、', '。', '・', '٣', '€', '№', '→', '😀', '\u{2028}', '\u{200d}'] {
            assert!(!is_letter(c), "{c:?}");
        }
        // The table says what the book says, wherever it is asked.
        for c in ('\0'..='\u{3_0000}').step_by(7) {
            assert_eq!(is_letter(c), is_letter_or_mark(c), "{c:?}");
        }
    }
}
