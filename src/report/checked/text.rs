//! The report for people on a terminal: a table of what is out of its limits that fits 80 columns, where it is, and what helps.
//!
//! No line begins with data: in the log of a build an excerpt such as `::error::` would be a command.

use std::fmt::Write;

use super::{Checked, head, location, said, subject, value, verdict};
use crate::{
    check::Finding,
    report::{
        figure::number,
        terminal::{fit, printable, wrapped},
    },
};

/// Places of a finding that are shown.
const SHOWN: usize = 3;
const WIDTH: usize = 80;

/// The report; ends with a line break.
pub(super) fn text(checked: &Checked) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    let mut line = |text: &str| {
        let _ = writeln!(out, "{}", text.trim_end());
    };
    let set = checked.set();
    line(&head(checked, &set));
    let shown = checked.shown();
    if !shown.is_empty() {
        line("");
        line(&format!("{:<5} {:<36} {:>10} {:>12}", "", "measure", "value", "limit"));
    }
    for findings in shown.chunk_by(|(a, _), (b, _)| a.measure == b.measure) {
        for (finding, more) in findings {
            if checked.says_again(finding) {
                let measured = value::value(finding.measure, finding.value.value);
                line(&fit(&format!("      {}, which is {measured}", subject(finding)), WIDTH));
            } else {
                found(checked, finding, &mut line);
            }
            if *more > 0 {
                line(&format!("      and {} more files", number(*more as u64)));
            }
        }
        let Some((finding, _)) = findings.first() else { continue };
        for (i, part) in wrapped(finding.measure.hint(), WIDTH - 12).iter().enumerate() {
            line(&format!("      {} {part}", if i == 0 { "hint:" } else { "     " }));
        }
    }
    for problem in &checked.problems {
        line(&fit(&format!("unread {}", printable(&problem.to_string())), WIDTH));
    }
    line("");
    line(&verdict(checked));
    out
}

/// A finding with its first places.
fn found(checked: &Checked, finding: &Finding, line: &mut dyn FnMut(&str)) {
    let level = if finding.known { "known" } else { finding.broken.level.name() };
    let limit = format!("{} {}", if finding.broken.below { "<" } else { ">" }, value::limit(finding.measure, finding.broken.limit));
    line(&format!("{level:<5} {:<36} {:>10} {limit:>12}", finding.measure.name(), value::value(finding.measure, finding.value.value)));
    line(&fit(&format!("      {}", subject(finding)), WIDTH));
    for place in finding.places.iter().take(SHOWN) {
        line(&fit(&format!("      at {}", location(checked, place)), WIDTH));
        let said = said(place);
        if !said.is_empty() {
            line(&fit(&format!("        | {said}"), WIDTH));
        }
    }
}
