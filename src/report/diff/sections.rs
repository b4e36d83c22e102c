//! A difference in sections: words, tables and examples, before any format. All formats show the same of it, and each makes
//! every string safe in its own way.

use std::collections::BTreeMap;

use super::{ABSENT, Content, Diff, DocumentExample, Inputs, LineExample, Listed, Pair, STAYS, SumPair, UNKNOWN};
use crate::{model::Reason, report::figure::number};

/// A part of the difference with a heading.
#[derive(Debug)]
pub(super) struct Section {
    /// Its name in addresses.
    pub id: &'static str,
    /// Its heading.
    pub title: &'static str,
    /// What stands in it.
    pub pieces: Vec<Piece>,
}

/// A piece of a section.
#[derive(Debug)]
pub(super) enum Piece {
    /// A sentence.
    Words(String),
    /// A table.
    Table(Table),
    /// A change with examples.
    Change(ChangeShown),
}

/// A table; the first column is text, the others are as `numbers` says.
#[derive(Debug)]
pub(super) struct Table {
    /// What it is about.
    pub caption: &'static str,
    /// Heads of the columns.
    pub heads: Vec<&'static str>,
    /// Do the columns behind the first hold numbers?
    pub numbers: bool,
    /// The rows.
    pub rows: Vec<Vec<String>>,
    /// What is not listed.
    pub more: Option<String>,
}

/// A change with examples.
#[derive(Debug)]
pub(super) struct ChangeShown {
    /// What changed, and how much of it.
    pub title: String,
    /// Examples.
    pub examples: Vec<ExampleShown>,
    /// What is not shown.
    pub more: Option<String>,
}

/// An example.
#[derive(Debug)]
pub(super) struct ExampleShown {
    /// Which document or line it is.
    pub place: String,
    /// Its text.
    pub text: Option<String>,
    /// The language of the text, where it is known.
    pub lang: String,
}

/// Is there any difference, in a sentence.
pub(super) fn verdict(diff: &Diff) -> String {
    let Some(content) = &diff.content else {
        return if diff.changed { "The sums of what came out differ." } else { "The sums of what came out are the same." }.into();
    };
    if !diff.changed {
        return "What came out is the same: every document, and every line of it.".into();
    }
    let documents = |of: &dyn Fn(&str, &str) -> bool| -> u64 {
        content.documents.iter().filter(|change| of(&change.from, &change.to)).map(|change| change.documents).sum()
    };
    let lines = |of: &dyn Fn(&str, &str) -> bool| -> u64 {
        content.lines.iter().filter(|change| of(&change.from, &change.to)).map(|change| change.lines).sum()
    };
    let gone = |from: &str, to: &str| from == STAYS && to != ABSENT;
    let come = |from: &str, to: &str| to == STAYS && from != ABSENT;
    let moved = |from: &str, to: &str| ![from, to].iter().any(|code| [STAYS, ABSENT].contains(code));
    let mut parts = Vec::new();
    let mut part = |n: u64, one: &str, many: &str| {
        if n > 0 {
            parts.push(format!("{} {}", number(n), if n == 1 { one } else { many }));
        }
    };
    part(documents(&gone), "document is newly removed", "documents are newly removed");
    part(documents(&come), "document is newly kept", "documents are newly kept");
    part(documents(&moved), "document goes for another reason", "documents go for another reason");
    part(documents(&|from, _| from == ABSENT), "document is new in the input", "documents are new in the input");
    part(documents(&|_, to| to == ABSENT), "document is no longer in the input", "documents are no longer in the input");
    part(lines(&gone), "line is newly removed", "lines are newly removed");
    part(lines(&come), "line is newly kept", "lines are newly kept");
    part(lines(&moved), "line goes for another reason", "lines go for another reason");
    part(content.other_output.documents, "text came out otherwise", "texts came out otherwise");
    part(content.other_text.documents, "text was another in the input", "texts were others in the input");
    if parts.is_empty() {
        return "What came out differs.".into();
    }
    format!("{}.", parts.join(", "))
}

