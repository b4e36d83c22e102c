//! Bad input costs itself and nothing beside it, and is named by path and position.

use std::os::unix::fs::symlink;

use crate::workdir::Workdir;

const GOOD: &str = "{\"id\":\"good\",\"text\":\"a good line\"}\n";

/// A bad line between two good ones: both stay, the bad one is quarantined with its bytes.
#[test]
fn each_bad_line_costs_one_record() {
    let deep = format!("{{\"text\":\"x\",\"d\":{}{}}}", "[".repeat(200), "]".repeat(200));
    let cases: &[(&[u8], &str)] = &[
        (b"{\"text\": \"x\"", "json_syntax"),
        (b"[1, 2]", "json_not_object"),
        (b"{\"id\": 1}", "text_missing"),
        (b"{\"text\": 12}", "text_not_string"),
        (b"{\"text\": null}", "text_not_string"),
        (b"{\"text\": \"\xff\xfe\"}", "invalid_utf8"),
        (b"{\"text\": \"\\ud800\"}", "json_syntax"),
        (deep.as_bytes(), "json_nesting"),
    ];
    for (line, cause) in cases {
        let dir = Workdir::new();
        dir.write("in.jsonl", [GOOD.as_bytes(), line, b"\n", GOOD.replace("good", "other").as_bytes()].concat());
        dir.run(&["clean", "in.jsonl", "-o", "washed"]).exits(3).says("in.jsonl:2:").says(cause).says("hint: ");
        assert_eq!(dir.washed("washed", "data/").len(), 2, "{cause}");
        let row = &dir.washed("washed", "quarantine/")[0];
        assert_eq!((&row["cause"], &row["position"]), (&(*cause).into(), &2.into()));
        use base64::Engine;
        let bytes = base64::engine::general_purpose::STANDARD.decode(row["bytes"].as_str().unwrap()).unwrap();
        assert_eq!(&bytes, line);
    }
}

#[test]
fn a_record_over_the_limit_is_quarantined_in_parts() {
    let dir = Workdir::new();
    let long = format!("{{\"text\":\"{}\"}}\n", "x".repeat(9_000_000));
    dir.write("in.jsonl", [GOOD, &long, GOOD].concat());
    dir.run(&["clean", "in.jsonl", "-o", "washed", "--max-record-bytes", "1000000", "--keep-document", "all"]).exits(3).says("--max-record-bytes");
    assert_eq!(dir.washed("washed", "data/").len(), 2);
    use base64::Engine;
    let parts = dir.washed("washed", "quarantine/");
    let bytes: usize = parts.iter().map(|p| base64::engine::general_purpose::STANDARD.decode(p["bytes"].as_str().unwrap()).unwrap().len()).sum();
    assert!(parts.len() > 1 && bytes >= long.len() - 1, "{} parts, {bytes} bytes", parts.len());
}

#[test]
fn legal_oddities_stay() {
    let dir = Workdir::new();
    let line = format!("{{\"text\":\"first\",\"n\":{},\"text\":\"a\\u0000b\"}}\n", "7".repeat(300));
    dir.write("in.jsonl", line).write("empty.txt", "").write("nul.txt", "text with a \0 in it, and enough around it to be text\n");
    let ran = dir.run(&["clean", "in.jsonl", "empty.txt", "nul.txt"]).exits(0).says("empty  1 sources");
    let rows = ran.rows();
    assert_eq!((rows.len(), rows[0]["text"].as_str().unwrap()), (2, "ab"));
}

#[test]
fn binary_files_are_refused_and_kept() {
    let dir = Workdir::new();
    dir.write("crawl/a.txt", "a text\n").write("crawl/b.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0").write("crawl/.hidden", "x");
    dir.run(&["clean", "crawl", "-o", "washed"]).exits(3).says("crawl/b.png:1:").says("not_text").says("1 hidden");
    assert_eq!((dir.washed("washed", "data/").len(), dir.washed("washed", "quarantine/").len()), (1, 1));
}

#[test]
fn what_cannot_be_read_is_named() {
    let dir = Workdir::new();
    std::fs::create_dir(dir.path("nothing")).unwrap();
    dir.run(&["clean", "nothing"]).exits(2).says("no input");
    dir.run(&["clean", "missing.txt"]).exits(2).says("missing.txt");
    dir.run(&["clean", "/dev/zero"]).exits(2).says("/dev/zero").says("hint: ");
    dir.write("loop/page.txt", "a text\n");
    symlink(dir.path("loop"), dir.path("loop/again")).unwrap();
    assert_eq!(dir.run(&["clean", "loop"]).exits(3).says("again").rows().len(), 1);
}

/// A record over the default limit, on a line as long as some crawls hold; what stands beside it is cleaned.
#[test]
fn a_line_of_200_megabytes() {
    let dir = Workdir::new();
    let long = format!("{{\"text\":\"{}\"}}\n", "words and ".repeat(20_000_000));
    dir.write("in.jsonl", [GOOD, &long, GOOD].concat());
    let ran = dir.run(&["clean", "in.jsonl", "--langid", "none", "--keep-document", "all"]).exits(3).says("in.jsonl:2:").says("--max-record-bytes");
    assert_eq!(ran.rows().len(), 2);
}

