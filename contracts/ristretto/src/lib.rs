//! ristretto255, and the prime-order subgroup of edwards25519, over a C interface, for JavaScript.
//!
//! The caller owns the memory from `arena()` on: it puts arguments there, says with `begin` where
//! they end, and calls. What a call allocates lies above and is forgotten at the next `begin`, so
//! there is nothing to free. Points are `RistrettoPoint`s or `EdwardsPoint`s as they lie in memory,
//! `point_bytes()` each; they never leave the machine. Scalars are 32 bytes, little-endian, canonical.
//!
//! Time depends on values only in `…_product_sum_public`, `…_decode_all` (for Edwards points on the
//! point, else on validity) and `…_equal`'s result.
#![cfg_attr(target_arch = "wasm32", no_std)]

#[cfg(target_arch = "wasm32")]
extern crate alloc;
#[cfg(target_arch = "wasm32")]
mod abi;
#[cfg(target_arch = "wasm32")]
mod arena;
