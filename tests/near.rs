//! `clean --near` and `--covered`: what goes is like a document that stays, the same for any threads and memory, and comes back.

mod hard;
pub mod made;
mod peers;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::workdir::Workdir;
use made::{jsonl, likeness, place, shingles, texts};

fn spilled(dir: &Workdir, folder: &str) -> u64 {
    let run: Value = serde_json::from_slice(&std::fs::read(dir.path(folder).join("run.json")).unwrap()).unwrap();
    run["spilled_bytes"].as_u64().unwrap()
}

fn number(count: usize) -> u64 {
    count as u64
}

/// Rows of documents that went whole.
pub fn gone(dir: &Workdir, folder: &str) -> Vec<Value> {
    let rows = dir.washed(folder, "removed/documents");
    rows.into_iter().filter(|row| row.get("reason").is_some()).collect()
}

/// Places of the documents that stay.
pub fn stay(dir: &Workdir, folder: &str) -> BTreeSet<usize> {
    dir.washed(folder, "data/").iter().map(|row| place(&row["buddle"])).collect()
}

fn reasons(rows: &[Value]) -> BTreeMap<&str, usize> {
    rows.iter().fold(BTreeMap::new(), |mut sum, row| {
        *sum.entry(row["reason"].as_str().unwrap()).or_default() += 1;
        sum
    })
}

/// Law 2, and law 1: 32 MiB have room neither for the buckets nor for the shingles, and nothing of it shows.
#[test]
fn threads_memory_and_streams_do_not_matter() {
    let dir = Workdir::new();
    let input = jsonl(texts(1, 15_000, 3, 14));
    dir.write("in.jsonl", &input);
    std::fs::create_dir(dir.path("tmp")).unwrap();
    let run = |memory: &str, threads: &str, folder: &str, flags: &[&str]| {
        let args = ["clean", "in.jsonl", "-q", "--langid", "none", "--memory", memory, "-j", threads, "--tmp-dir", "tmp", "-o", folder];
        dir.run(&[&args, flags].concat()).exits(0);
    };
    let both = ["--near", "--near-threshold", "0.6", "--covered"];
    run("256M", "1", "one", &both);
    assert_eq!(spilled(&dir, "one"), 0);
    let one = dir.tree("one");
    for (memory, threads, folder) in [("256M", "2", "two"), ("64M", "7", "seven"), ("32M", "1", "little"), ("32M", "7", "little7")] {
        run(memory, threads, folder, &both);
        assert!(dir.tree(folder) == one, "{memory}, {threads} threads");
    }
    run("32M", "2", "without", &[]);
    assert!(spilled(&dir, "little") > spilled(&dir, "without") + (12 << 20), "{} {}", spilled(&dir, "little"), spilled(&dir, "without"));
    assert_eq!(std::fs::read_dir(dir.path("tmp")).unwrap().count(), 0);
    let stream = dir.pipe(&["clean", "-", "-q", "--langid", "none", "--near", "--near-threshold", "0.6", "--covered"], input.as_bytes()).exits(0);
    let placeless = |rows: Vec<Value>| rows.into_iter().map(|row| [row["id"].clone(), row["text"].clone()]).collect::<Vec<_>>();
    assert!(placeless(stream.rows()) == placeless(dir.washed("one", "data/")));

    let gone = gone(&dir, "one");
    let reasons = reasons(&gone);
    assert!(["document_near", "document_covered", "document_exact"].iter().all(|reason| reasons[reason] > 1000), "{reasons:?}");
    dir.run(&["verify", "one"]).exits(0);
    dir.run(&["restore", "one", "-o", "back.jsonl"]).exits(0);
    assert!(placeless(crate::workdir::rows(&std::fs::read(dir.path("back.jsonl")).unwrap())) == placeless(crate::workdir::rows(input.as_bytes())));
}

