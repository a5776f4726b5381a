use raw_abi::{give, imports, take, Lent};

use crate::calls::perform;
use crate::script::{failure, CallResult, Script};

#[no_mangle]
pub extern "C" fn interface_version_8() {}

/// Contracts that export it get `env.block.random`.
#[no_mangle]
pub extern "C" fn requires_random() {}

#[no_mangle]
pub extern "C" fn instantiate(env: u32, info: u32, msg: u32) -> u32 {
    write(b"env:instantiate", &take(env));
    write(b"info:instantiate", &take(info));
    follow(&take(msg))
}

/// `env` and `info` of the last call are kept under `env:execute` and `info:execute`.
#[no_mangle]
pub extern "C" fn execute(env: u32, info: u32, msg: u32) -> u32 {
    write(b"env:execute", &take(env));
    write(b"info:execute", &take(info));
    follow(&take(msg))
}

/// A query cannot keep its `env`: the script's data is replaced by it if that is the text `env`.
#[no_mangle]
pub extern "C" fn query(env: u32, msg: u32) -> u32 {
    let env = take(env);
    let output = match parse(&take(msg)).and_then(|script| Ok((run(&script)?, script))) {
        Err(text) => failure(&text),
        Ok((results, mut script)) => {
            if script.data.as_ref().map(|data| data.0.as_slice()) == Some(b"env") {
                script.data = Some(raw_abi::Bytes(env));
            }
            script.query_response(&results)
        }
    };
    give(output.into_bytes())
}

#[no_mangle]
pub extern "C" fn migrate(env: u32, msg: u32) -> u32 {
    write(b"env:migrate", &take(env));
    follow(&take(msg))
}

/// Entry points whose message the network composes: it is kept under `msg:<name>`, the
/// environment under `env:<name>`, and the script prepared for the name is followed.
macro_rules! prepared_entry_points {
    ($($name:ident),*) => {
        $(
            #[no_mangle]
            pub extern "C" fn $name(env: u32, msg: u32) -> u32 {
                follow_prepared(stringify!($name), env, msg)
            }
        )*
    };
}

prepared_entry_points!(
    reply,
    sudo,
    ibc_channel_open,
    ibc_channel_connect,
    ibc_channel_close,
    ibc_packet_receive,
    ibc_packet_ack,
    ibc_packet_timeout
);

fn follow_prepared(name: &str, env: u32, msg: u32) -> u32 {
    write(format!("env:{name}").as_bytes(), &take(env));
    write(format!("msg:{name}").as_bytes(), &take(msg));
    let script = read(script_key(name).as_bytes()).unwrap_or_else(|| b"{}".to_vec());
    follow(&script)
}

fn follow(script: &[u8]) -> u32 {
    let output = parse(script).and_then(|script| Ok(script.response(&run(&script)?)));
    give(output.unwrap_or_else(|text| failure(&text)).into_bytes())
}

fn parse(json: &[u8]) -> Result<Script, String> {
    raw_abi::from_json(json).map_err(|error| format!("the message is no script: {error}"))
}

fn run(script: &Script) -> Result<Vec<CallResult>, String> {
    for prepared in &script.prepare {
        let json = raw_abi::to_json(&prepared.script);
        write(
            script_key(&prepared.entry_point).as_bytes(),
            json.as_bytes(),
        );
    }
    let results = script.calls.iter().map(perform).collect();
    assert!(!script.panic, "panics as asked");
    results
}

fn script_key(entry_point: &str) -> String {
    format!("script:{entry_point}")
}

fn read(key: &[u8]) -> Option<Vec<u8>> {
    match unsafe { imports::db_read(Lent::new(key).pointer()) } {
        0 => None,
        pointer => Some(take(pointer)),
    }
}

fn write(key: &[u8], value: &[u8]) {
    let (key, value) = (Lent::new(key), Lent::new(value));
    unsafe { imports::db_write(key.pointer(), value.pointer()) };
}
