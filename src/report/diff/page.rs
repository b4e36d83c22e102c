//! A difference as a page of HTML that stands alone.

use askama::Template;

use super::{
    Diff,
    sections::{Piece, sections, signed, verdict},
};
use crate::{
    model::{Error, Result},
    report::{
        figure::number,
        html::{Figure, Headline, Sample, Shell},
    },
};

/// Characters of a name or a line that the page shows.
const SHOWN_CHARS: usize = 200;

#[derive(Template)]
#[template(path = "diff.html", config = "src/report/html/askama.toml")]
struct Page {
    shell: Shell,
    headline: Headline,
    before: Sample,
    after: Sample,
    sections: Vec<SectionShown>,
}

struct SectionShown {
    id: &'static str,
    title: &'static str,
    pieces: Vec<PieceShown>,
}

/// One of the three.
#[derive(Default)]
struct PieceShown {
    words: Option<String>,
    table: Option<TableShown>,
    change: Option<ChangeCard>,
}

struct TableShown {
    caption: &'static str,
    heads: Vec<&'static str>,
    numbers: bool,
    rows: Vec<(Sample, Vec<Sample>)>,
    more: Option<String>,
}

struct ChangeCard {
    title: String,
    examples: Vec<(Sample, Option<Sample>)>,
    more: Option<String>,
}

/// The difference as a page.
///
/// # Errors
/// Where the template cannot be filled.
pub fn diff_html(diff: &Diff) -> Result<String> {
    let sections: Vec<SectionShown> = sections(diff)
        .into_iter()
        .map(|section| SectionShown { id: section.id, title: section.title, pieces: section.pieces.into_iter().map(shown).collect() })
        .collect();
    let page = Page {
        shell: Shell::new("Two runs compared", verdict(diff), sections.iter().map(|section| (section.id, section.title)).collect()),
        headline: headline(diff),
        before: Sample::new(&diff.before.name, SHOWN_CHARS),
        after: Sample::new(&diff.after.name, SHOWN_CHARS),
        sections,
    };
    page.render().map_err(|e| Error::conservation(format!("a page cannot be written: {e}")))
}

fn headline(diff: &Diff) -> Headline {
    let output = &diff.figures.output;
    let figures = [("Documents", output.documents), ("Lines", output.lines), ("Characters", output.chars)];
    Headline {
        figures: figures
            .map(|(name, pair)| Figure::new(name, number(pair.after), format!("{} ({} before)", signed(pair.change()), number(pair.before))))
            .into(),
    }
}

fn shown(piece: Piece) -> PieceShown {
    let sample = |text: &str| Sample::new(text, SHOWN_CHARS);
    match piece {
        Piece::Words(words) => PieceShown { words: Some(words), ..PieceShown::default() },
        Piece::Table(table) => PieceShown {
            table: Some(TableShown {
                caption: table.caption,
                heads: table.heads,
                numbers: table.numbers,
                rows: table
                    .rows
                    .iter()
                    .map(|row| (row.first().map_or_else(Sample::default, |cell| sample(cell)), row.iter().skip(1).map(|cell| sample(cell)).collect()))
                    .collect(),
                more: table.more,
            }),
            ..PieceShown::default()
        },
        Piece::Change(change) => PieceShown {
            change: Some(ChangeCard {
                title: change.title,
                examples: change
                    .examples
                    .iter()
                    .map(|example| (sample(&example.place), example.text.as_ref().map(|text| sample(text).in_language(&example.lang))))
                    .collect(),
                more: change.more,
            }),
            ..PieceShown::default()
        },
    }
}
