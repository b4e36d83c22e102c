//! Index folders: built of a crawl, merged of others, brought up to date with a run, told about, checked.
//!
//! A folder appears whole or not at all and is never written into; what takes its place holds it locked from the beginning, so that of two runs that would bring
//! one index up to date the second is refused by name.

use std::{
    fs::{File, TryLockError},
    path::{Path, PathBuf},
};

use serde::Serialize;

use super::{
    documents::DocumentIndex,
    lines::{LineFile, OWN_LINES},
    merge::merge_documents,
    merge_lines::{MergedLines, merge_lines},
};
use crate::{
    config::Config,
    model::{Error, Result},
    pipeline::{Observer, StopFlag, weights_file::read_weights},
    report::Run,
    write::{AtomicFolder, OutputFile, Written, write_small},
};

/// What is said of an index.
#[derive(Debug, Serialize)]
pub struct IndexFacts {
    /// Its folder.
    pub index: String,
    /// Documents that stay.
    pub documents: u64,
    /// Bytes of the files of documents.
    pub document_bytes: u64,
    /// Bands of a signature; null without signatures.
    pub bands: Option<usize>,
    /// Numbers of a band.
    pub rows: Option<usize>,
    /// What documents are compared by.
    pub shingle: Option<String>,
    /// Sites.
    pub sites: u64,
    /// Lines that repeat at a site.
    pub lines: u64,
    /// Lines of several sites.
    pub corpus_lines: u64,
    /// Bytes of the file of lines.
    pub line_bytes: u64,
}

/// Holds an index for the one who will replace it.
#[derive(Debug)]
pub struct IndexLock(#[allow(dead_code, reason = "the lock ends with it")] File);

impl IndexLock {
    /// Locks an index folder.
    ///
    /// # Errors
    /// Usage: it is no index folder, or another run holds it.
    pub fn of(folder: &Path) -> Result<IndexLock> {
        if !folder.join("documents.idx").is_file() {
            let error = Error::usage("only an index folder can be brought up to date").at(folder.display());
            return Err(error.hint("make one with `buddle index build` or `buddle index merge`; a washed folder stays as it is"));
        }
        let file = File::open(folder).map_err(|e| Error::from(e).at(folder.display()))?;
        match file.try_lock() {
            Ok(()) => Ok(IndexLock(file)),
            Err(TryLockError::WouldBlock) => {
                Err(Error::usage("another run brings this index up to date").at(folder.display()).hint("wait until it is done"))
            }
            Err(TryLockError::Error(e)) => Err(Error::from(e).at(folder.display())),
        }
    }
}

/// What stands in a folder's manifest.
#[derive(Serialize)]
struct Manifest<'m> {
    tool: &'static str,
    version: &'static str,
    kind: &'static str,
    outputs: &'m [OutputFile],
}

/// Builds the index of a crawl: washes it and leaves the rest.
///
/// # Errors
/// Those of [`clean`](crate::pipeline::clean()), and of the folder.
pub fn build_index(config: &Config, output: &Path, observer: &dyn Observer, stop: &StopFlag) -> Result<Run> {
    if config.one_pass {
        return Err(Error::usage("one pass surveys nothing that an index could be made of").hint("leave out --one-pass"));
    }
    let folder = AtomicFolder::create(output, config.overwrite)?;
    let beside = tempfile::tempdir_in(folder.path()).map_err(|e| Error::from(e).at(output.display()))?;
    let washed = beside.path().join("washed");
    let config = Config { output: Some(washed.clone()), removed: crate::config::RemovedLog::None, no_index: false, ..config.clone() };
    let run = crate::pipeline::clean(&config, observer, stop)?;
    let mut files = Vec::new();
    // Lines of this crawl alone go first: earlier ones have an index of their own.
    for (name, to) in [
        ("documents.idx", "documents.idx"),
        (OWN_LINES, "lines.idx"),
        ("lines.idx", "lines.idx"),
        ("shingles.idx", "shingles.idx"),
        ("weights.json", "weights.json"),
    ] {
        let (from, path) = (washed.join("index").join(name), folder.path().join(to));
        if from.is_file() && !path.exists() {
            std::fs::rename(&from, &path).map_err(|e| Error::from(e).at(path.display()))?;
            files.push(listed(&path, to)?);
        }
    }
    drop(beside);
    finish(folder, files)?;
    Ok(run)
}

/// Merges indexes, in their order, into a new one; with how near its lines are to those of one index of all crawls.
///
/// # Errors
/// Indexes that were made in other ways; damaged ones; the operating system's.
pub fn merge_indexes(indexes: &[PathBuf], output: &Path, overwrite: bool, stop: &StopFlag) -> Result<MergedLines> {
    if indexes.len() < 2 {
        return Err(Error::usage("one index is merged with nothing").hint("name two or more"));
    }
    let folder = AtomicFolder::create(output, overwrite)?;
    let points_back = indexes.iter().map(|path| Ok(open(path)?.params.before != 0)).collect::<Result<Vec<_>>>()?;
    let (files, merged) = merge_into(indexes, points_back.contains(&true), folder.path(), stop)?;
    finish(folder, files)?;
    Ok(merged)
}

