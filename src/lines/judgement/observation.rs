//! What is observed of a line before any weight is looked at: all that a decision needs, and all that training needs.

use super::{
    Clamp, Classes, Site,
    look::Look,
    surroundings::{FEW, Surroundings},
};
use crate::{lines::Page, model::Kind};

/// What is observed of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Observation {
    /// Its class for each feature, in the order of [`Feature::ALL`](super::Feature::ALL).
    pub classes: Classes,
    /// The clamp that holds.
    pub clamp: Option<Clamp>,
    /// Has it two letters or more?
    pub has_letters: bool,
    /// Where it has not: does it hold digits?
    pub has_digits: bool,
    /// Is it so long, or on so few of the site's pages, that a middling score leaves its first copy?
    pub leaves_first: bool,
    /// Pages of the site that hold it.
    pub pages: u32,
}

impl Observation {
    /// Do the weights decide whether it goes?
    pub fn may_go(&self) -> bool {
        self.has_letters && self.clamp.is_none()
    }
}

/// Weight from which prose leaves its first copy, and from which anything does.
const LONG_PROSE: u32 = 240;
const LONG: u32 = 360;
/// Weight from which a line on few of the site's pages does: the subject of a thread, a heading that chapters share.
const RARE: u32 = 30;

/// Observes every line of a page at the first look: training and `explain` want the classes of all.
pub fn observe(page: &Page<'_>, site: &Site<'_>) -> Vec<Observation> {
    observe_look(&Look::of(page, site), true)
}

/// Observes the lines of a look; classes of those that never go only where `all` asks for them.
pub(super) fn observe_look(look: &Look<'_>, all: bool) -> Vec<Observation> {
    let around = Surroundings::of(look);
    let places = around.places.iter().zip(look.lines()).enumerate();
    places
        .map(|(j, (place, line))| {
            let measures = &line.measures;
            let has_letters = measures.kind != Kind::NoLetters;
            let clamp = if has_letters { line.held.or_else(|| Clamp::of(place, look.pages)) } else { None };
            Observation {
                classes: if all || has_letters && clamp.is_none() { around.classes(j) } else { Classes::default() },
                clamp,
                has_letters,
                has_digits: line.has_digits,
                leaves_first: match measures.kind {
                    _ if place.share <= FEW => measures.weight >= RARE,
                    Kind::Prose => measures.weight >= LONG_PROSE,
                    _ => measures.weight >= LONG,
                },
                pages: place.pages,
            }
        })
        .collect()
}
