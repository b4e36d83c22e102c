//! Searches for groups of features that are worth a table of their own: greedily, by the loss on sites that the table has not seen.
//!
//! A step gives each group of two or three features the table that Newton's step from the present scores says, on four fifths of the sites, and asks
//! what it does to the logistic loss of the others, to second order; the best group is kept, and its table and those found before are fitted a little
//! further. It says what to try: [`TABLES`](crate::lines::TABLES) are written by hand, and a fit of them is what counts.

use rayon::prelude::*;

use super::{Example, FOLDS, Samples, examples, fit, fold};
use crate::lines::Feature;

/// Entries of a table at most: larger ones learn sites by heart.
const LARGEST: usize = 800;
/// Penalty on the square of each entry, as a share of all mass.
const L2: f64 = 0.0005;
/// Share of Newton's step that is taken, and steps of a table just found.
const RATE: f64 = 0.5;
const TURNS: usize = 4;

/// Groups that a search looks at: all pairs, and all triples whose table is not too large.
pub fn groups() -> Vec<Vec<Feature>> {
    let all = Feature::ALL;
    let pairs = (0..all.len()).flat_map(|b| (0..b).map(move |a| vec![a, b]));
    let triples = (0..all.len()).flat_map(|c| (0..c).flat_map(move |b| (0..b).map(move |a| vec![a, b, c])));
    let group = |numbers: Vec<usize>| numbers.iter().filter_map(|n| all.get(*n).copied()).collect::<Vec<_>>();
    pairs.chain(triples).map(group).filter(|group| crate::lines::entries(group) <= LARGEST).collect()
}

/// Examples with the scores that they have so far; classes by feature, for they are read so.
struct Side {
    columns: Vec<Vec<u8>>,
    masses: Vec<(f64, f64)>,
    scores: Vec<f64>,
}

impl Side {
    fn of(examples: &[Example], score: impl Fn(&Example) -> f64) -> Side {
        Side {
            columns: (0..Feature::ALL.len()).map(|n| examples.iter().map(|e| e.classes.get(n).copied().unwrap_or(0)).collect()).collect(),
            masses: examples.iter().map(|e| (e.main, e.furniture)).collect(),
            scores: examples.iter().map(score).collect(),
        }
    }

    /// The entry of each example.
    fn cells(&self, group: &[Feature]) -> Vec<u16> {
        let mut cells = vec![0_u16; self.masses.len()];
        for feature in group {
            let classes = u16::try_from(feature.classes()).unwrap_or(1);
            for (cell, class) in cells.iter_mut().zip(self.columns.get(*feature as usize).into_iter().flatten()) {
                *cell = *cell * classes + u16::from(*class);
            }
        }
        cells
    }

    /// Gradient and curvature of the loss of each example.
    fn slopes(&self) -> Vec<(f64, f64)> {
        let slope = |((main, furniture), score): (&(f64, f64), &f64)| {
            let p = 1.0 / (1.0 + (-score).exp());
            let mass = main + furniture;
            (furniture - mass * p, mass * p * (1.0 - p))
        };
        self.masses.iter().zip(&self.scores).map(slope).collect()
    }

    fn loss(&self) -> f64 {
        let loss = |((main, furniture), score): (&(f64, f64), &f64)| main * score.exp().ln_1p() + furniture * (-score).exp().ln_1p();
        self.masses.iter().zip(&self.scores).map(loss).sum()
    }

    /// The table that Newton's step gives a group.
    fn step(&self, group: &[Feature], slopes: &[(f64, f64)]) -> Vec<f64> {
        let mut sums = vec![(0.0, 0.0); crate::lines::entries(group)];
        for (cell, slope) in self.cells(group).iter().zip(slopes) {
            if let Some(sum) = sums.get_mut(usize::from(*cell)) {
                *sum = (sum.0 + slope.0, sum.1 + slope.1);
            }
        }
        sums.iter().map(|(gradient, curvature)| (gradient / (curvature + L2)).clamp(-2.0, 2.0)).collect()
    }

    /// What a table does to the loss, to second order: below 0 it is better.
    fn change(&self, group: &[Feature], table: &[f64], slopes: &[(f64, f64)]) -> f64 {
        let add = |cell: u16| table.get(usize::from(cell)).copied().unwrap_or(0.0);
        self.cells(group).iter().zip(slopes).map(|(cell, (gradient, curvature))| add(*cell) * (0.5 * curvature * add(*cell) - gradient)).sum()
    }

    fn add(&mut self, group: &[Feature], table: &[f64]) {
        let cells = self.cells(group);
        for (score, cell) in self.scores.iter_mut().zip(cells) {
            *score += RATE * table.get(usize::from(cell)).copied().unwrap_or(0.0);
        }
    }
}

