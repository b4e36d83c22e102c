//! Fits the weights of the judgement to labelled pages, and says how good they are on sites that they have not seen.
//!
//! Sets in ([`LabelledSet`]), observed by the very code that judges ([`Sample`]), fitted ([`fit()`]), tried ([`Trial`]), reported. Sites are
//! the unit of everything: folds part sites, and a site counts by the root of its size. The same sets give the same weights, byte for byte.

mod fit;
mod report;
mod sample;
mod search;
mod set;
#[cfg(test)]
mod tests;
mod trial;

use std::collections::BTreeMap;

use hashbrown::HashMap;

pub use fit::{Example, fit, rises};
pub use report::{MARGINS, Point, Report, SetReport, train};
pub use sample::{ReadSet, Sample, SampleLine, SamplePage};
pub use search::{Found, groups, search};
pub use set::{Label, LabelledPage, LabelledSet};
pub use trial::{Figures, MAIN_FACTOR, Sums, Trial, trial};

use crate::{
    hash::SiteKey,
    lines::{Classes, Weights},
};

/// Parts of the sites: each is judged by weights that the others gave.
pub const FOLDS: u64 = 5;
/// Pages of the small sites that each set is also cut into.
pub const CUTS: [usize; 2] = [5, 20];
/// What a set of cut sites weighs, beside the whole one.
const CUT_MASS: f64 = 0.3;
/// How much heavier main text weighs than furniture, once both are made equal.
const MAIN_MASS: f64 = 4.0;
/// Characters from which a line weighs no more.
const LONGEST: u32 = 300;
/// What a line of furniture weighs besides its characters: one that stays is read, however short.
const FURNITURE_LINE: f64 = 20.0;

/// The fold of a site.
pub fn fold(site: &str) -> u64 {
    SiteKey::of(site).0 % FOLDS
}

/// A set with the small sites that it was cut into.
#[derive(Clone, Debug)]
pub struct Samples<'a> {
    /// How much it weighs in the fit, beside a set that weighs 1.
    pub mass: f64,
    /// The set.
    pub whole: Sample<'a>,
    /// Its sites in parts.
    pub cuts: Vec<Sample<'a>>,
}

impl<'a> Samples<'a> {
    /// Observes a set.
    pub fn of(set: &'a LabelledSet) -> Samples<'a> {
        let read = ReadSet::of(set);
        Samples { mass: 1.0, whole: Sample::of(&read, None), cuts: CUTS.iter().map(|pages| Sample::of(&read, Some(*pages))).collect() }
    }
}

/// What a line weighs in the fit, before its site and set are looked at.
fn mass(line: &SampleLine<'_>) -> f64 {
    let chars = f64::from(line.line.chars.min(LONGEST));
    match line.label {
        _ if !line.observed.may_go() => 0.0,
        Label::Soft => 0.0,
        Label::Main => chars,
        Label::Furniture => chars + FURNITURE_LINE,
    }
}

/// The examples of the sites that `of` takes.
fn examples(samples: &[&Samples<'_>], of: impl Fn(&str) -> bool) -> Vec<Example> {
    let mut masses: HashMap<Classes, (f64, f64)> = HashMap::new();
    let mut add = |sample: &Sample<'_>, share: f64| {
        let pages: Vec<(&str, &SamplePage<'_>)> =
            sample.pages.iter().filter_map(|page| sample.sites.get(page.site).map(|site| (*site, page))).filter(|(site, _)| of(site)).collect();
        let mut of_site: BTreeMap<&str, f64> = BTreeMap::new();
        for (site, page) in &pages {
            *of_site.entry(site).or_default() += page.lines().map(|line| mass(&line)).sum::<f64>();
        }
        let factor = |site: &str| 1.0 / of_site.get(site).map_or(1.0, |mass| mass.max(1.0).sqrt());
        let mut totals = (1e-9, 1e-9);
        for (site, page) in &pages {
            for line in page.lines() {
                *if line.label == Label::Main { &mut totals.0 } else { &mut totals.1 } += mass(&line) * factor(site);
            }
        }
        for (site, page) in &pages {
            let factor = share * factor(site);
            for line in page.lines() {
                let mass = mass(&line) * factor;
                if mass > 0.0 {
                    let entry = masses.entry(line.observed.classes).or_default();
                    match line.label {
                        Label::Main => entry.0 += MAIN_MASS * mass / totals.0,
                        _ => entry.1 += mass / totals.1,
                    }
                }
            }
        }
    };
    for sample in samples {
        add(&sample.whole, sample.mass);
        for cut in &sample.cuts {
            add(cut, sample.mass * CUT_MASS);
        }
    }
    let mut examples: Vec<Example> = masses.into_iter().map(|(classes, (main, furniture))| Example { classes, main, furniture }).collect();
    examples.sort_unstable_by_key(|example| example.classes);
    let sum: f64 = examples.iter().map(|example| example.main + example.furniture).sum();
    for example in &mut examples {
        example.main /= sum;
        example.furniture /= sum;
    }
    examples
}

/// Weights fitted to the sites that `of` takes.
pub fn fitted(samples: &[&Samples<'_>], of: impl Fn(&str) -> bool) -> Weights {
    fit(&examples(samples, of))
}
