//! Input that breaks what compares documents: crowds, chains, giants, nothing at all. Time grows with the input and no faster.

use std::time::{Duration, Instant};

use serde_json::json;

use super::{
    gone, jsonl, likeness,
    made::{Dice, Made},
    place, shingles, stay,
};
use crate::workdir::Workdir;

/// Washes it in far less time than anything that looks at pairs would take, unoptimised.
fn wash(dir: &Workdir, input: impl AsRef<[u8]>, flags: &[&str]) {
    dir.write("in.jsonl", input);
    let start = Instant::now();
    dir.run(&[&["clean", "in.jsonl", "-q", "--near", "--covered", "--site-from", "none", "--langid", "none", "-o", "washed"], flags].concat())
        .exits(0);
    assert!(start.elapsed() < Duration::from_secs(120), "{:?}", start.elapsed());
}

/// A word that no other number gives.
fn word(n: usize) -> String {
    format!("w{n:x}")
}

fn words(numbers: impl IntoIterator<Item = usize>) -> String {
    numbers.into_iter().map(word).collect::<Vec<_>>().join(" ")
}

#[test]
fn twenty_thousand_copies_of_a_page() {
    let dir = Workdir::new();
    let page: Vec<usize> = (0..80).collect();
    // A word changed: 71 of 81 shingles, and of two such copies 66 of 86.
    let copy = |n: usize| words(page.iter().map(|at| if n > 0 && *at == 5 + n % 70 { 1000 + n } else { *at }));
    wash(&dir, jsonl((0..20_000).map(copy)), &[]);
    let gone = gone(&dir, "washed");
    assert!(gone.len() >= 19_990, "{}", gone.len());
    let stays = stay(&dir, "washed");
    assert!(stays.contains(&0) && gone.iter().all(|row| stays.contains(&place(&row["kept"]))));
    assert!(gone.iter().filter(|row| row["kept"]["id"] == 0).all(|row| row["similarity"] == 0.8765));
}

#[test]
fn a_chain_of_five_thousand_does_not_collapse() {
    let dir = Workdir::new();
    let texts: Vec<String> = (0..5000).map(|n| words(n * 5..n * 5 + 64)).collect();
    wash(&dir, jsonl(&texts), &[]);
    let (stays, gone) = (stay(&dir, "washed"), gone(&dir, "washed"));
    // 55 of 65 shingles are the next one's, 50 of 70 the next but one's.
    assert!((2490..2600).contains(&stays.len()), "{}", stays.len());
    let sets: Vec<_> = texts.iter().map(|text| shingles(text)).collect();
    for row in &gone {
        let (n, kept) = (place(row), place(&row["kept"]));
        assert!(stays.contains(&kept), "{row}");
        let (common, union) = likeness(&sets[n], &sets[kept]);
        assert!(common * 5 >= union * 4 && n - kept == 1, "{row}");
    }
}

#[test]
fn crowds_that_are_no_copies_all_stay() {
    let dir = Workdir::new();
    // A shared half, the greater part in lines that all have.
    let half = format!("{}\n{}", words(0..30), words(30..60));
    wash(&dir, jsonl((0..6000).map(|n| format!("{half}\n{}", words(100 + n * 60..160 + n * 60)))), &[]);
    assert_eq!((stay(&dir, "washed").len(), gone(&dir, "washed").len()), (6000, 0));
    // Words of which each stands alone, some of them twice: those are equal.
    wash(&dir, jsonl((0..20_000).map(|n| word(n % 19_990))), &["--overwrite"]);
    let rows = gone(&dir, "washed");
    assert!(rows.len() == 10 && rows.iter().all(|row| row["reason"] == "document_exact"));
    // Nothing, and what is as good as nothing.
    wash(&dir, jsonl((0..20_000).map(|n| ["", " \n ", "\u{200b}"][n % 3])), &["--overwrite"]);
    let rows = gone(&dir, "washed");
    assert!(rows.len() == 20_000 && rows.iter().all(|row| row["reason"] == "document_empty"));
}

/// Each holds all lines of the one before, and one more.
#[test]
fn a_staircase_goes_for_what_stays() {
    let dir = Workdir::new();
    let line = |n: usize| words(n * 12..n * 12 + 12);
    let stairs: Vec<String> = (0..400).map(|n| (0..n + 2).map(line).collect::<Vec<_>>().join("\n")).collect();
    for keep in ["first", "longest"] {
        wash(&dir, jsonl(&stairs), &["--overwrite", "--keep-document", keep]);
        let (stays, rows) = (stay(&dir, "washed"), gone(&dir, "washed"));
        assert_eq!(stays.len() + rows.len(), stairs.len());
        assert!(rows.iter().all(|row| stays.contains(&place(&row["kept"]))));
        assert!(rows.len() > 300, "{}", rows.len());
    }
}

#[test]
fn a_giant_of_one_word_beside_others() {
    let dir = Workdir::new();
    let mut dice = Dice::new(9);
    let other = Made::new(&mut dice, 0, 3, 30);
    let (giant, smaller) = ("again ".repeat(900_000), "again ".repeat(6));
    let texts =
        [other.text(), giant, other.changed(&mut dice, 1).text(), smaller, "x".repeat(3 << 20), other.text() + "\n" + &"deep ".repeat(200_000)];
    wash(&dir, jsonl(&texts), &[]);
    let rows = gone(&dir, "washed");
    let named: Vec<_> = rows.iter().map(|row| (place(row), place(&row["kept"]), row["reason"].as_str().unwrap())).collect();
    // The giant has one shingle, and so has the small one.
    assert_eq!(named, [(2, 0, "document_near"), (3, 1, "document_near"), (5, 0, "document_near")]);
}

#[test]
fn ids_that_repeat_are_told_apart_by_their_place() {
    let dir = Workdir::new();
    let mut dice = Dice::new(10);
    let made: Vec<Made> = (0..50).map(|n| Made::new(&mut dice, n % 7, 4, 25)).collect();
    let texts: Vec<String> = made.iter().map(Made::text).chain(made.iter().map(|made| made.changed(&mut dice, 1).text())).collect();
    let input: String = texts.iter().map(|text| format!("{}\n", json!({"id": "same", "text": text}))).collect();
    wash(&dir, &input, &[]);
    let rows = gone(&dir, "washed");
    let pairs: Vec<_> = rows.iter().map(|row| (place(row), place(&row["kept"]))).collect();
    assert_eq!(pairs, (50..100).map(|n| (n, n - 50)).collect::<Vec<_>>());
    dir.run(&["restore", "washed", "-o", "back.jsonl"]).exits(0);
    let back = crate::workdir::rows(&std::fs::read(dir.path("back.jsonl")).unwrap());
    assert!(back.iter().map(|row| row["text"].as_str().unwrap()).eq(texts.iter().map(String::as_str)));
}
