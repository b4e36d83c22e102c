//! `similar`: pairs of documents with their similarity, of a set, of two, or of a set and an index; or the most similar of each.
//!
//! One read makes documents comparable. Those of equal sets of shingles are one from there on; then each is held, in its turn, against those that share a band with it
//! ([`PairFinder`]), or against all by their signatures ([`NearestSearch`]). What is alike is sorted, listed by document, bounded, and written in order. Memory: what `--memory`
//! says for bands, shingles and pairs, some 200 bytes a document, and the bands that several documents share.

mod documents;
mod listing;
mod nearest;
mod rendering;

use std::path::{Path, PathBuf};

use self::{
    documents::{DocumentTable, Looking, SimilarBlock},
    listing::{Listing, Others, Pair, Pairs, Share},
    nearest::{Candidates, NearestSearch},
    rendering::Rendering,
};
use super::{
    Observer, Pass, StopFlag, apart, banding, canonical,
    clock::Beside,
    document::Decoder,
    earlier::comparable,
    index::{DocumentIndex, Workplace},
    memory::Room,
    near::Comparison,
    ordered,
    signed::Signing,
    temporary::Temporary,
};
use crate::{
    config::Config,
    dedup::{Banding, Holding, Likenesses, PairFinder, Threshold},
    model::{Error, Result},
    read::{InputFormat, Source, SourceInfo, list},
    report::{PairFigures, PairsRun},
    write::{Compression, Sink, Target},
};

/// Which pairs are asked for, of `config.inputs`; with what `config.index` names, where it names something.
#[derive(Clone, Debug)]
pub struct Similar {
    /// The other set, for pairs with a document of each.
    pub against: Vec<PathBuf>,
    /// The most similar of each document, so many.
    pub nearest: Option<u32>,
    /// Was a threshold asked for? Else `nearest` goes without.
    pub threshold: bool,
    /// Others that a document is listed with, at most.
    pub most: u32,
    /// Is it said in which words they differ?
    pub differences: bool,
}

/// The nearest that one text on standard input is answered with.
const NEAREST_OF_ONE: u32 = 10;
/// The least similarity of what is nearest: what is rounded to nothing is alike in nothing.
const LEAST_SIMILARITY: f64 = 0.000_1;

impl Similar {
    fn check(&self, config: &Config) -> Result<()> {
        if config.index.is_some() && !self.against.is_empty() {
            return Err(Error::usage("documents are compared with an index or with another set").hint("leave out --index or --against"));
        }
        if self.nearest.is_some() && config.index.is_none() && self.against.is_empty() {
            return Err(Error::usage("the nearest are looked for in an index or in another set").hint("--index FOLDER, or --against OTHER"));
        }
        if self.differences && config.index.is_some() {
            return Err(Error::usage("an index holds no texts, so differences cannot be told")
                .hint("leave out --differences, or compare --against the texts"));
        }
        if self.most == 0 || self.nearest == Some(0) {
            return Err(Error::usage("a document is to be listed with no other").hint("--most and --nearest are 1 or more"));
        }
        if config.inputs.iter().chain(&self.against).filter(|path| path.as_os_str() == "-").count() > 1 {
            return Err(Error::usage("standard input can be read only once, but - is given twice").hint("give - once"));
        }
        for (input, other) in config.inputs.iter().flat_map(|input| self.against.iter().map(move |other| (input, other))) {
            let (Ok(one), Ok(two)) = (canonical(input), canonical(other)) else { continue };
            if input.as_os_str() != "-" && (one.starts_with(&two) || two.starts_with(&one)) {
                let error = Error::usage(format!("this and {} are one set, or one is part of the other", input.display())).at(other.display());
                return Err(error.hint("without --against the pairs of one set are found"));
            }
        }
        Ok(())
    }

    /// Is the answer the nearest, as long as nothing is read? One text on standard input may be a question without a threshold.
    fn may_be_one_text(&self, config: &Config) -> bool {
        config.index.is_some() && self.nearest.is_none() && !self.threshold && matches!(config.inputs.as_slice(), [input] if input.as_os_str() == "-")
    }
}

