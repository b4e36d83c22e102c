//! What a page's lines are to one another and to their site: the values that features and clamps look at.
//!
//! Sweeps over the page, each linear; integers only.

use super::{
    features::{Classes, FEATURES},
    look::{Copies, Look, LookLine},
    place::Place,
};
use crate::{
    lines::index::{SiteLine, Usual},
    model::{Kind, Stop},
};

/// Lines before and after that the window sees.
const WINDOW: usize = 5;
/// Distance that no page reaches.
const FAR: u32 = 99;
/// Share class from which a line is on many pages: 30 %.
pub(super) const STRONG: u32 = 7;
/// Share class of two pages; larger ones repeat.
pub(super) const TWO: u32 = 1;
/// Largest share class of less than 1 %.
pub(super) const FEW: u32 = 2;

/// A page's lines in their places.
pub(super) struct Surroundings<'l, 'i> {
    lines: &'l [LookLine<'i>],
    pub(super) places: Vec<Place<'i>>,
    /// Lines on three pages and more before line `j`, for `j` from 0 to the number of lines.
    repeated: Vec<u32>,
    /// Prose before line `j`, likewise.
    prose: Vec<u32>,
    own: u32,
    page: u32,
    site: u32,
}

fn at(values: &[u32], j: usize) -> u32 {
    values.get(j).copied().unwrap_or_default()
}

/// The number of edges that `value` reaches.
fn reached(value: u64, edges: &[u64]) -> u32 {
    edges.iter().map(|edge| u32::from(value >= *edge)).sum()
}

fn share_class(pages: u32, site_pages: u32) -> u32 {
    match pages {
        0 | 1 => 0,
        2 => TWO,
        _ => 2 + reached(u64::from(pages) * 100, &[1, 2, 5, 15, 30, 60, 90].map(|share| share * u64::from(site_pages))),
    }
}

/// 0 none; else the class of `part` in `whole`, 5 for all of it.
fn part_class(part: u32, whole: u32) -> u32 {
    if part == 0 {
        0
    } else if part >= whole {
        5
    } else {
        1 + reached(u64::from(part) * 100, &[20, 50, 80].map(|share| share * u64::from(whole)))
    }
}

fn count_class(lines: u32) -> u32 {
    if lines == 0 { 0 } else { 1 + reached(lines.into(), &[2, 4, 8, 20]) }
}

/// 0 without letters, 1 short, 2 medium, 3 prose.
pub(super) fn kind_class(kind: Kind) -> u32 {
    match kind {
        Kind::NoLetters => 0,
        Kind::Short => 1,
        Kind::Medium => 2,
        Kind::Prose => 3,
    }
}

impl<'l, 'i> Surroundings<'l, 'i> {
    pub(super) fn of(look: &'l Look<'i>) -> Surroundings<'l, 'i> {
        let lines = look.lines();
        let copies = look.copies();
        let mut places: Vec<Place<'i>> = lines
            .iter()
            .enumerate()
            .map(|(j, line)| {
                let pages = line.counts.map_or(1, |line| line.pages.max(1));
                let copies = copies.get(j).copied().unwrap_or(Copies { number: 1, is_first: true, is_last: true });
                let steady = line.counts.map_or(0, |line| steady_class(line, copies.number));
                let copy = match copies {
                    Copies { number: 0 | 1, .. } => 0,
                    Copies { number: 2, is_first: true, .. } => 1,
                    Copies { number: 2, .. } => 2,
                    Copies { is_first: true, .. } => 3,
                    Copies { is_last: false, .. } => 4,
                    _ => 5,
                };
                Place {
                    counts: line.counts,
                    pages,
                    kind: kind_class(line.measures.kind),
                    share: share_class(pages, look.pages),
                    steady,
                    copy,
                    ..Place::default()
                }
            })
            .collect();
        singles(&mut places);
        beside(&mut places);
        ties(lines, &mut places);
        runs(lines, &mut places);
        zones(&mut places);
        title(&mut places);
        blocks(lines, &mut places);
        let mut repeated = Vec::with_capacity(places.len() + 1);
        let mut prose = Vec::with_capacity(places.len() + 1);
        repeated.push(0);
        prose.push(0);
        let (mut sum, mut of_prose, mut own) = (0, 0, 0);
        let (mut weight, mut of_site) = (0_u64, 0_u64);
        for (place, line) in places.iter().zip(lines) {
            sum += u32::from(place.share > TWO);
            repeated.push(sum);
            of_prose += u32::from(place.kind == 3);
            prose.push(of_prose);
            own += u32::from(place.is_own_prose());
            weight += u64::from(line.measures.weight);
            of_site += if place.share > TWO { u64::from(line.measures.weight) } else { 0 };
        }
        let page = if of_site == 0 { 0 } else { 1 + reached(of_site * 100, &[10, 25, 50, 75, 90].map(|share| share * weight)) };
        Surroundings { lines, places, repeated, prose, own: count_class(own), page, site: reached(look.pages.into(), &[5, 10, 20, 50, 200, 1000]) }
    }

