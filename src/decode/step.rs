//! The named normalisations: each can be switched off, and each counts what it changed.

/// A change that text which stays may undergo.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// UTF-8 that was misread and written as what it looked like, back to what it was, a line at a time.
    Mojibake,
    /// CRLF, CR, VT, FF, NEL, U+2028 and U+2029 to LF.
    LineEnds,
    /// NBSP and all other spaces of Unicode to U+0020.
    Spaces,
    /// C0 controls but tab, DEL, C1 controls, soft hyphens and bidi controls out.
    Controls,
    /// Zero-width characters out where no script needs them.
    ZeroWidth,
    /// Unicode normalisation form C.
    Nfc,
    /// Runs of spaces inside a line of prose to one.
    SpaceRuns,
    /// Spaces and tabs at the end of a line out.
    TrailingSpace,
    /// Several blank lines to one, none at head and tail.
    BlankLines,
}

impl Step {
    /// Every step, in the order in which they run.
    pub const ALL: [Step; 9] = [
        Step::Mojibake,
        Step::LineEnds,
        Step::Spaces,
        Step::Controls,
        Step::ZeroWidth,
        Step::Nfc,
        Step::SpaceRuns,
        Step::TrailingSpace,
        Step::BlankLines,
    ];

    /// The name in configuration and reports.
    pub fn name(self) -> &'static str {
        match self {
            Step::Mojibake => "mojibake",
            Step::LineEnds => "line_ends",
            Step::Spaces => "spaces",
            Step::Controls => "controls",
            Step::ZeroWidth => "zero_width",
            Step::Nfc => "nfc",
            Step::SpaceRuns => "space_runs",
            Step::TrailingSpace => "trailing_space",
            Step::BlankLines => "blank_lines",
        }
    }

    /// The step of this name.
    pub fn from_name(name: &str) -> Option<Step> {
        Step::ALL.into_iter().find(|s| s.name() == name)
    }
}

/// A set of steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Steps(u16);

impl Steps {
    /// All of them.
    pub fn all() -> Steps {
        Steps(u16::MAX)
    }

    /// None of them.
    pub fn none() -> Steps {
        Steps(0)
    }

    /// With this one.
    #[must_use]
    pub fn with(self, step: Step) -> Steps {
        Steps(self.0 | 1 << step as u8)
    }

    /// Without this one.
    #[must_use]
    pub fn without(self, step: Step) -> Steps {
        Steps(self.0 & !(1 << step as u8))
    }

    /// Is it in the set?
    pub fn contains(self, step: Step) -> bool {
        self.0 & 1 << step as u8 != 0
    }
}

/// How often each step changed something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StepCounts([u64; Step::ALL.len()]);

impl StepCounts {
    pub(super) fn count(&mut self, step: Step, n: u64) {
        if let Some(sum) = self.0.get_mut(step as usize) {
            *sum += n;
        }
    }

    /// Adds `other`.
    pub fn add(&mut self, other: &StepCounts) {
        self.0.iter_mut().zip(other.0).for_each(|(sum, n)| *sum += n);
    }

    /// Changes of a step.
    pub fn get(&self, step: Step) -> u64 {
        self.0.get(step as usize).copied().unwrap_or(0)
    }

    /// Steps with their changes.
    pub fn iter(&self) -> impl Iterator<Item = (Step, u64)> {
        Step::ALL.into_iter().zip(self.0)
    }
}
