//! What every page has around its content: title, lede, contents, footer; and the headline figures that come first.
//!
//! A page is a struct with a field `shell`, whose template extends `base.html` and fills the block `main`.

use askama::Template;

/// The frame of a page.
#[derive(Clone, Debug)]
pub struct Shell {
    /// Title and first heading.
    pub title: String,
    /// A sentence or two below it.
    pub lede: String,
    /// Sections with their ids, for the contents; none: no contents.
    pub sections: Vec<(&'static str, &'static str)>,
    /// The version that renders.
    pub version: &'static str,
}

impl Shell {
    /// The frame of a page rendered by this version.
    pub fn new(title: impl Into<String>, lede: impl Into<String>, sections: Vec<(&'static str, &'static str)>) -> Shell {
        Shell { title: title.into(), lede: lede.into(), sections, version: env!("CARGO_PKG_VERSION") }
    }
}

/// The figures that a reader looks for first.
#[derive(Clone, Debug, Template)]
#[template(path = "headline.html", config = "src/report/html/askama.toml")]
pub struct Headline {
    /// From left to right; four or five.
    pub figures: Vec<Figure>,
}

/// One of them.
#[derive(Clone, Debug)]
pub struct Figure {
    /// What it counts.
    pub name: &'static str,
    /// The number.
    pub value: String,
    /// What it came from, or what it means.
    pub note: String,
    /// Does it ask for attention?
    pub warns: bool,
}

impl Figure {
    /// A figure that asks for no attention.
    pub fn new(name: &'static str, value: impl Into<String>, note: impl Into<String>) -> Figure {
        Figure { name, value: value.into(), note: note.into(), warns: false }
    }
}