    /// The class of line `j` for each feature.
    pub(super) fn classes(&self, j: usize) -> Classes {
        let (Some(line), Some(place)) = (self.lines.get(j), self.places.get(j)) else { return [0; FEATURES] };
        let text = &line.measures;
        let pages_class = match place.pages {
            0 | 1 => 0,
            2 => 1,
            3 => 2,
            pages => 3 + reached(pages.into(), &[6, 10, 20, 50]),
        };
        let (low, high) = (j.saturating_sub(WINDOW), (j + WINDOW + 1).min(self.places.len()));
        let around = at(&self.repeated, high) - at(&self.repeated, low) - u32::from(place.share > TWO);
        let lines = u32::try_from(high - low - 1).unwrap_or(0).max(1);
        let window = if around == 0 {
            0
        } else if around == lines {
            6
        } else {
            1 + (1..5).map(|fifths| u32::from(5 * around >= fifths * lines)).sum::<u32>()
        };
        let stop = match text.stop {
            Stop::None => 0,
            Stop::Pause => 1,
            Stop::Sentence => 2,
            Stop::Ellipsis => 3,
        };
        let fixed = |same: u32| match part_class(same, place.pages) {
            0 => 0,
            class => class - 1,
        };
        let repeats = place.counts.filter(|line| line.pages > 1);
        let (start, end, outside) =
            repeats.map_or((0, 0, 0), |counts| (fixed(counts.start), fixed(counts.end), 1 + part_class(counts.outside, counts.pages)));
        let form = repeats.map_or(0, |counts| {
            let (usual, pages) = (u64::from(counts.form.pages), u64::from(counts.pages));
            if usual >= pages {
                1
            } else if 2 * usual >= pages {
                if counts.form.neighbour == line.form { 2 } else { 3 }
            } else if 5 * usual >= pages {
                4
            } else {
                5
            }
        });
        let many = repeats.map_or(0, |counts| {
            if counts.copies == u64::from(counts.pages) {
                1
            } else {
                2 + reached(counts.copies * 2, &[3, 6, 16].map(|n| n * u64::from(counts.pages)))
            }
        });
        let prose = at(&self.prose, high) - at(&self.prose, low) - u32::from(place.kind == 3);
        let classes = [
            place.share,
            pages_class,
            place.kind,
            reached(text.weight.into(), &[6, 30, 60, 120, 240, 480, 960]),
            stop,
            u32::from(text.starts_lower),
            place.steady,
            place.copy,
            place.before,
            place.after,
            window,
            place.strong_before,
            place.strong_after,
            count_class(place.single_before),
            count_class(place.single_after),
            place.run_share,
            reached(place.run_length.into(), &[2, 5]),
            place.tie_before,
            place.tie_after,
            place.zone / 5,
            place.zone % 5,
            start,
            end,
            outside,
            form,
            many,
            reached(prose.into(), &[1, 2, 4, 7]),
            place.block,
            self.own,
            self.page,
            self.site,
        ];
        classes.map(|class| u8::try_from(class).unwrap_or(u8::MAX))
    }
}

fn steady_class(line: &SiteLine, copies_here: u32) -> u32 {
    if line.pages < 2 {
        return 0;
    }
    let (pages, copies, squares) = (u128::from(line.pages), u128::from(line.copies), u128::from(line.squares));
    let more = u128::from(copies_here) * pages > copies + pages / 2;
    let varies = if copies == pages {
        0
    } else if pages * squares == copies * copies {
        1
    } else {
        2
    };
    1 + 3 * u32::from(more) + varies
}

