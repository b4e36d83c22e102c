//! `clean --one-pass`: a stream by the index of earlier crawls alone.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    process::Stdio,
    sync::mpsc,
    time::Duration,
};

use serde_json::{Value, json};

use crate::workdir::Workdir;

/// Pages of a site between the same lines.
fn page(site: &str, n: usize) -> String {
    let story = (0..30).map(|w| format!("word{}", (n * 31 + w * 7) % 1009)).collect::<Vec<_>>().join(" ");
    let text = format!("Home\nNews of the day\nContact us\nThe story of number {n} begins: {story}.\nAll rights reserved\nImprint");
    json!({"id": format!("{site}-{n}"), "url": format!("https://{site}/{n}"), "text": text}).to_string() + "\n"
}

/// A crawl of two sites that was washed into `old`.
fn washed() -> Workdir {
    let dir = Workdir::new();
    dir.write("old.jsonl", (0..40).map(|n| page("a.example", n) + &page("b.example", n + 100)).collect::<String>());
    dir.run(&["clean", "old.jsonl", "-q", "-o", "old"]).exits(0);
    dir
}

fn new_crawl() -> String {
    (30..80).map(|n| page("a.example", n) + &page("b.example", n + 120)).collect()
}

fn ids(rows: &[Value]) -> Vec<&str> {
    rows.iter().map(|row| row["id"].as_str().unwrap()).collect()
}

/// Lines are judged as by a file of lines alone, which is read whole, and documents of the old crawl go.
#[test]
fn lines_are_those_that_the_index_alone_leaves() {
    let dir = washed();
    dir.write("new.jsonl", new_crawl());
    let by_lines = dir.run(&["clean", "new.jsonl", "-q", "--index", "old/index/lines.idx"]).exits(0).rows();
    let once = dir.run(&["clean", "new.jsonl", "-q", "--one-pass", "--index", "old/index/lines.idx"]).exits(0).rows();
    assert_eq!(once, by_lines);
    assert_eq!(once[0]["text"].as_str().unwrap().lines().count(), 1);
    let against = dir.run(&["clean", "new.jsonl", "-q", "--one-pass", "--index", "old"]).exits(0).rows();
    let expected: Vec<_> = ids(&once)
        .into_iter()
        .filter(|id| id.rsplit('-').next().unwrap().parse::<usize>().is_ok_and(|n| !(30..40).contains(&n) && !(120..140).contains(&n)))
        .collect();
    assert_eq!(ids(&against), expected);
    // On any number of threads, with any memory, and as it comes.
    for more in [&["-j", "1"][..], &["-j", "4", "--memory", "32M"]] {
        assert_eq!(dir.run(&[&["clean", "new.jsonl", "-q", "--one-pass", "--index", "old"], more].concat()).exits(0).rows(), against);
    }
    let piped = dir.pipe(&["clean", "-q", "--one-pass", "--index", "old"], new_crawl().as_bytes()).exits(0).rows();
    assert_eq!(ids(&piped), expected);
}

/// Copies in the stream go for what came first, which the log names by its place; all of it comes back.
#[test]
fn copies_go_for_what_came_first() {
    let dir = washed();
    let (one, two) = (page("a.example", 500), page("c.example", 501));
    let renamed = |row: &str, id: &str| row.replace("-500\"", &format!("-{id}\"")).replace("-501\"", &format!("-{id}\""));
    dir.write("1.jsonl", one.clone() + "\n" + &two + &renamed(&one, "again"));
    dir.write("2.jsonl", "");
    dir.write("3.jsonl", renamed(&two, "third") + &page("a.example", 3).replace("-3\"", "-seen\"") + &one.replace("a.example", "b.example"));
    dir.run(&["clean", "1.jsonl", "2.jsonl", "3.jsonl", "-q", "--one-pass", "--index", "old", "-o", "new"]).exits(0);
    assert_eq!(ids(&dir.washed("new", "data/")), ["a.example-500", "c.example-501"]);
    let gone: Vec<Value> = dir.washed("new", "removed/documents").into_iter().filter(|row| row["reason"].is_string()).collect();
    let kept: Vec<_> = gone.iter().map(|row| (row["id"].as_str().unwrap(), row["kept"].clone())).collect();
    let place = |source: &str, position: u64| json!({"id": null, "source": source, "position": position});
    let expected = [
        ("a.example-again", place("1.jsonl", 1)),
        ("c.example-third", place("1.jsonl", 3)),
        ("a.example-seen", json!({"id": "a.example-3", "source": null, "position": 7})),
        ("b.example-500", place("1.jsonl", 1)),
    ];
    assert_eq!(kept, expected);
    dir.run(&["verify", "new"]).exits(0);
    dir.run(&["restore", "new", "-o", "restored.jsonl"]).exits(0);
    let text = |row: &str| serde_json::from_str::<Value>(row).unwrap()["text"].clone();
    let read = |name: &str| fs::read_to_string(dir.path(name)).unwrap();
    let restored: Vec<Value> = read("restored.jsonl").lines().map(text).collect();
    let all: Vec<Value> =
        ["1.jsonl", "3.jsonl"].iter().flat_map(|name| read(name).lines().filter(|line| !line.is_empty()).map(text).collect::<Vec<_>>()).collect();
    assert_eq!(restored, all);
    // Why a line went is explained by the index that it was judged by.
    let explained = dir.run(&["explain", "new", "--id", "a.example-500", "--line", "1"]).exits(0);
    assert!(String::from_utf8(explained.stdout).unwrap().contains("40 of the site's 40 pages hold it"), "the pages of the old crawl");
}

