//! The report for programs, and what a baseline is read from. `docs/check.schema.json` says its shape.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value as Json;

use super::Checked;
use crate::{
    check::{FileSums, Finding, Group, Histogram, Measure, Place, Scope, Sums, Value},
    model::Result,
    report::json::pretty,
};

/// Version of the report's shape.
pub(super) const SCHEMA: u32 = 1;
/// Sites that are listed.
const LISTED_SITES: usize = 1000;
#[derive(Serialize)]
struct Report<'a> {
    schema: u32,
    tool: &'static str,
    version: &'static str,
    passed: bool,
    fails: usize,
    warnings: usize,
    known: usize,
    set: Counted<'a>,
    groups: Vec<Counted<'a>>,
    files: Vec<Counted<'a>>,
    more_files: u64,
    findings: Vec<Found<'a>>,
    site_count: usize,
    sites: Vec<Site<'a>>,
    problems: Vec<String>,
    skipped: u64,
}

/// What was counted of a set, a group or a file.
#[derive(Serialize)]
struct Counted<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    files: Option<&'a str>,
    sources: u64,
    records: u64,
    documents: u64,
    lines: u64,
    chars: u64,
    bytes: u64,
    /// Values by measure.
    measures: BTreeMap<&'static str, f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    chars_of_documents: Option<Quantiles>,
    #[serde(skip_serializing_if = "Option::is_none")]
    words_of_documents: Option<Quantiles>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lines_of_documents: Option<Quantiles>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    languages: BTreeMap<String, u64>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    line_languages: BTreeMap<String, u64>,
    encodings: &'a BTreeMap<&'static str, u64>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    fields: BTreeMap<&'a str, FieldCounts>,
    /// Values of fields that are not told apart, since there are too many.
    #[serde(skip_serializing_if = "Option::is_none")]
    values_of_more_fields: Option<u64>,
}

#[derive(Serialize)]
struct Quantiles {
    least: u64,
    p1: u64,
    p10: u64,
    median: u64,
    p90: u64,
    p99: u64,
    most: u64,
}

#[derive(Serialize)]
struct FieldCounts {
    records: u64,
    empty: u64,
    types: Vec<&'static str>,
}

#[derive(Serialize)]
struct Site<'a> {
    site: &'a str,
    documents: u64,
    lines: u64,
    chars: u64,
    repeated_lines: u64,
    furniture_lines: u64,
    furniture_chars: u64,
}

#[derive(Serialize)]
struct Found<'a> {
    rule: &'static str,
    level: &'static str,
    known: bool,
    scope: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    files: Option<&'a str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    subject: &'a str,
    value: f64,
    count: u64,
    of: u64,
    limit: f64,
    below: bool,
    hint: &'static str,
    places: Vec<At<'a>>,
    /// Files with the same finding that are not listed.
    more_files: usize,
}

#[derive(Serialize)]
struct At<'a> {
    file: &'a str,
    line: u64,
    id: Json,
    text_line: Option<u64>,
    excerpt: &'a str,
    note: &'a str,
}

/// The report.
///
/// # Errors
/// None but those of JSON.
pub(super) fn json(checked: &Checked) -> Result<Vec<u8>> {
    let set = checked.set();
    let (fails, warnings, known) = checked.tally();
    let mut sites: Vec<_> = checked.sites.iter().collect();
    sites.sort_by_key(|(name, site)| (std::cmp::Reverse(site.furniture_chars), *name));
    pretty(&Report {
        schema: SCHEMA,
        tool: "buddle",
        version: env!("CARGO_PKG_VERSION"),
        passed: checked.passes(),
        fails,
        warnings,
        known,
        set: counted(None, &set, |measure| checked.value(&set, measure)),
        groups: if checked.groups.len() > 1 {
            checked.groups.iter().map(|(group, sums)| of_group(checked, group, sums)).collect()
        } else {
            Vec::new()
        },
        files: checked.files.iter().map(of_file).collect(),
        more_files: checked.more_files,
        findings: checked.shown().into_iter().map(|(finding, more)| found(checked, finding, more)).collect(),
        site_count: sites.len(),
        sites: sites
            .into_iter()
            .take(LISTED_SITES)
            .map(|(site, sums)| Site {
                site,
                documents: sums.documents,
                lines: sums.lines,
                chars: sums.chars,
                repeated_lines: sums.repeated_lines,
                furniture_lines: sums.furniture_lines,
                furniture_chars: sums.furniture_chars,
            })
            .collect(),
        problems: checked.problems.iter().map(ToString::to_string).collect(),
        skipped: checked.skipped,
    })
}

