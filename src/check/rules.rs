//! The rules of a gate as a TOML table holds them: limits of measures, for all files and for groups of them by pattern.
//!
//! ```toml
//! [checks]
//! languages = ["de", "en"]
//! exact_duplicate_ratio = { warn = 0.01, fail = 0.05 }
//! records = { fail_below = 1000 }
//! not_nfc_ratio = false
//! [[checks.for]]
//! files = "data/de/*"
//! exact_duplicate_ratio = 0.1
//! ```
//!
//! A number alone is what fails above it, `false` switches a rule off. Measures that are not named keep their default limits. The last group
//! whose pattern fits a file has it; its limits go before those of the table.

use std::{collections::BTreeMap, fmt};

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{MapAccess, Visitor, value::MapAccessDeserializer},
};

use super::{limits::Limits, measure::Measure};
use crate::model::{Error, Lang, Result};

/// A rule as it is written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Rule {
    /// Switched off (`false`).
    Off,
    /// Its limits.
    Limits(Limits),
}

impl Rule {
    fn limits(self) -> Limits {
        match self {
            Rule::Off => Limits::NONE,
            Rule::Limits(limits) => limits,
        }
    }
}

impl<'de> Deserialize<'de> for Rule {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Rule, D::Error> {
        struct Limit;
        impl<'de> Visitor<'de> for Limit {
            type Value = Rule;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number to fail above, a table of `warn`, `fail`, `warn_below` and `fail_below`, or false")
            }

            fn visit_bool<E: serde::de::Error>(self, on: bool) -> std::result::Result<Rule, E> {
                if on { Err(E::invalid_value(serde::de::Unexpected::Bool(true), &self)) } else { Ok(Rule::Off) }
            }

            fn visit_f64<E: serde::de::Error>(self, fail: f64) -> std::result::Result<Rule, E> {
                Ok(Rule::Limits(Limits { fail: Some(fail), ..Limits::NONE }))
            }

            fn visit_i64<E: serde::de::Error>(self, fail: i64) -> std::result::Result<Rule, E> {
                self.visit_f64(fail as f64)
            }

            fn visit_u64<E: serde::de::Error>(self, fail: u64) -> std::result::Result<Rule, E> {
                self.visit_f64(fail as f64)
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> std::result::Result<Rule, A::Error> {
                Limits::deserialize(MapAccessDeserializer::new(map)).map(Rule::Limits)
            }
        }
        deserializer.deserialize_any(Limit)
    }
}

impl Serialize for Rule {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        match self {
            Rule::Off => serializer.serialize_bool(false),
            Rule::Limits(limits) => limits.serialize(serializer),
        }
    }
}

/// A pattern of file names, or several.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Patterns {
    /// One.
    One(String),
    /// Several.
    Several(Vec<String>),
}

impl Patterns {
    fn all(&self) -> &[String] {
        match self {
            Patterns::One(pattern) => std::slice::from_ref(pattern),
            Patterns::Several(patterns) => patterns,
        }
    }
}

/// Files with limits of their own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GroupRules {
    /// Which: `*` is part of a name, `**` any folders.
    pub files: Patterns,
    /// Languages that are expected there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub languages: Option<Vec<String>>,
    /// Limits by the name of the measure.
    #[serde(flatten)]
    pub limits: BTreeMap<String, Rule>,
}

/// The rules of a gate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Rules {
    /// Languages that are expected; empty: any.
    pub languages: Vec<String>,
    /// A document of fewer characters is tiny.
    pub tiny_chars: u64,
    /// A document of more characters is huge.
    pub huge_chars: u64,
    /// A file of fewer documents is judged with the others of its group only.
    pub min_documents: u64,
    /// Limits by the name of the measure.
    #[serde(flatten)]
    pub limits: BTreeMap<String, Rule>,
    /// Groups of files.
    #[serde(rename = "for", skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<GroupRules>,
}

impl Default for Rules {
    fn default() -> Rules {
        Rules { languages: Vec::new(), tiny_chars: 100, huge_chars: 1_000_000, min_documents: 20, limits: BTreeMap::new(), groups: Vec::new() }
    }
}

