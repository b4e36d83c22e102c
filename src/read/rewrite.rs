//! A JSONL record written again: its text replaced, members added, every other byte as it was.
//!
//! Nothing is parsed here and no key order, number or escape changes, because only the spans that
//! [`parse`](super::parse) found are exchanged. Writing a record again with the same tail gives the same bytes.

use std::ops::Range;

use super::{JsonRecord, RecordSpans};
use crate::model::lines;

/// What becomes of a record's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextEdit<'t> {
    /// It keeps its spelling.
    Same,
    /// Another one.
    New(&'t str),
    /// It goes; `null` stands in its place.
    Null,
}

impl JsonRecord<'_> {
    /// [`RecordSpans::rewrite`] with a text that keeps its spelling where it is the same.
    pub fn rewrite(&self, line: &[u8], text: &str, out: &mut Vec<u8>) {
        let edit = if self.text == text { TextEdit::Same } else { TextEdit::New(text) };
        self.spans.rewrite(line, edit, None, "", out);
    }
}

impl RecordSpans {
    /// Appends the record to `out` as one line with its LF. Older `buddle` members go.
    ///
    /// `line` is what was parsed. `id_if_absent`: the id as JSON, added as `"id"` if the record has none. `tail`: members to add
    /// at the end (`"buddle":{…}`), or nothing. White space around the object goes.
    pub fn rewrite(&self, line: &[u8], text: TextEdit<'_>, id_if_absent: Option<&str>, tail: &str, out: &mut Vec<u8>) {
        enum Edit<'e> {
            Drop,
            Text(TextEdit<'e>),
            Insert,
        }
        let id = id_if_absent.filter(|_| self.id.is_none());
        let mut edits: Vec<(Range<usize>, Edit<'_>)> = self.buddle.iter().map(|span| (span.clone(), Edit::Drop)).collect();
        if text != TextEdit::Same {
            edits.push((self.text.clone(), Edit::Text(text)));
        }
        edits.push((self.insert..self.insert, Edit::Insert));
        // By their ends too: the new members stand where the text ends, but before a `buddle` that began there.
        edits.sort_by_key(|(span, _)| (span.start, span.end));

        let start = line.len() - line.trim_ascii_start().len();
        out.reserve(line.len() + tail.len() + 8);
        let mut copied = start;
        for (span, edit) in edits {
            // A text inside an old `buddle` member goes with it.
            if span.start < copied {
                continue;
            }
            out.extend_from_slice(line.get(copied..span.start).unwrap_or_default());
            match edit {
                Edit::Drop | Edit::Text(TextEdit::Same) => {}
                Edit::Text(TextEdit::Null) => out.extend_from_slice(b"null"),
                Edit::Text(TextEdit::New(text)) => push_quoted(text, out),
                Edit::Insert => {
                    let mut comma = self.members;
                    for (key, member) in [("\"id\":", id), ("", Some(tail).filter(|tail| !tail.is_empty()))] {
                        let Some(member) = member else { continue };
                        if std::mem::replace(&mut comma, true) {
                            out.push(b',');
                        }
                        out.extend_from_slice(key.as_bytes());
                        out.extend_from_slice(member.as_bytes());
                    }
                }
            }
            copied = span.end;
        }
        out.extend_from_slice(line.get(copied..=self.close).unwrap_or_default());
        out.push(b'\n');
    }
}

/// Appends the text as a JSON string, as serde_json spells it: between the line ends of a text there is seldom anything to
/// escape, so each line is looked at whole, and copied whole.
fn push_quoted(text: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    for (number, line) in lines(text).enumerate() {
        if number > 0 {
            out.extend_from_slice(b"\\n");
        }
        let escapes = line.bytes().fold(false, |escapes, b| escapes | (b < 0x20) | (b == b'"') | (b == b'\\'));
        if !escapes {
            out.extend_from_slice(line.as_bytes());
            continue;
        }
        let mut copied = 0;
        for (at, b) in line.bytes().enumerate() {
            let short = match b {
                b'"' => Some(b'"'),
                b'\\' => Some(b'\\'),
                0x08 => Some(b'b'),
                b'\t' => Some(b't'),
                0x0C => Some(b'f'),
                b'\r' => Some(b'r'),
                0..0x20 => None,
                _ => continue,
            };
            out.extend_from_slice(line.as_bytes().get(copied..at).unwrap_or_default());
            copied = at + 1;
            match short {
                Some(short) => out.extend_from_slice(&[b'\\', short]),
                None => out.extend_from_slice(format!("\\u{b:04x}").as_bytes()),
            }
        }
        out.extend_from_slice(line.as_bytes().get(copied..).unwrap_or_default());
    }
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::TextEdit;
    use crate::model::Cause;
    use crate::read::{FieldPaths, parse};
    use proptest::prelude::*;

    fn paths() -> FieldPaths {
        FieldPaths::new("text", "id", "url", Some("meta.site"))
    }

    fn rewrite(line: &str, text: Option<&str>, id: Option<&str>, tail: &str) -> String {
        let mut out = Vec::new();
        let record = parse(line.as_bytes(), &paths(), 64).unwrap();
        let edit = text.map_or(TextEdit::Null, |text| if record.text == text { TextEdit::Same } else { TextEdit::New(text) });
        record.spans.rewrite(line.as_bytes(), edit, id, tail, &mut out);
        String::from_utf8(out).unwrap()
    }

    /// The naive twin is serde_json's.
    fn quoted_agrees(text: &str) {
        let mut out = Vec::new();
        super::push_quoted(text, &mut out);
        assert_eq!(String::from_utf8(out).unwrap(), serde_json::to_string(text).unwrap());
    }

    #[test]
    fn every_character_is_quoted_as_serde_does() {
        quoted_agrees("");
        for c in '\0'..='\u{2100}' {
            quoted_agrees(&c.to_string());
            quoted_agrees(&format!("a{c}\n\n{c}{c}b\n"));
        }
    }

    #[test]
    fn only_the_named_bytes_change() {
        let long = "9".repeat(300);
        let cases = [
            (r#"{"text":"a"}"#.to_owned(), r#"{"text":"N","id":7,"buddle":{}}"#.to_owned()),
            (" { \"text\" : \"a\" , \"id\" : 1.50 } \r\n".to_owned(), r#"{ "text" : "N" , "id" : 1.50,"buddle":{} }"#.to_owned()),
            (format!(r#"{{"id":{long},"z":"\u0000\ud800","text":"a"}}"#), format!(r#"{{"id":{long},"z":"\u0000\ud800","text":"N","buddle":{{}}}}"#)),
            (r#"{"text":"1","id":null,"text":"2"}"#.to_owned(), r#"{"text":"1","id":null,"text":"N","buddle":{}}"#.to_owned()),
            (r#"{"buddle":1,"te\u0078t":"2","id":"x"}"#.to_owned(), r#"{"te\u0078t":"N","id":"x","buddle":{}}"#.to_owned()),
            (
                r#"{"buddle":1, "buddle":2, "id":0, "buddle":3, "text":"2" , "buddle":4 }"#.to_owned(),
                r#"{"id":0, "text":"N","buddle":{} }"#.to_owned(),
            ),
            (r#"{"\ud800":1,"id":[{}],"text":"2"}"#.to_owned(), r#"{"\ud800":1,"id":[{}],"text":"N","buddle":{}}"#.to_owned()),
        ];
        for (line, want) in cases {
            let once = rewrite(&line, Some("N"), Some("7"), "\"buddle\":{}");
            assert_eq!(once, format!("{want}\n"), "{line}");
            assert_eq!(rewrite(&once, Some("N"), Some("7"), "\"buddle\":{}"), once);
        }
        assert_eq!(rewrite(r#"{"text":"\u0041","id":1}"#, Some("A"), None, ""), "{\"text\":\"\\u0041\",\"id\":1}\n");
        assert_eq!(rewrite(r#"{"text":"a"}"#, None, None, ""), "{\"text\":null}\n");
    }

    #[test]
    fn only_buddle_members() {
        let nested = FieldPaths::new("buddle.text", "id", "url", None);
        for (line, tail, want) in
            [(r#"{"buddle":{"text":"a"}}"#, "", "{}\n"), (r#"{"buddle":1,"buddle":{"text":"a"}}"#, "\"buddle\":2", "{\"buddle\":2}\n")]
        {
            let record = parse(line.as_bytes(), &nested, 64).unwrap();
            let mut out = Vec::new();
            record.spans.rewrite(line.as_bytes(), TextEdit::New("N"), None, tail, &mut out);
            assert_eq!((record.spans.members, String::from_utf8(out).unwrap().as_str()), (false, want));
        }
    }

    #[test]
    fn fields_and_dots() {
        let line = br#"{"meta":{"site":"no"},"meta":{"site":"\u0061.org"},"url":5,"text":"t","a":{"b.c":"x","b":{"c":"y"}},"a.b":{"c":"z"}}"#;
        let record = parse(line, &paths(), 3).unwrap();
        assert_eq!((record.site.as_deref(), record.url, record.id), (Some("a.org"), None, None));
        let nested = |path: &str| parse(line, &FieldPaths::new(path, "id", "url", None), 9).map(|r| r.text.into_owned());
        assert_eq!(nested("a.b.c").unwrap(), "x");
        assert_eq!(nested("meta.site").unwrap(), "a.org");
        assert_eq!(nested("a.x").unwrap_err().0, Cause::TextMissing);
        assert_eq!(nested("text.x").unwrap_err().0, Cause::TextMissing);
    }

    #[test]
    fn refusals() {
        let cases: [(&[u8], Cause); 14] = [
            (b"", Cause::JsonSyntax),
            (b"{\"text\":\"a\"", Cause::JsonSyntax),
            (b"{\"text\":\"a\"} x", Cause::JsonSyntax),
            (b"{\"text\":\"\\ud800\"}", Cause::JsonSyntax),
            (b"{\"text\":\"a\",}", Cause::JsonSyntax),
            (b"{1:2}", Cause::JsonSyntax),
            (b"{\"text\":\"a\tb\"}", Cause::JsonSyntax),
            (b"[1]", Cause::JsonNotObject),
            (b"[1", Cause::JsonSyntax),
            (b"7", Cause::JsonNotObject),
            (b"{\"text\":\"\xFF\"}", Cause::InvalidUtf8),
            (b"{}", Cause::TextMissing),
            (b"{\"text\":null}", Cause::TextNotString),
            (b"{\"text\":\"a\",\"b\":[[[]]]}", Cause::JsonNesting),
        ];
        for (line, want) in cases {
            assert_eq!(parse(line, &paths(), 3).unwrap_err().0, want, "{}", line.escape_ascii());
        }
        assert!(parse(br#"{"text":"[[[[\"[[[","b":[[]]}"#, &paths(), 3).is_ok());
        assert!(parse(br#"{"text":"a","b":"x" "c"}"#, &paths(), 3).unwrap_err().1.ends_with("(column 21)"));
    }

    #[test]
    fn a_deep_line_costs_no_stack() {
        let deep = format!("{{\"text\":\"a\",\"b\":{}{}}}", "[".repeat(300_000), "]".repeat(300_000));
        assert_eq!(parse(deep.as_bytes(), &paths(), 64).unwrap_err().0, Cause::JsonNesting);
        assert_eq!(parse("[".repeat(300_000).as_bytes(), &paths(), 64).unwrap_err().0, Cause::JsonSyntax);
    }

    proptest! {
        #[test]
        fn other_members_keep_their_bytes(
            before in "(\"[a-z\\\\n]{0,3}\" ?: ?(1e5|\"x\"|\\[1, 2\\]|\\{\\}) ?, ?){0,3}",
            buddle in "(\"buddle\" ?: ?(1|\\{\"a\": 2\\}) ?, ?){0,2}",
            after in "( ?, ?\"[a-z]{1,3}\" ?: ?-0.00){0,3}",
            late in "( ?, ?\"buddle\": ?true){0,2}",
            text in "\\PC{0,8}", new in ".{0,8}",
        ) {
            let after = after.replace("\"id\"", "\"i\"");
            let before = before.replace("\"id\"", "\"i\"");
            let old = serde_json::to_string(&text).unwrap();
            let line = format!("{{{before}{buddle}\"text\":{old}{after}{late}}}");
            if parse(line.as_bytes(), &paths(), 8).is_ok() {
                let spelled = if new == text { old } else { serde_json::to_string(&new).unwrap() };
                let got = rewrite(&line, Some(&new), Some("1"), "\"buddle\":{}");
                let want = format!("{{{before}\"text\":{spelled}{after},\"id\":1,\"buddle\":{{}}}}\n");
                // Which of two commas goes with an old `buddle` decides on the blanks around it, and on nothing else.
                prop_assert_eq!(got.replace(' ', ""), want.replace(' ', ""));
                prop_assert!(got.get(1..).is_some_and(|g| g.starts_with(before.trim_end_matches([' ', ',']))));
                let end = format!("{spelled}{after},\"id\":1,\"buddle\":{{}}}}\n");
                prop_assert!(got.ends_with(&end));
                prop_assert!(!buddle.is_empty() || got == want);
                prop_assert_eq!(&rewrite(&got, Some(&new), Some("1"), "\"buddle\":{}"), &got);
            }
        }

        #[test]
        fn any_bytes_are_parsed_or_refused(line in "[{}\\[\\]\":,a\\\\ 1u]{0,40}") {
            let _ = parse(line.as_bytes(), &paths(), 4);
        }
    }
}
