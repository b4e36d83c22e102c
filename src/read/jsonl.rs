//! One line of JSONL to its fields and the places where they stand. No I/O.
//!
//! The line's syntax is checked whole, but values stay as they are written: a number of 300 digits, an escaped NUL, a
//! duplicate key, a lone surrogate in a field that is not read, white space inside the object. Of duplicate keys the
//! last one counts. Nothing here recurses with the data; brackets deeper than `max_nesting` are refused all the same,
//! for the sake of whoever reads the output.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::model::{Cause, with_simd};

/// Where the fields stand: a key, or keys joined by dots that lead into nested objects. A key that has these dots in
/// itself wins over the nested reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldPaths {
    text: String,
    id: String,
    url: String,
    site: Option<String>,
}

impl FieldPaths {
    /// The paths of the text, the id, the URL and, if the site is a field of its own, the site.
    pub fn new(text_field: &str, id_field: &str, url_field: &str, site_field: Option<&str>) -> Self {
        FieldPaths { text: text_field.to_owned(), id: id_field.to_owned(), url: url_field.to_owned(), site: site_field.map(str::to_owned) }
    }
}

/// The fields of one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonRecord<'a> {
    /// The text, decoded.
    pub text: Cow<'a, str>,
    /// The id as it is written; `null` is an id too.
    pub id: Option<&'a str>,
    /// The URL, if it is a string that can be decoded.
    pub url: Option<Cow<'a, str>>,
    /// The site, if it is a string that can be decoded.
    pub site: Option<Cow<'a, str>>,
    /// All members, keys and values as they are written.
    pub members: Vec<(&'a str, &'a str)>,
    /// Where they stand.
    pub spans: RecordSpans,
}

/// Where the fields of a line stand, in bytes from its beginning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordSpans {
    /// The text as it is written, with its quotes.
    pub text: Range<usize>,
    /// The id as it is written.
    pub id: Option<Range<usize>>,
    /// The top-level `buddle` members, each with the comma that must go with it, in the order of the line.
    pub buddle: Vec<Range<usize>>,
    /// Place of the object's `}`.
    pub close: usize,
    /// Is there any member besides `buddle`?
    pub members: bool,
    /// Where new members go: behind the last member that stays.
    pub(super) insert: usize,
}

impl<'a> JsonRecord<'a> {
    /// The value of a field, a key or keys joined by dots, as it is written.
    pub fn field(&self, path: &str) -> Option<&'a str> {
        find(&self.members, path)
    }
}

/// The string that this value says, if it is one that can be decoded.
pub fn string_value(raw: &str) -> Option<Cow<'_, str>> {
    string(raw).and_then(Result::ok)
}

/// What keeps a line from being a record: the cause, and what was found where.
type Refusal = (Cause, String);

/// Finds the fields of one line; white space around the object (a line end too) is allowed.
///
/// # Errors
/// The cause for the quarantine and what was found, with the column where it is known (from 1, in bytes).
pub fn parse<'a>(line: &'a [u8], paths: &FieldPaths, max_nesting: usize) -> Result<JsonRecord<'a>, Refusal> {
    let line = utf8(line)?;
    let members = match plain_members(line) {
        Some(members) => members,
        None => parsed_members(line).map_err(|e| refusal(&e, line))?,
    };
    if max_nesting == 0 || members.iter().any(|(_, value)| value.starts_with(['[', '{'])) {
        check_nesting(line, max_nesting)?;
    }
    let Some(raw_text) = find(&members, &paths.text) else {
        return Err((Cause::TextMissing, format!("no field {:?}", paths.text)));
    };
    let text_span = span(line, raw_text);
    let column = text_span.start + 1;
    let text = match string(raw_text) {
        Some(Ok(text)) => text,
        Some(Err(e)) => return Err((Cause::JsonSyntax, format!("the string in {:?} cannot be decoded: {} (column {column})", paths.text, bare(&e)))),
        None => return Err((Cause::TextNotString, format!("{:?} is no string (column {column})", paths.text))),
    };
    let read = |path: &str| find(&members, path).and_then(string).and_then(Result::ok);
    let close = line.trim_ascii_end().len().saturating_sub(1);
    let id = find(&members, &paths.id);
    let places: Vec<Member> = members.iter().map(|(k, v)| Member::new(line, k, v)).collect();
    Ok(JsonRecord {
        text,
        id,
        url: read(&paths.url),
        site: paths.site.as_deref().and_then(read),
        spans: RecordSpans {
            text: text_span,
            id: id.map(|id| span(line, id)),
            buddle: buddle_spans(&places),
            close,
            members: places.iter().any(|m| !m.buddle),
            insert: places.iter().rfind(|m| !m.buddle).map_or(close, |m| m.end),
        },
        members,
    })
}

