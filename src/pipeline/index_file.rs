//! What lines are judged by, read back: the line index of a washed folder, and a file of weights.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use crate::{
    lines::{Weights, index::LineIndex},
    model::{Error, Result},
};

/// The index of a washed folder, or of an index file; `None` where the folder holds none.
///
/// # Errors
/// What cannot be read, and what [`LineIndex::from_bytes`] refuses, with its path.
pub fn read_index(path: &Path) -> Result<Option<LineIndex>> {
    let inner = path.join("index/lines.idx");
    let file: PathBuf = match () {
        () if !path.is_dir() => path.to_owned(),
        () if inner.exists() => inner,
        () => path.join("lines.idx"),
    };
    match std::fs::read(&file) {
        Ok(bytes) => LineIndex::from_bytes(&bytes).map(Some).map_err(|e| e.at(file.display())),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(e) => Err(Error::from(e).at(file.display())),
    }
}

/// The weights of a file; those that come with buddle where none is named.
///
/// # Errors
/// What cannot be read, and what [`Weights::parse`] refuses, with its path.
pub fn read_weights(path: Option<&Path>) -> Result<Arc<Weights>> {
    let Some(path) = path else { return Ok(Arc::new(Weights::built_in().clone())) };
    let text = std::fs::read_to_string(path).map_err(|e| Error::usage(format!("the weights cannot be read: {e}")).at(path.display()))?;
    Weights::parse(&text).map(Arc::new).map_err(|e| e.at(path.display()))
}
