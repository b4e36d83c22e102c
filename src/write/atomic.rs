//! A file that appears whole or not at all: written under a hidden name beside the final one, synced, renamed.
//!
//! A kill at any moment leaves at most the hidden file. The mode follows the umask, or the file that is
//! replaced; a link is followed, so it stays a link. Devices and FIFOs are refused: see [`super::Sink::file`].

use std::fs::{self, Permissions};
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::digest::{Hashed, Written};
use super::place::{At, follow, hidden_prefix, parent, sync_folder};
use crate::model::{Error, Result};

/// Bytes that small writes gather before they reach the file.
const BUFFER: usize = 128 << 10;

/// A file under way. Dropped unfinished, it leaves nothing, and what stood under the final name stays.
#[derive(Debug)]
pub struct AtomicFile {
    out: Hashed<BufWriter<NamedTempFile>>,
    path: PathBuf,
}

impl AtomicFile {
    /// Begins the file that will be `path`; missing folders above it are made.
    ///
    /// # Errors
    /// Usage, where `path` is a folder, a device or a FIFO; otherwise the operating system's.
    pub fn create(path: &Path) -> Result<AtomicFile> {
        let path = follow(path);
        match fs::metadata(&path) {
            Ok(found) if found.is_dir() => return Err(Error::usage("is a folder, expected the name of a file").at(path.display())),
            Ok(found) if !found.is_file() => return Err(Error::usage("is no regular file and cannot be replaced").at(path.display())),
            _ => {}
        }
        let prefix = hidden_prefix(&path)?;
        let folder = parent(&path);
        fs::create_dir_all(folder).at(folder)?;
        let mut builder = tempfile::Builder::new();
        // The umask takes its share of this; the default of 0600 would lock colleagues out of the result.
        let temp = builder.prefix(&prefix).permissions(Permissions::from_mode(0o666)).tempfile_in(folder).at(&path)?;
        Ok(AtomicFile { out: Hashed::new(BufWriter::with_capacity(BUFFER, temp)), path })
    }

    /// The final name.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Flushes, syncs and renames: from here on the file is there.
    ///
    /// # Errors
    /// The operating system's; the final name is then untouched.
    pub fn finish(self) -> Result<Written> {
        let AtomicFile { out, path } = self;
        let (buffer, written) = out.into_parts();
        let temp = buffer.into_inner().map_err(io::IntoInnerError::into_error).at(&path)?;
        if let Ok(found) = fs::metadata(&path) {
            // A file that its owner made private stays private.
            temp.as_file().set_permissions(found.permissions()).at(&path)?;
        }
        temp.as_file().sync_all().at(&path)?;
        temp.persist(&path).map_err(|failed| failed.error).at(&path)?;
        sync_folder(parent(&path)).at(&path)?;
        Ok(written)
    }
}

impl Write for AtomicFile {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        self.out.write(buf)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(dir: &Path) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(dir).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn dropped_it_leaves_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("out.jsonl");
        let mut file = AtomicFile::create(&path).unwrap();
        file.write_all(b"half").unwrap();
        file.flush().unwrap();
        let [name] = &names(dir.path())[..] else { panic!("one hidden file") };
        assert!(name.starts_with(".out.jsonl.buddle-") && name.len() == ".out.jsonl.buddle-".len() + 6, "{name}");
        drop(file);
        assert!(names(dir.path()).is_empty());

        fs::write(&path, "old").unwrap();
        drop(AtomicFile::create(&path).unwrap());
        assert_eq!(fs::read(&path).unwrap(), b"old");
        assert_eq!(names(dir.path()), ["out.jsonl"]);
    }

    #[test]
    fn finished_it_is_the_only_file() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("new/out.jsonl");
        let mut file = AtomicFile::create(&path).unwrap();
        file.write_all(b"ab").unwrap();
        file.write_all(b"c").unwrap();
        let written = file.finish().unwrap();
        assert_eq!((written.bytes, &written.sha256[..8]), (3, "ba7816bf"));
        assert_eq!(names(&dir.path().join("new")), ["out.jsonl"]);
        assert_eq!(fs::read(&path).unwrap(), b"abc");
        fs::write(dir.path().join("plain"), "").unwrap();
        let mode = |p: &Path| fs::metadata(p).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&path), mode(&dir.path().join("plain")), "the umask's mode");

        fs::set_permissions(&path, Permissions::from_mode(0o640)).unwrap();
        AtomicFile::create(&path).unwrap().finish().unwrap();
        assert_eq!((mode(&path), fs::read(&path).unwrap().len()), (0o640, 0), "replaced, its mode kept");
    }

    #[test]
    fn links_stay_and_folders_are_refused() {
        let dir = tempfile::tempdir().unwrap();
        let (real, link) = (dir.path().join("real"), dir.path().join("link"));
        fs::write(&real, "old").unwrap();
        std::os::unix::fs::symlink(&real, &link).unwrap();
        let mut file = AtomicFile::create(&link).unwrap();
        file.write_all(b"new").unwrap();
        file.finish().unwrap();
        assert!(link.is_symlink());
        assert_eq!(fs::read(&real).unwrap(), b"new");
        for path in [dir.path(), Path::new("/dev/null"), Path::new("/")] {
            assert_eq!(AtomicFile::create(path).unwrap_err().exit_code(), 2, "{}", path.display());
        }
    }
}
