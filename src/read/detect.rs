//! Is a source JSONL or plain text? Judged by its name and its first 64 KiB of plain bytes.
//!
//! Always the same 64 KiB, whatever the size of a read, so the answer is the same for a file, a stream and an archive.
//! A wrong guess is possible in both directions; `--from` overrides it.

use super::InputFormat;
use super::utf16::Utf16;

/// Bytes that are looked at.
pub(super) const HEAD_BYTES: usize = 64 << 10;

const UTF8_BOM: &[u8] = b"\xEF\xBB\xBF";

/// Length of a UTF-8 byte order mark at the beginning.
pub(super) fn bom_len(bytes: &[u8]) -> usize {
    if bytes.starts_with(UTF8_BOM) { UTF8_BOM.len() } else { 0 }
}

/// The format of a source of this name that begins with `head`; `whole` if its last line is complete.
pub(super) fn detect(name: &str, head: &[u8], whole: bool) -> InputFormat {
    let whole = whole && head.len() <= HEAD_BYTES;
    let head = head.get(..HEAD_BYTES).unwrap_or(head);
    let mut converted = Vec::new();
    let head = match Utf16::of_bom(head) {
        Some((mut utf16, skip)) => {
            utf16.decode(head.get(skip..).unwrap_or_default(), &mut converted);
            converted.as_slice()
        }
        None => head.get(bom_len(head)..).unwrap_or_default(),
    };
    if named_jsonl(name) || holds_jsonl(head, whole) { InputFormat::Jsonl } else { InputFormat::Text }
}

fn named_jsonl(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let stem = [".gz", ".zst", ".zstd"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(&name);
    stem.ends_with(".jsonl") || stem.ends_with(".ndjson")
}

fn holds_jsonl(head: &[u8], whole: bool) -> bool {
    let head = head.trim_ascii_start();
    if head.first() != Some(&b'{') {
        return false;
    }
    if !whole && memchr::memchr(b'\n', head).is_none() {
        return head.starts_with(b"{\"") || head.starts_with(b"{ \"");
    }
    // One good line is enough: the first may be the broken one.
    let complete = if whole { head } else { head.get(..memchr::memrchr(b'\n', head).unwrap_or(0)).unwrap_or_default() };
    complete.split(|b| *b == b'\n').any(is_object)
}

fn is_object(line: &[u8]) -> bool {
    let line = line.trim_ascii();
    line.first() == Some(&b'{') && serde_json::from_slice::<serde::de::IgnoredAny>(line).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats() {
        let cases: [(&str, &[u8], bool, InputFormat); 15] = [
            ("a", b"{\"text\":1}\n", true, InputFormat::Jsonl),
            ("a", b"{\"text\":1}", true, InputFormat::Jsonl),
            ("a", b"\n \n{broken\n{}\n", true, InputFormat::Jsonl),
            ("a", b"\xEF\xBB\xBF{}\n", true, InputFormat::Jsonl),
            ("a", b"\xFF\xFE{\0}\0\n\0", true, InputFormat::Jsonl),
            ("a", b"\xFE\xFF\0{\0}\0\n", true, InputFormat::Jsonl),
            ("a", b"{\"text\": \"long", false, InputFormat::Jsonl),
            ("a", b"{\"text\": \"cut", true, InputFormat::Text),
            ("a", b"{\n  \"a\": 1\n}\n", true, InputFormat::Text),
            ("a", b"{curly} text\n", true, InputFormat::Text),
            ("a", b"[1]\n{}\n", true, InputFormat::Text),
            ("a", b"", true, InputFormat::Text),
            ("a.jsonl", b"text", true, InputFormat::Jsonl),
            ("a.NDJSON.gz", b"text", true, InputFormat::Jsonl),
            ("a.json", b"text", true, InputFormat::Text),
        ];
        for (name, head, whole, want) in cases {
            assert_eq!(detect(name, head, whole), want, "{name} {head:?}");
        }
    }
}
