//! Codes in plain words, for readers who see them for the first time.

/// A few words for a diagram, at most some 30 characters; the code itself where it is not known.
pub fn title(reason: &str) -> &str {
    match reason {
        "line_denied" => "Lines on the deny list",
        "line_site" => "Furniture of a site",
        "line_site_prose" => "Repeated prose of a site",
        "line_corpus" => "Furniture of many sites",
        "line_foreign_caption" => "Captions in a foreign language",
        "line_document" => "Lines repeated in a document",
        "line_document_prose" => "Prose repeated in a document",
        "line_language" => "Lines in other languages",
        "line_no_letters" => "Lines without letters",
        "document_empty" => "Documents of furniture alone",
        "document_language" => "Documents in other languages",
        "document_min_chars" => "Documents of few characters",
        "document_min_words" => "Documents of few words",
        "document_min_lines" => "Documents of few lines",
        "document_exact" => "Duplicate documents",
        "document_near" => "Near duplicates",
        "document_covered" => "Documents covered by others",
        "document_field" => "Documents with equal fields",
        other => other,
    }
}

/// What a rule takes, and why that is safe.
pub fn explanation(reason: &str) -> &'static str {
    match reason {
        "line_denied" => "The list of --deny names these lines, so they go wherever they stand.",
        "line_site" => {
            "Menus, notices, teasers and the like: lines that the pages of one site repeat and that stand there as part of the page rather than of \
             what it says. Many small observations are weighed: how many pages hold the line, what kind of line it is, what stands around it. Every copy goes."
        }
        "line_site_prose" => "Running text of 100 letters or more that stands on three or more pages of a site. It is text, so its first copy stays.",
        "line_corpus" => {
            "Lines that are furniture at five sites or more, and at a good part of all sites that hold them: so small sites learn from large ones. \
             Every copy goes, but not between two lines of the page's own prose."
        }
        "line_foreign_caption" => {
            "Lines that are surely in another language than their document, and that the document or its site repeats. Every copy goes."
        }
        "line_document" => {
            "Short lines that one document repeats between its paragraphs, three times or more, such as “Advertisement”. Every copy goes."
        }
        "line_document_prose" => "Running text of 100 letters or more that stands a second time in the same document. Its first copy stays.",
        "line_language" => "Lines in a language that --line-lang does not list.",
        "line_no_letters" => "Rules, numbers and marks that were left between lines that went, or at the head or tail of a document.",
        "document_empty" => "Nothing was left of these documents once their furniture was out.",
        "document_language" => "Documents in a language that --lang does not list.",
        "document_min_chars" => "What is left of these documents has fewer characters than --min-chars.",
        "document_min_words" => "What is left of these documents has fewer words than --min-words.",
        "document_min_lines" => "What is left of these documents has fewer lines than --min-lines.",
        "document_exact" => "The same text, or the same once furniture is out, as a document that stays.",
        "document_near" => "Nearly the text of a document that stays; each was checked against it.",
        "document_covered" => "Most of what these documents say stands, line by line, in one document that stays.",
        "document_field" => "The fields that `buddle dedup --by` names are those of a document that stays.",
        _ => "A reason that this version of buddle does not know.",
    }
}

/// How an encoding was told.
pub fn evidence(code: &str) -> &str {
    match code {
        "bom" => "by its byte order mark",
        "valid" => "its bytes are valid",
        "declared" => "as it was declared",
        "detected" => "told from the text",
        "mixed" => "parts of it in another",
        other => other,
    }
}

/// A change to text that stays.
pub fn change(name: &str) -> &str {
    match name {
        "mojibake" => "lines of mojibake repaired",
        "line_ends" => "line ends made LF",
        "spaces" => "exotic spaces made a space",
        "controls" => "control characters and soft hyphens removed",
        "zero_width" => "zero-width characters removed where no script needs them",
        "nfc" => "texts composed (NFC)",
        "space_runs" => "runs of spaces in prose made one",
        "trailing_space" => "spaces at the end of a line removed",
        "blank_lines" => "several blank lines made one",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{decode::Step, model::Reason};

    #[test]
    fn every_code_has_words() {
        for reason in Reason::ALL {
            assert!(title(reason.code()) != reason.code() && title(reason.code()).len() <= 30, "{reason:?}");
            assert!(!explanation(reason.code()).contains("does not know"), "{reason:?}");
        }
        for step in Step::ALL {
            assert_ne!(change(step.name()), step.name());
        }
    }
}
