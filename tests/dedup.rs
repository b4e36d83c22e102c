//! `buddle dedup`: which documents go, and that all others stay as they were.

use std::{collections::BTreeSet, fmt::Write};

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::workdir::{Ran, Workdir};

fn jsonl(records: &[Value]) -> String {
    records.iter().map(|record| format!("{record}\n")).collect()
}

/// Runs over these records, from the standard input.
fn dedup(records: &[Value], args: &[&str]) -> Ran {
    Workdir::new().pipe(&[&["dedup", "-", "-q", "--from", "jsonl"], args].concat(), jsonl(records).as_bytes())
}

fn ids(ran: Ran) -> Vec<Value> {
    ran.exits(0).rows().iter().map(|row| row["id"].clone()).collect()
}

/// Rows of the removed log, by source and position.
fn removed(dir: &Workdir, folder: &str) -> Vec<Value> {
    dir.washed(folder, "removed/documents")
}

#[test]
fn exact_by_text_url_id_and_fields() {
    let records = [
        json!({"id": 1, "url": "https://a.example/x", "text": "One text.", "meta": {"lang": "en", "n": 1}}),
        json!({"id": 2, "url": "http://www.a.example/x#top", "text": "Another.", "meta": {"lang": "en", "n": 1.0}}),
        json!({"id": 1, "url": "https://b.example/", "text": "One text.", "meta": {"lang": "de"}}),
        json!({"id": 4, "url": "https://A.example:443/x?utm_source=mail", "text": "one text.", "meta": null}),
        json!({"text": "One text. "}),
        json!({"id": "1", "url": 7, "text": "Another.", "meta": {"lang": "en", "n": "1"}}),
    ];
    let at = |args: &[&str]| -> Vec<usize> {
        let rows = dedup(&records, args).exits(0).rows();
        rows.iter().map(|row| records.iter().position(|record| record == row).unwrap()).collect()
    };
    assert_eq!(at(&[]), [0, 1, 3, 4]);
    assert_eq!(at(&["--by", "text"]), [0, 1, 3, 4]);
    assert_eq!(at(&["--by", "url"]), [0, 2, 4, 5]);
    assert_eq!(at(&["--by", "url", "--skip-url-step", "www"]), [0, 1, 2, 4, 5]);
    assert_eq!(at(&["--by", "url", "--skip-url-step", "all"]), [0, 1, 2, 3, 4, 5]);
    assert_eq!(at(&["--by", "id"]), [0, 1, 3, 4, 5]);
    assert_eq!(at(&["--by", "meta.lang"]), [0, 2, 3, 4]);
    assert_eq!(at(&["--by", "meta.n"]), [0, 2, 3, 4, 5]);
    assert_eq!(at(&["--by", "meta.lang,text"]), [0, 1, 2, 3, 4]);
    assert_eq!(at(&["--by", "missing"]), [0, 1, 2, 3, 4, 5]);
    // What the text field holds is the text, by either name.
    let renamed = [json!({"body": "a", "text": "x"}), json!({"body": "b", "text": "x"}), json!({"body": "a", "text": "y"})];
    for by in ["text", "body"] {
        let rows = dedup(&renamed, &["--text-field", "body", "--by", by, "--annotate"]).exits(0).rows();
        assert_eq!(rows.iter().map(|row| row["buddle"]["reason"].as_str()).collect::<Vec<_>>(), [None, None, Some("document_exact")]);
    }
}

/// Nothing is no ground to match on: not by text, not by any other field.
#[test]
fn what_says_nothing_matches_nothing() {
    let nothing = [json!(""), json!(" \n\t"), json!(null), json!("\u{3000}")];
    let by = |field: &str| -> usize {
        let record = |value: &Value| {
            let mut record = json!({"text": "", "n": 0});
            record[field] = value.clone();
            record
        };
        let records: Vec<Value> = nothing.iter().chain(&nothing).filter(|value| field != "text" || value.is_string()).map(record).collect();
        let rows = dedup(&records, &["--by", field]).exits(0).rows();
        assert_eq!(rows.len(), records.len(), "{field}");
        rows.len()
    };
    assert_eq!([by("text"), by("url"), by("id"), by("other")], [6, 8, 8, 8]);
    let dir = Workdir::new();
    dir.write("in.jsonl", jsonl(&[json!({"text": "a", "url": "u"}), json!({"text": "b"}), json!({"text": "c", "url": ""})]));
    dir.run(&["dedup", "in.jsonl", "--by", "url"]).exits(0).says("note   2 documents have nothing in url");
}

