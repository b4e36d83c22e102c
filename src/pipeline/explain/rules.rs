//! The rules for documents in the order in which [`settle`](super::super::settle) asks them, each with what it found.

use crate::{
    config::Config,
    dedup::KeepDocument,
    model::Reason,
    report::{DocumentRule, RuleVerdict},
};

/// What was found of a document.
#[derive(Debug, Default)]
pub struct Found {
    /// Characters, words and lines that are no furniture; none where they cannot be counted.
    pub sums: Option<[u64; 3]>,
    /// All of its lines.
    pub lines: u64,
    /// Its language; empty where it is not known.
    pub lang: String,
    /// The share of its letters that are in it.
    pub score: Option<f64>,
}

/// The rules of a document that stays, or that went for this reason; `copy` says whose copy it is.
pub fn document_rules(config: &Config, reason: Option<&str>, found: &Found, copy: &str) -> Vec<DocumentRule> {
    let mut over = false;
    let mut rules = Vec::new();
    let mut rule = |of: Reason, off: bool, numbers: (Option<u64>, Option<u64>), why: String| {
        let took = reason == Some(of.code());
        let verdict = match () {
            () if took => RuleVerdict::Took,
            () if over => RuleVerdict::NotReached,
            () if off => RuleVerdict::Off,
            () => RuleVerdict::Passed,
        };
        over |= took;
        let why = if verdict == RuleVerdict::NotReached { "a rule before it took the document".to_owned() } else { why };
        rules.push(DocumentRule { rule: of.code(), verdict, why, found: numbers.0, least: numbers.1 });
    };
    let score = found.score.map_or(String::new(), |score| format!(" ({score:.2} of its letters)"));
    let reads = match found.lang.as_str() {
        "" | "und" => "its language cannot be told".to_owned(),
        "mul" => "it is in several languages (mul)".to_owned(),
        "zxx" => "it holds no language (zxx)".to_owned(),
        lang => format!("it reads as {lang}{score}"),
    };
    let asked = if config.lang.is_empty() {
        "every language stays, since --lang names none".to_owned()
    } else {
        format!("--lang lets {} stay", config.lang.join(", "))
    };
    rule(Reason::DocumentLanguage, config.lang.is_empty(), (None, None), format!("{reads}; {asked}"));
    let filters = [
        (Reason::DocumentMinChars, "characters", "--min-chars", config.min_chars),
        (Reason::DocumentMinWords, "words", "--min-words", config.min_words),
        (Reason::DocumentMinLines, "lines", "--min-lines", config.min_lines),
    ];
    for (n, (of, noun, flag, least)) in filters.into_iter().enumerate() {
        let sum = found.sums.and_then(|sums| sums.get(n).copied());
        let has = sum.map_or_else(|| format!("its {noun} cannot be counted again"), |sum| format!("{sum} {noun} of it are no furniture"));
        let asks = if least == 0 { format!("{flag} asks for none") } else { format!("{flag} asks for {least}") };
        rule(of, least == 0, (sum, Some(least)), format!("{has}; {asks}"));
    }
    let all = config.keep_document == KeepDocument::All;
    let left = found.sums.map(|[_, _, lines]| lines);
    let empty = match left {
        _ if all => "off: --keep-document all removes no document".to_owned(),
        None => "its lines cannot be counted again".to_owned(),
        Some(0) if found.lines == 0 => "it has no lines".to_owned(),
        Some(0) => format!("each of its {} lines is furniture", found.lines),
        Some(left) => format!("{left} of its {} lines are no furniture", found.lines),
    };
    rule(Reason::DocumentEmpty, all, (left, Some(1)), empty);
    let exact = match config.keep_document {
        _ if !copy.is_empty() => copy.to_owned(),
        KeepDocument::All => "off: --keep-document all removes no copy".to_owned(),
        KeepDocument::First => "no document before it has the same text, or the same lines once furniture is out".to_owned(),
        KeepDocument::Longest => "no other document has the same text, or it was the longest of those before it was normalised".to_owned(),
    };
    rule(Reason::DocumentExact, all, (None, None), exact);
    rules
}
