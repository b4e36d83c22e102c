//! What scraping and printing did to lines: words cut at a line's end, lines of one symbol, and how many words there are.
//!
//! Lines are those of the normalised text that are not blank, with their numbers. Linear in the text; nothing is learnt from words.

use crate::model::{Kind, LineText, Script};

/// A line as it is looked at.
#[derive(Clone, Copy, Debug)]
pub struct LaidLine<'a> {
    /// The line.
    pub text: &'a str,
    /// Its number in the text; one more than that of the line before where no blank line stands between.
    pub number: usize,
    /// Its characters.
    pub chars: u32,
}

/// Lines of the same length in a row from which on it is the length that cut them.
const SAME_LENGTH: usize = 3;
/// Characters of the shortest such line.
const LEAST_CUT: u32 = 20;

/// The lines (by their place in `lines`) that end in the middle of a word: at a hyphen after a letter, or, of three lines and more of the same
/// length, at a letter, and the next line begins with a small letter.
pub fn cut_lines<'a, L: Iterator<Item = LaidLine<'a>> + Clone>(lines: L, mut each: impl FnMut(usize)) {
    let mut same = 0;
    let mut waiting: Vec<usize> = Vec::new();
    let mut last: Option<LaidLine<'a>> = None;
    let nexts = lines.clone().skip(1).map(Some).chain([None]);
    for (place, (line, next)) in lines.zip(nexts).enumerate() {
        let is_next_to = |other: &LaidLine<'_>, line: &LaidLine<'_>| line.number == other.number + 1;
        if last.is_some_and(|last| last.chars == line.chars && is_next_to(&last, &line)) {
            same += 1;
        } else {
            waiting.clear();
            same = 1;
        }
        last = Some(line);
        let goes_on = next.filter(|next| is_next_to(&line, next) && next.text.starts_with(char::is_lowercase));
        if goes_on.is_some() {
            let mut ends = line.text.chars().rev();
            match ends.next() {
                Some('-' | '\u{2010}') if ends.next().is_some_and(char::is_alphabetic) => each(place),
                // In other scripts there are no small letters that would tell.
                Some(end) if line.chars >= LEAST_CUT && end.is_alphabetic() && has_case(end) => waiting.push(place),
                _ => {}
            }
        }
        if same >= SAME_LENGTH {
            waiting.drain(..).for_each(&mut each);
        }
    }
}

fn has_case(c: char) -> bool {
    matches!(Script::of(c), Script::Latin | Script::Greek | Script::Cyrillic | Script::Armenian)
}

/// Is it one symbol, three times or more?
pub fn is_symbol_line(line: &str, measures: &LineText) -> bool {
    if measures.kind != Kind::NoLetters {
        return false;
    }
    let mut marks = line.chars().filter(|c| !c.is_whitespace());
    let Some(first) = marks.next().filter(|c| !c.is_alphanumeric()) else { return false };
    let mut n = 1;
    marks.all(|c| {
        n += 1;
        c == first
    }) && n >= 3
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<usize> {
        let lines: Vec<LaidLine<'_>> = text
            .lines()
            .enumerate()
            .filter(|(_, text)| !text.is_empty())
            .map(|(number, text)| LaidLine { text, number, chars: text.chars().count() as u32 })
            .collect();
        let mut found = Vec::new();
        cut_lines(lines.iter().copied(), |place| found.push(place));
        found
    }

    #[test]
    fn words_cut_at_the_end_of_a_line() {
        for (text, want) in [
            ("the docu-\nment is one", &[0][..]),
            ("the docu-\n\nment is one", &[]),
            ("the docu-\nMent is one", &[]),
            ("pages 10-\nof twelve", &[]),
            ("two words\nof one line", &[]),
            // At the same length each time.
            ("a text that was put in\nto lines of the same l\nength, one as long as \nanother", &[0, 1]),
            ("a text that was put in\nto lines of the same l\nength and one as long a\ns another", &[]),
            ("a text that was put in\nto lines of the same l\nength and one as long \nas another line was th\nen", &[0, 1, 3]),
            ("one\nof\nthe\nold\nand\nfew", &[]),
        ] {
            assert_eq!(cut(text), want, "{text}");
        }
    }

    #[test]
    fn lines_of_one_symbol() {
        let is = |line: &str| is_symbol_line(line, &LineText::of(line));
        for line in ["---", "* * *", "=========", "…………", "___", "###"] {
            assert!(is(line), "{line}");
        }
        for line in ["--", "+-+-+", "aaa", "111", "", "-- a --", "1 - 2"] {
            assert!(!is(line), "{line}");
        }
    }
}
