//! The two-state chain over a page: main text or furniture, and a price for each change between them.
//!
//! The best sequence by Viterbi's recursion, one forward sweep with two bits a line and one back; a tie stays in its
//! state, and the page's end prefers main text.

/// For each score: is the line in furniture?
pub(super) fn states(scores: &[i32], switch: i32) -> Vec<bool> {
    let (mut main, mut furniture) = (0_i64, 0_i64);
    let switch = i64::from(switch);
    let back: Vec<(bool, bool)> = scores
        .iter()
        .map(|score| {
            let from = (furniture - switch > main, main - switch <= furniture);
            (main, furniture) = (main.max(furniture - switch), furniture.max(main - switch) + i64::from(*score));
            from
        })
        .collect();
    let mut state = furniture > main;
    let mut states: Vec<bool> = back
        .iter()
        .rev()
        .map(|(from_main, from_furniture)| {
            let here = state;
            state = if state { *from_furniture } else { *from_main };
            here
        })
        .collect();
    states.reverse();
    states
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The naive twin: every sequence, its sum of furniture scores less the price of its changes.
    fn best(scores: &[i32], switch: i64) -> i64 {
        (0..1_u32 << scores.len())
            .map(|states| {
                let furniture = |j: usize| states >> j & 1 == 1;
                let sum: i64 = scores.iter().enumerate().filter(|(j, _)| furniture(*j)).map(|(_, s)| i64::from(*s)).sum();
                let changes = (1..scores.len()).filter(|j| furniture(*j) != furniture(j - 1)).count() as i64;
                sum - changes * switch
            })
            .max()
            .unwrap_or(0)
    }

    proptest! {
        #[test]
        fn no_sequence_is_better(scores in prop::collection::vec(-12_i32..12, 1..10), switch in 0_i32..9) {
            let found = states(&scores, switch);
            let sum: i64 = scores.iter().zip(&found).filter(|(_, f)| **f).map(|(s, _)| i64::from(*s)).sum();
            let changes = found.windows(2).filter(|pair| pair[0] != pair[1]).count() as i64;
            prop_assert_eq!(sum - changes * i64::from(switch), best(&scores, switch.into()));
        }
    }
}
