//! Which documents go because one that stays is like them, or has nearly all of their lines.
//!
//! Documents come one by one, in order, each with the buckets that it shares with others. It is held against those in its buckets that stay so far:
//! it goes if its shingles are like those of one of them (Jaccard similarity, exact over the hashes of shingles), or if more than four fifths of
//! its letters stand, as lines, in one of them, most of them prose, and hardly any prose is its own. So everything that goes was held against a document that stays, and no chain of likenesses
//! takes more than that. What a later, longer document holds goes in the end, unless something went for it already.
//!
//! Linear on any input: a bucket lists so many documents at most, and one document is compared with so many, those first with which it shares
//! most. What stands in for others is so sooner found; of pages by the million that are half alike some pairs may be missed.

use std::{cmp::Reverse, sync::Arc};

use hashbrown::{HashMap, HashSet, hash_map::Entry};

use super::bucket::{BucketOfDocument, LineWeight};
use crate::model::{Lang, Result};

/// Documents that stay which a bucket lists, at most.
const MOST_LISTED: usize = 128;
/// Documents that one is compared with, at most.
const MOST_COMPARED: usize = 32;
/// Letters of a line that says by itself where it comes from; shorter ones do so together.
const LONG_LINE: u64 = 200;
/// Lines and bands in common that are gathered before they are summed, beside twice the documents that they are of, at most: 2 MiB.
const MOST_GATHERED: usize = 1 << 16;
/// Longer documents that are remembered of one whose lines they hold, at most.
const MOST_LONGER: usize = 4;

/// How alike two documents must be: a share in millionths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Threshold(u32);

impl Threshold {
    /// A share above 0 and up to 1.
    pub fn new(share: f64) -> Option<Threshold> {
        (share > 0.0 && share <= 1.0).then(|| Threshold(((share * 1e6).round() as u32).max(1)))
    }

    fn is_reached(self, part: u64, whole: u64) -> bool {
        u128::from(part) * 1_000_000 >= u128::from(whole) * u128::from(self.0)
    }

    /// The least number of common elements of two sets that reach it.
    fn least_common(self, a: usize, b: usize) -> usize {
        // c / (a + b - c) >= t  <=>  c >= t (a + b) / (1 + t)
        let (sum, t) = ((a + b) as u128, u128::from(self.0));
        usize::try_from((sum * t).div_ceil(1_000_000 + t)).unwrap_or(usize::MAX)
    }
}

/// The similarity of two sets, sorted and each element once, if it reaches the threshold: elements in both, and in either.
pub fn similarity(a: &[u32], b: &[u32], threshold: Threshold) -> Option<(u64, u64)> {
    let least = threshold.least_common(a.len(), b.len());
    // How many elements of each may be its own.
    let (spare_a, spare_b) = (a.len().checked_sub(least)?, b.len().checked_sub(least)?);
    let (mut i, mut j, mut common) = (0, 0, 0);
    while let (Some(x), Some(y)) = (a.get(i), b.get(j)) {
        // Without branches that cannot be foreseen.
        common += usize::from(x == y);
        i += usize::from(x <= y);
        j += usize::from(y <= x);
        if i - common > spare_a || j - common > spare_b {
            return None;
        }
    }
    let union = (a.len() + b.len() - common) as u64;
    (union > 0 && threshold.is_reached(common as u64, union)).then_some((common as u64, union))
}

/// Why a document goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Likeness {
    /// Its shingles are like those of the other.
    Near,
    /// Most of its letters stand in lines of the other.
    Covered,
}

/// The document that stays in place of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Match {
    /// Its turn.
    pub kept: u32,
    /// Why.
    pub likeness: Likeness,
    /// The similarity, or the share of the letters, in ten thousandths, rounded down.
    pub share: u16,
}

/// The size of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Letters of its lines.
    pub letters: u64,
    /// Those of prose.
    pub prose: u64,
    /// Its language.
    pub lang: Lang,
}

/// What is asked of documents while they are compared.
pub trait Documents {
    /// How large a document is.
    fn size(&self, turn: u32) -> Size;

    /// The hashes of its shingles, sorted, each once; empty where it is shorter than one.
    ///
    /// # Errors
    /// Where they cannot be read.
    fn shingles(&mut self, turn: u32) -> Result<Arc<[u32]>>;
}

/// Which rules look for likeness.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Likenesses {
    /// Near duplicates, from this similarity on.
    pub near: Option<Threshold>,
    /// Documents whose lines another has.
    pub covered: bool,
}

