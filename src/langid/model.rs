//! A linear model of features: which languages each speaks for and against, how much, in few bytes.
//!
//! Features are found by their hash in buckets of 64 bytes, one line of the cache: seven fingerprints of nine bits, then seven rows of four
//! languages with their weights. A feature that has more to say has several rows with its fingerprint. A feature that is not there is taken for
//! another in one of 73 cases; the weights are made with that in view. A line's score for a language is the sum of the weights over the root of the
//! line's length, and a bias; a softmax over the languages of the writing makes probabilities of it (multinomial logistic regression).
//!
//! All that is done with integers, so every machine says the same. The format stands in `tools/langid/README.md`; `tools/langid` makes it.

use super::{
    feature::{Key, THIN, features, is_thin},
    scores::Scores,
    words::{MOST, Words},
    writing::Writing,
};
use crate::model::{Lang, with_simd};

/// Bytes of a bucket.
pub const BUCKET: usize = 64;
/// Rows of a bucket.
pub const ROWS: usize = 7;
/// Languages of a row.
pub const ROW: usize = 4;

/// The first bytes of the format.
pub const MAGIC: &[u8; 8] = b"buddleL1";

/// Steps of a natural logarithm that scores are counted in.
pub const UNIT: i32 = 1 << 10;

/// Where a key is found: the bucket, and its fingerprint there. Both halves of one product, as in wyhash (Wang Yi 2019).
#[inline(always)]
pub fn place(key: Key, buckets: usize) -> (usize, u64) {
    let product = u128::from(key ^ 0x9E37_79B9_7F4A_7C15) * 0xD6E8_FEB8_6659_FD93;
    let hash = (product >> 64) as u64 ^ product as u64;
    // Below the number of buckets, which is far less than 2^32.
    let bucket = ((hash >> 32) * buckets as u64) >> 32;
    (bucket as usize, hash & FINGERPRINT)
}

const FINGERPRINT: u64 = 0x1FF;
const LANES: u64 = 0x0040_2010_0804_0201;

/// A bit for each row whose fingerprint this is, the ninth of its lane.
#[inline(always)]
fn matches(fingerprints: u64, fingerprint: u64) -> u64 {
    let low = LANES * 0xFF;
    let different = fingerprints ^ (LANES * fingerprint);
    !(((different & low) + low) | different) & (LANES << 8)
}

/// The sums of weights, by the languages of a writing.
type Sums = [i32; 256];

/// The table of weights.
#[derive(Clone, Copy, Debug)]
pub struct Table<'m> {
    buckets: &'m [[u8; BUCKET]],
}

impl<'m> Table<'m> {
    /// A table of whole buckets.
    pub fn new(bytes: &'m [u8]) -> Table<'m> {
        Table { buckets: bytes.as_chunks().0 }
    }

    /// The bucket of a feature, and a bit for each of its rows.
    #[inline(always)]
    fn find(&self, key: Key) -> (u32, u64) {
        let (bucket, fingerprint) = place(key, self.buckets.len());
        let fingerprints = self.buckets.get(bucket).and_then(|bucket| bucket.first_chunk::<8>()).map_or(0, |first| u64::from_le_bytes(*first));
        (bucket as u32, matches(fingerprints, fingerprint))
    }

    /// Adds what the found rows of a bucket say.
    #[inline(always)]
    fn add(&self, bucket: u32, mut found: u64, sums: &mut Sums) {
        let Some([_, rows @ ..]) = self.buckets.get(bucket as usize).map(|bucket| bucket.as_chunks::<8>().0) else { return };
        while found != 0 {
            let row = (found.trailing_zeros() / 9) as usize;
            found &= found - 1;
            if let Some([a, b, c, d, e, f, g, h]) = rows.get(row) {
                for [language, weight] in [[a, b], [c, d], [e, f], [g, h]] {
                    if let Some(sum) = sums.get_mut(usize::from(*language)) {
                        *sum += i32::from(weight.cast_signed());
                    }
                }
            }
        }
    }
}

/// Features that are found before they are added up.
const BATCH: usize = 64;

/// The languages of a writing.
#[derive(Clone, Debug)]
struct Class {
    /// By their numbers in this writing.
    languages: Vec<Lang>,
    /// In [`UNIT`]s.
    biases: Vec<i32>,
    /// Which of them stands for those that are not known.
    unknown: Option<usize>,
}

/// A model.
#[derive(Clone, Debug)]
pub struct Model<'m> {
    classes: Vec<Class>,
    /// [`UNIT`]s in a step of weight, times 2^[`STEP_BITS`], by the number of codes: the root of the length is in it.
    steps: Vec<i32>,
    table: Table<'m>,
}

