//! The duplex sponge of draft-irtf-cfrg-fiat-shamir with SHAKE128.

use curve25519_dalek::Scalar;
use sha3::{
    digest::{ExtendableOutput, Update, XofReader},
    Shake128,
};

const RATE_BYTES: usize = 168;
const SESSION_LABEL: &[u8; 32] = b"irtf-cfrg-fiat-shamir/session-id";

pub struct Sponge(Shake128);

impl Sponge {
    pub fn new(session_id: &[u8; 32]) -> Self {
        let mut state = Shake128::default();
        state.update(session_id);
        state.update(&[0; RATE_BYTES - 32]);
        Self(state)
    }

    /// For a tag of any length.
    pub fn for_tag(tag: &[u8]) -> Self {
        let mut sponge = Self::new(SESSION_LABEL);
        sponge.absorb(tag);
        let mut session_id = [0; 32];
        sponge.squeeze(&mut session_id);
        Self::new(&session_id)
    }

    pub fn absorb(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The first bytes of what the sponge gives for all that was absorbed.
    pub fn squeeze(&self, output: &mut [u8]) {
        self.stream().read(output);
    }

    pub fn stream(&self) -> impl XofReader {
        self.0.clone().finalize_xof()
    }

    pub fn challenge(&self) -> Scalar {
        let mut wide = [0; 64];
        self.squeeze(&mut wide[..48]);
        Scalar::from_bytes_mod_order_wide(&wide)
    }
}
