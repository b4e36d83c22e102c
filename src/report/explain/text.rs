//! An explanation in words, for a terminal.

use std::fmt::Write;

use super::{Contribution, Copies, Explanation, Judgement, LineExplanation, NamedDocument, TextExplanation};
use crate::{
    dedup::{Difference, Excerpt},
    model::Reason,
    report::{
        diff::plain_id,
        figure::number,
        terminal::{fit, printable, wrapped},
    },
};

/// Reasons for and against that are shown.
const SHOWN: usize = 3;
/// Columns of what is wrapped.
const COLUMNS: usize = 98;

/// The largest reasons for a line's going, and against; and how far the line was from the other verdict.
/// `other` is the rule that took it, where that was not the judgement.
fn reasons(judgement: &Judgement, other: Option<&str>, say: &mut dyn FnMut(String)) {
    let mut parts: Vec<&Contribution> = judgement.contributions.iter().filter(|part| part.tenths != 0).collect();
    parts.sort_by_key(|part| std::cmp::Reverse(part.tenths.abs()));
    for (title, sign) in [("for furniture", 1), ("for main text", -1)] {
        let all = || parts.iter().filter(|part| part.tenths.signum() == sign);
        for part in all().take(SHOWN) {
            paragraph(&format!("            {:>5}  {title}: ", tenths(part.tenths)), &part.words, say);
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
    let head = if other.is_some() { "          what would have changed that score's verdict: " } else { "          what would have changed it: " };
    paragraph(head, &change, say);
}

/// Tenths of a nat with their sign.
fn tenths(score: i32) -> String {
    format!("{}{}.{}", if score < 0 { "-" } else { "+" }, score.unsigned_abs() / 10, score.unsigned_abs() % 10)
}

fn words_of(code: &str) -> &'static str {
    Reason::from_code(code).map_or("", Reason::words)
}

/// The explanation as text; `full` with the rules that a line missed and what made a score.
pub fn explained(explanation: &Explanation, full: bool) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    let mut say = |text: String| {
        let _ = writeln!(out, "{}", printable(&text));
    };
    let place = format!("{}, record {}", explanation.source, explanation.position);
    if let Some(unread) = &explanation.unread {
        say(format!("record {} of {} could not be read", explanation.position, explanation.source));
        say(format!("  why: {} ({})", unread.message, unread.cause));
        paragraph("  what helps: ", &unread.hint, &mut say);
        say(format!("  it begins: {}", unread.head));
        say("  all of its bytes are in quarantine/, so nothing of it is lost".into());
        return out;
    }
    let site = match explanation.site.as_str() {
        "" if !explanation.stays => String::new(),
        "" => "; no site".to_owned(),
        site => format!("; site {site}"),
    };
    let id = explanation.id.as_ref().map_or_else(String::new, |id| id.get().to_owned());
    say(format!("document {id} ({place}{site})"));
    if let Some(reason) = explanation.reason.as_deref() {
        let is_noun = [Reason::DocumentExact, Reason::DocumentNear].iter().any(|of| of.code() == reason);
        let documents = if is_noun { "" } else { "documents " };
        say(format!("  went whole: {reason} ({documents}{})", words_of(reason)));
    }
    if let Some(kept) = &explanation.kept {
        let id = kept.id.as_ref().map_or("its id is not known".to_owned(), ToString::to_string);
        let there = match explanation.kept_stays {
            Some(false) => "; but that one is not in the output of this folder",
            _ => "",
        };
        let share = explanation.similarity.map_or_else(String::new, |share| format!("{share:.4}"));
        let how = match explanation.reason.as_deref().and_then(Reason::from_code) {
            Some(Reason::DocumentNear) => format!("{share} alike, and stays"),
            Some(Reason::DocumentCovered) => format!("holds {share} of its letters, and stays"),
            _ => "its copy stays".to_owned(),
        };
        say(format!("  {how}: document {id} ({}){there}", kept.place()));
    }
    if explanation.suspended {
        say("  the safety valve suspended the line rules at its site".into());
    }
    if explanation.stays {
        let gone = explanation.lines.iter().filter(|line| !line.stays).count();
        say(match (full, gone) {
            (true, 0) => "  stays, and this line of it too".into(),
            (true, _) => "  stays, but this line of it is gone".into(),
            _ => format!("  stays; of its {} lines {gone} are gone", explanation.lines.len()),
        });
    }
    copies(&explanation.copies, &mut say);
    for note in &explanation.notes {
        paragraph("  note: ", note, &mut say);
    }
    if !explanation.rules.is_empty() {
        say("  the rules for documents, in the order in which they are asked:".into());
        for rule in &explanation.rules {
            let head = format!("    {:<18} {:<9} ", rule.rule, rule.verdict.word());
            paragraph(&head, &rule.why, &mut say);
        }
    }
    if let Some(difference) = &explanation.difference {
        let covered = explanation.reason.as_deref() == Some(Reason::DocumentCovered.code());
        differs(difference, covered, &mut say);
    }
    if !explanation.lines.is_empty() && !full {
        say(match (explanation.stays, explanation.lines.iter().any(|line| line.taken.is_some())) {
            (true, true) => "  its lines; - is gone, and the word behind it names the rule:".into(),
            (true, false) => "  its lines:".into(),
            (false, true) => "  its lines, which all went with it; - is what the rules for lines take of such a text:".into(),
            (false, false) => "  its lines, which all went with it; the rules for lines take none of them:".into(),
        });
    }
    for line in &explanation.lines {
        let mark = if line.taken.is_some() { '-' } else { ' ' };
        let lang = if line.lang.is_empty() { String::new() } else { format!(" [{}]", line.lang) };
        let reason = line.taken.as_ref().map_or(String::new(), |reason| format!("  {reason}"));
        let room = if full { usize::MAX } else { COLUMNS.saturating_sub(8 + lang.len() + reason.len()) };
        say(format!("{mark} {:>5} {}{lang}{reason}", line.line, fit(&line.text, room)));
        if full {
            detail(line, explanation.stays, &mut say);
        }
    }
    out
}

