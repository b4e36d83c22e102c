//! Bytes by number, in memory as long as there is room, then on disk: what one read of the input leaves for another.
//!
//! Numbers are those of blocks, which all reads share. Bytes come in any order and are given out whole, once or as often as wanted, or in part.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, Read, Write},
    ops::Range,
    sync::{Mutex, PoisonError},
};

use super::temporary::Temporary;
use crate::{
    model::{Result, take_buffer},
    read::ReadAt,
};

/// Where the bytes of a number are.
#[derive(Debug)]
enum Place {
    Memory(Vec<u8>),
    Disk { start: u64, bytes: usize },
}

/// The bytes of all numbers.
#[derive(Debug)]
pub struct Shelf {
    places: Mutex<BTreeMap<usize, Place>>,
    temporary: Temporary,
    file: Option<File>,
    /// Bytes that memory has room for yet.
    room: u64,
    /// Bytes that went to disk.
    pub spilled: u64,
}

impl Shelf {
    /// An empty one; so many bytes may stay in memory.
    pub fn new(temporary: &Temporary, room: u64) -> Shelf {
        Shelf { places: Mutex::default(), temporary: temporary.clone(), file: None, room, spilled: 0 }
    }

    /// Takes in the bytes of a number.
    ///
    /// # Errors
    /// Where temporary files cannot be written.
    pub fn add(&mut self, number: usize, bytes: Vec<u8>) -> Result<()> {
        let len = bytes.len();
        let place = if len as u64 <= self.room {
            self.room -= len as u64;
            Place::Memory(bytes)
        } else {
            // Later numbers are not to find the room that this one did not, a few bytes at a time.
            self.room = 0;
            let file = match &mut self.file {
                Some(file) => file,
                none => none.insert(self.temporary.file()?),
            };
            file.write_all(&bytes).map_err(|e| self.temporary.full(e))?;
            let start = self.spilled;
            self.spilled += len as u64;
            Place::Disk { start, bytes: len }
        };
        self.places.get_mut().unwrap_or_else(PoisonError::into_inner).insert(number, place);
        Ok(())
    }

    /// Gives out the bytes of a number for the last time; none of a number that has none.
    ///
    /// # Errors
    /// Where temporary files cannot be read.
    pub fn take(&self, number: usize) -> Result<Option<Vec<u8>>> {
        match self.places.lock().unwrap_or_else(PoisonError::into_inner).remove(&number) {
            None => Ok(None),
            Some(Place::Memory(bytes)) => Ok(Some(bytes)),
            Some(Place::Disk { start, bytes }) => self.read_disk(start, bytes).map(Some),
        }
    }

    /// A copy of the bytes of a number, or of part of them; none of a number that has none.
    ///
    /// # Errors
    /// Where temporary files cannot be read.
    pub fn read(&self, number: usize, part: Option<Range<usize>>) -> Result<Option<Vec<u8>>> {
        let places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        let (start, len) = match places.get(&number) {
            None => return Ok(None),
            Some(Place::Memory(bytes)) => {
                let wanted = bytes.get(part.unwrap_or(0..bytes.len())).unwrap_or_default();
                let mut copy = take_buffer(wanted.len());
                copy.extend_from_slice(wanted);
                return Ok(Some(copy));
            }
            Some(Place::Disk { start, bytes }) => (*start, *bytes),
        };
        drop(places);
        let part = part.unwrap_or(0..len);
        self.read_disk(start + part.start as u64, part.len()).map(Some)
    }

    fn read_disk(&self, start: u64, len: usize) -> Result<Vec<u8>> {
        let read = || {
            let mut bytes = take_buffer(len);
            if let Some(file) = &self.file {
                ReadAt::new(file, start).take(len as u64).read_to_end(&mut bytes)?;
            }
            Ok::<_, io::Error>(bytes)
        };
        read().map_err(|e| self.temporary.full(e))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_come_back_from_memory_and_disk() {
        let mut shelf = Shelf::new(&Temporary::of(None).unwrap(), 300);
        let bytes = |n: u8| (0..100 + n).collect::<Vec<u8>>();
        for n in [3, 1, 7, 4] {
            shelf.add(n.into(), bytes(n)).unwrap();
        }
        assert_eq!(shelf.spilled, 107 + 104);
        for n in [1, 7, 4, 3] {
            assert_eq!(shelf.read(n.into(), None).unwrap().unwrap(), bytes(n));
            assert_eq!(shelf.read(n.into(), Some(5..9)).unwrap().unwrap(), [5, 6, 7, 8]);
            assert_eq!(shelf.take(n.into()).unwrap().unwrap(), bytes(n));
            assert!(shelf.take(n.into()).unwrap().is_none() && shelf.read(n.into(), None).unwrap().is_none());
        }
    }
}
