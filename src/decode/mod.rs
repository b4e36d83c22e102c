//! Bytes to text: which encoding, then which changes. The only place where bytes become text.
//!
//! The order of evidence: a byte order mark; valid UTF-8 that holds neither NUL nor ESC, which no detector is asked
//! about; what is no text at all; a declared charset, as a prior that wrong bytes overrule; chardetng. One encoding a
//! record: files of mixed encodings and mojibake repair have their seam between [`decode`] and [`Normalizer`].

mod binary;
mod characters;
mod normal;
mod normalize;
mod step;

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, ISO_2022_JP, UTF_8, UTF_16BE, UTF_16LE};

pub use normalize::{LineNumbers, Normalized, Normalizer};
pub use step::{Step, StepCounts, Steps};

use crate::model::{Cause, EncodingEvidence};

/// A decoded record.
#[derive(Debug, PartialEq, Eq)]
pub struct Decoded<'a> {
    /// The text, without byte order mark.
    pub text: Cow<'a, str>,
    /// WHATWG name of the encoding.
    pub encoding: &'static str,
    /// How it was decided.
    pub evidence: EncodingEvidence,
    /// U+FFFD put in for bytes that the encoding does not have.
    pub replaced: u64,
}

/// Decodes a record. `declared` is the charset that its source declares, `tld` the top-level domain of its site.
///
/// # Errors
/// [`Cause::NotText`] for what is no text.
pub fn decode<'a>(bytes: &'a [u8], declared: Option<&str>, tld: Option<&str>) -> Result<Decoded<'a>, Cause> {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return Ok(decode_as(bytes, encoding, EncodingEvidence::Bom));
    }
    let valid = simdutf8::basic::from_utf8(bytes).ok();
    if let Some(text) = valid
        && memchr::memchr2(0, 0x1B, bytes).is_none()
    {
        return match binary::signature(bytes) {
            true => Err(Cause::NotText),
            false => Ok(utf8(text)),
        };
    }
    if binary::is_binary(bytes, valid.is_some()) {
        return Err(Cause::NotText);
    }
    if let Some(text) = valid {
        if bytes.is_ascii() && memchr::memchr(0, bytes).is_none() && looks_like_iso_2022_jp(bytes) {
            return Ok(decode_as(bytes, ISO_2022_JP, EncodingEvidence::Detected));
        }
        return Ok(utf8(text));
    }
    if let Some(encoding) = declared.and_then(|label| Encoding::for_label(label.as_bytes()))
        && encoding != UTF_8
        && encoding != UTF_16LE
        && encoding != UTF_16BE
        && encoding.decode_without_bom_handling_and_without_replacement(bytes).is_some()
    {
        return Ok(decode_as(bytes, encoding, EncodingEvidence::Declared));
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    // `last` stays false: what a cut at the end of the file would say is no evidence.
    detector.feed(bytes, false);
    // The detector panics on what no host name has.
    let tld = tld.map(str::as_bytes).filter(|t| t.iter().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || *b == b'-'));
    let encoding = detector.guess(tld, Utf8Detection::Deny);
    Ok(decode_as(bytes, encoding, EncodingEvidence::Detected))
}

/// Decodes with an encoding that an earlier read decided on.
pub fn decode_as<'a>(bytes: &'a [u8], encoding: &'static Encoding, evidence: EncodingEvidence) -> Decoded<'a> {
    let body = match evidence {
        EncodingEvidence::Bom => Encoding::for_bom(bytes).and_then(|(_, length)| bytes.get(length..)).unwrap_or(bytes),
        _ => bytes,
    };
    let (text, had_errors) = encoding.decode_without_bom_handling(body);
    // U+FFFD that the input itself holds is counted only where something was replaced too: an upper bound.
    let replaced = if had_errors { text.matches('\u{fffd}').count() as u64 } else { 0 };
    Decoded { text, encoding: encoding.name(), evidence, replaced }
}

fn utf8(text: &str) -> Decoded<'_> {
    Decoded { text: Cow::Borrowed(text), encoding: UTF_8.name(), evidence: EncodingEvidence::Valid, replaced: 0 }
}

/// 7-bit text with an escape to a Japanese set that decodes without a fault.
fn looks_like_iso_2022_jp(bytes: &[u8]) -> bool {
    let escapes: [&[u8]; 3] = [b"\x1b$B", b"\x1b$@", b"\x1b(I"];
    escapes.iter().any(|escape| memchr::memmem::find(bytes, escape).is_some())
        && ISO_2022_JP.decode_without_bom_handling_and_without_replacement(bytes).is_some()
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
        (decoded.text.into_owned(), decoded.encoding, decoded.evidence.code())
    }

    #[test]
    fn the_order_of_evidence() {
        let russian = "Генеральный секретарь встретился с партийным руководством провинции, сообщает агентство.";
        let (cp1251, ..) = encoding_rs::WINDOWS_1251.encode(russian);
        let (koi8, ..) = encoding_rs::KOI8_R.encode(russian);
        let (jis, ..) = ISO_2022_JP.encode("日本語の文章です");
        let utf16: Vec<u8> = [0xFF, 0xFE].into_iter().chain("Привет\n".encode_utf16().flat_map(u16::to_le_bytes)).collect();
        let owned = |text: &str, encoding, evidence| (text.to_owned(), encoding, evidence);
        assert_eq!(decoded(b"", None), owned("", "UTF-8", "valid"));
        assert_eq!(decoded("\u{feff}é".as_bytes(), Some("koi8-r")), owned("é", "UTF-8", "bom"));
        assert_eq!(decoded(&utf16, None), owned("Привет\n", "UTF-16LE", "bom"));
        assert_eq!(decoded(russian.as_bytes(), Some("windows-1251")), owned(russian, "UTF-8", "valid"));
        assert_eq!(decoded(&cp1251, Some("windows-1251")), owned(russian, "windows-1251", "declared"));
        assert_eq!(decoded(&cp1251, None), owned(russian, "windows-1251", "detected"));
        assert_eq!(decoded(&koi8, None), owned(russian, "KOI8-U", "detected"));
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
