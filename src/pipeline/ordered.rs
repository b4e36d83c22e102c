//! Ordered parallel execution: tasks run on a rayon pool in any order, their results are taken in the order of submission.
//!
//! The only place that starts work on other threads. Whoever submits also takes, so memory is bounded by how far the
//! caller lets the two drift apart, and no result can depend on which thread ran it.

use std::{
    collections::BTreeMap,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    sync::mpsc::{Receiver, Sender, channel},
};

use crate::model::{Error, Result};

/// A pool of worker threads; 0: as many as the machine has.
///
/// # Errors
/// Where the system gives no threads.
pub fn pool(threads: usize) -> Result<rayon::ThreadPool> {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().map_err(|e| Error::usage(format!("no worker threads: {e}")).hint("try --threads 1"))
}

/// Results of submitted tasks, in the order of submission.
#[derive(Debug)]
pub struct Ordered<T> {
    sender: Sender<(u64, std::thread::Result<T>)>,
    receiver: Receiver<(u64, std::thread::Result<T>)>,
    ready: BTreeMap<u64, std::thread::Result<T>>,
    submitted: u64,
    taken: u64,
}

impl<T: Send> Ordered<T> {
    /// No tasks yet.
    pub fn new() -> Ordered<T> {
        let (sender, receiver) = channel();
        Ordered { sender, receiver, ready: BTreeMap::new(), submitted: 0, taken: 0 }
    }

    /// Starts a task.
    pub fn submit<'s>(&mut self, scope: &rayon::ScopeFifo<'s>, task: impl FnOnce() -> T + Send + 's)
    where
        T: 's,
    {
        let (sender, number) = (self.sender.clone(), self.submitted);
        self.submitted += 1;
        scope.spawn_fifo(move |_| {
            // A task that panics must not leave the caller waiting for its result: the panic is the result.
            let result = catch_unwind(AssertUnwindSafe(task));
            // The receiver is gone only when the run has failed already.
            let _ = sender.send((number, result));
        });
    }

    /// Tasks submitted and not yet taken.
    pub fn pending(&self) -> u64 {
        self.submitted - self.taken
    }

    /// The next result in order, if it is there. Panics where its task did.
    pub fn try_take(&mut self) -> Option<T> {
        while let Ok((number, result)) = self.receiver.try_recv() {
            self.ready.insert(number, result);
        }
        let result = self.ready.remove(&self.taken)?;
        self.taken += 1;
        Some(result.unwrap_or_else(|panic| resume_unwind(panic)))
    }

    /// The next result in order; waits for it. `None` when nothing is pending.
    pub fn take(&mut self) -> Option<T> {
        while self.pending() > 0 {
            if let Some(result) = self.try_take() {
                return Some(result);
            }
            match self.receiver.recv() {
                Ok((number, result)) => self.ready.insert(number, result),
                Err(_) => return None,
            };
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[should_panic(expected = "a fault of ours")]
    fn a_task_that_panics_ends_the_run() {
        pool(2).unwrap().in_place_scope_fifo(|scope| {
            let mut ordered = Ordered::new();
            ordered.submit(scope, || assert!(std::hint::black_box(false), "a fault of ours"));
            ordered.take();
        });
    }

    #[test]
    fn results_come_in_the_order_of_submission() {
        for threads in [1, 2, 7] {
            let pool = pool(threads).unwrap();
            let taken = pool.in_place_scope_fifo(|scope| {
                let mut ordered = Ordered::new();
                let mut taken = Vec::new();
                for n in 0..200_u64 {
                    ordered.submit(scope, move || {
                        std::thread::sleep(std::time::Duration::from_micros((n * 7919) % 97));
                        n
                    });
                    if ordered.pending() > 16 {
                        taken.extend(ordered.take());
                    }
                }
                while let Some(n) = ordered.take() {
                    taken.push(n);
                }
                taken
            });
            assert_eq!(taken, (0..200).collect::<Vec<_>>());
        }
    }
}
