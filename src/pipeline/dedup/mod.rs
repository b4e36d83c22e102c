//! `dedup`: documents that others are copies of, or like, stay once; their bytes are left alone.
//!
//! The first read keys every document by its fields; keys are sorted as the survey's records are. Where likeness is asked for, another read
//! compares what is no copy. Then it is settled which documents go, and the last read writes. A document that stays for one before it is
//! named there too: its id takes a read of its own. Memory: what `--memory` says for keys and shingles, some 50 bytes for each document that
//! goes, the ids of those that stay for others, and 64 bytes for each document that is compared by likeness.

mod keying;
mod writing;

use hashbrown::{HashMap, HashSet};

use self::{
    keying::{KeyedBlock, Keying, signed},
    writing::{KeptIds, Writing},
};
use super::{
    Observer, StopFlag, apart, banding,
    clock::{Beside, StageClock},
    document::{Decoder, Encodings},
    fates::{Alikes, Instead},
    likenesses,
    memory::Room,
    near::Comparison,
    ordered,
    output::Outputs,
    pass::{Pass, WritingSteps, writing_pass},
    row_writer::RowWriter,
    signed::{SignedBlock, Signing},
    sorter::Sorter,
    temporary::Temporary,
    unchanged,
};
use crate::{
    config::{Config, RemovedLog},
    dedup::{ClusterFinder, Clusters, Gone, KeepDocument, Preference, RANK_BYTES, Rank},
    model::{DocId, Error, Reason, Result},
    read::{Block, Source, list},
    report::{self, Run},
    write::Target,
};

/// Removes duplicates from `config.inputs`, or marks them, by `config.dedup`; writes what `config.output` names.
///
/// # Errors
/// Those of [`clean`](super::clean()).
pub fn dedup(config: &Config, observer: &dyn Observer, stop: &StopFlag) -> Result<Run> {
    // What stays of equal documents is for `dedup.keep` to say.
    let config = &Config { keep_document: KeepDocument::First, ..config.clone() };
    match &config.dedup.keep {
        Preference::First => run::<0>(config, observer, stop),
        Preference::Longest => run::<8>(config, observer, stop),
        Preference::Max(_) | Preference::Min(_) => run::<RANK_BYTES>(config, observer, stop),
    }
}

