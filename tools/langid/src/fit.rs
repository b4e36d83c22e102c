//! Multinomial logistic regression by stochastic gradient descent: a step for each line, its size by how much its features have moved (AdaGrad,
//! Duchi, Hazan, Singer 2011, one sum for each feature), and only for languages that the line is not surely without.

use crate::corpus::Corpus;

pub const EPOCHS: usize = 5;
const RATE: f32 = 2.0;
const BIAS_RATE: f32 = 0.02;
/// Gradients below this are no step.
const LEAST: f32 = 0.001;

/// A weight for each feature and language of its writing.
pub struct Weights {
    /// Where each feature's weights begin.
    starts: Vec<usize>,
    weights: Vec<f32>,
    moved: Vec<f32>,
    pub biases: Vec<Vec<f32>>,
}

/// Scores made probabilities, less one for the language that it is; minus the logarithm of that one's.
pub fn gradient(scores: &mut [f32], language: u8) -> f64 {
    let most = scores.iter().copied().fold(f32::MIN, f32::max);
    let mut sum = 0.0;
    for score in scores.iter_mut() {
        *score = (*score - most).exp();
        sum += *score;
    }
    for score in scores.iter_mut() {
        *score /= sum;
    }
    let right = &mut scores[usize::from(language)];
    let loss = -f64::from(right.max(1e-9)).ln();
    *right -= 1.0;
    loss
}

/// Is the line surely in another language than its label says? Interfaces are translated in part, and lists of words hold English.
pub fn is_mislabelled(gradient: &[f32], loss: f64) -> bool {
    loss > 4.0 && gradient.iter().any(|gradient| *gradient > 0.8)
}

/// The part of the gradient that is worth a step, and its square.
pub fn active(gradient: &[f32], into: &mut Vec<(u8, f32)>) -> f32 {
    into.clear();
    into.extend(gradient.iter().zip(0..).filter(|(gradient, _)| gradient.abs() > LEAST).map(|(gradient, n)| (n, *gradient)));
    into.iter().map(|(_, gradient)| gradient * gradient).sum()
}

impl Weights {
    pub fn new(corpus: &Corpus) -> Weights {
        let mut at = 0;
        let starts = corpus
            .features
            .iter()
            .map(|feature| {
                let start = at;
                at += corpus.classes[usize::from(feature.writing)].len();
                start
            })
            .collect();
        let biases = corpus.classes.iter().map(|class| vec![0.0; class.len()]).collect();
        Weights { starts, weights: vec![0.0; at], moved: vec![1.0; corpus.features.len()], biases }
    }

    pub fn of(&self, feature: usize, languages: usize) -> &[f32] {
        &self.weights[self.starts[feature]..][..languages]
    }

    /// Learns from every line once; the mean loss.
    pub fn pass(&mut self, corpus: &Corpus, epoch: usize) -> f64 {
        let rate = RATE * (1.0 - 0.7 * epoch as f32 / EPOCHS as f32);
        let mut scores = Vec::new();
        let mut steps = Vec::new();
        let mut loss = 0.0;
        for line in &corpus.lines {
            let biases = &mut self.biases[usize::from(line.writing)];
            let scale = line.scale;
            scores.clear();
            scores.resize(biases.len(), 0.0);
            for feature in &line.features {
                let weights = &self.weights[self.starts[*feature as usize]..][..scores.len()];
                for (score, weight) in scores.iter_mut().zip(weights) {
                    *score += weight;
                }
            }
            for (score, bias) in scores.iter_mut().zip(&*biases) {
                *score = *score * scale + bias;
            }
            let own = gradient(&mut scores, line.language);
            loss += own;
            if epoch > 1 && is_mislabelled(&scores, own) {
                continue;
            }
            let square = active(&scores, &mut steps);
            if square < 1e-6 {
                continue;
            }
            for (n, gradient) in &steps {
                biases[usize::from(*n)] -= rate * BIAS_RATE * gradient;
            }
            for feature in &line.features {
                let moved = &mut self.moved[*feature as usize];
                *moved += square * scale * scale;
                let step = rate * scale / moved.sqrt();
                let start = self.starts[*feature as usize];
                for (n, gradient) in &steps {
                    self.weights[start + usize::from(*n)] -= step * gradient;
                }
            }
        }
        loss / corpus.lines.len() as f64
    }
}