/// Keys of the table that are no measures.
const SETTINGS: [&str; 5] = ["languages", "tiny_chars", "huge_chars", "min_documents", "for"];

/// What is wrong with rules: at which key, what, and what helps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrongRule {
    /// The key.
    pub key: String,
    /// What is wrong.
    pub what: String,
    /// What helps.
    pub hint: Option<String>,
}

impl From<WrongRule> for Error {
    fn from(wrong: WrongRule) -> Error {
        let error = Error::usage(wrong.what);
        match wrong.hint {
            Some(hint) => error.hint(hint),
            None => error,
        }
    }
}

impl Rules {
    /// Are all names known and all limits possible?
    ///
    /// # Errors
    /// The first that is not.
    pub fn check(&self) -> std::result::Result<(), WrongRule> {
        for (name, rule) in self.limits.iter().chain(self.groups.iter().flat_map(|group| &group.limits)) {
            let Some(measure) = Measure::from_name(name) else { return Err(unknown(name)) };
            rule.limits().check(measure.unit()).map_err(|what| WrongRule { key: name.clone(), what: format!("`{name}`: {what}"), hint: None })?;
        }
        for tag in self.languages.iter().chain(self.groups.iter().filter_map(|group| group.languages.as_ref()).flatten()) {
            if Lang::parse(tag).is_none() {
                let what = format!("`{}` is no language tag", tag.escape_debug());
                return Err(WrongRule { key: "languages".into(), what, hint: Some("tags look like en, ru, ceb".into()) });
            }
        }
        self.groups().map(|_| ()).map_err(|what| WrongRule { key: "files".into(), what, hint: None })
    }

    /// The groups of files: first all that no pattern fits, then those of the patterns.
    fn groups(&self) -> std::result::Result<Vec<Group>, String> {
        let langs = |tags: &[String]| tags.iter().filter_map(|tag| Lang::parse(tag)).collect::<Vec<_>>();
        let mut base = Group {
            files: None,
            patterns: GlobSet::empty(),
            languages: langs(&self.languages),
            limits: Measure::ALL.iter().map(|m| m.default_limits()).collect(),
            set: vec![false; Measure::COUNT],
        };
        base.apply(&self.limits);
        let mut groups = vec![base.clone()];
        for rules in &self.groups {
            let mut group = base.clone();
            group.files = Some(rules.files.all().join(" "));
            let mut patterns = GlobSetBuilder::new();
            for pattern in rules.files.all() {
                let wrong = |e: globset::Error| format!("`{}` is no pattern of file names: {}", pattern.escape_debug(), e.kind());
                patterns.add(GlobBuilder::new(pattern.trim_start_matches("./")).literal_separator(true).build().map_err(wrong)?);
            }
            group.patterns = patterns.build().map_err(|e| e.to_string())?;
            if let Some(tags) = &rules.languages {
                group.languages = langs(tags);
            }
            group.apply(&rules.limits);
            groups.push(group);
        }
        Ok(groups)
    }

    /// The groups of files, as they are judged: first all that no pattern fits, then those of the patterns.
    ///
    /// # Errors
    /// Usage, as [`Rules::check`].
    pub fn resolve(&self) -> Result<Vec<Group>> {
        self.check()?;
        self.groups().map_err(Error::usage)
    }
}

/// Files that are judged together, with their limits.
#[derive(Clone, Debug)]
pub struct Group {
    /// The pattern; none for all files that no pattern fits.
    pub files: Option<String>,
    patterns: GlobSet,
    /// Languages that are expected; empty: any.
    pub languages: Vec<Lang>,
    limits: Vec<Limits>,
    set: Vec<bool>,
}

impl Group {
    fn apply(&mut self, rules: &BTreeMap<String, Rule>) {
        for (measure, rule) in rules.iter().filter_map(|(name, rule)| Some((Measure::from_name(name)?, rule))) {
            if let (Some(limits), Some(set)) = (self.limits.get_mut(measure as usize), self.set.get_mut(measure as usize)) {
                *limits = rule.limits();
                *set = true;
            }
        }
    }

    /// The limits of a measure.
    pub fn limits(&self, measure: Measure) -> Limits {
        self.limits.get(measure as usize).copied().unwrap_or_default()
    }

