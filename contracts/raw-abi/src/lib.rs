//! The contract interface without a framework: regions, imports, the two exports that every
//! contract has, and bytes as base64 in JSON.
//!
//! Two contracts need it: `legacy`, whose interface version no published crate speaks any more,
//! and `host_interface`, which calls imports with arguments that a framework would never pass.

mod base64_bytes;
pub use base64_bytes::Bytes;

#[cfg(target_arch = "wasm32")]
pub mod imports;
#[cfg(target_arch = "wasm32")]
mod region;
#[cfg(target_arch = "wasm32")]
pub use region::{copy, give, space, take, Lent, Region};

/// JSON without floating-point numbers, whose code the network would refuse.
pub fn to_json<T: serde::Serialize>(value: &T) -> String {
    serde_json_wasm::to_string(value).expect("serialisable values")
}

/// The parser's words as error.
pub fn from_json<T: serde::de::DeserializeOwned>(json: &[u8]) -> Result<T, String> {
    serde_json_wasm::from_slice(json).map_err(|error| error.to_string())
}
