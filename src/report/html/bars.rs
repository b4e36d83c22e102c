//! A table whose last column is a bar: the numbers are there for whoever cannot see the bars.

use askama::Template;

use super::{
    Sample,
    figures::{number, percent, permille},
};

/// A table of amounts with a bar for each.
#[derive(Clone, Debug, Template)]
#[template(path = "bars.html", config = "src/report/html/askama.toml")]
pub struct Bars {
    /// What the table is about; its accessible name too.
    caption: String,
    /// Head of the first column.
    label: &'static str,
    /// Head of the column of amounts.
    amount: &'static str,
    rows: Vec<Bar>,
    /// Rows that are not shown, and what they come to.
    more: Option<(String, String)>,
}

#[derive(Clone, Debug)]
struct Bar {
    /// A short code before the label, or nothing.
    code: String,
    label: Sample,
    amount: String,
    percent: String,
    /// Length of the bar in thousandths of the longest.
    length: u64,
}

impl Bars {
    /// A table of these rows (code, label, amount) in this order, of which `shown` are; shares are of `whole`.
    pub fn new(caption: impl Into<String>, heads: (&'static str, &'static str), rows: &[(String, String, u64)], shown: usize, whole: u64) -> Bars {
        let longest = rows.iter().map(|row| row.2).max().unwrap_or(0);
        let rest = rows.get(shown..).unwrap_or_default();
        Bars {
            caption: caption.into(),
            label: heads.0,
            amount: heads.1,
            rows: rows
                .iter()
                .take(shown)
                .map(|(code, label, amount)| Bar {
                    code: code.clone(),
                    label: Sample::new(label, 80),
                    amount: number(*amount),
                    percent: percent(*amount, whole),
                    length: permille(*amount, longest),
                })
                .collect(),
            more: (!rest.is_empty()).then(|| (number(rest.len() as u64), number(rest.iter().map(|row| row.2).sum()))),
        }
    }

    /// Is there nothing to show?
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}
