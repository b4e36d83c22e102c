//! The weights of the judgement, as data: tenths of a nat, one table a feature, entries in the order of its classes.
//!
//! Fitted in November 2026 by logistic regression (L2 0.001, main text four times as dear as furniture) on lines of two
//! pages and more of 32 news and health sites, 26 documentation sites, one synthetic corpus and twelve natural
//! documents, centred and rounded. Nothing here is learnt from words. [`super::features`] says what the classes mean.

/// What a line has before anything is known of it.
pub(super) const BIAS: i32 = -12;
/// Cost of a change between main text and furniture in the chain.
pub(super) const SWITCH: i32 = 5;
/// Score that a clamp gives to what surely goes, at least.
pub(super) const SURE: i32 = 80;
/// Score that a clamp gives to what never goes, at most.
pub(super) const NEVER: i32 = -80;
/// Sites of fewer pages than this need a larger score.
pub(super) const SMALL_SITE: u32 = 10;
/// How much larger.
pub(super) const SMALL_MARGIN: i32 = 5;
/// Below this score long text leaves its first copy.
pub(super) const FIRST_COPY: i32 = 20;

/// By share of the site's pages, then by kind: 4 entries a share.
pub(super) const SHARE_X_KIND: [i32; 32] = [0, 0, 0, 0, 0, 5, 1, -11, 0, 3, 3, -1, 0, 1, 2, -1, 0, 2, 2, 2, 0, 3, 4, 2, 0, 0, 3, 6, 0, 4, 3, 3];
/// By pages.
pub(super) const PAGES: [i32; 8] = [0, -7, -4, -4, 6, 6, 9, 16];
/// By the steadiness of its copies.
pub(super) const STEADY: [i32; 7] = [0, 1, 2, 2, -2, -2, -11];
/// By weight of letters.
pub(super) const LETTERS: [i32; 8] = [0, 0, 2, 1, 2, 10, -6, -24];
/// By how it ends, and whether it begins with a small letter.
pub(super) const END: [i32; 8] = [6, 2, -4, -3, -9, -3, -1, -2];
/// By the nearest line with letters before, then after: 5 entries a line before.
pub(super) const NEIGHBOURS: [i32; 25] = [0, 2, 0, 7, 4, -1, -6, -2, -2, -5, -1, -3, -2, 0, 4, 3, -3, -3, -3, -1, 7, -4, -3, -3, 4];
/// By the share of repeated lines around it.
pub(super) const WINDOW: [i32; 7] = [3, -3, -3, -6, -4, 0, 6];
/// By the page's single lines before, then after: 6 entries a class before.
pub(super) const BAND: [i32; 36] =
    [-1, -3, 2, 0, 3, 6, -4, -6, -4, -4, -5, -3, -3, -2, -3, -5, -4, -5, 0, -4, -5, -5, -4, -4, 1, -2, -1, -2, -4, -6, 8, 0, -1, -2, -2, -9];
/// By the largest share in its tied run.
pub(super) const RUN: [i32; 8] = [0, -7, -3, -1, -6, -9, -8, 4];
/// By where it stands to the page's own prose: 5 distances a place, one class for pages without.
pub(super) const ZONE: [i32; 26] = [0, 0, 0, 0, 0, -5, -7, -1, 2, 7, 5, 6, 8, 3, 2, -6, -2, -3, 0, 4, 0, 0, 0, 0, 0, -8];
