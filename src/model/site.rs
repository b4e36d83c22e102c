//! The site of a document: the host of its URL, or the folder that is named like one.

/// The host of a URL: lower case, IDN as its ASCII form, no port, no user, no trailing dot, no leading `www.`.
///
/// `None` where there is no host (a relative address, `mailto:`).
pub fn site_of_url(url: &str) -> Option<String> {
    let url = url.trim();
    let rest = match url.split_once("://") {
        Some((scheme, rest)) if !scheme.is_empty() && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b)) => rest,
        _ => url.strip_prefix("//")?,
    };
    let authority = rest.split(['/', '?', '#', '\\']).next()?;
    let host = authority.rsplit('@').next()?;
    let host = if host.starts_with('[') { host.split_inclusive(']').next()? } else { host.split(':').next()? };
    host_name(host)
}

/// The folder's name, if it is a host name (`example.org`): labels between dots, the last one of letters.
pub fn site_of_folder(name: &str) -> Option<String> {
    let host = host_name(name)?;
    let (labels, top) = host.rsplit_once('.')?;
    let label = |l: &str| !l.is_empty() && !l.starts_with('-') && !l.ends_with('-') && l.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    let is_top = top.len() >= 2 && (top.bytes().all(|b| b.is_ascii_alphabetic()) || top.starts_with("xn--"));
    (is_top && labels.split('.').all(label)).then_some(host)
}

/// A host as ASCII and in lower case, IDN and all.
pub fn ascii_host(host: &str) -> String {
    let plain = host.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'-'));
    if plain { host.to_owned() } else { idna::domain_to_ascii(host).unwrap_or_else(|_| host.to_lowercase()) }
}

fn host_name(host: &str) -> Option<String> {
    let lower = ascii_host(host.trim_end_matches('.'));
    let site = lower.strip_prefix("www.").unwrap_or(&lower);
    (!site.is_empty()).then(|| site.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sites_of_urls() {
        let cases = [
            ("https://www.Example.ORG:8080/a?b#c", Some("example.org")),
            ("http://user:pass@example.org./", Some("example.org")),
            ("//cdn.example.org/x", Some("cdn.example.org")),
            ("https://bücher.example/", Some("xn--bcher-kva.example")),
            ("http://[::1]:80/x", Some("[::1]")),
            ("mailto:a@example.org", None),
            ("/relative/path", None),
            ("https://", None),
            ("", None),
        ];
        for (url, want) in cases {
            assert_eq!(site_of_url(url).as_deref(), want, "{url}");
        }
    }

    #[test]
    fn sites_of_folders() {
        let cases = [
            ("example.org", Some("example.org")),
            ("www.a-b.co.uk", Some("a-b.co.uk")),
            ("v1.0", None),
            ("data", None),
            (".hidden", None),
            ("a..b", None),
        ];
        for (name, want) in cases {
            assert_eq!(site_of_folder(name).as_deref(), want, "{name}");
        }
    }
}