/// A document that stays, in a bucket.
#[derive(Clone, Copy, Debug)]
struct Holder {
    turn: u32,
    weight: LineWeight,
}

/// Who stays of a bucket: mostly one, for whom no list is made.
#[derive(Debug)]
struct Holders {
    first: Holder,
    more: Vec<Holder>,
}

impl Holders {
    fn iter(&self) -> impl Iterator<Item = &Holder> {
        std::iter::once(&self.first).chain(&self.more)
    }
}

/// What a document has in common with one that stays.
#[derive(Clone, Copy, Debug, Default)]
struct Common {
    turn: u32,
    bands: u32,
    /// Lines of its own that stand in the other.
    own: Held,
    /// Lines of the other that stand in it.
    theirs: Held,
}

/// Lines of one document that stand in another.
#[derive(Clone, Copy, Debug, Default)]
struct Held {
    lines: u32,
    letters: u64,
    prose: u64,
}

impl Held {
    fn of(weight: LineWeight) -> Held {
        Held { lines: u32::from(weight.letters() > 0), letters: weight.letters(), prose: weight.prose() }
    }

    fn add(&mut self, other: Held) {
        self.lines += other.lines;
        self.letters += other.letters;
        self.prose += other.prose;
    }

    /// The share of a document's letters that the other has, where the one is nothing but a part of the other: more than four fifths of the letters. Most of them
    /// must be prose, or pages of one make would go for one another; hardly any prose may be its own, or an article would go for what a site writes
    /// under all of them; and one short sentence that stands elsewhere too is chance.
    fn covering(self, size: Size) -> Option<u16> {
        let Held { lines, letters, prose } = self;
        let is_part = letters.saturating_mul(5) > size.letters.saturating_mul(4) && prose.saturating_mul(2) >= size.letters;
        let has_own = size.prose.saturating_sub(prose).saturating_mul(20) > size.letters;
        (is_part && !has_own && (lines > 1 || letters >= LONG_LINE)).then(|| share(letters, size.letters).min(10_000))
    }
}

/// Judges documents in order.
#[derive(Debug)]
pub struct LookAlikes {
    rules: Likenesses,
    /// Who stays, by bucket.
    stays: HashMap<u64, Holders>,
    /// Documents that others went for.
    pinned: HashSet<u32>,
    /// Documents whose lines later, longer ones hold.
    later: Vec<(u32, u32, u16)>,
    remembered: HashMap<u32, usize>,
    common: Vec<Common>,
}

impl LookAlikes {
    /// Nothing judged yet.
    pub fn new(rules: Likenesses) -> LookAlikes {
        LookAlikes { rules, stays: HashMap::new(), pinned: HashSet::new(), later: Vec::new(), remembered: HashMap::new(), common: Vec::new() }
    }

    /// The next document with its buckets: the one that stays in its place, if it goes.
    ///
    /// # Errors
    /// Where shingles cannot be read.
    pub fn judge(&mut self, turn: u32, buckets: &[BucketOfDocument], documents: &mut impl Documents) -> Result<Option<Match>> {
        self.gather(buckets);
        if let Some(found) = self.near(turn, documents)?.or_else(|| self.covered(turn, documents)) {
            self.pinned.insert(found.kept);
            return Ok(Some(found));
        }
        if self.rules.covered {
            let lang = documents.size(turn).lang;
            for common in &self.common {
                let size = documents.size(common.turn);
                if let Some(share) = common.theirs.covering(size).filter(|_| lang == size.lang) {
                    let remembered = self.remembered.entry(common.turn).or_default();
                    if *remembered < MOST_LONGER {
                        *remembered += 1;
                        self.later.push((common.turn, turn, share));
                    }
                }
            }
        }
        self.stays(turn, buckets);
        Ok(None)
    }

    /// The next document stays, whatever it is like.
    pub fn stays(&mut self, turn: u32, buckets: &[BucketOfDocument]) {
        for bucket in buckets {
            let holder = Holder { turn, weight: bucket.weight };
            match self.stays.entry(bucket.key) {
                Entry::Vacant(place) => {
                    place.insert(Holders { first: holder, more: Vec::new() });
                }
                Entry::Occupied(mut holders) if holders.get().more.len() + 1 < MOST_LISTED => holders.get_mut().more.push(holder),
                Entry::Occupied(_) => {}
            }
        }
    }

