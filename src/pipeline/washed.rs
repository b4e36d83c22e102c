//! A washed folder read back as what was read: every record in the order of the input, with what became of it.
//!
//! Clean documents, removed log and quarantine each stand in that order, so that they are merged as they stream: one row
//! of each is held. Of a folder without a removed log only what stays comes back.

use std::{
    borrow::Cow,
    cmp::Ordering,
    path::{Path, PathBuf},
};

use hashbrown::HashMap;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::rows::{Rows, files_under, parse_row, sources_of};
use crate::{
    model::{Error, Result},
    read::{FieldPaths, Source, parse},
    report::Manifest,
    write::{QuarantineRow, RemovedDocument, RemovedEntry, RemovedFromDocument},
};

/// Source number, from 0 in the order of the manifest, and position: the order of the input.
pub type Place = (usize, u64);

/// What buddle wrote of a document that stays.
#[derive(Debug, Deserialize)]
pub struct Made {
    /// Its language.
    pub lang: String,
    /// The share of its letters that are in it.
    #[serde(default)]
    pub lang_score: f64,
    /// Languages of its lines.
    #[serde(default)]
    pub line_langs: Vec<String>,
    /// Its site; empty for none.
    pub site: String,
    /// Its lines before any went.
    pub lines_in: u64,
    /// Lines that went.
    pub lines_removed: u64,
    /// Its source.
    pub source: String,
    /// Its number there.
    pub position: u64,
}

/// A document that stays.
#[derive(Debug)]
pub struct StayingDocument {
    /// Its id as raw JSON.
    pub id: Box<RawValue>,
    /// Its clean text.
    pub text: String,
    /// What buddle wrote of it.
    pub made: Made,
    /// The lines that it lost, as the removed log has them.
    pub lost: Option<RemovedFromDocument>,
}

/// What became of a record.
#[derive(Debug)]
pub enum WashedRecord {
    /// A document that stays.
    Stays(Box<StayingDocument>),
    /// A document that went whole.
    Went(Box<RemovedDocument>),
    /// A record that could not be read: the row of its first part.
    Unread(Box<QuarantineRow>),
}

impl WashedRecord {
    /// The id as raw JSON; none for a record that could not be read.
    pub fn id(&self) -> Option<&RawValue> {
        match self {
            WashedRecord::Stays(document) => Some(&document.id),
            WashedRecord::Went(document) => Some(&document.id),
            WashedRecord::Unread(_) => None,
        }
    }

    /// Its source and its number there.
    pub fn named_place(&self) -> (&str, u64) {
        match self {
            WashedRecord::Stays(document) => (&document.made.source, document.made.position),
            WashedRecord::Went(document) => (&document.source, document.position),
            WashedRecord::Unread(row) => (&row.source, row.position),
        }
    }
}

/// What a folder's removed log holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogKind {
    /// Texts too.
    Full,
    /// Which documents and lines.
    Ids,
    /// Nothing.
    None,
}

/// A washed folder, opened.
#[derive(Debug)]
pub struct WashedFolder {
    /// Its path.
    pub path: PathBuf,
    /// Its manifest.
    pub manifest: Manifest,
    /// Its settings as they stand in `config.toml`, of whatever version.
    pub settings: toml::Table,
    /// What its removed log holds.
    pub log: LogKind,
    order: HashMap<String, usize>,
    data: Vec<Source>,
    documents: Vec<Source>,
    quarantine: Vec<Source>,
}

