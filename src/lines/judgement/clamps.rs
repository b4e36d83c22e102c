//! What never goes and what surely goes, whatever the score: LINES.md section 2, "Clamps" 1 to 5.
//!
//! Each clamp is a function of its own; the first that holds has the word.

use super::{Site, features::Surroundings, weights};

/// A clamp that holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clamp {
    /// Never: a line of few pages, a lone page, a site of two pages.
    Few,
    /// Never: structure of the text, whose copies vary from page to page among the page's own lines.
    Structure,
    /// Never: the page's own title, which other pages carry as a teaser.
    Title,
    /// Sure: a menu at the head of the page.
    Menu,
    /// Sure: a notice in prose on many pages.
    Notice,
}

/// Single lines on both sides that make what varies between them structure.
const AMONG: u32 = 4;
/// Lines of a tied run at the head that goes.
const MENU_LINES: u32 = 5;
/// Share of the pages, in percent, from which prose is a notice.
const NOTICE_PERCENT: u64 = 30;

/// Pages that a line must stand on to go: 3, or 2 % of the site's, never more than 50.
pub(crate) fn least_pages(site_pages: u32) -> u32 {
    (site_pages.saturating_mul(2).div_ceil(100)).clamp(3, 50)
}

impl Clamp {
    /// Every clamp, in order.
    pub const ALL: [Clamp; 5] = [Clamp::Few, Clamp::Structure, Clamp::Title, Clamp::Menu, Clamp::Notice];

    /// The name in `--json`.
    pub fn name(self) -> &'static str {
        match self {
            Clamp::Few => "few",
            Clamp::Structure => "structure",
            Clamp::Title => "title",
            Clamp::Menu => "menu",
            Clamp::Notice => "notice",
        }
    }

    /// The name for a reader.
    pub fn words(self) -> &'static str {
        match self {
            Clamp::Few => "too few pages of the site hold it",
            Clamp::Structure => "it is structure of the text: its copies vary among the page's own lines",
            Clamp::Title => "it is the page's own title, which other pages carry as a teaser",
            Clamp::Menu => "it is a menu at the head of the page",
            Clamp::Notice => "it is a notice that many pages of the site carry",
        }
    }

    /// Does the line never go?
    pub fn is_never(self) -> bool {
        matches!(self, Clamp::Few | Clamp::Structure | Clamp::Title)
    }

    fn holds(self, around: &Surroundings<'_>, site: &Site<'_>, j: usize) -> bool {
        let value = |values: &[u32]| values.get(j).copied().unwrap_or(0);
        let (before, after) = (value(&around.single_before), value(&around.single_after));
        let (kind, tie) = (value(&around.kinds), value(&around.tie));
        let pages = around.pages(j);
        match self {
            Clamp::Few => site.pages < 3 || pages < least_pages(site.pages),
            Clamp::Structure => around.varies(j) && before.min(after) >= AMONG,
            Clamp::Title => around.has_more(j) && tie <= 1 && around.leads_own_prose(j),
            Clamp::Menu => {
                site.pages >= weights::SMALL_SITE
                    && before == 0
                    && after >= AMONG
                    && kind < 3
                    && !around.varies(j)
                    && value(&around.run_length) >= MENU_LINES
            }
            Clamp::Notice => {
                site.pages >= weights::SMALL_SITE
                    && kind == 3
                    && u64::from(pages) * 100 >= NOTICE_PERCENT * u64::from(site.pages)
                    && !around.varies(j)
                    && !around.has_more(j)
                    && (tie >= 2 || before.min(after) <= 1)
            }
        }
    }

    /// The clamp of a line with letters.
    pub(super) fn of(around: &Surroundings<'_>, site: &Site<'_>, j: usize) -> Option<Clamp> {
        Clamp::ALL.into_iter().find(|clamp| clamp.holds(around, site, j))
    }
}
