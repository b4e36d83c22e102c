//! What the judgement sees of a line: ten small classes. LINES.md section 2, "Features".
//!
//! Counts of the site come from the frozen index, counts of the page from the page. Nothing looks at words. All of
//! it is linear in the page: a few sweeps forward and back.

use super::{Site, weights};
use crate::lines::{Page, index::SiteLine};
use crate::model::Kind;

/// The classes of a line, and its table entry for each: what [`Feature::ALL`] names, in that order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Classes([u8; 10]);

/// One feature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Feature {
    /// Share of the site's pages that hold the line, with the line's kind.
    ShareAndKind,
    /// Pages that hold it.
    Pages,
    /// Does each page hold as many copies?
    Steady,
    /// Its letters.
    Letters,
    /// How it ends.
    End,
    /// The kinds of lines beside it.
    Neighbours,
    /// Repeated lines around it.
    Window,
    /// The page's own lines before and after.
    Band,
    /// The run of tied lines that it stands in.
    Run,
    /// Where it stands to the page's own prose.
    Zone,
}

impl Feature {
    /// Every feature.
    pub const ALL: [Feature; 10] = [
        Feature::ShareAndKind,
        Feature::Pages,
        Feature::Steady,
        Feature::Letters,
        Feature::End,
        Feature::Neighbours,
        Feature::Window,
        Feature::Band,
        Feature::Run,
        Feature::Zone,
    ];

    /// The name in `--json`.
    pub fn name(self) -> &'static str {
        match self {
            Feature::ShareAndKind => "share_x_kind",
            Feature::Pages => "pages",
            Feature::Steady => "steady",
            Feature::Letters => "letters",
            Feature::End => "end",
            Feature::Neighbours => "neighbours",
            Feature::Window => "window",
            Feature::Band => "band",
            Feature::Run => "run",
            Feature::Zone => "zone",
        }
    }

    /// The name for a reader.
    pub fn words(self) -> &'static str {
        match self {
            Feature::ShareAndKind => "how many of the site's pages hold it, for its kind of line",
            Feature::Pages => "the number of pages that hold it",
            Feature::Steady => "whether each page holds as many copies",
            Feature::Letters => "its length",
            Feature::End => "how it begins and ends",
            Feature::Neighbours => "the lines beside it",
            Feature::Window => "how many lines around it repeat on the site",
            Feature::Band => "how many of the page's own lines stand before and after",
            Feature::Run => "the lines that always stand together with it",
            Feature::Zone => "where it stands to the page's own prose",
        }
    }

    fn table(self) -> &'static [i32] {
        match self {
            Feature::ShareAndKind => &weights::SHARE_X_KIND,
            Feature::Pages => &weights::PAGES,
            Feature::Steady => &weights::STEADY,
            Feature::Letters => &weights::LETTERS,
            Feature::End => &weights::END,
            Feature::Neighbours => &weights::NEIGHBOURS,
            Feature::Window => &weights::WINDOW,
            Feature::Band => &weights::BAND,
            Feature::Run => &weights::RUN,
            Feature::Zone => &weights::ZONE,
        }
    }
}

impl Classes {
    #[cfg(test)]
    pub(super) fn of(classes: [i32; 10]) -> Classes {
        Classes(classes.map(|class| u8::try_from(class).unwrap_or(u8::MAX)))
    }

    /// What each feature adds to the score, in the order of [`Feature::ALL`].
    pub(super) fn contributions(&self) -> [i32; 10] {
        let mut out = [0; 10];
        for ((out, class), feature) in out.iter_mut().zip(self.0).zip(Feature::ALL) {
            *out = feature.table().get(usize::from(class)).copied().unwrap_or(0);
        }
        out
    }
}

/// Lines before and after that the window sees.
const WINDOW: usize = 5;
/// Distance that no page reaches.
const FAR: u32 = 99;

/// What a page's lines are to one another and to their site.
pub(super) struct Surroundings<'a> {
    /// For each line what the index holds of it; `None` for a line of this page only.
    pub(super) counts: Vec<Option<&'a SiteLine>>,
    pub(super) kinds: Vec<u32>,
    /// Share class.
    pub(super) share: Vec<u32>,
    /// Single lines (one copy, this page only) before.
    pub(super) single_before: Vec<u32>,
    /// And after.
    pub(super) single_after: Vec<u32>,
    /// Is the line beside it the one that usually stands there? 0 no, 1 on less than half of its pages, 2 on half, 3 on 80 %.
    pub(super) tie: Vec<u32>,
    /// Lines with letters in the tied run that it stands in.
    pub(super) run_length: Vec<u32>,
    run_share: Vec<u32>,
    zone: Vec<u32>,
    before: Vec<u32>,
    after: Vec<u32>,
    /// Lines on three pages and more before line `j`, for `j` from 0 to the number of lines.
    repeated: Vec<u32>,
    steady: Vec<u32>,
}

fn at<T: Copy + Default>(values: &[T], j: usize) -> T {
    values.get(j).copied().unwrap_or_default()
}

