//! Addresses inside a line: link targets, URLs, e-mail. They carry letters and full stops that say nothing
//! about whether the line is prose or which language it is in, so every judgement looks at the line without them.

use std::borrow::Cow;

/// The line with every address replaced by one space; a Markdown link keeps its words.
///
/// Recognised: `](target)` with balanced inner brackets and an optional title, `http://` and `https://` words,
/// `www.` words, and `name@host.tld`. Borrowed when the line holds none.
pub fn cut_addresses(line: &str) -> Cow<'_, str> {
    if !may_hold_address(line.as_bytes()) {
        return Cow::Borrowed(line);
    }
    let bytes = line.as_bytes();
    let mut out = String::new();
    let (mut copied, mut at) = (0, 0);
    while let Some(&b) = bytes.get(at) {
        let end = match b {
            b']' => link_end(line, at),
            b'h' | b'H' | b'w' | b'W' if starts_word(line, at) => word_address_end(line, at),
            b'@' => {
                if let Some((start, end)) = mail_span(line, at, copied) {
                    out.push_str(line.get(copied..start).unwrap_or_default());
                    out.push(' ');
                    (copied, at) = (end, end);
                    continue;
                }
                None
            }
            _ => None,
        };
        match end {
            Some(end) => {
                out.push_str(line.get(copied..at).unwrap_or_default());
                out.push_str(if b == b']' { "] " } else { " " });
                (copied, at) = (end, end);
            }
            None => at += 1,
        }
    }
    if copied == 0 {
        return Cow::Borrowed(line);
    }
    out.push_str(line.get(copied..).unwrap_or_default());
    Cow::Owned(out)
}

/// A cheap test that is true for every line that holds an address.
pub fn may_hold_address(line: &[u8]) -> bool {
    let pairs = line.iter().zip(line.iter().skip(1));
    pairs.fold(false, |found, (a, b)| {
        let link = (*a == b']') & (*b == b'(');
        let scheme = (*a == b':') & (*b == b'/');
        found | (*a == b'@') | link | scheme | ((*a | 0x20 == b'w') & (*b | 0x20 == b'w'))
    })
}

fn starts_word(line: &str, at: usize) -> bool {
    !line.get(..at).and_then(|s| s.chars().next_back()).is_some_and(|c| c.is_alphanumeric() || c == '_')
}

/// The end of `](target)`, given the place of `]`.
fn link_end(line: &str, at: usize) -> Option<usize> {
    let rest = line.get(at + 1..)?;
    if !rest.starts_with('(') {
        return None;
    }
    let (mut depth, mut quoted) = (0_u32, false);
    let mut spaced = false;
    for (i, c) in rest.char_indices() {
        match c {
            '"' if spaced => quoted = !quoted,
            _ if quoted => {}
            '(' if !spaced => depth += 1,
            ')' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at + 1 + i + 1);
                }
            }
            c if c.is_whitespace() => spaced = true,
            _ if spaced => return None,
            _ => {}
        }
        if depth > 3 {
            return None;
        }
    }
    None
}

/// The end of a `http://…`, `https://…` or `www.…` word that starts at `at`.
fn word_address_end(line: &str, at: usize) -> Option<usize> {
    let rest = line.get(at..)?;
    let head = |n: usize| rest.as_bytes().get(..n).unwrap_or_default();
    let skip = if head(8).eq_ignore_ascii_case(b"https://") {
        8
    } else if head(7).eq_ignore_ascii_case(b"http://") {
        7
    } else if head(4).eq_ignore_ascii_case(b"www.") {
        4
    } else {
        return None;
    };
    let tail = rest.get(skip..)?;
    let len = tail.find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | ']' | ')')).unwrap_or(tail.len());
    (len > 0).then_some(at + skip + len)
}

/// The span of the e-mail address around the `@` at `at`, not reaching before `from`.
fn mail_span(line: &str, at: usize, from: usize) -> Option<(usize, usize)> {
    let name = line.get(from..at)?;
    let local = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '+' | '-');
    let start = from + name.len() - name.chars().rev().take_while(|c| local(*c)).map(char::len_utf8).sum::<usize>();
    let host = line.get(at + 1..)?;
    let host_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '-');
    let end = host.find(|c: char| !host_part(c)).unwrap_or(host.len());
    let host = host.get(..end)?.trim_end_matches(['.', '-']);
    (start < at && host.find('.').is_some_and(|dot| dot > 0 && dot + 1 < host.len())).then_some((start, at + 1 + host.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_go_and_words_stay() {
        let cases = [
            ("no address here.", "no address here."),
            ("see http://example.org/a.b?c=1 now", "see   now"),
            ("WWW.EXAMPLE.ORG", " "),
            ("[Home](/index.html) | [About](/a_(b).html \"About us\")", "[Home]  | [About] "),
            ("write to a.b+c@example.co.uk.", "write to  ."),
            ("an @mention stays", "an @mention stays"),
            ("array[0](x y) stays", "array[0](x y) stays"),
            ("unclosed [a](b stays", "unclosed [a](b stays"),
            ("wwwhat. and 3 ratio 1:2", "wwwhat. and 3 ratio 1:2"),
        ];
        for (line, want) in cases {
            assert_eq!(cut_addresses(line), want, "{line}");
        }
    }

    #[test]
    fn many_brackets_cost_linear_time() {
        let line = "](".repeat(50_000);
        assert_eq!(cut_addresses(&line), line);
    }
}
