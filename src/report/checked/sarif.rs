//! SARIF 2.1.0 (OASIS standard, sections 3.13 to 3.27), for code scanning: a result for each place, with the rules that they break.

use serde_json::{Value, json};

use super::{Checked, said, subject, value};
use crate::{
    check::{Finding, Group, Measure, Place, Scope, group_of},
    model::Result,
    report::{json::pretty, terminal::printable},
};

/// The report.
///
/// # Errors
/// None but those of JSON.
pub(super) fn sarif(checked: &Checked) -> Result<Vec<u8>> {
    let rules: Vec<Value> = Measure::ALL
        .iter()
        .map(|measure| {
            json!({
                "id": measure.name(),
                "shortDescription": { "text": measure.what() },
                // GitHub asks for both.
                "fullDescription": { "text": measure.what() },
                "help": { "text": measure.hint() },
            })
        })
        .collect();
    let results: Vec<Value> =
        checked.shown().into_iter().filter(|(finding, _)| !checked.says_again(finding)).flat_map(|(finding, _)| results(checked, finding)).collect();
    pretty(&json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "buddle",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    }))
}

fn results(checked: &Checked, finding: &Finding) -> Vec<Value> {
    if finding.places.is_empty() {
        return vec![result(finding, &value::broken(finding), at(file(checked, &finding.scope), 1))];
    }
    let of_place = |place: &Place| {
        let said = said(place);
        let text = if said.is_empty() { value::broken(finding) } else { format!("{said}\n{}", value::broken(finding)) };
        result(finding, &text, at(checked.source(place.source), place.file_line()))
    };
    finding.places.iter().map(of_place).collect()
}

/// A file for what has no place of its own: GitHub refuses a whole log for one result without a location.
fn file<'a>(checked: &'a Checked, scope: &'a Scope) -> &'a str {
    let pattern = match scope {
        Scope::File(name) => return name,
        Scope::Files(pattern) => Some(pattern),
        Scope::Set => None,
    };
    let groups: Vec<Group> = checked.groups.iter().map(|(group, _)| group.clone()).collect();
    let fits = |name: &&String| groups.get(group_of(&groups, name)).is_some_and(|group| group.files.as_ref() == pattern);
    checked.sources.iter().find(fits).map_or(".", String::as_str)
}

fn result(finding: &Finding, text: &str, location: Value) -> Value {
    let level = match (finding.known, finding.fails()) {
        (true, _) => "note",
        (_, true) => "error",
        _ => "warning",
    };
    let mut result = json!({
        "ruleId": finding.measure.name(),
        "ruleIndex": finding.measure as usize,
        "level": level,
        "message": { "text": format!("{text}\n{}", subject(finding)) },
        "locations": [location],
    });
    if finding.known
        && let Some(result) = result.as_object_mut()
    {
        result.insert("baselineState".into(), "unchanged".into());
    }
    result
}

fn at(file: &str, line: u64) -> Value {
    json!({ "physicalLocation": { "artifactLocation": { "uri": uri(file) }, "region": { "startLine": line } } })
}

/// A path as a URI reference (RFC 3986, section 2): what is not unreserved is percent-encoded. Absolute ones are URIs (SARIF, section 3.4.3).
fn uri(path: &str) -> String {
    let mut out = if path.starts_with('/') { "file://".to_owned() } else { String::new() };
    for b in printable(path.trim_start_matches("./")).bytes() {
        match b {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => out.push(char::from(b)),
            b => out.push_str(&format!("%{b:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_references() {
        assert_eq!(uri("data/a b:ж.jsonl"), "data/a%20b%3A%D0%B6.jsonl");
        assert_eq!(["./a", ".", "../a", "/a b"].map(uri), ["a", ".", "../a", "file:///a%20b"]);
    }
}
