//! What sites repeat: furniture goes, text stays, and the valve closes before a corpus is wiped out.

use std::{collections::BTreeSet, fs, path::Path};

use serde_json::{Value, json};

use crate::{
    pages::natural_texts,
    workdir::{Ran, Workdir},
};

/// A site's pages as JSON Lines.
fn site(host: &str, pages: &[String]) -> String {
    let row = |(n, text): (usize, &String)| format!("{}\n", json!({"id": format!("{host}/{n}"), "url": format!("https://{host}/{n}"), "text": text}));
    pages.iter().enumerate().map(row).collect()
}

fn texts(ran: &Ran) -> Vec<String> {
    ran.rows().iter().map(|row| row["text"].as_str().unwrap().to_owned()).collect()
}

/// A sentence that no other number gives.
fn sentence(n: usize) -> String {
    const WHO: [&str; 7] = ["The ferry", "A surveyor", "The village band", "Our neighbour", "The miller", "A botanist", "The harbour master"];
    const WHAT: [&str; 5] = ["crossed the bay", "mended the bell", "counted the herons", "opened the archive", "drew a map of the marsh"];
    const WHEN: [&str; 3] = ["before the fog lifted", "after the second frost", "while the council argued"];
    let word: String = n.to_string().bytes().map(|b| char::from(b - b'0' + b'a')).collect();
    format!("{} {} {} and called it the day of the {word}.", WHO[n % 7], WHAT[n % 5], WHEN[n % 3])
}

fn page(n: usize, head: &[&str], tail: &[&str]) -> String {
    let mut lines: Vec<String> = head.iter().map(|l| (*l).to_owned()).collect();
    lines.push(format!("The story of the {}", sentence(n * 100).split(' ').next_back().unwrap().trim_end_matches('.')));
    lines.extend((1..6).map(|k| sentence(n * 100 + k)));
    lines.extend(tail.iter().map(|l| (*l).to_owned()));
    lines.join("\n")
}

const HEAD: &[&str] = &["Home", "News", "Weather", "Harbour", "Letters", "Archive"];
const TAIL: &[&str] = &["Share this page", "Contact", "Imprint", "Privacy"];

#[test]
fn menus_go_and_stories_stay() {
    let dir = Workdir::new();
    let pages: Vec<String> = (0..20).map(|n| page(n, HEAD, TAIL)).collect();
    dir.write("in.jsonl", site("gazette.example", &pages));
    let ran = dir.run(&["clean", "in.jsonl", "-o", "washed"]).exits(0).says("furniture that a site's pages repeat");
    drop(ran);
    for (n, row) in dir.washed("washed", "data/").iter().enumerate() {
        let text = row["text"].as_str().unwrap();
        assert!(text.starts_with(&page(n, &[], &[])), "{text}");
        assert!(!["Home", "Archive", "Contact", "Privacy"].iter().any(|gone| text.lines().any(|l| l == *gone)), "{text}");
    }
    let report: Value = serde_json::from_slice(&fs::read(dir.path("washed/report.json")).unwrap()).unwrap();
    let first = &report["sites"][0];
    assert_eq!(first["site"], "gazette.example");
    assert!((180..=200).contains(&first["furniture"]["lines"].as_u64().unwrap()), "{first}");
    // Every line that went, and one that stayed, can be asked for its reasons.
    let gone = dir.run(&["explain", "washed", "--id", "gazette.example/3", "--line", "2"]).exits(0);
    let gone = String::from_utf8(gone.stdout).unwrap();
    assert!(gone.contains("line_site") && gone.contains("20 of the site's 20 pages hold it") && gone.contains("every copy goes"), "{gone}");
    let kept = dir.run(&["explain", "washed", "--id", "gazette.example/3", "--line", "8"]).exits(0);
    let kept = String::from_utf8(kept.stdout).unwrap();
    assert!(kept.contains("not line_site: too few pages of the site hold it: 1 of 20, and 3 are needed"), "{kept}");
    let json: Value = serde_json::from_slice(&dir.run(&["explain", "washed", "--id", "gazette.example/3", "--json"]).exits(0).stdout).unwrap();
    assert_eq!(json["lines"].as_array().unwrap().len(), 16);
    dir.run(&["explain", "washed", "--id", "nobody"]).exits(2).says("nobody");
    let index = dir.path("washed/index/lines.idx");
    let mut bytes = fs::read(&index).unwrap();
    bytes[40] ^= 1;
    fs::write(&index, bytes).unwrap();
    dir.run(&["explain", "washed", "--id", "gazette.example/3"]).exits(4).says("lines.idx").says("damaged");
}

