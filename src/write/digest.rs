//! A writer that knows what went through it: the number of bytes and their SHA-256, for the manifest.
//!
//! Only bytes that the inner writer took are counted, so a short write cannot make the two disagree. It does
//! not buffer and does not sync.

use std::fmt::Write as _;
use std::io::{self, Write};

use sha2::{Digest, Sha256};

/// What was written to one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Bytes, as they stand in the file.
    pub bytes: u64,
    /// SHA-256 of those bytes, 64 hexadecimal digits in lower case.
    pub sha256: String,
}

/// Counts and hashes what passes to the inner writer.
#[derive(Debug)]
pub(super) struct Hashed<W> {
    inner: W,
    bytes: u64,
    hash: Sha256,
}

impl<W: Write> Hashed<W> {
    /// Nothing written yet.
    pub(super) fn new(inner: W) -> Self {
        Hashed { inner, bytes: 0, hash: Sha256::new() }
    }

    /// The inner writer, not flushed, and what passed to it.
    pub(super) fn into_parts(self) -> (W, Written) {
        let mut sha256 = String::with_capacity(64);
        for byte in self.hash.finalize() {
            // Writing to a String cannot fail.
            let _ = write!(sha256, "{byte:02x}");
        }
        (self.inner, Written { bytes: self.bytes, sha256 })
    }
}

impl<W: Write> Write for Hashed<W> {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        let taken = self.inner.write(buf)?;
        self.hash.update(buf.get(..taken).unwrap_or(buf));
        self.bytes += u64::try_from(taken).unwrap_or(u64::MAX);
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Takes at most two bytes a call.
    struct Short(Vec<u8>);

    impl Write for Short {
        fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
            let n = buf.len().min(2);
            self.0.extend_from_slice(&buf[..n]);
            Ok(n)
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn known_vectors_through_short_writes() {
        let cases = [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        ];
        for (text, want) in cases {
            let mut out = Hashed::new(Short(Vec::new()));
            out.write_all(text.as_bytes()).unwrap();
            let (inner, written) = out.into_parts();
            assert_eq!(inner.0, text.as_bytes());
            assert_eq!(written, Written { bytes: text.len() as u64, sha256: want.to_owned() });
        }
    }
}
