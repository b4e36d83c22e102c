//! What never goes and what surely goes, whatever the score: LINES.md section 2, "Clamps" 1 to 5.
//!
//! Each clamp is a function of its own; the first that holds has the word.

use super::{Site, surroundings::Place};

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

/// Pages that a site must have, and that must hold a line, for the line to go.
pub(crate) const LEAST_PAGES: u32 = 3;
/// Pages of a site from which a clamp is sure of what goes.
const SURE_PAGES: u32 = 10;

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

    fn holds(self, place: &Place<'_>, site: &Site<'_>) -> bool {
        let (before, after) = (place.single_before, place.single_after);
        match self {
            Clamp::Few => site.pages < LEAST_PAGES || place.pages < LEAST_PAGES,
            Clamp::Structure => place.varies() && before.min(after) >= AMONG,
            Clamp::Title => place.has_more() && place.tie() <= 1 && place.leads_own_prose(),
            Clamp::Menu => {
                site.pages >= SURE_PAGES && before == 0 && after >= AMONG && place.kind < 3 && !place.varies() && place.run_length >= MENU_LINES
            }
            Clamp::Notice => {
                site.pages >= SURE_PAGES
                    && place.kind == 3
                    && u64::from(place.pages) * 100 >= NOTICE_PERCENT * u64::from(site.pages)
                    && !place.varies()
                    && !place.has_more()
                    && (place.tie() >= 2 || before.min(after) <= 1)
            }
        }
    }

    /// The clamp of a line with letters.
    pub(super) fn of(place: &Place<'_>, site: &Site<'_>) -> Option<Clamp> {
        Clamp::ALL.into_iter().filter(|c| c.is_never() && !(nostruct() && *c == Clamp::Structure)).find(|clamp| clamp.holds(place, site))
    }
}

fn nostruct() -> bool { static S: std::sync::LazyLock<bool> = std::sync::LazyLock::new(|| std::env::var("NOSTRUCT").is_ok()); *S }