#[test]
fn keep_says_which_stays() {
    let record = |id: u32, text: &str, n: Value| json!({"id": id, "key": "k", "text": text, "n": n});
    let records = [
        record(1, "aa", json!(null)),
        record(2, "aaaa", json!(9)),
        record(3, "éééé", json!(10)),
        record(4, "b", json!(-12_345_678_901_234_567_i64)),
        record(5, "c", json!(1e1)),
        json!({"id": 6, "key": "k", "text": "d"}),
    ];
    let kept = |keep: &str| ids(dedup(&records, &["--by", "key", "--keep", keep]));
    assert_eq!(kept("first"), [1]);
    assert_eq!(kept("longest"), [2], "characters, not bytes, and the first of those");
    assert_eq!(kept("max:n"), [3]);
    assert_eq!(kept("min:n"), [4]);
    assert_eq!(kept("max:none"), [1], "no document has it: the first");
    assert_eq!(kept("min:text"), [1]);
    assert_eq!(kept("max:text"), [3]);
    assert_eq!(kept("max:id"), [6]);
    let dates = ["2026-01-30", "2026-11-02", "2026-02-28"].map(|date| json!({"id": date, "text": "t", "date": date}));
    assert_eq!(ids(dedup(&dates, &["--keep", "max:date"])), ["2026-11-02"]);
    assert_eq!(ids(dedup(&dates, &["--keep", "min:date"])), ["2026-01-30"]);
    dedup(&dates, &["--keep", "all"]).exits(2).says("--annotate");
    dedup(&dates, &["--keep", "max:"]).exits(2).says("max:FIELD");
}

/// Which of documents of one URL stays is told by another field, as in the tests that other tools have of that.
#[test]
fn one_document_an_address_by_priority() {
    let base = ["https://shop.example/item", "https://shop.example/item?size=4", "https://shop.example/cart"];
    let records: Vec<Value> = (0..12_usize)
        .map(|n| {
            let url = format!("{}{}", base[n % 3].replace("https", ["http", "https"][n % 2]), ["", "#a", "#b"][n / 4]);
            json!({"id": n, "url": url, "text": "", "priority": (n * 7) % 12})
        })
        .collect();
    let kept = |keep: &str| -> BTreeSet<u64> { ids(dedup(&records, &["--by", "url", "--keep", keep])).iter().filter_map(Value::as_u64).collect() };
    let best = |greatest: bool| -> BTreeSet<u64> {
        let rank = |n: &u64| (n * 7) % 12;
        (0..3)
            .filter_map(|site| {
                let of = (0..12).filter(|n| n % 3 == site);
                if greatest { of.max_by_key(rank) } else { of.min_by_key(rank) }
            })
            .collect()
    };
    assert_eq!(kept("first"), BTreeSet::from([0, 1, 2]));
    assert_eq!(kept("max:priority"), best(true));
    assert_eq!(kept("min:priority"), best(false));
    assert_eq!(kept("max:id"), BTreeSet::from([9, 10, 11]));
    // Sizes of clusters, and which of them stays.
    let rows = dedup(&records, &["--by", "url", "--keep", "max:id", "--annotate"]).exits(0).rows();
    for (n, row) in rows.iter().enumerate() {
        let cluster = 9 + n % 3;
        let reason = if n < 9 { json!("document_field") } else { json!(null) };
        assert_eq!(row["buddle"], json!({"cluster": cluster, "size": 4, "kept": n >= 9, "reason": reason, "similarity": null}));
    }
}

