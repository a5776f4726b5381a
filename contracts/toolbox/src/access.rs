use cosmwasm_std::{Addr, Deps, DepsMut, Env, MessageInfo, StdError, StdResult, Storage};
use secret_toolkit::crypto::sha_256;
use secret_toolkit::permit::{validate, Permit, RevokedPermits, TokenPermissions};
use secret_toolkit::viewing_key::{ViewingKey, ViewingKeyStore};
use serde::{Deserialize, Serialize};

/// Storage prefix of revoked permits.
const REVOKED_PERMITS: &str = "revoked";

/// Who asks, and the key that proves it.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct Viewer {
    pub address: String,
    pub viewing_key: String,
}

/// To be called once, at instantiation: keys that the contract creates depend on it.
pub fn seed_viewing_keys(storage: &mut dyn Storage, env: &Env, entropy: &[u8]) {
    let random = env.block.random.as_ref().map_or(&[][..], |r| r.as_slice());
    ViewingKey::set_seed(storage, &sha_256(&[entropy, random].concat()));
}

pub fn create_viewing_key(deps: DepsMut, env: &Env, info: &MessageInfo, entropy: &str) -> String {
    let random = env.block.random.as_ref().map_or(&[][..], |r| r.as_slice());
    let entropy = [entropy.as_bytes(), random].concat();
    ViewingKey::create(deps.storage, info, env, info.sender.as_str(), &entropy)
}

pub fn set_viewing_key(deps: DepsMut, info: &MessageInfo, key: &str) {
    ViewingKey::set(deps.storage, info.sender.as_str(), key);
}

pub fn revoke_permit(deps: DepsMut, info: &MessageInfo, name: &str) {
    RevokedPermits::revoke_permit(deps.storage, REVOKED_PERMITS, info.sender.as_str(), name);
}

/// The same words for a wrong key and for none, so that nobody learns who has one.
pub fn viewer_with_key(deps: Deps, viewer: &Viewer) -> StdResult<Addr> {
    ViewingKey::check(deps.storage, &viewer.address, &viewer.viewing_key).map_err(|_| {
        StdError::generic_err("Wrong viewing key for this address or viewing key not set")
    })?;
    Ok(Addr::unchecked(&viewer.address))
}

/// Who signed a permit (SNIP-24) that grants `needed`, or `owner`, which grants everything.
pub fn signer_of_permit(
    deps: Deps,
    env: &Env,
    permit: &Permit,
    needed: TokenPermissions,
) -> StdResult<Addr> {
    // Contracts of two networks can have one address, so a permit must name this one.
    if permit.params.chain_id != env.block.chain_id {
        return Err(StdError::generic_err(format!(
            "the permit is for chain {}, this is {}",
            permit.params.chain_id, env.block.chain_id
        )));
    }
    let grants = |permission| permit.check_permission(permission);
    if !grants(&needed) && !grants(&TokenPermissions::Owner) {
        return Err(StdError::generic_err(format!(
            "the permit does not grant {needed:?}"
        )));
    }
    let contract = env.contract.address.to_string();
    validate(deps, REVOKED_PERMITS, permit, contract, None).map(Addr::unchecked)
}
