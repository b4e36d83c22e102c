//! The judgement against golden scores of the committed weights, and against a naive twin written from its definition.

use proptest::prelude::*;

use super::{surroundings::kind_class, tables::table_name, *};
use crate::{
    hash::{LineHash, sort},
    lines::{Page, index::IndexBuilder},
    model::{Kind, site_of_url},
};

struct Document {
    id: String,
    site: SiteKey,
    text: String,
}

fn index_of(documents: &[Document]) -> LineIndex {
    let mut builder = IndexBuilder::default();
    for document in documents {
        builder.add(document.site, &Page::of(&document.text));
    }
    builder.freeze()
}

/// The pages of `fixtures/judgement/sites.jsonl`.
fn fixture() -> Vec<Document> {
    let rows = include_str!("../../../fixtures/judgement/sites.jsonl");
    rows.lines()
        .map(|row| {
            let row: serde_json::Value = serde_json::from_str(row).unwrap();
            let field = |name: &str| row[name].as_str().unwrap().to_owned();
            Document { id: field("id"), site: SiteKey::of(&site_of_url(&field("url")).unwrap()), text: field("text") }
        })
        .collect()
}

/// The class from which a feature may only speak for furniture, as the fit has it.
fn rises(feature: Feature) -> Option<usize> {
    match feature {
        Feature::Share | Feature::Pages => Some(1),
        Feature::FixedStart | Feature::FixedEnd => Some(0),
        _ => None,
    }
}

/// The margin of the normal strength.
const NORMAL: i32 = -8;

/// Verdict, score, clamp and classes of every line of `fixtures/judgement/sites.jsonl` by the committed weights: a table that `golden.tsv` holds.
/// `BUDDLE_BLESS=1 cargo test golden` writes it anew.
#[test]
fn the_committed_weights_reproduce_the_golden_scores() {
    let weights = Weights::built_in();
    assert_eq!(weights.margin(1), NORMAL);
    let documents = fixture();
    let index = index_of(&documents);
    let mut rows = String::new();
    for document in &documents {
        let page = Page::of(&document.text);
        for (j, line) in judge_in_full(&page, &Site::of(&index, document.site).unwrap(), weights, NORMAL).iter().enumerate() {
            let verdict = ["stays", "goes", "first_stays"][line.verdict as usize];
            let classes: Vec<String> = line.classes.iter().map(ToString::to_string).collect();
            rows += &format!("{}\t{j}\t{verdict}\t{}\t{}\t{}\n", document.id, line.score, line.clamp.map_or("-", Clamp::name), classes.join(" "));
            if line.clamp.is_none() && line.classes[Feature::Kind as usize] > 0 {
                assert_eq!(line.score, weights.bias + weights.contributions(&line.classes).iter().sum::<i32>() - line.margin);
            }
        }
    }
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/judgement/golden.tsv");
    if std::env::var_os("BUDDLE_BLESS").is_some() {
        std::fs::write(&path, &rows).unwrap();
    }
    for (want, got) in std::fs::read_to_string(&path).unwrap().lines().zip(rows.lines()) {
        assert_eq!(want, got);
    }
    assert_eq!(std::fs::read_to_string(&path).unwrap().len(), rows.len());
}

