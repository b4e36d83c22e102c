//! Sources to blocks, over random lines, chunk sizes and compressions.

use std::io::{self, Read, Write};
use std::path::Path;

use proptest::prelude::*;

use super::*;
use crate::model::{Error, ErrorKind};

/// Reads 1 to n bytes at a time, in a fixed pattern of sizes, with interruptions.
struct Chunks<R>(R, Vec<usize>, usize);

impl<R: Read> Read for Chunks<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.2 += 1;
        let n = self.1[self.2 % self.1.len()];
        if n == 0 {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let n = n.min(into.len());
        self.0.read(&mut into[..n])
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gz.write_all(bytes).unwrap();
    gz.finish().unwrap()
}

fn zst(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 1).unwrap()
}

const SKIPPABLE: &[u8] = b"\x50\x2A\x4D\x18\x03\0\0\0abc";

/// The bytes as they are, as gzip of two members with padding, as zstd of two frames with skippable ones.
fn packings(bytes: &[u8]) -> [Vec<u8>; 3] {
    let (a, b) = bytes.split_at(bytes.len() / 3);
    [bytes.to_vec(), [gzip(a), gzip(b), vec![0; 700]].concat(), [SKIPPABLE.to_vec(), zst(a), SKIPPABLE.to_vec(), zst(b), SKIPPABLE.to_vec()].concat()]
}

struct Run {
    blocks: Vec<Block>,
    problems: Vec<(u32, Error)>,
    infos: Vec<SourceInfo>,
}

fn run_with<'a>(sources: &'a [Source], format: InputFormat, limits: Limits, block: usize, part: usize, chunks: &'a [usize]) -> Run {
    let opener = |s: &'a Source| -> io::Result<Box<dyn Read + Send + 'a>> { Ok(Box::new(Chunks(s.open()?, chunks.to_vec(), 0))) };
    let mut reader = Reader::with_opener(sources, format, limits, block, part, Box::new(opener));
    let (mut blocks, mut problems) = (Vec::new(), Vec::new());
    while let Some(block) = reader.next_block().unwrap() {
        blocks.push(Block { consumed: 0, ..block });
        problems.extend(reader.take_problems());
    }
    problems.extend(reader.take_problems());
    Run { blocks, problems, infos: reader.finish() }
}

fn run(sources: &[Source], format: InputFormat) -> Run {
    run_with(sources, format, Limits::default(), BLOCK_BYTES, 4 << 20, &[usize::MAX])
}

fn pieces(blocks: &[Block]) -> Vec<Piece> {
    blocks.iter().flat_map(|b| b.pieces.clone()).collect()
}

fn bytes_of(piece: &Piece) -> (u32, &[u8]) {
    match piece {
        Piece::Text { source, bytes }
        | Piece::Jsonl { source, bytes, .. }
        | Piece::TooLong { source, bytes, .. }
        | Piece::Cut { source, bytes, .. } => (*source, bytes),
    }
}

fn joined(blocks: &[Block], source: u32) -> Vec<u8> {
    blocks.iter().flat_map(|b| &b.pieces).map(bytes_of).filter(|p| p.0 == source).flat_map(|p| p.1.to_vec()).collect()
}

