//! The serial step: outcomes in document order become rows of the output, the removed log and the quarantine.
//!
//! Integers and look-ups only. Numbers of removed texts are given in the order in which texts first went, so they
//! depend on nothing but the input.

use std::collections::BTreeMap;

use hashbrown::{HashMap, HashSet};
use serde_json::value::RawValue;

use super::clean::{CleanBlock, Fate, Outcome, RemovedText};
use crate::{
    config::RemovedLog,
    decode::StepCounts,
    model::{Counts, DocId, Result, SiteTally},
    report::Fault,
    write::{FRAME_BYTES, Frame, FrameBuilder, KeptDocument, RemovedDocument, RemovedFromDocument, RemovedLineAt, RemovedLineText, json_row},
};

/// Where a frame belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Destination {
    /// Clean documents.
    Data,
    /// What went from documents, and documents that went.
    Documents,
    /// Texts that went.
    Lines,
    /// Records that could not be read.
    Quarantine,
}

/// Faults that are shown one by one.
const SHOWN_FAULTS: usize = 10;

/// The state of the serial step.
pub struct Settler<'a> {
    source_names: &'a [String],
    log: RemovedLog,
    wanted: HashSet<DocId>,
    kept_ids: HashMap<DocId, String>,
    refs: HashMap<u128, usize>,
    /// Texts that went, by number.
    pub texts: Vec<RemovedLineText>,
    /// All sums.
    pub counts: Counts,
    /// Wrapping sum of the keys of the normalised texts.
    pub key_sum: u128,
    /// Sums of normalisations.
    pub steps: StepCounts,
    /// Sums by site.
    pub sites: BTreeMap<String, SiteTally>,
    /// The first faults.
    pub faults: Vec<Fault>,
    data: FrameBuilder,
    documents: FrameBuilder,
    quarantine: FrameBuilder,
}

/// Frames that are ready to be compressed and written.
pub type Frames = Vec<(Destination, Frame)>;

