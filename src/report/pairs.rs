//! What a search for pairs came to, and its summary.

use std::fmt::Write;

use serde::Serialize;

use super::{
    Fault,
    figure::{number, size},
};
use crate::{
    model::{Error, Result},
    read::SourceInfo,
};

/// Numbers of a search for pairs.
#[derive(Clone, Debug, Default, Serialize)]
pub struct PairFigures {
    /// Documents of the set.
    pub documents: u64,
    /// Those of the other set.
    pub others: u64,
    /// Those of the index; null where there is none.
    pub earlier: Option<u64>,
    /// Bytes of both sets.
    pub bytes: u64,
    /// Records that could not be read.
    pub quarantined: u64,
    /// Documents that are shorter than a shingle.
    pub short: u64,
    /// Pairs that were written.
    pub pairs: u64,
    /// The nearest that were looked for of each document; null where those from a threshold on were.
    pub nearest: Option<u32>,
    /// Others that a document is listed with, at most.
    pub most: u32,
    /// Documents that are like more others than they are listed with.
    pub had_more: u64,
    /// Documents that were not held against all others that share a band with them.
    pub passed_over: u64,
    /// Bytes that went to temporary files.
    pub spilled: u64,
}

/// A search for pairs.
#[derive(Debug)]
pub struct PairsRun {
    /// Its numbers.
    pub figures: PairFigures,
    /// What was read.
    pub sources: Vec<(String, SourceInfo)>,
    /// What could not be read.
    pub problems: Vec<Error>,
    /// The first records that could not be read.
    pub faults: Vec<Fault>,
}

impl PairsRun {
    /// The summary; ends with a line break.
    pub fn summary(&self) -> String {
        let PairFigures { documents, others, earlier, bytes, short, pairs, nearest, most, had_more, passed_over, .. } = &self.figures;
        let mut out = String::new();
        // Writing to a String cannot fail.
        let mut line = |text: String| {
            let _ = writeln!(out, "{text}");
        };
        let sources = self.sources.len() as u64;
        let noun = if sources == 1 { "source" } else { "sources" };
        line(format!("in     {} documents, {} from {} {noun}", number(documents + others), size(*bytes), number(sources)));
        if *others > 0 {
            line(format!("with   {} of them, which the others are compared with", number(*others)));
        }
        if let Some(earlier) = earlier {
            line(format!("with   {} documents of the index", number(*earlier)));
        }
        let found = nearest.map_or_else(String::new, |nearest| format!(": of each document the nearest, {} at most", number(nearest.into())));
        line(format!("out    {} pairs{found}", number(*pairs)));
        if *short > 0 {
            line(format!("note   {} documents are shorter than a shingle, and like no other", number(*short)));
        }
        if *had_more > 0 {
            line(format!(
                "note   {} documents are like more than the {} others that each is listed with (--most)",
                number(*had_more),
                number((*most).into())
            ));
        }
        if *passed_over > 0 {
            line(format!(
                "note   {} documents share bands with too many to be compared with all: some pairs of theirs may be missing (--most)",
                number(*passed_over)
            ));
        }
        out
    }

    /// The numbers as JSON.
    ///
    /// # Errors
    /// Where they cannot be written as JSON.
    pub fn json(&self) -> Result<serde_json::Value> {
        Ok(serde_json::to_value(&self.figures).map_err(std::io::Error::from)?)
    }
}
