//! Exact duplicates: documents whose normalised texts are equal.
//!
//! The builder takes (key, document, length) in any order, and builders merge to the same result in any order;
//! frozen, the index answers which copy of a document stays. About 48 bytes a document while it is built, 32 a
//! duplicate afterwards. An empty text is never a ground to match on: the caller does not add it.

use serde::{Deserialize, Serialize};

use crate::{
    hash::{DocumentKey, SiteKey},
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

/// Collects document keys.
#[derive(Debug, Default)]
pub struct ExactBuilder {
    entries: Vec<(DocumentKey, DocId, u64, SiteKey)>,
}

impl ExactBuilder {
    /// Adds a document of a site with the number of characters that it had before normalisation.
    pub fn add(&mut self, key: DocumentKey, document: DocId, chars: u64, site: SiteKey) {
        self.entries.push((key, document, chars, site));
    }

    /// Takes over what `other` collected.
    pub fn merge(&mut self, mut other: ExactBuilder) {
        self.entries.append(&mut other.entries);
    }

    /// The index of who is whose copy.
    pub fn freeze(mut self, keep: KeepDocument) -> ExactIndex {
        let mut copies = Vec::new();
        if keep != KeepDocument::All {
            self.entries.sort_unstable();
            for cluster in self.entries.chunk_by(|a, b| a.0 == b.0).filter(|c| c.len() > 1) {
                let kept = match keep {
                    KeepDocument::Longest => cluster.iter().max_by_key(|(_, document, chars, _)| (*chars, std::cmp::Reverse(*document))),
                    KeepDocument::First | KeepDocument::All => cluster.first(),
                };
                if let Some((_, kept, _, home)) = kept {
                    let others = cluster.iter().filter(|(_, document, ..)| document != kept);
                    copies.extend(others.map(|(_, document, _, site)| (*document, CopyOf { kept: *kept, same_site: site == home })));
                }
            }
            copies.sort_unstable_by_key(|(document, _)| *document);
        }
        ExactIndex { copies }
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
    /// The document that stays in place of this one; `None` when this one stays.
    pub fn kept_for(&self, document: DocId) -> Option<CopyOf> {
        let at = self.copies.binary_search_by_key(&document, |(copy, _)| *copy).ok()?;
        self.copies.get(at).map(|(_, copy)| *copy)
    }

    /// The documents that stay in place of others, in document order.
    pub fn kept(&self) -> Vec<DocId> {
        let mut kept: Vec<_> = self.copies.iter().map(|(_, copy)| copy.kept).collect();
        kept.sort_unstable();
        kept.dedup();
        kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn id(position: u64) -> DocId {
        DocId { source: 0, position }
    }

    fn index(entries: &[(u8, u64)], keep: KeepDocument) -> ExactIndex {
        let mut builder = ExactBuilder::default();
        for (i, (text, chars)) in entries.iter().enumerate() {
            builder.add(DocumentKey::of(&[*text]), id(i as u64), *chars, SiteKey(0));
        }
        builder.freeze(keep)
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
            let (mut a, mut b) = (ExactBuilder::default(), ExactBuilder::default());
            for (i, text) in texts.iter().enumerate() {
                if i < cut { &mut a } else { &mut b }.add(DocumentKey::of(&[*text]), id(i as u64), 1, SiteKey(0));
            }
            b.merge(a);
            prop_assert_eq!(b.freeze(KeepDocument::First), index);
        }
    }
}
