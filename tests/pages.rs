//! Pages and natural texts: what goes, and above all what stays.

use std::{fs, path::Path};

use crate::workdir::Workdir;

fn fixture(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name)).unwrap()
}

/// Names and texts of `fixtures/natural`.
pub fn natural_texts() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/natural");
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.extension().is_some_and(|e| e == "txt"));
    paths.map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), fs::read_to_string(&path).unwrap())).collect()
}

/// The user's own page: 13 English lines stay word for word, three copies of a Russian caption go.
#[test]
fn the_seed_page() {
    let page = String::from_utf8(fixture("seed/page.txt")).unwrap();
    let dir = Workdir::new();
    dir.write("page.txt", &page).run(&["clean", "page.txt", "-o", "washed"]).exits(0);
    let rows = dir.washed("washed", "data/");
    let want: Vec<String> = page.lines().filter(|l| !l.starts_with("Генеральный")).map(|l| l.replace('\u{a0}', " ")).collect();
    assert_eq!(want.len(), 13);
    let buddle = &rows[0]["buddle"];
    assert_eq!(rows[0]["text"], want.join("\n"));
    assert_eq!((&buddle["lang"], &buddle["lines_in"], &buddle["lines_removed"]), (&"en".into(), &16.into(), &3.into()));
    assert_eq!(buddle["line_langs"].as_array().unwrap().len(), 13);
    let lines = dir.washed("washed", "removed/lines");
    assert_eq!(lines.len(), 1);
    assert_eq!((&lines[0]["lang"], &lines[0]["reason"], &lines[0]["count"]), (&"ru".into(), &"line_foreign_caption".into(), &3.into()));
    let lost = &dir.washed("washed", "removed/documents")[0]["lines"];
    let numbers: Vec<_> = lost.as_array().unwrap().iter().map(|l| l[0].as_u64().unwrap()).collect();
    assert_eq!(numbers, [3, 6, 13]);
}

/// Texts whose repetition is their own structure come out byte for byte.
#[test]
fn natural_texts_come_out_whole() {
    let dir = Workdir::new();
    let mut seen = 0;
    for (name, text) in natural_texts() {
        let ran = dir.pipe(&["clean", "-", "--from", "text"], text.as_bytes()).exits(0);
        let out = ran.rows()[0]["text"].as_str().unwrap().to_owned();
        if name == "licence_page.txt" {
            // Its long paragraph stands twice: the second copy may go, and nothing else.
            let longest = text.lines().max_by_key(|l| l.len()).unwrap();
            let second = text.rfind(longest).unwrap();
            let without = format!("{}{}", text[..second].trim_end(), &text[second + longest.len()..]);
            assert_eq!(out, without.trim_end(), "{name}");
        } else if name == "log_file.txt" {
            // Messages that are prose have their runs of spaces made one, as named and counted; no word goes.
            let words = |text: &str| -> Vec<Vec<String>> { text.lines().map(|l| l.split_whitespace().map(str::to_owned).collect()).collect() };
            assert_eq!(words(&out), words(&text), "{name}");
        } else {
            assert_eq!(out, text.trim_end_matches('\n'), "{name}");
        }
        seen += 1;
    }
    assert!(seen >= 20, "{seen} fixtures");
}
