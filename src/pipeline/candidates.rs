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

/// Pages of a site: so many, and so many percent of all.
type Bound = (u32, u64);

/// A line on so many pages is more the site's than a page's: few such lines are not counted, whose letters are a quarter of a page's at most.
const OFTEN: &[Bound] = &[(10, 5), (5, 25)];
/// The same where they are half of a page's.
const MOSTLY: &[Bound] = &[(5, 50)];
/// Pages are not compared by lines on so many, whose letters are more than half: of a small site more pages, since copies of a page can be much of it.
const TOO_OFTEN: &[Bound] = &[(10, 5), (5, 80)];

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
        let is_compared = facts.found.is_some_and(|found| found.filter.is_none() && found.residue.is_some());
        let lines = page.filter(|_| is_compared).and_then(|(page, removals)| compared_lines(residue(page, removals).collect(), site.as_ref()));
        let lines = lines.into_iter().flatten().map(|line| SignedLine {
            text: line.text,
            hash: line.hash,
            letters: line.measures.letters,
            is_prose: line.measures.kind == Kind::Prose,
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

/// The lines of a residue that a page is compared by. Lines that its site repeats on many pages, though no rule was sure enough that they are furniture, are none of
/// them where they are the smaller part. Where they are the larger, and not all, pages are alike by those, whatever else they say: then by none.
pub fn compared_lines<'l, 'p>(mut residue: Vec<&'l PageLine<'p>>, site: Option<&Site<'_>>) -> Option<Vec<&'l PageLine<'p>>> {
    let Some(site) = site else { return Some(residue) };
    let least = |bounds: &[Bound]| {
        let least = |(pages, percent): &Bound| u64::from(*pages).max((u64::from(site.pages) * percent).div_ceil(100));
        bounds.iter().map(least).min().unwrap_or(u64::MAX)
    };
    let [often, mostly, too_often] = [OFTEN, MOSTLY, TOO_OFTEN].map(least);
    if u64::from(site.pages) < often.min(mostly).min(too_often) {
        return Some(residue);
    }
    let pages: Vec<u64> = residue.iter().map(|line| site.pages_of(line.key).into()).collect();
    let letters_from = |least: u64| {
        let lines = residue.iter().zip(&pages).filter(|(_, pages)| **pages >= least);
        lines.map(|(line, _)| u64::from(line.measures.letters)).sum::<u64>()
    };
    let (all, repeated) = (letters_from(0), letters_from(too_often));
    if repeated < all && repeated * 2 > all {
        return None;
    }
    let uncounted = [(often, 4), (mostly, 2)].into_iter().find(|(least, part)| letters_from(*least) * part <= all);
    if let Some((least, _)) = uncounted {
        let mut pages = pages.into_iter();
        // Lines that are no prose are counted by a form in which all numbers are one.
        let is_said =
            |line: &PageLine<'_>| line.measures.letters > 0 && (line.measures.kind == Kind::Prose || !line.text.chars().any(char::is_numeric));
        residue.retain(|line| pages.next().is_none_or(|pages| pages < least) || !is_said(line));
    }
    Some(residue)
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
        let compared = |text: &str| {
            let page = Page::of(text);
            compared_lines(page.lines().iter().collect(), Some(&site)).map(|lines| lines.len())
        };
        assert_eq!(compared(&text("The one thing that it says", 6)), None);
        assert_eq!(compared(&text(&own(99, 200), 6)), Some(1), "most of it is its own");
        assert_eq!(compared(text("", 6).trim()), Some(6), "it has nothing of its own");
        assert_eq!(compared(&text("The one thing that it says", 0)), Some(1));
        // Furniture is left out of both.
        let page = text("The one thing that it says", 6);
        let page = Page::of(&page);
        let furniture = crate::lines::Removal { reason: crate::model::Reason::LineSite, kept: crate::lines::Kept::Nothing };
        let removals: Vec<_> = (0..page.lines().len()).map(|j| (j > 0).then_some(furniture)).collect();
        let left = compared_lines(residue(&page, &removals).collect(), Some(&site));
        assert_eq!(left.map(|lines| lines.len()), Some(1));
        // A site whose pages are not known.
        assert_eq!(compared_lines(page.lines().iter().collect(), None).map(|lines| lines.len()), Some(7));
    }

    #[test]
    fn what_many_pages_are_depends_on_the_site() {
        // Of so many pages these hold the line. Is it left out where it is short, and where it is longer? Are pages compared where it is most of them?
        let cases = [
            (4, 4, [false, false, true]),
            (5, 5, [true, true, false]),
            (5, 4, [false, false, true]),
            (8, 7, [true, true, false]),
            (8, 6, [true, true, true]),
            (8, 5, [true, true, true]),
            (11, 6, [true, true, true]),
            (11, 5, [true, false, true]),
            (24, 10, [true, false, false]),
            (24, 9, [true, false, true]),
            (24, 5, [false, false, true]),
            (40, 20, [true, true, false]),
            (219, 10, [false, false, true]),
            (219, 11, [true, false, false]),
        ];
        let own = "Nobody else says this, or says it so";
        let shared = [
            "For all",
            "Words for all",
            "And these too, which are many more than those that any page has but in its first line, where it says so much",
        ];
        for (pages, with, [short, longer, most]) in cases {
            let mut builder = IndexBuilder::default();
            for n in 0..pages {
                let own = format!("Of {} this page alone speaks at such length", "xyz".repeat(n + 1));
                builder.add(SiteKey(1), &Page::of(&if n < with { format!("{own}\n{}", shared.join("\n")) } else { own }));
            }
            let index = builder.freeze();
            let counted = shared.map(|shared| {
                let page = format!("{own}\n{shared}");
                compared_lines(Page::of(&page).lines().iter().collect(), Site::of(&index, SiteKey(1)).as_ref()).map(|lines| lines.len())
            });
            let lines = |is_left_out| Some(if is_left_out { 1 } else { 2 });
            assert_eq!(counted, [lines(short), lines(longer), most.then_some(2)], "{with} of {pages}");
        }
    }

    #[test]
    fn numbers_are_not_said_by_all() {
        // In what lines are counted by all of these are one, and so are those that have no letters.
        let table = |n: usize| (0..9).map(|row| format!("{n}{row}.5 {row}.{n}\nPrice: {n}{row} EUR")).collect::<Vec<_>>().join("\n");
        let mut builder = IndexBuilder::default();
        (0..20).for_each(|n| builder.add(SiteKey(1), &Page::of(&format!("Of {} this page alone speaks\n{}", "xyz".repeat(n + 1), table(n)))));
        let index = builder.freeze();
        let site = Site::of(&index, SiteKey(1)).unwrap();
        for caption in
            ["What was measured at the old harbour station where the river meets the sea, and what the keepers of it took for every one of them", ""]
        {
            let page = format!("{caption}\n{}", table(77));
            let page = Page::of(page.trim());
            let lines = page.lines().iter().filter(|line| !caption.is_empty() || line.measures.letters == 0).collect::<Vec<_>>();
            assert!(lines.iter().all(|line| site.pages_of(line.key) == 20 || line.text == caption));
            assert_eq!(compared_lines(lines.clone(), Some(&site)).unwrap().len(), lines.len());
        }
    }
}
