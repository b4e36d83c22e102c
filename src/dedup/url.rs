//! When two URLs name one page: the form that they are compared in, made in named steps.
//!
//! What RFC 3986 (section 6.2) says is equal anyway: case of scheme and host, escapes, dot segments, an empty path, the port that a scheme
//! has by itself. And what crawls add without meaning another page: `http` beside `https`, `www.`, fragments, the parameters of trackers.
//! The rest stays: order of parameters, a slash at the end of the path, the path's case. What is no URL with a host is compared as it stands,
//! without the white space around it. Linear; the form of a form is itself.

use crate::model::ascii_host;

/// One difference that does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum UrlStep {
    /// `http` and `https` are one, and so are their ports. An address that begins with `//` has that scheme.
    Scheme,
    /// `www.` before the host of a page.
    Www,
    /// The port that the scheme has by itself, and a colon without one.
    Port,
    /// What follows `#`.
    Fragment,
    /// The parameters of [`TRACKERS`].
    Tracking,
    /// Capital letters in scheme and host.
    Case,
    /// A host in other letters than ASCII, whose ASCII form is the same.
    Idn,
    /// The dot at the end of a host.
    HostDot,
    /// Escapes of letters, digits and `-._~`, small letters in escapes, and what should be escaped and is not.
    Escapes,
    /// `.` and `..` in the path.
    DotSegments,
    /// No path and the path `/`.
    EmptyPath,
}

impl UrlStep {
    /// Every step.
    pub const ALL: [UrlStep; 11] = [
        UrlStep::Scheme,
        UrlStep::Www,
        UrlStep::Port,
        UrlStep::Fragment,
        UrlStep::Tracking,
        UrlStep::Case,
        UrlStep::Idn,
        UrlStep::HostDot,
        UrlStep::Escapes,
        UrlStep::DotSegments,
        UrlStep::EmptyPath,
    ];

    /// The name in flags and configuration.
    pub fn name(self) -> &'static str {
        match self {
            UrlStep::Scheme => "scheme",
            UrlStep::Www => "www",
            UrlStep::Port => "port",
            UrlStep::Fragment => "fragment",
            UrlStep::Tracking => "tracking",
            UrlStep::Case => "case",
            UrlStep::Idn => "idn",
            UrlStep::HostDot => "host_dot",
            UrlStep::Escapes => "escapes",
            UrlStep::DotSegments => "dot_segments",
            UrlStep::EmptyPath => "empty_path",
        }
    }

    /// The step of this name.
    pub fn from_name(name: &str) -> Option<UrlStep> {
        UrlStep::ALL.into_iter().find(|step| step.name() == name)
    }
}

/// A set of steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UrlSteps(u16);

impl UrlSteps {
    /// All of them.
    pub fn all() -> UrlSteps {
        UrlSteps(u16::MAX)
    }

    /// None of them: URLs are compared as they stand.
    pub fn none() -> UrlSteps {
        UrlSteps(0)
    }

    /// Without this one.
    #[must_use]
    pub fn without(self, step: UrlStep) -> UrlSteps {
        UrlSteps(self.0 & !(1 << step as u8))
    }

    /// Is it in the set?
    pub fn has(self, step: UrlStep) -> bool {
        self.0 & 1 << step as u8 != 0
    }
}

/// Parameters that say where a reader came from, and not what the page is: whole names, and heads of names that end in `_`. In small letters;
/// case does not count. Names that pages use for themselves too (`ref`, `source`, `id`) are not among them.
pub const TRACKERS: [&str; 43] = [
    // Campaigns: of Google Analytics and all who took its names over, of Matomo and Piwik, of HubSpot.
    "utm_",
    "mtm_",
    "hsa_",
    "pk_campaign",
    "pk_kwd",
    "pk_source",
    "pk_medium",
    "pk_content",
    "pk_cid",
    "piwik_campaign",
    "piwik_kwd",
    "_hsenc",
    "_hsmi",
    "__hssc",
    "__hstc",
    "__hsfp",
    "hsctatracking",
    // Clicks: Google, Facebook and Instagram, Microsoft, Yandex, Twitter, TikTok, LinkedIn, Pinterest, Reddit, Snapchat.
    "gclid",
    "gclsrc",
    "dclid",
    "gbraid",
    "wbraid",
    "gad_source",
    "gad_campaignid",
    "_ga",
    "_gl",
    "fbclid",
    "igshid",
    "igsh",
    "msclkid",
    "yclid",
    "ysclid",
    "_openstat",
    "twclid",
    "ttclid",
    "li_fat_id",
    "epik",
    "rdt_cid",
    "sccid",
    // Mail: Mailchimp, Marketo, Vero.
    "mc_cid",
    "mc_eid",
    "mkt_tok",
    "vero_id",
];

