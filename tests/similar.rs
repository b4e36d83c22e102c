//! `buddle similar`: the pairs of a set, of two, and of a set and an index are those of brute force; lists are bounded; the same for any threads and memory.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    time::Instant,
};

use serde_json::{Value, json};

use crate::{
    near::made::{Dice, jsonl, likeness, place, shingles, texts},
    workdir::{Workdir, rows},
};

type Shingles = BTreeSet<Vec<String>>;
/// Places of two documents and their similarity in ten thousandths.
type Found = BTreeMap<(usize, usize), u64>;

fn sets<T: AsRef<str>>(texts: &[T]) -> Vec<Shingles> {
    texts.iter().map(|text| shingles(text.as_ref())).collect()
}

fn share(row: &Value) -> u64 {
    (row["similarity"].as_f64().unwrap() * 10_000.0).round() as u64
}

/// Pairs by the places of their documents, which are each once and in order.
fn found(pairs: &[Value]) -> Found {
    let places: Vec<_> = pairs.iter().map(|row| (place(&row["a"]), place(&row["b"]))).collect();
    assert!(places.is_sorted());
    let found: Found = places.into_iter().zip(pairs.iter().map(share)).collect();
    assert_eq!(found.len(), pairs.len());
    found
}

/// Holds pairs against brute force: each has its exact similarity and reaches the threshold, and none is missing that is surely found.
fn agrees(pairs: &Found, (a, b): (&[Shingles], &[Shingles]), threshold: f64, counts: impl Fn(usize, usize) -> bool) -> usize {
    let mut sure = 0;
    for (n, one) in a.iter().enumerate() {
        for (m, other) in b.iter().enumerate().filter(|(m, _)| counts(n, *m)) {
            let (common, union) = likeness(one, other);
            let similarity = common as f64 / union.max(1) as f64;
            match pairs.get(&(n, m)) {
                Some(share) => {
                    assert_eq!(*share, (common * 10_000 / union) as u64, "{n} {m}");
                    assert!(common as f64 >= union as f64 * threshold, "{n} {m} {similarity}");
                }
                None => assert!(similarity < threshold + 0.1 && (similarity < 1.0 || union == 0), "{n} {m} {similarity}"),
            }
            sure += usize::from(similarity >= threshold + 0.1);
        }
    }
    assert!(pairs.keys().all(|(n, m)| counts(*n, *m)));
    sure
}

/// Every other text, and the rest: copies stand in both.
fn halves(texts: &[String]) -> (Vec<String>, Vec<String>) {
    (texts.iter().step_by(2).cloned().collect(), texts.iter().skip(1).step_by(2).cloned().collect())
}

fn pairs(dir: &Workdir, args: &[&str]) -> Vec<Value> {
    dir.run(&[&["similar"], args, &["-q"]].concat()).exits(0).rows()
}

#[test]
fn pairs_of_a_set_are_those_of_brute_force() {
    let dir = Workdir::new();
    for (seed, lines) in [(1, 4), (2, 2), (3, 6)] {
        let all = texts(seed, 170, lines, 14);
        dir.write("in.jsonl", jsonl(&all));
        let all = sets(&all);
        for threshold in ["0.5", "0.8", "0.9"] {
            let pairs = found(&pairs(&dir, &["in.jsonl", "--near-threshold", threshold, "--most", "400"]));
            let sure = agrees(&pairs, (&all, &all), threshold.parse().unwrap(), |n, m| n < m);
            assert!(sure > 15, "{sure}");
        }
    }
}

