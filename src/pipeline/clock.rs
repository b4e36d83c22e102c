//! What the stages of a run take: wall time, CPU of all threads, CPU of the thread that drives them.
//!
//! The driving thread is no worker of the pool: what it computes is the serial part of the run.

use std::time::Instant;

use rustix::time::{ClockId, clock_gettime};

use crate::report::Stage;

#[derive(Clone, Copy, Debug)]
struct Times {
    wall: Instant,
    cpu: f64,
    serial: f64,
}

impl Times {
    fn now() -> Times {
        let seconds = |clock| {
            let time = clock_gettime(clock);
            time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
        };
        Times { wall: Instant::now(), cpu: seconds(ClockId::ProcessCPUTime), serial: seconds(ClockId::ThreadCPUTime) }
    }
}

/// Times the stages of a run, one after another.
#[derive(Debug)]
pub(super) struct StageClock {
    name: &'static str,
    since: Times,
    stages: Vec<Stage>,
}

impl StageClock {
    /// Begins the first stage.
    pub(super) fn start(name: &'static str) -> StageClock {
        StageClock { name, since: Times::now(), stages: Vec::new() }
    }

    /// Ends the stage under way and begins the next.
    pub(super) fn next(&mut self, name: &'static str) {
        let now = Times::now();
        let round = |seconds: f64| (seconds * 1000.0).round() / 1000.0;
        self.stages.push(Stage {
            name: self.name,
            wall_seconds: round((now.wall - self.since.wall).as_secs_f64()),
            cpu_seconds: round(now.cpu - self.since.cpu),
            serial_cpu_seconds: round(now.serial - self.since.serial),
        });
        (self.name, self.since) = (name, now);
    }

    /// The stages that ended, with the one under way.
    pub(super) fn stages(mut self) -> Vec<Stage> {
        self.next("");
        self.stages
    }
}