/// With languages told, and with the longest of copies kept, the same.
#[test]
fn languages_and_the_longest_give_the_same_bytes_and_come_back() {
    let dir = Workdir::new();
    let all = texts(2, 700, 4, 14);
    dir.write("in.jsonl", jsonl(&all));
    let run = |keep: &str, threads: &str, folder: &str| {
        dir.run(&["clean", "in.jsonl", "-q", "--near", "--covered", "--keep-document", keep, "-j", threads, "-o", folder]).exits(0);
        dir.tree(folder)
    };
    for keep in ["first", "longest"] {
        assert!(run(keep, "1", &format!("{keep}1")) == run(keep, "7", &format!("{keep}7")), "{keep}");
        let folder = format!("{keep}1");
        dir.run(&["verify", &folder]).exits(0);
        dir.run(&["restore", &folder, "-o", &format!("{keep}.jsonl")]).exits(0);
        let back = crate::workdir::rows(&std::fs::read(dir.path(&format!("{keep}.jsonl"))).unwrap());
        assert!(back.iter().map(|row| row["text"].as_str().unwrap()).eq(all.iter().map(String::as_str)), "{keep}");
        let (stay, gone) = (stay(&dir, &folder), gone(&dir, &folder));
        assert_eq!(stay.len() + gone.len(), all.len());
        for row in &gone {
            let kept = place(&row["kept"]);
            assert!(stay.contains(&kept), "{row}");
            // What is covered may go for a later, longer document; what is alike goes for the one whose turn was before.
            let (chars, others) = (all[place(row)].chars().count(), all[kept].chars().count());
            match (keep, row["reason"].as_str().unwrap()) {
                ("first", "document_near" | "document_exact") => assert!(kept < place(row), "{row}"),
                ("longest", "document_near" | "document_exact") => assert!((others, place(row)) >= (chars, kept), "{row}"),
                (_, "document_covered") => assert!(row["similarity"].as_f64().unwrap() > 0.8, "{row}"),
                other => panic!("{other:?}"),
            }
        }
        assert!(reasons(&gone).len() == 3 && gone.len() > 450, "{:?}", reasons(&gone));
    }
}

/// The naive twin: every document against all that stay before it, by shingles that are strings.
#[test]
fn what_goes_is_what_the_naive_twin_takes() {
    let dir = Workdir::new();
    let all = texts(3, 330, 4, 20);
    dir.write("in.jsonl", jsonl(&all));
    let sets: Vec<BTreeSet<Vec<String>>> = all.iter().map(|text| shingles(text)).collect();
    for (name, threshold) in [("0.8", 0.8), ("0.6", 0.6), ("1", 1.0)] {
        let (mut left, mut taken) = (Vec::new(), BTreeSet::new());
        for (n, set) in sets.iter().enumerate() {
            let reaches = |other: &usize| {
                let (common, union) = likeness(set, &sets[*other]);
                common as f64 >= union as f64 * threshold
            };
            if left.iter().any(reaches) {
                taken.insert(n);
            } else {
                left.push(n);
            }
        }
        assert!(taken.len() > 50);
        dir.run(&["clean", "in.jsonl", "-q", "--near", "--near-threshold", name, "--site-from", "none", "--langid", "none", "-o", name]).exits(0);
        let gone = gone(&dir, name);
        assert_eq!(gone.iter().map(place).collect::<BTreeSet<_>>(), taken, "{name}");
        assert_eq!(stay(&dir, name), left.iter().copied().collect(), "{name}");
        for row in gone.iter().filter(|row| row["reason"] == "document_near") {
            let (common, union) = likeness(&sets[place(row)], &sets[place(&row["kept"])]);
            let said = (row["similarity"].as_f64().unwrap() * 10_000.0).round() as u64;
            assert_eq!(said, number(common) * 10_000 / number(union), "{row}");
            assert!(common as f64 >= union as f64 * threshold && left.contains(&place(&row["kept"])), "{row}");
        }
    }
}

