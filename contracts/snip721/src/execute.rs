use cosmwasm_std::{
    to_binary, Addr, Binary, CosmosMsg, DepsMut, Env, MessageInfo, Response, StdError, StdResult,
    Storage, WasmMsg,
};

use crate::approvals::{self, Approval, Expiration, Permission};
use crate::msg::{
    AccessLevel, Burn, ExecuteAnswer, ExecuteMsg, Mint, ReceiverMsg, ResponseStatus, Send, Transfer,
};
use crate::ownership::{burn, load_owned, mint, not_authorized, transfer};
use crate::state::{Collection, Inventory, Metadata, Receiver, Token};

pub fn run(deps: DepsMut, env: Env, info: MessageInfo, msg: ExecuteMsg) -> StdResult<Response> {
    match msg {
        ExecuteMsg::MintNft(one) => {
            let token_id = mint_all(deps, &env, &info, vec![one])?.remove(0);
            answer(ExecuteAnswer::MintNft { token_id })
        }
        ExecuteMsg::BatchMintNft { mints } => {
            let token_ids = mint_all(deps, &env, &info, mints)?;
            answer(ExecuteAnswer::BatchMintNft { token_ids })
        }
        ExecuteMsg::SetMetadata {
            token_id,
            public_metadata,
            private_metadata,
        } => set_metadata(
            deps.storage,
            &info.sender,
            &token_id,
            (public_metadata, private_metadata),
        ),
        ExecuteMsg::TransferNft {
            recipient,
            token_id,
            memo,
        } => {
            let token_ids = vec![token_id];
            let one = Transfer {
                recipient,
                token_ids,
                memo,
            };
            transfer_all(deps, &env, &info, vec![one])
        }
        ExecuteMsg::BatchTransferNft { transfers } => transfer_all(deps, &env, &info, transfers),
        ExecuteMsg::SendNft {
            contract,
            receiver_info,
            token_id,
            msg,
            memo,
        } => {
            let token_ids = vec![token_id];
            let one = Send {
                contract,
                receiver_info,
                token_ids,
                msg,
                memo,
            };
            send_all(deps, &env, &info, vec![one])
        }
        ExecuteMsg::BatchSendNft { sends } => send_all(deps, &env, &info, sends),
        ExecuteMsg::BurnNft { token_id, memo } => {
            let token_ids = vec![token_id];
            burn_all(deps, &env, &info, vec![Burn { token_ids, memo }])
        }
        ExecuteMsg::BatchBurnNft { burns } => burn_all(deps, &env, &info, burns),
        ExecuteMsg::RegisterReceiveNft {
            code_hash,
            also_implements_batch_receive_nft,
        } => {
            let receiver = Receiver {
                code_hash,
                takes_batches: also_implements_batch_receive_nft.unwrap_or(false),
            };
            receiver.save(deps.storage, &info.sender)?;
            done()
        }
        ExecuteMsg::CreateViewingKey { entropy } => {
            let key = toolbox::create_viewing_key(deps, &env, &info, &entropy);
            answer(ExecuteAnswer::ViewingKey { key })
        }
        ExecuteMsg::SetViewingKey { key } => {
            toolbox::set_viewing_key(deps, &info, &key);
            answer(ExecuteAnswer::ViewingKey { key })
        }
        ExecuteMsg::RevokePermit { permit_name } => {
            toolbox::revoke_permit(deps, &info, &permit_name);
            done()
        }
        msg => approve_or_govern(deps, info, msg),
    }
}

