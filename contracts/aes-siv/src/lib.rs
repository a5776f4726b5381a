//! AES-128-SIV (RFC 5297) for JavaScript. No look-up depends on a secret: the crate `aes` slices
//! bits where there are no instructions for it.
//!
//! Some keys are kept expanded; the caller says which ones. What a call works on lies at `work()`, one message after the other: its items of associated data, a
//! block for its synthetic IV, its text. Each begins at a whole block, and an empty item takes one.
//! `lengths()` says how long they are. What does not fit traps.
#![cfg_attr(target_arch = "wasm32", no_std)]

#[cfg(target_arch = "wasm32")]
mod abi;
#[cfg(target_arch = "wasm32")]
mod cbc;
#[cfg(target_arch = "wasm32")]
mod siv;
