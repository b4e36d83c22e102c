//! The only way by which data gets into a page.
//!
//! What could end a tag or an attribute is written as a reference. Control characters, noncharacters and the bidi controls that
//! open or close a stretch of text become U+FFFD, wherever they stand (ids, paths and messages are not normalised as
//! text is), so that no value can reorder what stands around it. Tab and line feed stay.

use std::fmt::{self, Write};

use askama::filters::Escaper;

/// Escapes for HTML, in text and in quoted attributes.
#[derive(Clone, Copy, Debug)]
pub struct Escape;

impl Escaper for Escape {
    fn write_escaped_str<W: Write>(&self, mut dest: W, string: &str) -> fmt::Result {
        let mut rest = string;
        while let Some((at, c)) = rest.char_indices().find(|(_, c)| replacement(*c).is_some()) {
            let (head, tail) = rest.split_at(at);
            dest.write_str(head)?;
            dest.write_str(replacement(c).unwrap_or_default())?;
            rest = tail.get(c.len_utf8()..).unwrap_or_default();
        }
        dest.write_str(rest)
    }
}

/// What stands in a page for a character that must not; `None` for one that may.
fn replacement(c: char) -> Option<&'static str> {
    match c {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        '"' => Some("&quot;"),
        '\'' => Some("&#39;"),
        '\t' | '\n' => None,
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => Some("\u{fffd}"),
        c if c.is_control() || is_noncharacter(c) => Some("\u{fffd}"),
        _ => None,
    }
}

fn is_noncharacter(c: char) -> bool {
    matches!(c, '\u{fdd0}'..='\u{fdef}') || u32::from(c) & 0xfffe == 0xfffe
}

#[cfg(test)]
mod tests {
    use super::*;

    fn escaped(text: &str) -> String {
        let mut out = String::new();
        Escape.write_escaped_str(&mut out, text).unwrap();
        out
    }

    #[test]
    fn nothing_ends_a_tag_an_attribute_or_the_order_of_the_page() {
        assert_eq!(escaped("</td><script>\"a\" & 'b'"), "&lt;/td&gt;&lt;script&gt;&quot;a&quot; &amp; &#39;b&#39;");
        assert_eq!(escaped("a\u{0}\u{1b}[31m\u{85}\u{7f}\r\n\tb"), "a\u{fffd}\u{fffd}[31m\u{fffd}\u{fffd}\u{fffd}\n\tb");
        assert_eq!(escaped("x\u{202e}y\u{2066}z\u{2069}\u{ffff}\u{fdd0}\u{10fffe}"), "x\u{fffd}y\u{fffd}z\u{fffd}\u{fffd}\u{fffd}\u{fffd}");
        assert_eq!(escaped("ж\u{200f}\u{200d}é"), "ж\u{200f}\u{200d}é");
    }

    #[test]
    fn of_every_character_nothing_but_what_is_safe_comes_out() {
        for c in '\0'..=char::MAX {
            let out = escaped(&c.to_string());
            assert!(!out.contains(['<', '>', '"', '\'']) && (out.len() > 1 || out != "&"), "{c:?}");
            assert!(out == c.to_string() || out == "\u{fffd}" || out.starts_with('&'), "{c:?}");
        }
    }
}
