//! Cuts rows into frames by their content alone, so that compressed bytes depend on nothing else: not on
//! threads, not on batches, not on how many rows came in one call.
//!
//! A frame is the unit of compression; a part is a file of the output. Borders always lie between rows, so a
//! frame may be longer than its limit by one row.

use serde::Serialize;

use crate::model::Result;

/// Bytes of rows, before compression, at which a frame ends.
pub const FRAME_BYTES: usize = 1 << 20;

/// Rows that are compressed together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// The rows, each with its line break; not compressed yet.
    pub bytes: Vec<u8>,
    /// Number of rows.
    pub rows: u64,
    /// The part ends after this frame.
    pub ends_part: bool,
}

/// Gathers rows until a frame is full.
#[derive(Debug)]
pub struct FrameBuilder {
    frame_bytes: usize,
    part_bytes: u64,
    bytes: Vec<u8>,
    rows: u64,
    part_text: u64,
}

impl FrameBuilder {
    /// Frames end at `frame_bytes` bytes of rows (usually [`FRAME_BYTES`]), parts at `part_bytes` bytes of text.
    pub fn new(frame_bytes: usize, part_bytes: u64) -> FrameBuilder {
        FrameBuilder { frame_bytes, part_bytes, bytes: Vec::new(), rows: 0, part_text: 0 }
    }

    /// Adds one row, with its line break, whose text has `text_bytes` bytes; the frame, if this row fills it.
    pub fn push(&mut self, row: &[u8], text_bytes: u64) -> Option<Frame> {
        if self.rows == 1 {
            // A frame of one row, as streams have, needs no room for more.
            self.bytes.reserve(self.frame_bytes);
        }
        self.bytes.extend_from_slice(row);
        self.rows += 1;
        self.part_text = self.part_text.saturating_add(text_bytes);
        let ends_part = self.part_text >= self.part_bytes;
        if ends_part {
            self.part_text = 0;
        }
        (ends_part || self.bytes.len() >= self.frame_bytes).then(|| self.take(ends_part))
    }

    /// Adds all rows of `rows`, each with its length and the bytes of its text. The same as one [`push`](Self::push) a row.
    pub fn push_all(&mut self, rows: &[u8], lengths: &[(usize, u64)]) -> Vec<Frame> {
        let mut frames = Vec::new();
        let mut rest = rows;
        for (length, text_bytes) in lengths {
            let (row, after) = rest.split_at_checked(*length).unwrap_or((rest, &[]));
            frames.extend(self.push(row, *text_bytes));
            rest = after;
        }
        frames
    }

    /// The last frame, if rows are left.
    pub fn finish(mut self) -> Option<Frame> {
        (self.rows > 0).then(|| self.take(false))
    }

    fn take(&mut self, ends_part: bool) -> Frame {
        Frame { bytes: std::mem::take(&mut self.bytes), rows: std::mem::take(&mut self.rows), ends_part }
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

    fn frames(rows: &[String], groups: &[usize]) -> Vec<Frame> {
        let mut builder = FrameBuilder::new(40, 90);
        let (mut out, mut at) = (Vec::new(), 0);
        for size in groups.iter().copied().chain([rows.len()]) {
            let group = &rows[at..rows.len().min(at + size)];
            at += group.len();
            let texts: Vec<(usize, u64)> = group.iter().map(|r| (r.len(), r.len() as u64 / 2)).collect();
            out.extend(builder.push_all(group.concat().as_bytes(), &texts));
        }
        out.extend(builder.finish());
        out
    }

    proptest! {
        #[test]
        fn borders_do_not_depend_on_groups(
            rows in prop::collection::vec("[a-z]{0,60}\n", 0..60),
            groups in prop::collection::vec(0_usize..9, 0..20),
        ) {
            let one_by_one = frames(&rows, &vec![1; rows.len()]);
            prop_assert_eq!(&frames(&rows, &groups), &one_by_one);
            let joined: Vec<u8> = one_by_one.iter().flat_map(|f| f.bytes.clone()).collect();
            prop_assert_eq!(joined, rows.concat().into_bytes());
            prop_assert_eq!(one_by_one.iter().map(|f| f.rows).sum::<u64>(), rows.len() as u64);
            prop_assert!(one_by_one.iter().rev().skip(1).all(|f| f.bytes.len() >= 40 || f.ends_part));
        }
    }

    #[test]
    fn limits_end_frames_and_parts() {
        let mut builder = FrameBuilder::new(4, 5);
        assert_eq!(builder.push(b"a\n", 1), None);
        assert_eq!(builder.push(b"b\n", 1), Some(Frame { bytes: b"a\nb\n".to_vec(), rows: 2, ends_part: false }));
        assert_eq!(builder.push(b"c\n", 3), Some(Frame { bytes: b"c\n".to_vec(), rows: 1, ends_part: true }));
        assert_eq!(builder.push(b"d\n", 4), None, "the next part counts from 0");
        assert_eq!(builder.finish(), Some(Frame { bytes: b"d\n".to_vec(), rows: 1, ends_part: false }));
        assert_eq!(FrameBuilder::new(4, 5).finish(), None);
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
