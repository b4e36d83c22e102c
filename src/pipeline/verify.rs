//! Is a washed folder what its manifest says? Every file's size, SHA-256 and rows, nothing missing and nothing more.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::Path,
};

use sha2::{Digest, Sha256};

use crate::{
    model::{Error, Result},
    pipeline::rows::each_row,
    report::Manifest,
};

/// What was checked.
#[derive(Debug)]
pub struct Verified {
    /// Files that hold.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// What does not hold, one a file.
    pub faults: Vec<Error>,
}

/// Checks a washed folder against its manifest.
///
/// # Errors
/// Where there is no manifest to check against.
pub fn verify(folder: &Path) -> Result<Verified> {
    let manifest = Manifest::read(folder)?;
    let mut verified = Verified { files: 0, bytes: 0, faults: Vec::new() };
    if !folder.join("_SUCCESS").is_file() {
        verified.faults.push(Error::corrupt("there is no _SUCCESS: the run that wrote this did not end").at(folder.display()));
    }
    for file in &manifest.outputs {
        let path = folder.join(&file.path);
        match check(&path, file) {
            Ok(()) => {
                verified.files += 1;
                verified.bytes += file.bytes;
            }
            Err(error) => verified.faults.push(error.at(path.display())),
        }
    }
    for dir in ["data", "removed", "quarantine", "index"] {
        let Ok(entries) = fs::read_dir(folder.join(dir)) else { continue };
        for entry in entries {
            let name = format!("{dir}/{}", entry?.file_name().to_string_lossy());
            if !manifest.outputs.iter().any(|f| f.path == name) {
                verified.faults.push(Error::corrupt("the manifest does not name this file").at(folder.join(&name).display()));
            }
        }
    }
    Ok(verified)
}

fn check(path: &Path, file: &crate::write::OutputFile) -> Result<()> {
    let mut input = BufReader::new(fs::File::open(path)?);
    let (mut sha, mut bytes) = (Sha256::new(), 0_u64);
    loop {
        let buffer = input.fill_buf()?;
        if buffer.is_empty() {
            break;
        }
        sha.update(buffer);
        let n = buffer.len();
        bytes += n as u64;
        input.consume(n);
    }
    if bytes != file.bytes {
        return Err(Error::corrupt(format!("{bytes} bytes, but the manifest says {}", file.bytes)));
    }
    let sha: String = sha.finalize().iter().map(|b| format!("{b:02x}")).collect();
    if sha != file.sha256 {
        return Err(Error::corrupt("the SHA-256 is not the one of the manifest"));
    }
    if file.rows > 0 {
        let rows = rows(path)?;
        if rows != file.rows {
            return Err(Error::corrupt(format!("{rows} rows, but the manifest says {}", file.rows)));
        }
    }
    Ok(())
}

fn rows(path: &Path) -> Result<u64> {
    let mut rows = 0;
    each_row(&[path.to_owned()], |_, _| {
        rows += 1;
        Ok(())
    })?;
    Ok(rows)
}
