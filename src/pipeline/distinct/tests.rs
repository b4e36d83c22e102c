//! Distinct lines against a naive twin: a map and a list.

use std::{collections::HashMap, path::PathBuf};

use proptest::prelude::*;

use super::*;
use crate::lines::compared_form;

struct Case {
    folded: bool,
    count: bool,
    least: u64,
    most: u64,
}

fn form(line: &[u8], folded: bool) -> Vec<u8> {
    match std::str::from_utf8(line) {
        Ok(text) if folded => {
            let mut form = Vec::new();
            compared_form(text, &mut form);
            form
        }
        _ => line.to_vec(),
    }
}

/// The twin.
fn naive(texts: &[Vec<u8>], case: &Case) -> Vec<u8> {
    let (mut counts, mut order) = (HashMap::new(), Vec::new());
    for text in texts.iter().filter(|text| !text.is_empty()) {
        for line in text.strip_suffix(b"\n").unwrap_or(text).split(|b| *b == b'\n') {
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            let count = counts.entry(form(line, case.folded)).or_insert(0_u64);
            if *count == 0 {
                order.push(line);
            }
            *count += 1;
        }
    }
    let mut out = Vec::new();
    for line in order {
        let count = counts[&form(line, case.folded)];
        if (case.least..=case.most).contains(&count) {
            if case.count {
                out.extend_from_slice(format!("{count:7} ").as_bytes());
            }
            out.extend_from_slice(line);
            out.push(b'\n');
        }
    }
    out
}

fn run(dir: &tempfile::TempDir, texts: &[Vec<u8>], case: &Case, threads: usize, mask: u64, room: Option<usize>) -> (Vec<u8>, DistinctRun) {
    let inputs: Vec<PathBuf> = (0..texts.len()).map(|n| dir.path().join(format!("{n}.txt"))).collect();
    inputs.iter().zip(texts).for_each(|(path, text)| std::fs::write(path, text).unwrap());
    let asked = DistinctLines {
        inputs,
        folded: case.folded,
        count: case.count,
        least: case.least,
        most: case.most,
        threads,
        memory: 64 << 20,
        temporary: Temporary::of(Some(dir.path())).unwrap(),
    };
    let mut out = Vec::new();
    let run = asked.write_with(&mut out, &StopFlag::new(0), Key { folded: case.folded, seed: 5, mask }, room.map(|room| (room, 700))).unwrap();
    (out, run)
}

fn line() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        6 => (0_u32..400, 0_usize..3).prop_map(|(n, more)| format!("Line {n}{}", " and more of it".repeat(more)).into_bytes()),
        2 => prop::sample::select(vec!["", "\r", "LINE 7", "line  7", "a b", "Ａ b"]).prop_map(|s: &str| s.as_bytes().to_vec()),
        1 => prop::collection::vec(prop::sample::select(vec![0_u8, 0xFF, b'a', b'\r']), 0..4),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever the threads, the memory and the hashes: what the twin says.
    #[test]
    fn agrees_with_the_naive_twin(
        files in prop::collection::vec((prop::collection::vec(line(), 0..300), any::<bool>()), 1..4),
        folded: bool, count: bool, bounds in prop::sample::select(vec![(1, u64::MAX), (2, u64::MAX), (1, 1), (3, 4)]),
    ) {
        let texts: Vec<Vec<u8>> = files.into_iter().map(|(lines, ends)| {
            let mut text = lines.join(&b'\n');
            if ends && !lines.is_empty() {
                text.push(b'\n');
            }
            text
        }).collect();
        // An empty last line without its end is no line.
        let case = Case { folded, count, least: bounds.0, most: bounds.1 };
        let want = naive(&texts, &case);
        let dir = tempfile::tempdir().unwrap();
        for (threads, mask, room) in [(1, u64::MAX, None), (3, u64::MAX, None), (2, u64::MAX, Some(20_000)), (1, 0xFF, Some(20_000)), (2, 0, Some(12_000))] {
            let (out, found) = run(&dir, &texts, &case, threads, mask, room);
            prop_assert_eq!(String::from_utf8_lossy(&out), String::from_utf8_lossy(&want), "{} threads, room {:?}", threads, room);
            prop_assert_eq!(&out, &want);
            prop_assert!(found.problems.is_empty() && found.written <= found.distinct && found.distinct <= found.lines);
        }
    }
}

#[test]
fn little_room_spills_again_and_again() {
    let dir = tempfile::tempdir().unwrap();
    let texts = vec![(0..60_000_u32).map(|n| format!("{} of many\n", n % 20_000)).collect::<String>().into_bytes()];
    for count in [false, true] {
        let case = Case { folded: false, count, least: 1, most: u64::MAX };
        let (out, found) = run(&dir, &texts, &case, 2, u64::MAX, Some(9_000));
        // Here each partition has room: what was written once.
        let once = run(&dir, &texts, &case, 2, u64::MAX, Some(60_000)).1.spilled;
        assert!(out == naive(&texts, &case));
        assert_eq!((found.lines, found.distinct, found.written), (60_000, 20_000, 20_000));
        assert!(once > 500_000 && found.spilled > once + once / 2, "{once} {}", found.spilled);
    }
}

#[test]
fn too_little_memory_and_no_folder_are_said() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x.txt");
    std::fs::write(&path, "a\nb\n").unwrap();
    let nowhere = dir.path().join("nowhere");
    assert!(Temporary::of(Some(&nowhere)).is_err_and(|e| e.exit_code() == 4 && e.to_string().contains("nowhere")));
    std::fs::create_dir(&nowhere).unwrap();
    let temporary = Temporary::of(Some(&nowhere)).unwrap();
    std::fs::remove_dir(&nowhere).unwrap();
    let mut asked =
        DistinctLines { inputs: vec![path], folded: false, count: false, least: 1, most: u64::MAX, threads: 1, memory: 1 << 20, temporary };
    let error = asked.write(&mut Vec::new(), &StopFlag::new(0)).unwrap_err();
    assert_eq!((error.exit_code(), error.hint_text()), (2, Some("--memory 16M or more")));
    asked.memory = LEAST_MEMORY;
    assert_eq!(asked.write(&mut Vec::new(), &StopFlag::new(0)).unwrap().distinct, 2);
    let key = Key { folded: false, seed: 1, mask: u64::MAX };
    let error = asked.write_with(&mut Vec::new(), &StopFlag::new(0), key, Some((0, 1))).unwrap_err();
    assert!(error.exit_code() == 4 && error.to_string().contains("nowhere") && error.hint_text().unwrap().contains("--tmp-dir"), "{error}");
    let error = asked.write(&mut Vec::new(), &StopFlag::new(15)).unwrap_err();
    assert_eq!(error.exit_code(), 143);
}
