//! Why a line or a document is gone, or still there, in words: what `buddle explain` prints.
//!
//! Numbers come from the removed log and from judging the document again by the folder's own index; nothing is decided
//! here. Scores are shown in nats, as tenths.

use std::fmt::Write;

use serde::Serialize;

use crate::{
    model::Reason,
    write::{KeptDocument, RemovedLineText},
};

/// A document explained.
#[derive(Debug, Serialize)]
pub struct Explanation {
    /// Its id as raw JSON.
    pub id: Box<serde_json::value::RawValue>,
    /// Its source.
    pub source: String,
    /// Its number in the source.
    pub position: u64,
    /// Its site; empty for none, and for a document that went whole.
    pub site: String,
    /// Its language; empty where it was not kept.
    pub lang: String,
    /// Is it in the output?
    pub stays: bool,
    /// Why it went whole.
    pub reason: Option<String>,
    /// The document that stays in its place.
    pub kept: Option<KeptDocument>,
    /// Did the folder hold an index to judge by?
    pub index: bool,
    /// Were the line rules suspended at its site?
    pub suspended: bool,
    /// Its lines, those asked for.
    pub lines: Vec<LineExplanation>,
}

/// A line explained.
#[derive(Debug, Serialize)]
pub struct LineExplanation {
    /// Number in the normalised text, from 1, as `restore` gives it.
    pub line: u64,
    /// The line.
    pub text: String,
    /// Does it stand in the output?
    pub stays: bool,
    /// Its language; empty where none was asked for.
    pub lang: String,
    /// What the removed log says of its text.
    pub removed: Option<RemovedLineText>,
    /// The line of this document that stays in its place, in the decoded input.
    pub kept_line: Option<u64>,
    /// The judgement by the site's counts.
    pub judgement: Option<Judgement>,
    /// For a line that stays: each rule, and what it missed.
    pub missed: Vec<Missed>,
}

/// The judgement of a line.
#[derive(Debug, Serialize)]
pub struct Judgement {
    /// `stays`, `goes` or `first_stays`.
    pub verdict: &'static str,
    /// In tenths of a nat; furniture above 0.
    pub score: i32,
    /// What every line has before anything is known of it.
    pub bias: i32,
    /// Taken off each score.
    pub margin: i32,
    /// The clamp that held, and what it says.
    pub clamp: Option<&'static str>,
    /// The same in words.
    pub clamp_words: Option<&'static str>,
    /// Pages of the site that hold the line.
    pub pages: u32,
    /// Pages of the site.
    pub site_pages: u32,
    /// What each table added.
    pub contributions: Vec<Contribution>,
}

/// What a table added to a score.
#[derive(Debug, Serialize)]
pub struct Contribution {
    /// The features that it weighs together.
    pub features: Vec<&'static str>,
    /// In words.
    pub words: String,
    /// In tenths of a nat.
    pub tenths: i32,
}

/// A rule that did not take a line.
#[derive(Debug, Serialize)]
pub struct Missed {
    /// The rule.
    pub rule: &'static str,
    /// What it missed.
    pub why: String,
}

/// Reasons for and against that are shown.
const SHOWN: usize = 3;

