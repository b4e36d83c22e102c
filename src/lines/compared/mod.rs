//! The compared form of a line: what two copies of a line have in common. Never written out; idempotent; pinned by
//! test vectors, and [`crate::hash::KEY_VERSION`] counts its versions.
//!
//! NFKC, lower case, addresses cut (a link keeps its words; a line that is nothing else keeps its address), spaces
//! to one, trimmed; and for lines that are not prose and have at most 60 characters every run of digits to one `0`.
//! Three paths to one form: most lines are copied in runs ([`runs`]), others a character at a time, the rest by
//! the book.

mod runs;
mod scan;

use std::borrow::Cow;

use unicode_general_category::{GeneralCategory, get_general_category};
use unicode_normalization::{IsNormalized, UnicodeNormalization, char::canonical_combining_class, is_nfkc_quick};

use crate::model::{CharClass, CharTable, Kind, LineText, Measures, PackedMeasures, chunks, cut_addresses, may_hold_address};

/// Weight of the shortest prose line.
const PROSE_WEIGHT: usize = LineText::PROSE_WEIGHT as usize;
/// Characters of the longest line whose digits are folded.
const FOLDED_CHARS: usize = 60;

/// Writes the compared form of `line` to `form` (UTF-8, cleared first) and gives the measures of the line.
pub fn compared_form(line: &str, form: &mut Vec<u8>) -> LineText {
    let Found { measures, digits } = runs::write(line, form).unwrap_or_else(|| {
        let mut text = String::new();
        let found = push_plain(line, &mut text).unwrap_or_else(|| {
            text.clear();
            push_any(line, &mut text);
            Found { measures: LineText::of(line), digits: text.chars().any(is_digit) }
        });
        *form = text.into_bytes();
        found
    });
    if digits {
        fold_digits(line, &measures, form);
    }
    measures
}

/// What is known of a line beside its form, whose digits are not folded yet.
struct Found {
    measures: LineText,
    /// Does the form hold decimal digits?
    digits: bool,
}

/// The form of any line, by the book, its digits not folded yet.
fn push_any(line: &str, form: &mut String) {
    let lower = nfkc(line).to_lowercase();
    let lower = nfkc(&lower);
    let cut = cut_to_end(&lower);
    push_words(cut.as_deref().unwrap_or(&lower), form);
}

fn nfkc(text: &str) -> Cow<'_, str> {
    if is_nfkc_quick(text.chars()) == IsNormalized::Yes { Cow::Borrowed(text) } else { Cow::Owned(text.nfkc().collect()) }
}

/// What the compared form makes of one character, beside its class: the low 21 bits are the character that it becomes.
static FORMS: CharTable = CharTable::new(form_of_char);
const CHAR: u32 = (1 << 21) - 1;
const CLASS: u32 = 21;
/// White space in the form.
const SPACE: u32 = 1 << (CLASS + CharClass::BITS);
/// A mark that normalisation may put before another.
const MARK: u32 = SPACE << 1;
/// What it becomes depends on what stands beside it, or is no single character.
const UNSURE: u32 = MARK << 1;
/// A character that is not ASCII becomes one that is: it may make an address.
const NARROWED: u32 = UNSURE << 1;
/// A decimal digit in the form.
const DIGIT: u32 = NARROWED << 1;
/// The form is the character itself, whatever stands beside it; of spaces U+0020 alone, where no other space is beside it.
const SAME: u32 = DIGIT << 1;

fn form_of_char(c: char) -> u32 {
    let class = CharClass::of(c).to_bits() << CLASS;
    let composed: Vec<char> = std::iter::once(c).nfkc().collect();
    let lower: Vec<char> = composed.iter().collect::<String>().to_lowercase().nfkc().collect();
    let ([first], [last]) = (composed.as_slice(), lower.as_slice()) else { return class | UNSURE };
    let order = canonical_combining_class(c);
    let alone = |c: char| canonical_combining_class(c) == order && is_nfkc_quick(std::iter::once(c)) == IsNormalized::Yes;
    // A capital sigma becomes one of two small ones.
    if !alone(*first) || !alone(*last) || *first == 'Σ' {
        return class | UNSURE;
    }
    let space = if last.is_whitespace() { SPACE } else { 0 };
    let mark = if order != 0 { MARK } else { 0 };
    let narrowed = if last.is_ascii() && !c.is_ascii() && space == 0 { NARROWED } else { 0 };
    let digit = if is_digit(*last) { DIGIT } else { 0 };
    let same = if *last == c && order == 0 && (space == 0 || c == ' ') { SAME } else { 0 };
    u32::from(*last) | class | space | mark | narrowed | digit | same
}

