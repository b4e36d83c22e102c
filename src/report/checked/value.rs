//! Values of measures in words.

use crate::{
    check::{Finding, Limits, Measure, Unit, Value},
    report::figure::{number, percent},
};

/// A value as people read it.
pub(in crate::report) fn value(measure: Measure, value: f64) -> String {
    // Counts are whole and far below what a float holds exactly.
    if measure.unit().is_share() { percent(value) } else { number(value.round() as u64) }
}

/// A limit, as it was written.
pub(in crate::report) fn limit(measure: Measure, limit: f64) -> String {
    if measure.unit().is_share() { format!("{} %", (limit * 1e8).round() / 1e6) } else { format!("{limit}") }
}

/// How many of how many.
pub(in crate::report) fn counted(measure: Measure, value: Value) -> String {
    let of = match measure.unit() {
        Unit::Count => return format!("{} in all", number(value.count)),
        Unit::Median => return format!("{} in the middle", number(value.count)),
        Unit::Sources => "files",
        Unit::Records => "records",
        Unit::Ids => "ids",
        Unit::Documents => "documents",
        Unit::Site | Unit::Chars => "characters",
        Unit::Lines => "lines",
    };
    format!("{} of {} {of}", number(value.count), number(value.of))
}

/// The limit that does not hold.
pub(in crate::report) fn limit_in_words(finding: &Finding) -> String {
    format!("{} {}", if finding.broken.below { "at least" } else { "at most" }, limit(finding.measure, finding.broken.limit))
}

/// What is out of its limits, in a sentence.
pub(in crate::report) fn broken(finding: &Finding) -> String {
    format!("{} is {}, expected {}", finding.measure.name(), value(finding.measure, finding.value.value), limit_in_words(finding))
}

/// Limits in a phrase.
pub(in crate::report) fn limits_in_words(measure: Measure, limits: Limits) -> String {
    let Limits { warn, fail, warn_below, fail_below } = limits;
    let parts: Vec<String> = [("warn above", warn), ("fail above", fail), ("warn below", warn_below), ("fail below", fail_below)]
        .into_iter()
        .filter_map(|(words, at)| Some(format!("{words} {}", limit(measure, at?))))
        .collect();
    if parts.is_empty() { "none".into() } else { parts.join(", ") }
}
