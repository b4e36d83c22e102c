//! A field of a record as documents are compared by it: for equality, and for which of them is preferred.
//!
//! Strings are compared by the bytes of what they say, numbers as numbers, all else (true, lists, objects) as it is written. Nothing is equal
//! across these kinds. Null and what says nothing are as good as no field.

use std::borrow::Cow;

use super::Decimal;
use crate::hash::FieldKey;

/// Bytes of the longest rank: of a string so many less one decide.
pub const RANK_BYTES: usize = 64;

/// What is preferred among documents: the greater rank stays.
pub type Rank<const N: usize> = [u8; N];

/// A field's value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldValue<'v> {
    /// A string, decoded.
    Text(Cow<'v, str>),
    /// A number as JSON writes it.
    Number(&'v str),
    /// Anything else as it is written.
    Other(&'v str),
}

impl FieldValue<'_> {
    /// The key of the value; none of null and of a string without a visible character.
    pub fn key(&self) -> Option<FieldKey> {
        match self {
            FieldValue::Text(text) if text.trim().is_empty() => None,
            FieldValue::Text(text) => Some(FieldKey::of_text(text.as_bytes())),
            FieldValue::Number(number) => {
                let Decimal { is_negative, magnitude, digits } = Decimal::of(number);
                let head = [&[u8::from(is_negative)][..], &magnitude.to_le_bytes()].concat();
                Some(FieldKey::of_number(&[head, digits].concat()))
            }
            FieldValue::Other("null") => None,
            FieldValue::Other(written) => Some(FieldKey::of_written(written.as_bytes())),
        }
    }

    /// The rank of a document with this value, where the greatest is preferred, or the least: numbers as numbers and strings by their bytes (the
    /// first 63), numbers below strings. What is neither has the rank of a document without the field, which is below all, also where the least is
    /// preferred.
    pub fn rank(&self, is_greatest: bool) -> Rank<RANK_BYTES> {
        let mut rank = [0; RANK_BYTES];
        let (kind, value) = rank.split_at_mut(1);
        match self {
            FieldValue::Number(number) => {
                kind.fill(0x40);
                value.copy_from_slice(&Decimal::of(number).ordered());
            }
            FieldValue::Text(text) => {
                kind.fill(0x80);
                value.iter_mut().zip(text.bytes()).for_each(|(place, byte)| *place = byte);
            }
            FieldValue::Other(_) => return rank,
        }
        if !is_greatest {
            rank.iter_mut().for_each(|byte| *byte = !*byte);
        }
        rank
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> FieldValue<'_> {
        FieldValue::Text(text.into())
    }

    #[test]
    fn what_is_equal_and_what_is_nothing() {
        let values = [
            text("1"),
            FieldValue::Number("1"),
            FieldValue::Number("-1"),
            FieldValue::Number("10"),
            FieldValue::Number("0"),
            FieldValue::Other("true"),
            text("true"),
            FieldValue::Other("[1]"),
            text(" 1"),
        ];
        for (n, one) in values.iter().enumerate() {
            assert!(values.iter().skip(n + 1).all(|other| one.key() != other.key()), "{one:?}");
            assert!(one.key().is_some());
        }
        assert_eq!(FieldValue::Number("1.0").key(), FieldValue::Number("10e-1").key());
        assert_eq!([text("").key(), text(" \n\u{a0}").key(), FieldValue::Other("null").key()], [None; 3]);
    }

    #[test]
    fn ranks() {
        let (long, longer) = ("é".repeat(31), "é".repeat(40));
        let ascending = [
            FieldValue::Number("-3"),
            FieldValue::Number("7"),
            FieldValue::Number("10"),
            text(""),
            text("10"),
            text("7"),
            text("7a"),
            text("2026-11-27T16:49:53.123456+00:00"),
        ];
        let mut sorted = ascending.clone();
        sorted.sort_by_key(|value| value.rank(true));
        let byte_order = |value: &FieldValue<'_>| match value {
            FieldValue::Text(text) => (1, text.to_string()),
            _ => (0, String::new()),
        };
        let mut naive = ascending.clone();
        naive.sort_by_key(byte_order);
        assert_eq!(sorted, naive);
        sorted.reverse();
        let mut least = ascending;
        least.sort_by_key(|value| value.rank(false));
        assert_eq!(least, sorted);
        for is_greatest in [true, false] {
            let missing = FieldValue::Other("null").rank(is_greatest);
            assert!(least.iter().all(|value| value.rank(is_greatest) > missing));
        }
        assert!(text(&long).rank(true) < text(&longer).rank(true));
        assert_eq!(text(&longer).rank(true), text(&format!("{longer}x")).rank(true), "the first 63 bytes decide");
    }
}
