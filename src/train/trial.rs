//! What weights do to a sample: main text removed and lost, furniture left, and the price of both.

use std::collections::{BTreeMap, HashSet};

use rayon::prelude::*;
use serde::Serialize;

use super::{
    sample::{Sample, SampleLine},
    set::Label,
};
use crate::lines::{Verdict, Weights};

/// Sums over lines, in characters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Sums {
    /// Main text.
    pub main: u64,
    /// Main text removed.
    pub removed: u64,
    /// Main text of which no equal line is left in the set.
    pub lost: u64,
    /// Furniture.
    pub furniture: u64,
    /// Furniture left.
    pub left: u64,
    /// Lines of furniture whose text stands on three pages of its site or more.
    pub reachable: u64,
    /// Those of them that are removed.
    pub reached: u64,
}

/// How much worse it is to lose a character of main text than to leave one of furniture.
pub const MAIN_FACTOR: f64 = 20.0;

impl Sums {
    /// Adds other sums.
    pub fn add(&mut self, other: &Sums) {
        self.main += other.main;
        self.removed += other.removed;
        self.lost += other.lost;
        self.furniture += other.furniture;
        self.left += other.left;
        self.reachable += other.reachable;
        self.reached += other.reached;
    }

    /// Main text removed (or, with `lost`, lost) times a factor and furniture left, over furniture: removing nothing is 1.
    pub fn price(&self, factor: f64, lost: bool) -> f64 {
        let main = if lost { self.lost } else { self.removed };
        (main as f64 * factor + self.left as f64) / (self.furniture as f64).max(1.0)
    }
}

/// A mean over sites, where there is something to share.
fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (mut sum, mut n) = (0.0, 0.0);
    for value in values {
        sum += value;
        n += 1.0;
    }
    if n == 0.0 { 0.0 } else { sum / n }
}

/// What a trial came to.
#[derive(Clone, Debug, Default)]
pub struct Trial {
    /// By site.
    pub sites: BTreeMap<String, Sums>,
    /// By language.
    pub langs: BTreeMap<String, Sums>,
    /// By length of the line, in classes of characters: below 10, 20, 40, 80, 160, 320, and more.
    pub lengths: BTreeMap<&'static str, Sums>,
}

/// The figures of a trial that a table shows.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Figures {
    /// Main text removed, mean over sites.
    pub removed: f64,
    /// Main text lost, mean over sites.
    pub lost: f64,
    /// Furniture removed by characters, mean over sites.
    pub furniture: f64,
    /// Reachable lines of furniture removed, mean over sites.
    pub reach: f64,
    /// Price, of all sites together.
    pub price: f64,
    /// Price of what is lost, of all sites together.
    pub price_lost: f64,
    /// Price, mean over sites, none counted as more than 2.
    pub price_by_site: f64,
}

impl Trial {
    /// All sites together.
    pub fn total(&self) -> Sums {
        let mut total = Sums::default();
        self.sites.values().for_each(|sums| total.add(sums));
        total
    }

    /// Adds the sites of another trial.
    pub fn add(&mut self, other: &Trial) {
        for (into, from) in [(&mut self.sites, &other.sites), (&mut self.langs, &other.langs)] {
            for (name, sums) in from {
                into.entry(name.clone()).or_default().add(sums);
            }
        }
        for (name, sums) in &other.lengths {
            self.lengths.entry(name).or_default().add(sums);
        }
    }

    /// Its figures.
    pub fn figures(&self) -> Figures {
        let sites = || self.sites.values();
        let share = |part: u64, whole: u64| part as f64 / whole.max(1) as f64;
        let total = self.total();
        Figures {
            removed: mean(sites().filter(|s| s.main > 0).map(|s| share(s.removed, s.main))),
            lost: mean(sites().filter(|s| s.main > 0).map(|s| share(s.lost, s.main))),
            furniture: mean(sites().filter(|s| s.furniture > 0).map(|s| 1.0 - share(s.left, s.furniture))),
            reach: mean(sites().filter(|s| s.reachable > 0).map(|s| share(s.reached, s.reachable))),
            price: total.price(MAIN_FACTOR, false),
            price_lost: total.price(MAIN_FACTOR, true),
            price_by_site: mean(sites().filter(|s| s.furniture > 0).map(|s| s.price(MAIN_FACTOR, false).min(2.0))),
        }
    }
}

fn length(chars: u32) -> &'static str {
    match chars {
        0..10 => "0-9",
        10..20 => "10-19",
        20..40 => "20-39",
        40..80 => "40-79",
        80..160 => "80-159",
        160..320 => "160-319",
        _ => "320-",
    }
}

/// Judges the pages of a sample whose site `of` takes, and sums up.
pub fn trial(sample: &Sample<'_>, weights: &Weights, margin: i32, of: impl Fn(&str) -> bool + Sync) -> Trial {
    let taken: Vec<bool> = sample.sites.iter().map(|site| of(site)).collect();
    let pages: Vec<_> = sample.pages.iter().filter(|page| taken.get(page.site) == Some(&true)).collect();
    let verdicts: Vec<Vec<Verdict>> = pages.par_iter().map(|page| sample.verdicts(page, weights, margin)).collect();
    // First copies that stay, and all keys of which a line is left.
    let mut firsts: HashSet<(usize, u64)> = HashSet::new();
    let mut left: HashSet<u64> = HashSet::new();
    let mut stays: Vec<Vec<bool>> = Vec::with_capacity(pages.len());
    for (page, verdicts) in pages.iter().zip(&verdicts) {
        let stay = |(line, verdict): (SampleLine<'_>, &Verdict)| match verdict {
            Verdict::Stays => true,
            Verdict::Goes => false,
            Verdict::FirstStays => firsts.insert((page.site, line.line.key.half())),
        };
        let page_stays: Vec<bool> = page.lines().zip(verdicts).map(stay).collect();
        left.extend(page.lines().zip(&page_stays).filter(|(_, stays)| **stays).map(|(line, _)| line.line.key.half()));
        stays.push(page_stays);
    }
    let mut trial = Trial::default();
    for (page, stays) in pages.iter().zip(&stays) {
        let mut sums = Sums::default();
        for (SampleLine { line, label, observed }, stays) in page.lines().zip(stays) {
            let chars = u64::from(line.chars);
            let mut one = Sums::default();
            match label {
                Label::Main => {
                    one.main = chars;
                    one.removed = if *stays { 0 } else { chars };
                    one.lost = if *stays || left.contains(&line.key.half()) { 0 } else { chars };
                }
                Label::Furniture => {
                    one.furniture = chars;
                    one.left = if *stays { chars } else { 0 };
                    one.reachable = u64::from(observed.pages >= 3);
                    one.reached = u64::from(observed.pages >= 3 && !*stays);
                }
                Label::Soft => continue,
            }
            sums.add(&one);
            trial.lengths.entry(length(line.chars)).or_default().add(&one);
        }
        trial.langs.entry(page.labelled.lang.clone()).or_default().add(&sums);
        if let Some(site) = sample.sites.get(page.site) {
            trial.sites.entry((*site).to_owned()).or_default().add(&sums);
        }
    }
    trial
}
