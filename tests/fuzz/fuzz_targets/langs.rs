//! Any line: an answer that is a probability, the same twice; a choice among few languages is one of them; in a text that is mostly in a language
//! that one is no less probable.
#![no_main]

use buddle::{
    langid::{Builtin, LanguageIdentifier},
    model::Lang,
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|line: &str| {
    let engine = Builtin::default();
    let found = engine.identify(line);
    assert!(found.permille <= 1000);
    assert_eq!(engine.identify(line), found);
    let few: Vec<Lang> = ["en", "ru", "ar", "ja", "hi"].iter().filter_map(|tag| Lang::parse(tag)).collect();
    let among = Builtin::among(few.clone()).identify(line);
    assert!(few.contains(&among.lang) || !among.lang.is_known());
    for lang in few {
        let within = engine.identify_within(line, lang);
        assert!(within.lang != found.lang || found.lang != lang || within.permille >= found.permille);
    }
});
