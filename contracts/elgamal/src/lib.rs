//! Twisted exponential ElGamal on ristretto255, for contracts.
//!
//! A ciphertext of m is (C, D) = (m·G + r·H, r·P). Contracts add, subtract, scale and re-randomise
//! what they cannot read, and verify that a voter's ciphertexts are a choice. Bytes are those of
//! `packages/threshold`; both are held to `vectors/threshold-elgamal`. Without `std`.
#![no_std]
extern crate alloc;

mod choice;
mod ciphertext;
mod key;
mod sponge;

pub use choice::{verify_choice, Choice, Context};
pub use ciphertext::{Ciphertext, CIPHERTEXT_BYTES};
pub use curve25519_dalek::{RistrettoPoint, Scalar};
pub use key::{Key, KEY_BYTES};

/// Why something was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Error {
    /// Bytes of another length than the format has.
    Length,
    /// No canonical encoding of an element.
    Element,
    /// The identity, where an element with randomness behind it is meant.
    Identity,
    /// A scalar that is not below the order.
    Scalar,
    /// Elements that are neither a single holder's key nor a shared one.
    Key,
    /// A policy that makes no sense.
    Policy,
    /// A proof that does not verify.
    Proof,
}

pub(crate) fn decode_element(bytes: &[u8]) -> Result<RistrettoPoint, Error> {
    use curve25519_dalek::{ristretto::CompressedRistretto, traits::IsIdentity};
    let compressed = CompressedRistretto::from_slice(bytes).map_err(|_| Error::Length)?;
    let point = compressed.decompress().ok_or(Error::Element)?;
    if point.is_identity() {
        return Err(Error::Identity);
    }
    Ok(point)
}

pub(crate) fn decode_scalar(bytes: &[u8]) -> Result<Scalar, Error> {
    let array: [u8; 32] = bytes.try_into().map_err(|_| Error::Length)?;
    Option::from(Scalar::from_canonical_bytes(array)).ok_or(Error::Scalar)
}
