//! The documents that `clean` compares with others: those that stay by all other rules, taken in in order as they are weighed.

use super::{
    clean::Weighed,
    fates::{Alikes, DocumentFate, DocumentFates, Facts, Instead},
    signed::{SignedBlock, SignedLine, Signer, Signing},
};
use crate::{
    dedup::KeepDocument,
    model::{DocId, Kind},
    read::Block,
};

/// A block's documents, weighed and made comparable.
#[derive(Debug)]
pub struct WeighedBlock {
    /// What they are compared by; their rank is their characters, where the longest stays.
    pub signed: SignedBlock<u64>,
    /// What the fate of each hangs on, and its id as raw JSON.
    pub facts: Vec<(Facts, String)>,
    /// What its lines came to, for the read that writes.
    pub verdicts: Vec<u8>,
}

/// Weighs the documents of a block.
#[derive(Debug)]
pub struct Weigher<'s> {
    signer: Signer<'s, u64>,
    keep: KeepDocument,
    facts: Vec<(Facts, String)>,
}

impl<'s> Weigher<'s> {
    /// For a block.
    pub fn new(signing: &'s Signing, keep: KeepDocument, block: &Block) -> Weigher<'s> {
        Weigher { signer: Signer::new(signing, block), keep, facts: Vec::new() }
    }

    /// The next document.
    pub fn document(&mut self, weighed: Weighed<'_>) {
        let Weighed { facts, raw_id, document, lang, page } = weighed;
        let is_compared = facts.found.is_some_and(|found| found.filter.is_none() && found.residue.is_some());
        let residue = page.filter(|_| is_compared).into_iter().flat_map(|(page, removals)| {
            let lines = page.lines().iter().zip(removals).filter(|(_, removal)| removal.is_none_or(|removal| !removal.reason.is_furniture()));
            lines.map(|(line, _)| SignedLine {
                text: line.text,
                hash: line.hash,
                letters: line.measures.letters,
                is_prose: line.measures.kind == Kind::Prose,
            })
        });
        let chars = if self.keep == KeepDocument::Longest { document.text().chars().count() as u64 } else { 0 };
        self.signer.document(facts.id, chars, lang, residue);
        self.facts.push((facts, raw_id));
    }

    /// The block.
    pub fn finish(self, verdicts: Vec<u8>) -> WeighedBlock {
        WeighedBlock { signed: self.signer.finish(), facts: self.facts, verdicts }
    }
}

/// Settles documents before they are compared.
#[derive(Debug)]
pub struct Candidates<'a> {
    keep: KeepDocument,
    fates: DocumentFates<'a>,
    /// Copies, with what stays for them by the exact rules.
    copies: Vec<(DocId, DocId)>,
}

impl<'a> Candidates<'a> {
    /// None yet.
    pub fn new(keep: KeepDocument, fates: DocumentFates<'a>) -> Candidates<'a> {
        Candidates { keep, fates, copies: Vec::new() }
    }

    /// Does the next document stay so far?
    pub fn stays(&mut self, facts: &Facts, raw_id: &str) -> bool {
        match self.fates.settle(facts) {
            DocumentFate::Stays => {
                self.fates.keep(facts, raw_id);
                true
            }
            DocumentFate::Copied(instead) => {
                self.copies.push((facts.id, instead.kept));
                false
            }
            DocumentFate::Goes(_) => false,
        }
    }

    /// Lets copies go as what stayed for them does, and gives the ids of documents that stay for others before them.
    pub fn finish(self, alikes: &mut Alikes) -> Vec<(DocId, String)> {
        for (copy, kept) in &self.copies {
            if let Some(instead) = alikes.get(kept) {
                alikes.insert(*copy, *instead);
            }
        }
        let later =
            |(id, instead): &(&DocId, &Instead)| instead.kept.earlier_number().is_none() && (self.keep != KeepDocument::First || instead.kept > **id);
        let mut ahead: Vec<DocId> = alikes.iter().filter(later).map(|(_, instead)| instead.kept).collect();
        ahead.sort_unstable();
        ahead.dedup();
        ahead.into_iter().filter_map(|id| Some((id, self.fates.raw_id(id)?.to_owned()))).collect()
    }
}
