//! The named changes of text that stays, a line at a time. Clean text is borrowed and costs one look at its bytes.
//!
//! NFC comes before runs of spaces are looked at, since whether a line is
//! prose may depend on it: so the whole is idempotent, and spaces do not compose, so the text is in NFC at the end.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

use super::{
    characters::{is_bidi_control, is_control, is_exotic_space, is_inherited_mark, is_right_to_left, is_zero_width, stays},
    mark::first_mark,
    mojibake::{Repairs, repair},
    normal::{MARK, TOUCHED, UNSURE, doubts, is_composed, is_normal, needs},
    step::{Step, StepCounts, Steps},
};
use crate::model::{Kind, LineText, lines};

/// How often mojibake may come to light anew.
const TIMES: usize = 4;

/// Applies the steps that are switched on.
#[derive(Clone, Copy, Debug)]
pub struct Normalizer {
    steps: Steps,
}

/// A normalised text.
#[derive(Debug)]
pub struct Normalized<'a> {
    /// Lines parted by LF, without one at the end (unless blank lines are left alone).
    pub text: Cow<'a, str>,
    /// For each line its number in the input, from 1; empty where no blank line was dropped.
    numbers: Vec<u32>,
    was_normal: bool,
    repairs: Option<Box<Repairs>>,
}

/// For each line of a normalised text its number in the input, from 1; empty where no blank line was dropped.
#[derive(Clone, Debug, Default)]
pub struct LineNumbers(Vec<u32>);

impl LineNumbers {
    /// Number, from 1, of line `line` (from 0) in the text that came in, once its line ends are LF.
    pub fn number(&self, line: usize) -> u64 {
        self.0.get(line).map_or(line as u64 + 1, |n| u64::from(*n))
    }
}

impl Normalized<'_> {
    /// Was there nothing to do, but for a line break at the end? Then [`Normalizer::keep`] does as much.
    pub fn was_normal(&self) -> bool {
        self.was_normal
    }

    /// The mojibake that was repaired, if any was.
    pub fn repairs(&mut self) -> Option<Box<Repairs>> {
        self.repairs.take()
    }

    /// The numbers of its lines.
    pub fn numbers(&mut self) -> LineNumbers {
        LineNumbers(std::mem::take(&mut self.numbers))
    }
}

impl Normalizer {
    /// A normaliser of these steps.
    pub fn new(steps: Steps) -> Normalizer {
        Normalizer { steps }
    }

