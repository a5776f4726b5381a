//! Messages and answers, in the JSON of the SNIP documents.
//!
//! Any message may carry a `padding` field: unknown fields are ignored when read, so it needs no
//! mention here.

use cosmwasm_std::{Addr, Binary, Uint128};
use secret_toolkit::permit::Permit;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct InitialBalance {
    pub address: String,
    pub amount: Uint128,
}

/// What the token may do; fixed at its birth. Everything is off by default.
#[derive(Serialize, Deserialize, Clone, Debug, Default, PartialEq)]
pub struct InitConfig {
    /// Whether `token_info` tells the supply.
    pub public_total_supply: Option<bool>,
    pub enable_deposit: Option<bool>,
    pub enable_redeem: Option<bool>,
    pub enable_mint: Option<bool>,
    pub enable_burn: Option<bool>,
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct InstantiateMsg {
    /// 3 to 30 bytes.
    pub name: String,
    /// Defaults to the sender.
    pub admin: Option<String>,
    /// 3 to 20 letters, digits or hyphens.
    pub symbol: String,
    /// At most 18.
    pub decimals: u8,
    pub initial_balances: Option<Vec<InitialBalance>>,
    /// Seed of generated viewing keys, known to the sender alone.
    pub prng_seed: Binary,
    pub config: Option<InitConfig>,
    /// Native coins taken for deposits, one to one in their smallest units; `uscrt` by default.
    pub supported_denoms: Option<Vec<String>>,
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct TransferAction {
    pub recipient: String,
    pub amount: Uint128,
    pub memo: Option<String>,
    pub decoys: Option<Vec<String>>,
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct SendAction {
    pub recipient: String,
    /// Spares the recipient a `register_receive`.
    pub recipient_code_hash: Option<String>,
    pub amount: Uint128,
    pub msg: Option<Binary>,
    pub memo: Option<String>,
    pub decoys: Option<Vec<String>>,
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct TransferFromAction {
    pub owner: String,
    pub recipient: String,
    pub amount: Uint128,
    pub memo: Option<String>,
    pub decoys: Option<Vec<String>>,
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct SendFromAction {
    pub owner: String,
    pub recipient: String,
    pub recipient_code_hash: Option<String>,
    pub amount: Uint128,
    pub msg: Option<Binary>,
    pub memo: Option<String>,
    pub decoys: Option<Vec<String>>,
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct BurnFromAction {
    pub owner: String,
    pub amount: Uint128,
    pub memo: Option<String>,
    pub decoys: Option<Vec<String>>,
}

/// `entropy` seeds the order in which an operation with decoys touches accounts.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum ExecuteMsg {
    Transfer {
        recipient: String,
        amount: Uint128,
        memo: Option<String>,
        decoys: Option<Vec<String>>,
        entropy: Option<Binary>,
    },
    Send {
        recipient: String,
        recipient_code_hash: Option<String>,
        amount: Uint128,
        msg: Option<Binary>,
        memo: Option<String>,
        decoys: Option<Vec<String>>,
        entropy: Option<Binary>,
    },
    BatchTransfer {
        actions: Vec<TransferAction>,
        entropy: Option<Binary>,
    },
    BatchSend {
        actions: Vec<SendAction>,
        entropy: Option<Binary>,
    },
    TransferFrom {
        owner: String,
        recipient: String,
        amount: Uint128,
        memo: Option<String>,
        decoys: Option<Vec<String>>,
        entropy: Option<Binary>,
    },
    SendFrom {
        owner: String,
        recipient: String,
        recipient_code_hash: Option<String>,
        amount: Uint128,
        msg: Option<Binary>,
        memo: Option<String>,
        decoys: Option<Vec<String>>,
        entropy: Option<Binary>,
    },
    BatchTransferFrom {
        actions: Vec<TransferFromAction>,
        entropy: Option<Binary>,
    },
    BatchSendFrom {
        actions: Vec<SendFromAction>,
        entropy: Option<Binary>,
    },
    /// `expiration` in seconds since 1970.
    IncreaseAllowance {
        spender: String,
        amount: Uint128,
        expiration: Option<u64>,
    },
    DecreaseAllowance {
        spender: String,
        amount: Uint128,
        expiration: Option<u64>,
    },
    Burn {
        amount: Uint128,
        memo: Option<String>,
        decoys: Option<Vec<String>>,
        entropy: Option<Binary>,
    },
    BurnFrom {
        owner: String,
        amount: Uint128,
        memo: Option<String>,
        decoys: Option<Vec<String>>,
        entropy: Option<Binary>,
    },
    BatchBurnFrom {
        actions: Vec<BurnFromAction>,
        entropy: Option<Binary>,
    },
    Mint {
        recipient: String,
        amount: Uint128,
        memo: Option<String>,
        decoys: Option<Vec<String>>,
        entropy: Option<Binary>,
    },
    BatchMint {
        actions: Vec<TransferAction>,
        entropy: Option<Binary>,
    },
    Deposit {
        decoys: Option<Vec<String>>,
        entropy: Option<Binary>,
    },
    Redeem {
        amount: Uint128,
        denom: Option<String>,
        decoys: Option<Vec<String>>,
        entropy: Option<Binary>,
    },
    RegisterReceive {
        code_hash: String,
    },
    CreateViewingKey {
        entropy: Option<String>,
    },
    SetViewingKey {
        key: String,
    },
    RevokePermit {
        permit_name: String,
    },
    ChangeAdmin {
        address: String,
    },
    SetContractStatus {
        level: ContractStatus,
    },
    AddMinters {
        minters: Vec<String>,
    },
    RemoveMinters {
        minters: Vec<String>,
    },
    SetMinters {
        minters: Vec<String>,
    },
}

/// How much of the token is open for use.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum ContractStatus {
    NormalRun,
    /// Only redeeming and the admin's own messages.
    StopAllButRedeems,
    /// Only the admin's own messages.
    StopAll,
}

/// What a token sends to a contract that receives a `send`.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum ReceiverMsg {
    Receive {
        sender: Addr,
        from: Addr,
        amount: Uint128,
        #[serde(skip_serializing_if = "Option::is_none")]
        memo: Option<String>,
        msg: Option<Binary>,
    },
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum QueryMsg {
    TokenInfo {},
    TokenConfig {},
    ContractStatus {},
    ExchangeRate {},
    Minters {},
    Balance {
        address: String,
        key: String,
    },
    Allowance {
        owner: String,
        spender: String,
        /// Of either of the two.
        key: String,
    },
    TransferHistory {
        address: String,
        key: String,
        page: Option<u32>,
        page_size: u32,
    },
    TransactionHistory {
        address: String,
        key: String,
        page: Option<u32>,
        page_size: u32,
    },
    WithPermit {
        permit: Permit,
        query: QueryWithPermit,
    },
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum QueryWithPermit {
    Balance {},
    Allowance { owner: String, spender: String },
    TransferHistory { page: Option<u32>, page_size: u32 },
    TransactionHistory { page: Option<u32>, page_size: u32 },
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum QueryAnswer {
    TokenInfo {
        name: String,
        symbol: String,
        decimals: u8,
        total_supply: Option<Uint128>,
    },
    TokenConfig {
        public_total_supply: bool,
        deposit_enabled: bool,
        redeem_enabled: bool,
        mint_enabled: bool,
        burn_enabled: bool,
        supported_denoms: Vec<String>,
    },
    ContractStatus {
        status: ContractStatus,
    },
    /// Smallest units of `denom` (comma separated when several) for one smallest unit of the token.
    ExchangeRate {
        rate: Uint128,
        denom: String,
    },
    Minters {
        minters: Vec<String>,
    },
    Balance {
        amount: Uint128,
    },
    Allowance {
        spender: String,
        owner: String,
        allowance: Uint128,
        expiration: Option<u64>,
    },
    TransferHistory {
        txs: Vec<TransferView>,
        total: Option<u64>,
    },
    TransactionHistory {
        txs: Vec<TxView>,
        total: Option<u64>,
    },
    ViewingKeyError {
        msg: String,
    },
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct CoinView {
    pub denom: String,
    pub amount: Uint128,
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct TransferView {
    pub id: u64,
    pub from: Addr,
    pub sender: Addr,
    pub receiver: Addr,
    pub coins: CoinView,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memo: Option<String>,
    pub block_time: u64,
    pub block_height: u64,
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum ActionView {
    Transfer {
        from: Addr,
        sender: Addr,
        recipient: Addr,
    },
    Mint {
        minter: Addr,
        recipient: Addr,
    },
    Burn {
        burner: Addr,
        owner: Addr,
    },
    Deposit {},
    Redeem {},
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct TxView {
    pub id: u64,
    pub action: ActionView,
    pub coins: CoinView,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memo: Option<String>,
    pub block_time: u64,
    pub block_height: u64,
}
