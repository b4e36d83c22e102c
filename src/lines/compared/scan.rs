//! One pass over a line's bytes: all that its compared form asks of ASCII, 32 bytes at a time.

use crate::model::{Measures, with_simd};

/// Bytes looked at together.
const LANES: usize = 32;
/// Stands behind the line, so that every byte has one after it: no letter, digit, space, control, mark or part of an address.
const PAD: u8 = 0x7F;

/// What a line holds, told by its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Scan {
    /// White space other than single spaces between words?
    pub wide_space: bool,
    /// May it hold an address? True of every line that does.
    pub address: bool,
    /// ASCII digits?
    pub digits: bool,
    /// Nothing but ASCII?
    pub ascii: bool,
    /// Measures of its ASCII.
    pub measures: Measures,
}

const LOW: u8 = 1;
const DOUBLE: u8 = 2;
const ADDRESS: u8 = 4;
const DIGIT: u8 = 8;
const HARD: u8 = 16;
const HIGH: u8 = 32;

/// Writes the line to `form` (cleared first) with ASCII capitals made small, and says what it holds.
pub(super) fn lower_ascii(line: &str, form: &mut Vec<u8>) -> Scan {
    with_simd(
        #[inline(always)]
        || scan(line, form),
    )
}

#[inline(always)]
fn scan(line: &str, form: &mut Vec<u8>) -> Scan {
    form.clear();
    form.extend_from_slice(line.as_bytes());
    let padded = line.len().div_ceil(LANES) * LANES;
    form.resize(padded + LANES, PAD);
    let (mut seen, mut letters, mut separators) = ([0; LANES], 0, 0);
    let mut at = 0;
    while at < padded {
        // Sums of bytes, which must not overflow.
        let end = padded.min(at + 255 * LANES);
        let (mut some_letters, mut some_separators) = ([0; LANES], [0; LANES]);
        while at < end {
            let Some((a, b)) = form.get(at..).and_then(|rest| rest.first_chunk::<LANES>().zip(rest.get(1..)?.first_chunk::<LANES>())) else { break };
            let (a, b) = (*a, *b);
            let mut lower = a;
            for ((((lower, (a, b)), seen), letters), separators) in
                lower.iter_mut().zip(a.iter().zip(&b)).zip(&mut seen).zip(&mut some_letters).zip(&mut some_separators)
            {
                let (a, b) = (*a, *b);
                let capital = mask(a.wrapping_sub(b'A') < 26);
                *lower = a | (capital & 0x20);
                *letters += mask((a | 0x20).wrapping_sub(b'a') < 26) & 1;
                *separators += mask((a == b'|') | (a == b'>')) & 1;
                let address = (a == b'@') | (a == b']') & (b == b'(') | (a == b':') & (b == b'/') | (a | 0x20 == b'w') & (b | 0x20 == b'w');
                *seen |= mask(a < 0x20) & LOW
                    | mask((a == b' ') & (b == b' ')) & DOUBLE
                    | mask(address) & ADDRESS
                    | mask(a.wrapping_sub(b'0') < 10) & DIGIT
                    | mask((a == b'!') | (a == b'?')) & HARD
                    | mask(a >= 0x80) & HIGH;
            }
            if let Some(slot) = form.get_mut(at..).and_then(<[u8]>::first_chunk_mut::<LANES>) {
                *slot = lower;
            }
            at += LANES;
        }
        letters += sum(&some_letters);
        separators += sum(&some_separators);
    }
    form.truncate(line.len());
    let seen = seen.iter().fold(0, |all, lane| all | lane);
    let has = |bit: u8| seen & bit != 0;
    Scan {
        wide_space: has(LOW | DOUBLE) || form.first() == Some(&b' '),
        address: has(ADDRESS),
        digits: has(DIGIT),
        ascii: !has(HIGH),
        measures: Measures { letters, weight: letters.saturating_mul(3), stopless: 0, separators, hard: has(HARD) },
    }
}

#[inline(always)]
fn mask(is: bool) -> u8 {
    u8::from(is).wrapping_neg()
}

#[inline(always)]
fn sum(lanes: &[u8; LANES]) -> u32 {
    lanes.iter().map(|lane| u32::from(*lane)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{lines::compared::holds_wide_space, model::may_hold_address};
    use proptest::prelude::*;

    /// The naive twin: a question at a time. Both paths are asked, the one for every machine and the one for this.
    fn agrees(line: &str) {
        let bytes = line.as_bytes();
        let naive = Scan {
            wide_space: holds_wide_space(bytes),
            // At the end it is no address, but costs nothing.
            address: may_hold_address(bytes) || line.ends_with('@'),
            digits: bytes.iter().any(u8::is_ascii_digit),
            ascii: line.is_ascii(),
            measures: Measures::of_ascii(bytes),
        };
        let (mut here, mut anywhere) = (b"left over".to_vec(), Vec::new());
        assert_eq!(lower_ascii(line, &mut here), naive, "{line:?}");
        assert_eq!(scan(line, &mut anywhere), naive, "{line:?}");
        assert_eq!((here.as_slice(), anywhere.as_slice()), (line.to_ascii_lowercase().as_bytes(), line.to_ascii_lowercase().as_bytes()));
    }

    #[test]
    fn every_byte_in_every_lane() {
        for b in (0..0x80_u8).map(char::from).chain(['é', 'Ж', '東', '😀']) {
            for n in [0, 1, 30, 31, 32, 33, 63, 64, 65] {
                let lead = "x".repeat(n);
                for line in [format!("{lead}{b}"), format!("{lead}{b}{b}"), format!("{lead}{b}/({b}"), format!("{lead}]{b} W{b}")] {
                    agrees(&line);
                }
            }
        }
    }

    #[test]
    fn long_lines_do_not_overflow() {
        for n in [254, 255, 256, 511] {
            agrees(&"a|".repeat(n * LANES / 2));
            agrees(&"Word ".repeat(n * LANES / 5 + 1));
        }
    }

    proptest! {
        #[test]
        fn any_line(line in "([a-zA-Z0-9 |>!?@:/()\\[\\]wW\t]|é|Ж|東){0,120}") {
            agrees(&line);
        }
    }
}