fn approve_or_govern(deps: DepsMut, info: MessageInfo, msg: ExecuteMsg) -> StdResult<Response> {
    let sender = &info.sender;
    match msg {
        ExecuteMsg::SetGlobalApproval {
            token_id,
            view_owner,
            view_private_metadata,
            expires,
        } => set_approvals(
            deps.storage,
            sender,
            (token_id, None),
            [
                (Permission::ViewOwner, view_owner),
                (Permission::ViewPrivateMetadata, view_private_metadata),
                (Permission::Transfer, None),
            ],
            expires,
        ),
        ExecuteMsg::SetWhitelistedApproval {
            address,
            token_id,
            view_owner,
            view_private_metadata,
            transfer,
            expires,
        } => {
            let address = deps.api.addr_validate(&address)?;
            set_approvals(
                deps.storage,
                sender,
                (token_id, Some(address)),
                [
                    (Permission::ViewOwner, view_owner),
                    (Permission::ViewPrivateMetadata, view_private_metadata),
                    (Permission::Transfer, transfer),
                ],
                expires,
            )
        }
        ExecuteMsg::Approve {
            spender,
            token_id,
            expires,
        } => {
            let spender = deps.api.addr_validate(&spender)?;
            let level = AccessLevel::ApproveToken;
            let place = (Some(token_id), Some(spender));
            set_approvals(deps.storage, sender, place, transfer_only(level), expires)
        }
        ExecuteMsg::Revoke { spender, token_id } => {
            let spender = deps.api.addr_validate(&spender)?;
            let level = AccessLevel::RevokeToken;
            let place = (Some(token_id), Some(spender));
            set_approvals(deps.storage, sender, place, transfer_only(level), None)
        }
        ExecuteMsg::ApproveAll { operator, expires } => {
            let operator = Some(deps.api.addr_validate(&operator)?);
            let level = transfer_only(AccessLevel::All);
            set_approvals(deps.storage, sender, (None, operator), level, expires)
        }
        ExecuteMsg::RevokeAll { operator } => {
            let operator = Some(deps.api.addr_validate(&operator)?);
            let level = transfer_only(AccessLevel::None);
            set_approvals(deps.storage, sender, (None, operator), level, None)
        }
        ExecuteMsg::MakeOwnershipPrivate {} => {
            let mut inventory = Inventory::load(deps.storage, sender)?;
            inventory.is_private = true;
            approvals::set(&mut inventory.approvals, None, Permission::ViewOwner, None);
            inventory.save(deps.storage, sender)?;
            done()
        }
        msg => govern(deps, info, msg),
    }
}

/// What only the admin may do.
fn govern(deps: DepsMut, info: MessageInfo, msg: ExecuteMsg) -> StdResult<Response> {
    let mut collection = Collection::load(deps.storage)?;
    collection.assert_admin(&info.sender)?;
    let parse = |list: Vec<String>| -> StdResult<Vec<Addr>> {
        list.iter().map(|a| deps.api.addr_validate(a)).collect()
    };
    match msg {
        ExecuteMsg::AddMinters { minters } => {
            for minter in parse(minters)? {
                if !collection.minters.contains(&minter) {
                    collection.minters.push(minter);
                }
            }
        }
        ExecuteMsg::RemoveMinters { minters } => {
            let gone = parse(minters)?;
            collection.minters.retain(|minter| !gone.contains(minter));
        }
        ExecuteMsg::SetMinters { minters } => collection.minters = parse(minters)?,
        ExecuteMsg::ChangeAdmin { address } => {
            collection.admin = deps.api.addr_validate(&address)?;
        }
        ExecuteMsg::SetContractStatus { level } => collection.status = level,
        _ => return Err(StdError::generic_err("no message for the admin")),
    }
    collection.save(deps.storage)?;
    done()
}

fn mint_all(
    deps: DepsMut,
    env: &Env,
    info: &MessageInfo,
    mints: Vec<Mint>,
) -> StdResult<Vec<String>> {
    let mut collection = Collection::load(deps.storage)?;
    if !collection.minters.contains(&info.sender) {
        return Err(StdError::generic_err(
            "Only designated minters are allowed to mint",
        ));
    }
    let mut ids = Vec::with_capacity(mints.len());
    for one in mints {
        let owner = match &one.owner {
            Some(owner) => deps.api.addr_validate(owner)?,
            None => info.sender.clone(),
        };
        let people = (&info.sender, owner);
        ids.push(mint(deps.storage, env, &mut collection, people, one)?);
    }
    collection.save(deps.storage)?;
    Ok(ids)
}

fn set_metadata(
    storage: &mut dyn Storage,
    sender: &Addr,
    id: &str,
    (public, private): (Option<Metadata>, Option<Metadata>),
) -> StdResult<Response> {
    let Collection {
        config, minters, ..
    } = Collection::load(storage)?;
    let mut token = Token::may_load(storage, id)?.ok_or_else(|| not_authorized(id))?;
    let as_owner = config.owner_may_update_metadata && token.owner == *sender;
    let as_minter = config.minter_may_update_metadata && minters.contains(sender);
    if !as_owner && !as_minter {
        return Err(not_authorized(id));
    }
    token.public_metadata = public.or(token.public_metadata);
    token.private_metadata = private.or(token.private_metadata);
    token.save(storage, id)?;
    done()
}

