//! Lines that went, among their neighbours: picked in document order, each of another site and another text, and with a neighbour
//! that stays, where there are such.

use std::collections::BTreeMap;

use hashbrown::{HashMap, HashSet};
use serde::Deserialize;

use super::{shown::ShownText, text_of_id};
use crate::{
    model::{Error, Result},
    report::{ContextLine, Fate, KeptCopy, LineExample, Place, html::Sample},
    write::{RemovedFromDocument, RemovedLineAt},
};

/// Examples of each reason.
const EXAMPLES: usize = 4;
/// Documents that are looked at for those of one reason.
const LOOKS: usize = 500;
/// Lines shown before and after.
const NEIGHBOURS: usize = 2;
/// Characters shown of a neighbour, and of the line itself.
const NEIGHBOUR_CHARS: usize = 240;
pub const LINE_CHARS: usize = 600;

/// A clean document with what it lost.
pub struct Washed<'a> {
    /// Its clean text; nothing where the folder holds none.
    pub text: Option<&'a str>,
    /// The language of each line of it.
    pub langs: Vec<String>,
    /// Its site.
    pub site: &'a str,
    /// What it lost.
    pub lost: &'a RemovedFromDocument,
}

/// The languages of a clean document's lines.
#[derive(Deserialize)]
pub struct LineLanguages {
    buddle: Languages,
}

#[derive(Deserialize)]
struct Languages {
    #[serde(default)]
    line_langs: Vec<String>,
}

impl LineLanguages {
    /// As they stand.
    pub fn into_vec(self) -> Vec<String> {
        self.buddle.line_langs
    }
}

/// Examples as they are picked; texts of removed lines are filled in later.
#[derive(Debug)]
pub struct Examples {
    candidates: HashMap<u64, &'static str>,
    reasons: BTreeMap<&'static str, Picked>,
    seen: usize,
}

#[derive(Debug, Default)]
struct Picked {
    sites: HashSet<String>,
    numbers: HashSet<u64>,
    /// Of a site that no other is of, with a neighbour that stays.
    first: Vec<Draft>,
    /// Shown where there are too few of those.
    spare: Vec<Draft>,
    /// Documents that were looked at.
    looks: usize,
}

#[derive(Debug)]
struct Draft {
    /// Its turn, for the order.
    turn: usize,
    place: Place,
    site: Option<Sample>,
    lines: Vec<(u64, Piece, Fate)>,
    number: u64,
    kept: Option<u64>,
}

#[derive(Debug)]
enum Piece {
    Stays(Sample),
    /// The text of this number.
    Gone(u64),
}

impl Examples {
    /// Examples of these texts, by number with their reason.
    pub fn of(candidates: HashMap<u64, &'static str>) -> Examples {
        Examples { candidates, reasons: BTreeMap::new(), seen: 0 }
    }

    /// Might a document that lost these lines be shown? Cheap, since it is asked of every document.
    pub fn wants(&self, site: &str, lost: &RemovedFromDocument) -> bool {
        lost.lines.iter().any(|line| self.wanted(site, line).is_some())
    }

    fn wanted(&self, site: &str, line: &RemovedLineAt) -> Option<(&'static str, u64)> {
        let number = line.r#ref?;
        let reason = *self.candidates.get(&number)?;
        let wanted = self.reasons.get(reason).is_none_or(|picked| {
            let room = picked.first.len() < EXAMPLES && (!picked.sites.contains(site) || picked.spare.len() < EXAMPLES);
            room && picked.looks < LOOKS && !picked.numbers.contains(&number)
        });
        wanted.then_some((reason, number))
    }

    /// Takes what is wanted of a document.
    pub fn add(&mut self, document: &Washed<'_>) -> Result<()> {
        for (index, line) in document.lost.lines.iter().enumerate() {
            let Some((reason, number)) = self.wanted(document.site, line) else { continue };
            let draft = Draft {
                turn: self.seen,
                place: Place { id: text_of_id(&document.lost.id), source: Sample::new(&document.lost.source, 200), position: document.lost.position },
                site: (!document.site.is_empty()).then(|| Sample::new(document.site, 100)),
                lines: document.around(index)?,
                number,
                kept: line.kept,
            };
            self.seen += 1;
            let picked = self.reasons.entry(reason).or_default();
            picked.looks += 1;
            if draft.lines.iter().any(|(_, _, fate)| *fate == Fate::Stays) && picked.sites.insert(document.site.to_owned()) {
                picked.first.push(draft);
            } else if picked.spare.len() < EXAMPLES {
                picked.spare.push(draft);
            } else {
                continue;
            }
            picked.numbers.insert(number);
        }
        Ok(())
    }

