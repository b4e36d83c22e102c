//! An index whose files hold what the fuzzer says, under checksums that are right: whoever reads them says an error or an answer, and does not panic.
#![no_main]

use std::{cell::RefCell, fs};

use buddle::{
    config::{Config, LangidEngine},
    model::{PAGE, PAGE_BYTES, page_checksum},
    pipeline::{self, Similar, StopFlag, Unobserved},
};
use libfuzzer_sys::fuzz_target;

const FILES: [&str; 3] = ["lines.idx", "documents.idx", "shingles.idx"];

/// A folder with `true`, an index of some documents, and what was asked for in it.
struct Honest {
    dir: tempfile::TempDir,
    files: [Vec<u8>; 3],
}

fn config(honest: &tempfile::TempDir) -> Config {
    Config { inputs: vec![honest.path().join("old.jsonl")], langid: LangidEngine::None, near: true, threads: 1, ..Config::default() }
}

fn honest() -> Honest {
    let dir = tempfile::tempdir().unwrap();
    let record = |n: usize| {
        let story = (0..30).map(|w| format!("word{}", (n / 3 * 7 + w * w) % 97)).collect::<Vec<_>>().join(" ");
        format!("{{\"id\":{n},\"url\":\"https://s{}.example/{n}\",\"text\":\"Home\\nNews of the day\\nContact us\\n{story}.\"}}\n", n % 3)
    };
    fs::write(dir.path().join("old.jsonl"), (0..90).map(record).collect::<String>()).unwrap();
    pipeline::build_index(&config(&dir), &dir.path().join("true"), &Unobserved, &StopFlag::new(0)).unwrap();
    let files = FILES.map(|name| fs::read(dir.path().join("true").join(name)).unwrap());
    fs::create_dir(dir.path().join("lies")).unwrap();
    Honest { dir, files }
}

thread_local!(static HONEST: RefCell<Option<Honest>> = const { RefCell::new(None) });

// Five bytes a patch: which file, where (three bytes), what.
fuzz_target!(|bytes: &[u8]| {
    HONEST.with_borrow_mut(|kept| {
        let Honest { dir, files } = kept.get_or_insert_with(honest);
        let lies = dir.path().join("lies");
        let mut lie = files.clone();
        for [file, a, b, c, value] in bytes.as_chunks::<5>().0 {
            let file = &mut lie[usize::from(*file) % FILES.len()];
            let at = u32::from_le_bytes([*a, *b, *c, 0]) as usize % (file.len() / PAGE * PAGE_BYTES);
            file[at / PAGE_BYTES * PAGE + at % PAGE_BYTES] = *value;
        }
        for (name, file) in FILES.iter().zip(&mut lie) {
            for (page, number) in file.chunks_exact_mut(PAGE).zip(0..) {
                let (page, checksum) = page.split_at_mut(PAGE_BYTES);
                checksum.copy_from_slice(&page_checksum(page, number).to_le_bytes());
            }
            fs::write(lies.join(name), file).unwrap();
        }
        let _ = pipeline::check_index(&lies);
        let against = Config { index: Some(lies.clone()), output: Some(dir.path().join("output.jsonl")), ..config(dir) };
        let _ = pipeline::clean(&against, &Unobserved, &StopFlag::new(0));
        let _ = pipeline::clean(&Config { near: false, one_pass: true, ..against.clone() }, &Unobserved, &StopFlag::new(0));
        let asked = Similar { against: Vec::new(), nearest: Some(3), threshold: false, most: 32, differences: false };
        let _ = pipeline::similar(&against, &asked, &Unobserved, &StopFlag::new(0));
        let _ = pipeline::merge_indexes(&[lies, dir.path().join("true")], &dir.path().join("merged"), true, &StopFlag::new(0));
    });
});