/// The documents that went for one, by reason, the first of each with how alike they are.
fn copies(copies: &Copies, say: &mut dyn FnMut(String)) {
    for (reason, documents) in &copies.reasons {
        let of_reason = || copies.first.iter().filter(|copy| copy.reason == *reason);
        let ids: Vec<String> = of_reason()
            .map(|copy| {
                let place = NamedDocument { id: Some(copy.id.clone()), source: copy.source.clone(), position: copy.position, line: None };
                let share = copy.similarity.map_or_else(String::new, |share| format!(" {share:.2}"));
                format!("{}{share}", named(&place))
            })
            .collect();
        let more = if *documents > ids.len() as u64 { ", …" } else { "" };
        let one = *documents == 1;
        let went = match Reason::from_code(reason) {
            Some(Reason::DocumentNear) if one => "document went as its near duplicate",
            Some(Reason::DocumentNear) => "documents went as its near duplicates",
            Some(Reason::DocumentCovered) if one => "document went whose lines it holds",
            Some(Reason::DocumentCovered) => "documents went whose lines it holds",
            _ if one => "document went as its copy",
            _ => "documents went as its copies",
        };
        paragraph("  ", &format!("{} {went}: {}{more}", number(*documents), ids.join(", ")), say);
    }
}

/// In which words a document differs from the one that stays for it.
fn differs(difference: &Difference, covered: bool, say: &mut dyn FnMut(String)) {
    let Difference { common_words, own_words, kept_words, places, first, beginning_only } = difference;
    let words = |n: u64| format!("{} {}", number(n), if n == 1 { "word" } else { "words" });
    let sums =
        format!("{} in both, {} in this one alone, {} in the one that stays alone", words(*common_words), number(*own_words), number(*kept_words));
    paragraph("  the difference, furniture left out: ", &sums, say);
    if *beginning_only {
        paragraph("  note: ", "they are too long to be compared whole: this is of their beginnings", say);
    }
    if *places == 0 {
        let same = if covered { "each of its lines stands in the one that stays" } else { "word by word they are the same" };
        return say(format!("    {same}"));
    }
    let n = number(*places);
    say(match (covered, places) {
        (true, 1) => "  its lines that the one that stays has not stand in 1 place, [- -] around them:".into(),
        (true, _) => format!("  its lines that the one that stays has not stand in {n} places, [- -] around them:"),
        (false, 1) => "  they differ in 1 place; [- -] stands in this one alone, {+ +} in the one that stays:".into(),
        (false, _) => format!("  they differ in {n} places; [- -] stands in this one alone, {{+ +}} in the one that stays:"),
    });
    for place in first {
        let own = marked(&place.own, ("[-", "-]"));
        let kept = marked(&place.kept, ("{+", "+}"));
        let parts = [&place.before, &own, &kept, &place.after];
        let parts: Vec<&str> = parts.into_iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
        paragraph("    · ", &parts.join(" "), say);
    }
    if *places > first.len() as u64 {
        say(format!("    … {} more", number(places - first.len() as u64)));
    }
}

/// What only one of the two has, in marks; nothing where there is none.
fn marked(excerpt: &Excerpt, (open, close): (&str, &str)) -> String {
    match (excerpt.text.as_str(), excerpt.more_words) {
        ("", _) => String::new(),
        (text, 0) => format!("{open}{text}{close}"),
        (text, 1) => format!("{open}{text} … 1 more word{close}"),
        (text, more) => format!("{open}{text} … {} more words{close}", number(more)),
    }
}

/// A sentence behind a head, wrapped under its beginning.
fn paragraph(head: &str, text: &str, say: &mut dyn FnMut(String)) {
    let indent = " ".repeat(head.len());
    for (number, line) in wrapped(text, COLUMNS.saturating_sub(head.len())).into_iter().enumerate() {
        say(format!("{}{line}", if number == 0 { head } else { &indent }));
    }
}

