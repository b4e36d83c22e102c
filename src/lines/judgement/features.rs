//! The features of the judgement: which they are, how many classes each has, and what a class means.
//!
//! A feature puts a line in one of a few classes; [`super::surroundings`] computes them. [`super::tables`] says which features are weighed together:
//! the weights hold an entry for each combination of their classes.

/// One feature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Feature {
    /// Share of the site's pages that hold the line: one page, two, then by percent.
    Share,
    /// Pages that hold it.
    Pages,
    /// No letters, short, medium, prose.
    Kind,
    /// Weight of its letters.
    Letters,
    /// How it ends.
    Stop,
    /// Is its first letter a small one?
    Lower,
    /// Does each page hold as many copies, and this one one more?
    Steady,
    /// Which of several copies on the page it is.
    Copy,
    /// What the nearest line with letters before it is.
    Before,
    /// And after.
    After,
    /// Repeated lines among the ten around it.
    Window,
    /// Distance of the nearest line before it that many pages hold.
    StrongBefore,
    /// And after.
    StrongAfter,
    /// Lines of this page only before it.
    SinglesBefore,
    /// And after.
    SinglesAfter,
    /// Largest share in the run of tied lines that it stands in.
    RunShare,
    /// Lines in that run.
    RunLength,
    /// Is the line before it the usual one?
    TieBefore,
    /// And the one after?
    TieAfter,
    /// Before, after, between or within the page's own prose.
    Side,
    /// Lines to it.
    Distance,
    /// Does it stand at the same line from the start on each page?
    FixedStart,
    /// And from the end?
    FixedEnd,
    /// On how many of its pages it stands outside of all prose.
    Outside,
    /// Is it always written the same, digits and addresses included?
    Form,
    /// Copies on each of its pages.
    Many,
    /// Prose among the ten lines around it.
    Prose,
    /// Lines in the block of lines of middling length that it stands in.
    Block,
    /// Lines of the page's own prose.
    Own,
    /// Share of the page's text that repeats on the site.
    Page,
    /// Pages of the site.
    Site,
}

/// How many features there are.
pub const FEATURES: usize = 31;

/// The class of each feature, in the order of [`Feature::ALL`].
pub type Classes = [u8; FEATURES];

impl Feature {
    /// Every feature.
    pub const ALL: [Feature; FEATURES] = [
        Feature::Share,
        Feature::Pages,
        Feature::Kind,
        Feature::Letters,
        Feature::Stop,
        Feature::Lower,
        Feature::Steady,
        Feature::Copy,
        Feature::Before,
        Feature::After,
        Feature::Window,
        Feature::StrongBefore,
        Feature::StrongAfter,
        Feature::SinglesBefore,
        Feature::SinglesAfter,
        Feature::RunShare,
        Feature::RunLength,
        Feature::TieBefore,
        Feature::TieAfter,
        Feature::Side,
        Feature::Distance,
        Feature::FixedStart,
        Feature::FixedEnd,
        Feature::Outside,
        Feature::Form,
        Feature::Many,
        Feature::Prose,
        Feature::Block,
        Feature::Own,
        Feature::Page,
        Feature::Site,
    ];

    /// The name in `--json` and in weights files.
    pub fn name(self) -> &'static str {
        match self {
            Feature::Share => "share",
            Feature::Pages => "pages",
            Feature::Kind => "kind",
            Feature::Letters => "letters",
            Feature::Stop => "stop",
            Feature::Lower => "lower",
            Feature::Steady => "steady",
            Feature::Copy => "copy",
            Feature::Before => "before",
            Feature::After => "after",
            Feature::Window => "window",
            Feature::StrongBefore => "strong_before",
            Feature::StrongAfter => "strong_after",
            Feature::SinglesBefore => "singles_before",
            Feature::SinglesAfter => "singles_after",
            Feature::RunShare => "run_share",
            Feature::RunLength => "run_length",
            Feature::TieBefore => "tie_before",
            Feature::TieAfter => "tie_after",
            Feature::Side => "side",
            Feature::Distance => "distance",
            Feature::FixedStart => "fixed_start",
            Feature::FixedEnd => "fixed_end",
            Feature::Outside => "outside",
            Feature::Form => "form",
            Feature::Many => "many",
            Feature::Prose => "prose",
            Feature::Block => "block",
            Feature::Own => "own",
            Feature::Page => "page",
            Feature::Site => "site",
        }
    }

    /// What it looks at, for a reader.
    pub fn words(self) -> &'static str {
        match self {
            Feature::Share => "which share of the site's pages hold it",
            Feature::Pages => "how many pages hold it",
            Feature::Kind => "what kind of line it is",
            Feature::Letters => "its length",
            Feature::Stop => "how it ends",
            Feature::Lower => "whether it begins with a small letter",
            Feature::Steady => "whether each page holds as many copies",
            Feature::Copy => "which of its copies on the page it is",
            Feature::Before => "the line before it",
            Feature::After => "the line after it",
            Feature::Window => "how many lines around it repeat on the site",
            Feature::StrongBefore => "how near before it a line of many pages is",
            Feature::StrongAfter => "how near after it a line of many pages is",
            Feature::SinglesBefore => "how many of the page's own lines stand before it",
            Feature::SinglesAfter => "how many of the page's own lines stand after it",
            Feature::RunShare => "the pages of the lines that always stand with it",
            Feature::RunLength => "how many lines always stand with it",
            Feature::TieBefore => "whether the line before it is the usual one",
            Feature::TieAfter => "whether the line after it is the usual one",
            Feature::Side => "on which side of the page's own prose it stands",
            Feature::Distance => "how far from the page's own prose it stands",
            Feature::FixedStart => "whether it always stands as far from the page's start",
            Feature::FixedEnd => "whether it always stands as far from the page's end",
            Feature::Outside => "on how many pages it stands outside of all prose",
            Feature::Form => "whether it is always written the same, digits included",
            Feature::Many => "how many copies each of its pages has",
            Feature::Prose => "how many lines of prose stand around it",
            Feature::Block => "whether it stands in a block of lines of much the same length",
            Feature::Own => "how many lines of prose the page has of its own",
            Feature::Page => "how much of the page repeats on the site",
            Feature::Site => "how many pages the site has",
        }
    }

    /// How many classes it has.
    pub const fn classes(self) -> usize {
        match self {
            Feature::Share | Feature::RunShare => SHARES,
            Feature::Pages | Feature::Letters => 8,
            Feature::Kind | Feature::Stop | Feature::TieBefore | Feature::TieAfter => 4,
            Feature::Lower => 2,
            Feature::Steady | Feature::Window | Feature::Outside | Feature::Page | Feature::Site => 7,
            Feature::Copy
            | Feature::SinglesBefore
            | Feature::SinglesAfter
            | Feature::Side
            | Feature::Form
            | Feature::Many
            | Feature::Block
            | Feature::Own => 6,
            Feature::Before
            | Feature::After
            | Feature::StrongBefore
            | Feature::StrongAfter
            | Feature::Distance
            | Feature::FixedStart
            | Feature::FixedEnd
            | Feature::Prose => 5,
            Feature::RunLength => 3,
        }
    }
}

/// Share classes: one page, two, then by the share of the site's pages.
pub(super) const SHARES: usize = 10;
