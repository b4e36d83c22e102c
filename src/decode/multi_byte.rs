//! Which of the encodings that write Han, kana or Hangul in several bytes: the one that decodes without a fault to the most usual characters.
//!
//! What characters cost in Japanese, Korean and Chinese is data (`ideographs.bin`), made by `benches/encoding/ideographs.py`. Costs are bits of the
//! same bytes as those of [`super::single_byte`], so that the two can be held against each other.

use std::sync::LazyLock;

use encoding_rs::{BIG5, DecoderResult, EUC_JP, EUC_KR, Encoding, GBK, SHIFT_JIS};

use super::{Charset, johab, language::BIT};

static DATA: &[u8] = include_bytes!("ideographs.bin");

/// Bytes that must decode.
const MOST: usize = 64 << 10;
/// Bytes that are judged, from the first on that is not ASCII.
pub(super) const SHOWN: usize = 4 << 10;

/// What a character costs that is in no list: of the scripts of these languages, and any other.
const RARE: u8 = 250;
const STRANGE: u64 = 22 * BIT as u64;
/// What it costs to begin or end a word of such characters.
const EDGE: u64 = 3 * BIT as u64;

const JA: usize = 0;
const KO: usize = 1;
const HANS: usize = 2;
const HANT: usize = 3;

/// For each language the cost of each character of the basic plane.
static COSTS: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let mut rest = DATA;
    let mut all = Vec::new();
    while let Some((count, after)) = rest.split_first_chunk() {
        let mut costs = vec![RARE; 1 << 16];
        let (entries, after) = after.split_at_checked(usize::from(u16::from_le_bytes(*count)) * 3).unwrap_or((after, &[]));
        for entry in entries.as_chunks::<3>().0 {
            let [low, high, cost] = *entry;
            if let Some(slot) = costs.get_mut(usize::from(u16::from_le_bytes([low, high]))) {
                *slot = cost;
            }
        }
        all.push(costs);
        rest = after;
    }
    all
});

/// Encodings, the language that each was made for, and the bits that it costs to be rare.
fn candidates() -> [(Charset, usize, u64); 6] {
    [
        (Charset::Whatwg(SHIFT_JIS), JA, 0),
        (Charset::Whatwg(EUC_JP), JA, 0),
        (Charset::Whatwg(EUC_KR), KO, 0),
        (Charset::Whatwg(GBK), HANS, 0),
        (Charset::Whatwg(BIG5), HANT, 0),
        (Charset::Johab, KO, 6),
    ]
}

/// What was found.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found {
    /// The encoding.
    pub(super) charset: Charset,
    /// Is the first byte the rest of a character that was cut?
    pub(super) begins_cut: bool,
    /// Sixteenths of a bit that the bytes of [`sample`] cost in it.
    pub(super) cost: u64,
}

impl Found {
    /// Is it so likely that no other needs to be asked? `bytes` are those that it was judged by.
    pub(super) fn is_sure(&self, bytes: &[u8]) -> bool {
        let high = bytes.iter().filter(|b| **b >= 0x80).count() as u64;
        high >= 60 && self.cost * 2 <= high * 11 * u64::from(BIT)
    }
}

/// The bytes that are judged.
pub(super) fn sample(bytes: &[u8]) -> &[u8] {
    let start = Encoding::ascii_valid_up_to(bytes);
    bytes.get(start..bytes.len().min(start + SHOWN)).unwrap_or_default()
}

/// The likeliest of these encodings, if the bytes decode in any.
pub(super) fn detect(bytes: &[u8]) -> Option<Found> {
    let head = bytes.get(..bytes.len().min(MOST)).unwrap_or_default();
    let sample = sample(bytes);
    // What stands before the sample is ASCII, which all of them read alike.
    let start = Encoding::ascii_valid_up_to(bytes);
    let more = |from: usize| head.get(from..).filter(|_| start + sample.len() < head.len());
    let whole = judge(more(0), sample).map(|(charset, cost)| Found { charset, begins_cut: false, cost });
    if whole.is_some_and(|found| found.is_sure(sample)) {
        return whole;
    }
    // The first byte that is not ASCII begins the sample.
    let cut = (start == 0).then(|| judge(more(1), sample.get(1..).unwrap_or_default())).flatten();
    let cut = cut.map(|(charset, cost)| Found { charset, begins_cut: true, cost: cost + STRANGE });
    whole.into_iter().chain(cut).min_by_key(|found| found.cost)
}

/// The likeliest where none decodes without a fault: some bytes of a page are broken, or it holds what an encoding of that name does not.
/// `None` where it is none of them.
pub(super) fn detect_broken(bytes: &[u8]) -> Option<Charset> {
    let sample = sample(bytes);
    let high = sample.iter().filter(|b| **b >= 0x80).count() as u64;
    let found = candidates().into_iter().filter_map(|(charset, language, _)| Some((cost(&charset.decode(sample).0, language)?, charset)));
    let (cost, charset) = found.min_by_key(|(cost, _)| *cost)?;
    (cost * 2 <= high * 13 * u64::from(BIT)).then_some(charset)
}

