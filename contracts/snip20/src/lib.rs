//! A private fungible token: SNIP-20 with memos and histories (SNIP-21), batches (SNIP-22),
//! permits (SNIP-24) and decoys (SNIP-25).
//!
//! A transfer reads three records and writes four, whatever the number of holders and the length
//! of the history: the head (status, supply, counter), the two accounts, and the transfer itself.
//! Accounts have a fixed size, so that neither a balance nor the length of a history shows in
//! the size of its encrypted record.

pub mod account;
mod admin;
pub mod allowance;
pub mod book;
pub mod contract;
mod execute;
pub mod msg;
mod native;
mod query;
mod receiver;
pub mod state;
pub mod tx;

#[cfg(test)]
mod tests;