fn prose(topic: &str, changed: usize) -> String {
    let word = |n: usize| if n < changed { format!("other{n}") } else { format!("{topic}ward{n}") };
    (0..120).map(word).collect::<Vec<_>>().chunks(10).map(|line| line.join(" ") + ".").collect::<Vec<_>>().join("\n")
}

#[test]
fn near_and_covered_come_after_the_exact_rule() {
    let half: String = prose("red", 0).lines().take(7).collect::<Vec<_>>().join("\n");
    let records = [
        json!({"id": "a", "url": "https://a.example/1", "text": prose("red", 0)}),
        json!({"id": "b", "url": "https://a.example/2", "text": prose("red", 4)}),
        json!({"id": "c", "url": "https://a.example/3", "text": prose("blue", 0)}),
        json!({"id": "d", "url": "https://a.example/2#x", "text": prose("green", 0)}),
        json!({"id": "e", "url": "https://a.example/5", "text": prose("red", 0)}),
        json!({"id": "f", "url": "https://a.example/6", "text": half}),
        json!({"id": "g", "text": "short"}),
        json!({"id": "h", "text": "Short!"}),
    ];
    let kept = |args: &[&str]| ids(dedup(&records, args));
    assert_eq!(kept(&[]), ["a", "b", "c", "d", "f", "g", "h"]);
    assert_eq!(kept(&["--near"]), ["a", "c", "d", "f", "g", "h"]);
    assert_eq!(kept(&["--near", "--near-threshold", "0.99"]), ["a", "b", "c", "d", "f", "g", "h"]);
    assert_eq!(kept(&["--near", "--shingle", "words:1"]), ["a", "c", "d", "f", "g"]);
    // `b` has a line of prose of its own.
    assert_eq!(kept(&["--covered"]), ["a", "b", "c", "d", "g", "h"]);
    assert_eq!(kept(&["--near", "--keep", "max:id"]), ["c", "d", "e", "f", "g", "h"]);
    // By URL `d` goes for `b`, and `b` for `a`: what was never compared with `a` says so.
    let rows = dedup(&records, &["--by", "url", "--near", "--annotate"]).exits(0).rows();
    let of = |id: &str| rows.iter().find(|row| row["id"] == id).unwrap()["buddle"].clone();
    assert_eq!(of("d"), json!({"cluster": "a", "size": 4, "kept": false, "reason": "document_field", "similarity": null}));
    assert_eq!((of("b")["cluster"].clone(), of("b")["reason"].clone()), (json!("a"), json!("document_near")));
    assert!(of("b")["similarity"].as_f64().unwrap() > 0.8);
    assert_eq!(of("e"), json!({"cluster": "a", "size": 4, "kept": false, "reason": "document_near", "similarity": 1.0}));
    assert_eq!(of("a"), json!({"cluster": "a", "size": 4, "kept": true, "reason": null, "similarity": null}));
    assert_eq!(of("c"), json!({"cluster": "c", "size": 1, "kept": true, "reason": null, "similarity": null}));
}

/// A record is left alone to the byte: spelling of numbers and escapes, white space, keys that stand twice, an older `buddle`.
#[test]
fn records_stay_as_they_were() {
    let dir = Workdir::new();
    let first = "{ \"n\" : 1.50e2 , \"text\":\"caf\\u00e9 \\/ \", \"buddle\": {\"old\":1}, \"x\":\"\\ud800\", \"x\" : [ 1 ] }";
    let second = "{\"text\":\"café / \",\"id\":7}";
    dir.write("in.jsonl", format!("\n  {first} \r\n{second}\n"));
    let out = dir.run(&["dedup", "in.jsonl", "-q"]).exits(0);
    assert_eq!(out.stdout, format!("{first}\n").into_bytes());
    let out = dir.run(&["dedup", "in.jsonl", "-q", "--annotate"]).exits(0);
    let marked = String::from_utf8(out.stdout).unwrap();
    let mark = |kept: bool, reason: &str| {
        format!(",\"buddle\":{{\"cluster\":\"in.jsonl:2\",\"size\":2,\"kept\":{kept},\"reason\":{reason},\"similarity\":null}}")
    };
    assert!(marked.starts_with("{ \"n\" : 1.50e2 , \"text\":\"caf\\u00e9 \\/ \""), "{marked}");
    assert!(marked.contains(&format!("\"x\":\"\\ud800\", \"x\" : [ 1 ]{} }}\n", mark(true, "null"))), "{marked}");
    assert!(marked.ends_with(&format!("\n{{\"text\":\"café / \",\"id\":7{}}}\n", mark(false, "\"document_exact\""))), "{marked}");
    assert!(!marked.contains("old"));
    dir.run(&["dedup", "in.jsonl", "-q", "-o", "out", "--removed-to", "gone"]).exits(2).says("no folder");
    dir.run(&["dedup", "in.jsonl", "-q", "-o", "out"]).exits(0);
    let entry = removed(&dir, "out").remove(0);
    assert_eq!((&entry["id"], &entry["position"], &entry["reason"]), (&json!(7), &json!(3), &json!("document_exact")));
    assert_eq!(entry["kept"], json!({"id": "in.jsonl:2", "source": "in.jsonl", "position": 2}));
    assert_eq!((&entry["record"], &entry["text"]), (&json!({"text": "café / ", "id": 7}), &Value::Null));
}

