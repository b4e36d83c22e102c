//! A settled block as rows: clean documents, the removed log's documents, the quarantine. Pure, on any thread.

use std::collections::BTreeMap;

use hashbrown::HashMap;
use serde_json::value::RawValue;

use super::{
    cleaned::{CleanBlock, CleanDocument, CleanRecord, Judgement, KeptCopy, Taken},
    document::{Decoder, json_string},
    settle::Fate,
    survey::{add_taken, tally},
};
use crate::{
    config::RemovedLog,
    model::{Counts, Lang, Reason, Result, SiteTally, Tally, lines, take_buffer},
    read::{Block, TextEdit},
    write::{KeptDocument, RemovedDocument, RemovedFromDocument, RemovedLineAt, json_row},
};

/// Rows of one file, one after the other.
#[derive(Debug, Default)]
pub struct Rows {
    /// The rows.
    pub bytes: Vec<u8>,
    /// For each its length, and the bytes of its text.
    pub lengths: Vec<(usize, u64)>,
}

impl Rows {
    /// Ends the row that began at `start`, of a text of so many bytes; its own where it has none.
    pub fn end_row(&mut self, start: usize, text_bytes: Option<u64>) {
        let length = self.bytes.len() - start;
        self.lengths.push((length, text_bytes.unwrap_or(length as u64)));
    }
}

/// A block's rows and sums.
#[derive(Debug, Default)]
pub struct Rendered {
    /// Clean documents.
    pub data: Rows,
    /// What went from documents, and documents that went.
    pub documents: Rows,
    /// Records that could not be read.
    pub quarantine: Rows,
    /// All sums of the block.
    pub counts: Counts,
    /// Sums by site.
    pub sites: HashMap<String, SiteTally>,
}

/// Writes blocks as rows; shared by all threads.
#[derive(Debug)]
pub struct Renderer<'r> {
    decoder: &'r Decoder<'r>,
    log: RemovedLog,
}

