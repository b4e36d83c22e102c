//! The cases by which other tools test themselves (`fixtures/near/peers.jsonl`): the same answers, or another for the reason that stands beside it.

use std::path::Path;

use buddle::dedup::{ShingleSize, Shingler, Threshold, similarity};
use serde_json::Value;

use super::{jsonl, place};
use crate::workdir::{Workdir, rows};

/// A sorted set of the hashes of a text's shingles.
fn shingles(size: ShingleSize, text: &str) -> Vec<u32> {
    let mut shingler = Shingler::new(size);
    shingler.begin();
    text.lines().for_each(|line| shingler.line(line));
    let mut hashes = Vec::new();
    shingler.shingles(&mut hashes);
    hashes.sort_unstable();
    hashes.dedup();
    hashes
}

fn numbers(of: &Value) -> Vec<usize> {
    of.as_array().unwrap().iter().map(|n| n.as_u64().unwrap() as usize).collect()
}

fn pairs(of: &Value) -> Vec<Vec<usize>> {
    of.as_array().into_iter().flatten().map(numbers).collect()
}

#[test]
fn answers_are_those_of_the_peers_or_differ_for_a_reason() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/near/peers.jsonl");
    let cases = rows(&std::fs::read(path).unwrap());
    let dir = Workdir::new();
    let mut differ = 0;
    for case in &cases {
        let texts: Vec<&str> = case["documents"].as_array().unwrap().iter().map(|text| text.as_str().unwrap()).collect();
        let (size, threshold) = (case["shingle"].as_str().unwrap(), case["threshold"].as_f64().unwrap());
        let sets: Vec<Vec<u32>> = texts.iter().map(|text| shingles(size.parse().unwrap(), text)).collect();
        let differs = &case["differs"];
        for (said, expected) in [("alike", true), ("unlike", false)] {
            let other = pairs(&differs[if expected { "unlike" } else { "alike" }]);
            for pair in pairs(&case[said]) {
                let found = similarity(&sets[pair[0]], &sets[pair[1]], Threshold::new(threshold).unwrap()).is_some();
                assert_eq!(found, expected != other.contains(&pair), "{pair:?} of {case}");
            }
        }
        dir.write("in.jsonl", jsonl(&texts));
        let flags = ["--near-threshold", &threshold.to_string(), "--shingle", size, "--site-from", "none", "--langid", "none"];
        let clean = dir.run(&[&["clean", "in.jsonl", "-q", "--near", "--from", "jsonl"], &flags[..]].concat()).exits(0);
        let kept: Vec<usize> = clean.rows().iter().map(|row| place(&row["buddle"])).collect();
        if let Some(otherwise) = differs.get("kept") {
            assert_eq!(kept, numbers(otherwise), "{case}");
            assert!(case.get("kept").is_none_or(|peers| numbers(peers) != kept), "{case}");
            assert_ne!(case["kept_count"], kept.len(), "{case}");
        } else if case.get("kept").is_some() {
            assert_eq!(kept, numbers(&case["kept"]), "{case}");
        } else if case.get("kept_count").is_some() {
            assert_eq!(case["kept_count"], kept.len(), "{case}");
        }
        assert_eq!(case.get("differs").is_some(), differs["reason"].is_string());
        differ += usize::from(differs.is_object());
    }
    assert_eq!((cases.len(), differ), (54, 12));
}
