//! The list of all rules: what each measures, its limits, and what helps.

use std::fmt::Write;

use super::value;
use crate::check::{Group, Limits, Measure};

/// Every rule, with the limits that hold in each group of files.
pub fn rules_text(groups: &[Group]) -> String {
    let mut out = String::new();
    for measure in Measure::ALL.iter().copied() {
        // Writing to a String cannot fail.
        let _ = writeln!(out, "{} ({})\n    {}", measure.name(), measure.unit().words(), measure.what());
        let mut said: Option<Limits> = None;
        for group in groups {
            let limits = group.limits(measure);
            if said == Some(limits) && group.files.is_some() {
                continue;
            }
            let of = group.files.as_ref().map_or(String::new(), |pattern| format!(" for {pattern}"));
            let _ = writeln!(out, "    limits{of}: {}", value::limits_in_words(measure, limits));
            said = said.or(Some(limits));
        }
        let _ = writeln!(out, "    hint: {}\n", measure.hint());
    }
    out.pop();
    out
}
