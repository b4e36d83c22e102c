//! `buddle train`: labelled pages in, weights of the judgement out.

use std::{
    io::Write,
    path::{Path, PathBuf},
};

use clap::{Args, ValueHint};

use super::talk::Talk;
use crate::{
    lines::table_name,
    model::{Error, Result},
    train::{LabelledSet, Samples, search, train as fit},
};

/// Arguments of `train`.
///
/// A set is a file of JSON Lines, a page a line: {"site": "a name", "lines": ["…"], "labels": "mfs…"}, with a label for each line: m main
/// text, f furniture, s neither. Memory: some 450 bytes a line.
#[derive(Debug, Args)]
pub(super) struct TrainArgs {
    /// Sets of labelled pages: FILE, or NAME=FILE
    #[arg(value_name = "NAME=FILE", required = true)]
    sets: Vec<String>,
    /// How much a set weighs in the fit; others weigh 1
    #[arg(long, value_name = "NAME=NUMBER", value_parser = weigh)]
    weigh: Vec<(String, f64)>,
    /// Where the weights go
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath, required_unless_present = "search")]
    output: Option<PathBuf>,
    /// Where the report goes (JSON): figures on sites that the weights had no part in
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    report: Option<PathBuf>,
    /// Fit nothing, but say which groups of features might be worth a table: so many steps of a greedy search, some minutes each
    #[arg(long, value_name = "STEPS", conflicts_with_all = ["output", "report"])]
    search: Option<usize>,
    /// Day that the weights say they were fitted on, as YYYY-MM-DD [default: none]
    #[arg(long, default_value = "")]
    date: String,
}

fn weigh(arg: &str) -> std::result::Result<(String, f64), String> {
    let (name, number) = arg.split_once('=').ok_or("NAME=NUMBER, as in news=2")?;
    let number: f64 = number.parse().map_err(|_| format!("`{number}` is no number"))?;
    if number.is_finite() && (0.01..=100.0).contains(&number) { Ok((name.to_owned(), number)) } else { Err("a number from 0.01 to 100".into()) }
}

pub(super) fn train(args: &TrainArgs, talk: &Talk) -> Result<u8> {
    let mut sets = Vec::new();
    for set in &args.sets {
        let (name, path) = match set.split_once('=') {
            Some((name, path)) => (name.to_owned(), Path::new(path)),
            None => (Path::new(set).file_stem().unwrap_or_default().to_string_lossy().into_owned(), Path::new(set)),
        };
        let set = LabelledSet::read(&name, path)?;
        talk.note(&format!("{name}: {} pages", set.pages.len()));
        sets.push(set);
    }
    let mut sets: Vec<Samples<'_>> = sets.iter().map(Samples::of).collect();
    for (name, mass) in &args.weigh {
        let Some(set) = sets.iter_mut().find(|set| set.whole.name == name) else {
            return Err(Error::usage(format!("--weigh: no set has the name {name}")).hint("give a set its name as NAME=FILE"));
        };
        set.mass = *mass;
    }
    if sets.iter().all(|set| set.whole.is_empty()) {
        let hint = "a site needs three pages or more that share lines, with labels m and f among them";
        return Err(Error::usage("nothing in these sets can be learnt from").hint(hint));
    }
    if let Some(steps) = args.search {
        let mut said = Ok(());
        search(&sets, steps, |found| {
            let groups = found.groups.iter().map(|(group, change)| format!("  {change:+.4}  {}\n", table_name(group)));
            let text = format!("loss on sites not fitted to: {:.4}\n", found.loss) + &groups.collect::<String>();
            said = std::mem::replace(&mut said, Ok(())).and_then(|()| std::io::stdout().write_all(text.as_bytes()));
        });
        said?;
        return Ok(0);
    }
    let (weights, report) = fit(&sets, &args.date);
    for set in &report.sets {
        let at = set.curve.iter().find(|point| point.margin == weights.margin(1)).map(|point| point.figures).unwrap_or_default();
        talk.note(&format!(
            "{}: of sites not fitted to, main text removed {:.4}, lost {:.4}, furniture removed {:.3}, price {:.3}",
            set.set.name, at.removed, at.lost, at.furniture, at.price
        ));
    }
    if let Some(path) = &args.output {
        write(path, &weights.to_text())?;
    }
    if let Some(path) = &args.report {
        write(path, &format!("{}\n", serde_json::to_string_pretty(&report).unwrap_or_default()))?;
    }
    Ok(0)
}

fn write(path: &Path, text: &str) -> Result<()> {
    std::fs::write(path, text).map_err(|e| Error::from(e).at(path.display()))
}
