//! The summary that a person reads in five seconds: what came in, what went and why, what was unreadable.

use std::fmt::Write;

use super::{
    Clusters, Run,
    figure::{number, share, size},
    terminal::printable,
};
use crate::{
    model::{Reason, SiteTally},
    write::Target,
};

/// Texts that the summary shows.
const SHOWN_TEXTS: usize = 5;
/// Sites that it shows.
const SHOWN_SITES: usize = 3;
/// Characters of a text that it shows.
const SHOWN_CHARS: usize = 60;

/// The summary of a run; ends with a line break.
pub fn summary(run: &Run) -> String {
    let counts = &run.counts;
    let mut out = String::new();
    // Writing to a String cannot fail.
    let mut line = |text: String| {
        let _ = writeln!(out, "{text}");
    };
    line(format!(
        "in     {} documents, {} lines, {} of text from {} {}",
        number(counts.input.documents),
        number(counts.input.lines),
        size(counts.bytes),
        number(run.sources.len() as u64),
        if run.sources.len() == 1 { "source" } else { "sources" }
    ));
    line(format!(
        "out    {} documents, {} lines ({} of the characters)",
        number(counts.output.documents),
        number(counts.output.lines),
        share(counts.output.chars, counts.input.chars)
    ));
    for (reason, tally) in &counts.removed_documents {
        line(format!("gone   {} documents {}", number(tally.documents), reason.words()));
    }
    if let Some(keys) = run.stream_keys {
        line(format!("pass   one, by the index alone; {} keys of what stays were held, 16 bytes each", number(keys)));
    }
    if let Some(found) = &run.clusters {
        clusters(found, &mut line);
    }
    for (reason, tally) in &counts.removed_lines {
        line(format!("gone   {} lines: {} (in {} documents)", number(tally.lines), reason.words(), number(tally.documents)));
    }
    for (i, text) in run.most_frequent.iter().take(SHOWN_TEXTS).enumerate() {
        let lang = if text.lang == "und" || text.lang == "zxx" { String::new() } else { format!(" [{}]", text.lang) };
        line(format!("{} {:>6} × {}{lang}", if i == 0 { "most  " } else { "      " }, number(text.count), excerpt(&text.text)));
    }
    for (site, tally) in heaviest(run) {
        let share = share(tally.furniture.chars, tally.output.chars + tally.furniture.chars);
        line(format!("site   {} documents, {share} furniture: {}", number(tally.input.documents), excerpt(site)));
    }
    for (i, (site, permille)) in run.suspended.iter().enumerate() {
        if i == SHOWN_SITES {
            line(format!("valve  {} more sites", run.suspended.len() - SHOWN_SITES));
            break;
        }
        line(format!("valve  {} would lose {}.{} % to line rules: they are suspended there", excerpt(site), permille / 10, permille % 10));
    }
    if counts.replaced > 0 {
        line(format!("note   {} bytes fit no encoding and stand as U+FFFD", number(counts.replaced)));
    }
    if !counts.repaired.is_empty() {
        let by: Vec<String> = counts.repaired.iter().map(|(name, n)| format!("{name} {}", number(*n))).collect();
        line(format!("mended lines of mojibake, by what they had been misread in: {}", by.join(", ")));
    }
    if !counts.mixed_lines.is_empty() {
        let by: Vec<String> = counts.mixed_lines.iter().map(|(name, n)| format!("{name} {}", number(*n))).collect();
        line(format!("mixed  lines in another encoding in texts of UTF-8: {}", by.join(", ")));
    }
    if counts.without_site > 0 && counts.without_site == counts.input.documents {
        line("note   no document has a site (no URL, no folder named like a host)".into());
    } else if counts.without_site > 0 {
        line(format!("note   {} documents have no site", number(counts.without_site)));
    }
    if counts.empty_sources > 0 {
        line(format!("empty  {} sources, skipped", number(counts.empty_sources)));
    }
    if run.skipped > 0 {
        line(format!("note   {} hidden or special files in folders were passed over", number(run.skipped)));
    }
    for (cause, n) in &counts.quarantined {
        line(format!("unread {} records: {} ({})", number(*n), cause.code(), cause.hint()));
    }
    if !run.problems.is_empty() {
        line(format!("unread {} sources, or parts of them", number(run.problems.len() as u64)));
    }
    let went = counts.removed_documents.values().chain(counts.removed_lines.values()).any(|t| t.lines > 0) || !counts.quarantined.is_empty();
    match &run.target {
        Target::Folder(path) => line(format!("wrote  {}", path.display().to_string().escape_debug())),
        _ if went && !run.removed_kept => line("note   what went was not kept; -o FOLDER or --removed-to FOLDER keeps it".into()),
        _ => {}
    }
    out
}

/// What `dedup` found.
fn clusters(found: &Clusters, line: &mut dyn FnMut(String)) {
    for (code, documents) in &found.marked {
        let words = Reason::from_code(code).map_or(*code, Reason::words);
        line(format!("marked {} documents {words}", number(*documents)));
    }
    if found.clusters > 0 {
        line(format!("groups {} of like documents, the largest of {}", number(found.clusters), number(found.largest)));
    }
    if found.without_fields > 0 {
        let (by, stay) = (found.by.join(", "), number(found.without_fields));
        line(format!("note   {stay} documents have nothing in {}: no other is compared with them", excerpt(&by)));
    }
}

/// The sites with most documents, of those that lost furniture; none where there is but one site.
fn heaviest(run: &Run) -> Vec<(&String, &SiteTally)> {
    let mut sites: Vec<_> = run.sites.iter().filter(|(_, tally)| tally.furniture.lines > 0).collect();
    sites.sort_by_key(|(site, tally)| (std::cmp::Reverse(tally.input.documents), *site));
    sites.truncate(if run.sites.len() > 1 { SHOWN_SITES } else { 0 });
    sites
}

/// The head of a text, safe for a terminal.
fn excerpt(text: &str) -> String {
    let head = printable(&text.chars().take(SHOWN_CHARS).collect::<String>());
    if text.chars().nth(SHOWN_CHARS).is_some() { format!("{head}…") } else { head }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn excerpts() {
        assert_eq!(excerpt("a\u{1b}[31mb"), "a\u{fffd}[31mb");
        assert_eq!(excerpt(&"x".repeat(61)).chars().count(), 61);
    }
}