impl WashedFolder {
    /// Opens a folder that `clean` wrote.
    ///
    /// # Errors
    /// Usage where it is none; corrupt where files are missing or cannot be read.
    pub fn open(folder: &Path) -> Result<WashedFolder> {
        let manifest = Manifest::read_washed(folder)?;
        if !folder.join("_SUCCESS").is_file() {
            return Err(Error::corrupt("there is no _SUCCESS: the run that wrote this did not end").at(folder.display()));
        }
        let config = folder.join("config.toml");
        let text = std::fs::read_to_string(&config).map_err(|e| Error::from(e).at(config.display()))?;
        let settings: toml::Table = text.parse().map_err(|e: toml::de::Error| Error::corrupt(e.message().to_owned()).at(config.display()))?;
        let log = match settings.get("removed").and_then(toml::Value::as_str) {
            Some("ids") => LogKind::Ids,
            Some("none") => LogKind::None,
            _ => LogKind::Full,
        };
        for file in &manifest.outputs {
            let path = folder.join(&file.path);
            let bytes = std::fs::metadata(&path).map_err(|e| Error::from(e).at(path.display()))?.len();
            if bytes != file.bytes {
                return Err(Error::corrupt(format!("{bytes} bytes, but the manifest says {}", file.bytes)).at(path.display()));
            }
        }
        // Of a source that was given twice the first counts.
        let order = manifest.inputs.iter().enumerate().rev().map(|(n, input)| (input.path.clone(), n)).collect();
        let files = |prefix: &str| sources_of(&files_under(folder, &manifest, prefix));
        let (data, documents, quarantine) = (files("data/")?, files("removed/documents")?, files("quarantine/")?);
        Ok(WashedFolder { path: folder.to_owned(), manifest, settings, log, order, data, documents, quarantine })
    }

    /// The number of a source.
    ///
    /// # Errors
    /// Where the manifest does not name it.
    pub fn source(&self, name: &str) -> Result<usize> {
        let unknown = || Error::corrupt(format!("the manifest does not name the input {}", name.escape_debug())).at(self.path.display());
        self.order.get(name).copied().ok_or_else(unknown)
    }

    /// Its records in the order of the input.
    pub fn records(&self) -> WashedRecords<'_> {
        let field = |key: &str, default: &'static str| self.settings.get(key).and_then(toml::Value::as_str).unwrap_or(default).to_owned();
        WashedRecords {
            folder: self,
            paths: FieldPaths::new(&field("text_field", "text"), &field("id_field", "id"), &field("url_field", "url"), None),
            plain: FieldPaths::new("text", "id", "url", None),
            data: Rows::new(&self.data),
            documents: Rows::new(&self.documents),
            quarantine: Rows::new(&self.quarantine),
            stays: None,
            removed: None,
            unread: None,
            started: false,
        }
    }
}

/// Gives the records of a folder in the order of the input.
pub struct WashedRecords<'f> {
    folder: &'f WashedFolder,
    paths: FieldPaths,
    /// The fields of what was made of text files.
    plain: FieldPaths,
    data: Rows<'f>,
    documents: Rows<'f>,
    quarantine: Rows<'f>,
    stays: Option<(Place, Box<StayingDocument>)>,
    removed: Option<(Place, RemovedEntry)>,
    unread: Option<(Place, Box<QuarantineRow>)>,
    started: bool,
}

