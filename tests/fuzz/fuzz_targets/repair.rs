//! Any text: no panic; repairing twice is repairing once; lines stay lines; ASCII and what is borrowed stay as they are. Then the text misread in
//! windows-1252: no panic either.
#![no_main]

use buddle::decode::{Charset, Repairs, repair};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let mut repairs = Repairs::default();
    let once = repair(text, &mut repairs);
    assert_eq!(matches!(once, std::borrow::Cow::Borrowed(_)), repairs.lines() == 0);
    assert!(!text.is_ascii() || once == text);
    assert_eq!(once.matches('\n').count(), text.matches('\n').count());
    let mut again = Repairs::default();
    assert_eq!(repair(&once, &mut again), once);
    if let Some(charset) = Charset::for_label("windows-1252") {
        repair(&charset.decode(text.as_bytes()).0, &mut again);
    }
});
