//! A line of a site as it stands in a file of lines: about 25 bytes, whatever it is that varies.
//!
//! Two bytes say what is not as usual: most lines stand once on a page, between the same neighbours on all of them. Numbers are written in sevens of
//! bits, least first, the eighth bit for more (LEB128). Rows stand in the order of their sites, and of their bits in them.

use super::{
    LineBits, SiteLine, Usual,
    column::{COLUMNS, Column, TOPS, tops_of},
};
use crate::hash::{Numbers, SiteKey};

/// Bit of a head: copies and their squares follow, since there are more than pages.
const COPIES: u16 = 1 << 10;
/// Pages on which the line stands outside the prose follow.
const OUTSIDE: u16 = 1 << 11;
/// They are all.
const ALL_OUTSIDE: u16 = 1 << 12;
/// The site follows; else it is that of the row before.
const SITE: u16 = 1 << 13;
/// How a column stands: as many values as this and one, which are on all pages; or with all counts.
const FULL: u16 = 3;
/// Columns whose values are places: small numbers mostly.
const PLACES: [usize; 2] = [2, 3];

/// A line of a site, with what merges of indexes need.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LineRow {
    /// The site.
    pub site: SiteKey,
    /// 96 bits of the line's key.
    pub bits: LineBits,
    /// Pages that hold it.
    pub pages: u32,
    /// Copies on them.
    pub copies: u64,
    /// Sum of the squared copies a page.
    pub squares: u64,
    /// Pages whose prose begins after its first copy or ends before it.
    pub outside: u32,
    /// The line before, the line after, the place from the start and from the end, the form.
    pub columns: [Column; COLUMNS],
}

impl LineRow {
    /// What a row begins with, for the order.
    pub fn key(&self) -> (SiteKey, LineBits) {
        (self.site, self.bits)
    }

    /// What the judgement asks for.
    pub fn line(&self) -> SiteLine {
        let [before, after, start, end, form] = self.columns.map(|column| column.usual());
        SiteLine {
            pages: self.pages,
            copies: self.copies,
            squares: self.squares,
            before,
            after,
            start: start.pages,
            end: end.pages,
            form,
            outside: self.outside,
        }
    }

    /// The row of both, where pages are those of either.
    pub fn merge(&self, other: &LineRow) -> LineRow {
        let mut columns = self.columns;
        columns.iter_mut().zip(&other.columns).enumerate().for_each(|(n, (column, other))| *column = column.merge(other, tops_of(n)));
        LineRow {
            pages: self.pages.saturating_add(other.pages),
            copies: self.copies.saturating_add(other.copies),
            squares: self.squares.saturating_add(other.squares),
            outside: self.outside.saturating_add(other.outside),
            columns,
            ..*self
        }
    }

    /// Writes the row behind that of `before`, the site of which need not be said again.
    pub fn write(&self, before: Option<SiteKey>, out: &mut Vec<u8>) {
        let codes = self.columns.map(|column| code(&column, self.pages));
        let mut head = codes.iter().rev().fold(0, |head, code| head << 2 | code);
        let plain = self.copies == u64::from(self.pages) && self.squares == u64::from(self.pages);
        for (bit, is_set) in [
            (COPIES, !plain),
            (OUTSIDE, self.outside != 0 && self.outside != self.pages),
            (ALL_OUTSIDE, self.outside != 0 && self.outside == self.pages),
            (SITE, before != Some(self.site)),
        ] {
            head |= if is_set { bit } else { 0 };
        }
        out.extend_from_slice(&head.to_le_bytes());
        if head & SITE != 0 {
            out.extend_from_slice(&self.site.0.to_le_bytes());
        }
        out.extend_from_slice(&self.bits.0.to_le_bytes());
        out.extend_from_slice(&self.bits.1.to_le_bytes());
        write_number(self.pages.into(), out);
        if head & COPIES != 0 {
            write_number(self.copies, out);
            write_number(self.squares, out);
        }
        if head & OUTSIDE != 0 {
            write_number(self.outside.into(), out);
        }
        for (n, (column, code)) in self.columns.iter().zip(codes).enumerate() {
            let listed = column.listed().count();
            if code == FULL {
                let is_merged = column.missing > 0;
                write_number(u64::from(column.others) << 3 | u64::from(is_merged) << 2 | listed as u64, out);
                if is_merged {
                    write_number(column.missing.into(), out);
                }
            }
            let told = counts_told(code, self.pages);
            for (m, top) in column.listed().enumerate() {
                if PLACES.contains(&n) {
                    write_number(top.neighbour.into(), out);
                } else {
                    out.extend_from_slice(&top.neighbour.to_le_bytes());
                }
                if m < told {
                    write_number(top.pages.into(), out);
                }
            }
        }
    }

