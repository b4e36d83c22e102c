//! The lines that a model is made of: drawn from collected texts by language and kind, cut short as lines of pages are.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    error::Error,
    fs,
    path::Path,
};

use buddle::langid::{
    feature::{Key, THIN, features, is_thin},
    words::Words,
    writing::Writing,
};

/// Lines drawn of each kind of text.
#[derive(Clone, Copy)]
struct Share {
    running: usize,
    old: usize,
    interface: usize,
    words: usize,
    pairs: usize,
}

/// How many lines a language gives, by how much of the web is in it.
fn share(tier: u8) -> Share {
    match tier {
        0 => Share { running: 120_000, old: 6_000, interface: 60_000, words: 40_000, pairs: 40_000 },
        1 => Share { running: 40_000, old: 6_000, interface: 30_000, words: 25_000, pairs: 25_000 },
        2 => Share { running: 16_000, old: 5_000, interface: 16_000, words: 12_000, pairs: 12_000 },
        _ => Share { running: 8_000, old: 4_000, interface: 8_000, words: 6_000, pairs: 6_000 },
    }
}

/// Lines of each kind from each language that the model does not know: together they are the class of unknown languages.
const UNKNOWN: Share = Share { running: 2_500, old: 1_200, interface: 2_500, words: 600, pairs: 600 };

/// The name of that class.
const UND: &str = "und";

/// Fewest lines in a writing for which a language is one of that writing's.
const FEWEST: usize = 250;

/// Fewest lines that a feature stands in.
const FEWEST_LINES: u32 = 3;

/// A line.
pub struct Line {
    pub writing: u8,
    /// The number of its language in its writing.
    pub language: u8,
    /// What a feature weighs in it.
    pub scale: f32,
    /// Its features, by their numbers; unknown ones are left out.
    pub features: Box<[u32]>,
}

/// A feature.
pub struct Feature {
    pub key: Key,
    pub writing: u8,
    pub lines: u32,
}

/// All that a model is made of.
pub struct Corpus {
    /// The languages of each writing, as tags.
    pub classes: Vec<Vec<String>>,
    pub lines: Vec<Line>,
    pub features: Vec<Feature>,
}

/// SplitMix64 (Steele, Lea, Flood 2014).
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ self.0 >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ z >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ z >> 31
    }

    pub fn below(&mut self, n: usize) -> usize {
        ((u128::from(self.next()) * n as u128) >> 64) as usize
    }

    fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            items.swap(i, self.below(i + 1));
        }
    }
}

struct Known {
    tag: String,
    tier: u8,
}

impl Corpus {
    pub fn read(texts: &Path, languages: &Path) -> Result<Corpus, Box<dyn Error>> {
        let known = known(languages)?;
        let drawn = draw(texts, &known)?;
        Ok(Corpus::of(drawn))
    }

    fn of(drawn: Vec<(String, String)>) -> Corpus {
        let read: Vec<(String, Words)> = drawn.into_iter().filter_map(|(tag, text)| Some((tag, Words::of(&text)?))).collect();
        let mut by_writing: BTreeMap<(u8, &str), usize> = BTreeMap::new();
        let mut by_language: BTreeMap<&str, usize> = BTreeMap::new();
        for (tag, words) in &read {
            *by_writing.entry((words.writing() as u8, tag)).or_default() += 1;
            *by_language.entry(tag).or_default() += 1;
        }
        let mut classes: Vec<Vec<String>> = vec![Vec::new(); Writing::ALL.len()];
        for ((writing, tag), lines) in &by_writing {
            // A few lines in another writing than the language's own are what was not translated.
            if *tag == UND || *lines >= FEWEST.min(by_language[tag] / 2 + 1) && *lines * 40 >= by_language[tag] {
                classes[usize::from(*writing)].push((*tag).to_owned());
            }
        }
        for (writing, class) in classes.iter().enumerate() {
            eprintln!("{:?}: {} {}", Writing::ALL[writing], class.len(), class.join(" "));
        }
        let numbers: Vec<HashMap<&str, u8>> = classes.iter().map(|class| class.iter().zip(0..).map(|(tag, n)| (&**tag, n)).collect()).collect();
        let mut counts: HashMap<Key, (u8, u32)> = HashMap::new();
        let mut keys = Vec::new();
        for (_, words) in &read {
            keys.clear();
            features(words, |key| keys.push(key));
            keys.sort_unstable();
            keys.dedup();
            for key in &keys {
                counts.entry(*key).or_insert((words.writing() as u8, 0)).1 += 1;
            }
        }
        let mut all: Vec<Feature> = counts
            .into_iter()
            .filter(|(_, (_, lines))| *lines >= FEWEST_LINES)
            .map(|(key, (writing, lines))| Feature { key, writing, lines })
            .collect();
        all.sort_unstable_by_key(|feature| feature.key);
        let ids: HashMap<Key, u32> = all.iter().zip(0..).map(|(feature, n)| (feature.key, n)).collect();
        let mut lines = Vec::new();
        for (tag, words) in &read {
            let writing = words.writing() as usize;
            let Some(language) = numbers[writing].get(&**tag) else { continue };
            if classes[writing].len() < 2 {
                continue;
            }
            let mut found = Vec::new();
            features(words, |key| found.extend(ids.get(&key)));
            lines.push(Line { writing: writing as u8, language: *language, scale: scale(words), features: found.into() });
        }
        Corpus { classes, lines, features: all }
    }
}

