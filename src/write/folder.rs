//! A folder that appears whole or not at all: filled under a hidden name beside the final one, then renamed.
//!
//! `_SUCCESS` is its last file. An older folder is replaced only if asked, only if all of it is ours, and by
//! exchanging the two names at once; where the file system cannot exchange, by two renames, between which
//! the old folder lies under a hidden name. A mount point cannot be replaced and is refused at the start.

use std::fs::{self, File, Permissions};
use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::{CWD, RenameFlags, renameat_with};
use rustix::io::Errno;
use tempfile::TempDir;

use super::guard::may_replace;
use super::place::{At, hidden_prefix, parent, sync_folder};
use crate::model::{Error, Result};

/// A folder under way. Dropped unfinished, it leaves nothing, and what stood under the final name stays.
#[derive(Debug)]
pub struct AtomicFolder {
    temp: TempDir,
    path: PathBuf,
    replaces: bool,
}

impl AtomicFolder {
    /// Begins the folder that will be `path`; missing folders above it are made. With `overwrite`, an existing
    /// folder is replaced if it is empty or holds only what this program wrote.
    ///
    /// # Errors
    /// Usage, where something is in the way that may not be replaced; otherwise the operating system's.
    pub fn create(path: &Path, overwrite: bool) -> Result<AtomicFolder> {
        let replaces = match fs::symlink_metadata(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => false,
            Err(error) => return Err(error).at(path),
            Ok(_) => true,
        };
        let path = if replaces { replaceable(path, overwrite)? } else { path.to_owned() };
        fs::create_dir_all(parent(&path)).at(parent(&path))?;
        let temp = hidden_beside(&path)?;
        Ok(AtomicFolder { temp, path, replaces })
    }

    /// The hidden folder to write into.
    pub fn path(&self) -> &Path {
        self.temp.path()
    }

    /// The final name.
    pub fn final_path(&self) -> &Path {
        &self.path
    }

    /// Writes `_SUCCESS`, syncs everything and gives the folder its final name. The hidden folder that holds the
    /// replaced output comes back only where it could not be removed.
    ///
    /// # Errors
    /// Usage, where a file that is not ours has come into the folder to replace; otherwise the operating
    /// system's. The final name is then as it was.
    pub fn finish(self) -> Result<Option<PathBuf>> {
        let AtomicFolder { temp, path, replaces } = self;
        sync_tree(temp.path())?;
        let success = temp.path().join("_SUCCESS");
        File::create(&success).and_then(|file| file.sync_all()).at(&success)?;
        sync_folder(temp.path()).at(temp.path())?;
        let old = if replaces && path.is_dir() {
            // The run may have taken hours: what came in since must not go.
            may_replace(&path)?;
            Some(exchange(temp, &path)?)
        } else {
            rename_new(temp.path(), &path).at(&path)?;
            // The name moved: there is nothing left for the guard to remove.
            let _ = temp.keep();
            None
        };
        sync_folder(parent(&path)).at(&path)?;
        // The new folder is published; an old one that resists removal is worth a word, but no failure.
        Ok(old.filter(|old| fs::remove_dir_all(old).is_err()))
    }
}

/// The real path of an existing folder that may be replaced.
fn replaceable(path: &Path, overwrite: bool) -> Result<PathBuf> {
    let found = fs::metadata(path).at(path)?;
    if !found.is_dir() {
        return Err(Error::usage("a file stands where the output folder should be").at(path.display()).hint("name another folder with --output"));
    }
    if !overwrite {
        return Err(Error::usage("exists already").at(path.display()).hint("--overwrite replaces it, --resume goes on with an interrupted run"));
    }
    let path = fs::canonicalize(path).at(path)?;
    may_replace(&path)?;
    let above = parent(&path);
    if path.parent().is_none() || fs::metadata(above).at(above)?.dev() != found.dev() {
        return Err(Error::usage("is the root of a file system and cannot be replaced").at(path.display()).hint("name a folder inside it"));
    }
    Ok(path)
}

/// An empty hidden folder beside `path`, removed when dropped.
fn hidden_beside(path: &Path) -> Result<TempDir> {
    let prefix = hidden_prefix(path)?;
    let mut builder = tempfile::Builder::new();
    // The umask takes its share of this; the folder will be the user's, not a private scratch place.
    builder.prefix(&prefix).permissions(Permissions::from_mode(0o777)).tempdir_in(parent(path)).at(path)
}

/// Syncs every file and folder below `dir`, and `dir` itself.
fn sync_tree(dir: &Path) -> Result<()> {
    for entry in walkdir::WalkDir::new(dir).contents_first(true) {
        let entry = entry.map_err(io::Error::from).at(dir)?;
        if entry.file_type().is_dir() {
            sync_folder(entry.path()).at(entry.path())?;
        } else if entry.file_type().is_file() {
            File::open(entry.path()).and_then(|file| file.sync_all()).at(entry.path())?;
        }
    }
    Ok(())
}

/// Does the error say that this kind of rename does not exist here?
fn is_unsupported(errno: Errno) -> bool {
    errno == Errno::INVAL || errno == Errno::NOSYS || errno == Errno::NOTSUP || errno == Errno::OPNOTSUPP
}

/// Renames to a name that is still free.
fn rename_new(from: &Path, to: &Path) -> io::Result<()> {
    match renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
        Err(errno) if is_unsupported(errno) => {
            if to.symlink_metadata().is_ok() {
                return Err(io::ErrorKind::AlreadyExists.into());
            }
            fs::rename(from, to)
        }
        done => Ok(done?),
    }
}

