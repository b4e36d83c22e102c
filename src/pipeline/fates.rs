//! Which documents stay: serial, in document order, integers and look-ups only.
//!
//! Filters, then emptiness, then copies by text, then copies by residue; what is like another document comes from a comparison of all that are left
//! ([`super::near`]), and goes before all of these. Two reads that settle the same documents come to the same fates.

use hashbrown::{HashMap, HashSet};

use super::kept::KeptDocuments;
use crate::{
    dedup::KeepDocument,
    model::{DocId, Reason},
};

/// What is known of a document when its fate is asked.
#[derive(Clone, Copy, Debug)]
pub struct Facts {
    /// Its place.
    pub id: DocId,
    /// The document whose text it has, if that one stays first.
    pub copy_of: Option<DocId>,
    /// What the rules found, unless it is a copy that was not looked at.
    pub found: Option<Found>,
}

/// What the rules found of a document.
#[derive(Clone, Copy, Debug)]
pub struct Found {
    /// Key of what is no furniture; `None` where nothing is left.
    pub residue: Option<u128>,
    /// The filter that takes it.
    pub filter: Option<Reason>,
    /// The document of an earlier crawl that has its residue.
    pub earlier: Option<DocId>,
}

/// The fate of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DocumentFate {
    /// It stays.
    Stays,
    /// Another stays in its place.
    Copied(Instead),
    /// It goes for itself.
    Goes(Reason),
}

/// The document that stays in place of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instead {
    /// Its place.
    pub kept: DocId,
    /// Why the other goes.
    pub reason: Reason,
    /// How alike they are in ten thousandths, where that was measured.
    pub share: Option<u16>,
}

/// Documents that go because one is like them.
pub type Alikes = HashMap<DocId, Instead>;

/// What is known of documents before they come: the id as raw JSON, and the reason for which it goes all the same.
pub type Ahead = HashMap<DocId, (String, Option<Reason>)>;

/// Settles documents.
#[derive(Debug)]
pub struct DocumentFates<'a> {
    keep: KeepDocument,
    /// Documents that others are copies of, by text.
    wanted: HashSet<DocId>,
    /// What became of those.
    past: HashMap<DocId, DocumentFate>,
    alikes: &'a Alikes,
    /// Ids of documents that stay in place of others and may stand after them.
    ahead: HashMap<DocId, String>,
    /// Documents that stay and that others may point to.
    pub kept: KeptDocuments,
    /// Are copies found elsewhere, by keys that take less?
    of_stream: bool,
}

impl<'a> DocumentFates<'a> {
    /// `wanted` are the documents that stay in place of others by their text, `ahead` those that may stand after what they stay for.
    pub fn new(keep: KeepDocument, wanted: &[DocId], alikes: &'a Alikes, ahead: Ahead) -> DocumentFates<'a> {
        let wanted: HashSet<DocId> = wanted.iter().copied().collect();
        let known = |id: &DocId| alikes.get(id).map(|instead| (*id, DocumentFate::Copied(*instead)));
        let stays = |reason: Option<Reason>| reason.map_or(DocumentFate::Stays, DocumentFate::Goes);
        let past = ahead.iter().map(|(id, (_, reason))| (*id, stays(*reason))).chain(wanted.iter().filter_map(known)).collect();
        let ahead = ahead.into_iter().map(|(id, (raw_id, _))| (id, raw_id)).collect();
        DocumentFates { keep, wanted, past, alikes, ahead, kept: KeptDocuments::default(), of_stream: false }
    }

    /// Documents of a stream: who is whose copy comes with their facts.
    pub fn of_stream(keep: KeepDocument, alikes: &'a Alikes) -> DocumentFates<'a> {
        DocumentFates { of_stream: true, ..DocumentFates::new(keep, &[], alikes, Ahead::new()) }
    }

    /// The fate of the next document in order.
    pub fn settle(&mut self, facts: &Facts) -> DocumentFate {
        let fate = self.alikes.get(&facts.id).map_or_else(|| self.fate(facts), |instead| DocumentFate::Copied(*instead));
        if !self.wanted.is_empty() && self.wanted.contains(&facts.id) {
            self.past.insert(facts.id, fate);
        }
        fate
    }

    fn fate(&self, facts: &Facts) -> DocumentFate {
        let exact = |kept: DocId| DocumentFate::Copied(Instead { kept, reason: Reason::DocumentExact, share: None });
        let of_first = facts.copy_of.map(|first| (first, self.past.get(&first).copied()));
        let Some(Found { residue, filter, earlier }) = facts.found else {
            return match of_first {
                Some((_, Some(fate @ (DocumentFate::Goes(_) | DocumentFate::Copied(_))))) => fate,
                Some((first, _)) => exact(first),
                None => DocumentFate::Stays,
            };
        };
        if let Some(reason) = filter {
            return DocumentFate::Goes(reason);
        }
        if self.keep == KeepDocument::All {
            return DocumentFate::Stays;
        }
        let Some(residue) = residue else { return DocumentFate::Goes(Reason::DocumentEmpty) };
        match of_first {
            Some((_, Some(fate @ DocumentFate::Copied(_)))) => return fate,
            Some((_, Some(DocumentFate::Goes(_)))) | None => {}
            Some((first, _)) => return exact(first),
        }
        if let Some(earlier) = earlier {
            return exact(earlier);
        }
        if self.keep == KeepDocument::Longest {
            // Which is longest is known of whole texts only.
            return DocumentFate::Stays;
        }
        self.kept.with_residue(residue).map_or(DocumentFate::Stays, exact)
    }

    /// Do copies go?
    pub fn removes_copies(&self) -> bool {
        self.keep != KeepDocument::All
    }

    /// Do others stay in place of a document, or can they by what is known of it?
    pub fn may_stand_for_others(&self, id: DocId) -> bool {
        self.keep == KeepDocument::First && !self.of_stream || !self.wanted.is_empty() && self.wanted.contains(&id)
    }

    /// Notes a document that stays; its number.
    pub fn keep(&mut self, facts: &Facts, raw_id: &str) -> usize {
        self.kept.push(facts.id, raw_id, facts.found.and_then(|found| found.residue))
    }

    /// The id of a document that stays, as raw JSON, if it is known.
    pub fn raw_id(&self, id: DocId) -> Option<&str> {
        self.raw_id_of(id, self.kept.number_of(id))
    }

    /// The same of one whose number among those that were kept so far is known, if it is one of them.
    pub fn raw_id_of(&self, id: DocId, number: Option<usize>) -> Option<&str> {
        self.ahead.get(&id).map(String::as_str).or_else(|| self.kept.get(number?).map(|(_, id)| id))
    }
}
