//! Why something is gone: a closed list of reasons with stable codes, never renamed, only added to.

use serde::{Deserialize, Serialize};

/// The rule that took a line or a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Reason {
    /// A line on the user's deny list.
    LineDenied,
    /// Furniture of the site: the judgement of lines that its pages repeat.
    LineSite,
    /// Long prose on several pages of a site.
    LineSiteProse,
    /// Furniture at many other sites.
    LineCorpus,
    /// A line in another language than its document's, repeated in it or on the site.
    LineForeignCaption,
    /// A short line repeated between the paragraphs of one document.
    LineDocument,
    /// Long prose a second time in one document.
    LineDocumentProse,
    /// A line in a language that `line_lang` does not list.
    LineLanguage,
    /// A line without letters between lines that went.
    LineNoLetters,
    /// Nothing is left of the document once its furniture is out.
    DocumentEmpty,
    /// The document's language is not listed in `lang`.
    DocumentLanguage,
    /// Fewer characters than `min_chars`.
    DocumentMinChars,
    /// Fewer words than `min_words`.
    DocumentMinWords,
    /// Fewer lines than `min_lines`.
    DocumentMinLines,
    /// The text, or all that is not furniture, of another document that stays.
    DocumentExact,
    /// Its residue is like that of another document that stays.
    DocumentNear,
    /// Most of its letters stand in lines of another document that stays.
    DocumentCovered,
    /// The fields that documents are compared by are those of another document that stays.
    DocumentField,
}

/// What a reason's rule looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// The line alone.
    Line,
    /// The lines of one document.
    Document,
    /// The pages of one site.
    Site,
    /// All documents.
    Corpus,
}

impl Scope {
    /// The word in the removed log.
    pub fn code(self) -> &'static str {
        match self {
            Scope::Line => "line",
            Scope::Document => "document",
            Scope::Site => "site",
            Scope::Corpus => "corpus",
        }
    }
}

impl Reason {
    /// Every reason, in the order of reports.
    pub const ALL: [Reason; 18] = [
        Reason::LineDenied,
        Reason::LineSite,
        Reason::LineSiteProse,
        Reason::LineCorpus,
        Reason::LineForeignCaption,
        Reason::LineDocument,
        Reason::LineDocumentProse,
        Reason::LineLanguage,
        Reason::LineNoLetters,
        Reason::DocumentEmpty,
        Reason::DocumentLanguage,
        Reason::DocumentMinChars,
        Reason::DocumentMinWords,
        Reason::DocumentMinLines,
        Reason::DocumentExact,
        Reason::DocumentNear,
        Reason::DocumentCovered,
        Reason::DocumentField,
    ];

    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Reason::LineDenied => "line_denied",
            Reason::LineSite => "line_site",
            Reason::LineSiteProse => "line_site_prose",
            Reason::LineCorpus => "line_corpus",
            Reason::LineForeignCaption => "line_foreign_caption",
            Reason::LineDocument => "line_document",
            Reason::LineDocumentProse => "line_document_prose",
            Reason::LineLanguage => "line_language",
            Reason::LineNoLetters => "line_no_letters",
            Reason::DocumentEmpty => "document_empty",
            Reason::DocumentLanguage => "document_language",
            Reason::DocumentMinChars => "document_min_chars",
            Reason::DocumentMinWords => "document_min_words",
            Reason::DocumentMinLines => "document_min_lines",
            Reason::DocumentExact => "document_exact",
            Reason::DocumentNear => "document_near",
            Reason::DocumentCovered => "document_covered",
            Reason::DocumentField => "document_field",
        }
    }

    /// The reason with this code.
    pub fn from_code(code: &str) -> Option<Reason> {
        Reason::ALL.into_iter().find(|r| r.code() == code)
    }

    /// A few words for the summary.
    pub fn words(self) -> &'static str {
        match self {
            Reason::LineDenied => "on the deny list",
            Reason::LineSite => "furniture that a site's pages repeat",
            Reason::LineSiteProse => "further copies of long prose on a site",
            Reason::LineCorpus => "furniture at many sites",
            Reason::LineForeignCaption => "captions in a foreign language",
            Reason::LineDocument => "short lines repeated between paragraphs",
            Reason::LineDocumentProse => "second copies of long prose in a document",
            Reason::LineLanguage => "lines in other languages",
            Reason::LineNoLetters => "lines without letters between lines that went",
            Reason::DocumentEmpty => "with nothing but furniture",
            Reason::DocumentLanguage => "in other languages",
            Reason::DocumentMinChars => "with too few characters",
            Reason::DocumentMinWords => "with too few words",
            Reason::DocumentMinLines => "with too few lines",
            Reason::DocumentExact => "exact duplicates",
            Reason::DocumentNear => "near duplicates",
            Reason::DocumentCovered => "whose lines another document holds",
            Reason::DocumentField => "with the fields of another document",
        }
    }

    /// What the rule looked at.
    pub fn scope(self) -> Scope {
        match self {
            Reason::LineDenied | Reason::LineLanguage => Scope::Line,
            Reason::LineSite | Reason::LineSiteProse => Scope::Site,
            Reason::LineCorpus | Reason::DocumentExact | Reason::DocumentNear | Reason::DocumentCovered | Reason::DocumentField => Scope::Corpus,
            _ => Scope::Document,
        }
    }

    /// Does it take what is no part of the residue? Repeated prose is text all the same, and is only written once.
    pub fn is_furniture(self) -> bool {
        !matches!(self, Reason::LineSiteProse | Reason::LineDocumentProse)
    }

    /// Does it take a whole document?
    pub fn is_document(self) -> bool {
        self >= Reason::DocumentEmpty
    }
}

/// Which copies a rule leaves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Keep {
    /// Every copy goes.
    #[default]
    None,
    /// The first copy stays.
    First,
    /// Every copy stays: the rule is off.
    All,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_distinct_and_read_back() {
        for reason in Reason::ALL {
            assert_eq!(Reason::from_code(reason.code()), Some(reason));
            assert_eq!(serde_json::to_string(&reason).unwrap_or_default(), format!("\"{}\"", reason.code()));
            assert_eq!(reason.is_document(), reason.code().starts_with("document_"));
        }
    }
}