#[test]
fn text_files_become_rows_with_their_text_as_it_is() {
    let dir = Workdir::new();
    let text = "Ein  Text\u{a0}mit Umlauten: äöü\r\n\r\n\r\nund einem Ende ";
    let latin: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    dir.write("a.txt", text).write("b.txt", latin).write("c.txt", "anders").write("d.txt", "").write("e.txt", " \n").write("f.txt", " \n");
    let run = |args: &[&str]| {
        dir.run(&[&["dedup", "a.txt", "b.txt", "c.txt", "d.txt", "e.txt", "f.txt", "--charset", "windows-1252"], args].concat()).exits(0)
    };
    let want = [("a.txt:1", text), ("c.txt:1", "anders"), ("e.txt:1", " \n"), ("f.txt:1", " \n")];
    assert_eq!(run(&["-q"]).rows(), want.map(|(id, text)| json!({"id": id, "text": text})));
    let rows = run(&["-q", "--annotate"]).rows();
    assert_eq!(rows.len(), 5);
    assert_eq!(rows[1]["buddle"]["cluster"], "a.txt:1");
    assert_eq!(run(&["-q", "--by", "url,id"]).rows().len(), 5);
    run(&["-q", "-o", "out"]);
    let entry = removed(&dir, "out").remove(0);
    assert_eq!((&entry["source"], &entry["text"], &entry["record"]), (&json!("b.txt"), &Value::Null, &Value::Null));
}

#[test]
fn a_folder_has_what_a_washed_one_has_and_says_that_it_is_none() {
    let dir = Workdir::new();
    let records: Vec<Value> = (0..9).map(|n| json!({"id": n, "text": format!("text {}", n % 4)})).collect();
    dir.write("in.jsonl", jsonl(&records)).write("bad.jsonl", "{\"text\":\"text 9\"}\nbroken\n{\"text\":1}\n{\"text\":\"text 1\"}");
    let ran = dir.run(&["dedup", "in.jsonl", "bad.jsonl", "-o", "out"]).exits(3);
    let ran = ran
        .says("in     11 documents")
        .says("out    5 documents")
        .says("gone   6 documents exact duplicates")
        .says("groups 4 of")
        .says("largest of 3");
    ran.says("bad.jsonl:2:").says("json_syntax").says("wrote  out");
    let names: Vec<String> = dir.tree("out").into_iter().map(|(name, _)| name).collect();
    let want = [
        "_SUCCESS",
        "data/part-00000.jsonl.zst",
        "manifest.json",
        "quarantine/part-00000.jsonl.zst",
        "removed/documents-00000.jsonl.zst",
        "report.json",
    ];
    assert_eq!(names, want);
    dir.run(&["verify", "out"]).exits(0);
    let report: Value = serde_json::from_slice(&std::fs::read(dir.path("out/report.json")).unwrap()).unwrap();
    assert_eq!(report["duplicates"], json!({"by": ["text"], "without_fields": 0, "clusters": 4, "largest": 3}));
    assert_eq!((&report["removed_documents"]["document_exact"]["documents"], &report["quarantined"]["text_not_string"]), (&json!(6), &json!(1)));
    // It runs again by its own settings.
    dir.run(&["dedup", "-c", "out/config.toml", "-q", "-o", "again"]).exits(3);
    assert_eq!(dir.tree("out"), dir.tree("again"));
    dir.run(&["dedup", "in.jsonl", "-o", "out"]).exits(2).says("--overwrite");
    for command in [&["restore", "out"][..], &["report", "out"], &["explain", "out", "--id", "1"]] {
        dir.run(command).exits(2).says("`buddle dedup` wrote this folder");
    }
    assert_eq!(dir.run(&["dedup", "in.jsonl", "-q"]).exits(0).stderr, "");
    dir.run(&["dedup", "in.jsonl"]).exits(0).says("what went was not kept");
}