    /// Reads a row behind that of `before`; `None` for what is none.
    pub fn read(numbers: &mut Numbers<'_>, before: Option<SiteKey>) -> Option<LineRow> {
        let head = u16::from_le_bytes(numbers.take()?);
        let site = if head & SITE != 0 { SiteKey(u64::from_le_bytes(numbers.take()?)) } else { before? };
        let bits = (u64::from_le_bytes(numbers.take()?), u32::from_le_bytes(numbers.take()?));
        let pages = small(numbers)?;
        let mut row = LineRow { site, bits, pages, copies: pages.into(), squares: pages.into(), ..LineRow::default() };
        if head & COPIES != 0 {
            (row.copies, row.squares) = (read_number(numbers)?, read_number(numbers)?);
        }
        row.outside = match head & (OUTSIDE | ALL_OUTSIDE) {
            0 => 0,
            OUTSIDE => small(numbers)?,
            ALL_OUTSIDE => pages,
            _ => return None,
        };
        for (n, column) in row.columns.iter_mut().enumerate() {
            let code = head >> (2 * n) & 3;
            let mut count = usize::from(code) + 1;
            if code == FULL {
                let full = read_number(numbers)?;
                (count, column.others) = ((full & 3) as usize, u32::try_from(full >> 3).ok()?);
                if full & 4 != 0 {
                    column.missing = small(numbers)?;
                }
            }
            let told = counts_told(code, pages);
            let mut left = pages;
            for (m, top) in column.tops.iter_mut().take(count).enumerate() {
                let neighbour = if PLACES.contains(&n) { u16::try_from(read_number(numbers)?).ok()? } else { u16::from_le_bytes(numbers.take()?) };
                let last = count - 1 - m;
                let pages = match () {
                    () if m < told => small(numbers)?,
                    () if last == 0 => left,
                    // The first of two on three pages, or of three on four.
                    () => left.saturating_sub(u32::try_from(last).ok()?),
                };
                left = left.saturating_sub(pages);
                *top = Usual { neighbour, pages };
            }
        }
        Some(row)
    }
}

/// How many values of a column are told with their pages. The last has what is left; and where there are no more pages than that all but the first have one, so do they.
fn counts_told(code: u16, pages: u32) -> usize {
    match code {
        FULL => TOPS,
        _ if pages <= u32::from(code) + 2 => 0,
        _ => usize::from(code),
    }
}

/// How many values a column has but one, where they are on all pages; else [`FULL`].
fn code(column: &Column, pages: u32) -> u16 {
    let listed = column.listed().count();
    let sum: u64 = column.listed().map(|top| u64::from(top.pages)).sum();
    match listed.checked_sub(1) {
        Some(more) if sum == u64::from(pages) && (column.others, column.missing) == (0, 0) => u16::try_from(more).unwrap_or(FULL),
        _ => FULL,
    }
}

fn write_number(mut number: u64, out: &mut Vec<u8>) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

fn read_number(numbers: &mut Numbers<'_>) -> Option<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let [byte] = numbers.take()?;
        let bits = u64::from(byte & 0x7F);
        if bits << shift >> shift != bits {
            return None;
        }
        number |= bits << shift;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

fn small(numbers: &mut Numbers<'_>) -> Option<u32> {
    u32::try_from(read_number(numbers)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    prop_compose! {
        fn column()(values in prop::collection::btree_map(any::<u16>(), prop_oneof![1_u32..9, any::<u32>()], 0..5), missing in 0_u32..3) -> Column {
            let mut column = Column { missing, ..Column::default() };
            values.into_iter().for_each(|(neighbour, pages)| column.offer(Usual { neighbour, pages }, TOPS));
            column
        }
    }

    prop_compose! {
        fn row()(site in 0_u64..3, bits in any::<(u64, u32)>(), one: u16, columns in prop::array::uniform5(column()),
                 (pages, copies, squares, outside) in (1_u32..4, 1_u64..5, any::<u64>(), 0_u32..4), plain: bool) -> LineRow {
            let mut row = LineRow { site: SiteKey(site), bits, pages, copies, squares, outside, columns };
            if plain {
                (row.copies, row.squares) = (pages.into(), pages.into());
                row.columns = [Column::of_usual(Usual { neighbour: one, pages }); 5];
            }
            row
        }
    }

    proptest! {
        #[test]
        fn rows_come_back(rows in prop::collection::vec(row(), 0..20)) {
            let mut bytes = Vec::new();
            let mut before = None;
            for row in &rows {
                row.write(before, &mut bytes);
                before = Some(row.site);
            }
            let mut numbers = Numbers(&bytes);
            let mut before = None;
            for row in &rows {
                let read = LineRow::read(&mut numbers, before);
                prop_assert_eq!(read.as_ref(), Some(row));
                before = Some(row.site);
            }
            prop_assert!(numbers.0.is_empty());
        }

        #[test]
        fn nothing_else_is_believed_beyond_its_end(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
            let mut numbers = Numbers(&bytes);
            if LineRow::read(&mut numbers, None).is_some() {
                prop_assert!(numbers.0.len() < bytes.len());
            }
        }
    }

    #[test]
    fn a_plain_line_takes_little() {
        let usual = |neighbour| Column::of_usual(Usual { neighbour, pages: 7 });
        let columns = [usual(40_000), usual(50_000), usual(3), usual(90), usual(7)];
        let row = LineRow { site: SiteKey(1), bits: (2, 3), pages: 7, copies: 7, squares: 7, outside: 7, columns };
        let mut bytes = Vec::new();
        row.write(Some(SiteKey(1)), &mut bytes);
        assert_eq!(bytes.len(), 23);
    }
}
