//! Rows of JSON Lines files in a washed folder, read back in order.

use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;

use crate::{
    model::{Error, Result},
    read::{BLOCK_BYTES, InputFormat, Limits, Piece, Reader, list},
};

/// Calls `each` with the name and the bytes of every row of these files; a damaged file is an error.
pub fn each_row(files: &[PathBuf], mut each: impl FnMut(&str, &[u8]) -> Result<()>) -> Result<()> {
    if files.is_empty() {
        return Ok(());
    }
    let sources = list(files)?.sources;
    let limits = Limits { max_record_bytes: u64::MAX, max_ratio: u64::MAX, ..Limits::default() };
    let mut reader = Reader::new(&sources, InputFormat::Jsonl, limits, BLOCK_BYTES);
    while let Some(block) = reader.next_block()? {
        for piece in &block.pieces {
            let Piece::Jsonl { source, bytes, .. } = piece else { continue };
            let name = sources.get(*source as usize).map_or("", |s| s.name.as_str());
            for line in bytes.split(|b| *b == b'\n').filter(|l| !l.is_empty()) {
                each(name, line)?;
            }
        }
    }
    match reader.take_problems().into_iter().next() {
        Some((_, error)) => Err(error),
        None => Ok(()),
    }
}

/// A row as its type.
pub fn parse_row<T: DeserializeOwned>(name: &str, row: &[u8]) -> Result<T> {
    serde_json::from_slice(row).map_err(|e| Error::corrupt(format!("a row of a washed folder cannot be read: {e}")).at(name))
}

/// Files of a folder's manifest under a prefix, in order.
pub fn files_under(folder: &Path, manifest: &crate::report::Manifest, prefix: &str) -> Vec<PathBuf> {
    manifest.outputs.iter().filter(|f| f.path.starts_with(prefix)).map(|f| folder.join(&f.path)).collect()
}
