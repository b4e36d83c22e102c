//! The flags of `clean`, and how they become a configuration: defaults, then the file, then flags.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum, ValueHint};

use super::talk::When;
use crate::{
    config::{Config, LangidEngine, RemovedLog, Strength},
    dedup::{KeepDocument, ShingleSize},
    lines::ListCompare,
    model::{Error, Keep, Result},
    read::InputFormat,
    write::Compression,
};

macro_rules! choice {
    ($name:ident => $of:ident { $($(#[doc = $doc:literal])* $variant:ident),+ }) => {
        #[derive(Clone, Copy, Debug, ValueEnum)]
        pub(super) enum $name { $($(#[doc = $doc])* $variant),+ }

        impl From<$name> for $of {
            fn from(value: $name) -> $of {
                match value { $($name::$variant => $of::$variant),+ }
            }
        }
    };
}

choice!(From_ => InputFormat { Auto, Text, Jsonl });
choice!(StrengthArg => Strength { Gentle, Normal, Strong });
choice!(KeepArg => Keep { None, First, All });
choice!(KeepDocumentArg => KeepDocument { First, Longest, All });
choice!(CompareArg => ListCompare { Compared, Exact });
choice!(CompressionArg => Compression { Zstd, Gzip, None });
choice!(RemovedArg => RemovedLog { Full, Ids, None });

/// What is read, and how.
#[derive(Debug, Args)]
pub(super) struct InputArgs {
    /// Files and folders; `-` or none at all: standard input
    #[arg(value_name = "INPUT", value_hint = ValueHint::AnyPath)]
    pub inputs: Vec<PathBuf>,
    /// Configuration file (TOML); flags go before it
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub config: Option<PathBuf>,
    /// What the input is [default: auto]
    #[arg(long, value_enum, help_heading = "Input")]
    from: Option<From_>,
    /// Field of a JSONL record that holds the text, nested by dots [default: text]
    #[arg(long, value_name = "FIELD", help_heading = "Input")]
    text_field: Option<String>,
    /// Field that holds the id [default: id]
    #[arg(long, value_name = "FIELD", help_heading = "Input")]
    id_field: Option<String>,
    /// Field that holds the URL [default: url]
    #[arg(long, value_name = "FIELD", help_heading = "Input")]
    url_field: Option<String>,
    /// Where a document's site comes from: url, folder, none, or a field [default: url]
    #[arg(long, value_name = "url|folder|none|FIELD", help_heading = "Input")]
    site_from: Option<String>,
    /// Charset that text files without other evidence are declared to have
    #[arg(long, value_name = "LABEL", help_heading = "Input")]
    charset: Option<String>,
    /// Longest record in bytes; longer ones are quarantined [default: 67108864]
    #[arg(long, value_name = "BYTES", help_heading = "Input")]
    max_record_bytes: Option<u64>,
    /// Deepest nesting of brackets in a record [default: 128]
    #[arg(long, value_name = "N", help_heading = "Input")]
    max_nesting: Option<usize>,
    /// Largest ratio of decompressed to compressed bytes of a source [default: 10000]
    #[arg(long, value_name = "N", help_heading = "Input")]
    max_ratio: Option<u64>,
    /// Most decompressed bytes of one source [default: 17592186044416]
    #[arg(long, value_name = "BYTES", help_heading = "Input")]
    max_decompressed_bytes: Option<u64>,
}

/// What the machine gives.
#[derive(Debug, Args)]
pub(super) struct MachineArgs {
    /// Worker threads; 0: as many as the machine has. The output does not depend on it
    #[arg(short = 'j', long, value_name = "N", help_heading = "Machine")]
    threads: Option<usize>,
    /// Memory for what the run collects, as 64M or 2G; more of it goes to temporary files. The output does not depend on it [default: 256M]
    #[arg(long, value_name = "BYTES", value_parser = byte_count, help_heading = "Machine")]
    memory: Option<u64>,
    /// Folder for temporary files
    #[arg(long, value_name = "FOLDER", value_hint = ValueHint::DirPath, help_heading = "Machine")]
    tmp_dir: Option<PathBuf>,
    /// When progress is shown on standard error
    #[arg(long, value_enum, default_value_t, hide_possible_values = false)]
    pub progress: When,
}

/// Where documents go, and what became of the others.
#[derive(Debug, Args)]
pub(super) struct OutputArgs {
    /// Folder, NAME.jsonl, NAME.jsonl.gz, NAME.jsonl.zst, or - (the default) for standard output
    #[arg(short, long, value_hint = ValueHint::AnyPath)]
    output: Option<PathBuf>,
    /// Compression of a folder's files [default: zstd]
    #[arg(long, value_enum, help_heading = "Output")]
    compression: Option<CompressionArg>,
    /// Level of zstd (1 to 19) or gzip (1 to 9) [default: 1 of zstd, 6 of gzip]
    #[arg(long, value_name = "N", help_heading = "Output")]
    compression_level: Option<u32>,
    /// Bytes of text in one part of a folder's data [default: 536870912]
    #[arg(long, value_name = "BYTES", help_heading = "Output")]
    shard_size: Option<u64>,
    /// What the removed log holds [default: full]
    #[arg(long, value_enum, help_heading = "Output")]
    removed: Option<RemovedArg>,
    /// Folder for what went, when the output is no folder
    #[arg(long, value_name = "FOLDER", value_hint = ValueHint::DirPath, help_heading = "Output")]
    removed_to: Option<PathBuf>,
    /// File for the report (JSON)
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Output")]
    report: Option<PathBuf>,
    /// Replace an output folder of an earlier run
    #[arg(long, help_heading = "Output")]
    overwrite: bool,
}

/// When two documents are alike.
#[derive(Debug, Args)]
pub(super) struct SimilarityArgs {
    /// Similarity (Jaccard) from which documents are near duplicates [default: 0.8]
    #[arg(long, value_name = "SHARE", allow_negative_numbers = true, help_heading = "Documents")]
    pub near_threshold: Option<f64>,
    /// What documents are compared by, so many in a row [default: auto]
    #[arg(long, value_name = "auto|words:N|chars:N", help_heading = "Documents")]
    shingle: Option<ShingleSize>,
}

/// Which documents are like others.
#[derive(Debug, Args)]
pub(super) struct LikenessArgs {
    /// Remove near duplicates: documents that are like one that stays
    #[arg(long, help_heading = "Documents")]
    near: bool,
    #[command(flatten)]
    similarity: SimilarityArgs,
    /// Remove documents that have nearly all of their lines in one that stays
    #[arg(long, help_heading = "Documents")]
    covered: bool,
}

/// Flags of `clean` and `config show`.
///
/// Reads the input twice; streams are spooled. Memory: --memory, some 10 MB a thread, and what is kept of sites, lines that repeat and documents that stay.
#[derive(Debug, Args)]
pub(super) struct CleanArgs {
    #[command(flatten)]
    pub input: InputArgs,
    #[command(flatten)]
    output: OutputArgs,
    /// Normalisations to leave out, by name, or all
    #[arg(long, value_name = "NAME,…", value_delimiter = ',', help_heading = "Text")]
    skip_normalization: Option<Vec<String>>,
    /// Engine that tells the language of lines [default: builtin]
    #[arg(long, value_name = "builtin|whatlang|fasttext:FILE|none", help_heading = "Text")]
    langid: Option<LangidEngine>,
    /// Keep only documents in these languages
    #[arg(long, value_name = "TAG,…", value_delimiter = ',', help_heading = "Documents")]
    lang: Option<Vec<String>>,
    /// Keep only lines in these languages (and those whose language cannot be told)
    #[arg(long, value_name = "TAG,…", value_delimiter = ',', help_heading = "Lines")]
    line_lang: Option<Vec<String>>,
    /// How much the judgement of a site's lines takes [default: normal]
    #[arg(long, value_enum, help_heading = "Lines")]
    strength: Option<StrengthArg>,
    /// File of weights for the judgement, from `buddle train`
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Lines")]
    weights: Option<PathBuf>,
    /// Copies of furniture of a site that stay [default: none]
    #[arg(long, value_enum, help_heading = "Lines")]
    keep_site: Option<KeepArg>,
    /// Copies that stay of long prose on several pages of a site [default: first]
    #[arg(long, value_enum, help_heading = "Lines")]
    keep_site_prose: Option<KeepArg>,
    /// Copies of furniture at many sites that stay [default: none]
    #[arg(long, value_enum, help_heading = "Lines")]
    keep_corpus: Option<KeepArg>,
    /// Copies of a caption in a foreign language that stay [default: none]
    #[arg(long, value_enum, help_heading = "Lines")]
    keep_foreign_caption: Option<KeepArg>,
    /// Copies that stay of a short line repeated between paragraphs [default: none]
    #[arg(long, value_enum, help_heading = "Lines")]
    keep_document_line: Option<KeepArg>,
    /// Copies of long prose that stay in one document [default: first]
    #[arg(long, value_enum, help_heading = "Lines")]
    keep_document_prose: Option<KeepArg>,
    /// Do lines without letters stay between lines that went? none or all [default: none]
    #[arg(long, value_enum, help_heading = "Lines")]
    keep_no_letters: Option<KeepArg>,
    /// File of lines that never go
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Lines")]
    allow: Option<PathBuf>,
    /// File of lines that always go
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Lines")]
    deny: Option<PathBuf>,
    /// What earlier crawls held, an index or a washed folder: their documents are not kept again, and their lines count too. Of a file of lines (index/lines.idx) they count instead of the input's
    #[arg(long, value_name = "INDEX", value_hint = ValueHint::AnyPath, help_heading = "Earlier crawls")]
    index: Option<PathBuf>,
    /// Read the input once and write as it comes: lines are judged by the index alone, with no survey. Holds 16 bytes for each residue that stays, and as much for each text that lost lines
    #[arg(long, help_heading = "Earlier crawls")]
    one_pass: bool,
    /// Bring the index up to date with what this run keeps
    #[arg(long, help_heading = "Earlier crawls")]
    update_index: bool,
    /// How lines are held against the two lists [default: compared]
    #[arg(long, value_enum, help_heading = "Lines")]
    list_compare: Option<CompareArg>,
    /// Which of equal documents stays [default: first]
    #[arg(long, value_enum, help_heading = "Documents")]
    keep_document: Option<KeepDocumentArg>,
    #[command(flatten)]
    likeness: LikenessArgs,
    /// Fewest characters of a document that stays
    #[arg(long, value_name = "N", help_heading = "Documents")]
    min_chars: Option<u64>,
    /// Fewest words of a document that stays
    #[arg(long, value_name = "N", help_heading = "Documents")]
    min_words: Option<u64>,
    /// Fewest lines of a document that stays
    #[arg(long, value_name = "N", help_heading = "Documents")]
    min_lines: Option<u64>,
    /// Share of a site's characters from which its line rules are suspended [default: 0.9]
    #[arg(long, value_name = "SHARE", help_heading = "Safety")]
    max_site_share: Option<f64>,
    /// Share of the corpus's characters, lost without a kept copy, from which the run stops [default: 0.7]
    #[arg(long, value_name = "SHARE", help_heading = "Safety")]
    max_corpus_share: Option<f64>,
    /// Leave the line index out of the folder
    #[arg(long, help_heading = "Output")]
    no_index: bool,
    #[command(flatten)]
    pub machine: MachineArgs,
    /// Say what would be read and written, and stop
    #[arg(short = 'n', long)]
    pub dry_run: bool,
}

/// A number of bytes: `1048576`, `64K`, `64M`, `2G`, `1T`, in powers of 1024.
pub(super) fn byte_count(arg: &str) -> std::result::Result<u64, String> {
    let lower = arg.to_ascii_lowercase();
    let lower = lower.strip_suffix("ib").or_else(|| lower.strip_suffix('b')).unwrap_or(&lower);
    let (number, shift) = match lower.char_indices().last() {
        Some((at, unit @ ('k' | 'm' | 'g' | 't'))) => (lower.get(..at).unwrap_or_default(), 10 * (1 + "kmgt".find(unit).unwrap_or(0))),
        _ => (lower, 0),
    };
    let number: u64 = number.parse().map_err(|_| format!("`{arg}` is no number of bytes, as 64M or 2G"))?;
    number.checked_mul(1 << shift).ok_or_else(|| format!("`{arg}` is more than any machine has"))
}

macro_rules! overlay {
    ($config:ident, $args:ident: $($name:ident),+) => {
        $(if let Some(value) = $args.$name.clone() { $config.$name = value.into(); })+
    };
}

impl InputArgs {
    /// The configuration so far: defaults, the file (or, if none is named, `fallback`), then these flags.
    pub(super) fn resolve(&self, fallback: Option<&Path>) -> Result<Config> {
        let mut config = match self.config.as_deref().or(fallback) {
            Some(path) => {
                let text =
                    std::fs::read_to_string(path).map_err(|e| Error::usage(format!("the configuration cannot be read: {e}")).at(path.display()))?;
                Config::parse(&text).map_err(|e| e.at(path.display()))?
            }
            None => Config::default(),
        };
        overlay!(config, self: from, text_field, id_field, url_field, site_from, max_record_bytes, max_nesting, max_ratio, max_decompressed_bytes);
        if self.charset.is_some() {
            config.charset.clone_from(&self.charset);
        }
        if !self.inputs.is_empty() {
            config.inputs.clone_from(&self.inputs);
        }
        Ok(config)
    }
}

impl MachineArgs {
    /// Puts the flags over a configuration.
    pub(super) fn apply(&self, config: &mut Config) {
        overlay!(config, self: threads, memory);
        if self.tmp_dir.is_some() {
            config.tmp_dir.clone_from(&self.tmp_dir);
        }
    }
}

impl OutputArgs {
    /// Puts the flags over a configuration.
    pub(super) fn apply(&self, config: &mut Config) {
        overlay!(config, self: compression, compression_level, shard_size, removed);
        for (to, from) in [(&mut config.output, &self.output), (&mut config.removed_to, &self.removed_to), (&mut config.report, &self.report)] {
            if from.is_some() {
                to.clone_from(from);
            }
        }
        config.overwrite |= self.overwrite;
    }
}

impl SimilarityArgs {
    /// Puts the flags over a configuration.
    pub(super) fn apply(&self, config: &mut Config) {
        overlay!(config, self: near_threshold, shingle);
    }
}

impl LikenessArgs {
    /// Puts the flags over a configuration.
    pub(super) fn apply(&self, config: &mut Config) {
        self.similarity.apply(config);
        config.near |= self.near;
        config.covered |= self.covered;
    }
}

impl CleanArgs {
    /// The configuration: defaults, the file, then the flags.
    pub(super) fn resolve(&self) -> Result<Config> {
        let mut config = self.input.resolve(None)?;
        self.machine.apply(&mut config);
        overlay!(config, self: skip_normalization, langid, lang, line_lang, strength, keep_site, keep_site_prose, keep_corpus, max_site_share,
            max_corpus_share, keep_foreign_caption, keep_document_line, keep_document_prose, keep_no_letters, list_compare, keep_document,
            min_chars, min_words, min_lines);
        self.output.apply(&mut config);
        self.likeness.apply(&mut config);
        for (to, from) in
            [(&mut config.allow, &self.allow), (&mut config.deny, &self.deny), (&mut config.weights, &self.weights), (&mut config.index, &self.index)]
        {
            if from.is_some() {
                to.clone_from(from);
            }
        }
        config.one_pass |= self.one_pass;
        config.no_index |= self.no_index;
        config.update_index |= self.update_index;
        config.check()?;
        Ok(config)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::{LEAST_CLEAN_MEMORY, LEAST_MEMORY};

    #[test]
    fn sizes_are_read() {
        for (arg, want) in [("7", 7), ("64M", 64 << 20), ("2g", 2 << 30), ("1KiB", 1024), ("3kb", 3072), ("1T", 1 << 40)] {
            assert_eq!(byte_count(arg), Ok(want), "{arg}");
        }
        for arg in ["", "M", "1.5G", "-1", "99999999T", "1X"] {
            assert!(byte_count(arg).is_err(), "{arg}");
        }
        assert_eq!((byte_count("16M"), byte_count("32M")), (Ok(LEAST_MEMORY), Ok(LEAST_CLEAN_MEMORY)));
    }
}