#[test]
fn settings_come_from_a_file_too_and_mistakes_are_named() {
    let dir = Workdir::new();
    dir.write("in.jsonl", jsonl(&[json!({"text": "a", "k": 1}), json!({"text": "bb", "k": 1})]));
    dir.write("c.toml", "[dedup]\nby = [\"k\"]\nkeep = \"longest\"\n")
        .write("bad.toml", "[dedup]\nkept = 1\n")
        .write("all.toml", "[dedup]\nkeep = \"all\"\n");
    assert_eq!(dir.run(&["dedup", "in.jsonl", "-q", "-c", "c.toml"]).exits(0).rows()[0]["text"], "bb");
    assert_eq!(dir.run(&["dedup", "in.jsonl", "-q", "-c", "c.toml", "--keep", "first"]).exits(0).rows()[0]["text"], "a");
    dir.run(&["dedup", "in.jsonl", "-c", "bad.toml"]).exits(2).says("bad.toml:2:").says("kept");
    dir.run(&["dedup", "in.jsonl", "-c", "all.toml"]).exits(2).says("--annotate");
    dir.run(&["dedup", "in.jsonl", "--by", "text,"]).exits(2).says("no name");
    dir.run(&["dedup", "in.jsonl", "--skip-url-step", "query"]).exits(2).says("tracking");
    dir.run(&["dedup", "in.jsonl", "--near", "--near-threshold", "0"]).exits(2).says("near_threshold");
    dir.run(&["dedup", "in.jsonl", "-o", "in.jsonl"]).exits(2).says("one place");
    dir.run(&["dedup", "in.jsonl", "-n"]).exits(0).says("would read 1 sources");
    dir.run(&["dedup", "missing.jsonl"]).exits(2);
    assert_eq!(dir.run(&["clean", "in.jsonl", "-q", "-c", "c.toml"]).exits(0).rows().len(), 2, "clean leaves these rules alone");
}

fn corpus() -> String {
    let mut out = String::new();
    for n in 0..6000_u32 {
        let (text, site) = (n.wrapping_mul(2_654_435_761) % 2000, n % 37);
        let mut words = String::new();
        for k in 0..60 {
            // One word of a third of the documents is another.
            let other = if n % 3 == 0 && k == 7 { n } else { text };
            write!(words, "w{:x}{}", other.wrapping_mul(31).wrapping_add(k) % 4999, if k % 9 == 8 { "\\n" } else { " " }).unwrap();
        }
        writeln!(out, "{{\"id\":{n},\"url\":\"http://www.s{site}.example/{}\",\"score\":{}.5,\"text\":\"{words}\"}}", text % 50, n % 11).unwrap();
    }
    out
}

