//! A lottery on the network's randomness: tickets cost a native coin, one of them wins the pot.
//!
//! Every purchase mixes the network's random number of that message (`env.block.random`) into a
//! seed that stays in the contract's encrypted state. The draw uses that seed and nothing new, so
//! that the winner is settled, and known to nobody, when the sale ends. Fresh randomness in the draw
//! itself would let a contract draw and revert until it likes the result.

use cosmwasm_std::{
    entry_point, to_binary, Addr, BankMsg, Binary, Coin, Deps, DepsMut, Env, MessageInfo, Response,
    StdError, StdResult, Uint128,
};
use secret_toolkit::crypto::{sha_256, ContractPrng};
use secret_toolkit::utils::{pad_handle_result, pad_query_result};
use serde::{Deserialize, Serialize};
use toolbox::{key, load, may_load, save, viewer_with_key, Viewer, PAD_BYTES};

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct InstantiateMsg {
    pub ticket_price: Coin,
    /// Block height from which no ticket is sold and the draw may happen.
    pub ends_at_height: u64,
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum ExecuteMsg {
    /// As many tickets as the funds pay for, exactly.
    BuyTickets {},
    /// Anybody, after the end.
    Draw {},
    SetViewingKey {
        key: String,
    },
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum QueryMsg {
    Status {},
    /// Who bought how many is private.
    MyTickets {
        viewer: Viewer,
    },
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct StatusResponse {
    pub ticket_price: Coin,
    pub ends_at_height: u64,
    pub tickets_sold: u32,
    pub pot: Uint128,
    pub outcome: Option<Outcome>,
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct Outcome {
    /// Number of the winning ticket, from 0; absent if none was sold.
    pub ticket: Option<u32>,
    pub winner: Option<Addr>,
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct TicketsResponse {
    pub count: u32,
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
struct Lottery {
    /// Never leaves the contract.
    seed: Binary,
    ticket_price: Coin,
    ends_at_height: u64,
    sold: u32,
    purchases: u32,
    outcome: Option<Outcome>,
}

/// Consecutive tickets of one buyer; the record's number is the order of purchase.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
struct Purchase {
    buyer: Addr,
    /// Number of the ticket behind the last one.
    end: u32,
}

const LOTTERY: &[u8] = b"lottery";
const TICKETS_MAX: u32 = 1_000_000;

#[entry_point]
pub fn instantiate(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    msg: InstantiateMsg,
) -> StdResult<Response> {
    if msg.ticket_price.amount.is_zero() {
        return Err(refuse("tickets must cost something"));
    }
    if msg.ends_at_height <= env.block.height {
        return Err(refuse("the sale would be over before it starts"));
    }
    let lottery = Lottery {
        seed: mix(&[], &env, &info)?,
        ticket_price: msg.ticket_price,
        ends_at_height: msg.ends_at_height,
        sold: 0,
        purchases: 0,
        outcome: None,
    };
    save(deps.storage, LOTTERY, &lottery)?;
    Ok(Response::new())
}

#[entry_point]
pub fn execute(deps: DepsMut, env: Env, info: MessageInfo, msg: ExecuteMsg) -> StdResult<Response> {
    let result = match msg {
        ExecuteMsg::BuyTickets {} => buy(deps, env, info),
        ExecuteMsg::Draw {} => draw(deps, env),
        ExecuteMsg::SetViewingKey { key } => {
            toolbox::set_viewing_key(deps, &info, &key);
            Ok(Response::new())
        }
    };
    pad_handle_result(result, PAD_BYTES)
}

#[entry_point]
pub fn query(deps: Deps, _env: Env, msg: QueryMsg) -> StdResult<Binary> {
    let answer = match msg {
        QueryMsg::Status {} => status(deps),
        QueryMsg::MyTickets { viewer } => viewer_with_key(deps, &viewer).and_then(|buyer| {
            let count = may_load(deps.storage, &count_key(&buyer))?.unwrap_or(0);
            to_binary(&TicketsResponse { count })
        }),
    };
    pad_query_result(answer, PAD_BYTES)
}

fn status(deps: Deps) -> StdResult<Binary> {
    let lottery: Lottery = load(deps.storage, LOTTERY, "lottery")?;
    to_binary(&StatusResponse {
        pot: pot(&lottery),
        ticket_price: lottery.ticket_price,
        ends_at_height: lottery.ends_at_height,
        tickets_sold: lottery.sold,
        outcome: lottery.outcome,
    })
}

fn buy(deps: DepsMut, env: Env, info: MessageInfo) -> StdResult<Response> {
    let mut lottery: Lottery = load(deps.storage, LOTTERY, "lottery")?;
    if env.block.height >= lottery.ends_at_height {
        return Err(refuse("the sale is over"));
    }
    let price = &lottery.ticket_price;
    let paid = match info.funds.as_slice() {
        [coin] if coin.denom == price.denom => coin.amount.u128(),
        _ => return Err(refuse(format!("tickets are paid in {}", price.denom))),
    };
    if paid % price.amount.u128() != 0 {
        return Err(refuse(format!("a ticket costs {}", price.amount)));
    }
    let count = paid / price.amount.u128();
    let left = u128::from(TICKETS_MAX - lottery.sold);
    if count == 0 || count > left {
        return Err(refuse(format!("1 to {left} tickets can be bought")));
    }
    let count = count as u32;
    lottery.sold += count;
    lottery.seed = mix(&lottery.seed, &env, &info)?;
    let purchase = Purchase {
        buyer: info.sender.clone(),
        end: lottery.sold,
    };
    save(deps.storage, &purchase_key(lottery.purchases), &purchase)?;
    lottery.purchases += 1;
    save(deps.storage, LOTTERY, &lottery)?;
    let before: u32 = may_load(deps.storage, &count_key(&info.sender))?.unwrap_or(0);
    save(deps.storage, &count_key(&info.sender), &(before + count))?;
    Ok(Response::new()
        .add_attribute("first_ticket", (lottery.sold - count).to_string())
        .add_attribute("tickets", count.to_string()))
}

fn draw(deps: DepsMut, env: Env) -> StdResult<Response> {
    let mut lottery: Lottery = load(deps.storage, LOTTERY, "lottery")?;
    if env.block.height < lottery.ends_at_height {
        return Err(refuse("tickets are still sold"));
    }
    if lottery.outcome.is_some() {
        return Err(refuse("the winner is drawn already"));
    }
    let mut response = Response::new();
    let mut outcome = Outcome {
        ticket: None,
        winner: None,
    };
    if lottery.sold > 0 {
        let ticket = below(&lottery.seed, lottery.sold);
        let winner = buyer_of(deps.as_ref(), &lottery, ticket)?;
        response = response.add_message(BankMsg::Send {
            to_address: winner.to_string(),
            amount: vec![Coin {
                denom: lottery.ticket_price.denom.clone(),
                amount: pot(&lottery),
            }],
        });
        outcome = Outcome {
            ticket: Some(ticket),
            winner: Some(winner),
        };
    }
    lottery.outcome = Some(outcome.clone());
    save(deps.storage, LOTTERY, &lottery)?;
    Ok(response.set_data(to_binary(&outcome)?))
}

fn mix(seed: &[u8], env: &Env, info: &MessageInfo) -> StdResult<Binary> {
    let random = env.block.random.as_ref();
    let random = random.ok_or_else(|| refuse("the network gave no random number"))?;
    let parts = [seed, random.as_slice(), info.sender.as_bytes()];
    Ok(Binary::from(sha_256(&parts.concat())))
}

/// A number below `limit`, all equally likely: what would favour low numbers is drawn again.
fn below(seed: &[u8], limit: u32) -> u32 {
    let mut source = ContractPrng::new(seed, b"draw");
    let fair = u32::MAX - u32::MAX % limit;
    loop {
        let bytes = source.rand_bytes();
        let number = u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
        if number < fair {
            return number % limit;
        }
    }
}

/// Finds the purchase with a ticket by halving: the ends of purchases ascend.
fn buyer_of(deps: Deps, lottery: &Lottery, ticket: u32) -> StdResult<Addr> {
    let purchase =
        |index| -> StdResult<Purchase> { load(deps.storage, &purchase_key(index), "purchase") };
    let (mut low, mut high) = (0, lottery.purchases - 1);
    while low < high {
        let middle = (low + high) / 2;
        if purchase(middle)?.end > ticket {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    Ok(purchase(low)?.buyer)
}

fn pot(lottery: &Lottery) -> Uint128 {
    let amount = lottery.ticket_price.amount.u128();
    Uint128::new(amount.saturating_mul(u128::from(lottery.sold)))
}

fn purchase_key(index: u32) -> Vec<u8> {
    key(&[b"purchase", &index.to_be_bytes()])
}

fn count_key(buyer: &Addr) -> Vec<u8> {
    key(&[b"count", buyer.as_bytes()])
}

fn refuse(reason: impl Into<String>) -> StdError {
    StdError::generic_err(reason)
}

#[cfg(test)]
mod tests {
    use super::*;
    use cosmwasm_std::testing::{mock_dependencies, mock_env, mock_info};
    use cosmwasm_std::{coin, coins};

    fn at(height: u64, random: u8) -> Env {
        let mut env = mock_env();
        env.block.height = height;
        env.block.random = Some(Binary::from([random; 32]));
        env
    }

    #[test]
    fn draws_every_number_about_equally_often() {
        let mut counts = [0u32; 3];
        for seed in 0..3_000u32 {
            counts[below(&seed.to_be_bytes(), 3) as usize] += 1;
        }
        assert!(counts.iter().all(|count| (900..1_100).contains(count)));
    }

    #[test]
    fn pays_the_pot_to_the_holder_of_the_drawn_ticket_once() {
        let mut deps = mock_dependencies();
        let msg = InstantiateMsg {
            ticket_price: coin(5, "uscrt"),
            ends_at_height: 10,
        };
        instantiate(deps.as_mut(), at(1, 0), mock_info("owner", &[]), msg).unwrap();
        let buy = |deps: DepsMut, who: &str, amount, height| {
            let info = mock_info(who, &coins(amount, "uscrt"));
            execute(deps, at(height, 1), info, ExecuteMsg::BuyTickets {})
        };
        buy(deps.as_mut(), "alice", 10, 2).unwrap();
        buy(deps.as_mut(), "bobby", 15, 3).unwrap();
        buy(deps.as_mut(), "alice", 7, 4).unwrap_err();
        buy(deps.as_mut(), "alice", 5, 10).unwrap_err();
        let lottery: Lottery = load(&deps.storage, LOTTERY, "lottery").unwrap();
        let ticket = below(&lottery.seed, 5);
        let draw = |deps: DepsMut, height, random| {
            let info = mock_info("anybody", &[]);
            execute(deps, at(height, random), info, ExecuteMsg::Draw {})
        };
        draw(deps.as_mut(), 9, 9).unwrap_err();
        let response = draw(deps.as_mut(), 10, 10).unwrap();
        let winner = if ticket < 2 { "alice" } else { "bobby" };
        let pay = BankMsg::Send {
            to_address: winner.into(),
            amount: coins(25, "uscrt"),
        };
        assert_eq!(response.messages[0].msg, pay.into());
        draw(deps.as_mut(), 11, 11).unwrap_err();
    }
}
