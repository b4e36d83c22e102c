//! Made crawls for tests of pages: one that is large, one that wants to break out of every place where data is shown.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::workdir::Workdir;

/// What ends tags, attributes and the order of the text, if it is let.
pub const HOSTILE: &str = "</td></del></style><script>alert(1)</script><img src=x onerror=alert(2)>\" onload='alert(3)' {{ 7*7 }} {% raw %}\u{202e}&amp;\u{2067}javascript:alert(4)";

const MENU: [&str; 6] = ["Home", "News", "Weather", "Harbour", "Letters", "Archive"];
const CAPTION: &str = "Фотография с вчерашнего заседания городского комитета";

/// A sentence that no other number gives.
fn sentence(n: usize) -> String {
    const WHO: [&str; 7] = ["The ferry", "A surveyor", "The village band", "Our neighbour", "The miller", "A botanist", "The harbour master"];
    const WHAT: [&str; 5] = ["crossed the bay", "mended the bell", "counted the herons", "opened the archive", "drew a map of the marsh"];
    let word: String = n.to_string().bytes().map(|b| char::from(b - b'0' + b'a')).collect();
    format!("{} {} before the fog lifted and called it the day of the {word}.", WHO[n % 7], WHAT[n % 5])
}

fn row(id: &str, url: &str, site: &str, lines: &[String]) -> String {
    format!("{}\n", json!({"id": id, "url": url, "site": site, "text": lines.join("\n")}))
}

/// Pages of many sites, each with its menu and its notice; copies, captions, and records that cannot be read, all with long names.
pub fn large(sites: usize, pages: usize) -> String {
    let mut crawl = String::new();
    for site in 0..sites {
        let host = format!("{}.site{site}.example", "very-long-name".repeat(4));
        for page in 0..pages {
            let n = (site * pages + page) * 10;
            let mut lines: Vec<String> = MENU.iter().map(|item| format!("{item} {host}")).collect();
            lines.extend((0..4).map(|k| sentence(n + k).repeat(if page % 7 == 0 { 30 } else { 1 })));
            if page % 3 == 0 {
                lines.insert(8, CAPTION.into());
            }
            lines.push(format!("We use cookies at {host} and its partners, as the notice says."));
            let id = format!("{}-{n}", "identifier".repeat(200));
            crawl.push_str(&row(&id, &format!("https://{host}/{page}"), &host, &lines));
            if page % 5 == 0 {
                crawl.push_str(&row(&format!("copy-{id}"), &format!("https://{host}/{page}?print"), &host, &lines));
            }
            if page % 11 == 0 {
                crawl.push_str(&format!("{{\"id\": {n}, \"text\": \"{}\n", "broken ".repeat(200)));
            }
        }
    }
    crawl
}

/// The file that [`hostile`] writes and washes.
pub const HOSTILE_FILE: &str = "<img src=x onerror=alert(6)>\u{202e}\".jsonl";

/// A washed folder where whatever can be named or quoted is [`HOSTILE`]; with these flags more. The folder's name.
pub fn hostile(dir: &Workdir, flags: &[&str]) -> &'static str {
    let mut crawl = String::new();
    let menu = |item: &str| format!("{item} {HOSTILE}");
    for page in 0..24 {
        let mut lines: Vec<String> = MENU.iter().map(|item| menu(item)).collect();
        lines.extend((0..4).map(|k| format!("{} {HOSTILE}", sentence(page * 10 + k))));
        if page % 2 == 0 {
            lines.insert(8, format!("{CAPTION} <script>alert(5)</script>"));
            lines.insert(10, format!("{CAPTION} <script>alert(5)</script>"));
        }
        lines.push(menu("Contact"));
        let id = format!("{HOSTILE}-{page}");
        crawl.push_str(&row(&id, &format!("https://example.org/{HOSTILE}"), HOSTILE, &lines));
        if page % 4 == 0 {
            crawl.push_str(&row(&format!("copy-{id}"), "https://example.org/", HOSTILE, &lines));
        }
        // As long as it is, nothing of it is main text: the valve looks at such a site.
        let parked: Vec<String> = MENU.iter().map(|item| menu(item)).collect();
        crawl.push_str(&row(
            &format!("parked-{id}"),
            "https://example.org/",
            &format!("parked {HOSTILE}"),
            &[&parked[..], &[page.to_string()]].concat(),
        ));
    }
    crawl.push_str(&format!("{{\"id\": \"{}\", {HOSTILE}\n", "x"));
    crawl.push_str(&format!("{}\n", json!({ HOSTILE: HOSTILE })));
    dir.write(HOSTILE_FILE, crawl);
    let mut args = vec!["clean", HOSTILE_FILE, "--site-from", "site", "-q", "--from", "jsonl", "-o", "washed"];
    args.extend(flags);
    dir.run(&args).exits(3);
    "washed"
}

/// A washed folder's report.
pub fn report(dir: &Workdir, folder: &str) -> Value {
    serde_json::from_slice(&std::fs::read(dir.path(folder).join("report.json")).unwrap()).unwrap()
}

const LONG: &str =
    "A paragraph of far more than a hundred letters that stands in many a document and in some of them twice, so that one of its copies goes.";

/// A line of a crawl, such as stands once and such as stands often.
pub fn line() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[a-z]{1,9}( [a-z]{1,9}){0,4}",
        3 => Just("Advertisement".to_owned()),
        2 => Just(String::new()),
        2 => Just(LONG.to_owned()),
        2 => Just("Home".to_owned()),
        1 => Just("* * *".to_owned()),
        1 => Just("Фотография с вчерашнего заседания комитета".to_owned()),
        3 => "[A-Z][a-z]{3,9}( [a-z]{2,9}){9,14}\\.",
    ]
}

/// Documents of which some are like others: two near duplicates of the first and a copy of one of those, one that a longer one after it covers, a
/// copy, and two that are like none. Ids and reasons: `log`, `log-2`, `log-3` (near), `log-3-copy` (as `log-3`), `part` (covered by `whole`).
pub fn alike() -> String {
    let lines = |n: usize, count: usize| -> Vec<String> { (n..n + count).map(sentence).collect() };
    let log = lines(100, 12);
    let of = |id: &str, lines: &[String]| row(id, &format!("https://{id}.example/"), &format!("{id}.example"), lines);
    let edited = |from: &str, to: &str| log.iter().map(|line| line.replace(from, to)).collect::<Vec<_>>();
    let third = edited("the day of the baf", "a day without wind");
    let whole = lines(300, 15);
    let mut part = whole[3..11].to_vec();
    part.insert(4, "A line of its own.".into());
    [
        of("log", &log),
        of("log-2", &[&log[..], &["A line that was added at the end.".to_owned()]].concat()),
        of("other", &lines(200, 9)),
        of("log-3", &third),
        of("part", &part),
        of("whole", &whole),
        of("log-3-copy", &third),
        of("other-copy", &lines(200, 9)),
        of("short", &["Four words stand here.".to_owned()]),
    ]
    .concat()
}
