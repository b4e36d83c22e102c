//! The user's own lists: lines that never go, and lines that always go. Where a line is on both, it stays.

use hashbrown::HashSet;
use serde::{Deserialize, Serialize};

use super::{PageLine, compared_form};
use crate::hash::LineKey;

/// How a line is held against the lists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ListCompare {
    /// By the compared form: case, spaces, digits and addresses do not matter.
    #[default]
    Compared,
    /// By the line as it stands after normalisation.
    Exact,
}

/// The allow list and the deny list.
#[derive(Clone, Debug, Default)]
pub struct Lists {
    compare: ListCompare,
    allow: HashSet<LineKey>,
    deny: HashSet<LineKey>,
}

impl Lists {
    /// Lists from texts with one line of the list on each line; blank lines are skipped.
    pub fn new(compare: ListCompare, allow: &str, deny: &str) -> Lists {
        let mut form = Vec::new();
        let mut keys = |text: &str| {
            let lines = text.lines().map(str::trim_end).filter(|line| !line.trim().is_empty());
            lines
                .map(|line| match compare {
                    ListCompare::Exact => LineKey::of(line.as_bytes()),
                    ListCompare::Compared => {
                        compared_form(line, &mut form);
                        LineKey::of(&form)
                    }
                })
                .collect()
        };
        let allow = keys(allow);
        let deny = keys(deny);
        Lists { compare, allow, deny }
    }

    fn key(&self, line: &PageLine<'_>) -> LineKey {
        match self.compare {
            ListCompare::Exact => LineKey::of(line.text.as_bytes()),
            ListCompare::Compared => line.key,
        }
    }

    /// Is the line on the allow list?
    pub fn allows(&self, line: &PageLine<'_>) -> bool {
        !self.allow.is_empty() && self.allow.contains(&self.key(line))
    }

    /// Is the line on the deny list?
    pub fn denies(&self, line: &PageLine<'_>) -> bool {
        !self.deny.is_empty() && self.deny.contains(&self.key(line))
    }

    /// Is there a deny list?
    pub fn has_denials(&self) -> bool {
        !self.deny.is_empty()
    }
}
