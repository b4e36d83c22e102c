//! buddle washes scraped text.
pub mod model;
