//! The index of earlier crawls: what was seen before goes, with the name of what stays, and in any number of steps as in one.

use std::{fs, path::Path};

use serde_json::{Value, json};

use crate::workdir::Workdir;

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

/// Documents of words, a third of them copies of earlier ones: whole, or with some words changed.
fn corpus(seed: u64, documents: usize) -> Vec<String> {
    let mut dice = Dice(seed);
    let mut texts: Vec<Vec<String>> = Vec::new();
    for _ in 0..documents {
        let own = |dice: &mut Dice| (0..40 + dice.roll(60)).map(|_| format!("w{}", dice.roll(5000))).collect::<Vec<_>>();
        let text = match dice.roll(6) {
            0 | 1 if !texts.is_empty() => {
                let mut copy = texts[dice.roll(texts.len() as u64) as usize].clone();
                for _ in 0..dice.roll(3) {
                    let place = dice.roll(copy.len() as u64) as usize;
                    copy[place] = format!("x{}", dice.roll(5000));
                }
                copy
            }
            2 => vec![format!("w{}", dice.roll(30))],
            _ => own(&mut dice),
        };
        texts.push(text);
    }
    texts.iter().enumerate().map(|(n, text)| json!({"id": format!("d{n}"), "text": text.join(" ")}).to_string() + "\n").collect()
}

const NEAR: [&str; 6] = ["--near", "--langid", "none", "--site-from", "none", "-q"];

fn clean(dir: &Workdir, input: &str, to: &str, more: &[&str]) -> Vec<String> {
    dir.run(&[&["clean", input, "-o", to], &NEAR[..], more].concat()).exits(0);
    dir.washed(to, "data/").iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect()
}

/// Cleaning A, then B against A's index, keeps of B what cleaning both keeps of it.
#[test]
fn one_crawl_after_the_other_is_both_at_once() {
    for (seed, cut) in [(1, 1), (2, 60), (3, 150), (4, 299)] {
        let dir = Workdir::new();
        let rows = corpus(seed, 300);
        dir.write("all.jsonl", rows.concat()).write("a.jsonl", rows[..cut].concat()).write("b.jsonl", rows[cut..].concat());
        let mut kept = clean(&dir, "a.jsonl", "a", &[]);
        kept.extend(clean(&dir, "b.jsonl", "b", &["--index", "a"]));
        let all = clean(&dir, "all.jsonl", "all", &[]);
        assert_eq!(kept, all, "{seed}");
        assert!(all.len() < 290, "{}", all.len());
    }
}

/// Ten crawls, each against an index that the ones before brought up to date; and the index is that of indexes merged.
#[test]
fn ten_increments() {
    let dir = Workdir::new();
    let rows = corpus(9, 400);
    dir.write("all.jsonl", rows.concat());
    let mut kept = Vec::new();
    for (part, n) in rows.chunks(40).zip(0..) {
        let (input, to) = (format!("{n}.jsonl"), format!("washed-{n}"));
        dir.write(&input, part.concat());
        if n == 0 {
            kept = clean(&dir, &input, &to, &[]);
            dir.run(&[&["index", "build", &input, "-o", "index"], &NEAR[..]].concat()).exits(0);
        } else {
            kept.extend(clean(&dir, &input, &to, &["--index", "index", "--update-index"]));
        }
    }
    assert_eq!(kept, clean(&dir, "all.jsonl", "all", &[]));
    let info = |index: &str| -> Value { serde_json::from_slice(&dir.run(&["index", "info", index]).exits(0).stdout).unwrap() };
    assert_eq!(info("index")["documents"], kept.len());
    dir.run(&["index", "check", "index"]).exits(0).says("every page");
    // Nothing of it is new to it.
    assert!(clean(&dir, "all.jsonl", "again", &["--index", "index"]).is_empty());
    let folders: Vec<String> = (0..10).map(|n| format!("washed-{n}")).collect();
    let folders: Vec<&str> = folders.iter().map(String::as_str).collect();
    dir.run(&[&["index", "merge"], &folders[..], &["-o", "merged"]].concat()).exits(0);
    for file in ["shingles.idx", "lines.idx"] {
        assert_eq!(fs::read(dir.path("merged").join(file)).unwrap(), fs::read(dir.path("index").join(file)).unwrap(), "{file}");
    }
}