fn text_lines() -> impl Strategy<Value = Vec<u8>> {
    proptest::collection::vec("[a-z{}\"\r ]{0,30}", 0..12).prop_map(|lines| lines.join("\n").into_bytes())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn all_bytes_arrive_and_borders_are_fixed(
        inputs in proptest::collection::vec(text_lines(), 1..4),
        chunks in proptest::collection::vec(0_usize..9, 1..5),
        block in 1_usize..80, max in 1_u64..40, part in 1_usize..9,
    ) {
        let mut chunks = chunks;
        chunks.push(7);
        let limits = Limits { max_record_bytes: max, ..Limits::default() };
        for format in [InputFormat::Jsonl, InputFormat::Text, InputFormat::Auto] {
            let plain: Vec<Source> = inputs.iter().map(|i| Source::from_bytes("x", i.clone())).collect();
            let want = run_with(&plain, format, limits, block, part, &[usize::MAX]);
            for (i, input) in inputs.iter().enumerate() {
                prop_assert_eq!(&joined(&want.blocks, i as u32), input);
                prop_assert_eq!(want.infos[i].empty, input.is_empty());
            }
            for b in &want.blocks {
                let last = bytes_of(b.pieces.last().unwrap()).1.len();
                prop_assert!(b.bytes as usize - last < block);
                prop_assert_eq!(b.bytes as usize, b.pieces.iter().map(|p| bytes_of(p).1.len()).sum::<usize>());
            }
            let mut line = std::collections::BTreeMap::new();
            for piece in pieces(&want.blocks) {
                if let Piece::Jsonl { source, first_line, bytes } = piece {
                    let before = line.entry(source).or_insert(1);
                    prop_assert!(first_line >= *before);
                    *before = first_line + bytes.iter().filter(|b| **b == b'\n').count() as u64;
                    prop_assert!(bytes.split(|b| *b == b'\n').all(|l| l.len() as u64 <= max));
                }
            }
            for packing in 0..3 {
                let sources: Vec<Source> = inputs.iter().map(|i| Source::from_bytes("x", packings(i)[packing].clone())).collect();
                let got = run_with(&sources, format, limits, block, part, &chunks);
                prop_assert_eq!(&got.blocks, &want.blocks);
                prop_assert!(got.problems.is_empty());
                for (info, source) in got.infos.iter().zip(&sources) {
                    let mut stored = Vec::new();
                    source.open().unwrap().read_to_end(&mut stored).unwrap();
                    prop_assert_eq!(info.xxh3_128, Some(xxhash_rust::xxh3::xxh3_128(&stored)));
                    prop_assert_eq!(info.bytes, stored.len() as u64);
                    prop_assert!(info.whole);
                }
            }
        }
    }
}

#[test]
fn every_cut_of_an_archive_is_noticed() {
    let plain: Vec<u8> = (0..400).flat_map(|i| format!("{{\"text\":\"line {}\"}}\n", i * 7919 % 1000).into_bytes()).collect();
    for packed in [gzip(&plain), zst(&plain)] {
        for end in 5..packed.len() {
            let sources = [Source::from_bytes("a.jsonl", packed[..end].to_vec()), Source::from_bytes("b", b"{}\n".to_vec())];
            let got = run(&sources, InputFormat::Jsonl);
            assert_eq!(got.problems.len(), 1, "{end}");
            assert!(got.problems[0].0 == 0 && matches!(got.problems[0].1.kind(), ErrorKind::Corrupt(_)));
            assert!(plain.starts_with(&joined(&got.blocks, 0)));
            assert_eq!(joined(&got.blocks, 1), b"{}\n");
            assert!(!got.infos[0].whole && !got.infos[0].empty && got.infos[1].whole);
            let text = run(&sources[..1], InputFormat::Text);
            assert!(pieces(&text.blocks).iter().all(|p| matches!(p, Piece::Cut { position: 1, .. })));
        }
    }
    let big = plain.repeat(200);
    let packed = gzip(&big);
    let got = run(&[Source::from_bytes("a", packed[..packed.len() - 9].to_vec())], InputFormat::Auto);
    assert!(joined(&got.blocks, 0).len() > big.len() / 2);
    assert!(got.problems[0].1.to_string().starts_with("a:"));
}

#[test]
fn damage_is_no_clean_end() {
    let plain = b"{\"text\":\"abc\"}\n".repeat(50);
    let mut wrong_sum = gzip(&plain);
    let crc = wrong_sum.len() - 8;
    wrong_sum[crc] ^= 1;
    for bytes in [wrong_sum, [gzip(&plain), b"trailing".to_vec()].concat(), [zst(&plain), b"trailing".to_vec()].concat(), b"\x1F\x8B".to_vec()] {
        let got = run(&[Source::from_bytes("a", bytes)], InputFormat::Auto);
        assert_eq!(got.problems.len(), 1);
        assert!(matches!(got.problems[0].1.kind(), ErrorKind::Corrupt(_)));
    }
}

