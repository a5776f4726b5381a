//! A contract that calls every import with whatever arguments a message names, good and bad, and
//! answers with whatever output a message dictates, well-formed or not. It has all entry points.
//!
//! Not an example: it exists so that tests can hold the host to the interface's description.
//! `host_probe` is its sibling on top of the usual framework.

mod script;
pub use script::{Arg, Call, CallResult, Prepared, Script};

#[cfg(target_arch = "wasm32")]
mod calls;
#[cfg(target_arch = "wasm32")]
mod entry_points;
