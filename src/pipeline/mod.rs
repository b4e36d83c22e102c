//! The passes: the only place that knows both the algorithms and the files.
//!
//! [`clean()`] reads the input twice. The survey collects what must be known of the whole corpus and is frozen; the
//! second read cleans block by block on all threads, settles serially in document order and writes. Every run
//! checks its own sums before anything gets its final name.

mod beside;
mod candidates;
mod check;
mod clean;
mod cleaned;
mod clock;
mod dedup;
mod diff;
mod difference;
mod distinct;
mod document;
mod earlier;
mod explain;
mod fates;
mod fault;
mod folder_report;
mod index;
mod kept;
mod line_languages;
mod memory;
mod near;
mod notes;
mod one_pass;
mod ordered;
mod output;
mod pass;
mod removed_texts;
mod render;
mod restore;
mod row_writer;
mod rows;
mod settle;
mod shelf;
mod signed;
mod similar;
mod sorter;
mod survey;
mod temporary;
mod valve;
mod verdicts;
mod verify;
mod washed;
mod weights_file;

use std::{
    path::{Path, PathBuf},
    sync::atomic::{AtomicUsize, Ordering},
};

pub use check::check;
pub use dedup::dedup;
pub use diff::{Shown, diff};
pub use distinct::{DistinctLines, DistinctRun, LEAST_MEMORY};
pub use explain::{Asked, explain, explain_text};
pub use folder_report::folder_report;
pub use index::{IndexFacts, build_index, check_index, index_facts, merge_indexes};
pub use line_languages::{Answers, line_languages};
pub use memory::LEAST_CLEAN_MEMORY;
pub use restore::restore;
pub use similar::{Similar, similar};
pub use temporary::Temporary;
pub use verify::{Verified, verify};

use self::{
    candidates::{Candidates, WeighedBlock, Weigher},
    clean::{Cleaner, Surveyed},
    cleaned::CleanBlock,
    clock::{Beside, StageClock},
    document::Decoder,
    earlier::{EarlierLines, earlier_documents},
    fates::{Ahead, Alikes, DocumentFates},
    index::{DocumentIndexing, IndexLock, Params, Workplace, update_index},
    memory::{Memories, Room},
    near::{Comparison, Likened},
    output::Outputs,
    pass::{Pass, WritingSteps, writing_pass},
    render::Renderer,
    row_writer::RowWriter,
    settle::Settler,
    shelf::Shelf,
    signed::Signing,
    survey::{Purpose, Survey, SurveyedBlock},
    valve::{Doubt, Losses},
    weights_file::read_weights,
};
use crate::{
    config::Config,
    dedup::{Banding, KeepDocument, Likenesses, Threshold},
    model::{DocId, Error, Reason, Result},
    read::{Block, Source, SourceInfo, list},
    report::{LISTED_TEXTS, Run},
    write::Target,
};

fn check_stop(stop: &StopFlag) -> Result<()> {
    match stop.load(Ordering::Relaxed) {
        0 => Ok(()),
        signal => Err(Error::interrupted(i32::try_from(signal).unwrap_or(2))),
    }
}

