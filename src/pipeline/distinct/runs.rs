//! Partitions worked off one by one: each gives a run of distinct lines in the order in which they first stood, and the runs are merged.

use std::{
    cmp::Reverse,
    collections::BinaryHeap,
    fs::File,
    io::{self, BufReader, BufWriter, Write},
    ops::Range,
};

use super::{
    super::{StopFlag, check_stop},
    cut::Key,
    shard::{Counted, OUT, write_line},
    spill::{Partition, Room, Spill, array, read_into},
};
use crate::{model::Result, read::ReadAt};

/// Runs in one temporary file.
#[derive(Debug)]
pub(super) struct Runs<'r> {
    room: Room<'r>,
    folded: bool,
    out: Option<BufWriter<File>>,
    runs: Vec<Range<u64>>,
    end: u64,
    /// Distinct lines in all partitions.
    pub(super) distinct: u64,
    /// Bytes of all partitions.
    pub(super) spilled: u64,
}

impl<'r> Runs<'r> {
    pub(super) fn new(room: &Room<'r>, folded: bool) -> Runs<'r> {
        Runs { room: *room, folded, out: None, runs: Vec::new(), end: 0, distinct: 0, spilled: 0 }
    }

    /// Works a partition off: what has no room in one table goes to partitions of its own.
    pub(super) fn work_off(&mut self, partition: Partition, key: Key, stop: &StopFlag) -> Result<()> {
        check_stop(stop)?;
        self.spilled += partition.bytes;
        let room = self.room;
        let mut lines = Counted::new(self.folded);
        let mut spill: Option<Spill> = None;
        partition.read(room.temporary, |line| {
            let hash = key.hash(line.key);
            let will_hold = lines.bytes_with(1) + line.key.len() + line.line.len();
            if spill.is_none() && lines.len() > 0 && (will_hold > room.bytes || lines.is_full()) {
                spill = Some(Spill::create(&room, 1)?);
            }
            match &mut spill {
                None => lines.insert(hash, line.key, line.line, line.position, 1),
                Some(spill) => {
                    if !lines.count(hash, line.key, 1) {
                        spill.write(hash, line)?;
                    }
                }
            }
            Ok(())
        })?;
        self.write(&lines)?;
        drop(lines);
        for deeper in spill.map_or(Ok(Vec::new()), Spill::finish)? {
            self.work_off(deeper, key.deeper(), stop)?;
        }
        Ok(())
    }

    fn write(&mut self, lines: &Counted) -> Result<()> {
        self.distinct += lines.len() as u64;
        let room = self.room;
        let out = match &mut self.out {
            Some(out) => out,
            none => none.insert(BufWriter::with_capacity(OUT, room.temporary.file()?)),
        };
        let start = self.end;
        for (entry, line) in lines.iter().filter(|(entry, _)| (room.least..=room.most).contains(&entry.count)) {
            let mut write = || {
                out.write_all(&entry.position.to_le_bytes())?;
                out.write_all(&entry.count.to_le_bytes())?;
                out.write_all(&u32::try_from(line.len()).unwrap_or(u32::MAX).to_le_bytes())?;
                out.write_all(line)
            };
            write().map_err(|e| room.temporary.full(e))?;
            self.end += 20 + line.len() as u64;
        }
        if self.end > start {
            self.runs.push(start..self.end);
        }
        Ok(())
    }

    /// Writes the lines of all runs in the order in which they first stood; how many.
    pub(super) fn merge(self, count: bool, out: &mut dyn Write) -> Result<u64> {
        let Some(file) = self.out else { return Ok(0) };
        let room = self.room;
        let file = file.into_inner().map_err(|e| room.temporary.full(e.into_error()))?;
        let buffer = (room.bytes / 4 / self.runs.len().max(1)).clamp(512, 128 << 10);
        let mut runs: Vec<Run<'_>> = self.runs.iter().map(|range| Run::new(&file, range.clone(), buffer)).collect();
        let mut heads = BinaryHeap::new();
        for (n, run) in runs.iter_mut().enumerate() {
            heads.extend(run.next().map_err(|e| room.temporary.full(e))?.map(|position| Reverse((position, n))));
        }
        let (mut bytes, mut written) = (Vec::with_capacity(OUT), 0);
        while let Some(Reverse((_, n))) = heads.pop() {
            let Some(run) = runs.get_mut(n) else { break };
            write_line(&mut bytes, count.then_some(run.count), &run.line);
            written += 1;
            if bytes.len() >= OUT {
                out.write_all(&bytes)?;
                bytes.clear();
            }
            heads.extend(run.next().map_err(|e| room.temporary.full(e))?.map(|position| Reverse((position, n))));
        }
        out.write_all(&bytes)?;
        Ok(written)
    }
}

/// A run that is read.
struct Run<'f> {
    input: BufReader<ReadAt<'f>>,
    left: u64,
    /// Copies of the line at hand.
    count: u64,
    line: Vec<u8>,
}

impl<'f> Run<'f> {
    fn new(file: &'f File, range: Range<u64>, buffer: usize) -> Run<'f> {
        let left = range.end - range.start;
        Run { input: BufReader::with_capacity(buffer, ReadAt::new(file, range.start)), left, count: 0, line: Vec::new() }
    }

    /// Goes to the next line: where it first stood, none at the end.
    fn next(&mut self) -> io::Result<Option<u64>> {
        if self.left == 0 {
            return Ok(None);
        }
        let position = u64::from_le_bytes(array(&mut self.input)?);
        self.count = u64::from_le_bytes(array(&mut self.input)?);
        let length = u32::from_le_bytes(array(&mut self.input)?);
        read_into(&mut self.input, &mut self.line, length)?;
        self.left = self.left.saturating_sub(20 + u64::from(length));
        Ok(Some(position))
    }
}
