//! What one document repeats: short furniture between its paragraphs, and long prose that stands twice.
//!
//! The first must tell `Advertisement` between the paragraphs of an article from the speakers of a play, the
//! questions of an interview and the labels of a reference page. What tells them apart is that a structure has
//! several labels, or stands beside lines that are no prose; furniture is one text, alone among prose.

use super::{Page, Removal};
use crate::model::{Kind, Stop};

/// Copies that a short line needs.
const LEAST_COPIES: u32 = 3;

/// Short lines without a sentence stop that stand three times or more between prose paragraphs; every copy.
///
/// None where another text repeats as often among them: then repetition is the document's own structure. What repeats
/// at the head and the foot of the page says nothing of the text between.
pub(super) fn repeated_between_prose(page: &Page<'_>, removals: &[Option<Removal>]) -> Vec<usize> {
    let left = Left::of(page, removals);
    let m = left.lines.len();
    let is_candidate = |i: usize| {
        left.line(i).is_some_and(|line| {
            let text = &line.measures;
            left.copies(i) >= LEAST_COPIES
                && text.kind != Kind::NoLetters
                && text.kind != Kind::Prose
                && text.weight < 120
                && matches!(text.stop, Stop::None | Stop::Ellipsis)
        })
    };
    // For each text its copies between two prose lines, and those beside one.
    let mut places = vec![(0_u32, 0_u32); page.lines().len()];
    for i in (0..m).filter(|i| is_candidate(*i)) {
        let sides = u32::from(i > 0 && left.is_prose(i - 1)) + u32::from(left.is_prose(i + 1));
        if let Some((between, beside)) = left.text(i).and_then(|text| places.get_mut(text)) {
            *between += sides / 2;
            *beside += u32::from(sides > 0);
        }
    }
    let among_prose = |i: &usize| {
        let Some(text) = left.text(*i).filter(|_| left.is_first(*i)) else { return false };
        let (between, beside) = places.get(text).copied().unwrap_or((0, 0));
        let copies = left.copies(*i);
        (between >= 2 || between >= 1 && beside >= LEAST_COPIES) && between + beside >= copies && beside * 3 >= copies * 2
    };
    let mut candidates = (0..m).filter(among_prose);
    // Two of them are a structure: questions and answers.
    let (Some(first), None) = (candidates.next(), candidates.next()) else { return Vec::new() };
    let taken: Vec<usize> = (first..m).filter(|i| left.text(*i) == left.text(first)).collect();
    let last = taken.last().copied().unwrap_or(first);
    if stands_in_structure(&left, first, last) {
        return Vec::new();
    }
    // Numbered headings share a key, but each is its own.
    let text = |i: usize| left.line(i).map(|line| line.text.trim());
    if taken.iter().all(|i| text(*i) == text(first)) { taken.iter().filter_map(|i| left.lines.get(*i).copied()).collect() } else { Vec::new() }
}

/// The lines that no rule took yet.
struct Left<'p> {
    page: &'p Page<'p>,
    /// Their numbers.
    lines: Vec<usize>,
    /// For each text (by the number of its first copy) the copies that are left, and the first of them.
    texts: Vec<(u32, usize)>,
}

impl<'p> Left<'p> {
    fn of(page: &'p Page<'p>, removals: &[Option<Removal>]) -> Left<'p> {
        let lines: Vec<usize> = (0..page.lines().len()).filter(|j| removals.get(*j).is_none_or(Option::is_none)).collect();
        let mut texts = vec![(0, 0); page.lines().len()];
        for (i, j) in lines.iter().enumerate().rev() {
            if let Some((copies, first)) = texts.get_mut(page.first_copy(*j)) {
                *copies += 1;
                *first = i;
            }
        }
        Left { page, lines, texts }
    }

    fn line(&self, i: usize) -> Option<&super::PageLine<'p>> {
        self.page.lines().get(*self.lines.get(i)?)
    }

    fn text(&self, i: usize) -> Option<usize> {
        self.lines.get(i).map(|j| self.page.first_copy(*j))
    }

    fn copies(&self, i: usize) -> u32 {
        self.text(i).and_then(|text| self.texts.get(text)).map_or(0, |(copies, _)| *copies)
    }

    fn is_first(&self, i: usize) -> bool {
        self.text(i).and_then(|text| self.texts.get(text)).is_some_and(|(_, first)| *first == i)
    }

    fn is_prose(&self, i: usize) -> bool {
        self.line(i).is_some_and(|line| line.measures.kind == Kind::Prose)
    }
}

