//! Fits the tables: logistic regression by cyclic boosting, a table at a time.
//!
//! Each table in turn takes a shortened Newton step in each of its entries, given all others; some dozens of rounds (Lou, Caruana and Gehrke 2012,
//! "Intelligible models"). Entries may only rise along features that speak for a
//! template and nothing else (the pages that hold a line, the same place on each): after each step they are made so by pooling
//! (Barlow and others 1972, isotonic regression). Floats here alone: what comes out is rounded to tenths of a nat. Nothing is random.

use crate::lines::{Classes, Feature, TABLES, Weights, entries, entry};

/// Lines of the same classes, with their masses.
#[derive(Clone, Copy, Debug)]
pub struct Example {
    /// Class of each feature.
    pub classes: Classes,
    /// Mass of main text.
    pub main: f64,
    /// Mass of furniture.
    pub furniture: f64,
}

/// Penalty on the square of each entry, as a share of all mass.
const L2: f64 = 0.00001;
/// Rounds over all tables.
const ROUNDS: usize = 60;
/// Turns of pooling where a table rises along two features.
const POOLINGS: usize = 4;
/// Share of Newton's step that is taken.
const RATE: f64 = 0.5;

/// May the entries of a table only rise along this feature, from this class on?
pub fn rises(feature: Feature) -> Option<usize> {
    match feature {
        // From two pages on.
        Feature::Share | Feature::Pages => Some(1),
        // The same place on each page.
        Feature::FixedStart | Feature::FixedEnd => Some(0),
        _ => None,
    }
}

/// The entries of a table along a feature, a run for each combination of the others.
fn lines_along(features: &[Feature], along: usize, from: usize) -> Vec<Vec<usize>> {
    let stride: usize = features.iter().skip(along + 1).map(|feature| feature.classes()).product();
    let classes = features.get(along).map_or(0, |feature| feature.classes());
    let starts = (0..entries(features)).filter(|entry| (entry / stride.max(1)).is_multiple_of(classes.max(1)));
    starts.map(|start| (from..classes).map(|class| start + class * stride).collect()).collect()
}

/// Makes the entries rise along a line of them: neighbours that fall are pooled to their mean by mass.
fn pool(table: &mut [f64], masses: &[f64], line: &[usize]) {
    let mut blocks: Vec<(f64, f64, usize)> = Vec::new();
    for i in line {
        let (value, mass) = (table.get(*i).copied().unwrap_or(0.0), masses.get(*i).copied().unwrap_or(0.0) + 1e-9);
        blocks.push((value, mass, 1));
        while let [.., a, b] = blocks.as_slice()
            && a.0 > b.0
        {
            let joined = ((a.0 * a.1 + b.0 * b.1) / (a.1 + b.1), a.1 + b.1, a.2 + b.2);
            blocks.truncate(blocks.len() - 2);
            blocks.push(joined);
        }
    }
    let values = blocks.iter().flat_map(|(value, _, n)| std::iter::repeat_n(*value, *n));
    for (i, value) in line.iter().zip(values) {
        if let Some(slot) = table.get_mut(*i) {
            *slot = value;
        }
    }
}

/// Makes the entries rise along all lines: pooled in turns, then what little is left is lifted.
fn make_rise(table: &mut [f64], masses: &[f64], lines: &[Vec<usize>]) {
    for _ in 0..POOLINGS {
        lines.iter().for_each(|line| pool(table, masses, line));
    }
    let mut lifted = true;
    while lifted {
        lifted = false;
        for pair in lines.iter().flat_map(|line| line.windows(2)) {
            if let [a, b] = *pair
                && let (Some(low), Some(high)) = (table.get(a).copied(), table.get_mut(b))
                && *high < low
            {
                *high = low;
                lifted = true;
            }
        }
    }
}

