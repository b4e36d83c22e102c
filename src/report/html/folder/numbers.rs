//! The parts of the page that are numbers alone: flow, ledger, sites, languages, encodings, lengths.

use super::{
    super::figures::{counted, number, percent, permille},
    Bars, Flow, Histogram, Sample, more,
    reasons::in_order,
    words,
};
use crate::report::{
    Amounts, FolderReport, LENGTHS, Lengths, Numbers, SiteNumbers,
    html::{Part, language_name},
};

/// Languages, encodings, sites and texts that are listed.
const LANGUAGES: usize = 20;
const ENCODINGS: usize = 20;
const SITES: usize = 40;
const TEXTS: usize = 20;

/// Characters from the input to what stays and what went.
pub fn flow(numbers: &Numbers) -> Flow {
    let mut went: Vec<(&String, u64)> =
        numbers.removed_documents.iter().chain(&numbers.removed_lines).map(|(reason, amounts)| (reason, amounts.chars)).collect();
    went.sort_by_key(|(reason, chars)| (std::cmp::Reverse(*chars), *reason));
    let stays = Part { label: "Stays".into(), amount: numbers.output.chars, stays: true };
    let went = went.into_iter().map(|(reason, chars)| Part { label: words::title(reason).to_owned(), amount: chars, stays: false });
    let parts: Vec<Part> = std::iter::once(stays).chain(went).collect();
    Flow::new("Where the characters went", ("Came in", numbers.input.chars), "characters", &parts)
}

/// Amounts in words.
pub struct Row {
    /// What they are of.
    pub name: String,
    /// The section that says more; empty for none.
    pub id: String,
    pub documents: String,
    pub lines: String,
    pub chars: String,
    pub share: String,
}

impl Row {
    fn new(name: &str, id: &str, amounts: &Amounts, whole: &Amounts) -> Row {
        Row {
            name: name.to_owned(),
            id: id.to_owned(),
            documents: number(amounts.documents),
            lines: number(amounts.lines),
            chars: number(amounts.chars),
            share: percent(amounts.chars, whole.chars),
        }
    }
}

/// What came in, what went, what stays: the table beside the flow.
pub struct Ledger {
    pub input: Row,
    pub documents: Vec<Row>,
    pub lines: Vec<Row>,
    pub output: Row,
}

impl Ledger {
    /// The sums of a run.
    pub fn of(numbers: &Numbers) -> Ledger {
        let row = |(reason, amounts): (&String, &Amounts)| Row::new(words::title(reason), reason, amounts, &numbers.input);
        Ledger {
            input: Row::new("Came in", "", &numbers.input, &numbers.input),
            documents: in_order(&numbers.removed_documents).into_iter().map(row).collect(),
            lines: in_order(&numbers.removed_lines).into_iter().map(row).collect(),
            output: Row::new("Stays", "", &numbers.output, &numbers.input),
        }
    }
}

/// The sites, and what they repeat.
pub struct Sites {
    /// All of it in a sentence.
    pub summary: String,
    pub rows: Vec<SiteRow>,
    pub more: Option<String>,
    /// Texts of each of the largest.
    pub texts: Vec<(Sample, String, Vec<TextRow>)>,
    /// Of all sites.
    pub most: Vec<TextRow>,
    pub most_more: Option<String>,
}

/// A site in the table.
pub struct SiteRow {
    pub site: Sample,
    pub documents: String,
    pub furniture: String,
    pub share: String,
    /// Of a bar, in thousandths.
    pub length: u64,
    pub suspended: bool,
}

/// A text that went.
pub struct TextRow {
    pub times: String,
    pub text: Option<Sample>,
    pub reason: String,
}

