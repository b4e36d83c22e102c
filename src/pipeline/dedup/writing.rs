//! The last read of `dedup`: every record as it was, or in the removed log, or with what is known of its duplicates.
//!
//! Which documents go is known before; the serial step only gathers the ids of those that stay for others.

use std::borrow::Cow;

use hashbrown::HashMap;

use super::super::{
    document::{Decoder, Document, Encodings, RecordPlace, json_string},
    fault::RecordFault,
    render::{Rendered, raw},
    survey::tally,
};
use crate::{
    config::RemovedLog,
    dedup::{Clusters, Gone},
    model::{Counts, DocId, Reason, Result, Tally, take_buffer},
    read::{Block, RecordSpans, TextEdit},
    report::Fault,
    write::{KeptDocument, RemovedDocument, json_row},
};

/// What all blocks share.
#[derive(Debug)]
pub struct Writing<'w> {
    /// Reads records.
    pub decoder: &'w Decoder<'w>,
    /// What the first read found of encodings.
    pub encodings: &'w Encodings,
    /// Which documents go.
    pub clusters: &'w Clusters,
    /// Are documents marked, and none removed?
    pub annotates: bool,
    /// What the removed log holds.
    pub log: RemovedLog,
}

/// A document on its way out.
#[derive(Debug)]
struct WrittenDocument {
    id: DocId,
    record: RecordPlace,
    /// Of a JSONL record where its fields stand; of a text file its text.
    content: std::result::Result<RecordSpans, String>,
    /// Its id as raw JSON, where anything names it.
    raw_id: Option<String>,
    tally: Tally,
    text_bytes: u64,
    /// Documents in its cluster, if it stays.
    size: u64,
    gone: Option<Gone>,
    /// The id of the document that stays in its place.
    kept: Option<String>,
}

#[derive(Debug)]
enum WrittenRecord {
    Document(Box<WrittenDocument>),
    Fault(RecordFault),
}

/// A block's records.
#[derive(Debug)]
pub struct WrittenBlock {
    block: Block,
    records: Vec<WrittenRecord>,
    counts: Counts,
}

/// The state of the serial step.
#[derive(Debug, Default)]
pub struct KeptIds {
    /// Ids, as raw JSON, of documents that stay for others.
    pub ids: HashMap<DocId, String>,
    /// The first records that could not be read.
    pub faults: Vec<Fault>,
}

