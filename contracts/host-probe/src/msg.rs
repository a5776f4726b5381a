use cosmwasm_std::{Binary, Coin, Uint128};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct InstantiateMsg {
    pub steps: Option<Vec<Step>>,
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum ExecuteMsg {
    Run {
        steps: Vec<Step>,
    },
    Receive {
        sender: String,
        from: String,
        amount: Uint128,
        msg: Option<Binary>,
        memo: Option<String>,
    },
}

/// Steps are taken in order; the first that fails ends the call.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Returns `StdError::GenericErr`.
    Error {
        message: String,
    },
    /// Returns `StdError::NotFound`.
    NotFound {
        kind: String,
    },
    Panic {
        message: String,
    },
    /// A trap without a panic.
    Unreachable {},
    Loop {},
    /// Loops this many times and goes on.
    Spin {
        rounds: u32,
    },
    /// Allocates 64 KiB pages and touches each; without a number, until refused.
    GrowMemory {
        pages: Option<u32>,
    },
    Recurse {},
    Write {
        key: Binary,
        value: Binary,
    },
    Remove {
        key: Binary,
    },
    /// Writes `count` records of `bytes` bytes each.
    WriteMany {
        count: u32,
        bytes: u32,
    },
    ReadMany {
        count: u32,
    },
    /// Attributes of the response that are encrypted.
    Encrypted {
        key: String,
        value: String,
    },
    /// Attributes of the response in the clear.
    Plaintext {
        key: String,
        value: String,
    },
    /// A custom event; its attributes are encrypted unless `plaintext`.
    Event {
        kind: String,
        attributes: Vec<(String, String)>,
        plaintext: bool,
    },
    Data {
        data: Binary,
    },
    /// Data: the JSON of `Env`.
    EnvAsData {},
    /// Data: the JSON of `MessageInfo`.
    InfoAsData {},
    /// Data: `env.block.random`.
    RandomAsData {},
    /// Data: the value of a record.
    ReadAsData {
        key: Binary,
    },
    /// Data: the answer of another contract.
    QueryAsData {
        address: String,
        code_hash: String,
        msg: Binary,
    },
    /// Executes another contract as a sub-message.
    Execute {
        address: String,
        code_hash: String,
        msg: Binary,
        funds: Vec<Coin>,
        id: u64,
        /// `never`, `always`, `success`, `error`.
        reply_on: String,
        gas_limit: Option<u64>,
    },
    Instantiate {
        code_id: u64,
        code_hash: String,
        label: String,
        msg: Binary,
        funds: Vec<Coin>,
        admin: Option<String>,
        id: u64,
        reply_on: String,
    },
    BankSend {
        to: String,
        amount: Vec<Coin>,
        id: u64,
        reply_on: String,
    },
    /// What `reply` does from now on.
    SetReplyMode {
        mode: ReplyMode,
    },
    Evaporate {
        gas: u32,
    },
    Debug {
        text: String,
    },
    FinalizeTx {},
}

#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum ReplyMode {
    Succeed,
    Fail,
    Panic,
    ReturnAsData,
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct MigrateMsg {
    pub fail: bool,
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum QueryMsg {
    Get {
        key: Binary,
    },
    LastReply {},
    Env {},
    Gas {},
    Error {
        message: String,
    },
    Panic {
        message: String,
    },
    Loop {},
    Recurse {},
    /// Calls the write import during a query.
    WriteAnyway {},
    Balance {
        address: String,
        denom: String,
    },
    AllBalances {
        address: String,
    },
    Contract {
        address: String,
        code_hash: String,
        msg: Binary,
    },
    /// Any request, as JSON.
    Raw {
        request: Binary,
    },
    Canonicalize {
        human: String,
    },
    Humanize {
        canonical: Binary,
    },
    Validate {
        human: String,
    },
    Secp256k1Verify {
        hash: Binary,
        signature: Binary,
        public_key: Binary,
    },
    Secp256k1Recover {
        hash: Binary,
        signature: Binary,
        recovery: u8,
    },
    Secp256k1Sign {
        message: Binary,
        private_key: Binary,
    },
    Ed25519Verify {
        message: Binary,
        signature: Binary,
        public_key: Binary,
    },
    Ed25519BatchVerify {
        messages: Vec<Binary>,
        signatures: Vec<Binary>,
        public_keys: Vec<Binary>,
    },
    Ed25519Sign {
        message: Binary,
        private_key: Binary,
    },
}
