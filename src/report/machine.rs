//! `run.json`: what a run took. Not deterministic, so nothing of it stands in `report.json`.

use serde::Serialize;

use super::json::pretty;
use crate::model::Result;

/// What one stage of a run took, in seconds.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Stage {
    /// Its name.
    pub name: &'static str,
    /// By the clock on the wall.
    pub wall_seconds: f64,
    /// CPU of all threads.
    pub cpu_seconds: f64,
    /// CPU of the thread that reads ahead.
    pub reading_cpu_seconds: f64,
    /// CPU of the thread that drives the stage: it merges what blocks come to, and settles.
    pub settling_cpu_seconds: f64,
    /// CPU of the thread that writes.
    pub writing_cpu_seconds: f64,
}

impl Stage {
    /// What more cores cannot make shorter: CPU of the busiest of the threads whose work is not shared out.
    fn serial(&self) -> f64 {
        self.reading_cpu_seconds.max(self.settling_cpu_seconds).max(self.writing_cpu_seconds)
    }
}

#[derive(Serialize)]
struct Machine<'a> {
    wall_seconds: f64,
    cpu_seconds: f64,
    /// CPU of the busiest serial thread of each stage, over the CPU of all.
    serial_share: f64,
    /// CPU that telling the languages of lines took, and its share of all.
    language_cpu_seconds: f64,
    language_share: f64,
    stages: &'a [Stage],
    input_bytes: u64,
    /// That went to temporary files.
    spilled_bytes: u64,
    peak_memory_bytes: Option<u64>,
    threads: usize,
    cores: usize,
    os: &'static str,
    architecture: &'static str,
}

/// What a run of so many threads (0: all cores) over so many stored bytes took, of which memory had no room for `spilled_bytes`;
/// `language_cpu_seconds` of that went to languages.
///
/// # Errors
/// None but those of JSON.
pub fn machine_json(threads: usize, input_bytes: u64, spilled_bytes: u64, language_cpu_seconds: f64, stages: &[Stage]) -> Result<Vec<u8>> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let sum = |of: fn(&Stage) -> f64| (stages.iter().map(of).sum::<f64>() * 1000.0).round() / 1000.0;
    let cpu = sum(|stage| stage.cpu_seconds);
    let serial = sum(Stage::serial);
    let share = |of: f64| if cpu > 0.0 { (of / cpu * 1000.0).round() / 1000.0 } else { 0.0 };
    pretty(&Machine {
        wall_seconds: sum(|stage| stage.wall_seconds),
        cpu_seconds: cpu,
        serial_share: share(serial),
        language_cpu_seconds: (language_cpu_seconds * 1000.0).round() / 1000.0,
        language_share: share(language_cpu_seconds),
        stages,
        input_bytes,
        spilled_bytes,
        peak_memory_bytes: peak_memory(),
        threads: if threads == 0 { cores } else { threads },
        cores,
        os: std::env::consts::OS,
        architecture: std::env::consts::ARCH,
    })
}

/// Peak resident memory, where the system tells it.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kib| kib * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_and_shares() {
        let stage = |name, cpu_seconds, [reading, settling, writing]: [f64; 3]| Stage {
            name,
            wall_seconds: 0.5,
            cpu_seconds,
            reading_cpu_seconds: reading,
            settling_cpu_seconds: settling,
            writing_cpu_seconds: writing,
        };
        let json = machine_json(3, 7, 5, 1.0, &[stage("survey", 3.0, [0.25, 0.125, 0.0]), stage("cleaning", 1.0, [0.125, 0.125, 0.25])]).unwrap();
        let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
        for (key, want) in [
            ("wall_seconds", 1.0),
            ("cpu_seconds", 4.0),
            ("serial_share", 0.125),
            ("language_cpu_seconds", 1.0),
            ("language_share", 0.25),
            ("threads", 3.0),
            ("input_bytes", 7.0),
            ("spilled_bytes", 5.0),
        ] {
            assert_eq!(json[key].as_f64(), Some(want), "{key}");
        }
        assert_eq!(json["stages"][1]["name"], "cleaning");
        let none: serde_json::Value = serde_json::from_slice(&machine_json(0, 0, 0, 0.0, &[]).unwrap()).unwrap();
        assert_eq!((&none["serial_share"], &none["threads"]), (&0.0.into(), &none["cores"]));
    }
}