/// Texts whose repetition is their own, each cut into five pages of one site.
#[test]
fn natural_texts_as_five_pages_lose_nothing() {
    let dir = Workdir::new();
    let mut lost = Vec::new();
    for (name, text) in natural_texts() {
        let lines: Vec<&str> = text.lines().collect();
        let pages: Vec<String> = lines.chunks(lines.len().div_ceil(5)).map(|c| c.join("\n")).collect();
        dir.write("in.jsonl", site("natural.example", &pages));
        let out = texts(&dir.run(&["clean", "in.jsonl", "--keep-document", "all"]).exits(0));
        let stays: BTreeSet<&str> = out.iter().flat_map(|t| t.lines()).map(str::trim).collect();
        let squeezed: BTreeSet<String> = stays.iter().map(|l| l.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
        for line in lines.iter().filter(|l| !l.trim().is_empty()) {
            if !squeezed.contains(&line.split_whitespace().collect::<Vec<_>>().join(" ")) {
                lost.push(format!("{name}: {line}"));
            }
        }
    }
    assert!(lost.is_empty(), "{lost:#?}");
}

#[test]
fn small_sites_keep_everything_but_their_menus() {
    let dir = Workdir::new();
    for n in [2, 3] {
        let pages: Vec<String> = (0..n).map(|n| page(n, HEAD, TAIL)).collect();
        dir.write("in.jsonl", site("small.example", &pages));
        for (n, text) in texts(&dir.run(&["clean", "in.jsonl"]).exits(0)).iter().enumerate() {
            assert!(text.contains(&page(n, &[], &[])), "{text}");
        }
    }
}

/// The page's own headline stays where other pages carry it as a teaser.
#[test]
fn headlines_as_teasers() {
    let dir = Workdir::new();
    let title = |n: usize| page(n, &[], &[]).lines().next().unwrap().to_owned();
    let pages: Vec<String> = (0..20)
        .map(|n| {
            let teasers: Vec<String> = (1..6).map(|k| title((n + k) % 20)).collect();
            let head: Vec<&str> = HEAD.iter().copied().chain(["Latest stories"]).chain(teasers.iter().map(String::as_str)).collect();
            page(n, &head, TAIL)
        })
        .collect();
    dir.write("in.jsonl", site("teasers.example", &pages));
    for (n, text) in texts(&dir.run(&["clean", "in.jsonl"]).exits(0)).iter().enumerate() {
        for line in page(n, &[], &[]).lines() {
            assert!(text.lines().any(|l| l == line), "{n}: {line}");
        }
    }
}

/// One article crawled on four days with other furniture each time: one copy of it stays, whichever the furniture.
#[test]
fn one_page_under_four_dates() {
    let dir = Workdir::new();
    let mut pages: Vec<String> = (0..12).map(|n| page(n, HEAD, TAIL)).collect();
    for day in ["Monday", "Tuesday", "Wednesday", "Thursday"] {
        pages.push(page(40, &["Home", "News", "Weather", &format!("Crawled on {day}")], &["Contact", &format!("Visitors on {day}: many")]));
    }
    dir.write("in.jsonl", site("dates.example", &pages));
    dir.run(&["clean", "in.jsonl", "-o", "washed"]).exits(0);
    let kept: Vec<String> = dir.washed("washed", "data/").iter().map(|row| row["text"].as_str().unwrap().to_owned()).collect();
    for line in page(40, &[], &[]).lines() {
        assert!(kept.iter().any(|text| text.lines().any(|l| l == line)), "{line}");
    }
    dir.run(&["restore", "washed", "-o", "back"]).exits(0);
    let back: Vec<String> = dir.washed("back", "data/").iter().map(|row| row["text"].as_str().unwrap().to_owned()).collect();
    assert_eq!(back, pages);
}

/// Equal residues are one document; the copy's text can be restored although its furniture differs.
#[test]
fn documents_that_differ_in_furniture_alone() {
    let dir = Workdir::new();
    let mut pages: Vec<String> = (0..20).map(|n| page(n, HEAD, TAIL)).collect();
    pages.push(page(3, &HEAD[..5], &TAIL[1..]));
    pages.push(HEAD.join("\n") + "\n" + &TAIL.join("\n"));
    dir.write("in.jsonl", site("gazette.example", &pages));
    dir.run(&["clean", "in.jsonl", "-o", "washed"]).exits(0);
    let gone = dir.washed("washed", "removed/documents");
    let whole: Vec<(&str, &str)> =
        gone.iter().filter(|row| row.get("lines").is_none()).map(|row| (row["id"].as_str().unwrap(), row["reason"].as_str().unwrap())).collect();
    assert_eq!(whole, [("gazette.example/20", "document_exact"), ("gazette.example/21", "document_empty")]);
    assert_eq!(gone.iter().find(|row| row["id"] == "gazette.example/20").unwrap()["kept"]["id"], "gazette.example/3");
    dir.run(&["restore", "washed", "-o", "back"]).exits(0);
    let back: Vec<String> = dir.washed("back", "data/").iter().map(|row| row["text"].as_str().unwrap().to_owned()).collect();
    assert_eq!(back, pages);
    let explained = String::from_utf8(dir.run(&["explain", "washed", "--id", "gazette.example/20"]).exits(0).stdout).unwrap();
    assert!(explained.contains("went whole: document_exact") && explained.contains("gazette.example/3"), "{explained}");
}

/// Parked pages are nothing but furniture: the valve leaves them alone, and says so.
#[test]
fn a_site_of_furniture_alone_is_suspended() {
    let dir = Workdir::new();
    let parked = |n: usize| {
        format!("Buy this domain\nRelated searches\nCheap flights\nInsurance\nHotels\nPage {}\nPrivacy policy of the parking", "i".repeat(n + 1))
    };
    let parked: Vec<String> = (0..30).map(parked).collect();
    let stories: Vec<String> = (0..20).map(|n| page(n, HEAD, TAIL)).collect();
    dir.write("in.jsonl", site("parked.example", &parked) + &site("gazette.example", &stories));
    let ran = dir.run(&["clean", "in.jsonl", "--keep-document", "all", "--max-site-share", "0.45"]).exits(0).says("valve  parked.example");
    assert_eq!(texts(&ran)[..30], parked);
    assert!(!texts(&ran)[35].contains("Weather"));
}

/// A corpus of furniture alone stops the run before a byte is written, with the lines that cost most.
#[test]
fn a_corpus_of_furniture_alone_stops_the_run() {
    let dir = Workdir::new();
    let pages: Vec<String> =
        (0..30).map(|n| format!("{}\n{}\n{}", HEAD.join("\n"), "Search the archive of the harbour and its letters here\n", sentence(n))).collect();
    dir.write("in.jsonl", site("menus.example", &pages));
    let stopped = dir.run(&["clean", "in.jsonl", "-o", "washed", "--max-corpus-share", "0.3", "--max-site-share", "1"]).exits(4);
    let stopped = stopped.says("line_site").says("Search the archive of the harbour").says("--max-corpus-share");
    assert!(stopped.stdout.is_empty() && !dir.path("washed").exists());
    dir.run(&["clean", "in.jsonl", "-o", "washed", "--max-corpus-share", "1", "--max-site-share", "1"]).exits(0);
}

/// Latin letters in a document of another script are a caption where many pages of the site hold them, whichever language they are; code is none.
#[test]
fn captions_in_latin_letters() {
    let dir = Workdir::new();
    let word = |n: usize| -> String { n.to_string().chars().map(|c| char::from_u32('к' as u32 + c as u32 - '0' as u32).unwrap()).collect() };
    let (caption, code) = ("Name und Pfad von HTML-Dokumenten", "$ find dokumenten -name pfad");
    let pages: Vec<String> = (0..40)
        .map(|n| {
            let prose = |k: usize| {
                format!(
                    "Генеральный секретарь встретился с партийным руководством города {}, после чего делегация осмотрела новый завод.",
                    word(1000 + n * 10 + k)
                )
            };
            let between = match n % 4 {
                0 => caption,
                1 => code,
                _ => "Потом был обед.",
            };
            [prose(1), prose(2), between.to_owned(), prose(3), prose(4)].join("\n")
        })
        .collect();
    dir.write("in.jsonl", site("novosti.example", &pages));
    dir.run(&["clean", "in.jsonl", "-q", "-o", "washed"]).exits(0);
    for (n, row) in dir.washed("washed", "data/").iter().enumerate() {
        let text = row["text"].as_str().unwrap();
        assert!(!text.contains(caption), "{text}");
        assert_eq!(text.contains(code), n % 4 == 1, "{text}");
        assert_eq!(text.lines().filter(|line| line.starts_with("Генеральный")).count(), 4, "{text}");
    }
}

/// Odd hosts are sites or none, and never a fault.
#[test]
fn odd_hosts() {
    let dir = Workdir::new();
    let urls = [
        "https://bücher.example/1",
        "https://xn--bcher-kva.example/2",
        "HTTPS://BÜCHER.example/3",
        "http://[2001:db8::1]:8080/",
        "not a url",
        "http://",
        "",
    ];
    let rows: String = urls.iter().enumerate().map(|(n, url)| format!("{}\n", json!({"id": n, "url": url, "text": sentence(n)}))).collect();
    dir.write("in.jsonl", rows);
    let rows = dir.run(&["clean", "in.jsonl"]).exits(0).says("3 documents have no site").rows();
    let sites: Vec<&str> = rows.iter().map(|row| row["buddle"]["site"].as_str().unwrap()).collect();
    assert_eq!(sites, ["xn--bcher-kva.example", "xn--bcher-kva.example", "xn--bcher-kva.example", "[2001:db8::1]", "", "", ""]);
}

/// Law 3: washing the output again takes next to nothing, and by the first run's index soon nothing at all.
/// `benches/laws.sh` measures the same on any corpus.
#[test]
fn washing_again_takes_next_to_nothing() {
    let gazette = |head: &dyn Fn(usize) -> &'static [&'static str]| -> String {
        site("gazette.example", &(0..40).map(|n| page(n, head(n), &TAIL[n % 3..])).collect::<Vec<_>>())
    };
    let sites = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/judgement/sites.jsonl")).unwrap();
    // Where menus differ from page to page, the first index takes what stood between own lines before: only a new survey is held.
    for (corpus, by_first) in [(sites, true), (gazette(&|_| HEAD), true), (gazette(&|n| &HEAD[..3 + n % 4]), false)] {
        let dir = Workdir::new();
        dir.write("in.jsonl", corpus);
        let lines = |folder: &str| -> usize {
            dir.washed(folder, "data/").iter().map(|row| row["text"].as_str().unwrap().lines().filter(|l| !l.trim().is_empty()).count()).sum()
        };
        let wash = |from: &str, to: &str, more: &[&str]| -> usize {
            dir.run(&[&["clean", from, "-q", "-o", to], more].concat()).exits(0);
            lines(to)
        };
        let input = lines_of(&fs::read_to_string(dir.path("in.jsonl")).unwrap());
        let first = wash("in.jsonl", "washed", &[]);
        assert!(first > 0 && first * 10 < input * 9, "{input} lines, then {first}");
        let again = wash("washed/data", "again", &[]);
        assert!((first - again) * 200 <= first, "{first} lines, by a new survey {again}");
        let (mut before, mut from) = (first, "washed".to_owned());
        for pass in 2.. {
            assert!(pass <= 6, "no fixed point in five passes");
            let to = format!("washed-{pass}");
            let after = wash(&format!("{from}/data"), &to, &["--index", "washed/index/lines.idx"]);
            assert!(!by_first || (first - after) * 200 <= first, "{first} lines, after pass {pass} {after}");
            if after == before {
                break;
            }
            (before, from) = (after, to);
        }
    }
}

