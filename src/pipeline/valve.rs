//! The safety valve: what the line rules would take, judged before a byte is written.
//!
//! The index gives an upper bound for each site: characters of lines that repeat, or hold no letters. Where it does not clear
//! a site, or the corpus, the lines are judged in an extra read. A site that would lose more than `max_site_share` has
//! its line rules suspended; a corpus that would then lose more than `max_corpus_share` without a kept copy stops the run.
//! Copies of documents do not count, nor do lines that the user's own lists and languages take.

use std::{cmp::Reverse, collections::BTreeMap};

use hashbrown::HashMap;

use super::{
    clean::Cleaner,
    cleaned::{CleanDocument, Judgement, KeptCopy, Taken},
    document::Document,
    survey::page_tally,
};
use crate::{
    config::Config,
    hash::{LineHash, SiteKey},
    lines::index::LineIndex,
    model::{Error, Reason, Result},
    read::Block,
};

/// Lines that the message names.
const SHOWN_LINES: usize = 10;
/// Characters of a line that it shows.
const SHOWN_CHARS: usize = 60;

/// Which sites the bound does not clear.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// None: nothing need be judged.
    None,
    /// These.
    Sites(Vec<SiteKey>),
    /// The corpus as a whole.
    Corpus,
}

impl Doubt {
    /// What the index leaves in doubt.
    pub fn of(index: &LineIndex, config: &Config) -> Doubt {
        let (mut chars, mut bound) = (0_u64, 0_u64);
        let mut sites = Vec::new();
        for (site, counts) in index.sites() {
            chars += counts.chars;
            bound += counts.bound;
            if is_over(counts.bound, counts.chars, config.max_site_share) {
                sites.push(site);
            }
        }
        sites.sort_unstable();
        if is_over(bound, chars, config.max_corpus_share) {
            Doubt::Corpus
        } else if sites.is_empty() {
            Doubt::None
        } else {
            Doubt::Sites(sites)
        }
    }

    fn holds(&self, site: SiteKey) -> bool {
        match self {
            Doubt::None => false,
            Doubt::Sites(sites) => sites.binary_search(&site).is_ok(),
            Doubt::Corpus => true,
        }
    }
}

/// Is the share of `part` in `whole` larger than `share`?
fn is_over(part: u64, whole: u64, share: f64) -> bool {
    // Millionths, so that it is a comparison of integers.
    let millionths = (share * 1e6).round().clamp(0.0, 1e6) as u128;
    u128::from(part) * 1_000_000 > u128::from(whole) * millionths
}

/// What the rules took of a stream: of that nothing is known before it is written, so the valve can only say that it was too much.
#[derive(Clone, Copy, Debug, Default)]
pub struct StreamLoss {
    chars: u64,
    lost: u64,
}

impl StreamLoss {
    /// Adds a document that is no copy.
    pub fn add(&mut self, document: &CleanDocument) {
        let Judgement::Judged { taken, .. } = &document.judgement else { return };
        if document.site.is_empty() || document.copy_of.is_some() {
            return;
        }
        self.chars += document.input.chars;
        let lost = taken.iter().filter(|line| line.copy == KeptCopy::Nothing && counts_for_valve(line.reason));
        self.lost += lost.map(|line| u64::from(line.chars)).sum::<u64>();
    }

    /// Was it not too much?
    ///
    /// # Errors
    /// The valve's.
    pub fn check(&self, most: f64) -> Result<()> {
        if !is_over(self.lost, self.chars, most) {
            return Ok(());
        }
        let share = self.lost * 100 / self.chars.max(1);
        let what = format!("the stream lost {share} % of its characters to line rules without a kept copy");
        Err(Error::valve(what)
            .hint("--max-corpus-share 1 lets them go; without --one-pass the run stops before anything is written, and names the lines"))
    }
}

/// Does the valve count what goes for this reason? What was asked for by name is no accident.
fn counts_for_valve(reason: Reason) -> bool {
    !matches!(reason, Reason::LineDenied | Reason::LineLanguage)
}

#[derive(Clone, Debug, Default)]
struct SiteLoss {
    name: String,
    chars: u64,
    lost: u64,
    /// Of that without a kept copy, by line.
    lines: HashMap<LineHash, (Reason, u64)>,
}

/// What the rules would take.
#[derive(Clone, Debug, Default)]
pub struct Losses {
    sites: HashMap<SiteKey, SiteLoss>,
    texts: HashMap<LineHash, String>,
}

/// What the valve decided.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Suspended {
    /// Keys of the sites whose line rules are suspended, in order.
    pub keys: Vec<SiteKey>,
    /// Their names with the share that they would have lost, in thousandths.
    pub sites: BTreeMap<String, u64>,
}

