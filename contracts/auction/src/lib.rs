//! A sealed-bid auction: nobody learns a bid before the end, and then only the winning one.
//!
//! The seller names the currency (a native coin or a SNIP-20 token) and when bidding ends. A bid is
//! money sent along; a second one of the same bidder is added to the first. After the end anybody
//! may finalise: the highest bid (the earliest of equals) goes to the seller, all others go back.
//! Bids below the minimum are refused at once, so that a refund always follows.

use cosmwasm_std::{
    entry_point, to_binary, Addr, BankMsg, Binary, Coin, CosmosMsg, Deps, DepsMut, Env,
    MessageInfo, Response, StdError, StdResult, Storage, Uint128, WasmMsg,
};
use secret_toolkit::permit::{Permit, TokenPermissions};
use secret_toolkit::utils::{pad_handle_result, pad_query_result};
use serde::{Deserialize, Serialize};
use toolbox::{key, load, may_load, save, signer_of_permit, viewer_with_key, Viewer, PAD_BYTES};

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct InstantiateMsg {
    /// What is sold, for people to read.
    pub item: String,
    pub currency: Currency,
    pub minimum_bid: Uint128,
    /// Seconds since 1970: bids are taken before, finalisation from then on.
    pub ends_at: u64,
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum Currency {
    Native { denom: String },
    Snip20 { address: String, code_hash: String },
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum ExecuteMsg {
    /// A bid in native coin: the funds sent along.
    Bid {},
    /// A bid in tokens: the callback of the token's `send`.
    Receive {
        sender: String,
        from: String,
        amount: Uint128,
        msg: Option<Binary>,
        memo: Option<String>,
    },
    /// Takes a bid back before the end.
    Retract {},
    /// Anybody, after the end.
    Finalize {},
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
    /// What everybody may know.
    Status {},
    /// One's own bid.
    MyBid {
        viewer: Viewer,
    },
    WithPermit {
        permit: Permit,
    },
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct StatusResponse {
    pub item: String,
    pub currency: Currency,
    pub minimum_bid: Uint128,
    pub ends_at: u64,
    /// Absent before finalisation.
    pub outcome: Option<Outcome>,
}

/// Public once the auction is over.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct Outcome {
    pub winner: Option<Addr>,
    pub price: Uint128,
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct BidResponse {
    pub amount: Uint128,
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
struct Auction {
    seller: Addr,
    item: String,
    currency: Currency,
    minimum_bid: Uint128,
    ends_at: u64,
    outcome: Option<Outcome>,
    /// In the order of their first bids. A bidder who retracts stays, with nothing.
    bidders: Vec<Addr>,
}

const AUCTION: &[u8] = b"auction";
/// One finalisation pays them all, so there must not be more than a block can pay.
const BIDDERS_MAX: usize = 100;

#[entry_point]
pub fn instantiate(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    msg: InstantiateMsg,
) -> StdResult<Response> {
    if msg.ends_at <= env.block.time.seconds() {
        return Err(refuse("the auction would be over before it starts"));
    }
    if msg.minimum_bid.is_zero() {
        return Err(refuse("the minimum bid must be more than nothing"));
    }
    let mut response = Response::new();
    if let Currency::Snip20 { address, code_hash } = &msg.currency {
        deps.api.addr_validate(address)?;
        // The token shall call `receive` when somebody sends to this contract.
        let register = TokenMsg::RegisterReceive {
            code_hash: env.contract.code_hash,
        };
        response = response.add_message(token_message(address, code_hash, &register)?);
    }
    let auction = Auction {
        seller: info.sender,
        item: msg.item,
        currency: msg.currency,
        minimum_bid: msg.minimum_bid,
        ends_at: msg.ends_at,
        outcome: None,
        bidders: Vec::new(),
    };
    save(deps.storage, AUCTION, &auction)?;
    Ok(response)
}

#[entry_point]
pub fn execute(deps: DepsMut, env: Env, info: MessageInfo, msg: ExecuteMsg) -> StdResult<Response> {
    let result = match msg {
        ExecuteMsg::Bid {} => bid_native(deps, env, info),
        ExecuteMsg::Receive { from, amount, .. } => bid_tokens(deps, env, info, from, amount),
        ExecuteMsg::Retract {} => retract(deps, env, info),
        ExecuteMsg::Finalize {} => finalize(deps, env),
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
    let bid_of = |bidder: Addr| -> StdResult<Binary> {
        let amount = Uint128::new(load_bid(deps.storage, &bidder)?);
        to_binary(&BidResponse { amount })
    };
    let answer = match msg {
        QueryMsg::Status {} => status(deps),
        QueryMsg::MyBid { viewer } => viewer_with_key(deps, &viewer).and_then(bid_of),
        QueryMsg::WithPermit { permit } => {
            signer_of_permit(deps, &env, &permit, TokenPermissions::Balance).and_then(bid_of)
        }
    };
    pad_query_result(answer, PAD_BYTES)
}

fn status(deps: Deps) -> StdResult<Binary> {
    let auction: Auction = load(deps.storage, AUCTION, "auction")?;
    to_binary(&StatusResponse {
        item: auction.item,
        currency: auction.currency,
        minimum_bid: auction.minimum_bid,
        ends_at: auction.ends_at,
        outcome: auction.outcome,
    })
}

fn bid_native(deps: DepsMut, env: Env, info: MessageInfo) -> StdResult<Response> {
    let auction: Auction = load(deps.storage, AUCTION, "auction")?;
    let Currency::Native { denom } = &auction.currency else {
        return Err(refuse("bids are in tokens: send them to this contract"));
    };
    let amount = match info.funds.as_slice() {
        [coin] if coin.denom == *denom => coin.amount.u128(),
        _ => return Err(refuse(format!("a bid is one amount of {denom}"))),
    };
    place(deps.storage, &env, auction, info.sender, amount)
}

fn bid_tokens(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    from: String,
    amount: Uint128,
) -> StdResult<Response> {
    let auction: Auction = load(deps.storage, AUCTION, "auction")?;
    match &auction.currency {
        Currency::Snip20 { address, .. } if *address == info.sender => {}
        _ => return Err(refuse("only the auction's token may say that tokens came")),
    }
    let bidder = deps.api.addr_validate(&from)?;
    place(deps.storage, &env, auction, bidder, amount.u128())
}

fn place(
    storage: &mut dyn Storage,
    env: &Env,
    mut auction: Auction,
    bidder: Addr,
    amount: u128,
) -> StdResult<Response> {
    if env.block.time.seconds() >= auction.ends_at {
        return Err(refuse("bidding is over"));
    }
    let total = load_bid(storage, &bidder)?
        .checked_add(amount)
        .ok_or_else(|| refuse("the bid would overflow"))?;
    if total < auction.minimum_bid.u128() {
        return Err(refuse(format!(
            "the bid is below the minimum of {}",
            auction.minimum_bid
        )));
    }
    if !auction.bidders.contains(&bidder) {
        if auction.bidders.len() == BIDDERS_MAX {
            return Err(refuse("the auction has as many bidders as it can take"));
        }
        auction.bidders.push(bidder.clone());
        save(storage, AUCTION, &auction)?;
    }
    save(storage, &bid_key(&bidder), &Uint128::new(total))?;
    Ok(Response::new().add_attribute("your_bid", total.to_string()))
}

fn retract(deps: DepsMut, env: Env, info: MessageInfo) -> StdResult<Response> {
    let auction: Auction = load(deps.storage, AUCTION, "auction")?;
    if env.block.time.seconds() >= auction.ends_at {
        return Err(refuse(
            "bidding is over; finalisation returns what did not win",
        ));
    }
    let amount = load_bid(deps.storage, &info.sender)?;
    if amount == 0 {
        return Err(refuse("there is no bid to retract"));
    }
    save(deps.storage, &bid_key(&info.sender), &Uint128::zero())?;
    Ok(Response::new().add_message(payment(&auction.currency, &info.sender, amount)?))
}

fn finalize(deps: DepsMut, env: Env) -> StdResult<Response> {
    let mut auction: Auction = load(deps.storage, AUCTION, "auction")?;
    if env.block.time.seconds() < auction.ends_at {
        return Err(refuse("bidding is still open"));
    }
    if auction.outcome.is_some() {
        return Err(refuse("the auction is finalised already"));
    }
    let mut best: Option<(&Addr, u128)> = None;
    let mut bids = Vec::new();
    for bidder in &auction.bidders {
        let amount = load_bid(deps.storage, bidder)?;
        bids.push((bidder, amount));
        if amount > best.map_or(0, |(_, highest)| highest) {
            best = Some((bidder, amount));
        }
    }
    let mut response = Response::new();
    for (bidder, amount) in bids.into_iter().filter(|(_, amount)| *amount > 0) {
        let wins = best.is_some_and(|(winner, _)| winner == bidder);
        let recipient = if wins { &auction.seller } else { bidder };
        response = response.add_message(payment(&auction.currency, recipient, amount)?);
    }
    let outcome = Outcome {
        winner: best.map(|(winner, _)| winner.clone()),
        price: Uint128::new(best.map_or(0, |(_, amount)| amount)),
    };
    auction.outcome = Some(outcome.clone());
    save(deps.storage, AUCTION, &auction)?;
    Ok(response.set_data(to_binary(&outcome)?))
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(rename_all = "snake_case")]
enum TokenMsg {
    RegisterReceive { code_hash: String },
    Transfer { recipient: String, amount: Uint128 },
}

fn payment(currency: &Currency, to: &Addr, amount: u128) -> StdResult<CosmosMsg> {
    match currency {
        Currency::Native { denom } => Ok(BankMsg::Send {
            to_address: to.to_string(),
            amount: vec![Coin::new(amount, denom)],
        }
        .into()),
        Currency::Snip20 { address, code_hash } => {
            let transfer = TokenMsg::Transfer {
                recipient: to.to_string(),
                amount: Uint128::new(amount),
            };
            token_message(address, code_hash, &transfer)
        }
    }
}

fn token_message(address: &str, code_hash: &str, msg: &TokenMsg) -> StdResult<CosmosMsg> {
    Ok(WasmMsg::Execute {
        contract_addr: address.to_string(),
        code_hash: code_hash.to_string(),
        msg: to_binary(msg)?,
        funds: Vec::new(),
    }
    .into())
}

fn load_bid(storage: &dyn Storage, bidder: &Addr) -> StdResult<u128> {
    let bid: Option<Uint128> = may_load(storage, &bid_key(bidder))?;
    Ok(bid.map_or(0, |amount| amount.u128()))
}

fn bid_key(bidder: &Addr) -> Vec<u8> {
    key(&[b"bid", bidder.as_bytes()])
}

fn refuse(reason: impl Into<String>) -> StdError {
    StdError::generic_err(reason)
}

#[cfg(test)]
mod tests {
    use super::*;
    use cosmwasm_std::testing::{mock_dependencies, mock_env, mock_info};
    use cosmwasm_std::{coins, from_slice, Timestamp};

    fn at(seconds: u64) -> Env {
        let mut env = mock_env();
        env.block.time = Timestamp::from_seconds(seconds);
        env
    }

    #[test]
    fn pays_the_seller_and_everybody_else_back() {
        let mut deps = mock_dependencies();
        let msg = InstantiateMsg {
            item: "a lamp".into(),
            currency: Currency::Native {
                denom: "uscrt".into(),
            },
            minimum_bid: Uint128::new(10),
            ends_at: 100,
        };
        instantiate(deps.as_mut(), at(1), mock_info("seller", &[]), msg).unwrap();
        let bids = [("alice", 20), ("bobby", 25), ("carol", 25), ("alice", 3)];
        for (who, amount) in bids {
            let info = mock_info(who, &coins(amount, "uscrt"));
            execute(deps.as_mut(), at(2), info, ExecuteMsg::Bid {}).unwrap();
        }
        let low = mock_info("david", &coins(9, "uscrt"));
        execute(deps.as_mut(), at(2), low, ExecuteMsg::Bid {}).unwrap_err();
        let late = mock_info("david", &coins(99, "uscrt"));
        execute(deps.as_mut(), at(100), late, ExecuteMsg::Bid {}).unwrap_err();
        let anybody = mock_info("david", &[]);
        let finalize = ExecuteMsg::Finalize {};
        execute(deps.as_mut(), at(99), anybody.clone(), finalize.clone()).unwrap_err();
        let response = execute(deps.as_mut(), at(100), anybody.clone(), finalize.clone()).unwrap();
        let paid: Vec<_> = response.messages.into_iter().map(|sub| sub.msg).collect();
        let pay = |to: &str, amount| -> CosmosMsg {
            BankMsg::Send {
                to_address: to.into(),
                amount: coins(amount, "uscrt"),
            }
            .into()
        };
        assert_eq!(
            paid,
            [pay("alice", 23), pay("seller", 25), pay("carol", 25)]
        );
        let outcome: Outcome = from_slice(&response.data.unwrap()).unwrap();
        assert_eq!(outcome.winner.unwrap(), "bobby");
        execute(deps.as_mut(), at(101), anybody, finalize).unwrap_err();
    }
}