/// The committed weights are a file of this version's features and of the recipe's form: it reads back and writes the same, and its entries rise
/// with the pages that hold a line.
#[test]
fn the_committed_weights_are_of_the_recipes_form() {
    let text = include_str!("weights.json");
    let weights = Weights::parse(text).unwrap();
    assert_eq!(weights.to_text(), text);
    assert_eq!(&weights, Weights::built_in());
    assert!(weights.origin.date.len() == 10 && weights.origin.sets.len() >= 7, "{:?}", weights.origin);
    assert!(weights.strengths[0] > weights.strengths[1] && weights.strengths[1] > weights.strengths[2]);
    for (number, features) in TABLES.iter().enumerate() {
        let table = weights.table(number);
        for feature in Feature::ALL {
            let (Some(from), Some(at)) = (rises(feature), features.iter().position(|f| *f == feature)) else { continue };
            let stride: usize = features[at + 1..].iter().map(|f| f.classes()).product();
            for i in 0..table.len() - stride {
                let class = i / stride % feature.classes();
                if (from..feature.classes() - 1).contains(&class) {
                    assert!(table[i] <= table[i + stride], "{} {i}", table_name(features));
                }
            }
        }
    }
    for broken in [
        text.replacen("\"features_version\":3", "\"features_version\":1", 1),
        text.replacen("bias\":", "bias\":9", 1).replacen("[", "[[", 1),
        "{}".into(),
    ] {
        assert!(Weights::parse(&broken).is_err());
    }
}

