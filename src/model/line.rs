//! What a line is by itself: how many letters, prose or not, how it ends. LINES.md section 2, "Text of a line".
//!
//! Nothing here looks at other lines, and nothing is learnt from words. Addresses never count.

use unicode_general_category::{GeneralCategory, get_general_category};

use super::{Script, cut_addresses};

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

/// Weight of the shortest prose line: 40 letters where words are spaced, 15 in Han and kana, 30 in Thai.
const PROSE_WEIGHT: u32 = 120;
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
}

impl LineText {
    /// Measures a line (without its line break).
    pub fn of(line: &str) -> LineText {
        let cut = cut_addresses(line);
        let line = cut.as_ref();
        let measures = if line.is_ascii() { ascii_measures(line.as_bytes()) } else { measures(line) };
        let Measures { letters, weight, stopless, separators, hard } = measures;
        let stop = stop_of(line, letters);
        let kind = if letters < 2 {
            Kind::NoLetters
        } else if weight >= PROSE_WEIGHT
            && u64::from(separators) * 12 <= u64::from(letters)
            && (hard || u64::from(stopless) * 2 > u64::from(letters) || has_full_stop(line))
        {
            Kind::Prose
        } else if weight < PROSE_WEIGHT / 2 {
            Kind::Short
        } else {
            Kind::Medium
        };
        LineText { weight, letters, kind, stop }
    }

    /// Prose of 100 letters or more, where words are spaced.
    pub fn is_long_prose(&self) -> bool {
        self.kind == Kind::Prose && self.weight >= LONG_WEIGHT
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Measures {
    letters: u32,
    weight: u32,
    stopless: u32,
    separators: u32,
    hard: bool,
}

fn ascii_measures(line: &[u8]) -> Measures {
    let (mut letters, mut separators, mut hard) = (0_u32, 0_u32, 0_u32);
    for &b in line {
        letters += u32::from(b.is_ascii_alphabetic());
        separators += u32::from(b == b'|' || b == b'>');
        hard += u32::from(b == b'!' || b == b'?');
    }
    Measures { letters, weight: letters.saturating_mul(3), stopless: 0, separators, hard: hard > 0 }
}

fn measures(line: &str) -> Measures {
    let mut m = Measures::default();
    for c in line.chars() {
        if is_letter(c) {
            let units = units(c);
            m.letters += 1;
            m.weight = m.weight.saturating_add(units);
            m.stopless += u32::from(units == 4);
        } else {
            m.separators += u32::from(is_separator(c));
            m.hard |= is_hard_stop(c);
        }
    }
    m
}

/// A letter or a mark.
pub fn is_letter(c: char) -> bool {
    match u32::from(c) {
        0..0x80 => c.is_ascii_alphabetic(),
        0xAA | 0xB5 | 0xBA | 0xC0..=0xD6 | 0xD8..=0xF6 | 0xF8..=0x2C1 => true,
        0x80..=0x2FF => c.is_alphabetic(),
        0x400..=0x481 | 0x48A..=0x52F | 0x3041..=0x3096 | 0x30A1..=0x30FA | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xAC00..=0xD7A3 => true,
        0x2000..=0x206F | 0x3000..=0x3004 | 0xFF00..=0xFF0F => false,
        _ => {
            use GeneralCategory as G;
            matches!(
                get_general_category(c),
                G::UppercaseLetter
                    | G::LowercaseLetter
                    | G::TitlecaseLetter
                    | G::ModifierLetter
                    | G::OtherLetter
                    | G::NonspacingMark
                    | G::SpacingMark
                    | G::EnclosingMark
            )
        }
    }
}

fn units(c: char) -> u32 {
    match u32::from(c) {
        0x3040..=0x30FF | 0x3400..=0x9FFF | 0xF900..=0xFAFF | 0x2_0000..=0x3_FFFF => 8,
        0xE00..=0x10FF if Script::of(c) != Script::Georgian => 4,
        0x1780..=0x17FF => 4,
        _ => 3,
    }
}

fn is_hard_stop(c: char) -> bool {
    matches!(c, '!' | '?' | '…' | '。' | '！' | '？' | '।' | '॥' | '؟' | '۔' | '။' | '།' | '։' | '።' | '｡')
}

fn is_separator(c: char) -> bool {
    matches!(c, '|' | '·' | '»' | '«' | '›' | '‹' | '•' | '►' | '▶' | '▼' | '▲' | '→' | '←' | '¦' | '●' | '■' | '◆' | '>' | '¶' | '│')
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

    #[test]
    fn the_ascii_path_agrees_with_the_general_one() {
        for (line, ..) in CASES {
            if line.is_ascii() {
                assert_eq!(ascii_measures(line.as_bytes()), measures(line), "{line}");
            }
        }
        let all: String = (0_u8..128).map(char::from).collect();
        assert_eq!(ascii_measures(all.as_bytes()), measures(&all));
    }

    #[test]
    fn quick_ranges_agree_with_the_category() {
        use GeneralCategory as G;
        for c in (0x80..0x3_0000).filter_map(char::from_u32) {
            let category = get_general_category(c);
            let want = c.is_alphabetic() && u32::from(c) < 0x300
                || u32::from(c) >= 0x300
                    && matches!(
                        category,
                        G::UppercaseLetter
                            | G::LowercaseLetter
                            | G::TitlecaseLetter
                            | G::ModifierLetter
                            | G::OtherLetter
                            | G::NonspacingMark
                            | G::SpacingMark
                            | G::EnclosingMark
                    );
            assert_eq!(is_letter(c), want, "{c:?} {category:?}");
        }
    }
}