#[test]
fn bombs_are_stopped() {
    let long_lines = format!("{}\n", "x".repeat(65_535)).repeat(66 << 4).into_bytes();
    let source = [Source::from_bytes("a.jsonl", zst(&long_lines))];
    let limits = |max_ratio, max_decompressed_bytes| Limits { max_ratio, max_decompressed_bytes, ..Limits::default() };
    let stop = |limits| {
        let got = run_with(&source, InputFormat::Auto, limits, BLOCK_BYTES, 4 << 20, &[usize::MAX]);
        let hint = got.problems.first().and_then(|p| p.1.hint_text()).unwrap_or_default().to_owned();
        (joined(&got.blocks, 0).len(), hint)
    };
    assert_eq!(stop(limits(1 << 30, u64::MAX)), (66 << 20, String::new()));
    assert!(stop(limits(100, u64::MAX)).1.contains("--max-ratio"));
    let (len, hint) = stop(limits(1 << 30, 1001));
    assert!(len == 1001 && hint.contains("--max-decompressed-bytes"));
    // The guard strikes inside the last read, at its end, and not at all.
    for (max, problems) in [(9, 1), (10, 0), (0, 1)] {
        for packed in [gzip(b"0123456789"), zst(b"0123456789")] {
            let small = [Source::from_bytes("a", packed)];
            let got = run_with(&small, InputFormat::Jsonl, limits(100, max), BLOCK_BYTES, 4 << 20, &[usize::MAX]);
            assert_eq!((got.problems.len(), joined(&got.blocks, 0).len() as u64), (problems, max), "{max}");
        }
    }
}

#[test]
fn marks_and_utf16() {
    let text = "{\"text\":\"\u{E9}\u{1F600}\"}\n{\"text\":\"b\"}\n";
    for big in [false, true] {
        let bytes: Vec<u8> =
            "\u{FEFF}".encode_utf16().chain(text.encode_utf16()).flat_map(|u| if big { u.to_be_bytes() } else { u.to_le_bytes() }).collect();
        let sources = [Source::from_bytes("a", gzip(&bytes)), Source::from_bytes("b", format!("\u{FEFF}{text}").into_bytes())];
        for format in [InputFormat::Auto, InputFormat::Jsonl] {
            let got = run_with(&sources, format, Limits::default(), 1 << 20, 99, &[1, 3]);
            assert_eq!((joined(&got.blocks, 0), joined(&got.blocks, 1)), (text.as_bytes().to_vec(), text.as_bytes().to_vec()));
            assert_eq!(got.blocks.len(), 1);
            assert_eq!(got.infos[0].records_format, Some(InputFormat::Jsonl));
        }
        // Text is decoded elsewhere, so its mark stays.
        assert_eq!(joined(&run(&sources[..1], InputFormat::Text).blocks, 0), bytes);
    }
}

#[test]
fn long_records_come_in_parts() {
    let limits = Limits { max_record_bytes: 4, ..Limits::default() };
    let source = [Source::from_bytes("a", b"ab\n12345678\ncd\n".to_vec())];
    let part = |source, position, part, last, bytes: &[u8]| Piece::TooLong { source, position, part, last, bytes: bytes.to_vec() };
    let got = run_with(&source, InputFormat::Jsonl, limits, 100, 8, &[2]);
    let want = [
        Piece::Jsonl { source: 0, first_line: 1, bytes: b"ab\n".to_vec() },
        part(0, 2, 0, false, b"12345678"),
        part(0, 2, 1, true, b"\n"),
        Piece::Jsonl { source: 0, first_line: 3, bytes: b"cd\n".to_vec() },
    ];
    assert_eq!(pieces(&got.blocks), want);
    let got = run_with(&source, InputFormat::Text, limits, 100, 8, &[2]);
    assert_eq!(pieces(&got.blocks), [part(0, 1, 0, false, b"ab\n12345"), part(0, 1, 1, true, b"678\ncd\n")]);
}

fn names(found: &Sources) -> Vec<&str> {
    found.sources.iter().map(|s| s.name.as_str()).collect()
}

fn write(root: &Path, path: &str) {
    let path = root.join(path);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, "x").unwrap();
}

#[test]
fn walks_in_canonical_order() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path();
    for path in ["in/b/x.txt", "in/b-c/y", "in/B", "in/.git/z", "in/_tmp", "in/example.org/p", "z"] {
        write(root, path);
    }
    std::os::unix::fs::symlink("..", root.join("in/b/loop")).unwrap();
    std::os::unix::fs::symlink("nowhere", root.join("in/dangling")).unwrap();
    std::os::unix::fs::symlink("../z", root.join("in/link")).unwrap();
    let found = list(&[root.join("z"), root.join("in/")]).unwrap();
    let base = root.to_str().unwrap();
    let want: Vec<String> = ["z", "in/B", "in/b-c/y", "in/b/x.txt", "in/example.org/p", "in/link"].iter().map(|p| format!("{base}/{p}")).collect();
    assert_eq!(names(&found), want);
    assert_eq!((found.problems.len(), found.skipped), (2, 2));
    assert_eq!((found.sources[4].folder.as_deref(), found.sources[4].size), (Some("example.org"), Some(1)));
    assert!(found.problems[0].to_string().contains("leads back"), "{}", found.problems[0]);
}

