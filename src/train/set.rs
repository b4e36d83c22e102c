//! Labelled pages: what weights are fitted to.
//!
//! A set is a file of JSON Lines, a page a line: `{"site": …, "lines": […], "labels": "mfs…"}`, with `lang` where it is known. Labels, one a
//! line: m main text, f furniture, s neither (not scored). Other fields are passed over.

use std::{io::BufRead, path::Path};

use serde::Deserialize;

use crate::model::{Error, Result};

/// What a line is, by its markup or by a reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Label {
    /// Main text.
    Main,
    /// Furniture.
    Furniture,
    /// Neither: not scored.
    Soft,
}

/// A page with a label for each line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelledPage {
    /// Its site.
    pub site: String,
    /// Its language, if known.
    pub lang: String,
    /// Its lines, blank ones left out, one a line.
    pub text: String,
    /// A label for each.
    pub labels: Vec<Label>,
}

/// Labelled pages of some sites.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LabelledSet {
    /// Its name.
    pub name: String,
    /// Its pages.
    pub pages: Vec<LabelledPage>,
}

#[derive(Deserialize)]
struct Row {
    site: String,
    #[serde(default)]
    lang: String,
    lines: Vec<String>,
    labels: String,
}

impl LabelledSet {
    /// Reads a set from its file.
    ///
    /// # Errors
    /// Where it cannot be read, or a line of it is no labelled page: with the path and the line.
    pub fn read(name: &str, path: &Path) -> Result<LabelledSet> {
        let file = std::fs::File::open(path).map_err(|e| Error::from(e).at(path.display()))?;
        let mut set = LabelledSet { name: name.to_owned(), pages: Vec::new() };
        for (number, row) in (1..).zip(std::io::BufReader::new(file).lines()) {
            let row = row.map_err(|e| Error::from(e).at(path.display()))?;
            set.pages.push(LabelledPage::parse(&row).map_err(|e| e.at(path.display()).line(number))?);
        }
        Ok(set)
    }
}

impl LabelledPage {
    /// The page of one line of a set's file.
    ///
    /// # Errors
    /// A usage error where it is no JSON object of that form, or has not a label for each line.
    pub fn parse(row: &str) -> Result<LabelledPage> {
        let hint = "a labelled page is {\"site\": \"a name\", \"lines\": [\"…\"], \"labels\": \"mfs…\"}";
        let row: Row = serde_json::from_str(row).map_err(|e| Error::usage(format!("this is no labelled page: {e}")).hint(hint))?;
        let labels: Option<Vec<Label>> = row
            .labels
            .chars()
            .map(|c| match c {
                'm' => Some(Label::Main),
                'f' => Some(Label::Furniture),
                's' => Some(Label::Soft),
                _ => None,
            })
            .collect();
        let Some(labels) = labels.filter(|labels| labels.len() == row.lines.len()) else {
            return Err(Error::usage("`labels` has not one of m, f and s for each line").hint(hint));
        };
        let mut page = LabelledPage { site: row.site, lang: row.lang, text: String::new(), labels: Vec::new() };
        for (line, label) in row.lines.iter().zip(labels) {
            let line = line.replace(['\n', '\r'], " ");
            if line.trim_matches([' ', '\t']).is_empty() {
                continue;
            }
            if !page.labels.is_empty() {
                page.text.push('\n');
            }
            page.text.push_str(&line);
            page.labels.push(label);
        }
        Ok(page)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_a_page_without_its_blank_lines() {
        let row = r#"{"site": "a.example", "url": "x", "lines": ["Home", " ", "A\ntext", "¶"], "labels": "fmms"}"#;
        let page = LabelledPage::parse(row).unwrap();
        assert_eq!((page.site.as_str(), page.lang.as_str(), page.text.as_str()), ("a.example", "", "Home\nA text\n¶"));
        assert_eq!(page.labels, [Label::Furniture, Label::Main, Label::Soft]);
    }

    #[test]
    fn what_is_no_labelled_page_is_refused() {
        for row in [
            "",
            "{}",
            r#"{"site": "a", "lines": ["x"], "labels": "mm"}"#,
            r#"{"site": "a", "lines": ["x"], "labels": "x"}"#,
            r#"{"lines": [], "labels": ""}"#,
        ] {
            assert!(LabelledPage::parse(row).unwrap_err().hint_text().is_some_and(|hint| hint.contains("labels")), "{row}");
        }
    }
}
