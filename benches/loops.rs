//! What the hot loops cost, each alone: `cargo bench --bench loops [-- CORPUS.jsonl]`.
//!
//! The rows of `fixtures/judgement` (or of a corpus with `url` and `text`) are repeated until their texts are some 16 MB; then each loop goes over all
//! of them, one thread, the least of some rounds, in nanoseconds an item and bytes of input a second. Every round must come to what a naive reading
//! comes to. Repeated lines flatter the table: where it and memory matter, give a corpus.

#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::print_stdout)] // It stops at what it did not expect, and prints its figures.

use std::{collections::HashSet, hint::black_box, time::Instant};

use buddle::{
    decode::{Normalizer, StepCounts, Steps},
    hash::{LineHash, LineKey, Record, SiteKey, TextTable, sort},
    lines::{LineMemory, Noting, Page, compared_form, index::IndexBuilder},
    model::{lines, site_of_url},
    read::{FieldPaths, parse},
};

/// Bytes of text that a round goes over, at least.
const BYTES: usize = 16_000_000;
/// Rounds; the least counts.
const ROUNDS: usize = 7;
/// Deepest brackets of a row.
const NESTING: usize = 128;

fn main() {
    let path = std::env::args().skip(1).find(|arg| !arg.starts_with("--"));
    let path = path.unwrap_or_else(|| concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/judgement/sites.jsonl").into());
    let corpus = std::fs::read_to_string(&path).expect("a corpus of JSON Lines");
    let once: Vec<(&str, String, String)> = corpus
        .lines()
        .map(|row| {
            let value: serde_json::Value = serde_json::from_str(row).expect("JSON");
            let field = |name: &str| value[name].as_str().unwrap_or_default().to_owned();
            (row, site_of_url(&field("url")).unwrap_or_default(), field("text"))
        })
        .collect();
    let times = BYTES.div_ceil(once.iter().map(|(_, _, text)| text.len()).sum::<usize>().max(1));
    // Copies, so that memory is read as it is of a corpus; each repetition has sites of its own, so that no tuple comes twice for it.
    let again = || (0..times).flat_map(|repetition| once.iter().map(move |document| (repetition, document)));
    let rows: Vec<String> = again().map(|(_, (row, ..))| (*row).to_owned()).collect();
    let texts: Vec<String> = again().map(|(_, (_, _, text))| text.clone()).collect();
    let sites: Vec<SiteKey> = again().map(|(repetition, (_, site, _))| SiteKey::of(&format!("{repetition}.{site}"))).collect();
    let all: Vec<&str> = texts.iter().flat_map(|text| text.split('\n')).collect();
    let row_bytes: usize = rows.iter().map(String::len).sum();
    let text_bytes: usize = texts.iter().map(String::len).sum();
    let line_bytes: usize = all.iter().map(|line| line.len()).sum();
    println!("{} rows of {row_bytes} bytes, their texts {text_bytes} in {} lines", rows.len(), all.len());

    let split = Loop { name: "split", items: all.len(), item: "line", bytes: text_bytes };
    split.sum(all.len() as u64, || black_box(&texts).iter().map(|text| lines(text).inspect(|line| _ = black_box(line.len())).count() as u64).sum());

    let half = |line: &str| LineHash::of(line.as_bytes()).half();
    let naive = all.iter().fold(0, |sum: u64, line| sum.wrapping_add(half(line)));
    let hash = Loop { name: "line hash", items: all.len(), item: "line", bytes: line_bytes };
    hash.sum(naive, || black_box(&all).iter().fold(0, |sum: u64, line| sum.wrapping_add(half(line))));

    // A carriage return at the head makes a blank line, which goes: a normal text too is then looked at line by line.
    let normalizer = Normalizer::new(Steps::all());
    let normal_bytes = |text: &str| normalizer.normalize(text, &mut StepCounts::default()).text.len() as u64;
    let naive = texts.iter().map(|text| normal_bytes(&format!("\r{text}"))).sum();
    let normal = Loop { name: "normal", items: texts.len(), item: "text", bytes: text_bytes };
    normal.sum(naive, || black_box(&texts).iter().map(|text| normal_bytes(text)).sum());

    let key = |line: &str, form: &mut Vec<u8>| {
        black_box(compared_form(line, form));
        LineKey::of(form).half()
    };
    let naive = all.iter().fold(0, |sum: u64, line| sum.wrapping_add(key(line, &mut Vec::new())));
    let compared = Loop { name: "compared form, key", items: all.len(), item: "line", bytes: line_bytes };
    let mut form = Vec::new();
    compared.sum(naive, || black_box(&all).iter().fold(0, |sum: u64, line| sum.wrapping_add(key(line, &mut form))));

    let hashed: Vec<(u64, &[u8])> = all.iter().map(|line| (half(line), line.as_bytes())).collect();
    let naive = all.iter().collect::<HashSet<_>>().len();
    let table = Loop { name: "table", items: all.len(), item: "line", bytes: line_bytes };
    let insert = |table: &mut TextTable| {
        for (hash, line) in black_box(&hashed) {
            black_box(table.insert(*hash, line));
        }
    };
    table.time(&mut TextTable::default(), |table| *table = TextTable::default(), insert, |table| table.len() == naive);

    let (mut builder, mut memory) = (IndexBuilder::default(), LineMemory::default());
    texts.iter().zip(&sites).for_each(|(text, site)| builder.add(*site, &Page::new(text, &mut memory, Noting::Nothing)));
    // The first document twice, so that some tuples count once.
    builder.add(sites[0], &Page::new(&texts[0], &mut memory, Noting::Nothing));
    let tuples = builder.tuples;
    let mut naive = tuples.clone();
    naive.sort();
    naive.dedup_by(|next, kept| kept.absorb(next));
    assert!(naive.len() < tuples.len(), "no tuple comes twice");
    let sorting = Loop { name: "sort", items: tuples.len(), item: "tuple", bytes: 0 };
    sorting.time(&mut Vec::new(), |sorted| sorted.clone_from(&tuples), sort, |sorted| *sorted == naive);

    let paths = FieldPaths::new("text", "id", "url", None);
    let read = |row: &'_ str| parse(row.as_bytes(), &paths, NESTING).expect("a record").text.len() as u64;
    let json = Loop { name: "json", items: rows.len(), item: "row", bytes: row_bytes };
    json.sum(text_bytes as u64, || black_box(&rows).iter().map(|row| read(row)).sum());

    let cut: Vec<&str> = texts.iter().map(|text| text.split_once('\n').map_or("", |(_, rest)| rest)).collect();
    let records: Vec<_> = rows.iter().map(|row| parse(row.as_bytes(), &paths, NESTING).expect("a record")).collect();
    let rewrite = |out: &mut Vec<u8>| {
        for ((record, row), text) in black_box(&records).iter().zip(&rows).zip(&cut) {
            record.rewrite(row.as_bytes(), text, out);
        }
    };
    let mut written = Vec::new();
    rewrite(&mut written);
    let read_back = std::str::from_utf8(&written).expect("UTF-8").lines().map(|row| serde_json::from_str(row).expect("JSON"));
    assert!(read_back.map(|row: serde_json::Value| row["text"].as_str().expect("a text").to_owned()).eq(cut.iter().copied()), "other texts");
    let quote = Loop { name: "quote", items: rows.len(), item: "row", bytes: row_bytes };
    quote.time(&mut Vec::new(), Vec::clear, rewrite, |out| *out == written);
}

/// A loop, and what it goes over.
struct Loop {
    name: &'static str,
    items: usize,
    item: &'static str,
    /// Of input; 0 where they say nothing.
    bytes: usize,
}

impl Loop {
    /// Times a loop that comes to a sum.
    fn sum(&self, naive: u64, mut round: impl FnMut() -> u64) {
        self.time(&mut 0, |sum| *sum = 0, |sum| *sum = round(), |sum| *sum == naive);
    }

    /// Times `round`; what makes ready for it and what looks at its result is not timed.
    fn time<S>(&self, state: &mut S, ready: impl Fn(&mut S), mut round: impl FnMut(&mut S), is_right: impl Fn(&S) -> bool) {
        let Loop { name, items, item, bytes } = *self;
        let took = (0..ROUNDS).map(|_| {
            ready(state);
            let start = Instant::now();
            round(state);
            let took = start.elapsed().as_nanos() as f64;
            assert!(is_right(state), "{name}: not what the naive reading comes to");
            took
        });
        let least = took.fold(f64::INFINITY, f64::min);
        let speed = if bytes == 0 { String::new() } else { format!(", {:.2} GB/s", bytes as f64 / least) };
        println!("{name}: {:.1} ns a {item}{speed}", least / items as f64);
    }
}
