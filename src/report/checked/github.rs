//! Annotations of GitHub Actions: `::error file=…,line=…,title=…::message`, the worst first, ten of a kind, since more are not shown.

use std::fmt::Write;

use super::{Checked, said, subject, value};
use crate::{
    check::{Finding, Scope},
    report::terminal::printable,
};

/// Annotations of a kind that GitHub shows for a step.
const SHOWN: usize = 10;

/// The annotations; nothing where nothing was found.
pub(super) fn github(checked: &Checked) -> String {
    let mut out = String::new();
    for (kind, fails) in [("error", true), ("warning", false)] {
        let mut findings: Vec<&Finding> =
            checked.shown().into_iter().map(|(finding, _)| finding).filter(|f| !f.known && f.fails() == fails && !checked.says_again(f)).collect();
        // One of each finding before the second of any.
        findings.sort_by(|a, b| b.excess().total_cmp(&a.excess()));
        let most = findings.iter().map(|finding| finding.places.len().max(1)).max().unwrap_or(0);
        let all: Vec<(&Finding, usize)> = (0..most)
            .flat_map(|n| findings.iter().filter(move |finding| n < finding.places.len().max(1)).map(move |finding| (*finding, n)))
            .collect();
        for (finding, n) in all.iter().take(SHOWN) {
            annotation(checked, kind, finding, *n, &mut out);
        }
        if all.len() > SHOWN {
            let text = format!("{} more {kind}s are in the report (buddle check --report FILE)", all.len() - SHOWN);
            let _ = writeln!(out, "::notice title=buddle check::{}", data(&text));
        }
    }
    out
}

fn annotation(checked: &Checked, kind: &str, finding: &Finding, n: usize, out: &mut String) {
    let mut properties = String::new();
    let mut text = value::broken(finding);
    if let Some(place) = finding.places.get(n) {
        let _ = write!(properties, "file={},line={},", file(checked.source(place.source)), place.file_line());
        let said = said(place);
        if !said.is_empty() {
            text = format!("{said}\n{text}");
        }
    } else if let Scope::File(name) = &finding.scope {
        let _ = write!(properties, "file={},", file(name));
    }
    let text = format!("{text}\n{}\nhint: {}", subject(finding), finding.measure.hint());
    let _ = writeln!(out, "::{kind} {properties}title={}::{}", property(&format!("buddle: {}", finding.measure.name())), data(&text));
}

/// A file as GitHub names it: from the folder of the repository.
fn file(name: &str) -> String {
    property(name.trim_start_matches("./"))
}

/// As a command's data.
fn data(text: &str) -> String {
    let lines: Vec<String> = text.split('\n').map(|line| printable(line).replace('%', "%25")).collect();
    lines.join("%0A")
}

/// As a property, which colons and commas end.
fn property(text: &str) -> String {
    data(&text.replace('\n', "\u{fffd}")).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_a_command() {
        assert_eq!(data("50 %\r\nnext\u{1b}::error::x"), "50 %25\u{fffd}%0Anext\u{fffd}::error::x");
        assert_eq!(property("a:b,c%\n::x"), "a%3Ab%2Cc%25\u{fffd}%3A%3Ax");
    }
}
