//! `report.json`, read back: what pages and comparisons are made of.
//!
//! Keys that this version does not know are passed over; those that it needs must be there.

use std::{collections::BTreeMap, path::Path};

use serde::Deserialize;

use crate::{
    model::{Error, Result},
    write::RemovedLineText,
};

/// Documents, lines and characters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Amounts {
    /// Documents.
    pub documents: u64,
    /// Lines that are not blank.
    pub lines: u64,
    /// Their characters.
    pub chars: u64,
}

/// The numbers of a run, by stable codes.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Numbers {
    /// Version of the report's shape.
    pub schema: u32,
    /// What was read.
    pub sources: SourceNumbers,
    /// Records, those in the quarantine too.
    pub records: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Documents that were decoded.
    pub input: Amounts,
    /// What is written as clean text.
    pub output: Amounts,
    /// Lines taken from documents that stay, by reason.
    pub removed_lines: BTreeMap<String, Amounts>,
    /// Documents taken whole, by reason.
    pub removed_documents: BTreeMap<String, Amounts>,
    /// Records that could not be read, by cause.
    pub quarantined: BTreeMap<String, u64>,
    /// Changes to text that stays, by name.
    pub normalized: BTreeMap<String, u64>,
    /// U+FFFD for bytes that fit no encoding.
    pub replaced: u64,
    /// Documents that stay, by language.
    pub document_languages: BTreeMap<String, u64>,
    /// Lines that stay, by language.
    pub line_languages: BTreeMap<String, u64>,
    /// Documents by encoding and how it was told.
    pub encodings: BTreeMap<String, u64>,
    /// Lines in another encoding in texts of UTF-8.
    pub mixed_lines: BTreeMap<String, u64>,
    /// Lines of mojibake that were repaired.
    pub repaired: BTreeMap<String, u64>,
    /// Documents without a site.
    pub without_site: u64,
    /// How many sites there are.
    pub site_count: u64,
    /// The sites with most documents, those first.
    pub sites: Vec<SiteNumbers>,
    /// Sites that the safety valve suspended, with what they would have lost in thousandths.
    pub suspended_sites: BTreeMap<String, u64>,
    /// Distinct texts that went.
    pub removed_texts: u64,
    /// Those that went most often.
    pub most_frequent: Vec<RemovedLineText>,
}

/// Sums of the sources.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct SourceNumbers {
    /// Sources.
    pub read: u64,
    /// Empty ones.
    pub empty: u64,
    /// Files that a walk passed over.
    pub skipped: u64,
    /// What could not be read, in words.
    pub problems: Vec<String>,
}

/// A site's numbers.
#[derive(Clone, Debug, Deserialize)]
pub struct SiteNumbers {
    /// The site.
    pub site: String,
    /// What came in.
    pub input: Amounts,
    /// What stays.
    pub output: Amounts,
    /// Furniture taken from documents that stay.
    pub furniture: Amounts,
    /// Were the line rules suspended there?
    pub suspended: bool,
}

impl Numbers {
    /// Reads the report of a washed folder.
    ///
    /// # Errors
    /// Where it cannot be read, or is damaged.
    pub fn read(folder: &Path) -> Result<Numbers> {
        let path = folder.join("report.json");
        let bytes = std::fs::read(&path).map_err(|e| Error::from(e).at(path.display()))?;
        serde_json::from_slice(&bytes).map_err(|e| Error::corrupt(format!("no report of buddle: {e}")).at(path.display()))
    }
}
