//! What only the admin may do.

use cosmwasm_std::{DepsMut, MessageInfo, Response, StdError, StdResult};

use crate::execute::success;
use crate::msg::ExecuteMsg;
use crate::state::{load_minters, save_minters, Config, Head};

pub fn run(deps: DepsMut, info: MessageInfo, head: Head, msg: ExecuteMsg) -> StdResult<Response> {
    let mut config = Config::load(deps.storage)?;
    if info.sender != config.admin.as_str() {
        return Err(StdError::generic_err("only the admin may do this"));
    }
    match msg {
        ExecuteMsg::ChangeAdmin { address } => {
            config.admin = deps.api.addr_validate(&address)?.to_string();
            config.save(deps.storage)?;
            Ok(success("change_admin"))
        }
        ExecuteMsg::SetContractStatus { level } => {
            let head = Head {
                status: level,
                ..head
            };
            head.save(deps.storage);
            Ok(success("set_contract_status"))
        }
        ExecuteMsg::AddMinters { minters } => {
            let mut all = load_minters(deps.storage)?;
            for minter in minters {
                let minter = deps.api.addr_validate(&minter)?.to_string();
                if !all.contains(&minter) {
                    all.push(minter);
                }
            }
            set_minters(deps, &config, &all, "add_minters")
        }
        ExecuteMsg::RemoveMinters { minters } => {
            let mut all = load_minters(deps.storage)?;
            all.retain(|minter| !minters.contains(minter));
            set_minters(deps, &config, &all, "remove_minters")
        }
        ExecuteMsg::SetMinters { minters } => {
            for minter in &minters {
                deps.api.addr_validate(minter)?;
            }
            set_minters(deps, &config, &minters, "set_minters")
        }
        _ => Err(StdError::generic_err("not a message of the admin")),
    }
}

fn set_minters(
    deps: DepsMut,
    config: &Config,
    minters: &[String],
    name: &str,
) -> StdResult<Response> {
    if !config.mint {
        return Err(StdError::generic_err("this token cannot be minted"));
    }
    save_minters(deps.storage, minters)?;
    Ok(success(name))
}
