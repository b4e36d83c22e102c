//! Valid UTF-8 as bytes: the run of ASCII at its head, and the code of its first character, without a `char` between.
//!
//! For loops that look at most bytes in other ways, eight or sixteen at a time, and at single characters only here and there.

/// Bytes of ASCII at the head, eight looked at.
#[inline(always)]
pub fn ascii_run(bytes: &[u8]) -> usize {
    const HIGH: u64 = 0x8080_8080_8080_8080;
    match bytes.first_chunk::<8>() {
        Some(eight) => (u64::from_le_bytes(*eight) & HIGH).trailing_zeros() as usize / 8,
        None => bytes.iter().take_while(|b| b.is_ascii()).count(),
    }
}

/// The code of the character at the head of valid UTF-8, and its bytes; `None` at the end.
#[inline(always)]
pub fn code_of(bytes: &[u8]) -> Option<(u32, usize)> {
    let tail = |b: u8| u32::from(b & 0x3F);
    match *bytes {
        [a, ..] if a < 0x80 => Some((u32::from(a), 1)),
        [a, b, ..] if a < 0xE0 => Some((u32::from(a & 0x1F) << 6 | tail(b), 2)),
        [a, b, c, ..] if a < 0xF0 => Some((u32::from(a & 0x0F) << 12 | tail(b) << 6 | tail(c), 3)),
        [a, b, c, d, ..] => Some((u32::from(a & 0x07) << 18 | tail(b) << 12 | tail(c) << 6 | tail(d), 4)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_chars() {
        for c in '\0'..=char::MAX {
            let text = c.encode_utf8(&mut [0; 4]).as_bytes().to_vec();
            assert_eq!(code_of(&text), Some((u32::from(c), text.len())));
        }
        assert_eq!(code_of(b""), None);
    }

    #[test]
    fn runs_of_ascii_end_at_what_is_not() {
        for (text, run) in [("", 0), ("abc", 3), ("abcé", 3), ("é", 0), ("abcdefgh", 8), ("abcdefghi", 8), ("abcdefgé", 7), ("éabcdefgh", 0)] {
            assert_eq!(ascii_run(text.as_bytes()), run, "{text}");
        }
    }
}
