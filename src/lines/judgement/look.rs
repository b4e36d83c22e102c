//! A page as one look of the judgement sees it: its lines that are left, each with what the index holds of it.
//!
//! The index is asked once a line; later looks drop what went and count copies anew, without sorting or hashing again.

use super::{Clamp, Judged, LEAST_PAGES, Observation, Site, Verdict};
use crate::{
    lines::{Page, index::SiteLine},
    model::{Kind, LineText},
};

/// A line that a look sees.
#[derive(Clone, Copy, Debug)]
pub(super) struct LookLine<'i> {
    /// What the index holds of it; `None` for a line of this page only.
    pub(super) counts: Option<&'i SiteLine>,
    pub(super) measures: LineText,
    pub(super) chars: u32,
    /// Where it has no letters: does it hold digits?
    pub(super) has_digits: bool,
    /// Its number among the page's lines.
    pub(super) number: u32,
    /// The number of its first copy.
    group: u32,
    /// A few bits of its key, and of it as it stands.
    pub(super) neighbour: u16,
    pub(super) form: u16,
    /// What held it at an earlier look, when the copies that show the page's own title had not gone yet.
    pub(super) held: Option<Clamp>,
}

/// Where a line stands among its copies.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Copies {
    /// Copies on the page, itself included.
    pub(super) number: u32,
    pub(super) is_first: bool,
    pub(super) is_last: bool,
}

/// The lines of a page that a look sees.
#[derive(Debug)]
pub(super) struct Look<'i> {
    lines: Vec<LookLine<'i>>,
    /// Lines of the page, if any of them repeats.
    repeating: Option<usize>,
    /// Pages of the site.
    pub(super) pages: u32,
}

impl<'i> Look<'i> {
    /// All lines of a page.
    pub(super) fn of(page: &Page<'_>, site: &Site<'i>) -> Look<'i> {
        let counts = site.lines_of(page);
        let lines = page.lines().iter().zip(counts).enumerate().zip(0..).map(|((j, (line, counts)), number)| LookLine {
            counts,
            measures: line.measures,
            chars: line.chars,
            has_digits: line.measures.kind == Kind::NoLetters && line.text.chars().any(char::is_numeric),
            number,
            group: u32::try_from(page.first_copy(j)).unwrap_or(u32::MAX),
            neighbour: line.key.neighbour(),
            form: line.hash.form(),
            held: None,
        });
        Look { lines: lines.collect(), repeating: page.repeats().then_some(page.lines().len()), pages: site.pages }
    }

    /// The lines.
    pub(super) fn lines(&self) -> &[LookLine<'i>] {
        &self.lines
    }

    /// Might any line go?
    pub(super) fn may_lose(&self) -> bool {
        self.pages >= LEAST_PAGES && self.lines.iter().any(|line| line.counts.is_some_and(|counts| counts.pages >= LEAST_PAGES))
    }

    /// Drops the lines that do not stay by what was `observed` of them and `judged`; may any of the rest still go?
    pub(super) fn drop_gone(&mut self, observed: &[Observation], judged: &[Judged]) -> bool {
        let mut observed = observed.iter();
        let mut more = false;
        self.lines.retain_mut(|line| {
            // Of long prose that pages of the site share most have no copy left, whatever the judgement says (the rule after it).
            let is_shared = line.measures.is_long_prose() && line.counts.is_some_and(|counts| counts.pages >= LEAST_PAGES);
            let stays = !is_shared && judged.get(line.number as usize).is_some_and(|line| line.verdict == Verdict::Stays);
            if let Some(seen) = observed.next() {
                line.held = seen.clamp;
                more |= seen.may_go() && stays;
            }
            stays
        });
        more
    }

    /// Where each line stands among its copies; empty where none repeats.
    pub(super) fn copies(&self) -> Vec<Copies> {
        let Some(size) = self.repeating else { return Vec::new() };
        let mut groups = vec![(0_u32, 0_usize); size];
        for (j, line) in self.lines.iter().enumerate() {
            if let Some((copies, last)) = groups.get_mut(line.group as usize) {
                (*copies, *last) = (*copies + 1, j);
            }
        }
        let mut seen = vec![false; size];
        let copies = |(j, line): (usize, &LookLine<'_>)| {
            let (number, last) = groups.get(line.group as usize).copied().unwrap_or((1, j));
            let is_first = seen.get_mut(line.group as usize).is_some_and(|seen| !std::mem::replace(seen, true));
            Copies { number, is_first, is_last: last == j }
        };
        self.lines.iter().enumerate().map(copies).collect()
    }
}
