//! The serial step, in document order: which documents stay, then which copies of repeated prose stay.
//!
//! Integers and look-ups only. Documents first, copies last: a kept copy always stands in a document that stays. Numbers of
//! removed texts are given in the order in which texts first went, so they depend on nothing but the input.

use hashbrown::HashMap;

use super::{
    cleaned::{CleanBlock, CleanDocument, CleanRecord, Judgement, KeptCopy},
    document::Decoder,
    fates::{DocumentFate, DocumentFates, Facts, Found},
    index::{DocumentIndex, TextKeys},
    removed_texts::{Halves, KeptPlace, RemovedTexts, halves},
};
use crate::{
    dedup::KeyTable,
    hash::SiteKey,
    model::{DocId, Reason, Result, Scope, lines},
    read::Block,
    report::Fault,
};

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
        /// How alike they are in ten thousandths, where that was measured.
        share: Option<u16>,
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

/// The state of the serial step.
pub struct Settler<'a> {
    decoder: &'a Decoder<'a>,
    /// Which documents stay.
    pub documents: DocumentFates<'a>,
    /// Documents of earlier crawls.
    earlier: Option<&'a DocumentIndex>,
    /// Of a stream the keys of texts and residues of what stays.
    pub seen: Option<KeyTable>,
    /// Keys of texts with what stays for them, since they were taken last; none where no index is made.
    pub keyed: Option<TextKeys>,
    /// First copies that stay.
    first_copies: HashMap<(Scope, SiteKey, Halves), KeptPlace>,
    /// Texts that went.
    pub texts: RemovedTexts,
    /// Documents that lost lines so far.
    losers: u64,
    /// The first faults.
    pub faults: Vec<Fault>,
}

impl<'a> Settler<'a> {
    /// A settler; `keeps_keys` where an index is made.
    pub fn new(decoder: &'a Decoder<'a>, documents: DocumentFates<'a>, earlier: Option<&'a DocumentIndex>, keeps_keys: bool) -> Settler<'a> {
        let keyed = keeps_keys.then(TextKeys::default);
        let (first_copies, texts) = (HashMap::new(), RemovedTexts::default());
        Settler { decoder, documents, earlier, seen: None, keyed, first_copies, texts, losers: 0, faults: Vec::new() }
    }

    /// A settler of a stream, which finds copies as they come.
    pub fn of_stream(decoder: &'a Decoder<'a>, documents: DocumentFates<'a>, earlier: Option<&'a DocumentIndex>) -> Settler<'a> {
        let seen = documents.removes_copies().then(KeyTable::default);
        Settler { seen, ..Settler::new(decoder, documents, earlier, false) }
    }

    /// Settles the next block in order: the fate of each record (none for those that could not be read).
    ///
    /// # Errors
    /// Where the index of earlier crawls cannot be read.
    pub fn block(&mut self, block: &mut CleanBlock) -> Result<Vec<Option<Fate>>> {
        let CleanBlock { block, records, .. } = block;
        let mut fates = Vec::with_capacity(records.len());
        for record in records {
            fates.push(match record {
                CleanRecord::Document(document) => Some(self.document(document, block)?),
                CleanRecord::Fault(fault) => {
                    fault.show(self.decoder, &mut self.faults);
                    None
                }
            });
        }
        Ok(fates)
    }

    fn document(&mut self, document: &mut CleanDocument, block: &Block) -> Result<Fate> {
        let mut found = match &document.judgement {
            Judgement::Judged { residue, filter, earlier, .. } => Some(Found { residue: *residue, filter: *filter, earlier: *earlier }),
            Judgement::AsItsCopy => None,
        };
        if let Some(seen) = &self.seen {
            document.copy_of = document.copy_of.or_else(|| seen.find(document.whole?));
            if let Some(found) = &mut found {
                found.earlier = found.earlier.or_else(|| seen.find(found.residue?));
            }
        }
        let facts = Facts { id: document.id, copy_of: document.copy_of, found };
        let fate = self.documents.settle(&facts);
        Ok(match fate {
            DocumentFate::Goes(reason) => Fate::Goes { reason, kept: None, same_text: false, share: None },
            DocumentFate::Copied(instead) => {
                let number = self.documents.kept.number_of(instead.kept);
                self.key(document, instead.kept, number);
                let raw_id = match (instead.kept.earlier_number(), self.earlier) {
                    (Some(_), Some(index)) => Some(index.raw_id(instead.kept)?),
                    _ => self.documents.raw_id_of(instead.kept, number).map(str::to_owned),
                };
                // The text of an earlier crawl is not here; of a stream it may be long gone.
                let is_here = instead.kept.earlier_number().is_none() && self.seen.is_none();
                let same_text = is_here && document.copy_of == Some(instead.kept);
                self.see_whole(document, instead.kept);
                Fate::Goes { reason: instead.reason, kept: Some(KeptInstead { id: instead.kept, raw_id }), same_text, share: instead.share }
            }
            DocumentFate::Stays => {
                self.see(document, facts.found.and_then(|found| found.residue));
                let may_be_named = self.keyed.is_some() || self.documents.may_stand_for_others(document.id) || document.judgement.has_first_copies();
                let kept = may_be_named.then(|| self.documents.keep(&facts, &document.raw_id(self.decoder, block)));
                self.key(document, document.id, kept);
                Fate::Stays { refs: self.lines(document, kept) }
            }
        })
    }

    /// Notes the key of a document's text with the document that stays for it.
    fn key(&mut self, document: &CleanDocument, kept: DocId, number: Option<usize>) {
        if let (Some(keyed), Some(key)) = (&mut self.keyed, document.text_key) {
            keyed.push(key, kept, number);
        }
    }

    /// Remembers a document of a stream that stays.
    fn see(&mut self, document: &CleanDocument, residue: Option<u128>) {
        if let (Some(seen), Some(residue)) = (&mut self.seen, residue) {
            seen.insert(residue, document.id);
        }
        self.see_whole(document, document.id);
    }

    /// Remembers all lines of a document of a stream, for which one stays: at another site other lines of it may go. Where none went that is the residue's key.
    fn see_whole(&mut self, document: &CleanDocument, kept: DocId) {
        if let (Some(seen), Some(whole), None) = (&mut self.seen, document.whole, kept.earlier_number()) {
            seen.insert(whole, kept);
        }
    }

    /// Settles first copies, leaves those lines in the judgement that go, and numbers them. `kept` is the document's number among those
    /// that are kept, if it is one of them.
    fn lines(&mut self, document: &mut CleanDocument, kept: Option<usize>) -> Vec<u64> {
        let Judgement::Judged { taken, .. } = &mut document.judgement else { return Vec::new() };
        if taken.is_empty() {
            return Vec::new();
        }
        self.losers += 1;
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
            refs.push(self.texts.add(line, site, first, self.losers, text));
            true
        });
        refs
    }
}