/// The number of edges that `value` reaches.
fn reached(value: u64, edges: &[u64]) -> u32 {
    edges.iter().map(|edge| u32::from(value >= *edge)).sum()
}

fn share_class(pages: u32, site_pages: u32) -> u32 {
    match pages {
        0 | 1 => 0,
        2 => 1,
        _ => 2 + reached(u64::from(pages) * 100, &[5, 15, 30, 60, 90].map(|share| share * u64::from(site_pages))),
    }
}

fn count_class(lines: u32) -> u32 {
    if lines == 0 { 0 } else { 1 + reached(lines.into(), &[2, 4, 8, 20]) }
}

impl<'a> Surroundings<'a> {
    pub(super) fn of(page: &Page<'_>, site: &Site<'a>) -> Surroundings<'a> {
        let lines = page.lines();
        let m = lines.len();
        let counts: Vec<Option<&SiteLine>> = lines.iter().map(|line| site.line(line.key)).collect();
        let kinds: Vec<u32> = lines.iter().map(|line| kind_class(line.measures.kind)).collect();
        let pages = |j: usize| counts.get(j).copied().flatten().map_or(1, |line| line.pages.max(1));
        let share: Vec<u32> = (0..m).map(|j| share_class(pages(j), site.pages)).collect();
        let single: Vec<bool> = (0..m).map(|j| pages(j) < 2 && at(&kinds, j) > 0 && page.copies(j) < 2).collect();
        let all: u32 = single.iter().map(|s| u32::from(*s)).sum();
        let mut sum = 0;
        let single_before: Vec<u32> = single
            .iter()
            .map(|s| {
                let before = sum;
                sum += u32::from(*s);
                before
            })
            .collect();
        let single_after = single_before.iter().zip(&single).map(|(before, s)| all - before - u32::from(*s)).collect();
        let mut repeated = vec![0];
        let mut sum = 0;
        repeated.extend(share.iter().map(|class| {
            sum += u32::from(*class >= 2);
            sum
        }));
        let (before, after) = neighbours(&kinds, &share);
        let tie = (0..m).map(|j| tie(page, &counts, j)).collect();
        let (run_share, run_length) = runs(page, &counts, &share, &kinds);
        let steady = (0..m).map(|j| counts.get(j).copied().flatten().map_or(0, |line| steady_class(line, page.copies(j)))).collect();
        let zone = zones(&kinds, &share);
        Surroundings { counts, kinds, share, single_before, single_after, tie, run_length, run_share, zone, before, after, repeated, steady }
    }

    /// Pages that hold line `j`.
    pub(super) fn pages(&self, j: usize) -> u32 {
        self.counts.get(j).copied().flatten().map_or(1, |line| line.pages.max(1))
    }

    /// Does the number of its copies vary from page to page?
    pub(super) fn varies(&self, j: usize) -> bool {
        matches!(at(&self.steady, j), 3 | 6)
    }

    /// Does this page hold one copy more than usual?
    pub(super) fn has_more(&self, j: usize) -> bool {
        at(&self.steady, j) >= 4
    }

    /// Does its own prose stand within 5 lines, with line `j` before the first of it or between?
    pub(super) fn leads_own_prose(&self, j: usize) -> bool {
        let zone = at(&self.zone, j);
        matches!(zone / 5, 1 | 3) && zone % 5 <= 2
    }

    /// The classes of line `j`.
    pub(super) fn classes(&self, page: &Page<'_>, j: usize) -> Classes {
        let Some(line) = page.lines().get(j) else { return Classes([0; 10]) };
        let text = &line.measures;
        let pages = self.pages(j);
        let pages_class = match pages {
            0 | 1 => 0,
            2 => 1,
            3 => 2,
            _ => 3 + reached(pages.into(), &[6, 10, 20, 50]),
        };
        let (low, high) = (j.saturating_sub(WINDOW), (j + WINDOW + 1).min(self.kinds.len()));
        let around = at(&self.repeated, high) - at(&self.repeated, low) - u32::from(at(&self.share, j) >= 2);
        let lines = u32::try_from(high - low - 1).unwrap_or(0).max(1);
        let window = if around == 0 {
            0
        } else if around == lines {
            6
        } else {
            1 + (1..5).map(|fifths| u32::from(5 * around >= fifths * lines)).sum::<u32>()
        };
        let stop = match text.stop {
            crate::model::Stop::None => 0,
            crate::model::Stop::Pause => 1,
            crate::model::Stop::Sentence => 2,
            crate::model::Stop::Ellipsis => 3,
        };
        let classes = [
            at(&self.share, j) * 4 + at(&self.kinds, j),
            pages_class,
            at(&self.steady, j),
            reached(text.weight.into(), &[6, 30, 60, 120, 240, 480, 960]),
            stop * 2 + u32::from(text.starts_lower),
            at(&self.before, j) * 5 + at(&self.after, j),
            window,
            count_class(at(&self.single_before, j)) * 6 + count_class(at(&self.single_after, j)),
            at(&self.run_share, j),
            at(&self.zone, j),
        ];
        Classes(classes.map(|class| u8::try_from(class).unwrap_or(u8::MAX)))
    }
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

