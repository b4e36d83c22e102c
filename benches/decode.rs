//! What decoding costs: `cargo bench --bench decode [-- FOLDER]`.
//!
//! Detection and decoding of every file of FOLDER that is no UTF-8, of those that are 17 kB and smaller and of the others apart, and of some of them repeated up to 100 kB; and all checks of
//! UTF-8 texts of 2 MB in English and in other scripts: one thread, the least of some rounds, megabytes of input a second. Without a folder the
//! seed page and the natural texts of `fixtures` in the encodings that hold them. Every round must come to the same sum of characters.

#![allow(clippy::expect_used, clippy::print_stdout)] // It stops at what it did not expect, and prints its figures.

use std::{hint::black_box, path::Path, time::Instant};

use buddle::decode::{Charset, Normalizer, StepCounts, Steps, decode};
use unicode_normalization::UnicodeNormalization;

/// Bytes that a round goes over, at least, and rounds; the least counts.
const BYTES: usize = 4_000_000;
const ROUNDS: usize = 5;
/// Bytes of a small file, at most.
const SMALL: usize = 17_000;
/// Bytes of a long one.
const LONG: usize = 100_000;

/// English as it is written: some quotes, mostly ASCII.
const PROSE: &str =
    "The first read looks at every line once and notes what it found: which documents are copies, which lines a site repeats, and where.
The second read judges each line by what is known of its site, writes what stays, and logs what goes with the reason and the place of its copy.
A line that “everybody” has is not furniture by itself; it must stand where furniture stands.
";

fn main() {
    let folder = std::env::args().skip(1).find(|arg| !arg.starts_with("--"));
    let files = match &folder {
        Some(folder) => read_all(Path::new(folder)),
        None => made_files(),
    };
    let legacy = |small: bool| -> Vec<Vec<u8>> {
        files.iter().filter(|file| std::str::from_utf8(file).is_err() && (file.len() <= SMALL) == small).cloned().collect()
    };
    time("legacy, small files", &legacy(true));
    time("legacy, larger files", &legacy(false));
    // Of every fifth file so much, again and again.
    let long = legacy(true).into_iter().chain(legacy(false)).filter(|file| file.len() > 1000).step_by(5);
    let long: Vec<Vec<u8>> = long.map(|file| file.iter().copied().cycle().take(LONG).collect()).collect();
    time("legacy, 100 kB", &long);

    let normalizer = Normalizer::new(Steps::all());
    for (name, sentence) in [
        ("UTF-8 English", PROSE),
        ("UTF-8 English, quotes", "The survey looks at “every line” once – and says what it found; nothing else is kept of it.\n"),
        ("UTF-8 Russian", "Первое чтение смотрит на каждую строку один раз и говорит, что нашло; больше ничего не хранится.\n"),
        ("UTF-8 French", "Le développement a été salué par l’assemblée générale, où il fut présenté à l’hôtel de la région.\n"),
        ("UTF-8 Vietnamese", "Tất cả mọi người sinh ra đều được tự do và bình đẳng về nhân phẩm và quyền lợi.\n"),
        ("UTF-8 Hindi", "सभी मनुष्यों को गौरव और अधिकारों के मामले में जन्मजात स्वतन्त्रता और समानता प्राप्त है; वह बड़ा है।\n"),
        ("UTF-8 Bengali", "সমস্ত মানুষ স্বাধীনভাবে সমান মর্যাদা এবং অধিকার নিয়ে জন্মগ্রহণ করে।\n"),
        ("UTF-8 Thai", "มนุษย์ทั้งหลายเกิดมามีอิสระและเสมอภาคกันในเกียรติศักดิ์และสิทธิ\n"),
        ("UTF-8 Arabic", "يولد جميع الناس أحرارا متساوين في الكرامة والحقوق، وقد وهبوا عقلا وضميرا.\n"),
        ("UTF-8 Korean", "모든 인간은 태어날 때부터 자유로우며 그 존엄과 권리에 있어 동등하다.\n"),
        ("UTF-8 Japanese", "すべての人間は、生れながらにして自由であり、かつ、尊厳と権利とについて平等である。\n"),
        ("UTF-8 Chinese", "第一次读取时，每一行只看一次，并且说明发现了什么；其他的东西都不保留。\n"),
    ] {
        let text = sentence.nfc().collect::<String>().repeat(2_000_000 / sentence.len());
        let mut least = f64::MAX;
        for _ in 0..ROUNDS * 4 {
            let start = Instant::now();
            let decoded = decode(black_box(text.as_bytes()), None).expect("text");
            let normal = normalizer.normalize(&decoded.text, &mut StepCounts::default());
            least = least.min(start.elapsed().as_secs_f64());
            assert_eq!(normal.text.len(), text.len() - 1);
        }
        println!("{name:24} {:8.0} MB/s", text.len() as f64 / least / 1e6);
    }
}

fn read_all(folder: &Path) -> Vec<Vec<u8>> {
    let mut files = Vec::new();
    for entry in walkdir::WalkDir::new(folder).sort_by_file_name() {
        let entry = entry.expect("a folder that can be read");
        if entry.file_type().is_file() {
            files.push(std::fs::read(entry.path()).expect("a file that can be read"));
        }
    }
    files
}

fn made_files() -> Vec<Vec<u8>> {
    let mut files = Vec::new();
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures");
    for text in read_all(Path::new(root)).iter().filter_map(|file| std::str::from_utf8(file).ok()) {
        for label in ["windows-1252", "windows-1250", "windows-1251", "koi8-r", "shift_jis", "gbk", "big5", "euc-kr"] {
            let Some(Charset::Whatwg(encoding)) = Charset::for_label(label) else { continue };
            let whole: Vec<&str> = text.lines().filter(|line| !line.is_ascii() && !encoding.encode(line).2).take(1000).collect();
            for size in [20, 1000] {
                let part = whole.iter().take(size).copied().collect::<Vec<_>>().join("\n");
                files.push(encoding.encode(&part).0.into_owned());
            }
        }
    }
    files
}

fn time(name: &str, files: &[Vec<u8>]) {
    let bytes: usize = files.iter().map(Vec::len).sum();
    if bytes == 0 {
        return println!("{name:24} none");
    }
    let times = BYTES.div_ceil(bytes);
    let (mut least, mut sum) = (f64::MAX, None);
    for _ in 0..ROUNDS {
        let start = Instant::now();
        let mut chars = 0;
        for _ in 0..times {
            chars += files.iter().filter_map(|file| decode(black_box(file), None).ok()).map(|decoded| decoded.text.len()).sum::<usize>();
        }
        least = least.min(start.elapsed().as_secs_f64());
        assert_eq!(*sum.get_or_insert(chars), chars);
    }
    println!("{name:24} {:8.1} MB/s   ({} files of {} bytes)", (bytes * times) as f64 / least / 1e6, files.len(), bytes);
}
