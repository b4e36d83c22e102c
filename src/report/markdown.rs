//! Text from data in Markdown: whatever it holds stands for itself.

use super::terminal::is_hostile;

/// The text on one line, without a meaning to Markdown, HTML or GitHub: no markup, cells, links or mentions.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            // Addresses without markup are found in spite of a backslash.
            ':' => out.push_str("&#58;"),
            '.' => out.push_str("&#46;"),
            // Mentions and references are looked for in what is rendered: a space without width stops them.
            '@' => out.push_str("&#64;&#8203;"),
            '#' => out.push_str("&#35;&#8203;"),
            '\t' => out.push(' '),
            c if is_hostile(c) => out.push('\u{fffd}'),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '(' | ')' | '+' | '-' | '!' | '|' | '~' | '=' | '$' | '"' | '\'' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_ascii_keeps_a_meaning() {
        let all: String = (0_u8..128).map(char::from).collect();
        let out = escaped(&all);
        assert!(!out.contains(['<', '>', '\n', '\r', '\u{1b}', '\0', '@', '.', ':']), "{out}");
        for special in ['`', '|', '*', '_', '[', ']', '\\'] {
            for (at, _) in out.match_indices(special).filter(|_| special != '\\') {
                assert_eq!(out.as_bytes()[at - 1], b'\\', "{special}");
            }
        }
        assert!(out.contains("\\\\"));
        assert_eq!(escaped("<b>|`x`\n@you www.a.b"), "&lt;b&gt;\\|\\`x\\`\u{fffd}&#64;&#8203;you www&#46;a&#46;b");
        assert_eq!(escaped("[a](http://b) #1"), "\\[a\\]\\(http&#58;//b\\) &#35;&#8203;1");
        assert_eq!(escaped("1. a\u{202e}"), "1&#46; a\u{fffd}");
    }
}
