//! Pairs as rows of JSON Lines, in order, rendered on the pool and compressed as the name of the output says.

use rayon::prelude::*;
use serde::Serialize;

use super::{
    super::{
        check_stop,
        document::Decoder,
        index::DocumentIndex,
        index::Workplace,
        render::{Rows, raw},
    },
    documents::DocumentTable,
    listing::{Pair, Pairs},
};
use crate::{
    dedup::Difference,
    model::{DocId, Result, lines},
    write::{FRAME_BYTES, FrameBuilder, KeptDocument, Sink, json_row},
};

/// Pairs that one thread renders at a time.
const AT_A_TIME: usize = 256;
/// Differences of a pair that are quoted.
const SHOWN_DIFFERENCES: usize = 3;

/// Two documents and how alike they are.
#[derive(Debug, Serialize)]
struct PairRow<'r> {
    a: &'r KeptDocument,
    b: &'r KeptDocument,
    similarity: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    difference: Option<Difference>,
}

/// Renders pairs.
#[derive(Debug)]
pub struct Rendering<'r> {
    /// Where the work is done.
    pub place: Workplace<'r>,
    /// The documents.
    pub table: &'r DocumentTable,
    /// Has the names of their sources.
    pub decoder: &'r Decoder<'r>,
    /// The index that the second of each pair is of.
    pub index: Option<&'r DocumentIndex>,
    /// Is it said in which words they differ?
    pub differences: bool,
}

impl Rendering<'_> {
    /// Writes all pairs; how many they are.
    ///
    /// # Errors
    /// Those of the operating system; a damaged index; interrupted.
    pub fn write(&self, pairs: Pairs<'_>, sink: &mut Sink, level: u32) -> Result<u64> {
        let compression = sink.compression();
        let mut builder = FrameBuilder::new(FRAME_BYTES, u64::MAX);
        let mut count = 0;
        pairs.in_order(|part| {
            // As many as all threads render in a moment, so that rows never wait in numbers.
            for pairs in part.chunks(AT_A_TIME * 16) {
                check_stop(self.place.stop)?;
                let rendered: Result<Vec<_>> = self.place.pool.install(|| pairs.par_chunks(AT_A_TIME).map(|pairs| self.rows(pairs)).collect());
                for rows in rendered? {
                    count += rows.lengths.len() as u64;
                    for frame in builder.push_all(rows.bytes, &rows.lengths) {
                        sink.write_frame(&frame.pack(compression, level)?)?;
                    }
                }
            }
            Ok(())
        })?;
        if let Some(frame) = builder.finish() {
            sink.write_frame(&frame.pack(compression, level)?)?;
        }
        Ok(count)
    }

    /// The rows of some pairs.
    fn rows(&self, pairs: &[Pair]) -> Result<Rows> {
        let mut rows = Rows::default();
        for of_one in pairs.chunk_by(|a, b| a.one(self.table.len()) == b.one(self.table.len())) {
            let Some(one) = of_one.first().map(|pair| pair.one(self.table.len())) else { continue };
            let a = self.document(one)?;
            let text = if self.differences { self.table.text(one)? } else { String::new() };
            for pair in of_one {
                let b = match self.index {
                    Some(index) => {
                        let id = DocId::earlier(pair.other);
                        KeptDocument { id: Some(raw(index.raw_id(id)?)?), source: None, position: id.position }
                    }
                    None => self.document(pair.other)?,
                };
                let difference = self.differences.then(|| self.difference(&text, pair.other)).transpose()?;
                let start = rows.bytes.len();
                json_row(&PairRow { a: &a, b: &b, similarity: pair.share.as_number(), difference }, &mut rows.bytes)?;
                rows.end_row(start, None);
            }
        }
        Ok(rows)
    }

    fn document(&self, number: u32) -> Result<KeptDocument> {
        let (id, own) = self.table.id(number)?;
        let raw_id = self.decoder.raw_id(id, Some(own.as_str()).filter(|own| !own.is_empty()));
        Ok(KeptDocument { id: Some(raw(raw_id)?), source: Some(self.decoder.source_name(id.source).to_owned()), position: id.position })
    }

    fn difference(&self, text: &str, other: u32) -> Result<Difference> {
        let of_other = self.table.text(other)?;
        let (own, others): (Vec<&str>, Vec<&str>) = (lines(text).collect(), lines(&of_other).collect());
        Ok(Difference::of_words(&own, &others, SHOWN_DIFFERENCES))
    }
}
