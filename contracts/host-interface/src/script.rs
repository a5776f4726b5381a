use raw_abi::Bytes;
use serde::{Deserialize, Serialize};

/// What one call of the contract shall do. Every field may be absent.
///
/// It is the message of `instantiate`, `execute`, `query` and `migrate`. The other entry points
/// get messages that the network composes; they follow the script prepared for them.
#[derive(Serialize, Deserialize, Clone, Debug, Default, PartialEq)]
#[serde(default)]
pub struct Script {
    /// Imports, called in order.
    pub calls: Vec<Call>,
    /// Scripts of entry points that take none in their message.
    pub prepare: Vec<Prepared>,
    /// JSON lists that go into the response as they are.
    pub messages: Option<String>,
    pub attributes: Option<String>,
    pub events: Option<String>,
    /// Response data; without it the results of the calls, as JSON.
    pub data: Option<Bytes>,
    /// Error text instead of a response.
    pub error: Option<String>,
    /// The whole output, in place of all of the above.
    pub raw: Option<String>,
    /// Panics after the calls.
    pub panic: bool,
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct Prepared {
    pub entry_point: String,
    pub script: Script,
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct Call {
    /// Name of the import.
    pub import: String,
    pub args: Vec<Arg>,
}

/// An argument of an import.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum Arg {
    /// A pointer to a region with these bytes.
    Bytes(Bytes),
    /// A pointer to a region with a list as `ed25519_batch_verify` wants it.
    Sections(Vec<Bytes>),
    /// A pointer to an empty region of this capacity, for the host to write into.
    Space(u32),
    /// A pointer to a region with these very numbers.
    Region {
        offset: u32,
        capacity: u32,
        length: u32,
    },
    /// The number itself, be it a pointer or not.
    Number(u32),
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct CallResult {
    /// What the import returned, in decimal; absent if it returns nothing. Where it is a pointer
    /// to a region, `bytes` has what is there and this is "region".
    pub returned: Option<String>,
    /// Bytes of the region returned.
    pub bytes: Option<Bytes>,
    /// What the host wrote into `space`.
    pub written: Option<Bytes>,
}

impl Script {
    /// The output of every entry point but `query`.
    pub fn response(&self, results: &[CallResult]) -> String {
        if let Some(raw) = &self.raw {
            return raw.clone();
        }
        if let Some(error) = &self.error {
            return failure(error);
        }
        let list = |json: &Option<String>| json.clone().unwrap_or_else(|| "[]".to_string());
        format!(
            r#"{{"Ok":{{"messages":{},"attributes":{},"events":{},"data":{}}}}}"#,
            list(&self.messages),
            list(&self.attributes),
            list(&self.events),
            raw_abi::to_json(&self.answer(results)),
        )
    }

    /// The output of `query`.
    pub fn query_response(&self, results: &[CallResult]) -> String {
        if let Some(raw) = &self.raw {
            return raw.clone();
        }
        match &self.error {
            Some(error) => failure(error),
            None => format!(r#"{{"Ok":{}}}"#, raw_abi::to_json(&self.answer(results))),
        }
    }

    fn answer(&self, results: &[CallResult]) -> Bytes {
        let of_calls = || Bytes(raw_abi::to_json(&results).into_bytes());
        self.data.clone().unwrap_or_else(of_calls)
    }
}

/// The output of a call whose message was no script.
pub fn failure(text: &str) -> String {
    format!(r#"{{"Err":{}}}"#, raw_abi::to_json(&text))
}

/// Each element is followed by its length, four bytes, big-endian.
pub fn sections(list: &[Bytes]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for element in list {
        bytes.extend_from_slice(&element.0);
        bytes.extend_from_slice(&(element.0.len() as u32).to_be_bytes());
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_scripts_with_any_field_left_out() {
        let json = br#"{"calls":[{"import":"db_read","args":[{"bytes":"a2V5"},{"number":0}]}]}"#;
        let script: Script = raw_abi::from_json(json).unwrap();
        assert_eq!(script.calls[0].args[0], Arg::Bytes(Bytes(b"key".to_vec())));
        assert_eq!(
            script.response(&[]),
            r#"{"Ok":{"messages":[],"attributes":[],"events":[],"data":"W10="}}"#
        );
    }

    #[test]
    fn writes_lists_with_lengths_behind_the_elements() {
        let list = [Bytes(b"ab".to_vec()), Bytes(Vec::new())];
        assert_eq!(sections(&list), b"ab\0\0\0\x02\0\0\0\0");
    }
}
