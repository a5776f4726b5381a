use cosmwasm_std::{from_slice, to_vec, StdError, StdResult, Storage};
use serde::{de::DeserializeOwned, Serialize};

/// A storage key of several parts, each with its length in front so that no two keys are equal.
pub fn key(parts: &[&[u8]]) -> Vec<u8> {
    let mut key = Vec::new();
    for part in parts {
        key.extend_from_slice(&(part.len() as u16).to_be_bytes());
        key.extend_from_slice(part);
    }
    key
}

pub fn may_load<T: DeserializeOwned>(storage: &dyn Storage, key: &[u8]) -> StdResult<Option<T>> {
    storage.get(key).map(|json| from_slice(&json)).transpose()
}

/// Fails with `NotFound` and the name of what is missing.
pub fn load<T: DeserializeOwned>(storage: &dyn Storage, key: &[u8], what: &str) -> StdResult<T> {
    may_load(storage, key)?.ok_or_else(|| StdError::not_found(what))
}

pub fn save<T: Serialize>(storage: &mut dyn Storage, key: &[u8], value: &T) -> StdResult<()> {
    storage.set(key, &to_vec(value)?);
    Ok(())
}

pub fn remove(storage: &mut dyn Storage, key: &[u8]) {
    storage.remove(key);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_keys_of_different_parts_apart() {
        assert_ne!(key(&[b"a", b"bc"]), key(&[b"ab", b"c"]));
    }
}
