//! Training on invented sites: what it learns holds for sites that it has not seen, and it is the same every time.

use super::*;

/// Sites of pages with a menu, own sentences, a label within them that half of the pages have, and a foot.
fn set(name: &str, sites: usize) -> LabelledSet {
    let words = ["heron", "ferry", "marsh", "archive", "miller", "botanist", "harbour", "lantern", "orchard", "winter", "council", "quarry"];
    let mut pages = Vec::new();
    for site in 0..sites {
        for page in 0..24 {
            let (mut lines, mut labels) = (Vec::new(), String::new());
            let mut add = |line: String, label: char| {
                lines.push(line);
                labels.push(label);
            };
            for entry in 0..4 + site % 3 {
                add(format!("{} {}", words[(site + entry) % 12], words[(site * 5 + entry * 3) % 12]), 'f');
            }
            for sentence in 0..5 {
                let w = |n: usize| words[(site * 7 + page * 5 + sentence * 3 + n * n) % 12];
                add(format!("The {} of page {page} saw the {} and the {} by the {} of {site} and {sentence}.", w(0), w(1), w(2), w(3)), 'm');
                if sentence == 2 && page % 2 == 0 {
                    add(format!("Note on the {}", words[site % 12]), 'm');
                }
            }
            add(format!("Write to the {}", words[(site + 4) % 12]), 'f');
            add("Imprint".into(), 'f');
            let row = serde_json::json!({"site": format!("{name}{site}.example"), "lines": lines, "labels": labels});
            pages.push(LabelledPage::parse(&row.to_string()).unwrap());
        }
    }
    LabelledSet { name: name.into(), pages }
}

#[test]
fn what_is_learnt_holds_for_other_sites() {
    let sets = [set("a", 9), set("b", 6)];
    let samples = sets.each_ref().map(Samples::of);
    let (weights, report) = train(&samples, "2026-11-24");
    assert_eq!(weights.origin.sets.iter().map(|set| (set.name.as_str(), set.sites, set.pages)).collect::<Vec<_>>(), [("a", 9, 216), ("b", 6, 144)]);
    for set in &report.sets {
        let at = set.curve.iter().find(|point| point.margin == weights.margin(1)).unwrap().figures;
        assert!(at.furniture > 0.9 && at.removed < 0.05 && at.price < 0.5, "{at:?}");
        assert!(set.without_it.unwrap().furniture > 0.9);
        // A larger margin removes less.
        assert!(set.curve.windows(2).all(|pair| pair[0].figures.furniture >= pair[1].figures.furniture - 1e-9));
        assert_eq!(set.sites.values().map(|s| s.main).sum::<u64>(), set.langs.values().map(|s| s.main).sum::<u64>());
        assert_eq!(set.sites.values().map(|s| s.left).sum::<u64>(), set.lengths.values().map(|s| s.left).sum::<u64>());
    }
    // Byte for byte, and read back.
    assert_eq!(train(&samples, "2026-11-24").0.to_text(), weights.to_text());
    assert_eq!(Weights::parse(&weights.to_text()).unwrap(), weights);
}

#[test]
fn the_trial_counts_what_goes_and_what_is_lost() {
    let set = set("c", 1);
    let samples = Samples::of(&set).whole;
    let nothing = trial(&samples, &Weights { bias: -900, ..Weights::zero() }, 0, |_| true).total();
    assert_eq!((nothing.removed, nothing.lost, nothing.left, nothing.reached), (0, 0, nothing.furniture, 0));
    assert!((nothing.price(MAIN_FACTOR, false) - 1.0).abs() < 1e-9);
    let all = trial(&samples, &Weights { bias: 900, first_copy: 0, ..Weights::zero() }, 0, |_| true).total();
    // All that stands on three pages: the furniture and the note, which is lost.
    assert_eq!((all.left, all.reached), (0, all.reachable));
    assert!(all.removed > 0 && all.removed == all.lost && all.removed < all.main, "{all:?}");
    assert_eq!(trial(&samples, &Weights::zero(), 0, |_| false).total(), Sums::default());
    let page = samples.pages.first().unwrap();
    assert!(page.lines().filter(|line| line.label == Label::Furniture).all(|line| line.observed.may_go()));
}
