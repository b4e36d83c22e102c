//! Two runs compared: what `diff` counts is what the two folders hold.

use std::{collections::BTreeMap, fs};

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::{crawls, crawls::line, workdir::Workdir};

fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(line(), 0..12).prop_map(|lines| lines.join("\n"))
}

fn row(id: usize, text: &str) -> String {
    format!("{}\n", json!({"id": id, "url": format!("http://site{}.example/{id}", id % 2), "text": text}))
}

fn diff(dir: &Workdir, before: &str, after: &str) -> Value {
    serde_json::from_slice(&dir.run(&["diff", before, after, "--format", "json"]).exits(0).stdout).unwrap()
}

/// Sums by what was and by what is.
fn changes(list: &Value, count: &str) -> BTreeMap<(String, String), u64> {
    let mut sums = BTreeMap::new();
    for change in list.as_array().unwrap() {
        let code = |key: &str| change[key].as_str().unwrap().to_owned();
        *sums.entry((code("from"), code("to"))).or_default() += change[count].as_u64().unwrap();
    }
    sums
}

fn net(sums: &BTreeMap<(String, String), u64>, code: &str) -> i64 {
    let of = |n: &u64| i64::try_from(*n).unwrap();
    let come: i64 = sums.iter().filter(|((_, to), _)| to == code).map(|(_, n)| of(n)).sum();
    let gone: i64 = sums.iter().filter(|((from, _), _)| from == code).map(|(_, n)| of(n)).sum();
    come - gone
}

fn report(dir: &Workdir, folder: &str) -> Value {
    serde_json::from_slice(&fs::read(dir.path(folder).join("report.json")).unwrap()).unwrap()
}

/// What the lists of changes come to is the difference of the two reports.
fn agrees_with_reports(dir: &Workdir, found: &Value, before: &str, after: &str, with_lines: bool) {
    let (before, after) = (report(dir, before), report(dir, after));
    let change = |path: &[&str]| {
        let of = |report: &Value| path.iter().fold(report, |value, key| &value[*key]).as_i64().unwrap_or(0);
        of(&after) - of(&before)
    };
    let codes = |key: &str| -> Vec<String> {
        let of = |report: &Value| report[key].as_object().unwrap().keys().cloned().collect::<Vec<_>>();
        of(&before).into_iter().chain(of(&after)).collect()
    };
    let documents = changes(&found["content"]["documents"], "documents");
    assert_eq!(net(&documents, "stays"), change(&["output", "documents"]), "{found}");
    for code in codes("removed_documents") {
        assert_eq!(net(&documents, &code), change(&["removed_documents", &code, "documents"]), "{code}");
    }
    for code in codes("quarantined") {
        assert_eq!(net(&documents, &code), change(&["quarantined", &code]), "{code}");
    }
    let sites = &found["content"]["sites"];
    let of_sites: i64 = sites["first"]
        .as_array()
        .unwrap()
        .iter()
        .map(|s| s["documents"]["after"].as_i64().unwrap() - s["documents"]["before"].as_i64().unwrap())
        .sum();
    assert_eq!(sites["count"], sites["first"].as_array().unwrap().len());
    assert_eq!(of_sites, change(&["output", "documents"]));
    if with_lines {
        let mut lines = changes(&found["content"]["lines"], "lines");
        for (change, n) in changes(&found["content"]["lines_with_documents"], "lines") {
            *lines.entry(change).or_default() += n;
        }
        assert_eq!(net(&lines, "stays"), change(&["output", "lines"]), "{found}");
        for code in codes("removed_lines") {
            assert_eq!(net(&lines, &code), change(&["removed_lines", &code, "lines"]), "{code}: {found}");
        }
    }
}

fn turned(sums: BTreeMap<(String, String), u64>) -> BTreeMap<(String, String), u64> {
    sums.into_iter().map(|((from, to), n)| ((to, from), n)).collect()
}

