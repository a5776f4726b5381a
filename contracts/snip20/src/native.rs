//! Native coins in, tokens out, and back, one to one in smallest units.

use cosmwasm_std::{
    coins, BankMsg, Binary, DepsMut, Env, MessageInfo, Response, StdError, StdResult, Uint128,
};

use crate::book::{decoy_rng, Book};
use crate::execute::success;
use crate::msg::ExecuteMsg;
use crate::state::{Config, Head};
use crate::tx::Kind;

pub fn run(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    head: Head,
    msg: ExecuteMsg,
) -> StdResult<Response> {
    match msg {
        ExecuteMsg::Deposit { decoys, entropy } => deposit(deps, env, info, head, decoys, entropy),
        ExecuteMsg::Redeem {
            amount,
            denom,
            decoys,
            entropy,
        } => {
            let config = Config::load(deps.storage)?;
            let denom = redeem_denom(&config, denom)?;
            let response = redeem(deps, env, &info, head, amount, decoys, entropy)?;
            Ok(response.add_message(BankMsg::Send {
                to_address: info.sender.to_string(),
                amount: coins(amount.u128(), denom),
            }))
        }
        _ => Err(StdError::generic_err("not a message about native coins")),
    }
}

fn deposit(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    head: Head,
    decoys: Option<Vec<String>>,
    entropy: Option<Binary>,
) -> StdResult<Response> {
    let config = Config::load(deps.storage)?;
    if !config.deposit {
        return Err(StdError::generic_err("this token takes no deposits"));
    }
    let mut amount: u128 = 0;
    for coin in &info.funds {
        if !config.denoms.contains(&coin.denom) {
            return Err(StdError::generic_err(format!(
                "{} is not taken, only {}",
                coin.denom,
                config.denoms.join(", ")
            )));
        }
        amount = amount
            .checked_add(coin.amount.u128())
            .ok_or_else(|| StdError::generic_err("the deposit is too large"))?;
    }
    if amount == 0 {
        return Err(StdError::generic_err("no coins were sent to be deposited"));
    }
    let account = deps.api.addr_canonicalize(info.sender.as_str())?;
    let mut book = Book::open(deps.storage, head, &env);
    if let Some(decoys) = &decoys {
        let mut rng = decoy_rng(&env, &entropy);
        book.mix(deps.api, &[&account], decoys, &mut rng)?;
    }
    let parties = [account.clone(), account.clone(), account];
    book.create(Kind::Deposit, parties, amount, None)?;
    book.close();
    Ok(success("deposit"))
}

fn redeem(
    deps: DepsMut,
    env: Env,
    info: &MessageInfo,
    head: Head,
    amount: Uint128,
    decoys: Option<Vec<String>>,
    entropy: Option<Binary>,
) -> StdResult<Response> {
    if amount.is_zero() {
        return Err(StdError::generic_err("nothing to redeem"));
    }
    let account = deps.api.addr_canonicalize(info.sender.as_str())?;
    let mut book = Book::open(deps.storage, head, &env);
    if let Some(decoys) = &decoys {
        let mut rng = decoy_rng(&env, &entropy);
        book.mix(deps.api, &[&account], decoys, &mut rng)?;
    }
    let parties = [account.clone(), account.clone(), account];
    book.destroy(Kind::Redeem, parties, amount.u128(), None)?;
    book.close();
    Ok(success("redeem"))
}

fn redeem_denom(config: &Config, asked: Option<String>) -> StdResult<String> {
    if !config.redeem {
        return Err(StdError::generic_err("this token cannot be redeemed"));
    }
    match (asked, config.denoms.as_slice()) {
        (Some(denom), denoms) if denoms.contains(&denom) => Ok(denom),
        (None, [only]) => Ok(only.clone()),
        (_, denoms) => Err(StdError::generic_err(format!(
            "say which coin to redeem: {}",
            denoms.join(", ")
        ))),
    }
}
