//! The input's text again, from a washed folder: output, removed log and quarantine, merged in input order.
//!
//! What comes back is the decoded text of every record, up to the named normalisations, line by line. Records that
//! could not be read come back as objects with their bytes. The removed texts and the texts of documents that stay in
//! place of others are held in memory; everything else streams.

use std::{collections::BTreeMap, path::Path};

use hashbrown::{HashMap, HashSet};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::rows::{each_row, files_under, parse_row};
use crate::{
    model::{Error, Result},
    report::Manifest,
    write::{
        Compression, FRAME_BYTES, FrameBuilder, QuarantineRow, RemovedDocument, RemovedEntry, RemovedFromDocument, RemovedLineText, Sink, Target,
    },
};

/// Source number and position: the order of the input.
type Place = (usize, u64);

#[derive(Deserialize)]
struct CleanRow<'a> {
    #[serde(borrow)]
    buddle: Made<'a>,
}

#[derive(Deserialize)]
struct Made<'a> {
    #[serde(borrow)]
    source: std::borrow::Cow<'a, str>,
    position: u64,
}

/// Restores `folder` to `output`; gives the number of records.
///
/// # Errors
/// A damaged folder, a removed log without texts, or the operating system's.
pub fn restore(folder: &Path, output: Option<&Path>, overwrite: bool) -> Result<u64> {
    let manifest = Manifest::read_washed(folder)?;
    let config = crate::config::Config::parse(&std::fs::read_to_string(folder.join("config.toml"))?)
        .map_err(|e| e.at(folder.join("config.toml").display()))?;
    if config.removed != crate::config::RemovedLog::Full {
        return Err(Error::usage("the removed log of this folder holds no texts").at(folder.display()).hint("wash with --removed full"));
    }
    let order: HashMap<String, usize> = manifest.inputs.iter().zip(0..).map(|(input, n)| (input.path.clone(), n)).collect();
    let place = |source: &str, position: u64| -> Result<Place> {
        let number = order.get(source).ok_or_else(|| Error::corrupt(format!("the manifest does not name the input {}", source.escape_debug())))?;
        Ok((*number, position))
    };
    let mut texts: HashMap<u64, String> = HashMap::new();
    each_row(&files_under(folder, &manifest, "removed/lines"), |name, row| {
        let text: RemovedLineText = parse_row(name, row)?;
        texts.insert(text.r#ref, text.text);
        Ok(())
    })?;
    // What went, in place; the documents that others are copies of.
    let mut lost: BTreeMap<Place, RemovedFromDocument> = BTreeMap::new();
    let mut gone: BTreeMap<Place, RemovedDocument> = BTreeMap::new();
    let mut wanted: HashSet<Place> = HashSet::new();
    each_row(&files_under(folder, &manifest, "removed/documents"), |name, row| {
        match parse_row(name, row)? {
            RemovedEntry::Lines(entry) => {
                lost.insert(place(&entry.source, entry.position)?, entry);
            }
            RemovedEntry::Document(entry) => {
                if let Some(source) = entry.kept.as_ref().and_then(|kept| kept.source.as_deref()) {
                    wanted.insert(place(source, entry.kept.as_ref().map_or(0, |kept| kept.position))?);
                }
                gone.insert(place(&entry.source, entry.position)?, entry);
            }
        }
        Ok(())
    })?;
    let mut unreadable: BTreeMap<Place, Vec<QuarantineRow>> = BTreeMap::new();
    each_row(&files_under(folder, &manifest, "quarantine/"), |name, row| {
        let entry: QuarantineRow = parse_row(name, row)?;
        unreadable.entry(place(&entry.source, entry.position)?).or_default().push(entry);
        Ok(())
    })?;
    let data = files_under(folder, &manifest, "data/");
    let paths = crate::read::FieldPaths::new(&config.text_field, &config.id_field, &config.url_field, None);
    let whole = |name: &str, row: &[u8]| -> Result<(Place, String, Vec<u8>)> {
        let made: CleanRow<'_> = serde_json::from_slice(row).map_err(|e| Error::corrupt(format!("no clean document: {e}")).at(name))?;
        let at = place(&made.buddle.source, made.buddle.position)?;
        let text_file = manifest.inputs.get(at.0).is_some_and(|i| i.format == "text");
        let plain = crate::read::FieldPaths::new("text", "id", "url", None);
        let record =
            crate::read::parse(row, if text_file { &plain } else { &paths }, usize::MAX).map_err(|(_, what)| Error::corrupt(what).at(name))?;
        let text = match lost.get(&at) {
            Some(entry) => insert(&record.text, entry, &texts)?,
            None => record.text.clone().into_owned(),
        };
        let mut out = Vec::new();
        record.rewrite(row, &text, &mut out);
        Ok((at, text, out))
    };
    let mut kept: HashMap<Place, String> = HashMap::new();
    if !wanted.is_empty() {
        each_row(&data, |name, row| {
            let (at, text, _) = whole(name, row)?;
            if wanted.contains(&at) {
                kept.insert(at, text);
            }
            Ok(())
        })?;
    }
    let mut writer = Writer::create(output, overwrite)?;
    let mut between = |until: Option<Place>, writer: &mut Writer| -> Result<()> {
        loop {
            let next_gone = gone.first_key_value().map(|(at, _)| *at);
            let next_bad = unreadable.first_key_value().map(|(at, _)| *at);
            let Some(next) = [next_gone, next_bad].into_iter().flatten().min().filter(|next| until.is_none_or(|until| *next < until)) else {
                return Ok(());
            };
            if let Some(entry) = gone.remove(&next) {
                let text = match (&entry.text, &entry.kept) {
                    (Some(text), _) => text.clone(),
                    (None, Some(copy)) => kept
                        .get(&place(copy.source(), copy.position)?)
                        .cloned()
                        .ok_or_else(|| Error::corrupt(format!("the kept copy of {} is missing", entry.id)))?,
                    (None, None) => return Err(Error::corrupt(format!("the text of {} is missing", entry.id))),
                };
                writer.row(&gone_row(&entry, &text, &paths)?)?;
            }
            for row in unreadable.remove(&next).unwrap_or_default() {
                let mut bytes = Vec::new();
                crate::write::json_row(&row, &mut bytes)?;
                writer.row(&bytes)?;
            }
        }
    };
    each_row(&data, |name, row| {
        let (at, _, out) = whole(name, row)?;
        between(Some(at), &mut writer)?;
        writer.row(&out)
    })?;
    between(None, &mut writer)?;
    writer.finish()
}

/// The record of a document that went whole, with its text.
fn gone_row(entry: &RemovedDocument, text: &str, paths: &crate::read::FieldPaths) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    match &entry.record {
        // Its text stands as the empty string.
        Some(raw) => {
            let row = raw.get().as_bytes();
            let record =
                crate::read::parse(row, paths, usize::MAX).map_err(|(_, what)| Error::corrupt(format!("the record of {}: {what}", entry.id)))?;
            record.rewrite(row, text, &mut out);
        }
        None => {
            #[derive(serde::Serialize)]
            struct Row<'a> {
                id: &'a RawValue,
                text: &'a str,
            }
            crate::write::json_row(&Row { id: &entry.id, text }, &mut out)?;
        }
    }
    if out.last() != Some(&b'\n') {
        out.push(b'\n');
    }
    Ok(out)
}