/// Each feature straight from its definition, quadratic where that is plainer.
fn naive_classes(documents: &[Document], n: usize) -> Vec<[i32; FEATURES]> {
    let key = |line: &str| {
        let mut form = Vec::new();
        crate::lines::compared_form(line, &mut form);
        String::from_utf8(form).unwrap()
    };
    let prose_keys: std::collections::BTreeSet<String> = documents
        .iter()
        .flat_map(|d| Page::of(&d.text).lines().iter().filter(|l| l.measures.kind == Kind::Prose).map(|l| key(l.text)).collect::<Vec<_>>())
        .collect();
    let mine = &documents[n];
    let mut seen = std::collections::BTreeSet::new();
    let mut pages: Vec<Vec<String>> = Vec::new();
    let mut forms: Vec<Vec<u16>> = Vec::new();
    for document in documents.iter().filter(|d| d.site == mine.site) {
        let page = Page::of(&document.text);
        let mut longest: Vec<(std::cmp::Reverse<u32>, u128)> =
            page.lines().iter().map(|line| (std::cmp::Reverse(line.measures.letters), line.key.0)).collect();
        longest.sort_unstable();
        longest.dedup();
        longest.truncate(4);
        if seen.insert(longest) {
            pages.push(page.lines().iter().map(|line| key(line.text)).collect());
            forms.push(page.lines().iter().map(|line| LineHash::of(line.text.as_bytes()).form()).collect());
        }
    }
    let total = pages.len();
    let page = Page::of(&mine.text);
    let keys: Vec<String> = page.lines().iter().map(|line| key(line.text)).collect();
    let kind = |j: usize| kind_class(page.lines()[j].measures.kind) as i32;
    let m = keys.len();
    let holding = |k: &str| pages.iter().filter(|p| p.iter().any(|x| x == k)).count().max(1);
    let p: Vec<usize> = keys.iter().map(|k| holding(k)).collect();
    let share: Vec<i32> = p
        .iter()
        .map(|p| match p {
            1 => 0,
            2 => 1,
            p => 2 + [1, 2, 5, 15, 30, 60, 90].iter().filter(|e| 100 * p >= *e * total).count() as i32,
        })
        .collect();
    let copies = |k: &str| keys.iter().filter(|x| *x == k).count();
    let single: Vec<bool> = (0..m).map(|j| p[j] < 2 && kind(j) > 0 && copies(&keys[j]) < 2).collect();
    let count_class = |n: usize| if n == 0 { 0 } else { 1 + [2, 4, 8, 20].iter().filter(|e| n >= **e).count() as i32 };
    // The usual neighbour of a key: that of its first copy on most pages, the larger hash on a tie.
    let usual = |k: &str, step: isize| -> (u16, usize) {
        let mut counts = std::collections::BTreeMap::new();
        for page in pages.iter().filter(|p| p.iter().any(|x| x == k)) {
            let first = page.iter().position(|x| x == k).unwrap() as isize + step;
            let beside = if first < 0 { None } else { page.get(first as usize) };
            *counts.entry(beside.map_or(0, |k| LineKey::of(k.as_bytes()).neighbour())).or_insert(0) += 1;
        }
        counts.into_iter().map(|(k, n)| (n, k)).max().map_or((0, 0), |(n, k)| (k, n))
    };
    let bits = |j: usize| LineKey::of(keys[j].as_bytes()).neighbour();
    let tied = |j: usize| {
        if p[j - 1] < 2 || p[j] < 2 {
            return false;
        }
        let (after, before) = (usual(&keys[j - 1], 1), usual(&keys[j], -1));
        let with = (if after.0 == bits(j) { after.1 } else { 0 }).max(if before.0 == bits(j - 1) { before.1 } else { 0 });
        with >= 2 && (2 * with >= p[j - 1] || 2 * with >= p[j])
    };
    let own: Vec<bool> = (0..m).map(|j| kind(j) == 3 && share[j] == 0).collect();
    let what = |j: usize| match (kind(j), share[j]) {
        (3, 0) => 2,
        (_, 0) => 1,
        (_, s) if s >= 7 => 4,
        _ => 3,
    };
    // Pages on which the first copy of a key has the commonest value.
    let commonest = |k: &str, value: &dyn Fn(&[String], usize) -> usize| -> usize {
        let mut counts = std::collections::BTreeMap::new();
        for page in pages.iter().filter(|p| p.iter().any(|x| x == k)) {
            *counts.entry(value(page, page.iter().position(|x| x == k).unwrap())).or_insert(0) += 1;
        }
        counts.into_values().max().unwrap_or(0)
    };
    let is_prose = |k: &str| prose_keys.contains(k);
    let outside = |k: &str| -> usize {
        let is_outside = |page: &&Vec<String>| {
            let Some(first) = page.iter().position(|x| x == k) else { return false };
            match (page.iter().position(|x| is_prose(x)), page.iter().rposition(|x| is_prose(x))) {
                (Some(a), Some(b)) => first < a || first > b,
                _ => false,
            }
        };
        pages.iter().filter(is_outside).count()
    };
    let part = |part: usize, whole: usize| -> i32 {
        if part == 0 {
            0
        } else if part == whole {
            5
        } else {
            1 + [20, 50, 80].iter().filter(|e| 100 * part >= *e * whole).count() as i32
        }
    };
    let tie = |j: usize, step: isize| -> i32 {
        if p[j] < 2 {
            return 0;
        }
        let beside = j as isize + step;
        let here = if beside < 0 || beside as usize >= m { 0 } else { bits(beside as usize) };
        match usual(&keys[j], step) {
            (k, with) if k != here || with < 2 => 0,
            (_, with) if 2 * with < p[j] => 1,
            (_, with) if 10 * with < 8 * p[j] => 2,
            _ => 3,
        }
    };
    let far = |distance: Option<usize>| distance.filter(|d| *d < 99).map_or(0, |d| 1 + [2, 3, 6].iter().filter(|e| d >= **e).count() as i32);
    let strong = |i: usize| share[i] >= 7 && kind(i) > 0;
    let weight = |j: usize| u64::from(page.lines()[j].measures.weight);
    let (of_site, of_page): (u64, u64) = ((0..m).filter(|j| share[*j] >= 2).map(weight).sum(), (0..m).map(weight).sum());
    let page_class = if of_site == 0 { 0 } else { 1 + [10, 25, 50, 75, 90].iter().filter(|e| 100 * of_site >= *e * of_page).count() as i32 };
    let own_lines = (0..m).filter(|j| share[*j] == 0 && kind(*j) == 3).count();
    let own_class = if own_lines == 0 { 0 } else { 1 + [2, 4, 8, 20].iter().filter(|e| own_lines >= **e).count() as i32 };
    let site_class = [5, 10, 20, 50, 200, 1000].iter().filter(|e| total >= **e).count() as i32;
    (0..m)
        .map(|j| {
            let steady = if p[j] < 2 {
                0
            } else {
                let per_page: Vec<usize> = pages.iter().map(|p| p.iter().filter(|x| **x == keys[j]).count()).filter(|n| *n > 0).collect();
                let (s1, s2): (usize, usize) = (per_page.iter().sum(), per_page.iter().map(|n| n * n).sum());
                let more = copies(&keys[j]) * p[j] > s1 + p[j] / 2;
                1 + 3 * i32::from(more)
                    + if s1 == p[j] {
                        0
                    } else if p[j] * s2 == s1 * s1 {
                        1
                    } else {
                        2
                    }
            };
            let text = &page.lines()[j].measures;
            let before = (0..j).rev().find(|i| kind(*i) > 0).map_or(0, what);
            let after = (j + 1..m).find(|i| kind(*i) > 0).map_or(0, what);
            let around: Vec<usize> = (j.saturating_sub(5)..(j + 6).min(m)).filter(|i| *i != j).collect();
            let w = around.iter().filter(|i| share[**i] >= 2).count();
            let den = around.len().max(1);
            let window = if w == 0 {
                0
            } else if w == den {
                6
            } else {
                1 + (1..5).filter(|i| 5 * w >= i * den).count() as i32
            };
            let singles = [&single[..j], &single[j + 1..]].map(|side| count_class(side.iter().filter(|s| **s).count()));
            let on_page: Vec<usize> = (0..m).filter(|i| keys[*i] == keys[j]).collect();
            let copy = match (on_page.len(), on_page[0] == j, on_page.last() == Some(&j)) {
                (1, ..) => 0,
                (2, true, _) => 1,
                (2, ..) => 2,
                (_, true, _) => 3,
                (_, _, false) => 4,
                _ => 5,
            };
            let (mut start, mut end) = (j, j + 1);
            while start > 0 && tied(start) {
                start -= 1;
            }
            while end < m && tied(end) {
                end += 1;
            }
            let run = share[start..end].iter().copied().max().unwrap();
            let zone = match (own.iter().position(|o| *o), own.iter().rposition(|o| *o)) {
                (Some(_), Some(_)) if own[j] => 0,
                (Some(first), Some(last)) => {
                    let place = if j < first {
                        1
                    } else if j > last {
                        2
                    } else {
                        3
                    };
                    let distance = (0..m).filter(|i| own[*i]).map(|i| i.abs_diff(j)).min().unwrap();
                    place * 5 + [2, 3, 6, 16].iter().filter(|e| distance >= **e).count() as i32
                }
                _ => 25,
            };
            let stop = match text.stop {
                crate::model::Stop::None => 0,
                crate::model::Stop::Pause => 1,
                crate::model::Stop::Sentence => 2,
                crate::model::Stop::Ellipsis => 3,
            };
            let pages_class = match p[j] {
                1 => 0,
                2 => 1,
                3 => 2,
                n => 3 + [6, 10, 20, 50].iter().filter(|e| n >= **e).count() as i32,
            };
            let letters = [6, 30, 60, 120, 240, 480, 960].iter().filter(|e| text.weight >= **e).count() as i32;
            let same = |value: &dyn Fn(&[String], usize) -> usize| if p[j] < 2 { 0 } else { (part(commonest(&keys[j], value), p[j]) - 1).max(0) };
            // How the first copy is written on each page; the commonest form, the largest of those.
            let mut written = std::collections::BTreeMap::new();
            for (page, forms) in pages.iter().zip(&forms) {
                if let Some(at) = page.iter().position(|x| *x == keys[j]) {
                    *written.entry(forms[at]).or_insert(0) += 1;
                }
            }
            let (usual_pages, usual_form) = written.into_iter().map(|(form, n)| (n, form)).max().unwrap();
            let form = match (usual_pages, p[j], page.lines()[j].hash.form() == usual_form) {
                (_, 1, _) => 0,
                (with, all, _) if with == all => 1,
                (with, all, true) if 2 * with >= all => 2,
                (with, all, false) if 2 * with >= all => 3,
                (with, all, _) if 5 * with >= all => 4,
                _ => 5,
            };
            let all_copies: usize = pages.iter().map(|p| p.iter().filter(|x| **x == keys[j]).count()).sum();
            let many = match (p[j], all_copies) {
                (1, _) => 0,
                (pages, copies) if copies == pages => 1,
                (pages, copies) => 2 + [1.5, 3.0, 8.0].iter().filter(|e| copies as f64 / pages as f64 >= **e).count() as i32,
            };
            let prose = around.iter().filter(|i| kind(**i) == 3).count();
            let middling = |i: usize| (40..=100).contains(&page.lines()[i].text.chars().count());
            let block = if middling(j) {
                let before = (0..j).rev().take_while(|i| middling(*i)).count();
                let after = (j + 1..m).take_while(|i| middling(*i)).count();
                1 + [2, 4, 8].iter().filter(|e| before + 1 + after >= **e).count() as i32
            } else if j >= 2 && middling(j - 1) && middling(j - 2) && page.lines()[j - 1].measures.stop == crate::model::Stop::None {
                5
            } else {
                0
            };
            let letters_in_run = (start..end).filter(|i| kind(*i) > 0).count();
            [
                share[j],
                pages_class,
                kind(j),
                letters,
                stop,
                i32::from(text.starts_lower),
                steady,
                copy,
                before,
                after,
                window,
                far((0..j).rev().find(|i| strong(*i)).map(|i| j - i)),
                far((j + 1..m).find(|i| strong(*i)).map(|i| i - j)),
                singles[0],
                singles[1],
                run,
                [2, 5].iter().filter(|e| letters_in_run >= **e).count() as i32,
                tie(j, -1),
                tie(j, 1),
                zone / 5,
                zone % 5,
                same(&|_, at| at),
                same(&|page, at| page.len() - at),
                if p[j] < 2 { 0 } else { 1 + part(outside(&keys[j]), p[j]) },
                form,
                many,
                [1, 2, 4, 7].iter().filter(|e| prose >= **e).count() as i32,
                block,
                own_class,
                page_class,
                site_class,
            ]
        })
        .collect()
}

