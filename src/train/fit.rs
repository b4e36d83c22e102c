//! Fits the weights: logistic regression on the classes, with entries that may only rise along a chain of classes.
//!
//! Newton's method; each step solves the bounded quadratic problem by coordinate descent (Friedman, Hastie, Höfling and
//! Tibshirani 2007), with increments along chains as the variables, so that "may only rise" is a bound at 0. Floats here alone: what
//! comes out is rounded to tenths of a nat. Nothing is random.

use crate::lines::{FEATURES, Feature, Weights};

/// Lines of the same classes, with their masses.
#[derive(Clone, Copy, Debug)]
pub struct Example<const N: usize> {
    /// Class of each feature.
    pub classes: [u8; N],
    /// Mass of main text.
    pub main: f64,
    /// Mass of furniture.
    pub furniture: f64,
}

/// Penalty on the square of each entry.
const L2: f64 = 0.001;
/// Steps of Newton's method at most.
const STEPS: usize = 25;
/// Sweeps of coordinate descent for a step.
const SWEEPS: usize = 60;

/// Classes of a feature along which its entries may only rise, as chains of class numbers.
pub fn chains(feature: Feature) -> Vec<Vec<usize>> {
    let rising = |from: usize, classes: usize| vec![(from..classes).collect::<Vec<_>>()];
    let shares = feature.classes();
    match feature {
        // From two pages on, for each kind.
        Feature::ShareAndKind => (1..4).map(|kind| (1..shares / 4).map(|share| share * 4 + kind).collect()).collect(),
        Feature::Pages => rising(1, feature.classes()),
        // The longer a line (from half a prose line on), the likelier it is text.
        Feature::Letters => vec![(2..feature.classes()).rev().collect()],
        Feature::Outside => rising(1, feature.classes()),
        Feature::Window => rising(0, feature.classes()),
        _ => Vec::new(),
    }
}

/// What is fitted: for each feature its classes, and the chains of them.
pub struct Shape<const N: usize> {
    classes: [usize; N],
    chains: [Vec<Vec<usize>>; N],
}

impl Shape<FEATURES> {
    /// That of the first look.
    pub fn first() -> Self {
        Shape { classes: Feature::ALL.map(Feature::classes), chains: Feature::ALL.map(chains) }
    }
}

/// The linear map from bounded variables to entries, as the chain that each entry follows.
struct Chains {
    /// For each entry the one before it in its chain.
    before: Vec<Option<usize>>,
    /// Entries so ordered that each comes after the one before it in its chain.
    order: Vec<usize>,
}

impl Chains {
    fn new<const N: usize>(entries: usize, offsets: &[usize; N], shape: &Shape<N>) -> Chains {
        let mut before = vec![None; entries];
        for (chains, offset) in shape.chains.iter().zip(offsets) {
            for chain in chains {
                for pair in chain.windows(2) {
                    if let [a, b] = pair
                        && let Some(slot) = before.get_mut(offset + b)
                    {
                        *slot = Some(offset + a);
                    }
                }
            }
        }
        // A chain may run down the class numbers: those that come first in theirs go first.
        let depth = |mut entry: usize| {
            let mut depth = 0;
            while let Some(Some(earlier)) = before.get(entry) {
                entry = *earlier;
                depth += 1;
            }
            depth
        };
        let mut order: Vec<usize> = (0..entries).collect();
        order.sort_by_key(|entry| depth(*entry));
        Chains { before, order }
    }

    /// Entries from variables: sums along the chains.
    fn entries(&self, variables: &[f64]) -> Vec<f64> {
        let mut entries = variables.to_vec();
        for entry in &self.order {
            if let Some(earlier) = self.before[*entry] {
                entries[*entry] += entries[earlier];
            }
        }
        entries
    }

    /// The transposed map: of a gradient.
    fn transposed(&self, gradient: &[f64]) -> Vec<f64> {
        let mut out = gradient.to_vec();
        for entry in self.order.iter().rev() {
            if let Some(earlier) = self.before[*entry] {
                out[earlier] += out[*entry];
            }
        }
        out
    }
}

/// The tables that fit the examples best, with entries in nats, and the bias.
#[derive(Clone, Debug)]
pub struct Fitted<const N: usize> {
    entries: Vec<f64>,
    offsets: [usize; N],
    classes: [usize; N],
}