    /// Normalises a text; adds the changes to `counts`.
    pub fn normalize<'a>(&self, text: &'a str, counts: &mut StepCounts) -> Normalized<'a> {
        let kept = self.keep(text);
        if is_normal(&kept.text) {
            return kept;
        }
        let mut normalized = self.normalize_by_line(text, counts);
        normalized.was_normal = matches!(normalized.text, Cow::Borrowed(_)) && normalized.text.len() == kept.text.len();
        normalized
    }

    /// A text that is known to be normal ([`Normalized::was_normal`]): nothing is looked at.
    pub fn keep<'a>(&self, text: &'a str) -> Normalized<'a> {
        let body = if self.steps.contains(Step::BlankLines) { text.strip_suffix('\n').unwrap_or(text) } else { text };
        Normalized { text: Cow::Borrowed(body), numbers: Vec::new(), was_normal: true, repairs: None }
    }

    /// The same, step by step.
    pub(super) fn normalize_by_line<'a>(&self, text: &'a str, counts: &mut StepCounts) -> Normalized<'a> {
        let mut normalized = self.normalize_once(text, counts);
        // What goes between two characters may make them mojibake.
        for _ in 0..TIMES {
            if matches!(normalized.text, Cow::Borrowed(_)) || !self.steps.contains(Step::Mojibake) || first_mark(&normalized.text, 0).is_none() {
                break;
            }
            let mut more = StepCounts::default();
            let again = self.normalize_once(&normalized.text, &mut more);
            let Some(repairs) = again.repairs else { break };
            counts.add(&more);
            let before = LineNumbers(normalized.numbers);
            let lines = lines(&again.text).count();
            let after = LineNumbers(again.numbers);
            let number = |line: usize| u32::try_from(before.number(usize::try_from(after.number(line)).unwrap_or(1) - 1)).unwrap_or(u32::MAX);
            let numbers = if before.0.is_empty() && after.0.is_empty() { Vec::new() } else { (0..lines).map(number).collect() };
            normalized.repairs.get_or_insert_default().add(&repairs);
            normalized.numbers = numbers;
            normalized.text = Cow::Owned(again.text.into_owned());
        }
        normalized
    }

    fn normalize_once<'a>(&self, text: &'a str, counts: &mut StepCounts) -> Normalized<'a> {
        let mut repairs = Repairs::default();
        let mut changed = if self.steps.contains(Step::Mojibake) { repair(text, &mut repairs) } else { Cow::Borrowed(text) };
        if self.steps.contains(Step::LineEnds)
            && let Cow::Owned(ended) = line_ends(&changed, counts)
        {
            changed = Cow::Owned(ended);
        }
        let mut normalized = match changed {
            Cow::Borrowed(text) => self.lines(text, counts),
            Cow::Owned(text) => {
                let Normalized { text: out, numbers, .. } = self.lines(&text, counts);
                Normalized { text: Cow::Owned(out.into_owned()), numbers, was_normal: false, repairs: None }
            }
        };
        counts.count(Step::Mojibake, repairs.lines());
        normalized.repairs = (repairs.lines() > 0).then(|| Box::new(repairs));
        normalized
    }

    fn lines<'a>(&self, text: &'a str, counts: &mut StepCounts) -> Normalized<'a> {
        let drop_blank = self.steps.contains(Step::BlankLines);
        // `out` begins with the first difference; until then the result is a head of `text`.
        let mut out: Option<String> = None;
        let mut clean = 0;
        let mut numbers: Vec<u32> = Vec::new();
        let mut blank: Option<u32> = None;
        let (mut any, mut dropped, mut kept_lines) = (false, 0_u64, 0_u32);
        let mut start = 0;
        for (line, number) in lines(text).zip(1_u32..) {
            let here = start;
            start += line.len() + 1;
            let line = self.line(line, counts);
            let is_blank = line.bytes().all(|b| b == b' ' || b == b'\t');
            if drop_blank && is_blank {
                if !any || blank.is_some() {
                    dropped += 1;
                } else {
                    blank = Some(number);
                }
                continue;
            }
            let changed = matches!(line, Cow::Owned(_));
            let waiting = blank.take();
            let in_place = out.is_none() && !changed && dropped == 0 && !(waiting.is_some() && blank_has_text(text, here));
            if in_place {
                clean = here + line.len();
            } else {
                let out = out.get_or_insert_with(|| text.get(..clean).unwrap_or_default().to_owned());
                if any {
                    out.push('\n');
                }
                if waiting.is_some() {
                    out.push('\n');
                }
                out.push_str(&line);
            }
            if dropped > 0 && numbers.is_empty() {
                numbers.extend(1..=kept_lines);
            }
            if let Some(waiting) = waiting {
                kept_lines += 1;
                if dropped > 0 {
                    numbers.push(waiting);
                }
            }
            kept_lines += 1;
            if dropped > 0 {
                numbers.push(number);
            }
            any = true;
        }
        dropped += u64::from(blank.is_some());
        // The line after a final line break is no blank line that somebody wrote.
        let ends = u64::from(drop_blank && text.ends_with('\n')).min(dropped) + u64::from(drop_blank && text.is_empty()).min(dropped);
        counts.count(Step::BlankLines, dropped - ends);
        let text = match out {
            Some(out) => Cow::Owned(out),
            None => Cow::Borrowed(text.get(..clean).unwrap_or_default()),
        };
        Normalized { text, numbers, was_normal: false, repairs: None }
    }

    /// One line, without its line break.
    fn line<'a>(&self, line: &'a str, counts: &mut StepCounts) -> Cow<'a, str> {
        let doubts = doubts(line);
        let mut text = Cow::Borrowed(line);
        if doubts.characters {
            let needs = needs(line);
            if needs & TOUCHED != 0 {
                self.characters(&mut text, counts);
            }
            // What goes between two characters may make them meet.
            if needs & (UNSURE | MARK) != 0 && self.steps.contains(Step::Nfc) && !is_composed(&text, 0) {
                let composed: String = text.nfc().collect();
                if composed != *text {
                    counts.count(Step::Nfc, 1);
                    text = Cow::Owned(composed);
                }
            }
        }
        let double = doubts.double_space || matches!(text, Cow::Owned(_)) && text.contains("  ");
        if double && self.steps.contains(Step::SpaceRuns) && LineText::of(&text).kind == Kind::Prose {
            let single = single_spaces(&text, counts);
            if let Some(single) = single {
                text = Cow::Owned(single);
            }
        }
        if self.steps.contains(Step::TrailingSpace) && text.ends_with([' ', '\t']) {
            counts.count(Step::TrailingSpace, 1);
            let end = text.trim_end_matches([' ', '\t']).len();
            match &mut text {
                Cow::Owned(text) => text.truncate(end),
                Cow::Borrowed(text) => return Cow::Owned(text.get(..end).unwrap_or_default().to_owned()),
            }
        }
        text
    }

    /// Spaces, controls and zero-width characters, in one walk.
    fn characters(&self, text: &mut Cow<'_, str>, counts: &mut StepCounts) {
        let [spaces, controls, zero_width] = [Step::Spaces, Step::Controls, Step::ZeroWidth].map(|s| self.steps.contains(s));
        // Nothing goes that a right-to-left script in the line needs for its order.
        let directed = controls && text.chars().any(is_bidi_control) && text.chars().any(is_right_to_left);
        let goes = |c: char| controls && (is_control(c) || is_bidi_control(c) && !directed);
        let touched = |c: char| spaces && is_exotic_space(c) || goes(c) || zero_width && is_zero_width(c);
        if !text.chars().any(touched) {
            return;
        }
        let mut out = String::with_capacity(text.len());
        let mut before: Option<char> = None;
        let mut flagged = false;
        let mut changed = false;
        for (at, c) in text.char_indices() {
            if spaces && is_exotic_space(c) {
                counts.count(Step::Spaces, 1);
                changed = true;
                out.push(' ');
                before = Some(' ');
                flagged = false;
            } else if goes(c) {
                counts.count(Step::Controls, 1);
                changed = true;
            } else if zero_width && is_zero_width(c) {
                // The next character that will be there; an exotic space will be a space, which needs as little.
                let after = text.get(at..).into_iter().flat_map(str::chars).find(|n| !is_zero_width(*n) && !goes(*n));
                if stays(c, before, after, flagged) {
                    out.push(c);
                } else {
                    counts.count(Step::ZeroWidth, 1);
                    changed = true;
                }
            } else {
                out.push(c);
                if !is_inherited_mark(c) {
                    before = Some(c);
                }
                flagged = c == '\u{1f3f4}';
            }
        }
        if changed {
            *text = Cow::Owned(out);
        }
    }
}

