//! The largest few of a stream.

use std::{cmp::Reverse, collections::BinaryHeap};

/// Keeps the largest values that it is given, so many.
#[derive(Debug)]
pub struct Best<T> {
    heap: BinaryHeap<Reverse<T>>,
    room: usize,
}

impl<T: Ord> Best<T> {
    /// Room for so many.
    pub fn new(room: usize) -> Best<T> {
        Best { heap: BinaryHeap::new(), room }
    }

    /// One more.
    pub fn add(&mut self, value: T) {
        if self.heap.len() < self.room {
            self.heap.push(Reverse(value));
        } else if let Some(mut least) = self.heap.peek_mut()
            && least.0 < value
        {
            *least = Reverse(value);
        }
    }

    /// Those that were kept, in any order.
    pub fn into_values(self) -> impl Iterator<Item = T> {
        self.heap.into_iter().map(|value| value.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_stay() {
        let mut best = Best::new(3);
        [5, 1, 9, 3, 9, 2].into_iter().for_each(|n| best.add(n));
        let mut values: Vec<i32> = best.into_values().collect();
        values.sort_unstable();
        assert_eq!(values, [5, 9, 9]);
        let mut none = Best::new(0);
        none.add(1);
        assert_eq!(none.into_values().count(), 0);
    }
}