/// Fits the examples, whose masses should sum to about 1.
#[allow(clippy::indexing_slicing)] // Dense algebra on vectors of one length.
pub fn fit<const N: usize>(examples: &[Example<N>], shape: &Shape<N>) -> Fitted<N> {
    let mut bias = 0;
    let offsets = shape.classes.map(|classes| {
        let here = bias;
        bias += classes;
        here
    });
    let n = bias + 1;
    let chains = Chains::new(n, &offsets, shape);
    let bounded: Vec<bool> = chains.before.iter().map(Option::is_some).collect();
    let mut variables = vec![0.0; n];
    let active = |example: &Example<N>| {
        let mut active = [bias; N];
        for ((slot, offset), class) in active.iter_mut().zip(&offsets).zip(example.classes) {
            *slot = offset + usize::from(class);
        }
        active
    };
    let objective = |entries: &[f64]| {
        let mut sum = 0.0;
        for example in examples {
            let z: f64 = entries[bias] + active(example).iter().map(|i| entries[*i]).sum::<f64>();
            // log(1 + e^z) without overflow
            let soft = z.max(0.0) + (-z.abs()).exp().ln_1p();
            sum += example.main * soft + example.furniture * (soft - z);
        }
        sum + 0.5 * L2 * entries.iter().take(bias).map(|e| e * e).sum::<f64>()
    };
    let mut value = objective(&chains.entries(&variables));
    for _ in 0..STEPS {
        let entries = chains.entries(&variables);
        let mut gradient = vec![0.0; n];
        let mut hessian = vec![vec![0.0; n]; n];
        for example in examples {
            let active = active(example);
            let z: f64 = entries[bias] + active.iter().map(|i| entries[*i]).sum::<f64>();
            let p = 1.0 / (1.0 + (-z).exp());
            let g = example.main * p - example.furniture * (1.0 - p);
            let h = (example.main + example.furniture) * p * (1.0 - p);
            for a in active {
                gradient[a] += g;
                let row = &mut hessian[a];
                for b in active {
                    row[b] += h;
                }
                row[bias] += h;
                hessian[bias][a] += h;
            }
            gradient[bias] += g;
            hessian[bias][bias] += h;
        }
        for i in 0..bias {
            gradient[i] += L2 * entries[i];
            hessian[i][i] += L2;
        }
        hessian[bias][bias] += 1e-9;
        let gradient = chains.transposed(&gradient);
        // Rows, then columns: the Hessian in the variables.
        let rows: Vec<Vec<f64>> = hessian.iter().map(|row| chains.transposed(row)).collect();
        let mut hessian = vec![vec![0.0; n]; n];
        for column in 0..n {
            let of_column: Vec<f64> = rows.iter().map(|row| row[column]).collect();
            for (i, value) in chains.transposed(&of_column).into_iter().enumerate() {
                hessian[i][column] = value;
            }
        }
        let mut step = vec![0.0; n];
        let mut slope = gradient.clone();
        for _ in 0..SWEEPS {
            let mut largest = 0.0_f64;
            for i in 0..n {
                let mut wanted = step[i] - slope[i] / hessian[i][i].max(1e-12);
                if bounded[i] {
                    wanted = wanted.max(-variables[i]);
                }
                let change = wanted - step[i];
                if change != 0.0 {
                    step[i] = wanted;
                    for (slope, h) in slope.iter_mut().zip(&hessian[i]) {
                        *slope += h * change;
                    }
                    largest = largest.max(change.abs());
                }
            }
            if largest < 1e-7 {
                break;
            }
        }
        let mut factor = 1.0;
        let mut better = None;
        for _ in 0..12 {
            let tried: Vec<f64> = variables.iter().zip(&step).map(|(v, s)| v + factor * s).collect();
            let of_tried = objective(&chains.entries(&tried));
            if of_tried < value {
                better = Some((tried, of_tried));
                break;
            }
            factor /= 2.0;
        }
        let Some((tried, of_tried)) = better else { break };
        let gained = value - of_tried;
        (variables, value) = (tried, of_tried);
        if gained < 1e-9 {
            break;
        }
    }
    Fitted { entries: chains.entries(&variables), offsets, classes: shape.classes }
}

impl<const N: usize> Fitted<N> {
    /// The tables, rounded to tenths of a nat, and the bias.
    #[allow(clippy::cast_possible_truncation)] // Entries are small.
    fn tenths(&self) -> ([Vec<i32>; N], i32) {
        let tenths = |nats: f64| (nats * 10.0).round().clamp(-500.0, 500.0) as i32;
        let mut tables = self.classes.map(|classes| vec![0; classes]);
        for (table, offset) in tables.iter_mut().zip(self.offsets) {
            for (slot, entry) in table.iter_mut().zip(self.entries.iter().skip(offset)) {
                *slot = tenths(*entry);
            }
        }
        (tables, tenths(self.entries.last().copied().unwrap_or(0.0)))
    }
}

impl Fitted<FEATURES> {
    /// Weights that have the first look only.
    pub fn weights(&self) -> Weights {
        let mut weights = Weights::zero();
        (weights.tables, weights.bias) = self.tenths();
        weights
    }
}
