//! What one account lets another spend.

use cosmwasm_std::{Env, StdError, StdResult, Storage};

use crate::state::{corrupt, part};

/// 24 bytes: amount, and the second at which it ends (0: never); big-endian.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Allowance {
    pub amount: u128,
    pub expiration: Option<u64>,
}

impl Allowance {
    pub fn load(storage: &dyn Storage, owner: &[u8], spender: &[u8]) -> StdResult<Self> {
        let Some(bytes) = storage.get(&key(owner, spender)) else {
            return Ok(Allowance::default());
        };
        if bytes.len() != 24 {
            return Err(corrupt("allowance"));
        }
        let expiration = u64::from_be_bytes(part(&bytes[16..24]));
        Ok(Allowance {
            amount: u128::from_be_bytes(part(&bytes[0..16])),
            expiration: (expiration != 0).then_some(expiration),
        })
    }

    pub fn save(&self, storage: &mut dyn Storage, owner: &[u8], spender: &[u8]) {
        let mut bytes = [0u8; 24];
        bytes[0..16].copy_from_slice(&self.amount.to_be_bytes());
        bytes[16..24].copy_from_slice(&self.expiration.unwrap_or(0).to_be_bytes());
        storage.set(&key(owner, spender), &bytes);
    }

    pub fn is_expired(&self, now: u64) -> bool {
        self.expiration.is_some_and(|end| end <= now)
    }

    /// Starts anew when the former allowance has ended.
    pub fn renewed(self, now: u64) -> Self {
        if self.is_expired(now) {
            Allowance::default()
        } else {
            self
        }
    }
}

/// Uses up part of an allowance, or fails and says how much there is.
pub fn spend(
    storage: &mut dyn Storage,
    env: &Env,
    owner: &[u8],
    spender: &[u8],
    amount: u128,
) -> StdResult<()> {
    let mut allowance = Allowance::load(storage, owner, spender)?.renewed(env.block.time.seconds());
    allowance.amount = allowance.amount.checked_sub(amount).ok_or_else(|| {
        StdError::generic_err(format!(
            "insufficient allowance: allowance={}, required={amount}",
            allowance.amount
        ))
    })?;
    allowance.save(storage, owner, spender);
    Ok(())
}

/// The owner's length stands in front, so that no two pairs share a key.
fn key(owner: &[u8], spender: &[u8]) -> Vec<u8> {
    [&[b'a', owner.len() as u8], owner, spender].concat()
}
