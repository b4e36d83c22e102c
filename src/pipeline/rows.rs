//! Rows of JSON Lines files in a washed folder, read back in order: pulled by a [`RowReader`], or given to a function.
//!
//! Holds a block of about a megabyte, or one row if that is longer.

use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;

use crate::{
    model::{Error, Result},
    read::{BLOCK_BYTES, Block, InputFormat, Limits, Piece, Reader, Source, list},
};

/// Files whose rows are read one after the other.
#[derive(Debug)]
pub struct RowFiles(Vec<Source>);

impl RowFiles {
    /// These files.
    ///
    /// # Errors
    /// A file that is not there.
    pub fn new(files: &[PathBuf]) -> Result<RowFiles> {
        if files.is_empty() {
            return Ok(RowFiles(Vec::new()));
        }
        if let Some(missing) = files.iter().find(|file| !file.is_file()) {
            return Err(Error::corrupt("the manifest names this file, but it is not there").at(missing.display()));
        }
        Ok(RowFiles(list(files)?.sources))
    }

    /// A reader of their rows.
    pub fn rows(&self) -> RowReader<'_> {
        let limits = Limits { max_record_bytes: u64::MAX, max_ratio: u64::MAX, ..Limits::default() };
        RowReader {
            sources: &self.0,
            reader: Reader::new(&self.0, InputFormat::Jsonl, limits, BLOCK_BYTES),
            block: Block::default(),
            piece: 0,
            at: 0,
        }
    }
}

/// Gives the rows of files one by one.
pub struct RowReader<'f> {
    sources: &'f [Source],
    reader: Reader<'f>,
    block: Block,
    piece: usize,
    /// Where the next row of the piece begins.
    at: usize,
}

impl RowReader<'_> {
    /// The name of the next row's file, and the row; `None` after the last.
    ///
    /// # Errors
    /// A file that is damaged: what stands before the damage was given.
    #[allow(clippy::should_implement_trait)]
    pub fn next(&mut self) -> Result<Option<(&str, &[u8])>> {
        let (piece, row) = loop {
            match self.block.pieces.get(self.piece) {
                Some(Piece::Jsonl { bytes, .. }) if self.at < bytes.len() => {
                    let start = self.at;
                    let rest = bytes.get(start..).unwrap_or_default();
                    let end = start + memchr::memchr(b'\n', rest).unwrap_or(rest.len());
                    self.at = end + 1;
                    if end > start {
                        break (self.piece, start..end);
                    }
                }
                Some(_) => {
                    self.piece += 1;
                    self.at = 0;
                }
                None => {
                    if let Some((_, error)) = self.reader.take_problems().into_iter().next() {
                        return Err(error);
                    }
                    let Some(block) = self.reader.next_block()? else {
                        return self.reader.take_problems().into_iter().next().map_or(Ok(None), |(_, error)| Err(error));
                    };
                    std::mem::replace(&mut self.block, block).recycle();
                    (self.piece, self.at) = (0, 0);
                }
            }
        };
        let Some(Piece::Jsonl { source, bytes, .. }) = self.block.pieces.get(piece) else { return Ok(None) };
        let name = self.sources.get(*source as usize).map_or("", |s| s.name.as_str());
        Ok(Some((name, bytes.get(row).unwrap_or_default())))
    }
}

/// Calls `each` with the name and the bytes of every row of these files; a damaged file is an error.
pub fn each_row(files: &[PathBuf], mut each: impl FnMut(&str, &[u8]) -> Result<()>) -> Result<()> {
    let files = RowFiles::new(files)?;
    let mut rows = files.rows();
    while let Some((name, row)) = rows.next()? {
        each(name, row)?;
    }
    Ok(())
}

/// A row as its type.
pub fn parse_row<T: DeserializeOwned>(name: &str, row: &[u8]) -> Result<T> {
    serde_json::from_slice(row).map_err(|e| Error::corrupt(format!("a row of a washed folder cannot be read: {e}")).at(name))
}

/// Files of a folder's manifest under a prefix, in order.
pub fn files_under(folder: &Path, manifest: &crate::report::Manifest, prefix: &str) -> Vec<PathBuf> {
    manifest.outputs.iter().filter(|f| f.path.starts_with(prefix)).map(|f| folder.join(&f.path)).collect()
}
