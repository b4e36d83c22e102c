//! What was counted of a file, a group of files or a set: it merges in document order, and a measure's value follows from it alone.

use std::collections::BTreeMap;

use super::{
    fields::Fields,
    histogram::Histogram,
    measure::{Measure, Unit},
};
use crate::model::Lang;

/// The value of a measure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Value {
    /// What was counted.
    pub count: u64,
    /// Of how many; 0 for what is no share.
    pub of: u64,
    /// The value that limits are for.
    pub value: f64,
}

impl Value {
    fn count(count: u64) -> Value {
        Value { count, of: 0, value: count as f64 }
    }

    /// A share; none of nothing.
    pub fn share(count: u64, of: u64) -> Option<Value> {
        (of > 0).then(|| Value { count, of, value: count as f64 / of as f64 })
    }
}

/// What was counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    /// Sources.
    pub sources: u64,
    /// Records, unreadable ones too.
    pub records: u64,
    /// Records with an id.
    pub ids: u64,
    /// Documents.
    pub documents: u64,
    /// Bytes of the records.
    pub bytes: u64,
    /// Lines that are not blank.
    pub lines: u64,
    /// Characters of those lines, normalised.
    pub chars: u64,
    counts: Counts,
    /// Their fields.
    pub fields: Fields,
    /// Characters of the documents.
    pub chars_each: Histogram,
    /// Words of the documents.
    pub words_each: Histogram,
    /// Lines of the documents.
    pub lines_each: Histogram,
    /// Documents by their language; empty where languages are not told.
    pub languages: BTreeMap<Lang, u64>,
    /// Lines by their language.
    pub line_languages: BTreeMap<Lang, u64>,
    /// Documents by their encoding.
    pub encodings: BTreeMap<&'static str, u64>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Counts([u64; Measure::COUNT]);

impl Default for Counts {
    fn default() -> Counts {
        Counts([0; Measure::COUNT])
    }
}

impl Sums {
    /// Counts what a measure counts.
    pub fn count(&mut self, measure: Measure, n: u64) {
        if let Some(count) = self.counts.0.get_mut(measure as usize) {
            *count += n;
        }
    }

    /// What a measure counted.
    pub fn counted(&self, measure: Measure) -> u64 {
        self.counts.0.get(measure as usize).copied().unwrap_or(0)
    }

    /// Adds what was counted of later records.
    pub fn merge(&mut self, later: &Sums) {
        for (sum, n) in [
            (&mut self.sources, later.sources),
            (&mut self.records, later.records),
            (&mut self.ids, later.ids),
            (&mut self.documents, later.documents),
            (&mut self.bytes, later.bytes),
            (&mut self.lines, later.lines),
            (&mut self.chars, later.chars),
        ] {
            *sum += n;
        }
        self.counts.0.iter_mut().zip(later.counts.0).for_each(|(sum, n)| *sum += n);
        self.fields.merge(&later.fields);
        self.chars_each.merge(&later.chars_each);
        self.words_each.merge(&later.words_each);
        self.lines_each.merge(&later.lines_each);
        add(&mut self.languages, &later.languages);
        add(&mut self.line_languages, &later.line_languages);
        add(&mut self.encodings, &later.encodings);
    }

    /// The value of a measure; none where there is nothing that it could be measured of. What is measured of sites only has none here.
    pub fn value(&self, measure: Measure) -> Option<Value> {
        let fields = |records: u64| Value::share(records, self.fields.objects());
        let median = |sizes: &Histogram| sizes.quantile(50).map(Value::count);
        match measure {
            Measure::Records => Some(Value::count(self.records)),
            Measure::MissingField => fields(self.fields.most_missing().records),
            Measure::RareField => fields(self.fields.most_rare().records),
            Measure::EmptyField => fields(self.fields.most_empty().records),
            Measure::MedianChars => median(&self.chars_each),
            Measure::MedianWords => median(&self.words_each),
            Measure::MedianLines => median(&self.lines_each),
            _ => {
                let count = self.counted(measure);
                match measure.unit() {
                    Unit::Count => Some(Value::count(count)),
                    Unit::Sources => Value::share(count, self.sources),
                    Unit::Records => Value::share(count, self.records),
                    Unit::Ids => Value::share(count, self.ids),
                    Unit::Documents => Value::share(count, self.documents),
                    Unit::Lines => Value::share(count, self.lines),
                    Unit::Chars => Value::share(count, self.chars),
                    Unit::Site | Unit::Median => None,
                }
            }
        }
    }
}

