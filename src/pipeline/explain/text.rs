//! A line looked for by its text: how often it went and why, where it stays.

use std::path::Path;

use hashbrown::HashMap;

use crate::{
    lines::compared_form,
    model::{Error, Result, lines},
    pipeline::{
        rows::{each_row, files_under, parse_row},
        washed::{LogKind, WashedFolder, WashedRecord, numbered},
    },
    report::{NamedDocument, RemovedPlaces, TextExplanation},
    write::RemovedLineText,
};

/// Documents that are named of each kind.
const NAMED: usize = 5;

/// Explains what became of the lines of this text: just so, else those that are alike in compared form.
///
/// # Errors
/// A folder that cannot be read or whose log holds no texts, or that holds no such line.
pub fn explain_text(folder: &Path, text: &str) -> Result<TextExplanation> {
    let washed = WashedFolder::open(folder)?;
    if washed.log != LogKind::Full {
        let error = Error::usage("the removed log of this folder holds no texts").at(folder.display());
        return Err(error.hint("wash with --removed full"));
    }
    let text = text.trim_end_matches(['\n', '\r']);
    let found = look(&washed, text, true, &|line| line == text)?;
    if found.is_some() || text.trim().is_empty() {
        return found.ok_or_else(|| missing(folder, text));
    }
    let mut wanted = Vec::new();
    compared_form(text, &mut wanted);
    let form = std::cell::RefCell::new(Vec::new());
    let alike = |line: &str| {
        // Compared forms grow only so much: most lines need no look.
        if line.len() > 4 * wanted.len() + 256 {
            return false;
        }
        let mut form = form.borrow_mut();
        compared_form(line, &mut form);
        *form == wanted
    };
    look(&washed, text, false, &alike)?.ok_or_else(|| missing(folder, text))
}

fn missing(folder: &Path, text: &str) -> Error {
    Error::usage(format!("the folder holds no line {}, in the output or among what went", text.escape_debug()))
        .at(folder.display())
        .hint("a line is given whole, as it stands in the data; case and spaces do not matter")
}

fn look(folder: &WashedFolder, text: &str, exact: bool, is_it: &dyn Fn(&str) -> bool) -> Result<Option<TextExplanation>> {
    let mut found = TextExplanation { text: text.to_owned(), exact, ..TextExplanation::default() };
    let mut numbers: HashMap<u64, usize> = HashMap::new();
    each_row(&files_under(&folder.path, &folder.manifest, "removed/lines"), |name, row| {
        let entry: RemovedLineText = parse_row(name, row)?;
        if is_it(&entry.text) {
            numbers.insert(entry.r#ref, found.removed.len());
            found.removed.push(RemovedPlaces { entry, first: Vec::new() });
        }
        Ok(())
    })?;
    let mut records = folder.records();
    while let Some((_, record)) = records.next()? {
        match &record {
            WashedRecord::Unread(_) => {}
            WashedRecord::Stays(document) => {
                let named = |line: u64| NamedDocument {
                    id: Some(document.id.clone()),
                    source: document.made.source.clone(),
                    position: document.made.position,
                    line: Some(line),
                };
                for line in document.lost.iter().flat_map(|lost| &lost.lines) {
                    let removed = line.r#ref.and_then(|number| numbers.get(&number)).and_then(|at| found.removed.get_mut(*at));
                    if let Some(removed) = removed.filter(|removed| {
                        let last = removed.first.last();
                        removed.first.len() < NAMED
                            && last.is_none_or(|last| (last.source.as_str(), last.position) != (&document.made.source, document.made.position))
                    }) {
                        removed.first.push(named(line.at));
                    }
                }
                let mut holds = false;
                for (at, _) in numbered(document).filter(|(_, line)| is_it(line)) {
                    found.lines_that_stay += 1;
                    if !std::mem::replace(&mut holds, true) {
                        found.documents_that_hold_it += 1;
                        if found.first_that_hold_it.len() < NAMED {
                            found.first_that_hold_it.push(named(at));
                        }
                    }
                }
            }
            WashedRecord::Went(document) => {
                let at = document.text.as_deref().and_then(|text| lines(text).position(is_it));
                if let Some(at) = at {
                    found.documents_that_went += 1;
                    if found.first_that_went.len() < NAMED {
                        found.first_that_went.push(NamedDocument {
                            id: Some(document.id.clone()),
                            source: document.source.clone(),
                            position: document.position,
                            line: Some(at as u64 + 1),
                        });
                    }
                }
            }
        }
    }
    let any = !found.removed.is_empty() || found.lines_that_stay + found.documents_that_went > 0;
    Ok(any.then_some(found))
}
