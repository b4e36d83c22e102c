//! Duplicate documents: builders that are frozen into read-only indexes.
//!
//! `exact`: equal texts. `shingle` and `minhash`: what texts are like each other by; `bucket`: which may be; `alike`: which are, each held against
//! one that stays; `difference`: in which words they differ.

mod alike;
mod bucket;
mod difference;
mod exact;
mod minhash;
mod shingle;

pub use alike::{Documents, Likeness, Likenesses, LookAlikes, Match, Threshold, similarity};
pub use bucket::{BucketEntry, BucketFinder, BucketOfDocument};
pub use difference::{Difference, DifferentPlace, Excerpt};
pub use exact::{CopyFinder, CopyOf, ExactIndex, KeepDocument, KeyedDocument};
pub use minhash::{Banding, MinHasher};
pub use shingle::{ShingleSize, Shingler};
