//! The collection as a whole, against in-memory storage.

use cosmwasm_std::testing::{
    mock_dependencies, mock_env, mock_info, MockApi, MockQuerier, MockStorage,
};
use cosmwasm_std::{from_binary, from_slice, Empty, OwnedDeps, Response, StdResult};

use crate::contract::{execute, instantiate, query};
use crate::msg::{ExecuteMsg, QueryAnswer, QueryMsg};

type Deps = OwnedDeps<MockStorage, MockApi, MockQuerier, Empty>;

fn collection(config: &str) -> Deps {
    let mut deps = mock_dependencies();
    let json = format!(r#"{{"name":"Art","symbol":"ART","entropy":"e","config":{config}}}"#);
    let msg = from_slice(json.as_bytes()).unwrap();
    instantiate(deps.as_mut(), mock_env(), mock_info("admin", &[]), msg).unwrap();
    deps
}

fn run(deps: &mut Deps, sender: &str, json: &str) -> StdResult<Response> {
    let msg: ExecuteMsg = from_slice(json.as_bytes())?;
    execute(deps.as_mut(), mock_env(), mock_info(sender, &[]), msg)
}

fn ask(deps: &Deps, json: &str) -> StdResult<QueryAnswer> {
    let msg: QueryMsg = from_slice(json.as_bytes())?;
    from_binary(&query(deps.as_ref(), mock_env(), msg)?)
}

fn tokens(deps: &mut Deps, owner: &str) -> Vec<String> {
    run(deps, owner, r#"{"set_viewing_key":{"key":"k"}}"#).unwrap();
    let json = format!(r#"{{"tokens":{{"owner":"{owner}","viewing_key":"k"}}}}"#);
    match ask(deps, &json).unwrap() {
        QueryAnswer::TokenList { tokens } => tokens,
        other => panic!("{other:?}"),
    }
}

#[test]
fn keeps_its_lists_when_tokens_move_and_burn() {
    let mut deps = collection(r#"{"enable_burn":true,"public_token_supply":true}"#);
    let mints = r#"{"batch_mint_nft":{"mints":[{"owner":"alice"},{"owner":"alice"},{"owner":"alice"},{"owner":"bobby"}]}}"#;
    run(&mut deps, "admin", mints).unwrap();
    let transfer = r#"{"transfer_nft":{"recipient":"bobby","token_id":"0"}}"#;
    run(&mut deps, "bobby", transfer).unwrap_err();
    run(&mut deps, "alice", transfer).unwrap();
    assert_eq!(tokens(&mut deps, "alice"), ["2", "1"]);
    assert_eq!(tokens(&mut deps, "bobby"), ["3", "0"]);
    run(&mut deps, "alice", r#"{"burn_nft":{"token_id":"1"}}"#).unwrap();
    assert_eq!(tokens(&mut deps, "alice"), ["2"]);
    let all = ask(&deps, r#"{"all_tokens":{}}"#).unwrap();
    let left = ["0", "3", "2"].map(str::to_string).to_vec();
    assert_eq!(all, QueryAnswer::TokenList { tokens: left });
}

#[test]
fn shows_private_metadata_to_owners_and_whom_they_admit() {
    let mut deps = collection("{}");
    let mint = r#"{"mint_nft":{"token_id":"x","owner":"alice","private_metadata":{"token_uri":"secret"}}}"#;
    run(&mut deps, "alice", mint).unwrap_err();
    run(&mut deps, "admin", mint).unwrap();
    for who in ["alice", "bobby"] {
        run(&mut deps, who, r#"{"set_viewing_key":{"key":"k"}}"#).unwrap();
    }
    let view = |deps: &Deps, who: &str| {
        let json = format!(
            r#"{{"private_metadata":{{"token_id":"x","viewer":{{"address":"{who}","viewing_key":"k"}}}}}}"#
        );
        ask(deps, &json)
    };
    assert!(view(&deps, "alice").is_ok());
    assert!(view(&deps, "bobby").is_err());
    let admit = r#"{"set_whitelisted_approval":{"address":"bobby","token_id":"x","view_private_metadata":"approve_token","expires":{"at_height":99999999}}}"#;
    run(&mut deps, "alice", admit).unwrap();
    assert!(view(&deps, "bobby").is_ok());
    // A new owner has not admitted anybody.
    let transfer = r#"{"transfer_nft":{"recipient":"carol","token_id":"x"}}"#;
    run(&mut deps, "alice", transfer).unwrap();
    assert!(view(&deps, "bobby").is_err());
    assert!(view(&deps, "alice").is_err());
}

#[test]
fn lets_approvals_expire_and_be_revoked() {
    let mut deps = collection("{}");
    run(&mut deps, "admin", r#"{"mint_nft":{"token_id":"x"}}"#).unwrap();
    let transfer = r#"{"transfer_nft":{"recipient":"carol","token_id":"x"}}"#;
    let height = mock_env().block.height;
    let expired = format!(
        r#"{{"approve":{{"spender":"bobby","token_id":"x","expires":{{"at_height":{height}}}}}}}"#
    );
    run(&mut deps, "admin", &expired).unwrap();
    run(&mut deps, "bobby", transfer).unwrap_err();
    run(
        &mut deps,
        "admin",
        r#"{"approve_all":{"operator":"bobby"}}"#,
    )
    .unwrap();
    run(&mut deps, "admin", r#"{"revoke_all":{"operator":"bobby"}}"#).unwrap();
    run(&mut deps, "bobby", transfer).unwrap_err();
    let approve = r#"{"approve":{"spender":"bobby","token_id":"x"}}"#;
    run(&mut deps, "admin", approve).unwrap();
    run(&mut deps, "bobby", transfer).unwrap();
    assert_eq!(tokens(&mut deps, "carol"), ["x"]);
}
