//! Pages of HTML that stand alone: what they are made of.
//!
//! A page is an askama template in this folder that extends `base.html` (head, `style.css`, header, contents, footer) and
//! shows `Shell`, `Headline`, `Bars`, `Histogram`, `Flow` and `Sample`s, each a template of its own (`{{ bars|safe }}`).
//! `|safe` stands with those types alone: data goes through [`Escape`], and data from a corpus through [`Sample`], which isolates
//! it too. No script, nothing loaded; no number or text is computed in a template.

mod bars;
mod check;
mod escape;
mod figures;
mod flow;
mod folder;
mod histogram;
mod language;
mod sample;
mod shell;

pub use bars::Bars;
pub(super) use check::check_page;
pub use escape::Escape;
pub use flow::{Flow, Part};
pub use folder::folder_page;
pub use histogram::Histogram;
pub use language::language_name;
pub use sample::Sample;
pub use shell::{Figure, Headline, Shell};

#[cfg(test)]
mod tests {
    use askama::Template;

    use super::*;

    /// A page as small as one can be.
    #[derive(Template)]
    #[template(
        ext = "html",
        config = "src/report/html/askama.toml",
        source = r#"{% extends "base.html" %}{% block main %}<section id="one" aria-labelledby="one-title"><h2 id="one-title">One</h2>{{ bars|safe }}{{ histogram|safe }}</section>{% endblock %}"#
    )]
    struct Page {
        shell: Shell,
        bars: Bars,
        histogram: Histogram,
    }

    #[test]
    fn what_is_filled_in_is_escaped_everywhere() {
        let hostile = "</style><script>alert(1)</script>\" onload='x'";
        let row = (hostile.to_owned(), hostile.to_owned(), 3);
        let page = Page {
            shell: Shell::new(hostile, hostile, vec![("one", "One")]),
            bars: Bars::new(hostile, ("a", "b"), &[row.clone(), row], 1, 7),
            histogram: Histogram::new(hostile, "c", ("d", "e"), &[(hostile.to_owned(), 0, u64::MAX)]),
        };
        let html = page.render().unwrap();
        assert!(!html.contains("<script") && !html.contains("onload='") && html.matches("</style>").count() == 1, "{html}");
        assert!(html.starts_with("<!doctype html>\n<html lang=\"en\">") && html.trim_end().ends_with("</html>"));
        assert!(html.contains("1 more") && html.contains("42.9 %"));
    }
}
