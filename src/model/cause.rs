//! Why a record is in the quarantine: it could not be read. Closed list, stable codes, only ever added to.

use serde::Serialize;

/// What kept a record from becoming a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Cause {
    /// The line is no JSON, or a string in it cannot be decoded (a lone surrogate).
    JsonSyntax,
    /// The line is JSON, but no object.
    JsonNotObject,
    /// Brackets are nested deeper than `max_nesting`.
    JsonNesting,
    /// The bytes of a JSONL line are no UTF-8.
    InvalidUtf8,
    /// The object has no text field.
    TextMissing,
    /// The text field is no string.
    TextNotString,
    /// The record is longer than `max_record_bytes`.
    RecordTooLong,
    /// The bytes are no text: an image, an archive, a program.
    NotText,
    /// The source ends in the middle of it: a cut archive.
    SourceCut,
}

impl Cause {
    /// Every cause.
    pub const ALL: [Cause; 9] = [
        Cause::JsonSyntax,
        Cause::JsonNotObject,
        Cause::JsonNesting,
        Cause::InvalidUtf8,
        Cause::TextMissing,
        Cause::TextNotString,
        Cause::RecordTooLong,
        Cause::NotText,
        Cause::SourceCut,
    ];

    /// The cause with this code.
    pub fn from_code(code: &str) -> Option<Cause> {
        Cause::ALL.into_iter().find(|cause| cause.code() == code)
    }

    /// The stable code that stands in the quarantine and the report.
    pub fn code(self) -> &'static str {
        match self {
            Cause::JsonSyntax => "json_syntax",
            Cause::JsonNotObject => "json_not_object",
            Cause::JsonNesting => "json_nesting",
            Cause::InvalidUtf8 => "invalid_utf8",
            Cause::TextMissing => "text_missing",
            Cause::TextNotString => "text_not_string",
            Cause::RecordTooLong => "record_too_long",
            Cause::NotText => "not_text",
            Cause::SourceCut => "source_cut",
        }
    }

    /// What a person can do about it.
    pub fn hint(self) -> &'static str {
        match self {
            Cause::JsonSyntax | Cause::InvalidUtf8 => "mend the line at its source, or read the file as plain text with --from text",
            Cause::JsonNotObject => "each line must be one object like {\"text\": \"…\"}",
            Cause::JsonNesting => "raise --max-nesting",
            Cause::TextMissing | Cause::TextNotString => "name the field that holds the text with --text-field",
            Cause::RecordTooLong => "raise --max-record-bytes",
            Cause::SourceCut => "fetch the file again; what came before the cut was read",
            Cause::NotText => "leave such files out of the input, or unpack them first",
        }
    }
}
