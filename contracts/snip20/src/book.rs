//! The accounts touched by one message: each read once and written once, at the end.

use cosmwasm_std::{Api, Binary, CanonicalAddr, Env, StdError, StdResult, Storage};
use secret_toolkit::crypto::ContractPrng;

use crate::account::Account;
use crate::state::Head;
use crate::tx::{Kind, Parties, Tx};

/// Longest memo in bytes.
const MEMO_BYTES_MAX: usize = 1024;

pub struct Book<'a> {
    pub storage: &'a mut dyn Storage,
    pub head: Head,
    accounts: Vec<(CanonicalAddr, Account)>,
    /// Indexes into `accounts`, by address: a batch may touch thousands.
    order: Vec<u32>,
    time: u64,
    height: u64,
}

impl<'a> Book<'a> {
    pub fn open(storage: &'a mut dyn Storage, head: Head, env: &Env) -> Self {
        Book {
            storage,
            head,
            accounts: Vec::with_capacity(2),
            order: Vec::with_capacity(2),
            time: env.block.time.seconds(),
            height: env.block.height,
        }
    }

    /// Moves tokens and enters it in the histories of all parties.
    pub fn transfer(
        &mut self,
        parties: Parties,
        amount: u128,
        memo: Option<String>,
    ) -> StdResult<()> {
        self.account(&parties[0])?.take(amount)?;
        self.account(&parties[2])?.give(amount)?;
        self.record(Kind::Transfer, parties, amount, memo)
    }

    /// Creates tokens for the second party.
    pub fn create(
        &mut self,
        kind: Kind,
        parties: Parties,
        amount: u128,
        memo: Option<String>,
    ) -> StdResult<()> {
        self.head.supply = self
            .head
            .supply
            .checked_add(amount)
            .ok_or_else(|| StdError::generic_err("the total supply would overflow"))?;
        self.account(&parties[1])?.give(amount)?;
        self.record(kind, parties, amount, memo)
    }

    /// Destroys tokens of the second party.
    pub fn destroy(
        &mut self,
        kind: Kind,
        parties: Parties,
        amount: u128,
        memo: Option<String>,
    ) -> StdResult<()> {
        self.account(&parties[1])?.take(amount)?;
        self.head.supply = self
            .head
            .supply
            .checked_sub(amount)
            .ok_or_else(|| StdError::generic_err("the total supply would underflow"))?;
        self.record(kind, parties, amount, memo)
    }

    /// Reads the accounts of `real` and of the decoys in an order that tells nothing. They are
    /// all written again when the book closes, in that same order.
    pub fn mix(
        &mut self,
        api: &dyn Api,
        real: &[&CanonicalAddr],
        decoys: &[String],
        rng: &mut ContractPrng,
    ) -> StdResult<()> {
        let mut order: Vec<CanonicalAddr> = real.iter().map(|a| (*a).clone()).collect();
        for decoy in decoys {
            order.push(api.addr_canonicalize(decoy)?);
        }
        for last in (1..order.len()).rev() {
            order.swap(last, below(rng, last as u64 + 1) as usize);
        }
        for address in &order {
            self.account(address)?;
        }
        Ok(())
    }

    /// Writes what changed.
    pub fn close(self) {
        let Book {
            storage,
            head,
            accounts,
            ..
        } = self;
        head.save(storage);
        for (address, account) in accounts {
            account.save(storage, &address);
        }
    }

    fn account(&mut self, address: &CanonicalAddr) -> StdResult<&mut Account> {
        let accounts = &self.accounts;
        let found = self
            .order
            .binary_search_by(|index| accounts[*index as usize].0.as_slice().cmp(address));
        let index = match found {
            Ok(position) => self.order[position] as usize,
            Err(position) => {
                let account = Account::load(self.storage, address)?;
                self.order.insert(position, self.accounts.len() as u32);
                self.accounts.push((address.clone(), account));
                self.accounts.len() - 1
            }
        };
        Ok(&mut self.accounts[index].1)
    }

    fn record(
        &mut self,
        kind: Kind,
        parties: Parties,
        amount: u128,
        memo: Option<String>,
    ) -> StdResult<()> {
        if memo
            .as_ref()
            .is_some_and(|memo| memo.len() > MEMO_BYTES_MAX)
        {
            return Err(StdError::generic_err(format!(
                "a memo has at most {MEMO_BYTES_MAX} bytes"
            )));
        }
        self.head.tx_count += 1;
        let id = self.head.tx_count;
        for (index, party) in parties.iter().enumerate() {
            if parties[..index].contains(party) {
                continue;
            }
            let full = self.account(party)?.remember(id, kind == Kind::Transfer);
            if let Some(bundle) = full {
                bundle.save(self.storage, party);
            }
        }
        let tx = Tx {
            kind,
            amount,
            time: self.time,
            height: self.height,
            parties,
            memo,
        };
        tx.save(self.storage, id);
        Ok(())
    }
}

/// Seeded by the block's randomness, the transaction and what the sender added.
pub fn decoy_rng(env: &Env, entropy: &Option<Binary>) -> ContractPrng {
    let random = env.block.random.as_ref().map_or(&[][..], |r| r.as_slice());
    let hash = env.transaction.as_ref().map_or("", |tx| tx.hash.as_str());
    let entropy = entropy.as_ref().map_or(&[][..], |e| e.as_slice());
    ContractPrng::new(random, &[hash.as_bytes(), entropy].concat())
}

/// Below `limit`; the bias of the remainder is below 2⁻³² for any number of accounts.
fn below(rng: &mut ContractPrng, limit: u64) -> u64 {
    let bytes = rng.rand_bytes();
    u64::from_be_bytes(crate::state::part(&bytes[..8])) % limit
}
