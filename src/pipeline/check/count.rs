//! The first read of `check`: what is measured of each record by itself, beside the survey of lines and copies.

use super::{ids::KeyedId, place_of, source_sums::SourceSums};
use crate::{
    check::{LaidLine, Measure, Place, Places, Sums, cut_lines, is_symbol_line},
    decode::{Blemish, LineNumbers, blemishes, replacements},
    lines::Page,
    model::{Cause, rough_words},
    pipeline::{
        document::{Decoder, Document, Unreadable},
        memory::Memories,
        survey::{Purpose, SurveyedBlock, SurveyedRecord},
    },
    read::Block,
};

/// From which sizes on a document is tiny or huge.
#[derive(Clone, Copy, Debug)]
pub struct Sizes {
    /// Fewer characters are tiny.
    pub tiny: u64,
    /// More characters are huge.
    pub huge: u64,
}

/// What a block adds to the first read.
#[derive(Debug)]
pub struct CountedBlock {
    /// The survey's part.
    pub surveyed: SurveyedBlock,
    /// What was counted of each source.
    pub sums: SourceSums,
    /// Where.
    pub places: Places,
    /// The ids.
    pub ids: Vec<KeyedId>,
}

impl CountedBlock {
    /// Counts a block; at most `most` places of a measure in a source are kept.
    pub fn of(block: &Block, decoder: &Decoder<'_>, memories: &Memories, purpose: Purpose, sizes: Sizes, most: usize) -> CountedBlock {
        let mut counting = Counting { sums: SourceSums::default(), places: Places::new(most), ids: Vec::new(), sizes };
        let surveyed = SurveyedBlock::of(block, decoder, memories, purpose, &mut |record| match record {
            SurveyedRecord::Document { document, was_normal, page, numbers } => counting.document(document, was_normal, page, &numbers),
            SurveyedRecord::Unreadable(unreadable) => counting.unreadable(unreadable),
        });
        let Counting { sums, places, ids, .. } = counting;
        CountedBlock { surveyed, sums, places, ids }
    }
}

struct Counting {
    sums: SourceSums,
    places: Places,
    ids: Vec<KeyedId>,
    sizes: Sizes,
}

/// Counts for one document.
struct Found<'f> {
    sums: &'f mut Sums,
    places: &'f mut Places,
    document: &'f Document<'f>,
}

impl Found<'_> {
    /// A measure of documents counts it once; a place for it.
    fn document(&mut self, measure: Measure, place: impl FnOnce(Place) -> Place) {
        self.sums.count(measure, 1);
        self.place(measure, place);
    }

    fn place(&mut self, measure: Measure, place: impl FnOnce(Place) -> Place) {
        let document = self.document;
        self.places.add(measure, document.id.source, || place(place_of(document)));
    }
}

impl Counting {
    fn unreadable(&mut self, unreadable: &Unreadable<'_>) {
        let Unreadable { id, cause, message, part, bytes } = unreadable;
        let sums = self.sums.of(id.source, id.position > 1);
        sums.bytes += bytes.len() as u64;
        if part.is_some_and(|(part, _)| part > 0) {
            return;
        }
        sums.records += 1;
        let head = String::from_utf8_lossy(bytes.get(..400.min(bytes.len())).unwrap_or_default());
        let measure = match cause {
            Cause::TextMissing => Some(Measure::TextMissing),
            Cause::TextNotString => Some(Measure::TextNotString),
            _ => None,
        };
        for measure in [Some(Measure::Unreadable), measure].into_iter().flatten() {
            sums.count(measure, 1);
            self.places.add(measure, id.source, || Place::of(*id, None).text(&head).note(message.clone()));
        }
    }

