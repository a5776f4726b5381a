//! Tokens come, change hands and go, and the lists with them.

use cosmwasm_std::{Addr, Env, StdError, StdResult, Storage};

use crate::approvals::{admits, Permission};
use crate::history::{record, TxAction};
use crate::msg::Mint;
use crate::state::{Collection, Inventory, List, Token};

/// @returns the token's name.
pub fn mint(
    storage: &mut dyn Storage,
    env: &Env,
    collection: &mut Collection,
    (minter, owner): (&Addr, Addr),
    mint: Mint,
) -> StdResult<String> {
    let id = mint.token_id.unwrap_or(collection.minted.to_string());
    if id.is_empty() || id.len() > 128 {
        return Err(StdError::generic_err("token_id must have 1 to 128 bytes"));
    }
    if Token::may_load(storage, &id)?.is_some() {
        return Err(StdError::generic_err(format!(
            "Token ID {id} is already in use"
        )));
    }
    List::All.set(storage, collection.count, &id)?;
    let token = Token {
        owner_index: enlist(storage, &owner, &id)?,
        owner,
        public_metadata: mint.public_metadata,
        private_metadata: mint.private_metadata,
        approvals: Vec::new(),
        index: collection.count,
    };
    token.save(storage, &id)?;
    let action = TxAction::Mint {
        minter: minter.clone(),
        recipient: token.owner,
    };
    record(storage, env, &id, action, mint.memo)?;
    collection.minted += 1;
    collection.count += 1;
    Ok(id)
}

/// Moves a token that the sender owns or may transfer. @returns the former owner.
pub fn transfer(
    storage: &mut dyn Storage,
    env: &Env,
    sender: &Addr,
    (id, recipient): (&str, &Addr),
    memo: &Option<String>,
) -> StdResult<Addr> {
    let mut token = load_transferable(storage, env, sender, id)?;
    let former = token.owner.clone();
    if former == *recipient {
        return Err(StdError::generic_err(format!(
            "Attempting to transfer token ID {id} to the address that already owns it"
        )));
    }
    delist(storage, &former, token.owner_index)?;
    token.owner_index = enlist(storage, recipient, id)?;
    token.owner = recipient.clone();
    token.approvals = Vec::new();
    token.save(storage, id)?;
    let action = TxAction::Transfer {
        from: former.clone(),
        sender: (*sender != former).then(|| sender.clone()),
        recipient: recipient.clone(),
    };
    record(storage, env, id, action, memo.clone())?;
    Ok(former)
}

pub fn burn(
    storage: &mut dyn Storage,
    env: &Env,
    collection: &mut Collection,
    sender: &Addr,
    (id, memo): (&str, Option<String>),
) -> StdResult<()> {
    let token = load_transferable(storage, env, sender, id)?;
    delist(storage, &token.owner, token.owner_index)?;
    let last = collection.count - 1;
    if token.index != last {
        let moved_id = List::All.get(storage, last)?;
        let mut moved = existing(storage, &moved_id)?;
        moved.index = token.index;
        moved.save(storage, &moved_id)?;
        List::All.set(storage, token.index, &moved_id)?;
    }
    List::All.remove(storage, last);
    Token::remove(storage, id);
    let action = TxAction::Burn {
        burner: (*sender != token.owner).then(|| sender.clone()),
        owner: token.owner,
    };
    record(storage, env, id, action, memo)?;
    collection.count = last;
    Ok(())
}

/// The same words for a token that is not there and for one that the sender may not touch:
/// where the supply is private, nobody shall learn which names exist.
pub fn not_authorized(id: &str) -> StdError {
    StdError::generic_err(format!(
        "You are not authorized to perform this action on token {id}"
    ))
}

pub fn load_owned(storage: &dyn Storage, sender: &Addr, id: &str) -> StdResult<Token> {
    Token::may_load(storage, id)?
        .filter(|token| token.owner == *sender)
        .ok_or_else(|| not_authorized(id))
}

fn load_transferable(
    storage: &dyn Storage,
    env: &Env,
    sender: &Addr,
    id: &str,
) -> StdResult<Token> {
    let token = Token::may_load(storage, id)?.ok_or_else(|| not_authorized(id))?;
    if may(storage, env, &token, Some(sender), Permission::Transfer)? {
        return Ok(token);
    }
    Err(not_authorized(id))
}

/// Whether somebody, or everybody, has a permission on a token: as its owner, by the token's
/// approvals or by those of the owner's inventory.
pub fn may(
    storage: &dyn Storage,
    env: &Env,
    token: &Token,
    viewer: Option<&Addr>,
    permission: Permission,
) -> StdResult<bool> {
    if viewer == Some(&token.owner) || admits(&token.approvals, viewer, permission, &env.block) {
        return Ok(true);
    }
    let inventory = Inventory::load(storage, &token.owner)?;
    Ok(admits(&inventory.approvals, viewer, permission, &env.block))
}

/// Puts a name at the end of an owner's list. @returns its place.
fn enlist(storage: &mut dyn Storage, owner: &Addr, id: &str) -> StdResult<u32> {
    let mut inventory = Inventory::load(storage, owner)?;
    let index = inventory.count;
    List::Of(owner).set(storage, index, id)?;
    inventory.count += 1;
    inventory.save(storage, owner)?;
    Ok(index)
}

fn delist(storage: &mut dyn Storage, owner: &Addr, index: u32) -> StdResult<()> {
    let mut inventory = Inventory::load(storage, owner)?;
    inventory.count -= 1;
    let last = inventory.count;
    if index != last {
        let moved_id = List::Of(owner).get(storage, last)?;
        let mut moved = existing(storage, &moved_id)?;
        moved.owner_index = index;
        moved.save(storage, &moved_id)?;
        List::Of(owner).set(storage, index, &moved_id)?;
    }
    List::Of(owner).remove(storage, last);
    inventory.save(storage, owner)
}

fn existing(storage: &dyn Storage, id: &str) -> StdResult<Token> {
    Token::may_load(storage, id)?.ok_or_else(|| StdError::not_found("token"))
}
