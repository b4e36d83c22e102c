//! Numbers of a run to files and text. Renderers give bytes; nothing here opens a file but to read a manifest back.
//!
//! `report.json` is deterministic: the same input and settings give the same bytes. What is not (times, machine)
//! stands in `run.json`.

mod diff;
mod explain;
pub mod html;
mod json;
mod machine;
mod manifest;
mod run;
mod terminal;
mod text;

pub use diff::{
    ABSENT, Content, DIFF_SCHEMA, Diff, DocumentChange, DocumentExample, DocumentExamples, Figures, Inputs, LineChange, LineExample, LineSum, Listed,
    Matched, Pair, ReportSums, STAYS, SettingChange, Side, SiteChange, SumPair, UNKNOWN, diff_html, diff_json, diff_markdown, diff_text,
};
pub use explain::{Contribution, Explanation, Judgement, LineExplanation, Missed, explained};
pub use json::{LISTED_TEXTS, json};
pub use machine::{Stage, machine_json};
pub use manifest::{InputFile, Manifest, manifest_json};
pub use run::{Fault, Run};
pub use text::summary;