    /// What the document has in common with whom.
    fn gather(&mut self, buckets: &[BucketOfDocument]) {
        self.common.clear();
        let mut most = MOST_GATHERED;
        for bucket in buckets {
            for holder in self.stays.get(&bucket.key).into_iter().flat_map(Holders::iter) {
                self.common.push(Common {
                    turn: holder.turn,
                    bands: u32::from(bucket.weight == LineWeight::BAND),
                    own: Held::of(bucket.weight),
                    theirs: Held::of(holder.weight),
                });
            }
            // A dictionary of a million lines has them in common with others of its kind.
            if self.common.len() > most {
                self.sum();
                most = MOST_GATHERED + self.common.len() * 2;
            }
        }
        self.sum();
    }

    /// One entry for each document.
    fn sum(&mut self) {
        self.common.sort_unstable_by_key(|common| common.turn);
        self.common.dedup_by(|next, sum| {
            let same = next.turn == sum.turn;
            if same {
                sum.bands += next.bands;
                sum.own.add(next.own);
                sum.theirs.add(next.theirs);
            }
            same
        });
    }

    fn near(&mut self, turn: u32, documents: &mut impl Documents) -> Result<Option<Match>> {
        let Some(threshold) = self.rules.near else { return Ok(None) };
        self.common.sort_unstable_by_key(|common| (Reverse(common.bands), common.turn));
        let mut candidates = self.common.iter().take(MOST_COMPARED).take_while(|common| common.bands > 0).peekable();
        if candidates.peek().is_none() {
            return Ok(None);
        }
        let own = documents.shingles(turn)?;
        for candidate in candidates {
            let other = documents.shingles(candidate.turn)?;
            if let Some((common, union)) = similarity(&own, &other, threshold) {
                return Ok(Some(Match { kept: candidate.turn, likeness: Likeness::Near, share: share(common, union) }));
            }
        }
        Ok(None)
    }

    fn covered(&self, turn: u32, documents: &impl Documents) -> Option<Match> {
        if !self.rules.covered {
            return None;
        }
        let size = documents.size(turn);
        let most = self.common.iter().filter(|common| documents.size(common.turn).lang == size.lang);
        let most = most.max_by_key(|common| (common.own.letters, Reverse(common.turn)))?;
        let share = most.own.covering(size)?;
        Some(Match { kept: most.turn, likeness: Likeness::Covered, share })
    }

    /// The documents that go for later ones, which hold nearly all of their lines.
    pub fn finish(mut self, documents: &impl Documents) -> Vec<(u32, Match)> {
        // The longest first: they may be what others go for.
        self.later.sort_by_key(|(turn, kept, _)| (Reverse(documents.size(*turn).letters), *turn, *kept));
        let mut gone = HashSet::new();
        let mut found = Vec::new();
        for (turn, kept, share) in self.later {
            if !self.pinned.contains(&turn) && !gone.contains(&kept) && gone.insert(turn) {
                self.pinned.insert(kept);
                found.push((turn, Match { kept, likeness: Likeness::Covered, share }));
            }
        }
        found
    }
}

