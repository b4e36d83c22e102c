//! A gate for data quality: what is measured of a set, by which limits it is judged, and what is found where.
//!
//! [`Measure`] is the closed list of what is measured; [`Sums`] count it and merge; [`Rules`] hold limits for all files or groups of them;
//! [`Judged::findings`] says which limits do not hold. No I/O and no threads: what other layers know of a text (its normalisation, its
//! lines' judgement) is counted into the sums by whoever runs the passes.

mod fields;
mod finding;
mod histogram;
mod layout;
mod limits;
mod measure;
mod place;
mod rules;
mod sums;

pub use fields::{Field, FieldShare, Fields, ValueType, is_empty, name_of};
pub use finding::{FileSums, Finding, Judged, Scope};
pub use histogram::Histogram;
pub use layout::{LaidLine, cut_lines, is_symbol_line};
pub use limits::{Broken, Level, Limits};
pub use measure::{Measure, Unit};
pub use place::{Place, Places, excerpt};
pub use rules::{Group, GroupRules, Patterns, Rule, Rules, WrongRule, group_of};
pub use sums::{SiteSums, Sums, Value, worst_site};
