//! A document's language: the vote of its lines, weighted by letters. Integers only.

use crate::model::{Lang, LineLanguage};

/// A document's language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DocumentLanguage {
    /// The language; `mul` where it is of several, `und` where no line is sure, `zxx` without letters.
    pub lang: Lang,
    /// Share of the letters with a known language that are in it, in thousandths.
    pub permille: u16,
}

/// Collects the lines' votes.
#[derive(Clone, Debug, Default)]
pub struct LanguageVote {
    /// By languages, of which a document has few.
    letters: Vec<(Lang, u64)>,
    unsure: u64,
}

impl LanguageVote {
    /// Adds a line of so many letters.
    pub fn add(&mut self, language: LineLanguage, letters: u32) {
        if language.lang == Lang::UND {
            self.unsure += u64::from(letters);
        } else if language.lang != Lang::ZXX {
            match self.letters.iter_mut().find(|(lang, _)| *lang == language.lang) {
                Some((_, sum)) => *sum += u64::from(letters),
                None => self.letters.push((language.lang, letters.into())),
            }
        }
    }

    /// Are fewer than a third of the letters in lines whose language is sure? Then the text as a whole is worth asking about.
    pub fn is_thin(&self) -> bool {
        let sure: u64 = self.letters.iter().map(|(_, letters)| letters).sum();
        self.unsure > 2 * sure
    }

    /// The outcome: `mul` where the first language has less than two thirds and the second a fifth or more.
    pub fn outcome(&self) -> DocumentLanguage {
        let sure: u64 = self.letters.iter().map(|(_, letters)| letters).sum();
        if sure == 0 {
            let lang = if self.unsure > 0 { Lang::UND } else { Lang::ZXX };
            return DocumentLanguage { lang, permille: if lang == Lang::ZXX { 1000 } else { 0 } };
        }
        let mut ranked: Vec<_> = self.letters.iter().map(|(lang, letters)| (*letters, *lang)).collect();
        ranked.sort_unstable_by_key(|(letters, lang)| (std::cmp::Reverse(*letters), *lang));
        let (first, lang) = ranked.first().copied().unwrap_or((0, Lang::UND));
        let second = ranked.get(1).map_or(0, |(letters, _)| *letters);
        let permille = u16::try_from((first * 1000 + sure / 2) / sure).unwrap_or(1000);
        let lang = if first * 3 < sure * 2 && second * 5 >= sure { Lang::MUL } else { lang };
        DocumentLanguage { lang, permille }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(votes: &[(&str, u32)]) -> (String, u16) {
        let mut vote = LanguageVote::default();
        for (lang, letters) in votes {
            vote.add(LineLanguage { lang: Lang::parse(lang).unwrap_or(Lang::UND), permille: 1000 }, *letters);
        }
        let outcome = vote.outcome();
        (outcome.lang.to_string(), outcome.permille)
    }

    #[test]
    fn outcomes() {
        assert_eq!(outcome(&[]), ("zxx".into(), 1000));
        assert_eq!(outcome(&[("zxx", 4)]), ("zxx".into(), 1000));
        assert_eq!(outcome(&[("und", 4)]), ("und".into(), 0));
        assert_eq!(outcome(&[("en", 98), ("ru", 2), ("und", 50)]), ("en".into(), 980));
        assert_eq!(outcome(&[("en", 50), ("ru", 50)]), ("mul".into(), 500));
        assert_eq!(outcome(&[("ru", 40), ("en", 30), ("en", 50), ("ru", 0)]), ("en".into(), 667));
        assert_eq!(outcome(&[("ru", 15), ("en", 30), ("en", 55)]), ("en".into(), 850));
        assert_eq!(outcome(&[("en", 60), ("ru", 15), ("de", 15), ("fr", 10)]), ("en".into(), 600));
    }
}
