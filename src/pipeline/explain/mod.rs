//! Why a line or a document is gone, or still there: found in a washed folder, judged again by its index.
//!
//! The document's normalised text is put together again from output and removed log. What the log says of a document
//! that stays is what happened; a document that went whole is judged again. Reads the folder's data once or twice, and
//! holds the texts that one document lost.

mod find;
mod lines;
mod rules;
mod text;

use std::{borrow::Cow, path::Path};

use hashbrown::HashMap;
use serde::Deserialize;
use serde_json::value::RawValue;

pub use self::{find::Asked, text::explain_text};
use self::{
    find::{copies_of, find},
    lines::{LineFate, line_explanations},
    rules::{Found, document_rules},
};
use super::{
    candidates::compared_lines,
    clean::{Cleaner, Surveyed, residue_sums},
    difference::{KeptText, difference as difference_of},
    document::{Decoder, Encodings},
    index::{LineCache, LineFile},
    line_list,
    memory::Memories,
    notes::Notes,
    rows::{each_row, files_under, parse_row},
    temporary::Temporary,
    valve::Suspended,
    washed::{StayingDocument, WashedFolder, WashedRecord, cut},
    weights_file::read_weights,
};
use crate::{
    config::{Config, LangidEngine, RemovedLog},
    dedup::{ExactIndex, Shingler},
    hash::SiteKey,
    lines::{LineMemory, Noting, Page, PageLine, Site, index::LineIndex},
    model::{Cause, Error, Reason, Result, site_of_folder, site_of_url},
    read::{FieldPaths, parse},
    report::{Copies, Explanation, Unread},
    write::{QuarantineRow, RemovedDocument, RemovedFromDocument, RemovedLineText},
};

/// Characters of a record's bytes that are shown.
const HEAD_CHARS: usize = 80;
/// Places where two documents differ that are shown.
const SHOWN_PLACES: usize = 8;

#[derive(Deserialize)]
struct Report {
    suspended_sites: std::collections::BTreeMap<String, u64>,
}

/// What a folder is explained by.
struct Folder {
    washed: WashedFolder,
    config: Config,
    has_index: bool,
    /// What is to be said of an index that is not the folder's own.
    judged_by: Option<String>,
    surveyed: Surveyed,
    weights: std::sync::Arc<crate::lines::Weights>,
}

/// Explains a record, or one line of it (its number in the normalised text, from 1).
///
/// # Errors
/// A folder that cannot be read, a record that it does not hold, an index that is damaged or another version's.
pub fn explain(folder: &Path, asked: Asked<'_>, line: Option<u64>) -> Result<Explanation> {
    let folder = Folder::open(folder)?;
    let (_, record) = find(&folder.washed, asked)?;
    let explanation = match record {
        WashedRecord::Unread(row) => folder.unread(&row),
        WashedRecord::Stays(document) => folder.stays(*document, line)?,
        WashedRecord::Went(document) => folder.went(*document, line)?,
    };
    if let (Some(line), true, None) = (line, explanation.lines.is_empty(), &explanation.unread) {
        return Err(Error::usage(format!("the document has no line {line}, or it is blank"))
            .hint("lines count from 1 in the text that `buddle restore` gives"));
    }
    Ok(explanation)
}

impl Folder {
    fn open(folder: &Path) -> Result<Folder> {
        let washed = WashedFolder::open(folder)?;
        let config_path = folder.join("config.toml");
        let config = Config::parse(&std::fs::read_to_string(&config_path).map_err(|e| Error::from(e).at(config_path.display()))?)
            .map_err(|e| e.at(config_path.display()))?;
        if config.removed != RemovedLog::Full {
            let error = Error::usage("the removed log of this folder holds no texts, so its pages cannot be judged again").at(folder.display());
            return Err(error.hint("wash with --removed full"));
        }
        let index = LineFile::open(folder)?.map(|lines| lines.read()).transpose()?;
        // A stream was judged by the index of earlier crawls, if that is still there.
        let earlier = config.index.as_deref().filter(|_| config.one_pass && index.is_none());
        let stream = earlier.map(LineFile::open);
        let judged_by = earlier.zip(stream.as_ref()).map(|(path, opened)| match opened {
            Ok(Some(_)) => format!("lines are judged again by {} as it is now", path.display()),
            Ok(None) => format!("the index that judged its lines is not at {} any more", path.display()),
            Err(error) => format!("the index that judged its lines cannot be read again: {error}"),
        });
        let stream = stream.and_then(|opened| opened.ok().flatten());
        let path = folder.join("report.json");
        let report: Report = parse_row(&path.display().to_string(), &std::fs::read(&path).map_err(|e| Error::from(e).at(path.display()))?)?;
        let mut keys: Vec<SiteKey> = report.suspended_sites.keys().map(|site| SiteKey::of(site)).collect();
        keys.sort_unstable();
        let own = folder.join("index/weights.json");
        // A stream leaves no index with its weights.
        let weights = read_weights(if own.is_file() { Some(own.as_path()) } else { config.weights.as_deref().filter(|_| config.one_pass) })?;
        let has_index = index.is_some() || stream.is_some();
        let notes = Notes::new(&Temporary::of(None)?, 0);
        let mut surveyed = Surveyed::new(ExactIndex::default(), Encodings::default(), notes, index.unwrap_or_default());
        surveyed.stream = stream;
        surveyed.suspended = Suspended { keys, sites: report.suspended_sites };
        Ok(Folder { washed, config, has_index, judged_by, surveyed, weights })
    }

