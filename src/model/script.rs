//! Scripts, as coarsely as the rules need them: what a reader tells apart at a glance.
//!
//! Han, kana and Hangul are one group, since one language mixes them. Ranges are blocks of Unicode 16
//! (`Blocks.txt`); a letter outside the listed blocks is [`Script::Other`].

use super::{CharTable, ascii_run};

/// A group of scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Script {
    /// Latin with its extensions.
    Latin,
    /// Greek and Coptic.
    Greek,
    /// Cyrillic.
    Cyrillic,
    /// Armenian.
    Armenian,
    /// Hebrew.
    Hebrew,
    /// Arabic.
    Arabic,
    /// Devanagari and the other scripts of India (U+0900 to U+0DFF), one class a block.
    Indic(u8),
    /// Thai.
    Thai,
    /// Lao.
    Lao,
    /// Burmese.
    Myanmar,
    /// Georgian.
    Georgian,
    /// Ethiopic.
    Ethiopic,
    /// Khmer.
    Khmer,
    /// Han, kana, bopomofo and Hangul.
    EastAsian,
    /// Any other.
    Other,
}

impl Script {
    /// The script of a letter.
    pub fn of(c: char) -> Script {
        match u32::from(c) {
            0x41..=0x24F | 0x250..=0x2AF | 0x1E00..=0x1EFF | 0x2C60..=0x2C7F | 0xA720..=0xA7FF | 0xFB00..=0xFB06 | 0xFF21..=0xFF5A => Script::Latin,
            0x370..=0x3FF | 0x1F00..=0x1FFF => Script::Greek,
            0x400..=0x52F | 0x1C80..=0x1C8F | 0x2DE0..=0x2DFF | 0xA640..=0xA69F => Script::Cyrillic,
            0x530..=0x58F => Script::Armenian,
            0x590..=0x5FF | 0xFB1D..=0xFB4F => Script::Hebrew,
            0x600..=0x6FF | 0x750..=0x77F | 0x870..=0x8FF | 0xFB50..=0xFDFF | 0xFE70..=0xFEFC => Script::Arabic,
            o @ 0x900..=0xDFF => Script::Indic(u8::try_from((o - 0x900) >> 7).unwrap_or(0)),
            0xE00..=0xE7F => Script::Thai,
            0xE80..=0xEFF => Script::Lao,
            0x1000..=0x109F | 0xA9E0..=0xA9FF | 0xAA60..=0xAA7F => Script::Myanmar,
            0x10A0..=0x10FF | 0x1C90..=0x1CBF | 0x2D00..=0x2D2F => Script::Georgian,
            0x1200..=0x139F | 0x2D80..=0x2DDF | 0xAB00..=0xAB2F => Script::Ethiopic,
            0x1780..=0x17FF | 0x19E0..=0x19FF => Script::Khmer,
            0x1100..=0x11FF
            | 0x2E80..=0x2FDF
            | 0x3005..=0x3007
            | 0x3040..=0x31FF
            | 0x3400..=0x4DBF
            | 0x4E00..=0x9FFF
            | 0xA960..=0xA97F
            | 0xAC00..=0xD7FF
            | 0xF900..=0xFAFF
            | 0xFF66..=0xFFDC
            | 0x1_B000..=0x1_B16F
            | 0x2_0000..=0x3_FFFF => Script::EastAsian,
            _ => Script::Other,
        }
    }

    fn slot(self) -> usize {
        match self {
            Script::Latin => 0,
            Script::Greek => 1,
            Script::Cyrillic => 2,
            Script::Armenian => 3,
            Script::Hebrew => 4,
            Script::Arabic => 5,
            Script::Thai => 6,
            Script::Lao => 7,
            Script::Myanmar => 8,
            Script::Georgian => 9,
            Script::Ethiopic => 10,
            Script::Khmer => 11,
            Script::EastAsian => 12,
            Script::Other => 13,
            Script::Indic(block) => 14 + usize::from(block % 10),
        }
    }

    fn of_slot(slot: usize) -> Script {
        const FIXED: [Script; 14] = [
            Script::Latin,
            Script::Greek,
            Script::Cyrillic,
            Script::Armenian,
            Script::Hebrew,
            Script::Arabic,
            Script::Thai,
            Script::Lao,
            Script::Myanmar,
            Script::Georgian,
            Script::Ethiopic,
            Script::Khmer,
            Script::EastAsian,
            Script::Other,
        ];
        FIXED.get(slot).copied().unwrap_or_else(|| Script::Indic(u8::try_from(slot.saturating_sub(14)).unwrap_or(0)))
    }
}

