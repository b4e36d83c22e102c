//! The account of one line: what each rule looked at, and what it missed of a line that stays, for `explain`. The rules
//! themselves do not use it.

use super::{
    Clamp, Judged, Page, Site, Verdict, Weights,
    corpus::{SHARE_PERCENT, SITES},
    index::{CorpusLine, LineIndex, SiteLine},
    judge_in_full,
};
use crate::{
    hash::SiteKey,
    model::{Kind, Reason, Stop},
};

/// What the rules saw of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its letters.
    pub letters: u32,
    /// How it reads.
    pub kind: Kind,
    /// Is it prose of 100 letters and more?
    pub is_long_prose: bool,
    /// How it ends.
    pub stop: Stop,
    /// Copies in its document.
    pub copies: u32,
    /// Pages of the site; `None` without a site or an index.
    pub site_pages: Option<u32>,
    /// Its counts at the site, if it stands on two pages or more.
    pub at_site: Option<SiteLine>,
    /// Its counts in the corpus, if it is furniture somewhere.
    pub in_corpus: Option<CorpusLine>,
    /// The judgement, where there is a site.
    pub judged: Option<Judged>,
}

/// The accounts of a page's lines.
pub fn accounts(page: &Page<'_>, index: Option<&LineIndex>, site: Option<SiteKey>, weights: &Weights, margin: i32) -> Vec<Account> {
    let scope = index.zip(site).and_then(|(index, key)| Site::of(index, key));
    let judged = scope.as_ref().map(|site| judge_in_full(page, site, weights, margin));
    page.lines()
        .iter()
        .enumerate()
        .map(|(j, line)| Account {
            letters: line.measures.letters,
            kind: line.measures.kind,
            is_long_prose: line.measures.is_long_prose(),
            stop: line.measures.stop,
            copies: page.copies(j),
            site_pages: scope.map(|site| site.pages),
            at_site: scope.and_then(|site| site.line(line.key).copied()),
            in_corpus: index.and_then(|index| index.corpus_line(line.key).copied()),
            judged: judged.as_ref().and_then(|lines| lines.get(j).copied()),
        })
        .collect()
}

/// What each rule missed of a line that stays. `lang` is the line's language, `document_lang` the document's.
pub fn missed(account: &Account, lang: &str, document_lang: &str, has_index: bool) -> Vec<(Reason, String)> {
    let mut out = Vec::new();
    let mut say = |reason: Reason, why: String| out.push((reason, why));
    say(Reason::LineSite, missed_site(account, has_index));
    let long = if account.is_long_prose { "long prose" } else { "no prose of 100 letters" };
    let pages = account.at_site.map_or(1, |line| line.pages);
    say(Reason::LineSiteProse, format!("it is {long}, on {pages} pages of the site (3 are needed)"));
    say(
        Reason::LineCorpus,
        match account.in_corpus {
            _ if matches!(account.kind, Kind::Prose | Kind::NoLetters) => "it is prose, or has no letters".into(),
            Some(line) => {
                format!("it is furniture at {} of the {} sites that hold it ({SITES} are needed, and {SHARE_PERCENT} %)", line.furniture, line.sites)
            }
            None => "it is furniture at no other site".into(),
        },
    );
    let known = |tag: &str| !matches!(tag, "" | "und" | "zxx" | "mul");
    say(
        Reason::LineForeignCaption,
        if !known(lang) {
            "its language is not known".into()
        } else if !known(document_lang) {
            "the document's language is not known, or there are several".into()
        } else if lang == document_lang {
            format!("it is in the document's language, {lang}")
        } else if account.copies < 2 && pages < 2 {
            format!("it is in another language ({lang}), but stands once in the document and on one page of the site")
        } else {
            format!("it is in another language ({lang}), but not surely a caption beside the document's own prose")
        },
    );
    say(
        Reason::LineDocument,
        if account.copies < 3 {
            format!("it stands {} in the document (3 times are needed)", times(account.copies))
        } else if matches!(account.stop, Stop::Sentence | Stop::Pause) {
            "it ends like a sentence or a label".into()
        } else {
            "it does not stand between paragraphs, or other lines repeat as often: the document's own structure".into()
        },
    );
    say(
        Reason::LineDocumentProse,
        if account.is_long_prose { format!("it stands {} in the document (or first)", times(account.copies)) } else { format!("it is {long}") },
    );
    out
}

fn times(n: u32) -> String {
    if n == 1 { "once".into() } else { format!("{n} times") }
}

fn missed_site(account: &Account, has_index: bool) -> String {
    let (Some(judged), Some(site_pages)) = (&account.judged, account.site_pages) else {
        return if has_index { "the document has no site".into() } else { "the folder holds no index to judge by".into() };
    };
    if account.kind == Kind::NoLetters {
        return "it has no letters: it goes only with its neighbours".into();
    }
    let score = nats(judged.score);
    match judged.clamp {
        Some(Clamp::Few) if site_pages < 3 => format!("the site has {site_pages} pages: a line goes only from 3 pages on"),
        Some(clamp @ Clamp::Few) => {
            format!("{}: {} of {site_pages}, and {} are needed", clamp.words(), judged.pages, super::judgement::LEAST_PAGES)
        }
        Some(clamp) => format!("{} ({} of the site's {site_pages} pages hold it)", clamp.words(), judged.pages),
        _ if judged.verdict != Verdict::Stays => format!("it scored {score} and would go, but stays as the first copy, or by a list or a switch"),
        _ if judged.score > 0 => format!("it scored {score}, but the lines around it read as main text"),
        _ => format!("it scored {score}; furniture begins above 0 ({} of the site's {site_pages} pages hold it)", judged.pages),
    }
}

/// A score in nats, with its sign.
fn nats(score: i32) -> String {
    format!("{}{}.{}", if score < 0 { "-" } else { "+" }, score.unsigned_abs() / 10, score.unsigned_abs() % 10)
}