    /// An explanation that says nothing yet.
    fn blank(&self, source: &str, position: u64) -> Explanation {
        Explanation {
            id: None,
            source: source.to_owned(),
            position,
            site: String::new(),
            lang: String::new(),
            stays: false,
            reason: None,
            kept: None,
            kept_stays: None,
            similarity: None,
            difference: None,
            unread: None,
            rules: Vec::new(),
            copies: Copies::default(),
            index: self.has_index,
            suspended: false,
            notes: Vec::new(),
            lines: Vec::new(),
        }
    }

    fn unread(&self, row: &QuarantineRow) -> Explanation {
        let bytes = row.raw().unwrap_or_default();
        let head = String::from_utf8_lossy(bytes.get(..bytes.len().min(4 * HEAD_CHARS)).unwrap_or_default()).into_owned();
        let unread = Unread {
            cause: row.cause.clone(),
            message: row.message.clone(),
            hint: Cause::from_code(&row.cause).map_or(String::new(), |cause| cause.hint().to_owned()),
            head: cut(head.trim_end(), HEAD_CHARS).into_owned(),
        };
        Explanation { unread: Some(unread), ..self.blank(&row.source, row.position) }
    }

    fn stays(&self, document: StayingDocument, line: Option<u64>) -> Result<Explanation> {
        let made = document.made;
        let texts = removed_texts(&self.washed, document.lost.as_ref())?;
        let text = KeptText { clean: &document.text, lost: document.lost.as_ref(), texts: &texts }.whole()?;
        let page = Page::new(&text, &mut LineMemory::default(), Noting::Nothing);
        let removed_at: HashMap<u64, _> = document.lost.iter().flat_map(|lost| &lost.lines).map(|line| (line.at, *line)).collect();
        let mut langs = made.line_langs.iter();
        let mut fates: HashMap<u64, LineFate> = HashMap::new();
        for (at, _) in (1_u64..).zip(crate::model::lines(&text)) {
            let fate = match removed_at.get(&at) {
                Some(line) => {
                    let removed = line.r#ref.and_then(|number| texts.get(&number).cloned());
                    let taken = removed.as_ref().map(|text| text.reason.clone());
                    LineFate {
                        stays: false,
                        taken,
                        lang: removed.as_ref().map_or(String::new(), |text| text.lang.clone()),
                        removed,
                        kept_line: line.kept,
                    }
                }
                None => LineFate { stays: true, lang: langs.next().cloned().unwrap_or_default(), ..LineFate::default() },
            };
            fates.insert(at, fate);
        }
        let is_furniture = |at: usize| {
            let taken = fates.get(&(at as u64 + 1)).and_then(|fate| fate.taken.as_deref());
            taken.is_some_and(|code| Reason::from_code(code).is_none_or(Reason::is_furniture))
        };
        let residue: Vec<&PageLine<'_>> = page.lines().iter().filter(|line| !is_furniture(line.number)).collect();
        let compared = self.compared(&page, &residue, &made.site)?;
        let found = Found {
            sums: Some(residue_sums(residue.iter().copied())),
            lines: page.lines().len() as u64,
            lang: made.lang.clone(),
            score: Some(made.lang_score),
            shingles: compared.as_deref().map(|lines| self.shingles(lines)),
            is_site_text: compared.is_none(),
            uncounted: compared.map_or(0, |lines| residue.len() - lines.len()),
            similarity: None,
        };
        let copies = copies_of(&self.washed, &made.source, made.position)?;
        let rules = if line.is_none() { document_rules(&self.config, None, &found, "") } else { Vec::new() };
        let lines = line_explanations(&page, line, fates, &made.lang, &self.judge(self.index_of_page(&page, &made.site)?.as_deref(), &made.site));
        let suspended = self.surveyed.suspended.sites.contains_key(&made.site);
        let mut notes: Vec<String> = self.judged_by.clone().into_iter().collect();
        if !self.has_index {
            notes.push("the folder holds no index, so that what a site repeats cannot be judged again".into());
        }
        let blank = self.blank(&made.source, made.position);
        Ok(Explanation { id: Some(document.id), site: made.site, lang: made.lang, stays: true, rules, copies, suspended, notes, lines, ..blank })
    }

