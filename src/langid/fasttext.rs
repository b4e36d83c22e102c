//! A model of fastText that the user has, `.bin` or `.ftz` (lid.176, GlotLID, OpenLID, NLLB): the crate `fasttext-pure-rs` reads it.
//!
//! Lines are given to it as they are, but that all kinds of space are one, as its own tools do not see to: its answers are those of fastText. Labels
//! are tags of ISO 639, `__label__en` or `__label__eng_Latn`; languages have the shortest tag. What holds no word is `zxx` without being asked.

use std::{fmt, path::Path};

use super::{LanguageIdentifier, tag, words::Words};
use crate::model::{Error, Lang, LineLanguage, Result};

/// The engine of a file.
pub struct FastText {
    model: fasttext_pure_rs::FastText,
}

impl fmt::Debug for FastText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FastText").finish_non_exhaustive()
    }
}

impl FastText {
    /// Reads a model.
    ///
    /// # Errors
    /// Where there is no such file, or it is no model of fastText.
    pub fn open(path: &Path) -> Result<FastText> {
        let name = path.display();
        std::fs::File::open(path).map_err(|e| Error::from(e).at(&name))?;
        let model = fasttext_pure_rs::FastText::load(path)
            .map_err(|e| Error::usage(format!("no model of fastText: {e}")).at(&name).hint("--langid fasttext:FILE takes a .bin or .ftz file"))?;
        Ok(FastText { model })
    }
}

impl LanguageIdentifier for FastText {
    fn identify(&self, line: &str) -> LineLanguage {
        if Words::of(line).is_none() {
            return LineLanguage::NONE;
        }
        let text = line.split_whitespace().collect::<Vec<_>>().join(" ");
        let Some(best) = self.model.predict(&text, 1, 0.0).ok().and_then(|found| found.into_iter().next()) else { return LineLanguage::UNKNOWN };
        // In [0, 1], but for rounding.
        let permille = (best.probability * 1000.0).round().clamp(0.0, 1000.0) as u16;
        LineLanguage { lang: language(&best.label), permille }
    }

    fn languages(&self) -> Vec<Lang> {
        Vec::new()
    }
}

/// The language of a label.
fn language(label: &str) -> Lang {
    let code = label.strip_prefix("__label__").unwrap_or(label).to_ascii_lowercase();
    // Models of Wikipedia call Alemannic what ISO calls Albanian; models that name the script mean Albanian.
    if code == "als" {
        return Lang::parse("gsw").unwrap_or(Lang::UND);
    }
    let code = code.split(['_', '-']).next().unwrap_or_default();
    Lang::parse(tag::shortest(code)).unwrap_or(Lang::UND)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_tags() {
        let tags = ["__label__en", "__label__eng_Latn", "__label__als", "__label__als_Latn", "__label__zh-Hant", "ceb"]
            .map(|label| language(label).to_string());
        assert_eq!(tags, ["en", "en", "gsw", "sq", "zh", "ceb"]);
    }

    #[test]
    fn what_is_no_model_is_an_error_that_names_it() {
        let error = FastText::open(Path::new("Cargo.toml")).map(|_| ()).map_err(|e| e.to_string());
        assert!(error.is_err_and(|error| error.contains("Cargo.toml")));
    }
}
