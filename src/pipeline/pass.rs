//! A read of the whole input: one thread reads ahead, a pool works on blocks, results come back in order.
//!
//! [`Pass::run`] is a read that collects, [`writing_pass`] the last one, which settles and writes. How many blocks are under way is bounded, so that memory is,
//! and so is what stands between a record that comes in and its row.

use std::{sync::atomic::AtomicUsize, thread};

use super::{
    Observer, StopFlag,
    beside::{ReadAhead, WriteBehind},
    check_stop,
    clock::Beside,
    memory::Room,
    ordered::Ordered,
    output::{Destination, Outputs},
    render::Rendered,
    row_writer::RowWriter,
};
use crate::{
    config::Config,
    model::{Error, Result},
    read::{BLOCK_BYTES, Block, Limits, Reader, Source, SourceInfo},
    write::Frame,
};

/// One read of the whole input.
pub struct Pass<'p> {
    /// The threads that work.
    pub pool: &'p rayon::ThreadPool,
    /// What is read.
    pub sources: &'p [Source],
    /// How.
    pub config: &'p Config,
    /// Says when to stop.
    pub stop: &'p StopFlag,
    /// Is told how far it is.
    pub observer: &'p dyn Observer,
    /// CPU of the threads beside the pool.
    pub beside: &'p Beside,
    /// The memory that there is.
    pub room: Room,
    /// Is what is done written at once where the input lets wait? Then frames hang on how fast it came.
    pub flushes: bool,
}

impl<'p> Pass<'p> {
    fn reader<'r>(&'r self, unwanted: &'r AtomicUsize) -> Reader<'r> {
        let limits = Limits {
            max_record_bytes: self.config.max_record_bytes,
            max_ratio: self.config.max_ratio,
            max_decompressed_bytes: self.config.max_decompressed_bytes,
        };
        Reader::new(self.sources, self.config.from, limits, BLOCK_BYTES).until([self.stop, unwanted])
    }

    /// Blocks that may be under way at a time.
    fn ahead(&self) -> u64 {
        self.room.blocks(self.pool.current_num_threads())
    }

    /// Blocks that may wait for room among them.
    fn waiting(&self) -> usize {
        usize::try_from(self.ahead() / 2).unwrap_or(1)
    }

    fn check_stop(&self) -> Result<()> {
        check_stop(self.stop)
    }

    /// Maps every block on the pool and hands the results over in order; `take` says how many documents a result holds.
    /// # Errors
    /// Those of reading and of `take`; interrupted.
    pub fn run<T: Send>(
        &self,
        work: impl Fn(&Block) -> T + Sync,
        mut take: impl FnMut(T) -> Result<u64>,
        problems: Option<&mut Vec<Error>>,
    ) -> Result<Vec<SourceInfo>> {
        let work = &work;
        let unwanted = AtomicUsize::new(0);
        thread::scope(|threads| {
            let mut reading = ReadAhead::begin(threads, self.reader(&unwanted), self.waiting(), &unwanted);
            let done = self.pool.in_place_scope_fifo(|scope| {
                let mut blocks: Ordered<(u64, T)> = Ordered::new();
                loop {
                    self.check_stop()?;
                    while !reading.has_ended() && blocks.pending() < self.ahead() {
                        let Some(block) = reading.next(blocks.pending() == 0)? else { break };
                        blocks.submit(scope, move || {
                            let result = work(&block);
                            (block.recycle(), result)
                        });
                    }
                    let Some((consumed, result)) = blocks.take() else {
                        if reading.has_ended() {
                            return Ok(());
                        }
                        continue;
                    };
                    let documents = take(result)?;
                    self.observer.advance(consumed, documents);
                }
            });
            let finished = reading.finish();
            self.beside.reading.set(self.beside.reading.get() + finished.seconds);
            if let Some(problems) = problems {
                problems.extend(finished.problems);
            }
            done.map(|()| finished.infos)
        })
    }
}

/// What the read that writes does with each block beside reading and writing.
pub struct WritingSteps<W, S, R, L> {
    /// On the pool: what becomes of its records by themselves.
    pub work: W,
    /// Serial, in order: what becomes of them beside others; with the number of its records.
    pub settle: S,
    /// On the pool: its rows.
    pub render: R,
    /// Rows behind those of all blocks, a frame at a time; false after the last.
    pub last: L,
}

