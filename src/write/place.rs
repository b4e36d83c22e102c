//! What atomic files and folders share: the hidden name beside the final one, syncing, errors with their path.
//!
//! The hidden name is made of the name that the user gave, never of data. Unix only in its file modes.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

use crate::model::{Error, Result};

/// Bytes of the final name that the hidden one repeats: the rest fits into the 255 that file systems take.
const NAME_BYTES: usize = 200;

/// Puts the path to an operating system's error, and a hint where one helps.
pub(super) trait At<T> {
    /// The same result, naming `path`.
    fn at(self, path: &Path) -> Result<T>;
}

impl<T> At<T> for io::Result<T> {
    fn at(self, path: &Path) -> Result<T> {
        self.map_err(|error| {
            let hint = match error.kind() {
                io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Some("free space there, or write elsewhere with --output"),
                io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => Some("write where you may, with --output"),
                _ => None,
            };
            let error = Error::from(error).at(path.display());
            match hint {
                Some(hint) => error.hint(hint),
                None => error,
            }
        })
    }
}

/// The folder that holds `path`.
pub(super) fn parent(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// The start of the hidden name beside `path`: `.NAME.buddle-`.
pub(super) fn hidden_prefix(path: &Path) -> Result<OsString> {
    let name = path.file_name().ok_or_else(|| Error::usage("this names no file or folder that can be made").at(path.display()))?;
    let mut prefix = b".".to_vec();
    prefix.extend(name.as_bytes().iter().take(NAME_BYTES));
    prefix.extend_from_slice(b".buddle-");
    Ok(OsString::from_vec(prefix))
}

/// Is this a hidden name that [`hidden_prefix`] began?
pub(super) fn is_hidden(name: &OsStr) -> bool {
    let name = name.as_bytes();
    name.starts_with(b".") && name.windows(8).any(|w| w == b".buddle-")
}

/// Where a link leads, so that it stays a link; the path itself where it is none or leads nowhere.
pub(super) fn follow(path: &Path) -> PathBuf {
    if path.is_symlink() { fs::canonicalize(path).unwrap_or_else(|_| path.to_owned()) } else { path.to_owned() }
}

/// Makes the names in a folder durable. File systems that cannot sync a folder are taken as they are.
pub(super) fn sync_folder(path: &Path) -> io::Result<()> {
    match File::open(path)?.sync_all() {
        Err(error) if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => Ok(()),
        done => done,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_names() {
        assert_eq!(hidden_prefix(Path::new("a/b.jsonl")).unwrap(), ".b.jsonl.buddle-");
        assert_eq!(hidden_prefix(Path::new(&"x".repeat(255))).unwrap().len(), NAME_BYTES + 9);
        assert_eq!(hidden_prefix(Path::new("/")).unwrap_err().exit_code(), 2);
        assert!(is_hidden(OsStr::new(".b.buddle-a1B2c3")) && !is_hidden(OsStr::new("b.buddle-x")));
        assert_eq!((parent(Path::new("b")), parent(Path::new("/a/b"))), (Path::new("."), Path::new("/a")));
    }

    #[test]
    fn errors_name_the_path() {
        let full: io::Result<()> = Err(io::ErrorKind::StorageFull.into());
        let error = full.at(Path::new("out")).unwrap_err();
        assert!(error.to_string().starts_with("out: ") && error.hint_text().is_some());
    }
}
