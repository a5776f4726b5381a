//! One transaction of the token, as stored and as shown.

use cosmwasm_std::{Addr, Api, CanonicalAddr, StdResult, Storage, Uint128};

use crate::msg::{ActionView, CoinView, TransferView, TxView};
use crate::state::{corrupt, part};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Transfer,
    Mint,
    Burn,
    Deposit,
    Redeem,
}

/// Everybody whose history an operation enters.
///
/// Transfer: owner, who acted, recipient. Mint: minter, recipient twice. Burn: burner, owner
/// twice. Deposit and redeem: the account three times. So all kinds have one length.
pub type Parties = [CanonicalAddr; 3];

#[derive(Clone, Debug, PartialEq)]
pub struct Tx {
    pub kind: Kind,
    pub amount: u128,
    /// Seconds since 1970.
    pub time: u64,
    pub height: u64,
    pub parties: Parties,
    pub memo: Option<String>,
}

impl Tx {
    /// `kind || amount 16 || time 8 || height 8 || 3 × (length || address) || memo`.
    pub fn save(&self, storage: &mut dyn Storage, id: u64) {
        let memo = self.memo.as_deref().unwrap_or_default();
        let mut bytes = Vec::with_capacity(96 + memo.len());
        bytes.push(self.kind as u8);
        bytes.extend_from_slice(&self.amount.to_be_bytes());
        bytes.extend_from_slice(&self.time.to_be_bytes());
        bytes.extend_from_slice(&self.height.to_be_bytes());
        for party in &self.parties {
            bytes.push(party.len() as u8);
            bytes.extend_from_slice(party);
        }
        bytes.extend_from_slice(memo.as_bytes());
        storage.set(&tx_key(id), &bytes);
    }

    pub fn load(storage: &dyn Storage, id: u64) -> StdResult<Self> {
        storage
            .get(&tx_key(id))
            .and_then(|bytes| Tx::decode(&bytes))
            .ok_or_else(|| corrupt("transaction"))
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let kind = match bytes.first()? {
            0 => Kind::Transfer,
            1 => Kind::Mint,
            2 => Kind::Burn,
            3 => Kind::Deposit,
            _ => Kind::Redeem,
        };
        let amount = u128::from_be_bytes(part(bytes.get(1..17)?));
        let time = u64::from_be_bytes(part(bytes.get(17..25)?));
        let height = u64::from_be_bytes(part(bytes.get(25..33)?));
        let mut rest = bytes.get(33..)?;
        let mut next = || {
            let (length, tail) = rest.split_first()?;
            let address = tail.get(..usize::from(*length))?;
            rest = &tail[usize::from(*length)..];
            Some(CanonicalAddr::from(address))
        };
        let parties = [next()?, next()?, next()?];
        let memo = std::str::from_utf8(rest).ok()?;
        Some(Tx {
            kind,
            amount,
            time,
            height,
            parties,
            memo: (!memo.is_empty()).then(|| memo.to_string()),
        })
    }

    pub fn as_transfer(&self, api: &dyn Api, id: u64, symbol: &str) -> StdResult<TransferView> {
        let [from, sender, receiver] = self.people(api)?;
        Ok(TransferView {
            id,
            from,
            sender,
            receiver,
            coins: self.coins(symbol),
            memo: self.memo.clone(),
            block_time: self.time,
            block_height: self.height,
        })
    }

    pub fn as_transaction(&self, api: &dyn Api, id: u64, symbol: &str) -> StdResult<TxView> {
        let [first, second, third] = self.people(api)?;
        let action = match self.kind {
            Kind::Transfer => ActionView::Transfer {
                from: first,
                sender: second,
                recipient: third,
            },
            Kind::Mint => ActionView::Mint {
                minter: first,
                recipient: second,
            },
            Kind::Burn => ActionView::Burn {
                burner: first,
                owner: second,
            },
            Kind::Deposit => ActionView::Deposit {},
            Kind::Redeem => ActionView::Redeem {},
        };
        Ok(TxView {
            id,
            action,
            coins: self.coins(symbol),
            memo: self.memo.clone(),
            block_time: self.time,
            block_height: self.height,
        })
    }

    fn people(&self, api: &dyn Api) -> StdResult<[Addr; 3]> {
        let [first, second, third] = &self.parties;
        Ok([
            api.addr_humanize(first)?,
            api.addr_humanize(second)?,
            api.addr_humanize(third)?,
        ])
    }

    fn coins(&self, symbol: &str) -> CoinView {
        CoinView {
            denom: symbol.to_string(),
            amount: Uint128::new(self.amount),
        }
    }
}

fn tx_key(id: u64) -> Vec<u8> {
    [b"t".as_slice(), &id.to_be_bytes()].concat()
}