/// The second before the first says the same the other way round.
fn mirrors(one: &Value, two: &Value) {
    for (list, count) in [("documents", "documents"), ("lines", "lines"), ("lines_with_documents", "lines")] {
        assert_eq!(changes(&one["content"][list], count), turned(changes(&two["content"][list], count)), "{list}");
    }
    for both in ["other_output", "other_text"] {
        assert_eq!(one["content"][both]["documents"], two["content"][both]["documents"]);
    }
    assert_eq!(one["changed"], two["changed"]);
    for site in one["content"]["sites"]["first"].as_array().unwrap() {
        let twin = two["content"]["sites"]["first"].as_array().unwrap().iter().find(|twin| twin["site"] == site["site"]).unwrap();
        for (a, b) in [("documents_gone", "documents_come"), ("lines_gone", "lines_come"), ("lines_moved", "lines_moved"), ("texts", "texts")] {
            assert_eq!(site[a], twin[b], "{a}");
        }
    }
}

fn data(dir: &Workdir, folder: &str) -> Vec<Value> {
    dir.washed(folder, "data/").into_iter().map(|row| json!([row["id"], row["text"]])).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn counts_are_those_of_the_reports_and_turn_round(
        texts in prop::collection::vec(text(), 0..10),
        copies in prop::collection::vec(0_usize..10, 0..5),
        broken in prop::option::of(0_usize..10),
        flags in prop::sample::select(vec![
            "", "--strength strong", "--keep-document all", "--keep-document longest", "--min-lines 3", "--line-lang en", "--lang en,und",
            "--keep-document-prose all", "--keep-document-line all", "--max-record-bytes 400", "--near --near-threshold 0.3", "--covered",
        ]),
    ) {
        let mut all = texts.clone();
        all.extend(copies.iter().filter_map(|n| texts.get(*n).cloned()));
        let mut input: Vec<String> = all.iter().enumerate().map(|(n, text)| row(n, text)).collect();
        if let Some(at) = broken {
            input.insert(at.min(input.len()), "{\"id\": broken\n".to_owned());
        }
        let dir = Workdir::new();
        dir.write("in.jsonl", input.concat());
        let run = |extra: &str, folder: &str| {
            let mut args = vec!["clean", "in.jsonl", "-q", "--from", "jsonl", "--max-corpus-share", "1", "-o", folder];
            args.extend(extra.split_whitespace());
            dir.run(&args)
        };
        run("", "a");
        run(flags, "b");
        let found = diff(&dir, "a", "b");
        agrees_with_reports(&dir, &found, "a", "b", true);
        mirrors(&found, &diff(&dir, "b", "a"));
        prop_assert_eq!(found["changed"].as_bool().unwrap(), data(&dir, "a") != data(&dir, "b") || found["content"]["lines"] != json!([]) || found["content"]["documents"] != json!([]));
        prop_assert_eq!(&found["content"]["matched"]["by_place"], input.len());
        for folder in ["a", "b"] {
            let same = diff(&dir, folder, folder);
            prop_assert_eq!(&same["changed"], false);
            for list in ["documents", "lines", "lines_with_documents"] {
                prop_assert_eq!(&same["content"][list], &json!([]));
            }
        }
    }

    /// Other input: what was added, what went, what has another text; the order does not matter to ids that stand once.
    #[test]
    fn other_input_is_matched_by_id(
        texts in prop::collection::vec(text(), 1..8),
        gone in prop::collection::vec(0_usize..8, 0..3),
        new in prop::collection::vec(text(), 0..3),
        changed in prop::option::of(0_usize..8),
        turn in any::<bool>(),
    ) {
        let dir = Workdir::new();
        dir.write("in.jsonl", texts.iter().enumerate().map(|(n, text)| row(n, text)).collect::<String>());
        let keeps = ["--keep-document", "all"];
        dir.run(&[&["clean", "in.jsonl", "-q", "--max-corpus-share", "1", "-o", "a"][..], &keeps].concat()).exits(0);
        let mut rows: Vec<String> = Vec::new();
        let mut other = 0;
        let mut left = 0;
        for (n, text) in texts.iter().enumerate().filter(|(n, _)| !gone.contains(n)) {
            left += 1;
            if changed == Some(n) {
                other += 1;
                rows.push(row(n, &format!("Another beginning that no other text has.\n{text}")));
            } else {
                rows.push(row(n, text));
            }
        }
        rows.extend(new.iter().enumerate().map(|(n, text)| row(100 + n, text)));
        if turn {
            rows.reverse();
        }
        // Never the same bytes.
        rows.push(row(999, "The end."));
        dir.write("in.jsonl", rows.concat());
        dir.run(&[&["clean", "in.jsonl", "-q", "--max-corpus-share", "1", "-o", "b"][..], &keeps].concat()).exits(0);
        let found = diff(&dir, "a", "b");
        let documents = changes(&found["content"]["documents"], "documents");
        let of = |from: &str, to: &str| documents.get(&(from.to_owned(), to.to_owned())).copied().unwrap_or(0);
        prop_assert_eq!(of("absent", "stays"), new.len() as u64 + 1);
        prop_assert_eq!(of("stays", "absent"), (texts.len() - left) as u64);
        prop_assert_eq!(&found["content"]["other_text"]["documents"], other);
        prop_assert_eq!(&found["content"]["matched"]["by_id"], left);
        prop_assert_eq!(&found["inputs"]["changed"]["count"], 1);
        agrees_with_reports(&dir, &found, "a", "b", other == 0);
        mirrors(&found, &diff(&dir, "b", "a"));
    }
}

