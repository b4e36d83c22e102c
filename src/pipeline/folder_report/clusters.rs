//! Groups of documents that went for one: which documents stay for many others, and in which words near ones differ from it.
//!
//! Of the groups that are shown the texts are held that differences are told by, short ones alone. Which lines of a document
//! that went are furniture is not judged again here, as `explain` does: it is what went elsewhere as furniture and
//! is not in the document that stays.

use std::collections::BTreeMap;

use hashbrown::{HashMap, HashSet};

use super::{frequent::Frequent, text_of_id};
use crate::{
    model::{Reason, Result},
    pipeline::difference::{KeptText, difference},
    report::{Cluster, ClusterMember, Clustered, Lengths, Place, html::Sample},
    write::{RemovedDocument, RemovedFromDocument, RemovedLineText},
};

/// Groups that are shown, and members of each.
const CLUSTERS: usize = 12;
const MEMBERS: usize = 5;
/// Groups that are counted.
const ROOM: usize = 1 << 20;
/// Groups whose members are shown with what differs, such members of each, places of each, and bytes of the texts that are compared.
const COMPARED: usize = 6;
const COMPARED_MEMBERS: usize = 3;
const PLACES: usize = 3;
const COMPARED_BYTES: usize = 1 << 16;

/// A document by the number of its source and its number there.
type Key = (u32, u64);

/// The texts that a group's differences are told by.
#[derive(Debug, Default)]
struct Texts {
    /// The clean text of the document that stays, and what that lost.
    kept: Option<(String, Option<RemovedFromDocument>)>,
    /// The text of each member, where it is short.
    members: Vec<Option<String>>,
}

/// Documents that went for one reason as they stream by, twice: counted, then named.
#[derive(Debug)]
pub struct Clusters {
    reason: Reason,
    sources: HashMap<String, u32>,
    copies: Frequent<Key>,
    /// Copies whose text is the kept document's: they are as long as it is.
    equal: HashMap<Key, u64>,
    /// Such copies of documents that had no room.
    unknown: u64,
    largest: BTreeMap<Key, Cluster>,
    texts: BTreeMap<Key, Texts>,
}