/// The same bytes for any number of threads, any memory, a file or a stream.
#[test]
fn nothing_depends_on_threads_memory_or_streams() {
    let dir = Workdir::new();
    let corpus = corpus();
    dir.write("in.jsonl", &corpus);
    let rules: [&[&str]; 4] = [
        &["--near"],
        &["--near", "--covered", "--keep", "max:score"],
        &["--by", "url", "--keep", "min:score", "--near", "--near-threshold", "0.6"],
        &["--keep", "longest", "--covered", "--annotate"],
    ];
    for (n, rules) in rules.into_iter().enumerate() {
        let run = |threads: &str, memory: &str| {
            let folder = format!("r{n}-t{threads}-{memory}");
            let args = ["dedup", "in.jsonl", "-q", "-j", threads, "--memory", memory, "-o", &folder];
            dir.run(&[&args[..], rules].concat()).exits(0);
            dir.tree(&folder)
        };
        let one = run("1", "1G");
        assert!(run("2", "1G") == one && run("7", "1G") == one && run("3", "32M") == one, "{rules:?}");
        let plain = dir.run(&[&["dedup", "in.jsonl", "-q"], rules].concat()).exits(0).stdout;
        let lines = plain.iter().filter(|byte| **byte == b'\n').count();
        assert!(lines == 6000 && rules.contains(&"--annotate") || (200..4000).contains(&lines), "{lines} {rules:?}");
        let stream = dir.pipe(&[&["dedup", "-", "-q"], rules].concat(), corpus.as_bytes()).exits(0).stdout;
        assert!(stream == plain, "{rules:?}");
        let packed = zstd::encode_all(corpus.as_bytes(), 1).unwrap();
        assert!(dir.pipe(&[&["dedup", "-q", "-j", "2"], rules].concat(), &packed).exits(0).stdout == plain);
    }
}

/// More keys than the least memory has room for.
#[test]
fn keys_that_had_no_room_change_nothing() {
    let dir = Workdir::new();
    let corpus: String =
        (0..100_000_u32).map(|n| format!("{{\"text\":\"{}\",\"score\":\"{:x}\"}}\n", n % 70_000, n.wrapping_mul(2_654_435_761))).collect();
    dir.write("in.jsonl", corpus);
    let run = |memory: &str| {
        let args = ["dedup", "in.jsonl", "-q", "--keep", "max:score", "--memory", memory, "-o", memory];
        dir.run(&args).exits(0);
        let run: Value = serde_json::from_slice(&std::fs::read(dir.path(memory).join("run.json")).unwrap()).unwrap();
        (dir.tree(memory), run["spilled_bytes"].as_u64().unwrap())
    };
    let ((little, spilled), (much, none)) = (run("32M"), run("1G"));
    assert!(spilled > 1 << 20 && none == 0, "{spilled} {none}");
    assert!(little == much);
    assert_eq!(dir.washed("1G", "data/").len(), 70_000);
}

/// Fields as the rules see them: what is nothing is none, numbers are numbers.
fn value(record: &Value, field: &str) -> Option<String> {
    match &record[field] {
        Value::String(text) if text.trim().is_empty() => None,
        Value::String(text) if field == "url" => Some(text.replace("http:", "https:").split('#').next().unwrap().to_owned()),
        Value::String(text) => Some(format!("s{text}")),
        Value::Number(n) => Some(format!("n{}", n.as_f64().unwrap())),
        Value::Null => None,
        other => Some(other.to_string()),
    }
}

