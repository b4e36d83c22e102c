//! `buddle report`: one page that stands alone, shows what is there, and says nothing else.

use std::{fs, path::Path};

use buddle::report::{Fate, html::Sample};

use crate::{
    crawls::{HOSTILE, alike, hostile, large, report},
    workdir::{Workdir, rows},
};

fn page(dir: &Workdir, folder: &str) -> String {
    String::from_utf8(dir.run(&["report", folder]).exits(0).stdout).unwrap()
}

/// Tags of a page, whole; what is between them is left out.
fn tags(html: &str) -> Vec<&str> {
    html.split('<').skip(1).map(|tag| tag.split('>').next().unwrap()).collect()
}

/// A page needs nothing beside it and runs nothing.
#[track_caller]
fn stands_alone(html: &str) {
    assert!(html.starts_with("<!doctype html>") && html.trim_end().ends_with("</html>"));
    assert_eq!(html.matches("</style>").count(), 1);
    for tag in tags(html) {
        let name = tag.split([' ', '/', '\n']).next().unwrap();
        assert!(!["script", "img", "iframe", "object", "embed", "base", "form", "audio", "video", "use", "image"].contains(&name), "<{tag}>");
        let names: String = tag.split('"').step_by(2).collect();
        assert!(!names.contains(" on") && !names.contains('\''), "<{tag}>");
        for attribute in [" href=\"", " src=\"", " srcset=\"", " action=\""] {
            if let Some(value) = tag.split(attribute).nth(1) {
                assert!(value.starts_with('#') || value.starts_with("data:,"), "<{tag}>");
            }
        }
    }
    let style = html.split("<style>").nth(1).unwrap().split("</style>").next().unwrap();
    assert!(!style.contains("url(") && !style.contains("@import"));
    let bad = |c: char| c.is_control() && c != '\n' && c != '\t' || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    assert!(!html.contains(bad));
}

/// Text between tags, of a table's rows, cell by cell.
fn cells(table: &str) -> Vec<Vec<String>> {
    let text = |cell: &str| {
        let mut out = String::new();
        let mut inside = false;
        for c in cell.split_once('>').map_or("", |(_, rest)| rest).chars() {
            match c {
                '<' => inside = true,
                '>' => inside = false,
                c if !inside => out.push(c),
                _ => {}
            }
        }
        out.trim().to_owned()
    };
    let row = |row: &str| row.split("<t").filter(|cell| cell.starts_with("h ") || cell.starts_with("d ")).map(text).collect();
    table.split("<tr").skip(1).map(row).collect()
}

#[test]
fn the_page_adds_up_to_the_report_and_is_the_same_every_time() {
    let dir = Workdir::new();
    dir.write("in.jsonl", large(6, 30)).run(&["clean", "in.jsonl", "-q", "-o", "washed"]).exits(3);
    let html = page(&dir, "washed");
    stands_alone(&html);
    assert_eq!(html, page(&dir, dir.path("washed").to_str().unwrap()));
    dir.run(&["report", "washed", "-o", "page.html"]).exits(0);
    assert_eq!(html, fs::read_to_string(dir.path("page.html")).unwrap());
    let report = report(&dir, "washed");
    let ledger = html.split("<table class=\"ledger\">").nth(1).unwrap().split("</table>").next().unwrap();
    let rows: Vec<(String, [u64; 3])> = cells(ledger)
        .into_iter()
        .filter(|row| row.len() == 5 && row[0] != "What")
        .map(|row| (row[0].clone(), [1, 2, 3].map(|i| row[i].replace(',', "").parse().unwrap())))
        .collect();
    let sums = |amounts: &serde_json::Value| ["documents", "lines", "chars"].map(|key| amounts[key].as_u64().unwrap());
    let (first, last) = (rows.first().unwrap(), rows.last().unwrap());
    assert_eq!((first.0.as_str(), first.1), ("Came in", sums(&report["input"])));
    assert_eq!((last.0.as_str(), last.1), ("Stays", sums(&report["output"])));
    let went = &rows[1..rows.len() - 1];
    assert_eq!(went.len(), report["removed_lines"].as_object().unwrap().len() + report["removed_documents"].as_object().unwrap().len());
    for i in [1, 2] {
        assert_eq!(first.1[i], last.1[i] + went.iter().map(|(_, sums)| sums[i]).sum::<u64>());
    }
    // Every document is in the drawing, before and after.
    let lengths = html.split("Documents by the number of their characters.").last().unwrap();
    let classes = cells(lengths.split("</table>").next().unwrap());
    let sum = |i: usize| classes.iter().filter(|row| row.len() == 3).filter_map(|row| row[i].replace(',', "").parse::<u64>().ok()).sum::<u64>();
    assert_eq!((sum(1), sum(2)), (first.1[0], last.1[0]));
    assert!(!html.contains("not in the drawing"));
}