    fn went(&self, document: RemovedDocument, line: Option<u64>) -> Result<Explanation> {
        let blank = self.blank(&document.source, document.position);
        let mut notes: Vec<String> = self.judged_by.clone().into_iter().collect();
        let copy = match &document.kept {
            Some(kept) if self.washed.source(kept.source()).is_ok() => {
                match find(&self.washed, Asked::Place { source: kept.source(), position: kept.position }) {
                    Ok((_, WashedRecord::Stays(copy))) => Some(copy),
                    _ => None,
                }
            }
            _ => None,
        };
        let text = match (&document.text, &copy) {
            (Some(text), _) => Some(text.clone()),
            (None, Some(copy)) => {
                let texts = removed_texts(&self.washed, copy.lost.as_ref())?;
                Some(KeptText { clean: &copy.text, lost: copy.lost.as_ref(), texts: &texts }.whole()?)
            }
            (None, None) => None,
        };
        let site = site_of(&self.config, document.record.as_deref(), &document.source).unwrap_or_default();
        let mut found = Found { similarity: document.similarity, ..Found::default() };
        let mut lines = Vec::new();
        let mut difference = None;
        if let Some(text) = &text {
            let page = Page::new(text, &mut LineMemory::default(), Noting::Nothing);
            let examined = self.examine(&page, &site, &mut notes)?;
            let judged = page.lines().iter().zip(&examined.removals);
            let residue: Vec<&PageLine<'_>> =
                judged.filter(|(_, removal)| removal.is_none_or(|removal| !removal.reason.is_furniture())).map(|(line, _)| line).collect();
            let compared = self.compared(&page, &residue, &site)?;
            found = Found {
                sums: Some(residue_sums(residue.iter().copied())),
                lines: page.lines().len() as u64,
                lang: examined.language.lang.as_str().to_owned(),
                score: Some(f64::from(examined.language.permille) / 1000.0),
                shingles: compared.as_deref().map(|lines| self.shingles(lines)),
                is_site_text: compared.is_none(),
                uncounted: compared.map_or(0, |lines| residue.len() - lines.len()),
                similarity: document.similarity,
            };
            if let (Some(copy), None) = (&copy, line) {
                let texts = removed_texts(&self.washed, copy.lost.as_ref())?;
                let kept = KeptText { clean: &copy.text, lost: copy.lost.as_ref(), texts: &texts };
                let own: Vec<&str> = residue.iter().map(|line| line.text).collect();
                difference = difference_of(&document.reason, &own, &kept.residue(&kept.whole()?), SHOWN_PLACES);
            }
            let lang = |at: usize| examined.languages.as_ref().and_then(|lines| lines.get(at)).map_or(String::new(), |l| l.lang.as_str().to_owned());
            let fates = page.lines().iter().enumerate().map(|(at, line)| {
                let taken = examined.removals.get(at).copied().flatten().map(|removal| removal.reason.code().to_owned());
                (line.number as u64 + 1, LineFate { taken, lang: lang(at), ..LineFate::default() })
            });
            lines = line_explanations(&page, line, fates.collect(), &found.lang, &self.judge(self.index_of_page(&page, &site)?.as_deref(), &site));
        } else {
            notes.push("its text is that of the document that stays, which is not in the output of this folder: it cannot be shown".into());
        }
        if !self.has_index && !site.is_empty() {
            notes
                .push("the folder holds no index, so that what its site repeats cannot be judged again: the numbers below know nothing of it".into());
        }
        let same_text = document.text.is_none();
        let name = |kept: &crate::write::KeptDocument| {
            let id = match (&kept.id, &kept.source) {
                (Some(id), _) => id.to_string(),
                (None, Some(_)) => "without its id".to_owned(),
                (None, None) => "of an earlier run".to_owned(),
            };
            let there = if copy.is_some() { "which is in the output" } else { "which is not in the output of this folder" };
            format!("document {id} ({}), {there}", kept.place())
        };
        let share = document.similarity.map_or_else(|| "an unknown share".to_owned(), |share| format!("{share:.4}"));
        let why = match (&document.kept, Reason::from_code(&document.reason)) {
            (None, _) => String::new(),
            (Some(kept), Some(Reason::DocumentNear)) => {
                format!("{share} alike (--near-threshold asks for {}): {}", self.config.near_threshold, name(kept))
            }
            (Some(kept), Some(Reason::DocumentCovered)) => {
                format!("{share} of its letters (more than 0.8 is asked for) stand, once furniture is out, in lines of {}", name(kept))
            }
            (Some(kept), _) if same_text => format!("its whole text, once normalised, is that of {}", name(kept)),
            (Some(kept), _) => format!("once furniture is out, what is left has the same lines as what is left of {}", name(kept)),
        };
        let rules = if line.is_none() { document_rules(&self.config, Some(&document.reason), &found, &why) } else { Vec::new() };
        Ok(Explanation {
            id: Some(document.id),
            suspended: self.surveyed.suspended.sites.contains_key(&site),
            site,
            lang: found.lang,
            reason: Some(document.reason),
            kept_stays: document.kept.as_ref().map(|_| copy.is_some()),
            kept: document.kept,
            similarity: document.similarity,
            difference,
            rules,
            notes,
            lines,
            ..blank
        })
    }

