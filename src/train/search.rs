//! Searches for groups of features that are worth a table: greedily, by loss on sites that the table has not seen.

use rayon::prelude::*;

use super::{FOLDS, Samples, examples, fit, fold};
use crate::lines::Feature;

struct Side {
    columns: Vec<Vec<u8>>,
    masses: Vec<(f64, f64)>,
    scores: Vec<f64>,
}

struct Fold {
    train: Side,
    held: Side,
}

const L2: f64 = 0.0005;

fn loss(m: (f64, f64), s: f64) -> f64 {
    // ln(1+e^s) * main + ln(1+e^-s) * furniture
    m.0 * s.exp().ln_1p() + m.1 * (-s).exp().ln_1p()
}

fn cells(side: &Side, t: &[Feature]) -> Vec<u16> {
    let n = side.masses.len();
    let mut out = vec![0u16; n];
    for f in t {
        let c = f.classes() as u16;
        for (o, v) in out.iter_mut().zip(&side.columns[*f as usize]) {
            *o = *o * c + u16::from(*v);
        }
    }
    out
}

fn step(f: &Fold, t: &[Feature], grad: &[(f64, f64)]) -> Vec<f64> {
    let size: usize = t.iter().map(|f| f.classes()).product();
    let mut sums = vec![(0.0, 0.0); size];
    for (c, g) in cells(&f.train, t).iter().zip(grad) {
        let s = &mut sums[usize::from(*c)];
        s.0 += g.0;
        s.1 += g.1;
    }
    sums.iter().map(|(g, h)| (g / (h + L2)).clamp(-2.0, 2.0)).collect()
}

fn grads(side: &Side) -> Vec<(f64, f64)> {
    side.masses.iter().zip(&side.scores).map(|(m, s)| {
        let p = 1.0 / (1.0 + (-s).exp());
        let mass = m.0 + m.1;
        (m.1 - mass * p, mass * p * (1.0 - p))
    }).collect()
}

pub fn search(samples: &[Samples<'_>], steps: usize, folds: u64) {
    let all: Vec<&Samples<'_>> = samples.iter().collect();
    let mut parts: Vec<Fold> = (0..folds).map(|held| {
        let train = examples(&all, |s| fold(s) % FOLDS != held);
        let weights = if std::env::var("FRESH").is_ok() { let (m, f) = train.iter().fold((0.0, 0.0), |a, e| (a.0 + e.main, a.1 + e.furniture)); crate::lines::Weights { bias: (10.0 * f64::ln(f / m)) as i32, ..crate::lines::Weights::zero() } } else { fit(&train) };
        let side = |ex: &[super::Example]| Side {
            columns: Feature::ALL.iter().map(|f| ex.iter().map(|e| e.classes[*f as usize]).collect()).collect(),
            masses: ex.iter().map(|e| (e.main, e.furniture)).collect(),
            scores: ex.iter().map(|e| f64::from(weights.score(&e.classes)) / 10.0).collect(),
        };
        let held_ex = examples(&all, |s| fold(s) == held);
        Fold { train: side(&train), held: side(&held_ex) }
    }).collect();
    eprintln!("examples {:?}", parts.iter().map(|f| (f.train.masses.len(), f.held.masses.len())).collect::<Vec<_>>());
    let mut groups: Vec<Vec<Feature>> = Vec::new();
    for a in 0..Feature::ALL.len() - 1 {
        for b in 0..a {
            for c in 0..b {
                let t = vec![Feature::ALL[c], Feature::ALL[b], Feature::ALL[a]];
                if t.iter().map(|f| f.classes()).product::<usize>() <= 700 { groups.push(t); }
            }
            groups.push(vec![Feature::ALL[b], Feature::ALL[a]]);
        }
    }
    let mut chosen: Vec<Vec<Feature>> = Vec::new();
    for n in 0..steps {
        let base: f64 = parts.iter().map(|f| f.held.masses.iter().zip(&f.held.scores).map(|(m, s)| loss(*m, *s)).sum::<f64>()).sum();
        let g: Vec<Vec<(f64, f64)>> = parts.iter().map(|f| grads(&f.train)).collect();
        let hg: Vec<Vec<(f64, f64)>> = parts.iter().map(|f| grads(&f.held)).collect();
        let mut found: Vec<(f64, &Vec<Feature>)> = groups.par_iter().map(|t| {
            // Second-order change of the held loss.
            let change: f64 = parts.iter().zip(&g).zip(&hg).map(|((f, g), hg)| {
                let table = step(f, t, g);
                cells(&f.held, t).iter().zip(hg).map(|(c, (gr, h))| { let d = table[usize::from(*c)]; -gr * d + 0.5 * h * d * d }).sum::<f64>()
            }).sum();
            (change, t)
        }).collect();
        found.sort_by(|a, b| a.0.total_cmp(&b.0));
        eprintln!("step {n} base {base:.4}");
        for (c, t) in found.iter().take(12) { eprintln!("   {c:.5} {t:?}"); }
        let best = found[0].1.clone();
        chosen.push(best);
        parts.par_iter_mut().for_each(|f| {
            let mut order: Vec<&Vec<Feature>> = vec![chosen.last().unwrap(); 4];
            for _ in 0..2 { order.extend(chosen.iter()); }
            for t in order {
                let g = grads(&f.train);
                let table = step(f, t, &g);
                let (tc, hc) = (cells(&f.train, t), cells(&f.held, t));
                for (s, c) in f.train.scores.iter_mut().zip(tc) { *s += 0.5 * table[usize::from(c)]; }
                for (s, c) in f.held.scores.iter_mut().zip(hc) { *s += 0.5 * table[usize::from(c)]; }
            }
        });
    }
}
