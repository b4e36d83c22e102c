//! Index files that lie: bytes changed and the checksums of their pages made right again. Whatever stands there, it is an error or an answer, never a panic,
//! and never more memory than the file has bytes.

use std::{fs, path::PathBuf};

use buddle::{
    config::{Config, LangidEngine},
    model::{PAGE, PAGE_BYTES, page_checksum},
    pipeline::{self, Similar, StopFlag, Unobserved},
};
use proptest::{prelude::*, strategy::ValueTree};

use crate::workdir::Workdir;

fn record(n: usize) -> String {
    let word = |w: usize| ["river", "bridge", "council", "market", "harbour", "winter", "garden"][(n * 5 + w * w) % 7];
    let story = (0..30).map(|w| format!("{}{}", word(w), (n / 3 * 7 + w) % 97)).collect::<Vec<_>>().join(" ");
    format!(
        "{{\"id\":{n},\"url\":\"https://s{}.example/{n}\",\"text\":\"Home\\nNews of the day\\nContact us\\n{story}.\\nAll rights reserved\"}}\n",
        n % 3
    )
}

fn config(dir: &Workdir, input: &str) -> Config {
    Config { inputs: vec![dir.path(input)], langid: LangidEngine::None, near: true, threads: 1, max_corpus_share: 1.0, ..Config::default() }
}

/// All that reads an index, of the folder `lies`.
fn ask(dir: &Workdir) {
    let flag = StopFlag::new(0);
    let (lies, output): (PathBuf, PathBuf) = (dir.path("lies"), dir.path("output.jsonl"));
    let _ = pipeline::index_facts(&lies);
    let _ = pipeline::check_index(&lies);
    let index = Config { index: Some(lies.clone()), output: Some(output.clone()), ..config(dir, "new.jsonl") };
    let _ = pipeline::clean(&index, &Unobserved, &flag);
    let _ = pipeline::clean(&Config { near: false, one_pass: true, ..index.clone() }, &Unobserved, &flag);
    for nearest in [None, Some(3)] {
        let asked = Similar { against: Vec::new(), nearest, threshold: nearest.is_none(), most: 32, differences: false };
        let _ = pipeline::similar(&index, &asked, &Unobserved, &flag);
    }
    for both in [[&lies, &dir.path("true")], [&dir.path("true"), &lies]] {
        let _ = pipeline::merge_indexes(&both.map(Clone::clone), &dir.path("merged"), true, &flag);
    }
}

#[test]
fn lies_are_errors_or_answers() {
    let dir = Workdir::new();
    dir.write("old.jsonl", (0..120).map(record).collect::<String>()).write("new.jsonl", (90..150).map(record).collect::<String>());
    pipeline::build_index(&config(&dir, "old.jsonl"), &dir.path("true"), &Unobserved, &StopFlag::new(0)).unwrap();
    let files = ["lines.idx", "documents.idx", "shingles.idx"].map(|name| (name, fs::read(dir.path("true").join(name)).unwrap()));
    fs::create_dir(dir.path("lies")).unwrap();
    let honest = || files.iter().for_each(|(name, bytes)| fs::write(dir.path("lies").join(name), bytes).unwrap());
    honest();
    ask(&dir);
    assert!(!fs::read_to_string(dir.path("output.jsonl")).unwrap().is_empty());
    let patch = (any::<prop::sample::Index>(), prop_oneof![Just(0_u8), Just(1), Just(0x7F), Just(0xFF), any::<u8>()]);
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let strategy = (0..files.len(), prop::collection::vec((patch, 1_usize..9), 1..4));
    for _ in 0..150 {
        let (file, patches) = strategy.new_tree(&mut runner).unwrap().current();
        let (name, bytes) = &files[file];
        let mut lie = bytes.clone();
        // Where something stands: most of the last page of a section is empty.
        let written: Vec<usize> = (12..lie.len()).filter(|at| at % PAGE < PAGE_BYTES && (lie[*at] != 0 || at % PAGE < 400)).collect();
        for ((at, value), len) in patches {
            let at = *at.get(&written);
            lie.iter_mut().skip(at).take(len).for_each(|byte| *byte = value);
        }
        for (page, number) in lie.chunks_exact_mut(PAGE).zip(0..) {
            let (page, checksum) = page.split_at_mut(PAGE_BYTES);
            checksum.copy_from_slice(&page_checksum(page, number).to_le_bytes());
        }
        honest();
        fs::write(dir.path("lies").join(name), lie).unwrap();
        ask(&dir);
    }
}
