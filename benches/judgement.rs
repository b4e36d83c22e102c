//! What the judgement costs: `cargo bench --bench judgement [-- CORPUS.jsonl]`.
//!
//! The pages of `fixtures/judgement` (or of a corpus with `url` and `text`) are read and indexed once; then reading (split, fold, measure, hash) and
//! judging are timed alone, one thread, the least of some rounds, in nanoseconds a line. Every round must come to the same verdicts.

#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::print_stdout)] // It stops at what it did not expect, and prints its figure.

use std::{hint::black_box, time::Instant};

use buddle::{
    hash::SiteKey,
    lines::{LineMemory, Noting, Page, Site, Verdict, Weights, index::IndexBuilder, judge},
    model::site_of_url,
};

/// Lines that a round goes over, at least.
const LINES: usize = 1_000_000;
/// Rounds; the least counts.
const ROUNDS: usize = 7;

fn main() {
    let path = std::env::args().skip(1).find(|arg| !arg.starts_with("--"));
    let path = path.unwrap_or_else(|| concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/judgement/sites.jsonl").into());
    let rows = std::fs::read_to_string(&path).expect("a corpus of JSON Lines");
    let documents: Vec<(SiteKey, String)> = rows
        .lines()
        .map(|row| {
            let row: serde_json::Value = serde_json::from_str(row).expect("JSON");
            let field = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
            (SiteKey::of(&site_of_url(&field("url")).unwrap_or_default()), field("text"))
        })
        .collect();
    let read = |text| Page::new(text, &mut LineMemory::default(), Noting::Nothing);
    let pages: Vec<(SiteKey, Page<'_>)> = documents.iter().map(|(site, text)| (*site, read(text))).collect();
    let mut builder = IndexBuilder::default();
    pages.iter().for_each(|(site, page)| builder.add(*site, page));
    let index = builder.freeze();
    let weights = Weights::built_in();
    let lines: usize = pages.iter().map(|(_, page)| page.lines().len()).sum();
    let times = LINES.div_ceil(lines.max(1));
    let least = |mut round: Box<dyn FnMut() + '_>| {
        let took = (0..ROUNDS).map(|_| {
            let start = Instant::now();
            round();
            start.elapsed().as_nanos() as f64 / (lines * times) as f64
        });
        took.fold(f64::INFINITY, f64::min)
    };
    let mut memory = LineMemory::default();
    let reading = least(Box::new(|| {
        for (_, text) in (0..times).flat_map(|_| &documents) {
            black_box(Page::new(text, &mut memory, Noting::Nothing));
        }
    }));
    let mut gone: Option<usize> = None;
    let judging = least(Box::new(|| {
        let mut sum = 0;
        for (site, page) in (0..times).flat_map(|_| &pages) {
            let site = Site::of(&index, *site).expect("a surveyed site");
            sum += judge(page, &site, weights, weights.margin(1)).iter().filter(|line| line.verdict != Verdict::Stays).count();
        }
        assert_eq!(*gone.get_or_insert(sum), sum, "verdicts differ from round to round");
    }));
    let gone = gone.unwrap_or(0) / times;
    assert!(gone > 0 && gone < lines, "{gone} of {lines} lines go");
    println!("{lines} lines of {} pages, {gone} go: reading {reading:.1} ns a line, judging {judging:.1} ns a line", pages.len());
}
