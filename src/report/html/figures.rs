//! Numbers as people read them. Integers all the way: the same folder gives the same page.

pub(in crate::report) use super::super::figure::{counted, number, size};

/// Thousandths, rounded down.
pub fn permille(part: u64, whole: u64) -> u64 {
    u64::try_from(u128::from(part) * 1000 / u128::from(whole.max(1))).unwrap_or(u64::MAX)
}

/// A share in percent with one digit; what is there at all is never called nothing, and what is not all never everything.
pub fn percent(part: u64, whole: u64) -> String {
    if part == 0 || whole == 0 {
        return "0 %".into();
    }
    if part == whole {
        return "100 %".into();
    }
    match (u128::from(part) * 1000 + u128::from(whole) / 2) / u128::from(whole) {
        0 => "< 0.1 %".into(),
        1000 => "> 99.9 %".into(),
        permille => format!("{}.{} %", permille / 10, permille % 10),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares() {
        assert_eq!(
            [(0, 0), (0, 5), (5, 5), (1, 3), (1, 100_000), (99_999, 100_000)].map(|(p, w)| percent(p, w)),
            ["0 %", "0 %", "100 %", "33.3 %", "< 0.1 %", "> 99.9 %"]
        );
        assert_eq!(permille(u64::MAX, u64::MAX), 1000);
        assert_eq!((counted(1, "line", "lines"), counted(1200, "line", "lines")), ("1 line".into(), "1,200 lines".into()));
    }
}
