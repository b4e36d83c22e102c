//! Lines without letters: they say nothing alone, so they go only with their neighbours.

use super::{Page, PageLine, Removal};
use crate::model::Kind;

/// Lines without letters in a row that go at most; fewer where they hold digits, since a table's cells are such lines.
pub(super) const GROUP: usize = 5;
pub(super) const GROUP_OF_NUMBERS: usize = 2;

/// The most of these lines that may go between two that do.
fn longest_group(lines: &[PageLine<'_>]) -> usize {
    if lines.iter().any(|line| line.text.chars().any(char::is_numeric)) { GROUP_OF_NUMBERS } else { GROUP }
}

/// Lines without letters between two lines that went, and rules (`* * *`) that what went left at head or tail, or doubled.
pub(super) fn stranded(page: &Page<'_>, removals: &[Option<Removal>]) -> Vec<usize> {
    let lines = page.lines();
    let bare = |j: usize| lines.get(j).is_some_and(|l| l.measures.kind == Kind::NoLetters) && removals.get(j).is_some_and(Option::is_none);
    // Second copies of prose leave their surroundings as they were: brackets of code, numbers of a list.
    let went = |j: usize| removals.get(j).copied().flatten().is_some_and(|r| r.reason.is_furniture() && r.is_settled());
    let mut taken = Vec::new();
    let mut j = 0;
    while j < lines.len() {
        if !bare(j) {
            j += 1;
            continue;
        }
        let start = j;
        while bare(j) {
            j += 1;
        }
        if j - start <= longest_group(lines.get(start..j).unwrap_or_default()) && start > 0 && went(start - 1) && went(j) {
            taken.extend(start..j);
        }
    }
    let gone = |j: usize| went(j) || taken.binary_search(&j).is_ok();
    let kept: Vec<usize> = (0..lines.len()).filter(|j| !gone(*j)).collect();
    let rule = |j: &usize| lines.get(*j).filter(|line| is_rule(line));
    let mut more = Vec::new();
    for (i, j) in kept.iter().enumerate() {
        let Some(line) = rule(j) else { continue };
        let before = i.checked_sub(1).and_then(|i| kept.get(i));
        let at_head = before.is_none() && *j > 0;
        let at_tail = i + 1 == kept.len() && *j + 1 < lines.len();
        let doubled = before.is_some_and(|b| b + 1 < *j && rule(b).is_some_and(|other| other.key == line.key));
        if at_head || at_tail || doubled {
            more.push(*j);
        }
    }
    taken.extend(more);
    taken
}

/// Three marks or more, no letter and no digit: a line that only parts what stands around it.
fn is_rule(line: &PageLine<'_>) -> bool {
    if line.measures.letters > 0 {
        return false;
    }
    let marks = line.text.chars().filter(|c| !c.is_whitespace()).count();
    marks >= 3 && !line.text.chars().any(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::{super::Kept, *};
    use crate::model::Reason;

    fn taken(text: &str, went: &[usize]) -> Vec<usize> {
        let page = Page::of(text);
        let mut removals = vec![None; page.lines().len()];
        for j in went {
            removals[*j] = Some(Removal { reason: Reason::LineDocument, kept: Kept::Nothing });
        }
        stranded(&page, &removals)
    }

    #[test]
    fn only_with_neighbours() {
        assert_eq!(taken("gone\n|\n12\ngone\ntext\n|\ngone", &[0, 3, 6]), [1, 2]);
        assert_eq!(taken("1\n2\ntext\n3", &[2]), [0_usize; 0]);
        assert_eq!(taken("gone\n1\n2\n3\ngone\nx y", &[0, 4]), [0_usize; 0]);
        assert_eq!(taken("gone\n|\n-\n|\n-\n|\ngone\nx y", &[0, 6]), [1, 2, 3, 4, 5]);
        assert_eq!(taken("gone\n|\n-\n|\n-\n|\n-\ngone\nx y", &[0, 7]), [0_usize; 0]);
    }

    #[test]
    fn rules_left_over() {
        assert_eq!(taken("gone\n* * *\ntext", &[0]), [1]);
        assert_eq!(taken("text\n-----\ngone", &[2]), [1]);
        assert_eq!(taken("text\n* * *\ngone\n* * *\ntext", &[2]), [3]);
        assert_eq!(taken("* * *\ntext\n* * *\ngone\ntext\n* * *", &[3]), [0_usize; 0]);
    }
}
