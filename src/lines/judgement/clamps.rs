//! What never goes, whatever its score.
//!
//! Each clamp is a function of its own; the first that holds has the word. Clamps that were sure of what goes (menus at the head, notices on many
//! pages) were dropped when weights were fitted to more sites: they lost to the weights (docs/lines.md).

use super::place::Place;

/// A clamp that holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clamp {
    /// A line of few pages, a lone page, a site of two pages.
    Few,
    /// Structure of the text at a small site: its copies vary from page to page.
    Structure,
    /// The page's own title, which other pages carry as a teaser.
    Title,
}

/// Pages that a site must have, and that must hold a line, for the line to go.
pub(crate) const LEAST_PAGES: u32 = 3;
/// Sites of fewer pages than this show too little to tell a play's speakers from a forum's buttons.
pub(super) const SMALL_SITE: u32 = 10;

impl Clamp {
    /// Every clamp, in order.
    pub const ALL: [Clamp; 3] = [Clamp::Few, Clamp::Structure, Clamp::Title];

    /// The name in `--json`.
    pub fn name(self) -> &'static str {
        match self {
            Clamp::Few => "few",
            Clamp::Structure => "structure",
            Clamp::Title => "title",
        }
    }

    /// The name for a reader.
    pub fn words(self) -> &'static str {
        match self {
            Clamp::Few => "too few pages of the site hold it",
            Clamp::Structure => "the site is small, and its copies vary from page to page, as structure of a text does",
            Clamp::Title => "it is the page's own title, which other pages carry as a teaser",
        }
    }

    fn holds(self, place: &Place<'_>, site_pages: u32) -> bool {
        match self {
            Clamp::Few => site_pages < LEAST_PAGES || place.pages < LEAST_PAGES,
            Clamp::Structure => site_pages < SMALL_SITE && place.varies(),
            Clamp::Title => place.has_more() && place.tie() <= 1 && place.leads_own_prose(),
        }
    }

    /// The clamp of a line with letters, at a site of so many pages.
    pub(super) fn of(place: &Place<'_>, site_pages: u32) -> Option<Clamp> {
        Clamp::ALL.into_iter().find(|clamp| clamp.holds(place, site_pages))
    }
}
