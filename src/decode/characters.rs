//! Characters that normalisation looks at: spaces, controls, and zero-width characters with the scripts that need them.
//!
//! Ranges are those of Unicode 16: `Blocks.txt`, general category Zs, `PropList.txt` (Bidi_Control, Variation_Selector).

use crate::model::Script;

/// A space other than U+0020 (general category Zs).
pub(super) fn is_exotic_space(c: char) -> bool {
    matches!(c, '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}')
}

/// A line end other than LF.
pub(super) fn is_line_end(c: char) -> bool {
    matches!(c, '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// A control that no text needs: C0 but tab and LF, DEL, C1, soft hyphen.
pub(super) fn is_control(c: char) -> bool {
    matches!(c, '\0'..='\u{8}' | '\u{b}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{ad}')
}

/// A control of direction (Bidi_Control): needed where a right-to-left script stands in the line, and only there.
pub(super) fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A character of a right-to-left script.
pub(super) fn is_right_to_left(c: char) -> bool {
    matches!(u32::from(c), 0x590..=0x61B | 0x61D..=0x8FF | 0xFB1D..=0xFDFF | 0xFE70..=0xFEFC | 0x1_0800..=0x1_0FFF | 0x1_E800..=0x1_EFFF)
}

/// A character without width that some script may need.
pub(super) fn is_zero_width(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0000}'..='\u{e01ef}')
}

/// Does a zero-width character stay between these neighbours (neither of them zero-width itself)?
///
/// `flagged`: a tag sequence that began with U+1F3F4 is under way.
pub(super) fn stays(c: char, before: Option<char>, after: Option<char>, flagged: bool) -> bool {
    match c {
        '\u{200b}' => before.is_some_and(is_south_east_asian) && after.is_some_and(is_south_east_asian),
        '\u{200c}' | '\u{200d}' => [before, after].into_iter().flatten().any(|n| is_joining(n) || is_emoji(n)),
        '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}' => before.is_some_and(takes_variation),
        '\u{e0020}'..='\u{e007f}' => flagged,
        _ => false,
    }
}

fn is_south_east_asian(c: char) -> bool {
    matches!(u32::from(c), 0xE00..=0xEFF | 0x1000..=0x109F | 0x1780..=0x17FF | 0x1950..=0x19FF | 0x1A20..=0x1AAF | 0xA9E0..=0xA9FF | 0xAA60..=0xAADF)
}

/// Scripts whose letters join: Arabic and its like, Mongolian, the scripts of India, Tibetan and South-East Asia.
fn is_joining(c: char) -> bool {
    matches!(u32::from(c), 0x600..=0x8FF | 0x900..=0xFFF | 0x1000..=0x109F | 0x1700..=0x18AF | 0x1900..=0x1CFF | 0xA800..=0xABFF | 0xFB50..=0xFDFF | 0xFE70..=0xFEFC | 0x1_0A00..=0x1_1FFF)
}

fn is_emoji(c: char) -> bool {
    matches!(u32::from(c), 0xA9 | 0xAE | 0x203C | 0x2049 | 0x2122 | 0x2139 | 0x2190..=0x2BFF | 0x3030 | 0x303D | 0x3297 | 0x3299 | 0x1_F000..=0x1_FAFF)
}

/// Can the character before a variation selector have variants? Letters of Latin, Greek and Cyrillic and spaces have none,
/// nor have the signs that NFC turns into such letters.
fn takes_variation(c: char) -> bool {
    let plain = c.is_alphabetic() && matches!(Script::of(c), Script::Latin | Script::Greek | Script::Cyrillic);
    !(c.is_whitespace() || plain || matches!(c, '\u{2126}' | '\u{212a}' | '\u{212b}'))
}

/// A combining mark that belongs to no script: what it stands on decides.
pub(super) fn is_inherited_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}