/// Does the blank line before the line at `start` hold spaces, so that it is not an empty line already?
fn blank_has_text(text: &str, start: usize) -> bool {
    start >= 2 && text.as_bytes().get(start - 2) != Some(&b'\n')
}

fn line_ends<'a>(text: &'a str, counts: &mut StepCounts) -> Cow<'a, str> {
    let bytes = text.as_bytes();
    if memchr::memchr3(b'\r', 0xB, 0xC, bytes).is_none() && (text.is_ascii() || !has_separators(bytes)) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' => {
                counts.count(Step::LineEnds, 1);
                if chars.peek() == Some(&'\n') {
                    chars.next();
                }
                out.push('\n');
            }
            '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => {
                counts.count(Step::LineEnds, 1);
                out.push('\n');
            }
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// NEL, U+2028 or U+2029?
fn has_separators(bytes: &[u8]) -> bool {
    [&b"\xc2\x85"[..], b"\xe2\x80\xa8", b"\xe2\x80\xa9"].iter().any(|end| memchr::memmem::find(bytes, end).is_some())
}

/// Runs of spaces between two other characters to one; `None` where there is none.
fn single_spaces(line: &str, counts: &mut StepCounts) -> Option<String> {
    let body = line.trim_start_matches(' ');
    let indent = line.len() - body.len();
    let end = body.trim_end_matches(' ').len();
    let (inner, tail) = body.split_at_checked(end)?;
    if !inner.contains("  ") {
        return None;
    }
    let mut out = String::with_capacity(line.len());
    out.push_str(line.get(..indent)?);
    let mut runs = 0;
    let mut spaces = 0;
    for c in inner.chars() {
        spaces = if c == ' ' { spaces + 1 } else { 0 };
        if spaces == 2 {
            runs += 1;
        }
        if spaces < 2 {
            out.push(c);
        }
    }
    out.push_str(tail);
    counts.count(Step::SpaceRuns, runs);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::normalization_rows::normalization_rows;
    use proptest::prelude::*;
    use unicode_general_category::{GeneralCategory, get_general_category};

    fn normal(text: &str) -> (String, StepCounts) {
        let mut counts = StepCounts::default();
        let text = Normalizer::new(Steps::all()).normalize(text, &mut counts).text.into_owned();
        (text, counts)
    }

    #[test]
    fn nfc_conforms() {
        let only_nfc = Normalizer::new(Steps::none().with(Step::Nfc));
        let nfc = |text: &str| only_nfc.normalize(text, &mut StepCounts::default()).text.into_owned();
        let (rows, singles) = normalization_rows();
        for [source, c, d, kc, kd] in &rows {
            for (text, want) in [(source, c), (c, c), (d, c), (kc, kc), (kd, kc)] {
                assert_eq!(nfc(text), *want, "{text:?}");
                // Where it stands does not matter.
                assert_eq!(nfc(&format!("a line\nä{text}. 字\n")), format!("a line\nä{want}. 字\n").nfc().collect::<String>(), "{text:?}");
            }
        }
        // What the file does not list normalises to itself, if it was assigned then; no character is assigned that this version lists not.
        for c in ('\u{a1}'..='\u{323af}').filter(|c| !singles.is_empty() && !singles.contains(c)) {
            let age_may_be_later = get_general_category(c) == GeneralCategory::Unassigned;
            assert!(age_may_be_later || nfc(&c.to_string()) == c.to_string(), "{c:?}");
        }
    }

    const PROSE: &str = "A line  that is\u{a0}\u{a0}long enough to be prose and that ends with a full stop.";

    #[test]
    fn each_step_has_its_effect_its_switch_and_its_count() {
        let cases = [
            (Step::Mojibake, "voilÃ\u{a0} l’Ã©tÃ©\nété", "voilà l’été\nété", 1),
            (Step::LineEnds, "a\r\nb\rc\u{b}d\u{c}e\u{2028}f\u{2029}g\u{85}h", "a\nb\nc\nd\ne\nf\ng\nh", 7),
            (Step::Spaces, "a\u{a0}b\u{3000}c\u{2009}d", "a b c d", 3),
            (Step::Controls, "a\0b\u{7f}c\u{ad}d\u{200e}e\tf\u{81}", "abcde\tf", 5),
            (Step::ZeroWidth, "a\u{200b}b\u{feff}c\u{200d}d", "abcd", 3),
            (Step::Nfc, "e\u{301} \u{212b}", "é Å", 1),
            (Step::TrailingSpace, "a \t\nb", "a\nb", 1),
            (Step::BlankLines, "\n\na\n\n \nb\n\n", "a\n\nb", 4),
        ];
        for (step, text, want, n) in cases {
            let (got, counts) = normal(text);
            assert_eq!(got, want, "{step:?}");
            assert_eq!(counts.get(step), n, "{step:?}");
            let mut counts = StepCounts::default();
            let without = Normalizer::new(Steps::none()).normalize(text, &mut counts).text.into_owned();
            assert_eq!((without.as_str(), counts), (text, StepCounts::default()), "{step:?}");
        }
        assert_eq!(normal(PROSE).0, "A line that is long enough to be prose and that ends with a full stop.");
        assert_eq!(normal("no  prose").0, "no  prose");
    }

    #[test]
    fn scripts_keep_what_they_need() {
        for text in [
            "می\u{200c}خواهم",
            "क\u{94d}\u{200d}ष",
            "👩\u{200d}🚀",
            "❤\u{fe0f}",
            "🏴\u{e0067}\u{e0062}\u{e007f}",
            "ไทย\u{200b}ไทย",
            "葛\u{e0100}",
            "שלום\u{200e} (a)",
        ] {
            assert_eq!(normal(text).0, text, "{text:?}");
        }
    }

    #[test]
    fn clean_text_is_borrowed_and_numbers_are_those_of_the_input() {
        let mut counts = StepCounts::default();
        let normalizer = Normalizer::new(Steps::all());
        let mut clean = normalizer.normalize("Привет\n\nworld é 中\n", &mut counts);
        assert!(matches!(clean.text, Cow::Borrowed(_)));
        assert_eq!((clean.numbers().number(2), counts), (3, StepCounts::default()));
        let mut gaps = normalizer.normalize("\n\na\n\n\n\nb\nc", &mut counts);
        assert_eq!(gaps.text, "a\n\nb\nc");
        let numbers = gaps.numbers();
        assert_eq!([0, 1, 2, 3].map(|l| numbers.number(l)), [3, 4, 7, 8]);
    }

    proptest! {
        #[test]
        fn is_idempotent(text in "([a-c .!\t\r\n\u{b}\u{a0}\u{3000}\u{2028}\u{85}\u{200b}-\u{200f}\u{fe0f}\u{feff}\u{ad}e\u{301}\u{327}Ã©â€™Ð\u{bd}\u{80}\u{92}\u{958}\u{93c}का👩🚀🏴\u{e0067}\u{e007f}ไ\u{340}\u{212b}Å]|long words of letters here ){0,60}") {
            let (once, _) = normal(&text);
            let (twice, counts) = normal(&once);
            prop_assert_eq!(&twice, &once);
            prop_assert_eq!(counts, StepCounts::default());
        }
    }
}
