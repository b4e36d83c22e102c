//! Loops that compilers turn into vector code, compiled for what the machine at hand has and not only for what every machine has.
//!
//! What runs must be inlined wholly (`#[inline(always)]`), closures of iterators too, or it stays as it is for every machine.

/// Runs `work` as compiled for the widest vectors that this machine has (AVX2 on x86-64, NEON on aarch64); the same in every way but speed.
#[inline]
pub fn with_simd<R>(work: impl FnOnce() -> R) -> R {
    pulp::Arch::new().dispatch(work)
}