    /// The lines that the page is compared by; none where it is left out.
    fn compared<'l, 'p>(&self, page: &Page<'_>, residue: &[&'l PageLine<'p>], site: &str) -> Result<Option<Vec<&'l PageLine<'p>>>> {
        let index = self.index_of_page(page, site)?;
        let site = index.as_deref().and_then(|index| Site::of(index, SiteKey::of(site)));
        Ok(compared_lines(residue.to_vec(), site.as_ref()))
    }

    /// How many shingles these lines have; none where they were not asked for.
    fn shingles(&self, residue: &[&PageLine<'_>]) -> usize {
        let mut shingler = Shingler::new(self.config.shingle);
        shingler.begin();
        residue.iter().for_each(|line| shingler.line(line.text));
        let mut shingles = Vec::new();
        shingler.shingles(&mut shingles);
        shingles.len()
    }

    /// Judges a text as the run did.
    fn examine(&self, page: &Page<'_>, site: &str, notes: &mut Vec<String>) -> Result<super::clean::Examined> {
        let mut config = self.config.clone();
        if config.langid.open().is_err() {
            config.langid = LangidEngine::None;
            (config.lang, config.line_lang) = (Vec::new(), Vec::new());
            notes.push("the model that told languages cannot be read again".into());
        }
        let mut list = |path: Option<&Path>, name: &str| {
            line_list(path).unwrap_or_else(|_| {
                notes.push(format!("the {name} list of the run cannot be read again"));
                String::new()
            })
        };
        let (allow, deny) = (list(self.config.allow.as_deref(), "allow"), list(self.config.deny.as_deref(), "deny"));
        let decoder = Decoder::new(&config, &[])?;
        let memories = Memories::default();
        let cleaner = Cleaner::new(&config, &decoder, &self.surveyed, &memories, &allow, &deny, self.weights.clone())?;
        cleaner.examine(page, (!site.is_empty()).then_some(site))
    }

    /// What the page was judged by, if that is known.
    fn index_of_page(&self, page: &Page<'_>, site: &str) -> Result<Option<Cow<'_, LineIndex>>> {
        let index = || self.surveyed.index_of_page(page, (!site.is_empty()).then_some(site), &mut LineCache::default());
        self.has_index.then(index).transpose()
    }

    fn judge<'j>(&'j self, index: Option<&'j LineIndex>, site: &str) -> lines::Judge<'j> {
        lines::Judge {
            index,
            site: (!site.is_empty()).then(|| SiteKey::of(site)),
            weights: &self.weights,
            margin: self.weights.margin(self.config.strength as usize),
        }
    }
}

/// The site of a document that went whole, from the fields that the log holds of it.
fn site_of(config: &Config, record: Option<&RawValue>, source: &str) -> Option<String> {
    let field = match config.site_from.as_str() {
        "url" | "folder" | "none" => None,
        field => Some(field),
    };
    let paths = FieldPaths::new(&config.text_field, &config.id_field, &config.url_field, field);
    let record = record.and_then(|raw| parse(raw.get().as_bytes(), &paths, usize::MAX).ok());
    let folder = || Path::new(source).parent()?.file_name().and_then(|name| site_of_folder(&name.to_string_lossy()));
    match config.site_from.as_str() {
        "none" => None,
        "folder" => folder(),
        "url" => record.and_then(|record| site_of_url(record.url.as_deref()?)).or_else(folder),
        _ => record.and_then(|record| record.site.map(std::borrow::Cow::into_owned)),
    }
}

/// The texts that a document lost, by number.
fn removed_texts(folder: &WashedFolder, lost: Option<&RemovedFromDocument>) -> Result<HashMap<u64, RemovedLineText>> {
    let mut texts = HashMap::new();
    let Some(lost) = lost else { return Ok(texts) };
    let wanted: hashbrown::HashSet<u64> = lost.lines.iter().filter_map(|line| line.r#ref).collect();
    each_row(&files_under(&folder.path, &folder.manifest, "removed/lines"), |name, row| {
        let text: RemovedLineText = parse_row(name, row)?;
        if wanted.contains(&text.r#ref) {
            texts.insert(text.r#ref, text);
        }
        Ok(())
    })?;
    Ok(texts)
}
