//! The compared form of a line: what two copies of a line have in common. Never written out; idempotent; pinned by
//! test vectors, and [`crate::hash::KEY_VERSION`] counts its versions.
//!
//! NFKC, lower case, addresses cut (a link keeps its words; a line that is nothing else keeps its address), spaces
//! to one, trimmed; and for lines that are not prose and have at most 60 characters every run of digits to one `0`.

use unicode_general_category::{GeneralCategory, get_general_category};
use unicode_normalization::UnicodeNormalization;

use crate::model::{Kind, LineText, cut_addresses};

/// Characters of the longest line whose digits are folded.
const FOLDED_CHARS: usize = 60;

/// Writes the compared form of `line` to `form` (cleared first) and gives the measures of the line.
pub fn compared_form(line: &str, form: &mut String) -> LineText {
    form.clear();
    let measures = LineText::of(line);
    if !push_plain(line, form) {
        form.clear();
        push_any(line, form);
    }
    if form.len() <= FOLDED_CHARS * 4 && form.bytes().any(|b| b.is_ascii_digit() || b >= 0x80) && form.chars().any(is_digit) {
        let prose = if line.is_ascii() { measures.kind } else { LineText::of(form).kind } == Kind::Prose;
        fold_digits(form, prose);
    }
    measures
}

/// The form of any line, by the book.
fn push_any(line: &str, form: &mut String) {
    let lower: String = line.nfkc().collect::<String>().to_lowercase().nfkc().collect();
    let cut = cut_to_end(&lower);
    push_words(cut.as_deref().unwrap_or(&lower), form);
}

/// The form of a line whose characters all have a form of their own, whatever stands beside them; false (and a head of
/// the form) where one has not.
fn push_plain(line: &str, form: &mut String) -> bool {
    if line.is_ascii() && !holds_wide_space(line.as_bytes()) {
        form.push_str(line);
        form.make_ascii_lowercase();
        return cut_form(form);
    }
    let mut space = false;
    for c in line.chars() {
        let c = match u32::from(c) {
            0x41..=0x5A => c.to_ascii_lowercase(),
            0..0x80 => c,
            // Small letters, and signs that have no other form.
            0xDF..=0xFF | 0xA1 | 0xA7 | 0xA9 | 0xAB | 0xAE | 0xB0 | 0xB1 | 0xB6 | 0xB7 | 0xBB | 0xBF | 0xD7 => c,
            0xC0..=0xDE => shifted(c, 0x20),
            0x101..=0x131 | 0x135..=0x137 | 0x142..=0x148 | 0x14B..=0x177 if u32::from(c) % 2 == lower_parity(c) => c,
            0x3B1..=0x3C9 | 0x3AC..=0x3AF | 0x3CC..=0x3CE | 0x430..=0x45F => c,
            0x391..=0x3A1 | 0x3A4..=0x3A9 | 0x410..=0x42F => shifted(c, 0x20),
            0x400..=0x40F => shifted(c, 0x50),
            0x5D0..=0x5EA | 0x621..=0x63A | 0x641..=0x64A | 0x60C | 0x61B | 0x61F | 0x66A..=0x66D | 0x679..=0x6D3 | 0x6D4 => c,
            0xE01..=0xE32 | 0xE40..=0xE46 => c,
            0x2012..=0x2015 | 0x2018..=0x201E | 0x2020..=0x2022 | 0x20AC | 0x3001 | 0x3002 | 0x3008..=0x3011 => c,
            0x3041..=0x3096 | 0x30A1..=0x30FA | 0x30FC | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xAC00..=0xD7A3 => c,
            0xFF01..=0xFF5E => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c).to_ascii_lowercase(),
            0xA0 | 0x3000 => ' ',
            0x2026 => {
                push_char('.', &mut space, form);
                form.push_str("..");
                continue;
            }
            _ => return false,
        };
        push_char(c, &mut space, form);
    }
    cut_form(form)
}

/// Cuts addresses from a form that is otherwise whole; always true.
fn cut_form(form: &mut String) -> bool {
    match cut_to_end(form) {
        Some(cut) => {
            form.clear();
            push_words(&cut, form);
        }
        None => form.truncate(form.trim_end().len()),
    }
    true
}

/// White space other than single spaces between words?
fn holds_wide_space(line: &[u8]) -> bool {
    let other = line.iter().fold(false, |other, b| other | (*b < 0x20));
    let double = line.iter().zip(line.iter().skip(1)).fold(false, |double, (a, b)| double | (*a == b' ') & (*b == b' '));
    other || double || line.first() == Some(&b' ')
}

