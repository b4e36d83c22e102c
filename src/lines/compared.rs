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
    if line.is_ascii() {
        ascii_form(line, form);
        fold_digits(form, measures.kind == Kind::Prose);
        return measures;
    }
    let lower: String = line.nfkc().collect::<String>().to_lowercase().nfkc().collect();
    let cut = cut_to_end(&lower);
    push_words(cut.as_deref().unwrap_or(&lower), form);
    let prose = LineText::of(form).kind == Kind::Prose;
    fold_digits(form, prose);
    measures
}

fn ascii_form(line: &str, form: &mut String) {
    let cut = cut_to_end(line);
    push_words(cut.as_deref().unwrap_or(line), form);
    form.make_ascii_lowercase();
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
    if prose || !form.chars().any(is_digit) || form.chars().take(FOLDED_CHARS + 1).count() > FOLDED_CHARS {
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

    proptest! {
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
