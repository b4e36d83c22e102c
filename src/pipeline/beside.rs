//! Threads beside the pool: one reads blocks ahead, one writes frames behind, so that neither waits for the thread that settles.
//!
//! What each takes of the CPU is told, since all three are serial: the busiest bounds how fast any number of cores can be.

use std::{
    panic::resume_unwind,
    sync::{
        atomic::{AtomicUsize, Ordering},
        mpsc::{Receiver, RecvTimeoutError, SyncSender, TryRecvError, sync_channel},
    },
    thread::{Scope, ScopedJoinHandle},
    time::Duration,
};

use super::{
    clock::thread_seconds,
    output::{Destination, Outputs},
};
use crate::{
    model::{Error, Result},
    read::{Block, Reader, SourceInfo},
    write::Frame,
};

/// Reads blocks on a thread of its own.
pub struct ReadAhead<'s> {
    blocks: Receiver<Result<Block>>,
    thread: ScopedJoinHandle<'s, Finished>,
    ended: bool,
    unwanted: &'s AtomicUsize,
}

/// How long a block is waited for before others are looked after.
const LOOK: Duration = Duration::from_millis(100);

/// What the reading thread leaves.
#[derive(Debug)]
pub struct Finished {
    /// What was found out about the sources.
    pub infos: Vec<SourceInfo>,
    /// Sources that could not be read, or not wholly.
    pub problems: Vec<Error>,
    /// CPU seconds that reading took.
    pub seconds: f64,
}

impl<'s> ReadAhead<'s> {
    /// Begins to read; at most `ahead` blocks wait. `unwanted` is a flag that `reader` heeds.
    pub fn begin<'e: 's>(threads: &'s Scope<'s, 'e>, mut reader: Reader<'s>, ahead: usize, unwanted: &'s AtomicUsize) -> ReadAhead<'s> {
        let (sender, blocks) = sync_channel(ahead);
        let thread = threads.spawn(move || {
            let before = thread_seconds();
            while let Some(block) = reader.next_block().transpose() {
                let failed = block.is_err();
                // Nobody waits for it where the run has failed already.
                if sender.send(block).is_err() || failed {
                    break;
                }
            }
            let problems = reader.take_problems().into_iter().map(|(_, error)| error).collect();
            Finished { infos: reader.finish(), problems, seconds: thread_seconds() - before }
        });
        ReadAhead { blocks, thread, ended: false, unwanted }
    }

    /// The next block, if it is there, or if it comes in a while where `wait` says so; none at the end too.
    ///
    /// # Errors
    /// Those of [`Reader::next_block`].
    pub fn next(&mut self, wait: bool) -> Result<Option<Block>> {
        let waited = |e| if e == RecvTimeoutError::Timeout { TryRecvError::Empty } else { TryRecvError::Disconnected };
        let block = if wait { self.blocks.recv_timeout(LOOK).map_err(waited) } else { self.blocks.try_recv() };
        match block {
            Ok(block) => block.map(Some),
            Err(TryRecvError::Empty) => Ok(None),
            Err(TryRecvError::Disconnected) => {
                self.ended = true;
                Ok(None)
            }
        }
    }

    /// Did the last block come?
    pub fn has_ended(&self) -> bool {
        self.ended
    }

    /// Ends it, at the end of the sources or before. Panics where the thread did.
    pub fn finish(self) -> Finished {
        drop(self.blocks);
        self.unwanted.store(1, Ordering::Relaxed);
        self.thread.join().unwrap_or_else(|panic| resume_unwind(panic))
    }
}

/// Writes frames on a thread of its own.
pub struct WriteBehind<'s> {
    frames: SyncSender<(Destination, Frame)>,
    thread: ScopedJoinHandle<'s, (Result<()>, f64)>,
}

impl<'s> WriteBehind<'s> {
    /// Begins to write; at most `behind` frames wait.
    pub fn begin<'e: 's>(threads: &'s Scope<'s, 'e>, outputs: &'s mut Outputs, behind: usize) -> WriteBehind<'s> {
        let (frames, receiver) = sync_channel::<(Destination, Frame)>(behind);
        let thread = threads.spawn(move || {
            let before = thread_seconds();
            let written = receiver.iter().try_for_each(|(destination, frame)| outputs.write(destination, &frame));
            (written, thread_seconds() - before)
        });
        WriteBehind { frames, thread }
    }

    /// Hands over the next frame; false where writing has failed, which [`WriteBehind::finish`] says.
    pub fn write(&self, destination: Destination, frame: Frame) -> bool {
        self.frames.send((destination, frame)).is_ok()
    }

    /// Has writing failed?
    pub fn has_failed(&self) -> bool {
        self.thread.is_finished()
    }

    /// Waits until all is written; whether it is, and the CPU seconds that it took. Panics where the thread did.
    pub fn finish(self) -> (Result<()>, f64) {
        drop(self.frames);
        self.thread.join().unwrap_or_else(|panic| resume_unwind(panic))
    }
}
