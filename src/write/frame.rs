//! Cuts rows into frames by their content alone, so that compressed bytes depend on nothing else: not on
//! threads, not on batches, not on how many rows came in one call.
//!
//! A frame is the unit of compression; a part is a file of the output. Borders always lie between rows, so a
//! frame may be longer than its limit by one row.

use std::{borrow::Cow, ops::Range, sync::Arc};

use serde::Serialize;

use super::Compression;
use crate::model::{Result, give_buffer};

/// Bytes of rows, before compression, at which a frame ends.
pub const FRAME_BYTES: usize = 1 << 20;

/// Some of the rows that were made together; the rest may stand in the next frame.
#[derive(Clone, Debug)]
struct Piece {
    rows: Arc<Vec<u8>>,
    bytes: Range<usize>,
}

impl Piece {
    fn bytes(&self) -> &[u8] {
        self.rows.get(self.bytes.clone()).unwrap_or_default()
    }
}

impl Drop for Piece {
    fn drop(&mut self) {
        // The last piece gives the buffer back.
        if let Some(rows) = Arc::get_mut(&mut self.rows) {
            give_buffer(std::mem::take(rows));
        }
    }
}

/// Rows that are compressed together, never copied on their way there.
#[derive(Debug)]
pub struct Frame {
    pieces: Vec<Piece>,
    /// Number of rows.
    pub rows: u64,
    /// The part ends after this frame.
    pub ends_part: bool,
}

impl Frame {
    /// A frame that is packed already.
    pub fn of(bytes: Vec<u8>, rows: u64) -> Frame {
        let piece = Piece { bytes: 0..bytes.len(), rows: Arc::new(bytes) };
        Frame { pieces: vec![piece], rows, ends_part: false }
    }

    /// Its bytes, in pieces: each row with its line break, or what compression made of them.
    pub fn slices(&self) -> impl Iterator<Item = &[u8]> {
        self.pieces.iter().map(Piece::bytes)
    }

    fn bytes(&self) -> Cow<'_, [u8]> {
        match self.pieces.as_slice() {
            [piece] => Cow::Borrowed(piece.bytes()),
            pieces => Cow::Owned(pieces.iter().map(Piece::bytes).collect::<Vec<_>>().concat()),
        }
    }

    /// The frame as it stands in a file.
    ///
    /// # Errors
    /// Those of [`Compression::compress`].
    pub fn pack(self, compression: Compression, level: u32) -> Result<Frame> {
        match compression {
            Compression::None => Ok(self),
            _ => Ok(Frame { ends_part: self.ends_part, ..Frame::of(compression.compress(&self.bytes(), level)?, self.rows) }),
        }
    }
}

/// Gathers rows until a frame is full.
#[derive(Debug)]
pub struct FrameBuilder {
    frame_bytes: usize,
    part_bytes: u64,
    pieces: Vec<Piece>,
    /// Rows that came one by one, behind the pieces.
    single: Vec<u8>,
    /// Bytes of both.
    bytes: usize,
    rows: u64,
    part_text: u64,
}

impl FrameBuilder {
    /// Frames end at `frame_bytes` bytes of rows (usually [`FRAME_BYTES`]), parts at `part_bytes` bytes of text.
    pub fn new(frame_bytes: usize, part_bytes: u64) -> FrameBuilder {
        FrameBuilder { frame_bytes, part_bytes, pieces: Vec::new(), single: Vec::new(), bytes: 0, rows: 0, part_text: 0 }
    }

    /// Adds one row, with its line break, whose text has `text_bytes` bytes; the frame, if this row fills it.
    pub fn push(&mut self, row: &[u8], text_bytes: u64) -> Option<Frame> {
        self.single.extend_from_slice(row);
        self.count(row.len(), text_bytes).map(|ends_part| self.take(ends_part))
    }

    /// Counts a row; where it ends a frame, whether it ends a part.
    fn count(&mut self, bytes: usize, text_bytes: u64) -> Option<bool> {
        self.bytes += bytes;
        self.rows += 1;
        self.part_text = self.part_text.saturating_add(text_bytes);
        let ends_part = self.part_text >= self.part_bytes;
        if ends_part {
            self.part_text = 0;
        }
        (ends_part || self.bytes >= self.frame_bytes).then_some(ends_part)
    }

    /// Adds all rows of `rows`, each with its length and the bytes of its text. The same as one [`push`](Self::push) a row.
    pub fn push_all(&mut self, rows: Vec<u8>, lengths: &[(usize, u64)]) -> Vec<Frame> {
        let mut frames = Vec::new();
        if lengths.is_empty() {
            give_buffer(rows);
            return frames;
        }
        self.close_single();
        let rows = Arc::new(rows);
        let (mut start, mut end) = (0, 0);
        for (length, text_bytes) in lengths {
            end += length;
            if let Some(ends_part) = self.count(*length, *text_bytes) {
                self.pieces.push(Piece { rows: Arc::clone(&rows), bytes: start..end });
                start = end;
                frames.push(self.take(ends_part));
            }
        }
        // One piece owns the buffer at last, even where it adds nothing.
        self.pieces.push(Piece { rows, bytes: start..end });
        frames
    }