/// Pages of a site with a menu, and one page twice.
fn site() -> String {
    let mut out = String::new();
    for n in 0..24_usize {
        let own = |k: usize| format!("The {k} bells of house {} rang over the harbour while nobody but the keeper {} was awake.", n * 7 + k, n % 23);
        let text = format!("Home\nNews\nSport\nWeather\n{}\n{}\nContact\nImprint", own(1), own(2));
        out += &row(n * 2, &text);
    }
    out += &row(1000, "Home\nNews\nSport\nWeather\nContact\nImprint");
    out
}

#[test]
fn threads_make_no_difference_and_options_make_theirs() {
    let dir = Workdir::new();
    dir.write("in.jsonl", site() + &site().replace("\"id\":", "\"id\":7"));
    let clean = |name: &str, flags: &[&str]| drop(dir.run(&[&["clean", "in.jsonl", "-q", "-o", name][..], flags].concat()).exits(0));
    clean("one", &["-j", "1"]);
    clean("seven", &["-j", "7"]);
    clean("all", &["--keep-document", "all"]);
    let text = |args: &[&str]| String::from_utf8(dir.run(&[&["diff"][..], args].concat()).exits(0).stdout).unwrap();
    let same = dir.run(&["diff", "one", "seven", "--fail-on-change"]).exits(0);
    assert!(String::from_utf8(same.stdout).unwrap().contains("What came out is the same"));
    dir.run(&["diff", "one", "all", "--fail-on-change"]).exits(1);
    let found = diff(&dir, "one", "all");
    let kept = changes(&found["content"]["documents"], "documents");
    assert_eq!(kept.get(&("document_exact".into(), "stays".into())), Some(&24), "{found}");
    assert_eq!(kept.get(&("document_empty".into(), "stays".into())), Some(&2), "{found}");
    assert_eq!(found["settings"], json!([{"key": "keep_document", "before": "\"first\"", "after": "\"all\""}]));
    let exact = found["content"]["documents"].as_array().unwrap().iter().find(|change| change["from"] == "document_exact").unwrap();
    assert_eq!((exact["examples"][0]["position"].as_u64(), exact["examples"].as_array().unwrap().len()), (Some(26), 3));
    let words = text(&["one", "all"]);
    assert!(words.contains("24 documents newly kept") && words.contains("keep_document"), "{words}");
    assert!(words.lines().all(|line| line.chars().count() <= 80), "{words}");
    // The bytes are those of every run.
    assert_eq!(words, text(&["one", "all"]));
    // Other names of the same bytes, in another order.
    dir.write("x/1.jsonl", site()).write("x/2.jsonl", row(5, "Only this."));
    dir.write("y/9.jsonl", site()).write("y/8.jsonl", row(5, "Only this."));
    for name in ["x", "y"] {
        dir.run(&["clean", name, "-q", "-o", &format!("of-{name}")]).exits(0);
    }
    let moved = diff(&dir, "of-x", "of-y");
    assert_eq!(
        (&moved["changed"], &moved["inputs"]["renamed"]["count"], &moved["content"]["matched"]["by_place"]),
        (&json!(false), &json!(2), &json!(26))
    );
}