/// A fold of the sites held out, and the rest.
struct Fold {
    rest: Side,
    held: Side,
}

/// A step of the search.
#[derive(Clone, Debug)]
pub struct Found {
    /// Loss on held-out sites before it, summed over folds.
    pub loss: f64,
    /// The best groups, each with what it does to that loss; the first was taken.
    pub groups: Vec<(Vec<Feature>, f64)>,
}

/// Looks for groups to add to the tables, so many one after another; `say` hears of each.
pub fn search(samples: &[Samples<'_>], steps: usize, mut say: impl FnMut(&Found)) {
    let all: Vec<&Samples<'_>> = samples.iter().collect();
    let fold_of = |held: u64| {
        let rest = examples(&all, |site| fold(site) != held);
        let weights = fit(&rest);
        let score = |example: &Example| f64::from(weights.score(&example.classes)) / 10.0;
        Fold { rest: Side::of(&rest, score), held: Side::of(&examples(&all, |site| fold(site) == held), score) }
    };
    let mut folds: Vec<Fold> = (0..FOLDS).into_par_iter().map(fold_of).collect();
    let groups = groups();
    let mut taken: Vec<Vec<Feature>> = Vec::new();
    for _ in 0..steps {
        let slopes: Vec<_> = folds.iter().map(|fold| (fold.rest.slopes(), fold.held.slopes())).collect();
        let change = |group: &Vec<Feature>| {
            let of_fold = |(fold, (rest, held)): (&Fold, &(Vec<_>, Vec<_>))| fold.held.change(group, &fold.rest.step(group, rest), held);
            (group.clone(), folds.iter().zip(&slopes).map(of_fold).sum::<f64>())
        };
        let mut found: Vec<(Vec<Feature>, f64)> = groups.par_iter().map(change).collect();
        found.sort_by(|a, b| a.1.total_cmp(&b.1));
        found.truncate(10);
        let Some((best, _)) = found.first().cloned() else { return };
        say(&Found { loss: folds.iter().map(|fold| fold.held.loss()).sum(), groups: found });
        taken.push(best.clone());
        let turns: Vec<&Vec<Feature>> = std::iter::repeat_n(&best, TURNS).chain(taken.iter().chain(&taken)).collect();
        folds.par_iter_mut().for_each(|fold| {
            for group in &turns {
                let table = fold.rest.step(group, &fold.rest.slopes());
                fold.rest.add(group, &table);
                fold.held.add(group, &table);
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lines::{Classes, entry};

    fn examples() -> Vec<Example> {
        let example = |n: usize| {
            let mut classes = Classes::default();
            for (k, feature) in Feature::ALL.iter().enumerate() {
                classes[k] = ((n * 7 + k * n * 3) % feature.classes()) as u8;
            }
            Example { classes, main: (n % 5) as f64 / 100.0, furniture: (n % 7) as f64 / 100.0 }
        };
        (0..40).map(example).collect()
    }

    #[test]
    fn cells_are_entries() {
        let examples = examples();
        let side = Side::of(&examples, |_| 0.0);
        for group in groups().iter().step_by(37) {
            let entries: Vec<usize> = examples.iter().map(|example| entry(group, &example.classes)).collect();
            assert_eq!(side.cells(group).iter().map(|cell| usize::from(*cell)).collect::<Vec<_>>(), entries, "{group:?}");
        }
    }

    /// What a step is said to do is what it does, for a small one.
    #[test]
    fn a_change_is_the_difference_of_losses() {
        let side = || Side::of(&examples(), |example| f64::from(example.classes[0]) / 9.0 - 0.4);
        for group in groups().iter().step_by(101) {
            let (mut after, before) = (side(), side());
            let table: Vec<f64> = before.step(group, &before.slopes()).iter().map(|step| step / 100.0).collect();
            after.add(group, &table.iter().map(|step| step / RATE).collect::<Vec<_>>());
            let (said, is) = (before.change(group, &table, &before.slopes()), after.loss() - before.loss());
            assert!(said < 0.0 && (said - is).abs() < 0.01 * said.abs(), "{group:?} {said} {is}");
        }
    }

    #[test]
    fn groups_are_each_there_once() {
        let groups = groups();
        let names: std::collections::BTreeSet<String> = groups.iter().map(|group| crate::lines::table_name(group)).collect();
        assert!(names.len() == groups.len() && groups.iter().all(|group| matches!(group.len(), 2 | 3)));
        assert!(groups.contains(&vec![Feature::Share, Feature::Kind]));
    }
}
