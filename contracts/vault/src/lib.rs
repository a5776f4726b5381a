//! A vault for keys of digital content: the content lies encrypted anywhere, its key lies here.
//!
//! An owner puts a key in (or lets the contract make one), says who may have it and until when, and
//! can take that back, or hand the whole item over. Keys are given out by queries, which leave no
//! trace: whoever has once read a key has it, so after a revocation `replace_key` and re-encrypt.

use cosmwasm_std::{
    entry_point, to_binary, Addr, Binary, Deps, DepsMut, Env, MessageInfo, Response, StdError,
    StdResult, Storage,
};
use secret_toolkit::crypto::sha_256;
use secret_toolkit::permit::{Permit, TokenPermissions};
use secret_toolkit::utils::{pad_handle_result, pad_query_result};
use serde::{Deserialize, Serialize};
use toolbox::{key, may_load, save, signer_of_permit, viewer_with_key, Viewer, PAD_BYTES};

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct InstantiateMsg {}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum ExecuteMsg {
    /// The sender becomes the owner. Names are unique in the vault.
    AddItem {
        name: String,
        /// Where the encrypted content is; as secret as the key.
        location: String,
        /// Up to 64 bytes; made by the contract and told in the response, if absent.
        content_key: Option<Binary>,
    },
    Grant {
        name: String,
        address: String,
        /// Seconds since 1970; for good, if absent.
        until: Option<u64>,
    },
    Revoke {
        name: String,
        address: String,
    },
    ReplaceKey {
        name: String,
        location: String,
        content_key: Option<Binary>,
    },
    /// Grants stay.
    HandOver {
        name: String,
        new_owner: String,
    },
    SetViewingKey {
        key: String,
    },
    RevokePermit {
        permit_name: String,
    },
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum QueryMsg {
    Content {
        name: String,
        viewer: Viewer,
    },
    /// For the owner: who has been granted the item.
    Grants {
        name: String,
        viewer: Viewer,
    },
    WithPermit {
        permit: Permit,
        query: PermitQuery,
    },
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum PermitQuery {
    Content { name: String },
    Grants { name: String },
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct ContentResponse {
    pub location: String,
    pub content_key: Binary,
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct GrantsResponse {
    pub grants: Vec<Grant>,
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct Grant {
    pub address: Addr,
    pub until: Option<u64>,
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
struct Item {
    owner: Addr,
    location: String,
    content_key: Binary,
    grants: Vec<Grant>,
}

impl From<Item> for ContentResponse {
    fn from(item: Item) -> Self {
        ContentResponse {
            location: item.location,
            content_key: item.content_key,
        }
    }
}

const KEY_BYTES_MAX: usize = 64;
const GRANTS_MAX: usize = 200;

#[entry_point]
pub fn instantiate(
    _deps: DepsMut,
    _env: Env,
    _info: MessageInfo,
    _msg: InstantiateMsg,
) -> StdResult<Response> {
    Ok(Response::new())
}

#[entry_point]
pub fn execute(deps: DepsMut, env: Env, info: MessageInfo, msg: ExecuteMsg) -> StdResult<Response> {
    pad_handle_result(run(deps, env, info, msg), PAD_BYTES)
}

fn run(deps: DepsMut, env: Env, info: MessageInfo, msg: ExecuteMsg) -> StdResult<Response> {
    let sender = info.sender.clone();
    match msg {
        ExecuteMsg::AddItem {
            name,
            location,
            content_key,
        } => {
            if deps.storage.get(&item_key(&name)).is_some() {
                return Err(refuse("there is an item of this name"));
            }
            let item = Item {
                owner: sender,
                location,
                content_key: usable_key(&env, &name, content_key)?,
                grants: Vec::new(),
            };
            save(deps.storage, &item_key(&name), &item)?;
            let answer = to_binary(&ContentResponse::from(item))?;
            Ok(Response::new().set_data(answer))
        }
        ExecuteMsg::Grant {
            name,
            address,
            until,
        } => {
            let address = deps.api.addr_validate(&address)?;
            change(deps.storage, &sender, &name, |item| {
                item.grants.retain(|grant| grant.address != address);
                if item.grants.len() == GRANTS_MAX {
                    return Err(refuse("the item has as many grants as it can take"));
                }
                item.grants.push(Grant { address, until });
                Ok(())
            })
        }
        ExecuteMsg::Revoke { name, address } => change(deps.storage, &sender, &name, |item| {
            item.grants.retain(|grant| grant.address != address);
            Ok(())
        }),
        ExecuteMsg::ReplaceKey {
            name,
            location,
            content_key,
        } => {
            let content_key = usable_key(&env, &name, content_key)?;
            let answer = to_binary(&ContentResponse {
                location: location.clone(),
                content_key: content_key.clone(),
            })?;
            let response = change(deps.storage, &sender, &name, |item| {
                item.location = location;
                item.content_key = content_key;
                Ok(())
            })?;
            Ok(response.set_data(answer))
        }
        ExecuteMsg::HandOver { name, new_owner } => {
            let new_owner = deps.api.addr_validate(&new_owner)?;
            change(deps.storage, &sender, &name, |item| {
                item.owner = new_owner;
                Ok(())
            })
        }
        ExecuteMsg::SetViewingKey { key } => {
            toolbox::set_viewing_key(deps, &info, &key);
            Ok(Response::new())
        }
        ExecuteMsg::RevokePermit { permit_name } => {
            toolbox::revoke_permit(deps, &info, &permit_name);
            Ok(Response::new())
        }
    }
}

#[entry_point]
pub fn query(deps: Deps, env: Env, msg: QueryMsg) -> StdResult<Binary> {
    pad_query_result(answer(deps, &env, msg), PAD_BYTES)
}

fn answer(deps: Deps, env: &Env, msg: QueryMsg) -> StdResult<Binary> {
    let (viewer, query) = match msg {
        QueryMsg::Content { name, viewer } => (
            viewer_with_key(deps, &viewer)?,
            PermitQuery::Content { name },
        ),
        QueryMsg::Grants { name, viewer } => (
            viewer_with_key(deps, &viewer)?,
            PermitQuery::Grants { name },
        ),
        QueryMsg::WithPermit { permit, query } => {
            let signer = signer_of_permit(deps, env, &permit, TokenPermissions::Owner)?;
            (signer, query)
        }
    };
    match query {
        PermitQuery::Content { name } => {
            let item = may_load::<Item>(deps.storage, &item_key(&name))?
                .filter(|item| may_read(item, &viewer, env))
                .ok_or_else(no_access)?;
            to_binary(&ContentResponse::from(item))
        }
        PermitQuery::Grants { name } => {
            let grants = load_owned(deps.storage, &viewer, &name)?.grants;
            to_binary(&GrantsResponse { grants })
        }
    }
}

fn may_read(item: &Item, viewer: &Addr, env: &Env) -> bool {
    let now = env.block.time.seconds();
    let is_granted =
        |grant: &Grant| grant.address == *viewer && grant.until.map_or(true, |until| now < until);
    item.owner == *viewer || item.grants.iter().any(is_granted)
}

fn change(
    storage: &mut dyn Storage,
    sender: &Addr,
    name: &str,
    apply: impl FnOnce(&mut Item) -> StdResult<()>,
) -> StdResult<Response> {
    let mut item = load_owned(storage, sender, name)?;
    apply(&mut item)?;
    save(storage, &item_key(name), &item)?;
    Ok(Response::new())
}

/// The item, if it is the caller's.
fn load_owned(storage: &dyn Storage, caller: &Addr, name: &str) -> StdResult<Item> {
    may_load::<Item>(storage, &item_key(name))?
        .filter(|item| item.owner == *caller)
        .ok_or_else(no_access)
}

/// The key given, or 32 bytes that only this contract could make.
fn usable_key(env: &Env, name: &str, given: Option<Binary>) -> StdResult<Binary> {
    if let Some(given) = given {
        if given.is_empty() || given.len() > KEY_BYTES_MAX {
            return Err(refuse("a content key has 1 to 64 bytes"));
        }
        return Ok(given);
    }
    let random = env.block.random.as_ref();
    let random = random.ok_or_else(|| refuse("the network gave no random number"))?;
    let made = sha_256(&[random.as_slice(), name.as_bytes()].concat());
    Ok(Binary::from(made))
}

/// The same words for an item that is not there and for one that is not for the caller.
fn no_access() -> StdError {
    refuse("there is no such item for you")
}

fn item_key(name: &str) -> Vec<u8> {
    key(&[b"item", name.as_bytes()])
}

fn refuse(reason: impl Into<String>) -> StdError {
    StdError::generic_err(reason)
}

#[cfg(test)]
mod tests {
    use super::*;
    use cosmwasm_std::testing::{mock_dependencies, mock_env, mock_info};
    use cosmwasm_std::{from_slice, OwnedDeps, Timestamp};

    type Mock = OwnedDeps<
        cosmwasm_std::testing::MockStorage,
        cosmwasm_std::testing::MockApi,
        cosmwasm_std::testing::MockQuerier,
    >;

    fn at(seconds: u64) -> Env {
        let mut env = mock_env();
        env.block.time = Timestamp::from_seconds(seconds);
        env
    }

    fn tell(deps: &mut Mock, who: &str, json: &str) -> StdResult<Response> {
        let msg: ExecuteMsg = from_slice(json.as_bytes()).unwrap();
        execute(deps.as_mut(), at(1), mock_info(who, &[]), msg)
    }

    fn read(deps: &Mock, who: &str, seconds: u64) -> StdResult<Binary> {
        let viewer = Viewer {
            address: who.into(),
            viewing_key: "k".into(),
        };
        let name = "film".into();
        query(
            deps.as_ref(),
            at(seconds),
            QueryMsg::Content { name, viewer },
        )
    }

    #[test]
    fn gives_the_key_to_its_owner_and_to_whom_it_is_granted_while_it_is() {
        let mut deps = mock_dependencies();
        for who in ["alice", "bobby", "carol"] {
            tell(&mut deps, who, r#"{"set_viewing_key":{"key":"k"}}"#).unwrap();
        }
        let add = r#"{"add_item":{"name":"film","location":"ipfs://x","content_key":"AAAA"}}"#;
        tell(&mut deps, "alice", add).unwrap();
        tell(&mut deps, "bobby", add).unwrap_err();
        read(&deps, "alice", 2).unwrap();
        read(&deps, "bobby", 2).unwrap_err();
        let grant = r#"{"grant":{"name":"film","address":"bobby","until":10}}"#;
        tell(&mut deps, "bobby", grant).unwrap_err();
        tell(&mut deps, "alice", grant).unwrap();
        read(&deps, "bobby", 9).unwrap();
        read(&deps, "bobby", 10).unwrap_err();
        let grant = r#"{"grant":{"name":"film","address":"carol"}}"#;
        tell(&mut deps, "alice", grant).unwrap();
        read(&deps, "carol", 1_000_000).unwrap();
        let revoke = r#"{"revoke":{"name":"film","address":"carol"}}"#;
        tell(&mut deps, "alice", revoke).unwrap();
        read(&deps, "carol", 2).unwrap_err();
        let hand_over = r#"{"hand_over":{"name":"film","new_owner":"carol"}}"#;
        tell(&mut deps, "alice", hand_over).unwrap();
        read(&deps, "alice", 2).unwrap_err();
        read(&deps, "carol", 2).unwrap();
    }
}
