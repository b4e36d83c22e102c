//! DESIGN section 7: a layer imports only what stands above it, and some crates only one place.

use std::{fs, path::Path};

const LAYERS: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("hash", &["model"]),
    ("decode", &["model", "hash"]),
    ("langid", &["model", "hash"]),
    ("lines", &["model", "hash"]),
    ("dedup", &["model", "hash"]),
    ("check", &["model", "hash"]),
    ("read", &["model"]),
    ("write", &["model"]),
    ("report", &["model", "check", "dedup", "read", "write"]),
];

const CRATES: &[(&str, &[&str])] = &[
    ("rayon", &["pipeline", "train"]),
    ("clap", &["cli"]),
    ("anyhow", &["cli"]),
    ("indicatif", &["cli"]),
    ("signal_hook", &["cli"]),
    ("whatlang", &["langid"]),
    ("fasttext_pure_rs", &["langid"]),
    ("walkdir", &["read", "write"]),
    ("flate2", &["read", "write"]),
    ("zstd", &["read", "write"]),
    ("askama", &["report"]),
    ("imara_diff", &["dedup"]),
];

fn sources(path: &Path, out: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(path).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, out);
        } else if path.extension().is_some_and(|e| e == "rs") {
            out.push((path.to_string_lossy().into_owned(), fs::read_to_string(&path).unwrap()));
        }
    }
}

/// Names that `use crate::…` and `crate::…` reach, test modules left out.
fn reached(text: &str) -> Vec<String> {
    let code = text.split("#[cfg(test)]\nmod tests").next().unwrap();
    let mut names = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + 7..];
        if let Some(group) = rest.strip_prefix('{') {
            let mut depth = 0;
            let mut name = String::new();
            for c in group.chars() {
                match c {
                    '{' => depth += 1,
                    '}' if depth == 0 => break,
                    '}' => depth -= 1,
                    ',' if depth == 0 => names.push(std::mem::take(&mut name)),
                    c if depth == 0 && !c.is_whitespace() => name.push(c),
                    _ => {}
                }
            }
            names.push(name);
        } else {
            names.push(rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect());
        }
    }
    names.into_iter().map(|n| n.split("::").next().unwrap().to_owned()).filter(|n| !n.is_empty()).collect()
}

#[test]
fn layers_import_only_what_stands_above_them() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut checked = 0;
    for (layer, above) in LAYERS {
        let mut files = Vec::new();
        sources(&root.join(layer), &mut files);
        for (path, text) in files {
            for name in reached(&text) {
                assert!(name == *layer || above.contains(&name.as_str()) || name.chars().all(char::is_uppercase), "{path} reaches into {name}");
                checked += 1;
            }
        }
    }
    assert!(checked > 30, "{checked}");
}

#[test]
fn crates_stay_where_they_belong() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    for (path, text) in files {
        for (name, layers) in CRATES {
            let code = text.split("#[cfg(test)]").next().unwrap();
            let used = code.contains(&format!("use {name}::")) || code.contains(&format!(" {name}::")) || code.contains(&format!("({name}::"));
            let own = code.contains(&format!("mod {name};"));
            if used && !own {
                assert!(layers.iter().any(|l| path.contains(&format!("/src/{l}/"))), "{path} uses {name}");
            }
        }
        assert!(!text.contains("unsafe {") && !text.contains("todo!(") && !text.contains("unimplemented!("), "{path}");
    }
}
