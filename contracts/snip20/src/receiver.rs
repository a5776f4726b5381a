//! Contracts that want to hear of tokens sent to them.

use cosmwasm_std::{to_vec, Addr, Binary, CosmosMsg, StdResult, Storage, Uint128, WasmMsg};
use secret_toolkit::utils::space_pad;

use crate::contract::PAD_BYTES;
use crate::msg::ReceiverMsg;

pub struct Delivery {
    pub recipient: String,
    pub code_hash: Option<String>,
    pub sender: Addr,
    pub from: Addr,
    pub amount: Uint128,
    pub memo: Option<String>,
    pub msg: Option<Binary>,
}

pub fn register(storage: &mut dyn Storage, contract: &Addr, code_hash: &str) {
    storage.set(&key(contract.as_str()), code_hash.as_bytes());
}

/// The callback of a `send`, if the recipient's code hash is known from the message or from its
/// registration.
pub fn callback(storage: &dyn Storage, delivery: Delivery) -> StdResult<Option<CosmosMsg>> {
    let registered = || {
        let bytes = storage.get(&key(&delivery.recipient))?;
        String::from_utf8(bytes).ok()
    };
    let Some(code_hash) = delivery.code_hash.clone().or_else(registered) else {
        return Ok(None);
    };
    let mut msg = to_vec(&ReceiverMsg::Receive {
        sender: delivery.sender,
        from: delivery.from,
        amount: delivery.amount,
        memo: delivery.memo,
        msg: delivery.msg,
    })?;
    space_pad(&mut msg, PAD_BYTES);
    let execute = WasmMsg::Execute {
        contract_addr: delivery.recipient,
        code_hash,
        msg: Binary(msg),
        funds: Vec::new(),
    };
    Ok(Some(execute.into()))
}

fn key(contract: &str) -> Vec<u8> {
    [b"r", contract.as_bytes()].concat()
}