    /// Numbers of the texts that examples show.
    pub fn numbers(&self) -> impl Iterator<Item = u64> {
        let drafts = self.reasons.values().flat_map(|picked| picked.first.iter().chain(&picked.spare));
        drafts.flat_map(|draft| draft.lines.iter()).filter_map(|(_, piece, _)| match piece {
            Piece::Gone(number) => Some(*number),
            Piece::Stays(_) => None,
        })
    }

    /// The examples with their texts.
    pub fn finish(self, texts: &HashMap<u64, ShownText>) -> BTreeMap<&'static str, Vec<LineExample>> {
        let shown = |picked: Picked| {
            let mut drafts: Vec<Draft> = picked.first.into_iter().chain(picked.spare).take(EXAMPLES).collect();
            drafts.sort_by_key(|draft| draft.turn);
            drafts.into_iter().filter_map(|draft| draft.finish(texts)).collect()
        };
        self.reasons.into_iter().map(|(reason, picked)| (reason, shown(picked))).collect()
    }
}

impl Draft {
    fn finish(self, texts: &HashMap<u64, ShownText>) -> Option<LineExample> {
        let own = texts.get(&self.number)?;
        let line = |(number, piece, fate): (u64, Piece, Fate)| {
            let text = match piece {
                Piece::Stays(text) => Some(text),
                Piece::Gone(number) => texts.get(&number).and_then(|text| text.sample(if fate == Fate::Gone { LINE_CHARS } else { NEIGHBOUR_CHARS })),
            };
            ContextLine { number, text, fate }
        };
        Some(LineExample {
            place: self.place,
            site: self.site,
            context: self.lines.into_iter().map(line).collect(),
            count: own.count,
            pages: own.pages,
            kept: match (&own.kept, self.kept) {
                (Some(kept), _) => Some(KeptCopy::There(text_of_id(&kept.id), kept.line)),
                (None, Some(line)) => Some(KeptCopy::Here(line)),
                (None, None) => None,
            },
        })
    }
}

impl Washed<'_> {
    /// The line that went at this place of the log, and its neighbours that are not blank.
    fn around(&self, index: usize) -> Result<Vec<(u64, Piece, Fate)>> {
        let removed = &self.lost.lines;
        let Some(own) = removed.get(index) else { return Ok(Vec::new()) };
        let gone = |line: &RemovedLineAt, fate| line.r#ref.map(|number| (line.at, Piece::Gone(number), fate));
        let Some(text) = self.text else { return Ok(gone(own, Fate::Gone).into_iter().collect()) };
        // Numbers in the normalised text are those of the clean lines, moved by what went before.
        let mut kept = (!text.is_empty()).then(|| text.split('\n')).into_iter().flatten().zip(0_usize..);
        let mut before: std::collections::VecDeque<(u64, Piece, Fate)> = std::collections::VecDeque::new();
        let mut after = Vec::new();
        let mut next = removed.iter().zip(0_usize..).peekable();
        let mut at = 0;
        while after.len() <= NEIGHBOURS {
            at += 1;
            let (line, is_own) = match next.next_if(|(line, _)| line.at == at) {
                Some((line, i)) => (gone(line, if i == index { Fate::Gone } else { Fate::AlsoGone }), i == index),
                None => match kept.next() {
                    Some((line, i)) => {
                        let lang = self.langs.get(i).map_or("", String::as_str);
                        let sample =
                            (!line.trim().is_empty()).then(|| (at, Piece::Stays(Sample::new(line, NEIGHBOUR_CHARS).in_language(lang)), Fate::Stays));
                        (sample, false)
                    }
                    None if next.peek().is_some() => return Err(Error::corrupt(format!("document {} has too few lines", self.lost.id))),
                    None => break,
                },
            };
            match line {
                Some(line) if is_own || !after.is_empty() => after.push(line),
                Some(line) => {
                    before.push_back(line);
                    if before.len() > NEIGHBOURS {
                        before.pop_front();
                    }
                }
                None => {}
            }
        }
        Ok(before.into_iter().chain(after).collect())
    }
}
