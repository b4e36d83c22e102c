//! The features of the judgement: which they are, how many classes each has, and what a class means.
//!
//! A feature puts a line in one of a few classes; the weights hold an entry for each. [`super::surroundings`] computes the
//! classes. Order matters: it is that of weights files.

/// One feature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Feature {
    /// Share of the site's pages that hold the line, with the line's kind.
    ShareAndKind,
    /// Pages that hold it.
    Pages,
    /// Does each page hold as many copies?
    Steady,
    /// Its letters.
    Letters,
    /// How it ends.
    End,
    /// The kinds of lines beside it.
    Neighbours,
    /// Repeated lines around it.
    Window,
    /// The page's own lines before and after.
    Band,
    /// The run of tied lines that it stands in.
    Run,
    /// Where it stands to the page's own prose.
    Zone,
    /// Are the lines beside it those that usually stand there?
    Ties,
    /// Does it stand at the same line on each page, from the start or from the end?
    Fixed,
    /// On how many of its pages does it stand outside of all prose?
    Outside,
    /// How far the next lines on many pages are.
    Strong,
    /// How much of the page repeats.
    Page,
    /// How many pages the site has.
    Site,
    /// Where it stands among the page's own lines, with the share.
    PlaceAndShare,
    /// The same with the steadiness.
    PlaceAndSteady,
    /// Lines from the page's start and end.
    Edges,
    /// Which copy of several on the page it is.
    Copy,
}

/// How many features there are.
pub const FEATURES: usize = 20;

impl Feature {
    /// Every feature.
    pub const ALL: [Feature; FEATURES] = [
        Feature::ShareAndKind,
        Feature::Pages,
        Feature::Steady,
        Feature::Letters,
        Feature::End,
        Feature::Neighbours,
        Feature::Window,
        Feature::Band,
        Feature::Run,
        Feature::Zone,
        Feature::Ties,
        Feature::Fixed,
        Feature::Outside,
        Feature::Strong,
        Feature::Page,
        Feature::Site,
        Feature::PlaceAndShare,
        Feature::PlaceAndSteady,
        Feature::Edges,
        Feature::Copy,
    ];

    /// The name in `--json` and in weights files.
    pub fn name(self) -> &'static str {
        match self {
            Feature::ShareAndKind => "share_x_kind",
            Feature::Pages => "pages",
            Feature::Steady => "steady",
            Feature::Letters => "letters",
            Feature::End => "end",
            Feature::Neighbours => "neighbours",
            Feature::Window => "window",
            Feature::Band => "band",
            Feature::Run => "run",
            Feature::Zone => "zone",
            Feature::Ties => "ties",
            Feature::Fixed => "fixed",
            Feature::Outside => "outside",
            Feature::Strong => "strong",
            Feature::Page => "page",
            Feature::Site => "site",
            Feature::PlaceAndShare => "place_x_share",
            Feature::PlaceAndSteady => "place_x_steady",
            Feature::Edges => "edges",
            Feature::Copy => "copy",
        }
    }

    /// The name for a reader.
    pub fn words(self) -> &'static str {
        match self {
            Feature::ShareAndKind => "how many of the site's pages hold it, for its kind of line",
            Feature::Pages => "the number of pages that hold it",
            Feature::Steady => "whether each page holds as many copies",
            Feature::Letters => "its length",
            Feature::End => "how it begins and ends",
            Feature::Neighbours => "the lines beside it",
            Feature::Window => "how many lines around it repeat on the site",
            Feature::Band => "how many of the page's own lines stand before and after",
            Feature::Run => "the lines that always stand together with it",
            Feature::Zone => "where it stands to the page's own prose",
            Feature::Ties => "whether the lines beside it are the usual ones",
            Feature::Fixed => "whether it stands at the same line of each page",
            Feature::Outside => "on how many of its pages it stands outside of all prose",
            Feature::Strong => "how near lines are that many pages hold",
            Feature::Page => "how much of the page repeats on the site",
            Feature::Site => "how many pages the site has",
            Feature::PlaceAndShare => "its share of pages, at head, foot or between",
            Feature::PlaceAndSteady => "its steadiness, at head, foot or between",
            Feature::Edges => "how far from the page's start and end it is",
            Feature::Copy => "which of its copies on the page it is",
        }
    }

    /// How many classes it has.
    pub fn classes(self) -> usize {
        match self {
            Feature::ShareAndKind => SHARES * 4,
            Feature::Pages | Feature::Letters | Feature::End => 8,
            Feature::Steady | Feature::Window | Feature::Outside | Feature::Page | Feature::Site => 7,
            Feature::Neighbours | Feature::Fixed | Feature::Strong => 25,
            Feature::Band | Feature::Edges => 36,
            Feature::PlaceAndShare => PLACES * SHARES,
            Feature::PlaceAndSteady => PLACES * 7,
            Feature::Copy => 6,
            Feature::Run => SHARES * 3,
            Feature::Zone => 26,
            Feature::Ties => 16,
        }
    }
}

/// Places among the page's own lines.
pub(super) const PLACES: usize = 6;
/// Share classes: one page, two, then by the share of the site's pages.
pub(super) const SHARES: usize = 10;
