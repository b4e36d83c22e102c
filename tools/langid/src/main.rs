//! Makes buddle's model of languages out of labelled text: `langid-model TEXTS LANGUAGES MODEL`.
//!
//! TEXTS is a folder of `*.tsv` (language, kind, text) as `collect.py` writes it, LANGUAGES the table of languages that the model is to know,
//! MODEL the file to write. The same texts make the same model, byte for byte: one thread, a fixed seed.

mod corpus;
mod fit;
mod pack;

use std::{error::Error, path::Path, time::Instant};

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [texts, languages, model] = args.as_slice() else { return Err("usage: langid-model TEXTS LANGUAGES MODEL".into()) };
    let begun = Instant::now();
    let say = |what: &str| eprintln!("{:6.1} s  {what}", begun.elapsed().as_secs_f64());
    let corpus = corpus::Corpus::read(Path::new(texts), Path::new(languages))?;
    say(&format!("{} lines, {} features", corpus.lines.len(), corpus.features.len()));
    let mut weights = fit::Weights::new(&corpus);
    for epoch in 0..fit::EPOCHS {
        let loss = weights.pass(&corpus, epoch);
        say(&format!("pass {epoch}: {loss:.4} nats a line"));
    }
    let mut packed = pack::Packed::new(&corpus, &weights, pack::BUCKETS);
    drop(weights);
    say(&format!("{} of {} rows used, {} weights", packed.rows_used(), pack::BUCKETS * 7, packed.weights_used()));
    for epoch in 0..pack::EPOCHS {
        let loss = packed.pass(&corpus, epoch);
        say(&format!("packed, pass {epoch}: {loss:.4} nats a line"));
    }
    std::fs::write(model, packed.to_bytes(&corpus))?;
    say("written");
    Ok(())
}
