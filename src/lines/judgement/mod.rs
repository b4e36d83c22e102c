//! The judgement of lines that a site repeats: small integer tables added up, clamps, a two-state chain over the page.
//!
//! What is observed of a line ([`observe`]) knows no weights; the decision ([`decide`]) knows nothing else. Integers only, linear in the
//! page; its state is the frozen index alone. The weights are data: `buddle train` fits them to labelled pages, and nothing in them is learnt from
//! words. A feature is changed in `features` and `surroundings`, what is weighed together in `tables`, a clamp in `clamps`. An additive
//! model of small groups of features: Lou, Caruana, Gehrke and Hooker 2013.

mod chain;
mod clamps;
mod features;
mod look;
mod observation;
mod place;
mod surroundings;
mod tables;
#[cfg(test)]
mod tests;
mod weights;

pub use clamps::Clamp;
pub(super) use clamps::LEAST_PAGES;
pub use features::{Classes, FEATURES, Feature};
pub use observation::{Observation, observe};
pub use tables::{TABLE_COUNT, TABLES, entries, entry, table_name};
pub use weights::{FEATURES_VERSION, Origin, SetOrigin, Weights};

use look::{Look, LookLine};
use observation::observe_look;

use super::{
    Page,
    index::{LineIndex, SiteLine},
    no_letters::{GROUP, GROUP_OF_NUMBERS},
};
use crate::{
    hash::{LineKey, SiteKey},
    model::Kind,
};

/// What the index holds of one site.
#[derive(Clone, Copy, Debug)]
pub struct Site<'i> {
    index: &'i LineIndex,
    key: SiteKey,
    /// Its pages.
    pub pages: u32,
}

impl<'i> Site<'i> {
    /// The site of this key; `None` where no page of it was surveyed.
    pub fn of(index: &'i LineIndex, key: SiteKey) -> Option<Site<'i>> {
        Some(Site { index, key, pages: index.site(key)?.pages })
    }

    /// The counts of a line that stands on two of its pages or more.
    pub fn line(&self, key: LineKey) -> Option<&'i SiteLine> {
        self.index.line(self.key, key)
    }

    /// The same for each line of a page.
    pub fn lines_of(&self, page: &Page<'_>) -> Vec<Option<&'i SiteLine>> {
        let keys: Vec<LineKey> = page.lines().iter().map(|line| line.key).collect();
        self.index.lines_of(self.key, &keys)
    }

    /// Pages of the site that hold the line; 1 where only this one does.
    pub fn pages_of(&self, key: LineKey) -> u32 {
        self.line(key).map_or(1, |line| line.pages)
    }

    /// Is the line furniture by counts at so many sites, and at so many percent of those that hold it?
    pub fn is_furniture_elsewhere(&self, key: LineKey, sites: u32, percent: u64) -> bool {
        self.index.corpus_line(key).is_some_and(|line| line.furniture >= sites && u64::from(line.furniture) * 100 >= percent * u64::from(line.sites))
    }
}

/// What becomes of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It stays.
    Stays,
    /// It goes.
    Goes,
    /// It goes, but its first copy at the site stays.
    FirstStays,
}

/// Why a line was judged so: for `explain`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Judged {
    /// The verdict.
    pub verdict: Verdict,
    /// Sum of all that follows, after the clamp; 0 for a line without letters.
    pub score: i32,
    /// Its class for each feature.
    pub classes: Classes,
    /// What was taken off by the option.
    pub margin: i32,
    /// The clamp that held.
    pub clamp: Option<Clamp>,
    /// Pages of the site that hold the line.
    pub pages: u32,
}

/// Score that a clamp leaves, at most.
const NEVER: i32 = -80;

/// Taken off each score at a small site, which shows little.
const SMALL_MARGIN: i32 = 15;

/// Looks at a page at most: the last finds next to nothing.
const LOOKS: usize = 5;

