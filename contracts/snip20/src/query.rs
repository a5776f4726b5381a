//! Questions anyone may ask, and those that need a viewing key or a permit.

use cosmwasm_std::{to_binary, Binary, Deps, Env, StdError, StdResult, Uint128};
use secret_toolkit::permit::{validate, Permit, TokenPermissions};
use secret_toolkit::viewing_key::{ViewingKey, ViewingKeyStore};

use crate::account::Account;
use crate::allowance::Allowance;
use crate::msg::{QueryAnswer, QueryMsg, QueryWithPermit};
use crate::state::{load_minters, Config, Head, REVOKED_PERMITS};
use crate::tx::{Kind, Tx};

pub fn answer(deps: Deps, env: Env, msg: QueryMsg) -> StdResult<Binary> {
    let answer = match msg {
        QueryMsg::TokenInfo {} => token_info(deps)?,
        QueryMsg::TokenConfig {} => token_config(deps)?,
        QueryMsg::ExchangeRate {} => exchange_rate(deps)?,
        QueryMsg::ContractStatus {} => QueryAnswer::ContractStatus {
            status: Head::load(deps.storage)?.status,
        },
        QueryMsg::Minters {} => QueryAnswer::Minters {
            minters: load_minters(deps.storage)?,
        },
        QueryMsg::WithPermit { permit, query } => with_permit(deps, env, permit, query)?,
        with_key => with_viewing_key(deps, with_key)?,
    };
    to_binary(&answer)
}

fn with_viewing_key(deps: Deps, msg: QueryMsg) -> StdResult<QueryAnswer> {
    let fits = |address: &str, key: &str| ViewingKey::check(deps.storage, address, key).is_ok();
    match msg {
        QueryMsg::Balance { address, key } if fits(&address, &key) => balance(deps, &address),
        QueryMsg::Allowance {
            owner,
            spender,
            key,
        } if fits(&owner, &key) | fits(&spender, &key) => allowance(deps, owner, spender),
        QueryMsg::TransferHistory {
            address,
            key,
            page,
            page_size,
        } if fits(&address, &key) => transfers(deps, &address, page, page_size),
        QueryMsg::TransactionHistory {
            address,
            key,
            page,
            page_size,
        } if fits(&address, &key) => transactions(deps, &address, page, page_size),
        // The same words for a wrong key and for none, so that nobody learns who has one.
        _ => Ok(QueryAnswer::ViewingKeyError {
            msg: "Wrong viewing key for this address or viewing key not set".to_string(),
        }),
    }
}

fn with_permit(
    deps: Deps,
    env: Env,
    permit: Permit,
    query: QueryWithPermit,
) -> StdResult<QueryAnswer> {
    // Contracts of two networks can have one address, so a permit must name this one.
    if permit.params.chain_id != env.block.chain_id {
        return Err(StdError::generic_err(format!(
            "the permit is for chain {}, this is {}",
            permit.params.chain_id, env.block.chain_id
        )));
    }
    let contract = env.contract.address.into_string();
    let account = validate(deps, REVOKED_PERMITS, &permit, contract, None)?;
    let needs = |permission: TokenPermissions| {
        if permit.check_permission(&permission) || permit.check_permission(&TokenPermissions::Owner)
        {
            Ok(())
        } else {
            Err(StdError::generic_err(format!(
                "the permit does not grant {permission:?}"
            )))
        }
    };
    match query {
        QueryWithPermit::Balance {} => {
            needs(TokenPermissions::Balance)?;
            balance(deps, &account)
        }
        QueryWithPermit::Allowance { owner, spender } => {
            needs(TokenPermissions::Allowance)?;
            if account != owner && account != spender {
                return Err(StdError::generic_err(
                    "the permit's signer is neither the owner nor the spender",
                ));
            }
            allowance(deps, owner, spender)
        }
        QueryWithPermit::TransferHistory { page, page_size } => {
            needs(TokenPermissions::History)?;
            transfers(deps, &account, page, page_size)
        }
        QueryWithPermit::TransactionHistory { page, page_size } => {
            needs(TokenPermissions::History)?;
            transactions(deps, &account, page, page_size)
        }
    }
}