/// The form of a line whose characters each become one character, whatever stands beside them, and the line's measures;
/// `None` (and a head of the form) for others.
///
/// Such a line is what Unicode's quick check calls normalised once each character is (UAX #15, section 9), so no
/// character meets another.
fn push_plain(line: &str, form: &mut String) -> Option<Found> {
    form.reserve(line.len());
    let mut measures = Measures::default();
    let mut seen = 0;
    let mut state = PlainState::default();
    // Where spaces are single and plain, they are characters like others, but for one at the end.
    let any_space = holds_wide_space(line.as_bytes());
    let plain = if any_space { SAME | SPACE } else { SAME };
    for chunk in chunks(line, PackedMeasures::MAX_BYTES) {
        let mut packed = PackedMeasures::default();
        // Characters that stay as they are wait from `copied` on, to be copied together.
        let mut copied = 0;
        for (at, c) in chunk.char_indices() {
            let entry = FORMS.get(c);
            packed.add(CharClass::from_bits(entry >> CLASS));
            seen |= entry;
            if entry & plain == SAME && !state.waits {
                continue;
            }
            form.push_str(chunk.get(copied..at).unwrap_or_default());
            copied = at + c.len_utf8();
            if entry & (SPACE | MARK | UNSURE) == 0 && !state.waits {
                form.push(char::from_u32(entry & CHAR).unwrap_or(c));
            } else if !state.push(c, entry, form) {
                return None;
            }
        }
        form.push_str(chunk.get(copied..).unwrap_or_default());
        measures.take_over(packed);
    }
    form.truncate(form.trim_end_matches(' ').len());
    let address = may_hold_address(line.as_bytes());
    if (address || seen & NARROWED != 0)
        && let Some(cut) = cut_to_end(form)
    {
        form.clear();
        push_words(&cut, form);
    }
    let measures = if address { LineText::of(line) } else { LineText::of_measures(line, &measures) };
    Some(Found { measures, digits: seen & DIGIT != 0 })
}

/// What is remembered between characters, if anything.
#[derive(Default)]
struct PlainState {
    /// Is `space` or `mark` set?
    waits: bool,
    /// White space that stands before the next character.
    space: bool,
    /// The mark just pushed.
    mark: Option<char>,
}

impl PlainState {
    /// Pushes a character that is not simple, or follows one; false where only the book can tell.
    fn push(&mut self, c: char, entry: u32, form: &mut String) -> bool {
        if entry & SPACE != 0 {
            let space = !(form.is_empty() || form.ends_with(' '));
            *self = PlainState { waits: true, space, mark: None };
            return true;
        }
        if entry & UNSURE != 0 && c != '…' {
            return false;
        }
        let mark = (entry & MARK != 0).then_some(c);
        if let (Some(before), Some(here)) = (self.mark, mark)
            && canonical_combining_class(before) > canonical_combining_class(here)
        {
            return false;
        }
        if self.space {
            form.push(' ');
        }
        // A space that was pushed as a character like others is not followed by another.
        *self = PlainState { waits: mark.is_some(), space: false, mark };
        if entry & UNSURE != 0 {
            form.push_str("...");
        } else {
            form.push(char::from_u32(entry & CHAR).unwrap_or(c));
        }
        true
    }
}

/// White space other than single spaces between words?
fn holds_wide_space(line: &[u8]) -> bool {
    let other = line.iter().fold(false, |other, b| other | (*b < 0x20));
    let double = line.iter().zip(line.iter().skip(1)).fold(false, |double, (a, b)| double | (*a == b' ') & (*b == b' '));
    other || double || line.first() == Some(&b' ')
}

/// Cuts addresses until none is left; `None` where there is none, or nothing else.
fn cut_to_end(line: &str) -> Option<String> {
    let mut cut = match cut_addresses(line) {
        Cow::Borrowed(_) => return None,
        Cow::Owned(cut) => cut,
    };
    // One cut can leave what reads as an address again, in text that was made to.
    while let Cow::Owned(again) = cut_addresses(&cut) {
        cut = again;
    }
    cut.chars().any(char::is_alphanumeric).then_some(cut)
}

fn push_words(text: &str, form: &mut String) {
    for word in text.split_whitespace() {
        if !form.is_empty() {
            form.push(' ');
        }
        form.push_str(word);
    }
}

fn fold_digits(line: &str, measures: &LineText, form: &mut Vec<u8>) {
    if form.len() > FOLDED_CHARS * 4 {
        return;
    }
    let Some(text) = std::str::from_utf8(form).ok().filter(|text| text.chars().count() <= FOLDED_CHARS) else { return };
    // The form decides, so that it is its own form. No letter has more weight than three a byte.
    let kind = || if line.is_ascii() { measures.kind } else { LineText::of(text).kind };
    if text.len() * 3 >= PROSE_WEIGHT && kind() == Kind::Prose {
        return;
    }
    let mut folded = String::with_capacity(text.len());
    let mut in_digits = false;
    for c in text.chars() {
        let digit = FORMS.get(c) & DIGIT != 0;
        if !digit {
            folded.push(c);
        } else if !in_digits {
            folded.push('0');
        }
        in_digits = digit;
    }
    form.clear();
    form.extend_from_slice(folded.as_bytes());
}