/// Is told how far a run has come.
pub trait Observer: Sync {
    /// A stage begins that will read so many bytes of the sources (unknown for streams).
    fn stage(&self, name: &'static str, bytes: Option<u64>);
    /// So many bytes and documents more are done.
    fn advance(&self, bytes: u64, documents: u64);
}

/// An observer that does not care.
#[derive(Clone, Copy, Debug)]
pub struct Unobserved;

impl Observer for Unobserved {
    fn stage(&self, _: &'static str, _: Option<u64>) {}
    fn advance(&self, _: u64, _: u64) {}
}

/// Asks a run to stop: the number of the signal that arrived, 0 for none.
pub type StopFlag = AtomicUsize;

/// What a run would read.
#[derive(Debug)]
pub struct Plan {
    /// Names and sizes of the sources.
    pub sources: Vec<(String, Option<u64>)>,
    /// Files that a walk passed over.
    pub skipped: u64,
    /// What could not be listed.
    pub problems: Vec<Error>,
    /// Where output would go.
    pub target: Target,
    /// How often the input is read: twice, and once more where documents are compared.
    pub reads: u32,
    /// How signatures are cut to bands, where near duplicates are looked for.
    pub banding: Option<Banding>,
}

/// Checks a configuration and lists its input; reads and writes nothing.
///
/// # Errors
/// Usage errors of the configuration or the inputs.
pub fn plan(config: &Config) -> Result<Plan> {
    config.check()?;
    let target = Target::of(config.output.as_deref())?;
    let listed = list(&config.inputs)?;
    Ok(Plan {
        sources: listed.sources.iter().map(|s| (s.name.clone(), s.size)).collect(),
        skipped: listed.skipped,
        problems: listed.problems,
        target,
        reads: if config.one_pass { 1 } else { 2 + u32::from(likenesses(config).is_some()) },
        banding: config.near.then(|| banding(config)),
    })
}

/// Cleans: reads `config.inputs`, writes what `config.output` names.
///
/// # Errors
/// Usage errors before anything is written; afterwards those of the operating system, of damaged files, and of sums
/// that do not agree. Records and sources that cannot be read are no errors: they are in the [`Run`].
pub fn clean(config: &Config, observer: &dyn Observer, stop: &StopFlag) -> Result<Run> {
    config.check()?;
    if config.one_pass {
        return one_pass::one_pass(config, observer, stop);
    }
    let mut clock = StageClock::start("reading");
    let target = Target::of(config.output.as_deref())?;
    apart(config, &target)?;
    let room = Room::of(config.memory)?;
    let weights = read_weights(config.weights.as_deref())?;
    let (allow, deny) = (line_list(config.allow.as_deref())?, line_list(config.deny.as_deref())?);
    let lock = update_lock(config, &target)?;
    let earlier_lines = EarlierLines::open(config)?;
    let earlier = earlier_documents(config)?;
    let mut listed = list(&config.inputs)?;
    let temporary = Temporary::of(config.tmp_dir.as_deref())?;
    let mut outputs = Outputs::create(config, &target)?;
    observer.stage("reading", None);
    for source in &mut listed.sources {
        source.spool(temporary.path())?;
    }
    let sources: &[Source] = &listed.sources;
    let names: Vec<String> = sources.iter().map(|s| s.name.clone()).collect();
    let pool = ordered::pool(config.threads)?;
    let total: Option<u64> = sources.iter().map(|s| s.size).sum();
    let beside = Beside::default();
    let pass = Pass { pool: &pool, sources, config, stop, observer, beside: &beside, room, flushes: false };

    observer.stage("survey", total);
    clock.next("survey", &beside);
    let decoder = Decoder::new(config, sources)?;
    let memories = Memories::default();
    let purpose = Purpose::of(config, earlier_lines.are_alone(), earlier.as_deref());
    let mut survey = Survey::new(&pool, &temporary, room);
    let mut problems = listed.problems;
    let infos = pass.run(
        |block| SurveyedBlock::of(block, &decoder, &memories, purpose, &mut |_| {}),
        |block: SurveyedBlock| {
            let records = block.records;
            survey.take(block)?;
            Ok(records)
        },
        Some(&mut problems),
    )?;
    clock.next("freezing", &beside);
    let (exact, counted, met) = survey.freeze(config.keep_document, earlier_lines.filters(), stop)?;
    let Survey { encodings, notes, records, mut spilled, .. } = survey;
    spilled += notes.spilled();
    let wanted = exact.kept();
    // What an earlier index says of a site's characters says nothing of this input's.
    let by_earlier = (!earlier_lines.are_none()).then_some(Doubt::Corpus);
    // An index that is merged later must not count earlier crawls twice.
    let own = (earlier_lines.are_merged() && writes_index(config)).then(|| counted.clone());
    let index = earlier_lines.with(counted, met)?;
    let doubt = by_earlier.unwrap_or_else(|| Doubt::of(&index, config));
    let mut surveyed = Surveyed::new(exact, encodings, notes, index);
    surveyed.earlier.clone_from(&earlier);
    let mut signed = None;
    if doubt != Doubt::None {
        observer.stage("judging", total);
        clock.next("judging", &beside);
        let cleaner = Cleaner::new(config, &decoder, &surveyed, &memories, &allow, &deny, weights.clone())?;
        let mut losses = Losses::default();
        let take = |part: Losses| {
            losses.merge(part);
            Ok(0)
        };
        pass.run(|block| Losses::of(block, &doubt, &cleaner), take, None)?;
        surveyed.suspended = losses.decide(&doubt, config)?;
    }

    let mut ahead = Ahead::new();
    if config.keep_document == KeepDocument::Longest && !wanted.is_empty() {
        observer.stage("longest", total);
        clock.next("longest", &beside);
        let cleaner = Cleaner::new(config, &decoder, &surveyed, &memories, &allow, &deny, weights.clone())?;
        ahead = ahead_of(&pass, &cleaner, &wanted)?;
    }
    if let Some(likenesses) = likenesses(config) {
        observer.stage("comparing", total);
        clock.next("comparing", &beside);
        let cleaner = Cleaner::new(config, &decoder, &surveyed, &memories, &allow, &deny, weights.clone())?;
        let keep = config.keep_document;
        let signing = Signing::new(likenesses, banding(config), config.shingle);
        let none = Alikes::default();
        let mut candidates = Candidates::new(keep, DocumentFates::new(keep, &wanted, &none, ahead.clone()));
        let mut comparison = Comparison::new(&pool, &temporary, room, &signing, earlier.as_deref());
        let mut verdicts = Shelf::new(&temporary, room.notes() / 4);
        let weigh = |block: &Block| {
            let mut weigher = Weigher::new(&signing, keep, block);
            let verdicts = cleaner.weigh(block, &mut |weighed| weigher.document(weighed))?;
            Ok((block.number, weigher.finish(verdicts)))
        };
        let take = |block: Result<(usize, WeighedBlock)>| {
            let (number, WeighedBlock { signed, facts, verdicts: of_block }) = block?;
            comparison.take(signed, |n| facts.get(n).is_some_and(|(facts, raw_id)| candidates.stays(facts, raw_id)))?;
            verdicts.add(number, of_block)?;
            Ok(facts.len() as u64)
        };
        pass.run(weigh, take, None)?;
        clock.next("likening", &beside);
        let Likened { mut alikes, signed: of_documents, spilled: on_disk } = comparison.finish(stop)?;
        spilled += on_disk + verdicts.spilled;
        for (id, raw_id) in candidates.finish(&mut alikes) {
            ahead.entry(id).or_insert((raw_id, None));
        }
        (surveyed.alikes, surveyed.verdicts, signed) = (alikes, Some(verdicts), Some(of_documents));
    }

    observer.stage("cleaning", total);
    clock.next("cleaning", &beside);
    let cleaner = Cleaner::new(config, &decoder, &surveyed, &memories, &allow, &deny, weights.clone())?;
    let renderer = Renderer::new(&decoder, config.removed);
    let fates = DocumentFates::new(config.keep_document, &wanted, &surveyed.alikes, ahead);
    let settler = Settler::new(&decoder, fates, earlier.as_deref(), writes_index(config));
    let indexing = DocumentIndexing::new(Workplace { pool: &pool, temporary: &temporary, room, stop });
    let mut writer = RowWriter::new(config.shard_size);
    let steps = WritingSteps {
        work: |block| cleaner.clean(block),
        settle: |(settler, indexing): &mut (Settler<'_>, DocumentIndexing<'_>), mut block: CleanBlock| {
            let (records, fates) = (block.records.len() as u64, settler.block(&mut block)?);
            if let Some(keyed) = &mut settler.keyed {
                indexing.take(keyed)?;
            }
            Ok((records, (block, fates)))
        },
        render: |(block, fates)| renderer.block(block, fates),
        last: |(settler, _): &(Settler<'_>, _), writer: &mut RowWriter| writer.add_texts(settler, config.removed),
    };
    let mut state = (settler, indexing);
    let (again, _) = writing_pass(&pass, steps, &mut state, &mut writer, &mut outputs)?;
    let (settler, indexing) = state;
    clock.next("finishing", &beside);
    unchanged(&names, &infos, &again)?;
    writer.counts.empty_sources = infos.iter().filter(|i| i.empty && i.whole).count() as u64;
    writer.counts.check()?;
    if writer.counts.records != records {
        return Err(Error::conservation(format!("the first read found {records} records, the second {}", writer.counts.records)));
    }
    if writes_index(config) {
        spilled += indexing.spilled;
        let near = config.near && signed.is_some();
        let before = earlier.as_ref().map_or(0, |index| index.identity());
        let params = Params { banding: near.then(|| banding(config)), shingle: config.shingle, before, documents: 0, shingles: 0 };
        let kept = &settler.documents.kept;
        outputs.write_index((&surveyed.index, own.as_ref()), &weights, |folder| indexing.write(folder, kept, signed.as_ref(), params))?;
    }
    let mut run = Run {
        counts: writer.counts,
        sites: writer.sites,
        suspended: surveyed.suspended.sites.clone(),
        removed_texts: settler.texts.len(),
        most_frequent: settler.texts.most_frequent(LISTED_TEXTS, &settler.documents.kept)?,
        faults: settler.faults,
        problems,
        sources: names.iter().cloned().zip(infos).collect(),
        skipped: listed.skipped,
        target,
        removed_kept: outputs.keeps_removed(),
        left_over: None,
        clusters: None,
        stream_keys: None,
    };
    run.left_over = outputs.finish(config, &run, clock, spilled, memories.language_seconds())?;
    if let (Some(lock), Some(index), Target::Folder(washed)) = (lock, &config.index, &run.target) {
        update_index(index, washed, &lock, stop)?;
    }
    Ok(run)
}

/// The ids and fates of documents that may stand after those that they stay for: a read of its own.
fn ahead_of(pass: &Pass<'_>, cleaner: &Cleaner<'_>, wanted: &[DocId]) -> Result<Ahead> {
    let mut ahead = Ahead::new();
    pass.run(
        |block| {
            let mut found = Vec::new();
            cleaner.decoder.each(block, None, |record| {
                if let Ok(document) = record
                    && wanted.binary_search(&document.id).is_ok()
                {
                    let raw_id = cleaner.decoder.raw_id(document.id, document.json.as_ref().and_then(|record| record.id));
                    found.push((document.id, raw_id, cleaner.goes_alone(document)));
                }
            });
            found
        },
        |found: Vec<(DocId, String, Result<Option<Reason>>)>| {
            for (id, raw_id, reason) in found {
                ahead.insert(id, (raw_id, reason?));
            }
            Ok(0)
        },
        None,
    )?;
    Ok(ahead)
}

/// The rules that look for likeness, if any does.
fn likenesses(config: &Config) -> Option<Likenesses> {
    let near = Threshold::new(config.near_threshold).filter(|_| config.near);
    (near.is_some() || config.covered).then_some(Likenesses { near, covered: config.covered })
}

/// How signatures are cut to bands for the threshold.
fn banding(config: &Config) -> Banding {
    Banding::for_threshold(config.near_threshold)
}

/// Input and output must not be the same place.
fn apart(config: &Config, target: &Target) -> Result<()> {
    let (Target::File(out) | Target::Folder(out)) = target else { return Ok(()) };
    let Ok(out) = canonical(out) else { return Ok(()) };
    for input in &config.inputs {
        let Ok(path) = std::fs::canonicalize(input) else { continue };
        let clash = path == out || matches!(target, Target::Folder(_)) && path.starts_with(&out) || path.is_dir() && out.starts_with(&path);
        if clash {
            let error = Error::usage(format!("the output {} and this input are one place", out.display()));
            return Err(error.at(input.display()).hint("write to a folder or file outside the input with -o"));
        }
    }
    Ok(())
}

/// The canonical path of what may not exist yet.
fn canonical(path: &Path) -> std::io::Result<PathBuf> {
    if let Ok(path) = std::fs::canonicalize(path) {
        return Ok(path);
    }
    let parent = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    Ok(canonical(parent)?.join(path.file_name().unwrap_or_default()))
}

/// Is an index of the run written?
fn writes_index(config: &Config) -> bool {
    let in_folder = matches!(Target::of(config.output.as_deref()), Ok(Target::Folder(_)));
    !config.no_index && (in_folder || config.removed_to.is_some())
}

/// Holds the index that is to be brought up to date, if one is.
fn update_lock(config: &Config, target: &Target) -> Result<Option<IndexLock>> {
    if !config.update_index {
        return Ok(None);
    }
    let Some(index) = &config.index else {
        return Err(Error::usage("no index to be brought up to date is named").hint("--index FOLDER"));
    };
    if config.no_index || !matches!(target, Target::Folder(_)) {
        return Err(Error::usage("an index is brought up to date by a run that writes a folder with its own").hint("-o FOLDER, without --no-index"));
    }
    IndexLock::of(index).map(Some)
}

fn line_list(path: Option<&Path>) -> Result<String> {
    let Some(path) = path else { return Ok(String::new()) };
    let bytes = std::fs::read(path).map_err(|e| Error::usage(format!("the list of lines cannot be read: {e}")).at(path.display()))?;
    String::from_utf8(bytes).map_err(|_| Error::usage("the list of lines is no UTF-8").at(path.display()))
}

/// A source that changed between the two reads would give output that fits neither.
fn unchanged(names: &[String], first: &[SourceInfo], second: &[SourceInfo]) -> Result<()> {
    for (name, (a, b)) in names.iter().zip(first.iter().zip(second)) {
        if a.bytes != b.bytes || a.xxh3_128 != b.xxh3_128 {
            return Err(Error::corrupt("the file changed while it was read").at(name).hint("wait until it is written, then run again"));
        }
    }
    Ok(())
}
