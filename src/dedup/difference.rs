//! How a document differs from the one that stays for it, in words.
//!
//! Near duplicates are held against each other word by word in their order (Myers' algorithm with the limits of GNU diff; as many words as are
//! compared, of three kinds at random, take it a second and a half unoptimised, other texts next to nothing); of a covered document it is said which of its lines the other has not, in whatever order lines stand. Words are
//! what spaces part, as they stand, and single characters of scripts that write no spaces. Only the first places are quoted, and
//! of very long texts only the beginning is compared; counts say what is not shown.

use std::ops::Range;

use hashbrown::HashSet;
use imara_diff::{Algorithm, Diff, InternedInput, Interner};
use serde::Serialize;

use crate::model::CharClass;

/// Words of each text that are compared, at most.
const MOST_WORDS: usize = 20_000;
/// Characters shown before and after a place, and of what differs there, but for the rest of a word.
const CONTEXT: usize = 40;
const SHOWN: usize = 120;
/// Common words between two differences that are shown as one place, at most.
const BRIDGE: u32 = 2;

/// What two documents do not have in common.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// Words that both have.
    pub common_words: u64,
    /// Words that only the document has that went.
    pub own_words: u64,
    /// Words that only the document has that stays.
    pub kept_words: u64,
    /// Places where they differ; for a covered document runs of lines that the other has not.
    pub places: u64,
    /// The first of them.
    pub first: Vec<DifferentPlace>,
    /// Were the texts too long to be compared whole?
    pub beginning_only: bool,
}

/// A place where two documents differ.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct DifferentPlace {
    /// What stands before it in the document that went.
    pub before: String,
    /// What only that one has.
    pub own: Excerpt,
    /// What only the one has that stays.
    pub kept: Excerpt,
    /// What stands after it in the document that went.
    pub after: String,
}

/// The beginning of some words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Excerpt {
    /// The first words.
    pub text: String,
    /// How many more there are.
    pub more_words: u64,
}

/// A word, and whether a space stands before it.
#[derive(Clone, Copy, Debug)]
struct Word<'t> {
    text: &'t str,
    spaced: bool,
}

impl Difference {
    /// Of two near duplicates, given line by line: words in their order, of which `most` places are shown.
    pub fn of_words(own: &[&str], kept: &[&str], most: usize) -> Difference {
        let (own, own_cut) = words(own.iter().copied());
        let (kept, kept_cut) = words(kept.iter().copied());
        let mut input = InternedInput { before: Vec::new(), after: Vec::new(), interner: Interner::new(own.len()) };
        input.update_before(own.iter().map(|word| word.text));
        input.update_after(kept.iter().map(|word| word.text));
        let mut diff = Diff::compute(Algorithm::Myers, &input);
        diff.postprocess_no_heuristic(&input);
        let mut found = Difference {
            common_words: own.len() as u64 - u64::from(diff.count_removals()),
            own_words: diff.count_removals().into(),
            kept_words: diff.count_additions().into(),
            beginning_only: own_cut || kept_cut,
            ..Difference::default()
        };
        let mut place: Option<(Range<u32>, Range<u32>)> = None;
        for hunk in diff.hunks() {
            place = match place {
                Some((before, after)) if hunk.before.start - before.end <= BRIDGE => {
                    Some((before.start..hunk.before.end, after.start..hunk.after.end))
                }
                done => {
                    found.add(done, (&own, &kept), most);
                    Some((hunk.before, hunk.after))
                }
            };
        }
        found.add(place, (&own, &kept), most);
        found
    }

    /// Of a covered document and one that holds most of its lines: the lines that it does not hold, of which `most` runs are shown.
    pub fn of_lines(own: &[&str], kept: &[&str], most: usize) -> Difference {
        let (ours, theirs): (HashSet<&str>, HashSet<&str>) = (own.iter().copied().collect(), kept.iter().copied().collect());
        let count = |line: &str| words(std::iter::once(line)).0.len() as u64;
        let mut found =
            Difference { kept_words: kept.iter().filter(|line| !ours.contains(**line)).map(|line| count(line)).sum(), ..Difference::default() };
        // The words of all its lines up to a long text's end, and where those stand that the other has not.
        let mut all: Vec<Word<'_>> = Vec::new();
        let mut places: Vec<Range<u32>> = Vec::new();
        for &line in own {
            let (line_words, _) = words(std::iter::once(line));
            if theirs.contains(line) {
                found.common_words += line_words.len() as u64;
            } else {
                found.own_words += line_words.len() as u64;
            }
            if all.len() + line_words.len() > MOST_WORDS {
                found.beginning_only = true;
                continue;
            }
            let start = all.len() as u32;
            all.extend(line_words);
            let end = all.len() as u32;
            if theirs.contains(line) || start == end {
                continue;
            }
            match places.last_mut() {
                Some(last) if last.end == start => last.end = end,
                _ => places.push(start..end),
            }
        }
        places.into_iter().for_each(|place| found.add(Some((place, 0..0)), (&all, &[]), most));
        found
    }