fn is_digit(c: char) -> bool {
    if c.is_ascii() { c.is_ascii_digit() } else { c.is_numeric() && get_general_category(c) == GeneralCategory::DecimalNumber }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn nfkc_conforms() {
        let (rows, _) = crate::model::normalization_rows::normalization_rows();
        for [source, c, d, kc, kd] in &rows {
            for text in [source, c, d, kc, kd] {
                assert_eq!(nfkc(text), *kc, "{text:?}");
                assert_eq!(form(text), form(source), "{text:?}");
            }
        }
    }

    fn form(line: &str) -> String {
        let mut form = b"left over".to_vec();
        compared_form(line, &mut form);
        String::from_utf8(form).unwrap()
    }

    #[test]
    fn vectors() {
        let cases = [
            ("  Read   MORE ", "read more"),
            ("Comments (17)", "comments (0)"),
            ("٣ تعليقات", "0 تعليقات"),
            ("Ｆｕｌｌ\u{3000}Ｗｉｄｔｈ １２", "full width 0"),
            ("[About us](https://example.org/about?id=3)", "[about us]"),
            ("https://example.org/A1", "https://example.org/a0"),
            (
                "In 1984 the house was sold to a family from the north, who stayed.",
                "in 1984 the house was sold to a family from the north, who stayed.",
            ),
            ("ΟΔΟΣ ﬁn Straße", "οδος fin straße"),
            ("İstanbul", "i\u{307}stanbul"),
        ];
        for (line, want) in cases {
            assert_eq!(form(line), want, "{line}");
        }
    }

    /// The naive twin is the path by the book.
    fn plain_agrees(line: &str) {
        let (mut runs, mut plain, mut any) = (b"left over".to_vec(), String::new(), String::new());
        push_any(line, &mut any);
        let in_runs = runs::write(line, &mut runs).map(|found| (found, runs));
        let plain = push_plain(line, &mut plain).map(|found| (found, plain.into_bytes()));
        for (found, form) in [in_runs, plain].into_iter().flatten() {
            assert_eq!(found.measures, LineText::of(line), "{line:?}");
            // Digits that were cut with an address may count.
            assert!(found.digits || !any.chars().any(is_digit), "{line:?}");
            assert_eq!(String::from_utf8(form).unwrap(), any, "{line:?}");
        }
    }

    #[test]
    fn most_lines_are_folded_in_runs() {
        for line in [
            "Read MORE 12",
            "İstanbul… ™",
            "Σαν",
            "他说，（好）",
            "Ünïcode – “Quoted”",
            "Привет, Мир",
            "東京タワー。",
            "ข้อความภาษาไทย",
            "हिन्दी में",
            "안녕하세요",
            "😀 Smile",
        ] {
            assert!(runs::write(line, &mut Vec::new()).is_some(), "{line}");
        }
    }

    #[test]
    fn every_plain_character_agrees_with_the_book() {
        for c in '\0'..=char::MAX {
            plain_agrees(&c.to_string());
            plain_agrees(&format!("a{c}b"));
            plain_agrees(&format!("か{c}\u{3000}é"));
            plain_agrees(&format!("İ{c}Σ{c}\u{323}"));
            plain_agrees(&format!("\u{64b}{c}…"));
        }
    }

    #[test]
    fn wide_addresses_agree_with_the_book() {
        for line in ["write to me＠example.org today", "see ｗｗｗ.example.org today", "see http：／／example.org today", "a ］（b） c", "wｗ"]
        {
            plain_agrees(line);
        }
        assert_eq!(form("write to me＠example.org today"), "write to today");
    }

    #[test]
    fn sigma_agrees_with_the_book() {
        // Before every character that may follow it: a capital sigma hangs on what stands there.
        for c in ('\0'..='\u{2100}').chain(['\u{3b1}', '東']) {
            for d in [' ', '.', 'α', 'Σ'] {
                plain_agrees(&format!("του Δ.Σ{c}{d} και"));
            }
        }
    }

    proptest! {
        #[test]
        fn plain_text_agrees_with_the_book(line in "([a-zA-Z0-9 .@:/()\\[\\]ｗ．＠：İ™№ΣéÀа-яА-ЯёЁα-ω東京か゛กّ\u{a0}\u{3000}！ｗ…]|http://|www\\.|\\]\\(){0,40}") {
            plain_agrees(&line);
        }

        #[test]
        fn is_idempotent(line in "([a-zA-Z0-9 .!?|@:/()\\[\\]wW\u{a0}\u{3000}ﬁİßⅣｗ．＠é\u{301}ข我٣]|http://|www\\.|\\]\\(){0,90}") {
            let once = form(&line);
            prop_assert_eq!(form(&once), once);
        }

        #[test]
        fn any_text_is_idempotent(line in "\\PC{0,80}") {
            let once = form(&line);
            prop_assert_eq!(form(&once), once);
        }
    }
}
