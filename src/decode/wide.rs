//! UTF-16 and UTF-32 without a byte order mark: told by what the units are in either byte order.
//!
//! Text has spaces, line ends and punctuation among letters of one script; the same bytes swapped, bytes of other encodings and binary data
//! have units that mean nothing or scripts that change from unit to unit.

use super::Charset;

/// Bytes that are looked at.
const MOST: usize = 4096;
/// Units that have to be there, and are not enough by themselves where nothing in them is common.
const LEAST: usize = 4;

/// UTF-16 or UTF-32 without a mark, if it is either.
pub(super) fn detect(bytes: &[u8]) -> Option<Charset> {
    let head = bytes.get(..bytes.len().min(MOST)).unwrap_or_default();
    for big in [false, true] {
        let units = head.chunks_exact(4).map(|unit| if big { u32_be(unit) } else { u32_le(unit) });
        if is_text(units, head.len(), 4) {
            return Some(if big { Charset::Utf32Be } else { Charset::Utf32Le });
        }
    }
    let units = |big: bool| head.chunks_exact(2).map(move |unit| if big { u16_be(unit) } else { u16_le(unit) });
    let is = |big: bool| is_text(scalars(units(big)), head.len(), 2);
    match (is(false), is(true)) {
        (true, false) => Some(Charset::Whatwg(encoding_rs::UTF_16LE)),
        (false, true) => Some(Charset::Whatwg(encoding_rs::UTF_16BE)),
        _ => None,
    }
}

/// The text of UTF-32; U+FFFD for what is no character, and nothing for a cut unit at the end.
pub(super) fn utf_32(bytes: &[u8], big: bool) -> String {
    bytes.chunks_exact(4).map(|unit| char::from_u32(if big { u32_be(unit) } else { u32_le(unit) }).unwrap_or('\u{fffd}')).collect()
}

fn u32_le(unit: &[u8]) -> u32 {
    unit.first_chunk().map_or(u32::MAX, |unit| u32::from_le_bytes(*unit))
}

fn u32_be(unit: &[u8]) -> u32 {
    unit.first_chunk().map_or(u32::MAX, |unit| u32::from_be_bytes(*unit))
}

fn u16_le(unit: &[u8]) -> u16 {
    unit.first_chunk().map_or(u16::MAX, |unit| u16::from_le_bytes(*unit))
}

fn u16_be(unit: &[u8]) -> u16 {
    unit.first_chunk().map_or(u16::MAX, |unit| u16::from_be_bytes(*unit))
}

/// Surrogates that stand alone are `u32::MAX`, but for one at the end, which may be cut.
fn scalars(units: impl Iterator<Item = u16>) -> impl Iterator<Item = u32> {
    char::decode_utf16(units).map(|c| c.map_or(u32::MAX, u32::from))
}

