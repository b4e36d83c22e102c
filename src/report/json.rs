//! `report.json`.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::{
    model::{Error, Result, SiteTally, Tally},
    report::{Clusters, Run},
    write::RemovedLineText,
};

/// Version of the report's shape.
const SCHEMA: u32 = 1;
/// Removed texts and sites that the report lists.
pub const LISTED_TEXTS: usize = 100;
const LISTED_SITES: usize = 1000;

#[derive(Serialize)]
struct Sums {
    documents: u64,
    lines: u64,
    chars: u64,
}

impl From<&Tally> for Sums {
    fn from(t: &Tally) -> Sums {
        Sums { documents: t.documents, lines: t.lines, chars: t.chars }
    }
}

#[derive(Serialize)]
struct Report<'a> {
    schema: u32,
    sources: Sources,
    records: u64,
    bytes: u64,
    input: Sums,
    output: Sums,
    removed_lines: BTreeMap<&'static str, Sums>,
    removed_documents: BTreeMap<&'static str, Sums>,
    quarantined: BTreeMap<&'static str, u64>,
    normalized: BTreeMap<&'static str, u64>,
    replaced: u64,
    document_languages: BTreeMap<&'a str, u64>,
    line_languages: BTreeMap<&'a str, u64>,
    encodings: BTreeMap<String, u64>,
    mixed_lines: BTreeMap<&'static str, u64>,
    repaired: BTreeMap<&'static str, u64>,
    without_site: u64,
    site_count: usize,
    sites: Vec<Site<'a>>,
    suspended_sites: &'a BTreeMap<String, u64>,
    removed_texts: usize,
    most_frequent: &'a [RemovedLineText],
    #[serde(skip_serializing_if = "Option::is_none")]
    duplicates: Option<&'a Clusters>,
}

#[derive(Serialize)]
struct Sources {
    read: usize,
    empty: u64,
    skipped: u64,
    problems: Vec<String>,
}

#[derive(Serialize)]
struct Site<'a> {
    site: &'a str,
    input: Sums,
    output: Sums,
    /// Lines taken as furniture from documents that stay.
    furniture: Sums,
    /// Of the characters of those documents, in thousandths.
    furniture_permille: u64,
    suspended: bool,
}

/// The report of a run: deterministic.
///
/// # Errors
/// None but those of JSON.
pub fn json(run: &Run) -> Result<Vec<u8>> {
    let counts = &run.counts;
    let mut sites: Vec<(&String, &SiteTally)> = run.sites.iter().collect();
    sites.sort_by_key(|(site, tally)| (std::cmp::Reverse(tally.input.documents), *site));
    let report = Report {
        schema: SCHEMA,
        sources: Sources {
            read: run.sources.len(),
            empty: counts.empty_sources,
            skipped: run.skipped,
            problems: run.problems.iter().map(ToString::to_string).collect(),
        },
        records: counts.records,
        bytes: counts.bytes,
        input: (&counts.input).into(),
        output: (&counts.output).into(),
        removed_lines: counts.removed_lines.iter().map(|(r, t)| (r.code(), t.into())).collect(),
        removed_documents: counts.removed_documents.iter().map(|(r, t)| (r.code(), t.into())).collect(),
        quarantined: counts.quarantined.iter().map(|(c, n)| (c.code(), *n)).collect(),
        normalized: counts.normalized.clone(),
        replaced: counts.replaced,
        document_languages: counts.document_languages.iter().map(|(l, n)| (l.as_str(), *n)).collect(),
        line_languages: counts.line_languages.iter().map(|(l, n)| (l.as_str(), *n)).collect(),
        encodings: counts.encodings.iter().map(|((name, by), n)| (format!("{name} {by}"), *n)).collect(),
        mixed_lines: counts.mixed_lines.clone(),
        repaired: counts.repaired.clone(),
        without_site: counts.without_site,
        site_count: run.sites.len(),
        sites: sites
            .into_iter()
            .take(LISTED_SITES)
            .map(|(site, t)| Site {
                site,
                input: (&t.input).into(),
                output: (&t.output).into(),
                furniture: (&t.furniture).into(),
                furniture_permille: t.furniture.chars * 1000 / (t.output.chars + t.furniture.chars).max(1),
                suspended: run.suspended.contains_key(site),
            })
            .collect(),
        suspended_sites: &run.suspended,
        removed_texts: run.removed_texts,
        most_frequent: &run.most_frequent,
        duplicates: run.clusters.as_ref(),
    };
    pretty(&report)
}

pub(super) fn pretty<T: Serialize>(value: &T) -> Result<Vec<u8>> {
    let mut bytes = serde_json::to_vec_pretty(value).map_err(|e| Error::conservation(format!("a report cannot be written: {e}")))?;
    bytes.push(b'\n');
    Ok(without_controls(bytes))
}

/// JSON lets DEL and C1 controls stand in strings, and a terminal would act on them: they are escaped.
fn without_controls(json: Vec<u8>) -> Vec<u8> {
    let is_control = |c: char| matches!(c, '\u{7f}'..='\u{9f}');
    match String::from_utf8(json) {
        Ok(text) if text.contains(is_control) => {
            let escaped = |c: char| if is_control(c) { format!("\\u{:04x}", u32::from(c)) } else { c.to_string() };
            text.chars().map(escaped).collect::<String>().into_bytes()
        }
        Ok(text) => text.into_bytes(),
        Err(e) => e.into_bytes(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn controls_are_escaped_and_read_back() {
        let text = "a\u{9b}b\u{7f}c\u{85}\u{1b}\n";
        let bytes = pretty(&text).unwrap();
        assert_eq!(serde_json::from_slice::<String>(&bytes).unwrap(), text);
        assert_eq!(bytes, b"\"a\\u009bb\\u007fc\\u0085\\u001b\\n\"\n");
    }
}
