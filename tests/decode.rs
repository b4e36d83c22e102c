//! `buddle decode` and `buddle repair`, as pipes use them.

use crate::workdir::Workdir;

#[test]
fn any_bytes_to_text() {
    let dir = Workdir::new();
    let text = "café au lait, déjà servi à l'été".as_bytes();
    dir.write("latin.txt", b"caf\xe9 au lait, d\xe9j\xe0 servi \xe0 l'\xe9t\xe9");
    assert_eq!(dir.run(&["decode", "latin.txt", "--report", "report.json"]).exits(0).stdout, text);
    let report: serde_json::Value = serde_json::from_slice(&std::fs::read(dir.path("report.json")).unwrap()).unwrap();
    assert_eq!((&report["encoding"], &report["encoding_by"], &report["replaced"]), (&"windows-1252".into(), &"detected".into(), &0.into()));

    // A declaration that wrong bytes overrule, and one that names nothing.
    assert_eq!(dir.run(&["decode", "latin.txt", "--declared", "utf-8"]).exits(0).stdout, text);
    assert_eq!(dir.run(&["decode", "latin.txt", "--declared", "latin-99"]).exits(0).says("\"latin-99\" is no encoding").stdout, text);
    // One by the environment, which a short text needs.
    dir.write("short.txt", b"\xe1");
    let declared = |label: &str| dir.command(&["decode", "short.txt"]).env("DECLARED_CHARSET", label).output().unwrap().stdout;
    assert_eq!((declared("iso-8859-7"), declared("windows-1251")), ("α".into(), "б".into()));

    assert_eq!(dir.pipe(&["decode", "-"], "a\u{a0}b \r\n".as_bytes()).exits(0).stdout, "a\u{a0}b \r\n".as_bytes());
    assert_eq!(dir.pipe(&["decode", "-", "--normalize"], "a\u{a0}b \r\n".as_bytes()).exits(0).stdout, b"a b");
}

#[test]
fn what_is_no_text_is_refused_by_name() {
    let dir = Workdir::new();
    dir.write("image", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR");
    assert_eq!(dir.run(&["decode", "image"]).exits(3).says("image").says("no text").stdout, b"");
    dir.run(&["decode", "missing"]).exits(4).says("missing");
}

#[test]
fn a_record_says_which_of_its_lines_were_read_how() {
    let dir = Workdir::new();
    let second = b"\xc3\xe5\xed\xe5\xf0\xe0\xeb\xfc\xed\xfb\xe9 \xf1\xe5\xea\xf0\xe5\xf2\xe0\xf0\xfc\n";
    dir.write("page.txt", ["Первая строка в UTF-8\n".as_bytes(), second, "и третья тоже".as_bytes()].concat());
    let row = &dir.run(&["clean", "page.txt", "-o", "-", "-q"]).exits(0).rows()[0];
    assert_eq!(row["text"], "Первая строка в UTF-8\nГенеральный секретарь\nи третья тоже");
    assert_eq!((&row["buddle"]["encoding"], &row["buddle"]["encoding_parts"]), (&"mixed".into(), &serde_json::json!({ "windows-1251": [[2, 2]] })));
}

#[test]
fn lines_of_mojibake_are_repaired_and_others_pass_byte_for_byte() {
    let dir = Workdir::new();
    let report = || -> serde_json::Value { serde_json::from_slice(&std::fs::read(dir.path("report.json")).unwrap()).unwrap() };
    let lines = "voilÃ\u{a0} l’Ã©tÃ©\nl’été “so” …\r\n\nРґРѕСЂРѕРіРµ\nno end";
    let repaired = "voilà l’été\nl’été “so” …\r\n\nдороге\nno end";
    assert_eq!(dir.pipe(&["repair", "--report", "report.json"], lines.as_bytes()).exits(0).stdout, repaired.as_bytes());
    assert_eq!(report(), serde_json::json!({ "lines": 5, "repaired": 2, "misread_in": { "windows-1251": 1, "windows-1252": 1 }, "broken": 0 }));
    // A line that is no UTF-8 costs itself.
    let broken = [b"caf\xe9\n", "Ã©tÃ©\n".as_bytes()].concat();
    assert_eq!(dir.pipe(&["repair", "-"], &broken).exits(3).says("-:1").says("buddle decode").stdout, [b"caf\xe9\n", "été\n".as_bytes()].concat());

    let objects =
        "{\"b\": 1.0, \"text\": \"d\\u00c3\\u00a9jÃ\u{a0} \\n\\\"lÃ\u{a0}\\\"\", \"a\": [ ]}\n{ \"text\" : null}\n\n{\"text\":\"\\u00e9\"}\n";
    let want = "{\"b\": 1.0, \"text\": \"déjà \\n\\\"là\\\"\", \"a\": [ ]}\n{ \"text\" : null}\n\n{\"text\":\"\\u00e9\"}\n";
    assert_eq!(String::from_utf8(dir.pipe(&["repair", "--jsonl"], objects.as_bytes()).exits(0).stdout).unwrap(), want);
    let faulty = dir.pipe(&["repair", "--jsonl"], b"{\"text\":\"a\"}\n[1]\n{\"text\":\n").exits(3).says("-:2").says("-:3");
    assert_eq!(faulty.stdout, b"{\"text\":\"a\"}\n[1]\n{\"text\":\n");
    dir.run(&["repair", "missing"]).exits(4).says("missing");
}

#[test]
fn a_record_and_the_report_say_what_was_repaired() {
    let dir = Workdir::new();
    let texts = ["L’Ã©tÃ© dernier, un Ã©norme chÃªne est tombÃ©.\\nRien d’autre.", "Rien à réparer ici, “vraiment” rien…"];
    dir.write("in.jsonl", texts.map(|text| format!("{{\"text\":\"{text}\"}}\n")).concat());
    let rows = dir.run(&["clean", "in.jsonl", "-o", "-", "-q"]).exits(0).rows();
    assert_eq!(rows[0]["text"], "L’été dernier, un énorme chêne est tombé.\nRien d’autre.");
    assert_eq!(rows[0]["buddle"]["repaired"], serde_json::json!({ "windows-1252": 1 }));
    assert!(rows[1]["buddle"].get("repaired").is_none());
    dir.run(&["clean", "in.jsonl", "-o", "out"]).exits(0).says("mended lines of mojibake");
    let report: serde_json::Value = serde_json::from_slice(&std::fs::read(dir.path("out/report.json")).unwrap()).unwrap();
    assert_eq!((&report["repaired"], &report["normalized"]["mojibake"]), (&serde_json::json!({ "windows-1252": 1 }), &1.into()));
    // It has its switch.
    let rows = dir.run(&["clean", "in.jsonl", "-o", "-", "-q", "--skip-normalization", "mojibake"]).exits(0).rows();
    assert!(rows[0]["text"].as_str().unwrap().starts_with("L’Ã©tÃ©"));
}