/// 0 on one page; else 1 one copy a page always, 2 the same number always, 3 it varies; and 3 more where this page holds
/// one copy more than usual.
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

/// For each line the nearest line with letters before, and after: 0 none, 1 single short, 2 single prose, 3 repeated,
/// 4 repeated on 30 % of the pages.
fn neighbours(kinds: &[u32], share: &[u32]) -> (Vec<u32>, Vec<u32>) {
    let what = |j: usize| match (at(kinds, j), at(share, j)) {
        (0, _) => None,
        (3, 0) => Some(2),
        (_, 0) => Some(1),
        (_, share) => Some(if share >= 5 { 4 } else { 3 }),
    };
    let sweep = |lines: &mut dyn Iterator<Item = usize>| {
        let mut near = 0;
        let mut found = vec![0; kinds.len()];
        for j in lines {
            if let Some(slot) = found.get_mut(j) {
                *slot = near;
            }
            near = what(j).unwrap_or(near);
        }
        found
    };
    (sweep(&mut (0..kinds.len())), sweep(&mut (0..kinds.len()).rev()))
}

fn tie(page: &Page<'_>, counts: &[Option<&SiteLine>], j: usize) -> u32 {
    let Some(line) = counts.get(j).copied().flatten().filter(|line| line.pages >= 2) else { return 0 };
    let beside = [(line.before, j.checked_sub(1)), (line.after, Some(j + 1))];
    let ties = beside.map(|(usual, neighbour)| {
        let here = neighbour.and_then(|n| page.lines().get(n)).map_or(0, |line| line.key.neighbour());
        if usual.neighbour != here || usual.pages < 2 {
            return 0;
        }
        let (with, pages) = (u64::from(usual.pages), u64::from(line.pages));
        if 2 * with < pages {
            1
        } else if 10 * with < 8 * pages {
            2
        } else {
            3
        }
    });
    ties.into_iter().max().unwrap_or(0)
}

/// Runs of lines in sequence, each on two pages and more, each pair tied: one is the other's usual neighbour on half of the
/// pages of either. For each line the largest share class in its run, and the run's lines with letters.
fn runs(page: &Page<'_>, counts: &[Option<&SiteLine>], share: &[u32], kinds: &[u32]) -> (Vec<u32>, Vec<u32>) {
    let lines = page.lines();
    let repeated = |j: usize| counts.get(j).copied().flatten().filter(|line| line.pages >= 2);
    let tied = |j: usize| {
        let (Some(a), Some(b), Some(first), Some(second)) = (repeated(j - 1), repeated(j), lines.get(j - 1), lines.get(j)) else { return false };
        let with = |usual: crate::lines::index::Usual, key: crate::hash::LineKey| if usual.neighbour == key.neighbour() { usual.pages } else { 0 };
        let pages = with(a.after, second.key).max(with(b.before, first.key));
        pages >= 2 && (2 * u64::from(pages) >= a.pages.into() || 2 * u64::from(pages) >= b.pages.into())
    };
    let (mut largest, mut length) = (vec![0; lines.len()], vec![0; lines.len()]);
    let mut start = 0;
    while start < lines.len() {
        let mut end = start + 1;
        while end < lines.len() && tied(end) {
            end += 1;
        }
        let share = share.get(start..end).into_iter().flatten().copied().max().unwrap_or(0);
        let letters = kinds.get(start..end).into_iter().flatten().map(|kind| u32::from(*kind > 0)).sum::<u32>();
        largest.get_mut(start..end).into_iter().flatten().for_each(|slot| *slot = share);
        length.get_mut(start..end).into_iter().flatten().for_each(|slot| *slot = letters);
        start = end;
    }
    (largest, length)
}

/// 25 without prose of the page's own; 0 such prose; else 5 times (1 before the first of it, 2 after the last, 3 between)
/// and a class for the distance in lines.
fn zones(kinds: &[u32], share: &[u32]) -> Vec<u32> {
    let m = kinds.len();
    let own: Vec<bool> = (0..m).map(|j| at(kinds, j) == 3 && at(share, j) == 0).collect();
    let (Some(first), Some(last)) = (own.iter().position(|o| *o), own.iter().rposition(|o| *o)) else { return vec![25; m] };
    let mut distance = vec![FAR; m];
    for forward in [true, false] {
        let mut near = FAR;
        for step in 0..m {
            let j = if forward { step } else { m - 1 - step };
            near = if at(&own, j) { 0 } else { (near + 1).min(FAR) };
            if let Some(slot) = distance.get_mut(j) {
                *slot = near.min(*slot);
            }
        }
    }
    (0..m)
        .map(|j| {
            if at(&own, j) {
                return 0;
            }
            let place = if j < first {
                1
            } else if j > last {
                2
            } else {
                3
            };
            place * 5 + reached(at(&distance, j).into(), &[2, 3, 6, 16])
        })
        .collect()
}
