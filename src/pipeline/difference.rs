//! How a document that went as a near duplicate, or covered, differs from the one that stays for it: what is no furniture of either.
//!
//! The text of the one that stays is put together again from output and removed log, so that prose of which a copy stays elsewhere is part of
//! it, as it was when the two were compared.

use hashbrown::{HashMap, HashSet};

use super::restore::insert;
use crate::{
    dedup::Difference,
    model::{Reason, Result, lines},
    write::{RemovedFromDocument, RemovedLineText},
};

/// The document that stays: its clean text, what it lost, and the texts of that by number.
#[derive(Clone, Copy, Debug)]
pub struct KeptText<'a> {
    /// Its text in the output.
    pub clean: &'a str,
    /// The lines that it lost.
    pub lost: Option<&'a RemovedFromDocument>,
    /// Their texts.
    pub texts: &'a HashMap<u64, RemovedLineText>,
}

impl KeptText<'_> {
    /// The normalised text.
    ///
    /// # Errors
    /// A log that does not fit the text.
    pub fn whole(&self) -> Result<String> {
        let Some(lost) = self.lost else { return Ok(self.clean.to_owned()) };
        let words = self.texts.iter().map(|(number, text)| (*number, text.text.clone())).collect();
        insert(self.clean, lost, &words)
    }

    /// How a document whose lines these are, furniture left out, differs from it, if it went for this reason; `most` places are shown.
    ///
    /// # Errors
    /// A log that does not fit the text.
    pub fn difference<'t>(&self, reason: &str, own: impl Iterator<Item = &'t str>, most: usize) -> Result<Option<Difference>> {
        let of = match Reason::from_code(reason) {
            Some(Reason::DocumentNear) => Difference::of_words,
            Some(Reason::DocumentCovered) => Difference::of_lines,
            _ => return Ok(None),
        };
        let whole = self.whole()?;
        let gone = self.lost.iter().flat_map(|lost| &lost.lines);
        let furniture: HashSet<u64> = gone.filter(|line| line.r#ref.is_none_or(|number| self.is_furniture(number))).map(|line| line.at).collect();
        let kept = (1_u64..).zip(lines(&whole)).filter(|(at, line)| !furniture.contains(at) && !line.trim().is_empty()).map(|(_, line)| line);
        let (own, kept): (Vec<&str>, Vec<&str>) = (own.collect(), kept.collect());
        Ok(Some(of(&own, &kept, most)))
    }

    fn is_furniture(&self, number: u64) -> bool {
        let reason = self.texts.get(&number).and_then(|text| Reason::from_code(&text.reason));
        reason.is_none_or(Reason::is_furniture)
    }
}
