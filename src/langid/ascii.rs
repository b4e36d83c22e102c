//! Letters of ASCII as the codes of their small letters, eight at a time in one word of the machine.
//!
//! Most words of most lines are these, and end within eight. The rest of a text, of fewer bytes than eight, goes one by one.

/// Writes the small letters of the letters of ASCII that a text begins with, as many as there is room for; how many. What stands behind them in the
/// room may change.
#[inline(always)]
pub(super) fn take_small_letters(room: &mut [u16], text: &[u8]) -> usize {
    let mut taken = 0;
    for (places, bytes) in room.as_chunks_mut::<8>().0.iter_mut().zip(text.as_chunks::<8>().0) {
        let small = u64::from_le_bytes(*bytes) | (ONES * 0x20);
        let ([a, b, c, d], [e, f, g, h]) = (spread(small & 0xFFFF_FFFF), spread(small >> 32));
        *places = [a, b, c, d, e, f, g, h];
        let others = not_small_letters(small);
        if others != 0 {
            return taken + (others.trailing_zeros() / 8) as usize;
        }
        taken += 8;
    }
    for (place, byte) in room.iter_mut().zip(text).skip(taken) {
        let small = byte | 0x20;
        if !small.is_ascii_lowercase() {
            break;
        }
        *place = u16::from(small);
        taken += 1;
    }
    taken
}

/// Four bytes as four codes, the lowest first.
#[inline(always)]
fn spread(bytes: u64) -> [u16; 4] {
    let pairs = (bytes | bytes << 16) & 0x0000_FFFF_0000_FFFF;
    let codes = (pairs | pairs << 8) & 0x00FF_00FF_00FF_00FF;
    [codes as u16, (codes >> 16) as u16, (codes >> 32) as u16, (codes >> 48) as u16]
}

const ONES: u64 = 0x0101_0101_0101_0101;

/// The highest bit of each byte that is no small letter of ASCII.
#[inline(always)]
fn not_small_letters(bytes: u64) -> u64 {
    let low = bytes & (ONES * 0x7F);
    let from_a = low + ONES * (0x80 - 0x61);
    let past_z = low + ONES * (0x80 - 0x7B);
    (!from_a | past_z | bytes) & (ONES * 0x80)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_letters_are_taken_as_one_by_one() {
        for text in ["", "a", "word", "LongerWord", "abcdefgh", "abcdefghI", "abcdefg1", "aé", "@[`{Zz", "\u{7f}a", "exactlysixteenxx rest"] {
            for room in [0, 1, 7, 8, 9, 40] {
                let mut codes = vec![0; room];
                let taken = take_small_letters(&mut codes, text.as_bytes());
                let expected: Vec<u16> =
                    text.bytes().take_while(u8::is_ascii_alphabetic).take(room).map(|byte| u16::from(byte.to_ascii_lowercase())).collect();
                assert_eq!(codes[..taken], expected, "{text} {room}");
            }
        }
    }

    #[test]
    fn letters_are_told_from_every_other_byte() {
        for byte in 0..=u8::MAX {
            for place in 0..8 {
                let mut bytes = [b'x'; 8];
                bytes[place] = byte | 0x20;
                let expected = if (byte | 0x20).is_ascii_lowercase() { 0 } else { 0x80 << (8 * place) };
                assert_eq!(not_small_letters(u64::from_le_bytes(bytes)), expected, "{byte} {place}");
            }
        }
    }
}
