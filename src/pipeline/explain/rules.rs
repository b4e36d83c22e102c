//! The rules for documents in the order in which [`settle`](super::super::settle) asks them, each with what it found.

use crate::{
    config::Config,
    dedup::KeepDocument,
    model::Reason,
    report::{DocumentRule, RuleVerdict},
};

/// The share of a document's letters above which another covers it.
const COVERED: f64 = 0.8;

/// Why a document is like no other.
const NOT_COMPARED: &str = "it is not compared: more than half of what is left of it are lines that its site repeats on many pages";

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
    /// Shingles of it, where they were made again.
    pub shingles: Option<usize>,
    /// Is it not compared, since most of it is what its site repeats?
    pub is_site_text: bool,
    /// Lines that are no furniture and are not counted where it is compared.
    pub uncounted: usize,
    /// How alike it is to the document that stays for it.
    pub similarity: Option<f64>,
}

/// The rules of a document that stays, or that went for this reason; `instead` says what stays for it and why.
pub fn document_rules(config: &Config, reason: Option<&str>, found: &Found, instead: &str) -> Vec<DocumentRule> {
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
        rules.push(DocumentRule { rule: of.code(), verdict, why, found: numbers.0, least: numbers.1, similarity: None, threshold: None });
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
    let took = |of: Reason| reason == Some(of.code());
    let exact = match config.keep_document {
        _ if took(Reason::DocumentExact) => instead.to_owned(),
        KeepDocument::All => "off: --keep-document all removes no copy".to_owned(),
        // It may be the copy of one that is like another.
        _ if took(Reason::DocumentNear) || took(Reason::DocumentCovered) => {
            "no document that stays has the same text, or the same lines once furniture is out".to_owned()
        }
        KeepDocument::First => "no document before it has the same text, or the same lines once furniture is out".to_owned(),
        KeepDocument::Longest => "no other document has the same text, or it was the longest of those before it was normalised".to_owned(),
    };
    rule(Reason::DocumentExact, all, (None, None), exact);
    let threshold = config.near_threshold;
    let near = match found.shingles {
        _ if took(Reason::DocumentNear) => instead.to_owned(),
        _ if !config.near => "off: --near was not given".to_owned(),
        _ if found.is_site_text => NOT_COMPARED.to_owned(),
        Some(0) => "it is shorter than a shingle, so that nothing but a copy is like it".to_owned(),
        _ => format!("none of the documents that stay was found to be {threshold} like it or more; how near the nearest came is not recorded"),
    };
    let uncounted = match found.uncounted {
        0 => String::new(),
        1 => "; a line that its site repeats on many pages is not counted".to_owned(),
        lines => format!("; {lines} lines that its site repeats on many pages are not counted"),
    };
    let counted = |is_on: bool, why: String| if is_on { why + &uncounted } else { why };
    rule(Reason::DocumentNear, !config.near, (None, None), counted(config.near, near));
    let covered = match () {
        () if took(Reason::DocumentCovered) => instead.to_owned(),
        () if !config.covered => "off: --covered was not given".to_owned(),
        () if found.is_site_text => NOT_COMPARED.to_owned(),
        () => format!(
            "none of the documents that stay was found to hold more than {COVERED} of its letters in lines, or others went for it; \
             how much the nearest holds is not recorded"
        ),
    };
    rule(Reason::DocumentCovered, !config.covered, (None, None), counted(config.covered, covered));
    for rule in &mut rules {
        let (is_on, threshold) = match rule.rule {
            near if near == Reason::DocumentNear.code() => (config.near, threshold),
            covered if covered == Reason::DocumentCovered.code() => (config.covered, COVERED),
            _ => continue,
        };
        rule.threshold = is_on.then_some(threshold);
        rule.similarity = found.similarity.filter(|_| rule.verdict == RuleVerdict::Took);
    }
    rules
}
