//! `check`: a set measured and held against its rules, in two reads; nothing is written.
//!
//! The first read counts what a record shows by itself and surveys lines, texts and ids; the second holds each document against all
//! others. Both give sums and places for each block, which are taken in in order, so nothing depends on threads. Memory is bounded as
//! in `clean`; places are few for each measure.

mod count;
mod ids;
mod judge;
mod source_sums;

use std::collections::{BTreeMap, BTreeSet};

use hashbrown::HashMap;

use self::{
    count::{CountedBlock, Sizes},
    ids::{IdFinder, KeyedId},
    judge::{FieldFaults, JudgedBlock, Known},
    source_sums::RunSums,
};
use super::{
    Observer, StopFlag,
    clean::{Cleaner, Surveyed},
    clock::Beside,
    document::{Decoder, Document},
    earlier::EarlierLines,
    line_list,
    memory::{Memories, Room},
    ordered,
    pass::Pass,
    sorter::Sorter,
    survey::{Purpose, Survey},
    temporary::Temporary,
    unchanged,
    weights_file::read_weights,
};
use crate::{
    check::{Field, FieldShare, Fields, FileSums, Group, Judged, Measure, Place, Places, SiteSums, Sums, ValueType, group_of},
    config::{Config, LangidEngine},
    dedup::KeepDocument,
    hash::Parted,
    model::{DocId, Result},
    read::{Block, Source, list_any},
    report::Checked,
};

/// Measures `config.inputs` and holds them against `config.checks`; at most `most` places are kept for each measure in each file.
///
/// # Errors
/// Usage errors before anything is read; afterwards those of the operating system. Records and sources that cannot be read are measured.
pub fn check(config: &Config, most: usize, observer: &dyn Observer, stop: &StopFlag) -> Result<Checked> {
    // What normalisation would change is what is looked for.
    let config = &Config { skip_normalization: Vec::new(), keep_document: KeepDocument::First, ..config.clone() };
    config.check()?;
    let groups = config.checks.resolve()?;
    let room = Room::of(config.memory)?;
    let weights = read_weights(config.weights.as_deref())?;
    let (allow, deny) = (line_list(config.allow.as_deref())?, line_list(config.deny.as_deref())?);
    let earlier = EarlierLines::open(config)?;
    let mut listed = list_any(&config.inputs)?;
    let temporary = Temporary::of(config.tmp_dir.as_deref())?;
    observer.stage("reading", None);
    for source in &mut listed.sources {
        source.spool(temporary.path())?;
    }
    let sources: &[Source] = &listed.sources;
    let of_source: Vec<usize> = sources.iter().map(|source| group_of(&groups, &source.name)).collect();
    let group = |source: u32| of_source.get(source as usize).copied().unwrap_or(0);
    let pool = ordered::pool(config.threads)?;
    let total: Option<u64> = sources.iter().map(|source| source.size).sum();
    let beside = Beside::default();
    let pass = Pass { pool: &pool, sources, config, stop, observer, beside: &beside, room, flushes: false };

    observer.stage("counting", total);
    let decoder = Decoder::new(config, sources)?;
    let memories = Memories::default();
    let purpose = Purpose { all_lines: true, ..Purpose::of(config, earlier.are_alone(), None) };
    let sizes = Sizes { tiny: config.checks.tiny_chars, huge: config.checks.huge_chars };
    let mut survey = Survey::new(&pool, &temporary, room);
    let mut ids: Sorter<KeyedId> = Sorter::new();
    let mut sums = RunSums::default();
    let mut places = Places::new(most);
    let mut problems = listed.problems;
    let infos = pass.run(
        |block| CountedBlock::of(block, &decoder, &memories, purpose, sizes, most),
        |block: CountedBlock| {
            let records = block.surveyed.records;
            survey.take(block.surveyed)?;
            ids.push(Parted::of(&block.ids));
            if ids.held() > room.records() / 4 {
                ids.spill(&pool, &temporary)?;
            }
            sums.add(block.sums, group);
            places.merge(block.places);
            Ok(records)
        },
        Some(&mut problems),
    )?;
    let (exact, counted, met) = survey.freeze(KeepDocument::First, earlier.filters(), stop)?;
    let again = ids.fold(&pool, room.buffers(), &temporary, stop, IdFinder::default, IdFinder::push)?;
    let ids: HashMap<_, _> = again.into_iter().flat_map(IdFinder::finish).collect();
    let Survey { encodings, notes, .. } = survey;
    let index = earlier.with(counted, met)?;

    observer.stage("judging", total);
    let faults = field_faults(&mut sums, group);
    let surveyed = Surveyed::new(exact, encodings, notes, index);
    let cleaner = Cleaner::new(config, &decoder, &surveyed, &memories, &allow, &deny, weights)?;
    let languages = |source: u32| groups.get(group(source)).map_or(&[][..], |group| group.languages.as_slice());
    let known = Known { cleaner: &cleaner, index: &surveyed.index, ids: &ids, fields: &faults, languages: &languages };
    let mut sites: BTreeMap<String, SiteSums> = BTreeMap::new();
    let judge = |block: &Block| {
        let notes = surveyed.notes.take(block.number)?;
        let judged = JudgedBlock::of(block, notes.as_ref(), &known, most);
        if let Some(notes) = notes {
            notes.recycle();
        }
        Ok(judged)
    };
    let again = pass.run(
        judge,
        |block: Result<JudgedBlock>| {
            let block = block?;
            sums.add(block.sums, group);
            places.merge(block.places);
            for (site, counted) in block.sites {
                sites.entry(site).or_default().merge(&counted);
            }
            Ok(block.documents)
        },
        None,
    )?;

    let names: Vec<String> = sources.iter().map(|source| source.name.clone()).collect();
    unchanged(&names, &infos, &again)?;

    let more_files = sums.more_files;
    let (mut of_groups, files) = sums.finish(groups.len(), group);
    for (info, group) in infos.iter().zip(&of_source) {
        if let Some(sums) = of_groups.get_mut(*group) {
            sums.sources += 1;
            sums.count(Measure::EmptySources, u64::from(info.empty && info.whole));
        }
    }
    for (source, _) in (0..).zip(&infos).filter(|(_, info)| info.empty && info.whole) {
        places.add(Measure::EmptySources, source, || Place::of(DocId { source, position: 1 }, None));
    }
    let files: Vec<FileSums> = files
        .into_iter()
        .map(|(source, sums)| FileSums { source, name: decoder.source_name(source).to_owned(), group: group(source), sums })
        .collect();
    let groups: Vec<(Group, Sums)> = groups.clone().into_iter().zip(of_groups).collect();
    let tells = config.langid != LangidEngine::None;
    let measured = |group: &Group, measure: Measure| match measure {
        Measure::UnexpectedDocuments | Measure::UnexpectedLines => tells && !group.languages.is_empty(),
        measure => tells || !measure.needs_languages(),
    };
    let judged_files: Vec<FileSums> = files.iter().filter(|file| file.sums.documents >= config.checks.min_documents).cloned().collect();
    let findings = Judged { groups: &groups, files: &judged_files, sites: &sites, places: &places, group_of: &group, measured: &measured }.findings();
    Ok(Checked { findings, groups, files, more_files, sites, languages_told: tells, sources: names, problems, skipped: listed.skipped })
}

