//! What must be known of a record of one run to compare it with that of the other: some 80 bytes, no text.

use hashbrown::HashMap;
use xxhash_rust::xxh3::{xxh3_64, xxh3_128};

use crate::{
    model::{Error, Result},
    pipeline::{
        rows::{each_row, files_under, parse_row},
        washed::{LogKind, WashedFolder, WashedRecord, WashedRecords, numbered},
    },
    report::diff::{ABSENT, STAYS, UNKNOWN},
    write::RemovedLineText,
};

/// What became of a document or a line: the number of its name.
pub type Code = u8;

/// In the output.
pub const STAYS_CODE: Code = 0;
/// Not in the input.
pub const ABSENT_CODE: Code = 1;
/// Not in the output, for a reason that is not known.
pub const UNKNOWN_CODE: Code = 2;

/// Names of reasons, causes and sites by number.
#[derive(Debug)]
pub struct Codes {
    names: Vec<String>,
    sites: HashMap<Box<str>, u32>,
}

impl Codes {
    /// The three words, and no site.
    pub fn new() -> Codes {
        Codes { names: [STAYS, ABSENT, UNKNOWN].map(str::to_owned).into(), sites: HashMap::from_iter([("".into(), 0)]) }
    }

    /// The number of a name; names that there are too many of are not known.
    fn of(&mut self, name: &str) -> Code {
        if let Some(at) = self.names.iter().position(|known| known == name) {
            return u8::try_from(at).unwrap_or(UNKNOWN_CODE);
        }
        let at = self.names.len();
        match u8::try_from(at) {
            Ok(code) => {
                self.names.push(name.to_owned());
                code
            }
            Err(_) => UNKNOWN_CODE,
        }
    }

    /// The name of a number.
    pub fn name(&self, code: Code) -> &str {
        self.names.get(usize::from(code)).map_or(UNKNOWN, String::as_str)
    }

    fn site(&mut self, site: &str) -> u32 {
        if let Some(known) = self.sites.get(site) {
            return *known;
        }
        let next = u32::try_from(self.sites.len()).unwrap_or(u32::MAX);
        self.sites.insert(site.into(), next);
        next
    }

    /// The sites with their numbers.
    pub fn sites(&self) -> impl Iterator<Item = (&str, u32)> {
        self.sites.iter().map(|(site, number)| (&**site, *number))
    }
}

/// A line that went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gone {
    /// Its number in the decoded input.
    pub line: u32,
    /// The number of its text.
    pub text: u32,
}

/// A record of one run.
#[derive(Debug)]
pub struct Seen {
    /// Number of its source.
    pub source: usize,
    /// Its number there.
    pub position: u64,
    /// Hash of its id; nothing where no document is matched by id, and for a record that could not be read.
    pub id: Option<u128>,
    /// What became of it.
    pub fate: Code,
    /// Its site, where it stays.
    pub site: u32,
    /// Lines that it had.
    pub lines_in: u64,
    /// Lines that it lost.
    pub lost: u64,
    /// Hash of the text in the output.
    pub output: u64,
    /// Digest of the text before lines went; none where it is not known.
    pub input: Option<u64>,
    /// The lines that it lost, where the log holds them, but for blank ones.
    pub gone: Box<[Gone]>,
}

/// A folder read for what is compared.
#[derive(Debug)]
pub struct Reading<'f> {
    folder: &'f WashedFolder,
    /// Of each removed text the reason.
    reasons: Vec<Code>,
    /// Of each removed text a hash; empty where it is not asked for or not known.
    hashes: Vec<u64>,
    by_id: bool,
}

