//! Documents that stay in place of others, or hold the first copies of lines: place and id, in document order and packed.
//!
//! 24 bytes and the id for each, since there may be as many as documents that stay.

use crate::model::DocId;

/// Documents that stay.
#[derive(Debug, Default)]
pub struct KeptDocuments {
    /// Place, and where the id ends.
    documents: Vec<(DocId, usize)>,
    /// Raw JSON, one after the other.
    ids: String,
}

impl KeptDocuments {
    /// Adds a document that stands after those before; its number.
    pub fn push(&mut self, document: DocId, raw_id: &str) -> usize {
        self.ids.push_str(raw_id);
        self.documents.push((document, self.ids.len()));
        self.documents.len() - 1
    }

    /// Place and id of a document by its number.
    pub fn get(&self, number: usize) -> Option<(DocId, &str)> {
        let (document, end) = self.documents.get(number)?;
        let start = number.checked_sub(1).and_then(|before| self.documents.get(before)).map_or(0, |(_, end)| *end);
        Some((*document, self.ids.get(start..*end)?))
    }

    /// The id of a document.
    pub fn id_of(&self, document: DocId) -> Option<&str> {
        let number = self.documents.binary_search_by_key(&document, |(document, _)| *document).ok()?;
        self.get(number).map(|(_, id)| id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_found_by_number_and_place() {
        let mut kept = KeptDocuments::default();
        let place = |position| DocId { source: 0, position };
        for (n, id) in ["1.50", "\"\"", "\"é\"", "null"].into_iter().enumerate() {
            assert_eq!(kept.push(place(n as u64 * 2), id), n);
        }
        assert_eq!((kept.get(0), kept.get(2), kept.get(4)), (Some((place(0), "1.50")), Some((place(4), "\"é\"")), None));
        assert_eq!((kept.id_of(place(2)), kept.id_of(place(6)), kept.id_of(place(3))), (Some("\"\""), Some("null"), None));
    }
}
