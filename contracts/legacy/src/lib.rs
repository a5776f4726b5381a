//! A contract of the interface that came before CosmWasm 1.0 (v0.10), as many of the network's
//! older contracts are: `init` and `handle` with the sender inside `env`, flat lists of messages,
//! a `log`, and errors that are JSON objects.
//!
//! It keeps a public guest book (one line an account), sends coins and messages, and can be called
//! back by contracts of either interface.

mod contract;
mod msg;
mod output;
#[cfg(target_arch = "wasm32")]
mod wasm;

pub use contract::{handle, init, query, Host};
pub use msg::{Coin, Env, HandleMsg, InitMsg, QueryMsg};
pub use output::{LogAttribute, Response, StdError};

#[cfg(test)]
mod tests;
