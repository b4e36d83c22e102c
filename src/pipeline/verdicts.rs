//! What a read that judged lines leaves for one that writes: which lines go and why, and in which languages they are.
//!
//! One row of bytes a block, document after document in its order. What cannot be noted (a document of more languages than a byte counts) or read
//! back is judged again, with the same result.

use crate::{
    hash::Numbers,
    langid::DocumentLanguage,
    lines::{Kept, Removal, Removals},
    model::{Lang, Reason, Scope},
};

/// What the rules said of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The lines that go.
    pub removals: Removals,
    /// The language of each line; none without an engine.
    pub langs: Vec<Lang>,
    /// The document's language.
    pub language: DocumentLanguage,
}

/// The document was not judged, or not noted.
const NOT_NOTED: u8 = 0;
const NOTED: u8 = 1;
const WITH_LANGUAGES: u8 = 2;

/// Ways in which a copy stays, for each reason.
const WAYS: usize = 4;

impl Verdict {
    /// Appends a document's verdict; `None` for one that was not judged.
    pub fn write(verdict: Option<&Verdict>, out: &mut Vec<u8>) {
        let Some(Verdict { removals, langs, language }) = verdict else { return out.push(NOT_NOTED) };
        let mut table: Vec<Lang> = Vec::new();
        let start = out.len();
        out.push(if langs.is_empty() { NOTED } else { WITH_LANGUAGES });
        write_lang(language.lang, out);
        out.extend_from_slice(&language.permille.to_le_bytes());
        out.extend_from_slice(&u32::try_from(removals.len()).unwrap_or(u32::MAX).to_le_bytes());
        for removal in removals {
            let Some(Removal { reason, kept }) = removal else {
                out.push(0);
                continue;
            };
            let (way, here) = match kept {
                Kept::Nothing => (0, None),
                Kept::Here(first) => (1, Some(*first)),
                Kept::First(Scope::Site) => (2, None),
                Kept::First(_) => (3, None),
            };
            let reason = Reason::ALL.iter().position(|other| other == reason).unwrap_or(0);
            out.push(u8::try_from(1 + reason * WAYS + way).unwrap_or(u8::MAX));
            out.extend(here.iter().flat_map(|first| u32::try_from(*first).unwrap_or(u32::MAX).to_le_bytes()));
        }
        for lang in langs {
            let place = table.iter().position(|other| other == lang).unwrap_or_else(|| {
                table.push(*lang);
                table.len() - 1
            });
            let Ok(place) = u8::try_from(place) else {
                out.truncate(start);
                return out.push(NOT_NOTED);
            };
            out.push(place);
        }
        if !langs.is_empty() {
            out.push(u8::try_from(table.len() - 1).unwrap_or(u8::MAX));
            table.iter().for_each(|lang| write_lang(*lang, out));
        }
    }
}

fn write_lang(lang: Lang, out: &mut Vec<u8>) {
    out.push(u8::try_from(lang.as_str().len()).unwrap_or(0));
    out.extend_from_slice(lang.as_str().as_bytes());
}

/// Reads a block's verdicts, document after document.
#[derive(Debug)]
pub struct Verdicts<'v>(Numbers<'v>);

