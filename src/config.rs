//! The resolved configuration of a run: typed, unknown keys refused with the nearest known one.
//!
//! A key, its flag (`text_field`, `--text-field`) and its name in reports are one. Defaults here, then the TOML
//! file, then flags. What the output depends on is told apart from what it does not: [`Config::digest`].

use std::{collections::BTreeMap, path::PathBuf};

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_128;

use crate::{
    check::Rules,
    dedup::{DedupRules, KeepDocument, ShingleSize, Threshold},
    langid::{Builtin, FastText, LanguageIdentifier, Whatlang},
    lines::ListCompare,
    model::{Error, Keep, Lang, Result},
    read::InputFormat,
    write::Compression,
};

/// The engine that tells languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum LangidEngine {
    /// The model that comes with buddle.
    #[default]
    Builtin,
    /// The whatlang crate.
    Whatlang,
    /// A model of fastText: its file.
    FastText(PathBuf),
    /// No languages: no foreign captions either.
    None,
}

impl LangidEngine {
    /// The engine; `None` where it is to be none.
    ///
    /// # Errors
    /// Where a file is no model.
    pub fn open(&self) -> Result<Option<Box<dyn LanguageIdentifier>>> {
        Ok(match self {
            LangidEngine::Builtin => Some(Box::new(Builtin::default())),
            LangidEngine::Whatlang => Some(Box::new(Whatlang)),
            LangidEngine::FastText(file) => Some(Box::new(FastText::open(file)?)),
            LangidEngine::None => None,
        })
    }
}

impl std::str::FromStr for LangidEngine {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<LangidEngine, String> {
        match text {
            "builtin" => Ok(LangidEngine::Builtin),
            "whatlang" => Ok(LangidEngine::Whatlang),
            "none" => Ok(LangidEngine::None),
            other => match other.strip_prefix("fasttext:") {
                Some(file) if !file.is_empty() => Ok(LangidEngine::FastText(file.into())),
                _ => Err(format!("`{}` is no engine: builtin, whatlang, fasttext:FILE, none", other.escape_debug())),
            },
        }
    }
}

impl TryFrom<String> for LangidEngine {
    type Error = String;

    fn try_from(text: String) -> std::result::Result<LangidEngine, String> {
        text.parse()
    }
}

impl From<LangidEngine> for String {
    fn from(engine: LangidEngine) -> String {
        match engine {
            LangidEngine::Builtin => "builtin".to_owned(),
            LangidEngine::Whatlang => "whatlang".to_owned(),
            LangidEngine::FastText(file) => format!("fasttext:{}", file.display()),
            LangidEngine::None => "none".to_owned(),
        }
    }
}

/// What the removed log holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RemovedLog {
    /// Everything, with texts: the input can be restored.
    #[default]
    Full,
    /// Which lines and documents, without their texts.
    Ids,
    /// Nothing.
    None,
}

/// How much the judgement of lines takes: its margin.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Strength {
    /// Less furniture goes, and less by mistake.
    Gentle,
    /// The measured middle.
    #[default]
    Normal,
    /// More of both.
    Strong,
}

