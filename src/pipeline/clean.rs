//! The second read, one block at a time and pure: languages, line rules, document filters, output rows.
//!
//! What comes out is in document order inside the block; everything that must be decided across blocks (which
//! copy stays was decided by the survey; numbers of removed texts) is settled serially by [`super::settle`].

use std::{
    borrow::Cow,
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use hashbrown::HashMap;
use xxhash_rust::xxh3::xxh3_128;

use crate::{
    config::{Config, LangidEngine, RemovedLog},
    decode::StepCounts,
    dedup::ExactIndex,
    hash::{DocumentKey, LineHash},
    langid::{DocumentLanguage, LanguageIdentifier, LanguageVote, Whatlang},
    lines::{LineMemory, ListCompare, Lists, Page, PageLanguages, Removal, Rules},
    model::{Cause, Counts, DocId, Keep, Lang, LineLanguage, Reason, Result, SiteTally, Tally, lines},
    pipeline::{
        document::{Decoder, Document, Encodings, json_string},
        normal_texts::NormalTexts,
        survey::{add_page_line, page_tally, tally},
    },
    read::Block,
};

/// Everything that the workers share: frozen.
pub struct Cleaner<'c> {
    /// Records to documents.
    pub decoder: Decoder<'c>,
    surveyed: Surveyed,
    rules: Rules,
    engine: Option<Box<dyn LanguageIdentifier>>,
    lang: Vec<Lang>,
    least: [(Reason, u64); 3],
    removed: RemovedLog,
    /// One for each thread, while no block has it.
    memories: Memories,
}

/// Lines whose language is remembered, at most (and a page more): 10 MiB a thread.
const MOST_LANGUAGES: usize = 1 << 17;

/// What one thread remembers of lines from block to block. It saves time and changes nothing.
#[derive(Debug)]
struct Memory {
    lines: LineMemory,
    languages: HashMap<LineHash, LineLanguage>,
}

#[derive(Debug, Default)]
struct Memories(Mutex<Vec<Memory>>);

