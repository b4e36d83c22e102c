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

use crate::model::Cause;

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

/// What keeps a line from being a record: the cause, and what was found where.
type Refusal = (Cause, String);

/// Finds the fields of one line; white space around the object (a line end too) is allowed.
///
/// # Errors
/// The cause for the quarantine and what was found, with the column where it is known (from 1, in bytes).
pub fn parse<'a>(line: &'a [u8], paths: &FieldPaths, max_nesting: usize) -> Result<JsonRecord<'a>, Refusal> {
    let line = utf8(line)?;
    let members: Members<'a> = serde_json::from_str(line).map_err(|e| refusal(&e, line))?;
    check_nesting(line, max_nesting)?;
    let members = members.0;
    let Some(raw_text) = find(&members, &paths.text) else {
        return Err((Cause::TextMissing, format!("no field {:?}", paths.text)));
    };
    let text_span = span(line, raw_text.get());
    let column = text_span.start + 1;
    let text = match string(raw_text) {
        Some(Ok(text)) => text,
        Some(Err(e)) => return Err((Cause::JsonSyntax, format!("the string in {:?} cannot be decoded: {} (column {column})", paths.text, bare(&e)))),
        None => return Err((Cause::TextNotString, format!("{:?} is no string (column {column})", paths.text))),
    };
    let read = |path: &str| find(&members, path).and_then(string).and_then(Result::ok);
    let close = line.trim_ascii_end().len().saturating_sub(1);
    let id = find(&members, &paths.id).map(RawValue::get);
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
struct Members<'a>(Vec<(&'a RawValue, &'a RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;
        impl<'de> Visitor<'de> for Collect {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Collect)
    }
}

/// The last member with this key, or what the path leads to.
fn find<'a>(members: &[(&'a RawValue, &'a RawValue)], path: &str) -> Option<&'a RawValue> {
    if let Some(value) = last(members, path) {
        return Some(value);
    }
    let (head, rest) = path.split_once('.')?;
    let inner = last(members, head)?;
    find(&serde_json::from_str::<Members<'a>>(inner.get()).ok()?.0, rest)
}

fn last<'a>(members: &[(&'a RawValue, &'a RawValue)], key: &str) -> Option<&'a RawValue> {
    members.iter().rfind(|(k, _)| is_key(k, key)).map(|(_, value)| *value)
}

fn is_key(raw: &RawValue, key: &str) -> bool {
    let quoted = raw.get();
    let plain = quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default();
    if plain.contains('\\') { serde_json::from_str::<String>(quoted).is_ok_and(|k| k == key) } else { plain == key }
}

/// The decoded string; `None` if the value is no string.
fn string(raw: &RawValue) -> Option<serde_json::Result<Cow<'_, str>>> {
    let plain = raw.get().strip_prefix('"')?.strip_suffix('"')?;
    if memchr::memchr(b'\\', plain.as_bytes()).is_none() {
        return Some(Ok(Cow::Borrowed(plain)));
    }
    // What cannot be unescaped is an error that the parser words.
    Some(unescape(plain).map_or_else(|| serde_json::from_str(raw.get()), Ok).map(Cow::Owned))
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
    fn new(line: &str, key: &RawValue, value: &RawValue) -> Member {
        Member { start: span(line, key.get()).start, end: span(line, value.get()).end, buddle: is_key(key, "buddle") }
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

    proptest! {
        /// The parser is the naive twin.
        #[test]
        fn unescaping_agrees_with_the_parser(plain in "([a-zé字😀]|\\\\[\\\\/\"bfnrt]|\\\\u(00[0-9a-fA-F]{2}|[0-9a-c][0-9a-fA-F]{3}|d83[def]|D[89AB]00|d[ef]4[0-9])){0,24}") {
            let parsed = serde_json::from_str::<String>(&format!("\"{plain}\"")).ok();
            prop_assert_eq!(unescape(&plain), parsed, "{}", plain);
        }
    }
}