fn is_tracker(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    TRACKERS.iter().any(|known| if known.ends_with('_') { name.starts_with(known) } else { name == *known })
}

/// The form of a URL that is compared.
pub fn compared_url(url: &str, steps: UrlSteps) -> String {
    let url = url.trim();
    formed(url, steps).unwrap_or_else(|| url.to_owned())
}

/// The form of what is a URL with a host.
fn formed(url: &str, steps: UrlSteps) -> Option<String> {
    let (scheme, rest) = match url.split_once("://") {
        Some((scheme, rest)) if is_scheme(scheme) => (scheme, rest),
        _ => ("", url.strip_prefix("//").filter(|_| steps.has(UrlStep::Scheme))?),
    };
    let lower = scheme.to_ascii_lowercase();
    let is_page = matches!(lower.as_str(), "" | "http" | "https");
    let (authority, rest) = rest.split_at_checked(rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len()))?;
    let (user, host) = authority.rsplit_once('@').map_or((None, authority), |(user, host)| (Some(user), host));
    let (host, port) = parted_host(host)?;
    let host = formed_host(host, is_page, steps);
    if host.is_empty() {
        return None;
    }
    let (rest, fragment) = rest.split_once('#').map_or((rest, None), |(rest, fragment)| (rest, Some(fragment)));
    let fragment = fragment.filter(|_| !steps.has(UrlStep::Fragment));
    let (path, query) = rest.split_once('?').map_or((rest, None), |(path, query)| (path, Some(query)));
    let escapes = |text: &str| if steps.has(UrlStep::Escapes) { escaped(text) } else { text.to_owned() };
    let query = query.map(escapes).and_then(|query| if is_page && steps.has(UrlStep::Tracking) { untracked(&query) } else { Some(query) });

    let mut out = match () {
        () if is_page && steps.has(UrlStep::Scheme) => "https".to_owned(),
        () if steps.has(UrlStep::Case) => lower.clone(),
        () => scheme.to_owned(),
    };
    out.push_str("://");
    if let Some(user) = user {
        out.push_str(&escapes(user));
        out.push('@');
    }
    out.push_str(&host);
    if let Some(port) = port.filter(|port| !(steps.has(UrlStep::Port) && is_usual(port, &lower, steps))) {
        out.push(':');
        out.push_str(port);
    }
    let path = escapes(path);
    match path.as_str() {
        "" if steps.has(UrlStep::EmptyPath) => out.push('/'),
        path if steps.has(UrlStep::DotSegments) && path.starts_with('/') => without_dots(path, &mut out),
        path => out.push_str(path),
    }
    if let Some(query) = query {
        out.push('?');
        out.push_str(&query);
    }
    if let Some(fragment) = fragment {
        out.push('#');
        out.push_str(&escapes(fragment));
    }
    Some(out)
}

fn is_scheme(scheme: &str) -> bool {
    scheme.starts_with(|c: char| c.is_ascii_alphabetic()) && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b))
}

/// Host and port; `None` of brackets that are not closed.
fn parted_host(host: &str) -> Option<(&str, Option<&str>)> {
    let name = if host.starts_with('[') { host.find(']')? + 1 } else { host.find(':').unwrap_or(host.len()) };
    let (name, port) = host.split_at_checked(name)?;
    if port.is_empty() { Some((name, None)) } else { Some((name, Some(port.strip_prefix(':')?))) }
}

