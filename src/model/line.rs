//! What a line is by itself: how many letters, prose or not, how it ends. LINES.md section 2, "Text of a line".
//!
//! Nothing here looks at other lines, and nothing is learnt from words. Addresses never count.

use super::{Measures, char_class::is_hard_stop, cut_addresses, is_letter};

/// The lines of a text, at LF alone: one more than it holds LFs.
pub fn lines(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let Some(end) = memchr::memchr(b'\n', text.as_bytes()) else {
            rest = None;
            return Some(text);
        };
        rest = text.get(end + 1..);
        text.get(..end)
    })
}

/// How a line reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Fewer than two letters.
    NoLetters,
    /// Below half a prose line.
    Short,
    /// Longer, but not prose.
    Medium,
    /// Running text.
    Prose,
}

/// How a line ends, closing quotes and brackets skipped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stop {
    /// None of the below.
    None,
    /// `:`, `;`, `,` and their wide forms.
    Pause,
    /// A sentence stop.
    Sentence,
    /// Three points.
    Ellipsis,
}

/// Weight from which prose is long: 100 letters where words are spaced.
const LONG_WEIGHT: u32 = 300;

/// The measures of one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineText {
    /// Letters in units of a third: 3 a letter or mark, 8 in Han and kana, 4 in Thai, Lao, Burmese and Khmer.
    pub weight: u32,
    /// Letters and marks.
    pub letters: u32,
    /// How it reads.
    pub kind: Kind,
    /// How it ends.
    pub stop: Stop,
    /// Is its first letter a small one?
    pub starts_lower: bool,
}

impl LineText {
    /// Weight of the shortest prose line: 40 letters where words are spaced, 15 in Han and kana, 30 in Thai.
    pub const PROSE_WEIGHT: u32 = 120;

    /// Measures a line (without its line break).
    pub fn of(line: &str) -> LineText {
        let cut = cut_addresses(line);
        LineText::of_measures(&cut, &Measures::of(&cut))
    }

    /// The same from the measures of a line that holds no address.
    pub fn of_measures(line: &str, measures: &Measures) -> LineText {
        let Measures { letters, weight, stopless, separators, hard } = *measures;
        let stop = stop_of(line, letters);
        let kind = if letters < 2 {
            Kind::NoLetters
        } else if weight >= LineText::PROSE_WEIGHT
            && u64::from(separators) * 12 <= u64::from(letters)
            && (hard || u64::from(stopless) * 2 > u64::from(letters) || has_full_stop(line))
        {
            Kind::Prose
        } else if weight < LineText::PROSE_WEIGHT / 2 {
            Kind::Short
        } else {
            Kind::Medium
        };
        let starts_lower = line.chars().find(|c| is_letter(*c)).is_some_and(char::is_lowercase);
        LineText { weight, letters, kind, stop, starts_lower }
    }

    /// Prose of 100 letters or more, where words are spaced.
    pub fn is_long_prose(&self) -> bool {
        self.kind == Kind::Prose && self.weight >= LONG_WEIGHT
    }
}

fn is_closing(c: char) -> bool {
    matches!(c, '"' | '\'' | '»' | '”' | '’' | ')' | ']' | '」' | '』' | '】' | '）' | '*' | '_' | '“' | '›')
}

fn is_dot_closing(c: char) -> bool {
    matches!(c, '"' | '\'' | '»' | '”' | '’' | ')' | ']' | '*' | '_')
}

/// A full stop after two letters or digits (closing marks between allowed) and before white space or the end.
fn has_full_stop(line: &str) -> bool {
    memchr::memchr_iter(b'.', line.as_bytes()).any(|dot| is_full_stop(line, dot))
}

fn is_full_stop(line: &str, dot: usize) -> bool {
    let after = line.get(dot + 1..).unwrap_or_default().chars().take(8).find(|c| !is_dot_closing(*c));
    if after.is_some_and(|c| !c.is_whitespace()) {
        return false;
    }
    let mut before = line.get(..dot).unwrap_or_default().chars().rev().take(10).skip_while(|c| is_dot_closing(*c));
    before.next().is_some_and(char::is_alphanumeric) && before.next().is_some_and(char::is_alphanumeric)
}

fn stop_of(line: &str, letters: u32) -> Stop {
    let body = line.trim_end().trim_end_matches(is_closing).trim_end();
    let Some(last) = body.chars().next_back() else { return Stop::None };
    if is_hard_stop(last) || last == '.' && letters >= 2 && (body.ends_with("...") || is_full_stop(body, body.len() - 1)) {
        if last == '…' || body.ends_with("...") { Stop::Ellipsis } else { Stop::Sentence }
    } else if matches!(last, ':' | '：' | ';' | '；' | ',' | '，' | '、') {
        Stop::Pause
    } else {
        Stop::None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CASES: &[(&str, Kind, Stop)] = &[
        ("", Kind::NoLetters, Stop::None),
        ("* * *", Kind::NoLetters, Stop::None),
        ("12. 3", Kind::NoLetters, Stop::None),
        ("Advertisement", Kind::Short, Stop::None),
        ("Loading...", Kind::Short, Stop::Ellipsis),
        ("Parameters:", Kind::Short, Stop::Pause),
        ("New in version 3.2.", Kind::Short, Stop::None),
        ("Deprecated.", Kind::Short, Stop::Sentence),
        ("A sentence that is long enough to be prose and ends with a stop.", Kind::Prose, Stop::Sentence),
        ("A sentence that is long enough to be prose and ends in “quotes.”", Kind::Prose, Stop::Sentence),
        ("A heading that is long enough to be prose but has no stop at all", Kind::Medium, Stop::None),
        ("Home | News | Sport | Weather | Culture | Travel | Contact us. And more! | About", Kind::Medium, Stop::None),
        ("see http://example.org/a.long.address.with.stops/and/many/letters/in/it.html", Kind::Short, Stop::None),
        ("これは十五文字よりも長い文章なので散文です。", Kind::Prose, Stop::Sentence),
        ("短い見出し", Kind::Short, Stop::None),
        ("ข้อความภาษาไทยที่ยาวพอจะเป็นร้อยแก้วและไม่มีเครื่องหมายจบประโยค", Kind::Prose, Stop::None),
        ("Генеральный секретарь ШОС встретился с партийным руководством провинции Хубэй", Kind::Medium, Stop::None),
    ];

    #[test]
    fn kinds_and_stops() {
        for (line, kind, stop) in CASES {
            let text = LineText::of(line);
            assert_eq!((text.kind, text.stop), (*kind, *stop), "{line}: {text:?}");
        }
    }
}