fn utf8(line: &[u8]) -> Result<&str, Refusal> {
    if let Ok(line) = simdutf8::basic::from_utf8(line) {
        return Ok(line);
    }
    // Only now, since it is slower: where is the fault?
    simdutf8::compat::from_utf8(line).map_err(|e| (Cause::InvalidUtf8, format!("no valid UTF-8 (column {})", e.valid_up_to() + 1)))
}

fn refusal(e: &serde_json::Error, line: &str) -> Refusal {
    if !line.trim_ascii_start().starts_with('{') && serde_json::from_str::<IgnoredAny>(line).is_ok() {
        return (Cause::JsonNotObject, "JSON, but no object".to_owned());
    }
    (Cause::JsonSyntax, format!("{} (column {})", bare(e), e.column()))
}

/// The message without the place: its line is always 1.
fn bare(e: &serde_json::Error) -> String {
    let message = e.to_string();
    message.rsplit_once(" at line ").map_or(message.clone(), |(what, _)| what.to_owned())
}

fn check_nesting(line: &str, max: usize) -> Result<(), Refusal> {
    // The cheap bound first: almost no line has that many brackets.
    if memchr::memchr2_iter(b'[', b'{', line.as_bytes()).nth(max).is_none() {
        return Ok(());
    }
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    for (i, b) in line.bytes().enumerate() {
        match b {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            _ if quoted => {}
            b'[' | b'{' => {
                depth += 1;
                if depth > max {
                    return Err((Cause::JsonNesting, format!("brackets nested deeper than {max} (column {})", i + 1)));
                }
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    Ok(())
}

/// The members of an object, keys and values as they are written.
type Members<'a> = Vec<(&'a str, &'a str)>;

/// What the parser finds.
fn parsed_members(line: &str) -> serde_json::Result<Members<'_>> {
    struct Raw<'a>(Vec<(&'a RawValue, &'a RawValue)>);
    impl<'de> Deserialize<'de> for Raw<'de> {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            struct Collect;
            impl<'de> Visitor<'de> for Collect {
                type Value = Raw<'de>;

                fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.write_str("an object")
                }

                fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                    let mut members = Vec::new();
                    while let Some(member) = map.next_entry()? {
                        members.push(member);
                    }
                    Ok(Raw(members))
                }
            }
            deserializer.deserialize_map(Collect)
        }
    }
    let Raw(members) = serde_json::from_str(line)?;
    Ok(members.into_iter().map(|(key, value)| (key.get(), value.get())).collect())
}

/// The same of most lines, at the speed of a search for quotes; `None` where the parser must look: at what is wrong, and at white space
/// other than spaces.
fn plain_members(line: &str) -> Option<Members<'_>> {
    let holds_control = with_simd(
        #[inline(always)]
        || line.bytes().fold(false, |found, b| found | (b < 0x20)),
    );
    if holds_control {
        return None;
    }
    let mut members = Vec::with_capacity(4);
    let mut rest = line.trim_matches(' ').strip_prefix('{')?.trim_start_matches(' ');
    while !rest.starts_with('}') {
        let (key, after) = split_string(rest)?;
        rest = after.trim_start_matches(' ').strip_prefix(':')?.trim_start_matches(' ');
        let (value, after) = split_value(rest)?;
        members.push((key, value));
        rest = after.trim_start_matches(' ');
        if let Some(after) = rest.strip_prefix(',') {
            rest = after.trim_start_matches(' ');
            // Not after a comma.
            if rest.starts_with('}') {
                return None;
            }
        } else if !rest.starts_with('}') {
            return None;
        }
    }
    (rest == "}").then_some(members)
}

