//! The weights of the judgement, as data: tenths of a nat, one table a feature, entries in the order of its classes.
//!
//! They come from a file that `buddle train` wrote: the one beside this source, or a user's own. Nothing in them is learnt from words.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::features::{FEATURES, Feature};
use crate::model::{Error, Result};

/// Version of the features: a weights file of another one is refused.
pub const FEATURES_VERSION: u32 = 2;

/// Weights of the judgement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Weights {
    /// What a line has before anything is known of it.
    pub bias: i32,
    /// Cost of a change between main text and furniture in the chain.
    pub switch: i32,
    /// Below this score long text leaves its first copy.
    pub first_copy: i32,
    /// Taken off each score for the strengths gentle, normal and strong.
    pub strengths: [i32; 3],
    /// An entry for each class of each feature.
    pub tables: [Vec<i32>; FEATURES],
    /// Day on which they were fitted, and what they were fitted to.
    pub origin: Origin,
}

/// Where weights come from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// Day, as `YYYY-MM-DD`.
    pub date: String,
    /// Sets of labelled pages.
    pub sets: Vec<SetOrigin>,
}

/// A set that weights were fitted to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetOrigin {
    /// Its name.
    pub name: String,
    /// Sites in it.
    pub sites: u64,
    /// Pages of them.
    pub pages: u64,
    /// Lines of those.
    pub lines: u64,
}

/// The file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    features_version: u32,
    origin: Origin,
    bias: i32,
    switch: i32,
    first_copy: i32,
    strengths: [i32; 3],
    tables: Vec<(String, Vec<i32>)>,
}

/// No entry is larger, so that no sum of them overflows.
const LARGEST: i32 = 1000;

impl Weights {
    /// The weights that come with buddle.
    pub fn built_in() -> &'static Weights {
        static WEIGHTS: LazyLock<Weights> = LazyLock::new(|| Weights::parse(include_str!("weights.json")).unwrap_or_else(|_| Weights::zero()));
        &WEIGHTS
    }

    /// Weights that say nothing of any line.
    pub fn zero() -> Weights {
        let tables = Feature::ALL.map(|feature| vec![0; feature.classes()]);
        Weights { bias: 0, switch: 5, first_copy: 20, strengths: [10, 0, -10], tables, origin: Origin::default() }
    }

    /// The weights of a file's text.
    ///
    /// # Errors
    /// A usage error for what is no weights file, or one of other features.
    pub fn parse(text: &str) -> Result<Weights> {
        let hint = "fit weights with `buddle train`";
        let file: File = serde_json::from_str(text).map_err(|e| Error::usage(format!("this is no file of weights: {e}")).hint(hint))?;
        if file.features_version != FEATURES_VERSION {
            let what = format!("the weights are for features of version {}; this buddle has version {FEATURES_VERSION}", file.features_version);
            return Err(Error::usage(what).hint(hint));
        }
        let mut weights = Weights { bias: file.bias, switch: file.switch, first_copy: file.first_copy, strengths: file.strengths, ..Weights::zero() };
        weights.origin = file.origin;
        for (table, feature) in weights.tables.iter_mut().zip(Feature::ALL) {
            let found = file.tables.iter().find(|(name, _)| name == feature.name()).map(|(_, table)| table);
            let Some(found) = found.filter(|found| found.len() == table.len()) else {
                let what = format!("the weights lack a table {} with {} entries", feature.name(), table.len());
                return Err(Error::usage(what).hint(hint));
            };
            table.clone_from(found);
        }
        let numbers = weights.tables.iter().flatten().chain([&weights.bias, &weights.switch, &weights.first_copy]).chain(&weights.strengths);
        if file.tables.len() != FEATURES || weights.switch < 0 || numbers.into_iter().any(|n| n.abs() > LARGEST) {
            return Err(Error::usage(format!("the weights hold an unknown table, or a number that is not within {LARGEST}")).hint(hint));
        }
        Ok(weights)
    }

    /// The text of the file, a table a line.
    pub fn to_text(&self) -> String {
        let tables = Feature::ALL.iter().zip(&self.tables).map(|(feature, table)| (feature.name().to_owned(), table.clone())).collect();
        let file = File {
            features_version: FEATURES_VERSION,
            origin: self.origin.clone(),
            bias: self.bias,
            switch: self.switch,
            first_copy: self.first_copy,
            strengths: self.strengths,
            tables,
        };
        // Only a type that cannot be written fails, and this one can.
        serde_json::to_string(&file).unwrap_or_default().replace(",[\"", ",\n[\"").replace("\"tables\":[[", "\"tables\":[\n[") + "\n"
    }

    /// What is taken off each score at a strength: 0 gentle, 1 normal, 2 strong.
    pub fn margin(&self, strength: usize) -> i32 {
        self.strengths.get(strength).copied().unwrap_or_default()
    }

    /// What a line of these classes gets from each feature.
    pub fn contributions(&self, classes: &[u8; FEATURES]) -> [i32; FEATURES] {
        let mut out = [0; FEATURES];
        for ((out, class), table) in out.iter_mut().zip(classes).zip(&self.tables) {
            *out = table.get(usize::from(*class)).copied().unwrap_or(0);
        }
        out
    }
}
