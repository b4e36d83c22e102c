//! Temporary files without a name, for what memory has no room for: the system frees them even when the process is killed.

use std::{
    fs::File,
    io,
    path::{Path, PathBuf},
};

use crate::model::{Error, Result};

/// The folder for temporary files.
#[derive(Clone, Debug)]
pub struct Temporary(PathBuf);

impl Temporary {
    /// The folder that was asked for, which must take files now and not only hours later; else the system's.
    ///
    /// # Errors
    /// Where it takes none.
    pub fn of(asked: Option<&Path>) -> Result<Temporary> {
        let Some(folder) = asked else { return Ok(Temporary(std::env::temp_dir())) };
        let temporary = Temporary(folder.to_owned());
        temporary.file().map(|_| temporary)
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// A temporary file.
    ///
    /// # Errors
    /// The operating system's.
    pub fn file(&self) -> Result<File> {
        tempfile::tempfile_in(&self.0).map_err(|e| self.full(e))
    }

    /// An error of a temporary file.
    pub fn full(&self, e: io::Error) -> Error {
        let e = io::Error::other(format!("cannot keep what memory has no room for: {e}"));
        Error::from(e).at(self.0.display()).hint("name a folder with room with --tmp-dir, or raise --memory")
    }
}
