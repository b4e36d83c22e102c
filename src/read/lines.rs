//! Sources to blocks of whole lines, as bytes: what a line tool reads.
//!
//! Lines end in LF; a source's last one gets its LF where it lacks it, so that lines of two sources never run together. Archives are unpacked.
//! No decoding: any bytes pass. A line that is too long is passed over and named, a source that breaks off is named, and reading goes on.

use memchr::{memchr, memrchr};

use super::{
    Limits, Source,
    compression::{Decompressor, Raw},
    stream::problem,
};
use crate::model::Error;

/// Bytes that one read brings, at most.
const READ: usize = 256 << 10;

/// Reads the lines of sources.
pub struct LineReader<'s> {
    sources: std::slice::Iter<'s, Source>,
    open: Option<(&'s Source, Decompressor<'s>)>,
    /// Bytes behind the last line of the block before.
    rest: Vec<u8>,
    /// The line that goes on here is too long.
    passes_over: bool,
    max_line: usize,
    problems: Vec<Error>,
    lost: u64,
}

impl<'s> LineReader<'s> {
    /// Lines of at most `max_line` bytes.
    pub fn new(sources: &'s [Source], max_line: usize) -> LineReader<'s> {
        LineReader { sources: sources.iter(), open: None, rest: Vec::new(), passes_over: false, max_line, problems: Vec::new(), lost: 0 }
    }

    /// Fills `block` with whole lines: `size` bytes or more, fewer at the end; false where there is none left.
    pub fn read(&mut self, block: &mut Vec<u8>, size: usize) -> bool {
        block.clear();
        // Room for the block and one read more, so that it never grows while it is filled.
        block.reserve(size.saturating_add(self.rest.len()).saturating_add(READ));
        block.append(&mut self.rest);
        // Where the line begins that is not whole yet.
        let mut line = 0;
        loop {
            let before = block.len();
            match self.fill(block) {
                None => return !block.is_empty(),
                Some(false) => self.end_line(block, line),
                Some(true) if self.passes_over => self.pass_over(block, before),
                Some(true) => {}
            }
            if let Some(at) = memrchr(b'\n', block.get(before..).unwrap_or_default()) {
                line = before + at + 1;
            }
            if block.len() - line > self.max_line {
                block.truncate(line);
                self.passes_over = true;
                let what = format!("a line of more than {} bytes was passed over", self.max_line);
                self.note(|name| Error::corrupt(what).at(name).hint("raise --memory: a line takes an eighth of it and 256 MiB at most"));
            }
            if line >= size {
                self.rest.extend_from_slice(block.get(line..).unwrap_or_default());
                block.truncate(line);
                return true;
            }
        }
    }

    /// What could not be read, so far: sources, and lines (the first few of them).
    pub fn problems(self) -> Vec<Error> {
        self.problems
    }

    /// Appends bytes of the source that is open; false at its end, none where there is no source left.
    fn fill(&mut self, block: &mut Vec<u8>) -> Option<bool> {
        if self.open.is_none() {
            let source = self.sources.next()?;
            let opened = source.open().and_then(|input| Decompressor::new(Raw::unhashed(input), Limits::default()));
            match opened {
                Ok(opened) => self.open = Some((source, opened)),
                Err(fault) => {
                    self.problems.push(problem(&source.name, fault));
                    return Some(false);
                }
            }
        }
        let (source, opened) = self.open.as_mut()?;
        let fault = match opened.fill(block) {
            Ok(0) => None,
            Ok(_) => return Some(true),
            Err(fault) => Some(fault),
        };
        let name = &source.name;
        self.problems.extend(fault.map(|fault| problem(name, fault)));
        self.open = None;
        Some(false)
    }

    /// A source ended: so does its last line.
    fn end_line(&mut self, block: &mut Vec<u8>, line: usize) {
        self.passes_over = false;
        if block.len() > line {
            block.push(b'\n');
        }
    }

    /// Drops what belongs to a line that is too long.
    fn pass_over(&mut self, block: &mut Vec<u8>, from: usize) {
        match memchr(b'\n', block.get(from..).unwrap_or_default()) {
            None => block.truncate(from),
            Some(at) => {
                block.drain(from..=from + at);
                self.passes_over = false;
            }
        }
    }

    fn note(&mut self, problem: impl FnOnce(&str) -> Error) {
        const SHOWN: u64 = 8;
        self.lost += 1;
        if self.lost <= SHOWN {
            let name = self.open.as_ref().map_or("-", |(source, _)| source.name.as_str());
            self.problems.push(problem(name));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn lines(sources: &[&[u8]], size: usize, max_line: usize) -> (Vec<u8>, usize, Vec<String>) {
        let sources: Vec<Source> = sources.iter().enumerate().map(|(n, bytes)| Source::from_bytes(format!("s{n}"), bytes.to_vec())).collect();
        let mut reader = LineReader::new(&sources, max_line);
        let (mut all, mut block, mut blocks) = (Vec::new(), Vec::new(), 0);
        while reader.read(&mut block, size) {
            assert!(block.ends_with(b"\n"));
            all.extend_from_slice(&block);
            blocks += 1;
        }
        assert!(!reader.read(&mut block, size));
        (all, blocks, reader.problems().iter().map(ToString::to_string).collect())
    }

    #[test]
    fn every_source_ends_its_last_line() {
        for (sources, want) in [
            (&[&b"a\nb"[..], b"c\n", b"", b"\n", b"d"][..], &b"a\nb\nc\n\nd\n"[..]),
            (&[b""], b""),
            (&[], b""),
            (&[b"\xFF\x00\r\nx\r"], b"\xFF\x00\r\nx\r\n"),
        ] {
            for size in [1, 2, 4, 1 << 20] {
                let (all, _, problems) = lines(sources, size, 100);
                assert_eq!((all.as_slice(), problems.len()), (want, 0), "{size}");
            }
        }
    }

    #[test]
    fn lines_that_are_too_long_are_passed_over_and_named() {
        let long = [b"a\n".to_vec(), vec![b'x'; 300 << 10], b"\nb\n".to_vec(), vec![b'y'; 1001]].concat();
        let (all, blocks, problems) = lines(&[&long, b"c"], 1, 1000);
        assert_eq!((all.as_slice(), blocks), (&b"a\nb\nc\n"[..], 3));
        assert_eq!(problems, ["s0: a line of more than 1000 bytes was passed over"; 2]);
        assert_eq!(lines(&[&long], 1, 300 << 10).0.len(), long.len() + 1);
    }

    #[test]
    fn archives_are_unpacked_and_broken_ones_named() {
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(b"one\ntwo").unwrap();
        let packed = packed.finish().unwrap();
        let cut = &packed[..packed.len() - 4];
        let (all, _, problems) = lines(&[&packed, cut, b"three"], 1, 1000);
        assert_eq!(all, b"one\ntwo\none\ntwo\nthree\n");
        assert!(problems.len() == 1 && problems[0].starts_with("s1: the archive is cut off"), "{problems:?}");
    }
}
