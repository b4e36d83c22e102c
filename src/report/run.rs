//! What a run came to: all that reports are made of.

use std::{collections::BTreeMap, path::PathBuf};

use serde::Serialize;

use crate::{
    model::{Cause, Counts, Error, Position, SiteTally},
    read::SourceInfo,
    write::{RemovedLineText, Target},
};

/// A record that could not be read, for the messages.
#[derive(Clone, Debug)]
pub struct Fault {
    /// Its source.
    pub source: String,
    /// Its position.
    pub position: Position,
    /// Why.
    pub cause: Cause,
    /// In words.
    pub message: String,
}

/// What `dedup` found, beside the sums of every run.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Clusters {
    /// What documents were compared by.
    pub by: Vec<String>,
    /// Documents that lack a field of those, or have nothing in it: they are like no other.
    pub without_fields: u64,
    /// Clusters of two documents or more.
    pub clusters: u64,
    /// Documents in the largest.
    pub largest: u64,
    /// Where duplicates are marked and none is removed, how many are, by the code of the reason.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub marked: BTreeMap<&'static str, u64>,
}

/// What a run came to.
#[derive(Debug)]
pub struct Run {
    /// All sums.
    pub counts: Counts,
    /// Sums by site.
    pub sites: BTreeMap<String, SiteTally>,
    /// Sites whose line rules the safety valve suspended, with the share that they would have lost, in thousandths.
    pub suspended: BTreeMap<String, u64>,
    /// How many distinct texts went.
    pub removed_texts: usize,
    /// The [`LISTED_TEXTS`](super::LISTED_TEXTS) of them that went most often, those first.
    pub most_frequent: Vec<RemovedLineText>,
    /// The first records that could not be read.
    pub faults: Vec<Fault>,
    /// Sources that could not be read, or not wholly.
    pub problems: Vec<Error>,
    /// Names of the sources with what is known of them.
    pub sources: Vec<(String, SourceInfo)>,
    /// Files that a walk passed over.
    pub skipped: u64,
    /// Where the output went.
    pub target: Target,
    /// Was what went kept?
    pub removed_kept: bool,
    /// A folder that an overwrite replaced and that could not be deleted.
    pub left_over: Option<PathBuf>,
    /// What documents are duplicates, of a run of `dedup`.
    pub clusters: Option<Clusters>,
    /// Keys of documents that a run in one pass held, 16 bytes each.
    pub stream_keys: Option<u64>,
}
