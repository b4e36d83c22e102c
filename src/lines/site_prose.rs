//! Prose that several pages of a site hold (quotations, teasers, texts under two addresses) and lines that few of its many pages share
//! (subjects of threads, headings). It is text, so one copy stays.

use super::{Judged, Page, Verdict, judgement::LEAST_PAGES};

/// Pages of a site that long prose must stand on.
const PAGES: u32 = LEAST_PAGES;

/// Long prose that the judgement leaves, and what it takes with a middling score.
pub(super) fn repeated_prose(page: &Page<'_>, judged: &[Judged]) -> Vec<usize> {
    let lines = page.lines().iter().zip(judged).enumerate();
    lines
        .filter(|(_, (line, judged))| match judged.verdict {
            Verdict::FirstStays => true,
            Verdict::Goes => false,
            Verdict::Stays => line.measures.is_long_prose() && judged.pages >= PAGES,
        })
        .map(|(j, _)| j)
        .collect()
}
