use raw_abi::Bytes;
use serde::{Deserialize, Serialize};

use crate::msg::{Env, HandleMsg, InitMsg, QueryMsg};
use crate::output::{BankMsg, CosmosMsg, Response, StdError, WasmMsg};

/// What the contract needs of its host; the tests have their own.
pub trait Host {
    fn read(&self, key: &[u8]) -> Option<Vec<u8>>;
    fn write(&mut self, key: &[u8], value: &[u8]);
    fn remove(&mut self, key: &[u8]);
    fn canonicalize(&self, human: &str) -> Result<Vec<u8>, String>;
    fn humanize(&self, canonical: &[u8]) -> Result<String, String>;
    fn query(&self, request: &[u8]) -> Vec<u8>;
}

const TITLE: &[u8] = b"title";
const LAST_CALLBACK: &[u8] = b"last_callback";

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct LastCallback {
    pub sender: String,
    pub text: String,
    pub height: u64,
    pub funds: Vec<crate::msg::Coin>,
}

pub fn init(host: &mut dyn Host, env: Env, msg: InitMsg) -> Result<Response, StdError> {
    if msg.title.is_empty() {
        return Err(StdError::generic("the guest book needs a title"));
    }
    host.write(TITLE, msg.title.as_bytes());
    Ok(Response::default().log("opened_by", env.message.sender))
}

pub fn handle(host: &mut dyn Host, env: Env, msg: HandleMsg) -> Result<Response, StdError> {
    let sender = &env.message.sender;
    Ok(match msg {
        HandleMsg::Sign { line } => {
            if line.is_empty() {
                return Err(StdError::generic("an empty line says nothing"));
            }
            let key = line_key(host, sender)?;
            host.write(&key, line.as_bytes());
            let mut response = Response::default()
                .log("line", line)
                .plaintext_log("signed_at", env.block.height.to_string());
            response.data = Some(Bytes(b"signed".to_vec()));
            response
        }
        HandleMsg::Erase {} => {
            let key = line_key(host, sender)?;
            if host.read(&key).is_none() {
                let kind = "line".to_string();
                return Err(StdError::NotFound { kind });
            }
            host.remove(&key);
            Response::default()
        }
        HandleMsg::Call {
            contract,
            code_hash,
            msg,
            send,
        } => {
            let execute = WasmMsg::Execute {
                contract_addr: contract,
                callback_code_hash: code_hash,
                msg,
                send,
            };
            Response::default().message(CosmosMsg::Wasm(execute))
        }
        HandleMsg::Create {
            code_id,
            code_hash,
            msg,
            label,
        } => {
            let instantiate = WasmMsg::Instantiate {
                code_id,
                callback_code_hash: code_hash,
                msg,
                send: Vec::new(),
                label,
            };
            Response::default().message(CosmosMsg::Wasm(instantiate))
        }
        HandleMsg::Pay { to, amount } => {
            let send = BankMsg::Send {
                from_address: env.contract.address,
                to_address: to,
                amount,
            };
            Response::default().message(CosmosMsg::Bank(send))
        }
        HandleMsg::Callback { text } => {
            let record = LastCallback {
                sender: sender.clone(),
                text: text.clone(),
                height: env.block.height,
                funds: env.message.sent_funds,
            };
            host.write(LAST_CALLBACK, raw_abi::to_json(&record).as_bytes());
            Response::default().log("called_back", text)
        }
        HandleMsg::Finish {} => Response::default().message(CosmosMsg::FinalizeTx {}),
        HandleMsg::Fail { kind } => return Err(error_of(&kind)),
    })
}

/// JSON of the answer.
pub fn query(host: &dyn Host, msg: QueryMsg) -> Result<Bytes, StdError> {
    let text = |bytes: Option<Vec<u8>>| bytes.map(|b| String::from_utf8_lossy(&b).into_owned());
    let json = match msg {
        QueryMsg::Title {} => raw_abi::to_json(&text(host.read(TITLE))),
        QueryMsg::Line { address } => {
            raw_abi::to_json(&text(host.read(&line_key(host, &address)?)))
        }
        QueryMsg::LastCallback {} => text(host.read(LAST_CALLBACK)).unwrap_or("null".to_string()),
        QueryMsg::Canonical { human } => {
            let bytes = host.canonicalize(&human).map_err(StdError::generic)?;
            raw_abi::to_json(&Bytes(bytes))
        }
        QueryMsg::Human { canonical } => {
            let address = host.humanize(&canonical.0).map_err(StdError::generic)?;
            raw_abi::to_json(&address)
        }
        QueryMsg::Relay { request } => return Ok(Bytes(host.query(request.as_bytes()))),
    };
    Ok(Bytes(json.into_bytes()))
}

fn line_key(host: &dyn Host, address: &str) -> Result<Vec<u8>, StdError> {
    let canonical = host.canonicalize(address).map_err(StdError::generic)?;
    Ok([b"line".as_slice(), &canonical].concat())
}

fn error_of(kind: &str) -> StdError {
    let text = |words: &str| words.to_string();
    match kind {
        "invalid_base64" => StdError::InvalidBase64 {
            msg: text("as asked"),
        },
        "invalid_utf8" => StdError::InvalidUtf8 {
            msg: text("as asked"),
        },
        "not_found" => StdError::NotFound {
            kind: text("what was asked for"),
        },
        "null_pointer" => StdError::NullPointer {},
        "parse_err" => StdError::ParseErr {
            target: text("a target"),
            msg: text("as asked"),
        },
        "serialize_err" => StdError::SerializeErr {
            source: text("a source"),
            msg: text("as asked"),
        },
        "unauthorized" => StdError::Unauthorized {},
        "underflow" => StdError::Underflow {
            minuend: text("1"),
            subtrahend: text("2"),
        },
        other => StdError::generic(format!("asked to fail with \"{other}\"")),
    }
}
