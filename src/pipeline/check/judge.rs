//! The second read of `check`: what is measured of a document beside all others: copies, furniture, captions, languages, fields that come
//! and go.

use std::collections::{BTreeMap, BTreeSet};

use hashbrown::HashMap;

use super::{place_of, source_sums::SourceSums};
use crate::{
    check::{Measure, Place, Places, SiteSums, Sums, ValueType, is_empty, name_of},
    hash::SiteKey,
    lines::{Removal, Site, index::LineIndex},
    model::{DocId, Lang, LineLanguage, Reason},
    pipeline::{
        clean::{Cleaner, JudgedDocument},
        document::Document,
        notes::BlockNotes,
    },
    read::Block,
};

/// Which fields of a source are at fault, and how.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldFaults {
    /// Fields that most records have and some lack.
    pub missing: BTreeSet<String>,
    /// Fields that some records have and most lack.
    pub rare: BTreeSet<String>,
    /// Fields that are often empty.
    pub empty: BTreeSet<String>,
    /// Fields of several types, with the commonest.
    pub mixed: BTreeMap<String, ValueType>,
    /// Fields of another type than in the first file, with the type there.
    pub changed: BTreeMap<String, ValueType>,
}

/// What the second read knows of all records.
pub struct Known<'k> {
    /// The rules, with the index.
    pub cleaner: &'k Cleaner<'k>,
    /// How often each line stands on each site's pages.
    pub index: &'k LineIndex,
    /// Records whose id an earlier one has.
    pub ids: &'k HashMap<DocId, DocId>,
    /// Fields at fault, by source.
    pub fields: &'k HashMap<u32, FieldFaults>,
    /// Languages that are expected in a source; empty: any.
    pub languages: &'k (dyn Fn(u32) -> &'k [Lang] + Sync),
}

/// What a block adds to the second read.
#[derive(Debug, Default)]
pub struct JudgedBlock {
    /// What was counted of each source.
    pub sums: SourceSums,
    /// Where.
    pub places: Places,
    /// What was counted of each site.
    pub sites: HashMap<String, SiteSums>,
    /// Its documents.
    pub documents: u64,
}

impl JudgedBlock {
    /// Judges a block; at most `most` places of a measure in a source are kept.
    pub fn of(block: &Block, notes: Option<&BlockNotes>, known: &Known<'_>, most: usize) -> JudgedBlock {
        let mut judged = JudgedBlock { places: Places::new(most), ..JudgedBlock::default() };
        known.cleaner.judged(block, notes, &|_| true, &mut |document| judged.document(&document, known));
        judged
    }

    fn document(&mut self, judged: &JudgedDocument<'_>, known: &Known<'_>) {
        self.documents += 1;
        let document = judged.document;
        let sums = self.sums.of(document.id.source, document.json.is_some());
        let mut found = Found { sums, places: &mut self.places, document };
        if let Some(kept) = known.cleaner.copy_of(document.id) {
            let head = judged.page.lines().first().map_or("", |line| line.text);
            let name = known.cleaner.decoder.made_id(kept);
            found.add(Measure::ExactDuplicates, 1, |place| place.text(head).note(format!("the text of {name}")));
        }
        if let Some(first) = known.ids.get(&document.id) {
            let name = known.cleaner.decoder.made_id(*first);
            found.add(Measure::DuplicateIds, 1, |place| place.note(format!("the id of {name}")));
        }
        if let Some(faults) = known.fields.get(&document.id.source) {
            fields(&mut found, faults);
        }
        let site = lines(&mut found, judged, known.index);
        languages(&mut found, judged, (known.languages)(document.id.source));
        if let (Some(name), Some(site)) = (document.site.as_deref(), site) {
            match self.sites.get_mut(name) {
                Some(sums) => sums.merge(&site),
                None => drop(self.sites.insert(name.to_owned(), site)),
            }
        }
    }
}

/// Counts for one document.
struct Found<'f> {
    sums: &'f mut Sums,
    places: &'f mut Places,
    document: &'f Document<'f>,
}

impl Found<'_> {
    fn add(&mut self, measure: Measure, n: u64, place: impl FnOnce(Place) -> Place) {
        self.sums.count(measure, n);
        self.place(measure, place);
    }

    fn place(&mut self, measure: Measure, place: impl FnOnce(Place) -> Place) {
        let document = self.document;
        self.places.add(measure, document.id.source, || place(place_of(document)));
    }
}

