//! whatlang behind the trait: 70 languages, small, slow (about 4 MB/s) and weak on short lines, so only what it
//! calls reliable is to be believed. Tags are the shortest that exist.

use whatlang::Lang as Code;

use super::{LanguageIdentifier, tag, words::Words};
use crate::model::{Lang, LineLanguage};

/// The engine of the `whatlang` crate.
#[derive(Clone, Copy, Debug, Default)]
pub struct Whatlang;

impl LanguageIdentifier for Whatlang {
    fn identify(&self, line: &str) -> LineLanguage {
        let Some(words) = Words::of(line) else { return LineLanguage::NONE };
        let Some(info) = whatlang::detect(&words.to_string()) else { return LineLanguage::UNKNOWN };
        // In [0, 1] and computed from counts of the line alone, so the same on every run.
        let permille = (info.confidence() * 1000.0).round().clamp(0.0, 1000.0) as u16;
        LineLanguage { lang: Lang::parse(tag::shortest(info.lang().code())).unwrap_or(Lang::UND), permille }
    }

    fn languages(&self) -> Vec<Lang> {
        let mut languages: Vec<_> = Code::all().iter().filter_map(|code| Lang::parse(tag::shortest(code.code()))).collect();
        languages.sort_unstable();
        languages
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_a_tag_and_no_two_share_one() {
        let tags: std::collections::BTreeSet<_> = Code::all().iter().map(|c| tag::shortest(c.code())).collect();
        assert_eq!(tags.len(), Code::all().len());
        assert!(tags.iter().all(|t| Lang::parse(t).is_some_and(Lang::is_known)));
        assert!(tags.iter().all(|t| t.len() == 2), "{tags:?}");
    }
}
