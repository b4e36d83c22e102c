//! Text to language: one line at a time, and what a document's lines say together.
//!
//! Engines stand behind [`LanguageIdentifier`]; they are immutable and shared by all threads. What is no
//! language at all (no two letters once addresses are cut) is decided here, before any engine is asked.

mod ascii;
mod builtin;
mod fasttext;
pub mod feature;
pub mod model;
pub mod scores;
mod tag;
mod vote;
mod whatlang;
pub mod words;
pub mod writing;

pub use builtin::Builtin;
pub use fasttext::FastText;
pub use vote::{DocumentLanguage, LanguageVote};
pub use whatlang::Whatlang;

use crate::model::{Lang, LineLanguage};

/// Tells the language of a line.
pub trait LanguageIdentifier: Send + Sync {
    /// The language that a line is in most probably; `zxx` where there is none, `und` where it is none that the engine knows.
    fn identify(&self, line: &str) -> LineLanguage;

    /// The same for a line of a text that is mostly in one language: a line that may be in it and is not surely in another is taken to be. Engines
    /// that cannot weigh this ([`weighs_text`](Self::weighs_text)) say what they say of the line alone.
    fn identify_within(&self, line: &str, mostly: Lang) -> LineLanguage {
        let _ = mostly;
        self.identify(line)
    }

    /// Does it weigh which language a line's text is in?
    fn weighs_text(&self) -> bool {
        false
    }

    /// The languages that it tells apart, in order; none where it cannot say.
    fn languages(&self) -> Vec<Lang>;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn engines() -> [Box<dyn LanguageIdentifier>; 2] {
        [Box::new(Builtin::default()), Box::new(Whatlang)]
    }

    #[test]
    fn numbers_and_addresses_are_no_language() {
        for line in
            ["", "12 345", "https://example.org/hello/world", "3/4 – 5", "x", "2024-11-24T10:00:00Z", "a@example.org", "\u{a0}", "☺☺☺", "x = f(y);"]
        {
            for engine in engines() {
                assert_eq!(engine.identify(line), LineLanguage::NONE, "{line}");
            }
        }
    }

    #[test]
    fn capitals_and_nbsp_do_not_confuse() {
        let line = "the weather was so bad that nobody wanted to leave the house in the morning";
        let nbsp = line.replace(' ', "\u{a0}");
        for line in [line, &line.to_uppercase(), &nbsp] {
            for engine in engines() {
                assert_eq!(engine.identify(line).lang, Lang::parse("en").unwrap_or(Lang::UND), "{line}");
            }
        }
    }

    #[test]
    fn long_lines_are_cut_at_a_word() {
        let line = "Сегодня утром погода была такой плохой, что никто не хотел выходить из дома. ".repeat(500);
        for engine in engines() {
            assert_eq!(engine.identify(&line).lang, Lang::parse("ru").unwrap_or(Lang::UND));
        }
    }
}
