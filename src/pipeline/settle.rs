//! The serial step, in document order: which documents stay, then which copies of repeated prose stay.
//!
//! Integers and look-ups only. Documents first, copies last: a kept copy always stands in a document that stays. Numbers of
//! removed texts are given in the order in which texts first went, so they depend on nothing but the input.

use hashbrown::{HashMap, HashSet};

use super::{
    clean::{CleanBlock, CleanDocument, CleanRecord, Judgement, KeptCopy},
    document::Decoder,
    kept::KeptDocuments,
    removed_texts::{Halves, KeptPlace, RemovedTexts, halves},
};
use crate::{
    dedup::KeepDocument,
    hash::SiteKey,
    model::{DocId, Reason, Scope, lines},
    read::Block,
    report::Fault,
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
        kept: Option<KeptInstead>,
        /// Has that one the very text?
        same_text: bool,
    },
}

/// A document that stays in place of others.
#[derive(Clone, Debug)]
pub struct KeptInstead {
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
    /// Ids of documents that stay in place of others and may stand after them.
    ahead: HashMap<DocId, String>,
    /// Documents that stay and that others may point to.
    pub kept: KeptDocuments,
    /// First copies that stay.
    first_copies: HashMap<(Scope, SiteKey, Halves), KeptPlace>,
    /// Texts that went.
    pub texts: RemovedTexts,
    /// Documents that lost lines so far.
    documents: u64,
    /// The first faults.
    pub faults: Vec<Fault>,
}

impl<'a> Settler<'a> {
    /// A settler; `wanted` are the documents that stay in place of others by their text, `ahead` what is known of those that may
    /// stand after their copies: the id, and the reason for which it goes all the same.
    pub fn new(decoder: &'a Decoder<'a>, keep: KeepDocument, wanted: Vec<DocId>, ahead: HashMap<DocId, (String, Option<Reason>)>) -> Settler<'a> {
        let past = ahead.iter().map(|(id, (_, reason))| (*id, reason.map_or(Past::Stayed, Past::Went))).collect();
        let ahead = ahead.into_iter().map(|(id, (raw_id, _))| (id, raw_id)).collect();
        Settler {
            decoder,
            keep,
            wanted: wanted.into_iter().collect(),
            past,
            ahead,
            kept: KeptDocuments::default(),
            first_copies: HashMap::new(),
            texts: RemovedTexts::default(),
            documents: 0,
            faults: Vec::new(),
        }
    }

    /// Settles the next block in order: the fate of each record (none for those that could not be read).
    pub fn block(&mut self, block: &mut CleanBlock) -> Vec<Option<Fate>> {
        let CleanBlock { block, records, .. } = block;
        let mut fates = Vec::with_capacity(records.len());
        for record in records {
            fates.push(match record {
                CleanRecord::Document(document) => Some(self.document(document, block)),
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
        fates
    }

    fn document(&mut self, document: &mut CleanDocument, block: &Block) -> Fate {
        let wanted = !self.wanted.is_empty() && self.wanted.contains(&document.id);
        let past = self.past_of(document);
        if wanted {
            self.past.insert(document.id, past);
        }
        match past {
            Past::Went(reason) => Fate::Goes { reason, kept: None, same_text: false },
            Past::Copied(kept) => {
                let raw_id = self.ahead.get(&kept).map(String::as_str).or_else(|| self.kept.id_of(kept)).map(str::to_owned);
                let same_text = document.copy_of == Some(kept);
                Fate::Goes { reason: Reason::DocumentExact, kept: Some(KeptInstead { id: kept, raw_id }), same_text }
            }
            Past::Stayed => {
                let residue = match &document.judgement {
                    Judgement::Judged { residue, .. } if self.keep == KeepDocument::First => *residue,
                    Judgement::Judged { .. } | Judgement::AsItsCopy => None,
                };
                let kept = (wanted || self.keep == KeepDocument::First || document.judgement.has_first_copies())
                    .then(|| self.kept.push(document.id, &document.raw_id(self.decoder, block), residue));
                Fate::Stays { refs: self.lines(document, kept) }
            }
        }
    }

    /// Filters, then emptiness, then copies by text, then copies by residue.
    fn past_of(&self, document: &CleanDocument) -> Past {
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
        match self.kept.with_residue(*residue) {
            None => Past::Stayed,
            Some(first) => Past::Copied(first),
        }
    }

    /// Settles first copies, leaves those lines in the judgement that go, and numbers them. `kept` is the document's number among those
    /// that are kept, if it is one of them.
    fn lines(&mut self, document: &mut CleanDocument, kept: Option<usize>) -> Vec<u64> {
        let Judgement::Judged { taken, .. } = &mut document.judgement else { return Vec::new() };
        if taken.is_empty() {
            return Vec::new();
        }
        self.documents += 1;
        let site = SiteKey::of(&document.site);
        let mut refs = Vec::with_capacity(taken.len());
        let mut texts = lines(&document.text).enumerate();
        taken.retain(|line| {
            let first = match line.copy {
                KeptCopy::First(scope) => {
                    let place = (scope, if scope == Scope::Site { site } else { SiteKey(0) }, halves(line.key.0));
                    match (self.first_copies.get(&place), kept) {
                        (Some(first), _) => Some(*first),
                        (None, Some(kept)) => {
                            self.first_copies.insert(place, (kept, document.numbers.number(line.line)));
                            return false;
                        }
                        (None, None) => None,
                    }
                }
                KeptCopy::Nothing | KeptCopy::Here(_) => None,
            };
            let text = || texts.find(|(number, _)| *number == line.line).map_or("", |(_, text)| text);
            refs.push(self.texts.add(line, site, first, self.documents, text));
            true
        });
        refs
    }
}
