//! `manifest.json`: which tool made the folder, of what, and what each file of it must be.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::{
    model::{Error, Result},
    read::InputFormat,
    report::Run,
    write::OutputFile,
};

/// A folder's manifest.
#[derive(Debug, Serialize, Deserialize)]
pub struct Manifest {
    /// Always `buddle`.
    pub tool: String,
    /// The version that wrote the folder.
    pub version: String,
    /// Hash over the version and the settings that the output depends on.
    pub settings: String,
    /// What was read, in canonical order.
    pub inputs: Vec<InputFile>,
    /// What was written and is the same on every run: all but the manifest itself, `run.json`, `config.toml` and `_SUCCESS`.
    pub outputs: Vec<OutputFile>,
}

/// A source as it was read.
#[derive(Debug, Serialize, Deserialize)]
pub struct InputFile {
    /// Its name.
    pub path: String,
    /// `text`, `jsonl`, or `none` where nothing was in it.
    pub format: String,
    /// Bytes as stored.
    pub bytes: u64,
    /// XXH3-128 of those bytes; null where they could not all be read.
    pub xxh3_128: Option<String>,
}

impl Manifest {
    /// Reads the manifest of a washed folder.
    ///
    /// # Errors
    /// Where there is none, or it is damaged, or another tool's.
    pub fn read(folder: &Path) -> Result<Manifest> {
        let path = folder.join("manifest.json");
        let bytes = std::fs::read(&path).map_err(|e| {
            Error::usage(format!("no manifest can be read: {e}")).at(path.display()).hint("give the folder that `buddle clean … -o FOLDER` wrote")
        })?;
        let manifest: Manifest = serde_json::from_slice(&bytes).map_err(|e| Error::corrupt(e.to_string()).at(path.display()))?;
        if manifest.tool != "buddle" {
            return Err(Error::corrupt("the manifest is of another tool").at(path.display()));
        }
        Ok(manifest)
    }
}

/// The manifest of a run; `settings` is the hash of what the output depends on.
///
/// # Errors
/// None but those of JSON.
pub fn manifest_json(settings: String, run: &Run, outputs: &[OutputFile]) -> Result<Vec<u8>> {
    let inputs = run
        .sources
        .iter()
        .map(|(path, info)| InputFile {
            path: path.clone(),
            format: match info.records_format {
                Some(InputFormat::Text) => "text",
                Some(InputFormat::Jsonl) => "jsonl",
                _ => "none",
            }
            .into(),
            bytes: info.bytes,
            xxh3_128: info.xxh3_128.map(|h| format!("{h:032x}")),
        })
        .collect();
    let manifest = Manifest { tool: "buddle".into(), version: env!("CARGO_PKG_VERSION").into(), settings, inputs, outputs: outputs.to_vec() };
    super::json::pretty(&manifest)
}
