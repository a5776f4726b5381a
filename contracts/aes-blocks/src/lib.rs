//! AES-128 (FIPS 197) of many blocks at a call, for JavaScript. No look-up depends on a secret:
//! the crate `aes` slices bits where there are no instructions for it.
//!
//! Two keys, one for chaining and one for key streams, have their schedules at `keys()`, so that
//! the caller can take them out and bring them back. What a call works on lies at `work()`.
//! An `end` that is no number of blocks or beyond the working memory traps.
#![cfg_attr(target_arch = "wasm32", no_std)]

#[cfg(target_arch = "wasm32")]
mod abi;
