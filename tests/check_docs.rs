//! `docs/check.md` says what `buddle check` does: its table of rules is that of `--list-rules`, its examples are files that hold.

use std::{fmt::Write, fs, path::Path};

use crate::workdir::Workdir;

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// The list of rules as a table.
fn table(list: &str) -> String {
    let mut out = "| rule | of what | says | default limits | hint |\n|---|---|---|---|---|\n".to_owned();
    for rule in list.trim_end().split("\n\n") {
        let lines: Vec<&str> = rule.lines().map(str::trim).collect();
        let (name, unit) = lines[0].trim_end_matches(')').split_once(" (").unwrap();
        let limits = lines[2].strip_prefix("limits: ").unwrap();
        let hint = lines[3].strip_prefix("hint: ").unwrap();
        assert_eq!(lines.len(), 4, "{rule}");
        let _ = writeln!(out, "| `{name}` | {unit} | {} | {limits} | {hint} |", lines[1]);
    }
    out
}

/// `BUDDLE_BLESS=1 cargo test documented_rules` writes the table anew.
#[test]
fn documented_rules_are_those_that_hold() {
    let list = String::from_utf8(Workdir::new().run(&["check", "--list-rules"]).exits(0).stdout).unwrap();
    let table = table(&list);
    assert!(table.lines().count() > 35 && !table.contains("||"), "{table}");
    let doc = read("docs/check.md");
    let (before, rest) = doc.split_once("documented_rules -->\n").unwrap();
    let (old, after) = rest.split_once("<!-- /rules -->").unwrap();
    if std::env::var_os("BUDDLE_BLESS").is_some() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/check.md");
        fs::write(path, format!("{before}documented_rules -->\n{table}<!-- /rules -->{after}")).unwrap();
        return;
    }
    assert!(old == table, "docs/check.md: BUDDLE_BLESS=1 cargo test documented_rules");
}

#[test]
fn examples_are_those_that_are_tried() {
    let doc = read("docs/check.md");
    let rules = read("docs/ci/buddle.toml");
    assert!(doc.contains(&format!("```toml\n{rules}```\n")), "docs/ci/buddle.toml");
    for file in ["buddle.toml", "pre-commit-config.yaml", "github-workflow.yml", "gitlab-ci.yml"] {
        assert!(doc.contains(&format!("(ci/{file})")), "{file}");
    }
    let dir = Workdir::new();
    dir.write("buddle.toml", rules);
    let list = String::from_utf8(dir.run(&["check", "--list-rules"]).exits(0).stdout).unwrap();
    assert!(list.contains("limits for data/de/**: fail above 5 %") && list.contains("warn above 0 %, fail above 0.5 %"), "{list}");
    // Inputs of the action that the page names are inputs.
    let action = read("action.yml");
    for input in ["paths", "config", "format", "reports", "baseline", "tolerance", "languages", "working-directory"] {
        assert!(action.contains(&format!("\n  {input}:\n")) && doc.contains(&format!("`{input}`")), "{input}");
    }
}