/// What a feature weighs in a line.
fn scale(words: &Words) -> f32 {
    let thin = if is_thin(words) { THIN.0 as f32 / THIN.1 as f32 } else { 1.0 };
    thin / (words.codes().len() as f32).sqrt()
}

/// ISO 639-3 to what the model calls it.
fn known(path: &Path) -> Result<BTreeMap<String, Known>, Box<dyn Error>> {
    let mut known = BTreeMap::new();
    for row in fs::read_to_string(path)?.lines().filter(|row| !row.starts_with('#')) {
        let mut columns = row.split('\t');
        let (Some(code), Some(tag), Some(tier)) = (columns.next(), columns.next(), columns.next()) else {
            return Err(format!("{row}: three columns").into());
        };
        known.insert(code.to_owned(), Known { tag: tag.to_owned(), tier: tier.parse()? });
    }
    Ok(known)
}

/// Draws lines, in random order.
fn draw(texts: &Path, known: &BTreeMap<String, Known>) -> Result<Vec<(String, String)>, Box<dyn Error>> {
    let mut files: Vec<_> = fs::read_dir(texts)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    files.retain(|path| path.extension().is_some_and(|extension| extension == "tsv"));
    files.sort();
    // By language, then kind and source: words and pairs stand in the order of how common they are.
    let mut pools: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    for path in files {
        let source = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        for row in fs::read_to_string(&path)?.lines() {
            let mut columns = row.splitn(3, '\t');
            let (Some(code), Some(kind), Some(text)) = (columns.next(), columns.next(), columns.next()) else { continue };
            let pool = match kind {
                "run" if source.contains("bible") => "old",
                "run" => "running",
                "ui" => "interface",
                "word" if source == "tess" => "words",
                "bigram" if source == "tess" => "pairs",
                _ => "short",
            };
            pools.entry((code.to_owned(), pool.to_owned())).or_default().push(text.to_owned());
        }
    }
    let untranslated = Untranslated::of(&pools);
    for ((code, _), texts) in &mut pools {
        texts.retain(|text| !untranslated.is(text, code, known.contains_key(code)));
    }
    let mut random = Random(8);
    let mut drawn = Vec::new();
    for ((code, pool), texts) in &pools {
        let language = known.get(code);
        let share = language.map_or(UNKNOWN, |language| share(language.tier));
        let tag = language.map_or(UND, |language| &language.tag);
        match &**pool {
            "words" => draw_common(&mut random, tag, texts, share.words, 3, &mut drawn),
            "pairs" => draw_common(&mut random, tag, texts, share.pairs, 1, &mut drawn),
            pool => {
                let most = match pool {
                    "old" => share.old,
                    "interface" => share.interface,
                    _ => share.running,
                };
                draw_lines(&mut random, tag, texts, most, language.is_some(), &mut drawn);
            }
        }
    }
    random.shuffle(&mut drawn);
    Ok(drawn)
}

/// What was left untranslated: interfaces and manuals hold English lines in every language, and lists of words from the web English words; texts of small
/// languages hold lines of the large one beside them.
struct Untranslated {
    /// The lines of the large languages, in small letters.
    lines: HashMap<&'static str, HashSet<String>>,
    /// The commonest words by their ranks, in all languages.
    ranks: HashMap<String, HashMap<String, usize>>,
}