/// The lines of an example are those that `restore` gives, with those numbers.
#[test]
fn examples_stand_as_they_stood() {
    let dir = Workdir::new();
    dir.write("in.jsonl", large(6, 30)).run(&["clean", "in.jsonl", "-q", "-o", "washed"]).exits(3);
    let restored = rows(&dir.run(&["restore", "washed"]).exits(0).stdout);
    let gathered = buddle::pipeline::folder_report(&dir.path("washed")).unwrap();
    let mut seen = 0;
    for (reason, examples) in &gathered.lines {
        assert!(!examples.is_empty(), "{reason}");
        for example in examples {
            let text = restored[usize::try_from(example.place.position).unwrap() - 1]["text"].as_str().unwrap();
            let lines: Vec<&str> = text.lines().collect();
            assert_eq!(example.context.iter().filter(|line| line.fate == Fate::Gone).count(), 1);
            for line in &example.context {
                let own = lines[usize::try_from(line.number).unwrap() - 1];
                assert!(own.starts_with(line.text.as_ref().map_or("?", Sample::text)), "{own}");
                seen += 1;
            }
        }
    }
    assert!(seen > 20, "{seen}");
    let (sites, copies) = (&gathered.sites, &gathered.copies.largest);
    assert!(sites.len() == 6 && sites.iter().all(|site| site.exact && site.texts[0].1 >= 24), "{sites:?}");
    assert!(gathered.copies.exact && gathered.copies.count == 36 && copies[0].gone == 1 && copies[0].text.is_some(), "{copies:?}");
}

#[test]
fn a_large_run_gives_a_small_page() {
    let dir = Workdir::new();
    dir.write("in.jsonl", large(120, 24)).run(&["clean", "in.jsonl", "-q", "-o", "washed"]).exits(3);
    let html = page(&dir, "washed");
    stands_alone(&html);
    assert!(html.len() < 400_000, "{}", html.len());
    assert!(html.contains("more of those that report.json lists") && html.contains("more in the quarantine"));
}

