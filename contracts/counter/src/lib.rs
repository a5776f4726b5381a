//! A counter: the smallest contract that shows state, messages, queries and errors.
//!
//! The count is public to whoever queries; that it is stored and transported encrypted is the
//! network's doing and needs no line here.

use cosmwasm_std::{
    entry_point, to_binary, Binary, Deps, DepsMut, Env, MessageInfo, Response, StdError, StdResult,
    Storage,
};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct InstantiateMsg {
    pub count: i32,
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum ExecuteMsg {
    /// Anyone may add one.
    Increment {},
    /// Only the account that instantiated the contract may set the count.
    Reset { count: i32 },
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum QueryMsg {
    /// Answers `CountResponse`.
    GetCount {},
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct CountResponse {
    pub count: i32,
}

/// Key of the count: 4 bytes, big-endian.
const COUNT: &[u8] = b"count";
/// Key of the owner's address, as text.
const OWNER: &[u8] = b"owner";

#[entry_point]
pub fn instantiate(
    deps: DepsMut,
    _env: Env,
    info: MessageInfo,
    msg: InstantiateMsg,
) -> StdResult<Response> {
    deps.storage.set(OWNER, info.sender.as_bytes());
    save_count(deps.storage, msg.count);
    Ok(Response::new().add_attribute("count", msg.count.to_string()))
}

#[entry_point]
pub fn execute(
    deps: DepsMut,
    _env: Env,
    info: MessageInfo,
    msg: ExecuteMsg,
) -> StdResult<Response> {
    let count = match msg {
        ExecuteMsg::Increment {} => load_count(deps.storage)?
            .checked_add(1)
            .ok_or_else(|| StdError::generic_err("the count is at its maximum"))?,
        ExecuteMsg::Reset { count } => {
            let owner = deps.storage.get(OWNER).unwrap_or_default();
            if info.sender.as_bytes() != owner {
                return Err(StdError::generic_err("only the owner may reset the count"));
            }
            count
        }
    };
    save_count(deps.storage, count);
    Ok(Response::new()
        .add_attribute("count", count.to_string())
        .set_data(to_binary(&CountResponse { count })?))
}

#[entry_point]
pub fn query(deps: Deps, _env: Env, msg: QueryMsg) -> StdResult<Binary> {
    match msg {
        QueryMsg::GetCount {} => to_binary(&CountResponse {
            count: load_count(deps.storage)?,
        }),
    }
}

fn save_count(storage: &mut dyn Storage, count: i32) {
    storage.set(COUNT, &count.to_be_bytes());
}

fn load_count(storage: &dyn Storage) -> StdResult<i32> {
    let bytes = storage
        .get(COUNT)
        .ok_or_else(|| StdError::not_found("count"))?;
    let bytes = bytes
        .try_into()
        .map_err(|_| StdError::generic_err("the stored count is not 4 bytes long"))?;
    Ok(i32::from_be_bytes(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use cosmwasm_std::from_binary;
    use cosmwasm_std::testing::{mock_dependencies, mock_env, mock_info};

    fn count(deps: Deps) -> i32 {
        let answer = query(deps, mock_env(), QueryMsg::GetCount {}).unwrap();
        from_binary::<CountResponse>(&answer).unwrap().count
    }

    #[test]
    fn counts_and_lets_only_the_owner_reset() {
        let mut deps = mock_dependencies();
        let owner = mock_info("owner", &[]);
        let other = mock_info("other", &[]);
        instantiate(
            deps.as_mut(),
            mock_env(),
            owner.clone(),
            InstantiateMsg { count: 7 },
        )
        .unwrap();
        execute(
            deps.as_mut(),
            mock_env(),
            other.clone(),
            ExecuteMsg::Increment {},
        )
        .unwrap();
        assert_eq!(count(deps.as_ref()), 8);

        let reset = ExecuteMsg::Reset { count: -3 };
        execute(deps.as_mut(), mock_env(), other, reset.clone()).unwrap_err();
        assert_eq!(count(deps.as_ref()), 8);
        execute(deps.as_mut(), mock_env(), owner, reset).unwrap();
        assert_eq!(count(deps.as_ref()), -3);
    }

    #[test]
    fn refuses_to_wrap_around() {
        let mut deps = mock_dependencies();
        let owner = mock_info("owner", &[]);
        let msg = InstantiateMsg { count: i32::MAX };
        instantiate(deps.as_mut(), mock_env(), owner.clone(), msg).unwrap();
        execute(deps.as_mut(), mock_env(), owner, ExecuteMsg::Increment {}).unwrap_err();
        assert_eq!(count(deps.as_ref()), i32::MAX);
    }
}
