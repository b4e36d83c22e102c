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

pub use fit::{Example, Fitted, fit};
pub use sample::{Sample, SampleLine, SamplePage};
pub use set::{Label, LabelledPage, LabelledSet};
pub use trial::{Figures, MAIN_FACTOR, Sums, Trial, trial};

use crate::{
    hash::SiteKey,
    lines::{Clamp, FEATURES, Weights},
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
pub fn examples(samples: &[&Samples], of: impl Fn(&str) -> bool) -> Vec<Example> {
    let mut masses: HashMap<[u8; FEATURES], (f64, f64)> = HashMap::new();
    let mut add = |sample: &Sample, share: f64| {
        let mut of_site: BTreeMap<&str, f64> = BTreeMap::new();
        let lines = || {
            sample.pages.iter().filter_map(|page| sample.sites.get(page.site).map(|site| (site.as_str(), page))).filter(|(site, _)| of(site)).flat_map(
                |(site, page)| {
                    let lines = page.lines.iter().filter(|line| {
                        let seen = &line.observation;
                        line.label != Label::Soft && seen.has_letters && !seen.clamp.is_some_and(Clamp::is_never)
                    });
                    lines.map(move |line| (site, line))
                },
            )
        };
        let mass = |line: &SampleLine| f64::from(line.chars.min(LONGEST));
        for (site, line) in lines() {
            *of_site.entry(site).or_default() += mass(line);
        }
        let mut totals = (0.0, 0.0);
        let weigh = |site: &str, line: &SampleLine| mass(line) / of_site.get(site).map_or(1.0, |mass| mass.max(1.0).sqrt());
        for (site, line) in lines() {
            *if line.label == Label::Main { &mut totals.0 } else { &mut totals.1 } += weigh(site, line);
        }
        for (site, line) in lines() {
            let entry = masses.entry(line.observation.classes).or_default();
            match line.label {
                Label::Main => entry.0 += share * MAIN_MASS * weigh(site, line) / totals.0,
                _ => entry.1 += share * weigh(site, line) / totals.1,
            }
        }
    };
    for sample in samples {
        add(&sample.whole, 1.0);
        for cut in &sample.cuts {
            add(cut, CUT_MASS);
        }
    }
    let sum: f64 = {
        let mut sorted: Vec<_> = masses.iter().collect();
        sorted.sort_unstable_by_key(|(classes, _)| **classes);
        sorted.iter().map(|(_, (main, furniture))| main + furniture).sum()
    };
    let mut examples: Vec<Example> =
        masses.into_iter().map(|(classes, (main, furniture))| Example { classes, main: main / sum, furniture: furniture / sum }).collect();
    examples.sort_unstable_by_key(|example| example.classes);
    examples
}

/// Trials of each set (and its cuts) in folds by site.
pub fn in_folds(samples: &[Samples], margins: &[i32], mut each: impl FnMut(&Weights)) -> Vec<Vec<Vec<Trial>>> {
    let all: Vec<&Samples> = samples.iter().collect();
    let of = |s: &Samples| vec![vec![Trial::default(); 1 + s.cuts.len()]; margins.len()];
    let mut trials: Vec<Vec<Vec<Trial>>> = samples.iter().map(of).collect();
    for held in 0..FOLDS {
        let weights = fit(&examples(&all, |site| fold(site) != held)).weights(0);
        each(&weights);
        for (samples, trials) in samples.iter().zip(&mut trials) {
            for (margin, trials) in margins.iter().zip(trials) {
                for (sample, into) in std::iter::once(&samples.whole).chain(&samples.cuts).zip(trials) {
                    into.add(trial(sample, &weights, *margin, |site| fold(site) == held));
                }
            }
        }
    }
    trials
}
