//! Private non-fungible tokens after SNIP-721: who owns what, and half of each token's metadata,
//! is seen only by owners and by those whom they admit.
//!
//! Left out of the standard's options: sealed metadata, royalties, mint runs, non-transferable
//! tokens.

mod approvals;
pub mod contract;
mod execute;
mod history;
pub mod msg;
mod ownership;
mod query;
pub mod state;

#[cfg(test)]
mod tests;
