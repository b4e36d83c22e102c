//! What is measured of a set: a closed list of measures with stable names, each with its unit, what it says, a default limit and what helps.
//!
//! A share is a count over the records, documents, lines, characters or sources that could have counted; it needs no knowledge of other
//! measures. Names are never given to something else, only added.

use serde::Serialize;

use super::limits::Limits;

/// What a measure counts in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// A count.
    Count,
    /// A share of the sources.
    Sources,
    /// A share of the records, unreadable ones too.
    Records,
    /// A share of the records that have an id.
    Ids,
    /// A share of the documents.
    Documents,
    /// A share of the documents that a site's pages are compared by: those of the site.
    Site,
    /// A share of the lines that are not blank.
    Lines,
    /// A share of the characters of those lines.
    Chars,
    /// The middle of the documents.
    Median,
}

impl Unit {
    /// In words, for lists and tables.
    pub fn words(self) -> &'static str {
        match self {
            Unit::Count => "count",
            Unit::Sources => "share of the sources",
            Unit::Records => "share of the records",
            Unit::Ids => "share of the ids",
            Unit::Documents => "share of the documents",
            Unit::Site => "share of a site's characters",
            Unit::Lines => "share of the lines",
            Unit::Chars => "share of the characters",
            Unit::Median => "median of the documents",
        }
    }

    /// Is it a share, from 0 to 1?
    pub fn is_share(self) -> bool {
        !matches!(self, Unit::Count | Unit::Median)
    }
}

macro_rules! measures {
    ($($(#[doc = $what:literal])+ $variant:ident, $name:literal, $unit:ident, $limits:expr, $hint:literal;)+) => {
        /// A measure.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Measure { $($(#[doc = $what])+ $variant,)+ }

        impl Measure {
            /// Every measure, in the order of reports.
            pub const ALL: &[Measure] = &[$(Measure::$variant,)+];
            /// How many there are.
            pub const COUNT: usize = Measure::ALL.len();

            /// The stable name.
            pub fn name(self) -> &'static str {
                match self { $(Measure::$variant => $name,)+ }
            }

            /// What it counts in.
            pub fn unit(self) -> Unit {
                match self { $(Measure::$variant => Unit::$unit,)+ }
            }

            /// What it says, in a sentence.
            pub fn what(self) -> &'static str {
                match self { $(Measure::$variant => concat!($($what,)+).trim_ascii_start(),)+ }
            }

            /// What helps where it is out of its limits.
            pub fn hint(self) -> &'static str {
                match self { $(Measure::$variant => $hint,)+ }
            }

            /// The limits that hold where no rule says otherwise.
            pub fn default_limits(self) -> Limits {
                match self { $(Measure::$variant => $limits,)+ }
            }
        }
    };
}

const OFF: Limits = Limits::NONE;

const fn above(warn: f64, fail: f64) -> Limits {
    Limits { warn: Some(warn), fail: Some(fail), ..Limits::NONE }
}

const fn warn_above(warn: f64) -> Limits {
    Limits { warn: Some(warn), ..Limits::NONE }
}