fn token_info(deps: Deps) -> StdResult<QueryAnswer> {
    let config = Config::load(deps.storage)?;
    let total_supply = if config.public_total_supply {
        Some(Uint128::new(Head::load(deps.storage)?.supply))
    } else {
        None
    };
    Ok(QueryAnswer::TokenInfo {
        name: config.name,
        symbol: config.symbol,
        decimals: config.decimals,
        total_supply,
    })
}

fn token_config(deps: Deps) -> StdResult<QueryAnswer> {
    let config = Config::load(deps.storage)?;
    Ok(QueryAnswer::TokenConfig {
        public_total_supply: config.public_total_supply,
        deposit_enabled: config.deposit,
        redeem_enabled: config.redeem,
        mint_enabled: config.mint,
        burn_enabled: config.burn,
        supported_denoms: config.denoms,
    })
}

fn exchange_rate(deps: Deps) -> StdResult<QueryAnswer> {
    let config = Config::load(deps.storage)?;
    let open = config.deposit || config.redeem;
    Ok(QueryAnswer::ExchangeRate {
        rate: Uint128::new(u128::from(open)),
        denom: if open {
            config.denoms.join(",")
        } else {
            String::new()
        },
    })
}

fn balance(deps: Deps, address: &str) -> StdResult<QueryAnswer> {
    let canonical = deps.api.addr_canonicalize(address)?;
    let account = Account::load(deps.storage, &canonical)?;
    Ok(QueryAnswer::Balance {
        amount: Uint128::new(account.balance),
    })
}

fn allowance(deps: Deps, owner: String, spender: String) -> StdResult<QueryAnswer> {
    let owner_bytes = deps.api.addr_canonicalize(&owner)?;
    let spender_bytes = deps.api.addr_canonicalize(&spender)?;
    let allowance = Allowance::load(deps.storage, &owner_bytes, &spender_bytes)?;
    Ok(QueryAnswer::Allowance {
        spender,
        owner,
        allowance: Uint128::new(allowance.amount),
        expiration: allowance.expiration,
    })
}

fn transactions(
    deps: Deps,
    address: &str,
    page: Option<u32>,
    page_size: u32,
) -> StdResult<QueryAnswer> {
    let canonical = deps.api.addr_canonicalize(address)?;
    let account = Account::load(deps.storage, &canonical)?;
    let symbol = Config::load(deps.storage)?.symbol;
    let skip = page.unwrap_or(0).saturating_mul(page_size);
    let txs = account
        .history(deps.storage, &canonical, skip)
        .take(page_size as usize)
        .map(|id| {
            let id = id?;
            Tx::load(deps.storage, id)?.as_transaction(deps.api, id, &symbol)
        })
        .collect::<StdResult<_>>()?;
    Ok(QueryAnswer::TransactionHistory {
        txs,
        total: Some(u64::from(account.txs)),
    })
}

/// The transfers among an account's transactions. Pages behind the first read what they skip.
fn transfers(
    deps: Deps,
    address: &str,
    page: Option<u32>,
    page_size: u32,
) -> StdResult<QueryAnswer> {
    let canonical = deps.api.addr_canonicalize(address)?;
    let account = Account::load(deps.storage, &canonical)?;
    let symbol = Config::load(deps.storage)?.symbol;
    let mut skip = page.unwrap_or(0).saturating_mul(page_size);
    let mut txs = Vec::new();
    for id in account.history(deps.storage, &canonical, 0) {
        if txs.len() == page_size as usize {
            break;
        }
        let id = id?;
        let tx = Tx::load(deps.storage, id)?;
        if tx.kind != Kind::Transfer {
            continue;
        }
        if skip > 0 {
            skip -= 1;
            continue;
        }
        txs.push(tx.as_transfer(deps.api, id, &symbol)?);
    }
    Ok(QueryAnswer::TransferHistory {
        txs,
        total: Some(u64::from(account.transfers)),
    })
}
