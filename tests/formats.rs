//! The reports of `check` as others read them: JSON by its schema, SARIF by the schema of the standard and another's parser, annotations
//! by the rules of GitHub's runner. JUnit is held against a schema by `tests/places/reports.py`.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    process::Command,
};

use jsonschema::Validator;
use serde_json::{Value, json};

use crate::{
    check::{HOSTILE, RULES},
    faults::{clean, faults, lines, prose, record},
    workdir::Workdir,
};

/// Text that is a command to a reader that forgets to escape, or to unescape.
const COMMAND: &str = "::error file=x,line=1::%0A::error::x, 50 %2C: a %25";
const HOSTILE_NAME: &str = "a,b:c%d%0A <i>&|`x`.jsonl";

fn file(records: usize) -> Vec<u8> {
    lines(&(0..records).map(|n| record(0, n).to_string().into_bytes()).collect::<Vec<_>>())
}

/// Sets with the arguments that check them, and the exit code.
fn sets(dir: &Workdir) -> Vec<(&'static str, Vec<&'static str>, i32)> {
    dir.write("rules.toml", RULES);
    for fault in faults().iter().filter(|fault| fault.measure != "huge_document_ratio") {
        dir.write(&format!("faults/{}", fault.name), lines(&fault.lines));
    }
    for (name, bytes) in clean(12) {
        dir.write(&format!("clean/{name}"), bytes);
    }
    dir.write("faults/empty.jsonl", "");
    dir.write("groups/a/a.jsonl", [file(30), file(9)].concat()).write("groups/b/b.jsonl", file(30)).write("groups/c.txt", prose(9, 9));
    dir.write(
        "groups.toml",
        "[checks]\nrecords = { fail_below = 100 }\n[[checks.for]]\nfiles = [\"groups/a/*\", \"x\"]\nmedian_chars = { warn = 7 }\nrecords = 7\n\
         [[checks.for]]\nfiles = \"none/*\"\n",
    );
    let hostile =
        |n: usize| json!({"id": HOSTILE, HOSTILE: n, "text": format!("{HOSTILE}\n{COMMAND}\u{a0}\n{}", prose(0, n))}).to_string().into_bytes();
    dir.write(&format!("hostile/{HOSTILE_NAME}"), lines(&(0..30).map(hostile).chain([b"{\"<b>\x1b[0m".to_vec()]).collect::<Vec<_>>()));
    dir.write("hostile/b.txt", "word \u{fffd} word\n".repeat(40));
    let ids = [json!(7), json!("x".repeat(500)), json!({"a": [1]}), json!(true), json!(1e300), Value::Null];
    let odd = ids.iter().cycle().take(30).map(|id| json!({"id": id, "text": "\u{a0}"}).to_string().into_bytes()).collect::<Vec<_>>();
    dir.write("ids.jsonl", lines(&odd));
    let many = |n: usize| (0..300).fold(crate::faults::record(0, n), |mut record, k| (record[format!("field {k}")] = k.into(), record).1);
    dir.write("many.jsonl", lines(&(0..30).map(|n| many(n).to_string().into_bytes()).collect::<Vec<_>>()));
    std::fs::create_dir(dir.path("nothing")).unwrap();
    dir.run(&["check", "faults", "--write-baseline", "base.json"]).exits(0);
    vec![
        ("faults", vec!["-c", "rules.toml", "faults"], 1),
        ("clean", vec!["-c", "rules.toml", "clean"], 0),
        ("groups", vec!["-c", "groups.toml", "groups"], 1),
        // What the baseline knows, unreadable records too, shows in no exit code.
        ("baseline", vec!["faults", "--baseline", "base.json"], 0),
        ("hostile", vec!["hostile"], 1),
        ("ids", vec!["ids.jsonl", "--langid", "none"], 1),
        ("no examples", vec!["hostile", "faults", "--examples", "0"], 1),
        ("many fields", vec!["many.jsonl"], 0),
        ("nothing", vec!["nothing"], 1),
    ]
}

