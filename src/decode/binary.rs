//! What is no text: by the signature of a format, and by its nature.

use crate::model::with_simd;

/// Beginnings of formats that are never text.
const SIGNATURES: &[&[u8]] = &[
    b"\x89PNG\r\n",
    b"\xff\xd8\xff",
    b"GIF87a",
    b"GIF89a",
    b"%PDF-",
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"\x1f\x8b\x08",
    b"\x28\xb5\x2f\xfd",
    b"\xfd7zXZ\0",
    b"7z\xbc\xaf\x27\x1c",
    b"Rar!\x1a\x07",
    b"\x7fELF",
    b"\xfe\xed\xfa",
    b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    b"OggS\0",
    b"fLaC\0",
    b"ID3\x02",
    b"ID3\x03",
    b"ID3\x04",
    b"SQLite format 3\0",
    b"\0asm",
    b"\0\x01\0\0\0",
    b"wOFF",
    b"wOF2",
    b"II*\0",
    b"MM\0*",
    b"PAR1",
    b"ARROW1\0",
];

/// Bytes that are looked at.
const HEAD: usize = 1 << 16;

/// Does it begin as a format does that is no text?
pub(super) fn signature(bytes: &[u8]) -> bool {
    SIGNATURES.iter().any(|s| bytes.starts_with(s)) || is_bzip2(bytes)
}

/// `BZh`, a level, and a block or the end: letters alone would be text.
fn is_bzip2(bytes: &[u8]) -> bool {
    bytes.starts_with(b"BZh") && matches!(bytes.get(4..8), Some(b"1AY&" | b"\x17\x72\x45\x38"))
}

/// Is it no text, judged by signature and by the share of bytes that text does not hold? `valid`: it is UTF-8.
///
/// Valid UTF-8 may hold some NUL and controls (a log, a dump of a terminal); other text holds next to none.
pub(super) fn is_binary(bytes: &[u8], valid: bool) -> bool {
    if signature(bytes) {
        return true;
    }
    let head = bytes.get(..HEAD).unwrap_or(bytes);
    let (nul, controls) = with_simd(
        #[inline(always)]
        || {
            let (mut nul, mut controls) = (0, 0);
            for chunk in head.chunks(255) {
                let mut here = (0_u8, 0_u8);
                for b in chunk {
                    here.0 += u8::from(*b == 0);
                    here.1 += u8::from((*b < 0x20) & (*b != 0) & !(9..=13).contains(b) & (*b != 0x1B) | (*b == 0x7F));
                }
                nul += usize::from(here.0);
                controls += usize::from(here.1);
            }
            (nul, controls)
        },
    );
    if valid { (nul + controls) * 10 > head.len() } else { nul > 0 || controls * 50 > head.len() }
}
