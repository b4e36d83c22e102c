//! Which of the encodings that write Han, kana or Hangul in several bytes, if any: what decodes without a fault, judged by chardetng.
//!
//! chardetng looks at all its encodings at some 20 MB a second, so it is asked only where one of these decodes, about as much as it needs.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{BIG5, EUC_JP, EUC_KR, Encoding, GBK, SHIFT_JIS};

const ENCODINGS: [&Encoding; 5] = [SHIFT_JIS, EUC_JP, EUC_KR, GBK, BIG5];
/// Bytes that must decode.
const MOST: usize = 64 << 10;
/// Bytes that chardetng is shown.
const SHOWN: usize = 6 << 10;

/// The encoding of several bytes that this is, if it is one, and whether the first byte is the rest of a character that was cut. `tld` is the
/// top-level domain of its site.
pub(super) fn detect(bytes: &[u8], tld: Option<&str>) -> Option<(&'static Encoding, bool)> {
    let head = bytes.get(..bytes.len().min(MOST)).unwrap_or_default();
    judge(head, tld).map(|encoding| (encoding, false)).or_else(|| {
        let (first, rest) = head.split_first()?;
        (*first >= 0x80).then(|| judge(rest, tld))?.map(|encoding| (encoding, true))
    })
}

fn judge(head: &[u8], tld: Option<&str>) -> Option<&'static Encoding> {
    let valid: Vec<&'static Encoding> = ENCODINGS.into_iter().filter(|encoding| decodes(head, encoding)).collect();
    if valid.is_empty() {
        return None;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    // From the first byte that says something; `last` stays false: what a cut at the end would say is no evidence.
    let start = Encoding::ascii_valid_up_to(head);
    detector.feed(head.get(start..head.len().min(start + SHOWN)).unwrap_or_default(), false);
    // The detector panics on what no host name has.
    let tld = tld.map(str::as_bytes).filter(|t| t.iter().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || *b == b'-'));
    let guess = detector.guess(tld, Utf8Detection::Deny);
    (valid.contains(&guess) && !stand_alone(head, guess)).then_some(guess)
}

/// Does most of what is not ASCII stand alone between plain letters, or has each of these characters a letter for its second byte? Those are
/// accents in words, whatever they decode to.
fn stand_alone(head: &[u8], encoding: &'static Encoding) -> bool {
    let (text, _) = encoding.decode_without_bom_handling(head.get(..SHOWN).unwrap_or(head));
    let (mut all, mut alone) = (0_usize, 0_usize);
    let (mut before, mut chars) = (' ', text.chars().peekable());
    while let Some(c) = chars.next() {
        if !c.is_ascii() {
            all += 1;
            let after = chars.peek().copied().unwrap_or(' ');
            alone += usize::from(before.is_ascii() && after.is_ascii() && (before.is_ascii_alphabetic() || after.is_ascii_alphabetic()));
        }
        before = c;
    }
    let mut bytes = head.iter().copied().peekable();
    let mut all_swallow = true;
    while let Some(byte) = bytes.next() {
        if byte >= 0x80 {
            all_swallow &= bytes.next().is_none_or(|second| second.is_ascii_alphabetic());
        }
    }
    alone * 2 > all || all_swallow
}

/// Does it decode without a fault, but for a character that is cut at the end?
pub(super) fn decodes(bytes: &[u8], encoding: &'static Encoding) -> bool {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut out = [0; 4096];
    let mut rest = bytes;
    loop {
        let (result, read, _) = decoder.decode_to_utf8_without_replacement(rest, &mut out, false);
        rest = rest.get(read..).unwrap_or_default();
        match result {
            encoding_rs::DecoderResult::InputEmpty => return true,
            encoding_rs::DecoderResult::OutputFull => {}
            encoding_rs::DecoderResult::Malformed(..) => return false,
        }
    }
}
