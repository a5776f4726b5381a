//! Every holder's history: what came, what went, what was burned.

use cosmwasm_std::{Addr, Env, StdResult, Storage};
use serde::{Deserialize, Serialize};
use toolbox::{key, load, may_load, save};

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct Tx {
    pub tx_id: u64,
    pub block_height: u64,
    /// Seconds since 1970.
    pub block_time: u64,
    pub token_id: String,
    pub action: TxAction,
    pub memo: Option<String>,
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum TxAction {
    Transfer {
        from: Addr,
        /// Absent if the owner transferred.
        sender: Option<Addr>,
        recipient: Addr,
    },
    Mint {
        minter: Addr,
        recipient: Addr,
    },
    Burn {
        owner: Addr,
        /// Absent if the owner burned.
        burner: Option<Addr>,
    },
}

impl TxAction {
    fn parties(&self) -> Vec<&Addr> {
        let mut parties = match self {
            TxAction::Transfer {
                from,
                sender,
                recipient,
            } => [Some(from), sender.as_ref(), Some(recipient)],
            TxAction::Mint { minter, recipient } => [Some(minter), Some(recipient), None],
            TxAction::Burn { owner, burner } => [Some(owner), burner.as_ref(), None],
        }
        .into_iter()
        .flatten()
        .collect::<Vec<_>>();
        parties.sort();
        parties.dedup();
        parties
    }
}

const COUNT: &[u8] = b"txs";

/// Enters an event into the history of everybody concerned.
pub fn record(
    storage: &mut dyn Storage,
    env: &Env,
    token_id: &str,
    action: TxAction,
    memo: Option<String>,
) -> StdResult<()> {
    let tx_id: u64 = may_load(storage, COUNT)?.unwrap_or(0);
    save(storage, COUNT, &(tx_id + 1))?;
    for party in action.parties() {
        let count = count_of(storage, party)?;
        save(storage, &entry_key(party, count), &tx_id)?;
        save(storage, &count_key(party), &(count + 1))?;
    }
    let tx = Tx {
        tx_id,
        block_height: env.block.height,
        block_time: env.block.time.seconds(),
        token_id: token_id.to_string(),
        action,
        memo,
    };
    save(storage, &tx_key(tx_id), &tx)
}

/// The length of a history, and one page of it, newest first.
pub fn page(
    storage: &dyn Storage,
    of: &Addr,
    (page, page_size): (u32, u32),
) -> StdResult<(u32, Vec<Tx>)> {
    let total = count_of(storage, of)?;
    let end = total.saturating_sub(page.saturating_mul(page_size));
    let txs = (end.saturating_sub(page_size)..end)
        .rev()
        .map(|index| {
            let id: u64 = load(storage, &entry_key(of, index), "history")?;
            load(storage, &tx_key(id), "transaction")
        })
        .collect::<StdResult<_>>()?;
    Ok((total, txs))
}

fn count_of(storage: &dyn Storage, of: &Addr) -> StdResult<u32> {
    Ok(may_load(storage, &count_key(of))?.unwrap_or(0))
}

fn count_key(of: &Addr) -> Vec<u8> {
    key(&[b"tx count", of.as_bytes()])
}

fn entry_key(of: &Addr, index: u32) -> Vec<u8> {
    key(&[b"tx entry", of.as_bytes(), &index.to_be_bytes()])
}

fn tx_key(id: u64) -> Vec<u8> {
    key(&[b"tx", &id.to_be_bytes()])
}
