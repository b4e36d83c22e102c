//! Captions in a foreign language: the line of another edition of the site that its pages carry inside the article.
//!
//! A line goes when it is surely in another language than its document, the page repeats it, and it stands where a
//! caption stands: beside the document's own prose, not inside a quotation in that language. Latin text in a document of another
//! script is no sign by itself, since code and names are Latin everywhere; it must be a known language, surely.

use super::{Page, PageLanguages, PageLine, Removal, Site};
use crate::model::{Kind, Lang, Script, ScriptCounts, ScriptSet, is_letter};

/// Letters and probability (thousandths) from which an engine's answer is sure enough to remove a line.
const SURE_LETTERS: u32 = 20;
const SURE_PERMILLE: u16 = 900;
/// A document with more than this share of its letters (by weight) abroad is of several languages.
const FOREIGN_PERCENT: u64 = 15;

/// Languages that engines take for one another on short lines: neither is foreign to the other.
const CLOSE: &[&[&str]] = &[
    &["da", "nb", "nn", "no"],
    &["bs", "hr", "sr"],
    &["cs", "sk"],
    &["id", "ms", "jv"],
    &["es", "gl", "pt"],
    &["ca", "es", "oc"],
    &["bg", "mk", "sr"],
    &["be", "ru", "uk"],
    &["af", "nl"],
    &["az", "tr"],
    &["hi", "mr", "ne"],
    &["ja", "zh"],
];

/// Pages of its site on which a caption that the page holds once must stand: in another script, and in another language,
/// where what a translation left as it was stands in the translations to two languages more often than not.
const SITE_PAGES: u32 = 2;
const SITE_PAGES_BY_LANGUAGE: u32 = 3;
/// Or this share of the site's pages, in percent.
const SITE_PERCENT_BY_LANGUAGE: u64 = 20;

/// In Latin letters, in whatever language: pages that must hold it, which are also this share of the site's. Translations of one page share its
/// code, and what they left as it was: there are seldom so many.
const SITE_PAGES_BY_LATIN: u32 = 8;
const SITE_PERCENT_BY_LATIN: u64 = 5;

