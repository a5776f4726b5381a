//! What `init`, `handle` and `query` answer, in the JSON of this interface version.

use raw_abi::Bytes;
use serde::Serialize;

use crate::msg::Coin;

#[derive(Serialize, Clone, Debug, Default, PartialEq)]
pub struct Response {
    pub messages: Vec<CosmosMsg>,
    pub log: Vec<LogAttribute>,
    pub data: Option<Bytes>,
}

#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct LogAttribute {
    pub key: String,
    pub value: String,
    /// Only the sender of the transaction reads it.
    pub encrypted: bool,
}

#[derive(Serialize, Clone, Debug, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum CosmosMsg {
    Bank(BankMsg),
    Wasm(WasmMsg),
    FinalizeTx {},
}

#[derive(Serialize, Clone, Debug, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum BankMsg {
    Send {
        from_address: String,
        to_address: String,
        amount: Vec<Coin>,
    },
}

#[derive(Serialize, Clone, Debug, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum WasmMsg {
    Execute {
        contract_addr: String,
        callback_code_hash: String,
        msg: Bytes,
        send: Vec<Coin>,
    },
    Instantiate {
        code_id: u64,
        callback_code_hash: String,
        msg: Bytes,
        send: Vec<Coin>,
        label: String,
    },
}

#[derive(Serialize, Clone, Debug, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum StdError {
    GenericErr { msg: String },
    InvalidBase64 { msg: String },
    InvalidUtf8 { msg: String },
    NotFound { kind: String },
    NullPointer {},
    ParseErr { target: String, msg: String },
    SerializeErr { source: String, msg: String },
    Unauthorized {},
    Underflow { minuend: String, subtrahend: String },
}

impl StdError {
    pub fn generic(msg: impl Into<String>) -> Self {
        StdError::GenericErr { msg: msg.into() }
    }
}

impl Response {
    pub fn log(mut self, key: &str, value: impl Into<String>) -> Self {
        self.log.push(LogAttribute {
            key: key.to_string(),
            value: value.into(),
            encrypted: true,
        });
        self
    }

    pub fn plaintext_log(mut self, key: &str, value: impl Into<String>) -> Self {
        self.log.push(LogAttribute {
            key: key.to_string(),
            value: value.into(),
            encrypted: false,
        });
        self
    }

    pub fn message(mut self, message: CosmosMsg) -> Self {
        self.messages.push(message);
        self
    }
}

/// `{"Ok":…}` or `{"Err":…}`.
pub fn result_json<T: Serialize>(result: &Result<T, StdError>) -> String {
    match result {
        Ok(value) => format!(r#"{{"Ok":{}}}"#, raw_abi::to_json(value)),
        Err(error) => format!(r#"{{"Err":{}}}"#, raw_abi::to_json(error)),
    }
}
