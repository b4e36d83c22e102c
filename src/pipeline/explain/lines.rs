//! The lines of one document explained: what became of each, how it was judged, what each rule missed.

use hashbrown::HashMap;

use crate::{
    hash::SiteKey,
    lines::{Account, Judged, Page, TABLES, Verdict, Weights, accounts, index::LineIndex, missed},
    report::{Contribution, Judgement, LineExplanation, Missed},
    write::RemovedLineText,
};

/// What the lines of a site are judged by.
pub struct Judge<'f> {
    /// The folder's index.
    pub index: Option<&'f LineIndex>,
    /// The site.
    pub site: Option<SiteKey>,
    /// The weights.
    pub weights: &'f Weights,
    /// Taken off each score.
    pub margin: i32,
}

/// What became of a line.
#[derive(Debug, Default)]
pub struct LineFate {
    /// Does it stand in the output?
    pub stays: bool,
    /// The code of the rule that takes it.
    pub taken: Option<String>,
    /// Its language.
    pub lang: String,
    /// What the log says of its text.
    pub removed: Option<RemovedLineText>,
    /// The line of the document that stays in its place.
    pub kept_line: Option<u64>,
}

/// The lines of a page, or one of them, with their fates by number, from 1.
pub fn line_explanations(
    page: &Page<'_>,
    line: Option<u64>,
    mut fates: HashMap<u64, LineFate>,
    document_lang: &str,
    judge: &Judge<'_>,
) -> Vec<LineExplanation> {
    let accounts = accounts(page, judge.index, judge.site, judge.weights, judge.margin);
    let mut lines = Vec::new();
    for (content, account) in page.lines().iter().zip(&accounts) {
        let at = content.number as u64 + 1;
        let fate = fates.remove(&at).unwrap_or_default();
        if line.is_some_and(|line| line != at) {
            continue;
        }
        lines.push(LineExplanation {
            line: at,
            text: content.text.to_owned(),
            stays: fate.stays,
            missed: if fate.taken.is_none() { rules_missed(account, &fate.lang, document_lang, judge.index.is_some()) } else { Vec::new() },
            taken: fate.taken,
            lang: fate.lang,
            kept_line: fate.kept_line,
            removed: fate.removed,
            judgement: account.judged.as_ref().zip(account.site_pages).map(|(judged, pages)| judgement(judged, pages, judge.weights)),
        });
    }
    lines
}

fn rules_missed(account: &Account, lang: &str, document_lang: &str, has_index: bool) -> Vec<Missed> {
    missed(account, lang, document_lang, has_index).into_iter().map(|(reason, why)| Missed { rule: reason.code(), why }).collect()
}

fn judgement(judged: &Judged, site_pages: u32, weights: &Weights) -> Judgement {
    let parts = TABLES.iter().zip(weights.contributions(&judged.classes));
    Judgement {
        verdict: match judged.verdict {
            Verdict::Stays => "stays",
            Verdict::Goes => "goes",
            Verdict::FirstStays => "first_stays",
        },
        score: judged.score,
        bias: weights.bias,
        margin: judged.margin,
        clamp: judged.clamp.map(|clamp| clamp.name()),
        clamp_words: judged.clamp.map(|clamp| clamp.words()),
        pages: judged.pages,
        site_pages,
        contributions: parts
            .map(|(features, tenths)| Contribution {
                features: features.iter().map(|feature| feature.name()).collect(),
                words: in_words(features.iter().map(|feature| feature.words()).collect()),
                tenths,
            })
            .collect(),
    }
}

/// "a", "a and b", "a, b and c".
fn in_words(parts: Vec<&str>) -> String {
    match parts.as_slice() {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}
