//! Encrypted ballots, added up without being read.
//!
//! A voter sends one ciphertext for each option under a key that no single machine holds, with a
//! proof that exactly one of them is 1 and the others are 0. The contract verifies and adds. A
//! second ballot replaces the first. Once the poll is closed everybody may have the sum, which the
//! holders of the key decrypt together; no single ballot is ever shown.
//!
//! The contract's state is encrypted by the network, too. If that fails, ballots are still secret.

use cosmwasm_std::{
    entry_point, to_binary, Binary, Deps, DepsMut, Env, MessageInfo, Response, StdError, StdResult,
    Storage,
};
use elgamal::{verify_choice, Choice, Ciphertext, Context, Error, Key, CIPHERTEXT_BYTES};
use serde::{Deserialize, Serialize};
use toolbox::{key, load, may_load, save};

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct InstantiateMsg {
    pub question: String,
    pub options: Vec<String>,
    /// H and P of the encryption key, 64 bytes.
    pub key: Binary,
    /// Addresses; each has one vote.
    pub voters: Vec<String>,
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum ExecuteMsg {
    /// What `encryptInput` makes for this contract, the sender and the session `SESSION`, with the
    /// policy "choice" of one out of the options.
    Cast { ballot: Binary },
    /// Ends the poll: no more ballots, and the sum is shown. Only who instantiated the contract.
    Close {},
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum QueryMsg {
    /// Answers `StatusResponse`.
    Status {},
    /// Answers `SumResponse`, once the poll is closed.
    Sum {},
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct StatusResponse {
    pub question: String,
    pub options: Vec<String>,
    pub key: Binary,
    /// Who may close the poll.
    pub owner: String,
    pub closed: bool,
    pub ballots: u32,
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct SumResponse {
    pub ballots: u32,
    /// One ciphertext of 64 bytes for each option; empty if nobody voted.
    pub sum: Binary,
}

/// Options of a poll: what one transaction verifies in reasonable gas.
pub const OPTIONS_MAX: usize = 16;
pub const SESSION: &[u8] = b"ballot";

/// Key of the poll, JSON.
const POLL: &[u8] = b"poll";
/// Key of the sum: a ciphertext for each option.
const SUM: &[u8] = b"sum";
/// Before an address: `true` for a voter, JSON.
const VOTER: &[u8] = b"voter";
/// Before an address: the ciphertexts that are in the sum.
const BALLOT: &[u8] = b"ballot";

#[entry_point]
pub fn instantiate(
    deps: DepsMut,
    _env: Env,
    info: MessageInfo,
    msg: InstantiateMsg,
) -> StdResult<Response> {
    if msg.options.is_empty() || msg.options.len() > OPTIONS_MAX {
        return Err(StdError::generic_err(format!("1 to {OPTIONS_MAX} options")));
    }
    Key::decode(&msg.key).map_err(refuse)?;
    for voter in &msg.voters {
        let address = deps.api.addr_validate(voter)?;
        save(deps.storage, &key(&[VOTER, address.as_bytes()]), &true)?;
    }
    let poll = StatusResponse {
        question: msg.question,
        options: msg.options,
        key: msg.key,
        owner: info.sender.into_string(),
        closed: false,
        ballots: 0,
    };
    save(deps.storage, POLL, &poll)?;
    Ok(Response::new())
}

#[entry_point]
pub fn execute(deps: DepsMut, env: Env, info: MessageInfo, msg: ExecuteMsg) -> StdResult<Response> {
    let mut poll: StatusResponse = load(deps.storage, POLL, "poll")?;
    if poll.closed {
        return Err(StdError::generic_err("the poll is closed"));
    }
    match msg {
        ExecuteMsg::Cast { ballot } => cast(deps.storage, &env, &info, &mut poll, &ballot)?,
        ExecuteMsg::Close {} if info.sender.as_str() == poll.owner => poll.closed = true,
        ExecuteMsg::Close {} => {
            return Err(StdError::generic_err("only the owner may close the poll"));
        }
    }
    save(deps.storage, POLL, &poll)?;
    Ok(Response::new().add_attribute("ballots", poll.ballots.to_string()))
}

/// Verifies a ballot and puts it into the sum, in place of the voter's earlier one.
fn cast(
    storage: &mut dyn Storage,
    env: &Env,
    info: &MessageInfo,
    poll: &mut StatusResponse,
    ballot: &[u8],
) -> StdResult<()> {
    let sender = info.sender.as_str();
    if may_load::<bool>(storage, &key(&[VOTER, sender.as_bytes()]))?.is_none() {
        return Err(StdError::generic_err("not on the list of voters"));
    }
    let context = Context { contract: env.contract.address.as_str(), sender, session: SESSION };
    let choice = Choice { options: poll.options.len() as u32, chosen: 1 };
    let encryption_key = Key::decode(&poll.key).map_err(refuse)?;
    let cast = verify_choice(&encryption_key, &context, choice, ballot).map_err(refuse)?;

    let own = key(&[BALLOT, sender.as_bytes()]);
    let earlier = load_ciphertexts(storage, &own)?;
    let sum = load_ciphertexts(storage, SUM)?;
    let new_sum: Vec<Ciphertext> = cast
        .iter()
        .enumerate()
        .map(|(i, ciphertext)| {
            let before = sum.get(i).copied().unwrap_or_else(Ciphertext::zero);
            let mine = earlier.get(i).copied().unwrap_or_else(Ciphertext::zero);
            before - mine + *ciphertext
        })
        .collect();
    if earlier.is_empty() {
        poll.ballots += 1;
    }
    save_ciphertexts(storage, &own, &cast)?;
    save_ciphertexts(storage, SUM, &new_sum)
}

#[entry_point]
pub fn query(deps: Deps, _env: Env, msg: QueryMsg) -> StdResult<Binary> {
    let poll: StatusResponse = load(deps.storage, POLL, "poll")?;
    match msg {
        QueryMsg::Status {} => to_binary(&poll),
        QueryMsg::Sum {} => {
            if !poll.closed {
                return Err(StdError::generic_err("the poll is open"));
            }
            let sum = deps.storage.get(SUM).unwrap_or_default();
            to_binary(&SumResponse { ballots: poll.ballots, sum: Binary(sum) })
        }
    }
}

fn load_ciphertexts(storage: &dyn Storage, at: &[u8]) -> StdResult<Vec<Ciphertext>> {
    let bytes = storage.get(at).unwrap_or_default();
    bytes.chunks(CIPHERTEXT_BYTES).map(|chunk| Ciphertext::decode(chunk).map_err(refuse)).collect()
}

fn save_ciphertexts(storage: &mut dyn Storage, at: &[u8], list: &[Ciphertext]) -> StdResult<()> {
    let mut bytes = Vec::with_capacity(list.len() * CIPHERTEXT_BYTES);
    for ciphertext in list {
        bytes.extend(ciphertext.encode().map_err(refuse)?);
    }
    storage.set(at, &bytes);
    Ok(())
}

fn refuse(error: Error) -> StdError {
    StdError::generic_err(match error {
        Error::Length => "not of the right length",
        Error::Element | Error::Identity => "not a ciphertext",
        Error::Scalar => "not a scalar",
        Error::Key => "not an encryption key",
        Error::Policy => "not a choice that can be made",
        Error::Proof => "the proof does not verify",
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use cosmwasm_std::from_binary;
    use cosmwasm_std::testing::{mock_dependencies, mock_env, mock_info};

    /// A ballot for another contract, from the shared vectors: right in form.
    fn foreign_ballot() -> (Binary, Binary) {
        let text = include_str!("../../../vectors/threshold-elgamal/vectors.json");
        let vectors: serde_json::Value = serde_json::from_str(text).unwrap();
        let item = &vectors["choices"][2];
        assert_eq!((item["options"].as_u64(), item["chosen"].as_u64()), (Some(3), Some(1)));
        let bytes = |field: &str| {
            let hex = item[field].as_str().unwrap();
            let read = |i: usize| u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).unwrap();
            Binary((0..hex.len() / 2).map(read).collect())
        };
        (bytes("key"), bytes("input"))
    }

    #[test]
    fn refuses_strangers_late_and_foreign_ballots_and_keeps_the_sum_until_the_end() {
        let mut deps = mock_dependencies();
        let (key, ballot) = foreign_ballot();
        let msg = InstantiateMsg {
            question: "Tea?".into(),
            options: ["yes", "no", "later"].map(String::from).to_vec(),
            key: key.clone(),
            voters: vec!["secret1voter".into()],
        };
        let bad = InstantiateMsg { key: Binary(vec![0; 64]), ..msg.clone() };
        let owner = mock_info("owner", &[]);
        instantiate(deps.as_mut(), mock_env(), owner.clone(), bad).unwrap_err();
        instantiate(deps.as_mut(), mock_env(), owner, msg).unwrap();
        let cast = ExecuteMsg::Cast { ballot };
        let mut said = |sender: &str, msg: &ExecuteMsg| {
            let answer = execute(deps.as_mut(), mock_env(), mock_info(sender, &[]), msg.clone());
            answer.map_or_else(|error| error.to_string(), |_| "done".into())
        };
        assert!(said("secret1stranger", &cast).contains("not on the list"));
        assert!(said("secret1voter", &cast).contains("the proof does not verify"));
        assert!(said("secret1voter", &ExecuteMsg::Close {}).contains("only the owner"));
        assert_eq!(said("owner", &ExecuteMsg::Close {}), "done");
        assert!(said("secret1voter", &cast).contains("closed"));
        let answer = query(deps.as_ref(), mock_env(), QueryMsg::Sum {}).unwrap();
        let sum: SumResponse = from_binary(&answer).unwrap();
        assert_eq!(sum, SumResponse { ballots: 0, sum: Binary(vec![]) });
    }
}