/// The sections of a difference.
pub(super) fn sections(diff: &Diff) -> Vec<Section> {
    let mut sections = vec![made(diff), figures(diff)];
    if let Some(content) = &diff.content {
        sections.push(documents(content));
        sections.push(lines(content));
        if content.sites.count > 0 {
            sections.push(sites(content));
        }
    }
    if !diff.untold.is_empty() {
        let pieces = diff.untold.iter().map(|what| Piece::Words(format!("{}.", sentence(what)))).collect();
        sections.push(Section { id: "untold", title: "What cannot be told", pieces });
    }
    sections
}

fn made(diff: &Diff) -> Section {
    let mut pieces = Vec::new();
    let mut rows = Vec::new();
    let of = |value: &Option<String>| value.clone().unwrap_or_else(|| "not set".into());
    if diff.before.version != diff.after.version {
        let version = |side: &Option<String>| side.clone().unwrap_or_else(|| "not known".into());
        rows.push(vec!["version".into(), version(&diff.before.version), version(&diff.after.version)]);
    }
    rows.extend(diff.settings.iter().map(|change| vec![change.key.clone(), of(&change.before), of(&change.after)]));
    if rows.is_empty() {
        if let Some(version) = &diff.before.version {
            pieces.push(Piece::Words(format!("The same version ({version}) and the same settings, as far as the output depends on them.")));
        }
    } else {
        pieces.push(Piece::Table(Table {
            caption: "Version and settings that the output depends on",
            heads: vec!["setting", "before", "after"],
            numbers: false,
            rows,
            more: None,
        }));
    }
    if diff.weights_differ == Some(true) {
        pieces.push(Piece::Words("The weights that lines were judged by differ.".into()));
    }
    if !diff.machine_settings.is_empty() {
        pieces.push(Piece::Words(format!("Of no effect on the output: {}.", diff.machine_settings.join(", "))));
    }
    if let Some(inputs) = &diff.inputs {
        pieces.push(Piece::Words(inputs_in_words(inputs)));
        let renamed = inputs.renamed.first.iter().map(|(a, b)| format!("{a} is now {b}")).collect();
        list(&mut pieces, "the same bytes under another name", inputs.renamed.count, renamed);
        for (what, names) in [
            ("other bytes under one name", &inputs.changed),
            ("read by the second run alone", &inputs.added),
            ("read by the first run alone", &inputs.gone),
        ] {
            list(&mut pieces, what, names.count, names.first.clone());
        }
    }
    Section { id: "made", title: "How they were made", pieces }
}

fn inputs_in_words(inputs: &Inputs) -> String {
    let others = inputs.renamed.count + inputs.changed.count + inputs.added.count + inputs.gone.count;
    match (inputs.same, others) {
        (1, 0) => "Both read the same input.".into(),
        (n, 0) => format!("Both read the same {} inputs.", number(n)),
        (0, _) => "They read different inputs.".into(),
        (n, _) => format!("Inputs of the same name and bytes: {}.", number(n)),
    }
}

fn list(pieces: &mut Vec<Piece>, what: &str, count: u64, names: Vec<String>) {
    if count == 0 {
        return;
    }
    let rest = count - names.len() as u64;
    pieces.push(Piece::Change(ChangeShown {
        title: format!("{} {}: {what}", number(count), if count == 1 { "input" } else { "inputs" }),
        examples: names.into_iter().map(|place| ExampleShown { place, text: None, lang: String::new() }).collect(),
        more: (rest > 0).then(|| format!("{} more", number(rest))),
    }));
}

/// A number with its sign.
pub(super) fn signed(change: i128) -> String {
    let digits = number(u64::try_from(change.unsigned_abs()).unwrap_or(u64::MAX));
    match change {
        0 => "0".into(),
        1.. => format!("+{digits}"),
        _ => format!("-{digits}"),
    }
}

fn row(label: String, pair: Pair) -> Vec<String> {
    vec![label, number(pair.before), number(pair.after), signed(pair.change())]
}

