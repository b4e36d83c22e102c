//! whatlang behind the trait: 70 languages, small, slow (about 4 MB/s) and weak on short lines, so only what it
//! calls reliable is believed. Tags are the shortest that exist.

use whatlang::Lang as Code;

use super::LanguageIdentifier;
use crate::model::{Lang, LineLanguage};

/// Probability in thousandths from which whatlang's answer is believed: its own mark of a reliable answer.
const RELIABLE: u16 = 900;

/// The engine of the `whatlang` crate.
#[derive(Clone, Copy, Debug, Default)]
pub struct Whatlang;

impl LanguageIdentifier for Whatlang {
    fn identify_letters(&self, text: &str) -> LineLanguage {
        let Some(info) = whatlang::detect(text) else { return LineLanguage { lang: Lang::UND, permille: 0 } };
        // In [0, 1] and computed from counts of the line alone, so the same on every run.
        let permille = (info.confidence() * 1000.0).round().clamp(0.0, 1000.0) as u16;
        let lang = if permille >= RELIABLE { Lang::parse(tag(info.lang())).unwrap_or(Lang::UND) } else { Lang::UND };
        LineLanguage { lang, permille }
    }
}

/// The shortest BCP 47 tag: ISO 639-1 where it exists.
fn tag(code: Code) -> &'static str {
    match code {
        Code::Epo => "eo",
        Code::Eng => "en",
        Code::Rus => "ru",
        Code::Cmn => "zh",
        Code::Spa => "es",
        Code::Por => "pt",
        Code::Ita => "it",
        Code::Ben => "bn",
        Code::Fra => "fr",
        Code::Deu => "de",
        Code::Ukr => "uk",
        Code::Kat => "ka",
        Code::Ara => "ar",
        Code::Hin => "hi",
        Code::Jpn => "ja",
        Code::Heb => "he",
        Code::Yid => "yi",
        Code::Pol => "pl",
        Code::Amh => "am",
        Code::Jav => "jv",
        Code::Kor => "ko",
        Code::Nob => "nb",
        Code::Dan => "da",
        Code::Swe => "sv",
        Code::Fin => "fi",
        Code::Tur => "tr",
        Code::Nld => "nl",
        Code::Hun => "hu",
        Code::Ces => "cs",
        Code::Ell => "el",
        Code::Bul => "bg",
        Code::Bel => "be",
        Code::Mar => "mr",
        Code::Kan => "kn",
        Code::Ron => "ro",
        Code::Slv => "sl",
        Code::Hrv => "hr",
        Code::Srp => "sr",
        Code::Mkd => "mk",
        Code::Lit => "lt",
        Code::Lav => "lv",
        Code::Est => "et",
        Code::Tam => "ta",
        Code::Vie => "vi",
        Code::Urd => "ur",
        Code::Tha => "th",
        Code::Guj => "gu",
        Code::Uzb => "uz",
        Code::Pan => "pa",
        Code::Aze => "az",
        Code::Ind => "id",
        Code::Tel => "te",
        Code::Pes => "fa",
        Code::Mal => "ml",
        Code::Ori => "or",
        Code::Mya => "my",
        Code::Nep => "ne",
        Code::Sin => "si",
        Code::Khm => "km",
        Code::Tuk => "tk",
        Code::Aka => "ak",
        Code::Zul => "zu",
        Code::Sna => "sn",
        Code::Afr => "af",
        Code::Lat => "la",
        Code::Slk => "sk",
        Code::Cat => "ca",
        Code::Tgl => "tl",
        Code::Hye => "hy",
        other => other.code(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_a_tag_and_no_two_share_one() {
        let tags: std::collections::BTreeSet<_> = Code::all().iter().map(|c| tag(*c)).collect();
        assert_eq!(tags.len(), Code::all().len());
        assert!(tags.iter().all(|t| Lang::parse(t).is_some_and(Lang::is_known)));
        assert!(tags.iter().all(|t| t.len() == 2 || *t == "cym"), "{tags:?}");
    }
}
