//! Rows of JSON Lines files in a washed folder, read back in order.

use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;

use crate::{
    model::{Error, Result},
    read::{BLOCK_BYTES, Block, InputFormat, Limits, Piece, Reader, Source, list},
};

/// Rows of files one at a time, for those that read two series side by side.
pub struct Rows<'a> {
    sources: &'a [Source],
    reader: Reader<'a>,
    block: Block,
    /// Of the block's pieces, and of the bytes of that piece: where the next row begins.
    at: (usize, usize),
}

impl<'a> Rows<'a> {
    /// The rows of these sources.
    pub fn new(sources: &'a [Source]) -> Rows<'a> {
        let limits = Limits { max_record_bytes: u64::MAX, max_ratio: u64::MAX, ..Limits::default() };
        Rows { sources, reader: Reader::new(sources, InputFormat::Jsonl, limits, BLOCK_BYTES), block: Block::default(), at: (0, 0) }
    }

    /// The next row with the name of its file; a damaged file is an error.
    pub fn next(&mut self) -> Result<Option<(&str, &[u8])>> {
        let (piece, span) = loop {
            match self.block.pieces.get(self.at.0) {
                Some(Piece::Jsonl { bytes, .. }) => {
                    let rest = bytes.get(self.at.1..).unwrap_or_default();
                    if rest.is_empty() {
                        self.at = (self.at.0 + 1, 0);
                        continue;
                    }
                    let length = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
                    let start = self.at.1;
                    self.at.1 = start + length + 1;
                    if length > 0 {
                        break (self.at.0, start..start + length);
                    }
                }
                Some(_) => self.at = (self.at.0 + 1, 0),
                None => match self.reader.next_block()? {
                    Some(block) => (self.block, self.at) = (block, (0, 0)),
                    None => {
                        return match self.reader.take_problems().into_iter().next() {
                            Some((_, error)) => Err(error),
                            None => Ok(None),
                        };
                    }
                },
            }
        };
        let Some(Piece::Jsonl { source, bytes, .. }) = self.block.pieces.get(piece) else { return Ok(None) };
        let name = self.sources.get(*source as usize).map_or("", |s| s.name.as_str());
        Ok(Some((name, bytes.get(span).unwrap_or_default())))
    }
}

/// These files as sources; none is no error.
pub fn sources_of(files: &[PathBuf]) -> Result<Vec<Source>> {
    if files.is_empty() { Ok(Vec::new()) } else { Ok(list(files)?.sources) }
}

/// Calls `each` with the name and the bytes of every row of these files; a damaged file is an error.
pub fn each_row(files: &[PathBuf], mut each: impl FnMut(&str, &[u8]) -> Result<()>) -> Result<()> {
    let sources = sources_of(files)?;
    let mut rows = Rows::new(&sources);
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