/// Every copy of every foreign caption that the page repeats, or its site.
pub(super) fn foreign_captions(page: &Page<'_>, site: Option<&Site<'_>>, languages: PageLanguages<'_>, removals: &[Option<Removal>]) -> Vec<usize> {
    if !languages.document.is_known() {
        return Vec::new();
    }
    let lines = page.lines();
    let scripts: Vec<Option<LineScript>> = lines.iter().map(LineScript::of).collect();
    let Some(own) = own_script(page, languages, &scripts) else { return Vec::new() };
    let pages: Vec<u32> = lines.iter().map(|line| site.map_or(1, |site| site.pages_of(line.key))).collect();
    let pages = |j: usize| pages.get(j).copied().unwrap_or(1);
    let holds = |j: usize, least: u32, percent: u64| {
        pages(j) >= least && site.is_some_and(|site| u64::from(pages(j)) * 100 >= percent * u64::from(site.pages))
    };
    let of_site = |j: usize| holds(j, SITE_PAGES_BY_LATIN, SITE_PERCENT_BY_LATIN);
    let how: Vec<Option<Foreign>> =
        (0..lines.len()).map(|j| Foreign::of(page, languages, &scripts, own, j, pages(j) >= SITE_PAGES, of_site(j))).collect();
    if how.iter().all(Option::is_none) {
        return Vec::new();
    }
    let foreign: Vec<bool> = how.iter().map(Option::is_some).collect();
    let is_foreign = |j: usize| foreign.get(j).copied().unwrap_or(false);
    // Prose of which another copy stays is the document's text all the same.
    let gone = |j: usize| removals.get(j).copied().flatten().is_some_and(|removal| removal.reason.is_furniture());
    let on_site = |j: usize| match how.get(j).copied().flatten() {
        Some(Foreign::Script) => pages(j) >= SITE_PAGES,
        Some(Foreign::Language) => pages(j) >= SITE_PAGES_BY_LANGUAGE || holds(j, SITE_PAGES, SITE_PERCENT_BY_LANGUAGE),
        Some(Foreign::Latin) => true,
        None => false,
    };
    // What went already says nothing of the document's languages, nor does what other pages of the site hold too.
    let left = || lines.iter().zip(&scripts).enumerate().filter(|(j, _)| !gone(*j));
    let all: u64 = left().map(|(_, (line, _))| u64::from(line.measures.weight)).sum();
    let weight = |(j, (line, script)): (usize, (&PageLine<'_>, &Option<LineScript>))| match is_foreign(j) {
        true if pages(j) >= SITE_PAGES_BY_LANGUAGE => 0,
        true => line.measures.weight.into(),
        false if script.is_none_or(|script| script.present.without(&[own, Script::Latin, Script::Other]).is_empty()) => 0,
        false => weight_abroad(line.text, own),
    };
    let abroad: u64 = left().map(weight).sum();
    if abroad * 100 > all * FOREIGN_PERCENT {
        return Vec::new();
    }
    // A run of foreign lines is furniture only as a whole: a quoted song keeps its refrain.
    let mut beside_prose = vec![(0_u32, 0_u32); lines.len()];
    let (prose_before, prose_after) = beside(page, &gone);
    let is = |flags: &[bool], j: usize| flags.get(j).copied().unwrap_or(false);
    let mut quoted = vec![false; lines.len()];
    let mut j = 0;
    while j < lines.len() {
        let start = j;
        while is_foreign(j) {
            j += 1;
        }
        if j == start {
            j += 1;
            continue;
        }
        let repeated = (start..j).all(|i| page.copies(i) > 1 || on_site(i) || gone(i));
        let prose = is(&prose_before, start) || is(&prose_after, j - 1);
        for i in start..j {
            let first = page.first_copy(i);
            if let Some(flag) = quoted.get_mut(first) {
                *flag |= !repeated;
            }
            if let Some((beside, copies)) = beside_prose.get_mut(first) {
                *beside += u32::from(prose);
                *copies += 1;
            }
        }
    }
    (0..lines.len())
        .filter(|j| {
            let first = page.first_copy(*j);
            let (beside, copies) = beside_prose.get(first).copied().unwrap_or((0, 0));
            let least = if on_site(*j) { 1 } else { 2 };
            let repeats = page.copies(*j) > 1 || on_site(*j);
            is_foreign(*j) && repeats && copies == page.copies(*j) && beside >= least && !quoted.get(first).copied().unwrap_or(true)
        })
        .collect()
}

/// For each line: is the nearest line before it that is left prose, and the nearest after it?
fn beside(page: &Page<'_>, gone: &dyn Fn(usize) -> bool) -> (Vec<bool>, Vec<bool>) {
    let m = page.lines().len();
    let sweep = |order: &mut dyn Iterator<Item = usize>| {
        let mut prose = false;
        let mut found = vec![false; m];
        for j in order {
            if let Some(slot) = found.get_mut(j) {
                *slot = prose;
            }
            if !gone(j) {
                prose = page.lines().get(j).is_some_and(|line| line.measures.kind == Kind::Prose);
            }
        }
        found
    };
    (sweep(&mut (0..m)), sweep(&mut (0..m).rev()))
}

/// Weight of a line's letters in another script than the document's; Latin is at home everywhere.
///
/// So lines of two scripts, which are no captions, still tell that a document is of several languages.
fn weight_abroad(line: &str, own: Script) -> u64 {
    if line.is_ascii() {
        return 0;
    }
    let script = |c: char| is_letter(c).then(|| Script::of(c)).filter(|s| *s != own && *s != Script::Latin && *s != Script::Other);
    line.chars().filter_map(script).map(|s| if s == Script::EastAsian { 8 } else { 3 }).sum()
}

/// The script of most letters of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct LineScript {
    script: Script,
    /// Letters in it.
    letters: u64,
    /// The scripts of its letters, but for Latin where all are.
    present: ScriptSet,
}