/// The last read, with what could not be read: blocks are worked on and rendered on the pool, settled here, and compressed on the pool; all in order.
///
/// # Errors
/// Those of the steps, of reading and of writing; interrupted.
pub fn writing_pass<State, B: Send, T: Send>(
    pass: &Pass<'_>,
    steps: WritingSteps<
        impl Fn(Block) -> Result<B> + Sync,
        impl Fn(&mut State, B) -> Result<(u64, T)>,
        impl Fn(T) -> Result<Rendered> + Sync,
        impl Fn(&State, &mut RowWriter) -> Result<bool>,
    >,
    state: &mut State,
    writer: &mut RowWriter,
    outputs: &mut Outputs,
) -> Result<(Vec<SourceInfo>, Vec<Error>)> {
    let WritingSteps { work, settle, render, last } = steps;
    let (work, render) = (&work, &render);
    let level = pass.config.compression_level;
    let compressions = outputs.compressions();
    let unwanted = AtomicUsize::new(0);
    thread::scope(|threads| {
        let mut reading = ReadAhead::begin(threads, pass.reader(&unwanted), pass.waiting(), &unwanted);
        let writing = WriteBehind::begin(threads, outputs, 1);
        let done = pass.pool.in_place_scope_fifo(|scope| {
            let mut blocks: Ordered<(u64, Result<B>)> = Ordered::new();
            let mut rendered: Ordered<Result<Rendered>> = Ordered::new();
            let mut packed: Ordered<Result<(Destination, Frame)>> = Ordered::new();
            let (mut finished, mut flushed) = (false, false);
            loop {
                pass.check_stop()?;
                if writing.has_failed() {
                    return Ok(());
                }
                let idle = blocks.pending() + rendered.pending() == 0;
                // The writer of a stream may take its time: what is done does not wait with the reader.
                let looks = pass.flushes && idle && !flushed;
                while !reading.has_ended() && blocks.pending() + rendered.pending() < pass.ahead() {
                    let waits = blocks.pending() + rendered.pending() == 0 && !looks;
                    let Some(block) = reading.next(waits)? else { break };
                    blocks.submit(scope, move || (block.consumed, work(block)));
                }
                flushed = looks && blocks.pending() == 0;
                if flushed {
                    writer.flush();
                }
                let cleaned = blocks.take();
                let done = cleaned.is_none() && reading.has_ended();
                if let Some((consumed, block)) = cleaned {
                    let (documents, settled) = settle(state, block?)?;
                    rendered.submit(scope, move || render(settled));
                    pass.observer.advance(consumed, documents);
                }
                // Where no block is left to settle, what is under way must come in before the next can be read.
                let full = |pending: u64| blocks.pending() == 0 || pending >= pass.ahead() / 2;
                while let Some(block) = if full(rendered.pending()) { rendered.take() } else { rendered.try_take() } {
                    writer.add(block?);
                }
                if done && !std::mem::replace(&mut finished, true) {
                    // A stream ends when the run is told to stop, too.
                    pass.check_stop()?;
                    writer.finish();
                }
                // A frame at a time, so that they do not wait all together.
                let ends = finished && !last(state, writer)?;
                for (destination, frame) in writer.frames.drain(..) {
                    let Some(compression) = compressions.of(destination) else { continue };
                    packed.submit(scope, move || Ok((destination, frame.pack(compression, level)?)));
                }
                while let Some(frame) = if ends || flushed || packed.pending() >= pass.ahead() { packed.take() } else { packed.try_take() } {
                    let (destination, frame) = frame?;
                    if !writing.write(destination, frame) {
                        return Ok(());
                    }
                }
                if ends {
                    return Ok(());
                }
            }
        });
        let (written, seconds) = writing.finish();
        let finished = reading.finish();
        pass.beside.writing.set(seconds);
        pass.beside.reading.set(pass.beside.reading.get() + finished.seconds);
        // Where writing failed, it is why all else stopped.
        written.and(done).map(|()| (finished.infos, finished.problems))
    })
}