impl Losses {
    /// What the rules would take of a block's documents whose sites are in doubt.
    pub fn of(block: &Block, doubt: &Doubt, cleaner: &Cleaner<'_>) -> Losses {
        let mut losses = Losses::default();
        let wanted = |document: &Document<'_>| {
            document.site.as_deref().is_some_and(|site| doubt.holds(SiteKey::of(site))) && cleaner.copy_of(document.id).is_none()
        };
        cleaner.judged(block, None, &wanted, &mut |judged| {
            let site = judged.document.site.as_deref().unwrap_or_default();
            losses.add(site, page_tally(judged.page).chars, &judged.taken());
        });
        losses
    }

    fn add(&mut self, site: &str, chars: u64, taken: &[(Taken, &str)]) {
        let loss = self.sites.entry(SiteKey::of(site)).or_insert_with(|| SiteLoss { name: site.to_owned(), ..SiteLoss::default() });
        loss.chars += chars;
        for (line, text) in taken.iter().filter(|(line, _)| counts_for_valve(line.reason)) {
            loss.lost += u64::from(line.chars);
            if line.copy == KeptCopy::Nothing {
                loss.lines.entry(line.hash).or_insert((line.reason, 0)).1 += u64::from(line.chars);
                self.texts.entry(line.hash).or_insert_with(|| text.chars().take(SHOWN_CHARS).collect());
            }
        }
    }

    /// Takes over what `other` found.
    pub fn merge(&mut self, other: Losses) {
        for (site, loss) in other.sites {
            let sum = self.sites.entry(site).or_insert_with(|| SiteLoss { name: loss.name.clone(), ..SiteLoss::default() });
            sum.chars += loss.chars;
            sum.lost += loss.lost;
            for (line, (reason, chars)) in loss.lines {
                sum.lines.entry(line).or_insert((reason, 0)).1 += chars;
            }
        }
        self.texts.extend(other.texts);
    }

    /// Sites that lose too much; an error where the corpus does, all the same.
    ///
    /// # Errors
    /// The valve's, with the lines that cost most.
    pub fn decide(&self, doubt: &Doubt, config: &Config) -> Result<Suspended> {
        let mut suspended = Suspended::default();
        for (key, loss) in self.sites.iter().filter(|(_, loss)| is_over(loss.lost, loss.chars, config.max_site_share)) {
            suspended.keys.push(*key);
            suspended.sites.insert(loss.name.clone(), loss.lost * 1000 / loss.chars.max(1));
        }
        suspended.keys.sort_unstable();
        if *doubt != Doubt::Corpus {
            return Ok(suspended);
        }
        let chars: u64 = self.sites.values().map(|loss| loss.chars).sum();
        let mut by_line: HashMap<LineHash, (Reason, u64)> = HashMap::new();
        let mut by_reason: BTreeMap<Reason, u64> = BTreeMap::new();
        for (_, loss) in self.sites.iter().filter(|(key, _)| suspended.keys.binary_search(key).is_err()) {
            for (line, (reason, chars)) in &loss.lines {
                by_line.entry(*line).or_insert((*reason, 0)).1 += chars;
                *by_reason.entry(*reason).or_default() += chars;
            }
        }
        let lost: u64 = by_reason.values().sum();
        if !is_over(lost, chars, config.max_corpus_share) {
            return Ok(suspended);
        }
        let mut lines: Vec<_> = by_line.iter().map(|(line, (reason, chars))| (Reverse(*chars), self.texts.get(line), *reason)).collect();
        lines.sort_unstable();
        let shown: Vec<String> = lines
            .iter()
            .take(SHOWN_LINES)
            .map(|(Reverse(lost), text, reason)| {
                format!("{lost} characters by {}: {}", reason.code(), text.map_or("", String::as_str).escape_debug())
            })
            .collect();
        let reasons: Vec<String> = by_reason.iter().map(|(reason, lost)| format!("{} {} %", reason.code(), lost * 100 / chars.max(1))).collect();
        let what = format!(
            "the corpus would lose {} % of its characters to line rules without a kept copy ({}); most to: {}",
            lost * 100 / chars.max(1),
            reasons.join(", "),
            shown.join("; ")
        );
        Err(Error::valve(what).hint("look at these lines; --max-corpus-share 1 lets them go, --keep-site all leaves what sites repeat"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_compared_as_integers() {
        assert!(!is_over(9, 10, 0.9) && is_over(91, 100, 0.9) && !is_over(10, 10, 1.0) && !is_over(0, 0, 0.0) && is_over(1, 10, 0.0));
    }
}
