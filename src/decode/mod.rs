//! Bytes to text: which encoding, then which changes. The only place where bytes become text.
//!
//! The order of evidence: a byte order mark; valid UTF-8 that holds none of the marks of an encoding in seven bits or of wide units, which no
//! detector is asked about; UTF-16 and UTF-32 without a mark; what is no text at all; seven bits; UTF-8 that was cut; UTF-8 in part;
//! a declared charset, as a prior that wrong bytes overrule; several bytes a character, then one. [`detect`] decides, [`Decision::decode`]
//! does; both are functions of the bytes alone.

mod binary;
mod blemish;
mod characters;
mod charset;
mod johab;
mod language;
mod mark;
mod misreading;
mod mixed;
mod mojibake;
mod multi_byte;
mod normal;
mod normalize;
mod paths;
mod seven_bit;
mod single_byte;
mod step;
mod surprise;
mod tables;
mod wide;

use std::borrow::Cow;

use encoding_rs::Encoding;

pub use blemish::{Blemish, blemishes, replacements};
pub use charset::Charset;
pub use mojibake::{Repairs, repair};
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

    /// Which lines of the decoded text, from 1, hold what was read in the encoding, where the rest is UTF-8: first and last of each run of
    /// them. Empty where all is in one encoding.
    pub fn parts(self, bytes: &[u8]) -> Vec<(u64, u64)> {
        let mut parts: Vec<(u64, u64)> = Vec::new();
        if self.evidence != EncodingEvidence::Mixed {
            return parts;
        }
        let mut line = 1;
        for piece in mixed::pieces(bytes).unwrap_or_default() {
            let part = bytes.get(piece.bytes).unwrap_or_default();
            let ends = memchr::memchr_iter(b'\n', part).count() as u64;
            if !piece.is_utf_8 {
                let last = line + ends - u64::from(part.ends_with(b"\n"));
                match parts.last_mut() {
                    Some((_, before)) if *before + 1 >= line => *before = last,
                    _ => parts.push((line, last)),
                }
            }
            line += ends;
        }
        parts
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

/// Decodes a record. `declared` is the charset that its source declares.
///
/// # Errors
/// [`Cause::NotText`] for what is no text.
pub fn decode<'a>(bytes: &'a [u8], declared: Option<&str>) -> Result<Decoded<'a>, Cause> {
    // Most text is valid, and validated once.
    let valid = simdutf8::basic::from_utf8(bytes).ok();
    let decision = decide(bytes, valid.is_some(), declared)?;
    Ok(match valid {
        Some(text) if decision == Decision::VALID => Decoded { text: Cow::Borrowed(text), decision, replaced: 0 },
        _ => decision.decode(bytes),
    })
}

/// Decides how a record is to be read.
///
/// # Errors
/// [`Cause::NotText`] for what is no text.
pub fn detect(bytes: &[u8], declared: Option<&str>) -> Result<Decision, Cause> {
    decide(bytes, simdutf8::basic::from_utf8(bytes).is_ok(), declared)
}

fn decide(bytes: &[u8], is_valid: bool, declared: Option<&str>) -> Result<Decision, Cause> {
    let decided = |charset, evidence| Ok(Decision { charset, evidence, begins_cut: false });
    if let Some((charset, _)) = bom(bytes) {
        return decided(charset, EncodingEvidence::Bom);
    }
    let odd = memchr::memchr2(0, 0x1B, bytes);
    let has_nul = odd.is_some_and(|at| bytes.get(at..).is_some_and(|rest| memchr::memchr(0, rest).is_some()));
    if is_valid && !has_nul {
        if binary::signature(bytes) {
            return Err(Cause::NotText);
        }
        if bytes.is_ascii()
            && seven_bit::may_be(bytes)
            && let Some(charset) = seven_bit::detect(bytes)
        {
            return decided(charset, EncodingEvidence::Detected);
        }
        // Escapes are of a terminal's text, or of none.
        let is_text = odd.is_none() || !binary::is_binary(bytes, true);
        return if is_text { Ok(Decision::VALID) } else { Err(Cause::NotText) };
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
        return Ok(Decision::VALID);
    }
    if is_cut_utf_8(bytes) {
        return decided(Charset::UTF_8, EncodingEvidence::Detected);
    }
    let declared = declared.and_then(Charset::for_label);
    if let Some(pieces) = mixed::pieces(bytes) {
        let (pool, beside) = mixed::pool(bytes, &pieces);
        let charset = legacy(&pool, declared, &beside).map_or(Charset::Whatwg(encoding_rs::WINDOWS_1252), |decision| decision.charset);
        return decided(charset, EncodingEvidence::Mixed);
    }
    legacy(bytes, declared, "").ok_or(Cause::NotText)
}

