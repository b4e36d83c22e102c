//! What the page of a washed folder shows, gathered from its files.
//!
//! Five streams, none held: removed texts, removed documents, clean documents beside removed documents, removed texts again,
//! quarantine. Kept are samples of a fixed number and size, and counts with a ceiling (a million groups of copies, some
//! thousand texts of a site; beyond it counts are lower bounds and say so). Nothing here depends on anything but the files.

mod best;
mod candidates;
mod clusters;
mod examples;
mod frequent;
mod shown;

use std::{borrow::Cow, collections::BTreeMap, path::Path};

use hashbrown::{HashMap, HashSet};
use serde::Deserialize;
use serde_json::value::RawValue;

use self::{
    candidates::Candidates,
    clusters::{Clusters, GoneSample},
    examples::{Examples, LineLanguages, Washed},
    frequent::Frequent,
    shown::ShownText,
};
use super::rows::{Rows, each_row, files_under, parse_row, sources_of};
use crate::{
    config::{Config, RemovedLog},
    model::{Error, Reason, Result},
    read::{FieldPaths, parse},
    report::{FolderReport, Holds, Lengths, Manifest, Numbers, Similarities, SiteFurniture, SiteNumbers, Unreadable, html::Sample},
    write::{QuarantineRow, RemovedEntry, RemovedFromDocument, RemovedLineText},
};

/// Sites whose texts are counted, texts of each that are shown, and that are counted.
const SITES: usize = 24;
const SITE_TEXTS: usize = 8;
const SITE_ROOM: usize = 8192;
/// Records shown of each cause, and bytes of each.
const RECORDS: usize = 5;
const HEAD_BYTES: usize = 200;
/// Characters of the text of a document that stays for others.
const KEPT_CHARS: usize = 200;

#[derive(Deserialize)]
struct CleanRow<'a> {
    #[serde(borrow)]
    buddle: Made<'a>,
}

#[derive(Deserialize)]
struct Made<'a> {
    #[serde(borrow)]
    lang: Cow<'a, str>,
    #[serde(borrow)]
    site: Cow<'a, str>,
    #[serde(borrow)]
    source: Cow<'a, str>,
    position: u64,
    chars_in: u64,
    chars_removed: u64,
}

/// Gathers what the page of a washed folder shows.
///
/// # Errors
/// A folder that `clean` did not write, or damaged files.
pub fn folder_report(folder: &Path) -> Result<FolderReport> {
    let manifest = Manifest::read_washed(folder)?;
    let numbers = Numbers::read(folder)?;
    let config_path = folder.join("config.toml");
    let config_text = std::fs::read_to_string(&config_path).map_err(|e| Error::from(e).at(config_path.display()))?;
    let config = Config::parse(&config_text).map_err(|e| e.at(config_path.display()))?;
    let files = |prefix: &str| files_under(folder, &manifest, prefix);
    let mut candidates = Candidates::default();
    each_row(&files("removed/lines"), |name, row| {
        candidates.add(&parse_row::<RemovedLineText>(name, row)?);
        Ok(())
    })?;
    let (distinct_texts, candidates) = candidates.finish();
    let mut gathering = Gathering {
        manifest: &manifest,
        config: &config,
        sites: numbers.sites.iter().filter(|s| s.furniture.lines > 0).take(SITES).map(|s| (s.site.clone(), Frequent::new(SITE_ROOM))).collect(),
        examples: Examples::of(candidates),
        clusters: [Reason::DocumentExact, Reason::DocumentNear, Reason::DocumentCovered]
            .map(|reason| Clusters::new(reason, manifest.inputs.iter().map(|input| input.path.as_str()))),
        similarities: Similarities::default(),
        lengths: Lengths::new(),
    };
    let documents = gathering.gone(folder)?;
    gathering.clean(folder)?;
    let Gathering { sites, examples, mut clusters, similarities, mut lengths, .. } = gathering;
    let texts = texts(folder, &manifest, &sites, &examples, &mut clusters)?;
    let [copies, near, covered] = clusters.map(|clusters| clusters.finish(&mut lengths));
    let shown = numbers.sites.iter().filter_map(|site| Some((site, sites.get(&site.site)?)));
    let sites = shown.map(|(site, counts)| site_furniture(site, counts, &texts)).collect();
    let unreadable = unreadable(folder, &manifest)?;
    Ok(FolderReport {
        holds: Holds {
            data: manifest.outputs.iter().any(|file| file.path.starts_with("data/")),
            removed: config.removed != RemovedLog::None,
            texts: config.removed == RemovedLog::Full,
            index: manifest.outputs.iter().any(|file| file.path.starts_with("index/")),
        },
        distinct_texts,
        lines: examples.finish(&texts),
        documents,
        sites,
        lengths,
        copies,
        near,
        covered,
        similarities,
        unreadable,
        numbers,
        config: config_text,
        manifest,
    })
}