    /// Counts a place, and quotes it if there are not `most` yet.
    fn add(&mut self, place: Option<(Range<u32>, Range<u32>)>, (own, kept): (&[Word<'_>], &[Word<'_>]), most: usize) {
        let Some((at_own, at_kept)) = place else { return };
        self.places += 1;
        if self.first.len() < most {
            let (start, end) = (at_own.start as usize, at_own.end as usize);
            self.first.push(DifferentPlace {
                before: before(own.get(..start).unwrap_or_default()),
                own: excerpt(own.get(start..end).unwrap_or_default()),
                kept: excerpt(kept.get(at_kept.start as usize..at_kept.end as usize).unwrap_or_default()),
                after: after(own.get(end..).unwrap_or_default()),
            });
        }
    }
}

/// The words of these lines, and whether there were too many.
fn words<'t>(lines: impl Iterator<Item = &'t str>) -> (Vec<Word<'t>>, bool) {
    let mut words = Vec::new();
    for line in lines {
        let mut start: Option<usize> = None;
        // A line begins as if after a space.
        let mut spaced = true;
        let mut alone = false;
        for (at, c) in line.char_indices() {
            let class = CharClass::lookup(c);
            let single = class.is_wide() || class.is_stopless();
            let ends = c.is_whitespace() || !unicode_normalization::char::is_combining_mark(c) && (single || alone);
            if let Some(from) = start.filter(|_| ends) {
                words.extend(line.get(from..at).map(|text| Word { text, spaced }));
                (start, spaced) = (None, false);
            }
            if c.is_whitespace() {
                (spaced, alone) = (true, false);
            } else if start.is_none() {
                (start, alone) = (Some(at), single);
            }
        }
        words.extend(start.and_then(|from| line.get(from..)).map(|text| Word { text, spaced }));
        if words.len() > MOST_WORDS {
            words.truncate(MOST_WORDS);
            return (words, true);
        }
    }
    (words, false)
}

/// How many of these words, in this order, take up to so many characters; the characters.
fn fitting<'w, 't: 'w>(words: impl Iterator<Item = &'w Word<'t>>, most: usize) -> usize {
    let mut chars = 0;
    words
        .take_while(|word| {
            let fits = chars < most;
            chars += word.text.chars().count() + usize::from(word.spaced);
            fits && chars <= most.max(1)
        })
        .count()
}

/// Words as they stand, lines and all spaces parted by one space.
fn joined(words: &[Word<'_>]) -> String {
    let mut text = String::new();
    for word in words {
        if word.spaced && !text.is_empty() {
            text.push(' ');
        }
        text.push_str(word.text);
    }
    text
}

/// So many characters of a word that is too long by itself.
fn head(word: &Word<'_>, most: usize) -> String {
    match word.text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", word.text.get(..end).unwrap_or_default()),
        None => word.text.to_owned(),
    }
}