/// A document by the name that people know it by.
fn named(document: &NamedDocument) -> String {
    let made = format!("{}:{}", document.source, document.position);
    match document.id.as_ref().map(|id| plain_id(id.get())) {
        Some(id) if id != made => format!("{id} ({made})"),
        _ => made,
    }
}

fn detail(line: &LineExplanation, document_stays: bool, say: &mut dyn FnMut(String)) {
    if let Some(removed) = &line.removed {
        say(format!("          why: {} (looks at: the {})", words_of(&removed.reason), removed.scope));
        let documents = if removed.pages == 1 { "document" } else { "documents" };
        say(format!("          this text went {} times, from {} {documents}", number(removed.count), number(removed.pages)));
        match (&removed.kept, line.kept_line) {
            (Some(kept), _) => say(format!("          its copy stays: document {}, line {}", kept.id, kept.line)),
            (None, Some(kept)) => say(format!("          its copy stays: line {kept} of this document")),
            (None, None) => say("          every copy goes".into()),
        }
    } else if let Some(reason) = &line.taken {
        say(format!("          why: {}; it would have gone from a document that stays", words_of(reason)));
    } else if !document_stays {
        say("          no rule for lines takes it: it went with its document".into());
    }
    if let Some(judgement) = line.judgement.as_ref().filter(|j| j.pages > 1) {
        let other = line.taken.as_deref().filter(|code| *code != Reason::LineSite.code());
        if other.is_some() && judgement.verdict == "stays" {
            say("          line_site, which is asked first, left it:".into());
        }
        say(format!(
            "          {} of the site's {} pages hold it; score {} (furniture above 0){}",
            judgement.pages,
            judgement.site_pages,
            tenths(judgement.score),
            judgement.clamp_words.map_or(String::new(), |words| format!(", set because {words}"))
        ));
        reasons(judgement, other, say);
    }
    for missed in &line.missed {
        paragraph(&format!("          not {}: ", missed.rule), &missed.why, say);
    }
}

/// What became of the lines of a text, in words.
pub fn explained_text(explanation: &TextExplanation) -> String {
    let mut out = String::new();
    let mut say = |text: String| {
        let _ = writeln!(out, "{}", printable(&text));
    };
    say(format!("the line: {}", explanation.text));
    if !explanation.exact {
        paragraph("  note: ", "it stands nowhere just so; these are lines that differ from it in case, spaces, addresses or digits alone", &mut say);
    }
    for removed in &explanation.removed {
        let entry = &removed.entry;
        let documents = if entry.pages == 1 { "document" } else { "documents" };
        say(format!("  went {} from {} {documents}: {} ({})", times(entry.count), number(entry.pages), entry.reason, words_of(&entry.reason)));
        if !explanation.exact {
            say(format!("    it reads: {}", entry.text));
        }
        match &entry.kept {
            Some(kept) => say(format!("    its copy stays: document {}, line {}", kept.id, kept.line)),
            None if entry.reason == Reason::LineDocumentProse.code() => say("    its first copy stays in each of these documents".into()),
            None => say("    no copy stays for it".into()),
        }
        places(&removed.first, entry.pages, &mut say);
    }
    match explanation.lines_that_stay {
        0 => say("  stays nowhere".into()),
        lines => {
            let documents = explanation.documents_that_hold_it;
            let noun = if documents == 1 { "document" } else { "documents" };
            say(format!("  stays {} in {} {noun}", times(lines), number(documents)));
            places(&explanation.first_that_hold_it, documents, &mut say);
        }
    }
    if explanation.documents_that_went > 0 {
        let documents = explanation.documents_that_went;
        let noun = if documents == 1 { "document" } else { "documents" };
        say(format!("  went with {} {noun} that went whole", number(documents)));
        places(&explanation.first_that_went, documents, &mut say);
    }
    out
}

fn times(n: u64) -> String {
    if n == 1 { "once".into() } else { format!("{} times", number(n)) }
}

fn places(first: &[NamedDocument], all: u64, say: &mut dyn FnMut(String)) {
    for document in first {
        let line = document.line.map_or_else(String::new, |line| format!(", line {line}"));
        say(format!("      {}{line}", named(document)));
    }
    if all > first.len() as u64 && !first.is_empty() {
        say(format!("      … {} more", number(all - first.len() as u64)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::RuleVerdict;

    #[test]
    fn what_is_said_of_rules_fits() {
        let mut lines = Vec::new();
        paragraph("    document_language  passed    ", &"some words ".repeat(30), &mut |line| lines.push(line));
        assert!(lines.len() > 3 && lines.iter().all(|line| line.len() <= 100));
        assert_eq!(RuleVerdict::NotReached.word().len(), 9);
    }
}
