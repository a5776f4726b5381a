//! The token as a whole, against in-memory storage.

use cosmwasm_std::testing::{
    mock_dependencies, mock_env, mock_info, MockApi, MockQuerier, MockStorage,
};
use cosmwasm_std::{
    coins, from_binary, from_slice, BankMsg, Binary, CosmosMsg, Empty, OwnedDeps, Response,
    StdResult, Uint128, WasmMsg,
};

use crate::contract::{execute, instantiate, query, PAD_BYTES};
use crate::msg::*;

type Deps = OwnedDeps<MockStorage, MockApi, MockQuerier, Empty>;

fn token(supply: &[(&str, u128)]) -> Deps {
    let mut deps = mock_dependencies();
    let balances = supply.iter().map(|(address, amount)| InitialBalance {
        address: address.to_string(),
        amount: Uint128::new(*amount),
    });
    let msg = InstantiateMsg {
        name: "Test token".into(),
        admin: None,
        symbol: "TEST".into(),
        decimals: 6,
        initial_balances: Some(balances.collect()),
        prng_seed: Binary::from(b"seed"),
        config: Some(InitConfig {
            public_total_supply: Some(true),
            enable_deposit: Some(true),
            enable_redeem: Some(true),
            enable_mint: Some(true),
            enable_burn: Some(true),
        }),
        supported_denoms: None,
    };
    instantiate(deps.as_mut(), mock_env(), mock_info("admin", &[]), msg).unwrap();
    deps
}

/// Sends `json` as `sender`.
fn run(deps: &mut Deps, sender: &str, json: &str) -> StdResult<Response> {
    let msg: ExecuteMsg = from_slice(json.as_bytes())?;
    execute(deps.as_mut(), mock_env(), mock_info(sender, &[]), msg)
}

fn ask(deps: &Deps, json: &str) -> QueryAnswer {
    let msg: QueryMsg = from_slice(json.as_bytes()).unwrap();
    let answer = query(deps.as_ref(), mock_env(), msg).unwrap();
    assert_eq!(answer.len() % PAD_BYTES, 0);
    from_binary(&answer).unwrap()
}