impl Memories {
    fn lock(&self) -> MutexGuard<'_, Vec<Memory>> {
        // A thread that panicked left nothing half done: a memory is pushed or popped whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What the first read found, frozen.
#[derive(Debug)]
pub struct Surveyed {
    /// Who is whose copy.
    pub exact: ExactIndex,
    /// Encodings that were not plain to see.
    pub encodings: Encodings,
    /// Texts that need no normalisation.
    pub normal: NormalTexts,
}

/// A line that went.
#[derive(Clone, Debug)]
pub struct RemovedLine {
    /// Number in the decoded input, from 1.
    pub line: u64,
    /// Number in the normalised text, from 1.
    pub at: u64,
    /// The text and why it went; `None` for a blank line that went with its neighbours.
    pub text: Option<RemovedText>,
}

/// What went.
#[derive(Clone, Debug)]
pub struct RemovedText {
    /// Why.
    pub reason: Reason,
    /// The line as it stood in the normalised text.
    pub text: String,
    /// Its language.
    pub lang: Lang,
    /// Line of the copy in this document that stays, in the decoded input.
    pub kept: Option<u64>,
    /// Hash of reason and text.
    pub key: u128,
}

/// What became of a document.
#[derive(Debug)]
pub enum Fate {
    /// It stays; its row is `row_bytes` of the block's rows.
    Stays {
        /// Bytes of the row.
        row_bytes: usize,
        /// Bytes of its text.
        text_bytes: u64,
        /// What it lost.
        removed: Vec<RemovedLine>,
    },
    /// It goes whole.
    Goes {
        /// Why.
        reason: Reason,
        /// The document that stays in its place.
        kept: Option<DocId>,
        /// The normalised text, where no kept copy has it.
        text: Option<String>,
        /// The record's other fields, as raw JSON.
        record: Option<String>,
    },
    /// It could not be read.
    Unreadable {
        /// Why.
        cause: Cause,
        /// In words.
        message: String,
        /// The row for the quarantine.
        row: Vec<u8>,
    },
}

/// A document's fate.
#[derive(Debug)]
pub struct Outcome {
    /// Its place.
    pub id: DocId,
    /// Its id as raw JSON (empty for a record that could not be read).
    pub raw_id: String,
    /// What became of it.
    pub fate: Fate,
}

/// A block's result.
#[derive(Debug, Default)]
pub struct CleanBlock {
    /// The documents in order.
    pub outcomes: Vec<Outcome>,
    /// Their rows, one after the other.
    pub rows: Vec<u8>,
    /// Sums.
    pub counts: Counts,
    /// Sums of normalisations.
    pub steps: StepCounts,
    /// Wrapping sum of the keys of the normalised texts.
    pub key_sum: u128,
    /// Sums by site.
    pub sites: HashMap<String, SiteTally>,
}

impl<'c> Cleaner<'c> {
    /// Freezes everything that the second read needs. `allow` and `deny` are the texts of the two lists.
    ///
    /// # Errors
    /// Where the configuration names an unknown normalisation.
    pub fn new(config: &'c Config, decoder: Decoder<'c>, surveyed: Surveyed, allow: &str, deny: &str) -> Result<Cleaner<'c>> {
        let compare: ListCompare = config.list_compare;
        let engine: Option<Box<dyn LanguageIdentifier>> = match config.langid {
            LangidEngine::Whatlang => Some(Box::new(Whatlang)),
            LangidEngine::None => None,
        };
        let rules = Rules {
            foreign_caption: config.keep_foreign_caption,
            document_line: config.keep_document_line,
            document_prose: config.keep_document_prose,
            no_letters: config.keep_no_letters == Keep::None,
            line_lang: Config::langs(&config.line_lang),
            lists: Lists::new(compare, allow, deny),
        };
        let least = [
            (Reason::DocumentMinChars, config.min_chars),
            (Reason::DocumentMinWords, config.min_words),
            (Reason::DocumentMinLines, config.min_lines),
        ];
        Ok(Cleaner {
            decoder,
            surveyed,
            rules,
            engine,
            lang: Config::langs(&config.lang),
            least,
            removed: config.removed,
            memories: Memories::default(),
        })
    }

    /// Cleans a block.
    pub fn clean(&self, block: &Block) -> CleanBlock {
        let mut out = CleanBlock::default();
        let remembered = self.memories.lock().pop();
        let mut memory = remembered.unwrap_or_else(|| Memory { lines: LineMemory::for_bytes(block.bytes), languages: HashMap::new() });
        let normal = self.surveyed.normal.block(block.number);
        let mut documents = 0;
        self.decoder.each(block, Some(&self.surveyed.encodings), |record| match record {
            Ok(document) => {
                let normal = normal.is_some_and(|bits| bits.get(documents));
                documents += 1;
                self.document(document, normal, &mut out, &mut memory);
            }
            Err(unreadable) => {
                let mut row = Vec::new();
                let source = self.decoder.source_name(unreadable.id.source);
                let (cause, message) = (unreadable.cause, unreadable.message);
                crate::write::quarantine_row(source, unreadable.id.position, cause, &message, unreadable.part, unreadable.bytes, &mut row);
                out.counts.bytes += unreadable.bytes.len() as u64;
                if unreadable.part.is_none_or(|(part, _)| part == 0) {
                    out.counts.records += 1;
                    *out.counts.quarantined.entry(cause).or_default() += 1;
                }
                out.outcomes.push(Outcome { id: unreadable.id, raw_id: String::new(), fate: Fate::Unreadable { cause, message, row } });
            }
        });
        self.memories.lock().push(memory);
        for (step, n) in out.steps.iter() {
            if n > 0 {
                out.counts.normalized.insert(step.name(), n);
            }
        }
        out
    }

