//! `buddle langs`, and the engines by their names.

use crate::workdir::{Ran, Workdir};

const LINES: &str =
    "The weather was bad in the morning\nПогода утром была плохой\n\nhttps://example.org/a\n12,50 €\nMehr lesen\u{85}weiter\u{2028}unten\n";

fn text(ran: Ran) -> String {
    String::from_utf8(ran.stdout).unwrap()
}

#[test]
fn a_line_for_each_line() {
    let dir = Workdir::new();
    dir.write("in.txt", LINES);
    let ran = text(dir.run(&["langs", "in.txt"]).exits(0));
    let tags: Vec<&str> = ran.lines().map(|line| line.split('\t').next().unwrap()).collect();
    assert_eq!(tags, ["en", "ru", "zxx", "zxx", "zxx", "de"]);
    for line in ran.lines() {
        let probability: f64 = line.split('\t').nth(1).unwrap().parse().unwrap();
        assert!((0.0..=1.0).contains(&probability), "{line}");
    }
    assert_eq!(text(dir.run(&["langs", "in.txt", "-j", "1"]).exits(0)), ran);
    let json = text(dir.run(&["langs", "in.txt", "--json"]).exits(0));
    for (object, line) in json.lines().zip(ran.lines()) {
        let object: serde_json::Value = serde_json::from_str(object).unwrap();
        let (tag, probability) = line.split_once('\t').unwrap();
        assert_eq!((object["lang"].as_str().unwrap(), object["probability"].as_f64().unwrap()), (tag, probability.parse().unwrap()));
    }
}

#[test]
fn a_line_without_its_end_and_nothing_at_all() {
    let dir = Workdir::new();
    dir.write("in.txt", "Mehr lesen");
    assert_eq!(text(dir.run(&["langs", "in.txt"]).exits(0)).lines().count(), 1);
    dir.write("none.txt", "");
    assert_eq!(text(dir.run(&["langs", "none.txt"]).exits(0)), "");
}

/// More than is read at once, on several threads: each line has its answer, in order.
#[test]
fn many_lines_stay_in_order() {
    let dir = Workdir::new();
    let line =
        |n: usize| if n.is_multiple_of(3) { "Погода утром была плохой\n" } else { "The weather was bad in the morning\n" };
    dir.write("in.txt", (0..100_000).map(line).collect::<String>());
    let ran = text(dir.run(&["langs", "in.txt", "-j", "3"]).exits(0));
    assert_eq!(ran.lines().count(), 100_000);
    assert!(ran.lines().enumerate().all(|(n, found)| found.starts_with(if n.is_multiple_of(3) { "ru\t" } else { "en\t" })));
}

#[test]
fn choices() {
    let dir = Workdir::new();
    dir.write("in.txt", "Das Wetter war schlecht\nBerlin\n");
    let tags = |args: &[&str]| -> Vec<String> {
        let ran = text(dir.run(&[&["langs", "in.txt"], args].concat()).exits(0));
        ran.lines().map(|line| line.split('\t').next().unwrap().to_owned()).collect()
    };
    assert!(tags(&["--languages", "nl,da"]).iter().all(|tag| tag == "nl" || tag == "da"));
    assert_eq!(tags(&["--min-probability", "1"])[1], "und");
    assert_eq!(tags(&["--mostly", "de"]), ["de", "de"]);
    assert_eq!(tags(&["--langid", "whatlang"])[0], "de");
    dir.run(&["langs", "in.txt", "--languages", "klingon"]).exits(2).says("--list");
    dir.run(&["langs", "in.txt", "--min-probability", "2"]).exits(2);
    dir.run(&["langs", "in.txt", "--langid", "none"]).exits(2);
    dir.run(&["langs", "in.txt", "--langid", "guess"]).exits(2).says("fasttext:FILE");
    dir.run(&["langs", "in.txt", "--langid", "fasttext:in.txt"]).exits(2).says("no model of fastText");
}

#[test]
fn the_list_names_what_was_measured() {
    let dir = Workdir::new();
    let list = text(dir.run(&["langs", "--list"]).exits(0));
    assert!(list.lines().count() >= 150);
    let german = list.lines().find(|line| line.starts_with("de\t")).unwrap();
    let columns: Vec<f64> = german.split('\t').skip(1).map(|column| column.parse().unwrap()).collect();
    assert!(columns[0] > 100.0 && columns[1] > 90.0 && columns.len() == 3, "{german}");
}