/// Every set's report.
fn reports(dir: &Workdir, format: &str) -> Vec<(&'static str, String)> {
    let report = |(name, args, code): (&'static str, Vec<&str>, i32)| {
        let args = [&["check", "-q", "--format", format], &args[..]].concat();
        (name, String::from_utf8(dir.run(&args).exits(code).stdout).unwrap())
    };
    sets(dir).into_iter().map(report).collect()
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn schema() -> Value {
    parsed(include_str!("../docs/check.schema.json"))
}

#[track_caller]
fn assert_fits(validator: &Validator, report: &Value, name: &str) {
    let wrong: Vec<String> = validator.iter_errors(report).map(|e| format!("{}: {e}", e.instance_path())).take(5).collect();
    assert!(wrong.is_empty(), "{name}: {wrong:#?}");
}

#[test]
fn json_fits_its_schema() {
    let dir = Workdir::new();
    jsonschema::draft202012::meta::validate(&schema()).unwrap();
    let validator = jsonschema::draft202012::new(&schema()).unwrap();
    for (name, report) in reports(&dir, "json") {
        assert_fits(&validator, &parsed(&report), name);
    }
    let baseline = parsed(&std::fs::read_to_string(dir.path("base.json")).unwrap());
    assert_fits(&validator, &baseline, "base.json");
    for (pointer, value) in [
        ("/schema", json!(2)),
        ("/tool", json!("other")),
        ("/passed", json!("no")),
        ("/set/records", json!(-1)),
        ("/set/files", json!("a")),
        ("/set/measures/records", json!(null)),
        ("/set/measures/not_nfc_ratio", json!(1.5)),
        ("/set/measures/Not a rule", json!(0)),
        ("/set/languages/English!", json!(1)),
        ("/set/chars_of_documents/p50", json!(1)),
        ("/set/new", json!(1)),
        ("/files/0/measures", json!([])),
        ("/findings/0/level", json!("error")),
        ("/findings/0/scope", json!("files")),
        ("/findings/0/places/0/line", json!(0)),
        ("/findings/0/places/0/text_line", json!("1")),
        ("/findings/0/new", json!(1)),
        ("/sites/0/new", json!(1)),
        ("/problems", json!([1])),
        ("/new", json!(1)),
    ] {
        let mut changed = baseline.clone();
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        changed.pointer_mut(parent).unwrap()[key] = value;
        assert!(!validator.is_valid(&changed), "{pointer}");
    }
    for key in schema()["required"].as_array().unwrap() {
        let mut changed = baseline.clone();
        changed.as_object_mut().unwrap().remove(key.as_str().unwrap()).unwrap();
        assert!(!validator.is_valid(&changed), "{key}");
    }
}

#[test]
fn every_field_of_the_schema_is_described() {
    fn look(schema: &Value, at: &str) {
        for (name, field) in schema["properties"].as_object().into_iter().flatten() {
            assert!(field == &json!(false) || field["description"].as_str().is_some_and(|text| text.ends_with(['.', '?'])), "{at}/{name}");
        }
        for (name, part) in schema["$defs"].as_object().into_iter().flatten() {
            let shape = part["type"] == "object" && part.get("properties").is_some();
            assert!(!shape || part["additionalProperties"] == false && part["description"].is_string(), "{name}");
            look(part, name);
        }
    }
    look(&schema(), "");
}

/// The schema of SARIF 2.1.0 as OASIS gives it out, which the crate of another's parser is made of.
fn sarif_schema() -> Value {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let said = |args: &[&str]| {
        let out = Command::new(&cargo).args(args).current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        String::from_utf8(out.stdout).unwrap()
    };
    // Crates of other platforms may not be here.
    let version = said(&["-vV"]);
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    let metadata = parsed(&said(&["metadata", "--format-version", "1", "--offline", "--locked", "--filter-platform", host]));
    let package = metadata["packages"].as_array().unwrap().iter().find(|package| package["name"] == "serde-sarif").unwrap();
    let manifest = Path::new(package["manifest_path"].as_str().unwrap());
    let schema = std::fs::read_to_string(manifest.with_file_name("src").join("schema.json")).unwrap();
    // A bracket that some regular expressions want escaped.
    parsed(&schema.replace("-[a-zA-Z]{2}]?$", r"-[a-zA-Z]{2}\\]?$"))
}

/// The path that a URI reference stands for.
fn path_of(uri: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = uri.bytes();
    while let Some(b) = rest.next() {
        let mut digit = || char::from(rest.next().unwrap()).to_digit(16).unwrap() as u8;
        bytes.push(if b == b'%' { digit() << 4 | digit() } else { b });
    }
    String::from_utf8(bytes).unwrap()
}

#[test]
fn sarif_is_what_the_standard_says() {
    let dir = Workdir::new();
    let schema = sarif_schema();
    assert!(schema["$id"].as_str().unwrap().ends_with("sarif-schema-2.1.0.json"));
    let validator = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
    let mut files = BTreeSet::new();
    let mut last = Value::Null;
    for (name, report) in reports(&dir, "sarif") {
        assert_fits(&validator, &parsed(&report), name);
        last = parsed(&report);
        let sarif: serde_sarif::sarif::Sarif = serde_json::from_str(&report).unwrap();
        let run = &sarif.runs[0];
        let rules = run.tool.driver.rules.as_ref().unwrap();
        // What GitHub asks for beside the standard: `fullDescription`, and a file with a line for each result.
        assert!(rules.iter().all(|rule| rule.full_description.is_some() && rule.help.is_some()), "{name}");
        let results = run.results.as_ref().unwrap();
        assert_eq!(results.is_empty(), ["clean", "many fields"].contains(&name), "{name}");
        for result in results {
            assert_eq!(Some(&rules[result.rule_index.unwrap() as usize].id), result.rule_id.as_ref());
            let place = result.locations.as_ref().unwrap()[0].physical_location.as_ref().unwrap();
            assert!(place.region.as_ref().unwrap().start_line.unwrap() >= 1, "{name}");
            let file = path_of(place.artifact_location.as_ref().unwrap().uri.as_ref().unwrap());
            assert!(dir.path(&file).exists(), "{name}: {file}");
            files.insert(file);
        }
    }
    assert!(
        files.contains(&format!("hostile/{HOSTILE_NAME}")) && files.contains("groups/a/a.jsonl") && files.contains("groups/b/b.jsonl"),
        "{files:?}"
    );
    for (pointer, value) in [
        ("/version", json!("2.0.0")),
        ("/runs/0/results/0/level", json!("fatal")),
        ("/runs/0/results/0/locations/0/physicalLocation/region/startLine", json!(0)),
        ("/runs/0/results/0/message", json!({})),
        ("/runs/0/tool/driver/new", json!(1)),
    ] {
        let mut changed = last.clone();
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        changed.pointer_mut(parent).unwrap()[key] = value;
        assert!(!validator.is_valid(&changed), "{pointer}");
    }
}

/// A command of GitHub Actions as the runner reads it (`ActionCommand.TryParseV2` of actions/runner): the name, its properties, its data.
fn command(line: &str) -> Option<(String, BTreeMap<String, String>, String)> {
    let (info, data) = line.trim_start().strip_prefix("::")?.split_once("::")?;
    let (name, properties) = info.split_once(' ').unwrap_or((info, ""));
    // The order is the runner's; the percent sign is last.
    let unescaped = |text: &str, pairs: &[(&str, &str)]| pairs.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to));
    let of_data = [("%0D", "\r"), ("%0A", "\n"), ("%25", "%")];
    let of_property = [("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")];
    let pairs = properties.trim().split(',').filter(|pair| !pair.is_empty()).filter_map(|pair| pair.split_once('='));
    let properties = pairs.map(|(key, value)| (key.to_lowercase(), unescaped(value, &of_property))).collect();
    Some((name.to_owned(), properties, unescaped(data, &of_data)))
}

