//! Law 2 and law 5 of `--memory`: the same bytes whatever it is, and what is wrong with it or its folder is said by name.

use std::{fmt::Write, process::Stdio, time::Duration};

use crate::workdir::Workdir;

/// Short documents of 40 sites, most lines of which stand once; more tuples than 32 MiB have room for.
fn corpus() -> String {
    let mut out = String::new();
    for n in 0..30_000_u32 {
        let site = n % 40;
        write!(out, "{{\"id\":{n},\"url\":\"https://site{site}.example/{n}\",\"text\":\"Menu of site {site}\\nContact\\n").unwrap();
        for k in 0..10 {
            write!(out, "{:x} {:x}\\n", (n * 10 + k).wrapping_mul(0x9E37_79B1), n % 9000 * 10 + k).unwrap();
        }
        out += "Imprint\"}\n";
    }
    out
}

fn spilled(dir: &Workdir, folder: &str) -> u64 {
    let run: serde_json::Value = serde_json::from_slice(&std::fs::read(dir.path(folder).join("run.json")).unwrap()).unwrap();
    run["spilled_bytes"].as_u64().unwrap()
}

#[test]
fn little_memory_changes_nothing() {
    let dir = Workdir::new();
    dir.write("in.jsonl", corpus());
    std::fs::create_dir(dir.path("tmp")).unwrap();
    let run = |memory: &str, threads: &str, folder: &str| {
        let args = ["clean", "in.jsonl", "-q", "--langid", "none", "--memory", memory, "-j", threads, "--tmp-dir", "tmp", "-o", folder];
        dir.run(&args).exits(0);
    };
    run("1G", "2", "much");
    assert_eq!(spilled(&dir, "much"), 0);
    let much = dir.tree("much");
    for threads in ["1", "2", "7"] {
        let folder = format!("little{threads}");
        run("32M", threads, &folder);
        assert!(spilled(&dir, &folder) > 1 << 20);
        assert!(dir.tree(&folder) == much, "{threads} threads");
    }
    assert_eq!(std::fs::read_dir(dir.path("tmp")).unwrap().count(), 0);
}

#[test]
fn what_is_wrong_is_said() {
    let dir = Workdir::new();
    dir.write("in.jsonl", corpus());
    let run = |more: &[&str]| dir.run(&[&["clean", "in.jsonl", "-q", "--langid", "none", "-o", "washed"], more].concat());
    run(&["--memory", "1M"]).exits(2).says("1048576 bytes of memory").says("--memory 32M or more");
    run(&["--memory", "much"]).exits(2).says("64M or 2G");
    run(&["--tmp-dir", "nowhere"]).exits(4).says("nowhere").says("--tmp-dir");
    // The disk of the temporary files is full: no file may grow over 64 KiB.
    std::fs::create_dir(dir.path("tmp")).unwrap();
    let script = "trap '' XFSZ; ulimit -f 128; exec $BUDDLE clean in.jsonl -q --langid none --memory 32M --tmp-dir tmp -o washed";
    let mut shell = std::process::Command::new("sh");
    let ran = shell.args(["-c", script]).env("BUDDLE", env!("CARGO_BIN_EXE_buddle")).current_dir(dir.path(".")).output().unwrap();
    let stderr = String::from_utf8_lossy(&ran.stderr);
    assert_eq!(ran.status.code(), Some(4), "{stderr}");
    assert!(stderr.contains("tmp: cannot keep what memory has no room for") && stderr.contains("--tmp-dir"), "{stderr}");
    std::fs::remove_dir(dir.path("tmp")).expect("nothing in the temporary folder");
    let left: Vec<_> = std::fs::read_dir(dir.path(".")).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(left, ["in.jsonl"]);
}

#[test]
fn signals_leave_no_temporary_files() {
    let dir = Workdir::new();
    dir.write("in.jsonl", corpus().repeat(4));
    std::fs::create_dir(dir.path("tmp")).unwrap();
    for (signal, code) in [("-INT", 130), ("-TERM", 143)] {
        let args = ["clean", "in.jsonl", "-q", "--langid", "none", "--memory", "32M", "--tmp-dir", "tmp", "-o", "washed"];
        let mut child = dir.command(&args).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(400));
        std::process::Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(code));
        let mut left: Vec<_> = std::fs::read_dir(dir.path(".")).unwrap().map(|e| e.unwrap().file_name()).collect();
        left.sort();
        assert_eq!(left, ["in.jsonl", "tmp"]);
        assert_eq!(std::fs::read_dir(dir.path("tmp")).unwrap().count(), 0);
    }
}