#[test]
fn a_washed_folder_gives_its_data() {
    let dir = tempfile::tempdir().unwrap();
    for path in ["data/a.jsonl", "removed/b.jsonl", "manifest.json"] {
        write(dir.path(), path);
    }
    assert_eq!(list(&[dir.path().to_owned()]).unwrap().sources.len(), 3);
    std::fs::write(dir.path().join("manifest.json"), "{\"tool\":\"buddle 0.1.0\"}").unwrap();
    assert_eq!(names(&list(&[dir.path().to_owned()]).unwrap()), [format!("{}/data/a.jsonl", dir.path().display())]);
}

#[test]
fn wrong_arguments() {
    let dir = tempfile::tempdir().unwrap();
    let cases = [vec![], vec!["-", "-"], vec!["/dev/null"], vec!["no/such/file"], vec![dir.path().to_str().unwrap()]];
    for case in cases {
        let inputs: Vec<_> = case.iter().map(Into::into).collect();
        assert_eq!(list(&inputs).unwrap_err().exit_code(), 2, "{case:?}");
    }
    assert!(list(&["-".into()]).unwrap().sources[0].is_stream());
}

#[test]
fn an_unreadable_source_costs_itself() {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), "a");
    write(dir.path(), "b");
    let found = list(&[dir.path().to_owned()]).unwrap();
    std::fs::remove_file(dir.path().join("a")).unwrap();
    let got = run(&found.sources, InputFormat::Auto);
    assert_eq!(got.problems[0].0, 0);
    assert_eq!((joined(&got.blocks, 1), got.infos[0].whole, got.infos[0].records_format), (b"x".to_vec(), false, None));
}

#[test]
fn streams_are_spooled() {
    let dir = tempfile::tempdir().unwrap();
    let bytes: Vec<u8> = (0..100_000_u32).flat_map(u32::to_le_bytes).collect();
    for memory in [0, 1000, 400_000, 500_000] {
        let spool = spool::take_in(&mut Chunks(bytes.as_slice(), vec![5000, 0, 70_000], 0), dir.path(), "-", memory).unwrap();
        assert_eq!(matches!(spool, spool::Spool::Disk(_)), memory < bytes.len());
        for _ in 0..2 {
            let mut back = Vec::new();
            spool.reader().read_to_end(&mut back).unwrap();
            assert!(back == bytes);
        }
    }
    let error = spool::take_in(&mut bytes.as_slice(), &dir.path().join("gone"), "-", 10).unwrap_err();
    assert!(error.hint_text().unwrap().contains("--tmp-dir"));
}

#[test]
fn a_fifo_by_name_is_a_stream() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("pipe");
    if !std::process::Command::new("mkfifo").arg(&path).status().is_ok_and(|s| s.success()) {
        return;
    }
    let mut found = list(std::slice::from_ref(&path)).unwrap();
    assert!(found.sources[0].is_stream() && found.sources[0].size.is_none());
    assert_eq!(list(&[dir.path().to_owned()]).unwrap_err().exit_code(), 2);
    let writer = std::thread::spawn(move || std::fs::write(path, "line\n"));
    found.sources[0].spool(dir.path()).unwrap();
    writer.join().unwrap().unwrap();
    for _ in 0..2 {
        assert_eq!(joined(&run(&found.sources, InputFormat::Auto).blocks, 0), b"line\n");
    }
}

#[test]
fn tiny_files_do_not_make_huge_blocks() {
    let sources: Vec<Source> = (0..5000).map(|i| Source::from_bytes(i.to_string(), b"x".to_vec())).collect();
    assert_eq!(run(&sources, InputFormat::Auto).blocks.iter().map(|b| b.pieces.len()).collect::<Vec<_>>(), [4096, 904]);
}