fn push_char(c: char, space: &mut bool, form: &mut String) {
    if c.is_whitespace() {
        *space = !form.is_empty();
    } else {
        if std::mem::take(space) {
            form.push(' ');
        }
        form.push(c);
    }
}

/// The letter so many places further on.
fn shifted(c: char, places: u32) -> char {
    char::from_u32(u32::from(c) + places).unwrap_or(c)
}

/// Which of a pair of Latin Extended-A letters is the small one: the odd one, but the even one from U+0139 to U+0148.
fn lower_parity(c: char) -> u32 {
    u32::from(!matches!(u32::from(c), 0x139..=0x148))
}

/// Cuts addresses until none is left; `None` where there is none, or nothing else.
fn cut_to_end(line: &str) -> Option<String> {
    let mut cut = match cut_addresses(line) {
        std::borrow::Cow::Borrowed(_) => return None,
        std::borrow::Cow::Owned(cut) => cut,
    };
    // One cut can leave what reads as an address again, in text that was made to.
    while let std::borrow::Cow::Owned(again) = cut_addresses(&cut) {
        cut = again;
    }
    cut.chars().any(char::is_alphanumeric).then_some(cut)
}

fn push_words(text: &str, form: &mut String) {
    for word in text.split_whitespace() {
        if !form.is_empty() {
            form.push(' ');
        }
        form.push_str(word);
    }
}

fn fold_digits(form: &mut String, prose: bool) {
    if prose || form.chars().take(FOLDED_CHARS + 1).count() > FOLDED_CHARS {
        return;
    }
    let mut folded = String::with_capacity(form.len());
    let mut in_digits = false;
    for c in form.chars() {
        let digit = is_digit(c);
        if !digit {
            folded.push(c);
        } else if !in_digits {
            folded.push('0');
        }
        in_digits = digit;
    }
    *form = folded;
}

fn is_digit(c: char) -> bool {
    if c.is_ascii() { c.is_ascii_digit() } else { c.is_numeric() && get_general_category(c) == GeneralCategory::DecimalNumber }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn form(line: &str) -> String {
        let mut form = String::from("left over");
        compared_form(line, &mut form);
        form
    }

    #[test]
    fn vectors() {
        let cases = [
            ("  Read   MORE ", "read more"),
            ("Comments (17)", "comments (0)"),
            ("٣ تعليقات", "0 تعليقات"),
            ("Ｆｕｌｌ\u{3000}Ｗｉｄｔｈ １２", "full width 0"),
            ("[About us](https://example.org/about?id=3)", "[about us]"),
            ("https://example.org/A1", "https://example.org/a0"),
            (
                "In 1984 the house was sold to a family from the north, who stayed.",
                "in 1984 the house was sold to a family from the north, who stayed.",
            ),
            ("ΟΔΟΣ ﬁn Straße", "οδος fin straße"),
            ("İstanbul", "i\u{307}stanbul"),
        ];
        for (line, want) in cases {
            assert_eq!(form(line), want, "{line}");
        }
    }

    /// The naive twin is the path by the book.
    fn plain_agrees(line: &str) {
        let (mut plain, mut any) = (String::new(), String::new());
        if push_plain(line, &mut plain) {
            push_any(line, &mut any);
            assert_eq!(plain, any, "{line:?}");
        }
    }

    #[test]
    fn every_plain_character_agrees_with_the_book() {
        for c in '\0'..=char::MAX {
            plain_agrees(&c.to_string());
            plain_agrees(&format!("a{c}b"));
            plain_agrees(&format!("か{c}\u{3000}é"));
        }
    }

    proptest! {
        #[test]
        fn plain_text_agrees_with_the_book(line in "([a-zA-Z0-9 .@:/()\\[\\]éÀа-яА-ЯёЁα-ω東京か゛กّ\u{a0}\u{3000}！ｗ…]|http://|www\\.|\\]\\(){0,40}") {
            plain_agrees(&line);
        }

        #[test]
        fn is_idempotent(line in "([a-zA-Z0-9 .!?|@:/()\\[\\]wW\u{a0}\u{3000}ﬁİßⅣｗ．＠é\u{301}ข我٣]|http://|www\\.|\\]\\(){0,90}") {
            let once = form(&line);
            prop_assert_eq!(form(&once), once);
        }

        #[test]
        fn any_text_is_idempotent(line in "\\PC{0,80}") {
            let once = form(&line);
            prop_assert_eq!(form(&once), once);
        }
    }
}
