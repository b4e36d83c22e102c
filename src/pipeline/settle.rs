//! The serial step, in document order: which documents stay, then which copies of repeated prose stay.
//!
//! Integers and look-ups only. Documents first, copies last: a kept copy always stands in a document that stays. Numbers of
//! removed texts are given in the order in which texts first went, so they depend on nothing but the input.

use hashbrown::{HashMap, HashSet};
use serde_json::value::RawValue;

use super::{
    clean::{CleanBlock, CleanDocument, CleanRecord, Judgement, KeptCopy, Taken},
    document::Decoder,
};
use crate::{
    dedup::KeepDocument,
    hash::SiteKey,
    model::{DocId, Reason, Result, Scope, lines},
    report::Fault,
    write::{KeptLine, RemovedLineText},
};

/// Faults that are shown one by one.
const SHOWN_FAULTS: usize = 10;

/// What became of a document.
#[derive(Clone, Debug)]
pub enum Fate {
    /// It stays, without the lines that are left in its judgement; for each of those its number among the removed texts.
    Stays {
        /// The numbers.
        refs: Vec<u64>,
    },
    /// It goes whole.
    Goes {
        /// Why.
        reason: Reason,
        /// The document that stays in its place.
        kept: Option<KeptPlace>,
        /// Has that one the very text?
        same_text: bool,
    },
}

/// A document that stays in place of others.
#[derive(Clone, Debug)]
pub struct KeptPlace {
    /// Its place.
    pub id: DocId,
    /// Its id as raw JSON, if it is known.
    pub raw_id: Option<String>,
}

/// What is remembered of a document that others are copies of.
#[derive(Clone, Copy, Debug)]
enum Past {
    Stayed,
    Copied(DocId),
    Went(Reason),
}

/// The state of the serial step.
pub struct Settler<'a> {
    decoder: &'a Decoder<'a>,
    keep: KeepDocument,
    /// Documents that others are copies of, by text.
    wanted: HashSet<DocId>,
    past: HashMap<DocId, Past>,
    /// Ids of documents that stay in place of others.
    kept_ids: HashMap<DocId, String>,
    residues: HashMap<u128, DocId>,
    /// First copies that stay, with their documents' ids.
    first_copies: HashMap<(Scope, SiteKey, u128), KeptLine>,
    refs: HashMap<(u128, Reason, SiteKey), usize>,
    /// Texts that went, by number.
    pub texts: Vec<RemovedLineText>,
    /// The first faults.
    pub faults: Vec<Fault>,
}

