//! A batch of lines cut at line ends, each line hashed and put to its shard.

use memchr::{memchr, memchr_iter};
use xxhash_rust::xxh3::xxh3_64_with_seed;

use crate::lines::compared_form;

/// How a line becomes a key.
#[derive(Clone, Copy, Debug)]
pub(super) struct Key {
    /// By its compared form?
    pub(super) folded: bool,
    /// Nobody knows it, so nobody can choose lines that collide.
    pub(super) seed: u64,
    /// Bits of the hash that count: all of them, but in tests.
    pub(super) mask: u64,
}

impl Key {
    /// The hash of a key.
    pub(super) fn hash(self, key: &[u8]) -> u64 {
        xxh3_64_with_seed(key, self.seed) & self.mask
    }

    /// The same with other hashes: what fell together once is told apart.
    pub(super) fn deeper(self) -> Key {
        Key { seed: self.seed.wrapping_add(1), ..self }
    }

    /// Writes the compared form of a line; bytes that are no UTF-8 are their own.
    fn form(line: &[u8], form: &mut Vec<u8>) {
        match simdutf8::basic::from_utf8(line) {
            Ok(line) => _ = compared_form(line, form),
            Err(_) => {
                form.clear();
                form.extend_from_slice(line);
            }
        }
    }
}

/// From where to where, in a batch or among its forms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Span {
    pub(super) start: u32,
    pub(super) end: u32,
}

impl Span {
    fn new(start: usize, end: usize) -> Span {
        // A batch holds a line of 256 MiB and some 4 MiB more, and no form takes more than eleven times its line.
        Span { start: u32::try_from(start).unwrap_or(u32::MAX), end: u32::try_from(end).unwrap_or(u32::MAX) }
    }

    /// The bytes that it spans.
    pub(super) fn of(self, bytes: &[u8]) -> &[u8] {
        bytes.get(self.start as usize..self.end as usize).unwrap_or_default()
    }
}

/// A line of a shard.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hashed {
    pub(super) hash: u64,
    /// Without its line end.
    pub(super) line: Span,
    /// Its key: of the forms, or the line itself.
    pub(super) key: Span,
}

/// Whole lines, one after another.
#[derive(Clone, Copy, Debug)]
pub(super) struct Batch<'b> {
    pub(super) bytes: &'b [u8],
    /// Bytes of all batches before.
    pub(super) start: u64,
}

/// A part of a batch, cut.
#[derive(Debug)]
pub(super) struct Cut {
    /// Its lines by shard.
    pub(super) lines: Vec<Vec<Hashed>>,
    /// Compared forms, if lines are told apart by them.
    forms: Option<Vec<u8>>,
}

impl Cut {
    /// Lines in it.
    pub(super) fn len(&self) -> usize {
        self.lines.iter().map(Vec::len).sum()
    }

    /// The bytes that keys span.
    pub(super) fn keys<'a>(&'a self, batch: &Batch<'a>) -> &'a [u8] {
        self.forms.as_deref().unwrap_or(batch.bytes)
    }
}

/// Bytes of the least part that is worth a thread.
const LEAST_PART: usize = 64 << 10;

impl<'b> Batch<'b> {
    /// About `n` parts that end with their lines.
    pub(super) fn parts(&self, n: usize) -> Vec<Span> {
        let size = (self.bytes.len() / n.max(1)).max(LEAST_PART);
        let (mut parts, mut start) = (Vec::with_capacity(n + 1), 0);
        while start < self.bytes.len() {
            let near = (start + size).min(self.bytes.len());
            let end = memchr(b'\n', self.bytes.get(near..).unwrap_or_default()).map_or(self.bytes.len(), |at| near + at + 1);
            parts.push(Span::new(start, end));
            start = end;
        }
        parts
    }

    /// Cuts a part; the lowest bits of a hash say which of `shards` (a power of two) has the line.
    pub(super) fn cut(&self, part: Span, key: Key, shards: usize) -> Cut {
        let mask = shards as u64 - 1;
        let base = part.start as usize;
        let bytes = part.of(self.bytes);
        let mut lines: Vec<Vec<Hashed>> = vec![Vec::with_capacity(bytes.len() / 64 / shards.max(1)); shards];
        let (mut forms, mut form) = (key.folded.then(Vec::new), Vec::new());
        let mut start = 0;
        for end in memchr_iter(b'\n', bytes) {
            let whole = bytes.get(start..end).unwrap_or_default();
            let text = whole.strip_suffix(b"\r").unwrap_or(whole);
            let line = Span::new(base + start, base + start + text.len());
            let mut hashed = Hashed { hash: 0, line, key: line };
            if let Some(forms) = &mut forms {
                Key::form(text, &mut form);
                hashed.hash = key.hash(&form);
                hashed.key = Span::new(forms.len(), forms.len() + form.len());
                forms.extend_from_slice(&form);
            } else {
                hashed.hash = key.hash(text);
            }
            if let Some(lines) = lines.get_mut((hashed.hash & mask) as usize) {
                lines.push(hashed);
            }
            start = end + 1;
        }
        Cut { lines, forms }
    }

    /// The lines of these lists in their order, each with its LF.
    pub(super) fn gather<'a>(&self, lists: impl Iterator<Item = &'a Vec<Span>>) -> Vec<u8> {
        let mut lines: Vec<Span> = lists.flatten().copied().collect();
        // Runs already sorted, one a shard.
        lines.sort();
        let mut out = Vec::with_capacity(lines.iter().map(|line| line.of(self.bytes).len() + 1).sum());
        let mut lines = lines.into_iter().peekable();
        while let Some(first) = lines.next() {
            let mut end = first.end;
            // Lines that stand side by side go in one piece; a CR between them breaks it.
            while let Some(next) = lines.next_if(|next| next.start == end + 1) {
                end = next.end;
            }
            out.extend_from_slice(Span { start: first.start, end }.of(self.bytes));
            out.push(b'\n');
        }
        out
    }
}