/// The normalised text: the clean one with what went put back where it stood.
pub(super) fn insert(clean: &str, entry: &RemovedFromDocument, texts: &HashMap<u64, String>) -> Result<String> {
    let mut lines: Vec<&str> = Vec::new();
    let mut left = (!clean.is_empty()).then(|| clean.split('\n')).into_iter().flatten();
    for removed in &entry.lines {
        while (lines.len() as u64) + 1 < removed.at {
            let line = left.next().ok_or_else(|| Error::corrupt(format!("document {} has too few lines", entry.id)))?;
            lines.push(line);
        }
        let text = match removed.r#ref {
            None => "",
            Some(number) => texts.get(&number).ok_or_else(|| Error::corrupt(format!("removed text {number} is missing")))?,
        };
        lines.push(text);
    }
    lines.extend(left);
    Ok(lines.join("\n"))
}

struct Writer {
    sink: Sink,
    frames: FrameBuilder,
    folder: Option<crate::write::AtomicFolder>,
    rows: u64,
}

impl Writer {
    fn create(output: Option<&Path>, overwrite: bool) -> Result<Writer> {
        let (sink, folder) = match Target::of(output)? {
            Target::Stdout => (Sink::stdout(Compression::None), None),
            Target::File(path) => (Sink::file(&path)?, None),
            Target::Folder(path) => {
                let folder = crate::write::AtomicFolder::create(&path, overwrite)?;
                let series = crate::write::Series::new(folder.path().join("data"), "part", Compression::Zstd, "data");
                (Sink::Parts(series), Some(folder))
            }
        };
        Ok(Writer { sink, frames: FrameBuilder::new(FRAME_BYTES, 512 << 20), folder, rows: 0 })
    }

    fn row(&mut self, row: &[u8]) -> Result<()> {
        self.rows += 1;
        match self.frames.push(row, row.len() as u64) {
            Some(frame) => self.frame(frame),
            None => Ok(()),
        }
    }

    fn frame(&mut self, frame: crate::write::Frame) -> Result<()> {
        let frame = frame.pack(self.sink.compression(), 0)?;
        self.sink.write_frame(&frame)?;
        if frame.ends_part { self.sink.next_part() } else { Ok(()) }
    }

    fn finish(mut self) -> Result<u64> {
        let frames = std::mem::replace(&mut self.frames, FrameBuilder::new(FRAME_BYTES, u64::MAX));
        if let Some(frame) = frames.finish() {
            self.frame(frame)?;
        }
        self.sink.finish()?;
        if let Some(folder) = self.folder {
            folder.finish()?;
        }
        Ok(self.rows)
    }
}