/// Judges every line of a page. `margin` is taken off each score: more removes less.
///
/// What goes changes what stands beside the rest, so the page that is left is looked at again, until nothing more goes or five looks are
/// through: washing it a second time then takes next to nothing. The classes of a line that never goes are not computed.
pub fn judge(page: &Page<'_>, site: &Site<'_>, weights: &Weights, margin: i32) -> Vec<Judged> {
    let look = Look::of(page, site);
    if look.may_lose() {
        let observed = observe_look(&look, false);
        return looks(look, &observed, weights, margin, false);
    }
    let never = |line: &LookLine<'_>| {
        let has_letters = line.measures.kind != Kind::NoLetters;
        let (score, clamp) = if has_letters { (NEVER, Some(Clamp::Few)) } else { (0, None) };
        let pages = line.counts.map_or(1, |counts| counts.pages.max(1));
        Judged { verdict: Verdict::Stays, score, classes: Classes::default(), margin: margin_at(margin, look.pages), clamp, pages }
    };
    look.lines().iter().map(never).collect()
}

/// The same with the classes of every line: for `explain`.
pub fn judge_in_full(page: &Page<'_>, site: &Site<'_>, weights: &Weights, margin: i32) -> Vec<Judged> {
    let look = Look::of(page, site);
    let observed = observe_look(&look, true);
    looks(look, &observed, weights, margin, true)
}

/// The same from what [`observe`] saw: training looks at a page once and judges it often.
pub fn judge_observed(page: &Page<'_>, site: &Site<'_>, observed: &[Observation], weights: &Weights, margin: i32) -> Vec<Judged> {
    looks(Look::of(page, site), observed, weights, margin, false)
}

/// The margin at a site of so many pages.
fn margin_at(margin: i32, site_pages: u32) -> i32 {
    if site_pages < clamps::SMALL_SITE { margin + SMALL_MARGIN } else { margin }
}

fn looks(mut look: Look<'_>, observed: &[Observation], weights: &Weights, margin: i32, all: bool) -> Vec<Judged> {
    let margin = margin_at(margin, look.pages);
    let mut judged = decide(observed, weights, margin);
    let mut again: Vec<Observation>;
    let mut observed = observed;
    for _ in 1..LOOKS {
        let before = look.lines().len();
        let more = look.drop_gone(observed, &judged);
        if look.lines().len() == before || !more {
            break;
        }
        again = observe_look(&look, all);
        observed = &again;
        for (line, again) in look.lines().iter().zip(decide(observed, weights, margin)) {
            if let Some(slot) = judged.get_mut(line.number as usize) {
                *slot = again;
            }
        }
    }
    judged
}

/// Judges every line of a page from what was observed of them.
fn decide(lines: &[Observation], weights: &Weights, margin: i32) -> Vec<Judged> {
    let mut judged: Vec<Judged> = lines
        .iter()
        .map(|line| {
            let score = match line.clamp {
                _ if !line.has_letters => 0,
                // Most lines stand on one page: what they would score is for `explain`.
                Some(_) => NEVER,
                None => weights.score(&line.classes) - margin,
            };
            Judged { verdict: Verdict::Stays, score, classes: line.classes, margin, clamp: line.clamp, pages: line.pages }
        })
        .collect();
    let scores: Vec<i32> = judged.iter().map(|line| line.score).collect();
    for (line, furniture) in judged.iter_mut().zip(chain::states(&scores, weights.switch)) {
        if furniture && line.clamp.is_none() {
            line.verdict = Verdict::Goes;
        }
    }
    bare_lines(lines, &mut judged);
    for (judged, line) in judged.iter_mut().zip(lines) {
        if judged.verdict == Verdict::Goes && line.leaves_first && judged.score < weights.first_copy {
            judged.verdict = Verdict::FirstStays;
        }
    }
    judged
}

/// Lines without letters go only between two lines that go (or the page's end), few in a row at most.
fn bare_lines(lines: &[Observation], judged: &mut [Judged]) {
    let m = judged.len();
    let mut j = 0;
    while j < m {
        let start = j;
        while lines.get(j).is_some_and(|line| !line.has_letters) {
            j += 1;
        }
        if j == start {
            j += 1;
            continue;
        }
        let goes = |j: usize| judged.get(j).is_some_and(|line| line.verdict != Verdict::Stays);
        let between = (start == 0 || goes(start - 1)) && (j == m || goes(j));
        let numbers = lines.get(start..j).into_iter().flatten().any(|line| line.has_digits);
        let most = if numbers { GROUP_OF_NUMBERS } else { GROUP };
        let verdict = if j - start <= most && between && j - start < m { Verdict::Goes } else { Verdict::Stays };
        judged.get_mut(start..j).into_iter().flatten().for_each(|line| line.verdict = verdict);
    }
}
