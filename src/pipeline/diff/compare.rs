//! What became of each document and line in both runs, counted: by what it was and is, and by site.
//!
//! Of lines each distinct text that something else became of is counted, with the first of its places; so the texts that most
//! lines changed of can be shown.

use std::collections::BTreeMap;

use hashbrown::HashMap;

use super::{
    Shown,
    collected::{Collected, Key},
    examples::{DocumentWanted, LineWanted, Wanted},
    inputs::Match,
    seen::{ABSENT_CODE, Code, Codes, Gone, Reading, STAYS_CODE, Seen, UNKNOWN_CODE},
};
use crate::{
    pipeline::washed::{LogKind, Place},
    report::diff::{Content, DocumentChange, DocumentExamples, LineChange, LineSum, Listed, SiteChange},
};

/// What was and what is.
type Change = (Code, Code);

/// Documents of one change.
#[derive(Debug, Default)]
struct Documents {
    count: u64,
    first: Vec<DocumentWanted>,
}

impl Documents {
    /// Counts a document; the first few, in the order of the input, are wanted as examples.
    fn add(&mut self, a: Option<&Seen>, b: Option<&Seen>) {
        self.count += 1;
        let place = |seen: Option<&Seen>| seen.map(|seen| (seen.source, seen.position));
        let places = [place(a), place(b)];
        let order = |places: &[Option<Place>; 2]| places[1].or(places[0]);
        if self.first.len() == MOST_EXAMPLES {
            if self.first.last().is_some_and(|last| order(&last.places) <= order(&places)) {
                return;
            }
            self.first.pop();
        }
        let at = self.first.partition_point(|earlier| order(&earlier.places) <= order(&places));
        self.first.insert(at, DocumentWanted { places });
    }
}

/// Lines of one change and one text.
#[derive(Clone, Copy, Debug)]
struct Text {
    count: u64,
    place: Place,
    line: u32,
}

/// Examples of documents that are held before it is known how many are shown.
pub const MOST_EXAMPLES: usize = 100;

/// A comparison as it goes on.
pub struct Comparison<'r> {
    readings: [&'r Reading<'r>; 2],
    logs: [LogKind; 2],
    lines_comparable: bool,
    content: Content,
    documents: BTreeMap<Change, Documents>,
    other_output: Documents,
    other_text: Documents,
    lines: BTreeMap<Change, u64>,
    texts: HashMap<(Change, u32), Text>,
    with_documents: BTreeMap<Change, u64>,
    sites: HashMap<u32, SiteChange>,
    collected: [Collected; 2],
}