    fn close_single(&mut self) {
        if !self.single.is_empty() {
            let rows = std::mem::take(&mut self.single);
            self.pieces.push(Piece { bytes: 0..rows.len(), rows: Arc::new(rows) });
        }
    }

    /// The rows so far as a frame, if there are some; the part goes on.
    pub fn flush(&mut self) -> Option<Frame> {
        (self.rows > 0).then(|| self.take(false))
    }

    /// The last frame, if rows are left.
    pub fn finish(mut self) -> Option<Frame> {
        self.flush()
    }

    fn take(&mut self, ends_part: bool) -> Frame {
        self.close_single();
        self.bytes = 0;
        Frame { pieces: std::mem::take(&mut self.pieces), rows: std::mem::take(&mut self.rows), ends_part }
    }
}

/// Appends `row` as one line of JSON with its line break.
///
/// # Errors
/// Where the row's own serialisation fails; `out` is then as it was.
pub fn json_row<T: Serialize>(row: &T, out: &mut Vec<u8>) -> Result<()> {
    let start = out.len();
    if let Err(error) = serde_json::to_writer(&mut *out, row) {
        out.truncate(start);
        return Err(std::io::Error::from(error).into());
    }
    out.push(b'\n');
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn seen(frame: &Frame) -> (Vec<u8>, u64, bool) {
        (frame.slices().collect::<Vec<_>>().concat(), frame.rows, frame.ends_part)
    }

    fn frames(rows: &[String], groups: &[usize]) -> Vec<(Vec<u8>, u64, bool)> {
        let mut builder = FrameBuilder::new(40, 90);
        let (mut out, mut at) = (Vec::new(), 0);
        for size in groups.iter().copied().chain([rows.len()]) {
            let group = &rows[at..rows.len().min(at + size)];
            at += group.len();
            let texts: Vec<(usize, u64)> = group.iter().map(|r| (r.len(), r.len() as u64 / 2)).collect();
            match group {
                // A row alone goes the other way in.
                [row] => out.extend(builder.push(row.as_bytes(), texts[0].1)),
                _ => out.extend(builder.push_all(group.concat().into_bytes(), &texts)),
            }
        }
        out.extend(builder.finish());
        out.iter().map(seen).collect()
    }

    proptest! {
        #[test]
        fn borders_do_not_depend_on_groups(
            rows in prop::collection::vec("[a-z]{0,60}\n", 0..60),
            groups in prop::collection::vec(0_usize..9, 0..20),
        ) {
            let one_by_one = frames(&rows, &vec![1; rows.len()]);
            prop_assert_eq!(&frames(&rows, &groups), &one_by_one);
            let joined: Vec<u8> = one_by_one.iter().flat_map(|f| f.0.clone()).collect();
            prop_assert_eq!(joined, rows.concat().into_bytes());
            prop_assert_eq!(one_by_one.iter().map(|f| f.1).sum::<u64>(), rows.len() as u64);
            prop_assert!(one_by_one.iter().rev().skip(1).all(|f| f.0.len() >= 40 || f.2));
        }
    }

    #[test]
    fn limits_end_frames_and_parts() {
        let mut builder = FrameBuilder::new(4, 5);
        let mut push = |row: &[u8], text| builder.push(row, text).as_ref().map(seen);
        assert_eq!(push(b"a\n", 1), None);
        assert_eq!(push(b"b\n", 1), Some((b"a\nb\n".to_vec(), 2, false)));
        assert_eq!(push(b"c\n", 3), Some((b"c\n".to_vec(), 1, true)));
        assert_eq!(push(b"d\n", 4), None, "the next part counts from 0");
        assert_eq!(builder.finish().as_ref().map(seen), Some((b"d\n".to_vec(), 1, false)));
        assert!(FrameBuilder::new(4, 5).finish().is_none());
    }

    #[test]
    fn a_packed_frame_is_one_of_all_its_bytes() {
        for groups in [&[1, 1, 1][..], &[3], &[2, 1]] {
            let mut builder = FrameBuilder::new(100, 1000);
            for n in groups {
                builder.push_all(b"row\n".repeat(*n), &vec![(4, 1); *n]);
            }
            let frame = builder.finish().unwrap().pack(Compression::Gzip, 0).unwrap();
            assert_eq!(seen(&frame), (Compression::Gzip.compress(b"row\nrow\nrow\n", 0).unwrap(), 3, false));
        }
    }

    #[test]
    fn a_row_is_one_line() {
        let mut out = Vec::new();
        json_row(&"a\nb\u{2028}", &mut out).unwrap();
        assert_eq!(out, "\"a\\nb\u{2028}\"\n".as_bytes());
        let bad = std::collections::BTreeMap::from([(vec![1], 1)]);
        assert!(json_row(&bad, &mut out).is_err());
        assert_eq!(out.iter().filter(|b| **b == b'\n').count(), 1);
    }
}
