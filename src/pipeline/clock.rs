//! What the stages of a run take: wall time, CPU of all threads, CPU of the threads whose work cannot be shared out.
//!
//! Three threads are no workers of the pool: the one that drives the run and settles, the one that reads ahead, the one that writes.

use std::{cell::Cell, time::Instant};

use rustix::time::{ClockId, clock_gettime};

use crate::report::Stage;

fn seconds(clock: ClockId) -> f64 {
    let time = clock_gettime(clock);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

/// CPU seconds of this thread.
pub(super) fn thread_seconds() -> f64 {
    seconds(ClockId::ThreadCPUTime)
}

#[derive(Clone, Copy, Debug)]
struct Times {
    wall: Instant,
    cpu: f64,
    settling: f64,
}

impl Times {
    fn now() -> Times {
        Times { wall: Instant::now(), cpu: seconds(ClockId::ProcessCPUTime), settling: thread_seconds() }
    }
}

/// Times the stages of a run, one after another.
#[derive(Debug)]
pub(super) struct StageClock {
    name: &'static str,
    since: Times,
    stages: Vec<Stage>,
}

/// CPU seconds of the threads beside the pool in the stage under way.
#[derive(Debug, Default)]
pub(super) struct Beside {
    pub(super) reading: Cell<f64>,
    pub(super) writing: Cell<f64>,
}

impl StageClock {
    /// Begins the first stage.
    pub(super) fn start(name: &'static str) -> StageClock {
        StageClock { name, since: Times::now(), stages: Vec::new() }
    }

    /// Ends the stage under way and begins the next.
    pub(super) fn next(&mut self, name: &'static str, beside: &Beside) {
        let now = Times::now();
        let round = |seconds: f64| (seconds * 1000.0).round() / 1000.0;
        self.stages.push(Stage {
            name: self.name,
            wall_seconds: round((now.wall - self.since.wall).as_secs_f64()),
            cpu_seconds: round(now.cpu - self.since.cpu),
            reading_cpu_seconds: round(beside.reading.take()),
            settling_cpu_seconds: round(now.settling - self.since.settling),
            writing_cpu_seconds: round(beside.writing.take()),
        });
        (self.name, self.since) = (name, now);
    }

    /// The stages that ended, with the one under way.
    pub(super) fn stages(mut self) -> Vec<Stage> {
        self.next("", &Beside::default());
        self.stages
    }
}
