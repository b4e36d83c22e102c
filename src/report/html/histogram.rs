//! Two distributions over the same classes, side by side: an SVG without words over a row of labels, and the same as a table.

use askama::Template;

use super::figures::{number, permille};

/// A histogram of two series.
#[derive(Clone, Debug, Template)]
#[template(path = "histogram.html", config = "src/report/html/askama.toml")]
pub struct Histogram {
    /// What it shows, in a sentence.
    title: String,
    /// Head of the classes' column.
    class: &'static str,
    /// Names of the two series.
    series: (&'static str, &'static str),
    columns: Vec<Column>,
    /// Of the drawing.
    width: u64,
}

#[derive(Clone, Debug)]
struct Column {
    label: String,
    x: u64,
    amounts: (String, String),
    heights: (u64, u64),
}

/// Units of the drawing that a column takes, and its height.
const COLUMN: u64 = 10;
const HEIGHT: u64 = 100;

impl Histogram {
    /// A histogram of these classes: label, amount of the first series, of the second.
    pub fn new(title: impl Into<String>, class: &'static str, series: (&'static str, &'static str), classes: &[(String, u64, u64)]) -> Histogram {
        let highest = classes.iter().map(|(_, a, b)| *a.max(b)).max().unwrap_or(0);
        // What is there at all can be seen.
        let height = |n: u64| if n == 0 { 0 } else { (permille(n, highest) * HEIGHT / 1000).max(1) };
        Histogram {
            title: title.into(),
            class,
            series,
            columns: classes
                .iter()
                .zip(0..)
                .map(|((label, a, b), i)| Column {
                    label: label.clone(),
                    x: i * COLUMN,
                    amounts: (number(*a), number(*b)),
                    heights: (height(*a), height(*b)),
                })
                .collect(),
            width: classes.len() as u64 * COLUMN,
        }
    }
}
