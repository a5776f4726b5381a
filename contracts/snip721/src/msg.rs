//! Messages, questions and answers, named as in SNIP-721.

use cosmwasm_std::{Addr, Binary};
use secret_toolkit::permit::Permit;
use serde::{Deserialize, Serialize};
use toolbox::Viewer;

use crate::approvals::Expiration;
use crate::history::Tx;
use crate::state::{Config, ContractStatus, Metadata};

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct InstantiateMsg {
    pub name: String,
    pub symbol: String,
    /// The sender, if absent.
    pub admin: Option<String>,
    pub entropy: String,
    #[serde(default)]
    pub config: Config,
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum ExecuteMsg {
    MintNft(Mint),
    BatchMintNft {
        mints: Vec<Mint>,
    },
    SetMetadata {
        token_id: String,
        public_metadata: Option<Metadata>,
        private_metadata: Option<Metadata>,
    },
    /// What everybody may see, of one token or of all that the sender has.
    SetGlobalApproval {
        token_id: Option<String>,
        view_owner: Option<AccessLevel>,
        view_private_metadata: Option<AccessLevel>,
        expires: Option<Expiration>,
    },
    /// What one address may see and do.
    SetWhitelistedApproval {
        address: String,
        token_id: Option<String>,
        view_owner: Option<AccessLevel>,
        view_private_metadata: Option<AccessLevel>,
        transfer: Option<AccessLevel>,
        expires: Option<Expiration>,
    },
    Approve {
        spender: String,
        token_id: String,
        expires: Option<Expiration>,
    },
    Revoke {
        spender: String,
        token_id: String,
    },
    ApproveAll {
        operator: String,
        expires: Option<Expiration>,
    },
    RevokeAll {
        operator: String,
    },
    TransferNft {
        recipient: String,
        token_id: String,
        memo: Option<String>,
    },
    BatchTransferNft {
        transfers: Vec<Transfer>,
    },
    SendNft {
        contract: String,
        receiver_info: Option<ReceiverInfo>,
        token_id: String,
        msg: Option<Binary>,
        memo: Option<String>,
    },
    BatchSendNft {
        sends: Vec<Send>,
    },
    BurnNft {
        token_id: String,
        memo: Option<String>,
    },
    BatchBurnNft {
        burns: Vec<Burn>,
    },
    RegisterReceiveNft {
        code_hash: String,
        also_implements_batch_receive_nft: Option<bool>,
    },
    CreateViewingKey {
        entropy: String,
    },
    SetViewingKey {
        key: String,
    },
    RevokePermit {
        permit_name: String,
    },
    /// Hides the sender's tokens where the collection makes owners public.
    MakeOwnershipPrivate {},
    AddMinters {
        minters: Vec<String>,
    },
    RemoveMinters {
        minters: Vec<String>,
    },
    SetMinters {
        minters: Vec<String>,
    },
    ChangeAdmin {
        address: String,
    },
    SetContractStatus {
        level: ContractStatus,
    },
}

#[derive(Serialize, Deserialize, Clone, Debug, Default, PartialEq)]
pub struct Mint {
    /// Counted up, if absent.
    pub token_id: Option<String>,
    /// The sender, if absent.
    pub owner: Option<String>,
    pub public_metadata: Option<Metadata>,
    pub private_metadata: Option<Metadata>,
    pub memo: Option<String>,
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct Transfer {
    pub recipient: String,
    pub token_ids: Vec<String>,
    pub memo: Option<String>,
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct Send {
    pub contract: String,
    pub receiver_info: Option<ReceiverInfo>,
    pub token_ids: Vec<String>,
    pub msg: Option<Binary>,
    pub memo: Option<String>,
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct Burn {
    pub token_ids: Vec<String>,
    pub memo: Option<String>,
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct ReceiverInfo {
    pub recipient_code_hash: String,
    pub also_implements_batch_receive_nft: Option<bool>,
}

/// What a contract gets to which tokens are sent.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum ReceiverMsg {
    ReceiveNft {
        /// The former owner, as the standard has it.
        sender: Addr,
        token_id: String,
        msg: Option<Binary>,
    },
    BatchReceiveNft {
        sender: Addr,
        from: Addr,
        token_ids: Vec<String>,
        msg: Option<Binary>,
    },
}

#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum AccessLevel {
    ApproveToken,
    All,
    RevokeToken,
    None,
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum ExecuteAnswer {
    MintNft { token_id: String },
    BatchMintNft { token_ids: Vec<String> },
    ViewingKey { key: String },
    Done { status: ResponseStatus },
}

#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum ResponseStatus {
    Success,
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum QueryMsg {
    ContractInfo {},
    ContractConfig {},
    Minters {},
    RegisteredCodeHash {
        contract: String,
    },
    NumTokens {
        viewer: Option<Viewer>,
    },
    AllTokens {
        viewer: Option<Viewer>,
        start_after: Option<String>,
        limit: Option<u32>,
    },
    OwnerOf {
        token_id: String,
        viewer: Option<Viewer>,
        include_expired: Option<bool>,
    },
    NftInfo {
        token_id: String,
    },
    PrivateMetadata {
        token_id: String,
        viewer: Option<Viewer>,
    },
    AllNftInfo {
        token_id: String,
        viewer: Option<Viewer>,
        include_expired: Option<bool>,
    },
    NftDossier {
        token_id: String,
        viewer: Option<Viewer>,
        include_expired: Option<bool>,
    },
    TokenApprovals {
        token_id: String,
        viewing_key: String,
        include_expired: Option<bool>,
    },
    InventoryApprovals {
        address: String,
        viewing_key: String,
        include_expired: Option<bool>,
    },
    Tokens {
        owner: String,
        viewer: Option<String>,
        viewing_key: Option<String>,
        start_after: Option<String>,
        limit: Option<u32>,
    },
    NumTokensOfOwner {
        owner: String,
        viewer: Option<String>,
        viewing_key: Option<String>,
    },
    /// Newest first.
    TransactionHistory {
        address: String,
        viewing_key: String,
        page: Option<u32>,
        page_size: Option<u32>,
    },
    VerifyTransferApproval {
        token_ids: Vec<String>,
        address: String,
        viewing_key: String,
    },
    WithPermit {
        permit: Permit,
        query: QueryWithPermit,
    },
}

/// The questions above that need to know who asks; the permit says it.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum QueryWithPermit {
    NumTokens {},
    AllTokens {
        start_after: Option<String>,
        limit: Option<u32>,
    },
    OwnerOf {
        token_id: String,
        include_expired: Option<bool>,
    },
    PrivateMetadata {
        token_id: String,
    },
    AllNftInfo {
        token_id: String,
        include_expired: Option<bool>,
    },
    NftDossier {
        token_id: String,
        include_expired: Option<bool>,
    },
    TokenApprovals {
        token_id: String,
        include_expired: Option<bool>,
    },
    InventoryApprovals {
        include_expired: Option<bool>,
    },
    Tokens {
        owner: String,
        start_after: Option<String>,
        limit: Option<u32>,
    },
    NumTokensOfOwner {
        owner: String,
    },
    TransactionHistory {
        page: Option<u32>,
        page_size: Option<u32>,
    },
    VerifyTransferApproval {
        token_ids: Vec<String>,
    },
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum QueryAnswer {
    ContractInfo {
        name: String,
        symbol: String,
    },
    ContractConfig {
        token_supply_is_public: bool,
        owner_is_public: bool,
        sealed_metadata_is_enabled: bool,
        unwrapped_metadata_is_private: bool,
        minter_may_update_metadata: bool,
        owner_may_update_metadata: bool,
        burn_is_enabled: bool,
    },
    Minters {
        minters: Vec<Addr>,
    },
    RegisteredCodeHash {
        code_hash: Option<String>,
        also_implements_batch_receive_nft: bool,
    },
    NumTokens {
        count: u32,
    },
    TokenList {
        tokens: Vec<String>,
    },
    OwnerOf {
        owner: Addr,
        approvals: Vec<SpenderApproval>,
    },
    NftInfo(Metadata),
    PrivateMetadata(Metadata),
    AllNftInfo {
        access: OwnerAccess,
        info: Option<Metadata>,
    },
    NftDossier(Box<Dossier>),
    TokenApprovals {
        owner_is_public: bool,
        public_ownership_expiration: Option<Expiration>,
        private_metadata_is_public: bool,
        private_metadata_is_public_expiration: Option<Expiration>,
        token_approvals: Vec<ApprovalView>,
    },
    InventoryApprovals {
        owner_is_public: bool,
        public_ownership_expiration: Option<Expiration>,
        private_metadata_is_public: bool,
        private_metadata_is_public_expiration: Option<Expiration>,
        inventory_approvals: Vec<ApprovalView>,
    },
    TransactionHistory {
        total: u32,
        txs: Vec<Tx>,
    },
    VerifyTransferApproval {
        approved_for_all: bool,
        first_unapproved_token: Option<String>,
    },
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct OwnerAccess {
    /// Absent if the asker may not know.
    pub owner: Option<Addr>,
    pub approvals: Vec<SpenderApproval>,
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct SpenderApproval {
    pub spender: Addr,
    pub expires: Expiration,
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct ApprovalView {
    pub address: Addr,
    pub view_owner_expiration: Option<Expiration>,
    pub view_private_metadata_expiration: Option<Expiration>,
    pub transfer_expiration: Option<Expiration>,
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct Dossier {
    pub owner: Option<Addr>,
    pub public_metadata: Option<Metadata>,
    pub private_metadata: Option<Metadata>,
    pub display_private_metadata_error: Option<String>,
    pub owner_is_public: bool,
    pub public_ownership_expiration: Option<Expiration>,
    pub private_metadata_is_public: bool,
    pub private_metadata_is_public_expiration: Option<Expiration>,
    pub token_approvals: Option<Vec<ApprovalView>>,
    pub inventory_approvals: Option<Vec<ApprovalView>>,
}