fn singles(places: &mut [Place<'_>]) {
    let is_single = |place: &Place<'_>| place.pages < 2 && place.kind > 0 && place.copy == 0;
    let all: u32 = places.iter().map(|place| u32::from(is_single(place))).sum();
    let mut sum = 0;
    for place in places {
        let single = u32::from(is_single(place));
        place.single_before = sum;
        place.single_after = all - sum - single;
        sum += single;
    }
}

/// For each line the nearest line with letters before, and after: 0 none, 1 single short, 2 single prose, 3 repeated,
/// 4 repeated on 30 % of the pages; and how far the next line on 30 % is: 0 there is none, 1 beside it, 2, 3 to 5, 6 and more.
fn beside(places: &mut [Place<'_>]) {
    let what = |place: &Place<'_>| match (place.kind, place.share) {
        (0, _) => None,
        (3, 0) => Some(2),
        (_, 0) => Some(1),
        (_, share) => Some(if share >= STRONG { 4 } else { 3 }),
    };
    let far = |distance: u32| if distance >= FAR { 0 } else { 1 + reached(distance.into(), &[2, 3, 6]) };
    let (mut near, mut distance) = (0, FAR);
    for place in places.iter_mut() {
        distance = (distance + 1).min(FAR);
        (place.before, place.strong_before) = (near, far(distance));
        near = what(place).unwrap_or(near);
        distance = if place.share >= STRONG && place.kind > 0 { 0 } else { distance };
    }
    (near, distance) = (0, FAR);
    for place in places.iter_mut().rev() {
        distance = (distance + 1).min(FAR);
        (place.after, place.strong_after) = (near, far(distance));
        near = what(place).unwrap_or(near);
        distance = if place.share >= STRONG && place.kind > 0 { 0 } else { distance };
    }
}

fn ties(lines: &[LookLine<'_>], places: &mut [Place<'_>]) {
    let tie = |usual: Usual, pages: u32, neighbour: Option<usize>| {
        let here = neighbour.and_then(|n| lines.get(n)).map_or(0, |line| line.neighbour);
        if usual.neighbour != here || usual.pages < 2 {
            return 0;
        }
        let (with, pages) = (u64::from(usual.pages), u64::from(pages));
        if 2 * with < pages {
            1
        } else if 10 * with < 8 * pages {
            2
        } else {
            3
        }
    };
    for (j, place) in places.iter_mut().enumerate() {
        if let Some(line) = place.counts.filter(|line| line.pages >= 2) {
            place.tie_before = tie(line.before, line.pages, j.checked_sub(1));
            place.tie_after = tie(line.after, line.pages, Some(j + 1));
        }
    }
}

/// Runs of lines in sequence, each on two pages and more, each pair tied: one is the other's usual neighbour on half of the
/// pages of either.
fn runs(lines: &[LookLine<'_>], places: &mut [Place<'_>]) {
    let with = |usual: Usual, neighbour: u16| if usual.neighbour == neighbour { usual.pages } else { 0 };
    let tied = |places: &[Place<'_>], j: usize| {
        let line = |j: usize| Some((places.get(j)?.counts.filter(|line| line.pages >= 2)?, lines.get(j)?.neighbour));
        let (Some((a, first)), Some((b, second))) = (line(j - 1), line(j)) else { return false };
        let pages = with(a.after, second).max(with(b.before, first));
        pages >= 2 && (2 * u64::from(pages) >= a.pages.into() || 2 * u64::from(pages) >= b.pages.into())
    };
    let mut start = 0;
    while start < lines.len() {
        let mut end = start + 1;
        while end < lines.len() && tied(places, end) {
            end += 1;
        }
        let run = places.get_mut(start..end).unwrap_or_default();
        let share = run.iter().map(|place| place.share).max().unwrap_or(0);
        let letters = run.iter().map(|place| u32::from(place.kind > 0)).sum();
        for place in run {
            (place.run_share, place.run_length) = (share, letters);
        }
        start = end;
    }
}

/// Blocks of lines of 40 to 100 characters: 0 outside, then 1, 2, 4, 8 lines and more; 5 for a shorter line that ends one.
fn blocks(lines: &[LookLine<'_>], places: &mut [Place<'_>]) {
    let of_block = |j: usize| lines.get(j).is_some_and(|line| (40..=100).contains(&line.chars));
    let mut start = 0;
    while start < lines.len() {
        let mut end = start;
        while of_block(end) {
            end += 1;
        }
        let class = 1 + reached((end - start) as u64, &[2, 4, 8]);
        places.get_mut(start..end).into_iter().flatten().for_each(|place| place.block = class);
        let goes_on = end > start + 1 && lines.get(end - 1).is_some_and(|line| line.measures.stop == Stop::None);
        if let Some(place) = places.get_mut(end).filter(|_| goes_on) {
            place.block = 5;
        }
        start = end + 1;
    }
}

/// Marks the title of a page that was washed before: no menu stands above it, and no copy in a box tells any longer that this page holds
/// one more; but the counts do tell that some page does, and the nearest such line above the prose of this one is its own.
fn title(places: &mut [Place<'_>]) {
    let above = places.iter().position(Place::is_own_prose).and_then(|first| places.get_mut(..first)).unwrap_or_default();
    if let Some(place) = above.iter_mut().rev().find(|place| place.steady >= 4 || place.one_page_has_more()) {
        place.is_title = place.strong_before == 0;
    }
}

/// 25 without prose of the page's own; 0 such prose; else 5 times (1 before the first of it, 2 after the last, 3 between)
/// and a class for the distance in lines.
fn zones(places: &mut [Place<'_>]) {
    let own = Place::is_own_prose;
    let (Some(first), Some(last)) = (places.iter().position(own), places.iter().rposition(own)) else {
        places.iter_mut().for_each(|place| place.zone = 25);
        return;
    };
    let mut near = FAR;
    for place in places.iter_mut() {
        near = if own(place) { 0 } else { (near + 1).min(FAR) };
        place.zone = near;
    }
    near = FAR;
    for (j, place) in places.iter_mut().enumerate().rev() {
        near = if own(place) { 0 } else { (near + 1).min(FAR) };
        let distance = near.min(place.zone);
        let side = if j < first {
            1
        } else if j > last {
            2
        } else {
            3
        };
        place.zone = if distance == 0 { 0 } else { side * 5 + reached(distance.into(), &[2, 3, 6, 16]) };
    }
}
