use std::collections::BTreeMap;

use crate::contract::{handle, init, query, Host};
use crate::msg::{Env, HandleMsg, InitMsg, QueryMsg};
use crate::output::{result_json, StdError};

/// Addresses are their own bytes, reversed.
#[derive(Default)]
struct Memory(BTreeMap<Vec<u8>, Vec<u8>>);

impl Host for Memory {
    fn read(&self, key: &[u8]) -> Option<Vec<u8>> {
        self.0.get(key).cloned()
    }
    fn write(&mut self, key: &[u8], value: &[u8]) {
        self.0.insert(key.to_vec(), value.to_vec());
    }
    fn remove(&mut self, key: &[u8]) {
        self.0.remove(key);
    }
    fn canonicalize(&self, human: &str) -> Result<Vec<u8>, String> {
        Ok(human.bytes().rev().collect())
    }
    fn humanize(&self, canonical: &[u8]) -> Result<String, String> {
        String::from_utf8(canonical.iter().rev().copied().collect()).map_err(|e| e.to_string())
    }
    fn query(&self, _: &[u8]) -> Vec<u8> {
        Vec::new()
    }
}

fn env(sender: &str) -> Env {
    let json = format!(
        r#"{{"block":{{"height":7,"time":1,"chain_id":"c"}},"message":{{"sender":"{sender}","sent_funds":[]}},"contract":{{"address":"book"}},"contract_key":null,"contract_code_hash":"aa","transaction":null}}"#
    );
    raw_abi::from_json(json.as_bytes()).unwrap()
}

fn parse(json: &str) -> HandleMsg {
    raw_abi::from_json(json.as_bytes()).unwrap()
}

#[test]
fn keeps_one_line_an_account() {
    let mut host = Memory::default();
    let title = "visitors".to_string();
    init(&mut host, env("alice"), InitMsg { title }).unwrap();
    handle(
        &mut host,
        env("alice"),
        parse(r#"{"sign":{"line":"hello"}}"#),
    )
    .unwrap();
    let line = |host: &Memory, address: &str| {
        let address = address.to_string();
        query(host, QueryMsg::Line { address }).unwrap().0
    };
    assert_eq!(line(&host, "alice"), b"\"hello\"");
    assert_eq!(line(&host, "bobby"), b"null");
    handle(&mut host, env("alice"), HandleMsg::Erase {}).unwrap();
    let error = handle(&mut host, env("alice"), HandleMsg::Erase {}).unwrap_err();
    let kind = "line".to_string();
    assert_eq!(error, StdError::NotFound { kind });
}

#[test]
fn writes_messages_and_errors_as_the_interface_wants_them() {
    let mut host = Memory::default();
    let pay = r#"{"pay":{"to":"bobby","amount":[{"denom":"uscrt","amount":"5"}]}}"#;
    let response = handle(&mut host, env("alice"), parse(pay));
    assert_eq!(
        result_json(&response),
        r#"{"Ok":{"messages":[{"bank":{"send":{"from_address":"book","to_address":"bobby","amount":[{"denom":"uscrt","amount":"5"}]}}}],"log":[],"data":null}}"#
    );
    let fail = handle(
        &mut host,
        env("alice"),
        parse(r#"{"fail":{"kind":"unauthorized"}}"#),
    );
    assert_eq!(result_json(&fail), r#"{"Err":{"unauthorized":{}}}"#);
}