fn formed_host(host: &str, is_page: bool, steps: UrlSteps) -> String {
    let mut host = host.to_owned();
    if steps.has(UrlStep::Escapes) {
        host = escaped_plainly(&host);
    }
    if steps.has(UrlStep::Idn) {
        // The letters of a host may be escaped as those of a path are (RFC 3986, 3.2.2).
        let letters = letters_of_escapes(&host);
        if !letters.is_ascii() {
            let ascii = ascii_host(&letters);
            // Wide forms of marks may come out as marks that would end the host.
            if !ascii.contains(|c: char| matches!(c, '/' | '?' | '#' | '\\' | '@' | ':' | '%' | '[' | ']' | '\0'..=' ')) {
                host = ascii;
            }
        }
    }
    if steps.has(UrlStep::Case) {
        host.make_ascii_lowercase();
    }
    if steps.has(UrlStep::HostDot) && host.ends_with('.') {
        host.truncate(host.trim_end_matches('.').len());
    }
    if is_page && steps.has(UrlStep::Www) {
        // A host that is nothing else keeps it.
        while host.get(..4).is_some_and(|head| head.eq_ignore_ascii_case("www.")) && host.get(4..).is_some_and(|rest| rest.contains('.')) {
            host.drain(..4);
        }
    }
    host
}

/// Is it the port of the scheme? Where both schemes of pages are one, both ports are.
fn is_usual(port: &str, scheme: &str, steps: UrlSteps) -> bool {
    let number = port.trim_start_matches('0');
    let either = steps.has(UrlStep::Scheme);
    match scheme {
        _ if port.is_empty() => true,
        "" | "http" | "https" if either => matches!(number, "80" | "443"),
        "http" => number == "80",
        "https" => number == "443",
        "ftp" => number == "21",
        _ => false,
    }
}

fn hex(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

/// The byte that is escaped at the head, if one is.
fn unescaped(rest: &[u8]) -> Option<u8> {
    match rest {
        [b'%', high, low, ..] => Some(hex(*high)? << 4 | hex(*low)?),
        _ => None,
    }
}

fn push_escape(byte: u8, out: &mut String) {
    const DIGITS: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'];
    out.push('%');
    out.extend([byte >> 4, byte & 15].iter().filter_map(|digit| DIGITS.get(usize::from(*digit))));
}

/// Escapes as they should be: none of what needs none, capital digits, all of what is no ASCII or no visible character (RFC 3987, 3.1).
fn escaped(text: &str) -> String {
    respelled(text, |byte| !byte.is_ascii_graphic())
}

/// The same of a host, whose letters stay: they are the business of IDN.
fn escaped_plainly(host: &str) -> String {
    respelled(host, |_| false)
}

fn respelled(text: &str, escapes: impl Fn(u8) -> bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if let Some(byte) = unescaped(rest.as_bytes()) {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                out.push(byte.into())
            } else {
                push_escape(byte, &mut out)
            }
            rest = rest.get(3..).unwrap_or_default();
            continue;
        }
        let (head, tail) = rest.split_at_checked(c.len_utf8()).unwrap_or((rest, ""));
        if head.bytes().any(&escapes) {
            head.bytes().for_each(|byte| push_escape(byte, &mut out))
        } else {
            out.push(c)
        }
        rest = tail;
    }
    out
}

/// A host with the letters that are escaped in it; as it stands where they are none.
fn letters_of_escapes(host: &str) -> String {
    let mut bytes = Vec::with_capacity(host.len());
    let mut rest = host.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        match unescaped(rest).filter(|byte| !byte.is_ascii()) {
            Some(byte) => {
                bytes.push(byte);
                rest = rest.get(3..).unwrap_or_default();
            }
            None => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| host.to_owned())
}

/// The path without `.` and `..` (RFC 3986, 5.2.4), behind what stands in `out`.
fn without_dots(path: &str, out: &mut String) {
    let start = out.len();
    let mut segments = path.strip_prefix('/').unwrap_or(path).split('/').peekable();
    while let Some(segment) = segments.next() {
        let is_last = segments.peek().is_none();
        match segment {
            "." | ".." => {
                if segment == ".." {
                    let above = out.get(start..).and_then(|path| path.rfind('/')).unwrap_or(0);
                    out.truncate(start + above);
                }
                if is_last {
                    out.push('/');
                }
            }
            segment => {
                out.push('/');
                out.push_str(segment);
            }
        }
    }
}