/// The largest reasons for a line's going, and against; and how far the line was from the other verdict.
fn reasons(judgement: &Judgement, say: &mut dyn FnMut(String)) {
    let mut parts: Vec<&Contribution> = judgement.contributions.iter().filter(|part| part.tenths != 0).collect();
    parts.sort_by_key(|part| std::cmp::Reverse(part.tenths.abs()));
    for (title, sign) in [("for furniture", 1), ("for main text", -1)] {
        let all = || parts.iter().filter(|part| part.tenths.signum() == sign);
        for part in all().take(SHOWN) {
            say(format!("            {:>5}  {title}: {}", tenths(part.tenths), part.words));
        }
        let rest: i32 = all().skip(SHOWN).map(|part| part.tenths).sum();
        if rest != 0 {
            say(format!("            {:>5}  {title}: {} smaller reasons", tenths(rest), all().count() - SHOWN));
        }
    }
    say(format!("            {:>5}  before anything is known, of any line", tenths(judgement.bias)));
    if judgement.margin != 0 {
        say(format!("            {:>5}  taken off by --strength, and at sites of fewer than 10 pages", tenths(-judgement.margin)));
    }
    let change = match (judgement.clamp_words, judgement.verdict) {
        (Some(words), _) => format!("nothing in its score: {words}"),
        (None, "stays") if judgement.score > 0 => "furniture beside it: its score alone does not pay for two changes within the page".into(),
        (None, "stays") => format!("{} nats more", tenths(1 - judgement.score)),
        _ => format!("{} nats less, or main text beside it", tenths(judgement.score)),
    };
    say(format!("          what would have changed it: {change}"));
}

/// Tenths of a nat with their sign.
fn tenths(score: i32) -> String {
    format!("{}{}.{}", if score < 0 { "-" } else { "+" }, score.unsigned_abs() / 10, score.unsigned_abs() % 10)
}

/// The explanation as text; `full` with the rules that a line missed and what made a score.
pub fn explained(explanation: &Explanation, full: bool) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    let mut say = |text: String| {
        let _ = writeln!(out, "{}", text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect::<String>());
    };
    let site = match explanation.site.as_str() {
        "" if !explanation.stays => String::new(),
        "" => "; no site".to_owned(),
        site => format!("; site {site}"),
    };
    say(format!("document {} ({}, record {}{site})", explanation.id, explanation.source, explanation.position));
    if let Some(reason) = explanation.reason.as_deref() {
        let words = Reason::from_code(reason).map_or("", Reason::words);
        say(format!("  went whole: {reason}, one of the documents {words}"));
    }
    if let Some(kept) = &explanation.kept {
        let id = kept.id.as_ref().map_or("its id is not known".to_owned(), ToString::to_string);
        say(format!("  its copy stays: document {id} ({}, record {})", kept.source, kept.position));
    }
    if explanation.suspended {
        say("  the safety valve suspended the line rules at its site".into());
    }
    if explanation.stays {
        let gone = explanation.lines.iter().filter(|line| !line.stays).count();
        say(format!("  stays; of the {} lines shown {gone} are gone", explanation.lines.len()));
    }
    for line in &explanation.lines {
        let mark = if line.stays { ' ' } else { '-' };
        let lang = if line.lang.is_empty() { String::new() } else { format!(" [{}]", line.lang) };
        let reason = line.removed.as_ref().map_or(String::new(), |removed| format!("  {}", removed.reason));
        say(format!("{mark} {:>5} {}{lang}{reason}", line.line, line.text));
        if full {
            detail(line, &mut say);
        }
    }
    out
}

fn detail(line: &LineExplanation, say: &mut dyn FnMut(String)) {
    if let Some(removed) = &line.removed {
        let words = Reason::from_code(&removed.reason).map_or("", Reason::words);
        say(format!("          why: {words} (looks at: the {})", removed.scope));
        say(format!("          this text went {} times, from {} documents", removed.count, removed.pages));
        match (&removed.kept, line.kept_line) {
            (Some(kept), _) => say(format!("          its copy stays: document {}, line {}", kept.id, kept.line)),
            (None, Some(kept)) => say(format!("          its copy stays: line {kept} of this document")),
            (None, None) => say("          every copy goes".into()),
        }
    }
    if let Some(judgement) = line.judgement.as_ref().filter(|j| j.pages > 1) {
        say(format!(
            "          {} of the site's {} pages hold it; score {} (furniture above 0){}",
            judgement.pages,
            judgement.site_pages,
            tenths(judgement.score),
            judgement.clamp_words.map_or(String::new(), |words| format!(", set because {words}"))
        ));
        reasons(judgement, say);
    }
    for missed in &line.missed {
        say(format!("          not {}: {}", missed.rule, missed.why));
    }
}