/// What the documents of a folder are looked through for.
struct Gathering<'a> {
    manifest: &'a Manifest,
    config: &'a Config,
    /// The texts that each of the largest sites lost.
    sites: HashMap<String, Frequent<u64>>,
    examples: Examples,
    clusters: [Clusters; 3],
    similarities: Similarities,
    lengths: Lengths,
}

impl Gathering<'_> {
    /// Counts the documents that went whole; a sample of them.
    fn gone(&mut self, folder: &Path) -> Result<BTreeMap<&'static str, Vec<crate::report::DocumentExample>>> {
        let full = self.config.removed == RemovedLog::Full;
        let mut sample = GoneSample::default();
        each_row(&files_under(folder, self.manifest, "removed/documents"), |name, row| {
            let RemovedEntry::Document(gone) = parse_row(name, row)? else { return Ok(()) };
            for clusters in self.clusters.iter_mut().filter(|clusters| clusters.is_of(&gone.reason)) {
                clusters.count(&gone, full && gone.text.is_none());
            }
            let covered = gone.reason == Reason::DocumentCovered.code();
            if let Some(similarity) = gone.similarity.filter(|_| covered || gone.reason == Reason::DocumentNear.code()) {
                self.similarities.add(similarity, covered);
            }
            match &gone.text {
                Some(text) => {
                    self.lengths.add(text.split('\n').filter(|line| !line.trim().is_empty()).map(|line| line.chars().count() as u64).sum(), 1, false)
                }
                None if full && gone.kept.is_some() => {}
                None => self.lengths.unknown += 1,
            }
            if let Some(reason) = Reason::from_code(&gone.reason) {
                sample.add(reason.code(), gone);
            }
            Ok(())
        })?;
        self.clusters.iter_mut().for_each(Clusters::counted);
        Ok(sample.finish())
    }

    /// Looks through the clean documents beside what they lost: both stand in the order of the input.
    fn clean(&mut self, folder: &Path) -> Result<()> {
        let (data, log) =
            (sources_of(&files_under(folder, self.manifest, "data/"))?, sources_of(&files_under(folder, self.manifest, "removed/documents"))?);
        let (mut rows, mut entries) = (Rows::new(&data), Rows::new(&log));
        let mut lost = self.next_lost(&mut entries)?;
        while let Some((name, row)) = rows.next()? {
            let made: CleanRow<'_> = serde_json::from_slice(row).map_err(|e| Error::corrupt(format!("no clean document: {e}")).at(name))?;
            let made = made.buddle;
            self.lengths.add(made.chars_in, 1, false);
            self.lengths.add(made.chars_in.saturating_sub(made.chars_removed), 1, true);
            let entry = lost.take_if(|entry| entry.position == made.position && entry.source == made.source);
            for clusters in &mut self.clusters {
                clusters.add_lengths(&made.source, made.position, made.chars_in, &mut self.lengths);
            }
            if self.clusters.iter().any(|clusters| clusters.wants(&made.source, made.position)) {
                let text = self.text(name, row, &made.source)?;
                let head = Sample::new(text.trim(), KEPT_CHARS).in_language(&made.lang);
                self.clusters.iter_mut().for_each(|clusters| clusters.add_text((&made.source, made.position), &text, &head, entry.as_ref()));
            }
            let Some(entry) = entry else { continue };
            if let Some(counts) = self.sites.get_mut(made.site.as_ref()) {
                entry.lines.iter().filter_map(|line| line.r#ref).for_each(|number| counts.add(number));
            }
            if self.examples.wants(&made.site, &entry) {
                let text = self.text(name, row, &made.source)?;
                let langs = parse_row::<LineLanguages>(name, row)?.into_vec();
                self.examples.add(&Washed { text: Some(&text), langs, site: &made.site, lost: &entry })?;
            }
            lost = self.next_lost(&mut entries)?;
        }
        // Where the output went elsewhere the log still says what went.
        while let Some(entry) = lost {
            if !data.is_empty() {
                return Err(Error::corrupt(format!("the removed log names the document {}, which is not in the data", entry.id)).at(folder.display()));
            }
            self.examples.add(&Washed { text: None, langs: Vec::new(), site: "", lost: &entry })?;
            lost = self.next_lost(&mut entries)?;
        }
        Ok(())
    }

    /// The next document of the log that lost lines; groups of copies are named on the way.
    fn next_lost(&mut self, entries: &mut Rows<'_>) -> Result<Option<RemovedFromDocument>> {
        while let Some((name, row)) = entries.next()? {
            match parse_row(name, row)? {
                RemovedEntry::Lines(lost) => return Ok(Some(lost)),
                RemovedEntry::Document(gone) => {
                    self.clusters.iter_mut().filter(|clusters| clusters.is_of(&gone.reason)).for_each(|clusters| clusters.name(&gone));
                }
            }
        }
        Ok(None)
    }

    /// The text of a clean document.
    fn text(&self, name: &str, row: &[u8], source: &str) -> Result<String> {
        let paths = if self.manifest.inputs.iter().any(|input| input.path == source && input.format == "text") {
            FieldPaths::new("text", "id", "url", None)
        } else {
            FieldPaths::new(&self.config.text_field, &self.config.id_field, &self.config.url_field, None)
        };
        let record = parse(row, &paths, usize::MAX).map_err(|(_, what)| Error::corrupt(what).at(name))?;
        Ok(record.text.into_owned())
    }
}