/// What a declared encoding may cost more than the likeliest: a part of it, and so many bits.
const DECLARED_PART: u64 = 16;
const DECLARED_BITS: u64 = 40 * language::BIT as u64;

/// The encoding of bytes that are no UTF-8; `None` where they are text in none. `beside` is text of the same file.
fn legacy(bytes: &[u8], declared: Option<Charset>, beside: &str) -> Option<Decision> {
    let detected = |charset, begins_cut| Some(Decision { charset, evidence: EncodingEvidence::Detected, begins_cut });
    let by_declaration = |charset| Some(Decision { charset, evidence: EncodingEvidence::Declared, begins_cut: false });
    let several = multi_byte::detect(bytes);
    if let Some(Charset::Whatwg(encoding)) = declared
        && !encoding.is_single_byte()
        && !matches!(encoding.name(), "UTF-8" | "UTF-16LE" | "UTF-16BE" | "replacement" | "x-user-defined")
        && multi_byte::decodes(bytes, encoding)
        && (several.is_none() || !holds_private(bytes, encoding))
    {
        return by_declaration(Charset::Whatwg(encoding));
    }
    if let Some(several) = several {
        // What both are judged by.
        let sample = multi_byte::sample(bytes);
        if several.is_sure(sample) || single_byte::detect(sample, None, beside).is_none_or(|(single, _)| several.cost < single.cost) {
            return detected(several.charset, several.begins_cut);
        }
    }
    match single_byte::detect(bytes, declared, beside) {
        Some((best, _)) if best.is_nonsense() => multi_byte::detect_broken(bytes).and_then(|charset| detected(charset, false)),
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
    use proptest::prelude::*;

    fn decoded(bytes: &[u8], declared: Option<&str>) -> (String, &'static str, &'static str) {
        let decoded = decode(bytes, declared).expect("text");
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
        for bytes in [
            &b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"[..],
            &noise.iter().copied().filter(|b| (0x20..0x7F).contains(b) || *b >= 0x80).collect::<Vec<u8>>(),
            b"%PDF-1.7\n1 0 obj",
            b"\x1f\x8b\x08\0\0",
            b"PK\x03\x04text",
            b"\x7fELF\x02",
            &zeros,
            &noise,
        ] {
            assert_eq!(decode(bytes, None).err(), Some(Cause::NotText), "{bytes:?}");
        }
    }

    #[test]
    fn files_of_two_encodings() {
        let (second, ..) = encoding_rs::WINDOWS_1251.encode("Генеральный секретарь встретился с руководством\n");
        let mixed = ["Первая строка в UTF-8\n".as_bytes(), &second, "и третья тоже\n".as_bytes()].concat();
        let text = "Первая строка в UTF-8\nГенеральный секретарь встретился с руководством\nи третья тоже\n";
        assert_eq!(decoded(&mixed, None), (text.into(), "mixed", "mixed"));
        let again = ["Первая строка в UTF-8\n".as_bytes(), &second, &second, "и третья тоже\n".as_bytes(), &second].concat();
        assert_eq!(detect(&again, None).unwrap().parts(&again), [(2, 3), (5, 5)]);
        assert!(Decision::VALID.parts(b"one\ntwo").is_empty());
        // A word inside a line, in an encoding whose second bytes may be plain letters.
        let (word, ..) = encoding_rs::SHIFT_JIS.encode("『世界人権宣言』");
        let mixed = ["〈前文〉 — € ".as_bytes(), &word, b"\n"].concat();
        assert_eq!(decoded(&mixed, None).0, "〈前文〉 — € 『世界人権宣言』\n");
        assert_eq!(detect(&mixed, None).unwrap().parts(&mixed), [(1, 1)]);
    }

    #[test]
    fn cut_text() {
        let russian = "Генеральный секретарь".as_bytes();
        assert_eq!(decoded(russian.get(1..).unwrap(), None), ("\u{fffd}енеральный секретарь".into(), "UTF-8", "detected"));
        assert_eq!(decoded(russian.get(..russian.len() - 1).unwrap(), None).0, "Генеральный секретар\u{fffd}");
        let (japanese, ..) = encoding_rs::EUC_JP.encode("すべての人は、単独で又は他の者と共同して財産を所有する");
        assert_eq!(decoded(japanese.get(1..).unwrap(), None).0, "\u{fffd}べての人は、単独で又は他の者と共同して財産を所有する");
    }

    #[test]
    fn the_same_text_in_many_encodings() {
        let texts = [
            ("Le développement a été salué par l’assemblée générale, où il fut présenté à l’hôtel.", "windows-1252 macintosh"),
            ("Développement été salué par assemblée générale, où il fut présenté à hôtel", "ibm850 ibm437 iso-8859-15"),
            (
                "Zażółć gęślą jaźń, mówi się, że każdy człowiek jest wolny i równy pod względem swej godności",
                "windows-1250 iso-8859-2 ibm852 x-mac-ce",
            ),
            (
                "Генеральный секретарь встретился с партийным руководством провинции",
                "windows-1251 koi8-r iso-8859-5 ibm866 ibm855 x-mac-cyrillic utf-16le utf-16be utf-8",
            ),
            ("Όλοι οι άνθρωποι γεννιούνται ελεύθεροι και ίσοι στην αξιοπρέπεια", "windows-1253 iso-8859-7 ibm737"),
            ("כל בני אדם נולדו בני חורין ושווים בערכם ובזכויותיהם", "windows-1255 iso-8859-8 ibm862"),
            ("يولد جميع الناس أحرارا متساوين في الكرامة والحقوق", "windows-1256 iso-8859-6"),
            ("Bütün insanlar hür, haysiyet ve haklar bakımından eşit doğarlar", "windows-1254 ibm857"),
            ("มนุษย์ทั้งหลายเกิดมามีอิสระและเสมอภาคกัน", "windows-874"),
            ("すべての人間は、生れながらにして自由であり", "shift_jis euc-jp iso-2022-jp"),
            ("人人生而自由，在尊严和权利上一律平等", "gbk gb18030"),
            ("人人生而自由，在尊嚴和權利上一律平等", "big5"),
            ("모든 인간은 태어날 때부터 자유로우며", "euc-kr"),
        ];
        for (text, labels) in texts {
            for label in labels.split(' ') {
                let charset = Charset::for_label(label).unwrap();
                let bytes = match (charset, charset.upper_half()) {
                    (_, Some(half)) => text
                        .chars()
                        .map(|c| if c.is_ascii() { c as u8 } else { 0x80 + half.iter().position(|h| *h == c).expect(label) as u8 })
                        .collect(),
                    _ if label == "utf-16le" => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
                    _ if label == "utf-16be" => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
                    (Charset::Whatwg(encoding), _) => encoding.encode(text).0.into_owned(),
                    _ => Vec::new(),
                };
                assert_eq!(decode(&bytes, None).map(|decoded| decoded.text.into_owned()), Ok(text.to_owned()), "{label}");
            }
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_decided_once_and_read_alike(bytes in prop_oneof![
            prop::collection::vec(any::<u8>(), 0..200),
            "(ж|é|字|가| |\n|a|\u{1b}\\$B|~\\{|\\+AOk-){0,40}".prop_map(String::into_bytes),
            ("(ж|é|字| |\n|a){0,40}", prop::collection::vec(any::<u8>(), 0..9), 0_usize..40).prop_map(|(text, more, at)| {
                let mut bytes = text.into_bytes();
                let at = at.min(bytes.len());
                bytes.splice(at..at, more);
                bytes
            }),
        ]) {
            if let Ok(decision) = detect(&bytes, None) {
                prop_assert_eq!(detect(&bytes, None), Ok(decision));
                let first = decision.decode(&bytes);
                prop_assert_eq!(&decode(&bytes, None).unwrap(), &first);
                // What is valid and holds no mark of another encoding is what it is.
                if let Ok(text) = std::str::from_utf8(&bytes) && decision == Decision::VALID {
                    prop_assert_eq!(first.text, text);
                    prop_assert_eq!(first.replaced, 0);
                }
            }
        }
    }
}
