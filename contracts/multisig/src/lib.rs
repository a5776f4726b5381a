//! A wallet of several owners: what it sends, k of n have approved. Proposals are private.
//!
//! A proposal is a list of messages. When enough owners have approved it, any of them executes it:
//! its messages are sent one after the other, and each answer comes back to `reply`. If one fails,
//! nothing of the execution stays, unless the proposal says that failures are to be kept as its
//! outcome (`keep_going`).

use cosmwasm_std::{
    entry_point, to_binary, Addr, BankMsg, Binary, Coin, CosmosMsg, Deps, DepsMut, Env,
    MessageInfo, Reply, Response, StdError, StdResult, SubMsg, SubMsgResult, WasmMsg,
};
use secret_toolkit::permit::{Permit, TokenPermissions};
use secret_toolkit::utils::pad_query_result;
use serde::{Deserialize, Serialize};
use toolbox::{key, load, save, signer_of_permit, viewer_with_key, Viewer, PAD_BYTES};

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct InstantiateMsg {
    /// 1 to 20.
    pub owners: Vec<String>,
    /// How many of them must approve.
    pub threshold: u32,
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum ExecuteMsg {
    /// The proposer approves at once. Answers with the proposal's number.
    Propose {
        title: String,
        actions: Vec<Action>,
        #[serde(default)]
        keep_going: bool,
    },
    Approve {
        proposal: u32,
    },
    /// Takes an approval back before the execution.
    Withdraw {
        proposal: u32,
    },
    Execute {
        proposal: u32,
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
pub enum Action {
    Send {
        to: String,
        amount: Vec<Coin>,
    },
    Execute {
        contract: String,
        code_hash: String,
        msg: Binary,
        funds: Vec<Coin>,
    },
    /// Replaces the wallet's owners.
    SetOwners {
        owners: Vec<String>,
        threshold: u32,
    },
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum QueryMsg {
    /// Owners and threshold are public.
    Owners {},
    /// Proposals are for owners only.
    Proposal {
        proposal: u32,
        viewer: Viewer,
    },
    WithPermit {
        permit: Permit,
        proposal: u32,
    },
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct OwnersResponse {
    pub owners: Vec<Addr>,
    pub threshold: u32,
    pub proposals: u32,
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct Proposal {
    pub title: String,
    pub actions: Vec<Action>,
    pub keep_going: bool,
    pub approvals: Vec<Addr>,
    pub is_executed: bool,
    /// One for each message that was sent, in the order of their answers.
    pub outcomes: Vec<ActionOutcome>,
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct ActionOutcome {
    /// Number of the action, from 0.
    pub action: u32,
    pub ok: bool,
    /// What the callee answered, if it answered.
    pub data: Option<Binary>,
    pub error: Option<String>,
}

type Wallet = OwnersResponse;

const WALLET: &[u8] = b"wallet";
const OWNERS_MAX: usize = 20;
const ACTIONS_MAX: usize = 16;

#[entry_point]
pub fn instantiate(
    deps: DepsMut,
    _env: Env,
    _info: MessageInfo,
    msg: InstantiateMsg,
) -> StdResult<Response> {
    let owners = checked_owners(deps.as_ref(), msg.owners, msg.threshold)?;
    let wallet = Wallet {
        owners,
        threshold: msg.threshold,
        proposals: 0,
    };
    save(deps.storage, WALLET, &wallet)?;
    Ok(Response::new())
}

#[entry_point]
pub fn execute(
    deps: DepsMut,
    _env: Env,
    info: MessageInfo,
    msg: ExecuteMsg,
) -> StdResult<Response> {
    let wallet: Wallet = load(deps.storage, WALLET, "wallet")?;
    let mine = |deps: &DepsMut, number: u32| -> StdResult<Proposal> {
        check_owner(&wallet, &info.sender)?;
        let proposal: Proposal = load(deps.storage, &proposal_key(number), "proposal")?;
        if proposal.is_executed {
            return Err(refuse("the proposal is executed already"));
        }
        Ok(proposal)
    };
    match msg {
        ExecuteMsg::Propose {
            title,
            actions,
            keep_going,
        } => propose(deps, info, wallet, (title, actions, keep_going)),
        ExecuteMsg::Approve { proposal: number } => {
            let mut proposal = mine(&deps, number)?;
            if proposal.approvals.contains(&info.sender) {
                return Err(refuse("you have approved it already"));
            }
            proposal.approvals.push(info.sender.clone());
            save(deps.storage, &proposal_key(number), &proposal)?;
            Ok(Response::new())
        }
        ExecuteMsg::Withdraw { proposal: number } => {
            let mut proposal = mine(&deps, number)?;
            proposal.approvals.retain(|owner| *owner != info.sender);
            save(deps.storage, &proposal_key(number), &proposal)?;
            Ok(Response::new())
        }
        ExecuteMsg::Execute { proposal: number } => {
            let proposal = mine(&deps, number)?;
            perform(deps, wallet.clone(), number, proposal)
        }
        ExecuteMsg::SetViewingKey { key } => {
            toolbox::set_viewing_key(deps, &info, &key);
            Ok(Response::new())
        }
        ExecuteMsg::RevokePermit { permit_name } => {
            toolbox::revoke_permit(deps, &info, &permit_name);
            Ok(Response::new())
        }
    }
}

fn propose(
    deps: DepsMut,
    info: MessageInfo,
    mut wallet: Wallet,
    (title, actions, keep_going): (String, Vec<Action>, bool),
) -> StdResult<Response> {
    check_owner(&wallet, &info.sender)?;
    if actions.is_empty() || actions.len() > ACTIONS_MAX {
        return Err(refuse("a proposal has 1 to 16 actions"));
    }
    let number = wallet.proposals;
    wallet.proposals += 1;
    let proposal = Proposal {
        title,
        actions,
        keep_going,
        approvals: vec![info.sender],
        is_executed: false,
        outcomes: Vec::new(),
    };
    save(deps.storage, WALLET, &wallet)?;
    save(deps.storage, &proposal_key(number), &proposal)?;
    Ok(Response::new()
        .add_attribute("proposal", number.to_string())
        .set_data(to_binary(&number)?))
}

fn perform(
    deps: DepsMut,
    mut wallet: Wallet,
    number: u32,
    mut proposal: Proposal,
) -> StdResult<Response> {
    // An approval of somebody who is no owner any more does not count.
    let counts = |owner: &&Addr| wallet.owners.contains(owner);
    let approved = proposal.approvals.iter().filter(counts).count();
    if approved < wallet.threshold as usize {
        return Err(refuse(format!(
            "{approved} of {} approvals",
            wallet.threshold
        )));
    }
    // Before anything is sent: a callee that calls back finds the proposal executed.
    proposal.is_executed = true;
    let mut response = Response::new();
    for (index, action) in proposal.actions.iter().enumerate() {
        let msg: CosmosMsg = match action.clone() {
            Action::Send { to, amount } => BankMsg::Send {
                to_address: to,
                amount,
            }
            .into(),
            Action::Execute {
                contract,
                code_hash,
                msg,
                funds,
            } => WasmMsg::Execute {
                contract_addr: contract,
                code_hash,
                msg,
                funds,
            }
            .into(),
            Action::SetOwners { owners, threshold } => {
                wallet.owners = checked_owners(deps.as_ref(), owners, threshold)?;
                wallet.threshold = threshold;
                continue;
            }
        };
        let id = reply_id(number, index);
        response = response.add_submessage(match proposal.keep_going {
            true => SubMsg::reply_always(msg, id),
            false => SubMsg::reply_on_success(msg, id),
        });
    }
    save(deps.storage, WALLET, &wallet)?;
    save(deps.storage, &proposal_key(number), &proposal)?;
    Ok(response)
}

/// The network has checked that the answer is to a message of this contract.
#[entry_point]
pub fn reply(deps: DepsMut, _env: Env, reply: Reply) -> StdResult<Response> {
    let number = (reply.id >> 32) as u32;
    let mut proposal: Proposal = load(deps.storage, &proposal_key(number), "proposal")?;
    let action = reply.id as u32;
    let is_expected = proposal.is_executed
        && (action as usize) < proposal.actions.len()
        && proposal.outcomes.iter().all(|o| o.action != action);
    if !is_expected {
        return Err(refuse("an answer to nothing that was sent"));
    }
    proposal.outcomes.push(match reply.result {
        SubMsgResult::Ok(answer) => ActionOutcome {
            action,
            ok: true,
            data: answer.data,
            error: None,
        },
        SubMsgResult::Err(error) => ActionOutcome {
            action,
            ok: false,
            data: None,
            error: Some(error),
        },
    });
    save(deps.storage, &proposal_key(number), &proposal)?;
    Ok(Response::new())
}

#[entry_point]
pub fn query(deps: Deps, env: Env, msg: QueryMsg) -> StdResult<Binary> {
    let wallet: Wallet = load(deps.storage, WALLET, "wallet")?;
    let shown = |viewer: Addr, number: u32| -> StdResult<Binary> {
        check_owner(&wallet, &viewer)?;
        let proposal: Proposal = load(deps.storage, &proposal_key(number), "proposal")?;
        to_binary(&proposal)
    };
    let answer = match msg {
        QueryMsg::Owners {} => to_binary(&wallet),
        QueryMsg::Proposal { proposal, viewer } => {
            viewer_with_key(deps, &viewer).and_then(|viewer| shown(viewer, proposal))
        }
        QueryMsg::WithPermit { permit, proposal } => {
            signer_of_permit(deps, &env, &permit, TokenPermissions::Owner)
                .and_then(|signer| shown(signer, proposal))
        }
    };
    pad_query_result(answer, PAD_BYTES)
}

fn checked_owners(deps: Deps, owners: Vec<String>, threshold: u32) -> StdResult<Vec<Addr>> {
    let mut checked: Vec<Addr> = Vec::with_capacity(owners.len());
    for owner in owners {
        let owner = deps.api.addr_validate(&owner)?;
        if checked.contains(&owner) {
            return Err(refuse("an owner is named twice"));
        }
        checked.push(owner);
    }
    if checked.is_empty() || checked.len() > OWNERS_MAX {
        return Err(refuse("a wallet has 1 to 20 owners"));
    }
    if threshold == 0 || threshold as usize > checked.len() {
        return Err(refuse("the threshold must be 1 to the number of owners"));
    }
    Ok(checked)
}

fn check_owner(wallet: &Wallet, address: &Addr) -> StdResult<()> {
    match wallet.owners.contains(address) {
        true => Ok(()),
        false => Err(refuse("only the wallet's owners may do this")),
    }
}

/// The proposal in the high half, the action in the low half.
fn reply_id(proposal: u32, action: usize) -> u64 {
    (u64::from(proposal) << 32) | action as u64
}

fn proposal_key(number: u32) -> Vec<u8> {
    key(&[b"proposal", &number.to_be_bytes()])
}

fn refuse(reason: impl Into<String>) -> StdError {
    StdError::generic_err(reason)
}

#[cfg(test)]
mod tests {
    use super::*;
    use cosmwasm_std::testing::{mock_dependencies, mock_env, mock_info};
    use cosmwasm_std::{coins, from_slice, ReplyOn};

    #[test]
    fn sends_what_enough_owners_approved_once() {
        let mut deps = mock_dependencies();
        let msg = InstantiateMsg {
            owners: vec!["alice".into(), "bobby".into(), "carol".into()],
            threshold: 2,
        };
        let info = mock_info("alice", &[]);
        instantiate(deps.as_mut(), mock_env(), info, msg).unwrap();
        let mut tell = |who: &str, json: &str| {
            let msg: ExecuteMsg = from_slice(json.as_bytes()).unwrap();
            execute(deps.as_mut(), mock_env(), mock_info(who, &[]), msg)
        };
        let propose = r#"{"propose":{"title":"t","actions":[{"send":{"to":"david","amount":[{"denom":"uscrt","amount":"5"}]}}]}}"#;
        let approve = r#"{"approve":{"proposal":0}}"#;
        let go = r#"{"execute":{"proposal":0}}"#;
        tell("david", propose).unwrap_err();
        tell("alice", propose).unwrap();
        tell("alice", approve).unwrap_err();
        tell("bobby", go).unwrap_err();
        tell("david", approve).unwrap_err();
        tell("bobby", approve).unwrap();
        tell("bobby", r#"{"withdraw":{"proposal":0}}"#).unwrap();
        tell("carol", go).unwrap_err();
        tell("carol", approve).unwrap();
        let response = tell("alice", go).unwrap();
        let sent = &response.messages[0];
        let send = BankMsg::Send {
            to_address: "david".into(),
            amount: coins(5, "uscrt"),
        };
        assert_eq!(
            (&sent.msg, sent.reply_on.clone()),
            (&send.into(), ReplyOn::Success)
        );
        tell("alice", go).unwrap_err();
    }
}
