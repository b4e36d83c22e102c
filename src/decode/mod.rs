//! Bytes to text: which encoding, then which changes. The only place where bytes become text.
//!
//! The order of evidence: a byte order mark; valid UTF-8 that holds none of the marks of an encoding in seven bits or of wide units, which no
//! detector is asked about; UTF-16 and UTF-32 without a mark; what is no text at all; seven bits; UTF-8 that was cut; UTF-8 in part;
//! a declared charset, as a prior that wrong bytes overrule; several bytes a character, then one. [`detect`] decides, [`Decision::decode`]
//! does; both are functions of the bytes alone.

mod binary;
mod characters;
mod charset;
mod johab;
mod language;
mod mixed;
mod multi_byte;
mod normal;
mod normalize;
mod seven_bit;
mod single_byte;
mod step;
mod tables;
mod wide;

use std::borrow::Cow;

use encoding_rs::Encoding;

pub use charset::Charset;
pub use normalize::{LineNumbers, Normalized, Normalizer};
pub use step::{Step, StepCounts, Steps};

use crate::model::{Cause, EncodingEvidence};

/// A decoded record.
#[derive(Debug, PartialEq, Eq)]
pub struct Decoded<'a> {
    /// The text, without byte order mark.
    pub text: Cow<'a, str>,
    /// How it was read.
    pub decision: Decision,
    /// U+FFFD put in for bytes that the encoding does not have.
    pub replaced: u64,
}

/// How bytes are to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The encoding; of a file that is UTF-8 in part that of the rest.
    pub charset: Charset,
    /// How it was decided.
    pub evidence: EncodingEvidence,
    /// Is the first byte the rest of a character that was cut?
    pub begins_cut: bool,
}

impl Decision {
    /// Of text that is UTF-8.
    pub const VALID: Decision = Decision { charset: Charset::UTF_8, evidence: EncodingEvidence::Valid, begins_cut: false };

    /// The encoding's name as it stands in a record.
    pub fn name(self) -> &'static str {
        if self.evidence == EncodingEvidence::Mixed { "mixed" } else { self.charset.name() }
    }

    /// Reads bytes of which it was decided.
    pub fn decode(self, bytes: &[u8]) -> Decoded<'_> {
        let (text, replaced) = match self.evidence {
            EncodingEvidence::Bom => self.charset.decode(bytes.get(bom(bytes).map_or(0, |(_, length)| length)..).unwrap_or_default()),
            EncodingEvidence::Mixed => {
                let mut text = String::with_capacity(bytes.len());
                let mut replaced = 0;
                for piece in mixed::pieces(bytes).unwrap_or_default() {
                    let charset = if piece.is_utf_8 { Charset::UTF_8 } else { self.charset };
                    let (part, faults) = charset.decode(bytes.get(piece.bytes).unwrap_or_default());
                    text.push_str(&part);
                    replaced += faults;
                }
                (Cow::Owned(text), replaced)
            }
            _ if self.begins_cut => {
                let (text, replaced) = self.charset.decode(bytes.get(1..).unwrap_or_default());
                (Cow::Owned(format!("\u{fffd}{text}")), replaced + 1)
            }
            _ => self.charset.decode(bytes),
        };
        Decoded { text, decision: self, replaced }
    }
}

/// Decodes a record. `declared` is the charset that its source declares, `tld` the top-level domain of its site.
///
/// # Errors
/// [`Cause::NotText`] for what is no text.
pub fn decode<'a>(bytes: &'a [u8], declared: Option<&str>, tld: Option<&str>) -> Result<Decoded<'a>, Cause> {
    Ok(detect(bytes, declared, tld)?.decode(bytes))
}

