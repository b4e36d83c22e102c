//! `buddle train`: labelled pages in, weights out.

use std::path::PathBuf;

use clap::Args;

use super::talk::Talk;
use crate::{
    model::{Error, Result},
    train::{LabelledSet, Samples, examples, fit, in_folds},
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
    if let Some(out) = &args.out {
        let all: Vec<&Samples> = sets.iter().collect();
        let weights = fit(&examples(&all, |_| true)).weights(0);
        std::fs::write(out, weights.to_text()).map_err(|e| Error::from(e).at(out.display()))?;
    }
    Ok(0)
}