    fn document(&self, document: Document<'_>, normal: bool, out: &mut CleanBlock, memory: &mut Memory) {
        let normalizer = &self.decoder.normalizer;
        let normalized = if normal { normalizer.keep(document.text()) } else { normalizer.normalize(document.text(), &mut out.steps) };
        let text: &str = &normalized.text;
        out.key_sum = out.key_sum.wrapping_add(DocumentKey::of(text.as_bytes()).0);
        let copy_of = self.surveyed.exact.kept_for(document.id);
        let filters = !self.lang.is_empty() || self.least.iter().any(|(_, least)| *least > 0);
        // A copy that no filter can take goes whole, so nothing of it need be looked at.
        let page = (copy_of.is_none() || filters).then(|| Page::new(text, &mut memory.lines));
        let input = match &page {
            Some(page) => page_tally(page),
            None => tally(text),
        };
        out.counts.records += 1;
        out.counts.bytes += document.bytes;
        out.counts.replaced += document.replaced;
        out.counts.input.add(&input);
        *out.counts.encodings.entry((document.encoding, document.evidence.code())).or_default() += 1;
        match document.site.as_deref() {
            Some(site) => out.sites.entry_ref(site).or_default().input.add(&input),
            None => out.counts.without_site += 1,
        }
        let Some(page) = page else {
            self.goes(&document, Reason::DocumentExact, copy_of, &input, text, out);
            return;
        };
        let (languages, language) = self.languages(&page, memory);
        let page_languages = languages.as_deref().map(|lines| PageLanguages { document: language.lang, lines });
        let removals = self.rules.judge(&page, page_languages);
        if let Some(reason) = self.filtered(language, &page, &removals) {
            self.goes(&document, reason, None, &input, text, out);
            return;
        }
        if let Some(kept) = copy_of {
            self.goes(&document, Reason::DocumentExact, Some(kept), &input, text, out);
            return;
        }
        let line_number = |line: usize| normalized.line_number(line);
        let stays = Washed::new(text, &page, &removals, languages.as_deref(), &line_number);
        for (reason, lost) in &stays.lost {
            out.counts.removed_lines.entry(*reason).or_default().add(lost);
        }
        let output = match &stays.text {
            Cow::Borrowed(_) => input,
            Cow::Owned(text) => tally(text),
        };
        out.counts.output.add(&output);
        if let Some(site) = document.site.as_deref() {
            out.sites.entry_ref(site).or_default().output.add(&output);
        }
        *out.counts.document_languages.entry(language.lang).or_default() += 1;
        for lang in &stays.line_langs {
            *out.counts.line_languages.entry(*lang).or_default() += 1;
        }
        let start = out.rows.len();
        self.row(&document, &stays, language, &input, &mut out.rows);
        out.outcomes.push(Outcome {
            id: document.id,
            raw_id: self.decoder.raw_id(&document),
            fate: Fate::Stays { row_bytes: out.rows.len() - start, text_bytes: stays.text.len() as u64, removed: stays.removed },
        });
    }

    /// The languages of the page's lines (`None` without an engine) and of the document.
    fn languages(&self, page: &Page<'_>, memory: &mut Memory) -> (Option<Vec<LineLanguage>>, DocumentLanguage) {
        let Some(engine) = &self.engine else { return (None, DocumentLanguage { lang: Lang::UND, permille: 0 }) };
        if memory.languages.len() > MOST_LANGUAGES {
            memory.languages.clear();
        }
        let mut vote = LanguageVote::default();
        let lines: Vec<LineLanguage> = page
            .lines()
            .iter()
            .map(|line| {
                let language = *memory.languages.entry(line.hash).or_insert_with(|| engine.identify(line.text));
                if !self.rules.denies(line) {
                    vote.add(language, line.measures.letters);
                }
                language
            })
            .collect();
        let mut outcome = vote.outcome();
        if vote.is_thin() {
            let whole: Vec<_> = page.lines().iter().filter(|l| l.measures.letters > 1).take(100).map(|l| l.text).collect();
            let language = engine.identify(&whole.join(" "));
            if language.lang.is_known() {
                outcome = DocumentLanguage { lang: language.lang, permille: language.permille };
            }
        }
        (Some(lines), outcome)
    }