/// Six digits that count are enough, and the same everywhere.
pub(super) fn rounded(value: f64) -> f64 {
    if value == 0.0 || value.fract() == 0.0 { value } else { format!("{value:.6e}").parse().unwrap_or(value) }
}

fn counted<'a>(files: Option<&'a str>, sums: &'a Sums, value: impl Fn(Measure) -> Option<Value>) -> Counted<'a> {
    let by_name = |langs: &BTreeMap<crate::model::Lang, u64>| langs.iter().map(|(lang, n)| (lang.to_string(), *n)).collect();
    Counted {
        files,
        sources: sums.sources,
        records: sums.records,
        documents: sums.documents,
        lines: sums.lines,
        chars: sums.chars,
        bytes: sums.bytes,
        measures: Measure::ALL.iter().filter_map(|measure| Some((measure.name(), rounded(value(*measure)?.value)))).collect(),
        chars_of_documents: quantiles(&sums.chars_each),
        words_of_documents: quantiles(&sums.words_each),
        lines_of_documents: quantiles(&sums.lines_each),
        languages: by_name(&sums.languages),
        line_languages: by_name(&sums.line_languages),
        encodings: &sums.encodings,
        fields: sums
            .fields
            .iter()
            .map(|(name, field)| {
                (
                    name,
                    FieldCounts { records: field.present, empty: field.empty, types: field.types().into_iter().map(|value| value.name()).collect() },
                )
            })
            .collect(),
        values_of_more_fields: Some(sums.fields.more()).filter(|n| *n > 0),
    }
}

/// A group; what is of sites is of all files together.
fn of_group<'a>(checked: &'a Checked, group: &'a Group, sums: &'a Sums) -> Counted<'a> {
    counted(group.files.as_deref(), sums, |measure| match group.files {
        None => checked.value(sums, measure),
        Some(_) => sums.value(measure),
    })
}

/// A file; what is nought is left out, since there may be many.
fn of_file(file: &FileSums) -> Counted<'_> {
    counted(Some(&file.name), &file.sums, |measure| file.sums.value(measure).filter(|value| value.value != 0.0))
}

fn quantiles(sizes: &Histogram) -> Option<Quantiles> {
    let at = |percent| sizes.quantile(percent);
    Some(Quantiles { least: at(0)?, p1: at(1)?, p10: at(10)?, median: at(50)?, p90: at(90)?, p99: at(99)?, most: at(100)? })
}

fn found<'a>(checked: &'a Checked, finding: &'a Finding, more_files: usize) -> Found<'a> {
    let (scope, files) = match &finding.scope {
        Scope::Set => ("set", None),
        Scope::Files(pattern) => ("files", Some(pattern.as_str())),
        Scope::File(name) => ("file", Some(name.as_str())),
    };
    Found {
        rule: finding.measure.name(),
        level: finding.broken.level.name(),
        known: finding.known,
        scope,
        files,
        subject: &finding.subject,
        value: rounded(finding.value.value),
        count: finding.value.count,
        of: finding.value.of,
        limit: finding.broken.limit,
        below: finding.broken.below,
        hint: finding.measure.hint(),
        places: finding.places.iter().map(|place| at(checked, place)).collect(),
        more_files,
    }
}

fn at<'a>(checked: &'a Checked, place: &'a Place) -> At<'a> {
    // What is no whole JSON is the head of a long id.
    let id = match place.id.as_str() {
        "" => Json::Null,
        raw => serde_json::from_str(raw).unwrap_or_else(|_| Json::String(raw.to_owned())),
    };
    At { file: checked.source(place.source), line: place.file_line(), id, text_line: place.text_line(), excerpt: &place.excerpt, note: &place.note }
}