/// A part in ten thousandths of the whole, rounded down.
pub fn share(part: u64, whole: u64) -> u16 {
    u16::try_from(u128::from(part) * 10_000 / u128::from(whole.max(1))).unwrap_or(10_000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dedup::bucket::BucketEntry;
    use proptest::prelude::*;

    struct Set {
        shingles: Vec<u32>,
        lines: Vec<(u64, u32)>,
        lang: Lang,
    }

    impl Documents for &[Set] {
        fn size(&self, turn: u32) -> Size {
            let set = &self[turn as usize];
            let sum = |of: fn(LineWeight) -> u64| set.lines.iter().map(|(key, letters)| of(weight(*key, *letters))).sum();
            Size { letters: sum(LineWeight::letters), prose: sum(LineWeight::prose), lang: set.lang }
        }
        fn shingles(&mut self, turn: u32) -> Result<Arc<[u32]>> {
            Ok(self[turn as usize].shingles.clone().into())
        }
    }

    /// Lines are prose, but those with an odd key from 101 on.
    fn weight(key: u64, letters: u32) -> LineWeight {
        LineWeight::of(letters, key < 100 || key.is_multiple_of(2))
    }

    /// Every shingle is a band, so that all pairs with a shingle in common are candidates.
    fn judge(sets: &[Set], rules: Likenesses) -> Vec<Option<Match>> {
        let mut alikes = LookAlikes::new(rules);
        let mut fates: Vec<_> = (0..)
            .zip(sets)
            .map(|(turn, set)| {
                let bands = set.shingles.iter().map(|shingle| ((u64::from(*shingle) + 1) << 32, LineWeight::BAND));
                let entries = bands.chain(set.lines.iter().map(|(key, letters)| (*key, weight(*key, *letters))));
                let of = |(key, weight)| BucketOfDocument::new(BucketEntry { key, document: turn, weight }, turn, sets.len() as u32);
                alikes.judge(turn, &entries.map(of).collect::<Vec<_>>(), &mut &*sets).unwrap()
            })
            .collect();
        for (turn, found) in alikes.finish(&sets) {
            assert_eq!(fates[turn as usize], None);
            fates[turn as usize] = Some(found);
        }
        fates
    }

    fn set(shingles: impl IntoIterator<Item = u32>) -> Set {
        Set { shingles: shingles.into_iter().collect(), lines: Vec::new(), lang: Lang::UND }
    }

    fn lines(lines: &[(u64, u32)]) -> Set {
        Set { shingles: Vec::new(), lines: lines.to_vec(), lang: Lang::UND }
    }

    const NEAR: Likenesses = Likenesses { near: Some(Threshold(800_000)), covered: false };
    const COVERED: Likenesses = Likenesses { near: None, covered: true };

    fn kept(fates: &[Option<Match>]) -> Vec<Option<u32>> {
        fates.iter().map(|fate| fate.map(|found| found.kept)).collect()
    }

    #[test]
    fn a_chain_does_not_collapse() {
        // Each is like the next (9 of 11), and its ends have nothing in common.
        let sets: Vec<Set> = (0..40).map(|n| set(n..n + 10)).collect();
        let fates = judge(&sets, NEAR);
        for (n, fate) in fates.iter().enumerate() {
            assert_eq!(fate.map(|found| found.kept as usize), (n % 2 == 1).then(|| n - 1), "{n}");
        }
        assert_eq!(fates[1], Some(Match { kept: 0, likeness: Likeness::Near, share: 8181 }));
    }

    #[test]
    fn what_goes_for_another_is_covered_by_it() {
        // 1 is covered by 0; 2 only by half; 3 holds all of 2, and comes later; 4 is in another language.
        let all = [(1, 30), (2, 30), (3, 30), (4, 30)];
        let mut foreign = lines(&all[..2]);
        foreign.lang = Lang::ZXX;
        let sets = [lines(&all), lines(&[(1, 30), (2, 30), (101, 10)]), lines(&[(1, 30), (7, 30)]), lines(&[(1, 30), (7, 30), (8, 60)]), foreign];
        let fates = judge(&sets, COVERED);
        assert_eq!(kept(&fates), [None, Some(0), Some(3), None, None]);
        assert_eq!(fates[1], Some(Match { kept: 0, likeness: Likeness::Covered, share: 8571 }));
        // Prose of its own is reason to stay, and so is that most of what both have is none.
        assert_eq!(kept(&judge(&[lines(&all), lines(&[(1, 30), (2, 30), (9, 10)])], COVERED)), [None, None]);
        let list = [(1, 30), (101, 30), (103, 30), (105, 30)];
        assert_eq!(kept(&judge(&[lines(&list), lines(&list[..3])], COVERED)), [None, None]);
        assert_eq!(kept(&judge(&[lines(&list), lines(&list[..2])], COVERED)), [None, Some(0)]);
        // Four fifths is not more than four fifths.
        assert_eq!(kept(&judge(&[lines(&[(1, 40), (2, 40)]), lines(&[(1, 40), (101, 10)])], COVERED)), [None, None]);
    }

    #[test]
    fn what_others_went_for_stays() {
        // 1 goes for 0, so 0 cannot go for 2, which holds all of it.
        let sets = [lines(&[(1, 30), (2, 30)]), lines(&[(1, 30), (2, 30)]), lines(&[(1, 30), (2, 30), (3, 90)])];
        assert_eq!(kept(&judge(&sets, COVERED)), [None, Some(0), None]);
        // A line ten times over is no more than one line: the one that goes may have more letters.
        let sets = [lines(&[(1, 300), (2, 300)]), lines(&[(1, 30), (2, 30), (9, 60)]), lines(&[(1, 30), (2, 30), (9, 60), (3, 200)])];
        assert_eq!(kept(&judge(&sets, COVERED)), [Some(1), None, None]);
        // One line is a quotation, if it is long.
        let sets = [lines(&[(1, 300), (2, 300)]), lines(&[(1, 300)]), lines(&[(2, 199)])];
        assert_eq!(kept(&judge(&sets, COVERED)), [None, Some(0), None]);
    }

    #[test]
    fn a_crowd_costs_no_more_than_its_number() {
        // All share a band and nothing else: a bucket lists so many, and all stay.
        let sets: Vec<Set> = (0..3000).map(|n| set([0].into_iter().chain(n * 10 + 1..n * 10 + 10))).collect();
        assert!(judge(&sets, NEAR).iter().all(Option::is_none));
    }

    #[test]
    fn much_in_common_with_many_is_summed_as_it_comes() {
        // More than is gathered at once: 700 lines of 110 documents, and those of the last but one of all.
        let shared = || (0..700_u64).map(|key| (key, 10));
        let own = |n: u64, lines: u64| (0..lines).map(move |key| (1_000_000 * (n + 1) + key, 10));
        let mut sets: Vec<Set> = (0..110).map(|n| lines(&shared().chain(own(n, 700)).collect::<Vec<_>>())).collect();
        sets.push(lines(&shared().chain(own(108, 300)).chain((0..100).map(|key| (9_000_001 + 2 * key, 10))).collect::<Vec<_>>()));
        let fates = judge(&sets, COVERED);
        assert_eq!(fates[110], Some(Match { kept: 108, likeness: Likeness::Covered, share: 9090 }));
        assert!(fates[..110].iter().all(Option::is_none));
    }

    fn naive_similarity(a: &[u32], b: &[u32]) -> (u64, u64) {
        let common = a.iter().filter(|x| b.contains(x)).count();
        (common as u64, (a.len() + b.len() - common) as u64)
    }

    proptest! {
        #[test]
        fn similarity_is_that_of_the_naive_twin(a in prop::collection::btree_set(0_u32..60, 0..40), b in prop::collection::btree_set(0_u32..60, 0..40), millionths in 1_u32..=1_000_000) {
            let [a, b] = [a, b].map(|set| set.into_iter().collect::<Vec<_>>());
            let (common, union) = naive_similarity(&a, &b);
            let reaches = union > 0 && common * 1_000_000 >= union * u64::from(millionths);
            prop_assert_eq!(similarity(&a, &b, Threshold(millionths)), reaches.then_some((common, union)));
        }

        /// The law of verification: what goes is like one that stays, and of those that stay no two are (but for what was pinned).
        #[test]
        fn all_that_goes_is_like_one_that_stays(sets in prop::collection::vec((prop::collection::btree_set(0_u32..14, 1..12), prop::collection::btree_set(0_u64..6, 0..4)), 1..25), covered: bool) {
            let sets: Vec<Set> = sets
                .into_iter()
                .map(|(shingles, lines)| Set { shingles: shingles.into_iter().collect(), lines: lines.into_iter().map(|key| (key, 10)).collect(), lang: Lang::UND })
                .collect();
            let fates = judge(&sets, Likenesses { near: Some(Threshold(700_000)), covered });
            for (n, fate) in fates.iter().enumerate() {
                let Some(found) = fate else {
                    for earlier in (0..n).filter(|earlier| fates[*earlier].is_none()) {
                        let (common, union) = naive_similarity(&sets[n].shingles, &sets[earlier].shingles);
                        prop_assert!(common * 10 < union * 7, "{} {}", n, earlier);
                    }
                    continue;
                };
                let other = found.kept as usize;
                prop_assert!(fates[other].is_none(), "{} went for {}, which went", n, other);
                let (part, whole) = match found.likeness {
                    Likeness::Near => naive_similarity(&sets[n].shingles, &sets[other].shingles),
                    Likeness::Covered => {
                        prop_assert!(covered);
                        let has = |line: &&(u64, u32)| sets[other].lines.iter().any(|(key, _)| *key == line.0);
                        let held = sets[n].lines.iter().filter(has).count() as u64;
                        // All of it is prose: none may be its own.
                        prop_assert!(held > 1 && held == sets[n].lines.len() as u64);
                        (held, held)
                    }
                };
                let is_alike = if found.likeness == Likeness::Near { part * 10 >= whole * 7 } else { part * 5 > whole * 4 };
                prop_assert!(is_alike);
                prop_assert_eq!(u64::from(found.share), part * 10_000 / whole);
            }
        }
    }
}
