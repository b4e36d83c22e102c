//! `explain`: for every record all rules, with numbers that are those of the run.

use serde_json::{Value, json};

use crate::{crawls, workdir::Workdir};

fn row(id: &str, site: &str, text: &str) -> String {
    format!("{}\n", json!({"id": id, "url": format!("https://{site}/{id}"), "text": text}))
}

fn page(n: usize) -> String {
    let own = |k: usize| format!("The {k} bells of house {} rang over the harbour while nobody but the keeper {n} was awake.", n * 7 + k);
    format!("Home\nNews\nSport\nWeather\n{}\n\n{}\nContact\nImprint", own(1), own(2))
}

/// A site with a menu; copies by text and by what is left; a page of furniture alone; short ones; another language; a broken record.
fn corpus() -> String {
    let mut out: String = (0..20).map(|n| row(&format!("p{n}"), "gazette.example", &page(n))).collect();
    out += &row("twin", "gazette.example", &page(3));
    out += &row("elsewhere", "mirror.example", &page(4));
    out += &row("same-residue", "gazette.example", &page(5).replace("Contact\n", ""));
    out += &row("menu", "gazette.example", "Home\nNews\nSport\nWeather\nContact\nImprint");
    out += &row("short", "gazette.example", "Home\nNews\nTwo words.");
    out += &row(
        "german",
        "zeitung.example",
        "Der Bürgermeister hat gestern gesagt, dass die alte Brücke am Hafen erst im Frühling wieder geöffnet wird.",
    );
    out += "{\"id\": broken\n";
    out
}

fn json(dir: &Workdir, args: &[&str]) -> Value {
    serde_json::from_slice(&dir.run(&[&["explain", "washed", "--json"][..], args].concat()).exits(0).stdout).unwrap()
}

fn words(dir: &Workdir, args: &[&str]) -> String {
    String::from_utf8(dir.run(&[&["explain", "washed"][..], args].concat()).exits(0).stdout).unwrap()
}

fn rule<'e>(explained: &'e Value, code: &str) -> &'e Value {
    explained["rules"].as_array().unwrap().iter().find(|rule| rule["rule"] == code).unwrap()
}

/// Of every record: what stays passed every rule, what went was taken by the one of its reason, and all of its lines are there.
#[test]
fn every_record_by_its_place() {
    for flags in ["--min-chars 60 --lang en", "--min-words 3", "--min-lines 2 --keep-document longest", "--keep-document all", "--no-index"] {
        let dir = Workdir::new();
        dir.write("in.jsonl", corpus());
        let mut args = vec!["clean", "in.jsonl", "-q", "-o", "washed"];
        args.extend(flags.split_whitespace());
        dir.run(&args).exits(3);
        dir.run(&["restore", "washed", "-o", "back"]).exits(0);
        let back = dir.washed("back", "data/");
        let stays: Vec<u64> = dir.washed("washed", "data/").iter().map(|row| row["buddle"]["position"].as_u64().unwrap()).collect();
        let log = dir.washed("washed", "removed/documents");
        for (position, row) in (1_u64..).zip(&back) {
            let explained = json(&dir, &["--source", "in.jsonl", "--position", &position.to_string()]);
            assert_eq!(explained["stays"], stays.contains(&position), "{explained}");
            if row.get("cause").is_some() {
                assert_eq!(explained["unread"]["cause"], row["cause"]);
                continue;
            }
            assert_eq!(explained["id"], row["id"]);
            let gone = log.iter().find(|entry| entry["position"] == position && entry.get("reason").is_some());
            let took: Vec<&Value> =
                explained["rules"].as_array().unwrap().iter().filter(|rule| rule["verdict"] == "took").map(|rule| &rule["rule"]).collect();
            assert_eq!(took, gone.iter().map(|entry| &entry["reason"]).collect::<Vec<_>>(), "{explained}");
            let lines: Vec<&str> = explained["lines"].as_array().unwrap().iter().map(|line| line["text"].as_str().unwrap()).collect();
            let whole: Vec<&str> = row["text"].as_str().unwrap().lines().filter(|line| !line.is_empty()).collect();
            assert_eq!(lines, whole);
            for rule in explained["rules"].as_array().unwrap() {
                if let (Some(found), Some(least), false) = (rule["found"].as_u64(), rule["least"].as_u64(), flags == "--no-index") {
                    match rule["verdict"].as_str().unwrap() {
                        "took" => assert!(found < least, "{flags}: {explained}"),
                        "passed" => assert!(found >= least, "{flags}: {explained}"),
                        _ => {}
                    }
                }
            }
            match gone {
                None => {
                    let copies = log.iter().filter(|entry| entry["kept"]["position"] == position && entry.get("reason").is_some()).count();
                    assert_eq!(explained["copies"]["documents"], copies);
                }
                Some(entry) if entry["reason"] == "document_empty" && flags != "--no-index" => {
                    assert!(explained["lines"].as_array().unwrap().iter().all(|line| line["taken"].is_string()), "{explained}");
                }
                Some(_) => {}
            }
        }
    }
}

