//! Which lines of a page go. So far: what the page itself repeats (DESIGN section 4, the rows of scope document).
//!
//! One order, one reason a line: allow list, deny list, foreign caption, document, document prose, language, no
//! letters. Each rule sees what the rules before it took. Everything is linear in the page (but for one sort),
//! integers only, and nothing is learnt from words.

mod caption;
mod compared;
mod document;
mod lists;
mod no_letters;
mod page;

pub use compared::compared_form;
pub use lists::{ListCompare, Lists};
pub use page::{LineMemory, Page, PageLine};

use crate::model::{Keep, Lang, LineLanguage, Reason};

/// The settings of the rules.
#[derive(Clone, Debug)]
pub struct Rules {
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

/// A line goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Removal {
    /// Why.
    pub reason: Reason,
    /// The line of the page (number among its lines that are not blank, from 0) that stays in its place.
    pub kept: Option<usize>,
}

/// What is known of the page's languages.
#[derive(Clone, Copy, Debug)]
pub struct PageLanguages<'a> {
    /// Of the document.
    pub document: Lang,
    /// Of each line.
    pub lines: &'a [LineLanguage],
}

impl Rules {
    /// Is this line taken by the deny list?
    pub fn denies(&self, line: &PageLine<'_>) -> bool {
        self.lists.denies(line) && !self.lists.allows(line)
    }

    /// Judges every line of a page: `None` stays.
    pub fn judge(&self, page: &Page<'_>, languages: Option<PageLanguages<'_>>) -> Vec<Option<Removal>> {
        let lines = page.lines();
        let allowed: Vec<bool> = lines.iter().map(|line| self.lists.allows(line)).collect();
        let mut removals: Vec<Option<Removal>> = vec![None; lines.len()];
        let take = |removals: &mut Vec<Option<Removal>>, taken: Vec<usize>, reason: Reason, keep: Keep| {
            for j in taken {
                let first = page.first_copy(j);
                let kept = (keep == Keep::First).then_some(first);
                let stays = keep == Keep::All || kept == Some(j) || allowed.get(j).copied().unwrap_or(true);
                if let Some(slot @ None) = removals.get_mut(j)
                    && !stays
                {
                    *slot = Some(Removal { reason, kept });
                }
            }
        };
        if self.lists.has_denials() {
            let denied = (0..lines.len()).filter(|j| lines.get(*j).is_some_and(|line| self.lists.denies(line))).collect();
            take(&mut removals, denied, Reason::LineDenied, Keep::None);
        }
        if page.repeats() {
            if let Some(languages) = languages
                && self.foreign_caption != Keep::All
            {
                take(&mut removals, caption::foreign_captions(page, languages), Reason::LineForeignCaption, self.foreign_caption);
            }
            if self.document_line != Keep::All {
                take(&mut removals, document::repeated_between_prose(page), Reason::LineDocument, self.document_line);
            }
            if self.document_prose != Keep::All {
                take(&mut removals, document::repeated_prose(page), Reason::LineDocumentProse, self.document_prose);
            }
        }
        if let Some(languages) = languages
            && !self.line_lang.is_empty()
        {
            let foreign = |j: &usize| languages.lines.get(*j).is_some_and(|l| l.lang.is_known() && !self.line_lang.contains(&l.lang));
            take(&mut removals, (0..lines.len()).filter(foreign).collect(), Reason::LineLanguage, Keep::None);
        }
        if self.no_letters && removals.iter().any(Option::is_some) {
            let taken = no_letters::stranded(page, &removals);
            take(&mut removals, taken, Reason::LineNoLetters, Keep::None);
        }
        removals
    }
}
