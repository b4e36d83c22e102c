//! Shapes of the removed log: what went, why, and which copy stays.
//!
//! `removed/lines…` holds each distinct removed text once; `removed/documents…` holds one entry for each document
//! that lost lines or went whole, and points into the former. With the output and the quarantine they are
//! enough to rebuild the input. Ids keep their exact spelling (a number stays a number, digit for digit).
//! [`RemovedLineText::without_text`] and its siblings make the small form that names, but does not quote.

use serde::de::{Error as _, IgnoredAny};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;

/// One distinct removed text (`removed/lines…`).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RemovedLineText {
    /// Its number in the log, which documents refer to.
    pub r#ref: u64,
    /// The line, normalised, without its line break. Never empty, since blank lines are not logged here; the key
    /// is absent in the form without texts, which reads back as empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// Stable code of the [`Reason`](crate::model::Reason).
    pub reason: String,
    /// Stable code of the [`Scope`](crate::model::Scope).
    pub scope: String,
    /// How many lines with this text went for this reason.
    pub count: u64,
    /// How many documents lost such a line.
    pub pages: u64,
    /// Code of the line's language.
    pub lang: String,
    /// The copy that stays; null where every copy goes.
    pub kept: Option<KeptLine>,
}

impl RemovedLineText {
    /// The entry without the text.
    #[must_use]
    pub fn without_text(self) -> Self {
        RemovedLineText { text: String::new(), ..self }
    }
}

/// A line that stays, in some document.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct KeptLine {
    /// The document's id, as given.
    pub id: Box<RawValue>,
    /// Number of the line in the decoded input, from 1.
    pub line: u64,
}

/// A document that stays and lost lines (`removed/documents…`).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RemovedFromDocument {
    /// The document's id, as given.
    pub id: Box<RawValue>,
    /// Its source.
    pub source: String,
    /// Its number in the source, from 1.
    pub position: u64,
    /// The lines that went, in the order of the document.
    pub lines: Vec<RemovedLineAt>,
}

/// A removed line's place: serialised as the array `[line, ref, at, kept]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "LineAtArray", into = "LineAtArray")]
pub struct RemovedLineAt {
    /// Number of the line in the decoded input, from 1.
    pub line: u64,
    /// Number of its text in `removed/lines…`; null for a blank line that went with its neighbours.
    pub r#ref: Option<u64>,
    /// Number of the line in the normalised text, from 1.
    pub at: u64,
    /// Number, in the decoded input, of the copy in this document that stays; null where none does.
    pub kept: Option<u64>,
}

type LineAtArray = (u64, Option<u64>, u64, Option<u64>);

impl From<LineAtArray> for RemovedLineAt {
    fn from((line, r#ref, at, kept): LineAtArray) -> Self {
        RemovedLineAt { line, r#ref, at, kept }
    }
}

impl From<RemovedLineAt> for LineAtArray {
    fn from(at: RemovedLineAt) -> Self {
        (at.line, at.r#ref, at.at, at.kept)
    }
}

/// A document that went whole (`removed/documents…`).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RemovedDocument {
    /// The document's id, as given.
    pub id: Box<RawValue>,
    /// Its source.
    pub source: String,
    /// Its number in the source, from 1.
    pub position: u64,
    /// Stable code of the [`Reason`](crate::model::Reason).
    pub reason: String,
    /// The copy that stays; null where the document is no copy.
    pub kept: Option<KeptDocument>,
    /// How alike the two are, from 0 to 1; null where nothing was compared.
    pub similarity: Option<f64>,
    /// The text; null where the kept copy has it, or in the form without texts.
    pub text: Option<String>,
    /// The record's other fields, with its text null; null where there are none, or in the form without texts.
    pub record: Option<Box<RawValue>>,
}

impl RemovedDocument {
    /// The entry without the text and without the record, whose fields may quote it.
    #[must_use]
    pub fn without_text(self) -> Self {
        RemovedDocument { text: None, record: None, ..self }
    }
}

/// The document whose copy went.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct KeptDocument {
    /// Its id, as given; null where it is not known (of a document that came earlier in a stream).
    pub id: Option<Box<RawValue>>,
    /// Its source; null for a document of an earlier crawl.
    pub source: Option<String>,
    /// Its number in the source, or in the index of earlier crawls, from 1.
    pub position: u64,
}

impl KeptDocument {
    /// Its source; none has an empty name.
    pub fn source(&self) -> &str {
        self.source.as_deref().unwrap_or_default()
    }

