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

    /// The lines of its [`KeptText::whole`] that are no furniture.
    pub fn residue<'t>(&self, whole: &'t str) -> Vec<&'t str> {
        let gone = self.lost.iter().flat_map(|lost| &lost.lines);
        let furniture: HashSet<u64> = gone.filter(|line| line.r#ref.is_none_or(|number| self.is_furniture(number))).map(|line| line.at).collect();
        (1_u64..).zip(lines(whole)).filter(|(at, line)| !furniture.contains(at) && !line.trim().is_empty()).map(|(_, line)| line).collect()
    }

    fn is_furniture(&self, number: u64) -> bool {
        let reason = self.texts.get(&number).and_then(|text| Reason::from_code(&text.reason));
        reason.is_none_or(Reason::is_furniture)
    }
}

/// How a document differs from the one that stays for it, if it went for this reason; both are given by their lines that are no furniture, and
/// `most` places are shown.
pub fn difference(reason: &str, own: &[&str], kept: &[&str], most: usize) -> Option<Difference> {
    match Reason::from_code(reason) {
        Some(Reason::DocumentNear) => Some(Difference::of_words(own, kept, most)),
        Some(Reason::DocumentCovered) => Some(Difference::of_lines(own, kept, most)),
        _ => None,
    }
}