/// Decides how a record is to be read.
///
/// # Errors
/// [`Cause::NotText`] for what is no text.
pub fn detect(bytes: &[u8], declared: Option<&str>, tld: Option<&str>) -> Result<Decision, Cause> {
    let decided = |charset, evidence| Ok(Decision { charset, evidence, begins_cut: false });
    if let Some((charset, _)) = bom(bytes) {
        return decided(charset, EncodingEvidence::Bom);
    }
    let is_valid = simdutf8::basic::from_utf8(bytes).is_ok();
    let has_nul = memchr::memchr(0, bytes).is_some();
    if is_valid && !has_nul {
        if binary::signature(bytes) {
            return Err(Cause::NotText);
        }
        if seven_bit::may_be(bytes)
            && bytes.is_ascii()
            && let Some(charset) = seven_bit::detect(bytes)
        {
            return decided(charset, EncodingEvidence::Detected);
        }
        return if binary::is_binary(bytes, true) { Err(Cause::NotText) } else { decided(Charset::UTF_8, EncodingEvidence::Valid) };
    }
    if binary::signature(bytes) {
        return Err(Cause::NotText);
    }
    if let Some(charset) = wide::detect(bytes) {
        return decided(charset, EncodingEvidence::Detected);
    }
    if binary::is_binary(bytes, is_valid) {
        return Err(Cause::NotText);
    }
    if is_valid {
        return decided(Charset::UTF_8, EncodingEvidence::Valid);
    }
    if is_cut_utf_8(bytes) {
        return decided(Charset::UTF_8, EncodingEvidence::Detected);
    }
    let declared = declared.and_then(Charset::for_label);
    if let Some(pieces) = mixed::pieces(bytes) {
        let (pool, beside) = mixed::pool(bytes, &pieces);
        return Ok(Decision { evidence: EncodingEvidence::Mixed, begins_cut: false, ..legacy(&pool, declared, tld, &beside) });
    }
    Ok(legacy(bytes, declared, tld, ""))
}

/// What a declared encoding may cost more than the likeliest: a part of it, and so many bits.
const DECLARED_PART: u64 = 16;
const DECLARED_BITS: u64 = 40 * language::BIT as u64;

/// The encoding of bytes that are no UTF-8. `beside` is text of the same file.
fn legacy(bytes: &[u8], declared: Option<Charset>, tld: Option<&str>, beside: &str) -> Decision {
    let detected = |charset, begins_cut| Decision { charset, evidence: EncodingEvidence::Detected, begins_cut };
    let by_declaration = |charset| Decision { charset, evidence: EncodingEvidence::Declared, begins_cut: false };
    if johab::is_likely(bytes) {
        return detected(Charset::Johab, false);
    }
    let several = multi_byte::detect(bytes, tld);
    if let Some(Charset::Whatwg(encoding)) = declared
        && !encoding.is_single_byte()
        && !matches!(encoding.name(), "UTF-8" | "UTF-16LE" | "UTF-16BE" | "replacement" | "x-user-defined")
        && multi_byte::decodes(bytes, encoding)
        && (several.is_none() || !holds_private(bytes, encoding))
    {
        return by_declaration(Charset::Whatwg(encoding));
    }
    if let Some((several, begins_cut)) = several {
        return detected(Charset::Whatwg(several), begins_cut);
    }
    match single_byte::detect(bytes, declared, beside) {
        Some((best, of_declared)) => match (declared, of_declared) {
            (Some(declared), Some(cost)) if cost <= best.cost + best.cost / DECLARED_PART + DECLARED_BITS => by_declaration(declared),
            _ => detected(best.charset, false),
        },
        None => detected(Charset::Whatwg(encoding_rs::WINDOWS_1252), false),
    }
}

/// Does it decode to characters that have no meaning but in private? Then the encoding is another, most likely.
fn holds_private(bytes: &[u8], encoding: &'static Encoding) -> bool {
    encoding.decode_without_bom_handling(bytes).0.chars().any(|c| matches!(c, '\u{e000}'..='\u{f8ff}'))
}

/// The encoding of the byte order mark, and its length. UTF-32's begins as UTF-16's does. Where one was set before another, the last one was
/// there first.
fn bom(bytes: &[u8]) -> Option<(Charset, usize)> {
    match bytes {
        [0xFF, 0xFE, 0, 0, ..] if bytes.len().is_multiple_of(4) => return Some((Charset::Utf32Le, 4)),
        [0, 0, 0xFE, 0xFF, ..] => return Some((Charset::Utf32Be, 4)),
        _ => {}
    }
    let (encoding, mut length) = Encoding::for_bom(bytes)?;
    let mut last = encoding;
    if encoding != encoding_rs::UTF_8 {
        while let Some((encoding, more)) = Encoding::for_bom(bytes.get(length..)?).filter(|(encoding, _)| *encoding != encoding_rs::UTF_8) {
            last = encoding;
            length += more;
        }
    }
    Some((Charset::Whatwg(last), length))
}