/// The query without trackers; `None` where nothing else was in it.
fn untracked(query: &str) -> Option<String> {
    let name = |parameter: &str| parameter.split('=').next().unwrap_or_default().to_owned();
    let left: Vec<&str> = query.split('&').filter(|parameter| !is_tracker(&name(parameter))).collect();
    let left = left.join("&");
    (left.len() == query.len() || !left.is_empty()).then_some(left)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn form(url: &str) -> String {
        compared_url(url, UrlSteps::all())
    }

    /// For each step URLs that it makes one, and that are two without it.
    #[test]
    fn each_step_has_its_effect_and_its_switch() {
        let cases = [
            (UrlStep::Scheme, "http://a.example/x", "https://a.example/x"),
            (UrlStep::Scheme, "//a.example/x", "https://a.example/x"),
            (UrlStep::Scheme, "http://a.example:443/x", "https://a.example:80/x"),
            (UrlStep::Www, "https://www.a.example/x", "https://a.example/x"),
            (UrlStep::Port, "https://a.example:443/x", "https://a.example/x"),
            (UrlStep::Port, "http://a.example:080/x", "http://a.example/x"),
            (UrlStep::Port, "https://a.example:/x", "https://a.example/x"),
            (UrlStep::Port, "ftp://a.example:21/x", "ftp://a.example/x"),
            (UrlStep::Port, "https://[2001:db8::1]:443/", "https://[2001:db8::1]/"),
            (UrlStep::Fragment, "https://a.example/x#part", "https://a.example/x"),
            (UrlStep::Fragment, "https://a.example#", "https://a.example"),
            (UrlStep::Tracking, "https://a.example/x?utm_source=n&id=7&fbclid=Iw", "https://a.example/x?id=7"),
            (UrlStep::Tracking, "https://a.example/x?UTM_Medium=mail", "https://a.example/x"),
            (UrlStep::Tracking, "https://a.example/x?gclid", "https://a.example/x"),
            (UrlStep::Tracking, "https://a.example/x?utm%5Fid=1&b", "https://a.example/x?b"),
            (UrlStep::Case, "HTTPS://A.Example/x", "https://a.example/x"),
            (UrlStep::Case, "https://[2001:DB8::1]/", "https://[2001:db8::1]/"),
            (UrlStep::Idn, "https://bücher.example/x", "https://xn--bcher-kva.example/x"),
            (UrlStep::Idn, "https://b%C3%BCcher.example/x", "https://xn--bcher-kva.example/x"),
            (UrlStep::HostDot, "https://a.example./x", "https://a.example/x"),
            (UrlStep::Escapes, "https://a.example/%7Euser/%61%2d", "https://a.example/~user/a-"),
            (UrlStep::Escapes, "https://a.example/a%2fb?q=%c3%a9", "https://a.example/a%2Fb?q=%C3%A9"),
            (UrlStep::Escapes, "https://a.example/é x", "https://a.example/%C3%A9%20x"),
            (UrlStep::Escapes, "https://%61.example/", "https://a.example/"),
            (UrlStep::DotSegments, "https://a.example/b/./c/../d", "https://a.example/b/d"),
            (UrlStep::DotSegments, "https://a.example/../../x/..", "https://a.example/"),
            (UrlStep::DotSegments, "https://a.example/x/%2E%2e/y", "https://a.example/y"),
            (UrlStep::EmptyPath, "https://a.example", "https://a.example/"),
            (UrlStep::EmptyPath, "https://a.example?q=1", "https://a.example/?q=1"),
        ];
        for (step, one, other) in cases {
            assert_eq!(form(one), form(other), "{step:?}");
            let without = UrlSteps::all().without(step);
            assert_ne!(compared_url(one, without), compared_url(other, without), "{step:?} {one}");
        }
        for step in UrlStep::ALL {
            assert!(cases.iter().any(|(of, ..)| *of == step), "{step:?}");
            assert_eq!(UrlStep::from_name(step.name()), Some(step));
        }
        assert_eq!(UrlStep::from_name("path"), None);
    }

    #[test]
    fn what_may_be_two_pages_stays_two() {
        let base = "https://a.example/x?a=1&b=2";
        let others = [
            "https://a.example/x?b=2&a=1",
            "https://a.example/X?a=1&b=2",
            "https://a.example/x/?a=1&b=2",
            "https://a.example/x?a=1&b=2&ref=mail",
            "https://a.example/x?a=1&b=2&",
            "https://a.example:8080/x?a=1&b=2",
            "https://b.a.example/x?a=1&b=2",
            "https://user@a.example/x?a=1&b=2",
            "ftp://a.example/x?a=1&b=2",
            "https://a.example/x%3Fa=1&b=2",
            "https://a.example/x?a=%31%26b=2",
        ];
        let mut forms: Vec<String> = others.iter().chain([&base]).map(|url| form(url)).collect();
        forms.sort();
        forms.dedup();
        assert_eq!(forms.len(), others.len() + 1, "{forms:?}");
        assert_ne!(form("https://a.example/x?"), form("https://a.example/x"));
        assert_ne!(form("ftp://www.a.example/"), form("ftp://a.example/"));
    }

    #[test]
    fn forms_of_hostile_urls() {
        let long = format!("https://a.example/{}", "../".repeat(20_000));
        let cases = [
            ("  https://a.example/ \n", "https://a.example/"),
            ("no address", "no address"),
            ("/relative/../path#x", "/relative/../path#x"),
            ("mailto:A@Example.org", "mailto:A@Example.org"),
            ("www.a.example/x", "www.a.example/x"),
            ("https:/a.example", "https:/a.example"),
            ("https://", "https://"),
            ("https://?q#f", "https://?q#f"),
            ("https://.", "https://."),
            ("1https://a.example/#f", "1https://a.example/#f"),
            ("https://[::1/x", "https://[::1/x"),
            ("https://[::1]x/", "https://[::1]x/"),
            ("https://user:p@ss@A.example:x/", "https://user:p@ss@a.example:x/"),
            ("https://www./", "https://www/"),
            ("https://www.com/", "https://www.com/"),
            ("https://www.www.a.example/", "https://a.example/"),
            ("https://a.example／b?c", "https://a.example／b/?c"),
            ("https://a:80:80/", "https://a:80:80/"),
            ("https://a.example/%zz%2", "https://a.example/%zz%2"),
            ("https://a.example/%252e%252E/x", "https://a.example/%252e%252E/x"),
            ("https://a.example\\b\\..#x", "https://a.example\\b\\.."),
            ("https://a.example//b///c", "https://a.example//b///c"),
            ("https://a.example/a//../b", "https://a.example/a/b"),
            ("https://a.example/x?utm_a=1&&utm_b", "https://a.example/x"),
            ("https://a.example/x?y=https://b.example/?utm_source=1#f", "https://a.example/x?y=https://b.example/?utm_source=1"),
            ("https://%2F%00.example/", "https://%2f%00.example/"),
            ("https://%FF.example/", "https://%ff.example/"),
            (&long, "https://a.example/"),
        ];
        for (url, want) in cases {
            assert_eq!(form(url), want, "{}", url.get(..60).unwrap_or(url));
        }
        assert_eq!(compared_url(" HTTP://A.example#x ", UrlSteps::none()), "HTTP://A.example#x");
        assert!(TRACKERS.iter().all(|name| *name == name.to_ascii_lowercase()));
    }

    proptest! {
        #[test]
        fn the_form_of_a_form_is_itself(
            url in "(https?|HTTP|ftp|x)?(:?//)?(u@|www\\.|WWW\\.){0,2}([aÜ.\\[\\]]|%2e|%C3|%9C|%57ww){0,6}(:(80|443|0|x)?)?([/.#?&=\\\\é]|%2E|%20|%25|%7e|utm_a|b){0,14}",
            skipped in prop::collection::vec(0_usize..11, 0..4),
        ) {
            let steps = skipped.iter().fold(UrlSteps::all(), |steps, n| steps.without(UrlStep::ALL[*n]));
            let once = compared_url(&url, steps);
            prop_assert_eq!(compared_url(&once, steps), once);
        }

        #[test]
        fn any_text_has_a_form(url in "\\PC{0,60}") {
            compared_url(&url, UrlSteps::all());
        }
    }
}