impl Untranslated {
    const ENGLISH: &str = "eng";
    /// Beside languages that the model does not know.
    const LARGE: &[&str] = &["spa", "por", "fra", "ita", "deu", "nld", "rus", "ind", "tur", "ara", "hin", "zho"];
    /// Words so common that they are known to be of a large language.
    const COMMON: usize = 3000;

    fn of(pools: &BTreeMap<(String, String), Vec<String>>) -> Untranslated {
        let mut untranslated = Untranslated { lines: HashMap::new(), ranks: HashMap::new() };
        for ((code, pool), texts) in pools {
            if pool == "words" {
                let ranks = untranslated.ranks.entry(code.clone()).or_default();
                for (rank, text) in texts.iter().enumerate() {
                    ranks.entry(text.to_lowercase()).or_insert(rank);
                }
            } else if let Some(large) = Self::LARGE.iter().chain([&Self::ENGLISH]).find(|large| *large == code)
                && pool != "pairs"
            {
                untranslated.lines.entry(large).or_default().extend(texts.iter().map(|text| text.to_lowercase()));
            }
        }
        untranslated
    }

    /// Is a line of this language English, or, if the language is not known, of a large one?
    fn is(&self, text: &str, code: &str, is_known: bool) -> bool {
        let text = text.to_lowercase();
        code != Self::ENGLISH && self.wrote(Self::ENGLISH, &text, code)
            || !is_known && Self::LARGE.iter().any(|large| *large != code && self.wrote(large, &text, code))
    }

    /// Is it the same as a line of the large language, or is most of it that one's words that are rarer in its own?
    fn wrote(&self, large: &str, text: &str, code: &str) -> bool {
        let (mut words, mut there) = (0, 0);
        let (ranks, own) = (self.ranks.get(large), self.ranks.get(code));
        for word in text.split(|c: char| !c.is_alphanumeric() && c != '\'').filter(|word| !word.is_empty()) {
            words += 1;
            let rank = ranks.and_then(|ranks| ranks.get(word)).filter(|rank| **rank < Self::COMMON);
            there += usize::from(rank.is_some_and(|there| own.and_then(|own| own.get(word)).is_none_or(|own| *own > 5 * there + 5)));
        }
        if words == 1 {
            there == 1 && own.is_some()
        } else {
            there * 5 >= words * 3 || self.lines.get(large).is_some_and(|lines| lines.contains(text))
        }
    }
}

/// Draws entries of a list that stands in order of how common they are, by Zipf's law, a few in a line.
fn draw_common(random: &mut Random, tag: &str, texts: &[String], most: usize, in_line: usize, drawn: &mut Vec<(String, String)>) {
    let mut sum = 0.0;
    let sums: Vec<f64> = (0..texts.len())
        .map(|rank| {
            sum += (rank as f64 + 3.0).powf(-0.85);
            sum
        })
        .collect();
    for _ in 0..most.min(texts.len() * 2) {
        let mut line = String::new();
        for _ in 0..1 + random.below(in_line) {
            let at = random.share() * sum;
            let text = &texts[sums.partition_point(|sum| *sum < at).min(texts.len() - 1)];
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(text);
        }
        drawn.push((tag.to_owned(), line));
    }
}

/// Draws lines, most of them cut to a few words; few lines are drawn several times and cut elsewhere.
fn draw_lines(random: &mut Random, tag: &str, texts: &[String], most: usize, repeat: bool, drawn: &mut Vec<(String, String)>) {
    let mut order: Vec<usize> = (0..texts.len()).collect();
    random.shuffle(&mut order);
    let times = if repeat { (most / texts.len().max(1)).clamp(1, 4) } else { 1 };
    for time in 0..times {
        for text in order.iter().take(most).map(|at| &texts[*at]) {
            let words: Vec<&str> = text.split(' ').collect();
            let is_cut = time > 0 || random.share() < 0.55;
            let cut = if is_cut && words.len() > 2 {
                let count = 1 + random.below((words.len() - 1).min(5));
                let start = random.below(words.len() - count + 1);
                words[start..start + count].join(" ")
            } else if words.len() == 1 && text.chars().count() > 30 {
                // Writings without spaces.
                let chars: Vec<char> = text.chars().collect();
                let count = 4 + random.below((chars.len() - 4).min(40));
                let start = random.below(chars.len() - count + 1);
                chars[start..start + count].iter().collect()
            } else {
                text.clone()
            };
            drawn.push((tag.to_owned(), cut));
        }
    }
}
