//! The fields of JSON records: which there are, how often, and of which types. The top level only; what stands inside an object is the object's.
//!
//! Memory is bounded: of a file with more than [`MOST`] fields the first are kept and the rest is counted.

use std::collections::BTreeMap;

use hashbrown::HashMap;

/// Fields that are told apart.
const MOST: usize = 256;
/// Fields of a record from which on looking each up among the rest would be slow.
const FEW: usize = 16;

/// What a JSON value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueType {
    /// A string.
    String,
    /// A number.
    Number,
    /// True or false.
    Boolean,
    /// A list.
    Array,
    /// An object.
    Object,
}

impl ValueType {
    const ALL: [ValueType; 5] = [ValueType::String, ValueType::Number, ValueType::Boolean, ValueType::Array, ValueType::Object];

    /// The type of a value as it is written; none of null.
    pub fn of(raw: &str) -> Option<ValueType> {
        match raw.as_bytes().first()? {
            b'"' => Some(ValueType::String),
            b'[' => Some(ValueType::Array),
            b'{' => Some(ValueType::Object),
            b't' | b'f' => Some(ValueType::Boolean),
            b'n' => None,
            _ => Some(ValueType::Number),
        }
    }

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            ValueType::String => "string",
            ValueType::Number => "number",
            ValueType::Boolean => "boolean",
            ValueType::Array => "list",
            ValueType::Object => "object",
        }
    }
}

/// What is known of a field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Field {
    /// Records that have it.
    pub present: u64,
    /// Records in which it is null, or an empty string, list or object.
    pub empty: u64,
    types: [u64; ValueType::ALL.len()],
}

impl Field {
    /// Its types, the commonest first.
    pub fn types(&self) -> Vec<ValueType> {
        let mut types: Vec<_> = ValueType::ALL.into_iter().zip(self.types).filter(|(_, n)| *n > 0).collect();
        types.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
        types.into_iter().map(|(value, _)| value).collect()
    }

    fn merge(&mut self, other: &Field) {
        self.present += other.present;
        self.empty += other.empty;
        self.types.iter_mut().zip(other.types).for_each(|(sum, n)| *sum += n);
    }
}

/// The fields of some records.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields {
    objects: u64,
    fields: BTreeMap<String, Field>,
    more: u64,
}

/// What a share of records was found of: a field, with the records that count and all of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldShare<'f> {
    /// The field.
    pub name: &'f str,
    /// Records that count.
    pub records: u64,
}

impl Fields {
    /// Adds a record: its members as they are written.
    pub fn add(&mut self, members: &[(&str, &str)]) {
        self.objects += 1;
        // Of two of a name the last counts, as for all who read JSON.
        let lasts: Option<HashMap<&str, usize>> = (members.len() > FEW).then(|| members.iter().zip(0..).map(|((key, _), i)| (*key, i)).collect());
        for (i, (key, value)) in members.iter().enumerate() {
            let stands_again = match &lasts {
                Some(lasts) => lasts.get(key) != Some(&i),
                None => members.get(i + 1..).is_some_and(|rest| rest.iter().any(|(other, _)| other == key)),
            };
            if stands_again {
                continue;
            }
            let name = name_of(key);
            if !self.fields.contains_key(name.as_ref()) {
                if self.fields.len() >= MOST {
                    self.more += 1;
                    continue;
                }
                self.fields.insert(name.clone().into_owned(), Field::default());
            }
            let Some(field) = self.fields.get_mut(name.as_ref()) else { continue };
            field.present += 1;
            field.empty += u64::from(is_empty(value));
            if let Some(n) = ValueType::of(value).and_then(|value| field.types.get_mut(value as usize)) {
                *n += 1;
            }
        }
    }

    /// Adds what others hold.
    pub fn merge(&mut self, other: &Fields) {
        self.objects += other.objects;
        self.more += other.more;
        for (name, field) in &other.fields {
            let is_full = self.fields.len() >= MOST;
            match self.fields.get_mut(name) {
                Some(own) => own.merge(field),
                None if is_full => self.more += field.present,
                None => drop(self.fields.insert(name.clone(), field.clone())),
            }
        }
    }

    /// Records.
    pub fn objects(&self) -> u64 {
        self.objects
    }

    /// Values of fields that were not told apart.
    pub fn more(&self) -> u64 {
        self.more
    }

