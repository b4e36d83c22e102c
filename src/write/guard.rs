//! May this folder be replaced? Only if every file in it is this program's own.
//!
//! A folder is ours if it is empty, or if its `manifest.json` names this tool and each file is one that a run
//! writes: a known name, a numbered part, something of the index, or a path that the manifest lists. One
//! file more, and `--overwrite` is refused: it must never cost a user's work.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::Path;

use serde::Deserialize;

use super::place::{At, is_hidden};
use crate::model::{Error, Result};

/// The files that stand at the top of a run's folder.
const TOP: [&str; 8] = ["_SUCCESS", "manifest.json", "report.json", "report.html", "report.md", "report.txt", "run.json", "config.toml"];

/// What is read of a manifest; its outputs loosely, since an older version may have shaped them otherwise.
#[derive(Deserialize)]
struct Manifest {
    tool: String,
    #[serde(default)]
    outputs: serde_json::Value,
}

/// Passes where the folder at `dir` may be replaced.
///
/// # Errors
/// Usage, naming the file that is not ours; otherwise the operating system's.
pub(super) fn may_replace(dir: &Path) -> Result<()> {
    if fs::read_dir(dir).at(dir)?.next().is_none() {
        return Ok(());
    }
    let manifest = match fs::read(dir.join("manifest.json")) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error).at(&dir.join("manifest.json")),
        read => read.ok().and_then(|bytes| serde_json::from_slice::<Manifest>(&bytes).ok()).filter(|m| m.tool == "buddle"),
    };
    let Some(manifest) = manifest else {
        return Err(Error::usage("holds files and no manifest.json of buddle, so --overwrite leaves it alone")
            .at(dir.display())
            .hint("name another folder, or empty this one yourself"));
    };
    let outputs = manifest.outputs.as_array().into_iter().flatten();
    let listed: BTreeSet<&str> = outputs.filter_map(|o| o.get("path")?.as_str()).collect();
    for entry in walkdir::WalkDir::new(dir).min_depth(1).sort_by_file_name() {
        let entry = entry.map_err(io::Error::from).at(dir)?;
        if entry.file_type().is_dir() {
            continue;
        }
        let name = entry.path().strip_prefix(dir).unwrap_or(entry.path());
        if !is_hidden(entry.file_name()) && !name.to_str().is_some_and(|n| listed.contains(n) || is_ours(n)) {
            return Err(Error::usage("is no file of buddle's, so --overwrite leaves its folder alone")
                .at(entry.path().display())
                .hint("move it away, or name another folder"));
        }
    }
    Ok(())
}

/// Is this a name, relative to the folder, that a run writes?
fn is_ours(name: &str) -> bool {
    match name.split_once('/') {
        None => TOP.contains(&name),
        Some(("index", _)) => true,
        Some(("data" | "removed" | "quarantine", rest)) => is_part(rest),
        Some(_) => false,
    }
}

/// `STEM-00000.jsonl`, compressed or not.
fn is_part(name: &str) -> bool {
    // Parts lie flat: a folder among them is not ours.
    let Some((stem, extension)) = name.split_once('.') else { return false };
    let Some((_, number)) = stem.rsplit_once('-') else { return false };
    !name.contains('/') && matches!(extension, "jsonl" | "jsonl.gz" | "jsonl.zst") && number.len() >= 5 && number.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_ours() {
        for name in ["_SUCCESS", "report.json", "index/lines.bin", "data/part-00000.jsonl.zst", "removed/documents-123456.jsonl"] {
            assert!(is_ours(name), "{name}");
        }
        for name in ["notes.txt", "data/notes.txt", "data/part-1.jsonl", "data/part-00000.csv", "data/sub/part-00000.jsonl", "other/part-00000.jsonl"]
        {
            assert!(!is_ours(name), "{name}");
        }
    }

    #[test]
    fn only_what_is_ours_may_go() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        may_replace(dir.path()).unwrap();
        for manifest in ["{\"tool\":\"other\"}", "no json", "{}"] {
            fs::write(at("manifest.json"), manifest).unwrap();
            assert_eq!(may_replace(dir.path()).unwrap_err().exit_code(), 2, "{manifest}");
        }
        fs::write(at("manifest.json"), "{\"tool\":\"buddle\",\"outputs\":[{\"path\":\"extra/x\"}]}").unwrap();
        fs::create_dir(at("extra")).unwrap();
        fs::write(at("extra/x"), "").unwrap();
        fs::write(at(".report.json.buddle-a1b2c3"), "").unwrap();
        may_replace(dir.path()).unwrap();
        fs::create_dir(at("data")).unwrap();
        fs::write(at("data/mine.txt"), "").unwrap();
        let error = may_replace(dir.path()).unwrap_err();
        assert_eq!(error.exit_code(), 2);
        assert!(error.to_string().contains("data/mine.txt"), "{error}");
    }
}
