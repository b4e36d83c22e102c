//! Two runs compared: what became of each document and line in the one and in the other.
//!
//! Both folders stream, in the order of their inputs. Documents of an input that both read (the same bytes) are matched by
//! their place in it as they come, and nothing is held of them. Only those of other inputs are collected, to be matched by
//! id: 72 bytes each, and 8 for each line that it lost. Beside that a byte is held for each distinct text that went,
//! and some 60 for each whose lines changed. A second read fetches what the few examples need.

mod collected;
mod compare;
mod examples;
mod inputs;
mod seen;

use std::{collections::BTreeSet, path::Path};

use self::{
    compare::Comparison,
    examples::fill,
    inputs::{Match, MatchedInputs},
    seen::{Codes, Reading},
};
use super::washed::{LogKind, WashedFolder};
use crate::{
    config::is_effective,
    model::{Error, Result},
    report::diff::{ABSENT, Content, Diff, Figures, ReportSums, SCHEMA, STAYS, SettingChange, Side, UNKNOWN},
};

/// How much a difference shows.
#[derive(Clone, Copy, Debug)]
pub struct Shown {
    /// Examples of each kind of change.
    pub examples: usize,
    /// Sites, and names of inputs.
    pub sites: usize,
}

/// Compares two washed folders, or reports (`report.json`), of which figures alone are known.
///
/// # Errors
/// Usage where something is neither; corrupt where it is damaged.
pub fn diff(before: &Path, after: &Path, shown: Shown) -> Result<Diff> {
    let sides = [Opened::of(before)?, Opened::of(after)?];
    let [one, two] = &sides;
    let figures = Figures::of(&one.sums, &two.sums);
    let mut untold = Vec::new();
    let side = |opened: &Opened, path: &Path| Side {
        name: path.display().to_string(),
        version: opened.folder.as_ref().map(|folder| folder.manifest.version.clone()),
        removed: opened.folder.as_ref().map(|folder| {
            match folder.log {
                LogKind::Full => "full",
                LogKind::Ids => "ids",
                LogKind::None => "none",
            }
            .to_owned()
        }),
    };
    let mut diff = Diff {
        schema: SCHEMA,
        before: side(one, before),
        after: side(two, after),
        changed: figures.output_differs(),
        settings: Vec::new(),
        machine_settings: Vec::new(),
        weights_differ: None,
        inputs: None,
        figures,
        content: None,
        untold: Vec::new(),
    };
    match (&one.folder, &two.folder) {
        (Some(one), Some(two)) => {
            settings(one, two, &mut diff);
            diff.weights_differ = weights_differ(one, two);
            let matched = MatchedInputs::of(one, two);
            let content = content([one, two], &matched, shown, &mut untold)?;
            diff.inputs = Some(matched.report(one, two, shown.sites));
            diff.changed |= content.documents.iter().any(|change| change.documents > 0)
                || !content.lines.is_empty()
                || !content.lines_with_documents.is_empty()
                || content.other_output.documents + content.other_text.documents + content.lines_unknown > 0;
            diff.content = Some(content);
        }
        _ => untold.push("a report holds figures alone: which documents and lines they are is told by folders".into()),
    }
    diff.untold = untold;
    Ok(diff)
}

/// What was named on the command line.
struct Opened {
    folder: Option<WashedFolder>,
    sums: ReportSums,
}

impl Opened {
    fn of(path: &Path) -> Result<Opened> {
        let (folder, report) = if path.is_dir() {
            let folder = WashedFolder::open(path)?;
            (Some(folder), path.join("report.json"))
        } else {
            (None, path.to_owned())
        };
        let bytes = std::fs::read(&report).map_err(|e| match (&folder, e.kind()) {
            (None, std::io::ErrorKind::NotFound) => Error::usage("there is no such folder or report").at(report.display()),
            _ => Error::from(e).at(report.display()),
        })?;
        let value: serde_json::Value = serde_json::from_slice(&bytes)
            .map_err(|e| Error::corrupt(format!("no report: {e}")).at(report.display()).hint("give a washed folder, or its report.json"))?;
        let is_report = ["schema", "input", "output", "removed_lines"].iter().all(|key| value.get(key).is_some());
        if folder.is_none() && !is_report {
            return Err(Error::usage("this is no report of buddle").at(report.display()).hint("give a washed folder, or its report.json"));
        }
        let sums = serde_json::from_value(value).map_err(|e| Error::corrupt(format!("no report: {e}")).at(report.display()))?;
        Ok(Opened { folder, sums })
    }
}

