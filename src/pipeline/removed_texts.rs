//! The texts that went, numbered in the order in which they first went, packed: some 100 bytes and the text for each.

use hashbrown::{HashTable, hash_table};
use serde_json::value::RawValue;

use super::{
    cleaned::{KeptCopy, Taken},
    kept::KeptDocuments,
};
use crate::{
    hash::SiteKey,
    model::{Error, Lang, Pieces, Reason, Result, Scope, TextPlace, Texts},
    write::{KeptLine, RemovedLineText},
};

/// A line that stays: the number of its document among those that are kept, and its own there.
pub type KeptPlace = (usize, u64);

/// Two halves of a hash: as one number it would take more room in a table.
pub type Halves = (u64, u64);

/// The halves of a hash.
pub fn halves(hash: u128) -> Halves {
    ((hash >> 64) as u64, hash as u64)
}

/// Texts that went.
#[derive(Debug, Default)]
pub struct RemovedTexts {
    numbers: HashTable<usize>,
    entries: Pieces<Entry>,
    texts: Texts,
}

/// What tells texts apart.
type Place = (Halves, SiteKey, Reason);

#[derive(Debug)]
struct Entry {
    place: Place,
    text: TextPlace,
    count: u64,
    pages: u64,
    /// The last document that lost it.
    last: u64,
    kept: Option<KeptPlace>,
    lang: Lang,
}

/// Of a site the same lines go for one reason, mostly: the hash of the text tells them apart.
fn hash(((_, low), site, _): Place) -> u64 {
    low ^ site.0
}

impl RemovedTexts {
    /// Counts a line that goes from a document (by a number that no other document has); `text` is asked for the first time. The text's
    /// number, from 1.
    pub fn add<'t>(&mut self, line: &Taken, site: SiteKey, kept: Option<KeptPlace>, document: u64, text: impl FnOnce() -> &'t str) -> u64 {
        let next = self.entries.len();
        // A text whose first copy stays at its site is told apart by the site.
        let site = if kept.is_some() && line.copy == KeptCopy::First(Scope::Site) { site } else { SiteKey(0) };
        let place = (halves(line.hash.0), site, line.reason);
        let RemovedTexts { numbers, entries, texts } = self;
        let place_of = |number: usize| entries.get(number).map_or(place, |entry| entry.place);
        let number = match numbers.entry(hash(place), |number| place_of(*number) == place, |number| hash(place_of(*number))) {
            hash_table::Entry::Occupied(number) => *number.get(),
            hash_table::Entry::Vacant(room) => {
                room.insert(next);
                entries.push(Entry { place, text: texts.push(text()), count: 0, pages: 0, last: u64::MAX, kept, lang: line.lang });
                next
            }
        };
        if let Some(entry) = self.entries.get_mut(number) {
            entry.count += 1;
            entry.pages += u64::from(std::mem::replace(&mut entry.last, document) != document);
        }
        number as u64 + 1
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// A text by its number from 0, as it stands in the log.
    ///
    /// # Errors
    /// Where an id is no JSON.
    pub fn get(&self, number: usize, documents: &KeptDocuments) -> Result<Option<RemovedLineText>> {
        let Some(entry) = self.entries.get(number) else { return Ok(None) };
        let kept = entry.kept.and_then(|(document, line)| Some((documents.get(document)?.1, line)));
        let kept = kept.map(|(id, line)| {
            let id = RawValue::from_string(id.to_owned());
            id.map(|id| KeptLine { id, line }).map_err(|e| Error::conservation(format!("a value that was read as JSON is none: {e}")))
        });
        Ok(Some(RemovedLineText {
            r#ref: number as u64 + 1,
            text: self.texts.get(entry.text).unwrap_or_default().to_owned(),
            reason: entry.place.2.code().into(),
            scope: entry.place.2.scope().code().into(),
            count: entry.count,
            pages: entry.pages,
            lang: entry.lang.to_string(),
            kept: kept.transpose()?,
        }))
    }

    /// The texts that went most often, the first that went first on a tie.
    ///
    /// # Errors
    /// Where an id is no JSON.
    pub fn most_frequent(&self, most: usize, documents: &KeptDocuments) -> Result<Vec<RemovedLineText>> {
        let mut numbers: Vec<(std::cmp::Reverse<u64>, usize)> = self.entries.iter().map(|entry| std::cmp::Reverse(entry.count)).zip(0..).collect();
        numbers.sort_unstable();
        numbers.truncate(most);
        numbers.into_iter().filter_map(|(_, number)| self.get(number, documents).transpose()).collect()
    }
}