/// How much a document is preferred, as a sorted pair: whether it has the field, and its value.
fn preferred(a: &Value, b: &Value, keep: &str) -> std::cmp::Ordering {
    match keep.split_once(':') {
        None if keep == "longest" => {
            let chars = |record: &Value| record["text"].as_str().unwrap().chars().count();
            chars(a).cmp(&chars(b))
        }
        None => std::cmp::Ordering::Equal,
        Some((way, field)) => match (a[field].as_f64(), b[field].as_f64()) {
            (Some(a), Some(b)) if way == "max" => a.total_cmp(&b),
            (Some(a), Some(b)) => b.total_cmp(&a),
            (a, b) => a.is_some().cmp(&b.is_some()),
        },
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// The naive twin compares each document with all others; output and removed log are the input, to the byte.
    #[test]
    fn agrees_with_the_naive_twin_and_loses_no_byte(
        records in prop::collection::vec((0_u8..4, 0_u8..4, 0_u8..5, 0_u8..4), 0..40),
        by in prop::sample::select(vec!["text", "url", "id", "score", "text,url", "id,score"]),
        keep in prop::sample::select(vec!["first", "longest", "max:score", "min:score"]),
    ) {
        let records: Vec<Value> = records.iter().map(|(text, url, id, score)| {
            let text = ["", "one", "two\né", "three"][usize::from(*text)];
            let mut record = json!({"text": text});
            if *url > 0 {
                record["url"] = ["", "http://a.example/", "https://a.example/#x", ""][usize::from(*url)].into();
            }
            if *id > 0 {
                record["id"] = [json!(null), json!(1), json!("1"), json!(1.0), json!("x")][usize::from(*id)].clone();
            }
            if *score > 0 {
                record["score"] = [json!(null), json!(-2), json!(10), json!(9.5)][usize::from(*score)].clone();
            }
            record
        }).collect();
        let key = |n: usize| by.split(',').map(|field| value(&records[n], field)).collect::<Option<Vec<_>>>();
        let kept = |n: usize| -> usize {
            let own = key(n);
            let same = (0..records.len()).filter(|other| own.is_some() && key(*other) == own).rev();
            // The last of the greatest, from behind: the first.
            same.max_by(|a, b| preferred(&records[*a], &records[*b], keep)).unwrap_or(n)
        };
        let dir = Workdir::new();
        dir.write("in.jsonl", jsonl(&records));
        dir.run(&["dedup", "in.jsonl", "-q", "--from", "jsonl", "--by", by, "--keep", keep, "-o", "out.jsonl", "--removed-to", "gone"]).exits(0);
        let stays: Vec<usize> = (0..records.len()).filter(|n| kept(*n) == *n).collect();
        let want: String = stays.iter().map(|n| format!("{}\n", records[*n])).collect();
        let output = std::fs::read_to_string(dir.path("out.jsonl")).unwrap();
        prop_assert_eq!(&output, &want);
        let mut back: Vec<(u64, String)> = stays.iter().map(|n| *n as u64 + 1).zip(output.lines().map(str::to_owned)).collect();
        for entry in removed(&dir, "gone") {
            let position = entry["position"].as_u64().unwrap();
            prop_assert_eq!(entry["kept"]["position"].as_u64().unwrap(), kept(position as usize - 1) as u64 + 1);
            back.push((position, entry["record"].to_string()));
        }
        back.sort();
        prop_assert_eq!(back.into_iter().map(|(_, record)| record + "\n").collect::<String>(), jsonl(&records));
    }

    /// Whatever goes as near was held against a document that stays, and what has the same words goes.
    #[test]
    fn near_duplicates_are_near_one_that_stays(
        texts in prop::collection::vec(prop::collection::vec(0_u8..12, 0..14), 0..24),
        threshold in prop::sample::select(vec![0.5, 0.8, 1.0]),
    ) {
        let records: Vec<Value> = texts.iter().enumerate().map(|(n, words)| {
            let words: Vec<String> = words.iter().map(|word| format!("w{word}")).collect();
            json!({"id": n, "text": words.join(" ")})
        }).collect();
        let words = |n: u64| texts[n as usize].iter().copied().collect::<BTreeSet<u8>>();
        let share = threshold.to_string();
        let rows = dedup(&records, &["--near", "--near-threshold", &share, "--shingle", "words:1", "--annotate"]).exits(0).rows();
        for (n, row) in (0..).zip(&rows) {
            let made = &row["buddle"];
            let cluster = made["cluster"].as_u64().unwrap();
            prop_assert_eq!(&rows[cluster as usize]["buddle"]["kept"], &json!(true));
            let (own, other) = (words(n), words(cluster));
            if made["reason"] == "document_near" {
                let (both, either) = (own.intersection(&other).count() as f64, own.union(&other).count() as f64);
                prop_assert!(both / either >= threshold - 1e-9);
                prop_assert!((made["similarity"].as_f64().unwrap() - both / either).abs() < 1e-3);
            }
            let same = (0..n).find(|other| !own.is_empty() && words(*other) == own);
            prop_assert!(same.is_none() || made["kept"] == false, "{} {:?}", n, same);
        }
    }
}