impl WashedRecords<'_> {
    /// The next record and its place.
    ///
    /// # Errors
    /// What is damaged.
    pub fn next(&mut self) -> Result<Option<(Place, WashedRecord)>> {
        if !self.started {
            self.started = true;
            self.next_stays()?;
            self.next_removed()?;
            self.next_unread()?;
        }
        loop {
            let places = [self.stays.as_ref().map(|s| s.0), self.removed.as_ref().map(|r| r.0), self.unread.as_ref().map(|u| u.0)];
            let Some(first) = places.into_iter().flatten().min() else { return Ok(None) };
            if let Some((_, mut document)) = self.stays.take_if(|(place, _)| *place == first) {
                self.next_stays()?;
                if let Some((_, RemovedEntry::Lines(lost))) =
                    self.removed.take_if(|(place, entry)| *place == first && matches!(entry, RemovedEntry::Lines(_)))
                {
                    document.lost = Some(lost);
                    self.next_removed()?;
                }
                return Ok(Some((first, WashedRecord::Stays(document))));
            }
            if let Some((_, entry)) = self.removed.take_if(|(place, _)| *place == first) {
                self.next_removed()?;
                match entry {
                    RemovedEntry::Document(document) => return Ok(Some((first, WashedRecord::Went(Box::new(document))))),
                    RemovedEntry::Lines(lost) => {
                        let what = format!("document {} lost lines, but is not in the data", lost.id.get());
                        return Err(Error::corrupt(what).at(self.folder.path.display()));
                    }
                }
            }
            if let Some((_, row)) = self.unread.take_if(|(place, _)| *place == first) {
                self.next_unread()?;
                // The further parts of a record that was too long.
                if row.part.is_none_or(|part| part == 0) {
                    return Ok(Some((first, WashedRecord::Unread(row))));
                }
            }
        }
    }

    fn next_stays(&mut self) -> Result<()> {
        #[derive(Deserialize)]
        struct Row {
            buddle: Made,
        }
        self.stays = match self.data.next()? {
            None => None,
            Some((name, row)) => {
                let Row { buddle: made } = parse_row(name, row)?;
                let source = self.folder.source(&made.source)?;
                let text_file = self.folder.manifest.inputs.get(source).is_some_and(|input| input.format == "text");
                let paths = if text_file { &self.plain } else { &self.paths };
                let record = parse(row, paths, usize::MAX).map_err(|(_, what)| Error::corrupt(what).at(name))?;
                let id = record.id.ok_or_else(|| Error::corrupt("a clean document has no id").at(name))?;
                let id = RawValue::from_string(id.to_owned()).map_err(|e| Error::corrupt(e.to_string()).at(name))?;
                let place = (source, made.position);
                Some((place, Box::new(StayingDocument { id, text: record.text.into_owned(), made, lost: None })))
            }
        };
        Ok(())
    }

    fn next_removed(&mut self) -> Result<()> {
        self.removed = match self.documents.next()? {
            None => None,
            Some((name, row)) => {
                let entry: RemovedEntry = parse_row(name, row)?;
                let (source, position) = match &entry {
                    RemovedEntry::Lines(lost) => (&lost.source, lost.position),
                    RemovedEntry::Document(document) => (&document.source, document.position),
                };
                Some(((self.folder.source(source)?, position), entry))
            }
        };
        Ok(())
    }

    fn next_unread(&mut self) -> Result<()> {
        self.unread = match self.quarantine.next()? {
            None => None,
            Some((name, row)) => {
                let row: QuarantineRow = parse_row(name, row)?;
                Some(((self.folder.source(&row.source)?, row.position), Box::new(row)))
            }
        };
        Ok(())
    }
}

/// The lines of a clean text with their numbers, from 1, in the normalised text: the numbers that lines which went had are
/// left out.
pub fn numbered(document: &StayingDocument) -> impl Iterator<Item = (u64, &str)> {
    let mut gone = document.lost.iter().flat_map(|lost| &lost.lines).map(|line| line.at).peekable();
    let text = if document.text.is_empty() { None } else { Some(document.text.split('\n')) };
    let mut at = 0;
    text.into_iter().flatten().map(move |line| {
        at += 1;
        while gone.next_if(|gone| gone.cmp(&at) != Ordering::Greater).is_some() {
            at += 1;
        }
        (at, line)
    })
}

/// The head of a text for people: of its first line that is not blank, so many characters.
pub fn head(text: &str, chars: usize) -> String {
    let line = text.split('\n').find(|line| !line.trim().is_empty()).unwrap_or_default();
    cut(line, chars).into_owned()
}

/// So many characters of a line, and a sign that there are more.
pub fn cut(line: &str, chars: usize) -> Cow<'_, str> {
    match line.char_indices().nth(chars) {
        Some((end, _)) => Cow::Owned(format!("{}…", line.get(..end).unwrap_or_default())),
        None => Cow::Borrowed(line),
    }
}