impl<'r> Renderer<'r> {
    /// A renderer with a removed log of this kind.
    pub fn new(decoder: &'r Decoder<'r>, log: RemovedLog) -> Renderer<'r> {
        Renderer { decoder, log }
    }

    /// Renders a block with the fates of its records.
    ///
    /// # Errors
    /// Where a row cannot be written as JSON.
    pub fn block(&self, block: CleanBlock, fates: Vec<Option<Fate>>) -> Result<Rendered> {
        let mut out = Rendered { counts: block.counts, ..Rendered::default() };
        // With what is added to each document.
        let bytes = usize::try_from(out.counts.bytes).unwrap_or(0);
        out.data.bytes = take_buffer(bytes + bytes / 8);
        for (record, fate) in block.records.into_iter().zip(fates) {
            match (record, fate) {
                (CleanRecord::Document(document), Some(Fate::Stays { refs })) => self.stays(*document, &refs, &block.block, &mut out)?,
                (CleanRecord::Document(document), Some(Fate::Goes { reason, kept, same_text, share })) => {
                    let kept = kept.map(|kept| {
                        let source = kept.id.earlier_number().is_none().then(|| self.decoder.source_name(kept.id.source).to_owned());
                        Ok::<_, crate::model::Error>(KeptDocument { id: kept.raw_id.map(raw).transpose()?, source, position: kept.id.position })
                    });
                    self.goes(&document, reason, (kept.transpose()?, same_text, share), &block.block, &mut out)?;
                }
                (CleanRecord::Fault(fault), _) => {
                    let start = out.quarantine.bytes.len();
                    out.quarantine.bytes.extend_from_slice(&fault.row);
                    out.quarantine.end_row(start, None);
                }
                (CleanRecord::Document(_), None) => {}
            }
        }
        block.block.recycle();
        Ok(out)
    }

    fn stays(&self, document: CleanDocument, refs: &[u64], block: &Block, out: &mut Rendered) -> Result<()> {
        let taken = match &document.judgement {
            Judgement::Judged { taken, .. } => taken.as_slice(),
            Judgement::AsItsCopy => &[],
        };
        let washed = Washed::new(&document, taken, refs);
        for (reason, lost) in &washed.lost {
            out.counts.removed_lines.entry(*reason).or_default().add(lost);
        }
        let output = match &washed.text {
            None => document.input,
            Some(text) => tally(text),
        };
        out.counts.output.add(&output);
        *out.counts.document_languages.entry(document.language.lang).or_default() += 1;
        for lang in &washed.line_langs {
            *out.counts.line_languages.entry(*lang).or_default() += 1;
        }
        if !document.site.is_empty() {
            let site = out.sites.entry_ref(document.site.as_str()).or_default();
            site.input.add(&document.input);
            site.output.add(&output);
            for (reason, lost) in &washed.lost {
                if reason.is_furniture() {
                    site.furniture.add(lost);
                }
            }
        }
        let start = out.data.bytes.len();
        self.row(&document, &washed, block, &mut out.data.bytes);
        out.data.end_row(start, Some(washed.text.as_ref().unwrap_or(&document.text).len() as u64));
        if washed.removed.is_empty() || self.log == RemovedLog::None {
            return Ok(());
        }
        let source = self.decoder.source_name(document.id.source).to_owned();
        let entry = RemovedFromDocument {
            id: raw(document.raw_id(self.decoder, block).into_owned())?,
            source,
            position: document.id.position,
            lines: washed.removed,
        };
        let start = out.documents.bytes.len();
        json_row(&entry, &mut out.documents.bytes)?;
        out.documents.end_row(start, None);
        Ok(())
    }

    fn goes(
        &self,
        document: &CleanDocument,
        reason: Reason,
        (kept, same_text, share): (Option<KeptDocument>, bool, Option<u16>),
        block: &Block,
        out: &mut Rendered,
    ) -> Result<()> {
        out.counts.removed_documents.entry(reason).or_default().add(&document.input);
        if !document.site.is_empty() {
            out.sites.entry_ref(document.site.as_str()).or_default().input.add(&document.input);
        }
        if self.log == RemovedLog::None {
            return Ok(());
        }
        let full = self.log == RemovedLog::Full;
        let record = document.spans.as_ref().filter(|_| full).map(|spans| {
            let mut bytes = Vec::new();
            spans.rewrite(document.record.bytes(block), TextEdit::New(""), None, "", &mut bytes);
            raw(String::from_utf8_lossy(&bytes).trim_end().to_owned())
        });
        let entry = RemovedDocument {
            id: raw(document.raw_id(self.decoder, block).into_owned())?,
            source: self.decoder.source_name(document.id.source).to_owned(),
            position: document.id.position,
            reason: reason.code().to_owned(),
            kept,
            similarity: share.map(|share| f64::from(share) / 10_000.0),
            text: (full && !same_text).then(|| document.text.clone()),
            record: record.transpose()?,
        };
        let start = out.documents.bytes.len();
        json_row(&entry, &mut out.documents.bytes)?;
        out.documents.end_row(start, None);
        Ok(())
    }

    /// The clean document's row.
    fn row(&self, document: &CleanDocument, washed: &Washed, block: &Block, rows: &mut Vec<u8>) {
        let lines_removed: u64 = washed.lost.values().map(|t| t.lines).sum();
        let chars_removed: u64 = washed.lost.values().map(|t| t.chars).sum();
        let mut line_langs = String::new();
        for lang in &washed.line_langs {
            if !line_langs.is_empty() {
                line_langs.push(',');
            }
            line_langs.push('"');
            line_langs.push_str(lang.as_str());
            line_langs.push('"');
        }
        // Of a text that is UTF-8 in part: the encoding of the rest, and where it stands.
        let parts = if document.parts.is_empty() {
            String::new()
        } else {
            let lines: Vec<String> = document.parts.iter().map(|(first, last)| format!("[{first},{last}]")).collect();
            format!("\"encoding_parts\":{{\"{}\":[{}]}},", document.decision.charset.name(), lines.join(","))
        };
        let repaired = document.repairs.as_ref().map_or_else(String::new, |repairs| {
            let lines: Vec<String> = repairs.iter().map(|(name, n)| format!("\"{name}\":{n}")).collect();
            format!("\"repaired\":{{{}}},", lines.join(","))
        });
        let tail = format!(
            "\"buddle\":{{\"lang\":\"{}\",\"lang_score\":{},\"line_langs\":[{line_langs}],\"site\":{},\"encoding\":\"{}\",\"encoding_by\":\"{}\",{parts}{repaired}\
             \"lines_in\":{},\"lines_removed\":{lines_removed},\"chars_in\":{},\"chars_removed\":{chars_removed},\"source\":{},\"position\":{}}}",
            document.language.lang,
            decimal(document.language.permille),
            json_string(&document.site),
            document.decision.name(),
            document.decision.evidence.code(),
            document.input.lines,
            document.input.chars,
            json_string(self.decoder.source_name(document.id.source)),
            document.id.position,
        );
        match &document.spans {
            Some(spans) => {
                let made = spans.id.is_none().then(|| json_string(&self.decoder.made_id(document.id)));
                let edit = match &washed.text {
                    Some(text) => TextEdit::New(text),
                    None if document.unchanged => TextEdit::Same,
                    None => TextEdit::New(&document.text),
                };
                spans.rewrite(document.record.bytes(block), edit, made.as_deref(), &tail, rows);
            }
            None => {
                let text = washed.text.as_ref().unwrap_or(&document.text);
                let row = format!("{{\"id\":{},\"text\":{},{tail}}}\n", json_string(&self.decoder.made_id(document.id)), json_string(text));
                rows.extend_from_slice(row.as_bytes());
            }
        }
    }
}