impl<'v> Verdicts<'v> {
    /// Of a block's bytes.
    pub fn of(bytes: &'v [u8]) -> Verdicts<'v> {
        Verdicts(Numbers(bytes))
    }

    /// The next document's, if it was noted.
    pub fn next_document(&mut self) -> Option<Verdict> {
        let found = self.read();
        if found.is_none() && self.0.0.first() != Some(&NOT_NOTED) {
            // What does not read back leaves nothing to read on by.
            self.0 = Numbers(&[]);
        } else if found.is_none() {
            self.0.take::<1>();
        }
        found
    }

    fn read(&mut self) -> Option<Verdict> {
        let mut numbers = self.0;
        let [tag] = numbers.take()?;
        if tag != NOTED && tag != WITH_LANGUAGES {
            return None;
        }
        let lang = read_lang(&mut numbers)?;
        let language = DocumentLanguage { lang, permille: u16::from_le_bytes(numbers.take()?) };
        let lines = u32::from_le_bytes(numbers.take()?) as usize;
        let mut removals = Removals::with_capacity(lines.min(numbers.0.len()));
        for _ in 0..lines {
            let [code] = numbers.take()?;
            let Some(code) = usize::from(code).checked_sub(1) else {
                removals.push(None);
                continue;
            };
            let reason = *Reason::ALL.get(code / WAYS)?;
            let kept = match code % WAYS {
                0 => Kept::Nothing,
                1 => Kept::Here(u32::from_le_bytes(numbers.take()?) as usize),
                2 => Kept::First(Scope::Site),
                _ => Kept::First(Scope::Corpus),
            };
            removals.push(Some(Removal { reason, kept }));
        }
        let mut langs = Vec::new();
        if tag == WITH_LANGUAGES {
            let (places, rest) = numbers.0.split_at_checked(lines)?;
            numbers = Numbers(rest);
            let [last] = numbers.take()?;
            let table = (0..=last).map(|_| read_lang(&mut numbers)).collect::<Option<Vec<Lang>>>()?;
            langs = places.iter().map(|place| table.get(usize::from(*place)).copied()).collect::<Option<Vec<Lang>>>()?;
        }
        self.0 = numbers;
        Some(Verdict { removals, langs, language })
    }
}

fn read_lang(numbers: &mut Numbers<'_>) -> Option<Lang> {
    let [len] = numbers.take()?;
    let (lang, rest) = numbers.0.split_at_checked(usize::from(len))?;
    numbers.0 = rest;
    Lang::parse(std::str::from_utf8(lang).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn removal() -> impl Strategy<Value = Option<Removal>> {
        let kept =
            prop_oneof![Just(Kept::Nothing), (0_usize..9999).prop_map(Kept::Here), Just(Kept::First(Scope::Site)), Just(Kept::First(Scope::Corpus))];
        prop::option::of((0..Reason::ALL.len(), kept).prop_map(|(reason, kept)| Removal { reason: Reason::ALL[reason], kept }))
    }

    fn lang(n: u16) -> Lang {
        match n {
            0 => Lang::UND,
            n => Lang::parse(&format!("q{}{}", char::from(b'a' + (n / 26) as u8), char::from(b'a' + (n % 26) as u8))).unwrap(),
        }
    }

    fn verdict() -> impl Strategy<Value = Option<Verdict>> {
        let lines = prop::collection::vec((removal(), 0_u16..9), 0..20);
        prop::option::weighted(0.8, (lines, 0_u16..9, 0_u16..=1000, any::<bool>())).prop_map(|verdict| {
            verdict.map(|(lines, of, permille, told)| Verdict {
                removals: lines.iter().map(|(removal, _)| *removal).collect(),
                langs: lines.iter().filter(|_| told).map(|(_, n)| lang(*n)).collect(),
                language: DocumentLanguage { lang: lang(of), permille },
            })
        })
    }

    #[test]
    fn more_languages_than_a_byte_counts_are_judged_again() {
        let langs: Vec<Lang> = (0..257).map(lang).collect();
        let many = Verdict { removals: vec![None; 257], langs, language: DocumentLanguage { lang: Lang::MUL, permille: 9 } };
        let few = Verdict { removals: vec![None; 256], langs: many.langs[..256].to_vec(), ..many.clone() };
        let mut bytes = Vec::new();
        [&few, &many, &few].iter().for_each(|verdict| Verdict::write(Some(verdict), &mut bytes));
        let mut verdicts = Verdicts::of(&bytes);
        assert_eq!([(); 4].map(|()| verdicts.next_document()), [Some(few.clone()), None, Some(few), None]);
    }

    proptest! {
        #[test]
        fn verdicts_read_back(all in prop::collection::vec(verdict(), 0..8), cut: prop::sample::Index) {
            let mut bytes = Vec::new();
            all.iter().for_each(|verdict| Verdict::write(verdict.as_ref(), &mut bytes));
            let mut verdicts = Verdicts::of(&bytes);
            for verdict in &all {
                prop_assert_eq!(&verdicts.next_document(), verdict);
            }
            prop_assert_eq!(verdicts.next_document(), None);
            // Cut ones are none, and no panic.
            let mut verdicts = Verdicts::of(&bytes[..cut.index(bytes.len() + 1)]);
            for verdict in &all {
                let found = verdicts.next_document();
                prop_assert!(found.is_none() || found == *verdict);
            }
        }
    }
}