/// Which fields of which files are at fault; fields of several types and of changed types are counted here.
fn field_faults(sums: &mut RunSums, group_of: impl Fn(u32) -> usize) -> HashMap<u32, FieldFaults> {
    let mut of_groups: HashMap<usize, Fields> = HashMap::new();
    for (source, sums) in sums.files() {
        of_groups.entry(group_of(source)).or_default().merge(&sums.fields);
    }
    let mut first: BTreeMap<String, ValueType> = BTreeMap::new();
    let mut faults = HashMap::new();
    for (source, sums) in sums.files() {
        let fields = &sums.fields;
        // What most of the group's records have may be missing from all of a file.
        let both = |of: fn(&Fields) -> FieldShare<'_>| {
            let shares = [Some(fields), of_groups.get(&group_of(source))].into_iter().flatten().map(of);
            shares.filter(|share| share.records > 0).map(|share| share.name.to_owned()).collect::<BTreeSet<String>>()
        };
        let usual = |field: &Field| field.types().first().copied();
        let own = FieldFaults {
            missing: both(Fields::most_missing),
            rare: both(Fields::most_rare),
            empty: both(Fields::most_empty),
            mixed: fields.mixed().filter_map(|(name, field)| Some((name.to_owned(), usual(field)?))).collect(),
            changed: fields.changed(&first).map(|(name, _, before)| (name.to_owned(), before)).collect(),
        };
        for (name, field) in fields.iter() {
            if let (false, Some(usual)) = (first.contains_key(name), usual(field)) {
                first.insert(name.to_owned(), usual);
            }
        }
        sums.count(Measure::MixedTypes, own.mixed.len() as u64);
        sums.count(Measure::ChangedTypes, own.changed.len() as u64);
        if own != FieldFaults::default() {
            faults.insert(source, own);
        }
    }
    faults
}

/// Where a document stands.
fn place_of(document: &Document<'_>) -> Place {
    match &document.json {
        Some(record) => Place::of(document.id, record.id),
        None => Place::of_file(document.id),
    }
}