impl Writing<'_> {
    /// Looks at the records of a block.
    pub fn look(&self, block: Block) -> WrittenBlock {
        let mut counts = Counts::default();
        let mut records = Vec::new();
        self.decoder.each(&block, Some(self.encodings), |record| {
            records.push(match record {
                Ok(document) => WrittenRecord::Document(Box::new(self.document(document, &mut counts))),
                Err(unreadable) => WrittenRecord::Fault(RecordFault::of(unreadable, self.decoder, &mut counts)),
            });
        });
        WrittenBlock { block, records, counts }
    }

    fn document(&self, document: Document<'_>, counts: &mut Counts) -> WrittenDocument {
        let id = document.id;
        let (gone, size) = (self.clusters.gone(id), self.clusters.size(id));
        let is_named = self.annotates || gone.is_some() || size > 1;
        let raw_id = is_named.then(|| self.decoder.raw_id(id, document.json.as_ref().and_then(|record| record.id)));
        let text_tally = tally(document.text());
        counts.records += 1;
        counts.bytes += document.bytes;
        counts.input.add(&text_tally);
        counts.replaced += document.replaced;
        *counts.encodings.entry((document.decision.name(), document.decision.evidence.code())).or_default() += 1;
        WrittenDocument {
            id,
            text_bytes: document.text().len() as u64,
            record: document.place,
            content: document.json.map(|record| record.spans).ok_or_else(|| document.plain.into_owned()),
            raw_id,
            tally: text_tally,
            size,
            gone,
            kept: None,
        }
    }

    /// Gathers the ids of documents that stay for others, and gives them to those that they stay for.
    pub fn settle(&self, state: &mut KeptIds, mut block: WrittenBlock) -> (u64, WrittenBlock) {
        for record in &mut block.records {
            match record {
                WrittenRecord::Document(document) => {
                    if let (2.., Some(raw_id)) = (document.size, &document.raw_id) {
                        state.ids.entry(document.id).or_insert_with(|| raw_id.clone());
                    }
                    document.kept = document.gone.and_then(|gone| state.ids.get(&gone.kept).cloned());
                }
                WrittenRecord::Fault(fault) => fault.show(self.decoder, &mut state.faults),
            }
        }
        (block.records.len() as u64, block)
    }

    /// The rows of a block.
    ///
    /// # Errors
    /// Where a row cannot be written as JSON.
    pub fn render(&self, block: WrittenBlock) -> Result<Rendered> {
        let WrittenBlock { block, records, counts } = block;
        let mut out = Rendered { counts, ..Rendered::default() };
        let bytes = usize::try_from(out.counts.bytes).unwrap_or(0);
        out.data.bytes = take_buffer(bytes + if self.annotates { bytes / 8 } else { 0 });
        for record in records {
            match record {
                WrittenRecord::Document(document) => match document.gone.filter(|_| !self.annotates) {
                    Some(gone) => self.goes(*document, gone, &block, &mut out)?,
                    None => {
                        out.counts.output.add(&document.tally);
                        let start = out.data.bytes.len();
                        self.stays(&document, &block, &mut out.data.bytes);
                        out.data.end_row(start, Some(document.text_bytes));
                    }
                },
                WrittenRecord::Fault(fault) => {
                    let start = out.quarantine.bytes.len();
                    out.quarantine.bytes.extend_from_slice(&fault.row);
                    out.quarantine.end_row(start, None);
                }
            }
        }
        block.recycle();
        Ok(out)
    }

    fn stays(&self, document: &WrittenDocument, block: &Block, rows: &mut Vec<u8>) {
        let mark = if self.annotates { self.mark(document) } else { String::new() };
        let bytes = document.record.bytes(block);
        match &document.content {
            Ok(spans) if self.annotates => spans.rewrite(bytes, TextEdit::Same, None, &mark, rows),
            Ok(_) => {
                rows.extend_from_slice(bytes.trim_ascii());
                rows.push(b'\n');
            }
            Err(text) => {
                let comma = if mark.is_empty() { "" } else { "," };
                let id = json_string(&self.decoder.made_id(document.id));
                rows.extend_from_slice(format!("{{\"id\":{id},\"text\":{}{comma}{mark}}}\n", json_string(text)).as_bytes());
            }
        }
    }

    /// What is known of a document's duplicates, as a member of its record.
    fn mark(&self, document: &WrittenDocument) -> String {
        let own = document.raw_id.as_deref().unwrap_or("null");
        let (cluster, size) = match document.gone {
            Some(gone) => (document.kept.as_deref().unwrap_or("null"), self.clusters.size(gone.kept)),
            None => (own, document.size),
        };
        let reason = document.gone.map_or(Cow::Borrowed("null"), |gone| format!("\"{}\"", gone.reason.code()).into());
        let similarity = document.gone.and_then(|gone| gone.share).map_or("null".to_owned(), |share| format!("{:?}", similarity(share)));
        let kept = document.gone.is_none();
        format!("\"buddle\":{{\"cluster\":{cluster},\"size\":{size},\"kept\":{kept},\"reason\":{reason},\"similarity\":{similarity}}}")
    }

    fn goes(&self, document: WrittenDocument, gone: Gone, block: &Block, out: &mut Rendered) -> Result<()> {
        out.counts.removed_documents.entry(gone.reason).or_default().add(&document.tally);
        if self.log == RemovedLog::None {
            return Ok(());
        }
        let source = |id: DocId| self.decoder.source_name(id.source).to_owned();
        let full = self.log == RemovedLog::Full;
        // A record stands there whole, so that it can be written again to the byte, escapes in its text and all.
        let record = document.content.is_ok() && full;
        let record = record.then(|| raw(String::from_utf8_lossy(document.record.bytes(block).trim_ascii()).into_owned()));
        let has_kept_text = gone.reason == Reason::DocumentExact;
        let entry = RemovedDocument {
            id: raw(document.raw_id.unwrap_or_else(|| "null".to_owned()))?,
            source: source(document.id),
            position: document.id.position,
            reason: gone.reason.code().to_owned(),
            kept: Some(KeptDocument { id: document.kept.map(raw).transpose()?, source: Some(source(gone.kept)), position: gone.kept.position }),
            similarity: gone.share.map(similarity),
            text: document.content.err().filter(|_| full && !has_kept_text),
            record: record.transpose()?,
        };
        let start = out.documents.bytes.len();
        json_row(&entry, &mut out.documents.bytes)?;
        out.documents.end_row(start, None);
        Ok(())
    }
}

fn similarity(share: u16) -> f64 {
    f64::from(share) / 10_000.0
}
