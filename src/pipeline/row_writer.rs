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
    lines: FrameBuilder,
    /// The next text that went, by its number.
    next_text: usize,
    /// Frames that are ready to be compressed and written.
    pub frames: Vec<(Destination, Frame)>,
    /// All sums.
    pub counts: Counts,
    /// Sums by site.
    pub sites: BTreeMap<String, SiteTally>,
}

impl RowWriter {
    /// Nothing yet; parts of the data end at `part_bytes` bytes of text.
    pub fn new(part_bytes: u64) -> RowWriter {
        let builder = || FrameBuilder::new(FRAME_BYTES, part_bytes);
        RowWriter {
            data: builder(),
            documents: builder(),
            quarantine: builder(),
            lines: FrameBuilder::new(FRAME_BYTES, u64::MAX),
            next_text: 0,
            frames: Vec::new(),
            counts: Counts::default(),
            sites: BTreeMap::new(),
        }
    }

    /// Adds the next block.
    pub fn add(&mut self, block: Rendered) {
        self.counts.merge(&block.counts);
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

    /// The clean documents so far as a frame, full or not.
    pub fn flush(&mut self) {
        self.frames.extend(self.data.flush().map(|frame| (Destination::Data, frame)));
    }

    /// The frames that are left of documents and quarantine.
    pub fn finish(&mut self) {
        for (builder, destination) in
            [(&mut self.data, Destination::Data), (&mut self.documents, Destination::Documents), (&mut self.quarantine, Destination::Quarantine)]
        {
            let last = std::mem::replace(builder, FrameBuilder::new(FRAME_BYTES, u64::MAX)).finish();
            self.frames.extend(last.map(|f| (destination, f)));
        }
    }

    /// The next texts that went, until a frame of them is full; false after the last.
    ///
    /// # Errors
    /// Where a row cannot be written as JSON.
    pub fn add_texts(&mut self, settled: &Settler<'_>, log: RemovedLog) -> Result<bool> {
        if log == RemovedLog::None {
            return Ok(false);
        }
        let mut row = Vec::new();
        while let Some(text) = settled.texts.get(self.next_text, &settled.documents.kept)? {
            self.next_text += 1;
            row.clear();
            match log {
                RemovedLog::Full => json_row(&text, &mut row)?,
                RemovedLog::Ids | RemovedLog::None => json_row(&text.without_text(), &mut row)?,
            }
            if let Some(frame) = self.lines.push(&row, row.len() as u64) {
                self.frames.push((Destination::Lines, frame));
                return Ok(true);
            }
        }
        let last = std::mem::replace(&mut self.lines, FrameBuilder::new(FRAME_BYTES, u64::MAX)).finish();
        self.frames.extend(last.map(|f| (Destination::Lines, f)));
        Ok(false)
    }
}
