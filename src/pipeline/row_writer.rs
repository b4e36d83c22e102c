//! Rendered blocks, in order, to frames of the files that they belong to, with the sums of all blocks.

use std::collections::BTreeMap;

use super::{output::Destination, render::Rendered, settle::Settler};
use crate::{
    config::RemovedLog,
    model::{Counts, Result, SiteTally},
    write::{FRAME_BYTES, Frame, FrameBuilder, json_row},
};

/// Gathers rows into frames.
#[derive(Debug)]
pub struct RowWriter {
    data: FrameBuilder,
    documents: FrameBuilder,
    quarantine: FrameBuilder,
    /// Frames that are ready to be compressed and written.
    pub frames: Vec<(Destination, Frame)>,
    /// All sums.
    pub counts: Counts,
    /// Sums by site.
    pub sites: BTreeMap<String, SiteTally>,
    /// Wrapping sum of the keys of the normalised texts.
    pub key_sum: u128,
}

impl RowWriter {
    /// Nothing yet; parts of the data end at `part_bytes` bytes of text.
    pub fn new(part_bytes: u64) -> RowWriter {
        let builder = || FrameBuilder::new(FRAME_BYTES, part_bytes);
        RowWriter {
            data: builder(),
            documents: builder(),
            quarantine: builder(),
            frames: Vec::new(),
            counts: Counts::default(),
            sites: BTreeMap::new(),
            key_sum: 0,
        }
    }

    /// Adds the next block.
    pub fn add(&mut self, block: Rendered) {
        self.counts.merge(&block.counts);
        self.key_sum = self.key_sum.wrapping_add(block.key_sum);
        for (site, tally) in &block.sites {
            match self.sites.get_mut(site) {
                Some(sum) => sum.add(tally),
                None => drop(self.sites.insert(site.clone(), *tally)),
            }
        }
        for (builder, rows, destination) in [
            (&mut self.data, block.data, Destination::Data),
            (&mut self.documents, block.documents, Destination::Documents),
            (&mut self.quarantine, block.quarantine, Destination::Quarantine),
        ] {
            self.frames.extend(builder.push_all(rows.bytes, &rows.lengths).into_iter().map(|f| (destination, f)));
        }
    }

    /// The frames that are left, the texts that went among them.
    ///
    /// # Errors
    /// Where a row cannot be written as JSON.
    pub fn finish(&mut self, settled: &Settler<'_>, log: RemovedLog) -> Result<()> {
        for (builder, destination) in
            [(&mut self.data, Destination::Data), (&mut self.documents, Destination::Documents), (&mut self.quarantine, Destination::Quarantine)]
        {
            let last = std::mem::replace(builder, FrameBuilder::new(FRAME_BYTES, u64::MAX)).finish();
            self.frames.extend(last.map(|f| (destination, f)));
        }
        if log == RemovedLog::None {
            return Ok(());
        }
        let mut lines = FrameBuilder::new(FRAME_BYTES, u64::MAX);
        let mut row = Vec::new();
        for number in 0..settled.texts.len() {
            let Some(text) = settled.texts.get(number, &settled.kept)? else { break };
            row.clear();
            match log {
                RemovedLog::Full => json_row(&text, &mut row)?,
                RemovedLog::Ids | RemovedLog::None => json_row(&text.without_text(), &mut row)?,
            }
            self.frames.extend(lines.push(&row, row.len() as u64).map(|f| (Destination::Lines, f)));
        }
        self.frames.extend(lines.finish().map(|f| (Destination::Lines, f)));
        Ok(())
    }
}
