//! The compared form of a line whose spaces are single and which holds no address: most lines of any script.
//!
//! Runs of characters that stay as they are, but for ASCII capitals, are copied together, and ASCII is made small and
//! measured sixteen bytes at a time; only what is not ASCII is looked up, one table entry a character. Lines in which
//! characters meet others in a way that only the book can tell are left to the other paths.

use unicode_normalization::char::canonical_combining_class;

use super::{
    CHAR, CLASS, DIGIT, FORMS, Found, MARK, NARROWED, SAME, SPACE, UNSURE,
    scan::{Scan, lower_ascii},
};
use crate::model::{CharClass, LineText, Measures, PackedMeasures, ascii_run, code_of, may_hold_address};

/// Writes the form of `line` to `form` (cleared first), digits not folded yet; `None` (and anything in `form`) for lines that
/// are not of this kind.
pub(super) fn write(line: &str, form: &mut Vec<u8>) -> Option<Found> {
    let Scan { wide_space, address, mut digits, ascii, mut measures } = lower_ascii(line, form);
    if wide_space || address {
        return None;
    }
    if !ascii {
        let of_ascii = measures;
        digits |= match fold_in_place(line.as_bytes(), form, &mut measures) {
            Some(digits) => digits,
            None => {
                measures = of_ascii;
                form.clear();
                let digits = fold_others(line, form, &mut measures)?;
                form.make_ascii_lowercase();
                digits
            }
        };
    }
    if form.last() == Some(&b' ') {
        form.pop();
    }
    Some(Found { measures: LineText::of_measures(line, &measures), digits })
}

/// Folds what is not ASCII in a form that is still the line but for ASCII, and adds it to the measures; is a digit among it? `None` where a
/// character becomes a longer or shorter one, or what only [`fold_others`] looks at.
fn fold_in_place(line: &[u8], form: &mut [u8], measures: &mut Measures) -> Option<bool> {
    let mut sums = PackedMeasures::default();
    let (mut counts, mut seen) = (ClassCounts::default(), 0);
    let (mut at, mut counted, mut taken_over) = (0, 0, 0);
    // Where the last mark ends, and its class.
    let mut mark = (0, 0);
    loop {
        let rest = line.get(at..)?;
        let start = at;
        match rest {
            [] => break,
            // A space between words, mostly.
            [0..0x80, 0x80..=0xFF, ..] => at += 1,
            [0..0x80, ..] => at += ascii_run(rest).max(1),
            [0xC2..0xE0, ..] => {
                for [a, b] in rest.as_chunks::<2>().0.iter().take(RUN) {
                    if a.wrapping_sub(0xC2) >= 0x1E {
                        break;
                    }
                    let entry = FORMS.get_code(u32::from(a & 0x1F) << 6 | u32::from(b & 0x3F));
                    if entry & SAME == 0 {
                        break;
                    }
                    counts.add(entry);
                    seen |= entry;
                    at += 2;
                }
            }
            [0xE0..0xF0, ..] => {
                for [a, b, c] in rest.as_chunks::<3>().0.iter().take(RUN) {
                    if a & 0xF0 != 0xE0 {
                        break;
                    }
                    let entry = FORMS.get_code(u32::from(a & 0x0F) << 12 | u32::from(b & 0x3F) << 6 | u32::from(c & 0x3F));
                    if entry & SAME == 0 {
                        break;
                    }
                    counts.add(entry);
                    seen |= entry;
                    at += 3;
                }
            }
            _ => {}
        }
        if at == start {
            let (code, len) = code_of(rest)?;
            let entry = FORMS.get_code(code);
            if entry & SAME == 0 {
                change(code, entry, at..at + len, form, &mut mark)?;
            }
            counts.add(entry);
            seen |= entry;
            at += len;
        }
        if at - counted > RUN {
            counts.drain_into(&mut sums);
            counted = at;
            if at - taken_over > PackedMeasures::MAX_BYTES / 2 {
                measures.take_over(std::mem::take(&mut sums));
                taken_over = at;
            }
        }
    }
    counts.drain_into(&mut sums);
    measures.take_over(sums);
    measures.hard |= CharClass::from_bits(seen >> CLASS).is_hard();
    Some(seen & DIGIT != 0)
}

