//! UTF-16 to UTF-8, for JSONL that starts with a UTF-16 byte order mark.
//!
//! JSONL is cut at the byte LF, which UTF-16 does not have; so the stream is turned before it is cut. Nothing is
//! repaired: an unpaired surrogate becomes its three-byte form and a last odd byte is set after 0xFF. Neither is
//! UTF-8, so the record is quarantined later instead of being changed without a word.

/// A converter in mid-stream.
#[derive(Debug)]
pub(super) struct Utf16 {
    big_endian: bool,
    byte: Option<u8>,
    high: Option<u16>,
}

impl Utf16 {
    /// The converter for a stream with this beginning, if it has a UTF-16 mark, and the bytes of the mark.
    pub(super) fn of_bom(head: &[u8]) -> Option<(Utf16, usize)> {
        let big_endian = match head {
            [0xFE, 0xFF, ..] => true,
            [0xFF, 0xFE, ..] => false,
            _ => return None,
        };
        Some((Utf16 { big_endian, byte: None, high: None }, 2))
    }

    /// Turns the next bytes of the stream.
    pub(super) fn decode(&mut self, bytes: &[u8], out: &mut Vec<u8>) {
        for &b in bytes {
            match self.byte.take() {
                None => self.byte = Some(b),
                Some(first) => {
                    let unit = if self.big_endian { u16::from_be_bytes([first, b]) } else { u16::from_le_bytes([first, b]) };
                    self.unit(unit, out);
                }
            }
        }
    }

    /// The stream is over: hands out what waited for more.
    pub(super) fn finish(&mut self, out: &mut Vec<u8>) {
        if let Some(high) = self.high.take() {
            three_bytes(high, out);
        }
        if let Some(b) = self.byte.take() {
            out.extend_from_slice(&[0xFF, b]);
        }
    }

    fn unit(&mut self, unit: u16, out: &mut Vec<u8>) {
        if let Some(high) = self.high.take() {
            if let Some(Ok(c)) = char::decode_utf16([high, unit]).next() {
                push(c, out);
                return;
            }
            three_bytes(high, out);
        }
        match unit {
            0xD800..=0xDBFF => self.high = Some(unit),
            0xDC00..=0xDFFF => three_bytes(unit, out),
            _ => push(char::from_u32(u32::from(unit)).unwrap_or(char::REPLACEMENT_CHARACTER), out),
        }
    }
}

fn push(c: char, out: &mut Vec<u8>) {
    out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
}

/// The generalised UTF-8 form of a surrogate (WTF-8).
fn three_bytes(unit: u16, out: &mut Vec<u8>) {
    let [low, high] = unit.to_le_bytes();
    out.extend_from_slice(&[0xE0 | (high >> 4), 0x80 | ((high & 0x0F) << 2) | (low >> 6), 0x80 | (low & 0x3F)]);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn convert(units: &[u16], big: bool, chunk: usize) -> Vec<u8> {
        let bytes: Vec<u8> = [0xFEFF].iter().chain(units).flat_map(|u| if big { u.to_be_bytes() } else { u.to_le_bytes() }).collect();
        let (mut utf16, skip) = Utf16::of_bom(&bytes).unwrap();
        let mut out = Vec::new();
        bytes[skip..].chunks(chunk).for_each(|c| utf16.decode(c, &mut out));
        utf16.finish(&mut out);
        out
    }

    #[test]
    fn pairs_and_lone_surrogates() {
        let text = "a\u{E9}\u{20AC}\u{1F600}\n";
        let units: Vec<u16> = text.encode_utf16().collect();
        for big in [false, true] {
            for chunk in 1..5 {
                assert_eq!(convert(&units, big, chunk), text.as_bytes());
                assert_eq!(convert(&[0xD83D, 0x61, 0xDE00, 0xD83D], big, chunk), b"\xED\xA0\xBDa\xED\xB8\x80\xED\xA0\xBD");
            }
        }
        assert!(Utf16::of_bom(b"{}").is_none());
    }
}