#[test]
fn whole_documents_in_words() {
    let dir = Workdir::new();
    dir.write("in.jsonl", corpus());
    dir.run(&["clean", "in.jsonl", "-q", "--min-chars", "30", "-o", "washed"]).exits(3);
    let shown = words(&dir, &["--id", "twin"]);
    assert!(shown.contains("-     1 Home [en]  line_site\n"), "{shown}");
    let joined = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let twin = joined(&shown);
    assert!(
        twin.contains("went whole: document_exact (exact duplicates)")
            && twin.contains("took it")
            && twin.contains("its whole text, once normalised, is that of"),
        "{twin}"
    );
    assert!(twin.contains("document \"p3\" (in.jsonl, record 4), which"), "{twin}");
    let residue = words(&dir, &["--id", "same-residue"]);
    assert!(joined(&residue).contains("what is left has the same lines as what is left of document \"p5\""), "{residue}");
    let menu = words(&dir, &["--id", "menu"]);
    assert!(menu.contains("document_min_chars took it") && menu.contains("0 characters of it are no furniture; --min-chars asks for 30"), "{menu}");
    assert!(menu.contains("document_empty     not asked"), "{menu}");
    let short = json(&dir, &["--id", "short"]);
    assert_eq!((&rule(&short, "document_min_chars")["found"], &rule(&short, "document_min_chars")["least"]), (&json!(10), &json!(30)));
    let kept = words(&dir, &["--id", "p3"]);
    let kept = joined(&kept);
    assert!(kept.contains("1 document went as its copy: twin (in.jsonl:21)") && kept.contains("no document before it has the same text"), "{kept}");
    // A line of a document that went: why it would have gone too.
    let line = words(&dir, &["--id", "twin", "--line", "2"]);
    assert!(line.contains("it would have gone from a document that stays") && line.contains("of the site's"), "{line}");
    let own = words(&dir, &["--id", "twin", "--line", "5"]);
    assert!(own.contains("it went with its document") && own.contains("not line_site"), "{own}");
    for name in [&["--id", "in.jsonl:27"][..], &["--source", "./in.jsonl", "--position", "27"]] {
        let broken = words(&dir, name);
        assert!(
            broken.contains("could not be read")
                && broken.contains("json_syntax")
                && broken.contains("{\"id\": broken")
                && broken.contains("mend the line"),
            "{broken}"
        );
    }
    for text in [shown, residue, menu, words(&dir, &["--id", "p3"])] {
        assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
    }
    dir.run(&["explain", "washed", "--source", "in.jsonl", "--position", "99"]).exits(2).says("no record 99");
    dir.run(&["explain", "washed", "--source", "inn.jsonl"]).exits(2).says("did you mean in.jsonl");
    dir.run(&["explain", "washed", "--id", "p1", "--source", "in.jsonl"]).exits(2);
    dir.run(&["explain", "washed"]).exits(2);
}

/// A line by its text: what the log counts, what the output holds.
#[test]
fn lines_by_their_text() {
    let dir = Workdir::new();
    dir.write("in.jsonl", corpus());
    dir.run(&["clean", "in.jsonl", "-q", "--min-chars", "30", "-o", "washed"]).exits(3);
    let texts: Vec<Value> = dir.washed("washed", "removed/lines");
    let data = dir.washed("washed", "data/");
    let mut asked: Vec<String> = texts.iter().map(|entry| entry["text"].as_str().unwrap().to_owned()).collect();
    asked.extend(data.iter().flat_map(|row| row["text"].as_str().unwrap().lines().map(str::to_owned)).filter(|line| !line.is_empty()).step_by(7));
    for text in &asked {
        let found = json(&dir, &["--text", text]);
        let went: u64 = texts.iter().filter(|entry| entry["text"] == *text).map(|entry| entry["count"].as_u64().unwrap()).sum();
        let told: u64 = found["removed"].as_array().unwrap().iter().map(|removed| removed["entry"]["count"].as_u64().unwrap()).sum();
        assert_eq!(went, told, "{text}");
        let stays = data.iter().flat_map(|row| row["text"].as_str().unwrap().lines()).filter(|line| line == text).count();
        assert_eq!((&found["lines_that_stay"], &found["exact"]), (&json!(stays), &json!(true)));
    }
    let home = words(&dir, &["--text", "Home"]);
    assert!(home.contains("line_site") && home.contains("no copy stays for it") && home.contains("p0 (in.jsonl:1), line 1"), "{home}");
    let alike = json(&dir, &["--text", "HOME "]);
    assert_eq!((&alike["exact"], &alike["removed"][0]["entry"]["text"]), (&json!(false), &json!("Home")));
    dir.run(&["explain", "washed", "--text", "nobody ever wrote this"]).exits(2).says("no line");
}