fn line() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => prop::sample::select(vec!["Home", "News", "About us", "more:", "Read more...", "HOME", "Reply", "|", "* * *", "(c) 2024", "(c) 2025"]).prop_map(str::to_owned),
        3 => prop::sample::select(vec![
            "This notice is long enough to be prose, and it stands on many of the pages of the site.",
            "A quotation that some of the pages share with one another, which is also long enough to be prose.",
        ]).prop_map(str::to_owned),
        3 => "[A-Z][a-z]{2,7}( [a-z]{2,7}){0,12}[.]?",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { max_global_rejects: 20_000, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn features_agree_with_the_naive_twin(texts in prop::collection::vec((0_u64..2, prop::collection::vec(line(), 0..16)), 1..14)) {
        let documents: Vec<Document> =
            texts.iter().map(|(site, lines)| Document { id: String::new(), site: SiteKey(*site), text: lines.join("\n") }).collect();
        // Documents with the same four longest lines are one page; the index takes their lines together, the twin the first one's.
        for (a, b) in documents.iter().zip(1..).flat_map(|(a, n)| documents[n..].iter().map(move |b| (a, b))).filter(|(a, b)| a.site == b.site) {
            let key = |d: &Document| crate::lines::index::page_key(&Page::of(&d.text));
            prop_assume!(key(a) != key(b) || a.text == b.text);
        }
        let index = index_of(&documents);
        for (n, document) in documents.iter().enumerate() {
            let page = Page::of(&document.text);
            let site = Site::of(&index, document.site).unwrap();
            let ours: Vec<[i32; FEATURES]> = observe(&page, &site).iter().map(|seen| seen.classes.map(i32::from)).collect();
            prop_assert_eq!(ours, naive_classes(&documents, n));
            // The judgement that leaves out what it need not see comes to the same as the full one.
            for margin in [-400, NORMAL, 40] {
                let bare = |lines: Vec<Judged>| -> Vec<_> { lines.iter().map(|l| (l.verdict, l.score, l.margin, l.clamp, l.pages)).collect() };
                let full = bare(judge_in_full(&page, &site, Weights::built_in(), margin));
                prop_assert_eq!(&bare(judge(&page, &site, Weights::built_in(), margin)), &full);
                prop_assert_eq!(&bare(judge_observed(&page, &site, &observe(&page, &site), Weights::built_in(), margin)), &full);
            }
        }
    }

    /// Builders merge to the same index, however documents are parted and in whatever order.
    #[test]
    fn the_survey_of_two_parts_is_that_of_both(
        texts in prop::collection::vec((0_u64..3, prop::collection::vec(line(), 0..9)), 0..14),
        cut in 0_usize..14,
    ) {
        let documents: Vec<Document> =
            texts.iter().map(|(site, lines)| Document { id: String::new(), site: SiteKey(*site), text: lines.join("\n") }).collect();
        let whole = index_of(&documents);
        let (mut a, mut b) = (IndexBuilder::default(), IndexBuilder::default());
        for (n, document) in documents.iter().enumerate() {
            if n < cut { &mut a } else { &mut b }.add(document.site, &Page::of(&document.text));
        }
        // Runs may be sorted and made unique before they meet.
        sort(&mut a.tuples);
        sort(&mut b.pages);
        b.merge(a);
        let frozen = b.freeze();
        prop_assert_eq!(&frozen, &whole);
        // By its rows it comes back.
        let sites = whole.sites().map(|(site, counts)| (site, *counts)).collect();
        prop_assert_eq!(LineIndex::of_rows(sites, whole.rows().collect(), whole.corpus_rows().collect()), frozen);
    }
}

