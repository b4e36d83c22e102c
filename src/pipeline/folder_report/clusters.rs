//! Groups of copies: which documents stay for many others.

use std::collections::BTreeMap;

use hashbrown::HashMap;

use super::{frequent::Frequent, text_of_id};
use crate::{
    report::{Cluster, Lengths, Place, html::Sample},
    write::RemovedDocument,
};

/// Groups that are shown, and ids of each.
const CLUSTERS: usize = 12;
const IDS: usize = 5;
/// Groups that are counted.
const ROOM: usize = 1 << 20;

/// A document by the number of its source and its number there.
type Key = (u32, u64);

/// Copies as they stream by, twice: counted, then named.
#[derive(Debug)]
pub struct Clusters {
    sources: HashMap<String, u32>,
    copies: Frequent<Key>,
    /// Copies whose text is the kept document's: they are as long as it is.
    equal: HashMap<Key, u64>,
    /// Such copies of documents that had no room.
    unknown: u64,
    largest: BTreeMap<Key, Cluster>,
}

impl Clusters {
    /// No copies yet; sources have their numbers in this order.
    pub fn new<'a>(sources: impl Iterator<Item = &'a str>) -> Clusters {
        Clusters {
            sources: sources.zip(0..).map(|(source, n)| (source.to_owned(), n)).collect(),
            copies: Frequent::new(ROOM),
            equal: HashMap::new(),
            unknown: 0,
            largest: BTreeMap::new(),
        }
    }

    fn key(&self, source: &str, position: u64) -> Option<Key> {
        Some((*self.sources.get(source)?, position))
    }

    /// Counts a document that went; `equal` where its text is not in the log since the kept copy's is the same.
    pub fn count(&mut self, gone: &RemovedDocument, equal: bool) {
        let Some(kept) = &gone.kept else { return };
        // An earlier run's documents are no sources of this one.
        let Some(key) = self.key(&kept.source, kept.position) else {
            self.unknown += u64::from(equal);
            return;
        };
        self.copies.add(key);
        if equal {
            if self.equal.len() < ROOM || self.equal.contains_key(&key) {
                *self.equal.entry(key).or_default() += 1;
            } else {
                self.unknown += 1;
            }
        }
    }

    /// All are counted; from here on the largest groups are named.
    pub fn counted(&mut self) {
        let empty = |gone| Cluster { kept: Place::default(), text: None, gone, ids: Vec::new() };
        self.largest = self.copies.most(CLUSTERS).into_iter().map(|(key, gone)| (key, empty(gone))).collect();
    }

    /// Names a document that went, where its group is shown.
    pub fn name(&mut self, gone: &RemovedDocument) {
        let Some(kept) = &gone.kept else { return };
        let Some(cluster) = self.key(&kept.source, kept.position).and_then(|key| self.largest.get_mut(&key)) else { return };
        if cluster.ids.is_empty() {
            let id = kept.id.as_ref().map_or_else(Sample::default, |id| text_of_id(id));
            cluster.kept = Place { id, source: Sample::new(&kept.source, 200), position: kept.position };
        }
        if cluster.ids.len() < IDS {
            cluster.ids.push(text_of_id(&gone.id));
        }
    }

    /// Is a document shown as one that stays for others?
    pub fn wants(&self, source: &str, position: u64) -> bool {
        self.key(source, position).is_some_and(|key| self.largest.contains_key(&key))
    }

    /// Its text.
    pub fn add_text(&mut self, source: &str, position: u64, text: Sample) {
        if let Some(cluster) = self.key(source, position).and_then(|key| self.largest.get_mut(&key)) {
            cluster.text = Some(text);
        }
    }

    /// Counts the copies that are as long as this document, which had so many characters as it came in.
    pub fn add_lengths(&mut self, source: &str, position: u64, chars: u64, lengths: &mut Lengths) {
        if let Some(n) = self.key(source, position).and_then(|key| self.equal.remove(&key)) {
            lengths.add(chars, n, false);
        }
    }

    /// The largest groups, how many there are, and whether the counts are exact.
    pub fn finish(self, lengths: &mut Lengths) -> (Vec<Cluster>, u64, bool) {
        lengths.unknown += self.unknown + self.equal.values().sum::<u64>();
        let (count, exact) = (self.copies.len() as u64, self.copies.missed() == 0);
        let order: Vec<Key> = self.copies.most(CLUSTERS).into_iter().map(|(key, _)| key).collect();
        let mut largest = self.largest;
        (order.iter().filter_map(|key| largest.remove(key)).collect(), count, exact)
    }
}

/// Documents that went, picked by a hash of their place: a sample of the whole corpus, in its order.
#[derive(Debug, Default)]
pub struct GoneSample {
    reasons: BTreeMap<&'static str, BTreeMap<(u64, u64), RemovedDocument>>,
    seen: u64,
}

impl GoneSample {
    /// Documents of each reason.
    const DOCUMENTS: usize = 3;

    /// One more.
    pub fn add(&mut self, reason: &'static str, gone: RemovedDocument) {
        self.seen += 1;
        let key = (xxhash_rust::xxh3::xxh3_64_with_seed(gone.source.as_bytes(), gone.position), self.seen);
        let picked = self.reasons.entry(reason).or_default();
        if picked.len() >= Self::DOCUMENTS && picked.last_key_value().is_some_and(|(last, _)| *last < key) {
            return;
        }
        picked.insert(key, RemovedDocument { record: None, ..gone });
        if picked.len() > Self::DOCUMENTS {
            picked.pop_last();
        }
    }

    /// Those that were picked.
    pub fn finish(self) -> BTreeMap<&'static str, Vec<crate::report::DocumentExample>> {
        let place = |id: Sample, source: &str, position| Place { id, source: Sample::new(source, 200), position };
        let example = |gone: RemovedDocument| crate::report::DocumentExample {
            place: place(text_of_id(&gone.id), &gone.source, gone.position),
            kept: gone
                .kept
                .as_ref()
                .map(|kept| place(kept.id.as_ref().map_or_else(Sample::default, |id| text_of_id(id)), &kept.source, kept.position)),
            text: gone.text.as_deref().filter(|text| !text.trim().is_empty()).map(|text| Sample::new(text.trim(), 300)),
        };
        let in_order = |picked: BTreeMap<(u64, u64), RemovedDocument>| {
            let mut picked: Vec<_> = picked.into_iter().map(|((_, turn), gone)| (turn, gone)).collect();
            picked.sort_by_key(|(turn, _)| *turn);
            picked.into_iter().map(|(_, gone)| example(gone)).collect()
        };
        self.reasons.into_iter().map(|(reason, picked)| (reason, in_order(picked))).collect()
    }
}
