//! One shard of the hashes: a table of its lines while there is room, temporary files after that.

use std::io::Write;

use super::{
    DistinctLines,
    cut::{Batch, Cut, Span},
    spill::{Room, Spill, Spilled},
};
use crate::{hash::TextTable, model::Result};

/// Where a line first stood, and how often it stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    /// Bytes of the input before it.
    pub(super) position: u64,
    pub(super) count: u64,
    /// From where its text stands among the originals, where keys are forms.
    original: usize,
}

/// Lines with counts.
#[derive(Debug, Default)]
pub(super) struct Counted {
    table: TextTable,
    /// One a text of the table.
    entries: Vec<Entry>,
    /// Lines as they stood, where keys are forms.
    originals: Option<Vec<u8>>,
}

impl Counted {
    pub(super) fn new(folded: bool) -> Counted {
        Counted { originals: folded.then(Vec::new), ..Counted::default() }
    }

    /// Lines in it.
    pub(super) fn len(&self) -> usize {
        self.table.len()
    }

    /// May no line more come, however much memory there is?
    pub(super) fn is_full(&self) -> bool {
        self.table.is_full()
    }

    /// Bytes that it will hold with so many lines more, their own bytes aside.
    pub(super) fn bytes_with(&self, lines: usize) -> usize {
        self.table.bytes_with(lines) + (self.entries.len() + lines) * size_of::<Entry>() + self.originals.as_ref().map_or(0, Vec::len)
    }

    /// Counts copies of a line, and takes it in where it is new.
    pub(super) fn insert(&mut self, hash: u64, key: &[u8], line: &[u8], position: u64, count: u64) {
        let found = self.table.insert(hash, key);
        if found.is_new {
            let original = self.originals.as_ref().map_or(0, Vec::len);
            self.entries.push(Entry { position, count, original });
            if let Some(originals) = &mut self.originals {
                originals.extend_from_slice(line);
            }
        } else {
            self.add(found.number, count);
        }
    }

    /// Counts copies of a line that is in it; false where it is not.
    pub(super) fn count(&mut self, hash: u64, key: &[u8], count: u64) -> bool {
        let found = self.table.find(hash, key);
        found.inspect(|number| self.add(*number, count)).is_some()
    }

    fn add(&mut self, number: u32, count: u64) {
        if let Some(entry) = self.entries.get_mut(number as usize) {
            entry.count = entry.count.saturating_add(count);
        }
    }

    /// The lines in the order in which they first stood, each as it stood there.
    pub(super) fn iter(&self) -> impl Iterator<Item = (Entry, &[u8])> {
        let ends = self.entries.iter().skip(1).map(|next| next.original).chain([usize::MAX]);
        self.entries.iter().zip(ends).zip(self.table.iter()).map(|((entry, end), key)| {
            let line = self.originals.as_ref().map_or(key, |all| all.get(entry.original..end.min(all.len())).unwrap_or_default());
            (*entry, line)
        })
    }
}

/// Lines looked up as one, so that their loads overlap.
const WARM: usize = 32;

/// A shard.
#[derive(Debug)]
pub(super) struct Shard {
    lines: Counted,
    /// Do first copies go out as they come, so that nothing but the keys is kept?
    streams: bool,
    spill: Option<Spill>,
}

impl Shard {
    pub(super) fn new(streams: bool, folded: bool) -> Shard {
        Shard { lines: Counted::new(folded && !streams), streams, spill: None }
    }

    /// Distinct lines in memory.
    pub(super) fn len(&self) -> usize {
        self.lines.len()
    }

    /// May no line more come, however much memory there is?
    pub(super) fn is_full(&self) -> bool {
        self.lines.is_full()
    }

    /// Bytes that it will hold with so many lines more.
    pub(super) fn bytes_with(&self, lines: usize) -> usize {
        if self.spill.is_some() { 0 } else { self.lines.bytes_with(lines) }
    }

    /// From now on the table takes no line.
    pub(super) fn freeze(&mut self, room: &Room<'_>, shards: usize) -> Result<()> {
        if self.spill.is_none() {
            self.spill = Some(Spill::create(room, shards)?);
        }
        Ok(())
    }

    /// Takes its lines of a cut; those that go out at once.
    pub(super) fn take(&mut self, batch: &Batch<'_>, cut: &Cut, number: usize) -> Result<Vec<Span>> {
        let lines = cut.lines.get(number).map_or(&[][..], Vec::as_slice);
        let keys = cut.keys(batch);
        let mut out = Vec::new();
        for (n, line) in lines.iter().enumerate() {
            if n % WARM == 0 {
                let next = lines.get(n..).unwrap_or_default().iter().take(WARM).map(|line| line.hash);
                std::hint::black_box(self.lines.table.warm(next));
            }
            let key = line.key.of(keys);
            if let Some(spill) = &mut self.spill {
                let position = batch.start + u64::from(line.line.start);
                let known = if self.streams { self.lines.table.find(line.hash, key).is_some() } else { self.lines.count(line.hash, key, 1) };
                if !known {
                    spill.write(line.hash, Spilled { position, key, line: line.line.of(batch.bytes) })?;
                }
            } else if self.streams {
                if self.lines.table.insert(line.hash, key).is_new {
                    out.push(line.line);
                }
            } else {
                self.lines.insert(line.hash, key, line.line.of(batch.bytes), batch.start + u64::from(line.line.start), 1);
            }
        }
        Ok(out)
    }

    /// What did not fit, to be worked off.
    pub(super) fn into_spills(self) -> Result<Vec<super::spill::Partition>> {
        self.spill.map_or(Ok(Vec::new()), Spill::finish)
    }
}

/// Writes a line, after its count where that is asked for.
pub(super) fn write_line(out: &mut Vec<u8>, count: Option<u64>, line: &[u8]) {
    if let Some(count) = count {
        let digits = count.to_string();
        out.resize(out.len() + 7_usize.saturating_sub(digits.len()), b' ');
        out.extend_from_slice(digits.as_bytes());
        out.push(b' ');
    }
    out.extend_from_slice(line);
    out.push(b'\n');
}

/// Bytes that gather before they are written.
pub(super) const OUT: usize = 256 << 10;

/// Writes the lines of all shards that have as many copies as was asked for; how many.
pub(super) fn write_counted(shards: &[Shard], asked: &DistinctLines, out: &mut dyn Write) -> Result<u64> {
    let mut heads: Vec<_> = shards.iter().map(|shard| shard.lines.iter().peekable()).collect();
    let (mut bytes, mut written) = (Vec::with_capacity(OUT), 0);
    // Few shards: the least of their heads by looking at each.
    while let Some(first) = heads.iter_mut().filter_map(|head| head.peek().map(|(entry, _)| entry.position)).min() {
        let Some((entry, line)) = heads.iter_mut().find_map(|head| head.next_if(|(entry, _)| entry.position == first)) else { break };
        if (asked.least..=asked.most).contains(&entry.count) {
            write_line(&mut bytes, asked.count.then_some(entry.count), line);
            written += 1;
        }
        if bytes.len() >= OUT {
            out.write_all(&bytes)?;
            bytes.clear();
        }
    }
    out.write_all(&bytes)?;
    Ok(written)
}