/// Valid UTF-8 of some characters but for one that is cut at either end?
fn is_cut_utf_8(bytes: &[u8]) -> bool {
    let orphans = bytes.iter().take(3).take_while(|b| (0x80..0xC0).contains(*b)).count();
    let body = bytes.get(orphans..).unwrap_or_default();
    let whole = match simdutf8::compat::from_utf8(body) {
        Ok(_) => body,
        Err(e) if e.error_len().is_none() => body.get(..e.valid_up_to()).unwrap_or_default(),
        Err(_) => return false,
    };
    whole.iter().filter(|b| **b >= 0xC0).take(2).count() == 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_top_level_domain_makes_the_detector_panic() {
        for tld in ["", "RU", "a.b", "рф", "[::1]", "xn--p1ai", "7"] {
            assert!(decode(b"\xcf\xf0\xe8\xe2\xe5\xf2, \xec\xe8\xf0", None, Some(tld)).is_ok(), "{tld}");
        }
    }

    fn decoded(bytes: &[u8], declared: Option<&str>) -> (String, &'static str, &'static str) {
        let decoded = decode(bytes, declared, None).expect("text");
        (decoded.text.into_owned(), decoded.decision.name(), decoded.decision.evidence.code())
    }

    #[test]
    fn the_order_of_evidence() {
        let russian = "Генеральный секретарь встретился с партийным руководством провинции, сообщает агентство.";
        let (cp1251, ..) = encoding_rs::WINDOWS_1251.encode(russian);
        let (koi8, ..) = encoding_rs::KOI8_R.encode(russian);
        let (jis, ..) = encoding_rs::ISO_2022_JP.encode("日本語の文章です");
        let utf16: Vec<u8> = [0xFF, 0xFE].into_iter().chain("Привет\n".encode_utf16().flat_map(u16::to_le_bytes)).collect();
        let owned = |text: &str, encoding, evidence| (text.to_owned(), encoding, evidence);
        assert_eq!(decoded(b"", None), owned("", "UTF-8", "valid"));
        assert_eq!(decoded("\u{feff}é".as_bytes(), Some("koi8-r")), owned("é", "UTF-8", "bom"));
        assert_eq!(decoded(&utf16, None), owned("Привет\n", "UTF-16LE", "bom"));
        assert_eq!(decoded(russian.as_bytes(), Some("windows-1251")), owned(russian, "UTF-8", "valid"));
        assert_eq!(decoded(&cp1251, Some("windows-1251")), owned(russian, "windows-1251", "declared"));
        assert_eq!(decoded(&cp1251, None), owned(russian, "windows-1251", "detected"));
        assert_eq!(decoded(&koi8, None), owned(russian, "KOI8-R", "detected"));
        assert_eq!(decoded(&cp1251, Some("utf-8")), owned(russian, "windows-1251", "detected"));
        assert_eq!(decoded(&jis, None), owned("日本語の文章です", "ISO-2022-JP", "detected"));
    }

    #[test]
    fn odd_text_comes_out_whole() {
        for text in
            ["\u{1b}[31mred\u{1b}[0m text with colours", "one\u{c}two\u{b}three", "a text of some length with one \0 in it", "nel\u{85}and c1 \u{9f}"]
        {
            assert_eq!(decoded(text.as_bytes(), None), (text.to_owned(), "UTF-8", "valid"));
        }
    }

    #[test]
    fn what_is_no_text_is_refused() {
        let zeros = [0_u8; 100];
        let noise: Vec<u8> = (0..2000_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
        for bytes in
            [&b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"[..], b"%PDF-1.7\n1 0 obj", b"\x1f\x8b\x08\0\0", b"PK\x03\x04text", b"\x7fELF\x02", &zeros, &noise]
        {
            assert_eq!(decode(bytes, None, None).err(), Some(Cause::NotText), "{bytes:?}");
        }
    }
}
