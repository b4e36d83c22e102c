//! The page of a washed folder: `buddle report`.
//!
//! Numbers come from `report.json` and add up as they do there; what they are of is shown by samples that were gathered with
//! them. Every list has its most, and says how many more there are: a run over a million documents gives a page below 2 MB.

mod alike;
mod numbers;
mod reasons;
mod run;
mod words;

use askama::Template;

use self::{
    alike::{Alike, similarities, summary},
    numbers::{Languages, Ledger, Sites, encodings, flow, languages, lengths},
    reasons::{ReasonView, went},
    run::{Folder, UnreadableView},
};
use super::{
    Bars, Figure, Flow, Headline, Histogram, Sample, Shell,
    figures::{counted, number, percent},
};
use crate::{
    model::{Error, Result},
    report::{Cluster, FolderReport, Numbers},
};

#[derive(Template)]
#[template(path = "folder/page.html", config = "src/report/html/askama.toml")]
struct Page<'a> {
    shell: Shell,
    headline: Headline,
    /// What the folder lacks, in words.
    lacks: Vec<&'static str>,
    flow: Flow,
    ledger: Ledger,
    reasons: Vec<ReasonView<'a>>,
    sites: Sites,
    languages: Languages,
    encodings: Bars,
    /// Changes to text that stays: what, times.
    changes: Vec<(String, String)>,
    histogram: Histogram,
    unknown_lengths: Option<String>,
    /// Groups of exact copies in words; nothing where there are none.
    copies: Option<String>,
    clusters: &'a [Cluster],
    /// Near duplicates, then covered documents.
    alike: Vec<Alike<'a>>,
    similarities: Option<Histogram>,
    unreadable: UnreadableView<'a>,
    /// Sites that the safety valve suspended: site, share that would have gone.
    suspended: Vec<(Sample, String)>,
    suspended_more: Option<String>,
    run: Folder,
}

/// Suspended sites that are listed.
const SUSPENDED: usize = 100;

/// The page of a washed folder.
///
/// # Errors
/// None but those of the template.
pub fn folder_page(report: &FolderReport) -> Result<String> {
    let numbers = &report.numbers;
    let lede = format!(
        "{} from {}, washed by buddle {}. What came in, what went and why, and what stays.",
        counted(numbers.input.documents, "document", "documents"),
        counted(numbers.sources.read, "source", "sources"),
        report.manifest.version
    );
    let suspended = numbers.suspended_sites.iter().take(SUSPENDED);
    let page = Page {
        shell: Shell::new("What the wash did", lede, sections()),
        headline: headline(numbers),
        lacks: lacks(report),
        flow: flow(numbers),
        ledger: Ledger::of(numbers),
        reasons: ReasonView::all(report),
        sites: Sites::of(report),
        languages: languages(numbers),
        encodings: encodings(numbers),
        changes: changes(numbers),
        histogram: lengths(&report.lengths),
        unknown_lengths: (report.lengths.unknown > 0).then(|| counted(report.lengths.unknown, "document that went is", "documents that went are")),
        copies: copies(report),
        clusters: &report.copies.largest,
        alike: Alike::all(report),
        similarities: similarities(&report.similarities),
        unreadable: UnreadableView::of(report),
        suspended: suspended.map(|(site, permille)| (Sample::new(site, 100), format!("{}.{} %", permille / 10, permille % 10))).collect(),
        suspended_more: more(numbers.suspended_sites.len() as u64, SUSPENDED),
        run: Folder::of(report),
    };
    page.render().map_err(|e| Error::conservation(format!("a page cannot be rendered: {e}")))
}

fn sections() -> Vec<(&'static str, &'static str)> {
    vec![
        ("flow", "What came in, what stays"),
        ("reasons", "Reasons"),
        ("sites", "Sites"),
        ("languages", "Languages"),
        ("encodings", "Encodings"),
        ("lengths", "Lengths"),
        ("copies", "Copies and look-alikes"),
        ("unreadable", "Unreadable"),
        ("valve", "Safety valve"),
        ("again", "Run it again"),
    ]
}

fn headline(numbers: &Numbers) -> Headline {
    let (input, output) = (&numbers.input, &numbers.output);
    let stay = |part: u64, whole: u64| format!("of {} stay ({})", number(whole), percent(part, whole));
    let unreadable: u64 = numbers.quarantined.values().sum();
    let mut figures = vec![
        Figure::new("Documents", number(output.documents), stay(output.documents, input.documents)),
        Figure::new("Lines", number(output.lines), stay(output.lines, input.lines)),
        Figure::new("Characters", number(output.chars), stay(output.chars, input.chars)),
        Figure {
            warns: unreadable > 0,
            ..Figure::new("Unreadable records", number(unreadable), if unreadable > 0 { "in the quarantine" } else { "every record was read" })
        },
    ];
    let suspended = numbers.suspended_sites.len() as u64;
    if suspended > 0 {
        let note = "the safety valve held the line rules back";
        figures.push(Figure { warns: true, ..Figure::new("Suspended sites", number(suspended), note) });
    }
    Headline { figures }
}

/// What a reader may look for in vain.
fn lacks(report: &FolderReport) -> Vec<&'static str> {
    let holds = report.holds;
    let mut lacks = Vec::new();
    if !holds.data && report.numbers.output.documents > 0 {
        lacks.push(
            "The clean documents were written elsewhere, so examples stand without their neighbours, and lengths are those of removed documents.",
        );
    }
    if !holds.removed {
        lacks.push("The folder holds no removed log (--removed none), so there are numbers, but no examples and no groups of copies.");
    } else if !holds.texts {
        lacks.push("The removed log holds no texts (--removed ids), so examples name what went, but do not quote it.");
    }
    if !holds.index {
        lacks.push("The folder holds no line index (--no-index), so buddle explain cannot judge its lines again.");
    }
    lacks
}

fn changes(numbers: &Numbers) -> Vec<(String, String)> {
    let steps = numbers.normalized.iter().map(|(name, n)| (words::change(name).to_owned(), *n));
    let repaired = numbers.repaired.iter().map(|(name, n)| (format!("lines of mojibake that had been misread in {name}"), *n));
    let mixed = numbers.mixed_lines.iter().map(|(name, n)| (format!("lines in {name} in texts of UTF-8"), *n));
    let replaced = (numbers.replaced > 0).then(|| ("bytes that fit no encoding and stand as U+FFFD".to_owned(), numbers.replaced));
    steps.chain(repaired).chain(mixed).chain(replaced).filter(|(_, n)| *n > 0).map(|(what, n)| (what, number(n))).collect()
}

fn copies(report: &FolderReport) -> Option<String> {
    let gone = report.numbers.removed_documents.get("document_exact").map_or(0, |amounts| amounts.documents);
    (gone > 0).then(|| summary(gone, ("copy", "copies"), &report.copies))
}

/// How many of a list are not shown.
fn more(all: u64, shown: usize) -> Option<String> {
    let rest = all.saturating_sub(shown as u64);
    (rest > 0).then(|| number(rest))
}

/// How alike two documents are, in words.
fn alike_in_words(similarity: &f64) -> String {
    format!("{similarity:.2} alike")
}

/// How many copies went, in words.
fn copies_in_words(gone: u64) -> String {
    counted(gone, "copy went", "copies went")
}
