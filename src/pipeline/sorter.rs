//! An external sort by partitions: what blocks collected, in memory until there is no room, then in sorted runs on disk.
//!
//! A run is what memory held at one time, each partition sorted by itself and each record once. In the end a partition is what
//! memory holds of it, merged with its piece of each run, and goes by record for record: what is held never depends on how many
//! records one partition or one line has, but for the sort of what came in memory. Sort and merge are O(n log n) on any input,
//! so nothing is split again where hashes are skewed.

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, binary_heap::PeekMut},
    fs::File,
    io::{self, BufReader, Read, Write},
};

use super::{StopFlag, check_stop, ordered::Ordered, temporary::Temporary};
use crate::{
    hash::{PARTITIONS, Parted, Record, sort},
    model::{Error, Result},
    read::ReadAt,
};

/// Bytes read of a run at a time, at least and at most.
const BUFFER: std::ops::RangeInclusive<usize> = (4 << 10)..=(256 << 10);

/// Bytes of a record, at most.
const MOST_BYTES: usize = 96;

/// Collects and sorts records.
#[derive(Debug)]
pub struct Sorter<R> {
    chunks: Vec<Parted<R>>,
    held: usize,
    runs: Vec<Run>,
}

/// Sorted partitions in one file, and where each ends.
#[derive(Debug)]
struct Run {
    file: File,
    ends: Vec<u64>,
}

impl<R: Record> Sorter<R> {
    /// Nothing yet.
    pub fn new() -> Sorter<R> {
        Sorter { chunks: Vec::new(), held: 0, runs: Vec::new() }
    }

    /// Takes records in.
    pub fn push(&mut self, chunk: Parted<R>) {
        self.held += chunk.bytes();
        self.chunks.push(chunk);
    }

    /// Bytes of records in memory.
    pub fn held(&self) -> usize {
        self.held
    }

    /// What memory holds of a partition, in order, each record once.
    fn partition(&self, number: usize) -> Vec<R> {
        let pieces = || self.chunks.iter().map(|chunk| chunk.partition(number));
        let mut records = Vec::with_capacity(pieces().map(<[R]>::len).sum());
        pieces().for_each(|piece| records.extend_from_slice(piece));
        sort(&mut records);
        records
    }

    /// Writes what memory holds to a run; its bytes.
    ///
    /// # Errors
    /// Where temporary files cannot be written.
    pub fn spill(&mut self, pool: &rayon::ThreadPool, temporary: &Temporary) -> Result<u64> {
        let mut file = temporary.file()?;
        let mut ends = Vec::with_capacity(PARTITIONS);
        let mut bytes = 0;
        pool.in_place_scope_fifo(|scope| {
            let mut written: Ordered<Vec<u8>> = Ordered::new();
            let mut next = 0..PARTITIONS;
            let this = &*self;
            loop {
                while written.pending() < pool.current_num_threads() as u64 * 2
                    && let Some(number) = next.next()
                {
                    written.submit(scope, move || {
                        let records = this.partition(number);
                        let mut out = Vec::with_capacity(records.len() * R::BYTES);
                        records.iter().for_each(|record| record.write(&mut out));
                        out
                    });
                }
                let Some(out) = written.take() else { break };
                file.write_all(&out).map_err(|e| temporary.full(e))?;
                bytes += out.len() as u64;
                ends.push(bytes);
            }
            Ok::<_, Error>(())
        })?;
        self.runs.push(Run { file, ends });
        self.chunks = Vec::new();
        self.held = 0;
        Ok(bytes)
    }

    /// Gives the records of every partition in order to `step`, each partition with what `begin` makes for it, on all threads; `room` is
    /// the bytes that buffers may take. What became of the partitions, in their order.
    ///
    /// # Errors
    /// Where temporary files cannot be read; interrupted.
    pub fn fold<A: Send>(
        self,
        pool: &rayon::ThreadPool,
        room: usize,
        temporary: &Temporary,
        stop: &StopFlag,
        begin: impl Fn() -> A + Sync,
        step: impl Fn(&mut A, R) + Sync,
    ) -> Result<Vec<A>> {
        let mut folded = Vec::with_capacity(PARTITIONS);
        self.fold_each(pool, room, temporary, stop, begin, step, |part| {
            folded.push(part);
            Ok(())
        })?;
        Ok(folded)
    }