fn set_approvals(
    storage: &mut dyn Storage,
    owner: &Addr,
    (token_id, address): (Option<String>, Option<Addr>),
    levels: [(Permission, Option<AccessLevel>); 3],
    expires: Option<Expiration>,
) -> StdResult<Response> {
    let mut inventory = Inventory::load(storage, owner)?;
    let mut token = match &token_id {
        Some(id) => Some(load_owned(storage, owner, id)?),
        None => None,
    };
    for (permission, level) in levels {
        let Some(level) = level else { continue };
        let of_token: Option<&mut Vec<Approval>> = token.as_mut().map(|t| &mut t.approvals);
        let needs_token = [AccessLevel::ApproveToken, AccessLevel::RevokeToken].contains(&level);
        if needs_token && of_token.is_none() {
            return Err(StdError::generic_err(
                "Attempted to grant/revoke permission for a token, but did not specify a token ID",
            ));
        }
        let expires = expires.unwrap_or(Expiration::Never);
        let lists = (of_token, &mut inventory.approvals);
        approvals::set_level(lists, address.as_ref(), permission, (level, expires));
    }
    inventory.save(storage, owner)?;
    if let (Some(token), Some(id)) = (token, token_id) {
        token.save(storage, &id)?;
    }
    done()
}

fn transfer_only(level: AccessLevel) -> [(Permission, Option<AccessLevel>); 3] {
    [
        (Permission::ViewOwner, None),
        (Permission::ViewPrivateMetadata, None),
        (Permission::Transfer, Some(level)),
    ]
}

fn transfer_all(
    deps: DepsMut,
    env: &Env,
    info: &MessageInfo,
    transfers: Vec<Transfer>,
) -> StdResult<Response> {
    for one in transfers {
        let recipient = deps.api.addr_validate(&one.recipient)?;
        for id in one.token_ids {
            transfer(
                deps.storage,
                env,
                &info.sender,
                (&id, &recipient),
                &one.memo,
            )?;
        }
    }
    done()
}

/// Transfers to contracts, and tells them. Tokens of several owners make several messages.
fn send_all(deps: DepsMut, env: &Env, info: &MessageInfo, sends: Vec<Send>) -> StdResult<Response> {
    let mut messages = Vec::new();
    for send in sends {
        let contract = deps.api.addr_validate(&send.contract)?;
        let mut by_owner: Vec<(Addr, Vec<String>)> = Vec::new();
        for id in send.token_ids {
            let from = transfer(
                deps.storage,
                env,
                &info.sender,
                (&id, &contract),
                &send.memo,
            )?;
            match by_owner.iter_mut().find(|(owner, _)| *owner == from) {
                Some((_, ids)) => ids.push(id),
                None => by_owner.push((from, vec![id])),
            }
        }
        let receiver = match send.receiver_info {
            Some(told) => Some(Receiver {
                code_hash: told.recipient_code_hash,
                takes_batches: told.also_implements_batch_receive_nft.unwrap_or(false),
            }),
            None => Receiver::may_load(deps.storage, contract.as_str())?,
        };
        let Some(receiver) = receiver else { continue };
        for (from, ids) in by_owner {
            let sender = info.sender.clone();
            messages.extend(callbacks(
                &receiver,
                &contract,
                (sender, from),
                ids,
                &send.msg,
            )?);
        }
    }
    Ok(done()?.add_messages(messages))
}

fn callbacks(
    receiver: &Receiver,
    contract: &Addr,
    (sender, from): (Addr, Addr),
    token_ids: Vec<String>,
    msg: &Option<Binary>,
) -> StdResult<Vec<CosmosMsg>> {
    let deliveries = if receiver.takes_batches {
        vec![ReceiverMsg::BatchReceiveNft {
            sender,
            from,
            token_ids,
            msg: msg.clone(),
        }]
    } else {
        let one = |token_id| ReceiverMsg::ReceiveNft {
            sender: from.clone(),
            token_id,
            msg: msg.clone(),
        };
        token_ids.into_iter().map(one).collect()
    };
    let execute = |delivery: &ReceiverMsg| {
        let execute = WasmMsg::Execute {
            contract_addr: contract.to_string(),
            code_hash: receiver.code_hash.clone(),
            msg: to_binary(delivery)?,
            funds: Vec::new(),
        };
        Ok(execute.into())
    };
    deliveries.iter().map(execute).collect()
}

fn burn_all(deps: DepsMut, env: &Env, info: &MessageInfo, burns: Vec<Burn>) -> StdResult<Response> {
    let mut collection = Collection::load(deps.storage)?;
    if !collection.config.enable_burn {
        return Err(StdError::generic_err(
            "Burn functionality is not enabled for this token",
        ));
    }
    for one in burns {
        for id in one.token_ids {
            let what = (id.as_str(), one.memo.clone());
            burn(deps.storage, env, &mut collection, &info.sender, what)?;
        }
    }
    collection.save(deps.storage)?;
    done()
}

fn done() -> StdResult<Response> {
    let status = ResponseStatus::Success;
    answer(ExecuteAnswer::Done { status })
}

fn answer(answer: ExecuteAnswer) -> StdResult<Response> {
    Ok(Response::new().set_data(to_binary(&answer)?))
}
