//! `buddle train`: labelled pages in, weights out.

use std::path::PathBuf;

use clap::Args;

use super::talk::Talk;
use crate::{
    model::{Error, Result},
    train::{LabelledSet, Samples, fitted, in_folds},
};

/// Arguments of `train`.
#[derive(Debug, Args)]
pub(super) struct TrainArgs {
    /// Sets of labelled pages: NAME=FILE
    #[arg(value_name = "NAME=FILE", required = true)]
    sets: Vec<String>,
    /// Where the weights go
    #[arg(short, long, value_name = "FILE")]
    out: Option<PathBuf>,
}

pub(super) fn train(args: &TrainArgs, _talk: &Talk) -> Result<u8> {
    let mut sets = Vec::new();
    for set in &args.sets {
        let (name, path) = set.split_once('=').ok_or_else(|| Error::usage("a set is NAME=FILE"))?;
        sets.push(Samples::of(&LabelledSet::read(name, path.as_ref())?));
    }
    #[allow(clippy::print_stderr)]
    {
        eprintln!("observed");
        if let Ok(path) = std::env::var("DUMP") {
            use std::io::Write;
            let mut out = std::io::BufWriter::new(std::fs::File::create(path).unwrap());
            for (n, samples) in sets.iter().enumerate() {
                for (c, sample) in std::iter::once(&samples.whole).chain(&samples.cuts).enumerate() {
                    for page in &sample.pages {
                        for line in &page.lines {
                            let seen = &line.observation;
                            if line.label == crate::train::Label::Soft || !seen.has_letters || seen.clamp.is_some_and(|c| c == crate::lines::Clamp::Few) { continue; }
                            let mut row = vec![n as u8, c as u8, crate::train::fold(&sample.sites[page.site]) as u8, u8::from(line.label == crate::train::Label::Main), (line.chars.min(255)) as u8, u8::from(seen.clamp.is_some())];
                            row.extend((crate::hash::SiteKey::of(&sample.sites[page.site]).0 as u16).to_le_bytes());
                            row.extend(seen.classes);
                            out.write_all(&row).unwrap();
                        }
                    }
                }
            }
            return Ok(0);
        }
        let margins = [-15, -10, -5, 0, 5, 10, 15, 20, 30];
        let trials = in_folds(&sets, &margins, |_| ());
        for (samples, trials) in sets.iter().zip(&trials) {
            for cut in 0..=samples.cuts.len() {
                for (margin, trials) in margins.iter().zip(trials) {
                    if cut > 0 && *margin != 0 {
                        continue;
                    }
                    let f = trials[cut].figures();
                    eprintln!(
                        "{:10}{} {margin:4} removed {:.4} lost {:.4} furn {:.3} reach {:.3} price {:.3} lost {:.3} by site {:.3}",
                        samples.whole.name, ["", "/5", "/20"][cut], f.removed, f.lost, f.furniture, f.reach, f.price, f.price_lost, f.price_by_site
                    );
                }
            }
        }
        if std::env::var("SITES").is_ok() {
            for (samples, trials) in sets.iter().zip(&trials) {
                for (site, s) in &trials[3][0].sites {
                    eprintln!("{:8} {site:24} main {:9} removed {:.4} lost {:.4} furn {:8} gone {:.3} reach {:.3} price {:.3}", samples.whole.name, s.main,
                        s.removed as f64 / s.main.max(1) as f64, s.lost as f64 / s.main.max(1) as f64, s.furniture, 1.0 - s.left as f64 / s.furniture.max(1) as f64,
                        s.reached as f64 / s.reachable.max(1) as f64, s.price(20.0, false));
                }
            }
        }
    }
    #[allow(clippy::print_stderr)]
    if let Ok(wanted) = std::env::var("WHY") {
        let all: Vec<&Samples> = sets.iter().collect();
        let weights = fitted(&all, |_| true);
        let margin: i32 = std::env::var("MARGIN").ok().and_then(|m| m.parse().ok()).unwrap_or(0);
        for (arg, samples) in args.sets.iter().zip(&sets) {
            let (name, path) = arg.split_once('=').unwrap();
            let set = LabelledSet::read(name, path.as_ref())?;
            let mut left: std::collections::BTreeMap<(String, char, String), (u64, u64, String)> = Default::default();
            for (page, sample) in set.pages.iter().zip(&samples.whole.pages) {
                if page.site != wanted { continue; }
                let seen: Vec<_> = sample.lines.iter().map(|l| l.observation).collect();
                let judged = crate::lines::decide(&seen, &weights, margin);
                for ((text, line), j) in page.text.split('\n').zip(&sample.lines).zip(&judged) {
                    let stays = j.verdict == crate::lines::Verdict::Stays;
                    if stays == (line.label == crate::train::Label::Furniture) && line.label != crate::train::Label::Soft {
                        let why = format!("p{} {:?} {} {:?}", line.pages, j.clamp, j.score, crate::lines::TABLES.iter().zip(weights.contributions(&j.classes)).map(|(f, c)| format!("{}:{c}", f.iter().map(|f| format!("{}{}", f.name(), j.classes[*f as usize])).collect::<Vec<_>>().join(","))).collect::<Vec<_>>().join(" "));
                        let kind = if stays { if line.pages >= 3 { 'L' } else { 'l' } } else { 'R' };
                        let e = left.entry((page.site.clone(), kind, text.chars().take(60).collect())).or_insert((0, 0, why));
                        e.0 += 1; e.1 += u64::from(line.chars);
                    }
                }
            }
            let mut rows: Vec<_> = left.into_iter().collect();
            rows.sort_by_key(|r| std::cmp::Reverse(r.1.1));
            for kind in ['L', 'l', 'R'] {
                for r in rows.iter().filter(|r| r.0.1 == kind).take(14) {
                    eprintln!("{} {:5} {:7} {} | {}", r.0.1, r.1.0, r.1.1, r.0.2, r.1.2);
                }
            }
        }
    }
    if let Some(out) = &args.out {
        let all: Vec<&Samples> = sets.iter().collect();
        let weights = fitted(&all, |_| true);
        std::fs::write(out, weights.to_text()).map_err(|e| Error::from(e).at(out.display()))?;
    }
    Ok(0)
}
