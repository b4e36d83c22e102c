//! Two files of lines made one, streaming, and how near the outcome is to the file of both crawls together.
//!
//! Exact are pages, copies and documents, unless both crawls hold one page: then it counts twice. What is not known any more is bounded and said: of neighbours, places and
//! forms what may be missing ([`Column`]). A line that stands on one page of a site in each crawl, or at one site of each, is in no index and stays
//! unknown. In memory: the filters, the directories, and a count for each line of several sites that both hold.

use std::{cell::RefCell, cmp::Ordering, fmt, path::Path};

use hashbrown::HashMap;
use serde::Serialize;

use super::lines::{LineFile, LineTables, write_lines};
use crate::{
    hash::SiteKey,
    lines::index::{Column, CorpusLine, LineBits, LineRow, SiteCounts},
    model::Result,
    pipeline::{StopFlag, check_stop},
    write::Written,
};

/// How near the lines of two merged files are to those of one file of both crawls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct MergedLines {
    /// Lines of sites, in all.
    pub lines: u64,
    /// Those of them of which nothing that the indexes held is lost: usual neighbours, places and forms, with all pages that have them.
    pub exact: u64,
    /// Those of the others where they are so beyond doubt, but some pages that have them may not be counted.
    pub certain: u64,
    /// Pages that a usual neighbour, place or form of the others may have more than is counted, at most, as a share of the line's pages.
    pub most_missing: f64,
    /// The same, on average over the others.
    pub mean_missing: f64,
}

impl MergedLines {
    fn add(&mut self, row: &LineRow) {
        self.lines += 1;
        let most = row.columns.iter().map(Column::missing).max().unwrap_or(0).min(row.pages);
        let is_certain = row.columns.iter().all(Column::is_certain);
        if most == 0 && is_certain {
            self.exact += 1;
            return;
        }
        let share = f64::from(most) / f64::from(row.pages.max(1));
        self.certain += u64::from(is_certain);
        self.most_missing = self.most_missing.max(share);
        let others = self.lines - self.exact;
        self.mean_missing += (share - self.mean_missing) / others as f64;
    }
}

impl fmt::Display for MergedLines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let MergedLines { lines, exact, certain, most_missing, mean_missing } = self;
        write!(f, "lines  {lines}; of {exact} all is kept that the indexes hold")?;
        let others = lines - exact;
        if others > 0 {
            write!(f, "; of the other {others} the usual neighbours, places and form are certain for {certain}, and up to ")?;
            write!(f, "{:.1} % of a line's pages are not told by them any more ({:.2} % on average)", most_missing * 100.0, mean_missing * 100.0)?;
        }
        Ok(())
    }
}

/// Writes the file of both.
///
/// # Errors
/// Damaged pages; the operating system's; interrupted.
pub fn merge_lines(one: &LineFile, two: &LineFile, path: &Path, stop: &StopFlag) -> Result<(Written, MergedLines)> {
    let facts = RefCell::new(MergedLines::default());
    // Sites that hold a line of several sites in both; rows are all written before the first of these lines is.
    let shared: RefCell<HashMap<LineBits, u32>> = RefCell::default();
    let both_rows = |a: LineRow, b: LineRow| {
        if one.filters.may_hold_corpus_line(a.bits) && two.filters.may_hold_corpus_line(a.bits) {
            *shared.borrow_mut().entry(a.bits).or_default() += 1;
        }
        a.merge(&b)
    };
    let both_corpus = |(bits, a): (LineBits, CorpusLine), (_, b): (LineBits, CorpusLine)| {
        let both = shared.borrow().get(&bits).copied().unwrap_or(0);
        (bits, a.merge(&b, both))
    };
    let both_sites = |(site, mut a): (SiteKey, SiteCounts), (_, b): (SiteKey, SiteCounts)| {
        a.add(&b);
        (site, a)
    };
    // A read more: then equal lines are equal bytes, however they came together.
    let lines = count(merged(one.all_rows(), two.all_rows(), LineRow::key, |a, _| a), stop)?;
    let corpus = count(merged(one.all_corpus_lines(), two.all_corpus_lines(), |(bits, _)| *bits, |a, _| a), stop)?;
    let tables = LineTables {
        sites: merged(one.all_sites(), two.all_sites(), |(site, _)| *site, both_sites),
        rows: merged(one.all_rows(), two.all_rows(), LineRow::key, both_rows).map(|row| {
            check_stop(stop)?;
            row.inspect(|row| facts.borrow_mut().add(row))
        }),
        corpus: merged(one.all_corpus_lines(), two.all_corpus_lines(), |(bits, _)| *bits, both_corpus),
        counts: (lines, corpus),
    };
    let written = write_lines(path, tables)?;
    Ok((written, facts.into_inner()))
}

fn count<T>(mut entries: impl Iterator<Item = Result<T>>, stop: &StopFlag) -> Result<u64> {
    entries.try_fold(0, |count, entry| {
        check_stop(stop)?;
        entry.map(|_| count + 1)
    })
}

/// Two sorted rows as one; `both` makes one entry of two.
fn merged<T, K: Ord>(
    a: impl Iterator<Item = Result<T>>,
    b: impl Iterator<Item = Result<T>>,
    key: impl Fn(&T) -> K,
    both: impl Fn(T, T) -> T,
) -> impl Iterator<Item = Result<T>> {
    let (mut a, mut b) = (a.peekable(), b.peekable());
    std::iter::from_fn(move || {
        let order = match (a.peek(), b.peek()) {
            (Some(Ok(x)), Some(Ok(y))) => key(x).cmp(&key(y)),
            (Some(Err(_)), _) | (_, None) => Ordering::Less,
            (_, Some(Err(_))) | (None, _) => Ordering::Greater,
        };
        match order {
            Ordering::Less => a.next(),
            Ordering::Greater => b.next(),
            Ordering::Equal => match (a.next()?, b.next()?) {
                (Ok(x), Ok(y)) => Some(Ok(both(x, y))),
                (Err(e), _) | (_, Err(e)) => Some(Err(e)),
            },
        }
    })
}
