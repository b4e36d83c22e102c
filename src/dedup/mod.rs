//! Duplicate documents: builders that are frozen into read-only indexes.

mod exact;

pub use exact::{CopyFinder, CopyOf, ExactIndex, KeepDocument, KeyedDocument};
