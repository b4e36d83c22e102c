//! Encodings that write everything in seven bits: ISO-2022-JP, ISO-2022-KR, HZ and UTF-7. Each is taken only where the whole decodes, since
//! what they are made of also stands in plain text.

use std::borrow::Cow;

use encoding_rs::{EUC_KR, Encoding, GBK, ISO_2022_JP};

use super::{Charset, multi_byte};

/// The encoding of seven-bit bytes that are not plain ASCII, if they are.
pub(super) fn detect(bytes: &[u8]) -> Option<Charset> {
    let holds = |what: &[u8]| memchr::memmem::find(bytes, what).is_some();
    let escapes = memchr::memchr(0x1B, bytes).is_some();
    if escapes && (holds(b"\x1b$B") || holds(b"\x1b$@") || holds(b"\x1b(I")) && multi_byte::decodes(bytes, ISO_2022_JP) {
        return Some(Charset::Whatwg(ISO_2022_JP));
    }
    if escapes && holds(b"\x1b$)C") && iso_2022_kr(bytes).is_some() {
        return Some(Charset::Iso2022Kr);
    }
    if holds(b"~{") && hz(bytes).is_some() {
        return Some(Charset::Hz);
    }
    (memchr::memchr(b'+', bytes).is_some() && utf_7(bytes).is_some_and(|text| is_coherent(&text))).then_some(Charset::Utf7)
}

/// Does any byte that these encodings need occur?
pub(super) fn may_be(bytes: &[u8]) -> bool {
    memchr::memchr2(0x1B, b'+', bytes).is_some() || memchr::memmem::find(bytes, b"~{").is_some()
}

/// ISO-2022-KR: KS X 1001 between SO and SI, each line begins in ASCII. `None` where a byte is not as it should be.
pub(super) fn iso_2022_kr(bytes: &[u8]) -> Option<String> {
    let mut text = String::with_capacity(bytes.len());
    let mut rest = bytes;
    let mut any = false;
    while let Some((byte, after)) = rest.split_first() {
        rest = match byte {
            0x1B => rest.strip_prefix(b"\x1b$)C")?,
            0x0E => {
                let end = after.iter().position(|b| matches!(b, 0x0F | b'\n')).unwrap_or(after.len());
                let (inside, behind) = after.split_at(end);
                any = true;
                push_shifted(inside.strip_suffix(b"\r").unwrap_or(inside), EUC_KR, &mut text)?;
                behind.strip_prefix(b"\x0f").unwrap_or(behind)
            }
            0x0F => after,
            0x80.. => return None,
            _ => {
                text.push(char::from(*byte));
                after
            }
        };
    }
    any.then_some(text)
}

/// HZ: GB 2312 between `~{` and `~}`, `~~` for a tilde. `None` where a byte is not as it should be.
pub(super) fn hz(bytes: &[u8]) -> Option<String> {
    let mut text = String::with_capacity(bytes.len());
    let mut rest = bytes;
    let mut any = false;
    while let Some((byte, after)) = rest.split_first() {
        rest = match (byte, after.first()) {
            (b'~', Some(b'{')) => {
                let inside = after.get(1..)?;
                // It ends with its line at the latest; a cut file may end inside.
                let line = inside.iter().position(|b| *b == b'\n').unwrap_or(inside.len());
                let end = memchr::memmem::find(inside, b"~}").filter(|end| *end < line);
                let (body, behind) = match end {
                    Some(end) => (inside.get(..end)?, inside.get(end + 2..)?),
                    None => inside.split_at(line),
                };
                any |= !body.is_empty();
                push_shifted(body.strip_suffix(b"\r").unwrap_or(body), GBK, &mut text)?;
                behind
            }
            (b'~', Some(b'~')) => {
                text.push('~');
                after.get(1..)?
            }
            (b'~', Some(b'\n')) => after.get(1..)?,
            (b'~', _) | (0x80.., _) => return None,
            _ => {
                text.push(char::from(*byte));
                after
            }
        };
    }
    any.then_some(text)
}

/// Pairs of seven-bit bytes, each with its upper bit set.
fn push_shifted(bytes: &[u8], encoding: &'static Encoding, text: &mut String) -> Option<()> {
    if bytes.iter().any(|b| !(0x21..=0x7E).contains(b)) {
        return None;
    }
    let shifted: Vec<u8> = bytes.iter().map(|b| b | 0x80).collect();
    // Half a pair at the end was cut off.
    let whole = shifted.get(..shifted.len() & !1)?;
    text.push_str(&encoding.decode_without_bom_handling_and_without_replacement(whole)?);
    Some(())
}

