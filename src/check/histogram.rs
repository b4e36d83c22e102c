//! A histogram of sizes: small numbers as they are, larger ones in 32 steps for each doubling, so a quantile is true to 3 %.
//!
//! Merges in any order to the same counts. Memory: a few bytes for each step that holds anything.

use std::collections::BTreeMap;

/// Steps of a doubling.
const STEPS: u32 = 32;

/// How often which sizes are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Histogram {
    steps: BTreeMap<u16, u64>,
    total: u64,
}

impl Histogram {
    /// Adds a size.
    pub fn add(&mut self, size: u64) {
        *self.steps.entry(step_of(size)).or_default() += 1;
        self.total += 1;
    }

    /// Adds all of `other`.
    pub fn merge(&mut self, other: &Histogram) {
        for (step, n) in &other.steps {
            *self.steps.entry(*step).or_default() += n;
        }
        self.total += other.total;
    }

    /// Sizes that were added.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// The size that `percent` of all do not exceed, rounded down to its step; none of none.
    pub fn quantile(&self, percent: u64) -> Option<u64> {
        let rank = (u128::from(self.total) * u128::from(percent.min(100))).div_ceil(100).max(1);
        let mut before = 0_u128;
        self.steps
            .iter()
            .find(|(_, n)| {
                before += u128::from(**n);
                before >= rank
            })
            .map(|(step, _)| least_of(*step))
    }
}

fn step_of(size: u64) -> u16 {
    if size < u64::from(STEPS) {
        return size as u16;
    }
    let doublings = size.ilog2() - STEPS.ilog2();
    (doublings * STEPS + (size >> doublings) as u32) as u16
}

/// The least size of a step.
fn least_of(step: u16) -> u64 {
    let step = u32::from(step);
    if step < STEPS {
        return u64::from(step);
    }
    let doublings = (step - STEPS) / STEPS;
    u64::from(step - doublings * STEPS) << doublings
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn quantiles_are_true_to_three_percent(sizes in prop::collection::vec(prop_oneof![0..100_u64, any::<u64>()], 1..50), percent in 0..=100_u64, cut in 0..50_usize) {
            let mut sizes = sizes;
            let (mut whole, mut parts) = (Histogram::default(), [Histogram::default(), Histogram::default()]);
            for (i, size) in sizes.iter().enumerate() {
                whole.add(*size);
                parts[usize::from(i >= cut)].add(*size);
            }
            let [first, mut second] = parts;
            second.merge(&first);
            prop_assert_eq!(&second, &whole);
            sizes.sort_unstable();
            let exact = sizes[((sizes.len() as u64 * percent).div_ceil(100).max(1) - 1) as usize];
            let found = whole.quantile(percent).unwrap();
            prop_assert!(found <= exact && exact - found <= exact / u64::from(STEPS), "{} for {}", found, exact);
        }
    }

    #[test]
    fn none_of_none() {
        assert_eq!(Histogram::default().quantile(50), None);
    }
}
