//! `buddle lines`, as users of `sort -u` and `uniq -c` want it.

use std::{io::Write, process::Stdio};

use crate::workdir::Workdir;

fn out(dir: &Workdir, args: &[&str]) -> String {
    String::from_utf8_lossy(&dir.run(args).exits(0).stdout).into_owned()
}

#[test]
fn what_is_asked_for_is_written() {
    let dir = Workdir::new();
    dir.write("a.txt", "pear\r\napple\npear\n\nplum").write("b.txt", "plum\nApple\npear").write("c.txt", b"\xFF\xFE\x00\n\xFF\xFE\x00\n");
    for (args, want) in [
        (&["lines", "a.txt"][..], "pear\napple\n\nplum\n"),
        (&["lines", "a.txt", "b.txt"], "pear\napple\n\nplum\nApple\n"),
        (&["lines", "a.txt", "b.txt", "--repeated"], "pear\nplum\n"),
        (&["lines", "a.txt", "b.txt", "--unique"], "apple\n\nApple\n"),
        (&["lines", "a.txt", "b.txt", "--min-count", "3"], "pear\n"),
        (&["lines", "a.txt", "b.txt", "--count"], "      3 pear\n      1 apple\n      1 \n      2 plum\n      1 Apple\n"),
        (&["lines", "a.txt", "b.txt", "-cd", "--compare", "folded"], "      3 pear\n      2 apple\n      2 plum\n"),
        (&["lines", "c.txt", "-c", "-j", "3"], "      2 \u{FFFD}\u{FFFD}\0\n"),
    ] {
        assert_eq!(out(&dir, args), want, "{args:?}");
    }
    assert_eq!(dir.run(&["lines", "c.txt"]).exits(0).stdout, b"\xFF\xFE\x00\n");
    dir.run(&["lines", "a.txt", "-v"]).exits(0).says("5 lines, 23 bytes; 4 distinct; 4 written");
}

#[test]
fn standard_input_archives_and_folders() {
    let dir = Workdir::new();
    dir.write("in/a.txt", "one\n").write("in/b.txt.zst", zstd::encode_all(&b"two\none\n"[..], 1).unwrap());
    assert_eq!(out(&dir, &["lines", "in"]), "one\ntwo\n");
    let mut child = dir.command(&["lines"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"x\ny\nx").unwrap();
    assert_eq!(child.wait_with_output().unwrap().stdout, b"x\ny\n");
}

#[test]
fn the_file_that_is_read_may_be_the_one_that_is_written() {
    let dir = Workdir::new();
    dir.write("a.txt", "b\na\nb\n");
    dir.run(&["lines", "a.txt", "-o", "a.txt"]).exits(0);
    assert_eq!(std::fs::read_to_string(dir.path("a.txt")).unwrap(), "b\na\n");
    dir.run(&["lines", "a.txt", "-o", "b.gz"]).exits(2).says("leave --output out");
}

#[test]
fn what_is_wrong_is_said() {
    let dir = Workdir::new();
    dir.write("a.txt", "a\n")
        .write("cut.zst", &zstd::encode_all(&b"two\n"[..], 1).unwrap()[..9])
        .write("long.txt", ["a\n", &"x".repeat(3 << 20), "\nb"].concat());
    dir.run(&["lines", "missing"]).exits(2).says("missing");
    dir.run(&["lines", "a.txt", "--memory", "1M"]).exits(2).says("--memory 16M or more");
    dir.run(&["lines", "a.txt", "--memory", "lots"]).exits(2).says("as 64M or 2G");
    dir.run(&["lines", "a.txt", "--unique", "--min-count", "2"]).exits(2);
    let ran = dir.run(&["lines", "cut.zst", "a.txt"]).exits(3).says("cut.zst: the archive");
    assert!(ran.stdout.ends_with(b"a\n"));
    let ran = dir
        .run(&["lines", "long.txt", "--memory", "16M"])
        .exits(3)
        .says("long.txt: a line of more than 2097152 bytes was passed over")
        .says("--memory");
    assert_eq!(ran.stdout, b"a\nb\n");
    assert_eq!(dir.run(&["lines", "long.txt", "--memory", "32M"]).exits(0).stdout.len(), (3 << 20) + 5);
}

/// All lines distinct and more than the tables may hold, all equal, some of both: the same bytes with much memory and with little, for any
/// number of threads, and no file stays.
#[test]
fn little_memory_changes_nothing() {
    let dir = Workdir::new();
    std::fs::create_dir(dir.path("tmp")).unwrap();
    let distinct: String = (0..300_000).map(|n| format!("line {n} of a file with many lines\n")).collect();
    let mixed: String = (0..300_000_u64).map(|n| format!("{}\n", n * n % 200_003)).collect();
    dir.write("distinct.txt", &distinct)
        .write("equal.txt", "the same\n".repeat(500_000))
        .write("mixed.txt", &mixed)
        .write("empty.txt", "\n".repeat(2_000_000));
    for (files, spills) in [
        (&["distinct.txt"][..], true),
        (&["equal.txt"], false),
        (&["mixed.txt", "distinct.txt", "mixed.txt", "equal.txt"], true),
        (&["empty.txt"], false),
    ] {
        for flags in [&[][..], &["-c"], &["-d"]] {
            let run = |more: &[&str]| dir.run(&[&["lines", "-v", "--tmp-dir", "tmp"], files, flags, more].concat()).exits(0);
            let want = run(&[]);
            assert!(!want.stderr.contains("no room"), "{}", want.stderr);
            for more in [&["--memory", "16M", "-j1"], &["--memory", "16M", "-j7"], &["--memory", "64M", "-j2"]] {
                let ran = run(more);
                assert!(ran.stdout == want.stdout, "{files:?} {flags:?} {more:?}");
                if more[1] == "16M" {
                    assert_eq!(ran.stderr.contains("no room"), spills, "{files:?} {more:?}: {}", ran.stderr);
                }
            }
        }
    }
    assert_eq!(std::fs::read_dir(dir.path("tmp")).unwrap().count(), 0);
    let ran = dir.run(&["lines", "distinct.txt", "--memory", "16M", "--tmp-dir", "nowhere"]).exits(4).says("nowhere").says("--tmp-dir");
    assert!(distinct.as_bytes().starts_with(&ran.stdout));
}

#[test]
fn a_reader_that_went_away_is_no_error() {
    let dir = Workdir::new();
    dir.write("a.txt", (0..400_000).map(|n| format!("line {n}\n")).collect::<String>());
    let mut child = dir.command(&["lines", "a.txt"]).stdout(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}
