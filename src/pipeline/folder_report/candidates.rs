//! Which removed texts may be shown as examples: of each reason those that took most characters, and some picked by their number's
//! hash, so that what is common and what is typical both come up.

use std::collections::BTreeMap;

use hashbrown::HashMap;
use xxhash_rust::xxh3::xxh3_64;

use super::best::Best;
use crate::{model::Reason, write::RemovedLineText};

/// Texts of each kind that are kept in view.
const IN_VIEW: usize = 24;

/// The candidates among the removed texts, as they stream by.
#[derive(Debug, Default)]
pub struct Candidates {
    reasons: BTreeMap<&'static str, Texts>,
}

#[derive(Debug)]
struct Texts {
    distinct: u64,
    /// Characters that the text took, and its number.
    heaviest: Best<(u64, std::cmp::Reverse<u64>)>,
    /// A hash of its number, and the number.
    sampled: Best<(u64, u64)>,
}

impl Candidates {
    /// One more removed text.
    pub fn add(&mut self, text: &RemovedLineText) {
        let Some(reason) = Reason::from_code(&text.reason) else { return };
        let texts =
            self.reasons.entry(reason.code()).or_insert_with(|| Texts { distinct: 0, heaviest: Best::new(IN_VIEW), sampled: Best::new(IN_VIEW) });
        texts.distinct += 1;
        let weight = text.count.saturating_mul(text.text.chars().count().max(1) as u64);
        texts.heaviest.add((weight, std::cmp::Reverse(text.r#ref)));
        texts.sampled.add((xxh3_64(&text.r#ref.to_le_bytes()), text.r#ref));
    }

    /// How many distinct texts there are of each reason; and the reason of each candidate, by its number.
    pub fn finish(self) -> (BTreeMap<&'static str, u64>, HashMap<u64, &'static str>) {
        let mut reasons = HashMap::new();
        let mut distinct = BTreeMap::new();
        for (reason, texts) in self.reasons {
            distinct.insert(reason, texts.distinct);
            let numbers = texts.heaviest.into_values().map(|(_, number)| number.0).chain(texts.sampled.into_values().map(|(_, number)| number));
            reasons.extend(numbers.map(|number| (number, reason)));
        }
        (distinct, reasons)
    }
}