/// Halves first, so that each index is read as often as the number of indexes has binary digits; but one that points into the index of those before it waits for
/// that.
fn merge_into(indexes: &[PathBuf], points_back: bool, folder: &Path, stop: &StopFlag) -> Result<(Vec<OutputFile>, MergedLines)> {
    let middle = if points_back { indexes.len() - 1 } else { indexes.len().div_ceil(2) };
    let (first, second) = indexes.split_at(middle);
    let half = |half: &[PathBuf]| {
        if let [one] = half {
            return Ok((one.clone(), None));
        }
        let scratch = tempfile::tempdir_in(folder).map_err(|e| Error::from(e).at(folder.display()))?;
        merge_into(half, points_back, scratch.path(), stop)?;
        Ok::<_, Error>((scratch.path().to_owned(), Some(scratch)))
    };
    let ((first, _first), (second, _second)) = (half(first)?, half(second)?);
    merge_two(&first, &second, folder, stop)
}

/// Puts a washed folder's index behind another, in its place.
///
/// # Errors
/// As [`merge_indexes`].
pub fn update_index(index: &Path, washed: &Path, _lock: &IndexLock, stop: &StopFlag) -> Result<()> {
    let folder = AtomicFolder::create(index, true)?;
    let (files, _) = merge_two(index, washed, folder.path(), stop)?;
    finish(folder, files)
}

fn open(path: &Path) -> Result<DocumentIndex> {
    DocumentIndex::open(path)?.ok_or_else(|| Error::usage("there is no document index here").at(path.display()))
}

fn merge_two(first: &Path, second: &Path, into: &Path, stop: &StopFlag) -> Result<(Vec<OutputFile>, MergedLines)> {
    let (one, two) = (open(first)?, open(second)?);
    let mut files: Vec<OutputFile> = merge_documents(&one, &two, into, stop)?.into_iter().map(|(name, written)| file(name, written)).collect();
    let lines = |path: &Path| {
        let own = path.join("index").join(OWN_LINES);
        let missing = || Error::usage("there is no line index here").at(path.display());
        LineFile::open(if own.is_file() { &own } else { path })?.ok_or_else(missing)
    };
    let (written, merged) = merge_lines(&lines(first)?, &lines(second)?, &into.join("lines.idx"), stop)?;
    files.push(file("lines.idx", written));
    let weights = [first.join("weights.json"), first.join("index/weights.json")].into_iter().find(|path| path.is_file());
    let weights = read_weights(weights.as_deref())?;
    files.push(write_small(into, "weights.json", weights.to_text().as_bytes())?);
    Ok((files, merged))
}

fn file(name: &str, Written { bytes, sha256 }: Written) -> OutputFile {
    OutputFile { path: name.to_owned(), rows: 0, bytes, sha256 }
}

fn listed(path: &Path, name: &str) -> Result<OutputFile> {
    use sha2::Digest;
    let mut hash = sha2::Sha256::new();
    let mut from = File::open(path).map_err(|e| Error::from(e).at(path.display()))?;
    let bytes = std::io::copy(&mut from, &mut hash).map_err(|e| Error::from(e).at(path.display()))?;
    let sha256 = hash.finalize().iter().map(|b| format!("{b:02x}")).collect();
    Ok(OutputFile { path: name.to_owned(), rows: 0, bytes, sha256 })
}

fn finish(folder: AtomicFolder, mut files: Vec<OutputFile>) -> Result<()> {
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let manifest = Manifest { tool: "buddle", version: env!("CARGO_PKG_VERSION"), kind: "index", outputs: &files };
    let mut text = serde_json::to_vec_pretty(&manifest).map_err(|e| Error::usage(e.to_string()))?;
    text.push(b'\n');
    write_small(folder.path(), "manifest.json", &text)?;
    folder.finish().map(|_| ())
}

/// What an index holds.
///
/// # Errors
/// What cannot be read, and is damaged where it was looked at.
pub fn index_facts(path: &Path) -> Result<IndexFacts> {
    let documents = DocumentIndex::open(path)?;
    let lines = LineFile::open(path)?;
    if documents.is_none() && lines.is_none() {
        return Err(Error::usage("there is no index here").at(path.display()).hint("an index folder, or a folder that buddle washed"));
    }
    let params = documents.as_ref().map(|index| index.params);
    let banding = params.and_then(|params| params.banding);
    let (sites, corpus_lines) = lines.as_ref().map_or((0, 0), LineFile::site_and_corpus_counts);
    Ok(IndexFacts {
        index: path.display().to_string(),
        documents: params.map_or(0, |params| params.documents),
        document_bytes: documents.as_ref().map_or(0, DocumentIndex::bytes),
        bands: banding.map(|banding| banding.bands),
        rows: banding.map(|banding| banding.rows),
        shingle: params.map(|params| params.shingle.into()),
        sites,
        lines: lines.as_ref().map_or(0, |lines| lines.lines),
        corpus_lines,
        line_bytes: lines.as_ref().map_or(0, LineFile::bytes),
    })
}

/// Looks at every page of an index, and at every row of its lines.
///
/// # Errors
/// The first that is damaged.
pub fn check_index(path: &Path) -> Result<()> {
    index_facts(path)?;
    let own = path.join("index").join(OWN_LINES);
    for lines in [Some(path), own.is_file().then_some(own.as_path())].into_iter().flatten() {
        LineFile::open(lines)?.map_or(Ok(()), |lines| lines.check())?;
    }
    DocumentIndex::open(path)?.map_or(Ok(()), |index| index.check())
}