#[test]
fn smaller_logs_and_reports_say_what_they_can() {
    let dir = Workdir::new();
    dir.write("in.jsonl", site());
    for (name, flags) in
        [("full", ""), ("gentle", "--keep-site all"), ("ids", "--removed ids --keep-site all"), ("none", "--removed none --keep-site all")]
    {
        let mut args = vec!["clean", "in.jsonl", "-q", "-o", name];
        args.extend(flags.split_whitespace());
        dir.run(&args).exits(0);
    }
    let known = diff(&dir, "full", "gentle");
    agrees_with_reports(&dir, &known, "full", "gentle", true);
    let ids = diff(&dir, "full", "ids");
    assert_eq!(changes(&known["content"]["lines"], "lines"), changes(&ids["content"]["lines"], "lines"));
    assert!(ids["untold"][0].as_str().unwrap().contains("no texts"), "{}", ids["untold"]);
    let back = diff(&dir, "ids", "full");
    assert!(back["content"]["lines"][0]["examples"][0]["text"].is_string(), "{back}");
    let none = diff(&dir, "full", "none");
    assert!(none["untold"][0].as_str().unwrap().contains("no removed log"), "{}", none["untold"]);
    assert_eq!(net(&changes(&none["content"]["documents"], "documents"), "stays"), 1);
    let none = diff(&dir, "none", "full");
    assert_eq!(net(&changes(&none["content"]["documents"], "documents"), "stays"), -1);
    let reports = diff(&dir, "full/report.json", "gentle/report.json");
    assert_eq!((&reports["content"], &reports["changed"]), (&Value::Null, &json!(true)));
    assert_eq!(reports["figures"], known["figures"]);
    assert_eq!(diff(&dir, "full/report.json", "full")["changed"], false);
    dir.run(&["diff", "full/report.json", "gentle/report.json", "--fail-on-change"]).exits(1);
}

#[test]
fn damage_and_misuse() {
    let dir = Workdir::new();
    dir.write("in.jsonl", site()).write("other.json", "{\"a\": 1}").write("broken.json", "{\"a");
    for name in ["a", "b"] {
        dir.run(&["clean", "in.jsonl", "-q", "-o", name]).exits(0);
    }
    dir.run(&["diff", "a", "nowhere"]).exits(2).says("nowhere");
    dir.run(&["diff", "a", "other.json"]).exits(2).says("no report");
    dir.run(&["diff", "a", "broken.json"]).exits(4).says("broken.json");
    dir.run(&["diff", "a", "b", "-o", "out.pdf"]).exits(2).says("form");
    for (name, begin) in [("out.json", "{"), ("out.md", "# a"), ("out.html", "<!doctype html>"), ("out.txt", "before  a")] {
        assert!(dir.run(&["diff", "a", "b", "-o", name]).exits(0).stdout.is_empty());
        assert!(fs::read_to_string(dir.path(name)).unwrap().starts_with(begin), "{name}");
    }
    let part = dir.path("b/removed/documents-00000.jsonl.zst");
    let bytes = fs::read(&part).unwrap();
    fs::write(&part, &bytes[..bytes.len() - 9]).unwrap();
    dir.run(&["diff", "a", "b", "-o", "none.txt"]).exits(4).says("documents-00000");
    assert!(!dir.path("none.txt").exists());
    let mut other = bytes.clone();
    let middle = other.len() / 2;
    other[middle] ^= 0x55;
    other[middle + 1] ^= 0x55;
    fs::write(&part, &other).unwrap();
    assert_ne!(dir.run(&["diff", "a", "b"]).code, Some(101));
    fs::write(&part, &bytes).unwrap();
    fs::remove_file(dir.path("b/_SUCCESS")).unwrap();
    dir.run(&["diff", "a", "b"]).exits(4).says("_SUCCESS");
}