impl<'m> Model<'m> {
    /// Reads a model; `None` where the bytes are none.
    pub fn read(bytes: &'m [u8]) -> Option<Model<'m>> {
        let mut header = bytes.strip_prefix(MAGIC)?;
        let mut take = |n: usize| -> Option<&'m [u8]> {
            let (head, tail) = header.split_at_checked(n)?;
            header = tail;
            Some(head)
        };
        let start = u32::from_le_bytes(take(4)?.try_into().ok()?);
        // Steps of weight in a natural logarithm, times 2^16.
        let scale = u32::from_le_bytes(take(4)?.try_into().ok()?);
        let mut classes = Vec::new();
        for _ in Writing::ALL {
            let count = take(1)?.first().copied()?;
            let mut class = Class { languages: Vec::new(), biases: Vec::new(), unknown: None };
            for _ in 0..count {
                let tag = std::str::from_utf8(take(4)?).ok()?;
                class.languages.push(Lang::parse(tag.trim_end())?);
                class.biases.push(i32::from_le_bytes(take(4)?.try_into().ok()?));
            }
            class.unknown = class.languages.iter().position(|lang| *lang == Lang::UND);
            classes.push(class);
        }
        let steps = (0..=MOST as u64 + 64).map(|len| step(scale, len)).collect();
        let start = usize::try_from(start).ok()?;
        Some(Model { classes, steps, table: Table::new(bytes.get(start..)?) })
    }

    /// Writes what the words say of each language of their writing.
    pub fn score<'c>(&'c self, words: &Words, scores: &mut Scores<'c>) {
        let Some(class) = self.classes.get(words.writing() as usize) else { return *scores = Scores::new() };
        let sums = scores.begin(&class.languages, class.unknown);
        if class.languages.len() > 1 {
            self.add_all(words, sums);
        }
        let step = self.steps.get(words.codes().len()).copied().unwrap_or(0);
        let step = if is_thin(words) { step * THIN.0 / THIN.1 } else { step };
        with_simd(
            #[inline(always)]
            || score(sums, &class.biases, step),
        );
    }

    /// Adds what all features of the words say.
    fn add_all(&self, words: &Words, sums: &mut Sums) {
        // Many are found before they are added up: so the memory is asked for many at once.
        let (mut keys, mut count) = ([0; BATCH], 0_usize);
        features(words, |key| {
            if count == BATCH {
                self.add_some(&keys, sums);
                count = 0;
            }
            if let Some(place) = keys.get_mut(count) {
                *place = key;
                count += 1;
            }
        });
        self.add_some(keys.get(..count).unwrap_or_default(), sums);
    }

    /// Adds what at most [`BATCH`] features say.
    fn add_some(&self, keys: &[Key], sums: &mut Sums) {
        let (mut buckets, mut rows, mut count) = ([0; BATCH], [0; BATCH], 0_usize);
        for key in keys {
            if let (Some(bucket), Some(found)) = (buckets.get_mut(count), rows.get_mut(count)) {
                (*bucket, *found) = self.table.find(*key);
                count += usize::from(*found != 0);
            }
        }
        for (bucket, found) in buckets.into_iter().zip(rows).take(count) {
            self.table.add(bucket, found, sums);
        }
    }

    /// The languages, each once.
    pub fn languages(&self) -> std::collections::BTreeSet<Lang> {
        self.classes.iter().flat_map(|class| class.languages.iter().copied()).collect()
    }
}

const STEP_BITS: u32 = 7;

/// Sums made scores: a step for each weight, and the bias.
#[inline(always)]
fn score(sums: &mut [i32], biases: &[i32], step: i32) {
    for (sum, bias) in sums.iter_mut().zip(biases) {
        // A sum is of at most some 500 weights of 8 bits each, a step at most 2^15.
        *sum = (sum.wrapping_mul(step) >> STEP_BITS).wrapping_add(*bias);
    }
}