/// A value at the head, and what follows it.
fn split_value(text: &str) -> Option<(&str, &str)> {
    match text.as_bytes().first()? {
        b'"' => split_string(text),
        // The parser knows where these end.
        b'{' | b'[' => {
            let value: &RawValue = serde_json::Deserializer::from_str(text).into_iter().next()?.ok()?;
            text.split_at_checked(value.get().len())
        }
        _ => {
            let (word, after) = text.split_at_checked(text.find([',', '}', ' ']).unwrap_or(text.len()))?;
            (matches!(word, "true" | "false" | "null") || is_whole_number(word)).then_some((word, after))
        }
    }
}

fn is_whole_number(word: &str) -> bool {
    let digits = word.strip_prefix('-').unwrap_or(word);
    !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) && (digits == "0" || !digits.starts_with('0'))
}

/// A string at the head, with its quotes, and what follows it. Its escapes are well formed but for surrogates.
fn split_string(text: &str) -> Option<(&str, &str)> {
    let bytes = text.as_bytes();
    if bytes.first() != Some(&b'"') {
        return None;
    }
    let mut at = 1;
    loop {
        at += memchr::memchr2(b'"', b'\\', bytes.get(at..)?)?;
        if bytes.get(at) == Some(&b'"') {
            return text.split_at_checked(at + 1);
        }
        at += match bytes.get(at + 1)? {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => 2,
            b'u' if bytes.get(at + 2..at + 6)?.iter().all(u8::is_ascii_hexdigit) => 6,
            _ => return None,
        };
    }
}

/// The last member with this key, or what the path leads to.
fn find<'a>(members: &[(&'a str, &'a str)], path: &str) -> Option<&'a str> {
    if let Some(value) = last(members, path) {
        return Some(value);
    }
    let (head, rest) = path.split_once('.')?;
    let inner = last(members, head)?;
    find(&parsed_members(inner).ok()?, rest)
}

fn last<'a>(members: &[(&'a str, &'a str)], key: &str) -> Option<&'a str> {
    members.iter().rfind(|(k, _)| is_key(k, key)).map(|(_, value)| *value)
}

fn is_key(quoted: &str, key: &str) -> bool {
    let plain = quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default();
    if plain.contains('\\') { serde_json::from_str::<String>(quoted).is_ok_and(|k| k == key) } else { plain == key }
}

/// The decoded string; `None` if the value is no string.
fn string(raw: &str) -> Option<serde_json::Result<Cow<'_, str>>> {
    let plain = raw.strip_prefix('"')?.strip_suffix('"')?;
    if memchr::memchr(b'\\', plain.as_bytes()).is_none() {
        return Some(Ok(Cow::Borrowed(plain)));
    }
    // What cannot be unescaped is an error that the parser words.
    Some(unescape(plain).map_or_else(|| serde_json::from_str(raw), Ok).map(Cow::Owned))
}

/// A JSON string without its quotes, known to be well formed but for its surrogates; `None` where one stands alone.
fn unescape(plain: &str) -> Option<String> {
    let mut out = String::with_capacity(plain.len());
    let mut rest = plain;
    while let Some(at) = memchr::memchr(b'\\', rest.as_bytes()) {
        out.push_str(rest.get(..at)?);
        let escape = rest.as_bytes().get(at + 1)?;
        rest = rest.get(at + 2..)?;
        out.push(match escape {
            b'n' => '\n',
            b'"' | b'\\' | b'/' => char::from(*escape),
            b't' => '\t',
            b'r' => '\r',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'u' => {
                let unit = take_unit(&mut rest)?;
                let code = if let 0xD800..0xDC00 = unit {
                    rest = rest.strip_prefix("\\u")?;
                    let low = take_unit(&mut rest).filter(|low| matches!(low, 0xDC00..0xE000))?;
                    0x1_0000 + ((unit - 0xD800) << 10) + (low - 0xDC00)
                } else {
                    unit
                };
                char::from_u32(code)?
            }
            _ => return None,
        });
    }
    out.push_str(rest);
    Some(out)
}