    fn document(&mut self, document: &Document<'_>, was_normal: bool, page: Option<&Page<'_>>, numbers: &LineNumbers) {
        let sums = self.sums.of(document.id.source, document.json.is_some());
        sums.records += 1;
        sums.documents += 1;
        sums.bytes += document.bytes;
        *sums.encodings.entry(document.decision.name()).or_default() += 1;
        if let Some(record) = &document.json {
            sums.fields.add(&record.members);
            if let Some(id) = record.id.and_then(|raw| KeyedId::of(raw, document.id)) {
                sums.ids += 1;
                self.ids.push(id);
            }
        }
        let mut found = Found { sums, places: &mut self.places, document };
        encoding(&mut found);
        characters(&mut found, was_normal);
        lines(&mut found, page, numbers, self.sizes);
    }
}

fn encoding(found: &mut Found<'_>) {
    let name = found.document.decision.name();
    match name {
        "UTF-8" => {}
        "mixed" => {
            let first = found.document.parts.first().map_or(1, |(first, _)| *first);
            let text = crate::model::lines(found.document.text()).nth(usize::try_from(first - 1).unwrap_or(0)).unwrap_or_default().to_owned();
            let charset = found.document.decision.charset.name();
            found.document(Measure::MixedEncoding, |place| place.line(first, &text).note(format!("UTF-8 and {charset}")));
        }
        name => found.document(Measure::NotUtf8, |place| place.note(name)),
    }
}

fn characters(found: &mut Found<'_>, was_normal: bool) {
    let text = found.document.text();
    let mut seen = [false; Measure::COUNT];
    let mut each = |blemish: Blemish, line: u64, content: &str| {
        let measure = measure_of(blemish);
        if let Some(seen) = seen.get_mut(measure as usize)
            && !std::mem::replace(seen, true)
        {
            found.document(measure, |place| place.line(line, content));
        }
    };
    replacements(text, &mut each);
    if !was_normal {
        blemishes(text, &mut each);
    }
}

fn measure_of(blemish: Blemish) -> Measure {
    match blemish {
        Blemish::Replacement => Measure::Replacement,
        Blemish::Mojibake => Measure::Mojibake,
        Blemish::Control => Measure::Control,
        Blemish::NotNfc => Measure::NotNfc,
        Blemish::ExoticSpace => Measure::ExoticSpace,
        Blemish::ZeroWidth => Measure::ZeroWidth,
        Blemish::BidiControl => Measure::BidiControl,
    }
}

fn lines(found: &mut Found<'_>, page: Option<&Page<'_>>, numbers: &LineNumbers, sizes: Sizes) {
    let lines = page.map_or(&[][..], |page| page.lines());
    let mut chars = 0;
    for line in lines {
        chars += u64::from(line.chars);
        if is_symbol_line(line.text, &line.measures) {
            found.sums.count(Measure::SymbolLines, 1);
            found.place(Measure::SymbolLines, |place| place.line(numbers.number(line.number), line.text));
        }
    }
    let laid = lines.iter().map(|line| LaidLine { text: line.text, number: line.number, chars: line.chars });
    cut_lines(laid, |place| {
        found.sums.count(Measure::CutLines, 1);
        if let Some(line) = lines.get(place) {
            found.place(Measure::CutLines, |place| place.line(numbers.number(line.number), tail(line.text)));
        }
    });
    found.sums.lines += lines.len() as u64;
    found.sums.chars += chars;
    found.sums.chars_each.add(chars);
    found.sums.words_each.add(rough_words(found.document.text()));
    found.sums.lines_each.add(lines.len() as u64);
    if lines.is_empty() {
        found.document(Measure::EmptyText, |place| place);
    } else if chars < sizes.tiny {
        let head = lines.first().map_or("", |line| line.text);
        found.document(Measure::Tiny, |place| place.text(head).note(format!("{chars} characters")));
    } else if chars > sizes.huge {
        let head = lines.first().map_or("", |line| line.text);
        found.document(Measure::Huge, |place| place.text(head).note(format!("{chars} characters")));
    }
}

/// The end of a line, where it was cut.
fn tail(line: &str) -> &str {
    const CHARS: usize = 60;
    line.char_indices().rev().nth(CHARS - 1).map_or(line, |(at, _)| line.get(at..).unwrap_or_default())
}