fn lines_of(jsonl: &str) -> usize {
    let texts = jsonl.lines().map(|row| serde_json::from_str::<Value>(row).unwrap());
    texts.map(|row| row["text"].as_str().unwrap().lines().filter(|l| !l.trim().is_empty()).count()).sum()
}

/// A batch too small to show what its site repeats is washed by the index of a crawl of it, and can be explained.
#[test]
fn a_small_batch_by_an_earlier_index() {
    let dir = Workdir::new();
    let pages: Vec<String> = (0..40).map(|n| page(n, HEAD, TAIL)).collect();
    dir.write("crawl.jsonl", site("gazette.example", &pages));
    dir.write("new.jsonl", site("gazette.example", &[page(900, HEAD, TAIL)]));
    dir.run(&["clean", "crawl.jsonl", "-q", "-o", "washed"]).exits(0);
    let furniture = |rows: Vec<Value>| rows[0]["text"].as_str().unwrap().lines().filter(|line| HEAD.contains(line) || TAIL.contains(line)).count();
    assert_eq!(furniture(dir.run(&["clean", "new.jsonl", "-q"]).exits(0).rows()), HEAD.len() + TAIL.len());
    for index in ["washed", "washed/index/lines.idx"] {
        assert_eq!(furniture(dir.run(&["clean", "new.jsonl", "-q", "--index", index]).exits(0).rows()), 0, "{index}");
    }
    dir.run(&["clean", "new.jsonl", "-q", "--index", "washed", "-o", "batch"]).exits(0);
    let explained = dir.run(&["explain", "batch", "--id", "gazette.example/0", "--line", "1"]).exits(0);
    assert!(String::from_utf8(explained.stdout).unwrap().contains("41 of the site's 41 pages hold it"));
    // The valve looks at this input, not at what the index bounds.
    let menus: Vec<String> = (0..3).map(|n| HEAD[n..].join("\n")).collect();
    dir.write("menus.jsonl", site("gazette.example", &menus));
    let rows = dir.run(&["clean", "menus.jsonl", "--index", "washed"]).exits(0).says("gazette.example").rows();
    assert_eq!(rows.iter().map(|row| row["text"].as_str().unwrap()).collect::<Vec<_>>(), menus);
    dir.run(&["clean", "new.jsonl", "--index", "new.jsonl"]).exits(4).says("no line index");
    dir.run(&["clean", "new.jsonl", "--index", "nowhere"]).exits(2).says("--index");
}