/// Puts the new folder in the old one's place; where the old one lies now.
fn exchange(temp: TempDir, path: &Path) -> Result<PathBuf> {
    match renameat_with(CWD, temp.path(), CWD, path, RenameFlags::EXCHANGE) {
        Err(errno) if is_unsupported(errno) => exchange_by_two_renames(temp, path),
        done => {
            done.map_err(io::Error::from).at(path)?;
            Ok(temp.keep())
        }
    }
}

/// The same, without the system call that does it at once.
fn exchange_by_two_renames(temp: TempDir, path: &Path) -> Result<PathBuf> {
    let aside = hidden_beside(path)?;
    // An empty folder may be renamed over, which makes sure of the name.
    fs::rename(path, aside.path()).at(path)?;
    // From here on the guard must not remove what it holds.
    let aside = aside.keep();
    if let Err(error) = fs::rename(temp.path(), path) {
        return match fs::rename(&aside, path) {
            Ok(()) => Err(error).at(path),
            Err(_) => Err(error).at(path).map_err(|e| e.hint(format!("the old folder is now {}", aside.display()))),
        };
    }
    let _ = temp.keep();
    Ok(aside)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OURS: &str = "{\"tool\":\"buddle\"}";

    fn names(dir: &Path) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(dir).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn whole_or_not_at_all() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("new/out");
        let folder = AtomicFolder::create(&path, false).unwrap();
        fs::write(folder.path().join("report.json"), "{}").unwrap();
        assert!(names(&dir.path().join("new"))[0].starts_with(".out.buddle-"));
        drop(folder);
        assert!(names(&dir.path().join("new")).is_empty());

        let folder = AtomicFolder::create(&path, true).unwrap();
        fs::create_dir(folder.path().join("data")).unwrap();
        fs::write(folder.path().join("data/part-00000.jsonl"), "{}\n").unwrap();
        assert_eq!(folder.final_path(), path);
        assert_eq!(folder.finish().unwrap(), None);
        assert_eq!(names(&dir.path().join("new")), ["out"]);
        assert_eq!(names(&path), ["_SUCCESS", "data"]);
        fs::create_dir(dir.path().join("plain")).unwrap();
        let mode = |p: &Path| fs::metadata(p).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&path), mode(&dir.path().join("plain")), "the umask's mode");
    }

    #[test]
    fn what_exists_is_guarded() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("out");
        fs::create_dir(&path).unwrap();
        let error = AtomicFolder::create(&path, false).unwrap_err();
        assert_eq!(error.exit_code(), 2);
        assert!(error.hint_text().unwrap().contains("--overwrite"));
        fs::write(path.join("thesis.txt"), "years").unwrap();
        assert_eq!(AtomicFolder::create(&path, true).unwrap_err().exit_code(), 2);
        let file = path.join("thesis.txt");
        for overwrite in [false, true] {
            assert_eq!(AtomicFolder::create(&file, overwrite).unwrap_err().exit_code(), 2);
        }
        assert_eq!(fs::read(&file).unwrap(), b"years");
        assert_eq!(AtomicFolder::create(Path::new("/proc"), true).unwrap_err().exit_code(), 2);
        assert_eq!(names(dir.path()), ["out"], "no hidden folder stays");
    }

    #[test]
    fn overwriting_exchanges() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("out");
        fs::create_dir(&path).unwrap();
        fs::write(path.join("manifest.json"), OURS).unwrap();
        fs::write(path.join("run.json"), "old").unwrap();

        drop(AtomicFolder::create(&path, true).unwrap());
        assert_eq!(names(&path), ["manifest.json", "run.json"], "dropped: the old one stays");

        let folder = AtomicFolder::create(&path, true).unwrap();
        fs::write(folder.path().join("manifest.json"), OURS).unwrap();
        fs::write(path.join("notes.txt"), "").unwrap();
        assert_eq!(folder.finish().unwrap_err().exit_code(), 2, "a file that came meanwhile");
        fs::remove_file(path.join("notes.txt")).unwrap();

        let folder = AtomicFolder::create(&path, true).unwrap();
        fs::write(folder.path().join("manifest.json"), OURS).unwrap();
        assert_eq!(folder.finish().unwrap(), None);
        assert_eq!(names(&path), ["_SUCCESS", "manifest.json"]);
        assert_eq!(names(dir.path()), ["out"]);
    }

    #[test]
    fn two_renames_do_the_same() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("out");
        fs::create_dir(&path).unwrap();
        fs::write(path.join("old"), "").unwrap();
        let temp = hidden_beside(&path).unwrap();
        fs::write(temp.path().join("new"), "").unwrap();
        let old = exchange_by_two_renames(temp, &path).unwrap();
        assert_eq!((names(&path), names(&old)), (vec!["new".to_owned()], vec!["old".to_owned()]));
        assert_eq!(names(dir.path()).len(), 2);

        let temp = hidden_beside(&path).unwrap();
        fs::remove_dir(temp.path()).unwrap();
        assert!(exchange_by_two_renames(temp, &path).is_err());
        assert_eq!(names(&path), ["new"], "a failure puts the old one back");
    }

    #[test]
    fn a_name_taken_meanwhile_is_not_replaced() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("out");
        let folder = AtomicFolder::create(&path, true).unwrap();
        fs::create_dir(&path).unwrap();
        assert_eq!(folder.finish().unwrap_err().exit_code(), 4);
        assert_eq!(names(dir.path()), ["out"]);
    }
}
