//! The passes: the only place that knows both the algorithms and the files.
//!
//! [`clean()`] reads the input twice. The survey collects what must be known of the whole corpus and is frozen; the
//! second read cleans block by block on all threads, settles serially in document order and writes. Every run
//! checks its own sums before anything gets its final name.

mod beside;
mod candidates;
mod check;
mod clean;
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
mod index_file;
mod kept;
mod line_languages;
mod memory;
mod near;
mod notes;
mod ordered;
mod output;
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

use std::{
    path::{Path, PathBuf},
    sync::atomic::{AtomicUsize, Ordering},
    thread,
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
    beside::{ReadAhead, WriteBehind},
    candidates::{Candidates, WeighedBlock, Weigher},
    clean::{CleanBlock, Cleaner, Surveyed},
    clock::{Beside, StageClock},
    document::Decoder,
    earlier::{EarlierLines, earlier_documents},
    fates::{Ahead, Alikes, DocumentFates},
    index::{DocumentIndexing, IndexLock, Params, Workplace, update_index},
    index_file::read_weights,
    memory::{Memories, Room},
    near::{Comparison, Likened},
    ordered::Ordered,
    output::{Destination, Outputs},
    render::{Rendered, Renderer},
    row_writer::RowWriter,
    settle::Settler,
    shelf::Shelf,
    signed::Signing,
    survey::{Purpose, Survey, SurveyedBlock},
    valve::{Doubt, Losses},
};
use crate::{
    config::Config,
    dedup::{Banding, KeepDocument, Likenesses, Threshold},
    model::{DocId, Error, Reason, Result},
    read::{BLOCK_BYTES, Block, Limits, Reader, Source, SourceInfo, list},
    report::{LISTED_TEXTS, Run},
    write::{Frame, Target},
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
        reads: 2 + u32::from(likenesses(config).is_some()),
        banding: config.near.then(|| banding(config)),
    })
}

/// Cleans: reads `config.inputs`, writes what `config.output` names.
///
/// # Errors
/// Usage errors before anything is written; afterwards those of the operating system, of damaged files, and of sums
/// that do not agree. Records and sources that cannot be read are no errors: they are in the [`Run`].
pub fn clean(config: &Config, observer: &dyn Observer, stop: &StopFlag) -> Result<Run> {
    let mut clock = StageClock::start("reading");
    config.check()?;
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
    let pass = Pass { pool: &pool, sources, config, stop, observer, beside: &beside, room };

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
    let (exact, counted) = survey.freeze(config.keep_document, stop)?;
    let Survey { encodings, notes, records, mut spilled, .. } = survey;
    spilled += notes.spilled();
    let wanted = exact.kept();
    // What an earlier index says of a site's characters says nothing of this input's.
    let by_earlier = (!earlier_lines.are_none()).then_some(Doubt::Corpus);
    // An index that is merged later must not count earlier crawls twice.
    let own = (earlier_lines.are_merged() && writes_index(config)).then(|| counted.clone());
    let index = earlier_lines.with(counted);
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
                keyed.clear();
            }
            Ok((records, (block, fates)))
        },
        render: |(block, fates)| renderer.block(block, fates),
        last: |(settler, _): &(Settler<'_>, _), writer: &mut RowWriter| writer.add_texts(settler, config.removed),
    };
    let mut state = (settler, indexing);
    let again = writing_pass(&pass, steps, &mut state, &mut writer, &mut outputs)?;
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
    };
    run.left_over = outputs.finish(config, &run, clock, spilled, memories.language_seconds())?;
    if let (Some(lock), Some(index), Target::Folder(washed)) = (lock, &config.index, &run.target) {
        update_index(index, washed, &lock)?;
    }
    Ok(run)
}

/// One read of the whole input.
struct Pass<'p> {
    pool: &'p rayon::ThreadPool,
    sources: &'p [Source],
    config: &'p Config,
    stop: &'p StopFlag,
    observer: &'p dyn Observer,
    beside: &'p Beside,
    room: Room,
}

