//! The token's settings, and the head record that every operation reads and most write.
//!
//! Every key of this contract starts with one letter: `s` head, `c` settings, `m` minters,
//! `b` accounts, `h` older history of an account, `t` transactions, `a` allowances, `r` receivers'
//! code hashes, `p` revoked permits. Viewing keys are the toolkit's (their prefix starts with a
//! zero byte, their seed with `viewing_keys`).

use cosmwasm_std::{from_slice, to_vec, StdError, StdResult, Storage};
use serde::{Deserialize, Serialize};

use crate::msg::ContractStatus;

const HEAD: &[u8] = b"s";
const CONFIG: &[u8] = b"c";
const MINTERS: &[u8] = b"m";

/// Storage prefix of revoked permits, handed to the toolkit.
pub const REVOKED_PERMITS: &str = "p";

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct Config {
    pub name: String,
    pub symbol: String,
    pub decimals: u8,
    pub admin: String,
    pub public_total_supply: bool,
    pub deposit: bool,
    pub redeem: bool,
    pub mint: bool,
    pub burn: bool,
    pub denoms: Vec<String>,
}

impl Config {
    pub fn load(storage: &dyn Storage) -> StdResult<Self> {
        from_slice(&read(storage, CONFIG)?)
    }

    pub fn save(&self, storage: &mut dyn Storage) -> StdResult<()> {
        storage.set(CONFIG, &to_vec(self)?);
        Ok(())
    }
}

/// 25 bytes: status, number of transactions so far, total supply; big-endian.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Head {
    pub status: ContractStatus,
    pub tx_count: u64,
    pub supply: u128,
}

impl Head {
    pub fn load(storage: &dyn Storage) -> StdResult<Self> {
        let bytes: [u8; 25] = read(storage, HEAD)?
            .try_into()
            .map_err(|_| corrupt("head"))?;
        Ok(Head {
            status: match bytes[0] {
                0 => ContractStatus::NormalRun,
                1 => ContractStatus::StopAllButRedeems,
                _ => ContractStatus::StopAll,
            },
            tx_count: u64::from_be_bytes(part(&bytes[1..9])),
            supply: u128::from_be_bytes(part(&bytes[9..25])),
        })
    }

    pub fn save(&self, storage: &mut dyn Storage) {
        let mut bytes = [0u8; 25];
        bytes[0] = self.status as u8;
        bytes[1..9].copy_from_slice(&self.tx_count.to_be_bytes());
        bytes[9..25].copy_from_slice(&self.supply.to_be_bytes());
        storage.set(HEAD, &bytes);
    }
}

pub fn load_minters(storage: &dyn Storage) -> StdResult<Vec<String>> {
    storage
        .get(MINTERS)
        .map_or(Ok(Vec::new()), |bytes| from_slice(&bytes))
}

pub fn save_minters(storage: &mut dyn Storage, minters: &[String]) -> StdResult<()> {
    storage.set(MINTERS, &to_vec(minters)?);
    Ok(())
}

/// A slice whose length the caller fixed, as an array.
pub fn part<const N: usize>(bytes: &[u8]) -> [u8; N] {
    let mut array = [0u8; N];
    array.copy_from_slice(bytes);
    array
}

pub fn corrupt(record: &str) -> StdError {
    StdError::generic_err(format!("the stored {record} cannot be read"))
}

fn read(storage: &dyn Storage, key: &[u8]) -> StdResult<Vec<u8>> {
    storage
        .get(key)
        .ok_or_else(|| StdError::generic_err("the contract is not instantiated"))
}