impl<'r> Comparison<'r> {
    /// Nothing compared yet.
    pub fn new(readings: [&'r Reading<'r>; 2], logs: [LogKind; 2], lines_comparable: bool) -> Comparison<'r> {
        Comparison {
            readings,
            logs,
            lines_comparable,
            content: Content::default(),
            documents: BTreeMap::new(),
            other_output: Documents::default(),
            other_text: Documents::default(),
            lines: BTreeMap::new(),
            texts: HashMap::new(),
            with_documents: BTreeMap::new(),
            sites: HashMap::new(),
            collected: [Collected::default(), Collected::default()],
        }
    }

    /// The next documents of inputs that both runs read: one of each side of one place, or one that the other side does not have.
    pub fn at_place(&mut self, a: Option<&Seen>, b: Option<&Seen>) {
        self.content.matched.by_place += 1;
        self.compare(a, b, true);
    }

    /// Keeps a document to be matched once all are known.
    pub fn collect(&mut self, side: usize, way: Match, seen: &Seen) {
        let key = match (way, seen.id) {
            (Match::ById, Some(id)) => Key::of_id(id),
            // What could not be read has no id: it is told by the sums of the reports alone.
            (Match::ById, None) => return,
            (Match::ByPlace(input) | Match::InOrder(input), _) => Key::of_place((input, seen.position)),
        };
        if let Some(collected) = self.collected.get_mut(side) {
            collected.push(key, seen);
        }
    }

    /// Matches what was collected: by place, or by id and how often the id stood before.
    pub fn match_collected(&mut self) {
        let [mut left, mut right] = std::mem::take(&mut self.collected);
        left.sort();
        right.sort();
        let (mut one, mut two) = (0, 0);
        // How many of the key at hand were matched.
        let mut of_key: (Option<Key>, u64) = (None, 0);
        loop {
            let (a, b) = (left.get(one), right.get(two));
            let key = match (&a, &b) {
                (Some((a, _)), Some((b, _))) => *a.min(b),
                (Some((key, _)), None) | (None, Some((key, _))) => *key,
                (None, None) => return,
            };
            let of = |found: Option<(Key, Seen)>| found.filter(|(own, _)| *own == key).map(|(_, seen)| seen);
            let (a, b) = (of(a), of(b));
            one += usize::from(a.is_some());
            two += usize::from(b.is_some());
            of_key = if of_key.0 == Some(key) { (of_key.0, of_key.1 + 1) } else { (Some(key), 1) };
            let matched = &mut self.content.matched;
            match (&a, &b) {
                _ if !key.is_id() => matched.by_place += 1,
                (Some(_), Some(_)) => {
                    matched.by_id += 1;
                    // The second of an id says so of the first too.
                    matched.by_repeated_id += match of_key.1 {
                        1 => 0,
                        2 => 2,
                        _ => 1,
                    };
                }
                (Some(_), None) => matched.only_before += 1,
                _ => matched.only_after += 1,
            }
            self.compare(a.as_ref(), b.as_ref(), !key.is_id());
        }
    }

    /// Compares one document. `same_input`: it stands in an input that both runs read.
    fn compare(&mut self, a: Option<&Seen>, b: Option<&Seen>, same_input: bool) {
        let fate = |seen: Option<&Seen>, log: LogKind| match seen {
            Some(seen) => seen.fate,
            // Its record was read all the same, and without a log nobody says what became of it.
            None if same_input && log == LogKind::None => UNKNOWN_CODE,
            None => ABSENT_CODE,
        };
        let [log_a, log_b] = self.logs;
        let (from, to) = (fate(a, log_a), fate(b, log_b));
        let stays = |seen: Option<&'_ Seen>, code: Code| seen.is_some() && code == STAYS_CODE;
        let both = (stays(a, from), stays(b, to));
        for (side, seen) in [(0, a.filter(|_| both.0)), (1, b.filter(|_| both.1))] {
            let Some(seen) = seen else { continue };
            let site = self.site(seen.site);
            let (documents, lines) =
                if side == 0 { (&mut site.documents.before, &mut site.lines.before) } else { (&mut site.documents.after, &mut site.lines.after) };
            *documents += 1;
            *lines += seen.lines_in - seen.lost.min(seen.lines_in);
        }
        let untold = (from == UNKNOWN_CODE) != (to == UNKNOWN_CODE) && from != STAYS_CODE && to != STAYS_CODE;
        if untold {
            self.content.documents_unknown += 1;
        } else if from != to {
            self.documents.entry((from, to)).or_default().add(a, b);
        }
        match (a, b) {
            (Some(one), Some(two)) if both == (true, true) => self.lines_of_both(one, two, same_input),
            (Some(one), _) if both.0 => {
                self.site(one.site).documents_gone += 1;
                self.whole(one, 0, |code| (code, to));
            }
            (_, Some(two)) if both.1 => {
                self.site(two.site).documents_come += 1;
                self.whole(two, 1, |code| (from, code));
            }
            _ => {}
        }
    }

    /// Lines of a document that goes or comes whole.
    fn whole(&mut self, seen: &Seen, side: usize, change: impl Fn(Code) -> Change) {
        let mut add = |code: Code, lines: u64| {
            let (from, to) = change(code);
            if lines > 0 && from != to {
                *self.with_documents.entry((from, to)).or_default() += lines;
            }
        };
        add(STAYS_CODE, seen.lines_in - seen.lost.min(seen.lines_in));
        if seen.gone.is_empty() {
            return add(UNKNOWN_CODE, seen.lost);
        }
        for gone in &seen.gone {
            add(self.readings.get(side).map_or(UNKNOWN_CODE, |reading| reading.reason(gone.text)), 1);
        }
    }

    /// Lines of a document that stays in both runs.
    fn lines_of_both(&mut self, a: &Seen, b: &Seen, same_input: bool) {
        let unlogged = |seen: &Seen, log: LogKind| log == LogKind::None && seen.lost > 0;
        let [log_a, log_b] = self.logs;
        let same_text = if same_input { self.lines_comparable } else { a.input.is_some() && a.input == b.input };
        if !same_text {
            let same_output = (a.output, a.lost) == (b.output, b.lost);
            let is_known = same_input || a.input.is_some() && b.input.is_some() || a.lost + b.lost == 0 && !same_output;
            if is_known && !(same_input && same_output) {
                self.other_text.add(Some(a), Some(b));
                self.site(b.site).texts += 1;
                return;
            }
            if !same_output {
                self.content.lines_unknown += 1;
                self.site(b.site).texts += 1;
                return;
            }
        }
        if unlogged(a, log_a) || unlogged(b, log_b) {
            if a.output != b.output {
                self.content.lines_unknown += 1;
                self.site(b.site).texts += 1;
            }
            return;
        }
        let [left, right] = self.readings;
        let mut any = false;
        let mut each = |change: Change, text: u32, line: u32, seen: &Seen| {
            any = true;
            *self.lines.entry(change).or_default() += 1;
            let place = (seen.source, seen.position);
            let counted = self.texts.entry((change, text)).or_insert(Text { count: 0, place, line });
            counted.count += 1;
            if (place, line) < (counted.place, counted.line) {
                (counted.place, counted.line) = (place, line);
            }
        };
        let sorted = |seen: &Seen| {
            let mut gone: Vec<Gone> = seen.gone.to_vec();
            gone.sort_by_key(|gone| gone.line);
            gone
        };
        let (mut lost, mut moved, mut come) = (0, 0, 0);
        if a.gone != b.gone || !a.gone.is_empty() {
            let (mut one, mut two) = (sorted(a).into_iter().peekable(), sorted(b).into_iter().peekable());
            loop {
                let line = match (one.peek(), two.peek()) {
                    (Some(one), Some(two)) => one.line.min(two.line),
                    (Some(only), None) | (None, Some(only)) => only.line,
                    (None, None) => break,
                };
                match (one.next_if(|gone| gone.line == line), two.next_if(|gone| gone.line == line)) {
                    (Some(one), Some(two)) => {
                        let change = (left.reason(one.text), right.reason(two.text));
                        if change.0 != change.1 {
                            moved += 1;
                            each(change, two.text, line, b);
                        }
                    }
                    (None, Some(two)) => {
                        lost += 1;
                        each((STAYS_CODE, right.reason(two.text)), two.text, line, b);
                    }
                    (Some(one), None) => {
                        come += 1;
                        each((left.reason(one.text), STAYS_CODE), one.text, line, a);
                    }
                    (None, None) => break,
                }
            }
        }
        let site = self.site(b.site);
        site.lines_gone += lost;
        site.lines_come += come;
        site.lines_moved += moved;
        if lost + come == 0 && a.output != b.output {
            site.texts += 1;
            self.other_output.add(Some(a), Some(b));
        }
    }

    fn site(&mut self, number: u32) -> &mut SiteChange {
        self.sites.entry(number).or_default()
    }

    /// All that was counted, and what its examples need.
    pub fn finish(mut self, codes: &Codes, shown: Shown) -> (Content, Wanted) {
        let most = shown.examples.min(MOST_EXAMPLES);
        let mut wanted = Wanted::default();
        let mut content = std::mem::take(&mut self.content);
        let name = |code: Code| codes.name(code).to_owned();
        let mut documents: Vec<(Change, Documents)> = self.documents.into_iter().collect();
        documents.sort_by(|(a, x), (b, y)| {
            y.count.cmp(&x.count).then_with(|| (codes.name(a.0), codes.name(a.1)).cmp(&(codes.name(b.0), codes.name(b.1))))
        });
        for ((from, to), found) in documents {
            content.documents.push(DocumentChange { from: name(from), to: name(to), documents: found.count, examples: Vec::new() });
            wanted.documents.push(found.first.into_iter().take(most).collect());
        }
        content.other_output = DocumentExamples { documents: self.other_output.count, examples: Vec::new() };
        content.other_text = DocumentExamples { documents: self.other_text.count, examples: Vec::new() };
        wanted.other_output = self.other_output.first.into_iter().take(most).collect();
        wanted.other_text = self.other_text.first.into_iter().take(most).collect();
        let mut by_change: BTreeMap<Change, Vec<(u32, Text)>> = BTreeMap::new();
        for ((change, text), counted) in self.texts {
            by_change.entry(change).or_default().push((text, counted));
        }
        let mut lines: Vec<(Change, u64)> = self.lines.into_iter().collect();
        lines.sort_by(|(a, x), (b, y)| y.cmp(x).then_with(|| (codes.name(a.0), codes.name(a.1)).cmp(&(codes.name(b.0), codes.name(b.1)))));
        for ((from, to), count) in lines {
            let mut texts = by_change.remove(&(from, to)).unwrap_or_default();
            content.lines.push(LineChange { from: name(from), to: name(to), lines: count, texts: texts.len() as u64, examples: Vec::new() });
            // Of the texts that came back the first run's log says more.
            let side = usize::from(to != STAYS_CODE);
            texts.sort_unstable_by_key(|(text, counted)| (std::cmp::Reverse(counted.count), counted.place, counted.line, *text));
            let few = texts.into_iter().take(most);
            wanted.lines.push(few.map(|(text, Text { count, place, line })| LineWanted { side, text, count, place, line }).collect());
        }
        let with_documents = self.with_documents.into_iter().map(|((from, to), lines)| LineSum { from: name(from), to: name(to), lines });
        content.lines_with_documents = with_documents.collect();
        content.lines_with_documents.sort_by(|a, b| b.lines.cmp(&a.lines).then_with(|| (&a.from, &a.to).cmp(&(&b.from, &b.to))));
        content.sites = sites(self.sites, codes, shown.sites);
        (content, wanted)
    }
}

/// The sites with a change, those with most first.
fn sites(sums: HashMap<u32, SiteChange>, codes: &Codes, most: usize) -> Listed<SiteChange> {
    let mut sites: Vec<SiteChange> = codes
        .sites()
        .filter_map(|(site, number)| {
            sums.get(&number).filter(|sums| sums.weight() > 0).map(|sums| SiteChange { site: site.to_owned(), ..sums.clone() })
        })
        .collect();
    sites.sort_by(|a, b| b.weight().cmp(&a.weight()).then_with(|| a.site.cmp(&b.site)));
    let count = sites.len() as u64;
    sites.truncate(most);
    Listed { count, first: sites }
}
