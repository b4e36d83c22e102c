//! The second read, one block at a time and pure: languages, line rules, residues, document filters.
//!
//! What comes out is in document order inside the block and owns its block, so that [`super::settle`] can decide serially what hangs
//! on other blocks (which document stays, which copy of repeated prose stays), and [`super::render`] can write it on any
//! thread.

use std::{borrow::Cow, sync::Arc};

use xxhash_rust::xxh3::xxh3_128;

use super::{
    cleaned::{CleanBlock, CleanDocument, CleanRecord, Judgement, KeptCopy, Taken},
    document::{Decoder, Document, Encodings},
    fates::{Alikes, Facts, Found},
    fault::RecordFault,
    index::{DocumentIndex, LineCache, LineFile},
    memory::{Memories, Memory},
    notes::{BlockNotes, Notes},
    shelf::Shelf,
    survey::{page_tally, tally},
    valve::Suspended,
    verdicts::{Verdict, Verdicts},
};
use crate::{
    config::Config,
    decode::{LineNumbers, StepCounts},
    dedup::ExactIndex,
    hash::{DocumentKey, SiteKey},
    langid::{DocumentLanguage, LanguageIdentifier, LanguageVote},
    lines::{Kept, Lists, Noting, Page, PageLanguages, PageLine, Removals, Rules, Site, Weights, index::LineIndex},
    model::{DocId, Keep, Lang, LineLanguage, Reason, Result, count_words},
    read::Block,
};

/// Pages of a site from which on a line is the site's and not the page's.
const SITE_PAGES: u32 = 3;

/// Everything that the workers share: frozen.
pub struct Cleaner<'c> {
    /// Records to documents.
    pub decoder: &'c Decoder<'c>,
    surveyed: &'c Surveyed,
    memories: &'c Memories,
    rules: Rules,
    engine: Option<Box<dyn LanguageIdentifier>>,
    lang: Vec<Lang>,
    least: [(Reason, u64); 3],
    /// Are keys of texts asked for, for an index or for copies in a stream?
    keys: bool,
}

/// What the first read found, frozen.
#[derive(Debug)]
pub struct Surveyed {
    /// Who is whose copy.
    pub exact: ExactIndex,
    /// Encodings that were not plain to see.
    pub encodings: Encodings,
    /// What the second read need not find out again.
    pub notes: Notes,
    /// How often each line stands on each site's pages.
    pub index: LineIndex,
    /// Sites whose line rules the safety valve suspended.
    pub suspended: Suspended,
    /// Documents that go because one that stays is like them.
    pub alikes: Alikes,
    /// What an extra read found of lines, where there was one.
    pub verdicts: Option<Shelf>,
    /// Documents of earlier crawls.
    pub earlier: Option<Arc<DocumentIndex>>,
    /// Lines of earlier crawls, where pages are judged by them alone as they come; then no first read looked for copies either.
    pub stream: Option<LineFile>,
}

impl Surveyed {
    /// What a first read found; nothing suspended, nothing alike.
    pub fn new(exact: ExactIndex, encodings: Encodings, notes: Notes, index: LineIndex) -> Surveyed {
        let (suspended, alikes) = (Suspended::default(), Alikes::default());
        Surveyed { exact, encodings, notes, index, suspended, alikes, verdicts: None, earlier: None, stream: None }
    }

    /// What a page is judged by.
    ///
    /// # Errors
    /// Where the index of earlier crawls cannot be read.
    pub fn index_of_page(&self, page: &Page<'_>, site: Option<&str>, cache: &mut LineCache) -> Result<Cow<'_, LineIndex>> {
        Ok(match self.stream.as_ref().zip(site) {
            Some((lines, site)) => Cow::Owned(lines.index_of_page(SiteKey::of(site), page, cache)?),
            None => Cow::Borrowed(&self.index),
        })
    }
}

/// A document as a read before the last sees it.
#[derive(Debug)]
pub struct Weighed<'w> {
    /// What its fate hangs on.
    pub facts: Facts,
    /// Its id as raw JSON.
    pub raw_id: String,
    /// The document.
    pub document: &'w Document<'w>,
    /// Its language.
    pub lang: Lang,
    /// Its lines and which of them go, unless it is a copy that was not looked at.
    pub page: Option<(&'w Page<'w>, &'w Removals)>,
    /// Its site.
    pub site: Option<Site<'w>>,
}

/// A document as the line rules judge it.
#[derive(Debug)]
pub struct JudgedDocument<'j> {
    /// The document.
    pub document: &'j Document<'j>,
    /// Its lines that are not blank.
    pub page: &'j Page<'j>,
    /// Their numbers in the text as it came in.
    pub numbers: &'j LineNumbers,
    /// Which of them would go.
    pub removals: &'j Removals,
    /// Their languages; none without an engine.
    pub languages: Option<&'j [LineLanguage]>,
    /// The document's language.
    pub language: DocumentLanguage,
}

