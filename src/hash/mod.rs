//! The hashing core: the one place that says how a line and a document become keys.
//!
//! Keys are XXH3 with 128 bits (xxhash-rust; the function is frozen by its specification), so that they mean
//! the same on every machine and in every file. With 10^12 distinct texts, the chance that any two of them
//! share a key is about 10^24 / 2^129, or 1 in 10^15: no rule confirms equality by more than the key.

mod record;
mod text_table;

pub use record::{Numbers, PARTITIONS, Parted, Record, lowered, raised, sort};
pub use text_table::{Inserted, TextTable};

use xxhash_rust::xxh3::{xxh3_64_with_seed, xxh3_128_with_seed};

/// Version of the keys: of the function, its seeds and the compared form. Files that hold keys name it.
pub const KEY_VERSION: u32 = 1;

const LINE_SEED: u64 = 0x6275_6464_6c65_0001;
const DOCUMENT_SEED: u64 = 0x6275_6464_6c65_0002;
const TEXT_SEED: u64 = 0x6275_6464_6c65_0003;
const FIELD_SEED: u64 = 0x6275_6464_6c65_0100;
const SITE_SEED: u64 = 0x6275_6464_6c65_0004;

/// Key of a line's compared form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LineKey(pub u128);

impl LineKey {
    /// The key of a compared form.
    pub fn of(compared: &[u8]) -> LineKey {
        LineKey(xxh3_128_with_seed(compared, LINE_SEED))
    }

    /// Half of the key.
    pub fn half(self) -> u64 {
        self.0 as u64
    }

    /// The 96 bits that stand in an index: with 10^12 distinct lines the chance that any two share them is 1 in 10^5.
    pub fn index_bits(self) -> (u64, u32) {
        ((self.0 >> 64) as u64, (self.0 >> 32) as u32)
    }

    /// A few bits that tell a line's neighbours apart; never 0, which stands for the end of the page.
    pub fn neighbour(self) -> u16 {
        ((self.0 >> 16) as u16).max(1)
    }
}

/// Key of a site's name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SiteKey(pub u64);

impl SiteKey {
    /// The key of a site's name. With 10^6 sites the chance that any two share one is 1 in 10^7.
    pub fn of(site: &str) -> SiteKey {
        SiteKey(xxh3_64_with_seed(site.as_bytes(), SITE_SEED))
    }
}

/// Key of a document's normalised text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DocumentKey(pub u128);

impl DocumentKey {
    /// The key of a text.
    pub fn of(text: &[u8]) -> DocumentKey {
        DocumentKey(xxh3_128_with_seed(text, DOCUMENT_SEED))
    }
}

/// Key of what a document is compared by: a field, or several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FieldKey(pub u128);

impl FieldKey {
    /// The key of a text.
    pub fn of_text(text: &[u8]) -> FieldKey {
        FieldKey(xxh3_128_with_seed(text, FIELD_SEED))
    }

    /// The key of a number, by bytes that equal numbers share.
    pub fn of_number(number: &[u8]) -> FieldKey {
        FieldKey(xxh3_128_with_seed(number, FIELD_SEED + 1))
    }

    /// The key of a value that is compared as it is written.
    pub fn of_written(value: &[u8]) -> FieldKey {
        FieldKey(xxh3_128_with_seed(value, FIELD_SEED + 2))
    }

    /// The key of several fields together: of those before, and this one.
    #[must_use]
    pub fn and(self, next: FieldKey) -> FieldKey {
        FieldKey(xxh3_128_with_seed(&[self.0.to_le_bytes(), next.0.to_le_bytes()].concat(), FIELD_SEED + 3))
    }
}

/// Hash of a line as it stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LineHash(pub u128);

impl LineHash {
    /// The hash of a line.
    pub fn of(line: &[u8]) -> LineHash {
        LineHash(xxh3_128_with_seed(line, TEXT_SEED))
    }

    /// A few bits that tell the forms of one line apart.
    pub fn form(self) -> u16 {
        self.0 as u16
    }

    /// The half whose wrapping sum over lines tells whether two multisets of lines are equal.
    pub fn half(self) -> u64 {
        (self.0 >> 64) as u64 ^ self.0 as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn test_vectors_pin_the_keys_of_fields() {
        let [text, number, written] = [FieldKey::of_text(b"1"), FieldKey::of_number(b"1"), FieldKey::of_written(b"1")];
        assert_eq!(
            [text, number, written, text.and(number)].map(|key| format!("{:032x}", key.0)),
            [
                "2b9ad33c365eca0f490e739e776145db",
                "0496a9e7c7f6c89c181ca83d0f260ac2",
                "c7d48a85e0d4eb2e38f40a082c806a86",
                "450efe684a5adff178a3d2f8db98b852"
            ]
        );
    }

    #[test]
    fn test_vectors_pin_the_keys() {
        let keys = [LineKey::of(b"").0, LineKey::of(b"read more").0, DocumentKey::of(b"read more").0, LineHash::of(b"read more").0];
        assert_eq!(
            keys.map(|k| format!("{k:032x}")),
            [
                "89fd6d642239e43049078f70fe65a596",
                "39beba7eb2a97f24a4b1e14dcf699b58",
                "11ca200bc584702e99f1e18a4d44ff90",
                "dd5bcc81ad554a96f1b73204f4dff2f6"
            ]
        );
    }
}
