//! Furniture of other sites: what small sites learn from large ones.
//!
//! By counts alone, so only where they are plain: the line is furniture at five sites and more and at a good share of those
//! that hold it. `Introduction` is furniture nowhere.

use super::{Clamp, Judged, Page, Site, Verdict};
use crate::model::Kind;

/// Sites where a line must be furniture.
pub(super) const SITES: u32 = 5;
/// Their share, in percent, of the sites that hold the line.
pub(super) const SHARE_PERCENT: u64 = 30;

/// Lines that are furniture at many sites, unless they stand once in the page, between two lines of its own prose.
pub(super) fn furniture_elsewhere(page: &Page<'_>, site: &Site<'_>, judged: &[Judged]) -> Vec<usize> {
    let lines = page.lines();
    let kind = |j: usize| lines.get(j).map(|line| line.measures.kind);
    let own_prose = |j: Option<usize>| j.is_some_and(|j| kind(j) == Some(Kind::Prose) && judged.get(j).is_some_and(|line| line.pages < 2));
    let lettered = |j: &usize| kind(*j) != Some(Kind::NoLetters);
    (0..lines.len())
        .filter(|j| {
            let (Some(line), Some(judged)) = (lines.get(*j), judged.get(*j)) else { return false };
            judged.verdict == Verdict::Stays
                && matches!(judged.clamp, None | Some(Clamp::Few))
                && !matches!(line.measures.kind, Kind::Prose | Kind::NoLetters)
                && site.is_furniture_elsewhere(line.key, SITES, SHARE_PERCENT)
                && !(page.copies(*j) == 1 && own_prose((0..*j).rev().find(lettered)) && own_prose((j + 1..lines.len()).find(lettered)))
        })
        .collect()
}
