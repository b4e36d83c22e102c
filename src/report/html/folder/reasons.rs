//! The part of the page that says why: each reason in plain words, with lines and documents that it took.

use std::collections::BTreeMap;

use super::{
    super::figures::{counted, number, percent},
    words,
};
use crate::{
    model::Reason,
    report::{Amounts, DocumentExample, FolderReport, LineExample},
};

/// A reason with what it took.
pub struct ReasonView<'a> {
    pub code: String,
    pub title: String,
    pub explanation: &'static str,
    /// What it took, in words.
    pub amounts: String,
    /// The first example, and the others.
    pub first: Option<&'a LineExample>,
    pub others: &'a [LineExample],
    pub documents: &'a [DocumentExample],
}

impl<'a> ReasonView<'a> {
    /// Every reason that took something, in the order of reports.
    pub fn all(report: &'a FolderReport) -> Vec<ReasonView<'a>> {
        let numbers = &report.numbers;
        let reasons = in_order(&numbers.removed_lines).into_iter().chain(in_order(&numbers.removed_documents));
        reasons.map(|(code, amounts)| ReasonView::of(report, code, amounts)).collect()
    }

    fn of(report: &'a FolderReport, code: &str, amounts: &Amounts) -> ReasonView<'a> {
        let numbers = &report.numbers;
        let share = percent(amounts.chars, numbers.input.chars);
        let amounts = if numbers.removed_documents.contains_key(code) {
            format!(
                "{} with {} ({share} of all characters).",
                counted(amounts.documents, "document", "documents"),
                counted(amounts.lines, "line", "lines")
            )
        } else {
            let texts = match report.distinct_texts.get(code) {
                Some(n) => format!("; {}", counted(*n, "distinct text", "distinct texts")),
                None => String::new(),
            };
            format!(
                "{} from {} ({share} of all characters){texts}.",
                counted(amounts.lines, "line", "lines"),
                counted(amounts.documents, "document", "documents")
            )
        };
        let lines = report.lines.get(code).map_or(&[][..], Vec::as_slice);
        let (first, others) = match lines.split_first() {
            Some((first, others)) => (Some(first), others),
            None => (None, &[][..]),
        };
        ReasonView {
            code: code.to_owned(),
            title: words::title(code).to_owned(),
            explanation: words::explanation(code),
            amounts,
            first,
            others,
            documents: report.documents.get(code).map_or(&[], Vec::as_slice),
        }
    }

    /// How many examples are folded away.
    pub fn others_in_words(&self) -> String {
        counted(self.others.len() as u64, "more example", "more examples")
    }
}

/// Reasons in the order of reports; those that this version does not know last.
pub fn in_order(reasons: &BTreeMap<String, Amounts>) -> Vec<(&String, &Amounts)> {
    let rank = |code: &str| Reason::ALL.iter().position(|reason| reason.code() == code).unwrap_or(usize::MAX);
    let mut reasons: Vec<(&String, &Amounts)> = reasons.iter().collect();
    reasons.sort_by_key(|(code, _)| rank(code));
    reasons
}

/// How often a line's text went, in words.
pub fn went(example: &LineExample) -> String {
    match (example.count, example.pages) {
        (1, _) => "This text went once.".to_owned(),
        (count, 1) => format!("This text went {} times, all from this document.", number(count)),
        (count, pages) => format!("This text went {} times, from {} documents.", number(count), number(pages)),
    }
}