    /// Were they set by a rule?
    pub fn is_set(&self, measure: Measure) -> bool {
        self.set.get(measure as usize).copied().unwrap_or(false)
    }
}

/// The number of the group that a file belongs to: the last whose pattern fits its name.
pub fn group_of(groups: &[Group], name: &str) -> usize {
    let name = name.trim_start_matches("./");
    groups.iter().rposition(|group| group.patterns.is_match(name)).unwrap_or(0)
}

fn unknown(name: &str) -> WrongRule {
    let names = Measure::ALL.iter().map(|measure| measure.name()).chain(SETTINGS);
    let near = names.map(|known| (strsim::damerau_levenshtein(known, name), known)).min();
    let hint = match near {
        Some((distance, known)) if distance <= 6 => format!("did you mean `{known}`?"),
        _ => "`buddle check --list-rules` lists all rules".into(),
    };
    WrongRule { key: name.to_owned(), what: format!("there is no rule `{}`", name.escape_debug()), hint: Some(hint) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::Level;

    fn rules(text: &str) -> Rules {
        toml::from_str(text).unwrap()
    }

    #[test]
    fn groups_go_before_the_table_and_that_before_the_defaults() {
        let rules = rules(
            "languages = ['de']\nexact_duplicate_ratio = { warn = 0.1, fail = 0.2 }\nrecords = { fail_below = 7 }\nnot_nfc_ratio = false\n\
             [[for]]\nfiles = 'data/de/*'\nexact_duplicate_ratio = 0.5\nlanguages = []\n[[for]]\nfiles = ['**/a.jsonl', './b/*.jsonl']\n",
        );
        let groups = rules.resolve().unwrap();
        let names = ["a.jsonl", "data/de/x", "./data/de/x", "data/de/sub/x", "data/de/a.jsonl", "b/c.jsonl", "x"];
        assert_eq!(names.map(|name| group_of(&groups, name)), [2, 1, 1, 0, 2, 2, 0]);
        let broken = |group: usize, measure, value| groups[group].limits(measure).broken(value).map(|b| b.level);
        assert_eq!([0, 1, 2].map(|g| broken(g, Measure::ExactDuplicates, 0.3)), [Some(Level::Fail), None, Some(Level::Fail)]);
        assert_eq!([0, 1].map(|g| groups[g].languages.len()), [1, 0]);
        assert_eq!(broken(0, Measure::Records, 6.0), Some(Level::Fail));
        assert_eq!(broken(0, Measure::NotNfc, 1.0), None);
        assert!(groups[0].is_set(Measure::NotNfc) && !groups[0].is_set(Measure::Tiny));
        assert_eq!(groups[0].limits(Measure::Tiny), Measure::Tiny.default_limits());
    }

    #[test]
    fn they_read_back_as_they_are_written() {
        let rules = rules("records = 5\nnot_nfc_ratio = false\n[[for]]\nfiles = 'a'\nrecords = { fail_below = 1.0 }\n");
        assert_eq!(toml::from_str::<Rules>(&toml::to_string(&rules).unwrap()).unwrap(), rules);
    }

    #[test]
    fn wrong_rules_are_refused() {
        let wrong = |text: &str| rules(text).check().unwrap_err();
        assert_eq!(wrong("exact_duplicates_ratio = 0.1").hint.unwrap(), "did you mean `exact_duplicate_ratio`?");
        assert!(wrong("qqqqqqqqqqqqqqqqqqqqqqq = 0.1").hint.unwrap().contains("--list-rules"));
        assert_eq!(wrong("records = 1\n[[for]]\nfiles = 'a'\nnot_nfc_ratoi = 0.1").key, "not_nfc_ratoi");
        assert!(wrong("not_nfc_ratio = { warn = 0.2, fail = 0.1 }").what.contains("before it warns"));
        assert!(wrong("languages = ['german language']").what.contains("no language tag"));
        assert!(wrong("[[for]]\nfiles = 'a[b'").what.contains("no pattern"));
        assert!(toml::from_str::<Rules>("not_nfc_ratio = true").is_err());
        assert!(toml::from_str::<Rules>("not_nfc_ratio = { wran = 0.1 }").is_err());
    }
}
