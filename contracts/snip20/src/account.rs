//! One holder's record: balance and the newest entries of the history.

use cosmwasm_std::{StdError, StdResult, Storage};

use crate::state::{corrupt, part};

/// Transaction ids kept in the account itself; when full they move to a record of their own.
pub const RECENT: usize = 8;
const ACCOUNT_BYTES: usize = 16 + 4 + 4 + 8 * RECENT;

/// 88 bytes whatever the holder did: balance, counts, the newest ids.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Account {
    pub balance: u128,
    /// Entries of the history.
    pub txs: u32,
    /// Those of them that are transfers.
    pub transfers: u32,
    recent: [u64; RECENT],
}

impl Account {
    pub fn load(storage: &dyn Storage, address: &[u8]) -> StdResult<Self> {
        let Some(bytes) = storage.get(&account_key(address)) else {
            return Ok(Account::default());
        };
        if bytes.len() != ACCOUNT_BYTES {
            return Err(corrupt("account"));
        }
        let mut recent = [0u64; RECENT];
        for (index, id) in recent.iter_mut().enumerate() {
            *id = u64::from_be_bytes(part(&bytes[24 + 8 * index..32 + 8 * index]));
        }
        Ok(Account {
            balance: u128::from_be_bytes(part(&bytes[0..16])),
            txs: u32::from_be_bytes(part(&bytes[16..20])),
            transfers: u32::from_be_bytes(part(&bytes[20..24])),
            recent,
        })
    }

    pub fn save(&self, storage: &mut dyn Storage, address: &[u8]) {
        let mut bytes = [0u8; ACCOUNT_BYTES];
        bytes[0..16].copy_from_slice(&self.balance.to_be_bytes());
        bytes[16..20].copy_from_slice(&self.txs.to_be_bytes());
        bytes[20..24].copy_from_slice(&self.transfers.to_be_bytes());
        for (index, id) in self.recent.iter().enumerate() {
            bytes[24 + 8 * index..32 + 8 * index].copy_from_slice(&id.to_be_bytes());
        }
        storage.set(&account_key(address), &bytes);
    }

    pub fn take(&mut self, amount: u128) -> StdResult<()> {
        self.balance = self.balance.checked_sub(amount).ok_or_else(|| {
            StdError::generic_err(format!(
                "insufficient funds: balance={}, required={amount}",
                self.balance
            ))
        })?;
        Ok(())
    }

    pub fn give(&mut self, amount: u128) -> StdResult<()> {
        self.balance = self
            .balance
            .checked_add(amount)
            .ok_or_else(|| StdError::generic_err("the recipient's balance would overflow"))?;
        Ok(())
    }

    /// Adds a transaction to the history. One time in eight the newest ids are to be saved apart.
    pub fn remember(&mut self, id: u64, is_transfer: bool) -> Option<Bundle> {
        let slot = self.txs as usize % RECENT;
        self.recent[slot] = id;
        let full = (slot == RECENT - 1).then(|| Bundle {
            number: self.txs / RECENT as u32,
            ids: self.recent,
        });
        self.txs += 1;
        self.transfers += u32::from(is_transfer);
        full
    }

    /// Ids of the history, newest first, from `skip` on; a record is read for every eight.
    pub fn history<'a>(
        &'a self,
        storage: &'a dyn Storage,
        address: &'a [u8],
        skip: u32,
    ) -> impl Iterator<Item = StdResult<u64>> + 'a {
        let mut bundle: Option<(u32, Vec<u8>)> = None;
        (0..self.txs.saturating_sub(skip)).rev().map(move |index| {
            let number = index / RECENT as u32;
            let slot = index as usize % RECENT;
            if number == self.txs / RECENT as u32 {
                return Ok(self.recent[slot]);
            }
            if bundle.as_ref().map(|(loaded, _)| *loaded) != Some(number) {
                let bytes = storage.get(&history_key(address, number));
                let bytes = bytes.filter(|b| b.len() == 8 * RECENT);
                bundle = Some((number, bytes.ok_or_else(|| corrupt("history"))?));
            }
            let bytes = &bundle.as_ref().ok_or_else(|| corrupt("history"))?.1;
            Ok(u64::from_be_bytes(part(&bytes[8 * slot..8 * slot + 8])))
        })
    }
}

/// Eight entries of a history that will not change any more.
pub struct Bundle {
    number: u32,
    ids: [u64; RECENT],
}

impl Bundle {
    pub fn save(&self, storage: &mut dyn Storage, address: &[u8]) {
        let mut bytes = [0u8; 8 * RECENT];
        for (index, id) in self.ids.iter().enumerate() {
            bytes[8 * index..8 * index + 8].copy_from_slice(&id.to_be_bytes());
        }
        storage.set(&history_key(address, self.number), &bytes);
    }
}

fn account_key(address: &[u8]) -> Vec<u8> {
    [b"b", address].concat()
}

fn history_key(address: &[u8], bundle: u32) -> Vec<u8> {
    [b"h", address, &bundle.to_be_bytes()].concat()
}
