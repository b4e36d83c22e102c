//! What a line is to its page and its site: the values that clamps look at, and that classes of features are made of.

use crate::lines::index::SiteLine;

/// What a line is to its page and its site.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Place<'i> {
    /// What the index holds of it; `None` for a line of this page only.
    pub(super) counts: Option<&'i SiteLine>,
    /// Pages that hold it.
    pub(super) pages: u32,
    /// 0 without letters, 1 short, 2 medium, 3 prose.
    pub(super) kind: u32,
    /// Share class.
    pub(super) share: u32,
    /// Single lines (one copy, this page only) before.
    pub(super) single_before: u32,
    /// And after.
    pub(super) single_after: u32,
    /// Is the line before it the one that usually stands there? 0 no, 1 on less than half of its pages, 2 on half, 3 on 80 %.
    pub(super) tie_before: u32,
    /// And after.
    pub(super) tie_after: u32,
    /// Lines with letters in the tied run that it stands in.
    pub(super) run_length: u32,
    /// The largest share class of its run.
    pub(super) run_share: u32,
    pub(super) zone: u32,
    /// Is it the nearest line before the page's prose of which one page holds a copy more than all others?
    pub(super) is_title: bool,
    pub(super) block: u32,
    pub(super) before: u32,
    pub(super) after: u32,
    pub(super) strong_before: u32,
    pub(super) strong_after: u32,
    /// Which of its copies on the page it is: 0 the only one; 1, 2 of two; 3 first, 4 between, 5 last of more.
    pub(super) copy: u32,
    /// 0 on one page; 1 one copy a page always, 2 the same number always, 3 it varies; 3 more where this page has one more.
    pub(super) steady: u32,
}

impl Place<'_> {
    /// Does the number of its copies vary from page to page?
    pub(super) fn varies(&self) -> bool {
        matches!(self.steady, 3 | 6)
    }

    /// Does this page hold one copy more than usual, or is it the title of one from which the boxes have gone?
    pub(super) fn has_more(&self) -> bool {
        self.steady >= 4 || self.is_title
    }

    /// Does its own prose stand within 5 lines, with this line before the first of it or between?
    pub(super) fn leads_own_prose(&self) -> bool {
        matches!(self.zone / 5, 1 | 3) && self.zone % 5 <= 2
    }

    /// Do all of its pages hold as many copies, but for a single one that holds one more? So a headline stands in the boxes of all
    /// pages and once more on its own.
    pub(super) fn one_page_has_more(&self) -> bool {
        self.counts.is_some_and(|line| {
            let (pages, copies) = (u128::from(line.pages), u128::from(line.copies));
            let usual = copies / pages.max(1);
            copies == usual * pages + 1 && u128::from(line.squares) == usual * usual * pages + 2 * usual + 1
        })
    }

    /// Is it prose that this page alone holds?
    pub(super) fn is_own_prose(&self) -> bool {
        self.kind == 3 && self.share == 0
    }

    /// The better tie of the two sides.
    pub(super) fn tie(&self) -> u32 {
        self.tie_before.max(self.tie_after)
    }
}
