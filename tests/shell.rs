//! The commands round `clean`, and the manners of a shell tool.

use std::process::Stdio;

use crate::workdir::Workdir;

#[test]
fn config_show_reads_back_and_runs_again() {
    let dir = Workdir::new();
    dir.write("page.txt", "one line\n");
    let shown = dir.run(&["config", "show", "page.txt", "--min-chars", "3", "--lang", "en,und"]).exits(0);
    let text = String::from_utf8(shown.stdout).unwrap();
    assert!(text.contains("min_chars = 3") && text.contains("lang = [\"en\", \"und\"]"), "{text}");
    dir.write("again.toml", &text);
    assert_eq!(dir.run(&["clean", "-c", "again.toml", "-q"]).exits(0).rows().len(), 1);
    dir.run(&["clean", "page.txt", "-q", "-o", "washed"]).exits(0);
    dir.run(&["clean", "-c", "washed/config.toml", "-q", "-o", "second"]).exits(0);
    assert_eq!(dir.tree("washed"), dir.tree("second"));
}

#[test]
fn a_folder_says_what_its_run_took() {
    let dir = Workdir::new();
    dir.write("in.jsonl", "{\"url\":\"https://a.example/1\",\"text\":\"one line\"}\n");
    dir.run(&["clean", "in.jsonl", "-q", "-o", "washed", "-j", "2", "--keep-document", "longest"]).exits(0);
    let run: serde_json::Value = serde_json::from_slice(&std::fs::read(dir.path("washed/run.json")).unwrap()).unwrap();
    let stages: Vec<&str> = run["stages"].as_array().unwrap().iter().map(|stage| stage["name"].as_str().unwrap()).collect();
    assert_eq!(stages, ["reading", "survey", "freezing", "cleaning", "finishing"]);
    assert_eq!((run["input_bytes"].as_u64(), run["threads"].as_u64()), (Some(48), Some(2)));
    assert!(run["serial_share"].as_f64().unwrap() <= 1.0 && run["cpu_seconds"].as_f64().unwrap() > 0.0, "{run}");
}

#[test]
fn talk_takes_the_shape_that_is_asked_for() {
    let dir = Workdir::new();
    dir.write("in.jsonl", "{\"text\":\"a\"}\nbroken\n");
    dir.run(&["clean", "in.jsonl", "--color", "always"]).exits(3).says("\u{1b}[1;33mwarning\u{1b}[0m: in.jsonl:2:");
    assert!(!dir.run(&["clean", "in.jsonl"]).exits(3).stderr.contains('\u{1b}'));
    let verbose = dir.run(&["clean", "in.jsonl", "-v"]).exits(3).says("survey").says("in.jsonl: jsonl, 20 bytes");
    assert!(verbose.stderr.contains("in     1 documents"));
    let json = dir.run(&["clean", "in.jsonl", "-v", "--log-format", "json"]).exits(3);
    let talk = crate::workdir::rows(json.stderr.as_bytes());
    let warning = talk.iter().find(|t| t["level"] == "warning").unwrap();
    assert_eq!((&warning["path"], &warning["line"]), (&"in.jsonl".into(), &2.into()));
    assert!(warning["hint"].is_string() && talk.last().unwrap()["report"]["records"] == 2);
    let failed = dir.run(&["clean", "missing", "--log-format", "json"]).exits(2);
    assert_eq!(crate::workdir::rows(failed.stderr.as_bytes())[0]["level"], "error");
}

#[test]
fn completions_and_manuals() {
    let dir = Workdir::new();
    for (args, word) in [
        (&["completions", "bash"][..], "_buddle"),
        (&["completions", "fish"], "complete -c buddle"),
        (&["man"], ".TH buddle"),
        (&["man", "clean"], "text\\-field"),
    ] {
        let out = String::from_utf8(dir.run(args).exits(0).stdout).unwrap();
        assert!(out.contains(word), "{args:?}");
    }
    dir.run(&["man", "wash"]).exits(2);
}