/// A text goes for one that came before at another site, whatever lines went there or here.
#[test]
fn copies_of_other_sites_go_too() {
    let dir = washed();
    let (known, unknown) = (page("a.example", 700), page("a.example", 700).replace("https://a.example", "https://unknown.example"));
    let article = |row: &str| {
        let mut record: Value = serde_json::from_str(row).unwrap();
        record["text"] = record["text"].as_str().unwrap().lines().nth(3).unwrap().into();
        record.to_string() + "\n"
    };
    for rows in [[&known, &unknown], [&unknown, &known], [&known, &article(&unknown)], [&article(&unknown), &known]] {
        dir.write("in.jsonl", rows.map(String::as_str).concat());
        dir.run(&["clean", "in.jsonl", "-q", "--one-pass", "--index", "old", "--overwrite", "-o", "new"]).exits(0);
        assert_eq!(dir.washed("new", "data/").len(), 1, "{rows:?}");
        dir.run(&["restore", "new", "-o", "restored.jsonl", "--overwrite"]).exits(0);
        let texts = |name: &str| {
            let rows = fs::read_to_string(dir.path(name)).unwrap();
            rows.lines().map(|row| serde_json::from_str::<Value>(row).unwrap()["text"].clone()).collect::<Vec<_>>()
        };
        assert_eq!(texts("restored.jsonl"), texts("in.jsonl"));
    }
    // Where all copies stay, they stay.
    let all = dir.run(&["clean", "in.jsonl", "-q", "--one-pass", "--index", "old", "--keep-document", "all"]).exits(0).rows();
    assert_eq!(all.len(), 2);
}

/// Who reads the output may go while the input says nothing.
#[test]
fn a_closed_output_ends_a_run_that_waits() {
    let dir = washed();
    let args = ["clean", "--from", "jsonl", "-q", "--one-pass", "--index", "old"];
    let mut child = dir.command(&args).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let mut to = child.stdin.take().unwrap();
    to.write_all(page("a.example", 1000).as_bytes()).unwrap();
    to.flush().unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

/// A row is written when its record has come, not when the input ends.
#[test]
fn rows_do_not_wait_for_the_end() {
    let dir = washed();
    for output in ["-", "/dev/stdout"] {
        let args = ["clean", "--from", "jsonl", "-q", "--one-pass", "--index", "old", "-o", output];
        let mut child = dir.command(&args).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let (mut to, from) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        let (sender, rows) = mpsc::channel();
        let reader = std::thread::spawn(move || BufReader::new(from).lines().for_each(|row| sender.send(row.unwrap()).unwrap()));
        for n in 600..604 {
            to.write_all(page("a.example", n).as_bytes()).unwrap();
            to.flush().unwrap();
            let row: Value = serde_json::from_str(&rows.recv_timeout(Duration::from_secs(60)).expect("a row before the end")).unwrap();
            assert_eq!(row["id"], format!("a.example-{n}"));
        }
        drop(to);
        assert_eq!(child.wait().unwrap().code(), Some(0));
        reader.join().unwrap();
    }
}

/// A stream that says nothing does not keep a run from ending when it is told to.
#[test]
fn a_signal_ends_a_run_that_waits() {
    let dir = washed();
    for (signal, code) in [("-INT", 130), ("-TERM", 143)] {
        let args = ["clean", "--from", "jsonl", "-q", "--one-pass", "--index", "old", "-o", "new"];
        let mut child = dir.command(&args).stdin(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut to = child.stdin.take().unwrap();
        to.write_all(page("a.example", 1).as_bytes()).unwrap();
        std::thread::sleep(Duration::from_millis(500));
        std::process::Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(code));
        assert!(!dir.path("new").exists());
    }
    // Nor does a pipe that nobody writes into.
    assert!(std::process::Command::new("mkfifo").arg(dir.path("pipe")).status().unwrap().success());
    let mut child = dir.command(&["clean", "pipe", "--from", "jsonl", "-q", "--one-pass", "--index", "old"]).stderr(Stdio::null()).spawn().unwrap();
    std::thread::sleep(Duration::from_millis(500));
    std::process::Command::new("kill").arg(child.id().to_string()).status().unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(143));
}

#[test]
fn what_needs_more_than_one_pass_is_refused() {
    let dir = washed();
    let refused = |more: &[&str], says: &str| {
        dir.run(&[&["clean", "old.jsonl", "--one-pass"], more].concat()).exits(2).says(says);
    };
    refused(&[], "needs the lines of earlier crawls");
    for flag in [&["--near"][..], &["--covered"], &["--update-index"], &["--keep-document", "longest"]] {
        refused(&[&["--index", "old"], flag].concat(), &format!("{} needs to see the input more than once", flag.join(" ")));
    }
    refused(&["--index", "nothing"], "there is no line index here");
    dir.run(&["index", "build", "old.jsonl", "--one-pass", "--index", "old", "-o", "made"]).exits(2).says("surveys nothing");
    // Of what goes too much is said too late, but said.
    let gone = (0..40).map(|n| {
        json!({"id": n, "url": "https://a.example/x", "text": format!("Home\nNews of the day\nContact us\nAll rights reserved\nImprint\nNo {n}")})
            .to_string()
            + "\n"
    });
    dir.write("furniture.jsonl", gone.collect::<String>());
    dir.run(&["clean", "furniture.jsonl", "-q", "--one-pass", "--index", "old", "-o", "new"]).exits(4).says("the stream lost");
    assert!(!dir.path("new").exists());
    dir.run(&["clean", "furniture.jsonl", "-n", "--one-pass", "--index", "old"]).exits(0).says("1 times");
}