/// Lone pages, and sites of two, lose nothing, whatever they hold.
#[test]
fn small_sites_lose_nothing() {
    let text = "Home\nNews\nAbout us\nThis notice is long enough to be prose, and it stands on both of the pages of the site.\nHome";
    for n in 1..3 {
        let documents: Vec<Document> =
            (0..n).map(|i| Document { id: String::new(), site: SiteKey(1), text: format!("{text}\n{}", "xy".repeat(i + 30)) }).collect();
        let index = index_of(&documents);
        let judged = judge(&Page::of(&documents[0].text), &Site::of(&index, SiteKey(1)).unwrap(), Weights::built_in(), -400);
        assert!(judged.iter().all(|line| line.verdict == Verdict::Stays), "{n}");
    }
    assert_eq!(kind_class(Kind::Prose), 3);
}

/// The page's own headline stands once more than in the boxes; when these have gone, it still is the page's own.
#[test]
fn a_title_stays_a_title_when_its_copies_are_gone() {
    let titles: Vec<String> = (0..12).map(|n| format!("Headline of the article that has the letter {}", (b'a' + n) as char)).collect();
    let documents: Vec<Document> = (0..12)
        .map(|n| {
            let own = format!("Text of article {} that no other page holds, and that is long enough to be prose.", "xyz".repeat(n + 1));
            let text = format!("Home\n{0}\n{1}\nBy us\n{own}\n{own} It goes on.\n{0}", titles.join("\n"), titles[n]);
            Document { id: String::new(), site: SiteKey(1), text }
        })
        .collect();
    let index = index_of(&documents);
    // Boxes go; a lone line between the title and the text costs two changes, and stays.
    let weights = Weights { bias: 10, ..Weights::zero() };
    for (document, title) in documents.iter().zip(&titles) {
        let page = Page::of(&document.text);
        let judged = judge(&page, &Site::of(&index, SiteKey(1)).unwrap(), &weights, 0);
        let left: Vec<&str> =
            page.lines().iter().zip(&judged).filter(|(_, line)| line.verdict == Verdict::Stays).map(|(line, _)| line.text).collect();
        assert_eq!(left.len(), 4, "{left:?}");
        assert_eq!(left[..2], [title, "By us"]);
        // And when the page that is left is judged again, without what the first look saw.
        let again = left.join("\n");
        let page = Page::of(&again);
        let judged = judge(&page, &Site::of(&index, SiteKey(1)).unwrap(), &weights, 0);
        assert!(judged.iter().all(|line| line.verdict == Verdict::Stays), "{judged:?}");
    }
}

