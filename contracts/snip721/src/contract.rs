//! Entry points: birth, the admin's brake, padding of every answer.

use cosmwasm_std::{
    entry_point, Binary, Deps, DepsMut, Env, MessageInfo, Response, StdError, StdResult,
};
use secret_toolkit::utils::{pad_handle_result, pad_query_result};
use toolbox::PAD_BYTES;

use crate::msg::{ExecuteMsg, InstantiateMsg, QueryMsg};
use crate::state::{Collection, ContractStatus};
use crate::{execute, query};

#[entry_point]
pub fn instantiate(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    msg: InstantiateMsg,
) -> StdResult<Response> {
    toolbox::seed_viewing_keys(deps.storage, &env, msg.entropy.as_bytes());
    let admin = match msg.admin {
        Some(admin) => deps.api.addr_validate(&admin)?,
        None => info.sender,
    };
    let collection = Collection {
        name: msg.name,
        symbol: msg.symbol,
        minters: vec![admin.clone()],
        admin,
        config: msg.config,
        status: ContractStatus::Normal,
        minted: 0,
        count: 0,
    };
    collection.save(deps.storage)?;
    Ok(Response::new())
}

#[entry_point]
pub fn execute(deps: DepsMut, env: Env, info: MessageInfo, msg: ExecuteMsg) -> StdResult<Response> {
    let status = Collection::load(deps.storage)?.status;
    let is_brake = matches!(msg, ExecuteMsg::SetContractStatus { .. });
    if status != ContractStatus::Normal && !is_brake {
        return Err(StdError::generic_err(
            "The contract admin has temporarily disabled this action",
        ));
    }
    pad_handle_result(execute::run(deps, env, info, msg), PAD_BYTES)
}

#[entry_point]
pub fn query(deps: Deps, env: Env, msg: QueryMsg) -> StdResult<Binary> {
    pad_query_result(query::answer(deps, env, msg), PAD_BYTES)
}
