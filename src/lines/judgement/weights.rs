//! The weights of the judgement, as data: tenths of a nat, a table for each group of features, an entry for each combination of their classes.
//!
//! They come from a file that `buddle train` wrote: the one beside this source, or a user's own. Nothing in them is learnt from words.

use std::{ops::Range, sync::LazyLock};

use serde::{Deserialize, Serialize};

use super::{
    features::Classes,
    tables::{CELLS, Cell, ENTRIES, TABLE_COUNT, TABLES, entry, table_name},
};
use crate::model::{Error, Result};

/// Version of the features: a weights file of another one is refused.
pub const FEATURES_VERSION: u32 = 3;

/// Weights of the judgement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Weights {
    /// What a line has before anything is known of it.
    pub bias: i32,
    /// Cost of a change between main text and furniture in the chain.
    pub switch: i32,
    /// Below this score long text, and a line on few of the site's pages, leaves its first copy.
    pub first_copy: i32,
    /// Taken off each score for the strengths gentle, normal and strong.
    pub strengths: [i32; 3],
    /// The entries of all tables, in the order of [`TABLES`].
    pub(crate) entries: Box<[i16; ENTRIES]>,
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
    tables: Vec<(String, Vec<i16>)>,
}

/// What fitted weights have, chosen by price in folds (docs/lines.md).
const SWITCH: i32 = 8;
const FIRST_COPY: i32 = 20;
const STRENGTHS: [i32; 3] = [0, -8, -16];
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
        Weights { bias: 0, switch: SWITCH, first_copy: FIRST_COPY, strengths: STRENGTHS, entries: Box::new([0; ENTRIES]), origin: Origin::default() }
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
        for (number, features) in TABLES.iter().enumerate() {
            let (name, table) = (table_name(features), weights.table_mut(number));
            let found = file.tables.iter().find(|(found, _)| *found == name).map(|(_, table)| table);
            let Some(found) = found.filter(|found| found.len() == table.len()) else {
                let what = format!("the weights lack a table `{name}` with {} entries", table.len());
                return Err(Error::usage(what).hint(hint));
            };
            table.copy_from_slice(found);
        }
        let of_tables = weights.entries.iter().map(|n| i32::from(*n));
        let mut numbers = of_tables.chain([weights.bias, weights.switch, weights.first_copy]).chain(weights.strengths);
        if file.tables.len() != TABLE_COUNT || weights.switch < 0 || numbers.any(|n| !(-LARGEST..=LARGEST).contains(&n)) {
            return Err(Error::usage(format!("the weights hold an unknown table, or a number that is not within {LARGEST}")).hint(hint));
        }
        Ok(weights)
    }

    /// The text of the file, a table a line.
    pub fn to_text(&self) -> String {
        let tables = TABLES.iter().enumerate().map(|(number, features)| (table_name(features), self.table(number).to_vec())).collect();
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

    /// The entries of a table.
    pub fn table(&self, number: usize) -> &[i16] {
        self.entries.get(span(number)).unwrap_or_default()
    }

    /// The same, to be changed.
    pub fn table_mut(&mut self, number: usize) -> &mut [i16] {
        self.entries.get_mut(span(number)).unwrap_or_default()
    }

    /// What a line of these classes gets from each table.
    pub fn contributions(&self, classes: &Classes) -> [i32; TABLE_COUNT] {
        let mut out = [0; TABLE_COUNT];
        for (number, (out, features)) in out.iter_mut().zip(TABLES).enumerate() {
            *out = self.table(number).get(entry(features, classes)).copied().unwrap_or(0).into();
        }
        out
    }

    /// The score of a line of these classes: the bias and the sum of all tables.
    pub fn score(&self, classes: &Classes) -> i32 {
        // Written out, so that features and strides are known to the compiler: half the instructions of a loop.
        macro_rules! sum {
            ($($number:literal)*) => {{
                const _: () = assert!([$($number),*].len() == TABLE_COUNT);
                self.bias $(+ self.entry_of::<$number>(classes))*
            }};
        }
        sum!(0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29)
    }

    /// What a line of these classes gets from one table.
    #[inline(always)]
    #[allow(clippy::indexing_slicing)] // Numbers of tables and features, checked at compile time.
    fn entry_of<const NUMBER: usize>(&self, classes: &Classes) -> i32 {
        const { assert!(NUMBER < TABLE_COUNT) };
        let Cell { features, strides, first } = const { CELLS[NUMBER] };
        let part = |n: usize| usize::from(classes[usize::from(features[n])]) * usize::from(strides[n]);
        self.entries.get(usize::from(first) + part(0) + part(1) + part(2)).copied().map_or(0, i32::from)
    }
}

/// Where a table stands among the entries.
fn span(number: usize) -> Range<usize> {
    let first = |number: usize| CELLS.get(number).map_or(ENTRIES, |cell| cell.first.into());
    first(number)..first(number + 1)
}
