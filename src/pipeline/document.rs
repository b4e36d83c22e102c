//! From blocks of records to documents: the step that both reads of the input share.

use std::{borrow::Cow, ops::Range};

use hashbrown::HashMap;

use crate::{
    config::Config,
    decode::{Decision, Normalizer, decode},
    model::{Cause, DocId, Result, site_of_folder, site_of_url},
    read::{Block, FieldPaths, JsonRecord, Piece, Source, parse},
};

/// What the first read found out about encodings, for the documents whose encoding is not plain to see.
pub type Encodings = HashMap<DocId, Decision>;

/// A decoded record.
#[derive(Debug)]
pub struct Document<'a> {
    /// Its place.
    pub id: DocId,
    /// The text of a record that is all text; a JSONL record has its own.
    pub plain: Cow<'a, str>,
    /// How it was read.
    pub decision: Decision,
    /// Of a text that is UTF-8 in part the lines that are not ([`Decision::parts`]).
    pub parts: Vec<(u64, u64)>,
    /// U+FFFD put in for bytes that the encoding does not have.
    pub replaced: u64,
    /// The record that holds the text, for JSONL.
    pub json: Option<JsonRecord<'a>>,
    /// Where its bytes stand in the block.
    pub place: RecordPlace,
    /// The site.
    pub site: Option<Cow<'a, str>>,
    /// Bytes of the record.
    pub bytes: u64,
}

impl Document<'_> {
    /// The text as decoded, before normalisation.
    pub fn text(&self) -> &str {
        self.json.as_ref().map_or(self.plain.as_ref(), |record| record.text.as_ref())
    }
}

/// Where a record's bytes stand in a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordPlace {
    /// Number of the piece.
    piece: usize,
    /// Bytes of it.
    bytes: Range<usize>,
}

impl RecordPlace {
    /// The record's bytes.
    pub fn bytes<'b>(&self, block: &'b Block) -> &'b [u8] {
        match block.pieces.get(self.piece) {
            Some(Piece::Text { bytes, .. } | Piece::Jsonl { bytes, .. }) => bytes.get(self.bytes.clone()).unwrap_or_default(),
            _ => &[],
        }
    }
}

/// A record that could not be read.
#[derive(Debug)]
pub struct Unreadable<'a> {
    /// Its place.
    pub id: DocId,
    /// Why.
    pub cause: Cause,
    /// In words.
    pub message: String,
    /// For a record in parts: the part, from 0, and whether it is the last.
    pub part: Option<(u32, bool)>,
    /// Its bytes, or those of the part.
    pub bytes: &'a [u8],
}

/// Turns records into documents; shared by all threads.
#[derive(Debug)]
pub struct Decoder<'c> {
    sources: &'c [Source],
    paths: FieldPaths,
    max_nesting: usize,
    charset: Option<&'c str>,
    site_from: SiteFrom,
    folder_sites: Vec<Option<String>>,
    /// The normalisations of the run.
    pub normalizer: Normalizer,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SiteFrom {
    Url,
    Folder,
    Field,
    None,
}

