//! Numbers of a run to files and text. Renderers give bytes; nothing here opens a file but to read a manifest back.
//!
//! `report.json` is deterministic: the same input and settings give the same bytes. What is not (times, machine)
//! stands in `run.json`.

mod checked;
pub mod diff;
mod explain;
mod figure;
mod folder;
pub mod html;
mod json;
mod machine;
mod manifest;
mod markdown;
mod numbers;
mod pairs;
mod run;
mod terminal;
mod text;

pub use checked::{Baseline, Checked, ReportFormat, rules_text};
pub use explain::{
    Contribution, Copies, DocumentRule, Explanation, Judgement, LineExplanation, Missed, NamedCopy, NamedDocument, RemovedPlaces, RuleVerdict,
    TextExplanation, Unread, explained, explained_text,
};
pub use folder::{
    Cluster, ClusterMember, Clustered, ContextLine, DocumentExample, Fate, FolderReport, Holds, KeptCopy, LENGTHS, Lengths, LineExample, Place,
    SIMILARITIES, Similarities, SiteFurniture, Unreadable,
};
pub use json::{LISTED_TEXTS, json};
pub use machine::{Stage, machine_json};
pub use manifest::{InputFile, Manifest, manifest_json};
pub use numbers::{Amounts, Numbers, SiteNumbers, SourceNumbers};
pub use pairs::{PairFigures, PairsRun};
pub use run::{Clusters, Fault, Run};
pub use text::summary;
