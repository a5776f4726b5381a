use raw_abi::Bytes;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct InitMsg {
    pub title: String,
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum HandleMsg {
    /// Writes or replaces the sender's line. An empty one is refused.
    Sign { line: String },
    /// Removes the sender's line.
    Erase {},
    /// Sends another contract a message.
    Call {
        contract: String,
        code_hash: String,
        msg: Bytes,
        #[serde(default)]
        send: Vec<Coin>,
    },
    /// Starts another contract.
    Create {
        code_id: u64,
        code_hash: String,
        msg: Bytes,
        label: String,
    },
    /// Sends coins of this contract.
    Pay { to: String, amount: Vec<Coin> },
    /// What other contracts send here; the sender and the text are kept.
    Callback { text: String },
    /// The call's last message: nothing may follow it in the transaction.
    Finish {},
    /// Fails with each kind of error that the interface knows.
    Fail { kind: String },
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum QueryMsg {
    Title {},
    /// `null` or the account's line.
    Line {
        address: String,
    },
    /// `null` or who called back last and with what.
    LastCallback {},
    /// Address as base64 of its bytes.
    Canonical {
        human: String,
    },
    Human {
        canonical: Bytes,
    },
    /// Passes a question on: any request of the chain, as JSON text.
    Relay {
        request: String,
    },
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct Coin {
    pub denom: String,
    pub amount: String,
}

/// What the host says about the call. Fields that are of no use here are left out.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct Env {
    pub block: BlockInfo,
    pub message: MessageInfo,
    pub contract: ContractInfo,
    pub contract_code_hash: String,
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct BlockInfo {
    pub height: u64,
    /// Seconds since 1970.
    pub time: u64,
    pub chain_id: String,
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct MessageInfo {
    pub sender: String,
    pub sent_funds: Vec<Coin>,
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct ContractInfo {
    pub address: String,
}
