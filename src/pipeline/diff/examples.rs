//! What the few examples of a difference show: ids, heads of texts, texts of lines, fetched in a second read.
//!
//! A read of the records ends with the last that is wanted; removed texts are read through once.

use hashbrown::HashMap;
use serde_json::value::RawValue;

use crate::{
    model::Result,
    pipeline::{
        rows::{each_row, files_under, parse_row},
        washed::{Place, WashedFolder, WashedRecord, cut, head},
    },
    report::diff::{Content, DocumentExample, LineExample},
    write::RemovedLineText,
};

/// Characters of a text that an example has.
const SHOWN_CHARS: usize = 160;

/// A document that is wanted: its place in each run that has it.
#[derive(Clone, Copy, Debug)]
pub struct DocumentWanted {
    /// In the first and in the second.
    pub places: [Option<Place>; 2],
}

/// A removed text that is wanted.
#[derive(Clone, Copy, Debug)]
pub struct LineWanted {
    /// The run whose removed log has it.
    pub side: usize,
    /// Its number there.
    pub text: u32,
    /// Lines that it stands for.
    pub count: u64,
    /// The first of their documents, in that run.
    pub place: Place,
    /// The number of the line.
    pub line: u32,
}

/// All that is wanted, in the order of the content's lists.
#[derive(Debug, Default)]
pub struct Wanted {
    /// For each change of documents.
    pub documents: Vec<Vec<DocumentWanted>>,
    /// For each change of lines.
    pub lines: Vec<Vec<LineWanted>>,
    /// Documents whose text came out otherwise.
    pub other_output: Vec<DocumentWanted>,
    /// Documents whose text was another.
    pub other_text: Vec<DocumentWanted>,
}

/// What was found of a record.
#[derive(Debug)]
struct Found {
    id: Option<Box<RawValue>>,
    source: String,
    position: u64,
    text: Option<String>,
    kept: Option<String>,
}

impl Found {
    fn of(record: &WashedRecord) -> Found {
        let (source, position) = record.named_place();
        let (text, kept) = match record {
            WashedRecord::Stays(document) => (Some(head(&document.text, SHOWN_CHARS)), None),
            WashedRecord::Went(document) => (
                document.text.as_deref().map(|text| head(text, SHOWN_CHARS)),
                document.kept.as_ref().map(|kept| match &kept.id {
                    Some(id) => id.get().to_owned(),
                    None => format!("{}:{}", kept.source(), kept.position),
                }),
            ),
            WashedRecord::Unread(row) => (Some(cut(&row.message, SHOWN_CHARS).into_owned()), None),
        };
        Found { id: record.id().map(ToOwned::to_owned), source: source.to_owned(), position, text: text.filter(|text| !text.is_empty()), kept }
    }
}

/// Fills the examples of a content.
///
/// # Errors
/// What is damaged.
pub fn fill(content: &mut Content, wanted: Wanted, folders: [&WashedFolder; 2]) -> Result<()> {
    let mut places: [HashMap<Place, Option<Found>>; 2] = [HashMap::new(), HashMap::new()];
    let mut texts: [HashMap<u64, Option<RemovedLineText>>; 2] = [HashMap::new(), HashMap::new()];
    let documents = wanted.documents.iter().flatten().chain(&wanted.other_output).chain(&wanted.other_text);
    for document in documents {
        for (places, place) in places.iter_mut().zip(document.places) {
            places.extend(place.map(|place| (place, None)));
        }
    }
    for line in wanted.lines.iter().flatten() {
        if let (Some(places), Some(texts)) = (places.get_mut(line.side), texts.get_mut(line.side)) {
            places.insert(line.place, None);
            texts.insert(u64::from(line.text), None);
        }
    }
    for ((folder, places), texts) in folders.into_iter().zip(&mut places).zip(&mut texts) {
        find_records(folder, places)?;
        if !texts.is_empty() {
            each_row(&files_under(&folder.path, &folder.manifest, "removed/lines"), |name, row| {
                let text: RemovedLineText = parse_row(name, row)?;
                if let Some(slot) = texts.get_mut(&text.r#ref) {
                    *slot = Some(text);
                }
                Ok(())
            })?;
        }
    }
    let [before, after] = &places;
    let document = |wanted: &DocumentWanted| {
        let [a, b] = wanted.places;
        let of = |place: Option<Place>, found: &'_ HashMap<Place, Option<Found>>| -> Option<DocumentExample> {
            let found = found.get(&place?)?.as_ref()?;
            let Found { id, source, position, text, kept } = found;
            Some(DocumentExample { id: id.clone(), source: source.clone(), position: *position, text: text.clone(), kept: kept.clone() })
        };
        match (of(a, before), of(b, after)) {
            (Some(a), Some(b)) => Some(DocumentExample { id: b.id.or(a.id), text: b.text.or(a.text), kept: b.kept.or(a.kept), ..b }),
            (a, b) => b.or(a),
        }
    };
    for (change, wanted) in content.documents.iter_mut().zip(&wanted.documents) {
        change.examples = wanted.iter().filter_map(document).collect();
    }
    content.other_output.examples = wanted.other_output.iter().filter_map(document).collect();
    content.other_text.examples = wanted.other_text.iter().filter_map(document).collect();
    for (change, wanted) in content.lines.iter_mut().zip(&wanted.lines) {
        let example = |line: &LineWanted| {
            let found = places.get(line.side)?.get(&line.place)?.as_ref()?;
            let text = texts.get(line.side).and_then(|texts| texts.get(&u64::from(line.text))).and_then(Option::as_ref);
            Some(LineExample {
                lines: line.count,
                text: text.filter(|text| !text.text.is_empty()).map(|text| cut(&text.text, SHOWN_CHARS).into_owned()),
                lang: text.map(|text| text.lang.clone()),
                id: found.id.clone(),
                source: found.source.clone(),
                position: found.position,
                line: u64::from(line.line),
            })
        };
        change.examples = wanted.iter().filter_map(example).collect();
    }
    Ok(())
}

fn find_records(folder: &WashedFolder, places: &mut HashMap<Place, Option<Found>>) -> Result<()> {
    let mut left = places.len();
    let mut records = folder.records();
    while left > 0
        && let Some((place, record)) = records.next()?
    {
        if let Some(slot @ None) = places.get_mut(&place) {
            *slot = Some(Found::of(&record));
            left -= 1;
        }
    }
    Ok(())
}
