//! A removed text that something on the page shows: its head, and what the log says of it.

use super::examples::LINE_CHARS;
use crate::{
    report::html::Sample,
    write::{KeptLine, RemovedLineText},
};

/// A removed text, cut to the most that is shown of any.
#[derive(Debug)]
pub struct ShownText {
    /// Why it went.
    pub reason: String,
    /// How many lines.
    pub count: u64,
    /// From how many documents.
    pub pages: u64,
    /// The copy that stays.
    pub kept: Option<KeptLine>,
    sample: Option<Sample>,
}

impl ShownText {
    /// The text of an entry of the log.
    pub fn of(text: RemovedLineText) -> ShownText {
        let sample = (!text.text.is_empty()).then(|| Sample::new(&text.text, LINE_CHARS).in_language(&text.lang));
        ShownText { reason: text.reason, count: text.count, pages: text.pages, kept: text.kept, sample }
    }

    /// Its head; nothing where the log holds no texts.
    pub fn sample(&self, most: usize) -> Option<Sample> {
        self.sample.as_ref().map(|sample| sample.cut(most))
    }
}