impl LineScript {
    fn of(line: &PageLine<'_>) -> Option<LineScript> {
        let letters = line.measures.letters;
        if line.text.is_ascii() {
            return (letters > 0).then_some(LineScript { script: Script::Latin, letters: letters.into(), present: ScriptSet::default() });
        }
        let counts = ScriptCounts::of(line.text);
        counts.main().map(|(script, letters)| LineScript { script, letters, present: counts.present() })
    }
}

/// The script of most letters in lines of the document's language.
fn own_script(page: &Page<'_>, languages: PageLanguages<'_>, scripts: &[Option<LineScript>]) -> Option<Script> {
    let mut counts = ScriptCounts::default();
    for ((line, language), script) in page.lines().iter().zip(languages.lines).zip(scripts) {
        if let Some(LineScript { script, .. }) = script
            && language.lang == languages.document
        {
            counts.add(*script, u64::from(line.measures.letters));
        }
    }
    if counts.main().is_none() {
        // Known as a whole only: no single line is sure.
        page.lines().iter().zip(scripts).for_each(|(line, script)| {
            if let Some(LineScript { script, .. }) = script {
                counts.add(*script, u64::from(line.measures.letters));
            }
        });
    }
    counts.main().map(|(script, _)| script)
}

/// What makes a line foreign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Foreign {
    /// Another script than the document's.
    Script,
    /// Another language, surely.
    Language,
    /// Latin letters in a document of another script, on many pages of the site: some language, if not surely which.
    Latin,
}

impl Foreign {
    /// A line of two scripts is one that names something, and engines answer for the wrong one of them; where other pages
    /// of the site hold it too (`repeated`), a smaller share of the other script says as much.
    fn of(
        page: &Page<'_>,
        languages: PageLanguages<'_>,
        scripts: &[Option<LineScript>],
        own: Script,
        j: usize,
        repeated: bool,
        of_site: bool,
    ) -> Option<Foreign> {
        let (line, language, LineScript { script, letters: in_script, .. }) = (page.lines().get(j)?, languages.lines.get(j)?, (*scripts.get(j)?)?);
        let letters = u64::from(line.measures.letters);
        let visible = || line.text.chars().filter(|c| !c.is_whitespace()).count() as u64;
        let holds = |fifths: u64| letters >= 2 && in_script * 5 >= letters * fifths && letters * 5 >= visible() * fifths;
        let other_script = script != own && script != Script::Latin && script != Script::Other && own != Script::Other;
        if other_script {
            return holds(if repeated { 3 } else { 4 }).then_some(Foreign::Script);
        }
        let other_language = language.lang.is_known()
            && language.lang != languages.document
            && line.measures.letters >= SURE_LETTERS
            && language.permille >= SURE_PERMILLE
            && !are_close(language.lang, languages.document)
            && !is_left_as_it_was(line.text, language.lang, script == own)
            && holds(4);
        let latin = || {
            of_site
                && script == Script::Latin
                && own != Script::Latin
                && own != Script::Other
                && holds(4)
                && letters >= SURE_LETTERS.into()
                && !is_code(line.text)
        };
        if other_language { Some(Foreign::Language) } else { latin().then_some(Foreign::Latin) }
    }
}

/// Does it hold a mark that code has and sentences have not?
fn is_code(line: &str) -> bool {
    line.contains(['$', '#', '{', '}', '<', '>', '=', '|', '\\', '/', '_', '*', '~', '`', ';', '[', ']', '"']) || line.contains("--")
}

/// Is it code, or what programs say, with words of a language in it? That is English most of all, and in every document.
fn is_left_as_it_was(line: &str, lang: Lang, own_script: bool) -> bool {
    let is_command = || line.starts_with(['$', '#', '>', '%']) || line.ends_with(['{', '}', ';']) || line.contains(" -") || line.contains("=\"");
    let is_english = lang.as_str() == "en";
    if is_english { is_code(line) } else { !own_script && is_command() }
}