/// Ids repeat: a line is explained by what its own document lost, and without texts in the log nothing is.
#[test]
fn explain_with_ids_that_repeat() {
    let dir = Workdir::new();
    let rows: String = (0..20)
        .map(|n| format!("{}\n", json!({"id": "same", "url": "https://gazette.example/", "text": page(n, if n == 0 { &[] } else { HEAD }, TAIL)})))
        .collect();
    dir.write("in.jsonl", rows);
    dir.run(&["clean", "in.jsonl", "-q", "-o", "washed"]).exits(0);
    let json: Value = serde_json::from_slice(&dir.run(&["explain", "washed", "--id", "same", "--json"]).exits(0).stdout).unwrap();
    let lines: Vec<&str> = json["lines"].as_array().unwrap().iter().map(|line| line["text"].as_str().unwrap()).collect();
    assert_eq!((json["position"].as_u64(), lines.join("\n")), (Some(1), page(0, &[], TAIL)));
    dir.run(&["clean", "in.jsonl", "-q", "-o", "washed", "--overwrite", "--removed", "ids"]).exits(0);
    dir.run(&["explain", "washed", "--id", "same"]).exits(2).says("--removed full");
}

/// Prose on several pages of two sites keeps its first copy at each of them.
#[test]
fn repeated_prose_keeps_a_copy_at_each_site() {
    let dir = Workdir::new();
    let quote = "The council has decided that the pier will be closed from autumn to spring, and that every boat in the harbour must carry a bell.";
    let pages = |from: usize| -> Vec<String> { (from..from + 4).map(|n| page(n, &[], &[quote, &sentence(n * 100 + 50)])).collect() };
    dir.write("in.jsonl", site("one.example", &pages(0)) + &site("two.example", &pages(10)));
    dir.run(&["clean", "in.jsonl", "-q", "-o", "washed"]).exits(0);
    let holders: Vec<Value> =
        dir.washed("washed", "data/").iter().filter(|row| row["text"].as_str().unwrap().contains(quote)).map(|row| row["id"].clone()).collect();
    assert_eq!(holders, ["one.example/0", "two.example/0"]);
    let kept: Vec<Value> = dir.washed("washed", "removed/lines").iter().map(|row| json!([row["reason"], row["count"], row["kept"]["id"]])).collect();
    assert_eq!(kept, [json!(["line_site_prose", 3, "one.example/0"]), json!(["line_site_prose", 3, "two.example/0"])]);
}

