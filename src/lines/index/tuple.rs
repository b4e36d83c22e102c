//! What a survey keeps of a line on a page, and of a page: tuples, counted when all are there.

use crate::hash::{Numbers, Record, SiteKey};

/// A line on a page: 48 bytes. The order of the fields is the order of the sort.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tuple {
    // Not a `LineBits`: as a field that would take 4 bytes more.
    pub(super) high: u64,
    pub(super) low: u32,
    pub(super) site: SiteKey,
    pub(super) page: u64,
    pub(super) copies: u16,
    pub(super) before: u16,
    pub(super) after: u16,
    /// Lines before it on the page, and after.
    pub(super) start: u16,
    pub(super) end: u16,
    /// A few bits of it as it stands.
    pub(super) form: u16,
    /// Does the page's prose begin after it or end before it?
    pub(super) outside: bool,
    /// Its characters on all documents of the page, where the page alone does not show that a rule might take it.
    pub(super) chars: u32,
}

impl Tuple {
    /// Are both the same line on the same page?
    pub(super) fn is_same_place(&self, other: &Tuple) -> bool {
        (self.high, self.low, self.site, self.page) == (other.high, other.low, other.site, other.page)
    }
}

impl Record for Tuple {
    const BYTES: usize = 45;

    fn hash(&self) -> u64 {
        self.high
    }

    /// Of a line on a page the smallest tuple stays, whichever copy of the page it came from; all characters count.
    fn absorb(&mut self, next: &Tuple) -> bool {
        match self.chars.checked_add(next.chars) {
            Some(chars) if self.is_same_place(next) => {
                self.chars = chars;
                true
            }
            _ => false,
        }
    }

    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.high.to_le_bytes());
        out.extend_from_slice(&self.low.to_le_bytes());
        out.extend_from_slice(&self.site.0.to_le_bytes());
        out.extend_from_slice(&self.page.to_le_bytes());
        for number in [self.copies, self.before, self.after, self.start, self.end, self.form] {
            out.extend_from_slice(&number.to_le_bytes());
        }
        out.push(self.outside.into());
        out.extend_from_slice(&self.chars.to_le_bytes());
    }

    fn read(bytes: &[u8]) -> Option<Tuple> {
        let mut numbers = Numbers(bytes);
        Some(Tuple {
            high: u64::from_le_bytes(numbers.take()?),
            low: u32::from_le_bytes(numbers.take()?),
            site: SiteKey(u64::from_le_bytes(numbers.take()?)),
            page: u64::from_le_bytes(numbers.take()?),
            copies: u16::from_le_bytes(numbers.take()?),
            before: u16::from_le_bytes(numbers.take()?),
            after: u16::from_le_bytes(numbers.take()?),
            start: u16::from_le_bytes(numbers.take()?),
            end: u16::from_le_bytes(numbers.take()?),
            form: u16::from_le_bytes(numbers.take()?),
            outside: numbers.take::<1>()? != [0],
            chars: u32::from_le_bytes(numbers.take()?),
        })
    }
}

/// A page of a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SitePage {
    /// The site.
    pub site: SiteKey,
    /// Hash of its four longest lines.
    pub page: u64,
}

impl Record for SitePage {
    const BYTES: usize = 16;

    fn hash(&self) -> u64 {
        self.page
    }

    fn absorb(&mut self, next: &SitePage) -> bool {
        self == next
    }

    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.site.0.to_le_bytes());
        out.extend_from_slice(&self.page.to_le_bytes());
    }

    fn read(bytes: &[u8]) -> Option<SitePage> {
        let mut numbers = Numbers(bytes);
        Some(SitePage { site: SiteKey(u64::from_le_bytes(numbers.take()?)), page: u64::from_le_bytes(numbers.take()?) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn bytes_read_back(n in any::<[u64; 3]>(), low: u32, s in any::<[u16; 6]>(), outside: bool, chars: u32) {
            let [high, site, page] = n;
            let [copies, before, after, start, end, form] = s;
            let tuple = Tuple { high, low, site: SiteKey(site), page, copies, before, after, start, end, form, outside, chars };
            let page = SitePage { site: SiteKey(site), page };
            let mut bytes = Vec::new();
            tuple.write(&mut bytes);
            prop_assert_eq!(bytes.len(), Tuple::BYTES);
            prop_assert_eq!(Tuple::read(&bytes), Some(tuple));
            prop_assert_eq!(Tuple::read(&bytes[1..]), None);
            bytes.clear();
            page.write(&mut bytes);
            prop_assert_eq!(bytes.len(), SitePage::BYTES);
            prop_assert_eq!(SitePage::read(&bytes), Some(page));
        }
    }

    #[test]
    fn of_a_line_on_a_page_the_smallest_stays_with_all_characters() {
        let tuple = |page, copies, chars| Tuple {
            high: 1,
            low: 2,
            site: SiteKey(3),
            page,
            copies,
            before: 0,
            after: 0,
            start: 0,
            end: 0,
            form: 0,
            outside: false,
            chars,
        };
        let mut tuples = vec![tuple(8, 1, 7), tuple(7, 2, 30), tuple(7, 1, 5), tuple(7, 1, 600), tuple(9, 1, u32::MAX), tuple(9, 1, 1)];
        crate::hash::sort(&mut tuples);
        // The sum of page 9 has no room in one.
        assert_eq!(tuples, [tuple(7, 1, 635), tuple(8, 1, 7), tuple(9, 1, 1), tuple(9, 1, u32::MAX)]);
    }

    #[test]
    fn a_tuple_has_48_bytes_in_memory() {
        assert_eq!(size_of::<Tuple>(), 48);
    }
}