/// Both rules together take no less than each alone, and `explain` and the report know them.
#[test]
fn what_was_found_is_said() {
    let dir = Workdir::new();
    let all = texts(4, 120, 4, 20);
    dir.write("in.jsonl", jsonl(&all));
    dir.run(&["clean", "in.jsonl", "-q", "--near", "--covered", "-o", "washed"]).exits(0);
    let gone = gone(&dir, "washed");
    for reason in ["document_near", "document_covered"] {
        let row = gone.iter().find(|row| row["reason"] == reason).unwrap();
        let said = dir.run(&["explain", "washed", "--id", &row["id"].to_string()]).exits(0);
        let said = String::from_utf8(said.stdout).unwrap();
        assert!(said.contains(&row["kept"]["id"].to_string()), "{said}");
    }
    let report: Value = serde_json::from_slice(&std::fs::read(dir.path("washed/report.json")).unwrap()).unwrap();
    let text = report.to_string();
    assert!(text.contains("document_near") && text.contains("document_covered"), "{text}");
}

#[test]
fn thresholds_that_are_none_are_refused() {
    let dir = Workdir::new();
    dir.write("in.jsonl", jsonl(texts(5, 30, 4, 20)));
    for (threshold, named) in
        [("0", "`near_threshold` is 0"), ("-1", "`near_threshold` is -1"), ("NaN", "`near_threshold` is NaN"), ("1.5", "`near_threshold` is 1.5")]
    {
        let flag = format!("--near-threshold={threshold}");
        dir.run(&["clean", "in.jsonl", "--near", &flag, "-o", "washed"]).exits(2).says(named);
        let value = if threshold == "NaN" { "nan" } else { threshold };
        dir.write("c.toml", format!("near = true\nnear_threshold = {value}\n"));
        dir.run(&["clean", "in.jsonl", "-c", "c.toml", "-o", "washed"]).exits(2).says("near_threshold");
    }
    dir.write("c.toml", "near = true\nnear_treshold = 0.9\n");
    dir.run(&["clean", "in.jsonl", "-c", "c.toml", "-o", "washed"]).exits(2).says("c.toml:2").says("near_threshold");
    for shingle in ["words:0", "words:256", "chars:", "5"] {
        dir.run(&["clean", "in.jsonl", "--near", "--shingle", shingle, "-o", "washed"]).exits(2).says("no shingle");
    }
    for rule in ["--near", "--covered"] {
        dir.run(&["clean", "in.jsonl", rule, "--keep-document", "all", "-o", "washed"]).exits(2).says("keep_document");
    }
    assert!(!dir.path("washed").exists());
    dir.write("c.toml", "near = true\nnear_threshold = 0.6\nshingle = \"words:3\"\n");
    dir.run(&["clean", "in.jsonl", "-q", "-c", "c.toml", "-o", "by-file"]).exits(0);
    dir.run(&["clean", "in.jsonl", "-q", "--near", "--near-threshold", "0.6", "--shingle", "words:3", "-o", "by-flags"]).exits(0);
    assert!(dir.tree("by-file") == dir.tree("by-flags") && !gone(&dir, "by-file").is_empty());
    // No document has a shingle.
    dir.run(&["clean", "in.jsonl", "-q", "--near", "--shingle", "words:255", "--site-from", "none", "-o", "too-long"]).exits(0);
    assert!(gone(&dir, "too-long").iter().all(|row| row["reason"] == "document_exact"));
}

#[test]
fn a_dry_run_shows_the_curve() {
    let dir = Workdir::new();
    dir.write("in.jsonl", jsonl(["one"]));
    let dry = dir.run(&["clean", "in.jsonl", "--near", "-n", "-o", "washed"]).exits(0);
    assert!(dry.stdout.is_empty() && !dir.path("washed").exists());
    let dry = dry.says("would read 1 sources").says("3 times").says("one of 18 bands of 5 numbers").says("alike from 0.8 on");
    let row = |name: &str| -> Vec<f64> {
        let line = dry.stderr.lines().find(|line| line.starts_with(name)).unwrap();
        line.split_whitespace().filter_map(|number| number.parse().ok()).collect()
    };
    assert_eq!(row("similarity"), [0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95]);
    let found = row("chance to be compared");
    assert_eq!(found.len(), 8);
    for (similarity, found) in row("similarity").iter().zip(&found) {
        assert!((1.0 - (1.0 - similarity.powi(5)).powi(18) - found).abs() < 1e-4, "{similarity}");
    }
    let plain = dir.run(&["clean", "in.jsonl", "-n", "-o", "washed"]).exits(0).says("2 times");
    assert!(!plain.stderr.contains("chance"));
}

