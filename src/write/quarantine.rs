//! The quarantine's rows: records that could not be read, with their raw bytes, so that nothing is lost.
//!
//! Bytes stand in base64 (standard alphabet, padded), since they may be no text at all. A record longer than
//! its limit comes in several rows, numbered, the last one marked.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use super::json_row;
use crate::model::{Cause, Error, Result};

/// One row as it is read back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuarantineRow {
    /// The source's name, as in the manifest.
    pub source: String,
    /// The record's number in its source, from 1.
    pub position: u64,
    /// Stable code of the [`Cause`].
    pub cause: String,
    /// What was found and what was expected, for people.
    pub message: String,
    /// Number of this piece, from 0 as the writer counts; absent where the record is in one piece.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<u32>,
    /// Is this the last piece? Absent where the record is in one piece.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<bool>,
    /// The raw bytes in base64.
    pub bytes: String,
}

impl QuarantineRow {
    /// The raw bytes.
    ///
    /// # Errors
    /// Corrupt, where they are no base64.
    pub fn raw(&self) -> Result<Vec<u8>> {
        STANDARD
            .decode(&self.bytes)
            .map_err(|error| Error::corrupt(format!("quarantined bytes are no base64: {error}")).at(&self.source).line(self.position))
    }
}

/// Appends one row for `bytes`; `part` is the piece's number and whether it is the last, for a record in pieces.
pub fn quarantine_row(source: &str, position: u64, cause: Cause, message: &str, part: Option<(u32, bool)>, bytes: &[u8], out: &mut Vec<u8>) {
    let row = QuarantineRow {
        source: source.to_owned(),
        position,
        cause: cause.code().to_owned(),
        message: message.to_owned(),
        part: part.map(|(number, _)| number),
        last: part.map(|(_, last)| last),
        bytes: STANDARD.encode(bytes),
    };
    // Strings and numbers into memory: there is nothing here that could fail.
    let written = json_row(&row, out);
    debug_assert!(written.is_ok());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_read_back() {
        let bytes: Vec<u8> = (0..=255).collect();
        for part in [None, Some((0, false)), Some((1, true))] {
            let mut out = Vec::new();
            quarantine_row("a \"b\".jsonl", 7, Cause::InvalidUtf8, "no\nUTF-8", part, &bytes, &mut out);
            assert_eq!(out.iter().filter(|b| **b == b'\n').count(), 1);
            let row: QuarantineRow = serde_json::from_slice(&out).unwrap();
            assert_eq!((row.source.as_str(), row.position, row.cause.as_str()), ("a \"b\".jsonl", 7, "invalid_utf8"));
            assert_eq!(row.part.zip(row.last), part);
            assert_eq!(row.raw().unwrap(), bytes);
        }
    }

    #[test]
    fn shape_and_damage() {
        let mut out = Vec::new();
        quarantine_row("s", 1, Cause::NotText, "m", None, b"abc", &mut out);
        assert_eq!(out, b"{\"source\":\"s\",\"position\":1,\"cause\":\"not_text\",\"message\":\"m\",\"bytes\":\"YWJj\"}\n");
        let mut row: QuarantineRow = serde_json::from_slice(&out).unwrap();
        row.bytes = "?".to_owned();
        assert_eq!(row.raw().unwrap_err().exit_code(), 4);
    }
}
