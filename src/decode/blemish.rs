//! What is wrong with the characters of a text, and on which lines: what normalisation would change, told apart by kind, and U+FFFD.
//!
//! A text that is normal already holds none but U+FFFD, so whoever has normalised it asks of the others only. A line counts once for each kind.

use unicode_normalization::UnicodeNormalization;

use super::{
    characters::{is_bidi_control, is_control, is_exotic_space, is_line_end, is_right_to_left, is_zero_width, stays},
    mojibake::{Repairs, repair},
    normal::{TOUCHED, doubts, is_composed, needs},
};
use crate::model::lines;

/// A kind of fault in the characters of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Blemish {
    /// U+FFFD: bytes that somebody lost.
    Replacement,
    /// UTF-8 that was read in another encoding.
    Mojibake,
    /// A control character other than tab and line ends.
    Control,
    /// Not in normal form C.
    NotNfc,
    /// A space other than U+0020.
    ExoticSpace,
    /// A character without width, or a soft hyphen, where no script needs it.
    ZeroWidth,
    /// A control of direction in a line without a right-to-left script.
    BidiControl,
}

impl Blemish {
    /// Every kind.
    pub const ALL: [Blemish; 7] =
        [Blemish::Replacement, Blemish::Mojibake, Blemish::Control, Blemish::NotNfc, Blemish::ExoticSpace, Blemish::ZeroWidth, Blemish::BidiControl];
}

const REPLACEMENT: &[u8] = "\u{fffd}".as_bytes();

/// Tells `each` the lines (by their number, from 1) that hold U+FFFD.
pub fn replacements(text: &str, each: &mut dyn FnMut(Blemish, u64, &str)) {
    if memchr::memmem::find(text.as_bytes(), REPLACEMENT).is_none() {
        return;
    }
    for (line, number) in lines(text).zip(1..).filter(|(line, _)| line.contains('\u{fffd}')) {
        each(Blemish::Replacement, number, line);
    }
}

/// Tells `each` what is wrong with which lines (by their number, from 1) of a text, but for U+FFFD.
pub fn blemishes(text: &str, each: &mut dyn FnMut(Blemish, u64, &str)) {
    let repaired = repair(text, &mut Repairs::default());
    if let std::borrow::Cow::Owned(repaired) = &repaired {
        for ((line, _), number) in lines(text).zip(lines(repaired)).zip(1..).filter(|((line, mended), _)| line != mended) {
            each(Blemish::Mojibake, number, line);
        }
    }
    for (line, number) in lines(text).zip(1..) {
        if !doubts(line).characters {
            continue;
        }
        if needs(line) & TOUCHED != 0 {
            let found = touched(line);
            for blemish in Blemish::ALL.into_iter().filter(|blemish| found & 1 << *blemish as u8 != 0) {
                each(blemish, number, line);
            }
        }
        if !is_composed(line, 0) && !line.chars().eq(line.nfc()) {
            each(Blemish::NotNfc, number, line);
        }
    }
}

/// The kinds of a line's characters, a bit each.
fn touched(line: &str) -> u8 {
    let directed = line.chars().any(is_right_to_left);
    let goes = |c: char| is_control(c) || is_bidi_control(c) && !directed;
    let mut found = 0;
    let mut before = None;
    let mut flagged = false;
    for (at, c) in line.char_indices() {
        let blemish = if is_exotic_space(c) {
            Some(Blemish::ExoticSpace)
        } else if c == '\u{ad}' {
            Some(Blemish::ZeroWidth)
        } else if is_control(c) {
            (!is_line_end(c)).then_some(Blemish::Control)
        } else if is_bidi_control(c) {
            (!directed).then_some(Blemish::BidiControl)
        } else if is_zero_width(c) {
            let after = line.get(at..).into_iter().flat_map(str::chars).find(|next| !is_zero_width(*next) && !goes(*next));
            if stays(c, before, after, flagged) { None } else { Some(Blemish::ZeroWidth) }
        } else {
            flagged = c == '\u{1f3f4}';
            before = Some(c);
            None
        };
        if let Some(blemish) = blemish {
            found |= 1 << blemish as u8;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Vec<(Blemish, u64)> {
        let mut found = Vec::new();
        replacements(text, &mut |blemish, line, _| found.push((blemish, line)));
        blemishes(text, &mut |blemish, line, _| found.push((blemish, line)));
        found.sort();
        found
    }

    #[test]
    fn each_kind_is_found_on_its_line() {
        for (text, want) in [
            ("clean\nтекст\n文字\n", &[][..]),
            ("one\r\ntwo\r\n", &[]),
            ("one\nlost \u{fffd} bytes \u{fffd}", &[(Blemish::Replacement, 2)]),
            ("one\nLe dÃ©veloppement a Ã©tÃ© saluÃ© par lâ€™assemblÃ©e\nthree", &[(Blemish::Mojibake, 2)]),
            ("bell \u{7} here", &[(Blemish::Control, 1)]),
            ("cafe\u{301}\nb", &[(Blemish::NotNfc, 1)]),
            ("a\u{a0}b\nc\u{3000}d", &[(Blemish::ExoticSpace, 1), (Blemish::ExoticSpace, 2)]),
            ("ze\u{200b}ro and so\u{ad}ft", &[(Blemish::ZeroWidth, 1)]),
            ("right \u{202e}to left", &[(Blemish::BidiControl, 1)]),
            ("שלום \u{200e}abc", &[]),
            ("می\u{200c}خواهم\nसूचना क\u{94d}\u{200d}ष", &[]),
            ("a\u{a0}b\u{200b}\u{1}", &[(Blemish::Control, 1), (Blemish::ExoticSpace, 1), (Blemish::ZeroWidth, 1)]),
        ] {
            assert_eq!(of(text), want, "{text:?}");
        }
    }

    #[test]
    fn what_is_normal_holds_none() {
        use crate::decode::{Normalizer, StepCounts, Steps};
        let normalizer = Normalizer::new(Steps::all());
        for text in [
            "a\u{a0}b\u{200b}\u{1}",
            "cafe\u{301}\r\nx",
            "Le dÃ©veloppement a Ã©tÃ© saluÃ© par lâ€™assemblÃ©e",
            "right \u{202e}to left",
            "שלום \u{200e}abc",
        ] {
            let normal = normalizer.normalize(text, &mut StepCounts::default()).text.into_owned();
            assert_eq!(of(&normal), [], "{normal:?}");
        }
    }
}
