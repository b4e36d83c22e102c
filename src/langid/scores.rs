//! How well a line goes with each language of its writing, and which it is in: a softmax in integers, so every machine says the same.
//!
//! Adding up takes most of the time; asking the scores again, for few languages or within a text, takes little.

use super::model::UNIT;
use crate::model::{Lang, LineLanguage, with_simd};

/// Scores of the languages of a writing, in [`UNIT`]s.
#[derive(Clone, Debug)]
pub struct Scores<'m> {
    languages: &'m [Lang],
    unknown: Option<usize>,
    scores: [i32; 256],
}

impl<'m> Scores<'m> {
    /// Of no language.
    pub fn new() -> Scores<'m> {
        Scores { languages: &[], unknown: None, scores: [0; 256] }
    }

    /// Begins anew with at most 256 languages, one of which may stand for those that are not known: their scores, in order, all of them none.
    pub fn begin(&mut self, languages: &'m [Lang], unknown: Option<usize>) -> &mut [i32; 256] {
        *self = Scores { languages: languages.get(..256).unwrap_or(languages), unknown, scores: [0; 256] };
        &mut self.scores
    }

    /// The likeliest language, among the given (in order); among all that are known if none are given. In a text that is mostly in one language
    /// that one has a lead of four logarithms. Languages that are not known have a share of the probability, but are no answer while one is known.
    pub fn guess(&self, among: &[Lang], mostly: Option<Lang>) -> LineLanguage {
        let mut scores = self.scores;
        let Some(scores) = scores.get_mut(..self.languages.len()) else { return LineLanguage::UNKNOWN };
        let place = mostly.and_then(|mostly| self.languages.iter().position(|lang| *lang == mostly));
        if let Some(score) = place.and_then(|place| scores.get_mut(place)) {
            *score += LEAD;
        }
        if !among.is_empty() {
            for (score, _) in scores.iter_mut().zip(self.languages).filter(|(_, lang)| among.binary_search(lang).is_err()) {
                *score = NEVER;
            }
        }
        // What is unknown has its share of the probability, but is no answer.
        let unknown = self.unknown.and_then(|place| scores.get_mut(place)).map_or(NEVER, |score| std::mem::replace(score, NEVER));
        let (most, place, highest, all) = with_simd(
            #[inline(always)]
            || {
                let most = highest(scores);
                let highest = most.max(unknown);
                (most, place_of(most, scores), highest, exponentials(scores, highest) + exponential(highest - unknown))
            },
        );
        if most == NEVER {
            return LineLanguage::UNKNOWN;
        }
        // At least one of them is the highest; at most 256 are.
        let permille = (1000 * i64::from(exponential(highest - most)) + i64::from(all / 2)) / i64::from(all.max(1));
        LineLanguage { lang: self.languages.get(place).copied().unwrap_or(Lang::UND), permille: permille.clamp(0, 1000) as u16 }
    }
}

/// The highest score.
#[inline(always)]
fn highest(scores: &[i32]) -> i32 {
    let mut highest = NEVER;
    for score in scores {
        highest = highest.max(*score);
    }
    highest
}

/// Where a score stands first.
#[inline(always)]
fn place_of(wanted: i32, scores: &[i32]) -> usize {
    let mut start = 0;
    for some in scores.chunks(32) {
        let mut is_there = false;
        for score in some {
            is_there |= *score == wanted;
        }
        if is_there {
            return start + some.iter().position(|score| *score == wanted).unwrap_or(0);
        }
        start += some.len();
    }
    0
}

/// The sum of all exponentials of how far below the highest scores are.
#[inline(always)]
fn exponentials(scores: &[i32], highest: i32) -> i32 {
    let mut sum = 0;
    for score in scores {
        sum += exponential(highest - score);
    }
    sum
}

/// The lead of the language that a text is mostly in: so many logarithms.
const LEAD: i32 = 4 * UNIT;

/// The score of what is not asked about.
const NEVER: i32 = i32::MIN / 2;

/// One, of probability before it is divided by all.
const ONE: i32 = 1 << 22;

/// `ONE` times e to the power of minus so many [`UNIT`]s, which are not below none; no branch and no table, so that vectors do it.
#[inline(always)]
fn exponential(units: i32) -> i32 {
    // Of an exponent to base two the whole part is a shift. For the rest of 16 bits, 2 to minus it is a polynomial: its factors make the largest
    // relative error least (Lawson's algorithm), 7.5e-5. Past 16 logarithms nothing is left.
    let exponent = units.min(16 * UNIT) * 23_637;
    let (whole, rest) = (exponent >> 24, exponent >> 8 & 0xFFFF);
    let mut power = -639;
    for factor in [3769, -11_322, 16_383] {
        power = ((power * rest + 0x8000) >> 16) + factor;
    }
    (power * (ONE >> 14)) >> whole
}

impl Default for Scores<'_> {
    fn default() -> Self {
        Scores::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_are_those_of_e() {
        for units in 0..16 * UNIT {
            let exact = (-f64::from(units) / f64::from(UNIT)).exp();
            let found = f64::from(exponential(units)) / f64::from(ONE);
            assert!((found - exact).abs() < 3e-4 * exact + 3e-7, "{units} {found} {exact}");
        }
        assert_eq!(exponential(i32::MAX), 0);
    }
}
