//! `clean --one-pass`: each record is judged and written as it comes, by the index of earlier crawls alone.
//!
//! No survey: rows of sites and of the corpus are the index's, looked up a page at a time; who is whose copy is asked of the index and of what stayed so far, 16 bytes for
//! each residue and for each text that lost lines. A row waits for some blocks at most, and for nothing where the input does. What needs to see the input before it is
//! judged is not here: near duplicates, the longest of equals, sites that the safety valve would spare. The valve for the corpus says at the end that too much went.

use super::{
    Observer, StopFlag, apart,
    clean::{Cleaner, Surveyed},
    cleaned::{CleanBlock, CleanRecord},
    clock::{Beside, StageClock},
    document::{Decoder, Encodings},
    earlier::earlier_documents,
    fates::{Alikes, DocumentFates},
    index::LineFile,
    line_list,
    memory::{Memories, Room},
    notes::Notes,
    ordered,
    output::Outputs,
    pass::{Pass, WritingSteps, writing_pass},
    render::Renderer,
    row_writer::RowWriter,
    settle::Settler,
    temporary::Temporary,
    valve::StreamLoss,
    weights_file::read_weights,
};
use crate::{
    config::Config,
    dedup::{ExactIndex, KeyTable},
    lines::index::LineIndex,
    model::{Error, Result},
    read::{Source, list},
    report::{LISTED_TEXTS, Run},
    write::Target,
};

/// Cleans a stream.
///
/// # Errors
/// As [`clean`](super::clean()); the valve's only after what went is written, though no folder appears then.
pub fn one_pass(config: &Config, observer: &dyn Observer, stop: &StopFlag) -> Result<Run> {
    let mut clock = StageClock::start("reading");
    let target = Target::of(config.output.as_deref())?;
    apart(config, &target)?;
    let room = Room::of(config.memory)?;
    let weights = read_weights(config.weights.as_deref())?;
    let (allow, deny) = (line_list(config.allow.as_deref())?, line_list(config.deny.as_deref())?);
    let lines = config.index.as_deref().map(LineFile::open).transpose()?.flatten();
    let Some(lines) = lines else {
        return Err(Error::usage("there is no line index here").at(config.index.as_deref().unwrap_or("".as_ref()).display()).hint("--index FOLDER"));
    };
    let earlier = earlier_documents(config)?;
    let listed = list(&config.inputs)?;
    let temporary = Temporary::of(config.tmp_dir.as_deref())?;
    let mut outputs = Outputs::create(config, &target)?;
    let sources: &[Source] = &listed.sources;
    let names: Vec<String> = sources.iter().map(|s| s.name.clone()).collect();
    let pool = ordered::pool(config.threads)?;
    let total: Option<u64> = sources.iter().map(|s| s.size).sum();
    let beside = Beside::default();
    let flushes = target.is_followed();
    let pass = Pass { pool: &pool, sources, config, stop, observer, beside: &beside, room, flushes };

    observer.stage("cleaning", total);
    clock.next("cleaning", &beside);
    let decoder = Decoder::new(config, sources)?;
    let memories = Memories::default();
    let mut surveyed = Surveyed::new(ExactIndex::default(), Encodings::default(), Notes::new(&temporary, 0), LineIndex::default());
    (surveyed.earlier, surveyed.stream) = (earlier.clone(), Some(lines));
    let cleaner = Cleaner::new(config, &decoder, &surveyed, &memories, &allow, &deny, weights)?;
    let renderer = Renderer::new(&decoder, config.removed);
    let none = Alikes::default();
    let settler = Settler::of_stream(&decoder, DocumentFates::of_stream(config.keep_document, &none), earlier.as_deref());
    let mut writer = RowWriter::new(config.shard_size);
    let steps = WritingSteps {
        work: |block| cleaner.clean(block),
        settle: |(settler, loss): &mut (Settler<'_>, StreamLoss), mut block: CleanBlock| {
            let (records, fates) = (block.records.len() as u64, settler.block(&mut block)?);
            for record in &block.records {
                if let CleanRecord::Document(document) = record {
                    loss.add(document);
                }
            }
            Ok((records, (block, fates)))
        },
        render: |(block, fates)| renderer.block(block, fates),
        last: |(settler, _): &(Settler<'_>, _), writer: &mut RowWriter| writer.add_texts(settler, config.removed),
    };
    let mut state = (settler, StreamLoss::default());
    let (infos, problems) = writing_pass(&pass, steps, &mut state, &mut writer, &mut outputs)?;
    let (settler, loss) = state;
    clock.next("finishing", &beside);
    writer.counts.empty_sources = infos.iter().filter(|i| i.empty && i.whole).count() as u64;
    writer.counts.check()?;
    loss.check(config.max_corpus_share)?;
    let mut run = Run {
        counts: writer.counts,
        sites: writer.sites,
        suspended: Default::default(),
        removed_texts: settler.texts.len(),
        most_frequent: settler.texts.most_frequent(LISTED_TEXTS, &settler.documents.kept)?,
        faults: settler.faults,
        problems: listed.problems.into_iter().chain(problems).collect(),
        sources: names.into_iter().zip(infos).collect(),
        skipped: listed.skipped,
        target,
        removed_kept: outputs.keeps_removed(),
        left_over: None,
        clusters: None,
        stream_keys: settler.seen.as_ref().map(KeyTable::len),
    };
    run.left_over = outputs.finish(config, &run, clock, 0, memories.language_seconds())?;
    Ok(run)
}
