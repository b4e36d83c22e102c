//! `buddle check`: every fault is found with its place, nothing is found where nothing is, and no string breaks out of a report.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::{
    faults::{clean, faults, lines, prose, record},
    workdir::Workdir,
};

pub const RULES: &str = "[checks]\nlanguages = [\"en\"]\n[[checks.for]]\nfiles = \"**/none\"\nrecords = 1\n";

fn report(dir: &Workdir, args: &[&str], code: i32) -> Value {
    let args = [&["check", "-q", "--format", "json"], args].concat();
    serde_json::from_slice(&dir.run(&args).exits(code).stdout).unwrap()
}

fn rules<'r>(report: &'r Value, file: &str) -> BTreeSet<&'r str> {
    let findings = report["findings"].as_array().unwrap();
    findings.iter().filter(|finding| finding["files"] == file).map(|finding| finding["rule"].as_str().unwrap()).collect()
}

#[test]
fn every_fault_is_found_with_its_place() {
    let dir = Workdir::new();
    dir.write("rules.toml", RULES);
    let faults = faults();
    for fault in &faults {
        dir.write(&format!("set/{}", fault.name), lines(&fault.lines));
    }
    dir.write("set/empty.jsonl", "");
    let report = report(&dir, &["-c", "rules.toml", "set"], 1);
    for fault in &faults {
        let file = format!("set/{}", fault.name);
        let want: BTreeSet<&str> = fault.beside.iter().copied().chain([fault.measure]).collect();
        assert_eq!(rules(&report, &file), want, "{file}");
        let finding = report["findings"].as_array().unwrap().iter().find(|f| f["files"] == file.as_str() && f["rule"] == fault.measure).unwrap();
        let places: Vec<u64> = finding["places"].as_array().unwrap().iter().map(|place| place["line"].as_u64().unwrap()).collect();
        let mut distinct = places.clone();
        distinct.dedup();
        let want: Vec<u64> = fault.places.iter().copied().take(distinct.len().max(1)).collect();
        assert!(distinct == want && (places.len() == 10 || distinct.len() == fault.places.len()), "{} {places:?} {:?}", fault.measure, fault.places);
        assert!(finding["places"].as_array().unwrap().iter().all(|place| place["file"] == file.as_str()), "{file}");
    }
    let of_set = |rule: &str| report["findings"].as_array().unwrap().iter().find(|f| f["scope"] == "set" && f["rule"] == rule).cloned();
    assert_eq!(of_set("empty_source_ratio").unwrap()["places"][0]["file"], "set/empty.jsonl");
    assert_eq!(of_set("site_furniture_ratio").unwrap()["subject"], "site11.example");
}

#[test]
fn nothing_is_found_on_the_clean_twin() {
    let dir = Workdir::new();
    dir.write("rules.toml", RULES);
    for (name, bytes) in clean(faults().len()) {
        dir.write(&format!("set/{name}"), bytes);
    }
    let report = report(&dir, &["-c", "rules.toml", "set"], 0);
    assert_eq!(report["findings"], serde_json::json!([]));
    assert_eq!((&report["passed"], &report["set"]["documents"]), (&true.into(), &(faults().len() * 30).into()));
}

#[test]
fn text_files_have_places_too() {
    let dir = Workdir::new();
    let (cyrillic, ..) = encoding_rs::WINDOWS_1251.encode("Генеральный секретарь встретился с партийным руководством провинции.");
    dir.write("set/one.txt", prose(0, 0)).write("set/legacy.txt", &*cyrillic);
    dir.write("set/mojibake.txt", format!("{}\nLe dÃ©veloppement du cafÃ© a Ã©tÃ© saluÃ© par lâ€™assemblÃ©e.\n", prose(0, 1)));
    let (second, ..) = encoding_rs::WINDOWS_1251.encode("Генеральный секретарь встретился с руководством\n");
    dir.write("set/mixed.txt", ["Первая строка в UTF-8\n".as_bytes(), &second, "и третья тоже\n".as_bytes()].concat());
    let report = report(&dir, &["set"], 1);
    let place = |rule: &str| {
        let finding = report["findings"].as_array().unwrap().iter().find(|f| f["rule"] == rule).unwrap_or_else(|| panic!("{rule}: {report:#}"));
        (finding["places"][0]["file"].as_str().unwrap().to_owned(), finding["places"][0]["line"].as_u64().unwrap())
    };
    assert_eq!(place("mojibake_ratio"), ("set/mojibake.txt".into(), 3));
    assert_eq!(place("not_utf8_ratio"), ("set/legacy.txt".into(), 1));
    assert_eq!(place("mixed_encoding_ratio"), ("set/mixed.txt".into(), 2));
}

