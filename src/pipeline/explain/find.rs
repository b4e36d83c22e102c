//! The record that is meant: by id, or by source and position; and the documents that went for it.

use crate::{
    model::{Error, Result},
    pipeline::{
        rows::{each_row, files_under, parse_row},
        washed::{Place, WashedFolder, WashedRecord},
    },
    report::{Copies, NamedCopy},
    write::{RemovedDocument, RemovedEntry},
};

/// Copies that are named for each reason.
const NAMED_COPIES: usize = 5;

/// Which record is meant.
#[derive(Clone, Copy, Debug)]
pub enum Asked<'a> {
    /// The first of this id, as given or as buddle made it; else the one at `path:position`.
    Id(&'a str),
    /// The one at this place.
    Place {
        /// Its source.
        source: &'a str,
        /// Its number there, from 1.
        position: u64,
    },
}

/// Finds a record in a folder.
///
/// # Errors
/// Usage where it is not there; corrupt where the folder is damaged.
pub fn find(folder: &WashedFolder, asked: Asked<'_>) -> Result<(Place, WashedRecord)> {
    let mut records = folder.records();
    match asked {
        Asked::Place { source, position } => {
            let number = source_number(folder, source)?;
            while let Some((place, record)) = records.next()? {
                if place == (number, position) {
                    return Ok((place, record));
                }
                if place > (number, position) {
                    break;
                }
            }
            Err(Error::usage(format!("{} has no record {position}", source.escape_debug()))
                .at(folder.path.display())
                .hint("records count from 1: the number of the line in JSONL, 1 in a text file"))
        }
        Asked::Id(id) => {
            let mut by_place = None;
            while let Some((place, record)) = records.next()? {
                if record.id().is_some_and(|raw| raw.get() == id || serde_json::from_str::<String>(raw.get()).is_ok_and(|own| own == id)) {
                    return Ok((place, record));
                }
                let (source, position) = record.named_place();
                if by_place.is_none() && id.strip_prefix(source).and_then(|rest| rest.strip_prefix(':')).is_some_and(|n| n == position.to_string()) {
                    by_place = Some((place, record));
                }
            }
            by_place.ok_or_else(|| {
                Error::usage(format!("the folder holds no document with the id {}", id.escape_debug()))
                    .at(folder.path.display())
                    .hint("ids stand in the data and in removed/documents…; any record can be named by --source FILE --position N")
            })
        }
    }
}

/// The number of a source by its name, or by the end of its path where one input alone ends so.
fn source_number(folder: &WashedFolder, source: &str) -> Result<usize> {
    let inputs = &folder.manifest.inputs;
    if let Some(number) = inputs.iter().position(|input| input.path == source) {
        return Ok(number);
    }
    let end = source.trim_start_matches("./");
    let ends: Vec<usize> =
        inputs.iter().enumerate().filter(|(_, input)| input.path.ends_with(&format!("/{end}")) || input.path == end).map(|(n, _)| n).collect();
    match ends.as_slice() {
        [only] => Ok(*only),
        _ => {
            let near = inputs.iter().min_by_key(|input| strsim::damerau_levenshtein(&input.path, source));
            let error = Error::usage(format!("no input of the folder is called {}", source.escape_debug())).at(folder.path.display());
            Err(match near {
                Some(input) => error.hint(format!("did you mean {}? the names stand in manifest.json", input.path.escape_debug())),
                None => error,
            })
        }
    }
}

/// The documents that went for the one at this place.
///
/// # Errors
/// A damaged removed log.
pub fn copies_of(folder: &WashedFolder, source: &str, position: u64) -> Result<Copies> {
    let mut copies = Copies::default();
    each_row(&files_under(&folder.path, &folder.manifest, "removed/documents"), |name, row| {
        let RemovedEntry::Document(document) = parse_row(name, row)? else { return Ok(()) };
        if document.kept.as_ref().is_some_and(|kept| kept.source() == source && kept.position == position) {
            let RemovedDocument { id, source, position, reason, similarity, .. } = document;
            copies.documents += 1;
            *copies.reasons.entry(reason.clone()).or_default() += 1;
            if copies.first.iter().filter(|copy| copy.reason == reason).count() < NAMED_COPIES {
                copies.first.push(NamedCopy { id, source, position, reason, similarity });
            }
        }
        Ok(())
    })?;
    Ok(copies)
}
