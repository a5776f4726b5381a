//! Messages of holders: moving, burning and minting tokens, allowances, keys and permits.

use cosmwasm_std::{
    to_binary, Addr, Binary, CanonicalAddr, CosmosMsg, DepsMut, Env, MessageInfo, Response,
    StdError, StdResult, Uint128,
};
use secret_toolkit::crypto::ContractPrng;
use secret_toolkit::permit::RevokedPermits;
use secret_toolkit::viewing_key::{ViewingKey, ViewingKeyStore};

use crate::allowance::{self, Allowance};
use crate::book::{decoy_rng, Book};
use crate::msg::{BurnFromAction, ExecuteMsg, SendFromAction, TransferAction};
use crate::receiver::{self, Delivery};
use crate::state::{load_minters, Config, Head, REVOKED_PERMITS};
use crate::tx::Kind;

/// `{"<name>":{"status":"success"}}`.
pub fn success(name: &str) -> Response {
    Response::new().set_data(format!("{{\"{name}\":{{\"status\":\"success\"}}}}").into_bytes())
}

/// One movement of tokens, whichever message asked for it.
struct Movement {
    /// None: the sender's own tokens.
    owner: Option<String>,
    recipient: String,
    amount: Uint128,
    memo: Option<String>,
    decoys: Option<Vec<String>>,
    /// Some: tell the recipient.
    delivery: Option<(Option<String>, Option<Binary>)>,
}

impl From<TransferAction> for Movement {
    fn from(action: TransferAction) -> Self {
        Movement {
            owner: None,
            recipient: action.recipient,
            amount: action.amount,
            memo: action.memo,
            decoys: action.decoys,
            delivery: None,
        }
    }
}

impl From<SendFromAction> for Movement {
    fn from(action: SendFromAction) -> Self {
        Movement {
            owner: Some(action.owner),
            recipient: action.recipient,
            amount: action.amount,
            memo: action.memo,
            decoys: action.decoys,
            delivery: Some((action.recipient_code_hash, action.msg)),
        }
    }
}

/// Messages that move, burn or mint tokens.
pub fn run(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    head: Head,
    msg: ExecuteMsg,
) -> StdResult<Response> {
    match msg {
        ExecuteMsg::Transfer {
            recipient,
            amount,
            memo,
            decoys,
            entropy,
        } => {
            let movement = Movement {
                owner: None,
                recipient,
                amount,
                memo,
                decoys,
                delivery: None,
            };
            move_all(deps, env, info, head, "transfer", [movement], entropy)
        }
        ExecuteMsg::Send {
            recipient,
            recipient_code_hash,
            amount,
            msg,
            memo,
            decoys,
            entropy,
        } => {
            let movement = Movement {
                owner: None,
                recipient,
                amount,
                memo,
                decoys,
                delivery: Some((recipient_code_hash, msg)),
            };
            move_all(deps, env, info, head, "send", [movement], entropy)
        }
        ExecuteMsg::BatchTransfer { actions, entropy } => {
            let list = actions.into_iter().map(Movement::from);
            move_all(deps, env, info, head, "batch_transfer", list, entropy)
        }
        ExecuteMsg::BatchSend { actions, entropy } => {
            let list = actions.into_iter().map(|action| Movement {
                owner: None,
                recipient: action.recipient,
                amount: action.amount,
                memo: action.memo,
                decoys: action.decoys,
                delivery: Some((action.recipient_code_hash, action.msg)),
            });
            move_all(deps, env, info, head, "batch_send", list, entropy)
        }
        ExecuteMsg::TransferFrom {
            owner,
            recipient,
            amount,
            memo,
            decoys,
            entropy,
        } => {
            let movement = Movement {
                owner: Some(owner),
                recipient,
                amount,
                memo,
                decoys,
                delivery: None,
            };
            move_all(deps, env, info, head, "transfer_from", [movement], entropy)
        }
        ExecuteMsg::SendFrom {
            owner,
            recipient,
            recipient_code_hash,
            amount,
            msg,
            memo,
            decoys,
            entropy,
        } => {
            let movement = Movement {
                owner: Some(owner),
                recipient,
                amount,
                memo,
                decoys,
                delivery: Some((recipient_code_hash, msg)),
            };
            move_all(deps, env, info, head, "send_from", [movement], entropy)
        }
        ExecuteMsg::BatchTransferFrom { actions, entropy } => {
            let list = actions.into_iter().map(|action| Movement {
                owner: Some(action.owner),
                recipient: action.recipient,
                amount: action.amount,
                memo: action.memo,
                decoys: action.decoys,
                delivery: None,
            });
            move_all(deps, env, info, head, "batch_transfer_from", list, entropy)
        }
        ExecuteMsg::BatchSendFrom { actions, entropy } => {
            let list = actions.into_iter().map(Movement::from);
            move_all(deps, env, info, head, "batch_send_from", list, entropy)
        }
        ExecuteMsg::Burn {
            amount,
            memo,
            decoys,
            entropy,
        } => {
            let action = BurnFromAction {
                owner: info.sender.to_string(),
                amount,
                memo,
                decoys,
            };
            burn(deps, env, info, head, "burn", vec![action], entropy)
        }
        ExecuteMsg::BurnFrom {
            owner,
            amount,
            memo,
            decoys,
            entropy,
        } => {
            let action = BurnFromAction {
                owner,
                amount,
                memo,
                decoys,
            };
            burn(deps, env, info, head, "burn_from", vec![action], entropy)
        }
        ExecuteMsg::BatchBurnFrom { actions, entropy } => {
            burn(deps, env, info, head, "batch_burn_from", actions, entropy)
        }
        ExecuteMsg::Mint {
            recipient,
            amount,
            memo,
            decoys,
            entropy,
        } => {
            let action = TransferAction {
                recipient,
                amount,
                memo,
                decoys,
            };
            mint(deps, env, info, head, "mint", vec![action], entropy)
        }
        ExecuteMsg::BatchMint { actions, entropy } => {
            mint(deps, env, info, head, "batch_mint", actions, entropy)
        }
        _ => Err(StdError::generic_err("not a message that moves tokens")),
    }
}

