//! Figures as people read them.

/// Thousands in groups.
pub(super) fn number(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}

/// Bytes in a unit that leaves few digits.
pub(super) fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{:.1} kB", bytes as f64 / 1e3),
        1_000_000..1_000_000_000 => format!("{:.1} MB", bytes as f64 / 1e6),
        _ => format!("{:.2} GB", bytes as f64 / 1e9),
    }
}

/// A share in percent; of nothing all.
pub(super) fn share(part: u64, whole: u64) -> String {
    if whole == 0 { "100 %".into() } else { format!("{:.1} %", part as f64 * 100.0 / whole as f64) }
}

/// A share in percent, to three digits that count.
pub(super) fn percent(share: f64) -> String {
    let percent = share * 100.0;
    let digits = match percent {
        p if p >= 9.95 || p == 0.0 => 1,
        p if p >= 0.995 => 2,
        p if p >= 0.0995 => 3,
        _ => 4,
    };
    format!("{percent:.digits$} %")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures() {
        assert_eq!([0, 999, 1000, 1_234_567].map(number), ["0", "999", "1,000", "1,234,567"]);
        assert_eq!(size(1_500_000), "1.5 MB");
        assert_eq!([0.0, 1.0, 0.1234, 0.0123, 0.00123, 0.00001].map(percent), ["0.0 %", "100.0 %", "12.3 %", "1.23 %", "0.123 %", "0.0010 %"]);
    }
}
