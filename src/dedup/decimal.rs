//! Numbers as JSON writes them, exactly: no digit is lost to a float, `1.50`, `1.5` and `15e-1` are one.

/// A number that is not 0: its sign, its digits without zeros at head and tail, and the power of ten of the first of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decimal {
    /// Is it less than 0?
    pub is_negative: bool,
    /// The power of ten of the first digit, from 1 for `1`; cut off where no machine has such numbers.
    pub magnitude: i32,
    /// The digits in ASCII; none of 0.
    pub digits: Vec<u8>,
}

impl Decimal {
    /// The number of a JSON number.
    pub fn of(number: &str) -> Decimal {
        let (is_negative, number) = number.strip_prefix('-').map_or((false, number), |rest| (true, rest));
        let (mantissa, exponent) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all = whole.bytes().chain(fraction.bytes());
        let zeros = all.clone().take_while(|digit| *digit == b'0').count();
        let mut digits: Vec<u8> = all.skip(zeros).collect();
        digits.truncate(digits.iter().rposition(|digit| *digit != b'0').map_or(0, |last| last + 1));
        if digits.is_empty() {
            return Decimal { is_negative: false, magnitude: 0, digits };
        }
        // An exponent that is too long for 64 bits is as good as the largest.
        let most = if exponent.starts_with('-') { i64::MIN / 2 } else { i64::MAX / 2 };
        let exponent = exponent.trim_start_matches('+').parse().unwrap_or(most).clamp(i64::MIN / 2, i64::MAX / 2);
        let magnitude = exponent + whole.len() as i64 - zeros as i64;
        let magnitude = i32::try_from(magnitude).unwrap_or(if magnitude < 0 { i32::MIN } else { i32::MAX });
        Decimal { is_negative, magnitude, digits }
    }

    /// Bytes that are ordered as numbers are, up to 116 digits.
    pub fn ordered(&self) -> [u8; 63] {
        let mut bytes = [0; 63];
        let (sign, rest) = bytes.split_at_mut(1);
        let (magnitude, digits) = rest.split_at_mut(4);
        magnitude.copy_from_slice(&(self.magnitude.wrapping_sub(i32::MIN) as u32).to_be_bytes());
        for (place, pair) in digits.iter_mut().zip(self.digits.chunks(2)) {
            let [high, low] = [pair.first(), pair.get(1)].map(|digit| digit.map_or(0, |digit| digit - b'0'));
            *place = high << 4 | low;
        }
        let is_zero = self.digits.is_empty();
        sign.fill(if is_zero { 1 } else { u8::from(!self.is_negative) * 2 });
        if is_zero {
            rest.fill(0);
        } else if self.is_negative {
            rest.iter_mut().for_each(|byte| *byte = !*byte);
        }
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_are_ordered_to_the_last_digit() {
        let ascending = [
            "-1e99999999999999999999",
            "-12345678901234567890.1",
            "-12345678901234567890",
            "-10",
            "-9.5",
            "-1e-9",
            "0",
            "1e-99999999999999999999",
            "1e-9",
            "0.05",
            "0.5",
            "0.51",
            "1",
            "1.0000000000000000000001",
            "9",
            "10",
            "12345678901234567890",
            "12345678901234567891",
            "1e20",
            "9e400",
            "1e401",
        ];
        let ordered = ascending.map(|number| Decimal::of(number).ordered());
        assert!(ordered.is_sorted_by(|a, b| a < b));
        for same in [["1.50", "15e-1"], ["100", "1E+2"], ["-0.0", "0e7"], ["0.001", "1e-3"], ["12.0", "0.12e2"]] {
            let [a, b] = same.map(Decimal::of);
            assert_eq!(a, b, "{same:?}");
        }
    }

    proptest! {
        /// The naive twin: integers of 128 bits.
        #[test]
        fn agrees_with_integers(a in -100_000_i128..100_000, b: i128, zeros in 0_usize..20) {
            let number = |n: i128| Decimal::of(&format!("{n}{}e-{zeros}", "0".repeat(zeros)));
            for (a, b) in [(a, b), (a, a + 1), (b, b.saturating_add(7))] {
                prop_assert_eq!(number(a).ordered().cmp(&number(b).ordered()), a.cmp(&b));
                prop_assert_eq!(number(a) == Decimal::of(&b.to_string()), a == b);
            }
        }
    }
}