fn move_all(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    head: Head,
    name: &str,
    movements: impl IntoIterator<Item = Movement>,
    entropy: Option<Binary>,
) -> StdResult<Response> {
    let sender = deps.api.addr_canonicalize(info.sender.as_str())?;
    let mut rng: Option<ContractPrng> = None;
    let mut callbacks: Vec<CosmosMsg> = Vec::new();
    let mut book = Book::open(deps.storage, head, &env);
    for movement in movements {
        let amount = movement.amount.u128();
        let recipient = deps.api.addr_canonicalize(&movement.recipient)?;
        let from = match &movement.owner {
            Some(owner) => {
                let owner = deps.api.addr_canonicalize(owner)?;
                allowance::spend(book.storage, &env, &owner, &sender, amount)?;
                owner
            }
            None => sender.clone(),
        };
        if let Some(decoys) = &movement.decoys {
            let rng = rng.get_or_insert_with(|| decoy_rng(&env, &entropy));
            book.mix(deps.api, &[&from, &sender, &recipient], decoys, rng)?;
        }
        let parties = [from, sender.clone(), recipient];
        book.transfer(parties, amount, movement.memo.clone())?;
        if let Some((code_hash, msg)) = movement.delivery {
            let delivery = Delivery {
                from: movement
                    .owner
                    .map_or_else(|| info.sender.clone(), Addr::unchecked),
                recipient: movement.recipient,
                code_hash,
                sender: info.sender.clone(),
                amount: movement.amount,
                memo: movement.memo,
                msg,
            };
            callbacks.extend(receiver::callback(book.storage, delivery)?);
        }
    }
    book.close();
    Ok(success(name).add_messages(callbacks))
}

fn burn(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    head: Head,
    name: &str,
    actions: Vec<BurnFromAction>,
    entropy: Option<Binary>,
) -> StdResult<Response> {
    if !Config::load(deps.storage)?.burn {
        return Err(StdError::generic_err("this token cannot be burned"));
    }
    let burner = deps.api.addr_canonicalize(info.sender.as_str())?;
    let mut rng: Option<ContractPrng> = None;
    let mut book = Book::open(deps.storage, head, &env);
    for action in actions {
        let amount = action.amount.u128();
        let owner = deps.api.addr_canonicalize(&action.owner)?;
        if name != "burn" {
            allowance::spend(book.storage, &env, &owner, &burner, amount)?;
        }
        if let Some(decoys) = &action.decoys {
            let rng = rng.get_or_insert_with(|| decoy_rng(&env, &entropy));
            book.mix(deps.api, &[&owner, &burner], decoys, rng)?;
        }
        let parties = [burner.clone(), owner.clone(), owner];
        book.destroy(Kind::Burn, parties, amount, action.memo)?;
    }
    book.close();
    Ok(success(name))
}