#[test]
fn pairs_of_two_sets_are_those_of_brute_force() {
    let dir = Workdir::new();
    let all = texts(5, 220, 4, 14);
    let (a, b) = halves(&all);
    let (b, c) = b.split_at(70);
    dir.write("a.jsonl", jsonl(&a)).write("b/b.jsonl", jsonl(b)).write("c.jsonl", jsonl(c));
    let others = sets(&[b, c].concat());
    for threshold in ["0.6", "0.8"] {
        let rows = pairs(&dir, &["a.jsonl", "--against", "b", "--against", "c.jsonl", "--near-threshold", threshold, "--most", "400"]);
        let at = |row: &Value| place(&row["b"]) + if row["b"]["source"] == "c.jsonl" { b.len() } else { 0 };
        let found: Found = rows.iter().map(|row| ((place(&row["a"]), at(row)), share(row))).collect();
        assert!(found.len() == rows.len() && rows.iter().all(|row| row["a"]["source"] == "a.jsonl" && row["b"]["source"] != "a.jsonl"));
        assert!(agrees(&found, (&sets(&a), &others), threshold.parse().unwrap(), |_, _| true) > 10);
        // The other way round the same pairs are found.
        let back = pairs(&dir, &["b", "c.jsonl", "--against", "a.jsonl", "--near-threshold", threshold, "--most", "400"]);
        let back: Found = back
            .iter()
            .map(|row| ((place(&row["b"]), place(&row["a"]) + if row["a"]["source"] == "c.jsonl" { b.len() } else { 0 }), share(row)))
            .collect();
        assert_eq!(back, found);
    }
}