impl<'a> Settler<'a> {
    /// A settler; `wanted` are the documents that stay in place of others by their text, `ahead` what is known of those that may
    /// stand after their copies: the id, and the reason for which it goes all the same.
    pub fn new(decoder: &'a Decoder<'a>, keep: KeepDocument, wanted: Vec<DocId>, ahead: HashMap<DocId, (String, Option<Reason>)>) -> Settler<'a> {
        let past = ahead.iter().map(|(id, (_, reason))| (*id, reason.map_or(Past::Stayed, Past::Went))).collect();
        let kept_ids = ahead.into_iter().map(|(id, (raw_id, _))| (id, raw_id)).collect();
        Settler {
            decoder,
            keep,
            wanted: wanted.into_iter().collect(),
            past,
            kept_ids,
            residues: HashMap::new(),
            first_copies: HashMap::new(),
            refs: HashMap::new(),
            texts: Vec::new(),
            faults: Vec::new(),
        }
    }

    /// Settles the next block in order: the fate of each record (none for those that could not be read).
    ///
    /// # Errors
    /// Where an id is no JSON.
    pub fn block(&mut self, block: &mut CleanBlock) -> Result<Vec<Option<Fate>>> {
        let CleanBlock { block, records, .. } = block;
        let mut fates = Vec::with_capacity(records.len());
        for record in records {
            fates.push(match record {
                CleanRecord::Document(document) => {
                    let own = document.spans.as_ref().and_then(|spans| spans.id.clone());
                    let raw_id = || {
                        let own = own.clone().and_then(|id| document.record.bytes(block).get(id)).and_then(|id| std::str::from_utf8(id).ok());
                        self.decoder.raw_id(document.id, own)
                    };
                    let raw_id: String = if self.needs_id(document) { raw_id() } else { String::new() };
                    Some(self.document(document, &raw_id)?)
                }
                CleanRecord::Fault(fault) => {
                    let source = self.decoder.source_name(fault.id.source).to_owned();
                    if self.faults.len() < SHOWN_FAULTS
                        && self.faults.last().is_none_or(|f| (f.source.as_str(), f.position) != (source.as_str(), fault.id.position))
                    {
                        self.faults.push(Fault { source, position: fault.id.position, cause: fault.cause, message: fault.message.clone() });
                    }
                    None
                }
            });
        }
        Ok(fates)
    }

    fn needs_id(&self, document: &CleanDocument) -> bool {
        let firsts = match &document.judgement {
            Judgement::Judged { taken, .. } => taken.iter().any(|line| matches!(line.copy, KeptCopy::First(_))),
            Judgement::AsItsCopy => false,
        };
        firsts || self.wanted.contains(&document.id) || self.keep == KeepDocument::First
    }

    fn document(&mut self, document: &mut CleanDocument, raw_id: &str) -> Result<Fate> {
        let wanted = self.wanted.contains(&document.id);
        let past = self.past_of(document);
        if wanted {
            self.past.insert(document.id, past);
        }
        Ok(match past {
            Past::Went(reason) => Fate::Goes { reason, kept: None, same_text: false },
            Past::Copied(kept) => {
                let raw_id = self.kept_ids.get(&kept).cloned();
                let same_text = document.copy_of == Some(kept);
                Fate::Goes { reason: Reason::DocumentExact, kept: Some(KeptPlace { id: kept, raw_id }), same_text }
            }
            Past::Stayed => {
                if wanted || self.keep == KeepDocument::First {
                    self.kept_ids.insert(document.id, raw_id.to_owned());
                }
                Fate::Stays { refs: self.lines(document, raw_id)? }
            }
        })
    }

    /// Filters, then emptiness, then copies by text, then copies by residue.
    fn past_of(&mut self, document: &CleanDocument) -> Past {
        let of_first = document.copy_of.map(|first| (first, self.past.get(&first).copied()));
        let Judgement::Judged { residue, filter, .. } = &document.judgement else {
            return match of_first {
                Some((_, Some(Past::Went(reason)))) => Past::Went(reason),
                Some((_, Some(Past::Copied(kept)))) => Past::Copied(kept),
                Some((first, _)) => Past::Copied(first),
                None => Past::Stayed,
            };
        };
        if let Some(reason) = filter {
            return Past::Went(*reason);
        }
        if self.keep == KeepDocument::All {
            return Past::Stayed;
        }
        let Some(residue) = residue else { return Past::Went(Reason::DocumentEmpty) };
        match of_first {
            Some((_, Some(Past::Copied(kept)))) => return Past::Copied(kept),
            Some((_, Some(Past::Went(_)))) | None => {}
            Some((first, _)) => return Past::Copied(first),
        }
        if self.keep == KeepDocument::Longest {
            // Which is longest is known of whole texts only.
            return Past::Stayed;
        }
        match *self.residues.entry(*residue).or_insert(document.id) {
            first if first == document.id => Past::Stayed,
            first => Past::Copied(first),
        }
    }

    /// Settles first copies, leaves those lines in the judgement that go, and numbers them.
    fn lines(&mut self, document: &mut CleanDocument, raw_id: &str) -> Result<Vec<u64>> {
        let Judgement::Judged { taken, .. } = &mut document.judgement else { return Ok(Vec::new()) };
        if taken.is_empty() {
            return Ok(Vec::new());
        }
        let site = SiteKey::of(&document.site);
        let mut firsts: Vec<Option<KeptLine>> = Vec::with_capacity(taken.len());
        let mut fault = None;
        taken.retain(|line| {
            let KeptCopy::First(scope) = line.copy else {
                firsts.push(None);
                return true;
            };
            let place = (scope, if scope == Scope::Site { site } else { SiteKey(0) }, line.key.0);
            if let Some(kept) = self.first_copies.get(&place) {
                firsts.push(Some(kept.clone()));
                return true;
            }
            match RawValue::from_string(raw_id.to_owned()) {
                Ok(id) => drop(self.first_copies.insert(place, KeptLine { id, line: document.numbers.number(line.line) })),
                Err(e) => fault = Some(e),
            }
            false
        });
        if let Some(e) = fault {
            return Err(crate::model::Error::conservation(format!("a value that was read as JSON is none: {e}")));
        }
        let mut texts = lines(&document.text).enumerate();
        let mut here = HashSet::new();
        let mut refs = Vec::with_capacity(taken.len());
        for (line, kept) in taken.iter().zip(firsts) {
            let text = texts.find(|(number, _)| *number == line.line).map_or("", |(_, text)| text);
            refs.push(self.number(line, text, site, kept, &mut here));
        }
        Ok(refs)
    }

    /// The number of a removed text; counts this copy.
    fn number(&mut self, line: &Taken, text: &str, site: SiteKey, kept: Option<KeptLine>, here: &mut HashSet<usize>) -> u64 {
        let next = self.texts.len();
        // A text whose first copy stays at its site is told apart by the site.
        let place = (line.hash.0, line.reason, if kept.is_some() && line.copy == KeptCopy::First(Scope::Site) { site } else { SiteKey(0) });
        let number = *self.refs.entry(place).or_insert(next);
        if number == next {
            self.texts.push(RemovedLineText {
                r#ref: number as u64 + 1,
                text: text.to_owned(),
                reason: line.reason.code().into(),
                scope: line.reason.scope().code().into(),
                count: 0,
                pages: 0,
                lang: line.lang.to_string(),
                kept,
            });
        }
        if let Some(entry) = self.texts.get_mut(number) {
            entry.count += 1;
            entry.pages += u64::from(here.insert(number));
        }
        number as u64 + 1
    }
}
