//! The first read: what the second needs to know of the whole corpus before it judges a line of it.
//!
//! The keys of exact duplicates, the lines of the sites, the encodings that were hard to tell, and notes for the second read.
//! A builder for each block, taken in in any order, frozen once. What grows with the input is sorted and goes to
//! disk where memory has no room for it ([`Sorter`]); 64 bytes a site stay in memory, and what repeats.

use rayon::ThreadPool;

use super::{
    StopFlag,
    cleaned::Taken,
    document::{Decoder, Document, Encodings, Unreadable},
    index::DocumentIndex,
    memory::{Memories, Room},
    notes::{BlockNotes, Notes},
    sorter::Sorter,
    temporary::Temporary,
};
use crate::{
    config::Config,
    decode::{LineNumbers, StepCounts},
    dedup::{CopyFinder, CopyOf, ExactIndex, KeepDocument, KeyedDocument},
    hash::{DocumentKey, LineHash, Parted, SiteKey},
    lines::{
        NoteTaker, Noting, Page,
        index::{IndexBuilder, LineCounter, LineFilters, LineIndex, MetLines, PageCounter, SitePage, SiteTotals, Tuple},
    },
    model::{Bits, DocId, EncodingEvidence, Result, Tally, lines},
    read::Block,
};

/// What a block adds to the survey.
#[derive(Debug)]
pub struct SurveyedBlock {
    /// Number of the block.
    number: usize,
    /// Its records, quarantined ones included.
    pub records: u64,
    encodings: Encodings,
    notes: BlockNotes,
    documents: Parted<KeyedDocument>,
    /// Copies of documents of earlier crawls, or why those could not be read.
    copies: Result<Vec<(DocId, CopyOf)>>,
    tuples: Parted<Tuple>,
    pages: Parted<SitePage>,
    totals: SiteTotals,
}

/// What a survey is for.
#[derive(Clone, Copy, Debug)]
pub struct Purpose<'p> {
    /// Exact duplicates are to be found.
    pub copies: bool,
    /// Documents are to be compared by their characters.
    pub lengths: bool,
    /// Lines are to be judged by what it finds.
    pub lines: bool,
    /// The lines of documents without a site are to be looked at too.
    pub all_lines: bool,
    /// Documents of earlier crawls, whose copies are found at once.
    pub earlier: Option<&'p DocumentIndex>,
}

/// A record as the survey saw it.
#[derive(Debug)]
pub enum SurveyedRecord<'r> {
    /// A document.
    Document {
        /// The document.
        document: &'r Document<'r>,
        /// Had its text nothing to be normalised?
        was_normal: bool,
        /// Its lines, where they were looked at.
        page: Option<&'r Page<'r>>,
        /// Their numbers in the text as it came in.
        numbers: LineNumbers,
    },
    /// One that could not be read.
    Unreadable(&'r Unreadable<'r>),
}

impl<'p> Purpose<'p> {
    /// The survey of a run, which may have an index of lines already.
    pub fn of(config: &Config, has_index: bool, earlier: Option<&'p DocumentIndex>) -> Purpose<'p> {
        let keep = config.keep_document;
        Purpose { copies: keep != KeepDocument::All, lengths: keep == KeepDocument::Longest, lines: !has_index, all_lines: false, earlier }
    }
}

impl SurveyedBlock {
    /// Surveys a block; `each` sees every record.
    pub fn of(
        block: &Block,
        decoder: &Decoder<'_>,
        memories: &Memories,
        purpose: Purpose<'_>,
        each: &mut dyn FnMut(SurveyedRecord<'_>),
    ) -> SurveyedBlock {
        let mut memory = memories.take(block.bytes);
        let mut counts = StepCounts::default();
        let mut normal = Bits::default();
        let mut notes = NoteTaker::of_block(block.number);
        let mut records = 0;
        let mut encodings = Encodings::default();
        let mut documents = Vec::new();
        let mut copies = Ok(Vec::new());
        let mut builder = IndexBuilder::default();
        decoder.each(block, None, |record| match record {
            Ok(document) => {
                records += 1;
                if !matches!(document.decision.evidence, EncodingEvidence::Valid | EncodingEvidence::Bom) {
                    encodings.insert(document.id, document.decision);
                }
                let mut normalized = decoder.normalizer.normalize(document.text(), &mut counts);
                let (was_normal, numbers) = (normalized.was_normal(), normalized.numbers());
                normal.push(was_normal);
                notes.begin_document();
                let mut page = None;
                if !normalized.text.is_empty() {
                    let site = SiteKey::of(document.site.as_deref().unwrap_or_default());
                    if purpose.copies {
                        let key = DocumentKey::of(normalized.text.as_bytes());
                        let chars = if purpose.lengths { document.text().chars().count() as u64 } else { 0 };
                        match (purpose.earlier.map_or(Ok(None), |index| index.with_text(key.0)), &mut copies) {
                            (Ok(None), _) => documents.push(KeyedDocument { key, document: document.id, chars, site }),
                            (Ok(Some(kept)), Ok(copies)) => copies.push((document.id, CopyOf { kept, same_site: true })),
                            (Err(error), _) => copies = Err(error),
                            (_, Err(_)) => {}
                        }
                    }
                    let is_counted = document.site.is_some() && purpose.lines;
                    if is_counted || purpose.all_lines {
                        let lines = Page::new(&normalized.text, &mut memory.lines, Noting::Takes(&mut notes));
                        notes.tally(page_tally(&lines));
                        if is_counted {
                            builder.add(site, &lines);
                        }
                        page = Some(lines);
                    }
                }
                each(SurveyedRecord::Document { document: &document, was_normal, page: page.as_ref(), numbers });
            }
            Err(unreadable) => {
                records += u64::from(unreadable.part.is_none_or(|(part, _)| part == 0));
                each(SurveyedRecord::Unreadable(&unreadable));
            }
        });
        memories.give_back(memory);
        let IndexBuilder { tuples, pages, totals } = builder;
        SurveyedBlock {
            number: block.number,
            records,
            encodings,
            notes: BlockNotes { normal, lines: notes.finish() },
            documents: Parted::of(&documents),
            copies,
            tuples: Parted::of(&tuples),
            pages: Parted::of(&pages),
            totals,
        }
    }
}

/// What all blocks come to, taken in in any order.
#[derive(Debug)]
pub struct Survey<'s> {
    pool: &'s ThreadPool,
    temporary: &'s Temporary,
    room: Room,
    /// Encodings that were not plain to see.
    pub encodings: Encodings,
    /// What the second read need not find out again.
    pub notes: Notes,
    /// Records, quarantined ones included.
    pub records: u64,
    /// Bytes that went to temporary files.
    pub spilled: u64,
    documents: Sorter<KeyedDocument>,
    copies: Vec<(DocId, CopyOf)>,
    tuples: Sorter<Tuple>,
    pages: Sorter<SitePage>,
    totals: SiteTotals,
}

impl<'s> Survey<'s> {
    /// Nothing yet.
    pub fn new(pool: &'s ThreadPool, temporary: &'s Temporary, room: Room) -> Survey<'s> {
        Survey {
            pool,
            temporary,
            room,
            encodings: Encodings::default(),
            notes: Notes::new(temporary, room.notes()),
            records: 0,
            spilled: 0,
            documents: Sorter::new(),
            copies: Vec::new(),
            tuples: Sorter::new(),
            pages: Sorter::new(),
            totals: SiteTotals::default(),
        }
    }

