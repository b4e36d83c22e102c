//! Which limits do not hold: a finding for each, with what it was found of and where.

use std::collections::BTreeMap;

use super::{
    limits::{Broken, Level},
    measure::Measure,
    place::{Place, Places},
    rules::Group,
    sums::{SiteSums, Sums, Value, worst_site},
};

/// What a finding is of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// All files that no pattern fits.
    Set,
    /// The files of a pattern.
    Files(String),
    /// One file.
    File(String),
}

/// A limit that does not hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The measure.
    pub measure: Measure,
    /// What it is of.
    pub scope: Scope,
    /// The limit.
    pub broken: Broken,
    /// The value.
    pub value: Value,
    /// Of which field or site; empty where the measure says it.
    pub subject: String,
    /// The first places.
    pub places: Vec<Place>,
    /// No worse than in the baseline.
    pub known: bool,
}

impl Finding {
    /// Does it shut the gate?
    pub fn fails(&self) -> bool {
        self.broken.level == Level::Fail && !self.known
    }

    /// How far beyond its limit: the order of findings of one level.
    pub fn excess(&self) -> f64 {
        let (value, limit) = (self.value.value, self.broken.limit);
        let (more, less) = if self.broken.below { (limit, value) } else { (value, limit) };
        if less > 0.0 { more / less } else { f64::INFINITY }
    }
}

/// A file that is judged by itself.
#[derive(Clone, Debug)]
pub struct FileSums {
    /// Number of the source.
    pub source: u32,
    /// Its name.
    pub name: String,
    /// Number of its group.
    pub group: usize,
    /// What was counted of it.
    pub sums: Sums,
}

/// What is judged.
pub struct Judged<'j> {
    /// The groups with what was counted of each.
    pub groups: &'j [(Group, Sums)],
    /// The files that are judged by themselves.
    pub files: &'j [FileSums],
    /// Sites of the whole set.
    pub sites: &'j BTreeMap<String, SiteSums>,
    /// Places of what was found.
    pub places: &'j Places,
    /// For each source the number of its group.
    pub group_of: &'j dyn Fn(u32) -> usize,
    /// Is this measured in this group?
    pub measured: &'j dyn Fn(&Group, Measure) -> bool,
}

impl Judged<'_> {
    /// Every limit that does not hold: by measure, those of the set first, then those of groups, then those of files, the worst first.
    pub fn findings(&self) -> Vec<Finding> {
        let mut found = Vec::new();
        for measure in Measure::ALL.iter().copied() {
            for (number, (group, sums)) in self.groups.iter().enumerate() {
                let scope = group.files.clone().map_or(Scope::Set, Scope::Files);
                let value = if measure == Measure::SiteFurniture {
                    self.site(number)
                } else {
                    sums.value(measure).map(|value| (subject(sums, measure), value))
                };
                let places = || self.places.of(measure, |source| (self.group_of)(source) == number);
                // A pattern that no file fits is no set that is empty.
                if group.files.is_none() && self.groups.len() == 1 || sums.sources > 0 {
                    found.extend(self.finding(group, measure, scope, value, places));
                }
            }
            // The only file of a group is the group.
            let alone = |file: &&FileSums| self.groups.get(file.group).is_some_and(|(_, sums)| sums.sources == 1);
            let mut files: Vec<Finding> = self
                .files
                .iter()
                .filter(|_| is_of_files(measure))
                .filter(|file| !alone(file))
                .filter_map(|file| {
                    let (group, _) = self.groups.get(file.group)?;
                    let value = file.sums.value(measure).map(|value| (subject(&file.sums, measure), value));
                    self.finding(group, measure, Scope::File(file.name.clone()), value, || self.places.of(measure, |source| source == file.source))
                })
                .collect();
            files.sort_by(|a, b| {
                b.broken.level.cmp(&a.broken.level).then_with(|| b.excess().total_cmp(&a.excess())).then_with(|| a.scope.cmp(&b.scope))
            });
            found.extend(files);
        }
        found
    }

    fn finding(
        &self,
        group: &Group,
        measure: Measure,
        scope: Scope,
        value: Option<(String, Value)>,
        places: impl FnOnce() -> Vec<Place>,
    ) -> Option<Finding> {
        if !(self.measured)(group, measure) {
            return None;
        }
        let (subject, value) = value?;
        let broken = group.limits(measure).broken(value.value)?;
        Some(Finding { measure, scope, broken, value, subject, places: places(), known: false })
    }

    /// Sites are of the whole set.
    fn site(&self, group: usize) -> Option<(String, Value)> {
        worst_site(self.sites).filter(|_| group == 0).map(|(site, value)| (site.to_owned(), value))
    }
}

/// Is it judged for each file? How many records there are is a matter of the set, and so is how long texts are in the middle.
fn is_of_files(measure: Measure) -> bool {
    !matches!(
        measure,
        Measure::Records | Measure::EmptySources | Measure::SiteFurniture | Measure::MedianChars | Measure::MedianWords | Measure::MedianLines
    )
}

/// The field that a measure is of.
fn subject(sums: &Sums, measure: Measure) -> String {
    match measure {
        Measure::MissingField => sums.fields.most_missing().name.to_owned(),
        Measure::RareField => sums.fields.most_rare().name.to_owned(),
        Measure::EmptyField => sums.fields.most_empty().name.to_owned(),
        _ => String::new(),
    }
}