/// Are these the characters of a text, mostly of one script? `length`: all bytes; `bytes`: those of a unit.
fn is_text(units: impl Iterator<Item = u32>, length: usize, bytes: usize) -> bool {
    let (mut all, mut common, mut odd, mut letters, mut changes) = (0_usize, 0, 0, 0_usize, 0);
    let mut before = None;
    for unit in units {
        all += 1;
        // Most that is no text is seen at once: there are no more characters than units.
        if odd * 100 > length / bytes {
            return false;
        }
        let Some(c) = char::from_u32(unit) else {
            // At the cut end of what is looked at.
            odd += 2;
            continue;
        };
        match c {
            ' ' | '\n' | '\r' | '\t' | '\u{feff}' | '、' | '。' | '，' | '\u{3000}' => common += 1,
            '!'..='~' if bytes == 4 || c.is_ascii_punctuation() || c.is_ascii_digit() => common += 1,
            _ => {}
        }
        match script(unit) {
            Script::None => odd += 1,
            Script::Neutral => {}
            script => {
                letters += 1;
                changes += usize::from(before.is_some_and(|before| before != script));
                before = Some(script);
            }
        }
    }
    let latin_only = bytes == 2 && before == Some(Script::Latin) && changes == 0;
    all >= LEAST && odd * 100 <= all && changes * 8 <= letters && (bytes == 4 || latin_only || common * 50 >= all)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Script {
    /// No character, or one that no text holds.
    None,
    /// Spaces, digits, punctuation, symbols.
    Neutral,
    Latin,
    Greek,
    Cyrillic,
    Han,
    Hangul,
    Other(u32),
}

fn script(unit: u32) -> Script {
    match unit {
        0x09 | 0x0A | 0x0D | 0x20..=0x40 | 0x5B..=0x60 | 0x7B..=0x7E | 0xA0..=0xBF | 0xD7 | 0xF7 => Script::Neutral,
        0x00..=0x9F if !(0x41..=0x7A).contains(&unit) => Script::None,
        0x41..=0x24F | 0x1E00..=0x1EFF | 0x300..=0x36F => Script::Latin,
        0x370..=0x3FF | 0x1F00..=0x1FFF => Script::Greek,
        0x400..=0x52F => Script::Cyrillic,
        0x2010..=0x2027 | 0x2030..=0x205E | 0x20A0..=0x20BF | 0x2100..=0x22FF | 0x2500..=0x26FF | 0xFEFF => Script::Neutral,
        0x3000..=0x303F | 0xFF00..=0xFF65 => Script::Neutral,
        // Kana and Han alternate in one language.
        0x3040..=0x30FF | 0x3400..=0x9FFF | 0xF900..=0xFAFF | 0x2_0000..=0x3_FFFF => Script::Han,
        0x1100..=0x11FF | 0xAC00..=0xD7A3 => Script::Hangul,
        0x1_F300..=0x1_FAFF => Script::Neutral,
        0x530..=0x10FF | 0x1200..=0x1DFF => Script::Other(unit >> 7),
        _ => Script::None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXTS: [&str; 9] = [
        "The quick brown fox",
        "Привет, мир",
        "中文的文章，没有别的。然后还有一些字在这里",
        "日本語の文章です。これは長いです",
        "हिन्दी में लिखा हुआ पाठ",
        "Ένα κείμενο στα ελληνικά",
        "한국어 문장입니다",
        "نص باللغة العربية",
        "word",
    ];

    #[test]
    fn text_is_told_in_either_order() {
        for text in TEXTS {
            let wide =
                |big: bool| text.chars().flat_map(|c| if big { u32::from(c).to_be_bytes() } else { u32::from(c).to_le_bytes() }).collect::<Vec<u8>>();
            let half = |big: bool| text.encode_utf16().flat_map(|u| if big { u.to_be_bytes() } else { u.to_le_bytes() }).collect::<Vec<u8>>();
            for (bytes, name) in [(wide(false), "UTF-32LE"), (wide(true), "UTF-32BE"), (half(false), "UTF-16LE"), (half(true), "UTF-16BE")] {
                let charset = detect(&bytes);
                assert_eq!(charset.map(Charset::name), Some(name), "{text}");
                assert_eq!(charset.unwrap().decode(&bytes).0, text);
            }
        }
    }

    #[test]
    fn other_bytes_are_neither() {
        let noise: Vec<u8> = (0..3000_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
        assert_eq!(detect(&noise), None);
        assert_eq!(detect(&[0; 64]), None);
        for text in TEXTS {
            assert_eq!(detect(text.as_bytes()), None, "{text}");
            for encoding in
                [encoding_rs::SHIFT_JIS, encoding_rs::GBK, encoding_rs::BIG5, encoding_rs::EUC_KR, encoding_rs::EUC_JP, encoding_rs::WINDOWS_1251]
            {
                let (bytes, _, lost) = encoding.encode(text);
                assert!(lost || detect(&bytes).is_none(), "{text} in {}", encoding.name());
            }
        }
    }
}
