//! The page of a check: which limits do not hold and where, every measure, the files, and what the set holds.
//!
//! Bounded as the other reports of a check are: few places a finding, the worst files, the largest sites.

use std::collections::BTreeMap;

use askama::Template;

use super::{
    Bars, Figure, Headline, Sample, Shell,
    figures::{counted, number, size},
    language_name,
};
use crate::{
    check::{Finding, Histogram, Measure, Place, Scope, Sums},
    model::{Error, Lang, Result},
    report::checked::{Checked, value},
};

/// Files, sites, languages and encodings that are listed.
const FILES: usize = 100;
const SITES: usize = 40;
const SHOWN: usize = 20;
/// Places of a finding that are not folded away.
const FIRST_PLACES: usize = 3;
/// Characters of names, ids and excerpts.
const NAME: usize = 120;
const EXCERPT: usize = 100;

#[derive(Template)]
#[template(path = "check/page.html", config = "src/report/html/askama.toml")]
struct Page {
    shell: Shell,
    headline: Headline,
    findings: Vec<FindingView>,
    measures: Vec<MeasureView>,
    files: Vec<FileView>,
    files_more: Option<String>,
    problems: Vec<Sample>,
    lengths: Vec<(&'static str, Vec<String>)>,
    languages: Bars,
    line_languages: Bars,
    encodings: Bars,
    sites: Bars,
}

struct FindingView {
    rule: &'static str,
    what: &'static str,
    level: &'static str,
    scope: Sample,
    subject: Option<Sample>,
    value: String,
    limit: String,
    counted: String,
    more_files: Option<String>,
    /// The first places, and those that are folded away.
    places: Vec<PlaceView>,
    others: Vec<PlaceView>,
    hint: &'static str,
}

struct PlaceView {
    file: Sample,
    line: String,
    text_line: Option<u64>,
    id: Option<Sample>,
    note: Option<Sample>,
    excerpt: Option<Sample>,
}

struct MeasureView {
    rule: &'static str,
    what: &'static str,
    value: String,
    limits: String,
}

struct FileView {
    name: Sample,
    documents: String,
    lines: String,
    size: String,
    fails: usize,
    warns: usize,
}

/// The page.
///
/// # Errors
/// None but those of the template.
pub(in crate::report) fn check_page(checked: &Checked) -> Result<Vec<u8>> {
    let set = checked.set();
    let (files, files_more) = files(checked);
    let page = Page {
        shell: Shell::new(
            format!("Data check: {}", if checked.passes() { "passed" } else { "failed" }),
            "What was measured of a data set, which limits do not hold, and where.",
            vec![("findings", "Findings"), ("measures", "Measures"), ("files", "Files"), ("contents", "What the set holds")],
        ),
        headline: headline(checked, &set),
        findings: checked.shown().into_iter().map(|(finding, more)| finding_view(checked, finding, more)).collect(),
        measures: measures(checked, &set),
        files,
        files_more,
        problems: checked.problems.iter().take(SHOWN).map(|problem| Sample::new(&problem.to_string(), 2 * NAME)).collect(),
        lengths: vec![("Characters", quantiles(&set.chars_each)), ("Words", quantiles(&set.words_each)), ("Lines", quantiles(&set.lines_each))],
        languages: languages("Documents by language", "Documents", &set.languages),
        line_languages: languages("Lines by language", "Lines", &set.line_languages),
        encodings: {
            let rows: Vec<_> = by_count(set.encodings.iter().map(|(name, n)| (String::new(), (*name).to_owned(), *n)));
            Bars::new("Documents by encoding", ("Encoding", "Documents"), &rows, SHOWN, set.documents)
        },
        sites: {
            let rows = by_count(checked.sites.iter().map(|(site, sums)| (String::new(), site.clone(), sums.furniture_chars)).filter(|row| row.2 > 0));
            Bars::new(
                "Characters of furniture by site; shares are of all furniture",
                ("Site", "Characters"),
                &rows,
                SITES,
                rows.iter().map(|row| row.2).sum(),
            )
        },
    };
    page.render().map(String::into_bytes).map_err(|e| Error::conservation(format!("the page cannot be rendered: {e}")))
}

fn headline(checked: &Checked, set: &Sums) -> Headline {
    let (fails, warns, known) = checked.tally();
    let known = if known > 0 { format!("; {known} known from the baseline") } else { String::new() };
    let said = format!("{}, {}{known}", counted(fails as u64, "limit fails", "limits fail"), counted(warns as u64, "warning", "warnings"));
    Headline {
        figures: vec![
            Figure { warns: fails > 0, ..Figure::new("Verdict", if fails > 0 { "failed" } else { "passed" }, said) },
            Figure::new("Documents", number(set.documents), format!("in {}", counted(set.sources, "file", "files"))),
            Figure::new("Lines", number(set.lines), format!("{} characters", number(set.chars))),
            Figure::new("Size", size(set.bytes), counted(checked.sites.len() as u64, "site", "sites")),
        ],
    }
}

fn finding_view(checked: &Checked, finding: &Finding, more_files: usize) -> FindingView {
    let scope = match &finding.scope {
        Scope::Set => Sample::new("all files", NAME),
        Scope::Files(pattern) => Sample::new(&format!("files {pattern}"), NAME),
        Scope::File(name) => Sample::new(name, NAME),
    };
    FindingView {
        rule: finding.measure.name(),
        what: finding.measure.what(),
        level: if finding.known { "known" } else { finding.broken.level.name() },
        scope,
        subject: sample(&finding.subject, NAME),
        value: value::value(finding.measure, finding.value.value),
        limit: value::limit_in_words(finding),
        counted: value::counted(finding.measure, finding.value),
        more_files: (more_files > 0).then(|| counted(more_files as u64, "more file", "more files")),
        places: finding.places.iter().take(FIRST_PLACES).map(|place| place_view(checked, place)).collect(),
        others: finding.places.iter().skip(FIRST_PLACES).map(|place| place_view(checked, place)).collect(),
        hint: finding.measure.hint(),
    }
}

fn place_view(checked: &Checked, place: &Place) -> PlaceView {
    PlaceView {
        file: Sample::new(checked.source(place.source), NAME),
        line: number(place.file_line()),
        text_line: place.text_line(),
        id: sample(&place.id, NAME),
        note: sample(&place.note, 2 * NAME),
        excerpt: sample(place.excerpt.trim(), EXCERPT),
    }
}

fn sample(text: &str, most: usize) -> Option<Sample> {
    (!text.is_empty()).then(|| Sample::new(text, most))
}

fn measures(checked: &Checked, set: &Sums) -> Vec<MeasureView> {
    let limits =
        |measure: Measure| checked.groups.first().map_or_else(String::new, |(group, _)| value::limits_in_words(measure, group.limits(measure)));
    let shown = |measure: Measure| checked.value(set, measure).map_or_else(|| "not measured".to_owned(), |found| value::value(measure, found.value));
    Measure::ALL
        .iter()
        .map(|measure| MeasureView { rule: measure.name(), what: measure.what(), value: shown(*measure), limits: limits(*measure) })
        .collect()
}

fn files(checked: &Checked) -> (Vec<FileView>, Option<String>) {
    let mut found: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for finding in checked.findings.iter().filter(|finding| !finding.known) {
        if let Scope::File(name) = &finding.scope {
            let (fails, warns) = found.entry(name).or_default();
            *if finding.fails() { fails } else { warns } += 1;
        }
    }
    let of = |name: &str| found.get(name).copied().unwrap_or_default();
    let mut files: Vec<_> = checked.files.iter().collect();
    files.sort_by_key(|file| (std::cmp::Reverse(of(&file.name)), file.source));
    let more = files.len().saturating_sub(FILES) as u64 + checked.more_files;
    let shown = files.into_iter().take(FILES).map(|file| {
        let (fails, warns) = of(&file.name);
        let sums = &file.sums;
        FileView {
            name: Sample::new(&file.name, NAME),
            documents: number(sums.documents),
            lines: number(sums.lines),
            size: size(sums.bytes),
            fails,
            warns,
        }
    });
    (shown.collect(), (more > 0).then(|| number(more)))
}

fn quantiles(sizes: &Histogram) -> Vec<String> {
    [0, 10, 50, 90, 99, 100].map(|percent| sizes.quantile(percent).map_or_else(|| "–".to_owned(), number)).into()
}

fn by_count(rows: impl Iterator<Item = (String, String, u64)>) -> Vec<(String, String, u64)> {
    let mut rows: Vec<_> = rows.collect();
    rows.sort_by(|a, b| b.2.cmp(&a.2).then_with(|| a.1.cmp(&b.1)));
    rows
}

fn languages(caption: &str, amount: &'static str, languages: &BTreeMap<Lang, u64>) -> Bars {
    let rows = by_count(languages.iter().map(|(lang, n)| (lang.to_string(), language_name(lang.as_str()).to_owned(), *n)));
    Bars::new(caption, ("Language", amount), &rows, SHOWN, languages.values().sum())
}