/// The removed texts that something shows; the groups of documents that went tell their differences by them.
fn texts(
    folder: &Path,
    manifest: &Manifest,
    sites: &HashMap<String, Frequent<u64>>,
    examples: &Examples,
    clusters: &mut [Clusters],
) -> Result<HashMap<u64, ShownText>> {
    let most = sites.values().flat_map(|counts| counts.most(SITE_TEXTS)).map(|(number, _)| number);
    let wanted: HashSet<u64> = most.chain(examples.numbers()).collect();
    let mut texts = HashMap::with_capacity(wanted.len());
    let asked: HashSet<u64> = clusters.iter().flat_map(|clusters| clusters.asks().0).collect();
    let lines: HashSet<&str> = clusters.iter().flat_map(|clusters| clusters.asks().1).collect();
    let (mut removed, mut furniture) = (HashMap::new(), HashSet::new());
    each_row(&files_under(folder, manifest, "removed/lines"), |name, row| {
        let text: RemovedLineText = parse_row(name, row)?;
        if lines.contains(text.text.as_str()) && Reason::from_code(&text.reason).is_none_or(Reason::is_furniture) {
            furniture.insert(text.text.clone());
        }
        if asked.contains(&text.r#ref) {
            removed.insert(text.r#ref, text.clone());
        }
        if wanted.contains(&text.r#ref) {
            texts.insert(text.r#ref, ShownText::of(text));
        }
        Ok(())
    })?;
    drop(lines);
    clusters.iter_mut().try_for_each(|clusters| clusters.compare(&removed, &furniture))?;
    Ok(texts)
}

fn site_furniture(numbers: &SiteNumbers, counts: &Frequent<u64>, texts: &HashMap<u64, ShownText>) -> SiteFurniture {
    let shown = counts.most(SITE_TEXTS).into_iter().filter_map(|(number, n)| {
        let text = texts.get(&number)?;
        Some((text.reason.clone(), n, text.sample(160)))
    });
    SiteFurniture { numbers: numbers.clone(), texts: shown.collect(), exact: counts.missed() == 0 }
}

/// The first records of each cause that could not be read.
fn unreadable(folder: &Path, manifest: &Manifest) -> Result<BTreeMap<String, Vec<Unreadable>>> {
    let mut causes: BTreeMap<String, Vec<Unreadable>> = BTreeMap::new();
    each_row(&files_under(folder, manifest, "quarantine/"), |name, row| {
        let row: QuarantineRow = parse_row(name, row)?;
        // A record in pieces is named once.
        if row.part.is_some_and(|part| part > 0) {
            return Ok(());
        }
        let records = causes.entry(row.cause.clone()).or_default();
        if records.len() < RECORDS {
            let bytes = row.raw()?;
            let head = String::from_utf8_lossy(bytes.get(..HEAD_BYTES).unwrap_or(&bytes)).into_owned();
            records.push(Unreadable {
                source: Sample::new(&row.source, 200),
                position: row.position,
                message: Sample::new(&row.message, 300),
                head: Sample::new(&head, HEAD_BYTES),
            });
        }
        Ok(())
    })?;
    Ok(causes)
}

/// An id as people know it: a string without its quotes, a number as it is spelt.
fn text_of_id(id: &RawValue) -> Sample {
    match serde_json::from_str::<String>(id.get()) {
        Ok(text) => Sample::new(&text, 120),
        Err(_) => Sample::new(id.get(), 120),
    }
}