/// What was seen before goes with the name of the old document, and its text is in the log: the other folder may be far away.
#[test]
fn the_log_names_the_old_document() {
    let dir = Workdir::new();
    let text = |n: u64| (0..60).map(|w| format!("word{} ", (w * 7 + n) % 997)).collect::<String>();
    let row = |id: &str, text: &str| json!({"id": id, "text": text}).to_string() + "\n";
    dir.write("old.jsonl", row("old-1", &text(0)) + &row("old-2", &text(300)));
    dir.write("new.jsonl", row("copy", &text(0)) + &row("near", &(text(300) + "and more")) + &row("new", &text(600)));
    assert_eq!(clean(&dir, "old.jsonl", "old", &[]), ["old-1", "old-2"]);
    assert_eq!(clean(&dir, "new.jsonl", "new", &["--index", "old"]), ["new"]);
    let gone: Vec<Value> = dir.washed("new", "removed/documents");
    let facts: Vec<_> = gone.iter().map(|row| (row["id"].clone(), row["reason"].clone(), row["kept"].clone(), row["text"].is_string())).collect();
    let kept = |id: &str, position: u64| json!({"id": id, "source": null, "position": position});
    assert_eq!(
        facts,
        [(json!("copy"), json!("document_exact"), kept("old-1", 1), true), (json!("near"), json!("document_near"), kept("old-2", 2), true),]
    );
    assert!(gone[1]["similarity"].as_f64().unwrap() > 0.9);
    dir.run(&["verify", "new"]).exits(0);
    dir.run(&["restore", "new", "-o", "restored.jsonl"]).exits(0);
    assert_eq!(fs::read_to_string(dir.path("restored.jsonl")).unwrap().lines().count(), 3);
    let explained = dir.run(&["explain", "new", "--id", "copy"]).exits(0);
    assert!(String::from_utf8(explained.stdout).unwrap().contains("old-1"));
    // Of a file of lines the documents do not count, nor of an index where all copies stay.
    assert_eq!(clean(&dir, "new.jsonl", "lines", &["--index", "old/index/lines.idx"]).len(), 3);
}

/// The text of a document that went for one which stands after it is known by that one's name.
#[test]
fn a_text_that_went_for_a_later_one_is_known() {
    let dir = Workdir::new();
    let text = (0..60).map(|w| format!("word{} ", w * 7 % 997)).collect::<String>();
    let row = |id: &str, text: &str| json!({"id": id, "text": text}).to_string() + "\n";
    dir.write("old.jsonl", row("short", &text) + &row("long", &(text.clone() + "and more")));
    dir.write("new.jsonl", row("again", &text));
    assert_eq!(clean(&dir, "old.jsonl", "old", &["--keep-document", "longest"]), ["long"]);
    dir.run(&["clean", "new.jsonl", "-q", "--index", "old", "-o", "new"]).exits(0);
    let gone: Vec<Value> = dir.washed("new", "removed/documents");
    assert_eq!((&gone[0]["id"], &gone[0]["reason"], &gone[0]["kept"]["id"]), (&json!("again"), &json!("document_exact"), &json!("long")));
}

/// Lines that the old pages repeat are furniture of the new one, beside what its own crawl says.
#[test]
fn lines_of_both_crawls_count() {
    let dir = Workdir::new();
    let page = |site: &str, n: usize| {
        let prose = format!(
            "The council of the town met of {site} for the {n}th time this year and talked about the bridge, which {n} people want to see mended."
        );
        let text = format!("Home\nNews of the day\nContact us\n{prose}\nAll rights reserved\nImprint");
        json!({"id": format!("{site}-{n}"), "url": format!("https://{site}/{n}"), "text": text}).to_string() + "\n"
    };
    dir.write("old.jsonl", (0..30).map(|n| page("old.example", n)).collect::<String>());
    dir.write("new.jsonl", page("old.example", 99) + &(0..30).map(|n| page("new.example", n)).collect::<String>());
    dir.run(&["clean", "old.jsonl", "-q", "-o", "old"]).exits(0);
    let lines = |index: &[&str]| -> Vec<usize> {
        let rows = dir.run(&[&["clean", "new.jsonl", "-q"], index].concat()).exits(0).rows();
        rows.iter().take(2).map(|row| row["text"].as_str().unwrap().lines().count()).collect()
    };
    assert_eq!(lines(&[]), [6, 1]);
    assert_eq!(lines(&["--index", "old"]), [1, 1]);
    assert_eq!(lines(&["--index", "old/index/lines.idx"]), [1, 6]);
    // An index that is built against another holds the lines of its own crawl.
    for (to, index) in [("one", &[][..]), ("two", &["--index", "old"])] {
        dir.run(&[&["index", "build", "new.jsonl", "-q", "-o", to], index].concat()).exits(0);
    }
    assert_eq!(fs::read(dir.path("one/lines.idx")).unwrap(), fs::read(dir.path("two/lines.idx")).unwrap());
    // Weights of one's own go with the first.
    let weights = fs::read_to_string(dir.path("old/index/weights.json")).unwrap().replacen("\"date\":\"2", "\"date\":\"1", 1);
    dir.write("weights.json", &weights);
    dir.run(&["clean", "old.jsonl", "-q", "--weights", "weights.json", "-o", "weighed"]).exits(0);
    dir.run(&["index", "merge", "weighed", "old", "-o", "merged"]).exits(0);
    assert_eq!(fs::read_to_string(dir.path("merged/weights.json")).unwrap(), weights);
    // Lines of both count where every copy stays, too; and `check` sees what `clean` does.
    assert_eq!(lines(&["--index", "old", "--keep-document", "all"]), [1, 1]);
    let furniture = |index: &str| {
        let checked = dir.run(&["check", "new.jsonl", "--index", index, "--format", "json"]);
        let report: Value = serde_json::from_slice(&checked.stdout).unwrap();
        report["set"]["measures"]["furniture_line_ratio"].as_f64().unwrap()
    };
    assert!(furniture("old") > 0.8 && furniture("old/index/lines.idx") < 0.1);
}

