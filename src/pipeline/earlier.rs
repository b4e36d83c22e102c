//! What a run takes from earlier crawls: lines to judge by, and documents that are not to be kept again.
//!
//! Lines of a folder count beside those of the input; those of a file of lines instead of them. Documents come from folders alone, and must have been made
//! comparable in the way of the run.

use std::{path::Path, sync::Arc};

use super::{
    banding,
    index::{DocumentIndex, LineFile, Params},
};
use crate::{
    config::Config,
    dedup::{Banding, KeepDocument, ShingleSize},
    lines::index::{LineFilters, LineIndex, MetLines},
    model::{Error, Result},
};

/// Lines of earlier crawls.
#[derive(Debug)]
pub enum EarlierLines {
    /// There are none.
    None,
    /// They count instead of the input's.
    Alone(LineFile),
    /// They count beside the input's.
    Beside(LineFile),
}

impl EarlierLines {
    /// Those that `config.index` names.
    ///
    /// # Errors
    /// Usage, where there is no index; a damaged one, or one of another version.
    pub fn open(config: &Config) -> Result<EarlierLines> {
        let Some(path) = &config.index else { return Ok(EarlierLines::None) };
        let missing = || Error::usage("there is no line index here").at(path.display());
        let hint = "--index takes an index, a folder that buddle washed without --no-index, or its index/lines.idx";
        let lines = LineFile::open(path)?.ok_or_else(|| missing().hint(hint))?;
        Ok(if path.is_dir() { EarlierLines::Beside(lines) } else { EarlierLines::Alone(lines) })
    }

    /// Are there none?
    pub fn are_none(&self) -> bool {
        matches!(self, EarlierLines::None)
    }

    /// Do they count instead of the input's?
    pub fn are_alone(&self) -> bool {
        matches!(self, EarlierLines::Alone(_))
    }

    /// Do they count beside the input's?
    pub fn are_merged(&self) -> bool {
        matches!(self, EarlierLines::Beside(_))
    }

    /// What lines of the input are asked for in them, where they count beside it.
    pub fn filters(&self) -> Option<&LineFilters> {
        match self {
            EarlierLines::Beside(lines) => Some(&lines.filters),
            EarlierLines::None | EarlierLines::Alone(_) => None,
        }
    }

    /// What lines are judged by, with what was counted in the input, and those of its lines that the filters let pass.
    ///
    /// # Errors
    /// Damaged pages.
    pub fn with(self, counted: LineIndex, met: MetLines) -> Result<LineIndex> {
        match self {
            EarlierLines::None => Ok(counted),
            EarlierLines::Alone(lines) => lines.read(),
            EarlierLines::Beside(lines) => {
                let earlier = lines.meet(counted.sites().map(|(site, _)| site), met)?;
                Ok(counted.with_earlier(earlier))
            }
        }
    }
}

/// Documents of earlier crawls, where `config.index` is a folder that has some, and not all copies are to stay.
///
/// # Errors
/// Usage, where they were not made comparable as this run compares documents; a damaged index, or one of another version.
pub fn earlier_documents(config: &Config) -> Result<Option<Arc<DocumentIndex>>> {
    let folder = config.index.as_deref().filter(|path| path.is_dir() && config.keep_document != KeepDocument::All);
    let Some(index) = folder.map(DocumentIndex::open).transpose()?.flatten() else { return Ok(None) };
    let path = config.index.as_deref().unwrap_or(Path::new(""));
    if config.near {
        let hint = "wash the earlier crawl with the same --near, --near-threshold and --shingle, or this one without --near";
        let (made, Banding { bands, rows }) = (comparable(&index, path, config.shingle, hint)?, banding(config));
        if made != banding(config) {
            let what = format!("the index has {} bands of {} numbers; this threshold needs {bands} of {rows}", made.bands, made.rows);
            return Err(Error::usage(what).at(path.display()).hint(hint));
        }
    } else if config.update_index && index.params.banding.is_some() {
        let what = "the index holds signatures of documents; a run without --near has none to bring it up to date";
        return Err(Error::usage(what).at(path.display()).hint("--near"));
    }
    Ok(Some(Arc::new(index)))
}

/// How the signatures of an index are cut to bands, where its documents can be compared by such shingles; else `hint` says what helps.
///
/// # Errors
/// Usage: no signatures, other shingles, or none.
pub fn comparable(index: &DocumentIndex, path: &Path, asked: ShingleSize, hint: &str) -> Result<Banding> {
    let refuse = |what: String| Err(Error::usage(what).at(path.display()).hint(hint));
    let Params { banding, shingle, .. } = index.params;
    match banding {
        None => refuse("the index holds no signatures of documents".to_owned()),
        Some(_) if shingle != asked => refuse(format!("the index has shingles {}", String::from(shingle))),
        Some(_) if !index.has_shingles() => refuse("the index holds no shingles".to_owned()),
        Some(banding) => Ok(banding),
    }
}