/// Finds the pairs that are asked for and writes them to `config.output`: a file, or standard output.
///
/// # Errors
/// Usage errors before anything is written; afterwards those of the operating system and of damaged files. Records and sources that cannot be read are
/// no errors: they are in the run.
pub fn similar(config: &Config, asked: &Similar, observer: &dyn Observer, stop: &StopFlag) -> Result<PairsRun> {
    config.check()?;
    asked.check(config)?;
    let target = Target::of(config.output.as_deref())?;
    let all = Config { inputs: config.inputs.iter().chain(&asked.against).cloned().collect(), ..config.clone() };
    apart(&all, &target)?;
    let room = Room::of(config.memory)?;
    let index = config.index.as_deref().map(|path| open(path, config)).transpose()?;
    let may_be_one_text = asked.may_be_one_text(config);
    if let Some((index, made)) = &index
        && asked.nearest.is_none()
        && !may_be_one_text
    {
        serves(index, *made, config)?;
    }
    let mut listed = list(&config.inputs)?;
    let others_from = u32::try_from(listed.sources.len()).unwrap_or(u32::MAX);
    if !asked.against.is_empty() {
        let others = list(&asked.against)?;
        listed.sources.extend(others.sources);
        listed.problems.extend(others.problems);
    }
    let sources: &[Source] = &listed.sources;
    let mut problems = listed.problems;
    let temporary = Temporary::of(config.tmp_dir.as_deref())?;
    let mut sink = match &target {
        Target::Stdout => Sink::stdout(Compression::None),
        Target::File(path) => Sink::file(path)?,
        Target::Folder(path) => {
            return Err(Error::usage("pairs go to a file").at(path.display()).hint("name it NAME.jsonl, NAME.jsonl.gz or NAME.jsonl.zst"));
        }
    };
    let pool = ordered::pool(config.threads)?;
    let beside = Beside::default();
    let pass = Pass { pool: &pool, sources, config: &all, stop, observer, beside: &beside, room, flushes: false };
    let place = Workplace { pool: &pool, temporary: &temporary, room, stop };
    let decoder = Decoder::new(&all, sources)?;

    observer.stage("comparing", sources.iter().map(|source| source.size).sum());
    let threshold = Threshold::new(config.near_threshold);
    let bands = match &index {
        Some((_, made)) => *made,
        None if asked.nearest.is_some() => Banding::for_estimates(),
        None => banding(config),
    };
    let signing = Signing::new(Likenesses { near: threshold, covered: false }, bands, config.shingle);
    let signing = if asked.nearest.is_some() { signing.without_buckets() } else { signing };
    let earlier = index.as_ref().map(|(index, _)| index).filter(|_| asked.nearest.is_none());
    let mut comparison = Comparison::new(&pool, &temporary, room, &signing, earlier);
    let mut table = DocumentTable::new(&temporary, room, others_from);
    let looking = Looking { decoder: &decoder, signing: &signing, others_from, keeps_texts: asked.differences };
    let take = |block: SimilarBlock| table.take(block, &decoder, &mut comparison);
    let infos = pass.run(|block| looking.look(block), take, Some(&mut problems))?;
    let members = table.freeze();

    let nearest = asked.nearest.or_else(|| (may_be_one_text && is_text(&infos)).then_some(NEAREST_OF_ONE));
    let most = nearest.unwrap_or(asked.most) as usize;
    let others = match () {
        () if index.is_some() => Others::Index,
        () if !asked.against.is_empty() => Others::OtherSet,
        () => Others::Later,
    };
    let mut alike = Pairs::new(place);
    let mut figures = PairFigures { nearest, most: asked.most, ..PairFigures::default() };
    observer.stage("likening", None);
    if nearest.is_some() {
        let candidates = index.as_ref().map_or(Candidates::OtherSet, |(index, _)| Candidates::Index(index));
        let least = if asked.threshold { threshold } else { Threshold::new(LEAST_SIMILARITY) };
        let signed = comparison.into_signed();
        if let Some(threshold) = least {
            let sets = members.sets();
            NearestSearch { place, signed: &signed, candidates, banding: bands, most, threshold, sets }.run(&mut alike)?;
        }
        figures.spilled += signed.spilled();
    } else if let Some(threshold) = threshold {
        if let Some((index, made)) = index.as_ref().filter(|_| may_be_one_text) {
            serves(index, *made, config)?;
        }
        let holding = if others == Others::Later { Holding::Last } else { Holding::First };
        let finder = PairFinder::new(threshold, holding, most);
        let (passed_over, spilled) = find(comparison, finder, others, members.sets(), &mut alike, stop)?;
        figures.passed_over = passed_over.into_iter().map(|set| members.of(set).len() as u64).sum();
        figures.spilled += spilled;
    }
    figures.spilled += alike.spilled;

    observer.stage("listing", None);
    let mut pairs = Pairs::new(place);
    let mut listing = Listing { members: &members, others, most, documents: table.len(), by_similarity: nearest.is_some(), had_more: 0 };
    listing.list(alike, &mut pairs)?;
    if nearest.is_none() {
        figures.had_more = listing.had_more;
    }
    figures.spilled += pairs.spilled + table.spilled();
    observer.stage("writing", None);
    let of_index = index.as_ref().map(|(index, _)| index);
    let rendering = Rendering { place, table: &table, decoder: &decoder, index: of_index, differences: asked.differences };
    figures.pairs = rendering.write(pairs, &mut sink, config.compression_level)?;
    sink.finish()?;
    (figures.documents, figures.others, figures.short) = table.figures();
    figures.earlier = of_index.map(|index| index.params.documents);
    (figures.bytes, figures.quarantined) = (table.counts.bytes, table.counts.quarantined_records());
    let names = sources.iter().map(|source| source.name.clone());
    Ok(PairsRun { figures, sources: names.zip(infos).collect(), problems, faults: table.faults })
}

