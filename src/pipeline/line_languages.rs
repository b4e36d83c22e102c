//! The languages of lines of plain text, in order, on all threads.

use std::{
    fmt::Display,
    io::{Read, Write},
};

use rayon::prelude::*;

use super::ordered::pool;
use crate::{
    langid::LanguageIdentifier,
    model::{Error, Lang, LineLanguage, Result},
};

/// Bytes that are read at once, for each thread.
const BLOCK: usize = 1 << 20;

/// How answers are written.
#[derive(Clone, Copy, Debug, Default)]
pub struct Answers {
    /// As JSON objects, not as tag, tab, probability.
    pub json: bool,
    /// Thousandths below which a language is `und`.
    pub least: u16,
    /// The language that the text is mostly in.
    pub mostly: Option<Lang>,
}

/// Writes a line for each line that ends in LF, and for the last. How many were not UTF-8: of those what could be read was asked about.
///
/// A reader that goes away ends it, and is no error.
///
/// # Errors
/// Where reading (`name` is the input's) or writing fails.
pub fn line_languages(
    input: &mut dyn Read,
    name: &dyn Display,
    out: &mut dyn Write,
    engine: &dyn LanguageIdentifier,
    answers: Answers,
    threads: usize,
) -> Result<u64> {
    let pool = pool(threads)?;
    let room = BLOCK * pool.current_num_threads();
    let (mut block, mut broken) = (Vec::with_capacity(room + BLOCK), 0);
    loop {
        let before = block.len();
        let read = input.take(room as u64).read_to_end(&mut block).map_err(|e| Error::from(e).at(name))?;
        // A line without its end waits for more, but for the last.
        let whole = match memchr::memrchr(b'\n', block.get(before..).unwrap_or_default()) {
            Some(end) => before + end + 1,
            None if read == 0 => block.len(),
            None => 0,
        };
        let lines = block.get(..whole).unwrap_or_default();
        let parts = parts(lines, pool.current_num_threads());
        let written: Vec<Written> = if let [lines] = parts.as_slice() {
            vec![Written::of(lines, engine, answers)]
        } else {
            pool.install(|| parts.par_iter().map(|lines| Written::of(lines, engine, answers)).collect())
        };
        for part in written {
            broken += part.broken;
            match out.write_all(&part.bytes) {
                Err(e) if e.kind() == std::io::ErrorKind::BrokenPipe => return Ok(broken),
                written => written.map_err(|e| Error::from(e).at("standard output"))?,
            }
        }
        block.drain(..whole);
        if read == 0 {
            return Ok(broken);
        }
    }
}

/// Whole lines in about as many parts of the same size.
fn parts(lines: &[u8], count: usize) -> Vec<&[u8]> {
    let mut rest = lines;
    let mut parts = Vec::new();
    for n in (1..=count).rev() {
        let size = rest.len() / n;
        let end = memchr::memchr(b'\n', rest.get(size..).unwrap_or_default()).map_or(rest.len(), |end| size + end + 1);
        let (part, after) = rest.split_at(end);
        if !part.is_empty() {
            parts.push(part);
        }
        rest = after;
    }
    parts
}

/// What is written for some lines.
struct Written {
    bytes: Vec<u8>,
    broken: u64,
}

impl Written {
    fn of(lines: &[u8], engine: &dyn LanguageIdentifier, answers: Answers) -> Written {
        let mut written = Written { bytes: Vec::with_capacity(lines.len() / 6), broken: 0 };
        let ask = |line: &str| answers.mostly.map_or_else(|| engine.identify(line), |mostly| engine.identify_within(line, mostly));
        let mut rest = lines;
        while !rest.is_empty() {
            let end = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            let (line, after) = rest.split_at(end);
            rest = after.get(1..).unwrap_or_default();
            let language = match simdutf8::basic::from_utf8(line) {
                Ok(line) => ask(line),
                Err(_) => {
                    written.broken += 1;
                    ask(&String::from_utf8_lossy(line))
                }
            };
            written.push(language, answers);
        }
        written
    }

    fn push(&mut self, language: LineLanguage, answers: Answers) {
        let LineLanguage { mut lang, permille } = language;
        if permille < answers.least && lang != Lang::ZXX {
            lang = Lang::UND;
        }
        let [thousands, hundreds, tens, ones] = [1000, 100, 10, 1].map(|unit| b'0' + (permille / unit % 10) as u8);
        let (before, between, after): (&[u8], &[u8], &[u8]) =
            if answers.json { (b"{\"lang\":\"", b"\",\"probability\":", b"}\n") } else { (b"", b"\t", b"\n") };
        self.bytes.extend_from_slice(before);
        self.bytes.extend_from_slice(lang.as_str().as_bytes());
        self.bytes.extend_from_slice(between);
        self.bytes.extend_from_slice(&[thousands, b'.', hundreds, tens, ones]);
        self.bytes.extend_from_slice(after);
    }
}
