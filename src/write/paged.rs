//! Files of pages, each with a checksum, that may be larger than memory: what indexes are kept in.
//!
//! A page is 16 KiB: its bytes, then eight of XXH3 over them and over its number, so that a changed page, or one in the place of another, is told. The first page says
//! what the file is and how it is to be read; then sections follow one another; the last page says where each begins, and how long the file
//! is. All numbers are little-endian. Equal contents are equal bytes. `PagedFile` of `read` reads them.

use std::{io::Write, path::Path};

use xxhash_rust::xxh3::Xxh3;

use super::{AtomicFile, digest::Written};
use crate::model::{BYTE_ORDER, PAGE, PAGE_BYTES, PagedKind, Result, page_checksum};

/// Writes a file of pages.
pub struct PagedWriter {
    file: AtomicFile,
    kind: PagedKind,
    page: Vec<u8>,
    pages: u64,
    /// Tag, first byte and length of each section.
    sections: Vec<(u32, u64, u64)>,
    written: u64,
    /// Over the checksums of all pages so far.
    identity: Xxh3,
}

impl PagedWriter {
    /// Begins the file that will be `path`.
    ///
    /// # Errors
    /// Those of [`AtomicFile::create`].
    pub fn create(path: &Path, kind: PagedKind) -> Result<PagedWriter> {
        let file = AtomicFile::create(path)?;
        let mut writer =
            PagedWriter { file, kind, page: Vec::with_capacity(PAGE), pages: 0, sections: Vec::new(), written: 0, identity: Xxh3::new() };
        writer.page.extend_from_slice(&kind.magic);
        for number in [kind.version, BYTE_ORDER, PAGE as u32] {
            writer.page.extend_from_slice(&number.to_le_bytes());
        }
        writer.end_page()?;
        Ok(writer)
    }

    /// What follows is the section of this tag.
    pub fn begin(&mut self, tag: u32) {
        self.sections.push((tag, self.written, 0));
    }

    /// Writes bytes of the section.
    ///
    /// # Errors
    /// The operating system's.
    pub fn write(&mut self, mut bytes: &[u8]) -> Result<()> {
        self.written += bytes.len() as u64;
        if let Some((.., len)) = self.sections.last_mut() {
            *len += bytes.len() as u64;
        }
        while !bytes.is_empty() {
            let (head, rest) = bytes.split_at((PAGE_BYTES - self.page.len()).min(bytes.len()));
            self.page.extend_from_slice(head);
            bytes = rest;
            if self.page.len() == PAGE_BYTES {
                self.end_page()?;
            }
        }
        Ok(())
    }

    fn end_page(&mut self) -> Result<()> {
        self.page.resize(PAGE_BYTES, 0);
        let checksum = page_checksum(&self.page, self.pages);
        self.page.extend_from_slice(&checksum.to_le_bytes());
        self.identity.update(&checksum.to_le_bytes());
        self.file.write_all(&self.page)?;
        self.page.clear();
        self.pages += 1;
        Ok(())
    }

    /// Ends the file, which then has its name; with what tells it from others.
    ///
    /// # Errors
    /// The operating system's.
    pub fn finish(mut self) -> Result<(Written, u64)> {
        if !self.page.is_empty() {
            self.end_page()?;
        }
        self.page.extend_from_slice(&self.kind.magic);
        self.page.extend_from_slice(&(self.pages + 1).to_le_bytes());
        let identity = self.identity.digest();
        self.page.extend_from_slice(&identity.to_le_bytes());
        self.page.extend_from_slice(&(self.sections.len() as u64).to_le_bytes());
        for (tag, start, len) in std::mem::take(&mut self.sections) {
            self.page.extend_from_slice(&tag.to_le_bytes());
            self.page.extend_from_slice(&start.to_le_bytes());
            self.page.extend_from_slice(&len.to_le_bytes());
        }
        self.end_page()?;
        Ok((self.file.finish()?, identity))
    }
}
