//! A difference for people at a terminal: 80 columns, but for what cannot be cut.

use super::{
    Diff,
    sections::{Piece, Table, sections, verdict},
};
use crate::report::terminal::{fit, width, wrapped};

const COLUMNS: usize = 80;

/// The difference as text.
pub fn diff_text(diff: &Diff) -> String {
    let mut out = String::new();
    let mut line = |text: &str| {
        out.push_str(text.trim_end());
        out.push('\n');
    };
    line(&fit(&format!("before  {}", diff.before.name), COLUMNS));
    line(&fit(&format!("after   {}", diff.after.name), COLUMNS));
    line("");
    wrapped(&verdict(diff), COLUMNS).iter().for_each(|text| line(text));
    for section in sections(diff) {
        line("");
        line(&section.title.to_uppercase());
        for (number, piece) in section.pieces.iter().enumerate() {
            if number > 0 {
                line("");
            }
            match piece {
                Piece::Words(words) => wrapped(words, COLUMNS - 2).iter().for_each(|text| line(&format!("  {text}"))),
                Piece::Table(table) => {
                    wrapped(table.caption, COLUMNS - 2).iter().for_each(|text| line(&format!("  {text}")));
                    rows(table, &mut line);
                }
                Piece::Change(change) => {
                    wrapped(&change.title, COLUMNS - 2).iter().for_each(|text| line(&format!("  {text}")));
                    for example in &change.examples {
                        line(&fit(&format!("    {}", example.place), COLUMNS));
                        if let Some(text) = &example.text {
                            line(&fit(&format!("      | {text}"), COLUMNS));
                        }
                    }
                    if let Some(more) = &change.more {
                        line(&format!("    … {more}"));
                    }
                }
            }
        }
    }
    out
}

/// A table: its first column gets the room that the others leave.
fn rows(table: &Table, line: &mut dyn FnMut(&str)) {
    let heads: Vec<String> = table.heads.iter().map(|head| (*head).to_owned()).collect();
    let most = if table.numbers { COLUMNS } else { 24 };
    let widths: Vec<usize> = (0..heads.len())
        .map(|column| {
            let cells = std::iter::once(&heads).chain(&table.rows);
            cells.filter_map(|row| row.get(column)).map(|cell| width(cell)).max().unwrap_or(0).min(most)
        })
        .collect();
    let others: usize = widths.iter().skip(1).map(|width| width + 2).sum();
    let first = widths.first().copied().unwrap_or(0).min(COLUMNS.saturating_sub(others + 4)).max(8);
    for row in std::iter::once(&heads).chain(&table.rows) {
        let mut text = String::from("    ");
        for (column, (cell, width_of)) in row.iter().zip(&widths).enumerate() {
            let room = if column == 0 { first } else { *width_of };
            let cell = fit(cell, room);
            let space = " ".repeat(room.saturating_sub(width(&cell)));
            match (column, table.numbers) {
                (0, _) => text.push_str(&format!("{cell}{space}")),
                (_, true) => text.push_str(&format!("  {space}{cell}")),
                (_, false) => text.push_str(&format!("  {cell}{space}")),
            }
        }
        line(&text);
    }
    if let Some(more) = &table.more {
        line(&format!("    … {more}"));
    }
}