/// [`UNIT`]s in a step of weight over the root of the length, times 2^[`STEP_BITS`].
fn step(scale: u32, len: u64) -> i32 {
    // The root of the length, times 2^16.
    let root = (len.max(1) << 32).isqrt();
    i32::try_from(((u64::from(scale) * u64::from(UNIT.unsigned_abs())) << STEP_BITS) / root).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matches_are_those_of_a_loop() {
        let mut state = 1_u64;
        for _ in 0..100_000 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let fingerprints = (state ^ state >> 29) & ((1 << 63) - 1);
            let fingerprint = (state >> 40) & FINGERPRINT & if state & 1 == 0 { 3 } else { FINGERPRINT };
            let mut expected = 0;
            for row in 0..ROWS {
                if (fingerprints >> (9 * row)) & FINGERPRINT == fingerprint {
                    expected |= 1 << (9 * row + 8);
                }
            }
            assert_eq!(matches(fingerprints, fingerprint), expected);
        }
    }

    /// The naive twin: rows one by one, scores and softmax in floating point.
    fn naive(bytes: &[u8], words: &Words, mostly: Option<Lang>) -> (Lang, f64) {
        let model = Model::read(bytes).unwrap();
        let class = &model.classes[words.writing() as usize];
        let scale = f64::from(u32::from_le_bytes(bytes[12..16].try_into().unwrap())) / 65536.0;
        let mut sums = vec![0.0; class.languages.len()];
        features(words, |key| {
            let (bucket, fingerprint) = place(key, model.table.buckets.len());
            let bucket = &model.table.buckets[bucket];
            let fingerprints = u64::from_le_bytes(bucket[..8].try_into().unwrap());
            for row in (0..ROWS).filter(|row| (fingerprints >> (9 * row)) & FINGERPRINT == fingerprint) {
                for pair in bucket[8 + 8 * row..][..8].chunks(2) {
                    sums[usize::from(pair[0])] += f64::from(pair[1].cast_signed());
                }
            }
        });
        let length = (words.codes().len() as f64).sqrt() / if is_thin(words) { f64::from(THIN.0) / f64::from(THIN.1) } else { 1.0 };
        let lead = |lang: &Lang| if Some(*lang) == mostly { 4.0 } else { 0.0 };
        let scores = sums.iter().zip(&class.biases).zip(&class.languages);
        let scores: Vec<(f64, Lang)> =
            scores.map(|((sum, bias), lang)| (sum * scale / length + f64::from(*bias) / f64::from(UNIT) + lead(lang), *lang)).collect();
        let all: f64 = scores.iter().map(|(score, _)| score.exp()).sum();
        let best = scores.iter().filter(|(_, lang)| *lang != Lang::UND).max_by(|a, b| a.0.total_cmp(&b.0)).unwrap();
        (best.1, best.0.exp() / all)
    }

    #[test]
    fn guesses_are_those_of_the_naive_twin() {
        let bytes = include_bytes!("languages.bin");
        let model = Model::read(bytes).unwrap();
        for line in [
            "The weather was bad in the morning, and nobody wanted to leave the house for the harbour before the rain had gone.",
            "En dag i skolen",
            // Long enough that half is looked at, and no answer is sure.
            "Den store by ligger ved en lang vej til havet, og solen er over skolen",
            "A casa está perto do mar e a porta da casa é grande como a do vizinho",
            "Berlin",
            "Погода утром была плохой",
            "Вести дана",
            "阅读更多内容",
            "और पढ़ें",
            "a b ab abc",
            "Lorem ipsum dolor sit amet",
        ] {
            let Some(words) = Words::of(line) else { continue };
            for mostly in [None, Lang::parse("da"), Lang::parse("mr")] {
                let (lang, probability) = naive(bytes, &words, mostly);
                let mut scores = Scores::new();
                model.score(&words, &mut scores);
                let found = scores.guess(&[], mostly);
                assert_eq!(found.lang, lang, "{line}");
                assert!((f64::from(found.permille) / 1000.0 - probability).abs() < 0.01, "{line}: {found:?} {probability}");
            }
        }
    }

    #[test]
    fn what_is_no_model_is_none() {
        let bytes = include_bytes!("languages.bin");
        assert!(Model::read(b"").is_none() && Model::read(b"buddleL2").is_none());
        let start = u32::from_le_bytes(bytes[8..12].try_into().unwrap()) as usize;
        assert!((0..start).all(|len| Model::read(&bytes[..len]).is_none()));
        let mut other = bytes[..start].to_vec();
        assert!(Model::read(&other).is_some());
        other[17] = 0xFF;
        assert!(Model::read(&other).is_none());
    }

    #[test]
    fn a_line_s_length_weighs_by_its_root() {
        assert_eq!(step(1 << 16, 1), UNIT << STEP_BITS);
        assert_eq!(step(1 << 16, 4), UNIT << (STEP_BITS - 1));
    }
}
