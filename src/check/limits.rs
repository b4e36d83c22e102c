//! The limits of one measure: from which value on it warns or fails, above and below. No I/O; rules of files are in [`super::rules`].

use serde::{Deserialize, Serialize};

use super::measure::Unit;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// To be looked at.
    Warn,
    /// The gate is shut.
    Fail,
}

impl Level {
    /// The word in reports.
    pub fn name(self) -> &'static str {
        match self {
            Level::Warn => "warn",
            Level::Fail => "fail",
        }
    }
}

/// Values from which a measure is too high or too low; a limit itself is still good.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Warn above.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warn: Option<f64>,
    /// Fail above.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fail: Option<f64>,
    /// Warn below.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warn_below: Option<f64>,
    /// Fail below.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fail_below: Option<f64>,
}

/// A limit that does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Broken {
    /// How bad that is.
    pub level: Level,
    /// The limit.
    pub limit: f64,
    /// Is the value too low, rather than too high?
    pub below: bool,
}

impl Limits {
    /// No limit.
    pub const NONE: Limits = Limits { warn: None, fail: None, warn_below: None, fail_below: None };

    /// Is there any?
    pub fn any(&self) -> bool {
        *self != Limits::NONE
    }

    /// The worst limit that a value breaks.
    pub fn broken(&self, value: f64) -> Option<Broken> {
        let high = |limit: Option<f64>, level| limit.filter(|limit| value > *limit).map(|limit| Broken { level, limit, below: false });
        let low = |limit: Option<f64>, level| limit.filter(|limit| value < *limit).map(|limit| Broken { level, limit, below: true });
        high(self.fail, Level::Fail)
            .or_else(|| low(self.fail_below, Level::Fail))
            .or_else(|| high(self.warn, Level::Warn))
            .or_else(|| low(self.warn_below, Level::Warn))
    }

    /// Can they be meant?
    ///
    /// # Errors
    /// What is wrong with them, in words.
    pub fn check(&self, unit: Unit) -> Result<(), String> {
        let all = [("warn", self.warn), ("fail", self.fail), ("warn_below", self.warn_below), ("fail_below", self.fail_below)];
        for (name, limit) in all.into_iter().filter_map(|(name, limit)| Some((name, limit?))) {
            if !limit.is_finite() || limit < 0.0 {
                return Err(format!("`{name}` is {limit}, expected a number from 0 on"));
            }
            if unit.is_share() && limit > 1.0 {
                return Err(format!("`{name}` is {limit}, but a share is from 0 to 1"));
            }
        }
        match *self {
            Limits { warn: Some(warn), fail: Some(fail), .. } if warn > fail => {
                Err(format!("`warn` is {warn} and `fail` is {fail}: it would fail before it warns"))
            }
            Limits { warn_below: Some(warn), fail_below: Some(fail), .. } if warn < fail => {
                Err(format!("`warn_below` is {warn} and `fail_below` is {fail}: it would fail before it warns"))
            }
            Limits { fail: Some(high), fail_below: Some(low), .. } if low > high => {
                Err(format!("`fail` is {high} and `fail_below` is {low}: no value would be good"))
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_limit_counts() {
        let limits = Limits { warn: Some(0.1), fail: Some(0.2), warn_below: Some(0.05), fail_below: Some(0.01) };
        let broken = |value| limits.broken(value).map(|b| (b.level, b.below));
        assert_eq!(
            [0.0, 0.01, 0.05, 0.1, 0.15, 0.2, 0.3].map(broken),
            [
                Some((Level::Fail, true)),
                Some((Level::Warn, true)),
                None,
                None,
                Some((Level::Warn, false)),
                Some((Level::Warn, false)),
                Some((Level::Fail, false))
            ]
        );
        assert_eq!(Limits::NONE.broken(7.0), None);
    }

    #[test]
    fn what_cannot_be_meant() {
        let above = |warn, fail| Limits { warn: Some(warn), fail: Some(fail), ..Limits::NONE };
        assert!(above(0.2, 0.1).check(Unit::Lines).is_err());
        assert!(above(0.1, 1.5).check(Unit::Lines).is_err() && above(0.1, 1.5).check(Unit::Count).is_ok());
        assert!(above(f64::NAN, 0.1).check(Unit::Lines).is_err() && above(-0.1, 0.1).check(Unit::Count).is_err());
        assert!(Limits { warn_below: Some(1.0), fail_below: Some(2.0), ..Limits::NONE }.check(Unit::Count).is_err());
        assert!(Limits { fail: Some(1.0), fail_below: Some(2.0), ..Limits::NONE }.check(Unit::Count).is_err());
        assert!(above(0.1, 0.1).check(Unit::Lines).is_ok());
    }
}
