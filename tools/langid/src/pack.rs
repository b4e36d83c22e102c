//! Weights in few bytes: the rows that matter most in buckets of 64 bytes, learnt once more as they will be found, fingerprints that lie included.

use buddle::langid::model::{BUCKET, MAGIC, ROW, ROWS, UNIT, place};

use crate::{
    corpus::Corpus,
    fit::{self, Weights},
};

/// Buckets of the table: 7.7 MB.
pub const BUCKETS: usize = 120_000;
pub const EPOCHS: usize = 3;
const RATE: f32 = 0.5;
const BIAS_RATE: f32 = 0.01;
/// Rows of a feature: more would cost time in every line that holds it.
const MOST_ROWS: usize = 3;
/// Scores are this much sharper than learnt: lines that are drawn are harder to tell than those of pages.
const SHARPER: f32 = 1.5;
/// Smaller weights are not worth their place.
const LEAST: f32 = 0.15;

#[derive(Clone, Copy, Default)]
struct Row {
    fingerprint: u16,
    /// Languages and their weights; unused places have weight 0.
    languages: [u8; ROW],
    weights: [f32; ROW],
    used: u8,
    moved: f32,
    value: f32,
}

/// A packed table.
pub struct Packed {
    buckets: Vec<Vec<Row>>,
    biases: Vec<Vec<f32>>,
    /// For each feature the bucket and fingerprint.
    places: Vec<(u32, u16)>,
}

impl Packed {
    pub fn new(corpus: &Corpus, weights: &Weights, buckets: usize) -> Packed {
        let mut table: Vec<Vec<Row>> = vec![Vec::new(); buckets];
        let mut places = Vec::new();
        for (n, feature) in corpus.features.iter().enumerate() {
            let (bucket, fingerprint) = place(feature.key, buckets);
            places.push((bucket as u32, fingerprint as u16));
            let own = weights.of(n, corpus.classes[usize::from(feature.writing)].len());
            let mut pairs: Vec<(u8, f32)> = own.iter().zip(0..).filter(|(weight, _)| weight.abs() > LEAST).map(|(weight, n)| (n, *weight)).collect();
            pairs.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
            let often = (feature.lines as f32).sqrt();
            for pairs in pairs.chunks(ROW).take(MOST_ROWS) {
                let mut row = Row { fingerprint: fingerprint as u16, moved: 1.0, used: pairs.len() as u8, ..Row::default() };
                for (place, (language, weight)) in pairs.iter().enumerate() {
                    (row.languages[place], row.weights[place]) = (*language, *weight);
                    row.value += weight.abs() * often;
                }
                table[bucket].push(row);
            }
        }
        for bucket in &mut table {
            bucket.sort_by(|a, b| b.value.total_cmp(&a.value));
            bucket.truncate(ROWS);
        }
        Packed { buckets: table, biases: weights.biases.clone(), places }
    }

    pub fn rows_used(&self) -> usize {
        self.buckets.iter().map(Vec::len).sum()
    }

    pub fn weights_used(&self) -> usize {
        self.buckets.iter().flatten().map(|row| usize::from(row.used)).sum()
    }

    /// Learns from every line once, as it will be read; the mean loss.
    pub fn pass(&mut self, corpus: &Corpus, epoch: usize) -> f64 {
        let rate = RATE * (1.0 - 0.8 * epoch as f32 / EPOCHS as f32);
        let mut scores = Vec::new();
        let mut steps = Vec::new();
        let mut by_language = [0.0; 256];
        let mut loss = 0.0;
        for line in &corpus.lines {
            let biases = &mut self.biases[usize::from(line.writing)];
            let scale = line.scale;
            let mut sums = [0.0; 256];
            for feature in &line.features {
                let (bucket, fingerprint) = self.places[*feature as usize];
                for row in self.buckets[bucket as usize].iter().filter(|row| row.fingerprint == fingerprint) {
                    for (language, weight) in row.languages.iter().zip(row.weights) {
                        sums[usize::from(*language)] += weight;
                    }
                }
            }
            scores.clear();
            scores.extend(biases.iter().zip(&sums).map(|(bias, sum)| sum * scale + bias));
            let own = fit::gradient(&mut scores, line.language);
            loss += own;
            if fit::is_mislabelled(&scores, own) {
                continue;
            }
            let square = fit::active(&scores, &mut steps);
            if square < 1e-6 {
                continue;
            }
            for (n, gradient) in &steps {
                biases[usize::from(*n)] -= rate * BIAS_RATE * gradient;
                by_language[usize::from(*n)] = *gradient;
            }
            for feature in &line.features {
                let (bucket, fingerprint) = self.places[*feature as usize];
                for row in self.buckets[bucket as usize].iter_mut().filter(|row| row.fingerprint == fingerprint) {
                    row.moved += square * scale * scale;
                    let step = rate * scale / row.moved.sqrt();
                    for place in 0..usize::from(row.used) {
                        row.weights[place] -= step * by_language[usize::from(row.languages[place])];
                    }
                }
            }
            for (n, _) in &steps {
                by_language[usize::from(*n)] = 0.0;
            }
        }
        loss / corpus.lines.len() as f64
    }

    /// The model's file.
    pub fn to_bytes(&self, corpus: &Corpus) -> Vec<u8> {
        let mut sizes: Vec<f32> = self.buckets.iter().flatten().flat_map(|row| row.weights).map(f32::abs).filter(|weight| *weight > 0.0).collect();
        sizes.sort_by(f32::total_cmp);
        // One weight in a thousand is cut.
        let step = sizes[sizes.len() - 1 - sizes.len() / 1000] / 127.0;
        let mut header = Vec::new();
        header.extend_from_slice(&((step * SHARPER * 65536.0).round() as u32).to_le_bytes());
        for (class, biases) in corpus.classes.iter().zip(&self.biases) {
            header.push(class.len() as u8);
            for (tag, bias) in class.iter().zip(biases) {
                header.extend_from_slice(format!("{tag:<4}").as_bytes());
                header.extend_from_slice(&((bias * SHARPER * UNIT as f32).round() as i32).to_le_bytes());
            }
        }
        let start = (MAGIC.len() + 4 + header.len()).next_multiple_of(BUCKET);
        let mut bytes = MAGIC.to_vec();
        bytes.extend_from_slice(&(start as u32).to_le_bytes());
        bytes.extend(header);
        bytes.resize(start, 0);
        for bucket in &self.buckets {
            let fingerprints = bucket.iter().enumerate().fold(0_u64, |all, (n, row)| all | u64::from(row.fingerprint) << (9 * n));
            bytes.extend_from_slice(&fingerprints.to_le_bytes());
            for n in 0..ROWS {
                let row = bucket.get(n).copied().unwrap_or_default();
                for (language, weight) in row.languages.iter().zip(row.weights) {
                    bytes.extend_from_slice(&[*language, ((weight / step).round().clamp(-127.0, 127.0) as i8).cast_unsigned()]);
                }
            }
        }
        bytes
    }
}
