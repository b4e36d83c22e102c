//! Law 1: the input's text is rebuilt from output, removed log and quarantine.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::{
    crawls,
    workdir::{Workdir, rows},
};

fn line() -> impl Strategy<Value = String> {
    prop_oneof![16 => crawls::line(), 1 => "[ \\t\\u{a0}\\u{200b}é\\u{301}|]{0,4}"]
}

fn texts(folder: &Workdir, name: &str) -> Vec<Value> {
    folder.washed(name, "data/").into_iter().map(|row| json!([row["id"], row["url"], row["text"]])).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn restore_gives_back_the_normalised_input(
        documents in prop::collection::vec(prop::collection::vec(line(), 0..14), 0..12),
        copies in prop::collection::vec(0_usize..12, 0..6),
        broken in 0_usize..14,
        keep in prop::sample::select(vec!["first", "longest", "all"]),
        flags in prop::sample::select(vec![vec![], vec!["--min-lines", "3"], vec!["--line-lang", "en"], vec!["--skip-normalization", "blank_lines"]]),
    ) {
        let mut all: Vec<String> = documents.iter().map(|lines| lines.join("\n")).collect();
        for i in copies {
            if let Some(text) = all.get(i).cloned() {
                // Every other copy is longer before it is normalised, so that the longest stands after the first.
                all.push(if i % 2 == 0 { text } else { format!("{text}  \n \n") });
            }
        }
        let mut input = String::new();
        for (n, text) in all.iter().enumerate() {
            if n == broken {
                input.push_str("{\"id\": broken\n");
            }
            input.push_str(&json!({"id": n, "url": format!("http://example.org/{n}"), "text": text}).to_string());
            input.push('\n');
        }
        let dir = Workdir::new();
        dir.write("in.jsonl", &input);
        let mut clean = vec!["clean", "in.jsonl", "-q", "--from", "jsonl", "--keep-document", keep, "-o", "washed"];
        clean.extend(&flags);
        let code = if broken < all.len() { 3 } else { 0 };
        dir.run(&clean).exits(code);
        dir.run(&["verify", "washed"]).exits(0);
        dir.run(&["restore", "washed", "-o", "back"]).exits(0);
        // The same run with every rule off: only decoded and normalised.
        let off = [
            "--keep-document", "all", "--keep-site", "all", "--keep-site-prose", "all", "--keep-corpus", "all", "--keep-foreign-caption", "all",
            "--keep-document-line", "all", "--keep-document-prose", "all",
        ];
        let mut plain = vec!["clean", "in.jsonl", "-q", "--from", "jsonl", "-o", "plain"];
        plain.extend(off);
        if flags.first() == Some(&"--skip-normalization") {
            plain.extend(&flags);
        }
        dir.run(&plain).exits(code);
        let back: Vec<_> = dir.washed("back", "data/");
        let unreadable = back.iter().filter(|row| row.get("cause").is_some()).count();
        prop_assert_eq!(unreadable, usize::from(broken < all.len()));
        let back: Vec<_> = back.into_iter().filter(|row| row.get("cause").is_none()).map(|row| json!([row["id"], row["url"], row["text"]])).collect();
        prop_assert_eq!(back, texts(&dir, "plain"));
        // Whatever stays in place of something is there.
        let stays = dir.washed("washed", "data/");
        let named = |row: &Value| row["kept"]["id"].as_u64();
        for row in dir.washed("washed", "removed/") {
            if let Some(id) = named(&row) {
                prop_assert!(stays.iter().any(|kept| kept["id"] == id), "{}", row);
            }
        }
    }
}

/// Fields keep their place, order and exact spelling; nothing but `text` and `buddle` changes.
#[test]
fn other_fields_stay_as_they_were() {
    let dir = Workdir::new();
    let number = "9".repeat(300);
    let line = format!("{{ \"n\" : {number} , \"text\":\"a\\u00a0b\", \"buddle\": {{\"old\":1}}, \"id\": 007e1, \"x\":\"\\ud800\", \"x\" : [1.50]}}")
        .replace("007e1", "7e1");
    let ran = dir.pipe(&["clean", "-", "--langid", "none"], line.as_bytes()).exits(0);
    let out = String::from_utf8(ran.stdout).unwrap();
    let head = format!("{{ \"n\" : {number} , \"text\":\"a b\",");
    assert!(out.starts_with(&head), "{out}");
    assert!(out.contains("\"id\": 7e1, \"x\":\"\\ud800\", \"x\" : [1.50]"), "{out}");
    assert!(!out.contains("old") && out.ends_with("\"position\":1}}\n"), "{out}");
    assert_eq!(out.matches("\"buddle\"").count(), 1);
    let parsed = rows(out.replace("\\ud800", "").as_bytes());
    assert_eq!(parsed[0]["text"], "a b");
}

/// The longest of equal texts may stand last, and a filter may take it: then it stays for nobody.
#[test]
fn the_longest_copy_may_stand_last_and_go_all_the_same() {
    let dir = Workdir::new();
    let rows = [("a", "one line"), ("b", "two\nlines here"), ("c", "one line  \n \n"), ("d", "two \nlines here  ")];
    dir.write("in.jsonl", rows.map(|(id, text)| format!("{}\n", json!({"id": id, "text": text}))).concat());
    dir.run(&["clean", "in.jsonl", "-q", "--keep-document", "longest", "--min-lines", "2", "-o", "washed"]).exits(0);
    let gone: Vec<Value> = dir.washed("washed", "removed/documents").iter().map(|row| json!([row["id"], row["reason"], row["kept"]["id"]])).collect();
    assert_eq!(gone, [json!(["a", "document_min_lines", null]), json!(["b", "document_exact", "d"]), json!(["c", "document_min_lines", null])]);
    dir.run(&["restore", "washed", "-o", "back"]).exits(0);
    assert_eq!(dir.washed("back", "data/").len(), 4);
}