/// Builds an index of documents and gives the texts that it keeps, in its order.
fn index(dir: &Workdir, texts: &[String], flags: &[&str]) -> Vec<String> {
    dir.write("old.jsonl", jsonl(texts));
    let common = ["clean", "old.jsonl", "--near", "--langid", "none", "--site-from", "none", "-q", "--overwrite", "-o", "old"];
    dir.run(&[&common, flags].concat()).exits(0);
    dir.washed("old", "data/").iter().map(|row| row["text"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn pairs_with_an_index_are_those_of_brute_force() {
    let dir = Workdir::new();
    let all = texts(6, 260, 4, 14);
    let (old, new) = all.split_at(200);
    dir.write("new.jsonl", jsonl(new));
    let kept = sets(&index(&dir, old, &[]));
    for threshold in ["0.8", "0.85"] {
        let rows = pairs(&dir, &["new.jsonl", "--index", "old", "--near-threshold", threshold]);
        assert!(rows.iter().all(|row| row["b"]["source"].is_null() && row["b"]["id"].is_number()));
        assert!(agrees(&found(&rows), (&sets(new), &kept), threshold.parse().unwrap(), |_, _| true) > 15);
    }
    // Bands of a lower threshold serve a higher one; those of a higher one would miss pairs, and say so.
    let kept = sets(&index(&dir, old, &["--near-threshold", "0.6"]));
    let rows = pairs(&dir, &["new.jsonl", "--index", "old"]);
    assert!(agrees(&found(&rows), (&sets(new), &kept), 0.8, |_, _| true) > 10);
    let refused = dir.run(&["similar", "new.jsonl", "--index", "old", "--near-threshold", "0.5"]).exits(2);
    refused.says("bands of").says("--near-threshold 0.6 or more").says("--nearest N");
}

#[test]
fn the_nearest_are_those_of_brute_force() {
    let dir = Workdir::new();
    let all = texts(7, 300, 4, 14);
    let (old, new) = all.split_at(240);
    dir.write("new.jsonl", jsonl(new));
    let kept = index(&dir, old, &[]);
    dir.write("kept.jsonl", jsonl(&kept));
    let (asked, kept) = (sets(new), sets(&kept));
    for with in [["--index", "old"], ["--against", "kept.jsonl"]] {
        let rows = pairs(&dir, &[&["new.jsonl", "--nearest", "4"], &with[..]].concat());
        let mut of_one: BTreeMap<usize, Vec<&Value>> = BTreeMap::new();
        rows.iter().for_each(|row| of_one.entry(place(&row["a"])).or_default().push(row));
        assert!(of_one.len() > 50);
        for (n, rows) in of_one {
            let mut naive: Vec<u64> = kept.iter().map(|other| likeness(&asked[n], other)).map(|(c, u)| (c * 10_000 / u.max(1)) as u64).collect();
            naive.sort_by_key(|share| std::cmp::Reverse(*share));
            assert!(rows.len() <= 4 && rows.is_sorted_by_key(|row| (std::cmp::Reverse(share(row)), place(&row["b"]))));
            for (row, best) in rows.iter().zip(naive) {
                let (common, union) = likeness(&asked[n], &kept[place(&row["b"])]);
                assert_eq!(share(row), (common * 10_000 / union) as u64);
                // What stands out from the rest is always found.
                assert!(best < 3_000 || share(row) == best, "{row} {best}");
            }
        }
        let rows = pairs(&dir, &[&["new.jsonl", "--nearest", "4", "--near-threshold", "0.4"], &with[..]].concat());
        assert!(!rows.is_empty() && rows.iter().all(|row| share(row) >= 4_000));
    }
}

#[test]
fn one_text_on_standard_input_is_answered_with_its_nearest() {
    let dir = Workdir::new();
    let kept = index(&dir, &texts(8, 60, 4, 14), &[]);
    let words: Vec<&str> = kept[3].split_whitespace().collect();
    let half = words[..words.len() / 2].join(" ");
    let asked = dir.pipe(&["similar", "--index", "old"], half.as_bytes()).exits(0).says("the nearest, 10 at most");
    let rows = asked.rows();
    assert!(rows.len() <= 10 && place(&rows[0]["b"]) == 3 && share(&rows[0]) > 3_000, "{rows:?}");
    assert_eq!(rows[0]["a"], json!({"id": "-:1", "source": "-", "position": 1}));
    // With a threshold, or as a record, it is asked for what reaches that.
    assert!(dir.pipe(&["similar", "--index", "old", "--near-threshold", "0.8"], half.as_bytes()).exits(0).rows().is_empty());
    assert!(dir.pipe(&["similar", "--index", "old"], json!({"text": half}).to_string().as_bytes()).exits(0).rows().is_empty());
    assert_eq!(dir.pipe(&["similar", "--index", "old", "--nearest", "1"], kept[5].as_bytes()).exits(0).rows()[0]["similarity"], 1.0);
}

/// Law 2: 32 MiB have room neither for bands nor for pairs, and nothing of it shows.
#[test]
fn threads_memory_and_streams_do_not_matter() {
    let dir = Workdir::new();
    let all = texts(9, 9_000, 3, 14);
    let (a, b) = halves(&all);
    let input = jsonl(&a);
    dir.write("a.jsonl", &input).write("b.jsonl", jsonl(&b));
    index(&dir, &b, &[]);
    std::fs::create_dir(dir.path("tmp")).unwrap();
    for mode in
        [&["--near-threshold", "0.6"][..], &["--against", "b.jsonl", "--differences"], &["--index", "old"], &["--index", "old", "--nearest", "3"]]
    {
        let run = |memory: &str, threads: &str, out: &str| {
            let args =
                [&["similar", "a.jsonl", "--memory", memory, "-j", threads, "--tmp-dir", "tmp", "-o", out, "--log-format", "json"], mode].concat();
            let talk = dir.run(&args).exits(0).stderr;
            (fs::read(dir.path(out)).unwrap(), rows(talk.as_bytes()).last().unwrap()["report"].clone())
        };
        let (one, report) = run("256M", "1", "one.jsonl");
        assert!(report["pairs"].as_u64().unwrap() > 500 && report["pairs"] == rows(&one).len() && report["spilled"] == 0, "{report}");
        assert!(run("256M", "4", "four.jsonl").0 == one, "{mode:?}");
        let (little, report) = run("32M", "4", "little.jsonl");
        assert!(little == one && report["spilled"].as_u64().unwrap() > 1 << 19, "{mode:?} {report}");
        let stream = dir.pipe(&[&["similar", "-", "-q", "--from", "jsonl"], mode].concat(), input.as_bytes()).exits(0);
        let placeless =
            |rows: &[Value]| rows.iter().map(|row| (row["a"]["id"].clone(), row["b"]["id"].clone(), row["similarity"].clone())).collect::<Vec<_>>();
        assert!(placeless(&stream.rows()) == placeless(&rows(&one)), "{mode:?}");
    }
    assert_eq!(fs::read_dir(dir.path("tmp")).unwrap().count(), 0);
    dir.run(&["similar", "a.jsonl", "-q", "-o", "out.jsonl.zst"]).exits(0);
    let packed = zstd::decode_all(&fs::read(dir.path("out.jsonl.zst")).unwrap()[..]).unwrap();
    assert_eq!(packed, dir.run(&["similar", "a.jsonl", "-q"]).exits(0).stdout);
    dir.run(&["similar", "a.jsonl", "--memory", "16M"]).exits(2).says("--memory 32M or more");
}

/// How many others each document is listed with.
fn lists(rows: &[Value]) -> BTreeMap<usize, usize> {
    rows.iter().fold(BTreeMap::new(), |mut lists, row| {
        *lists.entry(place(&row["a"])).or_default() += 1;
        lists
    })
}

#[test]
fn lists_are_bounded_and_crowds_take_linear_time() {
    let dir = Workdir::new();
    let mut dice = Dice::new(4);
    let words: Vec<String> = (0..150).map(|n| format!("w{}", n * 7 % 101)).collect();
    let near = |dice: &mut Dice| {
        let mut words = words.clone();
        for _ in 0..=dice.below(2) {
            let at = dice.below(words.len());
            words[at] = format!("x{}", dice.below(9_000));
        }
        words.join(" ")
    };
    dir.write("near.jsonl", jsonl((0..5_000).map(|_| near(&mut dice)))).write("copies.jsonl", jsonl(vec![words.join(" "); 20_000]));
    dir.write("repeated.jsonl", jsonl((0..5_000).map(|n| "word ".repeat(5 + n % 300))));
    dir.write("one.jsonl", jsonl([words.join(" ")]));
    let start = Instant::now();
    let run =
        dir.run(&["similar", "near.jsonl"]).exits(0).says("documents are like more than the 32 others").says("some pairs of theirs may be missing");
    let of_each = lists(&run.rows());
    assert!(of_each.values().all(|n| *n <= 32) && of_each.values().filter(|n| **n == 32).count() > 1_500, "{of_each:?}");
    for (input, documents) in [("copies.jsonl", 20_000_usize), ("repeated.jsonl", 5_000)] {
        let run = dir.run(&["similar", input]).exits(0).says(&format!(
            "note   {},{:03} documents are like more",
            (documents - 33) / 1000,
            (documents - 33) % 1000
        ));
        let rows = run.rows();
        assert!(rows.len() == 32 * documents - 32 * 33 / 2 && rows.iter().all(|row| row["similarity"] == 1.0));
        // Of equally alike ones the first.
        assert!(rows.iter().all(|row| place(&row["b"]) - place(&row["a"]) <= 32));
        assert_eq!(dir.run(&["similar", input, "--most", "2", "-q"]).exits(0).rows().len(), 2 * documents - 3);
    }
    // Crowds on either side of two sets: each document of the one is listed, and the other's are bounded.
    let many = dir.run(&["similar", "near.jsonl", "--against", "one.jsonl", "-q"]).exits(0).rows();
    assert!(many.len() > 4_900, "{}", many.len());
    let one =
        dir.run(&["similar", "one.jsonl", "--against", "near.jsonl", "--most", "5"]).exits(0).says("1 documents are like more than the 5 others");
    let best = one.rows().iter().map(share).collect::<Vec<_>>();
    assert!(best.len() == 5 && best.iter().all(|share| *share >= 9_000), "{best:?}");
    assert_eq!(dir.run(&["similar", "copies.jsonl", "--against", "one.jsonl", "-q"]).exits(0).rows().len(), 20_000);
    assert!(start.elapsed().as_secs() < 120, "{:?}", start.elapsed());
}

#[test]
fn differences_are_said_in_words() {
    let dir = Workdir::new();
    let text = |word: &str| {
        format!("{} {word} the end of it all came sooner than anyone had thought", (0..40).map(|n| format!("w{n}")).collect::<Vec<_>>().join(" "))
    };
    dir.write("a.jsonl", jsonl([text("noon"), text("midnight")])).write("b.txt", text("dusk"));
    let row = &pairs(&dir, &["a.jsonl", "--differences", "--near-threshold", "0.7"])[0];
    assert_eq!(row["similarity"], json!(0.8113));
    let difference = &row["difference"];
    assert_eq!((&difference["own_words"], &difference["kept_words"], &difference["common_words"]), (&json!(1), &json!(1), &json!(51)));
    assert_eq!((&difference["first"][0]["own"]["text"], &difference["first"][0]["kept"]["text"]), (&json!("noon"), &json!("midnight")));
    let rows = pairs(&dir, &["a.jsonl", "--against", "b.txt", "--differences", "--near-threshold", "0.7"]);
    assert_eq!(rows.iter().map(|row| row["difference"]["first"][0]["kept"]["text"].clone()).collect::<Vec<_>>(), [json!("dusk"), json!("dusk")]);
    assert_eq!(rows[0]["b"], json!({"id": "b.txt:1", "source": "b.txt", "position": 1}));
    assert!(pairs(&dir, &["a.jsonl", "--near-threshold", "0.7"])[0].get("difference").is_none());
}

/// What says nothing is like nothing; ids may repeat, be of any kind, or be missing; what cannot be read is named, and the rest is compared.
#[test]
fn odd_input() {
    let dir = Workdir::new();
    let text = "one two three four five six seven";
    let records = [
        json!({"id": 1, "text": text}).to_string(),
        json!({"id": 1, "text": ""}).to_string(),
        json!({"id": {"a": [1.50]}, "text": "ONE two — three\nfour, five six seven"}).to_string(),
        "{\"id\":1e2,\"text\":\"  \\n \\t\"}".to_owned(),
        "{broken".to_owned(),
        json!({"text": format!("  {text}!")}).to_string(),
        json!({"id": null, "text": "one two three four"}).to_string(),
        json!({"id": "six", "text": ""}).to_string(),
    ];
    dir.write("in.jsonl", records.join("\n"));
    let run = dir.run(&["similar", "in.jsonl"]).exits(3).says("in.jsonl:5:").says("note   4 documents are shorter than a shingle");
    let rows = run.rows();
    assert_eq!(rows.iter().map(|row| (place(&row["a"]), place(&row["b"]))).collect::<Vec<_>>(), [(0, 2), (0, 5), (2, 5)]);
    assert!(rows[0]["b"]["id"] == json!({"a": [1.5]}) && rows[1]["b"]["id"] == "in.jsonl:6" && rows[1]["a"]["id"] == 1);
    // Another look at the same bytes: spelling stays.
    assert!(String::from_utf8(run.stdout).unwrap().contains("{\"a\":[1.5]}"));
    for size in ["words:8", "chars:255"] {
        let run = dir.run(&["similar", "in.jsonl", "--shingle", size]).exits(3).says("out    0 pairs").says("7 documents are shorter than a shingle");
        assert!(run.stdout.is_empty());
    }
    assert_eq!(dir.run(&["similar", "in.jsonl", "--shingle", "words:1", "-q"]).exits(3).rows().len(), 3);
    assert_eq!(dir.run(&["similar", "in.jsonl", "--shingle", "words:1", "--near-threshold", "0.5", "-q"]).exits(3).rows().len(), 6);
    for (name, bytes) in [("empty.jsonl", ""), ("blank.txt", " \n\n")] {
        dir.write(name, bytes);
        assert!(dir.run(&["similar", name]).exits(0).says("out    0 pairs").stdout.is_empty());
    }
    assert!(dir.pipe(&["similar"], b"").exits(0).says("out    0 pairs").stdout.is_empty());
    assert!(dir.run(&["similar", "in.jsonl", "--against", "empty.jsonl", "--nearest", "2", "-q"]).exits(3).stdout.is_empty());
}

#[test]
fn what_cannot_be_meant_is_refused_by_name() {
    let dir = Workdir::new();
    dir.write("a.jsonl", jsonl(["one two three four five six"])).write("b/b.jsonl", jsonl(["one two three four five seven"]));
    for threshold in ["0", "1.5", "-1", "NaN", "inf"] {
        dir.run(&["similar", "a.jsonl", "--near-threshold", threshold]).exits(2).says("near_threshold");
    }
    let cases: [(&[&str], &str); 14] = [
        (&["a.jsonl", "--shingle", "words:0"], "no shingle"),
        (&["a.jsonl", "--nearest", "3"], "--index FOLDER, or --against OTHER"),
        (&["a.jsonl", "--nearest", "0", "--against", "b"], "--nearest"),
        (&["a.jsonl", "--most", "0"], "--most"),
        (&["a.jsonl", "--against", "b", "--index", "b"], "leave out --index or --against"),
        (&["a.jsonl", "--against", "./a.jsonl"], "are one set"),
        (&["b", "--against", "b/b.jsonl"], "are one set"),
        (&["-", "--against", "-"], "- is given twice"),
        (&["a.jsonl", "--against", "none"], "cannot be read"),
        (&["a.jsonl", "--index", "b"], "there is no index of documents here"),
        (&["a.jsonl", "--index", "none"], "there is no index of documents here"),
        (&["a.jsonl", "-o", "out"], "pairs go to a file"),
        (&["a.jsonl", "-o", "out.csv"], ".jsonl"),
        (&["a.jsonl", "--against", "b", "-o", "b/b.jsonl"], "are one place"),
    ];
    for (args, says) in cases {
        let run = dir.run(&[&["similar"], args].concat()).exits(2).says(says);
        assert!(run.stdout.is_empty());
    }
    assert_eq!(fs::read_dir(dir.path(".")).unwrap().count(), 2);
}

#[test]
fn indexes_that_do_not_fit_or_are_damaged_are_refused() {
    let dir = Workdir::new();
    let old = texts(10, 40, 4, 14);
    dir.write("new.jsonl", jsonl(&old[..20]));
    index(&dir, &old, &[]);
    let asked = |more: &[&str]| dir.run(&[&["similar", "new.jsonl", "--index", "old"], more].concat());
    asked(&["--shingle", "words:3"]).exits(2).says("the index has shingles auto").says("--shingle auto");
    asked(&["--differences"]).exits(2).says("an index holds no texts");
    for mode in [&[][..], &["--nearest", "2"]] {
        asked(mode).exits(0);
        for file in ["documents.idx", "shingles.idx"] {
            let path = dir.path("old/index").join(file);
            let whole = fs::read(&path).unwrap();
            let mut bytes = whole.clone();
            bytes[whole.len() / 2] ^= 1;
            for bytes in [bytes, whole[..whole.len() - 5].to_vec(), b"none".to_vec()] {
                fs::write(&path, bytes).unwrap();
                let run = asked(&[mode, &["-o", "out.jsonl"]].concat()).exits(4);
                assert!(run.stderr.contains(".idx") && !dir.path("out.jsonl").exists(), "{}", run.stderr);
            }
            fs::write(&path, whole).unwrap();
        }
    }
    dir.run(&["clean", "old.jsonl", "--langid", "none", "-q", "-o", "plain"]).exits(0);
    dir.run(&["similar", "new.jsonl", "--index", "plain"]).exits(2).says("holds no signatures").says("--near");
}

/// The labelled cases of other tools: what they call alike is a pair, and what they do not is none, but where `differs` says so.
#[test]
fn answers_are_those_of_the_peers_or_differ_for_a_reason() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/near/peers.jsonl");
    let dir = Workdir::new();
    let mut asked = 0;
    for case in rows(&fs::read(path).unwrap()) {
        let texts: Vec<&str> = case["documents"].as_array().unwrap().iter().map(|text| text.as_str().unwrap()).collect();
        dir.write("in.jsonl", jsonl(&texts));
        let threshold = case["threshold"].to_string();
        let rows = pairs(&dir, &["in.jsonl", "--near-threshold", &threshold, "--shingle", case["shingle"].as_str().unwrap()]);
        let found: Vec<Value> = rows.iter().map(|row| json!([place(&row["a"]), place(&row["b"])])).collect();
        for (said, expected, other) in [("alike", true, "unlike"), ("unlike", false, "alike")] {
            let differs = case["differs"][other].as_array().into_iter().flatten().collect::<Vec<_>>();
            for pair in case[said].as_array().into_iter().flatten() {
                let sorted = if pair[0].as_u64() < pair[1].as_u64() { pair.clone() } else { json!([pair[1], pair[0]]) };
                assert_eq!(found.contains(&sorted), expected != differs.contains(&pair), "{pair} of {case}");
                asked += 1;
            }
        }
    }
    assert!(asked > 30, "{asked}");
}
