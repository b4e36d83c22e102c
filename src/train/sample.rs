//! A labelled set as the judgement sees it: every line's observation beside its label.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::set::{Label, LabelledPage, LabelledSet};
use crate::{
    hash::SiteKey,
    lines::{
        LineMemory, Noting, Observation, Page, Site,
        index::{IndexBuilder, LineIndex},
        observe,
    },
};

/// A line of a sample.
#[derive(Clone, Copy, Debug)]
pub struct SampleLine {
    /// What the judgement sees.
    pub observation: Observation,
    /// What it is.
    pub label: Label,
    /// Its characters.
    pub chars: u32,
    /// Half of its key.
    pub key: u64,
    /// Distinct pages of the site that hold it.
    pub pages: u32,
}

/// A page of a sample.
#[derive(Clone, Debug)]
pub struct SamplePage {
    /// The number of its site.
    pub site: usize,
    /// Its language.
    pub lang: String,
    /// Its lines.
    pub lines: Vec<SampleLine>,
}

/// A labelled set, observed.
#[derive(Clone, Debug)]
pub struct Sample {
    /// The set's name.
    pub name: String,
    /// Names of the sites; of parts of them where they were cut, each with the name of the whole.
    pub sites: Vec<String>,
    /// The pages, in order.
    pub pages: Vec<SamplePage>,
}

impl Sample {
    /// Is there no line to learn from: furniture that the weights decide on?
    pub fn is_empty(&self) -> bool {
        let mut lines = self.pages.iter().flat_map(|page| &page.lines);
        !lines.any(|line| line.label == Label::Furniture && line.observation.may_go())
    }

    /// Observes a set; `cut` makes a site of each so many pages of one.
    pub fn of(set: &LabelledSet, cut: Option<usize>) -> Sample {
        let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
        let mut numbers: BTreeMap<(&str, usize), usize> = BTreeMap::new();
        let mut sites = Vec::new();
        let site_of: Vec<usize> = set
            .pages
            .iter()
            .map(|page| {
                let n = seen.entry(&page.site).or_default();
                let part = cut.map_or(0, |pages| *n / pages.max(1));
                *n += 1;
                *numbers.entry((&page.site, part)).or_insert_with(|| {
                    sites.push(page.site.clone());
                    sites.len() - 1
                })
            })
            .collect();
        let key = |number: usize| SiteKey(number as u64);
        let page_of =
            |page: &LabelledPage, then: &mut dyn FnMut(&Page<'_>)| then(&Page::new(&page.text, &mut LineMemory::default(), Noting::Nothing));
        let chunks: Vec<(usize, &[LabelledPage])> = set.pages.chunks(64).enumerate().map(|(n, pages)| (n * 64, pages)).collect();
        let builder = chunks
            .par_iter()
            .map(|(first, pages)| {
                let mut builder = IndexBuilder::default();
                for (page, number) in pages.iter().zip(site_of.iter().skip(*first)) {
                    page_of(page, &mut |page| builder.add(key(*number), page));
                }
                builder
            })
            .reduce(IndexBuilder::default, |mut a, b| {
                a.merge(b);
                a
            });
        let (counts, partitions) = builder.into_parts();
        let index = LineIndex::of_parts(counts.clone(), partitions.into_par_iter().map(|part| part.freeze(&counts)).collect());
        let pages = set.pages.par_iter().zip(&site_of).map(|(labelled, number)| {
            let mut lines = Vec::new();
            if let Some(site) = Site::of(&index, key(*number)) {
                page_of(labelled, &mut |page| {
                    let observed = observe(page, &site);
                    lines = page
                        .lines()
                        .iter()
                        .zip(&labelled.labels)
                        .zip(observed)
                        .map(|((line, label), observation)| SampleLine {
                            observation,
                            label: *label,
                            chars: line.chars,
                            key: line.key.half(),
                            pages: observation.pages,
                        })
                        .collect();
                });
            }
            SamplePage { site: *number, lang: labelled.lang.clone(), lines }
        });
        Sample { name: set.name.clone(), pages: pages.collect(), sites }
    }
}