fn run<const N: usize>(config: &Config, observer: &dyn Observer, stop: &StopFlag) -> Result<Run> {
    let mut clock = StageClock::start("reading");
    config.check()?;
    let target = Target::of(config.output.as_deref())?;
    apart(config, &target)?;
    let room = Room::of(config.memory)?;
    let keying = Keying::new(config)?;
    let mut listed = list(&config.inputs)?;
    let temporary = Temporary::of(config.tmp_dir.as_deref())?;
    let mut outputs = Outputs::create(config, &target)?;
    observer.stage("reading", None);
    for source in &mut listed.sources {
        source.spool(temporary.path())?;
    }
    let sources: &[Source] = &listed.sources;
    let names: Vec<String> = sources.iter().map(|source| source.name.clone()).collect();
    let pool = ordered::pool(config.threads)?;
    let total: Option<u64> = sources.iter().map(|source| source.size).sum();
    let beside = Beside::default();
    let pass = Pass { pool: &pool, sources, config, stop, observer, beside: &beside, room, flushes: false };
    let decoder = Decoder::new(config, sources)?;

    observer.stage("keying", total);
    clock.next("keying", &beside);
    let mut keyed: Sorter<_> = Sorter::new();
    let mut encodings = Encodings::default();
    let (mut records, mut without_fields, mut spilled) = (0, 0, 0);
    let mut problems = listed.problems;
    let take = |block: KeyedBlock<N>| {
        records += block.records;
        without_fields += block.without_fields;
        encodings.extend(block.encodings);
        keyed.push(block.documents);
        if keyed.held() > room.records() {
            spilled += keyed.spill(&pool, &temporary)?;
        }
        Ok(block.records)
    };
    let infos = pass.run(|block| KeyedBlock::of(block, &decoder, &keying), take, Some(&mut problems))?;
    clock.next("clustering", &beside);
    let copies = keyed.fold(&pool, room.buffers(), &temporary, stop, ClusterFinder::<N>::default, ClusterFinder::push)?;
    let copies: HashMap<DocId, DocId> = copies.into_iter().flat_map(ClusterFinder::finish).collect();

    let mut alikes = Alikes::new();
    if let Some(likenesses) = likenesses(config) {
        observer.stage("comparing", total);
        clock.next("comparing", &beside);
        let signing = Signing::new(likenesses, banding(config), config.shingle);
        let mut comparison = Comparison::new(&pool, &temporary, room, &signing, None);
        let left_out: HashSet<DocId> = copies.keys().copied().collect();
        let take = |(block, documents): (SignedBlock<Rank<N>>, u64)| comparison.take(block, |_| true).map(|()| documents);
        pass.run(|block: &Block| signed(block, (&decoder, &encodings), (&keying, &signing), &left_out), take, None)?;
        clock.next("likening", &beside);
        let likened = comparison.finish(stop)?;
        alikes = likened.alikes;
        spilled += likened.spilled;
    }
    let clusters = clusters(copies, alikes, keying.is_text());

    let annotates = config.dedup.annotate;
    let mut ids = KeptIds::default();
    let later = clusters.kept_later();
    if !later.is_empty() && (annotates || outputs.keeps_removed() && config.removed != RemovedLog::None) {
        observer.stage("naming", total);
        clock.next("naming", &beside);
        ids.ids = ids_of(&pass, &decoder, &later)?;
    }

    observer.stage("writing", total);
    clock.next("writing", &beside);
    let writing = Writing { decoder: &decoder, encodings: &encodings, clusters: &clusters, annotates, log: config.removed };
    let steps = WritingSteps {
        work: |block| Ok(writing.look(block)),
        settle: |ids: &mut KeptIds, block| Ok(writing.settle(ids, block)),
        render: |block| writing.render(block),
        last: |_: &KeptIds, _: &mut RowWriter| Ok(false),
    };
    let mut writer = RowWriter::new(config.shard_size);
    let (again, _) = writing_pass(&pass, steps, &mut ids, &mut writer, &mut outputs)?;
    clock.next("finishing", &beside);
    unchanged(&names, &infos, &again)?;
    writer.counts.empty_sources = infos.iter().filter(|info| info.empty && info.whole).count() as u64;
    writer.counts.check()?;
    if writer.counts.records != records {
        return Err(Error::conservation(format!("the first read found {records} records, the last {}", writer.counts.records)));
    }
    let (groups, largest) = clusters.figures();
    let found = report::Clusters {
        by: config.dedup.by.clone(),
        without_fields,
        clusters: groups,
        largest,
        marked: if annotates { clusters.by_reason().into_iter().map(|(reason, n)| (reason.code(), n)).collect() } else { Default::default() },
    };
    let mut run = Run {
        counts: writer.counts,
        sites: writer.sites,
        suspended: Default::default(),
        removed_texts: 0,
        most_frequent: Vec::new(),
        faults: ids.faults,
        problems,
        sources: names.into_iter().zip(infos).collect(),
        skipped: listed.skipped,
        target,
        removed_kept: outputs.keeps_removed(),
        left_over: None,
        clusters: Some(found),
        stream_keys: None,
    };
    run.left_over = outputs.finish(config, &run, clock, spilled, 0.0)?;
    Ok(run)
}

/// Which documents go. A copy of one that goes for another goes for that one too: by the text for the same reason, else for its own.
fn clusters(copies: HashMap<DocId, DocId>, alikes: Alikes, is_text: bool) -> Clusters {
    let reason = if is_text { Reason::DocumentExact } else { Reason::DocumentField };
    let gone = |instead: &Instead| Gone { kept: instead.kept, reason: instead.reason, share: instead.share };
    let of_copies = copies.iter().map(|(copy, kept)| match alikes.get(kept) {
        Some(instead) if is_text => (*copy, gone(instead)),
        Some(instead) => (*copy, Gone { kept: instead.kept, reason, share: None }),
        None => (*copy, Gone { kept: *kept, reason, share: None }),
    });
    Clusters::of(of_copies.chain(alikes.iter().map(|(document, instead)| (*document, gone(instead)))).collect())
}

/// The ids of these documents as raw JSON: a read of its own.
fn ids_of(pass: &Pass<'_>, decoder: &Decoder<'_>, wanted: &[DocId]) -> Result<HashMap<DocId, String>> {
    let mut ids = HashMap::new();
    let look = |block: &Block| {
        let mut found = Vec::new();
        decoder.each(block, None, |record| {
            if let Ok(document) = record
                && wanted.binary_search(&document.id).is_ok()
            {
                found.push((document.id, decoder.raw_id(document.id, document.json.as_ref().and_then(|record| record.id))));
            }
        });
        found
    };
    let take = |found: Vec<(DocId, String)>| {
        ids.extend(found);
        Ok(0)
    };
    pass.run(look, take, None)?;
    Ok(ids)
}