    /// The same, but what becomes of a partition is handed to `take` in its turn, while others are worked off: few of them wait.
    ///
    /// # Errors
    /// Where temporary files cannot be read; interrupted; those of `take`.
    #[allow(clippy::too_many_arguments, reason = "a fold has its three functions beside where it runs")]
    pub fn fold_each<A: Send>(
        self,
        pool: &rayon::ThreadPool,
        room: usize,
        temporary: &Temporary,
        stop: &StopFlag,
        begin: impl Fn() -> A + Sync,
        step: impl Fn(&mut A, R) + Sync,
        mut take: impl FnMut(A) -> Result<()>,
    ) -> Result<()> {
        let buffer = (room / pool.current_num_threads() / self.runs.len().max(1)).clamp(*BUFFER.start(), *BUFFER.end());
        let fold = |number| {
            check_stop(stop)?;
            let mut into = begin();
            let records = self.partition(number);
            if self.runs.is_empty() {
                records.into_iter().for_each(|record| step(&mut into, record));
            } else {
                self.merge(number, records, buffer, |record| step(&mut into, record)).map_err(|e| temporary.full(e))?;
            }
            Ok(into)
        };
        let fold = &fold;
        pool.in_place_scope_fifo(|scope| {
            let mut folded: Ordered<Result<A>> = Ordered::new();
            let mut next = 0..PARTITIONS;
            loop {
                while folded.pending() < pool.current_num_threads() as u64 + 1
                    && let Some(number) = next.next()
                {
                    folded.submit(scope, move || fold(number));
                }
                match folded.take() {
                    Some(part) => take(part?)?,
                    None => return Ok(()),
                }
            }
        })
    }

    /// A partition of all runs and of memory, in order, each record once.
    fn merge(&self, number: usize, records: Vec<R>, buffer: usize, mut take: impl FnMut(R)) -> io::Result<()> {
        let mut sources: Vec<Source<'_, R>> = self.runs.iter().map(|run| run.source(number, buffer)).collect();
        sources.push(Source::Memory(records.into_iter()));
        let mut heads = BinaryHeap::with_capacity(sources.len());
        for (n, source) in sources.iter_mut().enumerate() {
            heads.extend(source.next()?.map(|record| Reverse((record, n))));
        }
        let mut kept: Option<R> = None;
        while let Some(mut head) = heads.peek_mut() {
            let Reverse((record, n)) = *head;
            match sources.get_mut(n).map_or(Ok(None), Source::next)? {
                Some(next) => *head = Reverse((next, n)),
                None => drop(PeekMut::pop(head)),
            }
            if !kept.as_mut().is_some_and(|kept| kept.absorb(&record))
                && let Some(done) = kept.replace(record)
            {
                take(done);
            }
        }
        kept.into_iter().for_each(take);
        Ok(())
    }
}

impl Run {
    fn source<R>(&self, number: usize, buffer: usize) -> Source<'_, R> {
        let end = |number: usize| self.ends.get(number).copied().unwrap_or(0);
        let start = number.checked_sub(1).map_or(0, end);
        Source::File { input: BufReader::with_capacity(buffer, ReadAt::new(&self.file, start)), left: end(number) - start }
    }
}

/// Where the next record of a sorted run comes from.
enum Source<'r, R> {
    Memory(std::vec::IntoIter<R>),
    File { input: BufReader<ReadAt<'r>>, left: u64 },
}

impl<R: Record> Source<'_, R> {
    fn next(&mut self) -> io::Result<Option<R>> {
        match self {
            Source::Memory(records) => Ok(records.next()),
            Source::File { left: 0, .. } => Ok(None),
            Source::File { input, left } => {
                const { assert!(R::BYTES <= MOST_BYTES) };
                let mut bytes = [0; MOST_BYTES];
                let bytes = bytes.get_mut(..R::BYTES).unwrap_or_default();
                input.read_exact(bytes)?;
                *left = left.saturating_sub(R::BYTES as u64);
                Ok(R::read(bytes))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{hash::SiteKey, lines::index::SitePage, pipeline::ordered};
    use proptest::prelude::*;

    #[test]
    fn a_signal_ends_the_merge() {
        let pool = ordered::pool(2).unwrap();
        let folded = Sorter::<SitePage>::new().fold(&pool, 0, &Temporary::of(None).unwrap(), &StopFlag::new(2), || 0, |_, _| ());
        assert_eq!(folded.unwrap_err().exit_code(), 130);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn spilled_or_not_the_records_are_those_of_one_sort(
            chunks in prop::collection::vec((prop::collection::vec((0_u64..4, 0_u64..60), 0..80), any::<bool>()), 0..9),
            skewed: bool,
        ) {
            let pool = ordered::pool(2).unwrap();
            let temporary = Temporary::of(None).unwrap();
            let spread = |page: u64| if skewed { page } else { page.wrapping_mul(0x9E37_79B9_7F4A_7C15) };
            let mut naive = Vec::new();
            let mut sorter = Sorter::new();
            for (chunk, spills) in &chunks {
                let records: Vec<SitePage> = chunk.iter().map(|(site, page)| SitePage { site: SiteKey(*site), page: spread(*page) }).collect();
                naive.extend_from_slice(&records);
                sorter.push(Parted::of(&records));
                if *spills {
                    sorter.spill(&pool, &temporary).unwrap();
                    prop_assert_eq!(sorter.held(), 0);
                }
            }
            naive.sort_by_key(|record| (record.hash() >> 58, *record));
            naive.dedup();
            let parts = sorter.fold(&pool, 0, &temporary, &StopFlag::new(0), Vec::new, |part, record| part.push(record)).unwrap();
            prop_assert_eq!(parts.concat(), naive);
        }
    }
}