/// Does another text that repeats as often stand among the copies (from line `first` to line `last`), or as often from
/// the first prose line to the last? Then repetition is the document's own structure.
fn stands_in_structure(left: &Left<'_>, first: usize, last: usize) -> bool {
    let m = left.lines.len();
    let head = (0..m).find(|i| left.is_prose(*i)).unwrap_or(0);
    let tail = (0..m).rfind(|i| left.is_prose(*i)).unwrap_or(0);
    let mut in_body = vec![0_u32; left.page.lines().len()];
    for i in head.min(first)..=tail.max(last).min(m.saturating_sub(1)) {
        let repeats = left.text(i) != left.text(first)
            && left.copies(i) >= LEAST_COPIES
            && left.line(i).is_some_and(|line| line.measures.kind != Kind::NoLetters);
        let Some(copies) = left.text(i).and_then(|text| in_body.get_mut(text)).filter(|_| repeats) else { continue };
        *copies += 1;
        if *copies >= LEAST_COPIES || (first..=last).contains(&i) {
            return true;
        }
    }
    false
}

/// Prose of 100 letters and more that stood earlier in the document; every copy, the first included.
pub(super) fn repeated_prose(page: &Page<'_>) -> Vec<usize> {
    let lines = page.lines();
    (0..lines.len()).filter(|j| page.copies(*j) > 1 && lines.get(*j).is_some_and(|line| line.measures.is_long_prose())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prose(n: usize) -> String {
        format!("Paragraph {} tells a part of the story that is long enough to be called prose.", "abcdefghij".chars().nth(n).unwrap_or('z'))
    }

    fn article(labels: &[&str]) -> String {
        let mut text = prose(0);
        for (n, label) in labels.iter().enumerate() {
            text = format!("{text}\n{label}\n{}", prose(n + 1));
        }
        text
    }

    #[test]
    fn one_text_among_prose_goes() {
        assert_eq!(repeated_between_prose(&Page::of(&article(&["Advertisement"; 3])), &[]), [1, 3, 5]);
        assert_eq!(repeated_between_prose(&Page::of(&article(&["Loading..."; 4])), &[]).len(), 4);
    }

    #[test]
    fn what_repeats_outside_is_no_structure() {
        let text = format!("Home\nHome\n{}\nHome\nTop", article(&["Advertisement"; 3]));
        assert_eq!(repeated_between_prose(&Page::of(&text), &[]), [3, 5, 7]);
    }

    #[test]
    fn structure_stays() {
        for labels in [
            &["Q", "A", "Q", "A"][..],
            &["Question", "Answer", "Question", "Answer", "Question", "Answer"],
            &["Returns:"; 5],
            &["Deprecated."; 5],
            &["Note"; 2],
            &["Label", "Label", "Label", "More", "More", "More"],
        ] {
            assert_eq!(repeated_between_prose(&Page::of(&article(labels)), &[]), [0_usize; 0], "{labels:?}");
        }
    }

    #[test]
    fn numbered_headings_stay() {
        assert_eq!(repeated_between_prose(&Page::of(&article(&["Version 0.54", "Version 0.60", "Version 0.99"])), &[]), [0_usize; 0]);
    }

    #[test]
    fn copies_of_long_prose() {
        let long =
            "A notice that is far longer than a hundred letters, so that nobody would write it down twice in one and the same text without a reason.";
        let text = format!("{long}\nother\n{long}\n{}\n{}", prose(0), prose(0));
        assert_eq!(repeated_prose(&Page::of(&text)), [0, 2]);
    }
}