#[test]
fn a_file_that_cannot_be_read_costs_itself() {
    let dir = Workdir::new();
    dir.write("in/a.jsonl", GOOD).write("in/b.txt", "a text\n");
    // A regular file whose first read fails, for root too.
    let ran = dir.run(&["clean", "/proc/self/mem", "in/a.jsonl"]).exits(3).says("/proc/self/mem");
    assert_eq!(ran.rows().len(), 1);
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(dir.path("in/b.txt"), std::fs::Permissions::from_mode(0o0)).unwrap();
    if std::fs::File::open(dir.path("in/b.txt")).is_err() {
        let ran = dir.run(&["clean", "in"]).exits(3).says("in/b.txt").says("permissions");
        assert_eq!(ran.rows().len(), 1);
    }
}

#[test]
fn a_fifo_given_by_name_is_a_stream_and_one_in_a_folder_is_passed_over() {
    let dir = Workdir::new();
    dir.write("in/a.jsonl", GOOD);
    let fifo = |name: &str| assert!(std::process::Command::new("mkfifo").arg(dir.path(name)).status().unwrap().success());
    fifo("pipe");
    fifo("in/pipe");
    let path = dir.path("pipe");
    let writer = std::thread::spawn(move || std::fs::write(path, GOOD.replace("good", "piped")));
    let rows = dir.run(&["clean", "pipe", "in"]).exits(0).says("1 hidden or special").rows();
    writer.join().unwrap().unwrap();
    assert_eq!(rows.iter().map(|r| r["id"].as_str().unwrap()).collect::<Vec<_>>(), ["piped", "good"]);
}

/// The disk is full: here, no file may grow over 64 KiB.
#[test]
fn a_full_disk_leaves_nothing_half_written() {
    let dir = Workdir::new();
    let noise = |n: u32| (0..40).map(|k| format!("{:08x} ", (n * 40 + k).wrapping_mul(0x9E37_79B1))).collect::<String>();
    let corpus: String = (0..3000).map(|n| format!("{{\"text\":\"{}\"}}\n", noise(n))).collect();
    dir.write("in.jsonl", &corpus);
    for run in [
        "clean in.jsonl --langid none -q -o washed",
        "clean in.jsonl --langid none -q -o out.jsonl",
        "clean - --langid none -q -o out.jsonl --tmp-dir tmp",
    ] {
        std::fs::create_dir_all(dir.path("tmp")).unwrap();
        let script = format!("trap '' XFSZ; ulimit -f 128; exec {} {run} < in.jsonl", env!("CARGO_BIN_EXE_buddle"));
        let out = std::process::Command::new("sh").args(["-c", &script]).current_dir(dir.path(".")).output().unwrap();
        let stderr = String::from_utf8_lossy(&out.stderr);
        assert_eq!(out.status.code(), Some(4), "{run}: {stderr}");
        assert!(stderr.contains("File too large"), "{run}: {stderr}");
        std::fs::remove_dir(dir.path("tmp")).expect("nothing in the temporary folder");
        let left: Vec<_> = std::fs::read_dir(dir.path(".")).unwrap().map(|e| e.unwrap().file_name()).collect();
        assert_eq!(left, ["in.jsonl"], "{run}");
    }
}

#[test]
fn cut_archives_keep_what_came_before() {
    let corpus: String = (0..5000).map(|n| format!("{{\"text\":\"document number {}\"}}\n", n * 7919)).collect();
    for (name, packed) in [
        ("a.gz", {
            let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
            std::io::Write::write_all(&mut gzip, corpus.as_bytes()).unwrap();
            gzip.finish().unwrap()
        }),
        ("a.zst", zstd::encode_all(corpus.as_bytes(), 3).unwrap()),
    ] {
        let dir = Workdir::new();
        dir.write(name, &packed[..packed.len() - 9]).write("whole.jsonl", GOOD);
        let ran = dir.run(&["clean", name, "whole.jsonl", "--langid", "none"]).exits(3).says(name);
        let rows = ran.rows();
        assert_eq!(rows.last().unwrap()["id"], "good", "{name}");
        assert!(name != "a.gz" || rows.len() > 1000, "{name}: {}", rows.len());
    }
}

#[test]
fn outputs_are_guarded() {
    let dir = Workdir::new();
    dir.write("page.txt", "a text\n").write("in/page.txt", "a text\n").write("mine/notes.txt", "do not lose\n").write("x.jsonl", GOOD);
    dir.run(&["clean", "page.txt", "-q", "-o", "washed"]).exits(0);
    dir.run(&["clean", "page.txt", "-o", "washed"]).exits(2).says("--overwrite");
    dir.run(&["clean", "page.txt", "-q", "-o", "washed", "--overwrite"]).exits(0);
    dir.run(&["clean", "page.txt", "-o", "mine", "--overwrite"]).exits(2);
    assert!(dir.path("mine/notes.txt").is_file());
    dir.run(&["clean", "x.jsonl", "-o", "x.jsonl"]).exits(2).says("one place");
    dir.run(&["clean", "in", "-o", "in/washed"]).exits(2).says("one place");
    dir.run(&["clean", "page.txt", "-o", "out.parquet"]).exits(2);
    dir.run(&["clean", "page.txt", "-o", "/dev/full"]).exits(4);
}

#[test]
fn unknown_flags_and_keys_name_the_nearest() {
    let dir = Workdir::new();
    dir.write("page.txt", "a text\n").write("c.toml", "min_chras = 3\n");
    dir.run(&["clean", "page.txt", "--text-feild", "x"]).exits(2).says("--text-field");
    dir.run(&["clean", "page.txt", "-c", "c.toml"]).exits(2).says("c.toml:1:").says("did you mean `min_chars`?");
    dir.run(&["clean", "page.txt", "--langid", "none", "--lang", "en"]).exits(2);
    dir.run(&["clean", "page.txt", "--compression", "gzip", "--compression-level", "12"]).exits(2).says("the highest is 9");
}