#[test]
fn what_is_not_utf_8_is_read_as_far_as_it_goes() {
    let dir = Workdir::new();
    dir.write("in.txt", b"The weather was \xff bad in the morning\n\xff\n");
    let ran = text(dir.run(&["langs", "in.txt"]).exits(3).says("2 lines are not UTF-8"));
    assert!(ran.starts_with("en\t") && ran.lines().nth(1).unwrap().starts_with("zxx"));
}

/// The engine is part of the configuration, and a run says how long it took.
#[test]
fn engines_of_clean() {
    let dir = Workdir::new();
    dir.write("in.txt", "The weather was bad in the morning, and nobody wanted to leave the house.\n");
    for engine in ["builtin", "whatlang", "none"] {
        dir.run(&["clean", "in.txt", "-o", engine, "--langid", engine]).exits(0);
        let config = std::fs::read_to_string(dir.path(engine).join("config.toml")).unwrap();
        assert!(config.contains(&format!("langid = \"{engine}\"")), "{config}");
        let run: serde_json::Value = serde_json::from_slice(&std::fs::read(dir.path(engine).join("run.json")).unwrap()).unwrap();
        assert!(run["language_share"].as_f64().is_some());
    }
}

fn languages_of(ran: &Ran) -> Vec<(String, Vec<String>)> {
    let tags = |row: &serde_json::Value| row["buddle"]["line_langs"].as_array().unwrap().iter().map(|tag| tag.as_str().unwrap().to_owned()).collect();
    ran.rows().iter().map(|row| (row["buddle"]["lang"].as_str().unwrap().to_owned(), tags(row))).collect()
}

/// A line that may be in the language of its text, or of its neighbours, is; one that is surely in another is not.
#[test]
fn lines_of_a_page_help_each_other() {
    const DANISH: &str = "Vejret var så dårligt i morges, at ingen havde lyst til at forlade huset og gå ned til havnen.";
    const ENGLISH: &str = "The delegation met the secretary of the committee in the morning and spoke with him for two hours.";
    const UNSURE: &str = "En dag i skolen";
    let dir = Workdir::new();
    let of = |text: &str| {
        dir.write("in.txt", text);
        languages_of(&dir.run(&["clean", "in.txt", "-q"]).exits(0)).remove(0)
    };
    assert_eq!(of(UNSURE).1, ["nb"]);
    assert_eq!(of(&[DANISH, UNSURE, ENGLISH.split_at(26).0].join("\n")), ("da".to_owned(), ["da", "da", "en"].map(String::from).to_vec()));
    // Of two languages, half each: the neighbours decide, if they agree.
    let (danish, english) = (DANISH.replace("morges", "aftes"), ENGLISH.replace("two", "ten"));
    let lines = |lines: [&str; 5]| of(&lines.join("\n"));
    let found = |tags: [&str; 5]| ("mul".to_owned(), tags.map(String::from).to_vec());
    assert_eq!(lines([DANISH, UNSURE, &danish, ENGLISH, &english]), found(["da", "da", "da", "en", "en"]));
    assert_eq!(lines([ENGLISH, &english, DANISH, &danish, UNSURE]), found(["en", "en", "da", "da", "da"]));
    assert_eq!(lines([DANISH, &danish, UNSURE, ENGLISH, &english]), found(["da", "da", "nb", "en", "en"]));
}

/// A caption of the site, however long, does not say which language its pages are in.
#[test]
fn a_page_is_in_the_language_of_its_own_lines() {
    const CAPTION: &str =
        "Sie können gepunktete oder gestrichelte Linienstile bearbeiten oder neu erstellen, wenn Sie das Dialogfeld öffnen und einen Namen vergeben.";
    let dir = Workdir::new();
    let towns = ["Москве", "Туле", "Твери", "Казани", "Самаре", "Пензе"];
    let row = |(n, town): (usize, &&str)| {
        format!(
            "{}\n",
            serde_json::json!({"id": n, "url": format!("https://site.example/{n}"), "text": format!("Вчера в {town} весь день шёл снег.\n{CAPTION}")})
        )
    };
    dir.write("in.jsonl", towns.iter().enumerate().map(row).collect::<String>());
    for (lang, _) in languages_of(&dir.run(&["clean", "in.jsonl", "-q"]).exits(0)) {
        assert_eq!(lang, "ru");
    }
}

#[test]
fn what_an_engine_cannot_do_is_refused() {
    let dir = Workdir::new();
    dir.write("in.txt", LINES);
    dir.run(&["langs", "in.txt", "--langid", "whatlang", "--mostly", "de"]).exits(2).says("builtin");
    dir.run(&["langs", "in.txt", "--langid", "whatlang", "--languages", "de"]).exits(2).says("builtin");
    dir.run(&["langs", "none.txt"]).exits(4).says("none.txt");
}
