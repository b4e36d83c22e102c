//! The report in Markdown, for comments and job summaries. Data stays text: no markup, links, mentions or HTML of it take effect.

use std::fmt::Write;

use super::{Checked, head, location, said, subject, value, verdict};
use crate::report::{markdown::escaped, terminal::printable};

/// Places of a finding that are shown.
const SHOWN: usize = 5;

/// The report; ends with a line break.
pub(super) fn markdown(checked: &Checked) -> String {
    let mut out = String::new();
    let set = checked.set();
    // Writing to a String cannot fail.
    let _ = writeln!(out, "## buddle check: {}\n\n{}\n", verdict(checked), head(checked, &set));
    let shown = checked.shown();
    if shown.is_empty() {
        return out;
    }
    let _ = writeln!(out, "| | rule | of | value | limit |\n|---|---|---|---:|---:|");
    for (finding, more) in &shown {
        let level = match (finding.known, finding.fails()) {
            (true, _) => "known",
            (_, true) => "**fail**",
            _ => "warn",
        };
        let more = if *more > 0 { format!(" (and {more} more files)") } else { String::new() };
        let limit = value::limit_in_words(finding);
        let (rule, measured) = (finding.measure.name(), value::value(finding.measure, finding.value.value));
        let _ = writeln!(out, "| {level} | `{rule}` | {}{more} | {measured} | {limit} |", escaped(&subject(finding)));
    }
    for (finding, _) in shown.iter().filter(|(finding, _)| !finding.places.is_empty()) {
        let _ = writeln!(out, "\n<details><summary><code>{}</code>: {}</summary>\n", finding.measure.name(), html(&subject(finding)));
        for place in finding.places.iter().take(SHOWN) {
            let said = said(place);
            let said = if said.is_empty() { String::new() } else { format!(": {}", escaped(&said)) };
            let _ = writeln!(out, "- {}{said}", escaped(&location(checked, place)));
        }
        let _ = writeln!(out, "\n{}\n\n</details>", escaped(finding.measure.hint()));
    }
    out
}

/// Text inside an element.
fn html(text: &str) -> String {
    printable(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('@', "&#64;&#8203;")
}
