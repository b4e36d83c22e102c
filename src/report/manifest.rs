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
    /// The command that did, where it is not `clean`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
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
    /// Reads the manifest of a folder whose documents hold what was found of them, which `dedup` does not write.
    ///
    /// # Errors
    /// Those of [`Manifest::read`]; usage, where another command than `clean` wrote the folder.
    pub fn read_washed(folder: &Path) -> Result<Manifest> {
        let manifest = Manifest::read(folder)?;
        match &manifest.command {
            None => Ok(manifest),
            Some(command) => Err(Error::usage(format!("`buddle {}` wrote this folder, and left documents as they were", command.escape_debug()))
                .at(folder.display())
                .hint("give the folder that `buddle clean … -o FOLDER` wrote; `buddle verify` checks both")),
        }
    }

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
    let command = run.clusters.as_ref().map(|_| "dedup".to_owned());
    let manifest =
        Manifest { tool: "buddle".into(), version: env!("CARGO_PKG_VERSION").into(), command, settings, inputs, outputs: outputs.to_vec() };
    super::json::pretty(&manifest)
}