/// The likeliest for a sample; `more` must decode too.
fn judge(more: Option<&[u8]>, sample: &[u8]) -> Option<(Charset, u64)> {
    let mut best: Option<(Charset, u64)> = None;
    let mut text = String::with_capacity(sample.len() * 2);
    for (charset, language, prior) in candidates() {
        // The sample first: most that do not decode are seen there.
        if !read(sample, charset, &mut text) {
            continue;
        }
        let Some(cost) = cost(&text, language) else { continue };
        let cost = cost + prior * u64::from(BIT);
        if best.is_none_or(|(_, least)| cost < least) && more.is_none_or(|more| valid(more, charset)) {
            best = Some((charset, cost));
        }
    }
    best
}

/// The text of bytes that decode without a fault, with U+FFFD for a character that is cut at the end; false where they do not.
fn read(bytes: &[u8], charset: Charset, text: &mut String) -> bool {
    text.clear();
    let Charset::Whatwg(encoding) = charset else {
        let is_valid = johab::is_valid(bytes);
        if is_valid {
            text.push_str(&johab::decode(bytes));
        }
        return is_valid;
    };
    let mut decoder = encoding.new_decoder_without_bom_handling();
    text.reserve(decoder.max_utf8_buffer_length_without_replacement(bytes.len()).unwrap_or(0));
    if decoder.decode_to_string_without_replacement(bytes, text, false).0 != DecoderResult::InputEmpty {
        return false;
    }
    text.reserve(decoder.max_utf8_buffer_length_without_replacement(0).unwrap_or(0));
    if decoder.decode_to_string_without_replacement(&[], text, true).0 != DecoderResult::InputEmpty {
        text.push('\u{fffd}');
    }
    true
}

fn valid(bytes: &[u8], charset: Charset) -> bool {
    match charset {
        Charset::Whatwg(encoding) => decodes(bytes, encoding),
        _ => johab::is_valid(bytes),
    }
}

/// What the sample costs as this text; `None` where no whole character of several bytes is in it.
fn cost(text: &str, language: usize) -> Option<u64> {
    let costs = COSTS.get(language)?;
    let whole = text.trim_end_matches('\u{fffd}');
    let mut cost = if whole.len() < text.len() { STRANGE } else { 0 };
    let mut inside = false;
    for c in whole.chars() {
        if c.is_ascii() {
            cost += if inside { EDGE } else { 0 };
            inside = false;
            continue;
        }
        cost += if inside { 0 } else { EDGE };
        inside = true;
        let known = u16::try_from(u32::from(c)).ok().and_then(|unit| costs.get(usize::from(unit))).copied().unwrap_or(RARE);
        cost += if known < RARE || belongs(c, language) { u64::from(known) } else { STRANGE };
    }
    (!whole.is_ascii()).then_some(cost)
}

/// Is it of a script that this language is written in?
fn belongs(c: char, language: usize) -> bool {
    match c {
        '\u{3000}'..='\u{303f}' | '\u{ff01}'..='\u{ff5e}' => true,
        '\u{4e00}'..='\u{9fff}' => language != KO,
        '\u{3040}'..='\u{30ff}' => language == JA,
        '\u{ac00}'..='\u{d7a3}' => language == KO,
        _ => false,
    }
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
            DecoderResult::InputEmpty => return true,
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(..) => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_text_is_enough() {
        assert_eq!(COSTS.len(), 4);
        for (text, label) in [
            ("第24条", "euc-jp"),
            ("日本語の文章です", "shift_jis"),
            ("人人生而自由", "gbk"),
            ("人人有權要求一種社會的秩序", "big5"),
            ("제 2 조", "euc-kr"),
        ] {
            let charset = Charset::for_label(label).unwrap();
            let Charset::Whatwg(encoding) = charset else { panic!("{label}") };
            let (bytes, ..) = encoding.encode(text);
            assert_eq!(detect(&bytes).map(|found| (found.charset, found.begins_cut)), Some((charset, false)), "{text}");
        }
        // 모든 사람은
        assert_eq!(detect(b"\xa1\x65\x97\x65 \xac\x61\x9c\xf1\xb7\x65").map(|found| found.charset), Some(Charset::Johab));
        assert!(detect(b"caf\xe9 au lait").is_none());
        let broken = [&SHIFT_JIS.encode(&"日本語の文章です。これは長いです。".repeat(9)).0[..], b"\xfd\xff\n"].concat();
        assert_eq!((detect(&broken).map(|found| found.charset), detect_broken(&broken)), (None, Some(Charset::Whatwg(SHIFT_JIS))));
    }
}
