//! The judgement of lines that a site repeats: ten small integer tables added up, clamps, a two-state chain over the page.
//!
//! LINES.md ("method E") defines it and its prototype is the reference. Integers only, linear in the page; its state is
//! the frozen index alone. A weight is changed in `weights`, a feature in `features`, a clamp in `clamps`.
//! Departures from the prototype: neighbours are those of a line's first copy in a page, ties between usual neighbours are
//! broken by hash, and of lines without letters but with digits two in a row go at most (a league table lost its cells).

mod chain;
mod clamps;
mod features;
#[cfg(test)]
mod tests;
mod weights;

pub use clamps::Clamp;
pub(super) use clamps::least_pages;
pub use features::Feature;

use self::features::{Classes, Surroundings};
use super::{
    Page,
    index::{LineIndex, SiteLine},
    no_letters::longest_group,
};
use crate::hash::{LineKey, SiteKey};

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
    /// What each feature added, in the order of [`Feature::ALL`].
    pub contributions: [i32; 10],
    /// What was taken off: by the option, and for a small site.
    pub margin: i32,
    /// The clamp that held.
    pub clamp: Option<Clamp>,
    /// Pages of the site that hold the line.
    pub pages: u32,
    /// Pages that it had to stand on.
    pub least_pages: u32,
}

/// Weight from which prose leaves its first copy, and from which anything does.
const LONG_PROSE: u32 = 240;
const LONG: u32 = 360;

/// Judges every line of a page. `bias` is taken off each score: more removes less.
pub fn judge(page: &Page<'_>, site: &Site<'_>, bias: i32) -> Vec<Judged> {
    let around = Surroundings::of(page, site);
    let margin = bias + if site.pages < weights::SMALL_SITE { weights::SMALL_MARGIN } else { 0 };
    let least = least_pages(site.pages);
    let has_letters = |j: usize| around.kinds.get(j).is_some_and(|kind| *kind > 0);
    let mut judged: Vec<Judged> = (0..page.lines().len())
        .map(|j| {
            let contributions = Classes::contributions(&around.classes(page, j));
            let (mut score, mut clamp) = (0, None);
            if has_letters(j) {
                score = weights::BIAS + contributions.iter().sum::<i32>() - margin;
                clamp = Clamp::of(&around, site, j);
                score = match clamp {
                    Some(clamp) if clamp.is_never() => score.min(weights::NEVER),
                    Some(_) => score.max(weights::SURE),
                    None => score,
                };
            }
            Judged { verdict: Verdict::Stays, score, contributions, margin, clamp, pages: around.pages(j), least_pages: least }
        })
        .collect();
    let scores: Vec<i32> = judged.iter().map(|line| line.score).collect();
    for (line, furniture) in judged.iter_mut().zip(chain::states(&scores)) {
        if furniture && !line.clamp.is_some_and(Clamp::is_never) {
            line.verdict = Verdict::Goes;
        }
    }
    bare_lines(page, &mut judged, &around.kinds, site.pages);
    for (line, text) in judged.iter_mut().zip(page.lines()) {
        let weight = text.measures.weight;
        let long = weight >= LONG || weight >= LONG_PROSE && text.measures.kind == crate::model::Kind::Prose;
        if line.verdict == Verdict::Goes && long && line.clamp.is_none() && line.score < weights::FIRST_COPY {
            line.verdict = Verdict::FirstStays;
        }
    }
    judged
}

/// Lines without letters go only between two lines that go (or the page's end), few in a row at most.
fn bare_lines(page: &Page<'_>, judged: &mut [Judged], kinds: &[u32], site_pages: u32) {
    let m = judged.len();
    let mut j = 0;
    while j < m {
        let start = j;
        while kinds.get(j) == Some(&0) {
            j += 1;
        }
        if j == start {
            j += 1;
            continue;
        }
        let goes = |j: usize| judged.get(j).is_some_and(|line| line.verdict != Verdict::Stays);
        let between = (start == 0 || goes(start - 1)) && (j == m || goes(j));
        let most = longest_group(page.lines().get(start..j).unwrap_or_default());
        let verdict = if j - start <= most && between && j - start < m && site_pages >= 3 { Verdict::Goes } else { Verdict::Stays };
        judged.get_mut(start..j).into_iter().flatten().for_each(|line| line.verdict = verdict);
    }
}