impl Sites {
    /// What a folder says of its sites.
    pub fn of(report: &FolderReport) -> Sites {
        let numbers = &report.numbers;
        let lost: Vec<_> = numbers.sites.iter().filter(|site| site.furniture.lines > 0 || site.suspended).collect();
        let rows = lost.iter().take(SITES).map(|site| {
            let whole = site.output.chars + site.furniture.chars;
            SiteRow {
                site: Sample::new(&site.site, 100),
                documents: number(site.input.documents),
                furniture: number(site.furniture.lines),
                share: percent(site.furniture.chars, whole),
                length: permille(site.furniture.chars, whole),
                suspended: site.suspended,
            }
        });
        let least = |exact| if exact { "" } else { "≥ " };
        let texts = report.sites.iter().filter(|site| !site.texts.is_empty()).map(|site| {
            let rows = site.texts.iter().map(|(reason, times, text)| TextRow {
                times: format!("{}{}", least(site.exact), number(*times)),
                text: text.clone(),
                reason: words::title(reason).to_owned(),
            });
            let SiteNumbers { site, input, output, furniture, .. } = &site.numbers;
            let share = percent(furniture.chars, output.chars + furniture.chars);
            let summary = format!("{}, {share} furniture", counted(input.documents, "document", "documents"));
            (Sample::new(site, 100), summary, rows.collect())
        });
        let most = numbers.most_frequent.iter().take(TEXTS).map(|text| TextRow {
            times: number(text.count),
            text: (!text.text.is_empty()).then(|| Sample::new(&text.text, 200).in_language(&text.lang)),
            reason: words::title(&text.reason).to_owned(),
        });
        Sites {
            summary: summary(numbers),
            rows: rows.collect(),
            more: more(lost.len() as u64, SITES),
            texts: texts.collect(),
            most: most.collect(),
            most_more: more(numbers.removed_texts, TEXTS),
        }
    }
}

fn summary(numbers: &Numbers) -> String {
    let without = match numbers.without_site {
        0 => String::new(),
        n => format!(
            " {} no site (no URL, no folder named like a host): what sites repeat is not looked for there.",
            counted(n, "document has", "documents have")
        ),
    };
    let sites = match numbers.site_count {
        0 => String::new(),
        n => format!("{} came in.", counted(n, "site", "sites")),
    };
    format!("{sites}{without}").trim().to_owned()
}

/// Languages of what stays.
pub struct Languages {
    pub documents: Bars,
    pub lines: Bars,
}

/// The languages of a run.
pub fn languages(numbers: &Numbers) -> Languages {
    let bars = |caption: &str, head: &'static str, languages: &std::collections::BTreeMap<String, u64>, whole: u64| {
        let rows = by_amount(languages.iter().map(|(tag, n)| (tag.clone(), language_name(tag).to_owned(), *n)));
        Bars::new(caption, ("Language", head), &rows, LANGUAGES, whole)
    };
    Languages {
        documents: bars("Languages of the documents that stay", "Documents", &numbers.document_languages, numbers.output.documents),
        lines: bars("Languages of the lines that stay", "Lines", &numbers.line_languages, numbers.output.lines),
    }
}

/// The encodings of a run, and how they were told.
pub fn encodings(numbers: &Numbers) -> Bars {
    let rows = by_amount(numbers.encodings.iter().map(|(key, n)| {
        let (name, by) = key.rsplit_once(' ').unwrap_or((key, ""));
        (name.to_owned(), words::evidence(by).to_owned(), *n)
    }));
    Bars::new("Encodings of the documents that came in", ("Encoding", "Documents"), &rows, ENCODINGS, numbers.input.documents)
}

/// The largest first; equal ones by their codes.
fn by_amount(rows: impl Iterator<Item = (String, String, u64)>) -> Vec<(String, String, u64)> {
    let mut rows: Vec<_> = rows.collect();
    rows.sort_by(|a, b| b.2.cmp(&a.2).then_with(|| a.cmp(b)));
    rows
}

/// How long documents are.
pub fn lengths(lengths: &Lengths) -> Histogram {
    let short = |n: u64| if n >= 1000 { format!("{}k", n / 1000) } else { n.to_string() };
    let classes: Vec<_> = LENGTHS
        .iter()
        .zip(&lengths.classes)
        .map(|(least, (input, output))| (if *least == 0 { "0".to_owned() } else { format!("{}+", short(*least)) }, *input, *output))
        .collect();
    Histogram::new("Documents by the number of their characters.", "Characters", ("came in", "stay"), &classes)
}