/// The cost of a page grows with its lines, and not with their square.
/// The subject of a thread stands on all its mails: where they are few of the list's pages, one of them keeps it, unless the score is high.
#[test]
fn a_line_on_few_pages_of_a_large_site_leaves_its_first_copy() {
    let subject = "Subject: vertical datums and where they begin";
    let own = |n: usize| (0..9).map(|bit| if n >> bit & 1 == 1 { "high " } else { "low " }).collect::<String>();
    let page = |n: usize| match n {
        0..4 => format!("Archive of the list\n{subject}\nnext mail\nThe water was {}when they looked.", own(n)),
        _ => format!("Archive of the list\nThe water was {}when they looked.", own(n)),
    };
    let pages = |n| (0..n).map(|n| Document { id: String::new(), site: SiteKey(1), text: page(n) }).collect::<Vec<_>>();
    let verdicts = |documents: &[Document], bias| {
        let index = index_of(documents);
        let page = Page::of(&documents[0].text);
        let weights = Weights { bias, ..Weights::zero() };
        judge(&page, &Site::of(&index, SiteKey(1)).unwrap(), &weights, 0).iter().map(|line| line.verdict).collect::<Vec<_>>()
    };
    assert_eq!(verdicts(&pages(401), 19), [Verdict::Goes, Verdict::FirstStays, Verdict::Goes, Verdict::Stays]);
    assert_eq!(verdicts(&pages(401), 20), [Verdict::Goes, Verdict::Goes, Verdict::Goes, Verdict::Stays]);
    // One page less, and they are 1 % of the site.
    assert_eq!(verdicts(&pages(400), 19), [Verdict::Goes, Verdict::Goes, Verdict::Goes, Verdict::Stays]);
}

