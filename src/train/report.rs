//! The report of a training: what the weights do to sites that they were not fitted to.
//!
//! Figures in folds by site, and with each set left out whole; the curve of the trade; by site, language and length; and how much each table
//! says. Written as JSON beside the weights.

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde::Serialize;

use super::{CUTS, FOLDS, Figures, Samples, Sums, Trial, fitted, fold, trial};
use crate::lines::{Origin, SetOrigin, TABLES, Weights, entry, table_name};

/// Margins at which the curve is measured, in tenths of a nat.
pub const MARGINS: [i32; 11] = [-32, -24, -20, -16, -12, -8, -4, 0, 4, 8, 16];

/// A point of a curve.
#[derive(Clone, Debug, Serialize)]
pub struct Point {
    /// Taken off each score.
    pub margin: i32,
    /// What it comes to.
    pub figures: Figures,
}

/// What is said of one set.
#[derive(Clone, Debug, Serialize)]
pub struct SetReport {
    /// Its name, sites, pages and lines.
    pub set: SetOrigin,
    /// In folds by site: the sites in a fold are judged by weights that all other sites gave.
    pub curve: Vec<Point>,
    /// The same, with the sites cut into small ones, at the normal strength: pages a site, and figures.
    pub cuts: Vec<(usize, Figures)>,
    /// Judged by weights that the other sets gave, at the normal strength; none where it is the only one.
    pub without_it: Option<Figures>,
    /// Judged by weights that it had a part in, at the normal strength.
    pub fitted: Figures,
    /// In folds, at the normal strength: sums by site, by language and by characters of the line.
    pub sites: BTreeMap<String, Sums>,
    /// By language.
    pub langs: BTreeMap<String, Sums>,
    /// By length of the line.
    pub lengths: BTreeMap<&'static str, Sums>,
}

/// The report.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// When, and to what.
    pub origin: Origin,
    /// Margins of the strengths gentle, normal and strong.
    pub strengths: [i32; 3],
    /// The sets.
    pub sets: Vec<SetReport>,
    /// Root mean square of what each table adds, in nats, by table; largest first.
    pub importance: Vec<(String, f64)>,
}

/// Fits weights to all sites of the sets, and says how good they are.
pub fn train(samples: &[Samples<'_>], date: &str) -> (Weights, Report) {
    let all: Vec<&Samples<'_>> = samples.iter().collect();
    let mut weights = fitted(&all, |_| true);
    let count = |n: usize| n as u64;
    weights.origin = Origin {
        date: date.to_owned(),
        sets: samples
            .iter()
            .map(|Samples { whole, .. }| SetOrigin {
                name: whole.name.to_owned(),
                sites: count(whole.sites.len()),
                pages: count(whole.pages.len()),
                lines: count(whole.pages.iter().map(|page| page.observed.len()).sum()),
            })
            .collect(),
    };
    let normal = weights.margin(1);
    let of_fold: Vec<Vec<(Vec<Trial>, Vec<Trial>)>> = (0..FOLDS)
        .into_par_iter()
        .map(|held| {
            let weights = fitted(&all, |site| fold(site) != held);
            let is_held = |site: &str| fold(site) == held;
            let curve = |s: &Samples<'_>| MARGINS.iter().map(|margin| trial(&s.whole, &weights, *margin, is_held)).collect();
            let cuts = |s: &Samples<'_>| s.cuts.iter().map(|cut| trial(cut, &weights, normal, is_held)).collect();
            samples.iter().map(|s| (curve(s), cuts(s))).collect()
        })
        .collect();
    let without: Vec<Option<Figures>> = samples
        .par_iter()
        .enumerate()
        .map(|(n, left_out)| {
            let others: Vec<&Samples<'_>> = samples.iter().enumerate().filter(|(m, _)| *m != n).map(|(_, s)| s).collect();
            (!others.is_empty()).then(|| trial(&left_out.whole, &fitted(&others, |_| true), normal, |_| true).figures())
        })
        .collect();
    let mut sets = Vec::new();
    for (n, ((samples, set), without_it)) in samples.iter().zip(&weights.origin.sets).zip(without).enumerate() {
        let mut curve = vec![Trial::default(); MARGINS.len()];
        let mut cuts = vec![Trial::default(); samples.cuts.len()];
        for (of_curve, of_cuts) in of_fold.iter().filter_map(|fold| fold.get(n)) {
            for (into, from) in curve.iter_mut().zip(of_curve).chain(cuts.iter_mut().zip(of_cuts)) {
                into.add(from);
            }
        }
        let at_normal = MARGINS.iter().position(|margin| *margin == normal).and_then(|at| curve.get(at)).cloned().unwrap_or_default();
        sets.push(SetReport {
            set: set.clone(),
            curve: MARGINS.iter().zip(&curve).map(|(margin, trial)| Point { margin: *margin, figures: trial.figures() }).collect(),
            cuts: CUTS.iter().zip(&cuts).map(|(pages, trial)| (*pages, trial.figures())).collect(),
            without_it,
            fitted: trial(&samples.whole, &weights, normal, |_| true).figures(),
            sites: at_normal.sites,
            langs: at_normal.langs,
            lengths: at_normal.lengths,
        });
    }
    let report = Report { origin: weights.origin.clone(), strengths: weights.strengths, sets, importance: importance(samples, &weights) };
    (weights, report)
}

/// Root mean square of what each table adds to lines that may go, in nats.
fn importance(samples: &[Samples<'_>], weights: &Weights) -> Vec<(String, f64)> {
    let lines = || samples.iter().flat_map(|s| &s.whole.pages).flat_map(|page| &page.observed).filter(|line| line.may_go());
    let of_table = |(number, features): (usize, &&[_])| {
        let table = weights.table(number);
        let (mut sum, mut n) = (0.0, 0.0_f64);
        for line in lines() {
            let nats = f64::from(table.get(entry(features, &line.classes)).copied().unwrap_or(0)) / 10.0;
            sum += nats * nats;
            n += 1.0;
        }
        (table_name(features), (sum / n.max(1.0)).sqrt())
    };
    let mut out: Vec<(String, f64)> = TABLES.iter().enumerate().map(of_table).collect();
    out.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    out
}
