//! Fits the weights of the judgement to labelled pages, and says how good they are on sites that they have not seen.
//!
//! Sets in ([`LabelledSet`]), observed by the very code that judges ([`Sample`]), fitted ([`fit`]), tried ([`Trial`]), reported. Sites are
//! the unit of everything: folds part sites, and a site counts by the root of its size. The same sets give the same weights, byte for byte.

mod fit;
mod sample;
mod set;
mod trial;

use std::collections::BTreeMap;

use hashbrown::HashMap;
use rayon::prelude::*;

pub use fit::{Example, fit};
pub use sample::{Sample, SampleLine, SamplePage};
pub use set::{Label, LabelledPage, LabelledSet};
pub use trial::{Figures, MAIN_FACTOR, Sums, Trial, trial};

use crate::{
    hash::SiteKey,
    lines::{Clamp, Classes, Weights},
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

/// The fold of a site.
pub fn fold(site: &str) -> u64 {
    SiteKey::of(site).0 % FOLDS
}

/// A set with the small sites that it was cut into.
#[derive(Clone, Debug)]
pub struct Samples {
    /// The set.
    pub whole: Sample,
    /// Its sites in parts.
    pub cuts: Vec<Sample>,
}

impl Samples {
    /// Observes a set.
    pub fn of(set: &LabelledSet) -> Samples {
        Samples { whole: Sample::of(set, None), cuts: CUTS.iter().map(|pages| Sample::of(set, Some(*pages))).collect() }
    }
}

/// The examples of the sites that `of` takes.
fn examples(samples: &[&Samples], of: impl Fn(&str) -> bool) -> Vec<Example> {
    let mut masses: HashMap<Classes, (f64, f64)> = HashMap::new();
    let few: f64 = std::env::var("FEW").ok().and_then(|c| c.parse().ok()).unwrap_or(0.0);
    let power: f64 = std::env::var("POWER").ok().and_then(|c| c.parse().ok()).unwrap_or(0.5);
    let longest: u32 = std::env::var("LONGEST").ok().and_then(|c| c.parse().ok()).unwrap_or(LONGEST);
    let main_mass: f64 = std::env::var("MAINMASS").ok().and_then(|c| c.parse().ok()).unwrap_or(MAIN_MASS);
    let mut add = |sample: &Sample, share: f64| {
        let pages: Vec<(&str, &SamplePage)> =
            sample.pages.iter().filter_map(|page| sample.sites.get(page.site).map(|site| (site.as_str(), page))).filter(|(site, _)| of(site)).collect();
        let mass = |line: &SampleLine| {
            let seen = &line.observation;
            let share = match seen.clamp {
                _ if line.label == Label::Soft || !seen.has_letters => 0.0,
                Some(Clamp::Few) => few,
                Some(clamp) if clamp.is_never() => 0.0,
                _ => 1.0,
            };
            share * f64::from(line.chars.min(longest))
        };
        let mut of_site: BTreeMap<&str, f64> = BTreeMap::new();
        for (site, page) in &pages {
            *of_site.entry(site).or_default() += page.lines.iter().map(mass).sum::<f64>();
        }
        let factor = |site: &str| 1.0 / of_site.get(site).map_or(1.0, |mass| mass.max(1.0).powf(power));
        let mut totals = (1e-9, 1e-9);
        for (site, page) in &pages {
            for line in &page.lines {
                *if line.label == Label::Main { &mut totals.0 } else { &mut totals.1 } += mass(line) * factor(site);
            }
        }
        for (site, page) in &pages {
            let factor = share * factor(site);
            for line in &page.lines {
                let mass = mass(line) * factor;
                if mass > 0.0 {
                    let entry = masses.entry(line.observation.classes).or_default();
                    match line.label {
                        Label::Main => entry.0 += main_mass * mass / totals.0,
                        _ => entry.1 += mass / totals.1,
                    }
                }
            }
        }
    };
    for sample in samples {
        add(&sample.whole, 1.0);
        for cut in &sample.cuts {
            add(cut, CUT_MASS);
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
pub fn fitted(samples: &[&Samples], of: impl Fn(&str) -> bool) -> Weights {
    let mut weights = fit(&examples(samples, of));
    if let Ok(s) = std::env::var("SWITCH") { weights.switch = s.parse().unwrap_or(5); }
    weights
}

/// Trials of each set (and its cuts) in folds by site.
pub fn in_folds(samples: &[Samples], margins: &[i32], mut each: impl FnMut(&Weights)) -> Vec<Vec<Vec<Trial>>> {
    let all: Vec<&Samples> = samples.iter().collect();
    let of = |s: &Samples| vec![vec![Trial::default(); 1 + s.cuts.len()]; margins.len()];
    let mut trials: Vec<Vec<Vec<Trial>>> = samples.iter().map(of).collect();
    let _ = &mut each;
    let folds: Vec<Vec<Vec<Vec<Trial>>>> = (0..FOLDS)
        .into_par_iter()
        .map(|held| {
            let weights = fitted(&all, |site| fold(site) != held);
            let of = |samples: &Samples| {
                margins
                    .iter()
                    .map(|margin| {
                        let parts = std::iter::once(&samples.whole).chain(&samples.cuts);
                        parts.map(|sample| trial(sample, &weights, *margin, |site| fold(site) == held)).collect()
                    })
                    .collect()
            };
            samples.iter().map(of).collect()
        })
        .collect();
    for fold in folds {
        for (into, from) in trials.iter_mut().zip(fold) {
            for (into, from) in into.iter_mut().zip(from) {
                for (into, from) in into.iter_mut().zip(from) {
                    into.add(from);
                }
            }
        }
    }
    trials
}