#[test]
fn sets_without_records_pass_no_gate() {
    let dir = Workdir::new();
    std::fs::create_dir(dir.path("folder")).unwrap();
    dir.write("empty.jsonl", "");
    for input in ["folder", "empty.jsonl"] {
        assert_eq!(rules_of_set(&report(&dir, &[input], 1)).first(), Some(&"records".to_owned()), "{input}");
    }
    dir.run(&["check", "missing.jsonl"]).exits(2).says("missing.jsonl");
}

fn rules_of_set(report: &Value) -> Vec<String> {
    report["findings"].as_array().unwrap().iter().map(|finding| finding["rule"].as_str().unwrap().to_owned()).collect()
}

fn file(records: usize) -> Vec<u8> {
    lines(&(0..records).map(|n| record(0, n).to_string().into_bytes()).collect::<Vec<_>>())
}

#[test]
fn rules_are_refused_by_name_before_the_work() {
    let dir = Workdir::new();
    dir.write("a.jsonl", file(30));
    for (rules, what) in [
        ("[checks]\nexact_duplicates_ratio = 0.1\n", "rules.toml:2: there is no rule `exact_duplicates_ratio`"),
        ("[checks]\nnot_nfc_ratio = { warn = 0.2, fail = 0.1 }\n", "rules.toml:2: `not_nfc_ratio`: `warn` is 0.2 and `fail` is 0.1"),
        ("[checks]\nnot_nfc_ratio = 2\n", "a share is from 0 to 1"),
        ("[checks]\nnot_nfc_ratio = \"much\"\n", "a number to fail above"),
        ("[checks]\n[[checks.for]]\nfiles = \"a[\"\n", "no pattern of file names"),
        ("[chekcs]\n", "unknown key `chekcs`"),
    ] {
        dir.write("rules.toml", rules);
        dir.run(&["check", "-c", "rules.toml", "a.jsonl"]).exits(2).says(what);
        dir.run(&["clean", "-c", "rules.toml", "a.jsonl"]).exits(2).says(what);
    }
    dir.run(&["check", "a.jsonl", "--report", "out.doc"]).exits(2).says("does not say its shape");
    std::fs::create_dir(dir.path("folder.json")).unwrap();
    dir.run(&["check", "a.jsonl", "--report", "folder.json"]).exits(2).says("folder.json");
    dir.run(&["check", "a.jsonl", "--baseline", "a.jsonl"]).exits(2).says("no report of `buddle check`");
    dir.write("old.json", r#"{"schema": 7, "tool": "buddle"}"#);
    dir.run(&["check", "a.jsonl", "--baseline", "old.json"]).exits(2).says("version 7");
}

#[test]
fn rules_in_the_working_folder_hold() {
    let dir = Workdir::new();
    dir.write("a.jsonl", file(30));
    dir.run(&["check", "a.jsonl"]).exits(0);
    dir.write("buddle.toml", "[checks]\nrecords = { fail_below = 31 }\n");
    dir.run(&["check", "a.jsonl"]).exits(1);
    dir.write("other.toml", "");
    dir.run(&["check", "-c", "other.toml", "a.jsonl"]).exits(0);
}

#[test]
fn groups_of_files_have_limits_of_their_own() {
    let dir = Workdir::new();
    let twice = [file(30), file(30)].concat();
    dir.write("data/de/a.jsonl", &twice).write("data/en/a.jsonl", file(30));
    let rules = "[checks]\nduplicate_id_ratio = false\nmissing_field_ratio = false\nexact_duplicate_ratio = 0.0\n[[checks.for]]\nfiles = \"data/de/*\"\nexact_duplicate_ratio = 0.6\n";
    dir.write("rules.toml", rules);
    let report = report(&dir, &["-c", "rules.toml", "data"], 1);
    let found: Vec<_> =
        report["findings"].as_array().unwrap().iter().filter(|f| f["rule"] == "exact_duplicate_ratio").map(|f| (&f["scope"], &f["value"])).collect();
    // What is new in data/en is a copy of data/de.
    assert_eq!(found, [(&"set".into(), &1.0.into())]);
    assert_eq!(
        report["groups"].as_array().unwrap().iter().map(|g| (&g["files"], &g["sources"])).collect::<Vec<_>>(),
        [(&Value::Null, &1.into()), (&"data/de/*".into(), &1.into())]
    );
}

#[test]
fn a_baseline_lets_pass_what_is_no_worse() {
    let dir = Workdir::new();
    let twice = [file(30), file(10)].concat();
    dir.write("a.jsonl", &twice);
    dir.run(&["check", "a.jsonl"]).exits(1);
    dir.run(&["check", "a.jsonl", "--write-baseline", "base.json"]).exits(0);
    let report = report(&dir, &["a.jsonl", "--baseline", "base.json"], 0);
    assert!(report["findings"].as_array().unwrap().iter().all(|finding| finding["known"] == true) && report["known"].as_u64() > Some(1));
    dir.write("a.jsonl", [file(30), file(11)].concat());
    dir.run(&["check", "a.jsonl", "--baseline", "base.json"]).exits(1);
    dir.run(&["check", "a.jsonl", "--baseline", "base.json", "--tolerance", "0.05"]).exits(0);
    dir.run(&["check", "./a.jsonl", "--format", "github"]).exits(1).stdout.windows(14).find(|w| w == b"::error file=a").unwrap();
}

/// The set is known, but one of its files is worse: then that is said with its places.
#[test]
fn a_file_that_is_worse_than_its_group_is_not_hidden_by_it() {
    let dir = Workdir::new();
    let broken = |n: usize, of: usize| {
        let rows = (0..40).map(|i| record(n, i).to_string().replace("The", if i < of { "Th\u{fffd}" } else { "The" }) + "\n");
        rows.collect::<String>()
    };
    dir.write("set/a.jsonl", broken(0, 20)).write("set/b.jsonl", broken(1, 10));
    dir.run(&["check", "set", "--write-baseline", "base.json"]).exits(0);
    dir.write("set/a.jsonl", broken(0, 10)).write("set/b.jsonl", broken(1, 20));
    for format in ["github", "sarif", "text", "markdown", "html"] {
        let out = dir.run(&["check", "set", "--baseline", "base.json", "--format", format]).exits(1).stdout;
        let out = String::from_utf8(out).unwrap();
        let place = match format {
            "github" => "::error file=set/b.jsonl",
            "sarif" => "\"error\"",
            "markdown" => "set/b&#46;jsonl&#58;1",
            "html" => "set/b.jsonl</bdi></span>, line 1",
            _ => "at set/b.jsonl:1",
        };
        assert!(out.contains(place), "{format}: {out}");
    }
}

#[test]
fn the_lists_and_the_index_of_clean_hold_here_too() {
    let dir = Workdir::new();
    let menu = faults().into_iter().find(|fault| fault.measure == "furniture_line_ratio").unwrap();
    dir.write("site.jsonl", lines(&menu.lines)).write("allowed.txt", "Home and main page\n").write("denied.txt", "Search all pages\n");
    let share =
        |args: &[&str]| report(&dir, &[args, &["--languages", "en"]].concat(), 1)["set"]["measures"]["furniture_line_ratio"].as_f64().unwrap();
    let all = share(&["site.jsonl"]);
    dir.write("allow.toml", "allow = \"allowed.txt\"\n");
    assert!((all - share(&["site.jsonl", "-c", "allow.toml"]) - 0.1).abs() < 0.001);
    // Two pages say nothing of themselves; what is known of the site does.
    dir.write("two.jsonl", lines(&menu.lines[..2]));
    dir.run(&["clean", "site.jsonl", "-q", "-o", "washed"]).exits(0);
    dir.write("index.toml", "index = \"washed\"\n").write("deny.toml", "deny = \"denied.txt\"\n");
    dir.run(&["check", "two.jsonl"]).exits(0);
    assert!(share(&["two.jsonl", "-c", "index.toml"]) > 0.5);
    let taken = |rules: &str| {
        let report = report(&dir, &["two.jsonl", "-c", rules], 0);
        let finding = report["findings"].as_array().unwrap().iter().find(|finding| finding["rule"] == "furniture_line_ratio").cloned();
        finding.map(|finding| finding["count"].as_u64().unwrap())
    };
    dir.write("lang.toml", "line_lang = [\"de\"]\n");
    assert_eq!((taken("deny.toml"), taken("lang.toml")), (Some(2), None));
}

#[test]
fn what_cannot_be_read_shows_in_the_exit_code() {
    let dir = Workdir::new();
    let mut bytes = file(30).repeat(1);
    let many: Vec<Vec<u8>> = (0..2000).map(|n| record(n / 30, n % 30).to_string().into_bytes()).collect();
    bytes.clear();
    bytes.extend(lines(&many));
    bytes.extend_from_slice(b"{broken\n");
    dir.write("a.jsonl", &bytes);
    let found = report(&dir, &["a.jsonl"], 3);
    assert_eq!(found["findings"][0]["places"][0]["line"], 2001);
    dir.write("rules.toml", "[checks]\nunreadable_ratio = 0.01\n");
    dir.run(&["check", "-c", "rules.toml", "a.jsonl"]).exits(0);
    dir.write("rules.toml", "[checks]\nunreadable_ratio = 0\n");
    dir.run(&["check", "-c", "rules.toml", "a.jsonl"]).exits(1);
}

const FORMATS: [&str; 7] = ["text", "json", "junit", "sarif", "github", "markdown", "html"];

#[test]
fn reports_are_the_same_on_any_number_of_threads() {
    let dir = Workdir::new();
    for fault in faults().into_iter().filter(|fault| fault.measure != "huge_document_ratio") {
        dir.write(&format!("set/{}", fault.name), lines(&fault.lines));
    }
    for format in FORMATS {
        let of = |threads: &str, memory: &str| dir.run(&["check", "set", "--format", format, "-j", threads, "--memory", memory]).exits(1).stdout;
        let one = of("1", "256M");
        assert!(one == of("2", "32M") && one == of("7", "64M") && !one.is_empty(), "{format}");
    }
}

#[test]
fn findings_are_counted_and_few_are_kept() {
    let dir = Workdir::new();
    let many: Vec<Vec<u8>> = (0..20_000).map(|n| format!("{{\"id\":{n},\"text\":\"{}\u{a0}\"}}", n % 7).into_bytes()).collect();
    dir.write("a.jsonl", lines(&many));
    let report = report(&dir, &["a.jsonl"], 1);
    for finding in report["findings"].as_array().unwrap() {
        assert!(finding["places"].as_array().unwrap().len() <= 10, "{finding}");
    }
    let nbsp = report["findings"].as_array().unwrap().iter().find(|f| f["rule"] == "exotic_space_ratio").unwrap();
    assert_eq!((&nbsp["count"], &nbsp["of"]), (&20_000.into(), &20_000.into()));
    let few = dir.run(&["check", "-q", "--format", "json", "--examples", "0", "a.jsonl"]).exits(1);
    assert!(!String::from_utf8_lossy(&few.stdout).contains("\"excerpt\""));
}

/// Ids, names and text that try to be more than text.
pub const HOSTILE: &str = "\u{1b}[31m<script>alert(1)</script> ]]> --> | `x` **b** [l](http://e.x) @you #1 %0A::error::x\r\n::warning::y \u{202e}&amp;\u{0}\u{85}\u{2028}\\";

#[test]
fn hostile_strings_stay_text() {
    let dir = Workdir::new();
    let name = "a,b:c%d <i>&|`x`.jsonl";
    let rows: Vec<Vec<u8>> = (0..30)
        .map(|n| serde_json::json!({"id": HOSTILE, HOSTILE: n, "text": format!("{HOSTILE}\n{}\u{a0}", prose(0, n))}).to_string().into_bytes())
        .chain([b"{\"<b>\x1b[0m".to_vec()])
        .collect();
    dir.write(&format!("set/{name}"), lines(&rows));
    for format in FORMATS {
        let out = String::from_utf8(dir.run(&["check", "set", "--format", format]).exits(1).stdout).unwrap();
        assert!(!out.chars().any(|c| c.is_control() && c != '\n'), "{format}");
        match format {
            "text" | "github" => assert!(!out.chars().any(|c| matches!(c, '\u{202e}' | '\u{2028}')), "{format}"),
            "junit" => {
                quick_junit::Report::deserialize_from_str(&out).unwrap();
                assert!(!out.contains("<script>"));
            }
            "html" => {
                let marks = ["<script", "<b>", "=\"http", " src=", "\u{202e}"];
                assert!(out.contains("&lt;script&gt;") && !marks.iter().any(|mark| out.contains(mark)), "{out}");
            }
            "markdown" => {
                assert!(!out.contains("<script>") && !out.contains("<b>") && !out.contains("](http") && !out.contains("@you"), "{out}");
            }
            _ => {
                let _: Value = serde_json::from_str(&out).unwrap();
            }
        }
        if format == "github" {
            for line in out.lines() {
                assert!(["::error ", "::warning ", "::notice "].iter().any(|kind| line.starts_with(kind)), "{line}");
                assert!(line.contains("file=set/a%2Cb%3Ac%25d <i>&|`x`.jsonl,") || !line.contains("file="), "{line}");
            }
            assert!(out.lines().filter(|line| line.starts_with("::error ")).count() <= 10);
        }
    }
}

#[test]
fn figures_are_those_that_a_hand_counts() {
    let dir = Workdir::new();
    let two = "A line on two pages";
    let rows: Vec<String> = (0..10)
        .map(|n| {
            let mut record = record(0, n);
            let text = match n {
                // Compared without case and spacing.
                0 => format!("{}\n{two}", prose(0, n)),
                1 => format!("{}\na LINE on  two pages", prose(0, n)),
                2 => format!("{}\nA line on one page", prose(0, n)),
                3 => prose(0, 4),
                4 => prose(0, 4),
                5 => "Short".to_owned(),
                6 => String::new(),
                _ => prose(0, n),
            };
            record["text"] = text.into();
            record["id"] = if n < 8 { n.into() } else { 7.into() };
            record.to_string()
        })
        .chain(["{".to_owned()])
        .collect();
    dir.write("a.jsonl", rows.join("\n"));
    let set = report(&dir, &["a.jsonl", "--langid", "none"], 1)["set"].clone();
    let chars: usize = [0, 1, 2, 4, 4, 7, 8, 9].iter().flat_map(|n| prose(0, *n).lines().map(|line| line.len()).collect::<Vec<_>>()).sum();
    let chars = chars + two.len() * 2 + 1 + "A line on one page".len() + "Short".len();
    assert_eq!([&set["records"], &set["documents"], &set["lines"]], [11, 10, 2 * 8 + 4]);
    // Two spaces side by side stay in what is no prose.
    assert_eq!(set["chars"], chars);
    let of = |name: &str| set["measures"][name].as_f64().unwrap();
    // Two pages hold the line, and one page is the whole of another: one page of the site.
    for (name, count, whole) in [
        ("repeated_line_ratio", 2, 20),
        ("repeated_char_ratio", 2 * two.len() + 1, chars),
        ("exact_duplicate_ratio", 1, 10),
        ("duplicate_id_ratio", 2, 10),
        ("unreadable_ratio", 1, 11),
        ("empty_text_ratio", 1, 10),
        ("tiny_document_ratio", 1, 10),
    ] {
        let share = count as f64 / whole as f64;
        assert!((of(name) - share).abs() < 1e-6, "{name}: {} for {share}", of(name));
    }
    assert_eq!((of("median_lines"), &set["lines_of_documents"]["most"], &set["lines_of_documents"]["least"]), (2.0, &3.into(), &0.into()));
    assert_eq!(set["fields"]["url"], serde_json::json!({"records": 10, "empty": 0, "types": ["string"]}));
}

#[test]
fn fields_of_which_there_are_too_many_are_counted() {
    let dir = Workdir::new();
    let mut record = record(0, 0);
    (0..300).for_each(|n| record[format!("field {n}")] = n.into());
    dir.write("a.jsonl", record.to_string());
    let set = report(&dir, &["a.jsonl"], 0)["set"].clone();
    assert_eq!((set["fields"].as_object().unwrap().len(), &set["values_of_more_fields"]), (256, &(303 - 256).into()));
}

/// Writes to a file when the second read begins.
struct Meddler(std::path::PathBuf);

impl buddle::pipeline::Observer for Meddler {
    fn stage(&self, name: &'static str, _: Option<u64>) {
        if name == "judging" {
            std::fs::write(&self.0, file(29)).unwrap();
        }
    }

    fn advance(&self, _: u64, _: u64) {}
}

#[test]
fn a_file_that_changes_between_the_reads_stops_it() {
    let dir = Workdir::new();
    dir.write("a.jsonl", file(30));
    let path = dir.path("a.jsonl");
    let config = buddle::config::Config { inputs: vec![path.clone()], ..Default::default() };
    let stop = buddle::pipeline::StopFlag::new(0);
    assert!(buddle::pipeline::check(&config, 10, &buddle::pipeline::Unobserved, &stop).is_ok());
    let error = buddle::pipeline::check(&config, 10, &Meddler(path), &stop).unwrap_err();
    assert!(error.to_string().contains("a.jsonl: the file changed while it was read") && error.exit_code() == 4, "{error}");
}

#[test]
fn sizes_in_the_middle_have_limits_on_both_sides() {
    let dir = Workdir::new();
    dir.write("a.jsonl", file(30));
    for (rule, found) in [("fail_below = 1", false), ("fail_below = 1000", true), ("fail = 1000", false), ("fail = 1", true)] {
        let rules = ["median_chars", "median_words", "median_lines"].map(|name| format!("{name} = {{ {rule} }}\n")).concat();
        dir.write("rules.toml", format!("[checks]\n{rules}"));
        let found_of = rules_of_set(&report(&dir, &["-c", "rules.toml", "a.jsonl"], i32::from(found)));
        assert_eq!(found_of, if found { vec!["median_chars", "median_words", "median_lines"] } else { vec![] }, "{rule}");
    }
}

/// The log of a build takes lines that begin with `::`, after white space too, for commands.
#[test]
fn no_line_of_text_begins_with_data() {
    let dir = Workdir::new();
    let row = |n: usize| serde_json::json!({"id": n, "text": format!("::error::{n}\n::stop-commands::\n{}\u{fffd}", prose(0, n))}).to_string();
    dir.write("set/::error::a.jsonl", (0..30).map(|n| row(n % 20) + "\n").collect::<String>()).write("set/b.jsonl", file(30));
    let text = String::from_utf8(dir.run(&["check", "set"]).exits(1).stdout).unwrap();
    assert!(text.contains("::error::1") && text.contains("at set/::error::a.jsonl"), "{text}");
    let text = text.replace("set/", "");
    assert!(!text.lines().any(|line| line.trim_start().starts_with("::")), "{text}");
}

#[test]
fn several_reports_and_the_step_summary() {
    let dir = Workdir::new();
    dir.write("a.jsonl", [file(30), file(30)].concat());
    let mut command = dir.command(&[
        "check",
        "a.jsonl",
        "--format",
        "github",
        "--report",
        "out/r.json",
        "--report",
        "r.sarif",
        "--report",
        "r.xml",
        "--report",
        "r.md",
        "--report",
        "r.txt",
    ]);
    let out = command.env("GITHUB_STEP_SUMMARY", dir.path("summary.md")).output().unwrap();
    assert_eq!(out.status.code(), Some(1));
    let read = |name: &str| std::fs::read_to_string(dir.path(name)).unwrap();
    assert_eq!(read("summary.md"), read("r.md"));
    for (format, name) in [("json", "out/r.json"), ("sarif", "r.sarif"), ("junit", "r.xml"), ("text", "r.txt")] {
        assert_eq!(dir.run(&["check", "a.jsonl", "--format", format]).stdout, read(name).into_bytes(), "{format}");
    }
    let junit = quick_junit::Report::deserialize_from_str(&read("r.xml")).unwrap();
    assert!(junit.failures > 0 && junit.tests > 20, "{junit:?}");
}

#[test]
fn languages_can_be_left_out() {
    let dir = Workdir::new();
    dir.write("a.jsonl", file(30));
    let with = report(&dir, &["a.jsonl", "--languages", "de"], 1);
    assert_eq!(rules_of_set(&with), ["unexpected_language_document_ratio", "unexpected_language_line_ratio"]);
    let without = report(&dir, &["a.jsonl", "--languages", "de", "--langid", "none"], 0);
    assert!(without["set"]["measures"].get("foreign_caption_ratio").is_none() && with["set"]["measures"].get("foreign_caption_ratio").is_some());
}

#[test]
fn rules_are_listed_with_their_limits() {
    let dir = Workdir::new();
    dir.write("rules.toml", "[checks]\nmedian_chars = { warn_below = 7, fail = 9000 }\n[[checks.for]]\nfiles = \"a/*\"\nmedian_chars = false\n");
    let list = String::from_utf8(dir.run(&["check", "--list-rules", "-c", "rules.toml"]).exits(0).stdout).unwrap();
    assert!(list.contains("limits: fail above 9000, warn below 7") && list.contains("limits for a/*: none"), "{list}");
}
