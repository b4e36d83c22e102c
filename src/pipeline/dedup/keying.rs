//! The first reads of `dedup`: the key of the fields of every document, its rank, and the lines that it is held against others by.

use hashbrown::HashSet;

use super::super::{
    document::{Decoder, Document, Encodings},
    signed::{SignedBlock, SignedLine, Signer, Signing},
};
use crate::{
    config::Config,
    dedup::{By, FieldValue, KeyedByFields, Preference, Rank, UrlSteps, compared_url},
    hash::{FieldKey, Parted},
    model::{DocId, EncodingEvidence, Lang, Result},
    read::{Block, string_value},
};

/// What documents are compared by, and which is preferred.
#[derive(Debug)]
pub struct Keying {
    by: Vec<By>,
    keep: Ranking,
    url_steps: UrlSteps,
}

#[derive(Debug)]
enum Ranking {
    First,
    Longest,
    Greatest(By),
    Least(By),
}

impl Keying {
    /// By the rules of a run. A field that holds the text, the URL or the id is that, whatever it is called.
    ///
    /// # Errors
    /// Usage: no field, or an unknown step.
    pub fn new(config: &Config) -> Result<Keying> {
        let rules = &config.dedup;
        let role = |by: By| match by {
            By::Field(name) if name == config.text_field => By::Text,
            By::Field(name) if name == config.url_field => By::Url,
            By::Field(name) if name == config.id_field => By::Id,
            by => by,
        };
        let keep = match &rules.keep {
            Preference::First => Ranking::First,
            Preference::Longest => Ranking::Longest,
            Preference::Max(field) => Ranking::Greatest(role(By::of(field))),
            Preference::Min(field) => Ranking::Least(role(By::of(field))),
        };
        Ok(Keying { by: rules.fields()?.into_iter().map(role).collect(), keep, url_steps: rules.url_steps()? })
    }

    /// Are duplicates documents of one text, and nothing else?
    pub fn is_text(&self) -> bool {
        self.by.iter().all(|by| *by == By::Text)
    }

    /// The key of all fields together; none where one is missing or says nothing.
    pub fn key(&self, document: &Document<'_>) -> Option<FieldKey> {
        let mut all: Option<FieldKey> = None;
        for by in &self.by {
            let value = match (by, field(document, by)?) {
                (By::Url, FieldValue::Text(url)) => FieldValue::Text(compared_url(&url, self.url_steps).into()),
                (_, value) => value,
            };
            let key = value.key()?;
            all = Some(all.map_or(key, |before| before.and(key)));
        }
        all
    }

    /// How much a document is preferred.
    pub fn rank<const N: usize>(&self, document: &Document<'_>) -> Rank<N> {
        let mut rank = [0; N];
        let mut fill = |bytes: &[u8]| rank.iter_mut().zip(bytes).for_each(|(place, byte)| *place = *byte);
        let of = |by: &By, is_greatest| field(document, by).map(|value| value.rank(is_greatest));
        match &self.keep {
            Ranking::First => {}
            Ranking::Longest => fill(&(document.text().chars().count() as u64).to_be_bytes()),
            Ranking::Greatest(by) => fill(of(by, true).as_ref().map_or(&[], |rank| rank)),
            Ranking::Least(by) => fill(of(by, false).as_ref().map_or(&[], |rank| rank)),
        }
        rank
    }
}

/// A field of a document. A text file has its text only.
fn field<'d>(document: &'d Document<'_>, by: &By) -> Option<FieldValue<'d>> {
    let record = document.json.as_ref();
    match by {
        By::Text => Some(FieldValue::Text(document.text().into())),
        By::Url => record?.url.as_deref().map(|url| FieldValue::Text(url.into())),
        By::Id => record?.id.map(written),
        By::Field(path) => record?.field(path).map(written),
    }
}

/// A value as it stands in a record.
fn written(raw: &str) -> FieldValue<'_> {
    match raw.as_bytes().first() {
        // What cannot be decoded is compared as it is written.
        Some(b'"') => string_value(raw).map_or(FieldValue::Other(raw), FieldValue::Text),
        Some(b'-' | b'0'..=b'9') => FieldValue::Number(raw),
        _ => FieldValue::Other(raw),
    }
}

/// What a block adds to the first read.
#[derive(Debug)]
pub struct KeyedBlock<const N: usize> {
    /// Its records, those that could not be read included.
    pub records: u64,
    /// Encodings that were hard to tell.
    pub encodings: Encodings,
    /// Its documents.
    pub documents: Parted<KeyedByFields<N>>,
    /// Documents that have nothing to be compared by.
    pub without_fields: u64,
}

impl<const N: usize> KeyedBlock<N> {
    /// Keys the documents of a block.
    pub fn of(block: &Block, decoder: &Decoder<'_>, keying: &Keying) -> KeyedBlock<N> {
        let (mut records, mut without_fields) = (0, 0);
        let mut encodings = Encodings::default();
        let mut documents = Vec::new();
        decoder.each(block, None, |record| match record {
            Ok(document) => {
                records += 1;
                if !matches!(document.decision.evidence, EncodingEvidence::Valid | EncodingEvidence::Bom) {
                    encodings.insert(document.id, document.decision);
                }
                match keying.key(&document) {
                    Some(key) => documents.push(KeyedByFields { key, document: document.id, rank: keying.rank(&document) }),
                    None => without_fields += 1,
                }
            }
            Err(unreadable) => records += u64::from(unreadable.part.is_none_or(|(part, _)| part == 0)),
        });
        KeyedBlock { records, encodings, documents: Parted::of(&documents), without_fields }
    }
}

/// Makes the documents of a block that are no copies comparable by their lines; with their number.
pub fn signed<const N: usize>(
    block: &Block,
    (decoder, encodings): (&Decoder<'_>, &Encodings),
    (keying, signing): (&Keying, &Signing),
    copies: &HashSet<DocId>,
) -> (SignedBlock<Rank<N>>, u64) {
    let mut signer = Signer::new(signing, block);
    let mut documents = 0;
    decoder.each(block, Some(encodings), |record| {
        let Ok(document) = record else { return };
        documents += 1;
        if copies.contains(&document.id) {
            return;
        }
        let lines = SignedLine::of_whole(document.text(), signing);
        signer.document(document.id, keying.rank(&document), Lang::UND, lines);
    });
    (signer.finish(), documents)
}
