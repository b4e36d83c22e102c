//! The encodings that buddle reads: those of the WHATWG standard by encoding_rs, those that it lacks by tables and code of our own.
//!
//! Names are WHATWG's where it has one. A charset turns bytes into text and knows nothing of how it was chosen.

use std::borrow::Cow;

use encoding_rs::Encoding;

use super::{johab, seven_bit, tables::TABLES, wide};

/// An encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Charset {
    /// One of the standard's.
    Whatwg(&'static Encoding),
    /// A single-byte encoding that the standard lacks, by its number among the tables.
    Table(u8),
    /// UTF-32, little end first.
    Utf32Le,
    /// UTF-32, big end first.
    Utf32Be,
    /// UTF-7 (RFC 2152).
    Utf7,
    /// HZ (RFC 1843): GB 2312 in seven bits.
    Hz,
    /// ISO-2022-KR (RFC 1557): KS X 1001 in seven bits.
    Iso2022Kr,
    /// Johab (KS X 1001, annex 3).
    Johab,
}

impl Charset {
    /// UTF-8.
    pub const UTF_8: Charset = Charset::Whatwg(encoding_rs::UTF_8);

    const OWN: [Charset; 6] = [Charset::Utf32Le, Charset::Utf32Be, Charset::Utf7, Charset::Hz, Charset::Iso2022Kr, Charset::Johab];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Charset::Whatwg(encoding) => encoding.name(),
            Charset::Table(table) => TABLES.get(usize::from(table)).map_or("", |(name, _)| name),
            Charset::Utf32Le => "UTF-32LE",
            Charset::Utf32Be => "UTF-32BE",
            Charset::Utf7 => "UTF-7",
            Charset::Hz => "HZ-GB-2312",
            Charset::Iso2022Kr => "ISO-2022-KR",
            Charset::Johab => "Johab",
        }
    }

    /// The encoding that goes by this label, whatever its case: the standard's labels, the names here, `cpNNN` and `NNN` of IBM's.
    pub fn for_label(label: &str) -> Option<Charset> {
        let label = label.trim_matches(|c: char| c.is_ascii_whitespace());
        let tables = (0..).map(Charset::Table).take(TABLES.len());
        // The standard knows two of them only to refuse them.
        let own = Charset::OWN.into_iter().chain(tables).find(|own| {
            let name = own.name();
            let number = || name.strip_prefix("IBM").is_some_and(|ibm| label.trim_start_matches(|c: char| c.is_ascii_alphabetic()) == ibm);
            name.eq_ignore_ascii_case(label) || number()
        });
        own.or_else(|| match label.to_ascii_lowercase().as_str() {
            "utf-32" => Some(Charset::Utf32Le),
            "hz" => Some(Charset::Hz),
            "cp1361" | "ms1361" => Some(Charset::Johab),
            label => Encoding::for_label(label.as_bytes()).map(Charset::Whatwg),
        })
    }

    /// The text of `bytes`, and how many U+FFFD stand for bytes that mean nothing: an upper bound where the text itself holds some. A byte
    /// order mark is text like any other.
    pub fn decode(self, bytes: &[u8]) -> (Cow<'_, str>, u64) {
        let (text, faults) = match self {
            Charset::Whatwg(encoding) => encoding.decode_without_bom_handling(bytes),
            Charset::Table(_) => match self.upper_half() {
                Some(half) => (Cow::Owned(by_table(bytes, &half)), true),
                None => (String::from_utf8_lossy(bytes), true),
            },
            Charset::Utf32Le | Charset::Utf32Be => (Cow::Owned(wide::utf_32(bytes, self == Charset::Utf32Be)), true),
            Charset::Utf7 => (Cow::Owned(seven_bit::utf_7(bytes).unwrap_or_else(|| String::from_utf8_lossy(bytes).into_owned())), true),
            Charset::Hz => (Cow::Owned(seven_bit::hz(bytes).unwrap_or_else(|| String::from_utf8_lossy(bytes).into_owned())), true),
            Charset::Iso2022Kr => (Cow::Owned(seven_bit::iso_2022_kr(bytes).unwrap_or_else(|| String::from_utf8_lossy(bytes).into_owned())), true),
            Charset::Johab => (Cow::Owned(johab::decode(bytes)), true),
        };
        let replaced = if faults { text.matches('\u{fffd}').count() as u64 } else { 0 };
        (text, replaced)
    }

    /// Of a single-byte encoding the characters from byte 0x80 on; U+FFFD where there is none.
    pub fn upper_half(self) -> Option<[char; 128]> {
        let mut half = ['\u{fffd}'; 128];
        match self {
            Charset::Table(table) => {
                let (_, units) = TABLES.get(usize::from(table))?;
                for (c, unit) in half.iter_mut().zip(units).filter(|(_, unit)| **unit != 0) {
                    *c = char::from_u32(u32::from(*unit))?;
                }
            }
            Charset::Whatwg(encoding) if encoding.is_single_byte() => {
                for (c, byte) in half.iter_mut().zip(0x80..=0xFF_u8) {
                    *c = encoding.decode_without_bom_handling(&[byte]).0.chars().next()?;
                }
            }
            _ => return None,
        }
        Some(half)
    }
}

fn by_table(bytes: &[u8], half: &[char; 128]) -> String {
    let mut text = String::with_capacity(bytes.len() + bytes.len() / 2);
    let mut rest = bytes;
    loop {
        let ascii = Encoding::ascii_valid_up_to(rest);
        text.push_str(std::str::from_utf8(rest.get(..ascii).unwrap_or_default()).unwrap_or_default());
        rest = rest.get(ascii..).unwrap_or_default();
        let Some((byte, after)) = rest.split_first() else { return text };
        text.push(half.get(usize::from(byte & 0x7F)).copied().unwrap_or('\u{fffd}'));
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels() {
        for (label, name) in [
            (" UTF8\n", "UTF-8"),
            ("latin1", "windows-1252"),
            ("cp850", "IBM850"),
            ("437", "IBM437"),
            ("ibm866", "IBM866"),
            ("X-Mac-CE", "x-mac-ce"),
            ("iso-2022-kr", "ISO-2022-KR"),
            ("hz-gb-2312", "HZ-GB-2312"),
            ("utf-7", "UTF-7"),
            ("utf-32be", "UTF-32BE"),
            ("koi8-t", "KOI8-T"),
            ("johab", "Johab"),
            ("cp1361", "Johab"),
        ] {
            assert_eq!(Charset::for_label(label).map(Charset::name), Some(name), "{label}");
        }
        assert_eq!(Charset::for_label("none"), None);
    }

    #[test]
    fn tables_decode_byte_by_byte() {
        let cp437 = Charset::for_label("cp437").unwrap();
        assert_eq!(cp437.decode(b"caf\x82 \xc9\xcd\xbb").0, "café ╔═╗");
        let cp857 = Charset::for_label("cp857").unwrap();
        // Two of its bytes mean nothing.
        assert_eq!(cp857.decode(b"\x98\xd5\xe7"), ("İ\u{fffd}\u{fffd}".into(), 2));
        for charset in (0..TABLES.len() as u8).map(Charset::Table) {
            let half = charset.upper_half().unwrap();
            let bytes: Vec<u8> = (0..=0xFF).collect();
            let text: String = (0..0x80_u8).map(char::from).chain(half).collect();
            assert_eq!(charset.decode(&bytes).0, text);
        }
    }
}
