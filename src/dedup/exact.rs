//! Exact duplicates: documents whose normalised texts are equal.
//!
//! Documents with their keys are collected in any order and sorted; a [`CopyFinder`] then goes through those of a
//! partition of the keys, and the frozen index answers which copy of a document stays. 48 bytes a document while
//! they are collected, as much a duplicate afterwards. An empty text is never a ground to match on: the caller does not add it.

use serde::{Deserialize, Serialize};

use crate::{
    hash::{DocumentKey, Numbers, Record, SiteKey},
    model::DocId,
};

/// Which of equal documents stays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeepDocument {
    /// The first in order.
    #[default]
    First,
    /// The one whose decoded text was longest before normalisation, the first of those.
    Longest,
    /// All of them.
    All,
}

/// A document with its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeyedDocument {
    /// Key of its normalised text.
    pub key: DocumentKey,
    /// Its place.
    pub document: DocId,
    /// The characters that it had before normalisation.
    pub chars: u64,
    /// Its site.
    pub site: SiteKey,
}

impl Record for KeyedDocument {
    const BYTES: usize = 44;

    fn hash(&self) -> u64 {
        (self.key.0 >> 64) as u64
    }

    fn absorb(&mut self, _: &KeyedDocument) -> bool {
        false
    }

    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.key.0.to_le_bytes());
        out.extend_from_slice(&self.document.source.to_le_bytes());
        for number in [self.document.position, self.chars, self.site.0] {
            out.extend_from_slice(&number.to_le_bytes());
        }
    }

    fn read(bytes: &[u8]) -> Option<KeyedDocument> {
        let mut numbers = Numbers(bytes);
        Some(KeyedDocument {
            key: DocumentKey(u128::from_le_bytes(numbers.take()?)),
            document: DocId { source: u32::from_le_bytes(numbers.take()?), position: u64::from_le_bytes(numbers.take()?) },
            chars: u64::from_le_bytes(numbers.take()?),
            site: SiteKey(u64::from_le_bytes(numbers.take()?)),
        })
    }
}

/// Finds the copies among documents, which come in order.
#[derive(Debug)]
pub struct CopyFinder {
    keep: KeepDocument,
    /// The first documents of the key at hand.
    cluster: Vec<KeyedDocument>,
    copies: Vec<(DocId, CopyOf)>,
}

impl CopyFinder {
    /// Nothing found yet.
    pub fn new(keep: KeepDocument) -> CopyFinder {
        CopyFinder { keep, cluster: Vec::new(), copies: Vec::new() }
    }

    /// The next document.
    pub fn push(&mut self, document: KeyedDocument) {
        if self.cluster.first().is_some_and(|first| first.key != document.key) {
            self.end_cluster();
        }
        self.cluster.push(document);
    }

    fn end_cluster(&mut self) {
        let kept = match self.keep {
            KeepDocument::Longest => self.cluster.iter().max_by_key(|d| (d.chars, std::cmp::Reverse(d.document))),
            KeepDocument::First => self.cluster.first(),
            KeepDocument::All => None,
        };
        if let Some(kept) = kept {
            let others = self.cluster.iter().filter(|d| d.document != kept.document);
            self.copies.extend(others.map(|d| (d.document, CopyOf { kept: kept.document, same_site: d.site == kept.site })));
        }
        self.cluster.clear();
    }

    /// The copies.
    pub fn finish(mut self) -> Vec<(DocId, CopyOf)> {
        self.end_cluster();
        self.copies
    }
}

/// Whose copy a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CopyOf {
    /// The document that stays in its place.
    pub kept: DocId,
    /// Are both of one site?
    pub same_site: bool,
}

/// Which documents are copies, and of which document that stays.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct ExactIndex {
    copies: Vec<(DocId, CopyOf)>,
}

impl ExactIndex {
    /// The index of copies that were found in pieces.
    pub fn of_parts(parts: Vec<Vec<(DocId, CopyOf)>>) -> ExactIndex {
        let mut copies = parts.concat();
        copies.sort_unstable_by_key(|(document, _)| *document);
        ExactIndex { copies }
    }

    /// The document that stays in place of this one; `None` when this one stays.
    pub fn kept_for(&self, document: DocId) -> Option<CopyOf> {
        let at = self.copies.binary_search_by_key(&document, |(copy, _)| *copy).ok()?;
        self.copies.get(at).map(|(_, copy)| *copy)
    }

    /// The documents of this corpus that stay in place of others, in document order.
    pub fn kept(&self) -> Vec<DocId> {
        let mut kept: Vec<_> = self.copies.iter().map(|(_, copy)| copy.kept).filter(|kept| kept.earlier_number().is_none()).collect();
        kept.sort_unstable();
        kept.dedup();
        kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::sort;
    use proptest::prelude::*;

    fn id(position: u64) -> DocId {
        DocId { source: 0, position }
    }

    fn keyed(n: usize, text: u8, chars: u64) -> KeyedDocument {
        KeyedDocument { key: DocumentKey::of(&[text]), document: id(n as u64), chars, site: SiteKey(0) }
    }

    fn frozen(mut documents: Vec<KeyedDocument>, keep: KeepDocument) -> ExactIndex {
        sort(&mut documents);
        let mut finder = CopyFinder::new(keep);
        documents.into_iter().for_each(|d| finder.push(d));
        ExactIndex::of_parts(vec![finder.finish()])
    }

    fn index(entries: &[(u8, u64)], keep: KeepDocument) -> ExactIndex {
        frozen(entries.iter().enumerate().map(|(n, (text, chars))| keyed(n, *text, *chars)).collect(), keep)
    }

    #[test]
    fn first_longest_and_all() {
        let entries = [(1, 5), (2, 5), (1, 9), (1, 9), (2, 5)];
        let copy = |kept: u64| CopyOf { kept: id(kept), same_site: true };
        assert_eq!(index(&entries, KeepDocument::First).copies, [(id(2), copy(0)), (id(3), copy(0)), (id(4), copy(1))]);
        assert_eq!(index(&entries, KeepDocument::Longest).copies, [(id(0), copy(2)), (id(3), copy(2)), (id(4), copy(1))]);
        assert_eq!(index(&entries, KeepDocument::All).copies, []);
    }

    proptest! {
        /// The naive twin: a quadratic look at all earlier documents.
        #[test]
        fn agrees_with_the_naive_twin(texts in prop::collection::vec(0_u8..6, 0..40), cut in 0_usize..40) {
            let entries: Vec<_> = texts.iter().map(|t| (*t, 1)).collect();
            let index = index(&entries, KeepDocument::First);
            for (i, text) in texts.iter().enumerate() {
                let first = texts.iter().position(|t| t == text).filter(|first| *first < i);
                prop_assert_eq!(index.kept_for(id(i as u64)).map(|copy| copy.kept), first.map(|f| id(f as u64)));
            }
            let mut turned: Vec<_> = entries.iter().enumerate().map(|(n, (text, chars))| keyed(n, *text, *chars)).collect();
            turned.rotate_left(cut.min(texts.len()));
            prop_assert_eq!(frozen(turned, KeepDocument::First), index);
        }

        #[test]
        fn bytes_read_back(key: u128, source: u32, n: [u64; 3]) {
            let [position, chars, site] = n;
            let document = KeyedDocument { key: DocumentKey(key), document: DocId { source, position }, chars, site: SiteKey(site) };
            let mut bytes = Vec::new();
            document.write(&mut bytes);
            prop_assert_eq!(bytes.len(), KeyedDocument::BYTES);
            prop_assert_eq!(KeyedDocument::read(&bytes), Some(document));
        }
    }
}
