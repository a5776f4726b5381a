use std::hint::black_box;

use cosmwasm_std::{
    to_binary, BankMsg, CosmosMsg, DepsMut, Empty, Env, Event, MessageInfo, QueryRequest, ReplyOn,
    Response, StdError, StdResult, SubMsg, WasmMsg, WasmQuery,
};
use serde::Serialize;

use crate::msg::Step;

/// Answer of a query whose import may fail with a result of its own.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome<T> {
    Ok(T),
    Error(String),
}

const PAGE_BYTES: usize = 65_536;

pub fn perform(
    deps: &mut DepsMut,
    env: &Env,
    info: &MessageInfo,
    steps: Vec<Step>,
) -> StdResult<Response> {
    let mut response = Response::new();
    for step in steps {
        response = take(deps, env, info, step, response)?;
    }
    Ok(response)
}

fn take(
    deps: &mut DepsMut,
    env: &Env,
    info: &MessageInfo,
    step: Step,
    response: Response,
) -> StdResult<Response> {
    Ok(match step {
        Step::Error { message } => return Err(StdError::generic_err(message)),
        Step::NotFound { kind } => return Err(StdError::not_found(kind)),
        Step::Panic { message } => panic!("{message}"),
        Step::Unreachable {} => trap(),
        Step::Loop {} => loop_forever(),
        Step::Spin { rounds } => {
            spin(rounds);
            response
        }
        Step::GrowMemory { pages } => {
            grow_memory(pages);
            response
        }
        Step::Recurse {} => {
            black_box(recurse_forever(1));
            response
        }
        Step::Write { key, value } => {
            deps.storage.set(&key, &value);
            response
        }
        Step::Remove { key } => {
            deps.storage.remove(&key);
            response
        }
        Step::WriteMany { count, bytes } => {
            let value = vec![b'x'; bytes as usize];
            for index in 0..count {
                deps.storage.set(&many_key(index), &value);
            }
            response
        }
        Step::ReadMany { count } => {
            for index in 0..count {
                black_box(deps.storage.get(&many_key(index)));
            }
            response
        }
        Step::Encrypted { key, value } => response.add_attribute(key, value),
        Step::Plaintext { key, value } => response.add_attribute_plaintext(key, value),
        Step::Event {
            kind,
            attributes,
            plaintext,
        } => response.add_event(custom_event(kind, attributes, plaintext)),
        Step::Data { data } => response.set_data(data),
        Step::EnvAsData {} => response.set_data(to_binary(env)?),
        Step::InfoAsData {} => response.set_data(to_binary(info)?),
        Step::RandomAsData {} => response.set_data(env.block.random.clone().unwrap_or_default()),
        Step::ReadAsData { key } => response.set_data(deps.storage.get(&key).unwrap_or_default()),
        Step::QueryAsData {
            address,
            code_hash,
            msg,
        } => {
            let request = QueryRequest::<Empty>::Wasm(WasmQuery::Smart {
                contract_addr: address,
                code_hash,
                msg,
            });
            response.set_data(crate::relay(deps.as_ref(), &to_binary(&request)?)?)
        }
        Step::SetReplyMode { mode } => {
            deps.storage.set(crate::REPLY_MODE, &[mode as u8]);
            response
        }
        Step::Evaporate { gas } => {
            deps.api.gas_evaporate(gas)?;
            response
        }
        Step::Debug { text } => {
            deps.api.debug(&text);
            response
        }
        Step::FinalizeTx {} => response.add_message(CosmosMsg::finalize_tx()),
        message => response.add_submessage(sub_message(message)?),
    })
}

fn sub_message(step: Step) -> StdResult<SubMsg> {
    let (msg, id, reply_on, gas_limit): (CosmosMsg, u64, String, Option<u64>) = match step {
        Step::Execute {
            address,
            code_hash,
            msg,
            funds,
            id,
            reply_on,
            gas_limit,
        } => {
            let execute = WasmMsg::Execute {
                contract_addr: address,
                code_hash,
                msg,
                funds,
            };
            (execute.into(), id, reply_on, gas_limit)
        }
        Step::Instantiate {
            code_id,
            code_hash,
            label,
            msg,
            funds,
            admin,
            id,
            reply_on,
        } => {
            let instantiate = WasmMsg::Instantiate {
                admin,
                code_id,
                code_hash,
                msg,
                funds,
                label,
            };
            (instantiate.into(), id, reply_on, None)
        }
        Step::BankSend {
            to,
            amount,
            id,
            reply_on,
        } => {
            let send = BankMsg::Send {
                to_address: to,
                amount,
            };
            (send.into(), id, reply_on, None)
        }
        _ => return Err(StdError::generic_err("no sub-message")),
    };
    Ok(SubMsg {
        id,
        msg,
        gas_limit,
        reply_on: match reply_on.as_str() {
            "never" => ReplyOn::Never,
            "always" => ReplyOn::Always,
            "success" => ReplyOn::Success,
            "error" => ReplyOn::Error,
            other => return Err(StdError::generic_err(format!("no reply_on {other}"))),
        },
    })
}

fn custom_event(kind: String, attributes: Vec<(String, String)>, plaintext: bool) -> Event {
    attributes
        .into_iter()
        .fold(Event::new(kind), |event, (key, value)| {
            if plaintext {
                event.add_attribute_plaintext(key, value)
            } else {
                event.add_attribute(key, value)
            }
        })
}

fn many_key(index: u32) -> [u8; 5] {
    let [a, b, c, d] = index.to_be_bytes();
    [b'm', a, b, c, d]
}

fn spin(rounds: u32) {
    for round in 0..rounds {
        black_box(round);
    }
}

pub fn loop_forever() -> ! {
    let mut rounds = 0u64;
    loop {
        rounds = black_box(rounds.wrapping_add(1));
    }
}

#[inline(never)]
#[allow(unconditional_recursion)]
pub fn recurse_forever(depth: u64) -> u64 {
    black_box(recurse_forever(black_box(depth + 1))) + 1
}

fn grow_memory(pages: Option<u32>) {
    let mut kept: Vec<Vec<u8>> = Vec::new();
    while pages.map_or(true, |limit| (kept.len() as u32) < limit) {
        let mut page = vec![0u8; PAGE_BYTES];
        page[PAGE_BYTES - 1] = 1;
        kept.push(black_box(page));
    }
}

#[cfg(target_arch = "wasm32")]
fn trap() -> ! {
    core::arch::wasm32::unreachable()
}

#[cfg(not(target_arch = "wasm32"))]
fn trap() -> ! {
    panic!("unreachable")
}

/// Bypasses `Deps`, which offers no write in a query.
#[cfg(target_arch = "wasm32")]
pub fn write_through_the_import() -> bool {
    /// How a contract hands bytes to an import: offset, capacity and length in its memory.
    #[repr(C)]
    struct Region {
        offset: u32,
        capacity: u32,
        length: u32,
    }
    extern "C" {
        fn db_write(key: u32, value: u32);
    }
    let bytes = b"written in a query";
    let region = Region {
        offset: bytes.as_ptr() as u32,
        capacity: bytes.len() as u32,
        length: bytes.len() as u32,
    };
    let address = &region as *const Region as u32;
    unsafe { db_write(address, address) };
    true
}

#[cfg(not(target_arch = "wasm32"))]
pub fn write_through_the_import() -> bool {
    false
}
