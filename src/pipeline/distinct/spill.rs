//! Lines that the tables have no room for: temporary files without a name, by hash.

use std::{
    fs::File,
    io::{self, BufReader, BufWriter, Read, Seek, Write},
};

use super::super::temporary::Temporary;
use crate::model::Result;

/// What a run may hold, and what it is for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Room<'r> {
    /// Bytes of tables.
    pub(super) bytes: usize,
    /// Where temporary files go.
    pub(super) temporary: &'r Temporary,
    /// Copies that a line must have, and may have.
    pub(super) least: u64,
    pub(super) most: u64,
}

/// A line in a temporary file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Spilled<'l> {
    /// Bytes of the input before it.
    pub(super) position: u64,
    pub(super) key: &'l [u8],
    /// As it stands, where the key is a form.
    pub(super) line: &'l [u8],
}

/// The files of one table, by some bits of the hash.
#[derive(Debug)]
pub(super) struct Spill {
    parts: Vec<BufWriter<File>>,
    temporary: Temporary,
}

/// Files of all tables together, about; and of one, at least and at most.
const FILES: usize = 64;
const PARTS: std::ops::RangeInclusive<usize> = 4..=16;
/// Bits of the hash that choose the file: neither those of a slot nor those of a shard.
const PART_SHIFT: u32 = 32;
/// Says that a line is its key.
const SAME: u32 = u32::MAX;

impl Spill {
    /// Files for one of so many tables.
    pub(super) fn create(room: &Room<'_>, tables: usize) -> Result<Spill> {
        let parts = (FILES / tables.max(1)).clamp(*PARTS.start(), *PARTS.end());
        let buffer = (room.bytes / 8 / (parts * tables.max(1))).clamp(1 << 10, 128 << 10);
        let parts = (0..parts).map(|_| Ok(BufWriter::with_capacity(buffer, room.temporary.file()?))).collect::<Result<_>>()?;
        Ok(Spill { parts, temporary: room.temporary.clone() })
    }

    /// Writes a line to the file of its hash.
    pub(super) fn write(&mut self, hash: u64, spilled: Spilled<'_>) -> Result<()> {
        let part = (hash >> PART_SHIFT) as usize & (self.parts.len().next_power_of_two() - 1);
        let Some(out) = self.parts.get_mut(part) else { return Ok(()) };
        let Spilled { position, key, line } = spilled;
        let length = |bytes: &[u8]| u32::try_from(bytes.len()).unwrap_or(SAME);
        let is_same = key == line;
        let mut write = || {
            out.write_all(&position.to_le_bytes())?;
            out.write_all(&length(key).to_le_bytes())?;
            out.write_all(&if is_same { SAME } else { length(line) }.to_le_bytes())?;
            out.write_all(key)?;
            if is_same { Ok(()) } else { out.write_all(line) }
        };
        write().map_err(|e| self.temporary.full(e))
    }

    /// The files, to be read.
    pub(super) fn finish(self) -> Result<Vec<Partition>> {
        let Spill { parts, temporary } = self;
        let finish = |part: BufWriter<File>| {
            let mut file = part.into_inner().map_err(io::IntoInnerError::into_error)?;
            let bytes = file.stream_position()?;
            file.rewind()?;
            Ok(Partition { file, bytes })
        };
        let parts = parts.into_iter().map(finish).collect::<io::Result<Vec<_>>>().map_err(|e| temporary.full(e))?;
        Ok(parts.into_iter().filter(|part| part.bytes > 0).collect())
    }
}

/// Lines of which none stands in another partition.
#[derive(Debug)]
pub(super) struct Partition {
    file: File,
    pub(super) bytes: u64,
}

impl Partition {
    /// Hands out its lines in the order in which they came.
    pub(super) fn read(self, temporary: &Temporary, mut take: impl FnMut(Spilled<'_>) -> Result<()>) -> Result<()> {
        let mut input = BufReader::with_capacity(128 << 10, self.file);
        let (mut key, mut line) = (Vec::new(), Vec::new());
        let mut left = self.bytes;
        while left > 0 {
            let mut next = || {
                let position = u64::from_le_bytes(array(&mut input)?);
                let key_bytes = u32::from_le_bytes(array(&mut input)?);
                let line_bytes = u32::from_le_bytes(array(&mut input)?);
                read_into(&mut input, &mut key, key_bytes)?;
                if line_bytes != SAME {
                    read_into(&mut input, &mut line, line_bytes)?;
                }
                Ok((position, line_bytes == SAME))
            };
            let (position, is_same) = next().map_err(|e: io::Error| temporary.full(e))?;
            let line = if is_same { &key } else { &line };
            left = left.saturating_sub(16 + key.len() as u64 + if is_same { 0 } else { line.len() as u64 });
            take(Spilled { position, key: &key, line })?;
        }
        Ok(())
    }
}

/// Some bytes of a temporary file.
pub(super) fn array<const N: usize>(input: &mut impl Read) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    input.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// So many bytes of a temporary file.
pub(super) fn read_into(input: &mut impl Read, bytes: &mut Vec<u8>, length: u32) -> io::Result<()> {
    bytes.resize(length as usize, 0);
    input.read_exact(bytes)
}