#[test]
fn a_closed_pipe_is_no_error() {
    let dir = Workdir::new();
    let corpus: String = (0..40_000).map(|n| format!("{{\"text\":\"a document with the number {n} and some more words\"}}\n")).collect();
    dir.write("in.jsonl", corpus);
    let mut child = dir.command(&["clean", "in.jsonl", "--langid", "none"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn a_terminated_run_leaves_nothing() {
    let dir = Workdir::new();
    let corpus: String = (0..60_000)
        .map(|n| format!("{{\"text\":\"Ein Dokument mit der Nummer {n} und noch einigen weiteren Worten, die zur Sprache passen.\"}}\n"))
        .collect();
    dir.write("in.jsonl", corpus);
    let mut child = dir.command(&["clean", "in.jsonl", "-q", "-o", "washed"]).spawn().unwrap();
    std::thread::sleep(std::time::Duration::from_millis(300));
    std::process::Command::new("kill").arg(child.id().to_string()).status().unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(143));
    let left: Vec<_> = std::fs::read_dir(dir.path(".")).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(left, ["in.jsonl"]);
}

#[test]
fn verify_finds_what_was_changed() {
    let dir = Workdir::new();
    dir.write("page.txt", "one line\n").run(&["clean", "page.txt", "-q", "-o", "washed"]).exits(0);
    dir.run(&["verify", "washed"]).exits(0);
    let part = dir.path("washed/data/part-00000.jsonl.zst");
    let mut bytes = std::fs::read(&part).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    std::fs::write(&part, bytes).unwrap();
    dir.run(&["verify", "washed"]).exits(4).says("SHA-256");
    std::fs::remove_file(part).unwrap();
    dir.run(&["verify", "washed"]).exits(4);
    dir.run(&["verify", "."]).exits(2).says("no manifest");
}

#[test]
fn the_removed_log_can_go_elsewhere_or_away() {
    let dir = Workdir::new();
    dir.write("in.jsonl", "{\"text\":\"the same words\"}\n{\"text\":\"the same words\"}\n");
    dir.run(&["clean", "in.jsonl", "-o", "out.jsonl", "--removed-to", "gone", "--report", "report.json"]).exits(0);
    assert_eq!(dir.washed("gone", "removed/documents")[0]["kept"]["position"], 1);
    assert!(dir.path("report.json").is_file());
    dir.run(&["clean", "in.jsonl", "-o", "other.jsonl"]).exits(0).says("was not kept");
    dir.run(&["clean", "in.jsonl", "-o", "none", "--removed", "none", "-q"]).exits(0);
    dir.run(&["restore", "none"]).exits(2).says("--removed full");
}

#[test]
fn lists_override_the_rules() {
    let dir = Workdir::new();
    let prose = |n: &str| format!("The {n} paragraph of this article is long enough to be prose and ends with a stop.");
    let text = format!(
        "{}\nAdvertisement\n{}\nAdvertisement\n{}\nAdvertisement\n{}\nUnwanted 12",
        prose("first"),
        prose("second"),
        prose("third"),
        prose("fourth")
    );
    dir.write("page.txt", &text).write("allow.txt", "ADVERTISEMENT\n").write("deny.txt", "unwanted 7\n");
    let lines = |args: &[&str]| -> usize { dir.run(args).exits(0).rows()[0]["text"].as_str().unwrap().lines().count() };
    assert_eq!(lines(&["clean", "page.txt", "-q"]), 5);
    assert_eq!(lines(&["clean", "page.txt", "-q", "--allow", "allow.txt"]), 8);
    assert_eq!(lines(&["clean", "page.txt", "-q", "--deny", "deny.txt"]), 4);
    assert_eq!(lines(&["clean", "page.txt", "-q", "--deny", "deny.txt", "--list-compare", "exact"]), 5);
    assert_eq!(lines(&["clean", "page.txt", "-q", "--keep-document-line", "first"]), 6);
    assert_eq!(lines(&["clean", "page.txt", "-q", "--keep-document-line", "all"]), 8);
}
