//! buddle washes scraped text: it finds the language of every line, removes what a page repeats and duplicate
//! documents, and says of everything that went why it is gone and where its copy is.
//!
//! ```
//! use buddle::{config::Config, pipeline};
//! let folder = tempfile::tempdir()?;
//! let page = folder.path().join("page.txt");
//! std::fs::write(&page, "One line.\r\nAnother\u{a0}line.")?;
//! let config = Config { inputs: vec![page], output: Some(folder.path().join("washed")), ..Config::default() };
//! let run = pipeline::clean(&config, &pipeline::Unobserved, &pipeline::StopFlag::new(0))?;
//! assert_eq!((run.counts.output.documents, run.counts.output.lines), (1, 2));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod check;
#[cfg(feature = "cli")]
pub mod cli;
pub mod config;
pub mod decode;
pub mod dedup;
pub mod hash;
pub mod langid;
pub mod lines;
pub mod model;
pub mod pipeline;
pub mod read;
pub mod report;
pub mod train;
pub mod write;