/// Fits the examples, whose masses should sum to about 1.
#[allow(clippy::indexing_slicing)] // Entries come from `entry`, below the number of `entries`.
pub fn fit(examples: &[Example]) -> Weights {
    let cells: Vec<Vec<u16>> =
        TABLES.iter().map(|features| examples.iter().map(|e| u16::try_from(entry(features, &e.classes)).unwrap_or(0)).collect()).collect();
    let along: Vec<Vec<Vec<usize>>> = TABLES
        .iter()
        .map(|features| {
            let rising = features.iter().enumerate().filter_map(|(at, feature)| rises(*feature).map(|from| (at, from)));
            rising.flat_map(|(at, from)| lines_along(features, at, from)).collect()
        })
        .collect();
    let masses: Vec<Vec<f64>> = TABLES
        .iter()
        .zip(&cells)
        .map(|(features, cells)| {
            let mut masses = vec![0.0; entries(features)];
            cells.iter().zip(examples).for_each(|(cell, e)| masses[usize::from(*cell)] += e.main + e.furniture);
            masses
        })
        .collect();
    let (main, furniture) = examples.iter().fold((1e-9, 1e-9), |(m, f), e| (m + e.main, f + e.furniture));
    let mut bias = f64::ln(furniture / main);
    let mut tables: Vec<Vec<f64>> = TABLES.iter().map(|features| vec![0.0; entries(features)]).collect();
    let mut scores = vec![bias; examples.len()];
    for _ in 0..ROUNDS {
        for ((table, cells), (along, masses)) in tables.iter_mut().zip(&cells).zip(along.iter().zip(&masses)) {
            let mut sums = vec![(0.0, 0.0); table.len()];
            for ((example, score), cell) in examples.iter().zip(&scores).zip(cells) {
                let p = 1.0 / (1.0 + (-score).exp());
                let mass = example.main + example.furniture;
                let sum = &mut sums[usize::from(*cell)];
                sum.0 += example.furniture - mass * p;
                sum.1 += mass * p * (1.0 - p);
            }
            let old = table.clone();
            for (slot, (gradient, curvature)) in table.iter_mut().zip(&sums) {
                *slot += RATE * ((gradient - L2 * *slot) / (curvature + L2)).clamp(-2.0, 2.0);
            }
            make_rise(table, masses, along);
            let steps: Vec<f64> = table.iter().zip(&old).map(|(new, old)| new - old).collect();
            for (score, cell) in scores.iter_mut().zip(cells) {
                *score += steps[usize::from(*cell)];
            }
        }
        let (mut gradient, mut curvature) = (0.0, 1e-9);
        for (example, score) in examples.iter().zip(&scores) {
            let p = 1.0 / (1.0 + (-score).exp());
            let mass = example.main + example.furniture;
            gradient += example.furniture - mass * p;
            curvature += mass * p * (1.0 - p);
        }
        bias += gradient / curvature;
        scores.iter_mut().for_each(|score| *score += gradient / curvature);
    }
    // Each table around its mean, so that what it adds is for or against.
    for (table, masses) in tables.iter_mut().zip(&masses) {
        let mass: f64 = masses.iter().sum::<f64>().max(1e-9);
        let mean = table.iter().zip(masses).map(|(value, mass)| value * mass).sum::<f64>() / mass;
        bias += mean;
        table.iter_mut().for_each(|value| *value -= mean);
    }
    weights(&tables, bias)
}

/// Rounded to tenths of a nat.
#[allow(clippy::cast_possible_truncation)] // Entries are small.
fn weights(tables: &[Vec<f64>], bias: f64) -> Weights {
    let tenths = |nats: &f64| (nats * 10.0).round().clamp(-500.0, 500.0) as i16;
    let mut weights = Weights::zero();
    for (number, table) in tables.iter().enumerate() {
        weights.table_mut(number).iter_mut().zip(table).for_each(|(entry, nats)| *entry = tenths(nats));
    }
    weights.bias = tenths(&bias).into();
    weights
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example(share: u8, kind: u8, main: f64, furniture: f64) -> Example {
        let mut classes = Classes::default();
        (classes[Feature::Share as usize], classes[Feature::Kind as usize]) = (share, kind);
        Example { classes, main, furniture }
    }

    #[test]
    fn pooling_makes_a_line_rise_and_keeps_its_mean() {
        let mut table = [3.0, 1.0, 2.0, 5.0, 4.0];
        pool(&mut table, &[1.0, 1.0, 2.0, 1.0, 1.0], &[0, 1, 2, 3, 4]);
        assert!(table.windows(2).all(|pair| pair[0] <= pair[1]), "{table:?}");
        assert!((table[0] + table[1] + 2.0 * table[2] - 8.0).abs() < 1e-6 && (table[3] - 4.5).abs() < 1e-6, "{table:?}");
    }

    #[test]
    fn what_is_fitted_is_what_the_examples_say() {
        // Furniture on many pages, main text on few; at share 4 there is more furniture than at share 6, by noise.
        let examples = [example(2, 1, 0.3, 0.02), example(4, 1, 0.1, 0.2), example(6, 1, 0.11, 0.15), example(9, 1, 0.02, 0.1)];
        let weights = fit(&examples);
        assert_eq!(weights, fit(&examples));
        let scores: Vec<i32> = examples.iter().map(|e| weights.score(&e.classes)).collect();
        assert!(scores[0] < -10 && scores[3] > 10, "{scores:?}");
        assert!(scores[0] <= scores[1] && scores[1] <= scores[2] && scores[2] <= scores[3], "{scores:?}");
        // A score is the log of the odds, in tenths.
        let odds = 10.0 * f64::ln(0.02 / 0.3);
        assert!((f64::from(scores[0]) - odds).abs() < 6.0, "{scores:?} {odds}");
    }
}
