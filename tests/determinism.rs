//! Law 2: the same bytes for any number of threads, for a file and its shards, a file and a stream, and any compression.

use std::io::Write;

use serde_json::Value;

use crate::workdir::Workdir;

fn corpus() -> String {
    let mut out = String::new();
    for n in 0..3000_u32 {
        let site = n % 37;
        let mut text = format!("Menu of site {site}\nAdvertisement\n");
        for k in 0..(n % 7) {
            text += &format!("Paragraph {k} of document {} tells a part of a story that is long enough to be prose.\nAdvertisement\n", n % 900);
        }
        out += &format!("{}\n", serde_json::json!({"id": n, "url": format!("https://www.site{site}.example/{n}"), "text": text}));
    }
    out
}

/// What must not differ between a file and its shards: all but where a record stood.
fn placeless(mut rows: Vec<Value>) -> Vec<Value> {
    for row in &mut rows {
        let made = row["buddle"].as_object_mut().unwrap();
        made.remove("source");
        made.remove("position");
    }
    rows
}

#[test]
fn threads_shards_streams_and_compression_do_not_matter() {
    let dir = Workdir::new();
    let corpus = corpus();
    dir.write("all.jsonl", &corpus);
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(corpus.as_bytes()).unwrap();
    dir.write("zipped", gzip.finish().unwrap());
    dir.write("packed", zstd::encode_all(corpus.as_bytes(), 1).unwrap());
    let lines: Vec<&str> = corpus.split_inclusive('\n').collect();
    for (n, shard) in lines.chunks(701).enumerate() {
        dir.write(&format!("shards/{n}.jsonl"), shard.concat());
    }
    for threads in ["1", "2", "7", "16"] {
        dir.run(&["clean", "all.jsonl", "-q", "-j", threads, "-o", &format!("t{threads}"), "--shard-size", "200000"]).exits(0);
    }
    let one = dir.tree("t1");
    assert!(one.iter().filter(|(name, _)| name.starts_with("data/")).count() > 1, "several parts");
    for threads in ["t2", "t7", "t16"] {
        assert!(dir.tree(threads) == one, "{threads}");
    }
    let rows = placeless(dir.washed("t1", "data/"));
    assert!(rows.len() < 3000);
    for input in ["shards", "zipped", "packed"] {
        dir.run(&["clean", input, "-q", "-o", &format!("out-{input}")]).exits(0);
        assert!(placeless(dir.washed(&format!("out-{input}"), "data/")) == rows, "{input}");
    }
    let stream = dir.pipe(&["clean", "-", "-q"], corpus.as_bytes()).exits(0);
    assert!(placeless(stream.rows()) == rows);
    let report = |name: &str| String::from_utf8(std::fs::read(dir.path(name).join("report.json")).unwrap()).unwrap();
    assert_eq!(report("t1"), report("t16"));
}
