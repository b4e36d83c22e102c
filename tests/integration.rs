//! The one integration binary: buddle as its users run it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, missing_docs)]

mod bad_input;
mod check;
mod check_docs;
mod conservation;
mod crawls;
mod decode;
mod dedup;
mod determinism;
mod diff;
mod explain;
mod faults;
mod formats;
mod index;
mod index_damage;
mod langs;
mod layering;
mod lines;
mod memory;
mod near;
mod one_pass;
mod pages;
mod report_page;
mod shell;
mod similar;
mod sites;
mod workdir;
