//! Distinct lines of plain text, in the order in which they first stand: what `buddle lines` does.
//!
//! Exact: lines are told apart by their bytes (or their compared forms), never by a hash alone. A batch of lines is cut and hashed on all
//! threads, then each shard of the hashes looks up its own in its own table, in order; there is no lock and no shared map. Where counts
//! do not matter, first copies go out batch by batch. When the tables hold what `--memory` allows they take no more: lines that are not in
//! them go to temporary files by hash, and each of these is worked off alone, and split again where it is too large itself (the hybrid
//! hash join of Shapiro 1986). So lines in memory come out first, and the rest is merged by where it first stood.

mod cut;
mod runs;
mod shard;
mod spill;

#[cfg(test)]
mod tests;

use std::{
    hash::{BuildHasher, RandomState},
    io::Write,
    path::PathBuf,
};

use rayon::prelude::*;

use self::{
    cut::{Batch, Key},
    runs::Runs,
    shard::{Shard, write_counted},
    spill::Room,
};
use super::{StopFlag, ordered, temporary::Temporary};
use crate::{
    model::{Error, Result},
    read::{LineReader, list},
};

/// What `buddle lines` was asked for.
#[derive(Clone, Debug)]
pub struct DistinctLines {
    /// Files and folders; `-` is standard input.
    pub inputs: Vec<PathBuf>,
    /// Are lines told apart by their compared forms (case, spaces, digits and addresses aside)?
    pub folded: bool,
    /// Write how often each stands before it?
    pub count: bool,
    /// Copies that a line must have.
    pub least: u64,
    /// And may have.
    pub most: u64,
    /// Worker threads; 0: as many as the machine has.
    pub threads: usize,
    /// Bytes that the run may hold.
    pub memory: u64,
    /// Folder for temporary files.
    pub temporary: Temporary,
}

/// What a run came to.
#[derive(Debug, Default)]
pub struct DistinctRun {
    /// Lines read.
    pub lines: u64,
    /// Bytes of them.
    pub bytes: u64,
    /// Distinct ones.
    pub distinct: u64,
    /// Lines written.
    pub written: u64,
    /// Bytes that went to temporary files.
    pub spilled: u64,
    /// What could not be read.
    pub problems: Vec<Error>,
}

/// The least memory that works.
pub const LEAST_MEMORY: u64 = 16 << 20;
/// Bytes of the longest line, however much memory there is: places in a batch, and among the forms of its lines, are of 32 bits.
const MOST_LINE: u64 = 256 << 20;
/// Batches that the memory could hold.
const BATCHES: u64 = 64;
/// Bytes of a batch, at least and at most.
const BATCH: std::ops::RangeInclusive<u64> = (128 << 10)..=(4 << 20);

impl DistinctLines {
    /// Can lines go out as they come?
    fn streams(&self) -> bool {
        !self.count && self.least <= 1 && self.most == u64::MAX
    }

    /// Writes the lines to `out`.
    ///
    /// # Errors
    /// Usage: too little memory, inputs that are not there. I/O: the temporary folder or `out` cannot be written; `ClosedPipe` where the reader of
    /// `out` went away; interrupted. An input that cannot be read is no error but stands in the run's problems.
    pub fn write(&self, out: &mut dyn Write, stop: &StopFlag) -> Result<DistinctRun> {
        self.write_with(out, stop, Key { folded: self.folded, seed: RandomState::new().hash_one(0_u8), mask: u64::MAX }, None)
    }

    /// The same with keys and sizes (of tables, of a batch) of one's own: for tests.
    fn write_with(&self, out: &mut dyn Write, stop: &StopFlag, key: Key, sizes: Option<(usize, usize)>) -> Result<DistinctRun> {
        if self.memory < LEAST_MEMORY {
            let what = format!("{} bytes of memory are too little", self.memory);
            return Err(Error::usage(what).hint(format!("--memory {}M or more", LEAST_MEMORY >> 20)));
        }
        let found = list(&self.inputs)?;
        let pool = ordered::pool(self.threads)?;
        let bytes = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
        let sizes = sizes.unwrap_or((bytes(self.memory / 2), bytes((self.memory / BATCHES).clamp(*BATCH.start(), *BATCH.end()))));
        let (tables, size) = sizes;
        let threads = pool.current_num_threads();
        let room = Room { bytes: tables, temporary: &self.temporary, least: self.least, most: self.most };
        let mut shards: Vec<Shard> = (0..threads.next_power_of_two()).map(|_| Shard::new(self.streams(), key.folded)).collect();
        let mut reader = LineReader::new(&found.sources, bytes((self.memory / 8).min(MOST_LINE)));
        let mut run = DistinctRun::default();
        let (mut now, mut next) = (Vec::new(), Vec::new());
        let mut more = reader.read(&mut now, size);
        while more {
            super::check_stop(stop)?;
            let batch = Batch { bytes: &now, start: run.bytes };
            let (read, worked) = pool.join(|| reader.read(&mut next, size), || batch_through(&batch, key, &mut shards, &room));
            let (lines, outs) = worked?;
            for bytes in outs {
                out.write_all(&bytes)?;
            }
            run.lines += lines;
            run.bytes += now.len() as u64;
            std::mem::swap(&mut now, &mut next);
            more = read;
        }
        run.distinct = shards.iter().map(|shard| shard.len() as u64).sum();
        run.written = if self.streams() { run.distinct } else { write_counted(&shards, self, out)? };
        let mut spills = Vec::new();
        for shard in shards {
            spills.extend(shard.into_spills()?);
        }
        let mut runs = Runs::new(&room, key.folded);
        for spill in spills {
            runs.work_off(spill, key.deeper(), stop)?;
        }
        run.distinct += runs.distinct;
        run.spilled = runs.spilled;
        run.written += runs.merge(self.count, out)?;
        out.flush()?;
        run.problems = found.problems;
        run.problems.extend(reader.problems());
        Ok(run)
    }
}

/// Takes a batch through the shards: lines in it, and the bytes of those that go out at once.
fn batch_through(batch: &Batch<'_>, key: Key, shards: &mut [Shard], room: &Room<'_>) -> Result<(u64, Vec<Vec<u8>>)> {
    let parts = batch.parts(rayon::current_num_threads() * 2);
    let count = shards.len();
    let cuts: Vec<_> = parts.into_par_iter().map(|part| batch.cut(part, key, count)).collect();
    let before: Vec<usize> = shards.iter().map(Shard::len).collect();
    let firsts: Vec<Vec<Vec<cut::Span>>> =
        shards.par_iter_mut().enumerate().map(|(n, shard)| cuts.iter().map(|cut| shard.take(batch, cut, n)).collect()).collect::<Result<_>>()?;
    // Together, so that all lines in memory stand before all that have no room; the next batch may bring as many new lines as this one.
    let will_hold = shards.iter().zip(before).map(|(shard, before)| shard.bytes_with(shard.len() - before)).sum::<usize>();
    if will_hold > room.bytes || shards.iter().any(Shard::is_full) {
        shards.iter_mut().try_for_each(|shard| shard.freeze(room, count))?;
    }
    let lines = cuts.iter().map(|cut| cut.len() as u64).sum();
    let gather = |n: usize| batch.gather(firsts.iter().filter_map(|of_shard| of_shard.get(n)));
    Ok((lines, (0..cuts.len()).into_par_iter().map(gather).collect()))
}
