//! Duplicate documents: builders that are frozen into read-only indexes.
//!
//! `exact`: equal texts. `cluster`: equal `field`s of records (`decimal`: numbers, `url`: what of a URL does not count), by the `rules` of `buddle dedup`.
//! `key_table`: equal texts of a stream. `shingle` and `minhash`: what texts are like each other by; `bucket`: which may be; `alike`: which are, each held
//! against one that stays; `pairs`: all of them; `nearest`: who is most like one; `difference`: in which words two differ.

mod alike;
mod bucket;
mod cluster;
mod decimal;
mod difference;
mod exact;
mod field;
mod key_table;
mod minhash;
mod nearest;
mod pairs;
mod rules;
mod shingle;
mod url;

pub use alike::{Documents, Likeness, Likenesses, LookAlikes, Match, Size, Threshold, share, similarity};
pub use bucket::{BucketEntry, BucketFinder, BucketOfDocument, LineWeight};
pub use cluster::{ClusterFinder, Clusters, Gone, KeyedByFields};
pub use decimal::Decimal;
pub use difference::{Difference, DifferentPlace, Excerpt};
pub use exact::{CopyFinder, CopyOf, ExactIndex, KeepDocument, KeyedDocument};
pub use field::{FieldValue, RANK_BYTES, Rank};
pub use key_table::KeyTable;
pub use minhash::{Banding, MinHasher};
pub use nearest::Nearest;
pub use pairs::{Alike, Holding, PairFinder};
pub use rules::{By, DedupRules, Preference};
pub use shingle::{ShingleSize, Shingler, shingle_set};
pub use url::{TRACKERS, UrlStep, UrlSteps, compared_url};