/// Names and texts reach no terminal as they are.
#[test]
fn no_control_byte_reaches_a_terminal() {
    let dir = Workdir::new();
    let id = "\u{1b}[31m\u{202e}x";
    dir.write("in.jsonl", row(id, "a.example", "One line.\nAnother.") + &row("y", "a.example", "One line.\nAnother.") + "\u{1b}[0m{\n");
    dir.run(&["clean", "in.jsonl", "-q", "--from", "jsonl", "-o", "washed"]).exits(3);
    for args in [&["--id", id][..], &["--id", "y"], &["--source", "in.jsonl", "--position", "3"], &["--text", "One line."]] {
        let text = words(&dir, args);
        assert!(!text.contains(|c: char| c != '\n' && c.is_control() || c == '\u{202e}'), "{text:?}");
    }
}

/// Near duplicates and covered documents: who stays, how alike, which words differ; and of the one that stays who went for it.
#[test]
fn documents_that_are_alike() {
    let dir = Workdir::new();
    dir.write("in.jsonl", crawls::alike());
    dir.run(&["clean", "in.jsonl", "-q", "--near", "--covered", "-o", "washed"]).exits(0);
    let third = json(&dir, &["--id", "log-3"]);
    assert_eq!((&third["reason"], &third["kept"]["id"], &third["kept_stays"]), (&json!("document_near"), &json!("log"), &json!(true)), "{third}");
    let similarity = third["similarity"].as_f64().unwrap();
    assert!(similarity > 0.8 && similarity < 1.0, "{third}");
    let took = rule(&third, "document_near");
    assert_eq!((&took["verdict"], &took["similarity"], &took["threshold"]), (&json!("took"), &third["similarity"], &json!(0.8)), "{third}");
    assert_eq!(rule(&third, "document_covered")["verdict"], "not_reached");
    let difference = &third["difference"];
    assert_eq!((&difference["own_words"], &difference["kept_words"], &difference["places"]), (&json!(3), &json!(4), &json!(1)), "{difference}");
    assert_eq!(difference["first"][0]["own"]["text"], "a day without wind.", "{difference}");
    let shown = words(&dir, &["--id", "log-3"]);
    let joined = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        joined.contains("went whole: document_near (near duplicates)") && joined.contains("alike, and stays: document \"log\" (in.jsonl, record 1)"),
        "{shown}"
    );
    assert!(joined.contains("--near-threshold asks for 0.8") && joined.contains("[-") && joined.contains("{+"), "{shown}");
    assert!(shown.lines().all(|line| line.chars().count() <= 100), "{shown}");
    // A copy of one that went goes as that one did; its text is in the log all the same.
    let copy = json(&dir, &["--id", "log-3-copy"]);
    assert_eq!((&copy["reason"], &copy["kept"]["id"], &copy["difference"]), (&json!("document_near"), &json!("log"), difference), "{copy}");
    assert!(rule(&copy, "document_exact")["why"].as_str().unwrap().contains("no document that stays"), "{copy}");
    let part = json(&dir, &["--id", "part"]);
    assert_eq!((&part["reason"], &part["kept"]["id"]), (&json!("document_covered"), &json!("whole")), "{part}");
    assert_eq!(
        (&part["difference"]["own_words"], &part["difference"]["first"][0]["own"]["text"]),
        (&json!(5), &json!("A line of its own.")),
        "{part}"
    );
    assert_eq!((&rule(&part, "document_near")["verdict"], &rule(&part, "document_covered")["threshold"]), (&json!("passed"), &json!(0.8)));
    let stays = json(&dir, &["--id", "log"]);
    assert_eq!((&stays["copies"]["documents"], &stays["copies"]["reasons"]), (&json!(3), &json!({"document_near": 3})), "{stays}");
    let third = &stays["copies"]["first"][1];
    assert_eq!((&third["id"], third["similarity"].as_f64(), &stays["difference"]), (&json!("log-3"), Some(similarity), &Value::Null));
    assert!(words(&dir, &["--id", "log"]).contains("3 documents went as its near duplicates: log-2 (in.jsonl:2) 0."));
    assert!(words(&dir, &["--id", "whole"]).contains("1 document went whose lines it holds: part"));
    assert!(rule(&json(&dir, &["--id", "short"]), "document_near")["why"].as_str().unwrap().contains("shorter than a shingle"));
    dir.run(&["verify", "washed"]).exits(0);
    let texts = |rows: Vec<Value>| -> Vec<(Value, Value)> { rows.into_iter().map(|row| (row["id"].clone(), row["text"].clone())).collect() };
    let back = texts(dir.run(&["restore", "washed"]).exits(0).rows());
    assert_eq!(back, texts(crate::workdir::rows(crawls::alike().as_bytes())));
    // Without the rules they say that they are off.
    dir.run(&["clean", "in.jsonl", "-q", "-o", "washed", "--overwrite"]).exits(0);
    let off = json(&dir, &["--id", "log-3"]);
    assert_eq!((&rule(&off, "document_near")["verdict"], &rule(&off, "document_near")["threshold"]), (&json!("off"), &Value::Null), "{off}");
}
