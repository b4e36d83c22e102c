//! The engine that comes with buddle: a model of its own, some two hundred languages, good on lines of a few words.

use std::sync::LazyLock;

use super::{
    LanguageIdentifier,
    model::Model,
    scores::Scores,
    words::{FIRST, MOST, Words},
};
use crate::model::{Lang, LineLanguage};

/// Buckets of the model are lines of the cache.
#[repr(align(64))]
struct Aligned<B: ?Sized>(B);

static BYTES: &Aligned<[u8]> = &Aligned(*include_bytes!("languages.bin"));

static MODEL: LazyLock<Option<Model<'static>>> = LazyLock::new(|| Model::read(&BYTES.0));

/// The engine.
#[derive(Clone, Debug, Default)]
pub struct Builtin {
    /// The languages to choose from, in order; empty: all.
    allowed: Vec<Lang>,
}

impl Builtin {
    /// An engine that chooses among these languages; among all if there are none.
    pub fn among(mut languages: Vec<Lang>) -> Builtin {
        languages.sort_unstable();
        Builtin { allowed: languages }
    }

    /// Reads as much of a line as it takes to be sure of its language, or all that is looked at: writes its scores; what it is by itself.
    fn read<'m>(&self, model: &'m Model<'_>, line: &str, scores: &mut Scores<'m>) -> LineLanguage {
        let mut words = Words::new();
        if words.read(line, FIRST) {
            model.score(&words, scores);
            let guess = scores.guess(&self.allowed, None);
            if !words.is_cut() || guess.permille >= SURE && words.goes_on_alike(line) {
                return guess;
            }
        } else if !words.is_cut() {
            return LineLanguage::NONE;
        }
        if !words.read(line, MOST) {
            return LineLanguage::NONE;
        }
        model.score(&words, scores);
        scores.guess(&self.allowed, None)
    }
}

/// Thousandths from which the beginning of a line decides.
const SURE: u16 = 998;

impl LanguageIdentifier for Builtin {
    fn identify(&self, line: &str) -> LineLanguage {
        MODEL.as_ref().map_or(LineLanguage::UNKNOWN, |model| self.read(model, line, &mut Scores::new()))
    }

    fn identify_within(&self, line: &str, mostly: Lang) -> LineLanguage {
        let Some(model) = MODEL.as_ref() else { return LineLanguage::UNKNOWN };
        let mut scores = Scores::new();
        // How much is read does not hang on the text's language: with its lead the beginning of many a line would be sure.
        let alone = self.read(model, line, &mut scores);
        if alone == LineLanguage::NONE { alone } else { scores.guess(&self.allowed, Some(mostly)) }
    }

    fn weighs_text(&self) -> bool {
        true
    }