fn are_close(a: Lang, b: Lang) -> bool {
    CLOSE.iter().any(|group| group.contains(&a.as_str()) && group.contains(&b.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        lines::Kept,
        model::{LineLanguage, Reason, Scope},
    };

    fn captions(text: &str, document: &str) -> Vec<usize> {
        captions_left(text, document, &[])
    }

    fn captions_left(text: &str, document: &str, removals: &[Option<Removal>]) -> Vec<usize> {
        let page = Page::of(text);
        let languages: Vec<_> = page
            .lines()
            .iter()
            .map(|line| {
                let cyrillic = line.text.chars().any(|c| Script::of(c) == Script::Cyrillic);
                LineLanguage { lang: Lang::parse(if cyrillic { "ru" } else { "en" }).unwrap_or(Lang::UND), permille: 1000 }
            })
            .collect();
        foreign_captions(&page, None, PageLanguages { document: Lang::parse(document).unwrap_or(Lang::UND), lines: &languages }, removals)
    }

    const PROSE: &str = "The delegation met the secretary of the committee in the morning and spoke for two hours. ";

    #[test]
    fn a_repeated_caption_goes_and_a_quotation_stays() {
        let (a, b, c) = (PROSE.repeat(3), PROSE.repeat(4), PROSE.repeat(5));
        assert_eq!(captions(&format!("{a}\nФото дня\n{b}\nФото дня\n{c}"), "en"), [1, 3]);
        assert_eq!(captions(&format!("{a}\nФото дня\n{b}"), "en"), [0_usize; 0]);
        assert_eq!(captions(&format!("{a}\nОй да конь\nвышел в поле\nОй да конь\n{b}\n{c}"), "en"), [0_usize; 0]);
        assert_eq!(captions(&format!("{a}\nФото дня\n{b}\nФото дня\n{c}"), "mul"), [0_usize; 0]);
    }

    #[test]
    fn english_that_may_be_code_stays() {
        let prose = |n: usize| "Генеральный секретарь встретился с руководством города, после чего делегация осмотрела новый завод. ".repeat(n);
        let page = |line: &str| format!("{}\n{line}\n{}\n{line}\n{}", prose(3), prose(4), prose(5));
        assert_eq!(captions(&page("Returns the name of the open document"), "ru"), [1, 3]);
        assert_eq!(captions(&page("Returns the file_name of the open document"), "ru"), [0_usize; 0]);
    }

    #[test]
    fn prose_that_went_for_a_copy_elsewhere_is_prose_all_the_same() {
        let text = format!("{}\nФото дня\n{}\nФото дня\n{}", PROSE.repeat(3), PROSE.repeat(4), PROSE.repeat(5));
        let gone = |reason| {
            let prose = Some(Removal { reason, kept: Kept::First(Scope::Site) });
            captions_left(&text, "en", &[prose, None, prose, None, prose])
        };
        assert_eq!(gone(Reason::LineSiteProse), [1, 3]);
        assert_eq!(gone(Reason::LineSite), [0_usize; 0]);
    }

    #[test]
    fn lines_of_two_scripts_count_as_foreign_text() {
        let (a, b, c) = (PROSE.repeat(3), PROSE.repeat(4), PROSE.repeat(5));
        let mixed = "column の型が Int32 などの数値型の場合 column の値を比較します ".repeat(6);
        assert_eq!(captions(&format!("{a}\n以下は例です\n{b}\n以下は例です\n{c}"), "en"), [1, 3]);
        assert_eq!(captions(&format!("{a}\n以下は例です\n{b}\n以下は例です\n{c}\n{mixed}"), "en"), [0_usize; 0]);
    }

    #[test]
    fn a_document_with_much_foreign_text_is_of_several_languages() {
        let own = PROSE.trim_end();
        assert_eq!(
            captions(&format!("{own}\nДобрый день, как ваши дела сегодня\n{own}\nДобрый день, как ваши дела сегодня\n{own}"), "en"),
            [0_usize; 0]
        );
    }
}
