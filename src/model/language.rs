//! Language tags: BCP 47 primary subtags, the shortest that exists.

use std::fmt;

use serde::{Serialize, Serializer};

/// A language tag of at most eight ASCII letters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lang {
    len: u8,
    letters: [u8; 8],
}

impl Lang {
    /// Cannot tell.
    pub const UND: Lang = Lang::of_static(b"und");
    /// No language in it.
    pub const ZXX: Lang = Lang::of_static(b"zxx");
    /// Of several languages.
    pub const MUL: Lang = Lang::of_static(b"mul");

    const fn of_static(tag: &[u8; 3]) -> Lang {
        Lang { len: 3, letters: [tag[0], tag[1], tag[2], 0, 0, 0, 0, 0] }
    }

    /// The tag as a [`Lang`]; `None` unless it is two to eight ASCII letters.
    pub fn parse(tag: &str) -> Option<Lang> {
        if !(2..=8).contains(&tag.len()) || !tag.bytes().all(|b| b.is_ascii_alphabetic()) {
            return None;
        }
        let mut letters = [0; 8];
        for (to, from) in letters.iter_mut().zip(tag.bytes()) {
            *to = from.to_ascii_lowercase();
        }
        Some(Lang { len: u8::try_from(tag.len()).ok()?, letters })
    }

    /// The tag.
    pub fn as_str(&self) -> &str {
        self.letters.get(..usize::from(self.len)).and_then(|b| std::str::from_utf8(b).ok()).unwrap_or("und")
    }

    /// Is this a language, rather than `und`, `zxx` or `mul`?
    pub fn is_known(self) -> bool {
        self != Lang::UND && self != Lang::ZXX && self != Lang::MUL
    }
}

impl fmt::Debug for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Lang {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// What a line's language is, and how sure that is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineLanguage {
    /// The language; `und` where the engine is not sure, `zxx` where there is none.
    pub lang: Lang,
    /// The probability in thousandths.
    pub permille: u16,
}

impl LineLanguage {
    /// Thousandths from which a language is sure.
    pub const SURE: u16 = 900;

    /// What is less probable than not is not known.
    pub fn or_unknown(self) -> LineLanguage {
        if self.permille < 500 { LineLanguage { lang: Lang::UND, ..self } } else { self }
    }

    /// No language in it.
    pub const NONE: LineLanguage = LineLanguage { lang: Lang::ZXX, permille: 1000 };
    /// Nothing is known about it.
    pub const UNKNOWN: LineLanguage = LineLanguage { lang: Lang::UND, permille: 0 };
}