fn add<K: Ord + Clone>(sums: &mut BTreeMap<K, u64>, more: &BTreeMap<K, u64>) {
    for (key, n) in more {
        *sums.entry(key.clone()).or_default() += n;
    }
}

/// What was counted of a site.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SiteSums {
    /// Documents.
    pub documents: u64,
    /// Lines that are not blank, and their characters.
    pub lines: u64,
    /// Characters of those lines.
    pub chars: u64,
    /// Lines that stand on several of its pages.
    pub repeated_lines: u64,
    /// Lines that are furniture.
    pub furniture_lines: u64,
    /// Characters of those lines.
    pub furniture_chars: u64,
}

impl SiteSums {
    /// Adds what was counted of other documents.
    pub fn merge(&mut self, other: &SiteSums) {
        self.documents += other.documents;
        self.lines += other.lines;
        self.chars += other.chars;
        self.repeated_lines += other.repeated_lines;
        self.furniture_lines += other.furniture_lines;
        self.furniture_chars += other.furniture_chars;
    }
}

/// Documents of the smallest site whose share of furniture is judged.
const SITE_DOCUMENTS: u64 = 10;

/// The site with the largest share of furniture, of those that are large enough to say so.
pub fn worst_site(sites: &BTreeMap<String, SiteSums>) -> Option<(&str, Value)> {
    let large = sites.iter().filter(|(_, site)| site.documents >= SITE_DOCUMENTS);
    let shares = large.filter_map(|(name, site)| Some((name.as_str(), Value::share(site.furniture_chars, site.chars)?)));
    shares.fold(None, |worst, next| match worst {
        Some((_, value)) if value.value >= next.1.value => worst,
        _ => Some(next),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_follow_from_counts() {
        let mut sums = Sums { records: 10, documents: 8, lines: 100, chars: 1000, ..Sums::default() };
        sums.count(Measure::Unreadable, 2);
        sums.count(Measure::FurnitureLines, 5);
        sums.count(Measure::MixedTypes, 3);
        (1..=9).for_each(|chars| sums.chars_each.add(chars * 3));
        let value = |measure| sums.value(measure).map(|value| value.value);
        assert_eq!(value(Measure::Records), Some(10.0));
        assert_eq!(value(Measure::Unreadable), Some(0.2));
        assert_eq!(value(Measure::FurnitureLines), Some(0.05));
        assert_eq!(value(Measure::MixedTypes), Some(3.0));
        assert_eq!(value(Measure::MedianChars), Some(15.0));
        assert_eq!((value(Measure::DuplicateIds), value(Measure::MissingField), value(Measure::MedianWords)), (None, None, None));
        let mut twice = sums.clone();
        twice.merge(&sums);
        for measure in Measure::ALL.iter().filter(|measure| measure.unit().is_share()) {
            assert_eq!(twice.value(*measure).map(|v| v.value), sums.value(*measure).map(|v| v.value), "{measure:?}");
        }
    }

    #[test]
    fn small_sites_say_nothing() {
        let site = |documents, furniture_chars| SiteSums { documents, chars: 100, furniture_chars, ..SiteSums::default() };
        let sites = BTreeMap::from([
            ("a".to_owned(), site(9, 90)),
            ("b".to_owned(), site(10, 30)),
            ("c".to_owned(), site(30, 30)),
            ("d".to_owned(), site(30, 3)),
        ]);
        assert_eq!(worst_site(&sites).map(|(name, value)| (name, value.count)), Some(("b", 30)));
        assert_eq!(worst_site(&BTreeMap::new()), None);
    }
}
