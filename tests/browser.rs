//! Pages in a browser: headless Chromium opens them and axe-core looks at them (`tests/browser/look.mjs`).
//!
//! `npm ci` in `tests/browser`, then `cargo test --test browser -- --ignored`. Screenshots stay in `target/tmp/browser`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, missing_docs)]

#[allow(dead_code)]
mod crawls;
#[allow(dead_code)]
mod faults;
#[allow(dead_code)]
mod workdir;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use workdir::Workdir;

/// What the browser finds wrong with these pages, a line each.
fn wrongs(pages: &[PathBuf]) -> Vec<String> {
    let shots = Path::new(env!("CARGO_TARGET_TMPDIR")).join("browser");
    fs::create_dir_all(&shots).unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser/look.mjs");
    let out = Command::new("node").arg(script).arg(shots).args(pages).output().expect("node");
    let stderr = String::from_utf8_lossy(&out.stderr);
    assert!(stderr.is_empty(), "node cannot look (npm ci in tests/browser? Chromium?): {stderr}");
    let faults: Vec<String> = String::from_utf8(out.stdout).unwrap().lines().map(str::to_owned).collect();
    assert_eq!(out.status.code(), Some(i32::from(!faults.is_empty())));
    faults
}

#[track_caller]
fn are_sound(pages: &[PathBuf]) {
    let faults = wrongs(pages);
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// The page of a washed folder, under this name.
fn report(dir: &Workdir, folder: &str, name: &str) -> PathBuf {
    dir.run(&["report", folder, "-o", name]).exits(0);
    dir.path(name)
}

#[test]
#[ignore = "needs Chromium and Node"]
fn pages_of_washed_folders_are_sound() {
    let dir = Workdir::new();
    dir.write("page.txt", fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/seed/page.txt")).unwrap());
    dir.run(&["clean", "page.txt", "-q", "-o", "seed"]).exits(0);
    dir.write("in.jsonl", crawls::large(40, 24)).run(&["clean", "in.jsonl", "-q", "-o", "large"]).exits(3);
    dir.run(&["clean", "in.jsonl", "-q", "--removed", "none", "-o", "bare"]).exits(3);
    let pages = [("seed", "report-seed.html"), ("large", "report-large.html"), ("bare", "report-bare.html")];
    are_sound(&pages.map(|(folder, name)| report(&dir, folder, name)));
}

#[test]
#[ignore = "needs Chromium and Node"]
fn pages_of_hostile_text_are_sound_and_run_nothing() {
    let dir = Workdir::new();
    let whole = report(&dir, crawls::hostile(&dir, &[]), "report-hostile.html");
    fs::remove_dir_all(dir.path("washed")).unwrap();
    let suspended = report(&dir, crawls::hostile(&dir, &["--max-site-share", "0"]), "report-suspended.html");
    are_sound(&[whole, suspended]);
}

#[test]
#[ignore = "needs Chromium and Node"]
fn pages_of_checks_are_sound() {
    let dir = Workdir::new();
    for fault in faults::faults() {
        dir.write(&format!("set/{}", fault.name), faults::lines(&fault.lines));
    }
    dir.write("in.jsonl", crawls::large(40, 24)).write("empty.jsonl", "");
    crawls::hostile(&dir, &[]);
    let pages = [
        ("set", "check-faults.html"),
        ("in.jsonl", "check-large.html"),
        ("empty.jsonl", "check-empty.html"),
        (crawls::HOSTILE_FILE, "check-hostile.html"),
    ];
    let pages = pages.map(|(input, name)| {
        dir.run(&["check", "-q", "--report", name, input]).exits(1);
        dir.path(name)
    });
    are_sound(&pages);
}

#[test]
#[ignore = "needs Chromium and Node"]
fn pages_of_differences_are_sound() {
    let dir = Workdir::new();
    dir.write("in.jsonl", crawls::large(40, 24)).run(&["clean", "in.jsonl", "-q", "-o", "before"]).exits(3);
    dir.run(&["clean", "in.jsonl", "-q", "--strength", "strong", "--keep-document", "all", "-o", "after"]).exits(3);
    let hostile = crawls::hostile(&dir, &[]);
    let pages = [("before", "after", "diff-large.html"), ("before", "before", "diff-none.html"), ("before", hostile, "diff-hostile.html")];
    let pages = pages.map(|(before, after, name)| {
        dir.run(&["diff", before, after, "-o", name]).exits(0);
        dir.path(name)
    });
    are_sound(&pages);
}

/// What finds nothing must be known to find something.
#[test]
#[ignore = "needs Chromium and Node"]
fn what_is_wrong_with_a_page_is_found() {
    let dir = Workdir::new();
    let page = "<!doctype html><html><body><p style=\"width:2000px;color:#aaa\">words too pale to read</p><img src=\"http://127.0.0.1:9/a.png\"><script>lost()</script></body></html>";
    dir.write("wrong.html", page);
    let faults = wrongs(&[dir.path("wrong.html")]).join("\n");
    for want in [
        "sideways",
        "color-contrast",
        "image-alt",
        "html-has-lang",
        "document-title",
        "asks for http://127.0.0.1:9/a.png",
        "has a script",
        "an error",
        "Tab",
    ] {
        assert!(faults.contains(want), "no {want} in: {faults}");
    }
}