/// Pages that share no more than what their site repeats are not compared, and `explain` says so.
#[test]
fn pages_of_one_make_stay() {
    let dir = Workdir::new();
    let menu: Vec<String> = (0..6).map(|n| format!("What every page of this place says in its line number {n} of six")).collect();
    let page = |n: usize| {
        let own = ["ferry", "bridge", "council", "harvest", "lantern", "orchard", "railway", "windmill"].map(|word| format!("{word}{n}")).join(" ");
        json!({"id": n, "url": format!("https://a.example/{n}"), "text": format!("{}\n{own}", menu.join("\n"))}).to_string() + "\n"
    };
    dir.write("in.jsonl", (0..30).map(page).collect::<String>());
    let args = [
        "clean",
        "in.jsonl",
        "-q",
        "--near",
        "--near-threshold",
        "0.5",
        "--langid",
        "none",
        "--keep-site",
        "all",
        "--keep-site-prose",
        "all",
        "-o",
        "washed",
    ];
    dir.run(&args).exits(0);
    assert_eq!(dir.washed("washed", "data/").len(), 30);
    let explained = dir.run(&["explain", "washed", "--id", "7"]).exits(0);
    let explained = String::from_utf8(explained.stdout).unwrap().split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(explained.contains("it is not compared: more than half"), "{explained}");
    // Without their site's name they are alike.
    dir.run(&[&args[..13], &["other", "--site-from", "none"]].concat()).exits(0);
    assert_eq!(dir.washed("other", "data/").len(), 1);
}

/// Lines of which it is not sure that they are furniture do not make pages of a site alike.
#[test]
fn what_a_site_repeats_is_not_counted() {
    let dir = Workdir::new();
    let menu = "So it says at the top of all that is here to be read\nAnd so at the foot of all that is here to be read";
    let words = |from: usize, to: usize, of: &str| {
        (from..to).map(|n| format!("{of}{}", "lantern".repeat(1 + n % 3) + &n.to_string())).collect::<Vec<_>>().join(" ")
    };
    let page = |n: usize, own: &str| json!({"id": n, "url": format!("https://a.example/{n}"), "text": format!("{menu}\n{own}")}).to_string() + "\n";
    let mut pages: String = (0..12).map(|n| page(n, &words(0, 20, &format!("of{n}")))).collect();
    // Twelve words of twenty are the same: a third of the shingles, with those of the menu more than half.
    pages += &page(100, &format!("{} {}", words(0, 12, "both"), words(12, 20, "one")));
    pages += &page(101, &format!("{} {}", words(0, 12, "both"), words(12, 20, "two")));
    dir.write("in.jsonl", pages);
    let args =
        ["clean", "in.jsonl", "-q", "--near", "--near-threshold", "0.5", "--langid", "none", "--keep-site", "all", "--keep-site-prose", "all", "-o"];
    dir.run(&[&args[..], &["washed"]].concat()).exits(0);
    assert_eq!(dir.washed("washed", "data/").len(), 14);
    let explained = dir.run(&["explain", "washed", "--id", "101"]).exits(0);
    let explained = String::from_utf8(explained.stdout).unwrap().split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(explained.contains("2 lines that its site repeats on many pages are not counted"), "{explained}");
    // Where no site is known all lines count.
    dir.run(&[&args[..], &["other", "--site-from", "none"]].concat()).exits(0);
    let left = dir.washed("other", "data/");
    assert_eq!(left.len(), 13);
    let explained = dir.run(&["explain", "other", "--id", "101"]).exits(0);
    assert!(!String::from_utf8(explained.stdout).unwrap().contains("not counted"));
}