impl<'p> Pass<'p> {
    fn reader(&self) -> Reader<'p> {
        let limits = Limits {
            max_record_bytes: self.config.max_record_bytes,
            max_ratio: self.config.max_ratio,
            max_decompressed_bytes: self.config.max_decompressed_bytes,
        };
        Reader::new(self.sources, self.config.from, limits, BLOCK_BYTES)
    }

    /// Blocks that may be under way at a time.
    fn ahead(&self) -> u64 {
        self.room.blocks(self.pool.current_num_threads())
    }

    /// Blocks that may wait for room among them.
    fn waiting(&self) -> usize {
        usize::try_from(self.ahead() / 2).unwrap_or(1)
    }

    fn check_stop(&self) -> Result<()> {
        check_stop(self.stop)
    }

    /// Maps every block on the pool and hands the results over in order; `take` says how many documents a result holds.
    fn run<T: Send>(
        &self,
        work: impl Fn(&Block) -> T + Sync,
        mut take: impl FnMut(T) -> Result<u64>,
        problems: Option<&mut Vec<Error>>,
    ) -> Result<Vec<SourceInfo>> {
        let work = &work;
        thread::scope(|threads| {
            let mut reading = ReadAhead::begin(threads, self.reader(), self.waiting());
            let done = self.pool.in_place_scope_fifo(|scope| {
                let mut blocks: Ordered<(u64, T)> = Ordered::new();
                loop {
                    self.check_stop()?;
                    while !reading.has_ended() && blocks.pending() < self.ahead() {
                        let Some(block) = reading.next(blocks.pending() == 0)? else { break };
                        blocks.submit(scope, move || {
                            let result = work(&block);
                            (block.recycle(), result)
                        });
                    }
                    let Some((consumed, result)) = blocks.take() else { return Ok(()) };
                    let documents = take(result)?;
                    self.observer.advance(consumed, documents);
                }
            });
            let finished = reading.finish();
            self.beside.reading.set(self.beside.reading.get() + finished.seconds);
            if let Some(problems) = problems {
                problems.extend(finished.problems);
            }
            done.map(|()| finished.infos)
        })
    }
}

/// What the read that writes does with each block beside reading and writing.
struct WritingSteps<W, S, R, L> {
    /// On the pool: what becomes of its records by themselves.
    work: W,
    /// Serial, in order: what becomes of them beside others; with the number of its records.
    settle: S,
    /// On the pool: its rows.
    render: R,
    /// Rows behind those of all blocks, a frame at a time; false after the last.
    last: L,
}

/// The last read: blocks are worked on and rendered on the pool, settled here, and compressed on the pool; all in order.
fn writing_pass<State, B: Send, T: Send>(
    pass: &Pass<'_>,
    steps: WritingSteps<
        impl Fn(Block) -> Result<B> + Sync,
        impl Fn(&mut State, B) -> Result<(u64, T)>,
        impl Fn(T) -> Result<Rendered> + Sync,
        impl Fn(&State, &mut RowWriter) -> Result<bool>,
    >,
    state: &mut State,
    writer: &mut RowWriter,
    outputs: &mut Outputs,
) -> Result<Vec<SourceInfo>> {
    let WritingSteps { work, settle, render, last } = steps;
    let (work, render) = (&work, &render);
    let level = pass.config.compression_level;
    let compressions = outputs.compressions();
    thread::scope(|threads| {
        let mut reading = ReadAhead::begin(threads, pass.reader(), pass.waiting());
        let writing = WriteBehind::begin(threads, outputs, 1);
        let done = pass.pool.in_place_scope_fifo(|scope| {
            let mut blocks: Ordered<(u64, Result<B>)> = Ordered::new();
            let mut rendered: Ordered<Result<Rendered>> = Ordered::new();
            let mut packed: Ordered<Result<(Destination, Frame)>> = Ordered::new();
            let mut finished = false;
            loop {
                pass.check_stop()?;
                while !reading.has_ended() && blocks.pending() + rendered.pending() < pass.ahead() {
                    let Some(block) = reading.next(blocks.pending() + rendered.pending() == 0)? else { break };
                    blocks.submit(scope, move || (block.consumed, work(block)));
                }
                let cleaned = blocks.take();
                let done = cleaned.is_none() && reading.has_ended();
                if let Some((consumed, block)) = cleaned {
                    let (documents, settled) = settle(state, block?)?;
                    rendered.submit(scope, move || render(settled));
                    pass.observer.advance(consumed, documents);
                }
                // Where no block is left to settle, what is under way must come in before the next can be read.
                let full = |pending: u64| blocks.pending() == 0 || pending >= pass.ahead() / 2;
                while let Some(block) = if full(rendered.pending()) { rendered.take() } else { rendered.try_take() } {
                    writer.add(block?);
                }
                if done && !std::mem::replace(&mut finished, true) {
                    writer.finish();
                }
                // A frame at a time, so that they do not wait all together.
                let ends = finished && !last(state, writer)?;
                for (destination, frame) in writer.frames.drain(..) {
                    let Some(compression) = compressions.of(destination) else { continue };
                    packed.submit(scope, move || Ok((destination, frame.pack(compression, level)?)));
                }
                while let Some(frame) = if ends || packed.pending() >= pass.ahead() { packed.take() } else { packed.try_take() } {
                    let (destination, frame) = frame?;
                    if !writing.write(destination, frame) {
                        return Ok(());
                    }
                }
                if ends {
                    return Ok(());
                }
            }
        });
        let (written, seconds) = writing.finish();
        let finished = reading.finish();
        pass.beside.writing.set(seconds);
        pass.beside.reading.set(pass.beside.reading.get() + finished.seconds);
        // Where writing failed, it is why all else stopped.
        written.and(done).map(|()| finished.infos)
    })
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
