//! Why a line or a document is gone, or still there: found in a washed folder, judged again by its index.
//!
//! The document's normalised text is put together again from output and removed log. Reads the folder's data once,
//! and holds the texts that one document lost.

use std::path::Path;

use hashbrown::HashMap;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{
    index_file::{read_index, read_weights},
    restore::insert,
    rows::{each_row, files_under, parse_row},
};
use crate::{
    config::{Config, RemovedLog},
    hash::SiteKey,
    lines::{Account, Judged, LineMemory, Noting, Page, TABLES, Verdict, Weights, accounts, missed},
    model::{Error, Result},
    read::{FieldPaths, parse},
    report::{Contribution, Explanation, Judgement, LineExplanation, Manifest, Missed},
    write::{RemovedDocument, RemovedEntry, RemovedFromDocument, RemovedLineAt, RemovedLineText},
};

struct CleanRow {
    id: Box<RawValue>,
    buddle: Made,
}

#[derive(Deserialize)]
struct Made {
    lang: String,
    line_langs: Vec<String>,
    site: String,
    source: String,
    position: u64,
}

#[derive(Deserialize)]
struct Report {
    suspended_sites: std::collections::BTreeMap<String, u64>,
}

/// Explains the document of this id (the first of that id in the folder), or one line of it (its number in the normalised
/// text, from 1).
///
/// # Errors
/// A folder that cannot be read, an id that it does not hold, an index that is damaged or another version's.
pub fn explain(folder: &Path, id: &str, line: Option<u64>) -> Result<Explanation> {
    let manifest = Manifest::read(folder)?;
    let config_path = folder.join("config.toml");
    let config = Config::parse(&std::fs::read_to_string(&config_path).map_err(|e| Error::from(e).at(config_path.display()))?)
        .map_err(|e| e.at(config_path.display()))?;
    if config.removed != RemovedLog::Full {
        let error = Error::usage("the removed log of this folder holds no texts, so its pages cannot be judged again").at(folder.display());
        return Err(error.hint("wash with --removed full"));
    }
    let index = read_index(folder)?;
    let report_path = folder.join("report.json");
    let report: Report =
        parse_row(&report_path.display().to_string(), &std::fs::read(&report_path).map_err(|e| Error::from(e).at(report_path.display()))?)?;
    let named = |raw: &RawValue| raw.get() == id || serde_json::from_str::<String>(raw.get()).is_ok_and(|own| own == id);
    // Ids repeat: what belongs together has one source and position, and the first document in order is meant.
    let order = |source: &str, position: u64| (manifest.inputs.iter().position(|input| input.path == source), position);
    let (mut whole, mut lost): (Option<RemovedDocument>, Vec<RemovedFromDocument>) = (None, Vec::new());
    each_row(&files_under(folder, &manifest, "removed/documents"), |name, row| {
        match parse_row(name, row)? {
            RemovedEntry::Lines(lines) if named(&lines.id) => lost.push(lines),
            RemovedEntry::Document(document) if named(&document.id) && whole.is_none() => whole = Some(document),
            _ => {}
        }
        Ok(())
    })?;
    let row = clean_row(folder, &manifest, &config, &named)?;
    let first = |row: &CleanRow, gone: &RemovedDocument| order(&row.buddle.source, row.buddle.position) < order(&gone.source, gone.position);
    let (row, clean) = match (row, whole) {
        (None, None) => {
            return Err(Error::usage(format!("the folder holds no document with the id {}", id.escape_debug()))
                .at(folder.display())
                .hint("ids stand in the data and in removed/documents…; those made by buddle read path:position"));
        }
        (Some((row, text)), None) => (row, text),
        (Some((row, text)), Some(gone)) if first(&row, &gone) => (row, text),
        (_, Some(document)) => {
            return Ok(Explanation {
                id: document.id,
                source: document.source,
                position: document.position,
                site: String::new(),
                lang: String::new(),
                stays: false,
                reason: Some(document.reason),
                kept: document.kept,
                index: index.is_some(),
                suspended: false,
                lines: Vec::new(),
            });
        }
    };
    let gone = lost.into_iter().find(|lines| lines.source == row.buddle.source && lines.position == row.buddle.position);
    let removed_at: HashMap<u64, RemovedLineAt> = gone.iter().flat_map(|entry| &entry.lines).map(|line| (line.at, *line)).collect();
    let texts = removed_texts(folder, &manifest, gone.as_ref())?;
    let words = texts.iter().map(|(number, text)| (*number, text.text.clone())).collect();
    let text = match &gone {
        Some(entry) => insert(&clean, entry, &words)?,
        None => clean,
    };
    let page = Page::new(&text, &mut LineMemory::default(), Noting::Nothing);
    let site = (!row.buddle.site.is_empty()).then(|| SiteKey::of(&row.buddle.site));
    let suspended = report.suspended_sites.contains_key(&row.buddle.site);
    let own = folder.join("index/weights.json");
    let weights = read_weights(own.is_file().then_some(own.as_path()))?;
    let accounts = accounts(&page, index.as_ref(), site, &weights, weights.margin(config.strength as usize));
    let mut lines = Vec::new();
    let mut langs = row.buddle.line_langs.iter();
    let mut number = 0;
    for (at, content) in (1_u64..).zip(crate::model::lines(&text)) {
        let removed = removed_at.get(&at);
        let lang = if removed.is_none() { langs.next().cloned().unwrap_or_default() } else { String::new() };
        let Some(account) = accounts.get(number).filter(|_| page.lines().get(number).is_some_and(|l| l.number as u64 + 1 == at)) else { continue };
        number += 1;
        if line.is_some_and(|line| line != at) {
            continue;
        }
        let removed_text = removed.and_then(|line| texts.get(&line.r#ref?).cloned());
        lines.push(LineExplanation {
            line: at,
            text: content.to_owned(),
            stays: removed.is_none(),
            missed: if removed.is_none() { rules_missed(account, &lang, &row.buddle.lang, index.is_some()) } else { Vec::new() },
            lang: removed_text.as_ref().map_or(lang, |text| text.lang.clone()),
            kept_line: removed.and_then(|line| line.kept),
            removed: removed_text,
            judgement: account.judged.as_ref().zip(account.site_pages).map(|(judged, pages)| judgement(judged, pages, &weights)),
        });
    }
    if let (Some(line), true) = (line, lines.is_empty()) {
        return Err(Error::usage(format!("the document has no line {line}, or it is blank"))
            .hint("lines count from 1 in the text that `buddle restore` gives"));
    }
    Ok(Explanation {
        id: row.id,
        source: row.buddle.source,
        position: row.buddle.position,
        site: row.buddle.site,
        lang: row.buddle.lang,
        stays: true,
        reason: None,
        kept: None,
        index: index.is_some(),
        suspended,
        lines,
    })
}

/// The clean document of an id, with its text.
fn clean_row(folder: &Path, manifest: &Manifest, config: &Config, named: &dyn Fn(&RawValue) -> bool) -> Result<Option<(CleanRow, String)>> {
    let mut found = None;
    let paths = |source: &str| {
        let text_file = manifest.inputs.iter().any(|input| input.path == source && input.format == "text");
        if text_file {
            FieldPaths::new("text", "id", "url", None)
        } else {
            FieldPaths::new(&config.text_field, &config.id_field, &config.url_field, None)
        }
    };
    each_row(&files_under(folder, manifest, "data/"), |name, row| {
        if found.is_some() {
            return Ok(());
        }
        #[derive(Deserialize)]
        struct Place {
            buddle: Made,
        }
        let made: Place = parse_row(name, row)?;
        let record = parse(row, &paths(&made.buddle.source), usize::MAX).map_err(|(_, what)| Error::corrupt(what).at(name))?;
        let id = record.id.map(|raw| RawValue::from_string(raw.to_owned())).transpose().ok().flatten();
        if let Some(id) = id.filter(|id| named(id)) {
            found = Some((CleanRow { id, buddle: made.buddle }, record.text.into_owned()));
        }
        Ok(())
    })?;
    Ok(found)
}

/// The texts that a document lost, by number.
fn removed_texts(folder: &Path, manifest: &Manifest, gone: Option<&RemovedFromDocument>) -> Result<HashMap<u64, RemovedLineText>> {
    let mut texts = HashMap::new();
    let Some(gone) = gone else { return Ok(texts) };
    let wanted: hashbrown::HashSet<u64> = gone.lines.iter().filter_map(|line| line.r#ref).collect();
    each_row(&files_under(folder, manifest, "removed/lines"), |name, row| {
        let text: RemovedLineText = parse_row(name, row)?;
        if wanted.contains(&text.r#ref) {
            texts.insert(text.r#ref, text);
        }
        Ok(())
    })?;
    Ok(texts)
}

fn rules_missed(account: &Account, lang: &str, document_lang: &str, has_index: bool) -> Vec<Missed> {
    missed(account, lang, document_lang, has_index).into_iter().map(|(reason, why)| Missed { rule: reason.code(), why }).collect()
}

fn judgement(judged: &Judged, site_pages: u32, weights: &Weights) -> Judgement {
    let parts = TABLES.iter().zip(weights.contributions(&judged.classes));
    Judgement {
        verdict: match judged.verdict {
            Verdict::Stays => "stays",
            Verdict::Goes => "goes",
            Verdict::FirstStays => "first_stays",
        },
        score: judged.score,
        bias: weights.bias,
        margin: judged.margin,
        clamp: judged.clamp.map(|clamp| clamp.name()),
        clamp_words: judged.clamp.map(|clamp| clamp.words()),
        pages: judged.pages,
        site_pages,
        contributions: parts
            .map(|(features, tenths)| Contribution {
                features: features.iter().map(|feature| feature.name()).collect(),
                words: in_words(features.iter().map(|feature| feature.words()).collect()),
                tenths,
            })
            .collect(),
    }
}

/// "a", "a and b", "a, b and c".
fn in_words(parts: Vec<&str>) -> String {
    match parts.as_slice() {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}