    /// The fields by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Field)> {
        self.fields.iter().map(|(name, field)| (name.as_str(), field))
    }

    fn largest(&self, records: impl Fn(&Field) -> u64) -> FieldShare<'_> {
        let shares = self.iter().map(|(name, field)| FieldShare { name, records: records(field) });
        shares.fold(FieldShare { name: "", records: 0 }, |most, next| if next.records > most.records { next } else { most })
    }

    /// Do at least half of the records have it?
    pub fn is_usual(&self, field: &Field) -> bool {
        field.present * 2 >= self.objects
    }

    /// The field of those that most records have that most lack.
    pub fn most_missing(&self) -> FieldShare<'_> {
        self.largest(|field| if self.is_usual(field) { self.objects - field.present } else { 0 })
    }

    /// The field of those that most records lack that most have.
    pub fn most_rare(&self) -> FieldShare<'_> {
        self.largest(|field| if self.is_usual(field) { 0 } else { field.present })
    }

    /// The field that is empty most often.
    pub fn most_empty(&self) -> FieldShare<'_> {
        self.largest(|field| field.empty)
    }

    /// Fields of several types.
    pub fn mixed(&self) -> impl Iterator<Item = (&str, &Field)> {
        self.iter().filter(|(_, field)| field.types.iter().filter(|n| **n > 0).count() > 1)
    }

    /// Fields whose commonest type is another than in `first`, with both.
    pub fn changed<'f>(&'f self, first: &'f BTreeMap<String, ValueType>) -> impl Iterator<Item = (&'f str, ValueType, ValueType)> {
        self.iter().filter_map(|(name, field)| {
            let (own, before) = (*field.types().first()?, *first.get(name)?);
            (own != before).then_some((name, own, before))
        })
    }
}

/// The name of a key as it is written, with its quotes.
pub fn name_of(key: &str) -> std::borrow::Cow<'_, str> {
    let plain = key.get(1..key.len().saturating_sub(1)).unwrap_or_default();
    if plain.contains('\\') { serde_json::from_str::<String>(key).map_or_else(|_| plain.into(), Into::into) } else { plain.into() }
}

/// Null, or an empty string, list or object?
pub fn is_empty(raw: &str) -> bool {
    let within =
        |open: char, close: char| raw.strip_prefix(open).and_then(|rest| rest.strip_suffix(close)).is_some_and(|inner| inner.trim().is_empty());
    raw == "null" || raw == "\"\"" || within('[', ']') || within('{', '}')
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECORDS: &[&[(&str, &str)]] = &[
        &[("\"id\"", "1"), ("\"text\"", "\"a\""), ("\"tags\"", "[]")],
        &[("\"id\"", "\"2\""), ("\"text\"", "\"b\""), ("\"tags\"", "[1]"), ("\"t\\u0061gs\"", "[2]")],
        &[("\"id\"", "3"), ("\"text\"", "null"), ("\"note\"", "{ }")],
        &[("\"text\"", "\"\""), ("\"id\"", "true"), ("\"id\"", "4")],
    ];

    #[test]
    fn what_comes_and_goes() {
        let mut fields = Fields::default();
        RECORDS.iter().for_each(|record| fields.add(record));
        assert_eq!(fields.objects(), 4);
        assert_eq!(fields.most_missing(), FieldShare { name: "tags", records: 1 });
        assert_eq!(fields.most_rare(), FieldShare { name: "note", records: 1 });
        assert_eq!(fields.most_empty(), FieldShare { name: "text", records: 2 });
        assert_eq!(
            fields.mixed().map(|(name, field)| (name, field.types())).collect::<Vec<_>>(),
            [("id", vec![ValueType::Number, ValueType::String])]
        );
        let first = BTreeMap::from([("id".to_owned(), ValueType::String), ("text".to_owned(), ValueType::String)]);
        assert_eq!(fields.changed(&first).collect::<Vec<_>>(), [("id", ValueType::Number, ValueType::String)]);
    }

    #[test]
    fn they_merge_to_the_same() {
        let (mut whole, mut left, mut right) = (Fields::default(), Fields::default(), Fields::default());
        RECORDS.iter().for_each(|record| whole.add(record));
        RECORDS[..2].iter().for_each(|record| left.add(record));
        RECORDS[2..].iter().for_each(|record| right.add(record));
        right.merge(&left);
        assert_eq!(right, whole);
    }

    #[test]
    fn many_fields_are_read_as_few() {
        let record: Vec<(String, &str)> = (0..100).map(|n| (format!("\"{}\"", n % 40), if n < 60 { "1" } else { "\"\"" })).collect();
        let record: Vec<(&str, &str)> = record.iter().map(|(key, value)| (key.as_str(), *value)).collect();
        let mut fields = Fields::default();
        fields.add(&record);
        assert!(fields.iter().count() == 40 && fields.iter().all(|(_, field)| field.present == 1));
        assert_eq!(fields.iter().filter(|(_, field)| field.empty == 1).count(), 40);
    }

    #[test]
    fn memory_is_bounded() {
        let mut fields = Fields::default();
        for n in 0..1000 {
            fields.add(&[(&format!("\"{n}\""), "1")]);
        }
        assert_eq!((fields.iter().count(), fields.more()), (MOST, 1000 - MOST as u64));
    }
}