fn figures(diff: &Diff) -> Section {
    let figures = &diff.figures;
    let heads = || vec!["", "before", "after", "change"];
    let mut rows = vec![
        row("records read".into(), figures.records),
        row("documents read".into(), figures.input.documents),
        row("documents in the output".into(), figures.output.documents),
        row("lines in the output".into(), figures.output.lines),
        row("characters in the output".into(), figures.output.chars),
    ];
    rows.extend(figures.quarantined.iter().map(|(cause, pair)| row(format!("unreadable: {cause}"), *pair)));
    let mut pieces = vec![Piece::Table(Table { caption: "Sums of both reports", heads: heads(), numbers: true, rows, more: None })];
    let by_reason = |sums: &BTreeMap<String, SumPair>, of: fn(&SumPair) -> Pair| -> Vec<Vec<String>> {
        sums.iter().map(|(code, sums)| row(code.clone(), of(sums))).collect()
    };
    for (caption, rows) in [
        ("Documents removed, by reason", by_reason(&figures.removed_documents, |sums| sums.documents)),
        ("Lines removed from documents that stay, by reason", by_reason(&figures.removed_lines, |sums| sums.lines)),
        ("Languages of documents, those that differ", differing(&figures.document_languages)),
        ("Changes of text, those that differ", differing(&figures.normalized)),
    ] {
        if !rows.is_empty() {
            pieces.push(Piece::Table(Table { caption, heads: heads(), numbers: true, rows, more: None }));
        }
    }
    Section { id: "sums", title: "Sums", pieces }
}

fn differing(counts: &BTreeMap<String, Pair>) -> Vec<Vec<String>> {
    counts.iter().filter(|(_, pair)| pair.differs()).map(|(name, pair)| row(name.clone(), *pair)).collect()
}

/// A number with its noun.
fn counted(n: u64, one: &str, many: &str) -> String {
    format!("{} {}", number(n), if n == 1 { one } else { many })
}

/// A code with its meaning.
fn meaning(code: &str) -> String {
    match code {
        STAYS => "in the output".into(),
        ABSENT => "not in the input".into(),
        UNKNOWN => "gone for a reason that the folder does not hold".into(),
        code => match Reason::from_code(code) {
            Some(reason) => format!("{code} ({})", reason.words()),
            None => code.to_owned(),
        },
    }
}

/// What a change is, in words.
fn change_in_words(from: &str, to: &str) -> String {
    match (from, to) {
        (ABSENT, STAYS) => "new in the input, and kept".into(),
        (ABSENT, to) => format!("new in the input, and removed as {}", meaning(to)),
        (STAYS, ABSENT) => "no longer in the input, kept before".into(),
        (from, ABSENT) => format!("no longer in the input, removed before as {}", meaning(from)),
        (STAYS, to) => format!("newly removed as {}", meaning(to)),
        (from, STAYS) => format!("newly kept, removed before as {}", meaning(from)),
        (from, to) => format!("removed for another reason, {from} before and now {}", meaning(to)),
    }
}

/// The id as people write it: a string without its quotes.
pub(in crate::report) fn plain_id(raw: &str) -> String {
    serde_json::from_str::<String>(raw).unwrap_or_else(|_| raw.to_owned())
}

fn document_shown(example: &DocumentExample) -> ExampleShown {
    let made = format!("{}:{}", example.source, example.position);
    let mut place = match example.id.as_ref().map(|id| plain_id(id.get())) {
        Some(id) if id != made => format!("{made}  id {id}"),
        _ => made,
    };
    if let Some(kept) = &example.kept {
        place.push_str(&format!("  copy of {}", plain_id(kept)));
    }
    ExampleShown { place, text: example.text.clone(), lang: String::new() }
}

fn line_shown(example: &LineExample) -> ExampleShown {
    let times = if example.lines == 1 { "once".to_owned() } else { format!("{} times", number(example.lines)) };
    let first = if example.lines == 1 { "" } else { "first " };
    ExampleShown {
        place: format!("{times}, {first}in {}:{} line {}", example.source, example.position, example.line),
        text: Some(example.text.clone().unwrap_or_else(|| "(the log holds no text)".into())),
        lang: example.lang.clone().unwrap_or_default(),
    }
}