/// A user's own weights: fitted to labelled pages, judged by, and kept in the folder for `explain`.
#[test]
fn weights_of_ones_own() {
    let dir = Workdir::new();
    // Sites where the lines of the head are text and those of the tail are furniture.
    let rows: String = (0..240)
        .map(|n| {
            let text = page(n, HEAD, TAIL);
            let lines: Vec<&str> = text.lines().collect();
            let labels: String = lines.iter().map(|line| if TAIL.contains(line) { 'f' } else { 'm' }).collect();
            format!("{}\n", json!({"site": format!("{}.example", n % 8), "lines": lines, "labels": labels}))
        })
        .collect();
    dir.write("set.jsonl", rows);
    dir.run(&["train", "mine=set.jsonl", "-o", "weights.json", "--report", "report.json", "--date", "2026-11-24"])
        .exits(0)
        .says("furniture removed 1.000");
    let report: Value = serde_json::from_slice(&fs::read(dir.path("report.json")).unwrap()).unwrap();
    assert_eq!((report["origin"]["date"].as_str(), report["sets"][0]["set"]["pages"].as_u64()), (Some("2026-11-24"), Some(240)));
    dir.write("in.jsonl", site("gazette.example", &(0..20).map(|n| page(n, HEAD, TAIL)).collect::<Vec<_>>()));
    dir.run(&["clean", "in.jsonl", "-q", "--weights", "weights.json", "-o", "washed"]).exits(0);
    let text = dir.washed("washed", "data/")[3]["text"].as_str().unwrap().to_owned();
    assert!(text.starts_with("Home\nNews\n") && !text.contains("Imprint"), "{text}");
    // The folder holds what explains it.
    fs::remove_file(dir.path("weights.json")).unwrap();
    let why = dir.run(&["explain", "washed", "--id", "gazette.example/3", "--line", "16"]).exits(0);
    let why = String::from_utf8(why.stdout).unwrap();
    assert!(why.contains("for furniture: ") && why.contains("what would have changed it: "), "{why}");
    dir.run(&["clean", "in.jsonl", "--weights", "set.jsonl"]).exits(2).says("buddle train");
    dir.run(&["train", "nowhere.jsonl", "-o", "x"]).exits(4).says("nowhere.jsonl");
    // Of two sets that say the opposite of each other the heavier has its way.
    let opposite = fs::read_to_string(dir.path("set.jsonl")).unwrap().lines().fold(String::new(), |out, row| {
        let mut row: Value = serde_json::from_str(row).unwrap();
        let labels: String = row["labels"].as_str().unwrap().chars().map(|c| if c == 'f' { 'm' } else { 'f' }).collect();
        row["labels"] = labels.into();
        format!("{out}{row}\n")
    });
    dir.write("opposite.jsonl", opposite);
    for (weigh, tail_goes) in [("mine=20", true), ("opposite=20", false)] {
        dir.run(&["train", "mine=set.jsonl", "opposite.jsonl", "--weigh", weigh, "-o", "both.json"]).exits(0);
        dir.run(&["clean", "in.jsonl", "-q", "--weights", "both.json", "-o", "both", "--overwrite"]).exits(0);
        let text = dir.washed("both", "data/")[3]["text"].as_str().unwrap().to_owned();
        assert_eq!(!text.contains("Imprint"), tail_goes, "{weigh}: {text}");
    }
    dir.run(&["train", "mine=set.jsonl", "-o", "x", "--weigh", "yours=2"]).exits(2).says("NAME=FILE");
    dir.run(&["train", "mine=set.jsonl", "-o", "x", "--weigh", "mine=much"]).exits(2).says("is no number");
    let found = String::from_utf8(dir.run(&["train", "set.jsonl", "--search", "2"]).exits(0).stdout).unwrap();
    assert_eq!((found.lines().count(), found.matches("loss on sites not fitted to: ").count()), (22, 2), "{found}");
    dir.run(&["train", "set.jsonl"]).exits(2).says("--output");
    dir.write("empty.jsonl", "");
    dir.run(&["train", "empty.jsonl", "-o", "x"]).exits(2).says("three pages");
    dir.write("bad.jsonl", "{\"site\": \"a\", \"lines\": [\"x\"], \"labels\": \"q\"}\n");
    dir.run(&["train", "bad.jsonl", "-o", "x"]).exits(2).says("bad.jsonl");
}