#[test]
fn a_page_of_a_hundred_thousand_lines() {
    let text = "Home\nNews\nAbout us\n".repeat(33_000);
    let documents = [Document { id: String::new(), site: SiteKey(1), text }];
    let index = index_of(&documents);
    let judged = judge(&Page::of(&documents[0].text), &Site::of(&index, SiteKey(1)).unwrap(), Weights::built_in(), NORMAL);
    assert_eq!(judged.len(), 99_000);
}

/// Law 3 on the fixture, against the first index: a second pass takes at most one line in two hundred, and a fixed point
/// is reached within five.
#[test]
fn judging_again_takes_next_to_nothing() {
    let mut documents = fixture();
    let index = index_of(&documents);
    let mut taken = Vec::new();
    for _ in 0..5 {
        let (mut gone, mut left) = (0, 0);
        for document in &mut documents {
            let page = Page::of(&document.text);
            let judged = judge(&page, &Site::of(&index, document.site).unwrap(), Weights::built_in(), NORMAL);
            let lines = page.lines().iter().zip(&judged);
            let stays: Vec<&str> = lines.filter(|(_, line)| line.verdict == Verdict::Stays).map(|(line, _)| line.text).collect();
            gone += judged.len() - stays.len();
            left += stays.len();
            document.text = stays.join("\n");
        }
        taken.push((gone, left));
    }
    assert!(taken[0].0 > 100, "{taken:?}");
    assert!(taken[1].0 * 200 <= taken[0].1, "{taken:?}");
    assert_eq!(taken[4].0, 0, "{taken:?}");
}