    /// The filter that takes the document, if one does. Second copies of prose still count as text.
    fn filtered(&self, language: DocumentLanguage, page: &Page<'_>, removals: &[Option<Removal>]) -> Option<Reason> {
        if !self.lang.is_empty() && !self.lang.contains(&language.lang) {
            return Some(Reason::DocumentLanguage);
        }
        if self.least.iter().all(|(_, least)| *least == 0) {
            return None;
        }
        let (mut chars, mut words, mut lines) = (0, 0, 0);
        for (line, removal) in page.lines().iter().zip(removals) {
            if removal.is_none_or(|r| r.reason == Reason::LineDocumentProse) {
                chars += line.text.chars().count() as u64;
                words += count_words(line.text);
                lines += 1;
            }
        }
        let found = [chars, words, lines];
        self.least.iter().zip(found).find(|((_, least), found)| found < least).map(|((reason, _), _)| *reason)
    }

    fn goes(&self, document: &Document<'_>, reason: Reason, kept: Option<DocId>, input: &Tally, text: &str, out: &mut CleanBlock) {
        out.counts.removed_documents.entry(reason).or_default().add(input);
        let full = self.removed == RemovedLog::Full;
        let record = document.json.as_ref().filter(|_| full).map(|(record, line)| {
            let mut bytes = Vec::new();
            record.rewrite(line, Some(""), None, "", &mut bytes);
            String::from_utf8_lossy(&bytes).trim_end().to_owned()
        });
        out.outcomes.push(Outcome {
            id: document.id,
            raw_id: self.decoder.raw_id(document),
            fate: Fate::Goes { reason, kept, text: (full && kept.is_none()).then(|| text.to_owned()), record },
        });
    }

    /// The clean document's row.
    fn row(&self, document: &Document<'_>, washed: &Washed<'_>, language: DocumentLanguage, input: &Tally, rows: &mut Vec<u8>) {
        let lines_removed: u64 = washed.lost.values().map(|t| t.lines).sum();
        let chars_removed: u64 = washed.lost.values().map(|t| t.chars).sum();
        let mut line_langs = String::new();
        for lang in &washed.line_langs {
            if !line_langs.is_empty() {
                line_langs.push(',');
            }
            line_langs.push('"');
            line_langs.push_str(lang.as_str());
            line_langs.push('"');
        }
        let tail = format!(
            "\"buddle\":{{\"lang\":\"{}\",\"lang_score\":{},\"line_langs\":[{line_langs}],\"site\":{},\"encoding\":\"{}\",\"encoding_by\":\"{}\",\
             \"lines_in\":{},\"lines_removed\":{lines_removed},\"chars_in\":{},\"chars_removed\":{chars_removed},\"source\":{},\"position\":{}}}",
            language.lang,
            decimal(language.permille),
            json_string(document.site.as_deref().unwrap_or("")),
            document.encoding,
            document.evidence.code(),
            input.lines,
            input.chars,
            json_string(self.decoder.source_name(document.id.source)),
            document.id.position,
        );
        match &document.json {
            Some((record, line)) => {
                let made = record.id.is_none().then(|| json_string(&self.decoder.made_id(document.id)));
                record.rewrite(line, Some(&washed.text), made.as_deref(), &tail, rows);
            }
            None => {
                let row = format!("{{\"id\":{},\"text\":{},{tail}}}", json_string(&self.decoder.made_id(document.id)), json_string(&washed.text));
                rows.extend_from_slice(row.as_bytes());
            }
        }
        if rows.last() != Some(&b'\n') {
            rows.push(b'\n');
        }
    }
}

/// A document without the lines that went.
struct Washed<'a> {
    text: Cow<'a, str>,
    /// Of each line of `text`; empty without an engine.
    line_langs: Vec<Lang>,
    removed: Vec<RemovedLine>,
    lost: BTreeMap<Reason, Tally>,
}

