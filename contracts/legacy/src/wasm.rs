//! The exports, and the host behind the imports.

use raw_abi::{give, imports, space, take, Bytes, Lent};
use serde::de::DeserializeOwned;

use crate::contract::{self, Host};
use crate::output::{result_json, Response, StdError};

/// Room for an address of any kind the network has, in bytes and as text.
const ADDRESS_CAPACITY: u32 = 90;

#[no_mangle]
pub extern "C" fn cosmwasm_vm_version_3() {}

#[no_mangle]
pub extern "C" fn init(env: u32, msg: u32) -> u32 {
    let run = || contract::init(&mut Wasm, parse(env)?, parse(msg)?);
    answer(run())
}

#[no_mangle]
pub extern "C" fn handle(env: u32, msg: u32) -> u32 {
    let run = || contract::handle(&mut Wasm, parse(env)?, parse(msg)?);
    answer(run())
}

#[no_mangle]
pub extern "C" fn query(msg: u32) -> u32 {
    let run = || -> Result<Bytes, StdError> { contract::query(&Wasm, parse(msg)?) };
    give(result_json(&run()).into_bytes())
}

fn answer(result: Result<Response, StdError>) -> u32 {
    give(result_json(&result).into_bytes())
}

fn parse<T: DeserializeOwned>(pointer: u32) -> Result<T, StdError> {
    raw_abi::from_json(&take(pointer)).map_err(|msg| StdError::ParseErr {
        target: std::any::type_name::<T>().to_string(),
        msg,
    })
}

struct Wasm;

impl Host for Wasm {
    fn read(&self, key: &[u8]) -> Option<Vec<u8>> {
        match unsafe { imports::db_read(Lent::new(key).pointer()) } {
            0 => None,
            pointer => Some(take(pointer)),
        }
    }

    fn write(&mut self, key: &[u8], value: &[u8]) {
        let (key, value) = (Lent::new(key), Lent::new(value));
        unsafe { imports::db_write(key.pointer(), value.pointer()) };
    }

    fn remove(&mut self, key: &[u8]) {
        unsafe { imports::db_remove(Lent::new(key).pointer()) };
    }

    fn canonicalize(&self, human: &str) -> Result<Vec<u8>, String> {
        let out = space(ADDRESS_CAPACITY);
        let input = Lent::new(human.as_bytes());
        outcome(
            unsafe { imports::canonicalize_address(input.pointer(), out) },
            out,
        )
    }

    fn humanize(&self, canonical: &[u8]) -> Result<String, String> {
        let out = space(ADDRESS_CAPACITY);
        let input = Lent::new(canonical);
        let bytes = outcome(
            unsafe { imports::humanize_address(input.pointer(), out) },
            out,
        )?;
        String::from_utf8(bytes).map_err(|error| error.to_string())
    }

    fn query(&self, request: &[u8]) -> Vec<u8> {
        take(unsafe { imports::query_chain(Lent::new(request).pointer()) })
    }
}

/// An import that filled `out`, or returned a region with its reason.
fn outcome(error: u32, out: u32) -> Result<Vec<u8>, String> {
    let written = take(out);
    match error {
        0 => Ok(written),
        pointer => Err(String::from_utf8_lossy(&take(pointer)).into_owned()),
    }
}