/// Four hexadecimal digits.
fn take_unit(rest: &mut &str) -> Option<u32> {
    let (digits, after) = rest.split_at_checked(4)?;
    *rest = after;
    u32::from_str_radix(digits, 16).ok()
}

/// Where `part`, a slice of `line`, stands in it.
fn span(line: &str, part: &str) -> Range<usize> {
    let start = part.as_ptr().addr().saturating_sub(line.as_ptr().addr());
    start..start + part.len()
}

struct Member {
    start: usize,
    end: usize,
    buddle: bool,
}

impl Member {
    fn new(line: &str, key: &str, value: &str) -> Member {
        Member { start: span(line, key).start, end: span(line, value).end, buddle: is_key(key, "buddle") }
    }
}

/// A member behind one that stays goes with the comma before it; at the beginning of the object it goes with the comma
/// after it. So what stays has exactly the commas that it needs.
fn buddle_spans(places: &[Member]) -> Vec<Range<usize>> {
    let mut spans = Vec::new();
    let mut before: Option<usize> = None;
    let mut kept = false;
    for (i, member) in places.iter().enumerate() {
        if member.buddle {
            spans.push(match (kept, before, places.get(i + 1)) {
                (true, Some(end), _) => end..member.end,
                (_, _, Some(next)) => member.start..next.start,
                _ => member.start..member.end,
            });
        } else {
            kept = true;
        }
        before = Some(member.end);
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn most_lines_are_plain() {
        for line in [
            r#"{"id": "a", "n": -12, "text": "one\ntwo \"q\" \u00e9", "url":"https://a.example/"}"#,
            r#"{}"#,
            r#" { "meta" : {"a":[1, 2.5e3, {"b":"}"}]} , "x":null , "y":[ ], "z":true }  "#,
        ] {
            assert_eq!(plain_members(line), parsed_members(line).ok(), "{line}");
            assert!(plain_members(line).is_some(), "{line}");
        }
    }

    proptest! {
        /// The parser is the naive twin.
        #[test]
        fn plain_lines_are_found_as_parsed(
            line in "[{ ]{0,2}(\"([a-z字 ]|\\\\[nu\"x]|\\\\u00e9){0,4}\" ?:? ?(-?[01.e]{0,3}|true|nul|null|\"[a-z\t:,{}]{0,3}\"|\\[[1, ]{0,3}\\]?|\\{(\"a\":1)?\\}?) ?,? ?){0,3}[} ,]{0,2}",
        ) {
            if let Some(members) = plain_members(&line) {
                prop_assert_eq!(Some(members), parsed_members(&line).ok(), "{}", line);
            }
        }

        #[test]
        fn whole_objects_are_found_as_parsed(
            members in prop::collection::vec(("[a-zé\n\"\\\\]{0,3}", prop_oneof![
                Just(serde_json::Value::Null), any::<i64>().prop_map(Into::into), any::<f64>().prop_map(Into::into), "\\PC{0,9}".prop_map(Into::into),
                prop::collection::vec("[a-z]{0,2}", 0..3).prop_map(Into::into),
            ]), 0..6),
        ) {
            let line = serde_json::to_string(&members.into_iter().collect::<serde_json::Map<_, _>>()).unwrap();
            let parsed = parsed_members(&line).ok();
            if let Some(plain) = plain_members(&line) {
                prop_assert_eq!(Some(plain), parsed);
            } else {
                // A fraction is the parser's.
                prop_assert!(line.contains(['.', 'e', 'E']), "{}", line);
            }
        }

        /// The parser is the naive twin.
        #[test]
        fn unescaping_agrees_with_the_parser(plain in "([a-zé字😀]|\\\\[\\\\/\"bfnrt]|\\\\u(00[0-9a-fA-F]{2}|[0-9a-c][0-9a-fA-F]{3}|d83[def]|D[89AB]00|d[ef]4[0-9])){0,24}") {
            let parsed = serde_json::from_str::<String>(&format!("\"{plain}\"")).ok();
            prop_assert_eq!(unescape(&plain), parsed, "{}", plain);
        }
    }
}