    fn languages(&self) -> Vec<Lang> {
        let known = MODEL.as_ref().map(Model::languages).unwrap_or_default();
        known.into_iter().filter(|lang| lang.is_known() && (self.allowed.is_empty() || self.allowed.binary_search(lang).is_ok())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lang(tag: &str) -> Lang {
        Lang::parse(tag).unwrap_or(Lang::UND)
    }

    #[test]
    fn short_lines_are_told() {
        for (line, tag) in [
            ("Mehr lesen", "de"),
            ("Leer más", "es"),
            ("Voir plus d'articles", "fr"),
            ("Политика конфиденциальности", "ru"),
            ("Політика конфіденційності", "uk"),
            ("Čtěte také", "cs"),
            ("続きを読む", "ja"),
            ("阅读更多内容", "zh"),
            ("더 보기", "ko"),
            ("اقرأ المزيد", "ar"),
            ("और पढ़ें", "hi"),
            ("Διαβάστε περισσότερα", "el"),
            ("อ่านเพิ่มเติม", "th"),
            ("Xem thêm", "vi"),
            ("LEIA MAIS NOTÍCIAS", "pt"),
        ] {
            let found = Builtin::default().identify(line);
            assert!(found.lang == lang(tag) && found.permille > 500, "{line}: {found:?}");
        }
    }

    #[test]
    fn the_choice_is_among_the_languages_that_are_given() {
        let line = "Das Wetter war schlecht";
        assert_eq!(Builtin::default().identify(line).lang, lang("de"));
        let dutch_or_danish = Builtin::among(vec![lang("nl"), lang("da")]);
        assert!([lang("nl"), lang("da")].contains(&dutch_or_danish.identify(line).lang));
        assert_eq!(dutch_or_danish.languages(), [lang("da"), lang("nl")]);
        assert_eq!(dutch_or_danish.identify("Погода была плохой"), LineLanguage::UNKNOWN);
    }

    #[test]
    fn the_model_knows_what_whatlang_knows_and_more() {
        let known = Builtin::default().languages();
        assert!(known.len() >= 150, "{}", known.len());
        for lang in super::super::Whatlang.languages() {
            assert!(known.contains(&lang), "{lang}");
        }
        // What this build embeds starts at a line of the cache.
        assert_eq!(BYTES.0.as_ptr().addr() % 64, 0);
        assert!(BYTES.0.len() <= 8_000_000);
    }

    #[test]
    fn bad_lines_are_answered() {
        let long = "слово word 字 ".repeat(100_000);
        for line in [
            "\u{301}".repeat(10_000),
            "a".repeat(1 << 20),
            "\u{e000}".repeat(10_000),
            "\u{202e}\u{202d}".repeat(5000),
            "aжbзcи".repeat(2000),
            "𠀀𠀁".repeat(900),
            long,
        ] {
            let found = Builtin::default().identify(&line);
            assert!(found.permille <= 1000);
        }
    }

    #[test]
    fn what_is_read_of_a_line_is_the_same_in_any_text() {
        let line = "Connection: close Content-Length: Cache-Control: private, proxy-revalidate Vary: Accept-Encoding. Uporablja piškotke, da lahko izboljšujemo \
                    uporabniško izkušnjo in vsebino strani, ki jo gledate, ter prikazujemo oglase";
        let alone = Builtin::default().identify(line);
        assert!(alone.lang == lang("sl") && alone.permille == 1000, "{alone:?}");
        assert_eq!(Builtin::default().identify_within(line, lang("en")).lang, lang("sl"));
        for (line, tag) in [
            ("Den store by ligger ved en lang vej til havet, og solen er over skolen", "da"),
            ("De acordo com a autoridade inspectiva nacional, o valor total dos produtos apreendidos está avaliado em centenas de contos.", "pt"),
            ("zWWWWyWWW\nD\u{15}WWWW\u{1}\0\0\0WWWWWW\nWWW[\u{15}m\nD\u{15}WWWW o viJ! J! J!WWWWMWWW HWWWWW:WWWWyWWW D WWWW WWWWWW", "en"),
        ] {
            let (alone, within) = (Builtin::default().identify(line), Builtin::default().identify_within(line, lang(tag)));
            assert!(alone.lang != lang(tag) || within.lang == lang(tag) && within.permille >= alone.permille, "{line}: {alone:?} {within:?}");
        }
    }

    #[test]
    fn a_line_that_goes_on_in_another_writing_is_read_on() {
        let name = "Read More Latest News from the Long Named District of Tamil Nadu ";
        let text = "بلاول زرداری کی کور کمانڈر کراچی سے ملاقات ملزمان کو ";
        assert_eq!(Builtin::default().identify(name).lang, lang("en"));
        assert_eq!(Builtin::default().identify(&format!("{name}{}", text.repeat(4))).lang, lang("ur"));
        // One letter alone is no word of a language; what follows is.
        assert_eq!(Builtin::default().identify(&"a 1 ".repeat(60)), LineLanguage::NONE);
        assert_ne!(Builtin::default().identify(&format!("{}Das Wetter war schlecht", "a 1 ".repeat(40))), LineLanguage::NONE);
    }
}