/// Settings key by key, whatever keys each version had.
fn settings(one: &WashedFolder, two: &WashedFolder, diff: &mut Diff) {
    let keys: BTreeSet<&String> = one.settings.keys().chain(two.settings.keys()).collect();
    for key in keys {
        let [before, after] = [one, two].map(|folder| folder.settings.get(key).map(ToString::to_string));
        if before == after {
            continue;
        }
        if is_effective(key) {
            diff.settings.push(SettingChange { key: key.clone(), before, after });
        } else {
            diff.machine_settings.push(key.clone());
        }
    }
}

fn weights_differ(one: &WashedFolder, two: &WashedFolder) -> Option<bool> {
    let of = |folder: &WashedFolder| folder.manifest.outputs.iter().find(|file| file.path == "index/weights.json").map(|file| file.sha256.clone());
    of(one).zip(of(two)).map(|(one, two)| one != two)
}

fn content(folders: [&WashedFolder; 2], matched: &MatchedInputs, shown: Shown, untold: &mut Vec<String>) -> Result<Content> {
    let [one, two] = folders;
    for (folder, side) in [(one, "first"), (two, "second")] {
        match folder.log {
            LogKind::Full => {}
            LogKind::Ids => untold.push(format!("the removed log of the {side} folder holds no texts: lines that went there are shown without them")),
            LogKind::None => {
                untold.push(format!("the {side} folder has no removed log: what went there, and why, is told by the sums of its report alone"));
            }
        }
    }
    if let Some(note) = matched.note() {
        untold.push(note.into());
    }
    let mut codes = Codes::new();
    let by_id = matched.any_by_id();
    let readings = [Reading::new(one, &mut codes, by_id)?, Reading::new(two, &mut codes, by_id)?];
    let [first, second] = &readings;
    let mut comparison = Comparison::new([first, second], [one.log, two.log], matched.lines_comparable);
    let (mut left, mut right) = (first.records(), second.records());
    let (mut a, mut b) = (left.next(&mut codes)?, right.next(&mut codes)?);
    loop {
        let place_a = a.as_ref().map(|seen| (matched.of_before(seen.source), seen.position));
        let place_b = b.as_ref().map(|seen| (matched.of_after(seen.source), seen.position));
        match (place_a, place_b) {
            (None, None) => break,
            (Some((way, _)), _) if !matches!(way, Match::InOrder(_)) => {
                if let Some(seen) = &a {
                    comparison.collect(0, way, seen);
                }
                a = left.next(&mut codes)?;
            }
            (_, Some((way, _))) if !matches!(way, Match::InOrder(_)) => {
                if let Some(seen) = &b {
                    comparison.collect(1, way, seen);
                }
                b = right.next(&mut codes)?;
            }
            (place_a, place_b) => {
                let first = place_a.is_some() && (place_b.is_none() || place_a <= place_b);
                let second = place_b.is_some() && (place_a.is_none() || place_b <= place_a);
                let (one, two) = (a.take_if(|_| first), b.take_if(|_| second));
                comparison.at_place(one.as_ref(), two.as_ref());
                if first {
                    a = left.next(&mut codes)?;
                }
                if second {
                    b = right.next(&mut codes)?;
                }
            }
        }
    }
    comparison.match_collected();
    let (mut content, wanted) = comparison.finish(&codes, shown);
    fill(&mut content, wanted, folders)?;
    debug_assert!(codes.name(0) == STAYS && codes.name(1) == ABSENT && codes.name(2) == UNKNOWN);
    Ok(content)
}