fn documents(content: &Content) -> Section {
    let matched = &content.matched;
    let mut pieces = Vec::new();
    let mut how = Vec::new();
    if matched.by_place > 0 {
        how.push(format!("{} by source and position, in inputs that both runs read", number(matched.by_place)));
    }
    if matched.by_id > 0 {
        how.push(format!("{} by id, in inputs that differ", number(matched.by_id)));
    }
    if matched.by_repeated_id > 0 {
        how.push(format!("{} of these by an id that stands more than once, in their order", number(matched.by_repeated_id)));
    }
    if !how.is_empty() {
        pieces.push(Piece::Words(format!("Documents were matched: {}.", how.join("; "))));
    }
    if content.documents.is_empty() {
        pieces.push(Piece::Words("No document is newly removed, newly kept, or removed for another reason.".into()));
    }
    for change in &content.documents {
        pieces.push(document_change(change_in_words(&change.from, &change.to), change.documents, &change.examples));
    }
    let others = [
        (&content.other_output, "kept in both with the same lines, written otherwise (decoded or normalised)"),
        (&content.other_text, "kept in both, whose text in the input was another: not compared line by line"),
    ];
    for (found, what) in others {
        if found.documents > 0 {
            pieces.push(document_change(what.into(), found.documents, &found.examples));
        }
    }
    for (n, what) in [
        (content.documents_unknown, "documents went in both runs; one of the folders does not hold why."),
        (content.lines_unknown, "documents are kept in both, but which of their lines went cannot be compared."),
    ] {
        if n > 0 {
            pieces.push(Piece::Words(format!("{} {what}", number(n))));
        }
    }
    Section { id: "documents", title: "Documents", pieces }
}

fn document_change(what: String, count: u64, examples: &[DocumentExample]) -> Piece {
    let rest = count - (examples.len() as u64).min(count);
    Piece::Change(ChangeShown {
        title: format!("{} {what}", counted(count, "document", "documents")),
        examples: examples.iter().map(document_shown).collect(),
        more: (rest > 0 && !examples.is_empty()).then(|| format!("{} more", number(rest))),
    })
}

fn lines(content: &Content) -> Section {
    let mut pieces = Vec::new();
    if content.lines.is_empty() {
        pieces.push(Piece::Words("Of documents that stay in both, no line is newly removed, newly kept, or removed for another reason.".into()));
    }
    for change in &content.lines {
        let texts = if change.texts == 1 { "1 text".to_owned() } else { format!("{} texts", number(change.texts)) };
        let rest = change.texts - (change.examples.len() as u64).min(change.texts);
        pieces.push(Piece::Change(ChangeShown {
            title: format!("{} {}, {texts}", counted(change.lines, "line", "lines"), change_in_words(&change.from, &change.to)),
            examples: change.examples.iter().map(line_shown).collect(),
            more: (rest > 0 && !change.examples.is_empty()).then(|| format!("{} more texts", number(rest))),
        }));
    }
    if !content.lines_with_documents.is_empty() {
        let rows = content.lines_with_documents.iter().map(|sum| vec![sum.from.clone(), sum.to.clone(), number(sum.lines)]).collect();
        pieces.push(Piece::Table(Table {
            caption: "Lines that went or came with their document",
            heads: vec!["before", "after", "lines"],
            numbers: true,
            rows,
            more: None,
        }));
    }
    Section { id: "lines", title: "Lines", pieces }
}

fn sites(content: &Content) -> Section {
    let Listed { count, first } = &content.sites;
    let rows = first
        .iter()
        .map(|site| {
            let name = if site.site.is_empty() { "(no site)".to_owned() } else { site.site.clone() };
            vec![
                name,
                number(site.documents.after),
                signed(site.documents.change()),
                number(site.lines.after),
                signed(site.lines.change()),
                number(site.lines_moved),
            ]
        })
        .collect();
    let rest = count - first.len() as u64;
    Section {
        id: "sites",
        title: "Sites",
        pieces: vec![Piece::Table(Table {
            caption: "Sites with most changes: documents in the output and their lines; lines that go for another reason",
            heads: vec!["site", "documents", "(change)", "lines", "(change)", "other reason"],
            numbers: true,
            rows,
            more: (rest > 0).then(|| format!("{} more sites", number(rest))),
        })],
    }
}

/// With a capital at its beginning.
fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
