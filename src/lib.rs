//! buddle washes scraped text.
pub mod dedup;
pub mod hash;
pub mod langid;
pub mod lines;
pub mod model;