    /// Takes a block in; where memory has no room for more, most of what it holds goes to disk.
    ///
    /// # Errors
    /// Where temporary files cannot be written.
    pub fn take(&mut self, block: SurveyedBlock) -> Result<()> {
        self.encodings.extend(block.encodings);
        self.notes.add(block.number, block.notes)?;
        self.records += block.records;
        self.copies.append(&mut block.copies?);
        self.totals.merge(block.totals);
        self.documents.push(block.documents);
        self.tuples.push(block.tuples);
        self.pages.push(block.pages);
        let [documents, tuples, pages] = [self.documents.held(), self.tuples.held(), self.pages.held()];
        if documents + tuples + pages > self.room.records() {
            self.spilled += if tuples >= documents.max(pages) {
                self.tuples.spill(self.pool, self.temporary)?
            } else if documents >= pages {
                self.documents.spill(self.pool, self.temporary)?
            } else {
                self.pages.spill(self.pool, self.temporary)?
            };
        }
        Ok(())
    }

    /// The copies among the documents, the lines of the sites, and those of them that an earlier crawl may hold.
    ///
    /// # Errors
    /// Where temporary files cannot be read; interrupted.
    pub fn freeze(&mut self, keep: KeepDocument, earlier: Option<&LineFilters>, stop: &StopFlag) -> Result<(ExactIndex, LineIndex, MetLines)> {
        let (pool, temporary, room) = (self.pool, self.temporary, self.room.buffers());
        let documents = std::mem::replace(&mut self.documents, Sorter::new());
        let copies = documents.fold(pool, room, temporary, stop, || CopyFinder::new(keep), CopyFinder::push)?;
        let of_earlier = std::iter::once(std::mem::take(&mut self.copies));
        let exact = ExactIndex::of_parts(copies.into_iter().map(CopyFinder::finish).chain(of_earlier).collect());
        let pages = std::mem::replace(&mut self.pages, Sorter::new()).fold(pool, room, temporary, stop, PageCounter::default, PageCounter::push)?;
        let sites = std::mem::take(&mut self.totals).with_pages(pages.into_iter().flat_map(PageCounter::finish));
        let tuples = std::mem::replace(&mut self.tuples, Sorter::new());
        let lines = tuples.fold(pool, room, temporary, stop, || LineCounter::new(&sites, earlier), LineCounter::push)?;
        let mut lines: Vec<_> = lines.into_iter().map(LineCounter::finish).collect();
        let mut met = MetLines::default();
        lines.iter_mut().for_each(|part| met.append(std::mem::take(&mut part.met)));
        Ok((exact, LineIndex::of_parts(sites, lines), met))
    }
}

/// The sums of one document's text.
pub fn tally(text: &str) -> Tally {
    let mut tally = Tally { documents: 1, ..Tally::default() };
    lines(text).for_each(|line| add_line(&mut tally, line));
    tally
}

/// The same sums, of a text that is split already.
pub fn page_tally(page: &Page<'_>) -> Tally {
    let mut tally = Tally { documents: 1, ..Tally::default() };
    page.lines().iter().for_each(|line| add(&mut tally, line.chars, line.hash));
    tally
}

/// Adds a line that a rule takes to the sums.
pub fn add_taken(tally: &mut Tally, taken: &Taken) {
    add(tally, taken.chars, taken.hash);
}

fn add(tally: &mut Tally, chars: u32, hash: LineHash) {
    tally.lines += 1;
    tally.chars += u64::from(chars);
    tally.line_sum = tally.line_sum.wrapping_add(hash.half());
}

/// Adds a line to the sums, unless it is blank.
fn add_line(tally: &mut Tally, line: &str) {
    if !line.bytes().all(|b| b == b' ' || b == b'\t') {
        add(tally, u32::try_from(line.chars().count()).unwrap_or(u32::MAX), LineHash::of(line.as_bytes()));
    }
}