impl<'c> Decoder<'c> {
    /// The decoder of a run.
    ///
    /// # Errors
    /// Where the configuration names an unknown normalisation.
    pub fn new(config: &'c Config, sources: &'c [Source]) -> Result<Decoder<'c>> {
        let site_from = match config.site_from.as_str() {
            "url" => SiteFrom::Url,
            "folder" => SiteFrom::Folder,
            "none" => SiteFrom::None,
            _ => SiteFrom::Field,
        };
        let site_field = (site_from == SiteFrom::Field).then_some(config.site_from.as_str());
        Ok(Decoder {
            sources,
            paths: FieldPaths::new(&config.text_field, &config.id_field, &config.url_field, site_field),
            max_nesting: config.max_nesting,
            charset: config.charset.as_deref(),
            site_from,
            folder_sites: sources.iter().map(|s| s.folder.as_deref().and_then(site_of_folder)).collect(),
            normalizer: Normalizer::new(config.steps()?),
        })
    }

    /// The name of a source.
    pub fn source_name(&self, source: u32) -> &'c str {
        self.sources.get(source as usize).map_or("", |s| s.name.as_str())
    }

    /// The id of a document as raw JSON: the record's own, else `"path:position"`.
    pub fn raw_id(&self, id: DocId, own: Option<&str>) -> String {
        own.map_or_else(|| json_string(&self.made_id(id)), str::to_owned)
    }

    /// `path:position`.
    pub fn made_id(&self, id: DocId) -> String {
        format!("{}:{}", self.source_name(id.source), id.position)
    }

    /// Calls `each` for every record of a block, in order.
    pub fn each<'a>(&self, block: &'a Block, known: Option<&Encodings>, mut each: impl FnMut(std::result::Result<Document<'a>, Unreadable<'a>>)) {
        for (piece, content) in block.pieces.iter().enumerate() {
            match content {
                Piece::Text { source, bytes } => {
                    let place = RecordPlace { piece, bytes: 0..bytes.len() };
                    each(self.text(DocId { source: *source, position: 1 }, bytes, place, known));
                }
                Piece::Jsonl { source, first_line, bytes } => {
                    let mut start = 0;
                    for (position, line) in (*first_line..).zip(lines(bytes)) {
                        let here = start;
                        start += line.len() + 1;
                        let line = line.trim_ascii_end();
                        if !line.trim_ascii_start().is_empty() {
                            let place = RecordPlace { piece, bytes: here..here + line.len() };
                            each(self.json(DocId { source: *source, position }, line, place));
                        }
                    }
                }
                Piece::TooLong { source, position, part, last, bytes } => each(Err(Unreadable {
                    id: DocId { source: *source, position: *position },
                    cause: Cause::RecordTooLong,
                    message: "the record is longer than `max_record_bytes`".into(),
                    part: Some((*part, *last)),
                    bytes,
                })),
                Piece::Cut { source, position, bytes } => each(Err(Unreadable {
                    id: DocId { source: *source, position: *position },
                    cause: Cause::SourceCut,
                    message: "the source ends in the middle of it".into(),
                    part: None,
                    bytes,
                })),
            }
        }
    }

    fn text<'a>(
        &self,
        id: DocId,
        bytes: &'a [u8],
        place: RecordPlace,
        known: Option<&Encodings>,
    ) -> std::result::Result<Document<'a>, Unreadable<'a>> {
        let site = match self.site_from {
            SiteFrom::Url | SiteFrom::Folder => self.folder_sites.get(id.source as usize).cloned().flatten(),
            SiteFrom::Field | SiteFrom::None => None,
        };
        let decoded = match known.and_then(|k| k.get(&id)) {
            Some(decision) => Ok(decision.decode(bytes)),
            None => decode(bytes, self.charset),
        };
        match decoded {
            Ok(decoded) => Ok(Document {
                id,
                plain: decoded.text,
                parts: decoded.decision.parts(bytes),
                decision: decoded.decision,
                replaced: decoded.replaced,
                json: None,
                place,
                site: site.map(Cow::Owned),
                bytes: bytes.len() as u64,
            }),
            Err(cause) => Err(Unreadable { id, cause, message: "the bytes are no text".into(), part: None, bytes }),
        }
    }

    fn json<'a>(&self, id: DocId, line: &'a [u8], place: RecordPlace) -> std::result::Result<Document<'a>, Unreadable<'a>> {
        match parse(line, &self.paths, self.max_nesting) {
            Ok(record) => {
                let site = match self.site_from {
                    SiteFrom::Url => record
                        .url
                        .as_deref()
                        .and_then(site_of_url)
                        .or_else(|| self.folder_sites.get(id.source as usize).cloned().flatten())
                        .map(Cow::Owned),
                    SiteFrom::Folder => self.folder_sites.get(id.source as usize).cloned().flatten().map(Cow::Owned),
                    SiteFrom::Field => record.site.clone(),
                    SiteFrom::None => None,
                };
                Ok(Document {
                    id,
                    plain: Cow::Borrowed(""),
                    decision: Decision::VALID,
                    parts: Vec::new(),
                    replaced: 0,
                    json: Some(record),
                    place,
                    site,
                    bytes: line.len() as u64,
                })
            }
            Err((cause, message)) => Err(Unreadable { id, cause, message, part: None, bytes: line }),
        }
    }
}

/// Lines at LF; what stands after the last LF is a line if it is not empty.
fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let (line, after) = match memchr::memchr(b'\n', rest) {
            Some(end) => rest.split_at_checked(end + 1)?,
            None => (rest, &[][..]),
        };
        rest = after;
        Some(line.strip_suffix(b"\n").unwrap_or(line))
    })
}

/// A JSON string.
pub fn json_string(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_else(|_| "\"\"".into())
}
