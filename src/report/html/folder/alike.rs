//! The part of the page about near duplicates and covered documents: who stays, who went, how alike they are, and the
//! difference in words.

use super::{
    super::figures::{counted, number},
    Histogram, Sample,
};
use crate::{
    dedup::{Difference, Excerpt},
    report::{Cluster, Clustered, FolderReport, Place, Similarities},
};

/// Groups of documents that went for one reason.
pub struct Alike<'a> {
    pub title: &'static str,
    /// How many there are, in words.
    pub summary: String,
    pub clusters: Vec<AlikeCluster<'a>>,
}

/// A document that stays, and those that went for it.
pub struct AlikeCluster<'a> {
    pub went: String,
    pub kept: &'a Place,
    pub text: Option<&'a Sample>,
    pub members: Vec<Member<'a>>,
    pub more: Option<String>,
}

/// A document that went.
pub struct Member<'a> {
    pub id: &'a Sample,
    /// How alike, in words.
    pub alike: String,
    pub difference: Option<DifferenceView>,
}

/// A difference in words.
pub struct DifferenceView {
    pub sums: String,
    pub places: Vec<PlaceView>,
    pub more: Option<String>,
}

/// A place where two documents differ.
pub struct PlaceView {
    pub before: Sample,
    pub own: Option<Piece>,
    pub kept: Option<Piece>,
    pub after: Sample,
}

/// What one of them alone has.
pub struct Piece {
    pub text: Sample,
    /// How many words more, in words.
    pub more: Option<String>,
}

impl<'a> Alike<'a> {
    /// Of those reasons that took something.
    pub fn all(report: &'a FolderReport) -> Vec<Alike<'a>> {
        let of = |title, code: &str, nouns: (&str, &str), clustered: &'a Clustered| {
            let gone = report.numbers.removed_documents.get(code).map_or(0, |amounts| amounts.documents);
            (gone > 0).then(|| Alike { title, summary: summary(gone, nouns, clustered), clusters: clusters(clustered, code) })
        };
        let near = of("Near duplicates", "document_near", ("near duplicate", "near duplicates"), &report.near);
        let covered = of("Covered documents", "document_covered", ("covered document", "covered documents"), &report.covered);
        near.into_iter().chain(covered).collect()
    }
}

/// How many went of how many groups, in words.
pub fn summary(gone: u64, (one, many): (&str, &str), clustered: &Clustered) -> String {
    let went = counted(gone, one, many);
    match clustered.count {
        0 => format!("{went} went; the folder does not say which documents stay for them."),
        groups => {
            let least = if clustered.exact { "" } else { "at least " };
            format!("{went} went, of {least}{}. The largest groups:", counted(groups, "document that stays", "documents that stay"))
        }
    }
}

fn clusters<'a>(clustered: &'a Clustered, code: &str) -> Vec<AlikeCluster<'a>> {
    let of = |cluster: &'a Cluster| AlikeCluster {
        went: counted(cluster.gone, "document went", "documents went"),
        kept: &cluster.kept,
        text: cluster.text.as_ref(),
        members: cluster
            .first
            .iter()
            .map(|member| Member {
                id: &member.id,
                alike: match (member.similarity, code) {
                    (None, _) => String::new(),
                    (Some(share), "document_covered") => format!("{share:.2} of its letters stand in the one that stays"),
                    (Some(share), _) => format!("{share:.2} alike"),
                },
                difference: member.difference.as_ref().map(|difference| DifferenceView::of(difference, code)),
            })
            .collect(),
        more: super::more(cluster.gone, cluster.first.len()),
    };
    clustered.largest.iter().map(of).collect()
}

impl DifferenceView {
    fn of(difference: &Difference, code: &str) -> DifferenceView {
        let Difference { common_words, own_words, kept_words, places, first, beginning_only } = difference;
        let same = if code == "document_covered" { "Each of its lines stands there; " } else { "Word by word they are the same; " };
        let sums = format!(
            "{}{} in both, {} in this one alone, {} in the one that stays alone{}.",
            if *places == 0 { same } else { "" },
            counted(*common_words, "word", "words"),
            number(*own_words),
            number(*kept_words),
            if *beginning_only { " (of the beginnings: the texts are long)" } else { "" }
        );
        let piece = |excerpt: &Excerpt| {
            let more = (excerpt.more_words > 0).then(|| counted(excerpt.more_words, "more word", "more words"));
            (!excerpt.text.is_empty()).then(|| Piece { text: whole(&excerpt.text), more })
        };
        let place = |place: &crate::dedup::DifferentPlace| PlaceView {
            before: whole(&place.before),
            own: piece(&place.own),
            kept: piece(&place.kept),
            after: whole(&place.after),
        };
        DifferenceView { sums, places: first.iter().map(place).collect(), more: rest(*places, first.len()) }
    }
}

/// How many places are not shown.
fn rest(places: u64, shown: usize) -> Option<String> {
    let rest = places.saturating_sub(shown as u64);
    (rest > 0).then(|| counted(rest, "more place", "more places"))
}

/// What is cut already.
fn whole(text: &str) -> Sample {
    Sample::new(text, usize::MAX / 2)
}

/// How alike what went is to what stays, from the least class that has any; nothing where nothing was measured.
pub fn similarities(similarities: &Similarities) -> Option<Histogram> {
    let first = similarities.classes.iter().position(|(near, covered)| near + covered > 0)?;
    let classes: Vec<(String, u64, u64)> = similarities
        .classes
        .iter()
        .enumerate()
        .skip(first)
        .map(|(class, (near, covered))| (format!("{}.{:02}", class / 20, class % 20 * 5), *near, *covered))
        .collect();
    let title = "Documents by how alike they are to the one that stays; each class begins at its number.";
    Some(Histogram::new(title, "From", ("near duplicates", "covered"), &classes))
}