/// Nothing of ids, names, sites or lines reaches a reader as more than text.
#[test]
fn hostile_strings() {
    let dir = Workdir::new();
    let evil = "<script>alert(1)</script>|`*_[x](http://e.example)\u{202e}@all &lt; # -->";
    let source = "a|b`<i>\u{1b}[31m.jsonl";
    let rows: String = (0..12)
        .map(|n| {
            let text = format!("{evil}\nRead | more\n{evil} {n}\nA sentence of its own, number {n}, for page {n}.");
            format!("{}\n", json!({"id": format!("\u{1b}]0;{evil}\n{n}"), "url": format!("http://h.example/{n}"), "text": text}))
        })
        .collect();
    dir.write(source, rows.clone() + &rows);
    dir.run(&["clean", source, "-q", "-o", "a|<b>"]).exits(0);
    dir.run(&["clean", source, "-q", "-o", "c", "--keep-site", "all", "--keep-document", "all"]).exits(0);
    let shown = |format: &str| String::from_utf8(dir.run(&["diff", "a|<b>", "c", "--format", format]).exits(0).stdout).unwrap();
    let text = shown("text");
    assert!(text.contains("script") && !text.contains(|c: char| c != '\n' && c.is_control() || c == '\u{202e}'), "{text}");
    let markdown = shown("markdown");
    assert!(markdown.contains("script") && !markdown.contains(['<', '@', '\u{202e}', '\u{1b}']), "{markdown}");
    for table in markdown.split("\n\n").filter(|block| block.starts_with("| ")) {
        let cells = |row: &str| row.replace("\\\\", "").replace("\\|", "").matches('|').count();
        assert!(
            table
                .lines()
                .filter(|row| row.starts_with('|'))
                .all(|row| cells(row) == cells(table) / table.lines().filter(|row| row.starts_with('|')).count()),
            "{table}"
        );
    }
    let html = shown("html");
    assert!(html.contains("script") && !html.contains("<script") && !html.contains(['\u{202e}', '\u{1b}']) && html.matches("<i>").count() == 0);
    let found: Value = serde_json::from_str(&shown("json")).unwrap();
    assert!(found["content"]["documents"][0]["examples"][0]["id"].as_str().unwrap().contains(evil));
}

#[test]
fn documents_that_go_since_they_are_alike() {
    let dir = Workdir::new();
    dir.write("in.jsonl", crawls::alike());
    dir.run(&["clean", "in.jsonl", "-q", "-o", "a"]).exits(0);
    dir.run(&["clean", "in.jsonl", "-q", "--near", "--covered", "-o", "b"]).exits(0);
    let found = diff(&dir, "a", "b");
    let documents = changes(&found["content"]["documents"], "documents");
    let of = |from: &str, to: &str| documents.get(&(from.to_owned(), to.to_owned())).copied().unwrap_or(0);
    assert_eq!((of("stays", "document_near"), of("stays", "document_covered"), of("document_exact", "document_near")), (2, 1, 1), "{found}");
    agrees_with_reports(&dir, &found, "a", "b", true);
    mirrors(&found, &diff(&dir, "b", "a"));
    let near = found["content"]["documents"].as_array().unwrap().iter().find(|change| change["to"] == "document_near").unwrap();
    assert!(near["examples"][0]["kept"].as_str().unwrap().contains("log"), "{near}");
    let text = String::from_utf8(dir.run(&["diff", "a", "b"]).exits(0).stdout).unwrap();
    assert!(text.contains("3 documents are newly removed") && text.contains("near"), "{text}");
    // Of reports alone the figures are known.
    let reports = diff(&dir, "a/report.json", "b/report.json");
    assert_eq!(reports["figures"]["removed_documents"]["document_near"]["documents"], json!({"before": 0, "after": 3}), "{reports}");
}