macro_rules! settings {
    ($($(#[doc = $doc:literal])+ $(#[serde($($serde:tt)+)])* $name:ident: $type:ty = $default:expr, $effect:ident;)+) => {
        /// Every setting of a run.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(default, deny_unknown_fields)]
        pub struct Config {
            $($(#[doc = $doc])+ $(#[serde($($serde)+)])* pub $name: $type,)+
        }

        impl Default for Config {
            fn default() -> Self {
                Config { $($name: $default,)+ }
            }
        }

        /// Every key with what it means, in the order of the file.
        pub const SETTINGS: &[(&str, &str)] = &[$((stringify!($name), concat!($($doc,)+)),)+];

        /// The keys that the output depends on.
        const EFFECTIVE: &[&str] = &[$(settings!(@effect $effect $name),)+];
    };
    (@effect output $name:ident) => { stringify!($name) };
    (@effect machine $name:ident) => { "" };
}

settings! {
    /// Files and folders to read, `-` for standard input.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    inputs: Vec<PathBuf> = Vec::new(), machine;
    /// Where the clean documents go: a folder, a .jsonl, .jsonl.gz or .jsonl.zst file, or `-`.
    #[serde(skip_serializing_if = "Option::is_none")]
    output: Option<PathBuf> = None, machine;
    /// What the input is: auto, text (a document a file) or jsonl.
    from: InputFormat = InputFormat::Auto, output;
    /// Field of a JSONL record that holds the text; nested by dots.
    text_field: String = "text".into(), output;
    /// Field that holds the document's id.
    id_field: String = "id".into(), output;
    /// Field that holds the document's URL.
    url_field: String = "url".into(), output;
    /// Where a document's site comes from: url (the host, else a parent folder that is named like one), folder, none, or a field.
    site_from: String = "url".into(), output;
    /// Charset that text files without other evidence are declared to have.
    #[serde(skip_serializing_if = "Option::is_none")]
    charset: Option<String> = None, output;
    /// Longest record in bytes; longer ones are quarantined.
    max_record_bytes: u64 = 64 << 20, output;
    /// Deepest nesting of brackets in a JSONL record.
    max_nesting: usize = 128, output;
    /// Largest ratio of decompressed to compressed bytes of a source (asked from 64 MiB on).
    max_ratio: u64 = 10_000, output;
    /// Most decompressed bytes of one source.
    max_decompressed_bytes: u64 = 1 << 44, output;
    /// Normalisations to leave out: mojibake, line_ends, spaces, controls, zero_width, nfc, space_runs, trailing_space, blank_lines, or all.
    skip_normalization: Vec<String> = Vec::new(), output;
    /// Engine that tells the language of lines: builtin, whatlang, fasttext:FILE or none.
    langid: LangidEngine = LangidEngine::Builtin, output;
    /// Languages of documents that stay; empty: all.
    lang: Vec<String> = Vec::new(), output;
    /// Languages of lines that stay; empty: all. Lines whose language cannot be told stay.
    line_lang: Vec<String> = Vec::new(), output;
    /// How much the judgement of a site's lines takes: gentle, normal, strong.
    strength: Strength = Strength::Normal, output;
    /// File of weights for the judgement, from `buddle train`, instead of those that come with buddle.
    #[serde(skip_serializing_if = "Option::is_none")]
    weights: Option<PathBuf> = None, output;
    /// Copies of furniture of a site that stay: none, first, all.
    keep_site: Keep = Keep::None, output;
    /// Copies of long prose on several pages of a site that stay: none, first, all.
    keep_site_prose: Keep = Keep::First, output;
    /// Copies of furniture at many sites that stay: none, first, all.
    keep_corpus: Keep = Keep::None, output;
    /// Copies of a caption in a foreign language that stay: none, first, all.
    keep_foreign_caption: Keep = Keep::None, output;
    /// Copies that stay of a short line repeated between the paragraphs of a document: none, first, all.
    keep_document_line: Keep = Keep::None, output;
    /// Copies of long prose that stay in one document: none, first, all.
    keep_document_prose: Keep = Keep::First, output;
    /// Lines without letters that stay between lines that went: none, all.
    keep_no_letters: Keep = Keep::None, output;
    /// File of lines that never go.
    #[serde(skip_serializing_if = "Option::is_none")]
    allow: Option<PathBuf> = None, output;
    /// File of lines that always go.
    #[serde(skip_serializing_if = "Option::is_none")]
    deny: Option<PathBuf> = None, output;
    /// How lines are held against the two lists: compared or exact.
    list_compare: ListCompare = ListCompare::Compared, output;
    /// Which of equal documents stays: first, longest, all.
    keep_document: KeepDocument = KeepDocument::First, output;
    /// Remove near duplicates: documents whose residue is like that of one that stays.
    near: bool = false, output;
    /// Similarity (Jaccard, of shingles) from which documents are near duplicates: more than 0, up to 1.
    near_threshold: f64 = 0.8, output;
    /// What documents are compared by: auto, words:N or chars:N in a row.
    shingle: ShingleSize = ShingleSize::Auto, output;
    /// Remove documents that have more than four fifths of their letters in lines of one that stays.
    covered: bool = false, output;
    /// Fewest characters of a document that stays.
    min_chars: u64 = 0, output;
    /// Fewest words of a document that stays.
    min_words: u64 = 0, output;
    /// Fewest lines (blank ones not counted) of a document that stays.
    min_lines: u64 = 0, output;
    /// What earlier crawls held: an index, or a washed folder. Their documents are not kept again, and their lines count too. Of a file of lines alone (index/lines.idx) the lines count instead of the input's.
    #[serde(skip_serializing_if = "Option::is_none")]
    index: Option<PathBuf> = None, output;
    /// Bring the index up to date with what this run keeps, once it is done.
    update_index: bool = false, machine;
    /// Read the input once, as it comes: lines are judged by the index alone, copies found by what stays. Needs `index`.
    one_pass: bool = false, output;
    /// Share of a site's characters from which its line rules are suspended.
    max_site_share: f64 = 0.9, output;
    /// Share of the corpus's characters, lost without a kept copy, from which the run stops.
    max_corpus_share: f64 = 0.7, output;
    /// Leave the line index out of the folder; `explain` cannot judge lines that stay then.
    no_index: bool = false, output;
    /// Compression of a folder's files: zstd, gzip, none.
    compression: Compression = Compression::Zstd, output;
    /// Level of zstd (1 to 19) or gzip (1 to 9); 0: 1 of zstd, 6 of gzip.
    compression_level: u32 = 0, output;
    /// Bytes of text in one part of a folder's data.
    shard_size: u64 = 512 << 20, output;
    /// What the removed log holds: full, ids, none.
    removed: RemovedLog = RemovedLog::Full, output;
    /// Folder for the removed log and the quarantine when the output is no folder.
    #[serde(skip_serializing_if = "Option::is_none")]
    removed_to: Option<PathBuf> = None, machine;
    /// File for the report (JSON) when the output is no folder.
    #[serde(skip_serializing_if = "Option::is_none")]
    report: Option<PathBuf> = None, machine;
    /// Replace an output folder of an earlier run.
    overwrite: bool = false, machine;
    /// Rules of `buddle check`: a table, whose keys `buddle check --list-rules` explains.
    #[serde(skip_serializing_if = "is_default")]
    checks: Rules = Rules::default(), machine;
    /// Rules of `buddle dedup`: a table of by, keep, skip_url_step and annotate, which are flags of that command.
    #[serde(skip_serializing_if = "is_default")]
    dedup: DedupRules = DedupRules::default(), output;
    /// Worker threads; 0: as many as the machine has.
    threads: usize = 0, machine;
    /// Bytes of memory for what a run collects; more of it goes to temporary files.
    memory: u64 = 256 << 20, machine;
    /// Folder for temporary files; streams are spooled there.
    #[serde(skip_serializing_if = "Option::is_none")]
    tmp_dir: Option<PathBuf> = None, machine;
}

impl Config {
    /// Reads a TOML file's text over the defaults.
    ///
    /// # Errors
    /// A usage error for what is no TOML, for a value of the wrong type, and for an unknown key, with the nearest known one.
    pub fn parse(text: &str) -> Result<Config> {
        let table: toml::Table = text.parse().map_err(|e: toml::de::Error| Error::usage(e.message().to_owned()).line(line_of(text, e.span())))?;
        for key in table.keys() {
            if !SETTINGS.iter().any(|(name, _)| name == key) {
                let line = text.lines().position(|l| l.trim_start().starts_with(key.as_str())).map_or(1, |n| n as u64 + 1);
                let near = SETTINGS.iter().map(|(name, _)| (strsim::damerau_levenshtein(name, key), *name)).min();
                let error = Error::usage(format!("unknown key `{}`", key.escape_debug())).line(line);
                return Err(match near {
                    Some((distance, name)) if distance <= 4 => error.hint(format!("did you mean `{name}`?")),
                    _ => error.hint("`buddle config show` lists all keys"),
                });
            }
        }
        let config: Config = toml::from_str(text).map_err(|e: toml::de::Error| Error::usage(e.message().to_owned()).line(line_of(text, e.span())))?;
        config.checks.check().map_err(|wrong| {
            let line = text.lines().position(|line| line.trim_start().starts_with(&wrong.key)).map_or(1, |n| n as u64 + 1);
            Error::from(wrong).line(line)
        })?;
        Ok(config)
    }

    /// The configuration as TOML, each key under a comment that says what it means.
    ///
    /// # Errors
    /// Where a path is no UTF-8, which TOML cannot hold.
    pub fn to_toml(&self) -> Result<String> {
        let table = toml::Table::try_from(self).map_err(|e| Error::usage(format!("the configuration cannot be written as TOML: {e}")))?;
        let mut out = String::new();
        for (name, doc) in SETTINGS {
            out.push_str(&format!("#{doc}\n"));
            match table.get(*name) {
                Some(value) => out.push_str(&format!("{name} = {value}\n")),
                None => out.push_str(&format!("# {name} =\n")),
            }
        }
        Ok(out)
    }

    /// Combinations that cannot be meant.
    ///
    /// # Errors
    /// A usage error that names the option.
    pub fn check(&self) -> Result<()> {
        if self.langid == LangidEngine::None && !(self.lang.is_empty() && self.line_lang.is_empty()) {
            return Err(Error::usage("languages are asked for, but `langid` is none").hint("leave out --langid none, or --lang and --line-lang"));
        }
        for tag in self.lang.iter().chain(&self.line_lang) {
            if Lang::parse(tag).is_none() {
                return Err(Error::usage(format!("`{}` is no language tag", tag.escape_debug())).hint("tags look like en, ru, ceb, und"));
            }
        }
        if self.keep_no_letters == Keep::First {
            return Err(Error::usage("`keep_no_letters` is none or all"));
        }
        if let Some(label) = &self.charset
            && crate::decode::Charset::for_label(label).is_none()
        {
            return Err(
                Error::usage(format!("`{}` is no charset", label.escape_debug())).hint("use a WHATWG label such as windows-1251 or shift_jis")
            );
        }
        if self.max_record_bytes == 0 || self.shard_size == 0 {
            return Err(Error::usage("`max_record_bytes` and `shard_size` must be more than 0"));
        }
        if self.compression_level > self.compression.max_level() {
            let (level, most) = (self.compression_level, self.compression.max_level());
            return Err(Error::usage(format!("`compression_level` is {level}, but the highest is {most}")));
        }
        if [self.max_site_share, self.max_corpus_share].iter().any(|share| !(0.0..=1.0).contains(share)) {
            return Err(Error::usage("`max_site_share` and `max_corpus_share` are shares from 0 to 1"));
        }
        if Threshold::new(self.near_threshold).is_none() {
            return Err(Error::usage(format!("`near_threshold` is {}, but a similarity is more than 0 and at most 1", self.near_threshold)));
        }
        if (self.near || self.covered) && self.keep_document == KeepDocument::All {
            let what = "`near` and `covered` remove documents, but `keep_document` is all";
            return Err(Error::usage(what).hint("leave out --near and --covered, or --keep-document all"));
        }
        self.check_one_pass()?;
        self.checks.check()?;
        self.dedup.check()?;
        self.steps().map(|_| ())
    }

    fn check_one_pass(&self) -> Result<()> {
        if !self.one_pass {
            return Ok(());
        }
        if self.index.is_none() {
            return Err(
                Error::usage("one pass sees no site whole and needs the lines of earlier crawls").hint("--index FOLDER, or leave out --one-pass")
            );
        }
        let more = [
            (self.near, "--near"),
            (self.covered, "--covered"),
            (self.update_index, "--update-index"),
            (self.keep_document == KeepDocument::Longest, "--keep-document longest"),
        ];
        match more.into_iter().find(|(asked, _)| *asked) {
            Some((_, flag)) => {
                Err(Error::usage(format!("{flag} needs to see the input more than once")).hint(format!("leave out {flag}, or --one-pass")))
            }
            None => Ok(()),
        }
    }

    /// The normalisations that run.
    ///
    /// # Errors
    /// A usage error for an unknown name.
    pub fn steps(&self) -> Result<crate::decode::Steps> {
        use crate::decode::{Step, Steps};
        let mut steps = Steps::all();
        for name in &self.skip_normalization {
            if name == "all" {
                return Ok(Steps::none());
            }
            let step = Step::from_name(name).ok_or_else(|| {
                let names: Vec<_> = Step::ALL.iter().map(|s| s.name()).collect();
                Error::usage(format!("no normalisation is called `{}`", name.escape_debug())).hint(format!("one of {}, all", names.join(", ")))
            })?;
            steps = steps.without(step);
        }
        Ok(steps)
    }

    /// The languages of a list of tags that [`Config::check`] has passed.
    pub fn langs(tags: &[String]) -> Vec<Lang> {
        tags.iter().filter_map(|t| Lang::parse(t)).collect()
    }

    /// A hash over this version and every setting that the output depends on.
    pub fn digest(&self) -> String {
        let table = toml::Table::try_from(self).unwrap_or_default();
        let effective: BTreeMap<_, _> = table.iter().filter(|(key, _)| EFFECTIVE.contains(&key.as_str())).map(|(k, v)| (k, v.to_string())).collect();
        let text = format!("{} {} {effective:?}", env!("CARGO_PKG_VERSION"), crate::hash::KEY_VERSION);
        format!("{:032x}", xxh3_128(text.as_bytes()))
    }
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// Does the output depend on the setting of this key? So it may, of a key that is not known.
pub fn is_effective(key: &str) -> bool {
    EFFECTIVE.contains(&key) || !SETTINGS.iter().any(|(name, _)| *name == key)
}

fn line_of(text: &str, span: Option<std::ops::Range<usize>>) -> u64 {
    let start = span.map_or(0, |s| s.start.min(text.len()));
    text.as_bytes().iter().take(start).filter(|b| **b == b'\n').count() as u64 + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_reads_back_as_it_was_written() {
        let mut config = Config { lang: vec!["en".into()], charset: Some("windows-1251".into()), ..Config::default() };
        config.inputs = vec!["a \"quoted\" folder".into()];
        let text = config.to_toml().unwrap_or_default();
        assert_eq!(Config::parse(&text).ok(), Some(config));
        for (name, _) in SETTINGS {
            assert!(text.contains(name), "{name}");
        }
    }

    #[test]
    fn unknown_keys_are_refused_with_the_nearest() {
        let error = Config::parse("threads = 2\ntext_feild = \"body\"\n").err().map(|e| (e.to_string(), e.hint_text().map(str::to_owned)));
        assert_eq!(error, Some(("unknown key `text_feild`".into(), Some("did you mean `text_field`?".into()))));
        assert!(Config::parse("threads = \"two\"").is_err());
        assert!(Config::parse("keep_document = \"last\"").is_err());
        assert!(Config::parse("not toml").is_err());
    }

    #[test]
    fn the_digest_is_of_what_the_output_depends_on() {
        let base = Config::default();
        let machine = Config { threads: 7, overwrite: true, ..Config::default() };
        let effect = Config { min_chars: 7, ..Config::default() };
        assert_eq!(base.digest(), machine.digest());
        assert_ne!(base.digest(), effect.digest());
    }

    #[test]
    fn impossible_combinations() {
        let none = LangidEngine::None;
        for config in [
            Config { langid: none, lang: vec!["en".into()], ..Config::default() },
            Config { lang: vec!["english language".into()], ..Config::default() },
            Config { charset: Some("klingon".into()), ..Config::default() },
            Config { skip_normalization: vec!["nfd".into()], ..Config::default() },
            Config { keep_no_letters: Keep::First, ..Config::default() },
        ] {
            assert!(config.check().is_err(), "{config:?}");
        }
        assert!(Config::default().check().is_ok());
    }
}
