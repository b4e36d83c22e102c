//! How output is compressed: one frame at a time, so that frames can be made anywhere and joined in order.
//!
//! A zstd frame carries its content size and a checksum; a gzip member carries no time and no name. The bytes
//! of a frame depend on its content alone. Reading back is not done here: a reader must accept several frames
//! (or gzip members) in one file.

use std::cell::RefCell;
use std::io::Write;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::model::Result;

/// The zstd level unless another is asked for: twice as fast as level 3, its files a quarter larger on web text.
const ZSTD_LEVEL: u32 = 1;
/// The gzip level unless another is asked for: what `gzip` does unasked.
const GZIP_LEVEL: u32 = 6;

/// The compression of an output file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Compression {
    /// Bytes as they are.
    None,
    /// Gzip members.
    Gzip,
    /// Zstandard frames.
    Zstd,
}

impl Compression {
    /// What a file name gets at its end, with the dot; empty for none.
    pub fn extension(self) -> &'static str {
        match self {
            Compression::None => "",
            Compression::Gzip => ".gz",
            Compression::Zstd => ".zst",
        }
    }

    /// The compression that a file's name asks for, by its last extension in any case.
    pub fn of_name(path: &Path) -> Compression {
        let extension = path.extension().unwrap_or_default();
        if extension.eq_ignore_ascii_case("gz") {
            Compression::Gzip
        } else if extension.eq_ignore_ascii_case("zst") {
            Compression::Zstd
        } else {
            Compression::None
        }
    }

    /// The highest level that may be asked for.
    pub fn max_level(self) -> u32 {
        match self {
            Compression::None => u32::MAX,
            Compression::Gzip => 9,
            Compression::Zstd => 19,
        }
    }

    /// One frame with all of `bytes`, at `level` (0: the usual one): frames put one after the other are one valid file.
    ///
    /// # Errors
    /// What the compressor's library reports: it ran out of memory.
    pub fn compress(self, bytes: &[u8], level: u32) -> Result<Vec<u8>> {
        let level = |usual: u32| if level == 0 { usual } else { level.min(self.max_level()) };
        match self {
            Compression::None => Ok(bytes.to_vec()),
            Compression::Gzip => {
                let out = Vec::with_capacity(bytes.len() / 3 + 64);
                let mut encoder = flate2::GzBuilder::new().mtime(0).write(out, flate2::Compression::new(level(GZIP_LEVEL)));
                encoder.write_all(bytes)?;
                Ok(encoder.finish()?)
            }
            Compression::Zstd => {
                thread_local! {
                    // Its tables are large: one for each thread, not one for each frame.
                    static COMPRESSOR: RefCell<Option<zstd::bulk::Compressor<'static>>> = const { RefCell::new(None) };
                }
                COMPRESSOR.with_borrow_mut(|slot| {
                    let compressor = match slot {
                        Some(compressor) => compressor,
                        None => slot.insert(zstd::bulk::Compressor::default()),
                    };
                    compressor.set_compression_level(i32::try_from(level(ZSTD_LEVEL)).unwrap_or(1))?;
                    compressor.include_contentsize(true)?;
                    compressor.include_checksum(true)?;
                    Ok(compressor.compress(bytes)?)
                })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    fn read_back(compression: Compression, bytes: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        match compression {
            Compression::None => out.extend_from_slice(bytes),
            Compression::Gzip => drop(flate2::read::MultiGzDecoder::new(bytes).read_to_end(&mut out).unwrap()),
            Compression::Zstd => drop(zstd::stream::read::Decoder::new(bytes).unwrap().read_to_end(&mut out).unwrap()),
        }
        out
    }

    #[test]
    fn joined_frames_are_one_file() {
        for compression in [Compression::None, Compression::Gzip, Compression::Zstd] {
            let (mut joined, mut want) = (Vec::new(), Vec::new());
            for part in ["", "one\n", &"two words\n".repeat(100_000), "ü\n"] {
                let frame = compression.compress(part.as_bytes(), 0).unwrap();
                assert_eq!(frame, compression.compress(part.as_bytes(), 0).unwrap(), "the same bytes again");
                joined.extend(frame);
                want.extend_from_slice(part.as_bytes());
            }
            assert_eq!(read_back(compression, &joined), want, "{compression:?}");
        }
    }

    #[test]
    fn frames_carry_what_is_promised() {
        let gzip = Compression::Gzip.compress(b"text", 0).unwrap();
        assert_eq!(gzip[3..8], [0; 5], "no name, no time");
        let zstd = Compression::Zstd.compress(b"text", 0).unwrap();
        assert_eq!(zstd[4] & 0b10_0100, 0b10_0100, "one segment, whose size is known, and a checksum");
        assert_eq!(zstd::zstd_safe::get_frame_content_size(&zstd).unwrap(), Some(4));
    }

    #[test]
    fn names_and_codes() {
        for (name, want) in
            [("a.jsonl", Compression::None), ("a.jsonl.gz", Compression::Gzip), ("A.JSONL.ZST", Compression::Zstd), ("gz", Compression::None)]
        {
            assert_eq!(Compression::of_name(Path::new(name)), want, "{name}");
        }
        for c in [Compression::None, Compression::Gzip, Compression::Zstd] {
            let code = serde_json::to_string(&c).unwrap();
            assert_eq!(serde_json::from_str::<Compression>(&code).unwrap(), c);
            assert_eq!(Compression::of_name(Path::new(&format!("x{}", c.extension()))), c);
        }
    }
}
