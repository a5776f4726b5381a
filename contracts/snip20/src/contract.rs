//! Entry points: birth, routing by status, padding of every answer.

use cosmwasm_std::{
    entry_point, Binary, Deps, DepsMut, Env, MessageInfo, Response, StdError, StdResult,
};
use secret_toolkit::crypto::sha_256;
use secret_toolkit::utils::{pad_handle_result, pad_query_result};
use secret_toolkit::viewing_key::{ViewingKey, ViewingKeyStore};

use crate::book::Book;
use crate::msg::{ContractStatus, ExecuteMsg, InstantiateMsg, QueryMsg};
use crate::state::{save_minters, Config, Head};
use crate::tx::Kind;
use crate::{admin, execute, native, query};

/// Answers are padded with spaces to a multiple of this many bytes.
pub const PAD_BYTES: usize = 256;

#[entry_point]
pub fn instantiate(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    msg: InstantiateMsg,
) -> StdResult<Response> {
    check_names(&msg)?;
    let admin = match msg.admin {
        Some(admin) => deps.api.addr_validate(&admin)?,
        None => info.sender.clone(),
    };
    let settings = msg.config.unwrap_or_default();
    let config = Config {
        name: msg.name,
        symbol: msg.symbol,
        decimals: msg.decimals,
        admin: admin.to_string(),
        public_total_supply: settings.public_total_supply.unwrap_or(false),
        deposit: settings.enable_deposit.unwrap_or(false),
        redeem: settings.enable_redeem.unwrap_or(false),
        mint: settings.enable_mint.unwrap_or(false),
        burn: settings.enable_burn.unwrap_or(false),
        denoms: msg
            .supported_denoms
            .unwrap_or_else(|| vec!["uscrt".to_string()]),
    };
    config.save(deps.storage)?;
    let minters = if config.mint {
        vec![config.admin]
    } else {
        Vec::new()
    };
    save_minters(deps.storage, &minters)?;
    let random = env.block.random.as_ref().map_or(&[][..], |r| r.as_slice());
    let seed = sha_256(&[msg.prng_seed.as_slice(), random].concat());
    ViewingKey::set_seed(deps.storage, &seed);

    let minter = deps.api.addr_canonicalize(admin.as_str())?;
    let head = Head {
        status: ContractStatus::NormalRun,
        tx_count: 0,
        supply: 0,
    };
    let mut book = Book::open(deps.storage, head, &env);
    for balance in msg.initial_balances.unwrap_or_default() {
        let owner = deps.api.addr_canonicalize(&balance.address)?;
        let parties = [minter.clone(), owner.clone(), owner];
        book.create(Kind::Mint, parties, balance.amount.u128(), None)?;
    }
    book.close();
    Ok(Response::new())
}

#[entry_point]
pub fn execute(deps: DepsMut, env: Env, info: MessageInfo, msg: ExecuteMsg) -> StdResult<Response> {
    let head = Head::load(deps.storage)?;
    check_status(head.status, &msg)?;
    pad_handle_result(route(deps, env, info, head, msg), PAD_BYTES)
}

#[entry_point]
pub fn query(deps: Deps, env: Env, msg: QueryMsg) -> StdResult<Binary> {
    pad_query_result(query::answer(deps, env, msg), PAD_BYTES)
}

fn route(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    head: Head,
    msg: ExecuteMsg,
) -> StdResult<Response> {
    match msg {
        ExecuteMsg::Deposit { .. } | ExecuteMsg::Redeem { .. } => {
            native::run(deps, env, info, head, msg)
        }
        ExecuteMsg::ChangeAdmin { .. }
        | ExecuteMsg::SetContractStatus { .. }
        | ExecuteMsg::AddMinters { .. }
        | ExecuteMsg::RemoveMinters { .. }
        | ExecuteMsg::SetMinters { .. } => admin::run(deps, info, head, msg),
        ExecuteMsg::RegisterReceive { .. }
        | ExecuteMsg::CreateViewingKey { .. }
        | ExecuteMsg::SetViewingKey { .. }
        | ExecuteMsg::RevokePermit { .. }
        | ExecuteMsg::IncreaseAllowance { .. }
        | ExecuteMsg::DecreaseAllowance { .. } => execute::run_settings(deps, env, info, msg),
        _ => execute::run(deps, env, info, head, msg),
    }
}

fn check_status(status: ContractStatus, msg: &ExecuteMsg) -> StdResult<()> {
    let allowed = match (status, msg) {
        (ContractStatus::NormalRun, _) => true,
        (_, ExecuteMsg::ChangeAdmin { .. } | ExecuteMsg::SetContractStatus { .. }) => true,
        (ContractStatus::StopAllButRedeems, ExecuteMsg::Redeem { .. }) => true,
        _ => false,
    };
    if allowed {
        Ok(())
    } else {
        Err(StdError::generic_err(
            "the contract's admin has stopped this operation",
        ))
    }
}

fn check_names(msg: &InstantiateMsg) -> StdResult<()> {
    if !(3..=30).contains(&msg.name.len()) {
        return Err(StdError::generic_err("the name must have 3 to 30 bytes"));
    }
    let good = |c: char| c.is_ascii_alphanumeric() || c == '-';
    if !(3..=20).contains(&msg.symbol.len()) || !msg.symbol.chars().all(good) {
        return Err(StdError::generic_err(
            "the symbol must be 3 to 20 letters, digits or hyphens",
        ));
    }
    if msg.decimals > 18 {
        return Err(StdError::generic_err("at most 18 decimals"));
    }
    Ok(())
}