/// Characters of a run that are folded without a look at the counts, which hold 255 of a class.
const RUN: usize = 96;

/// Characters of each of the eight classes, eight bits each.
#[derive(Default)]
struct ClassCounts(u64);

impl ClassCounts {
    /// Counts the character with this entry.
    #[inline(always)]
    fn add(&mut self, entry: u32) {
        self.0 += 1 << (entry >> (CLASS - 3) & 0x38);
    }

    fn drain_into(&mut self, sums: &mut PackedMeasures) {
        let counts = std::mem::take(&mut self.0).to_le_bytes();
        (0..).zip(counts).for_each(|(class, count)| sums.add_many(CharClass::from_bits(class), count.into()));
    }
}

/// Changes the character with this code, which stands `at` its place, to what it becomes; `None` where it does not stay as long, or only
/// the book can tell.
fn change(code: u32, entry: u32, at: std::ops::Range<usize>, form: &mut [u8], mark: &mut (usize, u8)) -> Option<()> {
    if entry & (SPACE | UNSURE | NARROWED) != 0 {
        return None;
    }
    if entry & MARK != 0 {
        let class = canonical_combining_class(char::from_u32(code)?);
        if mark.0 == at.start && mark.1 > class {
            return None;
        }
        *mark = (at.end, class);
    }
    let small = char::from_u32(entry & CHAR)?;
    if small.len_utf8() != at.len() {
        return None;
    }
    small.encode_utf8(form.get_mut(at)?);
    Some(())
}

/// Writes the form, ASCII capitals as they are, and adds what is not ASCII to the measures; is a digit among it?
fn fold_others(line: &str, form: &mut Vec<u8>, measures: &mut Measures) -> Option<bool> {
    let bytes = line.as_bytes();
    let mut packed = PackedMeasures::default();
    let (mut at, mut taken_over, mut seen) = (0, 0, 0);
    // What stays as it is waits from here on.
    let mut copied = 0;
    // Where the last mark ends, and its class.
    let mut mark = (0, 0);
    while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
        let ascii = ascii_run(rest);
        if ascii > 0 {
            at += ascii;
            continue;
        }
        let (code, len) = code_of(rest)?;
        let c = char::from_u32(code)?;
        let entry = FORMS.get(c);
        packed.add(CharClass::from_bits(entry >> CLASS));
        seen |= entry;
        if entry & SAME == 0 {
            form.extend_from_slice(bytes.get(copied..at)?);
            copied = at + len;
            if entry & (SPACE | UNSURE) != 0 {
                let (expansion, class) = expansion(c, bytes.get(copied..)?)?;
                form.extend_from_slice(expansion.as_bytes());
                mark = (copied, class);
            } else {
                form.extend_from_slice(char::from_u32(entry & CHAR)?.encode_utf8(&mut [0; 4]).as_bytes());
            }
            if entry & MARK != 0 {
                let class = canonical_combining_class(c);
                if mark.0 == at && mark.1 > class {
                    return None;
                }
                mark = (copied, class);
            }
        }
        at += len;
        if at - taken_over > PackedMeasures::MAX_BYTES - 4 {
            measures.take_over(std::mem::take(&mut packed));
            taken_over = at;
        }
    }
    form.extend_from_slice(bytes.get(copied..)?);
    measures.take_over(packed);
    // What became ASCII may make an address.
    (seen & NARROWED == 0 || !may_hold_address(form)).then_some(seen & DIGIT != 0)
}

/// What characters become that become several or hang on what follows, and the class of a mark at the end.
fn expansion(c: char, after: &[u8]) -> Option<(&'static str, u8)> {
    match c {
        // Before a letter it is not the last of its word.
        'Σ' if code_of(after).is_some_and(|(code, _)| matches!(code, 0x391..=0x3A1 | 0x3A3..=0x3A9 | 0x3B1..=0x3C9)) => Some(("σ", 0)),
        '…' => Some(("...", 0)),
        '™' => Some(("tm", 0)),
        '№' => Some(("no", 0)),
        'İ' => Some(("i\u{307}", 230)),
        _ => None,
    }
}