impl<'a> Washed<'a> {
    fn new(
        text: &'a str,
        page: &Page<'a>,
        removals: &[Option<Removal>],
        languages: Option<&[LineLanguage]>,
        line_number: &dyn Fn(usize) -> u64,
    ) -> Washed<'a> {
        let lang_of = |j: usize| languages.and_then(|l| l.get(j)).map_or(Lang::UND, |l| l.lang);
        let mut washed = Washed { text: Cow::Borrowed(text), line_langs: Vec::new(), removed: Vec::new(), lost: BTreeMap::new() };
        let loses = removals.iter().any(Option::is_some);
        if text.is_empty() || !loses && languages.is_none() {
            return washed;
        }
        let mut out = String::new();
        let mut any = false;
        // The blank line that waits for a line to part from the one before.
        let mut blank: Option<u64> = None;
        let mut j = 0;
        for (number, line) in lines(text).enumerate() {
            let at = number as u64 + 1;
            let here = page.lines().get(j).filter(|l| l.number == number);
            let Some(here) = here else {
                if loses && (!any || blank.is_some()) {
                    washed.removed.push(RemovedLine { line: line_number(number), at, text: None });
                } else if loses {
                    blank = Some(at);
                } else {
                    washed.line_langs.push(Lang::ZXX);
                }
                continue;
            };
            let removal = removals.get(j).copied().flatten();
            let lang = lang_of(j);
            j += 1;
            if let Some(removal) = removal {
                let mut lost = Tally::default();
                add_page_line(&mut lost, here);
                washed.lost.entry(removal.reason).or_default().add(&lost);
                let mut keyed = removal.reason.code().as_bytes().to_vec();
                keyed.push(0);
                keyed.extend_from_slice(here.text.as_bytes());
                washed.removed.push(RemovedLine {
                    line: line_number(number),
                    at,
                    text: Some(RemovedText {
                        reason: removal.reason,
                        text: line.to_owned(),
                        lang,
                        kept: removal.kept.and_then(|k| page.lines().get(k)).map(|l| line_number(l.number)),
                        key: xxh3_128(&keyed),
                    }),
                });
            } else {
                if blank.take().is_some() {
                    out.push('\n');
                    washed.line_langs.push(Lang::ZXX);
                }
                if loses {
                    if any {
                        out.push('\n');
                    }
                    out.push_str(line);
                }
                any = true;
                washed.line_langs.push(lang);
            }
        }
        if let Some(at) = blank {
            // It was the last before the lines that went at the tail.
            let line = line_number(usize::try_from(at - 1).unwrap_or(usize::MAX));
            washed.removed.push(RemovedLine { line, at, text: None });
            washed.removed.sort_by_key(|r| r.at);
        }
        if loses {
            washed.text = Cow::Owned(out);
        }
        if languages.is_none() {
            washed.line_langs.clear();
        }
        let documents = u64::from(loses);
        washed.lost.values_mut().for_each(|t| t.documents = documents);
        washed
    }
}

/// Thousandths as a decimal fraction, always with a point.
fn decimal(permille: u16) -> String {
    let text = format!("{}.{:03}", permille / 1000, permille % 1000);
    let trimmed = text.trim_end_matches('0');
    if trimmed.ends_with('.') { format!("{trimmed}0") } else { trimmed.to_owned() }
}

/// Words as a reader counts them: between spaces, and each Han or kana character by itself.
fn count_words(line: &str) -> u64 {
    let wide = |c: char| matches!(u32::from(c), 0x3040..=0x30FF | 0x3400..=0x9FFF | 0xF900..=0xFAFF | 0x2_0000..=0x3_FFFF);
    line.split_whitespace()
        .map(|word| {
            let n = word.chars().filter(|c| wide(*c)).count() as u64;
            n + u64::from(word.chars().any(|c| c.is_alphanumeric() && !wide(c)))
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_and_words() {
        assert_eq!([0, 980, 1000, 5, 123].map(decimal), ["0.0", "0.98", "1.0", "0.005", "0.123"]);
        assert_eq!(count_words("two words — 東京 and x-ray"), 6);
    }
}
