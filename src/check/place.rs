//! Where something was found: file, record, line and a short excerpt. Bounded, and the first in document order are kept.

use std::collections::BTreeMap;

use super::measure::Measure;
use crate::model::{DocId, Position};

/// Characters of an excerpt.
const EXCERPT_CHARS: usize = 80;
/// Places of a measure that are kept in all.
const MOST_OF_A_MEASURE: usize = 1000;

/// Where something was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Number of the source.
    pub source: u32,
    /// Number of the record in it, from 1: in JSONL the line of the file.
    pub position: Position,
    /// Is the source a text file, of which the document is the whole?
    pub is_whole: bool,
    /// The document's id as raw JSON; empty where it has none of its own.
    pub id: String,
    /// Number of the line in the text as it was decoded, from 1.
    pub line: Option<u64>,
    /// The head of the line, or of what was found.
    pub excerpt: String,
    /// What was found there, in words; empty where the measure says it.
    pub note: String,
}

impl Place {
    /// A record.
    pub fn of(id: DocId, raw_id: Option<&str>) -> Place {
        let raw_id = raw_id.map_or_else(String::new, excerpt);
        Place { source: id.source, position: id.position, is_whole: false, id: raw_id, line: None, excerpt: String::new(), note: String::new() }
    }

    /// A text file.
    pub fn of_file(id: DocId) -> Place {
        Place { is_whole: true, ..Place::of(id, None) }
    }

    /// The line of the file, from 1.
    pub fn file_line(&self) -> u64 {
        if self.is_whole { self.line.unwrap_or(1) } else { self.position }
    }

    /// The line of the text where the text is a part of the file only.
    pub fn text_line(&self) -> Option<u64> {
        self.line.filter(|_| !self.is_whole)
    }

    /// A line of it.
    #[must_use]
    pub fn line(self, line: u64, text: &str) -> Place {
        Place { line: Some(line), excerpt: excerpt(text), ..self }
    }

    /// With the head of a text.
    #[must_use]
    pub fn text(self, text: &str) -> Place {
        Place { excerpt: excerpt(text), ..self }
    }

    /// With words about it.
    #[must_use]
    pub fn note(self, note: impl Into<String>) -> Place {
        Place { note: note.into(), ..self }
    }
}

/// The head of a text that is too long to be shown.
pub fn excerpt(text: &str) -> String {
    let mut ends = text.char_indices().map(|(at, _)| at).skip(EXCERPT_CHARS);
    match ends.next() {
        None => text.to_owned(),
        Some(end) => format!("{}…", text.get(..end).unwrap_or_default()),
    }
}

const _: () = assert!(Measure::COUNT <= 64);

/// The first places of each measure in each source.
#[derive(Clone, Debug, Default)]
pub struct Places {
    most: usize,
    found: BTreeMap<(Measure, u32), Vec<Place>>,
    kept: BTreeMap<Measure, usize>,
    /// The source that was asked for last, and the measures that have no room for more of it, a bit each.
    full: (u32, u64),
}

impl Places {
    /// At most `most` of a measure in a source.
    pub fn new(most: usize) -> Places {
        Places { most, ..Places::default() }
    }

    /// Adds a place, which is made only if there is room for it.
    pub fn add(&mut self, measure: Measure, source: u32, place: impl FnOnce() -> Place) {
        if self.full.0 != source {
            self.full = (source, 0);
        }
        let bit = 1 << measure as u64;
        if self.full.1 & bit != 0 {
            return;
        }
        let kept = self.kept.entry(measure).or_default();
        // Asked before anything is made for the source: there may be a million of them.
        if *kept >= MOST_OF_A_MEASURE || self.found.get(&(measure, source)).map_or(0, Vec::len) >= self.most {
            self.full.1 |= bit;
            return;
        }
        self.found.entry((measure, source)).or_default().push(place());
        *kept += 1;
    }

    /// Takes over the places of later documents.
    pub fn merge(&mut self, later: Places) {
        for ((measure, source), places) in later.found {
            for place in places {
                self.add(measure, source, || place);
            }
        }
    }

    /// Those of a measure in sources that fit, in document order.
    pub fn of(&self, measure: Measure, fits: impl Fn(u32) -> bool) -> Vec<Place> {
        let places = self.found.range((measure, 0)..=(measure, u32::MAX)).filter(|((_, source), _)| fits(*source)).flat_map(|(_, places)| places);
        places.take(self.most).cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(source: u32, position: u64) -> Place {
        Place::of(DocId { source, position }, None)
    }

    #[test]
    fn the_first_are_kept() {
        let (mut all, mut later) = (Places::new(2), Places::new(2));
        for (source, position) in [(0, 1), (0, 2), (0, 3), (1, 1)] {
            all.add(Measure::Tiny, source, || place(source, position));
        }
        later.add(Measure::Tiny, 1, || place(1, 2));
        later.add(Measure::Tiny, 1, || place(1, 3));
        later.add(Measure::Huge, 1, || place(1, 3));
        all.merge(later);
        assert_eq!(all.of(Measure::Tiny, |_| true), [place(0, 1), place(0, 2)]);
        assert_eq!(all.of(Measure::Tiny, |source| source == 1), [place(1, 1), place(1, 2)]);
        assert_eq!(all.of(Measure::Huge, |_| true), [place(1, 3)]);
        assert!(all.of(Measure::Control, |_| true).is_empty());
    }

    #[test]
    fn memory_is_bounded() {
        let mut places = Places::new(10);
        for source in 0..1000 {
            (0..20).for_each(|position| places.add(Measure::Tiny, source, || place(source, position)));
        }
        assert_eq!(places.found.values().map(Vec::len).sum::<usize>(), MOST_OF_A_MEASURE);
        assert_eq!(places.found.len(), MOST_OF_A_MEASURE / 10);
    }

    #[test]
    fn excerpts_are_short() {
        assert_eq!(excerpt(&"ж".repeat(80)).chars().count(), 80);
        assert_eq!(excerpt(&"ж".repeat(81)), format!("{}…", "ж".repeat(80)));
    }
}
