//! Any bytes, with a declared encoding that the first byte picks: no panic; decided by the bytes alone; valid UTF-8 that is taken as such comes out
//! as it went in; normalising twice is normalising once.
#![no_main]

use buddle::decode::{Decision, Normalizer, StepCounts, Steps, decode, detect};
use libfuzzer_sys::fuzz_target;

const DECLARED: [Option<&str>; 8] =
    [None, Some("utf-8"), Some("windows-1252"), Some("koi8-r"), Some("shift_jis"), Some("utf-16le"), Some("johab"), Some("iso-2022-kr")];

fuzz_target!(|bytes: &[u8]| {
    let Some((first, bytes)) = bytes.split_first() else { return };
    let declared = DECLARED[usize::from(*first) % DECLARED.len()];
    let Ok(decoded) = decode(bytes, declared) else {
        assert!(detect(bytes, declared).is_err());
        return;
    };
    assert_eq!(detect(bytes, declared), Ok(decoded.decision));
    assert_eq!(decoded.decision.decode(bytes), decoded);
    if decoded.decision == Decision::VALID {
        assert_eq!(decoded.text.as_bytes(), bytes);
    }
    for (first, last) in decoded.decision.parts(bytes) {
        assert!(0 < first && first <= last);
    }
    let normalizer = Normalizer::new(Steps::all());
    let once = normalizer.normalize(&decoded.text, &mut StepCounts::default()).text.into_owned();
    let mut counts = StepCounts::default();
    assert_eq!(normalizer.normalize(&once, &mut counts).text, once);
});