impl<'a> Settler<'a> {
    /// A settler; `wanted` are the documents that stay in place of others, `kept_ids` their ids as far as they are known.
    pub fn new(source_names: &'a [String], log: RemovedLog, part_bytes: u64, wanted: Vec<DocId>, kept_ids: HashMap<DocId, String>) -> Settler<'a> {
        Settler {
            source_names,
            log,
            wanted: wanted.into_iter().collect(),
            kept_ids,
            refs: HashMap::new(),
            texts: Vec::new(),
            counts: Counts::default(),
            key_sum: 0,
            steps: StepCounts::default(),
            sites: BTreeMap::new(),
            faults: Vec::new(),
            data: FrameBuilder::new(FRAME_BYTES, part_bytes),
            documents: FrameBuilder::new(FRAME_BYTES, part_bytes),
            quarantine: FrameBuilder::new(FRAME_BYTES, part_bytes),
        }
    }

    /// Settles the next block in order.
    ///
    /// # Errors
    /// Where a row cannot be written as JSON.
    pub fn block(&mut self, block: CleanBlock, frames: &mut Frames) -> Result<()> {
        self.counts.merge(&block.counts);
        self.key_sum = self.key_sum.wrapping_add(block.key_sum);
        self.steps.add(&block.steps);
        for (site, tally) in block.sites {
            let sum = self.sites.entry(site).or_default();
            sum.input.add(&tally.input);
            sum.output.add(&tally.output);
        }
        let mut rows = block.rows.as_slice();
        for outcome in block.outcomes {
            if let Fate::Stays { row_bytes, text_bytes, .. } = &outcome.fate {
                let (row, rest) = rows.split_at_checked(*row_bytes).unwrap_or((rows, &[]));
                rows = rest;
                frames.extend(self.data.push(row, *text_bytes).map(|f| (Destination::Data, f)));
            }
            self.outcome(outcome, frames)?;
        }
        Ok(())
    }

    fn outcome(&mut self, outcome: Outcome, frames: &mut Frames) -> Result<()> {
        let Outcome { id, raw_id, fate } = outcome;
        let source = self.source_names.get(id.source as usize).cloned().unwrap_or_default();
        let mut row = Vec::new();
        match fate {
            Fate::Stays { removed, .. } => {
                if self.wanted.contains(&id) {
                    self.kept_ids.insert(id, raw_id.clone());
                }
                if removed.is_empty() {
                    return Ok(());
                }
                let mut here = HashSet::new();
                let lines = removed
                    .into_iter()
                    .map(|line| {
                        let kept = line.text.as_ref().and_then(|t| t.kept);
                        RemovedLineAt { line: line.line, r#ref: line.text.map(|text| self.number(text, &mut here)), at: line.at, kept }
                    })
                    .collect();
                if self.log == RemovedLog::None {
                    return Ok(());
                }
                json_row(&RemovedFromDocument { id: raw(raw_id)?, source, position: id.position, lines }, &mut row)?;
                frames.extend(self.documents.push(&row, row.len() as u64).map(|f| (Destination::Documents, f)));
            }
            Fate::Goes { reason, kept, text, record } => {
                if self.log == RemovedLog::None {
                    return Ok(());
                }
                let kept = match kept {
                    None => None,
                    Some(kept) => Some(KeptDocument {
                        id: self.kept_ids.get(&kept).cloned().map(raw).transpose()?,
                        source: self.source_names.get(kept.source as usize).cloned().unwrap_or_default(),
                        position: kept.position,
                    }),
                };
                let record = record.map(raw).transpose()?;
                let reason = reason.code().to_owned();
                let entry = RemovedDocument { id: raw(raw_id)?, source, position: id.position, reason, kept, similarity: None, text, record };
                json_row(&entry, &mut row)?;
                frames.extend(self.documents.push(&row, row.len() as u64).map(|f| (Destination::Documents, f)));
            }
            Fate::Unreadable { cause, message, row } => {
                if self.faults.len() < SHOWN_FAULTS
                    && self.faults.last().is_none_or(|f| (f.source.as_str(), f.position) != (source.as_str(), id.position))
                {
                    self.faults.push(Fault { source, position: id.position, cause, message });
                }
                frames.extend(self.quarantine.push(&row, row.len() as u64).map(|f| (Destination::Quarantine, f)));
            }
        }
        Ok(())
    }

    /// The number of a removed text; counts this copy.
    fn number(&mut self, text: RemovedText, here: &mut HashSet<u128>) -> u64 {
        let next = self.texts.len();
        let number = *self.refs.entry(text.key).or_insert(next);
        if number == next {
            self.texts.push(RemovedLineText {
                r#ref: number as u64 + 1,
                text: text.text,
                reason: text.reason.code().into(),
                scope: text.reason.scope().code().into(),
                count: 0,
                pages: 0,
                lang: text.lang.to_string(),
                kept: None,
            });
        }
        if let Some(entry) = self.texts.get_mut(number) {
            entry.count += 1;
            entry.pages += u64::from(here.insert(text.key));
        }
        number as u64 + 1
    }

    /// The frames that are left, the texts that went among them.
    ///
    /// # Errors
    /// Where a row cannot be written as JSON.
    pub fn finish(&mut self, frames: &mut Frames) -> Result<()> {
        for (builder, destination) in
            [(&mut self.data, Destination::Data), (&mut self.documents, Destination::Documents), (&mut self.quarantine, Destination::Quarantine)]
        {
            let last = std::mem::replace(builder, FrameBuilder::new(FRAME_BYTES, u64::MAX)).finish();
            frames.extend(last.map(|f| (destination, f)));
        }
        if self.log == RemovedLog::None {
            return Ok(());
        }
        let mut lines = FrameBuilder::new(FRAME_BYTES, u64::MAX);
        for text in &self.texts {
            let mut row = Vec::new();
            match self.log {
                RemovedLog::Full => json_row(text, &mut row)?,
                RemovedLog::Ids | RemovedLog::None => json_row(&text.clone().without_text(), &mut row)?,
            }
            frames.extend(lines.push(&row, row.len() as u64).map(|f| (Destination::Lines, f)));
        }
        frames.extend(lines.finish().map(|f| (Destination::Lines, f)));
        Ok(())
    }
}

fn raw(json: String) -> Result<Box<RawValue>> {
    RawValue::from_string(json).map_err(|e| crate::model::Error::conservation(format!("a value that was read as JSON is none: {e}")))
}
