//! Text to language: one line at a time, and what a document's lines say together.
//!
//! Engines stand behind [`LanguageIdentifier`]; they are immutable and shared by all threads. What is no
//! language at all (no two letters once addresses are cut) is decided here, before any engine is asked.

mod vote;
mod whatlang;

use std::borrow::Cow;

pub use vote::{DocumentLanguage, LanguageVote};
pub use whatlang::Whatlang;

use crate::model::{Lang, LineLanguage, cut_addresses, is_letter};

/// Tells the language of a line.
pub trait LanguageIdentifier: Send + Sync {
    /// The language of a text that is known to hold letters; `und` where the engine is not sure.
    fn identify_letters(&self, text: &str) -> LineLanguage;

    /// The language of a line; `zxx` where there is none.
    fn identify(&self, line: &str) -> LineLanguage {
        let text = words(line);
        if text.chars().filter(|c| is_letter(*c)).take(2).count() < 2 {
            return LineLanguage { lang: Lang::ZXX, permille: 1000 };
        }
        self.identify_letters(&text)
    }
}

/// Bytes of a line that an engine is asked about: past some 200 letters an answer does not get better (99.4 % of
/// lines that long are right), only slower.
const ASKED_BYTES: usize = 600;

/// The line without what is no word of a language: addresses, and words that hold a digit.
fn words(line: &str) -> Cow<'_, str> {
    let cut = cut_addresses(line);
    let text = match cut {
        Cow::Borrowed(text) => Cow::Borrowed(head(text)),
        Cow::Owned(text) => Cow::Owned(head(&text).to_owned()),
    };
    if text.bytes().any(|b| b.is_ascii_digit()) || text.contains('\u{a0}') {
        let kept: Vec<_> = text.split_whitespace().filter(|w| !w.bytes().any(|b| b.is_ascii_digit())).collect();
        return Cow::Owned(kept.join(" "));
    }
    text
}

fn head(text: &str) -> &str {
    let mut end = text.len().min(ASKED_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_addresses_are_no_language() {
        for line in ["", "12 345", "https://example.org/hello/world", "3/4 – 5", "x", "2024-11-24T10:00:00Z", "a@example.org"] {
            assert_eq!(Whatlang.identify(line).lang, Lang::ZXX, "{line}");
        }
    }

    #[test]
    fn capitals_and_nbsp_do_not_confuse() {
        let line = "the weather was so bad that nobody wanted to leave the house in the morning";
        let nbsp = line.replace(' ', "\u{a0}");
        for line in [line, &line.to_uppercase(), &nbsp] {
            assert_eq!(Whatlang.identify(line).lang, Lang::parse("en").unwrap_or(Lang::UND), "{line}");
        }
    }

    #[test]
    fn unsure_is_und() {
        assert_eq!(Whatlang.identify("Berlin").lang, Lang::UND);
    }

    #[test]
    fn long_lines_are_cut_at_a_character() {
        let line = "Сегодня утром погода была такой плохой, что никто не хотел выходить из дома. ".repeat(500);
        assert_eq!(Whatlang.identify(&line).lang, Lang::parse("ru").unwrap_or(Lang::UND));
    }
}
