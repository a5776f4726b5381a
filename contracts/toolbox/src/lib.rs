//! What the example contracts share: records as JSON, and who may see what (viewing keys and
//! permits). Each contract stays readable on its own; nothing here decides a contract's rules.

mod access;
mod records;

pub use access::{
    create_viewing_key, revoke_permit, seed_viewing_keys, set_viewing_key, signer_of_permit,
    viewer_with_key, Viewer,
};
pub use records::{key, load, may_load, remove, save};

/// Answers are padded with spaces to a multiple of this many bytes.
pub const PAD_BYTES: usize = 256;
