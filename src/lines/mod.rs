//! Which lines of a page go: what its site, the corpus and the page itself repeat (DESIGN section 4).
//!
//! One order, one reason a line: allow list, deny list, the judgement of what the site repeats, corpus, repeated prose of the site;
//! then, once the document's language is known from what is left, foreign caption, document, document prose,
//! language, no letters. Each rule sees what the rules before it took. Everything is linear in the page (but for
//! sorts), integers only, and nothing is learnt from words.

mod account;
mod caption;
mod compared;
mod corpus;
mod document;
pub mod index;
mod judgement;
mod lists;
mod no_letters;
mod notes;
mod page;
mod site_prose;

pub use account::{Account, accounts, missed};
pub use compared::compared_form;
pub use judgement::{
    Clamp, Classes, FEATURES, FEATURES_VERSION, Feature, Judged, Observation, Origin, SetOrigin, Site, TABLE_COUNT, TABLES, Verdict, Weights,
    entries, entry, judge, judge_in_full, judge_observed, observe, table_name,
};
pub use lists::{ListCompare, Lists};
pub use notes::{DocumentNotes, LineFacts, LineMemory, LineNotes, NoteTaker, Noting};
pub use page::{Page, PageLine};

use std::sync::Arc;

use crate::model::{Keep, Lang, LineLanguage, Reason, Scope};

/// The settings of the rules.
#[derive(Clone, Debug)]
pub struct Rules {
    /// Weights of the judgement.
    pub weights: Arc<Weights>,
    /// Taken off each score of the judgement: more removes less.
    pub margin: i32,
    /// Copies of furniture of a site that stay.
    pub site: Keep,
    /// Copies of long prose on several pages of a site that stay.
    pub site_prose: Keep,
    /// Copies of furniture at many sites that stay.
    pub corpus: Keep,
    /// Copies of a foreign caption that stay.
    pub foreign_caption: Keep,
    /// Copies of a short line repeated between paragraphs that stay.
    pub document_line: Keep,
    /// Copies of long prose in one document that stay.
    pub document_prose: Keep,
    /// Do lines without letters go with their neighbours?
    pub no_letters: bool,
    /// Languages of lines that stay; empty: all.
    pub line_lang: Vec<Lang>,
    /// Lines that never and that always go.
    pub lists: Lists,
}

/// Which copy of a line that goes stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// None.
    Nothing,
    /// A line of the same page (its number among those that are not blank, from 0).
    Here(usize),
    /// The first in document order of those that stand in documents which stay: at its site, or in the corpus. That may be
    /// this one, which then stays.
    First(Scope),
}

/// A line goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Removal {
    /// Why.
    pub reason: Reason,
    /// The copy that stays in its place.
    pub kept: Kept,
}

impl Removal {
    /// Does the line go for sure, whatever stands elsewhere?
    pub fn is_settled(&self) -> bool {
        !matches!(self.kept, Kept::First(_))
    }
}

/// What is known of the page's languages.
#[derive(Clone, Copy, Debug)]
pub struct PageLanguages<'a> {
    /// Of the document.
    pub document: Lang,
    /// Of each line.
    pub lines: &'a [LineLanguage],
}

/// What a page's lines come to: `None` stays.
pub type Removals = Vec<Option<Removal>>;

impl Rules {
    /// Is this line taken by the deny list?
    pub fn denies(&self, line: &PageLine<'_>) -> bool {
        self.lists.denies(line) && !self.lists.allows(line)
    }

    /// The rules that need no language: the deny list, and what the site and the corpus repeat. `site` is none for a document
    /// without one, or whose site the safety valve suspended.
    pub fn furniture(&self, page: &Page<'_>, site: Option<&Site<'_>>) -> Removals {
        let lines = page.lines();
        let mut removals: Removals = vec![None; lines.len()];
        if self.lists.has_denials() {
            let denied = (0..lines.len()).filter(|j| lines.get(*j).is_some_and(|line| self.lists.denies(line)));
            self.take(page, &mut removals, denied.map(|j| (j, Kept::Nothing)).collect(), Reason::LineDenied, Keep::None);
        }
        let Some(site) = site else { return removals };
        let judged = judgement::judge(page, site, &self.weights, self.margin);
        if self.site != Keep::All {
            let goes = judged.iter().enumerate().filter(|(_, line)| line.verdict == Verdict::Goes);
            self.take(page, &mut removals, goes.map(|(j, _)| (j, Kept::First(Scope::Site))).collect(), Reason::LineSite, self.site);
        }
        if self.corpus != Keep::All {
            let goes = corpus::furniture_elsewhere(page, site, &judged);
            self.take(page, &mut removals, goes.into_iter().map(|j| (j, Kept::First(Scope::Corpus))).collect(), Reason::LineCorpus, self.corpus);
        }
        if self.site_prose != Keep::All {
            let goes = site_prose::repeated_prose(page, &judged);
            self.take(page, &mut removals, goes.into_iter().map(|j| (j, Kept::First(Scope::Site))).collect(), Reason::LineSiteProse, self.site_prose);
        }
        removals
    }

    /// The rules that look at the page itself, after [`Rules::furniture`].
    pub fn page(&self, page: &Page<'_>, site: Option<&Site<'_>>, languages: Option<PageLanguages<'_>>, removals: &mut Removals) {
        let lines = page.lines();
        let here = |taken: Vec<usize>| taken.into_iter().map(|j| (j, Kept::Here(page.first_copy(j)))).collect();
        if let Some(languages) = languages
            && self.foreign_caption != Keep::All
            && (page.repeats() || site.is_some())
        {
            let taken = caption::foreign_captions(page, site, languages, removals);
            self.take(page, removals, here(taken), Reason::LineForeignCaption, self.foreign_caption);
        }
        if page.repeats() && self.document_line != Keep::All {
            let taken = document::repeated_between_prose(page, removals);
            self.take(page, removals, here(taken), Reason::LineDocument, self.document_line);
        }
        if page.repeats() && self.document_prose != Keep::All {
            let taken = document::repeated_prose(page);
            self.take(page, removals, here(taken), Reason::LineDocumentProse, self.document_prose);
        }
        if let Some(languages) = languages
            && !self.line_lang.is_empty()
        {
            let foreign = |j: &usize| languages.lines.get(*j).is_some_and(|l| l.lang.is_known() && !self.line_lang.contains(&l.lang));
            self.take(page, removals, here((0..lines.len()).filter(foreign).collect()), Reason::LineLanguage, Keep::None);
        }
        if self.no_letters && removals.iter().any(Option::is_some) {
            let taken = no_letters::stranded(page, removals);
            self.take(page, removals, here(taken), Reason::LineNoLetters, Keep::None);
        }
    }

    /// Takes lines, but those that the allow list holds, that are taken, or that stay as first copies.
    fn take(&self, page: &Page<'_>, removals: &mut Removals, taken: Vec<(usize, Kept)>, reason: Reason, keep: Keep) {
        for (j, first) in taken {
            let kept = if keep == Keep::First { first } else { Kept::Nothing };
            let allowed = page.lines().get(j).is_none_or(|line| self.lists.allows(line));
            if let Some(slot @ None) = removals.get_mut(j)
                && keep != Keep::All
                && kept != Kept::Here(j)
                && !allowed
            {
                *slot = Some(Removal { reason, kept });
            }
        }
    }
}
