//! The values of an earlier check, from its report: what is no worse than there is known, and shuts no gate.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Checked, json};
use crate::{
    check::{Finding, Measure, Scope},
    model::{Error, Result},
};

/// The values of an earlier check.
#[derive(Debug)]
pub struct Baseline {
    values: BTreeMap<Scope, BTreeMap<String, f64>>,
}

#[derive(Deserialize)]
struct Head {
    schema: Option<u32>,
    tool: Option<String>,
}

#[derive(Deserialize)]
struct Report {
    set: Counted,
    groups: Vec<Counted>,
    files: Vec<Counted>,
}

#[derive(Deserialize)]
struct Counted {
    #[serde(default)]
    files: Option<String>,
    measures: BTreeMap<String, f64>,
}

impl Baseline {
    /// Reads the report of a check.
    ///
    /// # Errors
    /// Usage: what is no such report, or another version's.
    pub fn parse(bytes: &[u8]) -> Result<Baseline> {
        let other = || Error::usage("this is no report of `buddle check`").hint("`buddle check … --write-baseline FILE` writes one");
        let head: Head = serde_json::from_slice(bytes).map_err(|_| other())?;
        let (Some(schema), Some("buddle")) = (head.schema, head.tool.as_deref()) else { return Err(other()) };
        if schema != json::SCHEMA {
            let what = format!("the report has version {schema}, expected {}", json::SCHEMA);
            return Err(Error::usage(what).hint("write it anew with --write-baseline"));
        }
        let report: Report = serde_json::from_slice(bytes).map_err(|_| other())?;
        let mut values = BTreeMap::from([(Scope::Set, report.set.measures)]);
        for group in report.groups {
            values.insert(group.files.map_or(Scope::Set, Scope::Files), group.measures);
        }
        values.extend(report.files.into_iter().filter_map(|file| Some((Scope::File(file.files?), file.measures))));
        Ok(Baseline { values })
    }

    /// Marks the findings that are no worse than here; `tolerance` more of a share, or this share more of a count, is no worse.
    pub fn mark_known(&self, checked: &mut Checked, tolerance: f64) {
        for finding in &mut checked.findings {
            finding.known = self.knows(finding, tolerance);
        }
    }

    fn knows(&self, finding: &Finding, tolerance: f64) -> bool {
        let Some(measures) = self.values.get(&finding.scope) else { return false };
        // Of files what is nought is not written.
        let is_file = matches!(finding.scope, Scope::File(_));
        let Some(before) = measures.get(finding.measure.name()).copied().or(is_file.then_some(0.0)) else { return false };
        is_no_worse(finding.measure, before, json::rounded(finding.value.value), finding.broken.below, tolerance)
    }
}

fn is_no_worse(measure: Measure, before: f64, now: f64, below: bool, tolerance: f64) -> bool {
    let slack = if measure.unit().is_share() { tolerance } else { before * tolerance };
    if below { now >= before - slack } else { now <= before + slack }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_worse() {
        let share = |now, below, tolerance| is_no_worse(Measure::Tiny, 0.5, now, below, tolerance);
        assert!(share(0.5, false, 0.0) && !share(0.51, false, 0.0) && share(0.51, false, 0.02) && !share(0.49, true, 0.0) && share(0.6, true, 0.0));
        let count = |now, tolerance| is_no_worse(Measure::Records, 1000.0, now, true, tolerance);
        assert!(!count(990.0, 0.0) && count(990.0, 0.01) && !count(989.0, 0.01));
    }

    #[test]
    fn other_files_are_refused() {
        for (text, what) in [
            ("{}", "no report"),
            ("[1]", "no report"),
            (r#"{"schema": 1}"#, "no report"),
            (r#"{"schema": 99, "tool": "buddle"}"#, "version 99"),
            (r#"{"schema": 1, "tool": "buddle"}"#, "no report"),
        ] {
            assert!(Baseline::parse(text.as_bytes()).unwrap_err().to_string().contains(what), "{text}");
        }
    }
}