impl<'f> Reading<'f> {
    /// Reads the reasons of the texts that went; with their hashes if documents are matched `by_id`.
    ///
    /// # Errors
    /// A damaged removed log.
    pub fn new(folder: &'f WashedFolder, codes: &mut Codes, by_id: bool) -> Result<Reading<'f>> {
        let (mut reasons, mut hashes) = (Vec::new(), Vec::new());
        let hashed = by_id && folder.log == LogKind::Full;
        let files = files_under(&folder.path, &folder.manifest, "removed/lines");
        let rows: u64 = folder.manifest.outputs.iter().filter(|file| file.path.starts_with("removed/lines")).map(|file| file.rows).sum();
        each_row(&files, |name, row| {
            let text: RemovedLineText = parse_row(name, row)?;
            let at = usize::try_from(text.r#ref).ok().filter(|_| text.r#ref <= rows && text.r#ref < u64::from(u32::MAX));
            let at = at.ok_or_else(|| Error::corrupt(format!("there are {rows} removed texts, but one has the number {}", text.r#ref)).at(name))?;
            if reasons.len() <= at {
                reasons.resize(at + 1, UNKNOWN_CODE);
            }
            if let Some(slot) = reasons.get_mut(at) {
                *slot = codes.of(&text.reason);
            }
            if hashed {
                hashes.resize(hashes.len().max(at + 1), 0);
                if let Some(slot) = hashes.get_mut(at) {
                    *slot = xxh3_64(text.text.as_bytes());
                }
            }
            Ok(())
        })?;
        Ok(Reading { folder, reasons, hashes, by_id })
    }

    /// The reason of a removed text.
    pub fn reason(&self, text: u32) -> Code {
        self.reasons.get(text as usize).copied().unwrap_or(UNKNOWN_CODE)
    }

    /// Its records in the order of the input.
    pub fn records(&self) -> SeenRecords<'_> {
        SeenRecords { reading: self, records: self.folder.records() }
    }
}

/// Gives the records of one run in the order of its input.
pub struct SeenRecords<'r> {
    reading: &'r Reading<'r>,
    records: WashedRecords<'r>,
}

impl SeenRecords<'_> {
    /// The next one.
    ///
    /// # Errors
    /// What is damaged.
    pub fn next(&mut self, codes: &mut Codes) -> Result<Option<Seen>> {
        let Some(((source, position), record)) = self.records.next()? else { return Ok(None) };
        let id = record.id().filter(|_| self.reading.by_id).map(|id| xxh3_128(id.get().as_bytes()));
        let mut seen = Seen { source, position, id, fate: STAYS_CODE, site: 0, lines_in: 0, lost: 0, output: 0, input: None, gone: Box::default() };
        match &record {
            WashedRecord::Went(document) => seen.fate = codes.of(&document.reason),
            WashedRecord::Unread(row) => seen.fate = codes.of(&row.cause),
            WashedRecord::Stays(document) => {
                seen.site = codes.site(&document.made.site);
                seen.lines_in = document.made.lines_in;
                seen.lost = document.made.lines_removed;
                seen.output = xxh3_64(document.text.as_bytes());
                let lost = document.lost.as_ref().map_or(&[][..], |lost| &lost.lines);
                let gone = lost.iter().filter_map(|line| {
                    let text = u32::try_from(line.r#ref?).unwrap_or(u32::MAX);
                    Some(Gone { line: u32::try_from(line.line).unwrap_or(u32::MAX), text })
                });
                seen.gone = gone.collect();
                if seen.gone.len() as u64 != seen.lost && self.reading.folder.log != LogKind::None {
                    let what = format!("document {} lost {} lines, but the removed log has {}", document.id.get(), seen.lost, seen.gone.len());
                    return Err(Error::corrupt(what).at(self.reading.folder.path.display()));
                }
                if self.reading.by_id && self.reading.folder.log == LogKind::Full {
                    let stays = numbered(document).filter(|(_, line)| !line.trim().is_empty()).map(|(at, line)| (at, xxh3_64(line.as_bytes())));
                    let hash = |text: u64| usize::try_from(text).ok().and_then(|at| self.reading.hashes.get(at)).copied().unwrap_or(0);
                    let went = lost.iter().filter_map(|line| Some((line.at, hash(line.r#ref?))));
                    seen.input = Some(stays.chain(went).fold(0, |sum: u64, (at, hash)| sum.wrapping_add(mixed(hash, at))));
                }
            }
        }
        Ok(Some(seen))
    }
}

/// A hash of a line and its number, of which a sum says all lines in their order.
fn mixed(hash: u64, at: u64) -> u64 {
    let both = hash ^ at.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (both ^ (both >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9)
}
