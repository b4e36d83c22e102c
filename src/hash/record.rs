//! Records of fixed size, parted by hash, sorted and made one: the form in which a survey keeps what it collects.
//!
//! Whoever collects gives [`Parted`] chunks in any order; whoever counts gets the records of one partition in order, each once.
//! Partitions can be worked off alone, on any thread or machine, and sorted runs of one partition merge exactly, since
//! [`Record::absorb`] is associative and commutative over records of one place in the order. Files of runs are the caller's.

/// Partitions of a chunk.
pub const PARTITIONS: usize = 64;

/// A record with an order and a hash.
pub trait Record: Copy + Ord + Send + Sync + 'static {
    /// Bytes that [`Record::write`] appends.
    const BYTES: usize;

    /// A hash, whose upper bits choose the partition. Records that are to be counted together have it in common.
    fn hash(&self) -> u64;

    /// Takes over the record that follows in the order, if the two count once.
    fn absorb(&mut self, next: &Self) -> bool;

    /// Appends the record's bytes.
    fn write(&self, out: &mut Vec<u8>);

    /// The record of [`Record::BYTES`] bytes; none of fewer.
    fn read(bytes: &[u8]) -> Option<Self>;
}

/// Reads the numbers of a record, one after the other.
#[derive(Clone, Copy, Debug)]
pub struct Numbers<'b>(pub &'b [u8]);

impl Numbers<'_> {
    /// The next bytes.
    pub fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*head)
    }
}

/// A number out of so many in the uppermost bits that those need: partitions by it are in the order of numbers.
pub fn raised(number: u32, count: u32) -> u32 {
    number << count.leading_zeros().min(31)
}

/// The number that [`raised`] raised.
pub fn lowered(number: u32, count: u32) -> u32 {
    number >> count.leading_zeros().min(31)
}

/// Records by partition, in one piece of memory.
#[derive(Clone, Debug)]
pub struct Parted<R> {
    records: Vec<R>,
    /// Where each partition ends.
    ends: Vec<usize>,
}

impl<R: Record> Parted<R> {
    /// Parts records: one count, one copy.
    pub fn of(records: &[R]) -> Parted<R> {
        let Some(first) = records.first() else { return Parted { records: Vec::new(), ends: Vec::new() } };
        let mut ends = vec![0; PARTITIONS];
        for record in records {
            if let Some(count) = ends.get_mut(partition(record)) {
                *count += 1;
            }
        }
        let mut start = 0;
        for end in &mut ends {
            // For now where the partition begins; each record that is placed moves it on, at last to its end.
            start += std::mem::replace(end, start);
        }
        let mut parted = vec![*first; records.len()];
        for record in records {
            if let Some(place) = ends.get_mut(partition(record)) {
                if let Some(slot) = parted.get_mut(*place) {
                    *slot = *record;
                }
                *place += 1;
            }
        }
        Parted { records: parted, ends }
    }

    /// The records of a partition, in the order in which they came.
    pub fn partition(&self, number: usize) -> &[R] {
        let end = |number: usize| self.ends.get(number).copied().unwrap_or(0);
        let start = number.checked_sub(1).map_or(0, end);
        self.records.get(start..end(number)).unwrap_or_default()
    }

    /// Bytes of memory.
    pub fn bytes(&self) -> usize {
        size_of_val(self.records.as_slice())
    }
}

fn partition<R: Record>(record: &R) -> usize {
    (record.hash() >> (64 - PARTITIONS.ilog2())) as usize
}

/// Sorts records and leaves each once.
pub fn sort<R: Record>(records: &mut Vec<R>) {
    records.sort_unstable();
    records.dedup_by(|next, kept| kept.absorb(next));
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
    struct Number(u64);

    impl Record for Number {
        const BYTES: usize = 8;
        fn hash(&self) -> u64 {
            self.0.wrapping_mul(0x9E37_79B9_7F4A_7C15)
        }
        fn absorb(&mut self, next: &Self) -> bool {
            self == next
        }
        fn write(&self, out: &mut Vec<u8>) {
            out.extend_from_slice(&self.0.to_le_bytes());
        }
        fn read(bytes: &[u8]) -> Option<Self> {
            Numbers(bytes).take().map(|n| Number(u64::from_le_bytes(n)))
        }
    }

    proptest! {
        #[test]
        fn every_record_is_in_its_partition(numbers in prop::collection::vec(0_u64..300, 0..400)) {
            let numbers: Vec<_> = numbers.into_iter().map(Number).collect();
            let parted = Parted::of(&numbers);
            prop_assert_eq!(parted.bytes(), numbers.len() * 8);
            for p in 0..PARTITIONS {
                let naive: Vec<_> = numbers.iter().copied().filter(|n| n.hash() >> 58 == p as u64).collect();
                prop_assert_eq!(parted.partition(p), naive);
            }
        }
    }
}
