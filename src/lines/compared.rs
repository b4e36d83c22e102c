//! The compared form of a line: what two copies of a line have in common. Never written out; idempotent; pinned by
//! test vectors, and [`crate::hash::KEY_VERSION`] counts its versions.
//!
//! NFKC, lower case, addresses cut (a link keeps its words; a line that is nothing else keeps its address), spaces
//! to one, trimmed; and for lines that are not prose and have at most 60 characters every run of digits to one `0`.

use std::borrow::Cow;

use unicode_general_category::{GeneralCategory, get_general_category};
use unicode_normalization::{IsNormalized, UnicodeNormalization, char::canonical_combining_class, is_nfkc_quick};

use crate::model::{CharClass, CharTable, Kind, LineText, Measures, PackedMeasures, chunks, cut_addresses, may_hold_address};

/// Weight of the shortest prose line.
const PROSE_WEIGHT: usize = LineText::PROSE_WEIGHT as usize;
/// Characters of the longest line whose digits are folded.
const FOLDED_CHARS: usize = 60;

/// Writes the compared form of `line` to `form` (cleared first) and gives the measures of the line.
pub fn compared_form(line: &str, form: &mut String) -> LineText {
    form.clear();
    let plain = if line.is_ascii() { push_ascii(line, form) } else { push_plain(line, form) };
    let PlainForm { measures, digits } = plain.unwrap_or_else(|| {
        form.clear();
        push_any(line, form);
        PlainForm { measures: LineText::of(line), digits: form.chars().any(is_digit) }
    });
    if digits && form.len() <= FOLDED_CHARS * 4 {
        fold_digits(line, &measures, form);
    }
    measures
}

/// What is known of a line whose form was found without the book.
struct PlainForm {
    measures: LineText,
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

/// The form of a line of ASCII with single spaces and no address; `None` (and anything in `form`) for others.
fn push_ascii(line: &str, form: &mut String) -> Option<PlainForm> {
    if holds_wide_space(line.as_bytes()) || may_hold_address(line.as_bytes()) {
        return None;
    }
    form.push_str(line.strip_suffix(' ').unwrap_or(line));
    form.make_ascii_lowercase();
    let digits = line.bytes().fold(false, |digits, b| digits | b.is_ascii_digit());
    Some(PlainForm { measures: LineText::of_measures(line, &Measures::of_ascii(line.as_bytes())), digits })
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
fn push_plain(line: &str, form: &mut String) -> Option<PlainForm> {
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
    Some(PlainForm { measures, digits: seen & DIGIT != 0 })
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

fn fold_digits(line: &str, measures: &LineText, form: &mut String) {
    if form.chars().take(FOLDED_CHARS + 1).count() > FOLDED_CHARS {
        return;
    }
    // The form decides, so that it is its own form. No letter has more weight than three a byte.
    let kind = || if line.is_ascii() { measures.kind } else { LineText::of(form).kind };
    if form.len() * 3 >= PROSE_WEIGHT && kind() == Kind::Prose {
        return;
    }
    let mut folded = String::with_capacity(form.len());
    let mut in_digits = false;
    for c in form.chars() {
        let digit = FORMS.get(c) & DIGIT != 0;
        if !digit {
            folded.push(c);
        } else if !in_digits {
            folded.push('0');
        }
        in_digits = digit;
    }
    *form = folded;
}

fn is_digit(c: char) -> bool {
    if c.is_ascii() { c.is_ascii_digit() } else { c.is_numeric() && get_general_category(c) == GeneralCategory::DecimalNumber }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn form(line: &str) -> String {
        let mut form = String::from("left over");
        compared_form(line, &mut form);
        form
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
        let (mut plain, mut any) = (String::new(), String::new());
        let known = if line.is_ascii() { push_ascii(line, &mut plain) } else { push_plain(line, &mut plain) };
        if let Some(known) = known {
            assert_eq!(known.measures, LineText::of(line), "{line:?}");
            push_any(line, &mut any);
            assert_eq!(plain, any, "{line:?}");
        }
    }

    #[test]
    fn every_plain_character_agrees_with_the_book() {
        for c in '\0'..=char::MAX {
            plain_agrees(&c.to_string());
            plain_agrees(&format!("a{c}b"));
            plain_agrees(&format!("か{c}\u{3000}é"));
        }
    }

    proptest! {
        #[test]
        fn plain_text_agrees_with_the_book(line in "([a-zA-Z0-9 .@:/()\\[\\]éÀа-яА-ЯёЁα-ω東京か゛กّ\u{a0}\u{3000}！ｗ…]|http://|www\\.|\\]\\(){0,40}") {
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