fn mint(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    head: Head,
    name: &str,
    actions: Vec<TransferAction>,
    entropy: Option<Binary>,
) -> StdResult<Response> {
    if !Config::load(deps.storage)?.mint {
        return Err(StdError::generic_err("this token cannot be minted"));
    }
    if !load_minters(deps.storage)?
        .iter()
        .any(|m| info.sender == m.as_str())
    {
        return Err(StdError::generic_err("only minters may mint"));
    }
    let minter = deps.api.addr_canonicalize(info.sender.as_str())?;
    let mut rng: Option<ContractPrng> = None;
    let mut book = Book::open(deps.storage, head, &env);
    for action in actions {
        let recipient: CanonicalAddr = deps.api.addr_canonicalize(&action.recipient)?;
        if let Some(decoys) = &action.decoys {
            let rng = rng.get_or_insert_with(|| decoy_rng(&env, &entropy));
            book.mix(deps.api, &[&minter, &recipient], decoys, rng)?;
        }
        let parties = [minter.clone(), recipient.clone(), recipient];
        book.create(Kind::Mint, parties, action.amount.u128(), action.memo)?;
    }
    book.close();
    Ok(success(name))
}

/// Messages that change what is known of the sender, not balances.
pub fn run_settings(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    msg: ExecuteMsg,
) -> StdResult<Response> {
    match msg {
        ExecuteMsg::RegisterReceive { code_hash } => {
            receiver::register(deps.storage, &info.sender, &code_hash);
            Ok(success("register_receive"))
        }
        ExecuteMsg::CreateViewingKey { entropy } => create_viewing_key(deps, env, info, entropy),
        ExecuteMsg::SetViewingKey { key } => {
            ViewingKey::set(deps.storage, info.sender.as_str(), &key);
            Ok(success("set_viewing_key"))
        }
        ExecuteMsg::RevokePermit { permit_name } => {
            let account = info.sender.as_str();
            RevokedPermits::revoke_permit(deps.storage, REVOKED_PERMITS, account, &permit_name);
            Ok(success("revoke_permit"))
        }
        ExecuteMsg::IncreaseAllowance {
            spender,
            amount,
            expiration,
        } => change_allowance(
            deps,
            env,
            info,
            spender,
            expiration,
            "increase_allowance",
            &|before| before.saturating_add(amount.u128()),
        ),
        ExecuteMsg::DecreaseAllowance {
            spender,
            amount,
            expiration,
        } => change_allowance(
            deps,
            env,
            info,
            spender,
            expiration,
            "decrease_allowance",
            &|before| before.saturating_sub(amount.u128()),
        ),
        _ => Err(StdError::generic_err("not a message about settings")),
    }
}

fn create_viewing_key(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    entropy: Option<String>,
) -> StdResult<Response> {
    let random = env.block.random.as_ref().map_or(&[][..], |r| r.as_slice());
    let entropy = [entropy.unwrap_or_default().as_bytes(), random].concat();
    let account = info.sender.to_string();
    let key = ViewingKey::create(deps.storage, &info, &env, &account, &entropy);
    let data = format!("{{\"create_viewing_key\":{{\"key\":\"{key}\"}}}}");
    Ok(Response::new().set_data(data.into_bytes()))
}

fn change_allowance(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    spender: String,
    expiration: Option<u64>,
    name: &str,
    change: &dyn Fn(u128) -> u128,
) -> StdResult<Response> {
    let owner = deps.api.addr_canonicalize(info.sender.as_str())?;
    let spender_bytes = deps.api.addr_canonicalize(&spender)?;
    let mut allowance =
        Allowance::load(deps.storage, &owner, &spender_bytes)?.renewed(env.block.time.seconds());
    allowance.amount = change(allowance.amount);
    if expiration.is_some() {
        allowance.expiration = expiration;
    }
    allowance.save(deps.storage, &owner, &spender_bytes);
    let amount = to_binary(&Uint128::new(allowance.amount))?;
    let amount = String::from_utf8_lossy(&amount).into_owned();
    let data = format!(
        "{{\"{name}\":{{\"spender\":\"{spender}\",\"owner\":\"{}\",\"allowance\":{amount}}}}}",
        info.sender
    );
    Ok(Response::new().set_data(data.into_bytes()))
}
