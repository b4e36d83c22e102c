//! A page as its lines that are not blank, each with its key, its measures and its copies on the page.

use super::{LineFacts, LineMemory, Noting};
use crate::{
    hash::{LineHash, LineKey},
    model::{LineText, lines},
};

/// A line of a page.
#[derive(Clone, Copy, Debug)]
pub struct PageLine<'a> {
    /// The line as it stands in the normalised text.
    pub text: &'a str,
    /// Its number among all lines of the text, blank ones included, from 0.
    pub number: usize,
    /// Hash of it as it stands.
    pub hash: LineHash,
    /// Its characters.
    pub chars: u32,
    /// Key of its compared form.
    pub key: LineKey,
    /// What it is by itself.
    pub measures: LineText,
}

/// The lines of one document that are not blank, in order.
#[derive(Debug)]
pub struct Page<'a> {
    lines: Vec<PageLine<'a>>,
    /// For each line its first copy, its last and the number of copies; empty where no line repeats.
    copies: Vec<(u32, u32, u32)>,
}

impl<'a> Page<'a> {
    /// Splits a normalised text; a line of only white space is blank.
    pub fn new(text: &'a str, memory: &mut LineMemory, mut noting: Noting<'_>) -> Page<'a> {
        // Most lines are longer.
        let mut page = Vec::with_capacity(text.len() / 64 + 4);
        for (number, text) in lines(text).enumerate() {
            if text.bytes().all(|b| b == b' ' || b == b'\t') {
                continue;
            }
            let hash = LineHash::of(text.as_bytes());
            let LineFacts { chars, key, measures } = noting.facts(text, hash, memory);
            page.push(PageLine { text, number, hash, chars, key, measures });
        }
        let copies = copies(&page);
        Page { lines: page, copies }
    }

    /// The lines.
    pub fn lines(&self) -> &[PageLine<'a>] {
        &self.lines
    }

    /// Does any line stand twice?
    pub fn repeats(&self) -> bool {
        !self.copies.is_empty()
    }

    /// The first line with the key of line `j` (`j` itself, mostly).
    pub fn first_copy(&self, j: usize) -> usize {
        self.copies.get(j).map_or(j, |(first, ..)| *first as usize)
    }

    /// Is line `j` the last with its key?
    pub fn is_last_copy(&self, j: usize) -> bool {
        self.copies.get(j).is_none_or(|(_, last, _)| *last as usize == j)
    }

    /// How many lines have the key of line `j`, itself included.
    pub fn copies(&self, j: usize) -> u32 {
        self.copies.get(j).map_or(1, |(_, _, n)| *n)
    }
}

/// Of few lines most have a bit of their own, which is sooner seen than sorted.
fn are_surely_distinct(lines: &[PageLine<'_>]) -> bool {
    const WORDS: usize = 32;
    if lines.len() > WORDS * 2 {
        return false;
    }
    let mut seen = [0_u64; WORDS];
    lines.iter().all(|line| {
        let half = line.key.half();
        seen.get_mut((half >> 6) as usize % WORDS).is_some_and(|word| {
            let bit = 1 << (half & 63);
            let is_new = *word & bit == 0;
            *word |= bit;
            is_new
        })
    })
}

/// Sorts (key, line) once: the same cost on a page of one line a million times as on any other.
fn copies(lines: &[PageLine<'_>]) -> Vec<(u32, u32, u32)> {
    if are_surely_distinct(lines) {
        return Vec::new();
    }
    // Half a key tells most lines apart, at half the cost; whole keys decide.
    let mut halves: Vec<(u64, u32)> = lines.iter().zip(0..).map(|(line, j)| (line.key.half(), j)).collect();
    halves.sort_unstable();
    if !halves.windows(2).any(|pair| matches!(pair, [a, b] if a.0 == b.0)) {
        return Vec::new();
    }
    let mut order: Vec<(LineKey, u32)> = lines.iter().zip(0..).map(|(line, j)| (line.key, j)).collect();
    order.sort_unstable();
    if !order.windows(2).any(|pair| matches!(pair, [a, b] if a.0 == b.0)) {
        return Vec::new();
    }
    let mut copies = vec![(0, 0, 1); lines.len()];
    for group in order.chunk_by(|a, b| a.0 == b.0) {
        let first = group.first().map_or(0, |(_, j)| *j);
        let last = group.last().map_or(0, |(_, j)| *j);
        for (_, j) in group {
            if let Some(slot) = copies.get_mut(*j as usize) {
                *slot = (first, last, u32::try_from(group.len()).unwrap_or(u32::MAX));
            }
        }
    }
    copies
}

#[cfg(test)]
impl<'a> Page<'a> {
    /// A page without memory or notes.
    pub(crate) fn of(text: &'a str) -> Page<'a> {
        Page::new(text, &mut LineMemory::default(), Noting::Nothing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_are_counted_by_compared_form() {
        let page = Page::of("A line\n\nother\na  LINE\n \t\nother\nlast");
        let numbers: Vec<_> = page.lines().iter().map(|l| l.number).collect();
        assert_eq!(numbers, [0, 2, 3, 5, 6]);
        let copies: Vec<_> = (0..5).map(|j| (page.first_copy(j), page.copies(j))).collect();
        assert_eq!(copies, [(0, 2), (1, 2), (0, 2), (1, 2), (4, 1)]);
        assert!(!Page::of("a\nb").repeats());
        assert!(Page::of("").lines().is_empty());
    }
}