#[test]
fn what_does_not_fit_is_refused_by_name() {
    let dir = Workdir::new();
    dir.write("a.jsonl", corpus(5, 40).concat());
    clean(&dir, "a.jsonl", "near", &[]);
    dir.run(&["clean", "a.jsonl", "-q", "-o", "plain"]).exits(0);
    let refused = |index: &str, more: &[&str], code: i32, says: &str| {
        dir.run(&[&["clean", "a.jsonl", "-q", "-o", "x", "--index", index], more].concat()).exits(code).says(says);
        assert!(!dir.path("x").exists());
    };
    refused("plain", &["--near"], 2, "no signatures");
    refused("near", &["--near", "--near-threshold", "0.5"], 2, "18 bands of 5");
    refused("near", &["--near", "--shingle", "words:3"], 2, "shingles auto");
    refused("near", &["--update-index"], 2, "only an index folder");
    refused("nowhere", &[], 2, "--index");
    dir.run(&["index", "build", "a.jsonl", "-o", "signed", "--near", "-q"]).exits(0);
    refused("signed", &["--update-index"], 2, "without --near");
    dir.run(&["index", "merge", "near", "plain", "-o", "x"]).exits(2).says("in two ways");
    dir.run(&["index", "merge", "near", "-o", "x"]).exits(2).says("two or more");
    dir.run(&["index", "info", "nowhere"]).exits(2).says("no index");
    dir.run(&["clean", "a.jsonl", "-q", "-o", "x", "--update-index"]).exits(2).says("--index");
    // Without --near the exact rules hold against an index of any kind.
    assert_eq!(dir.run(&["clean", "a.jsonl", "-q", "--index", "near"]).exits(0).rows().len(), 0);
}

/// A damaged index is refused, never misread.
#[test]
fn damage_is_told() {
    let dir = Workdir::new();
    dir.write("a.jsonl", corpus(6, 60).concat());
    dir.run(&[&["index", "build", "a.jsonl", "-o", "index"], &NEAR[..]].concat()).exits(0);
    for file in ["documents.idx", "shingles.idx", "lines.idx"] {
        let path = dir.path("index").join(file);
        let good = fs::read(&path).unwrap();
        let damage = |bytes: &[u8], what: &str| {
            fs::write(&path, bytes).unwrap();
            dir.run(&["index", "check", "index"]).exits(4).says(file);
            let ran = dir.run(&[&["clean", "a.jsonl", "-o", "x", "--overwrite", "--index", "index"], &NEAR[..]].concat());
            // What it did not need to look at may be damaged; all that it says is right.
            assert!(ran.code == Some(4) || ran.code == Some(0) && dir.washed("x", "data/").is_empty(), "{file} {what} {:?}", ran.code);
        };
        for step in 0..12 {
            let at = (good.len() * step / 12 + 13) % good.len();
            let mut bad = good.clone();
            bad[at] ^= 1 << (step % 8);
            damage(&bad, &format!("flipped {at}"));
        }
        for len in [0, 7, good.len() / 2, good.len() - 1] {
            damage(&good[..len], &format!("cut {len}"));
        }
        fs::write(&path, &good).unwrap();
    }
    dir.run(&["index", "check", "index"]).exits(0);
    // Shingles of another index.
    dir.write("b.jsonl", corpus(7, 60).concat());
    dir.run(&[&["index", "build", "b.jsonl", "-o", "other"], &NEAR[..]].concat()).exits(0);
    fs::copy(dir.path("other/shingles.idx"), dir.path("index/shingles.idx")).unwrap();
    dir.run(&["index", "check", "index"]).exits(4).says("another document index");
}

/// Of two runs that would bring one index up to date, the second is refused.
#[test]
fn an_index_has_one_writer() {
    let dir = Workdir::new();
    dir.write("a.jsonl", corpus(8, 20).concat());
    dir.run(&[&["index", "build", "a.jsonl", "-o", "index"], &NEAR[..]].concat()).exits(0);
    let folder = fs::File::open(dir.path("index")).unwrap();
    folder.lock().unwrap();
    let args = [&["clean", "a.jsonl", "-o", "x", "--index", "index", "--update-index"], &NEAR[..]].concat();
    dir.run(&args).exits(2).says("another run");
    // Others may read it.
    clean(&dir, "a.jsonl", "y", &["--index", "index"]);
    drop(folder);
    dir.run(&args).exits(0);
    assert!(Path::new(&dir.path("x/_SUCCESS")).exists());
}