impl Clusters {
    /// Nothing yet of what goes for this reason; sources have their numbers in this order.
    pub fn new<'a>(reason: Reason, sources: impl Iterator<Item = &'a str>) -> Clusters {
        Clusters {
            reason,
            sources: sources.zip(0..).map(|(source, n)| (source.to_owned(), n)).collect(),
            copies: Frequent::new(ROOM),
            equal: HashMap::new(),
            unknown: 0,
            largest: BTreeMap::new(),
            texts: BTreeMap::new(),
        }
    }

    fn key(&self, source: &str, position: u64) -> Option<Key> {
        Some((*self.sources.get(source)?, position))
    }

    /// Does what went for this reason belong here?
    pub fn is_of(&self, reason: &str) -> bool {
        self.reason.code() == reason
    }

    fn is_compared(&self) -> bool {
        self.reason != Reason::DocumentExact
    }

    /// Counts a document that went; `equal` where its text is not in the log since the kept copy's is the same.
    pub fn count(&mut self, gone: &RemovedDocument, equal: bool) {
        let Some(kept) = &gone.kept else { return };
        // An earlier run's documents are no sources of this one.
        let Some(key) = self.key(kept.source(), kept.position) else {
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
        let empty = |gone| Cluster { kept: Place::default(), text: None, gone, first: Vec::new() };
        let shown = if self.is_compared() { COMPARED } else { CLUSTERS };
        self.largest = self.copies.most(shown).into_iter().map(|(key, gone)| (key, empty(gone))).collect();
    }

    /// Names a document that went, where its group is shown.
    pub fn name(&mut self, gone: &RemovedDocument) {
        let compared = self.is_compared();
        let Some(kept) = &gone.kept else { return };
        let Some(key) = self.key(kept.source(), kept.position) else { return };
        let Some(cluster) = self.largest.get_mut(&key) else { return };
        if cluster.first.is_empty() {
            let id = kept.id.as_ref().map_or_else(Sample::default, |id| text_of_id(id));
            cluster.kept = Place { id, source: Sample::new(kept.source(), 200), position: kept.position };
        }
        if cluster.first.len() < if compared { COMPARED_MEMBERS } else { MEMBERS } {
            cluster.first.push(ClusterMember { id: text_of_id(&gone.id), similarity: gone.similarity, difference: None });
            if compared {
                let text = gone.text.clone().filter(|text| text.len() <= COMPARED_BYTES);
                self.texts.entry(key).or_default().members.push(text);
            }
        }
    }

    /// Is a document shown as one that stays for others?
    pub fn wants(&self, source: &str, position: u64) -> bool {
        self.key(source, position).is_some_and(|key| self.largest.contains_key(&key))
    }

    /// Its text with the head that is shown of it, and what it lost.
    pub fn add_text(&mut self, (source, position): (&str, u64), text: &str, head: &Sample, lost: Option<&RemovedFromDocument>) {
        let compared = self.is_compared() && text.len() <= COMPARED_BYTES;
        if let Some((key, cluster)) = self.key(source, position).and_then(|key| Some((key, self.largest.get_mut(&key)?))) {
            cluster.text = Some(head.clone());
            if compared {
                self.texts.entry(key).or_default().kept = Some((text.to_owned(), lost.cloned()));
            }
        }
    }

    /// Numbers of the removed texts that differences are told by, and the lines that may be furniture.
    pub fn asks(&self) -> (impl Iterator<Item = u64>, impl Iterator<Item = &str>) {
        let lost = self.texts.values().filter_map(|texts| texts.kept.as_ref()?.1.as_ref());
        let numbers = lost.flat_map(|lost| &lost.lines).filter_map(|line| line.r#ref);
        let members = self.texts.values().flat_map(|texts| &texts.members).flatten();
        (numbers, members.flat_map(|text| crate::model::lines(text)))
    }

    /// Tells the differences by those removed texts and by the lines that went elsewhere as furniture.
    ///
    /// # Errors
    /// A removed log that does not fit the texts.
    pub fn compare(&mut self, removed: &HashMap<u64, RemovedLineText>, furniture: &HashSet<String>) -> Result<()> {
        for (key, texts) in std::mem::take(&mut self.texts) {
            let (Some((clean, lost)), Some(cluster)) = (texts.kept, self.largest.get_mut(&key)) else { continue };
            let kept = KeptText { clean: &clean, lost: lost.as_ref(), texts: removed };
            let whole = kept.whole()?;
            let residue = kept.residue(&whole);
            let theirs: HashSet<&str> = residue.iter().copied().collect();
            for (member, text) in cluster.first.iter_mut().zip(texts.members) {
                let Some(text) = text else { continue };
                let own = crate::model::lines(&text).filter(|line| !line.trim().is_empty());
                let own: Vec<&str> = own.filter(|line| theirs.contains(line) || !furniture.contains(*line)).collect();
                member.difference = difference(self.reason.code(), &own, &residue, PLACES);
            }
        }
        Ok(())
    }

    /// Counts the copies that are as long as this document, which had so many characters as it came in.
    pub fn add_lengths(&mut self, source: &str, position: u64, chars: u64, lengths: &mut Lengths) {
        if let Some(n) = self.key(source, position).and_then(|key| self.equal.remove(&key)) {
            lengths.add(chars, n, false);
        }
    }

    /// The largest groups, how many there are, and whether the counts are exact.
    pub fn finish(self, lengths: &mut Lengths) -> Clustered {
        lengths.unknown += self.unknown + self.equal.values().sum::<u64>();
        let (count, exact) = (self.copies.len() as u64, self.copies.missed() == 0);
        let order: Vec<Key> = self.copies.most(CLUSTERS).into_iter().map(|(key, _)| key).collect();
        let mut largest = self.largest;
        Clustered { largest: order.iter().filter_map(|key| largest.remove(key)).collect(), count, exact }
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
                .map(|kept| place(kept.id.as_ref().map_or_else(Sample::default, |id| text_of_id(id)), kept.source(), kept.position)),
            similarity: gone.similarity,
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