/// A document without the lines that went.
#[derive(Debug, Default)]
struct Washed {
    /// The text that is left; `None` where nothing went.
    text: Option<String>,
    /// Of each line of the text that is left; empty without an engine.
    line_langs: Vec<Lang>,
    removed: Vec<RemovedLineAt>,
    lost: BTreeMap<Reason, Tally>,
}

impl Washed {
    fn new(document: &CleanDocument, taken: &[Taken], refs: &[u64]) -> Washed {
        let mut washed = Washed::default();
        let loses = !taken.is_empty();
        if document.text.is_empty() || !loses && document.langs.is_empty() {
            return washed;
        }
        let number = |line: usize| document.numbers.number(line);
        let mut langs = document.langs.iter();
        let mut goes = taken.iter().zip(refs).peekable();
        let mut out = String::with_capacity(if loses { document.text.len() } else { 0 });
        washed.removed.reserve(taken.len());
        let mut any = false;
        // The blank line that waits for a line to part from the one before.
        let mut blank: Option<usize> = None;
        for (at, line) in lines(&document.text).enumerate() {
            if line.bytes().all(|b| b == b' ' || b == b'\t') {
                if !loses {
                    washed.line_langs.push(Lang::ZXX);
                } else if !any || blank.is_some() {
                    washed.removed.push(blank_at(at, &number));
                } else {
                    blank = Some(at);
                }
                continue;
            }
            let lang = langs.next();
            if let Some((taken, r#ref)) = goes.next_if(|(taken, _)| taken.line == at) {
                add_taken(washed.lost.entry(taken.reason).or_default(), taken);
                let kept = match taken.copy {
                    KeptCopy::Here(first) => Some(number(first)),
                    KeptCopy::Nothing | KeptCopy::First(_) => None,
                };
                washed.removed.push(RemovedLineAt { line: number(at), r#ref: Some(*r#ref), at: at as u64 + 1, kept });
                continue;
            }
            if blank.take().is_some() {
                out.push('\n');
                washed.line_langs.push(Lang::ZXX);
            }
            if loses {
                if any {
                    out.push('\n');
                }
                out.push_str(line);
            }
            any = true;
            washed.line_langs.extend(lang);
        }
        if let Some(at) = blank {
            // It was the last before the lines that went at the tail.
            washed.removed.push(blank_at(at, &number));
            washed.removed.sort_by_key(|r| r.at);
        }
        if loses {
            washed.text = Some(out);
        }
        if document.langs.is_empty() {
            washed.line_langs.clear();
        }
        washed.lost.values_mut().for_each(|t| t.documents = 1);
        washed
    }
}

/// A blank line that went with its neighbours.
fn blank_at(at: usize, number: &dyn Fn(usize) -> u64) -> RemovedLineAt {
    RemovedLineAt { line: number(at), r#ref: None, at: at as u64 + 1, kept: None }
}

/// Thousandths as a decimal fraction, always with a point.
fn decimal(permille: u16) -> String {
    let text = format!("{}.{:03}", permille / 1000, permille % 1000);
    let trimmed = text.trim_end_matches('0');
    if trimmed.ends_with('.') { format!("{trimmed}0") } else { trimmed.to_owned() }
}

/// A value as raw JSON.
///
/// # Errors
/// Where it is none, which would be a fault of ours.
pub fn raw(json: String) -> Result<Box<RawValue>> {
    RawValue::from_string(json).map_err(|e| crate::model::Error::conservation(format!("a value that was read as JSON is none: {e}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals() {
        assert_eq!([0, 980, 1000, 5, 123].map(decimal), ["0.0", "0.98", "1.0", "0.005", "0.123"]);
    }
}