/// Where which fields are at fault: how often, the first read counted.
fn fields(found: &mut Found<'_>, faults: &FieldFaults) {
    let Some(record) = &found.document.json else { return };
    let value = |name: &str| record.members.iter().rfind(|(key, _)| name_of(key) == name).map(|(_, value)| *value);
    for name in faults.missing.iter().filter(|name| value(name).is_none()) {
        found.place(Measure::MissingField, |place| place.note(format!("no field \"{name}\"")));
    }
    for (name, value) in faults.rare.iter().filter_map(|name| Some((name, value(name)?))) {
        found.place(Measure::RareField, |place| place.text(value).note(format!("field \"{name}\"")));
    }
    for (name, value) in faults.empty.iter().filter_map(|name| Some((name, value(name)?))).filter(|(_, value)| is_empty(value)) {
        found.place(Measure::EmptyField, |place| place.text(value).note(format!("field \"{name}\"")));
    }
    for (measure, fields, where_) in [(Measure::MixedTypes, &faults.mixed, "mostly"), (Measure::ChangedTypes, &faults.changed, "in the first file")] {
        for (name, usual) in fields {
            let Some(value) = value(name) else { continue };
            if let Some(own) = ValueType::of(value).filter(|own| own != usual) {
                let note = format!("field \"{name}\" is a {} here, a {} {where_}", own.name(), usual.name());
                found.place(measure, |place| place.text(value).note(note));
            }
        }
    }
}

fn lines(found: &mut Found<'_>, judged: &JudgedDocument<'_>, index: &LineIndex) -> Option<SiteSums> {
    let site = found.document.site.as_deref().and_then(|site| Site::of(index, SiteKey::of(site)));
    let mut sums = SiteSums { documents: 1, ..SiteSums::default() };
    for (line, removal) in judged.page.lines().iter().zip(judged.removals) {
        let chars = u64::from(line.chars);
        sums.lines += 1;
        sums.chars += chars;
        let pages = site.as_ref().map_or(1, |site| site.pages_of(line.key));
        let number = || judged.numbers.number(line.number);
        if pages > 1 {
            sums.repeated_lines += 1;
            found.sums.count(Measure::RepeatedChars, chars);
            found.add(Measure::RepeatedLines, 1, |place| place.line(number(), line.text).note(format!("on {pages} pages of the site")));
        }
        let Some(Removal { reason, .. }) = removal else { continue };
        let measure = match reason {
            Reason::LineForeignCaption => Measure::ForeignCaptions,
            Reason::LineDocument => Measure::DocumentFurniture,
            Reason::LineSiteProse | Reason::LineDocumentProse => Measure::RepeatedProse,
            // What `line_lang` takes is no furniture, and unexpected languages are counted below.
            Reason::LineLanguage => continue,
            _ => {
                sums.furniture_lines += 1;
                sums.furniture_chars += chars;
                found.sums.count(Measure::FurnitureChars, chars);
                Measure::FurnitureLines
            }
        };
        found.add(measure, 1, |place| place.line(number(), line.text).note(reason.words()));
    }
    found.document.site.is_some().then_some(sums)
}

fn languages(found: &mut Found<'_>, judged: &JudgedDocument<'_>, expected: &[Lang]) {
    let Some(lines) = judged.languages else { return };
    let lang = judged.language.lang;
    *found.sums.languages.entry(lang).or_default() += 1;
    let head = judged.page.lines().first().map_or("", |line| line.text);
    if lang == Lang::UND && !judged.page.lines().is_empty() {
        found.add(Measure::UnknownLanguage, 1, |place| place.text(head));
    }
    let is_unexpected = |lang: Lang| lang.is_known() && !expected.is_empty() && !expected.contains(&lang);
    if is_unexpected(lang) {
        found.add(Measure::UnexpectedDocuments, 1, |place| place.text(head).note(lang.to_string()));
    }
    for (line, language) in judged.page.lines().iter().zip(lines) {
        *found.sums.line_languages.entry(language.lang).or_default() += 1;
        if language.permille >= LineLanguage::SURE && is_unexpected(language.lang) {
            let number = judged.numbers.number(line.number);
            found.add(Measure::UnexpectedLines, 1, |place| place.line(number, line.text).note(language.lang.to_string()));
        }
    }
}
