//! Sums by source, for a block and for the run: a source of many records is counted by itself, text files with their group.

use std::collections::BTreeMap;

use crate::check::Sums;

/// Files that are counted by themselves; what comes after them is counted with its group only.
pub const MOST_FILES: usize = 10_000;

/// Sums of a block's sources, in order.
#[derive(Clone, Debug, Default)]
pub struct SourceSums {
    done: Vec<OfSource>,
    current: Option<OfSource>,
}

#[derive(Clone, Debug)]
struct OfSource {
    source: u32,
    /// May it hold several records?
    several: bool,
    sums: Sums,
}

impl SourceSums {
    /// The sums of a source, which comes after those that were asked for before; `several`: it may hold several records.
    pub fn of(&mut self, source: u32, several: bool) -> &mut Sums {
        if self.current.as_ref().is_some_and(|current| current.source != source) {
            self.done.extend(self.current.take());
        }
        let current = self.current.get_or_insert_with(|| OfSource { source, several: false, sums: Sums::default() });
        current.several |= several;
        &mut current.sums
    }
}

/// Sums of a run: files by themselves, and groups.
#[derive(Debug, Default)]
pub struct RunSums {
    files: BTreeMap<u32, Sums>,
    groups: BTreeMap<usize, Sums>,
    /// Files that were not counted by themselves since there are too many.
    pub more_files: u64,
}

impl RunSums {
    /// Takes in what a block's sources came to; `group_of` tells the group of each.
    pub fn add(&mut self, block: SourceSums, group_of: impl Fn(u32) -> usize) {
        for OfSource { source, several, sums } in block.done.into_iter().chain(block.current) {
            let is_known = self.files.contains_key(&source);
            if several && (is_known || self.files.len() < MOST_FILES) {
                self.files.entry(source).or_default().merge(&sums);
            } else {
                self.more_files += u64::from(several);
                self.groups.entry(group_of(source)).or_default().merge(&sums);
            }
        }
    }

    /// The files that are counted by themselves.
    pub fn files(&mut self) -> impl Iterator<Item = (u32, &mut Sums)> {
        self.files.iter_mut().map(|(source, sums)| (*source, sums))
    }

    /// The sums of so many groups, and the files by themselves.
    pub fn finish(mut self, groups: usize, group_of: impl Fn(u32) -> usize) -> (Vec<Sums>, BTreeMap<u32, Sums>) {
        let mut sums: Vec<Sums> = (0..groups).map(|group| self.groups.remove(&group).unwrap_or_default()).collect();
        for (source, file) in &self.files {
            if let Some(group) = sums.get_mut(group_of(*source)) {
                group.merge(file);
            }
        }
        (sums, self.files)
    }
}
