//! Text out of the corpus as a page shows it: cut to a length, isolated from the text around it, marked with its language.

use askama::Template;

use crate::model::Lang;

/// A piece of text from outside: a line, an id, a path, a site.
#[derive(Clone, Debug, Default, PartialEq, Eq, Template)]
#[template(path = "sample.html", config = "src/report/html/askama.toml")]
pub struct Sample {
    text: String,
    /// A language that is known, for screen readers and fonts.
    lang: Option<String>,
    /// Characters that were cut off.
    more: usize,
}

impl Sample {
    /// The head of a text, at most so many characters.
    pub fn new(text: &str, most: usize) -> Sample {
        // A few characters more cost less than the note that they are missing.
        let count = text.chars().count();
        let shown = if count <= most + most / 8 { count } else { most };
        Sample { text: text.chars().take(shown).collect(), lang: None, more: count - shown }
    }

    /// The same, in a language; tags that name none are left out.
    #[must_use]
    pub fn in_language(mut self, tag: &str) -> Sample {
        self.lang = Lang::parse(tag).filter(|lang| lang.is_known()).map(|lang| lang.as_str().to_owned());
        self
    }

    /// The same, cut to fewer characters.
    #[must_use]
    pub fn cut(&self, most: usize) -> Sample {
        let cut = Sample::new(&self.text, most);
        Sample { lang: self.lang.clone(), more: cut.more + self.more, ..cut }
    }

    /// The characters that are shown.
    pub fn text(&self) -> &str {
        &self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_say_how_much_is_missing() {
        assert_eq!(Sample::new("abc", 3).render().unwrap(), r#"<bdi dir="auto">abc</bdi>"#);
        assert_eq!(
            Sample::new("абвгд", 2).in_language("ru").render().unwrap(),
            r#"<bdi dir="auto" lang="ru">аб<span class="more" lang="en" dir="ltr">… 3 more characters</span></bdi>"#
        );
        assert_eq!(Sample::new("<b>", 9).in_language("und").render().unwrap(), r#"<bdi dir="auto">&lt;b&gt;</bdi>"#);
        assert_eq!(Sample::new("x", 9).in_language("\" onclick=").render().unwrap(), r#"<bdi dir="auto">x</bdi>"#);
        assert_eq!(Sample::new(&"x".repeat(9), 8).text().len(), 9);
    }
}