#[test]
fn the_runner_of_github_reads_what_was_said() {
    let (name, properties, data) = command("  ::error file=a%2Cb%253A,line=3,title=x%3Ay::one%0Atwo ::three %250A").unwrap();
    assert_eq!((name.as_str(), properties["file"].as_str(), properties["title"].as_str()), ("error", "a,b%3A", "x:y"));
    assert_eq!(data, "one\ntwo ::three %0A");
    assert!(command("text ::error::x").is_none());
    let dir = Workdir::new();
    let mut seen = BTreeSet::new();
    for (name, report) in reports(&dir, "github") {
        assert_eq!(report.is_empty(), ["clean", "baseline", "many fields"].contains(&name), "{name}");
        for line in report.lines() {
            let (kind, properties, data) = command(line).unwrap_or_else(|| panic!("{line}"));
            assert!(["error", "warning", "notice"].contains(&kind.as_str()), "{line}");
            assert!(properties.keys().all(|key| ["file", "line", "title"].contains(&key.as_str())), "{line}");
            assert!(!data.chars().any(|c| c.is_control() && c != '\n'), "{line}");
            if kind == "notice" {
                continue;
            }
            let rule = properties["title"].strip_prefix("buddle: ").unwrap();
            assert!(data.contains(&format!("{rule} is ")) && data.contains("\nhint: "), "{line}");
            if let Some(file) = properties.get("file") {
                assert!(dir.path(file).is_file(), "{file}");
                seen.insert(file.clone());
            }
            if let Some(line) = properties.get("line") {
                assert!(line.parse::<u64>().unwrap() >= 1);
            }
            if properties.get("file").is_some_and(|file| file.ends_with(HOSTILE_NAME)) && rule == "exotic_space_ratio" {
                assert!(name == "no examples" || data.contains(COMMAND), "{data}");
                seen.insert("hostile text".into());
            }
        }
    }
    assert!(seen.contains(&format!("hostile/{HOSTILE_NAME}")) && seen.contains("hostile text"), "{seen:?}");
}