fn before(words: &[Word<'_>]) -> String {
    let fit = fitting(words.iter().rev(), CONTEXT);
    let (cut, shown) = words.split_at(words.len() - fit);
    match (cut, shown) {
        ([], shown) => joined(shown),
        ([.., last], []) => format!("… {}", head(last, CONTEXT)),
        (_, shown) => format!("… {}", joined(shown)),
    }
}

fn after(words: &[Word<'_>]) -> String {
    let fit = fitting(words.iter(), CONTEXT);
    match words.split_at(fit) {
        (shown, []) => joined(shown),
        ([], [first, ..]) => format!("{} …", head(first, CONTEXT)),
        (shown, _) => format!("{} …", joined(shown)),
    }
}

fn excerpt(words: &[Word<'_>]) -> Excerpt {
    let fit = fitting(words.iter(), SHOWN);
    match words.split_at(fit) {
        ([], [first, rest @ ..]) => Excerpt { text: head(first, SHOWN), more_words: rest.len() as u64 },
        (shown, rest) => Excerpt { text: joined(shown), more_words: rest.len() as u64 },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn lines(text: &str) -> Vec<&str> {
        text.lines().collect()
    }

    fn of_words(own: &str, kept: &str) -> Difference {
        Difference::of_words(&lines(own), &lines(kept), 3)
    }

    #[test]
    fn words_are_shown_where_they_differ() {
        let own = "The ferry left the harbour at noon\nand nobody waved, since the fog had not lifted yet over the eastern mole.";
        let found = of_words(own, "The ferry left the harbour at midnight and nobody waved, since the fog had lifted over the eastern mole.");
        assert_eq!((found.common_words, found.own_words, found.kept_words, found.places), (18, 3, 1, 2));
        let first = &found.first[0];
        assert_eq!((first.before.as_str(), first.own.text.as_str()), ("The ferry left the harbour at", "noon"));
        assert_eq!((first.kept.text.as_str(), first.after.as_str()), ("midnight", "and nobody waved, since the fog had not …"));
        // `not lifted yet` against `lifted`: one place.
        assert_eq!((found.first[1].own.text.as_str(), found.first[1].kept.text.as_str()), ("not lifted yet", "lifted"));
        assert_eq!(of_words(own, own), Difference { common_words: 21, ..Difference::default() });
    }

    #[test]
    fn scripts_without_spaces_are_told_apart_by_characters() {
        let found = of_words("今天天气很好，我们去公园。", "今天天气不好，我们去公园。");
        assert_eq!((found.own_words, found.kept_words, found.places), (1, 1, 1));
        let place = &found.first[0];
        assert_eq!((place.before.as_str(), place.own.text.as_str(), place.kept.text.as_str()), ("今天天气", "很", "不"));
        assert_eq!(place.after, "好，我们去公园。");
        // Marks stay with what they stand on.
        let texts: Vec<&str> = words(std::iter::once("ที่นี่ abc東京e\u{301}x")).0.iter().map(|word| word.text).collect();
        assert_eq!(texts, ["ที่", "นี่", "abc", "東", "京", "e\u{301}x"]);
    }

    #[test]
    fn what_is_long_is_cut_and_counted() {
        let own: Vec<String> = (0..1000).map(|n| format!("word{n}")).collect();
        let found = of_words(&format!("one {} two", own.join(" ")), "one two");
        assert_eq!((found.own_words, found.places), (1000, 1));
        let own = &found.first[0].own;
        assert!(own.text.chars().count() <= SHOWN && own.more_words + own.text.split(' ').count() as u64 == 1000, "{own:?}");
        let found = of_words(&"x".repeat(5000), "y");
        assert_eq!(found.first[0].own, Excerpt { text: format!("{}…", "x".repeat(SHOWN)), more_words: 0 });
        let many: String = (0..40).map(|n| format!("same same same same {n} ")).collect();
        let found = of_words(&many, &"same same same same ".repeat(40));
        assert_eq!((found.places, found.first.len()), (40, 3));
    }

    #[test]
    fn covered_documents_show_the_lines_that_are_missing() {
        let own = ["One line of it.", "A second line.", "New here.", "And this.", "The last line."];
        let kept = ["Much more.", "The last line.", "A second line.", "One line of it.", "And so on, and on."];
        let found = Difference::of_lines(&own, &kept, 3);
        assert_eq!((found.common_words, found.own_words, found.kept_words, found.places), (10, 4, 7, 1));
        let place = &found.first[0];
        assert_eq!((place.before.as_str(), place.own.text.as_str()), ("One line of it. A second line.", "New here. And this."));
        assert_eq!(place.after, "The last line.");
    }

    /// A few words over and over, of another order: what makes a plain diff quadratic.
    #[test]
    fn no_text_takes_long() {
        let text = |seed: u32| {
            let mut state = seed;
            let word = |_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                ["a ", "b ", "c "][(state >> 16) as usize % 3]
            };
            (0..MOST_WORDS + 10).map(word).collect::<String>()
        };
        let start = std::time::Instant::now();
        let found = of_words(&text(1), &text(2));
        assert!(found.beginning_only && found.common_words > 0);
        assert!(start.elapsed().as_secs() < 30, "{:?}", start.elapsed());
    }

    proptest! {
        /// Counts add up, whatever is compared, and what is shown is bounded.
        #[test]
        fn counts_are_those_of_the_texts(own in "[ab東 \\n]{0,60}", kept in "[ab東 \\n]{0,60}") {
            let count = |text: &str| words(text.lines()).0.len() as u64;
            let found = of_words(&own, &kept);
            prop_assert_eq!(found.common_words + found.own_words, count(&own));
            prop_assert_eq!(found.common_words + found.kept_words, count(&kept));
            prop_assert_eq!(found.places == 0, found.own_words + found.kept_words == 0);
            let lines = Difference::of_lines(&lines(&own), &lines(&kept), 3);
            prop_assert_eq!(lines.common_words + lines.own_words, count(&own));
        }
    }
}
