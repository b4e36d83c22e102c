//! Which inputs both runs read: the same bytes, read as the same format.
//!
//! The order of inputs decides how their documents are matched: those that come in one order on both sides are matched as they
//! stream, those of the same bytes in another order by their place after they are collected, all others by id.

use hashbrown::HashMap;

use crate::{
    pipeline::washed::WashedFolder,
    report::{InputFile, diff::Inputs},
};

/// How the documents of an input are matched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Match {
    /// By place, as they come: the number of the input in the first run.
    InOrder(usize),
    /// By place, once all are known: the number of the input in the first run.
    ByPlace(usize),
    /// By id.
    ById,
}

/// Hash, length and format of an input.
type Bytes = (Option<String>, u64, String);

fn bytes(input: &InputFile) -> Bytes {
    (input.xxh3_128.clone(), input.bytes, input.format.clone())
}

/// The inputs of both runs, matched.
#[derive(Debug)]
pub struct MatchedInputs {
    before: Vec<Match>,
    after: Vec<Match>,
    /// Pairs of inputs with the same bytes.
    pairs: Vec<(usize, usize)>,
    repeats: bool,
    unread: bool,
    /// Was the text of the same bytes read from the same place, so that numbers of lines say the same?
    pub lines_comparable: bool,
}

impl MatchedInputs {
    /// Matches inputs by name and bytes, then by bytes alone.
    pub fn of(one: &WashedFolder, two: &WashedFolder) -> MatchedInputs {
        let (before, after) = (&one.manifest.inputs, &two.manifest.inputs);
        let setting = |folder: &WashedFolder, key: &str| folder.settings.get(key).map(ToString::to_string);
        let same = |key: &str| setting(one, key) == setting(two, key);
        let once = |inputs: &[InputFile]| {
            let mut names: HashMap<String, u32> = HashMap::new();
            for input in inputs {
                *names.entry(input.path.clone()).or_default() += 1;
            }
            names
        };
        let names = [once(before), once(after)];
        // Of an input that was given twice it cannot be told which of the two a document is of.
        let usable = |side: usize, input: &InputFile| {
            input.xxh3_128.is_some() && names.get(side).and_then(|names| names.get(&input.path)).is_none_or(|n| *n == 1)
        };
        let mut by_name: HashMap<(String, Bytes), usize> = HashMap::new();
        for (j, input) in after.iter().enumerate().filter(|(_, input)| usable(1, input)) {
            by_name.insert((input.path.clone(), bytes(input)), j);
        }
        let mut partner: Vec<Option<usize>> =
            before.iter().map(|input| if usable(0, input) { by_name.remove(&(input.path.clone(), bytes(input))) } else { None }).collect();
        let mut by_bytes: HashMap<Bytes, Vec<usize>> = HashMap::new();
        let mut left: Vec<usize> = by_name.into_values().collect();
        left.sort_unstable_by(|a, b| b.cmp(a));
        for j in left {
            if let Some(input) = after.get(j) {
                by_bytes.entry(bytes(input)).or_default().push(j);
            }
        }
        for (input, partner) in before.iter().zip(&mut partner) {
            if partner.is_none() && usable(0, input) {
                *partner = by_bytes.get_mut(&bytes(input)).and_then(Vec::pop);
            }
        }
        let pairs: Vec<(usize, usize)> = partner.iter().enumerate().filter_map(|(i, j)| Some((i, (*j)?))).collect();
        let mut matched = MatchedInputs {
            before: vec![Match::ById; before.len()],
            after: vec![Match::ById; after.len()],
            repeats: names.iter().any(|names| names.values().any(|n| *n > 1)),
            unread: before.iter().chain(after).any(|input| input.xxh3_128.is_none()),
            lines_comparable: ["text_field", "charset"].iter().all(|key| same(key)),
            pairs,
        };
        let mut last = None;
        for (i, j) in &matched.pairs {
            let way = if last.is_none_or(|last| *j > last) { Match::InOrder(*i) } else { Match::ByPlace(*i) };
            if way == Match::InOrder(*i) {
                last = Some(*j);
            }
            for (ways, n) in [(&mut matched.before, i), (&mut matched.after, j)] {
                if let Some(slot) = ways.get_mut(*n) {
                    *slot = way;
                }
            }
        }
        matched
    }

    /// How documents of an input of the first run are matched.
    pub fn of_before(&self, input: usize) -> Match {
        self.before.get(input).copied().unwrap_or(Match::ById)
    }

    /// The same of the second run.
    pub fn of_after(&self, input: usize) -> Match {
        self.after.get(input).copied().unwrap_or(Match::ById)
    }

    /// Are any matched by id?
    pub fn any_by_id(&self) -> bool {
        self.before.iter().chain(&self.after).any(|way| *way == Match::ById)
    }

    /// Why some could not be matched by place, where it is not plain to see.
    pub fn note(&self) -> Option<&'static str> {
        if self.repeats {
            Some("an input was named twice in one run: its documents are matched by id")
        } else if self.unread {
            Some("an input could not be read to its end: its documents are matched by id")
        } else {
            None
        }
    }

    /// What the two runs read, with so many names of each kind.
    pub fn report(&self, one: &WashedFolder, two: &WashedFolder, most: usize) -> Inputs {
        let (before, after) = (&one.manifest.inputs, &two.manifest.inputs);
        let mut inputs = Inputs::default();
        for (one, two) in self.pairs.iter().filter_map(|(i, j)| before.get(*i).zip(after.get(*j))) {
            if one.path == two.path {
                inputs.same += 1;
            } else {
                inputs.renamed.push(most, || (one.path.clone(), two.path.clone()));
            }
        }
        fn unmatched<'i>(inputs: &'i [InputFile], ways: &[Match]) -> Vec<&'i str> {
            inputs.iter().zip(ways).filter(|(_, way)| **way == Match::ById).map(|(input, _)| input.path.as_str()).collect()
        }
        let (gone, added) = (unmatched(before, &self.before), unmatched(after, &self.after));
        let new: hashbrown::HashSet<&str> = added.iter().copied().collect();
        let old: hashbrown::HashSet<&str> = gone.iter().copied().collect();
        for name in &gone {
            if new.contains(name) {
                inputs.changed.push(most, || (*name).to_owned());
            } else {
                inputs.gone.push(most, || (*name).to_owned());
            }
        }
        for name in added.iter().filter(|name| !old.contains(**name)) {
            inputs.added.push(most, || (*name).to_owned());
        }
        inputs
    }
}
