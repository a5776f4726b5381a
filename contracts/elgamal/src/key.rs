use curve25519_dalek::{constants::RISTRETTO_BASEPOINT_POINT, ristretto::CompressedRistretto, RistrettoPoint};

use crate::{decode_element, Error};

pub const KEY_BYTES: usize = 64;

/// RFC 9380's hash to ristretto255 of nothing, with the tag `tacit/elgamal/commitment-base/v1`:
/// the H that nobody knows the logarithm of.
const FIXED_COMMITMENT_BASE: CompressedRistretto = CompressedRistretto([
    0x7a, 0x4a, 0x35, 0xe2, 0x60, 0x30, 0x7f, 0xc7,
    0x04, 0x81, 0x64, 0xa6, 0xe7, 0xf2, 0x10, 0x8b,
    0x6b, 0xa5, 0xfe, 0x03, 0x66, 0xb4, 0xee, 0x16,
    0x6f, 0x68, 0xea, 0xff, 0xa9, 0x2e, 0x89, 0x02,
]);

/// H and P with H = secret · P.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    pub commitment_base: RistrettoPoint,
    pub handle_base: RistrettoPoint,
}

impl Key {
    /// From H ‖ P. Two kinds are keys: with the fixed H, and with P = G.
    pub fn decode(bytes: &[u8]) -> Result<Self, Error> {
        if bytes.len() != KEY_BYTES {
            return Err(Error::Length);
        }
        let key = Self {
            commitment_base: decode_element(&bytes[..32])?,
            handle_base: decode_element(&bytes[32..])?,
        };
        let is_fixed = bytes[..32] == FIXED_COMMITMENT_BASE.0;
        let is_shared = key.handle_base == RISTRETTO_BASEPOINT_POINT;
        if !(is_fixed || is_shared) || key.commitment_base == RISTRETTO_BASEPOINT_POINT {
            return Err(Error::Key);
        }
        Ok(key)
    }

    pub fn encode(&self) -> [u8; KEY_BYTES] {
        let mut bytes = [0; KEY_BYTES];
        bytes[..32].copy_from_slice(self.commitment_base.compress().as_bytes());
        bytes[32..].copy_from_slice(self.handle_base.compress().as_bytes());
        bytes
    }
}
