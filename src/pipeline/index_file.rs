//! The line index of a washed folder, read back.

use std::path::{Path, PathBuf};

use crate::{
    lines::index::LineIndex,
    model::{Error, Result},
};

/// The index of a washed folder, or of an index file; `None` where the folder holds none.
///
/// # Errors
/// What cannot be read, and what [`LineIndex::from_bytes`] refuses, with its path.
pub fn read_index(path: &Path) -> Result<Option<LineIndex>> {
    let file: PathBuf = if path.is_dir() { path.join("index/lines.idx") } else { path.to_owned() };
    match std::fs::read(&file) {
        Ok(bytes) => LineIndex::from_bytes(&bytes).map(Some).map_err(|e| e.at(file.display())),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(e) => Err(Error::from(e).at(file.display())),
    }
}