/// Holds sets of shingles against those that share a band with them; those that were not held against all of them, and bytes that went to temporary files.
fn find<'s>(
    comparison: Comparison<'s, bool>,
    mut finder: PairFinder,
    others: Others,
    sets: u32,
    alike: &mut Pairs<'_>,
    stop: &StopFlag,
) -> Result<(Vec<u32>, u64)> {
    let turns = comparison.in_turn(stop, |documents, turn, buckets| {
        // Those of the other set have the first turns.
        let is_other = documents.is_earlier(turn) || documents.of(turn).is_some_and(|document| document.rank);
        if !is_other {
            let one = documents.number(turn);
            for found in finder.find(turn, buckets, documents)? {
                let (other, share) = (documents.number(found.turn), Share::of(found.share));
                alike.push(Pair::new((one, sets), other, share, false))?;
                if others == Others::Later {
                    alike.push(Pair::new((other, sets), one, share, false))?;
                }
            }
        }
        if is_other || others == Others::Later {
            finder.hold(turn, buckets);
        }
        Ok(())
    })?;
    let documents = turns.documents();
    let passed_over = finder.passed_over.iter().map(|turn| documents.number(*turn)).collect();
    Ok((passed_over, turns.spilled))
}

/// Is the input one text?
fn is_text(infos: &[SourceInfo]) -> bool {
    matches!(infos, [info] if info.records_format == Some(InputFormat::Text))
}

/// The documents of an index, and how their signatures are cut.
fn open(path: &Path, config: &Config) -> Result<(DocumentIndex, Banding)> {
    let missing = || {
        let hint = "--index takes an index, or a folder that buddle washed with --near and without --no-index";
        Error::usage("there is no index of documents here").at(path.display()).hint(hint)
    };
    let index = if path.is_dir() { DocumentIndex::open(path)? } else { None }.ok_or_else(missing)?;
    let hint = match index.params.banding {
        None => "wash or build it with --near".to_owned(),
        Some(_) => format!("--shingle {}, or make the index with --near and this --shingle", String::from(index.params.shingle)),
    };
    let made = comparable(&index, path, config.shingle, &hint)?;
    Ok((index, made))
}

/// Are pairs of this threshold found by the bands of an index?
fn serves(index: &DocumentIndex, made: Banding, config: &Config) -> Result<()> {
    let threshold = config.near_threshold;
    if made.serves(threshold) {
        return Ok(());
    }
    let wanted = banding(config);
    let what = format!(
        "the index has {} bands of {} numbers, which miss pairs that are alike from {threshold} on: those need {} of {}",
        made.bands, made.rows, wanted.bands, wanted.rows
    );
    let least = (1..=100).map(|n| f64::from(n) / 100.0).find(|threshold| made.serves(*threshold)).unwrap_or(1.0);
    let hint = format!("--near-threshold {least} or more; or --nearest N, which needs no bands; or make the index with this --near-threshold");
    Err(Error::usage(what).at(index.path().display()).hint(hint))
}