measures! {
    /// Records, unreadable ones too: a set that holds none passes no gate.
    Records, "records", Count, Limits { fail_below: Some(1.0), ..Limits::NONE },
        "is the path right, and was the data fetched (git-lfs, dvc)?";
    /// Sources that hold nothing.
    EmptySources, "empty_source_ratio", Sources, warn_above(0.0),
        "fetch or make the file again, or leave it out";
    /// Records that cannot be read: broken JSON, bytes that are no text, archives that are cut.
    Unreadable, "unreadable_ratio", Records, above(0.0, 0.001),
        "mend these records at their source; `buddle clean` quarantines them";
    /// Records without the text field.
    TextMissing, "text_missing_ratio", Records, above(0.0, 0.001),
        "name the field that holds the text with --text-field";
    /// Records whose text field is no string.
    TextNotString, "text_not_string_ratio", Records, above(0.0, 0.001),
        "write the text as a JSON string, or name another field with --text-field";
    /// Documents whose text holds nothing that is visible.
    EmptyText, "empty_text_ratio", Documents, above(0.0, 0.01),
        "leave such records out: `buddle clean` takes them as document_empty";
    /// The largest share of records that lack a field which most of the others have.
    MissingField, "missing_field_ratio", Records, above(0.0, 0.05),
        "write the field in every record, with null where there is nothing to say";
    /// The largest share of records that have a field which most of the others lack.
    RareField, "rare_field_ratio", Records, warn_above(0.0),
        "write the field in every record or in none: readers take the schema from the first records";
    /// The largest share of records in which a field stands but is null, or an empty string, list or object.
    EmptyField, "empty_field_ratio", Records, warn_above(0.9),
        "leave out a field that is always empty: readers cannot tell its type";
    /// Fields whose values are of several types in one file; null is of any.
    MixedTypes, "mixed_type_fields", Count, above(0.0, 0.0),
        "write one type only: 1 or \"1\", not both";
    /// Fields whose type in a file is another than in the first file that has them.
    ChangedTypes, "changed_type_fields", Count, above(0.0, 0.0),
        "write the same type in all files of a set";
    /// Ids that an earlier record has.
    DuplicateIds, "duplicate_id_ratio", Ids, above(0.0, 0.01),
        "give each record an id of its own; a field that is one can be named with --id-field";
    /// Documents whose text, normalised, is that of an earlier document.
    ExactDuplicates, "exact_duplicate_ratio", Documents, above(0.01, 0.05),
        "`buddle clean` keeps the first of each and says where it stands";
    /// Lines that stand on two or more pages of their site, compared without case, spacing and addresses.
    RepeatedLines, "repeated_line_ratio", Lines, warn_above(0.3),
        "`buddle clean` judges which of them are furniture";
    /// Characters of those lines.
    RepeatedChars, "repeated_char_ratio", Chars, warn_above(0.2),
        "`buddle clean` judges which of them are furniture";
    /// Lines that are furniture of their site or of many sites, as `clean` judges.
    FurnitureLines, "furniture_line_ratio", Lines, above(0.05, 0.2),
        "`buddle clean` takes them out and keeps a log of it";
    /// Characters of those lines.
    FurnitureChars, "furniture_char_ratio", Chars, above(0.02, 0.1),
        "`buddle clean` takes them out and keeps a log of it";
    /// The largest share of furniture in the characters of one site of ten documents or more.
    SiteFurniture, "site_furniture_ratio", Site, warn_above(0.3),
        "look at the site's extraction: menus and footers are still in its text";
    /// Short lines that are repeated between the paragraphs of their document, as `clean` judges: `Advertisement`, `Read more`.
    DocumentFurniture, "document_furniture_ratio", Lines, above(0.01, 0.1),
        "`buddle clean` takes them out and keeps a log of it";
    /// Lines of long prose that repeat what stands on three or more pages of the site, or earlier in the document, as `clean` judges.
    RepeatedProse, "repeated_prose_ratio", Lines, warn_above(0.02),
        "`buddle clean` keeps the first copy of each";
    /// Lines that are captions in a foreign language, as `clean` judges.
    ForeignCaptions, "foreign_caption_ratio", Lines, above(0.001, 0.01),
        "`buddle clean` takes them out; --keep-foreign-caption all leaves them";
    /// Documents in none of the languages that are expected.
    UnexpectedDocuments, "unexpected_language_document_ratio", Documents, above(0.01, 0.05),
        "`buddle clean --lang …` keeps the languages that are wanted; name more with --languages";
    /// Lines surely in none of the languages that are expected.
    UnexpectedLines, "unexpected_language_line_ratio", Lines, above(0.05, 0.2),
        "`buddle clean --line-lang …` keeps the languages that are wanted; name more with --languages";
    /// Documents whose language cannot be told.
    UnknownLanguage, "unknown_language_ratio", Documents, warn_above(0.2),
        "are these texts, and not tables, code or noise?";
    /// Documents in another encoding than UTF-8.
    NotUtf8, "not_utf8_ratio", Documents, warn_above(0.0),
        "`buddle decode FILE` writes it in UTF-8";
    /// Documents of several encodings.
    MixedEncoding, "mixed_encoding_ratio", Documents, above(0.0, 0.01),
        "`buddle decode FILE` reads each part in its own and writes UTF-8";
    /// Documents with U+FFFD: bytes that were lost when something was decoded.
    Replacement, "replacement_character_ratio", Documents, above(0.001, 0.01),
        "decode the source again; what U+FFFD stands for is gone";
    /// Documents with mojibake: UTF-8 that was read in another encoding.
    Mojibake, "mojibake_ratio", Documents, above(0.001, 0.01),
        "`buddle repair` mends it, and so does `buddle clean`";
    /// Documents with control characters other than tab and line ends.
    Control, "control_character_ratio", Documents, above(0.001, 0.01),
        "`buddle clean` takes them out";
    /// Documents that are not in Unicode's normal form C.
    NotNfc, "not_nfc_ratio", Documents, warn_above(0.01),
        "`buddle clean` writes NFC";
    /// Documents with NBSP or other spaces than U+0020.
    ExoticSpace, "exotic_space_ratio", Documents, warn_above(0.01),
        "`buddle clean` writes plain spaces";
    /// Documents with zero-width characters or soft hyphens where no script needs them.
    ZeroWidth, "zero_width_ratio", Documents, warn_above(0.01),
        "`buddle clean` takes them out";
    /// Documents with controls of direction in lines without a right-to-left script: what is shown is not what is read.
    BidiControl, "bidi_control_ratio", Documents, above(0.0, 0.01),
        "`buddle clean` takes them out";
    /// Documents of fewer characters than `tiny_chars`.
    Tiny, "tiny_document_ratio", Documents, above(0.1, 0.5),
        "`buddle clean --min-chars N` leaves them out; `tiny_chars` says what is tiny";
    /// Documents of more characters than `huge_chars`.
    Huge, "huge_document_ratio", Documents, warn_above(0.001),
        "are these several documents in one? `huge_chars` says what is huge";
    /// The median of the documents' characters, to 3 %.
    MedianChars, "median_chars", Median, OFF, "was text cut, or joined?";
    /// The median of the documents' words, to 3 %.
    MedianWords, "median_words", Median, OFF, "was text cut, or joined?";
    /// The median of the documents' lines, to 3 %.
    MedianLines, "median_lines", Median, OFF, "were line breaks lost, or put in?";
    /// Lines that end in the middle of a word that the next line goes on with.
    CutLines, "cut_line_ratio", Lines, above(0.002, 0.02),
        "the text was wrapped for print: join its lines where it is extracted";
    /// Lines of one symbol, three times or more.
    SymbolLines, "symbol_line_ratio", Lines, above(0.02, 0.2),
        "rules and dividers are layout: leave them out where the text is extracted";
}

impl Measure {
    /// The measure of this name.
    pub fn from_name(name: &str) -> Option<Measure> {
        Measure::ALL.iter().copied().find(|measure| measure.name() == name)
    }

    /// Is it asked only where languages are told?
    pub fn needs_languages(self) -> bool {
        matches!(self, Measure::ForeignCaptions | Measure::UnexpectedDocuments | Measure::UnexpectedLines | Measure::UnknownLanguage)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_distinct_and_limits_sound() {
        for measure in Measure::ALL {
            assert_eq!(Measure::from_name(measure.name()), Some(*measure));
            assert!(measure.what().ends_with('.') && !measure.hint().is_empty(), "{measure:?}");
            assert_eq!(measure.name().ends_with("_ratio"), measure.unit().is_share(), "{measure:?}");
            assert!(measure.default_limits().check(measure.unit()).is_ok(), "{measure:?}");
        }
    }
}
