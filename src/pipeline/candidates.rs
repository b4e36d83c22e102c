//! The documents that `clean` compares with others: those that stay by all other rules, taken in in order as they are weighed.

use super::{
    clean::Weighed,
    fates::{Alikes, DocumentFate, DocumentFates, Facts, Instead},
    signed::{SignedBlock, SignedLine, Signer, Signing},
};
use crate::{
    dedup::KeepDocument,
    lines::{Page, PageLine, Removals, Site},
    model::{DocId, Kind},
    read::Block,
};

/// Pages of a site that hold a line which the site repeats on many: so many, and this part of them.
const MANY_PAGES: u32 = 10;
const MANY_SHARE: u32 = 20;

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
        let Weighed { facts, raw_id, document, lang, page, site } = weighed;
        let is_compared = facts.found.is_some_and(|found| found.filter.is_none() && found.residue.is_some())
            && !page.zip(site).is_some_and(|((page, removals), site)| is_site_text(residue(page, removals), &site));
        let lines = page.filter(|_| is_compared).into_iter().flat_map(|(page, removals)| {
            residue(page, removals).map(|line| SignedLine {
                text: line.text,
                hash: line.hash,
                letters: line.measures.letters,
                is_prose: line.measures.kind == Kind::Prose,
            })
        });
        let chars = if self.keep == KeepDocument::Longest { document.text().chars().count() as u64 } else { 0 };
        self.signer.document(facts.id, chars, lang, lines);
        self.facts.push((facts, raw_id));
    }

    /// The block.
    pub fn finish(self, verdicts: Vec<u8>) -> WeighedBlock {
        WeighedBlock { signed: self.signer.finish(), facts: self.facts, verdicts }
    }
}

/// The lines that are no furniture.
fn residue<'l, 'p>(page: &'l Page<'p>, removals: &'l Removals) -> impl Iterator<Item = &'l PageLine<'p>> {
    let lines = page.lines().iter().zip(removals);
    lines.filter(|(_, removal)| removal.is_none_or(|removal| !removal.reason.is_furniture())).map(|(line, _)| line)
}

/// Is more than half of what is left of a page lines that its site repeats on many, though none was sure enough to be furniture? Then pages are alike by those,
/// whatever else they say: they are not compared.
pub fn is_site_text<'l, 'p: 'l>(residue: impl Iterator<Item = &'l PageLine<'p>>, site: &Site<'_>) -> bool {
    let many = MANY_PAGES.max(site.pages / MANY_SHARE);
    let (mut all, mut repeated) = (0_u64, 0_u64);
    for line in residue {
        let letters = u64::from(line.measures.letters);
        all += letters;
        repeated += if site.pages_of(line.key) >= many { letters } else { 0 };
    }
    repeated < all && repeated * 2 > all
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{hash::SiteKey, lines::index::IndexBuilder};

    #[test]
    fn pages_that_are_their_sites_text_are_told() {
        let text = |own: &str, repeated: usize| {
            let lines: Vec<String> = (0..repeated).map(|n| format!("Nothing of this is news, says line {}", "abcdefgh".repeat(n + 1))).collect();
            format!("{own}\n{}", lines.join("\n"))
        };
        let own = |n: usize, words: usize| (0..words).map(|w| format!("word{} ", "xyz".repeat(1 + (n * 7 + w) % 50))).collect::<String>();
        let mut builder = IndexBuilder::default();
        (0..40).for_each(|n| builder.add(SiteKey(1), &Page::of(&text(&own(n, 9), if n < 30 { 6 } else { 0 }))));
        let index = builder.freeze();
        let site = Site::of(&index, SiteKey(1)).unwrap();
        let told = |text: &str| {
            let page = Page::of(text);
            is_site_text(page.lines().iter(), &site)
        };
        assert!(told(&text("The one thing that it says", 6)));
        assert!(!told(&text(&own(99, 200), 6)), "most of it is its own");
        assert!(!told(text("", 6).trim()), "it has nothing of its own");
        assert!(!told(&text("The one thing that it says", 0)));
        // Furniture is left out of both.
        let page = text("The one thing that it says", 6);
        let page = Page::of(&page);
        let furniture = crate::lines::Removal { reason: crate::model::Reason::LineSite, kept: crate::lines::Kept::Nothing };
        let removals: Vec<_> = (0..page.lines().len()).map(|j| (j > 0).then_some(furniture)).collect();
        assert!(!is_site_text(residue(&page, &removals), &site));
    }
}
