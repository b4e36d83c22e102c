//! Text from data as it may reach a terminal: no control bytes, nothing that turns the order of what stands around it, cut and
//! wrapped to columns.

/// The text without control characters and without those that turn the direction of text: U+FFFD stands for each.
pub fn printable(text: &str) -> String {
    text.chars().map(|c| if is_hostile(c) { '\u{fffd}' } else { c }).collect()
}

/// May this character change what a reader sees of the text around it?
pub fn is_hostile(c: char) -> bool {
    c.is_control() || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Columns that a text takes: two for each character of East Asian scripts and each emoji, none for marks.
pub fn width(text: &str) -> usize {
    text.chars().map(columns).sum()
}

fn columns(c: char) -> usize {
    match u32::from(c) {
        0x300..=0x36F | 0x200B..=0x200F | 0xFE00..=0xFE0F => 0,
        0x1100..=0x115F | 0x2E80..=0xA4CF | 0xAC00..=0xD7A3 | 0xF900..=0xFAFF | 0xFE30..=0xFE6F | 0xFF00..=0xFF60 | 0xFFE0..=0xFFE6 => 2,
        0x1_F300..=0x1_FAFF | 0x2_0000..=0x3_FFFD => 2,
        _ => 1,
    }
}

/// The text, printable, in so many columns at most; `…` where more of it was.
pub fn fit(text: &str, most: usize) -> String {
    let text = printable(text);
    if width(&text) <= most {
        return text;
    }
    let mut taken = 0;
    let head: String = text
        .chars()
        .take_while(|c| {
            taken += columns(*c);
            taken < most
        })
        .collect();
    format!("{head}…")
}

/// The text, printable, in lines of so many columns at most, but for words that are longer.
pub fn wrapped(text: &str, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in printable(text).split(' ') {
        match lines.last_mut() {
            Some(line) if width(line) + 1 + width(word) <= most => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_cut_fits_and_says_so() {
        assert_eq!(fit("abc", 3), "abc");
        assert_eq!(fit("abcd", 3), "ab…");
        assert_eq!(fit("東京都", 5), "東京…");
        assert_eq!(fit("a\u{1b}[31m\u{202e}b", 20), "a\u{fffd}[31m\u{fffd}b");
        for most in 1..9 {
            assert!(width(&fit("a東b京c都d", most)) <= most, "{most}");
        }
        assert_eq!(wrapped("one two three", 7), ["one two", "three"]);
    }
}