/// Letters by script.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScriptCounts([u64; 24]);

impl ScriptCounts {
    /// Counts `letters` letters of `script`.
    pub fn add(&mut self, script: Script, letters: u64) {
        if let Some(n) = self.0.get_mut(script.slot()) {
            *n += letters;
        }
    }

    /// Counts the letters of a text.
    pub fn of(text: &str) -> ScriptCounts {
        // The slot of a letter, and one more; 0 of what is none.
        static SLOTS: CharTable = CharTable::new(|c| if c.is_alphabetic() { 1 + Script::of(c).slot() as u32 } else { 0 });
        let mut counts = ScriptCounts::default();
        let text = text.as_bytes();
        let latin = text.iter().filter(|byte| byte.is_ascii_alphabetic()).count();
        counts.add(Script::Latin, u64::try_from(latin).unwrap_or(u64::MAX));
        let mut add = |slot: u32, letters| {
            if let Some(n) = (slot as usize).checked_sub(1).and_then(|slot| counts.0.get_mut(slot)) {
                *n += letters;
            }
        };
        // Letters beside each other are mostly of one script: they are added at once.
        let (mut last, mut letters) = (0, 0);
        let mut at = 0;
        while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
            let ascii = ascii_run(rest);
            if ascii > 0 {
                at += ascii;
                continue;
            }
            let Some((slot, next)) = SLOTS.get_at(text, at) else { break };
            if slot != last {
                add(last, letters);
                (last, letters) = (slot, 0);
            }
            letters += 1;
            at = next;
        }
        add(last, letters);
        counts
    }

    /// A bit for each script that has letters.
    pub fn present(&self) -> ScriptSet {
        let bits = self.0.iter().zip(0..).filter(|(n, _)| **n > 0);
        ScriptSet(bits.fold(0, |bits, (_, slot)| bits | 1 << slot))
    }

    /// The script with the most letters (the first in the order of [`Script`] on a tie), and its letters; `None` without letters.
    pub fn main(&self) -> Option<(Script, u64)> {
        let best = self.0.iter().copied().max().filter(|n| *n > 0)?;
        let slot = self.0.iter().position(|n| *n == best)?;
        Some((Script::of_slot(slot), best))
    }
}

/// Some scripts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ScriptSet(u32);

impl ScriptSet {
    /// Those that are not among these.
    pub fn without(self, scripts: &[Script]) -> ScriptSet {
        ScriptSet(scripts.iter().fold(self.0, |bits, script| bits & !(1 << script.slot())))
    }

    /// Is it none?
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn main_scripts() {
        let cases = [
            ("Hello Wörld", Some((Script::Latin, 10))),
            ("Привет, world!", Some((Script::Cyrillic, 6))),
            ("東京とソウル서울", Some((Script::EastAsian, 8))),
            ("नमस्ते", Some((Script::Indic(0), 5))),
            ("123 …", None),
        ];
        for (text, want) in cases {
            assert_eq!(ScriptCounts::of(text).main(), want, "{text}");
        }
    }

    #[test]
    fn counts_are_those_of_each_letter_alone() {
        for text in ["", "Hello Wörld, Grüße", "Привет, world!", "é", "aéa", "東京とソウル서울 x", "नमस्ते é 1 ² ª", "\u{10330}\u{1f600}a\u{301}"]
        {
            let mut naive = ScriptCounts::default();
            text.chars().filter(|c| c.is_alphabetic()).for_each(|c| naive.add(Script::of(c), 1));
            assert_eq!(ScriptCounts::of(text), naive, "{text}");
            let present: Vec<Script> = text.chars().filter(|c| c.is_alphabetic()).map(Script::of).collect();
            assert!(naive.present().without(&present).is_empty());
            assert_eq!(naive.present().is_empty(), present.is_empty());
        }
    }

    #[test]
    fn slots_are_distinct() {
        let mut seen = std::collections::BTreeSet::new();
        for slot in 0..24 {
            assert_eq!(Script::of_slot(slot).slot(), slot);
            assert!(seen.insert(Script::of_slot(slot)));
        }
    }
}