#[test]
fn what_the_corpus_says_stays_text() {
    let dir = Workdir::new();
    for flags in [
        &[][..],
        &["--near", "--covered", "--near-threshold", "0.3"],
        &["--removed", "ids"],
        &["--removed", "none", "--no-index"],
        &["--max-site-share", "0"],
    ] {
        hostile(&dir, flags);
        let html = page(&dir, "washed");
        stands_alone(&html);
        assert!(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;") && !html.contains(HOSTILE), "{flags:?}");
        if flags.is_empty() {
            for place in ["line_site", "document_exact", "json_syntax", "text_missing", "alert(5)", "alert(6)"] {
                assert!(html.contains(place), "{place}");
            }
        }
        if flags.contains(&"--max-site-share") {
            assert!(html.contains("Suspended sites"));
        }
        fs::remove_dir_all(dir.path("washed")).unwrap();
    }
}

#[test]
fn what_is_not_there_is_said() {
    let dir = Workdir::new();
    let crawl = large(3, 20);
    dir.write("in.jsonl", &crawl);
    for (flags, says) in [
        (&["--removed", "ids", "-o", "washed"][..], "The removed log holds no texts"),
        (&["--removed", "none", "-o", "washed"], "The folder holds no removed log"),
        (&["--no-index", "-o", "washed"], "The folder holds no line index"),
        (&["--removed-to", "washed", "-o", "clean.jsonl"], "The clean documents were written elsewhere"),
    ] {
        let mut args = vec!["clean", "in.jsonl", "-q"];
        args.extend(flags);
        dir.run(&args).exits(3);
        let html = page(&dir, "washed");
        stands_alone(&html);
        assert!(html.contains(says), "{says}");
        assert_eq!(html.contains("text not kept"), flags.contains(&"ids"), "{says}");
        fs::remove_dir_all(dir.path("washed")).unwrap();
    }
    // Nothing at all is no reason to fail.
    dir.write("none.jsonl", "").run(&["clean", "none.jsonl", "-q", "-o", "washed"]).exits(0);
    assert!(page(&dir, "washed").contains("Nothing went."));
    dir.run(&["report", "nowhere"]).exits(2).says("no manifest can be read");
    fs::remove_file(dir.path("washed/report.json")).unwrap();
    dir.run(&["report", "washed"]).exits(4).says("report.json");
    dir.run(&["report", "washed", "-o", "new.html"]).exits(4);
    assert!(!dir.path("new.html").exists());
}

/// Near duplicates and covered documents: who stays, who went, how alike, in which words they differ.
#[test]
fn documents_that_are_alike_stand_beside_what_stays() {
    let dir = Workdir::new();
    dir.write("in.jsonl", alike()).run(&["clean", "in.jsonl", "-q", "--near", "--covered", "-o", "washed"]).exits(0);
    let gathered = buddle::pipeline::folder_report(&dir.path("washed")).unwrap();
    let (near, covered) = (&gathered.near, &gathered.covered);
    assert_eq!((near.count, near.largest[0].gone, covered.count, gathered.copies.count), (1, 3, 1, 1));
    let part = &covered.largest[0].first[0];
    assert_eq!((part.id.text(), part.difference.as_ref().unwrap().own_words), ("part", 5));
    // What the page says is what `explain` says.
    for member in &near.largest[0].first {
        let explained: serde_json::Value =
            serde_json::from_slice(&dir.run(&["explain", "washed", "--json", "--id", member.id.text()]).exits(0).stdout).unwrap();
        let difference = serde_json::to_value(member.difference.as_ref().unwrap()).unwrap();
        assert_eq!(difference, explained["difference"], "{}", member.id.text());
        assert_eq!(member.similarity, explained["similarity"].as_f64());
    }
    let sum: u64 = gathered.similarities.classes.iter().map(|(near, covered)| near + covered).sum();
    assert_eq!(sum, 4);
    let html = page(&dir, "washed");
    stands_alone(&html);
    for words in ["3 near duplicates went, of 1 document that stays", "a day without wind.", "of its letters stand in the one that stays", "<ins>"] {
        assert!(html.contains(words), "{words}");
    }
    // Without texts there are names and numbers.
    dir.run(&["clean", "in.jsonl", "-q", "--near", "--covered", "--removed", "ids", "-o", "washed", "--overwrite"]).exits(0);
    let html = page(&dir, "washed");
    assert!(html.contains("3 near duplicates went") && html.contains("log-3") && !html.contains("a day without wind"));
}

/// `BUDDLE_BLESS=1 cargo test example_page` writes it anew.
#[test]
fn the_example_page_of_the_documentation_is_current() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let dir = Workdir::new();
    dir.write("page.txt", fs::read(root.join("fixtures/seed/page.txt")).unwrap());
    dir.run(&["clean", "page.txt", "-q", "-o", "washed"]).exits(0);
    let html = page(&dir, "washed");
    stands_alone(&html);
    assert!(html.contains("<del><bdi dir=\"auto\" lang=\"ru\">Генеральный секретарь"));
    let path = root.join("docs/report-example.html");
    if std::env::var_os("BUDDLE_BLESS").is_some() {
        fs::write(&path, &html).unwrap();
    }
    assert!(fs::read_to_string(&path).is_ok_and(|old| old == html), "docs/report-example.html: BUDDLE_BLESS=1 cargo test example_page");
}