fn balance(deps: &mut Deps, address: &str) -> u128 {
    run(deps, address, r#"{"set_viewing_key":{"key":"k"}}"#).unwrap();
    let query = format!(r#"{{"balance":{{"address":"{address}","key":"k"}}}}"#);
    match ask(deps, &query) {
        QueryAnswer::Balance { amount } => amount.u128(),
        other => panic!("{other:?}"),
    }
}

fn supply(deps: &Deps) -> u128 {
    match ask(deps, r#"{"token_info":{}}"#) {
        QueryAnswer::TokenInfo { total_supply, .. } => total_supply.unwrap().u128(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn moves_tokens_and_refuses_what_is_not_there() {
    let mut deps = token(&[("alice", 100)]);
    let response = run(
        &mut deps,
        "alice",
        r#"{"transfer":{"recipient":"bobby","amount":"30","padding":"    "}}"#,
    )
    .unwrap();
    let data = response.data.unwrap();
    assert_eq!(data.len(), PAD_BYTES);
    assert!(data.starts_with(br#"{"transfer":{"status":"success"}}"#));
    let too_much = r#"{"transfer":{"recipient":"bobby","amount":"71"}}"#;
    assert!(run(&mut deps, "alice", too_much).is_err());
    assert_eq!(balance(&mut deps, "alice"), 70);
    assert_eq!(balance(&mut deps, "bobby"), 30);
}

#[test]
fn a_transfer_to_oneself_changes_no_balance() {
    let mut deps = token(&[("alice", 100)]);
    let msg = r#"{"transfer":{"recipient":"alice","amount":"60"}}"#;
    run(&mut deps, "alice", msg).unwrap();
    assert_eq!(balance(&mut deps, "alice"), 100);
    assert_eq!(supply(&deps), 100);
}

#[test]
fn batches_and_decoys_move_the_same_amounts() {
    let mut deps = token(&[("alice", 100), ("bobby", 5)]);
    let msg = r#"{"batch_transfer":{"actions":[
        {"recipient":"bobby","amount":"10","decoys":["carol","david"]},
        {"recipient":"carol","amount":"20","memo":"hi"},
        {"recipient":"alice","amount":"1"}],"entropy":"AAAA"}}"#;
    run(&mut deps, "alice", msg).unwrap();
    for (address, amount) in [("alice", 70), ("bobby", 15), ("carol", 20), ("david", 0)] {
        assert_eq!(balance(&mut deps, address), amount);
    }
}

#[test]
fn a_send_tells_contracts_whose_code_hash_is_known() {
    let mut deps = token(&[("alice", 100)]);
    let silent = r#"{"send":{"recipient":"market","amount":"1"}}"#;
    assert!(run(&mut deps, "alice", silent).unwrap().messages.is_empty());
    run(
        &mut deps,
        "market",
        r#"{"register_receive":{"code_hash":"abcd"}}"#,
    )
    .unwrap();
    let loud = r#"{"send":{"recipient":"market","amount":"2","msg":"e30=","memo":"m"}}"#;
    let response = run(&mut deps, "alice", loud).unwrap();
    let CosmosMsg::Wasm(WasmMsg::Execute {
        contract_addr,
        code_hash,
        msg,
        ..
    }) = &response.messages[0].msg
    else {
        panic!("no callback");
    };
    assert_eq!(
        (contract_addr.as_str(), code_hash.as_str()),
        ("market", "abcd")
    );
    assert_eq!(msg.len() % PAD_BYTES, 0);
    let ReceiverMsg::Receive {
        sender,
        from,
        amount,
        memo,
        msg,
    } = from_binary(msg).unwrap();
    assert_eq!((sender.as_str(), from.as_str()), ("alice", "alice"));
    assert_eq!((amount.u128(), memo.as_deref()), (2, Some("m")));
    assert_eq!(msg, Some(Binary::from(b"{}")));
}

#[test]
fn an_allowance_is_used_up_and_ends() {
    let mut deps = token(&[("alice", 100)]);
    let from = r#"{"transfer_from":{"owner":"alice","recipient":"carol","amount":"10"}}"#;
    assert!(run(&mut deps, "bobby", from).is_err());
    let grant = r#"{"increase_allowance":{"spender":"bobby","amount":"15"}}"#;
    run(&mut deps, "alice", grant).unwrap();
    run(&mut deps, "bobby", from).unwrap();
    assert!(run(&mut deps, "bobby", from).is_err());
    let expired = r#"{"increase_allowance":{"spender":"bobby","amount":"15","expiration":1}}"#;
    run(&mut deps, "alice", expired).unwrap();
    assert!(run(&mut deps, "bobby", from).is_err());
    assert_eq!(balance(&mut deps, "carol"), 10);
    assert_eq!(balance(&mut deps, "alice"), 90);
}

#[test]
fn only_minters_mint_and_only_with_allowance_burns_another() {
    let mut deps = token(&[("alice", 100)]);
    let mint = r#"{"mint":{"recipient":"alice","amount":"11"}}"#;
    assert!(run(&mut deps, "alice", mint).is_err());
    run(&mut deps, "admin", mint).unwrap();
    run(&mut deps, "alice", r#"{"burn":{"amount":"1"}}"#).unwrap();
    let burn = r#"{"burn_from":{"owner":"alice","amount":"10"}}"#;
    assert!(run(&mut deps, "bobby", burn).is_err());
    let grant = r#"{"increase_allowance":{"spender":"bobby","amount":"10"}}"#;
    run(&mut deps, "alice", grant).unwrap();
    run(&mut deps, "bobby", burn).unwrap();
    assert_eq!(supply(&deps), 100);
    assert_eq!(balance(&mut deps, "alice"), 100);
}

#[test]
fn deposits_and_redeems_one_to_one() {
    let mut deps = token(&[]);
    let deposit: ExecuteMsg = from_slice(br#"{"deposit":{}}"#).unwrap();
    let with = |deps: &mut Deps, denom: &str| {
        let info = mock_info("alice", &coins(50, denom));
        execute(deps.as_mut(), mock_env(), info, deposit.clone())
    };
    assert!(with(&mut deps, "uatom").is_err());
    with(&mut deps, "uscrt").unwrap();
    assert_eq!(balance(&mut deps, "alice"), 50);
    let response = run(&mut deps, "alice", r#"{"redeem":{"amount":"20"}}"#).unwrap();
    let send = BankMsg::Send {
        to_address: "alice".into(),
        amount: coins(20, "uscrt"),
    };
    assert_eq!(response.messages[0].msg, CosmosMsg::Bank(send));
    assert!(run(&mut deps, "alice", r#"{"redeem":{"amount":"31"}}"#).is_err());
    assert_eq!(supply(&deps), 30);
}

#[test]
fn the_history_has_pages_newest_first_and_survives_many_entries() {
    let mut deps = token(&[("alice", 1000)]);
    for amount in 1..=20 {
        let msg = format!(r#"{{"transfer":{{"recipient":"bobby","amount":"{amount}"}}}}"#);
        run(&mut deps, "alice", &msg).unwrap();
    }
    run(
        &mut deps,
        "alice",
        r#"{"burn":{"amount":"5","memo":"gone"}}"#,
    )
    .unwrap();
    run(&mut deps, "alice", r#"{"set_viewing_key":{"key":"k"}}"#).unwrap();
    let page = |kind: &str, page: u32| {
        let query =
            format!(r#"{{"{kind}":{{"address":"alice","key":"k","page":{page},"page_size":6}}}}"#);
        ask(&deps, &query)
    };
    let amounts = |answer: QueryAnswer| match answer {
        QueryAnswer::TransactionHistory { txs, total } => (
            txs.iter()
                .map(|t| t.coins.amount.u128())
                .collect::<Vec<_>>(),
            total,
        ),
        QueryAnswer::TransferHistory { txs, total } => (
            txs.iter()
                .map(|t| t.coins.amount.u128())
                .collect::<Vec<_>>(),
            total,
        ),
        other => panic!("{other:?}"),
    };
    let all = "transaction_history";
    assert_eq!(
        amounts(page(all, 0)),
        (vec![5, 20, 19, 18, 17, 16], Some(22))
    );
    assert_eq!(amounts(page(all, 3)), (vec![3, 2, 1, 1000], Some(22)));
    assert_eq!(amounts(page(all, 4)), (vec![], Some(22)));
    let transfers = "transfer_history";
    assert_eq!(
        amounts(page(transfers, 0)),
        (vec![20, 19, 18, 17, 16, 15], Some(20))
    );
    assert_eq!(amounts(page(transfers, 3)), (vec![2, 1], Some(20)));
}

#[test]
fn a_wrong_key_and_no_key_get_the_same_answer() {
    let mut deps = token(&[("alice", 100)]);
    let wrong = r#"{"balance":{"address":"alice","key":"x"}}"#;
    let before = ask(&deps, wrong);
    assert!(matches!(before, QueryAnswer::ViewingKeyError { .. }));
    run(&mut deps, "alice", r#"{"set_viewing_key":{"key":"k"}}"#).unwrap();
    assert_eq!(ask(&deps, wrong), before);
    let created = run(
        &mut deps,
        "alice",
        r#"{"create_viewing_key":{"entropy":"e"}}"#,
    )
    .unwrap();
    let text = String::from_utf8(created.data.unwrap().0).unwrap();
    let key = text.split('"').nth(5).unwrap();
    let right = format!(r#"{{"balance":{{"address":"alice","key":"{key}"}}}}"#);
    assert_eq!(
        ask(&deps, &right),
        QueryAnswer::Balance {
            amount: Uint128::new(100)
        }
    );
}

#[test]
fn a_stopped_token_lets_only_redeems_pass_or_nothing() {
    let mut deps = token(&[("alice", 100)]);
    let stop = |level: &str| format!(r#"{{"set_contract_status":{{"level":"{level}"}}}}"#);
    assert!(run(&mut deps, "alice", &stop("stop_all")).is_err());
    run(&mut deps, "admin", &stop("stop_all_but_redeems")).unwrap();
    let transfer = r#"{"transfer":{"recipient":"bobby","amount":"1"}}"#;
    assert!(run(&mut deps, "alice", transfer).is_err());
    run(&mut deps, "alice", r#"{"redeem":{"amount":"1"}}"#).unwrap();
    run(&mut deps, "admin", &stop("stop_all")).unwrap();
    assert!(run(&mut deps, "alice", r#"{"redeem":{"amount":"1"}}"#).is_err());
    run(&mut deps, "admin", &stop("normal_run")).unwrap();
    run(&mut deps, "alice", transfer).unwrap();
}

#[test]
fn the_size_of_an_account_tells_nothing() {
    let mut deps = token(&[("alice", 1)]);
    let sizes = |deps: &Deps| -> Vec<usize> {
        use cosmwasm_std::{Api, Storage};
        ["alice", "bobby"]
            .iter()
            .map(|name| {
                let address = deps.api.addr_canonicalize(name).unwrap();
                let key = [b"b".as_slice(), address.as_slice()].concat();
                deps.storage.get(&key).map_or(0, |record| record.len())
            })
            .collect()
    };
    for _ in 0..9 {
        run(
            &mut deps,
            "alice",
            r#"{"transfer":{"recipient":"bobby","amount":"1"}}"#,
        )
        .unwrap();
        assert_eq!(sizes(&deps), [88, 88]);
        run(
            &mut deps,
            "bobby",
            r#"{"transfer":{"recipient":"alice","amount":"1"}}"#,
        )
        .unwrap();
    }
}
