//! A labelled set as the judgement sees it: every line's observation beside its label.

use std::{collections::BTreeMap, sync::Arc};

use rayon::prelude::*;

use super::set::{Label, LabelledPage, LabelledSet};
use crate::{
    hash::SiteKey,
    lines::{
        LineMemory, Noting, Observation, Page, PageLine, Site, Verdict, Weights,
        index::{IndexBuilder, LineIndex},
        judge_observed, observe,
    },
};

/// A page of a sample.
#[derive(Clone, Debug)]
pub struct SamplePage<'a> {
    /// The number of its site.
    pub site: usize,
    /// Its lines.
    pub page: Arc<Page<'a>>,
    /// Its language, and the label of each line.
    pub labelled: &'a LabelledPage,
    /// What the judgement sees of each line at first look.
    pub observed: Vec<Observation>,
}

/// A line of a sample.
#[derive(Clone, Copy, Debug)]
pub struct SampleLine<'s> {
    /// The line.
    pub line: &'s PageLine<'s>,
    /// What it is.
    pub label: Label,
    /// What the judgement sees at first look.
    pub observed: &'s Observation,
}

impl SamplePage<'_> {
    /// Its lines, each with its label.
    pub fn lines(&self) -> impl Iterator<Item = SampleLine<'_>> {
        let lines = self.page.lines().iter().zip(&self.labelled.labels).zip(&self.observed);
        lines.map(|((line, label), observed)| SampleLine { line, label: *label, observed })
    }
}

/// A labelled set with its pages read; samples of it share them.
#[derive(Clone, Debug)]
pub struct ReadSet<'a> {
    set: &'a LabelledSet,
    pages: Vec<Arc<Page<'a>>>,
}

impl<'a> ReadSet<'a> {
    /// Reads the pages of a set.
    pub fn of(set: &'a LabelledSet) -> ReadSet<'a> {
        let read = |page: &'a LabelledPage| Arc::new(Page::new(&page.text, &mut LineMemory::default(), Noting::Nothing));
        ReadSet { set, pages: set.pages.par_iter().map(read).collect() }
    }
}

/// A labelled set, observed.
#[derive(Clone, Debug)]
pub struct Sample<'a> {
    /// The set's name.
    pub name: &'a str,
    /// Names of the sites; of parts of them where they were cut, each with the name of the whole.
    pub sites: Vec<&'a str>,
    /// The pages, in order.
    pub pages: Vec<SamplePage<'a>>,
    /// What its sites repeat.
    index: LineIndex,
}

fn site_key(number: usize) -> SiteKey {
    SiteKey(number as u64)
}

impl<'a> Sample<'a> {
    /// Is there no line to learn from: furniture that the weights decide on?
    pub fn is_empty(&self) -> bool {
        let mut lines = self.pages.iter().flat_map(SamplePage::lines);
        !lines.any(|line| line.label == Label::Furniture && line.observed.may_go())
    }

    /// Observes a set; `cut` makes a site of each so many pages of one.
    pub fn of(read: &ReadSet<'a>, cut: Option<usize>) -> Sample<'a> {
        let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
        let mut numbers: BTreeMap<(&str, usize), usize> = BTreeMap::new();
        let mut sites = Vec::new();
        let site_of: Vec<usize> = read
            .set
            .pages
            .iter()
            .map(|page| {
                let n = seen.entry(&page.site).or_default();
                let part = cut.map_or(0, |pages| *n / pages.max(1));
                *n += 1;
                *numbers.entry((&page.site, part)).or_insert_with(|| {
                    sites.push(page.site.as_str());
                    sites.len() - 1
                })
            })
            .collect();
        let builder = read
            .pages
            .par_chunks(64)
            .zip(site_of.par_chunks(64))
            .map(|(pages, numbers)| {
                let mut builder = IndexBuilder::default();
                pages.iter().zip(numbers).for_each(|(page, number)| builder.add(site_key(*number), page));
                builder
            })
            .reduce(IndexBuilder::default, |mut a, b| {
                a.merge(b);
                a
            });
        let index = builder.freeze();
        let pages = read.set.pages.par_iter().zip(&read.pages).zip(&site_of).map(|((labelled, page), number)| {
            let observed = Site::of(&index, site_key(*number)).map(|site| observe(page, &site)).unwrap_or_default();
            SamplePage { site: *number, page: Arc::clone(page), labelled, observed }
        });
        Sample { name: &read.set.name, pages: pages.collect(), sites, index }
    }

    /// What becomes of each line of a page of this sample.
    pub fn verdicts(&self, page: &SamplePage<'_>, weights: &Weights, margin: i32) -> Vec<Verdict> {
        let judged = Site::of(&self.index, site_key(page.site)).map(|site| judge_observed(&page.page, &site, &page.observed, weights, margin));
        judged.unwrap_or_default().iter().map(|line| line.verdict).collect()
    }
}
