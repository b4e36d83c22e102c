//! A difference as Markdown, for comments and summaries of builds. Whatever comes from data is escaped to stand for itself: no
//! HTML, no links, no mentions, nothing that ends a table's cell.

use std::fmt::Write;

use super::{
    Diff,
    sections::{Piece, sections, verdict},
};
use crate::report::markdown::escaped;

/// The difference as Markdown.
pub fn diff_markdown(diff: &Diff) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = writeln!(out, "# {} → {}\n\n{}", escaped(&diff.before.name), escaped(&diff.after.name), escaped(&verdict(diff)));
    for section in sections(diff) {
        let _ = writeln!(out, "\n## {}", section.title);
        for piece in &section.pieces {
            match piece {
                Piece::Words(words) => {
                    let _ = writeln!(out, "\n{}", escaped(words));
                }
                Piece::Table(table) => {
                    let _ = writeln!(out, "\n{}\n\n| {} |", escaped(table.caption), table.heads.join(" | "));
                    let other = if table.numbers { " ---: |" } else { " --- |" };
                    let _ = writeln!(out, "| --- |{}", other.repeat(table.heads.len().saturating_sub(1)));
                    for row in &table.rows {
                        let cells: Vec<String> = row.iter().map(|cell| escaped(cell)).collect();
                        let _ = writeln!(out, "| {} |", cells.join(" | "));
                    }
                    if let Some(more) = &table.more {
                        let _ = writeln!(out, "\n… {}", escaped(more));
                    }
                }
                Piece::Change(change) => {
                    let _ = writeln!(out, "\n**{}**\n", escaped(&change.title));
                    for example in &change.examples {
                        let text = example.text.as_ref().map_or_else(String::new, |text| format!(": {}", escaped(text)));
                        let _ = writeln!(out, "- {}{text}", escaped(&example.place));
                    }
                    if let Some(more) = &change.more {
                        let _ = writeln!(out, "- … {}", escaped(more));
                    }
                }
            }
        }
    }
    out
}
