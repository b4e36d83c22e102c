//! Records that could not be read, as a read that writes meets them: counted, put in a row of the quarantine, the first of them shown.

use super::document::{Decoder, Unreadable};
use crate::{
    model::{Cause, Counts, DocId},
    report::Fault,
};

/// Faults that are shown one by one.
const SHOWN_FAULTS: usize = 10;

/// A record that could not be read.
#[derive(Debug)]
pub struct RecordFault {
    /// Its place.
    pub id: DocId,
    /// Why.
    pub cause: Cause,
    /// In words.
    pub message: String,
    /// The row for the quarantine.
    pub row: Vec<u8>,
}

impl RecordFault {
    /// A record that could not be read, counted.
    pub fn of(unreadable: Unreadable<'_>, decoder: &Decoder<'_>, counts: &mut Counts) -> RecordFault {
        let mut row = Vec::new();
        let source = decoder.source_name(unreadable.id.source);
        let (cause, message) = (unreadable.cause, unreadable.message);
        crate::write::quarantine_row(source, unreadable.id.position, cause, &message, unreadable.part, unreadable.bytes, &mut row);
        counts.bytes += unreadable.bytes.len() as u64;
        if unreadable.part.is_none_or(|(part, _)| part == 0) {
            counts.records += 1;
            *counts.quarantined.entry(cause).or_default() += 1;
        }
        RecordFault { id: unreadable.id, cause, message, row }
    }

    /// Adds it to the faults that are shown one by one, if there are not too many of them.
    pub fn show(&self, decoder: &Decoder<'_>, shown: &mut Vec<Fault>) {
        let source = decoder.source_name(self.id.source);
        let is_part = shown.last().is_some_and(|last| (last.source.as_str(), last.position) == (source, self.id.position));
        if shown.len() < SHOWN_FAULTS && !is_part {
            shown.push(Fault { source: source.to_owned(), position: self.id.position, cause: self.cause, message: self.message.clone() });
        }
    }
}
