//! What a file of pages looks like, for those who write and who read it.
//!
//! A page is 16 KiB: its bytes, then eight of XXH3 over them and over its number, so that a changed page, or one in the place of another, is told.

use xxhash_rust::xxh3::xxh3_64_with_seed;

/// Bytes of a page.
pub const PAGE: usize = 16 << 10;
/// Bytes of a page that are not its checksum.
pub const PAGE_BYTES: usize = PAGE - 8;
/// What the number of byte order looks like in the right one.
pub const BYTE_ORDER: u32 = 0x0102_0304;

/// The checksum of a page.
pub fn page_checksum(bytes: &[u8], number: u64) -> u64 {
    xxh3_64_with_seed(bytes, number)
}

/// What a file of pages is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PagedKind {
    /// The first bytes.
    pub magic: [u8; 8],
    /// The version of what stands in it.
    pub version: u32,
}
