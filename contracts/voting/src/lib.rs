//! A private vote: who voted what stays secret for ever, the tally appears only at the end.
//!
//! A vote weighs what a list says, or the voter's balance of a SNIP-20 token when they vote. The
//! balance is read with the voter's viewing key of the token, which travels in the encrypted
//! message and is not kept. Balances move: a token can vote once in each account it passes
//! through, so such a vote suits tokens that are locked or hard to move while it is open.

use cosmwasm_std::{
    entry_point, to_binary, Addr, Binary, Deps, DepsMut, Env, MessageInfo, QueryRequest, Response,
    StdError, StdResult, Storage, Uint128, WasmQuery,
};
use secret_toolkit::permit::{Permit, TokenPermissions};
use secret_toolkit::utils::{pad_handle_result, pad_query_result};
use serde::{Deserialize, Serialize};
use toolbox::{key, load, may_load, save, signer_of_permit, viewer_with_key, Viewer, PAD_BYTES};

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct InstantiateMsg {
    pub question: String,
    /// 2 to 16.
    pub options: Vec<String>,
    pub weights: Weights,
    /// Seconds since 1970: votes are taken before, the tally is public from then on.
    pub ends_at: u64,
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum Weights {
    List { voters: Vec<Voter> },
    Snip20 { address: String, code_hash: String },
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct Voter {
    pub address: String,
    pub weight: Uint128,
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum ExecuteMsg {
    Vote {
        /// Number of the option, from 0.
        option: u32,
        /// The sender's viewing key of the token, where tokens are the weights.
        token_viewing_key: Option<String>,
    },
    SetViewingKey {
        key: String,
    },
    RevokePermit {
        permit_name: String,
    },
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum QueryMsg {
    Status {},
    /// Only after the end.
    Tally {},
    /// One's own vote.
    MyVote {
        viewer: Viewer,
    },
    WithPermit {
        permit: Permit,
    },
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct StatusResponse {
    pub question: String,
    pub options: Vec<String>,
    pub ends_at: u64,
    pub is_over: bool,
    pub votes: u32,
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct TallyResponse {
    /// Total weight of each option, in their order.
    pub weights: Vec<Uint128>,
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct Vote {
    pub option: u32,
    pub weight: Uint128,
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
struct Poll {
    question: String,
    options: Vec<String>,
    ends_at: u64,
    /// Absent where a list has the weights.
    token: Option<Token>,
    votes: u32,
    tally: Vec<Uint128>,
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
struct Token {
    address: String,
    code_hash: String,
}

const POLL: &[u8] = b"poll";
const OPTIONS_MAX: usize = 16;

#[entry_point]
pub fn instantiate(
    deps: DepsMut,
    env: Env,
    _info: MessageInfo,
    msg: InstantiateMsg,
) -> StdResult<Response> {
    if !(2..=OPTIONS_MAX).contains(&msg.options.len()) {
        return Err(refuse("a vote has 2 to 16 options"));
    }
    if msg.ends_at <= env.block.time.seconds() {
        return Err(refuse("the vote would be over before it starts"));
    }
    let token = match msg.weights {
        Weights::List { voters } => {
            for voter in voters {
                let address = deps.api.addr_validate(&voter.address)?;
                save(deps.storage, &weight_key(&address), &voter.weight)?;
            }
            None
        }
        Weights::Snip20 { address, code_hash } => {
            deps.api.addr_validate(&address)?;
            Some(Token { address, code_hash })
        }
    };
    let poll = Poll {
        question: msg.question,
        tally: vec![Uint128::zero(); msg.options.len()],
        options: msg.options,
        ends_at: msg.ends_at,
        token,
        votes: 0,
    };
    save(deps.storage, POLL, &poll)?;
    Ok(Response::new())
}

#[entry_point]
pub fn execute(deps: DepsMut, env: Env, info: MessageInfo, msg: ExecuteMsg) -> StdResult<Response> {
    let result = match msg {
        ExecuteMsg::Vote {
            option,
            token_viewing_key,
        } => vote(deps, env, info, option, token_viewing_key),
        ExecuteMsg::SetViewingKey { key } => {
            toolbox::set_viewing_key(deps, &info, &key);
            Ok(Response::new())
        }
        ExecuteMsg::RevokePermit { permit_name } => {
            toolbox::revoke_permit(deps, &info, &permit_name);
            Ok(Response::new())
        }
    };
    pad_handle_result(result, PAD_BYTES)
}

#[entry_point]
pub fn query(deps: Deps, env: Env, msg: QueryMsg) -> StdResult<Binary> {
    let vote_of = |voter: Addr| -> StdResult<Binary> {
        let vote: Option<Vote> = may_load(deps.storage, &vote_key(&voter))?;
        to_binary(&vote)
    };
    let answer = match msg {
        QueryMsg::Status {} => status(deps, &env),
        QueryMsg::Tally {} => tally(deps, &env),
        QueryMsg::MyVote { viewer } => viewer_with_key(deps, &viewer).and_then(vote_of),
        QueryMsg::WithPermit { permit } => {
            signer_of_permit(deps, &env, &permit, TokenPermissions::History).and_then(vote_of)
        }
    };
    pad_query_result(answer, PAD_BYTES)
}

fn status(deps: Deps, env: &Env) -> StdResult<Binary> {
    let poll: Poll = load(deps.storage, POLL, "vote")?;
    to_binary(&StatusResponse {
        is_over: is_over(&poll, env),
        question: poll.question,
        options: poll.options,
        ends_at: poll.ends_at,
        votes: poll.votes,
    })
}

fn tally(deps: Deps, env: &Env) -> StdResult<Binary> {
    let poll: Poll = load(deps.storage, POLL, "vote")?;
    if !is_over(&poll, env) {
        return Err(refuse("the tally is secret until the vote is over"));
    }
    to_binary(&TallyResponse {
        weights: poll.tally,
    })
}

fn vote(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    option: u32,
    token_viewing_key: Option<String>,
) -> StdResult<Response> {
    let mut poll: Poll = load(deps.storage, POLL, "vote")?;
    if is_over(&poll, &env) {
        return Err(refuse("the vote is over"));
    }
    if deps.storage.get(&vote_key(&info.sender)).is_some() {
        return Err(refuse("you have voted already"));
    }
    let Some(total) = poll.tally.get_mut(option as usize) else {
        return Err(refuse("there is no such option"));
    };
    let weight = match &poll.token {
        None => listed_weight(deps.storage, &info.sender)?,
        Some(token) => balance(deps.as_ref(), token, &info.sender, token_viewing_key)?,
    };
    if weight.is_zero() {
        return Err(refuse("you have no weight in this vote"));
    }
    *total = total.checked_add(weight)?;
    poll.votes += 1;
    save(deps.storage, POLL, &poll)?;
    save(
        deps.storage,
        &vote_key(&info.sender),
        &Vote { option, weight },
    )?;
    Ok(Response::new().add_attribute("weight", weight))
}

fn listed_weight(storage: &dyn Storage, voter: &Addr) -> StdResult<Uint128> {
    Ok(may_load(storage, &weight_key(voter))?.unwrap_or_default())
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(rename_all = "snake_case")]
enum TokenQuery {
    Balance { address: String, key: String },
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(rename_all = "snake_case")]
enum TokenAnswer {
    Balance { amount: Uint128 },
    ViewingKeyError { msg: String },
}

fn balance(
    deps: Deps,
    token: &Token,
    voter: &Addr,
    viewing_key: Option<String>,
) -> StdResult<Uint128> {
    let query = TokenQuery::Balance {
        address: voter.to_string(),
        key: viewing_key.ok_or_else(|| refuse("this vote needs your viewing key of the token"))?,
    };
    let request = WasmQuery::Smart {
        contract_addr: token.address.clone(),
        code_hash: token.code_hash.clone(),
        msg: to_binary(&query)?,
    };
    match deps.querier.query(&QueryRequest::Wasm(request))? {
        TokenAnswer::Balance { amount } => Ok(amount),
        TokenAnswer::ViewingKeyError { msg } => Err(refuse(format!("the token says: {msg}"))),
    }
}

fn is_over(poll: &Poll, env: &Env) -> bool {
    env.block.time.seconds() >= poll.ends_at
}

fn weight_key(voter: &Addr) -> Vec<u8> {
    key(&[b"weight", voter.as_bytes()])
}

fn vote_key(voter: &Addr) -> Vec<u8> {
    key(&[b"vote", voter.as_bytes()])
}

fn refuse(reason: impl Into<String>) -> StdError {
    StdError::generic_err(reason)
}

#[cfg(test)]
mod tests {
    use super::*;
    use cosmwasm_std::testing::{mock_dependencies, mock_env, mock_info};
    use cosmwasm_std::{from_binary, Timestamp};

    fn at(seconds: u64) -> Env {
        let mut env = mock_env();
        env.block.time = Timestamp::from_seconds(seconds);
        env
    }

    #[test]
    fn counts_each_listed_voter_once_and_tells_only_at_the_end() {
        let mut deps = mock_dependencies();
        let voter = |address: &str, weight: u128| Voter {
            address: address.into(),
            weight: Uint128::new(weight),
        };
        let msg = InstantiateMsg {
            question: "Tea?".into(),
            options: vec!["yes".into(), "no".into()],
            weights: Weights::List {
                voters: vec![voter("alice", 2), voter("bobby", 3), voter("carol", 1)],
            },
            ends_at: 100,
        };
        instantiate(deps.as_mut(), at(1), mock_info("alice", &[]), msg).unwrap();
        let vote = |deps: DepsMut, who: &str, option, seconds| {
            let msg = ExecuteMsg::Vote {
                option,
                token_viewing_key: None,
            };
            execute(deps, at(seconds), mock_info(who, &[]), msg)
        };
        vote(deps.as_mut(), "alice", 0, 2).unwrap();
        vote(deps.as_mut(), "alice", 1, 3).unwrap_err();
        vote(deps.as_mut(), "bobby", 2, 3).unwrap_err();
        vote(deps.as_mut(), "bobby", 1, 3).unwrap();
        vote(deps.as_mut(), "david", 1, 3).unwrap_err();
        vote(deps.as_mut(), "carol", 1, 100).unwrap_err();
        query(deps.as_ref(), at(99), QueryMsg::Tally {}).unwrap_err();
        let answer = query(deps.as_ref(), at(100), QueryMsg::Tally {}).unwrap();
        let tally: TallyResponse = from_binary(&answer).unwrap();
        assert_eq!(tally.weights, [Uint128::new(2), Uint128::new(3)]);
    }
}