/// UTF-7 with at least one character that is not ASCII. `None` where a byte or a bit is not as it should be.
pub(super) fn utf_7(bytes: &[u8]) -> Option<String> {
    let mut text = String::with_capacity(bytes.len());
    let mut rest = bytes;
    let mut any = false;
    while let Some(plus) = memchr::memchr(b'+', rest) {
        let (plain, after) = rest.split_at_checked(plus)?;
        text.push_str(ascii(plain)?);
        let after = after.get(1..)?;
        if let Some(behind) = after.strip_prefix(b"-") {
            text.push('+');
            rest = behind;
            continue;
        }
        let end = after.iter().position(|b| !(b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/'))).unwrap_or(after.len());
        let (coded, behind) = after.split_at_checked(end)?;
        let (mut bits, mut count) = (0_u32, 0);
        let mut units = Vec::with_capacity(coded.len() * 3 / 8);
        for byte in coded {
            let six = match byte {
                b'A'..=b'Z' => byte - b'A',
                b'a'..=b'z' => byte - b'a' + 26,
                b'0'..=b'9' => byte - b'0' + 52,
                b'+' => 62,
                _ => 63,
            };
            bits = bits << 6 | u32::from(six);
            count += 6;
            if count >= 16 {
                count -= 16;
                units.push((bits >> count) as u16);
                bits &= (1 << count) - 1;
            }
        }
        // At the end of a cut file a sequence may stop anywhere.
        let is_cut = behind.is_empty();
        if units.is_empty() || !is_cut && (count >= 6 || bits != 0) {
            return None;
        }
        let here = text.len();
        for unit in char::decode_utf16(units) {
            text.push(unit.ok().filter(|c| !c.is_control() || matches!(c, '\n' | '\r' | '\t'))?);
        }
        any |= !text.get(here..)?.is_ascii();
        rest = behind.strip_prefix(b"-").unwrap_or(behind);
    }
    text.push_str(ascii(rest)?);
    any.then_some(text)
}

fn ascii(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes).ok().filter(|text| text.is_ascii())
}

/// Words behind a `+` may decode by chance, but then to letters that have nothing to do with one another: is of what is not ASCII nearly all in the
/// block (of 256 characters; Han and Hangul are one each) of its neighbour?
fn is_coherent(text: &str) -> bool {
    let block = |c: char| match u32::from(c) {
        0x3040..=0x30FF | 0x3400..=0x9FFF | 0xFF00..=0xFFEF | 0x3000..=0x303F => 0x4E,
        0xAC00..=0xD7A3 => 0xAC,
        0x80..=0x24F | 0x1E00..=0x1EFF | 0x2000..=0x27BF => 1,
        0x370..=0x3FF | 0x1F00..=0x1FFF => 3,
        0xE000..=0xF8FF => u32::MAX,
        other => other >> 8,
    };
    let blocks: Cow<'_, [u32]> = text.chars().filter(|c| !c.is_ascii()).map(block).collect();
    let alike = blocks.windows(2).filter(|pair| matches!(pair, [a, b] if a == b)).count();
    let is_known = !blocks.contains(&u32::MAX);
    // Han come by chance most easily.
    let most_are_han = blocks.iter().filter(|block| **block == 0x4E).count() * 2 > blocks.len();
    is_known && alike * 10 >= (blocks.len() - 1) * 8 && (!most_are_han || blocks.len() >= 8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_told_and_decoded() {
        for (bytes, name, text) in [
            (&b"\x1b$)Cone \x0e0!1b\x0f two\n\x0e0!\x0f"[..], "ISO-2022-KR", "one 가기 two\n가"),
            (b"a ~{VPND~} ~~ b\nc ~{VP", "HZ-GB-2312", "a 中文 ~ b\nc 中"),
            (b"Hi Mom +Jjo- and +AOkA6A-, 1 +- 1", "UTF-7", "Hi Mom \u{263a} and éè, 1 + 1"),
            (b"+BB8EQAQ4BDIENQRC-", "UTF-7", "Привет"),
        ] {
            let charset = detect(bytes);
            assert_eq!(charset.map(Charset::name), Some(name), "{}", bytes.escape_ascii());
            assert_eq!(charset.unwrap().decode(bytes), (text.into(), 0));
        }
    }

    #[test]
    fn plain_text_is_none_of_them() {
        for text in [
            "1 + 1 = 2",
            "C++ and Google+",
            "call +44 20 123",
            "a+b-c",
            "/search?q=a+bargains+password",
            "~{not hz",
            "\x1b[31mred",
            "~user",
            "a +password b",
            "q=+passwords+in+url",
        ] {
            assert_eq!(detect(text.as_bytes()), None, "{text}");
        }
    }
}
