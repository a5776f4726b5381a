use core::iter::Sum;
use core::ops::{Add, Mul, Sub};

use curve25519_dalek::{
    constants::RISTRETTO_BASEPOINT_POINT as G,
    traits::{Identity, IsIdentity},
    RistrettoPoint, Scalar,
};

use crate::{decode_element, Error, Key};

pub const CIPHERTEXT_BYTES: usize = 64;

/// Malleable: a contract takes one from outside only with a proof that is bound to its sender.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ciphertext {
    pub commitment: RistrettoPoint,
    pub handle: RistrettoPoint,
}

impl Ciphertext {
    /// Of zero, without randomness: where a sum begins. It has no encoding.
    pub fn zero() -> Self {
        Self { commitment: RistrettoPoint::identity(), handle: RistrettoPoint::identity() }
    }

    /// `randomness` is secret, uniform and used once; 0 is refused.
    pub fn encrypt_with(key: &Key, message: &Scalar, randomness: &Scalar) -> Result<Self, Error> {
        if *randomness == Scalar::ZERO {
            return Err(Error::Scalar);
        }
        Ok(Self {
            commitment: RistrettoPoint::mul_base(message) + key.commitment_base * randomness,
            handle: key.handle_base * randomness,
        })
    }

    /// From C ‖ D; neither is the identity.
    pub fn decode(bytes: &[u8]) -> Result<Self, Error> {
        if bytes.len() != CIPHERTEXT_BYTES {
            return Err(Error::Length);
        }
        Ok(Self { commitment: decode_element(&bytes[..32])?, handle: decode_element(&bytes[32..])? })
    }

    pub fn encode(&self) -> Result<[u8; CIPHERTEXT_BYTES], Error> {
        if self.commitment.is_identity() || self.handle.is_identity() {
            return Err(Error::Identity);
        }
        let mut bytes = [0; CIPHERTEXT_BYTES];
        bytes[..32].copy_from_slice(self.commitment.compress().as_bytes());
        bytes[32..].copy_from_slice(self.handle.compress().as_bytes());
        Ok(bytes)
    }

    /// Adds a public amount.
    pub fn add_public(&self, amount: &Scalar) -> Self {
        Self { commitment: self.commitment + amount * G, handle: self.handle }
    }

    /// The same message, not recognisable to who does not know `randomness`.
    pub fn rerandomize(&self, key: &Key, randomness: &Scalar) -> Result<Self, Error> {
        Ok(*self + Self::encrypt_with(key, &Scalar::ZERO, randomness)?)
    }
}

impl Add for Ciphertext {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self { commitment: self.commitment + other.commitment, handle: self.handle + other.handle }
    }
}

impl Sub for Ciphertext {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self { commitment: self.commitment - other.commitment, handle: self.handle - other.handle }
    }
}

/// By a public factor.
impl Mul<&Scalar> for Ciphertext {
    type Output = Self;
    fn mul(self, factor: &Scalar) -> Self {
        Self { commitment: self.commitment * factor, handle: self.handle * factor }
    }
}

impl Sum for Ciphertext {
    fn sum<I: Iterator<Item = Self>>(items: I) -> Self {
        items.fold(Self::zero(), Add::add)
    }
}