    /// Where it stands, in words.
    pub fn place(&self) -> String {
        match &self.source {
            Some(source) => format!("{source}, record {}", self.position),
            None => format!("document {} of the index of earlier crawls", self.position),
        }
    }
}

/// An entry of `removed/documents…`, of either kind: `lines` tells them apart.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum RemovedEntry {
    /// The document stays and lost lines.
    Lines(RemovedFromDocument),
    /// The document went whole.
    Document(RemovedDocument),
}

impl RemovedEntry {
    /// The entry without texts.
    #[must_use]
    pub fn without_text(self) -> Self {
        match self {
            RemovedEntry::Lines(_) => self,
            RemovedEntry::Document(document) => RemovedEntry::Document(document.without_text()),
        }
    }
}

impl<'de> Deserialize<'de> for RemovedEntry {
    // Serde's own untagged enums buffer their input in a way that raw values cannot be read from.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Probe {
            #[serde(default)]
            lines: Option<IgnoredAny>,
        }
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        let probe: Probe = serde_json::from_str(raw.get()).map_err(D::Error::custom)?;
        if probe.lines.is_some() {
            serde_json::from_str(raw.get()).map(RemovedEntry::Lines).map_err(D::Error::custom)
        } else {
            serde_json::from_str(raw.get()).map(RemovedEntry::Document).map_err(D::Error::custom)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::de::DeserializeOwned;

    fn raw(json: &str) -> Box<RawValue> {
        RawValue::from_string(json.to_owned()).unwrap()
    }

    fn same<T: Serialize + DeserializeOwned>(json: &str) -> T {
        let value: T = serde_json::from_str(json).unwrap();
        assert_eq!(serde_json::to_string(&value).unwrap(), json);
        value
    }

    const LINE: &str = r#"{"ref":0,"text":"Cookies!","reason":"line_document","scope":"document","count":3,"pages":2,"lang":"en","kept":{"id":12345678901234567890123,"line":4}}"#;
    const FROM: &str = r#"{"id":"a","source":"s.jsonl","position":1,"lines":[[1,0,1,null],[2,null,2,null],[9,7,5,3]]}"#;
    const WHOLE: &str = r#"{"id":1.50,"source":"s","position":2,"reason":"document_exact","kept":{"id":null,"source":"t","position":1},"similarity":1.0,"text":null,"record":{"url":"u","text":null,"n":1e2}}"#;

    #[test]
    fn shapes_read_back_to_the_byte() {
        assert_eq!(same::<RemovedLineText>(LINE).kept.unwrap().id.get(), "12345678901234567890123");
        same::<RemovedLineText>(&LINE.replace(r#"{"id":12345678901234567890123,"line":4}"#, "null"));
        let from: RemovedFromDocument = same(FROM);
        assert_eq!(from.lines[2], RemovedLineAt { line: 9, r#ref: Some(7), at: 5, kept: Some(3) });
        let whole: RemovedDocument = same(WHOLE);
        assert_eq!((whole.id.get(), whole.record.unwrap().get()), ("1.50", r#"{"url":"u","text":null,"n":1e2}"#));
    }

    #[test]
    fn entries_are_told_apart() {
        assert!(matches!(same(FROM), RemovedEntry::Lines(_)));
        assert!(matches!(same(WHOLE), RemovedEntry::Document(_)));
        assert!(serde_json::from_str::<RemovedEntry>("{\"id\":1}").is_err());
        assert!(serde_json::from_str::<RemovedEntry>("[]").is_err());
        assert!(serde_json::from_slice::<RemovedEntry>(FROM.as_bytes()).is_ok());
    }

    #[test]
    fn without_texts() {
        let line = serde_json::from_str::<RemovedLineText>(LINE).unwrap().without_text();
        let json = serde_json::to_string(&line).unwrap();
        assert!(!json.contains("Cookies") && !json.contains("\"text\""));
        assert_eq!(same::<RemovedLineText>(&json).text, "");
        let document = RemovedDocument {
            id: raw("1"),
            source: "s".to_owned(),
            position: 1,
            reason: "document_min_chars".to_owned(),
            kept: None,
            similarity: None,
            text: Some("secret".to_owned()),
            record: Some(raw("{\"title\":\"secret\"}")),
        };
        let json = serde_json::to_string(&RemovedEntry::Document(document).without_text()).unwrap();
        assert!(!json.contains("secret"), "{json}");
        assert!(matches!(same(&json), RemovedEntry::Document(_)));
        assert!(matches!(same::<RemovedEntry>(FROM).without_text(), RemovedEntry::Lines(_)));
    }
}