impl<'j> JudgedDocument<'j> {
    /// The lines that would go, with their texts.
    pub fn taken(&self) -> Vec<(Taken, &'j str)> {
        let texts = self.page.lines().iter().zip(self.removals).filter(|(_, removal)| removal.is_some()).map(|(line, _)| line.text);
        taken(self.page, self.removals, &[]).into_iter().zip(texts).collect()
    }
}

/// Is told of a judged document.
pub type EachJudged<'e> = &'e mut dyn FnMut(JudgedDocument<'_>);

/// What the rules see of one text.
#[derive(Debug)]
pub struct Examined {
    /// The lines that they take.
    pub removals: Removals,
    /// The languages of its lines; none without an engine.
    pub languages: Option<Vec<LineLanguage>>,
    /// Its language.
    pub language: DocumentLanguage,
}

impl<'c> Cleaner<'c> {
    /// Freezes everything that the second read needs. `allow` and `deny` are the texts of the two lists.
    ///
    /// # Errors
    /// Where the configuration names an unknown normalisation, or a file that is no model of languages.
    pub fn new(
        config: &Config,
        decoder: &'c Decoder<'c>,
        surveyed: &'c Surveyed,
        memories: &'c Memories,
        allow: &str,
        deny: &str,
        weights: Arc<Weights>,
    ) -> Result<Cleaner<'c>> {
        let engine = config.langid.open()?;
        let rules = Rules {
            margin: weights.margin(config.strength as usize),
            weights,
            site: config.keep_site,
            site_prose: config.keep_site_prose,
            corpus: config.keep_corpus,
            foreign_caption: config.keep_foreign_caption,
            document_line: config.keep_document_line,
            document_prose: config.keep_document_prose,
            no_letters: config.keep_no_letters == Keep::None,
            line_lang: Config::langs(&config.line_lang),
            lists: Lists::new(config.list_compare, allow, deny),
        };
        let least = [
            (Reason::DocumentMinChars, config.min_chars),
            (Reason::DocumentMinWords, config.min_words),
            (Reason::DocumentMinLines, config.min_lines),
        ];
        Ok(Cleaner {
            decoder,
            surveyed,
            memories,
            rules,
            engine,
            lang: Config::langs(&config.lang),
            least,
            keys: super::writes_index(config) || config.one_pass,
        })
    }

    /// Cleans a block.
    ///
    /// # Errors
    /// Where what the first read noted cannot be read.
    pub fn clean(&self, block: Block) -> Result<CleanBlock> {
        let mut out = CleanBlock::default();
        let notes = self.surveyed.notes.take(block.number)?;
        let verdicts = self.surveyed.verdicts.as_ref().map(|verdicts| verdicts.take(block.number)).transpose()?.flatten();
        let mut verdicts = verdicts.as_deref().map(Verdicts::of);
        let mut memory = self.memories.take(block.bytes);
        let mut documents = 0;
        let mut failed = None;
        self.decoder.each(&block, Some(&self.surveyed.encodings), |record| match record {
            Ok(document) => {
                let normal = notes.as_ref().is_some_and(|notes| notes.normal.get(documents));
                let noting = notes.as_ref().map_or(Noting::Nothing, |notes| Noting::Has(notes.lines.document(documents)));
                documents += 1;
                let verdict = verdicts.as_mut().and_then(Verdicts::next_document);
                match self.document(document, normal, (noting, verdict), &mut out, &mut memory) {
                    Ok(document) => out.records.push(CleanRecord::Document(Box::new(document))),
                    Err(error) => failed = Some(error),
                }
            }
            Err(unreadable) => {
                out.records.push(CleanRecord::Fault(RecordFault::of(unreadable, self.decoder, &mut out.counts)));
            }
        });
        self.memories.give_back(memory);
        if let Some(error) = failed {
            return Err(error);
        }
        if let Some(notes) = notes {
            notes.recycle();
        }
        for (step, n) in out.steps.iter() {
            if n > 0 {
                out.counts.normalized.insert(step.name(), n);
            }
        }
        out.block = block;
        Ok(out)
    }

    /// Judges all documents for a read that is not the last; what it says of lines, for the last one.
    ///
    /// # Errors
    /// Where what the first read noted cannot be read.
    pub fn weigh(&self, block: &Block, each: &mut dyn FnMut(Weighed<'_>)) -> Result<Vec<u8>> {
        let notes = self.surveyed.notes.read(block.number)?;
        let mut memory = self.memories.take(block.bytes);
        let mut steps = StepCounts::default();
        let (mut documents, mut verdicts) = (0, Vec::new());
        let mut failed = None;
        self.decoder.each(block, Some(&self.surveyed.encodings), |record| {
            let Ok(document) = record else { return };
            let normal = notes.as_ref().is_some_and(|notes| notes.normal.get(documents));
            let noting = notes.as_ref().map_or(Noting::Nothing, |notes| Noting::Has(notes.lines.document(documents)));
            documents += 1;
            let raw_id = self.decoder.raw_id(document.id, document.json.as_ref().and_then(|record| record.id));
            let copy = self.surveyed.exact.kept_for(document.id);
            let mut facts = Facts { id: document.id, copy_of: copy.map(|copy| copy.kept), found: None };
            if copy.is_some_and(|copy| copy.same_site) {
                Verdict::write(None, &mut verdicts);
                return each(Weighed { facts, raw_id, document: &document, lang: Lang::UND, page: None, site: None });
            }
            let normalizer = &self.decoder.normalizer;
            let normalized = if normal { normalizer.keep(document.text()) } else { normalizer.normalize(document.text(), &mut steps) };
            let page = Page::new(&normalized.text, &mut memory.lines, noting);
            let verdict = self.verdict(&self.surveyed.index, &page, document.site.as_deref(), &mut memory);
            Verdict::write(Some(&verdict), &mut verdicts);
            let Verdict { removals, language, .. } = verdict;
            let residue = residue(&page, &removals);
            match self.earlier(residue) {
                Ok(earlier) => facts.found = Some(Found { residue, filter: self.filter(language, &page, &removals), earlier }),
                Err(error) => failed = Some(error),
            }
            let site = document.site.as_deref().and_then(|site| Site::of(&self.surveyed.index, SiteKey::of(site)));
            each(Weighed { facts, raw_id, document: &document, lang: language.lang, page: Some((&page, &removals)), site });
        });
        self.memories.give_back(memory);
        if let Some(notes) = notes {
            notes.recycle();
        }
        if let Some(error) = failed {
            return Err(error);
        }
        Ok(verdicts)
    }

    /// Judges the documents that are wanted and nothing more; `notes` are those of the first read, where they are read for the last time.
    pub fn judged(&self, block: &Block, notes: Option<&BlockNotes>, wanted: &dyn Fn(&Document<'_>) -> bool, each: EachJudged<'_>) {
        let mut memory = self.memories.take(block.bytes);
        let mut steps = StepCounts::default();
        let mut documents = 0;
        self.decoder.each(block, Some(&self.surveyed.encodings), |record| {
            let Ok(document) = record else { return };
            let normal = notes.is_some_and(|notes| notes.normal.get(documents));
            let noting = notes.map_or(Noting::Nothing, |notes| Noting::Has(notes.lines.document(documents)));
            documents += 1;
            if !wanted(&document) {
                return;
            }
            let normalizer = &self.decoder.normalizer;
            let mut normalized = if normal { normalizer.keep(document.text()) } else { normalizer.normalize(document.text(), &mut steps) };
            let numbers = normalized.numbers();
            let page = Page::new(&normalized.text, &mut memory.lines, noting);
            let (removals, languages, language) = self.judge(&self.surveyed.index, &page, document.site.as_deref(), &mut memory);
            each(JudgedDocument {
                document: &document,
                page: &page,
                numbers: &numbers,
                removals: &removals,
                languages: languages.as_deref(),
                language,
            });
        });
        self.memories.give_back(memory);
    }

    /// The document that stays in place of this one, if it is a copy.
    pub fn copy_of(&self, document: DocId) -> Option<DocId> {
        self.surveyed.exact.kept_for(document).map(|copy| copy.kept)
    }

    /// The reason for which a document goes whatever others do: a filter, or that nothing is left of it.
    ///
    /// # Errors
    /// Where the index of earlier crawls cannot be read.
    pub fn goes_alone(&self, document: Document<'_>) -> Result<Option<Reason>> {
        let mut memory = self.memories.take(0);
        let judgement = self.document(document, false, (Noting::Nothing, None), &mut CleanBlock::default(), &mut memory)?.judgement;
        self.memories.give_back(memory);
        Ok(match judgement {
            Judgement::Judged { filter: Some(reason), .. } => Some(reason),
            Judgement::Judged { residue: None, .. } => Some(Reason::DocumentEmpty),
            _ => None,
        })
    }

    /// What the rules see of a normalised text.
    ///
    /// # Errors
    /// Where the index of earlier crawls cannot be read.
    pub fn examine(&self, page: &Page<'_>, site: Option<&str>) -> Result<Examined> {
        let mut memory = self.memories.take(0);
        let index = self.surveyed.index_of_page(page, site, &mut memory.earlier_lines)?;
        let (removals, languages, language) = self.judge(&index, page, site, &mut memory);
        self.memories.give_back(memory);
        Ok(Examined { removals, languages, language })
    }

    /// `noted` is what earlier reads found: of its lines, and what the rules say of them.
    fn document(
        &self,
        document: Document<'_>,
        normal: bool,
        noted: (Noting<'_>, Option<Verdict>),
        out: &mut CleanBlock,
        memory: &mut Memory,
    ) -> Result<CleanDocument> {
        let (noting, verdict) = noted;
        let normalizer = &self.decoder.normalizer;
        let mut normalized = if normal { normalizer.keep(document.text()) } else { normalizer.normalize(document.text(), &mut out.steps) };
        let numbers = normalized.numbers();
        let repairs = normalized.repairs();
        let text: &str = &normalized.text;
        let copy = self.surveyed.exact.kept_for(document.id);
        // A copy of a document of its own site need not be looked at: the rules would say of it what they say of the other. Nor one that goes whole.
        let is_known = copy.is_some_and(|copy| copy.same_site) || self.surveyed.alikes.contains_key(&document.id);
        // Of the first read, if it has them: then the law of conservation holds over both.
        let noted = noting.tally();
        let page = (!is_known).then(|| Page::new(text, &mut memory.lines, noting));
        let input = noted.unwrap_or_else(|| page.as_ref().map_or_else(|| tally(text), page_tally));
        out.counts.records += 1;
        out.counts.bytes += document.bytes;
        out.counts.replaced += document.replaced;
        out.counts.input.add(&input);
        *out.counts.encodings.entry((document.decision.name(), document.decision.evidence.code())).or_default() += 1;
        out.counts.without_site += u64::from(document.site.is_none());
        for (name, lines) in repairs.iter().flat_map(|repairs| repairs.iter()) {
            *out.counts.repaired.entry(name).or_default() += lines;
        }
        let parts = document.parts.clone();
        if !parts.is_empty() {
            let lines: u64 = parts.iter().map(|(first, last)| last - first + 1).sum();
            *out.counts.mixed_lines.entry(document.decision.charset.name()).or_default() += lines;
        }
        let mut language = DocumentLanguage { lang: Lang::UND, permille: 0 };
        let mut langs = Vec::new();
        let whole = page.as_ref().filter(|_| self.surveyed.stream.is_some()).and_then(|page| key_of_lines(page.lines().iter()));
        let judgement = match &page {
            None => Judgement::AsItsCopy,
            Some(page) => {
                let verdict = verdict.filter(|verdict| verdict.removals.len() == page.lines().len());
                let site = document.site.as_deref();
                let verdict = match verdict {
                    Some(verdict) => verdict,
                    None => self.verdict(&*self.surveyed.index_of_page(page, site, &mut memory.earlier_lines)?, page, site, memory),
                };
                let removals;
                Verdict { removals, langs, language } = verdict;
                let residue = residue(page, &removals);
                Judgement::Judged {
                    residue,
                    earlier: self.earlier(residue)?,
                    filter: self.filter(language, page, &removals),
                    taken: taken(page, &removals, &langs),
                }
            }
        };
        let unchanged = text == document.text();
        let owned = match normalized.text {
            Cow::Owned(text) => Ok(text),
            // What was normal is a head of what came in.
            Cow::Borrowed(text) => Err(text.len()),
        };
        let (spans, decoded) = match document.json {
            Some(record) => (Some(record.spans), record.text),
            None => (None, document.plain),
        };
        let text = owned.unwrap_or_else(|len| {
            let mut text = decoded.into_owned();
            text.truncate(len);
            text
        });
        let text_key = (self.keys && !text.is_empty()).then(|| DocumentKey::of(text.as_bytes()));
        let mut copy_of = copy.map(|copy| copy.kept);
        if let (Some(_), Some(earlier), Some(key)) = (&self.surveyed.stream, &self.surveyed.earlier, text_key) {
            copy_of = earlier.with_text(key.0)?;
        }
        Ok(CleanDocument {
            id: document.id,
            record: document.place,
            spans,
            text,
            unchanged,
            numbers,
            site: document.site.map_or_else(String::new, Cow::into_owned),
            decision: document.decision,
            parts,
            repairs,
            input,
            language,
            langs,
            copy_of,
            judgement,
            text_key,
            whole,
        })
    }

    /// The document of an earlier crawl that has a residue.
    fn earlier(&self, residue: Option<u128>) -> Result<Option<DocId>> {
        let Some((index, residue)) = self.surveyed.earlier.as_ref().zip(residue) else { return Ok(None) };
        index.with_residue(residue)
    }

    fn verdict(&self, index: &LineIndex, page: &Page<'_>, site: Option<&str>, memory: &mut Memory) -> Verdict {
        let (removals, languages, language) = self.judge(index, page, site, memory);
        Verdict { removals, langs: languages.iter().flatten().map(|line| line.lang).collect(), language }
    }

    /// The lines that go, with the languages of the lines (`None` without an engine) and of the document.
    fn judge(
        &self,
        index: &LineIndex,
        page: &Page<'_>,
        site: Option<&str>,
        memory: &mut Memory,
    ) -> (Removals, Option<Vec<LineLanguage>>, DocumentLanguage) {
        let key = site.map(SiteKey::of);
        let suspended = key.is_some_and(|key| self.surveyed.suspended.keys.binary_search(&key).is_ok());
        let site = key.filter(|_| !suspended).and_then(|key| Site::of(index, key));
        let mut removals = self.rules.furniture(page, site.as_ref());
        let (languages, language) = match &self.engine {
            None => (None, DocumentLanguage { lang: Lang::UND, permille: 0 }),
            Some(engine) => self.memories.telling_languages(|| self.languages(engine.as_ref(), page, site.as_ref(), &removals, memory)),
        };
        if !suspended {
            let page_languages = languages.as_deref().map(|lines| PageLanguages { document: language.lang, lines });
            self.rules.page(page, site.as_ref(), page_languages, &mut removals);
        }
        (removals, languages, language)
    }

    /// The languages of the page's lines and of the document: the vote of what is left.
    fn languages(
        &self,
        engine: &dyn LanguageIdentifier,
        page: &Page<'_>,
        site: Option<&Site<'_>>,
        removals: &Removals,
        memory: &mut Memory,
    ) -> (Option<Vec<LineLanguage>>, DocumentLanguage) {
        // What other pages of the site hold too says little of this one's language: it is asked where nothing else is sure.
        let (mut vote, mut own) = (LanguageVote::default(), LanguageVote::default());
        let mut lines: Vec<LineLanguage> = page
            .lines()
            .iter()
            .zip(removals)
            .map(|(line, removal)| {
                let language = *memory.languages.entry(line.hash).or_insert_with(|| engine.identify(line.text));
                if removal.is_none_or(|r| !r.reason.is_furniture()) {
                    vote.add(language.or_unknown(), line.measures.letters);
                    if site.is_none_or(|site| site.pages_of(line.key) < SITE_PAGES) {
                        own.add(language.or_unknown(), line.measures.letters);
                    }
                }
                language
            })
            .collect();
        let by_lines = |vote: &LanguageVote| Some(vote.outcome()).filter(|found| !vote.is_thin() && found.lang != Lang::ZXX);
        let by_text = || {
            let whole: Vec<_> = page.lines().iter().filter(|l| l.measures.letters > 1).take(100).map(|l| l.text).collect();
            let found = engine.identify(&whole.join(" ")).or_unknown();
            found.lang.is_known().then_some(DocumentLanguage { lang: found.lang, permille: found.permille })
        };
        let outcome = by_lines(&own).or_else(|| by_lines(&vote)).or_else(by_text).unwrap_or_else(|| vote.outcome());
        lean(engine, page, outcome.lang, &mut lines);
        (Some(lines), outcome)
    }

    /// The filter that takes the document, if one does. It looks at the residue, in which repeated prose is text.
    fn filter(&self, language: DocumentLanguage, page: &Page<'_>, removals: &Removals) -> Option<Reason> {
        if !self.lang.is_empty() && !self.lang.contains(&language.lang) {
            return Some(Reason::DocumentLanguage);
        }
        if self.least.iter().all(|(_, least)| *least == 0) {
            return None;
        }
        let found = residue_sums(page.lines().iter().zip(removals).filter(|(_, r)| r.is_none_or(|r| !r.reason.is_furniture())).map(|(line, _)| line));
        self.least.iter().zip(found).find(|((_, least), found)| found < least).map(|((reason, _), _)| *reason)
    }
}

/// Lines whose language is not sure take that of the text, or, in a text of several, of the sure lines on either side if those agree, where they may be
/// in it.
fn lean(engine: &dyn LanguageIdentifier, page: &Page<'_>, document: Lang, lines: &mut [LineLanguage]) {
    let is_sure = |language: &LineLanguage| language.lang.is_known() && language.permille >= LineLanguage::SURE;
    let mut next = None;
    let mut after: Vec<Option<Lang>> = lines
        .iter()
        .rev()
        .map(|language| {
            next = if is_sure(language) { Some(language.lang) } else { next };
            next
        })
        .collect();
    after.reverse();
    let mut before = None;
    for ((language, line), after) in lines.iter_mut().zip(page.lines()).zip(after) {
        if is_sure(language) {
            before = Some(language.lang);
        } else if language.lang != Lang::ZXX {
            let beside = match (before, after) {
                (Some(before), Some(after)) if before != after => None,
                (before, after) => before.or(after),
            };
            let mostly = Some(document).filter(|document| document.is_known()).or(beside);
            if let Some(mostly) = mostly {
                *language = engine.identify_within(line.text, mostly);
            }
        }
        *language = language.or_unknown();
    }
}

/// Key of the lines that are no furniture; `None` where there are none.
fn residue(page: &Page<'_>, removals: &Removals) -> Option<u128> {
    let stays = page.lines().iter().zip(removals).filter(|(_, r)| r.is_none_or(|r| !r.reason.is_furniture()));
    key_of_lines(stays.map(|(line, _)| line))
}

/// Key of lines, as they stand and in their order; `None` of none.
fn key_of_lines<'l, 'p: 'l>(lines: impl Iterator<Item = &'l PageLine<'p>>) -> Option<u128> {
    let mut hashes = Vec::new();
    lines.for_each(|line| hashes.extend_from_slice(&line.hash.0.to_le_bytes()));
    (!hashes.is_empty()).then(|| xxh3_128(&hashes))
}

fn taken(page: &Page<'_>, removals: &Removals, langs: &[Lang]) -> Vec<Taken> {
    let number = |j: usize| page.lines().get(j).map_or(0, |line| line.number);
    let lines = page.lines().iter().zip(removals).enumerate();
    lines
        .filter_map(|(j, (line, removal))| {
            let removal = (*removal)?;
            Some(Taken {
                line: line.number,
                chars: line.chars,
                hash: line.hash,
                key: line.key,
                lang: langs.get(j).copied().unwrap_or(Lang::UND),
                reason: removal.reason,
                copy: match removal.kept {
                    Kept::Nothing => KeptCopy::Nothing,
                    Kept::Here(first) => KeptCopy::Here(number(first)),
                    Kept::First(scope) => KeptCopy::First(scope),
                },
            })
        })
        .collect()
}

/// Characters, words and lines of what is no furniture: what the filters ask of.
pub fn residue_sums<'l, 'p: 'l>(lines: impl Iterator<Item = &'l PageLine<'p>>) -> [u64; 3] {
    lines.fold([0, 0, 0], |[chars, words, count], line| [chars + u64::from(line.chars), words + count_words(line.text), count + 1])
}
