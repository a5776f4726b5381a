//! A contract that does whatever a test asks: it probes the host's side of the contract
//! interface, good and bad manners alike. Not an example and not for real use.

mod msg;
mod steps;

use cosmwasm_std::{
    entry_point, to_binary, BankQuery, Binary, ContractResult, Deps, DepsMut, Empty, Env,
    MessageInfo, QueryRequest, Reply, Response, StdError, StdResult, SystemResult, WasmQuery,
};

pub use msg::{ExecuteMsg, InstantiateMsg, MigrateMsg, QueryMsg, ReplyMode, Step};
use steps::{perform, Outcome};

/// Last reply received: the JSON of `Reply`.
const LAST_REPLY: &[u8] = b"\0last_reply";
/// What `reply` shall do: one byte, index of `ReplyMode`.
const REPLY_MODE: &[u8] = b"\0reply_mode";

#[entry_point]
pub fn instantiate(
    mut deps: DepsMut,
    env: Env,
    info: MessageInfo,
    msg: InstantiateMsg,
) -> StdResult<Response> {
    perform(&mut deps, &env, &info, msg.steps.unwrap_or_default())
}

#[entry_point]
pub fn execute(
    mut deps: DepsMut,
    env: Env,
    info: MessageInfo,
    msg: ExecuteMsg,
) -> StdResult<Response> {
    match msg {
        ExecuteMsg::Run { steps } => perform(&mut deps, &env, &info, steps),
        // The callback of a SNIP-20 token, so that tokens can be sent here.
        ExecuteMsg::Receive {
            sender,
            from,
            amount,
            msg,
            memo,
        } => {
            let text = format!(
                "{sender} {from} {amount} {} {}",
                memo.unwrap_or_default(),
                msg.map(|m| m.to_base64()).unwrap_or_default(),
            );
            deps.storage.set(b"received", text.as_bytes());
            Ok(Response::new().add_attribute("received", text))
        }
    }
}

#[entry_point]
pub fn migrate(deps: DepsMut, _env: Env, msg: MigrateMsg) -> StdResult<Response> {
    if msg.fail {
        return Err(StdError::generic_err("migration refused as asked"));
    }
    deps.storage.set(b"migrated", b"yes");
    Ok(Response::new().set_data(b"migrated"))
}

#[entry_point]
pub fn reply(deps: DepsMut, _env: Env, reply: Reply) -> StdResult<Response> {
    let json = to_binary(&reply)?;
    deps.storage.set(LAST_REPLY, &json);
    match deps.storage.get(REPLY_MODE).unwrap_or_default().first() {
        Some(1) => Err(StdError::generic_err("reply refused as asked")),
        Some(2) => panic!("reply panics as asked"),
        Some(3) => Ok(Response::new().set_data(json)),
        _ => Ok(Response::new().add_attribute("reply_id", reply.id.to_string())),
    }
}

#[entry_point]
pub fn query(deps: Deps, env: Env, msg: QueryMsg) -> StdResult<Binary> {
    match msg {
        QueryMsg::Get { key } => to_binary(&deps.storage.get(&key).map(Binary)),
        QueryMsg::LastReply {} => to_binary(&deps.storage.get(LAST_REPLY).map(Binary)),
        QueryMsg::Env {} => to_binary(&env),
        QueryMsg::Gas {} => to_binary(&deps.api.check_gas()?.to_string()),
        QueryMsg::Error { message } => Err(StdError::generic_err(message)),
        QueryMsg::Panic { message } => panic!("{message}"),
        QueryMsg::Loop {} => steps::loop_forever(),
        QueryMsg::Recurse {} => to_binary(&steps::recurse_forever(1)),
        QueryMsg::WriteAnyway {} => to_binary(&steps::write_through_the_import()),
        QueryMsg::Balance { address, denom } => {
            to_binary(&deps.querier.query_balance(address, denom)?)
        }
        QueryMsg::AllBalances { address } => {
            let request = QueryRequest::<Empty>::Bank(BankQuery::AllBalances { address });
            relay(deps, &to_binary(&request)?)
        }
        QueryMsg::Contract {
            address,
            code_hash,
            msg,
        } => {
            let request = QueryRequest::<Empty>::Wasm(WasmQuery::Smart {
                contract_addr: address,
                code_hash,
                msg,
            });
            relay(deps, &to_binary(&request)?)
        }
        QueryMsg::Raw { request } => relay(deps, &request),
        QueryMsg::Canonicalize { human } => to_binary(&deps.api.addr_canonicalize(&human)?),
        QueryMsg::Humanize { canonical } => to_binary(&deps.api.addr_humanize(&canonical.into())?),
        QueryMsg::Validate { human } => to_binary(&deps.api.addr_validate(&human)?),
        QueryMsg::Secp256k1Verify {
            hash,
            signature,
            public_key,
        } => outcome(deps.api.secp256k1_verify(&hash, &signature, &public_key)),
        QueryMsg::Secp256k1Recover {
            hash,
            signature,
            recovery,
        } => outcome(
            deps.api
                .secp256k1_recover_pubkey(&hash, &signature, recovery)
                .map(Binary),
        ),
        QueryMsg::Secp256k1Sign {
            message,
            private_key,
        } => outcome(deps.api.secp256k1_sign(&message, &private_key).map(Binary)),
        QueryMsg::Ed25519Verify {
            message,
            signature,
            public_key,
        } => outcome(deps.api.ed25519_verify(&message, &signature, &public_key)),
        QueryMsg::Ed25519BatchVerify {
            messages,
            signatures,
            public_keys,
        } => {
            let slices = |list: &'_ [Binary]| list.iter().map(|b| b.0.clone()).collect::<Vec<_>>();
            let (m, s, p) = (slices(&messages), slices(&signatures), slices(&public_keys));
            let m: Vec<&[u8]> = m.iter().map(Vec::as_slice).collect();
            let s: Vec<&[u8]> = s.iter().map(Vec::as_slice).collect();
            let p: Vec<&[u8]> = p.iter().map(Vec::as_slice).collect();
            outcome(deps.api.ed25519_batch_verify(&m, &s, &p))
        }
        QueryMsg::Ed25519Sign {
            message,
            private_key,
        } => outcome(deps.api.ed25519_sign(&message, &private_key).map(Binary)),
    }
}

/// Passes a query on as it is and gives the answer's bytes, or the failure as an error.
fn relay(deps: Deps, request: &[u8]) -> StdResult<Binary> {
    match deps.querier.raw_query(request) {
        SystemResult::Err(error) => Err(StdError::generic_err(format!("system: {error}"))),
        SystemResult::Ok(ContractResult::Err(error)) => {
            Err(StdError::generic_err(format!("contract: {error}")))
        }
        SystemResult::Ok(ContractResult::Ok(answer)) => Ok(answer),
    }
}

/// `{"ok": …}` or `{"error": "…"}`: what a crypto import answered.
fn outcome<T: serde::Serialize, E: std::fmt::Display>(result: Result<T, E>) -> StdResult<Binary> {
    to_binary(&match result {
        Ok(value) => Outcome::Ok(value),
        Err(error) => Outcome::Error(error.to_string()),
    })
}
