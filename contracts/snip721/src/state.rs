//! Records: settings, tokens, inventories, the order of tokens, receivers' code hashes.

use cosmwasm_std::{Addr, StdError, StdResult, Storage};
use serde::{Deserialize, Serialize};
use toolbox::{key, load, may_load, remove, save};

use crate::approvals::Approval;

const COLLECTION: &[u8] = b"collection";

/// What the contract is asked to be at instantiation; everything is off unless named.
#[derive(Serialize, Deserialize, Clone, Debug, Default, PartialEq)]
#[serde(default)]
pub struct Config {
    /// Everybody may list the tokens.
    pub public_token_supply: bool,
    /// Everybody may see who owns what, unless an owner hides it.
    pub public_owner: bool,
    pub minter_may_update_metadata: bool,
    pub owner_may_update_metadata: bool,
    pub enable_burn: bool,
}

#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum ContractStatus {
    Normal,
    StopTransactions,
    StopAll,
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct Collection {
    pub name: String,
    pub symbol: String,
    pub admin: Addr,
    pub minters: Vec<Addr>,
    pub config: Config,
    pub status: ContractStatus,
    /// Tokens ever minted: the next token's name, if it is given none.
    pub minted: u64,
    /// Tokens there are.
    pub count: u32,
}

impl Collection {
    pub fn load(storage: &dyn Storage) -> StdResult<Self> {
        load(storage, COLLECTION, "collection")
    }

    pub fn save(&self, storage: &mut dyn Storage) -> StdResult<()> {
        save(storage, COLLECTION, self)
    }

    pub fn assert_admin(&self, sender: &Addr) -> StdResult<()> {
        if *sender == self.admin {
            return Ok(());
        }
        Err(StdError::generic_err(
            "This is an admin command and can only be run from the admin address",
        ))
    }
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct Token {
    pub owner: Addr,
    pub public_metadata: Option<Metadata>,
    pub private_metadata: Option<Metadata>,
    /// Of this token; they end with a change of owner.
    pub approvals: Vec<Approval>,
    /// Place in the list of all tokens.
    pub index: u32,
    /// Place in the owner's list.
    pub owner_index: u32,
}

impl Token {
    pub fn may_load(storage: &dyn Storage, id: &str) -> StdResult<Option<Self>> {
        may_load(storage, &token_key(id))
    }

    pub fn save(&self, storage: &mut dyn Storage, id: &str) -> StdResult<()> {
        save(storage, &token_key(id), self)
    }

    pub fn remove(storage: &mut dyn Storage, id: &str) {
        remove(storage, &token_key(id));
    }
}

/// What an owner has and permits for all of it.
#[derive(Serialize, Deserialize, Clone, Debug, Default, PartialEq)]
pub struct Inventory {
    pub count: u32,
    /// The owner hides what the collection would show.
    pub is_private: bool,
    pub approvals: Vec<Approval>,
}

impl Inventory {
    pub fn load(storage: &dyn Storage, owner: &Addr) -> StdResult<Self> {
        Ok(may_load(storage, &inventory_key(owner))?.unwrap_or_default())
    }

    pub fn save(&self, storage: &mut dyn Storage, owner: &Addr) -> StdResult<()> {
        save(storage, &inventory_key(owner), self)
    }
}

/// A list of token names; removal moves the last one into the gap.
pub enum List<'a> {
    All,
    Of(&'a Addr),
}

impl List<'_> {
    pub fn get(&self, storage: &dyn Storage, index: u32) -> StdResult<String> {
        load(storage, &self.key(index), "token in a list")
    }

    pub fn set(&self, storage: &mut dyn Storage, index: u32, id: &str) -> StdResult<()> {
        save(storage, &self.key(index), &id)
    }

    pub fn remove(&self, storage: &mut dyn Storage, index: u32) {
        remove(storage, &self.key(index));
    }

    fn key(&self, index: u32) -> Vec<u8> {
        match self {
            List::All => key(&[b"all", &index.to_be_bytes()]),
            List::Of(owner) => key(&[b"of", owner.as_bytes(), &index.to_be_bytes()]),
        }
    }
}

/// A contract that wants to hear of tokens sent to it.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct Receiver {
    pub code_hash: String,
    pub takes_batches: bool,
}

impl Receiver {
    pub fn may_load(storage: &dyn Storage, contract: &str) -> StdResult<Option<Self>> {
        may_load(storage, &key(&[b"receiver", contract.as_bytes()]))
    }

    pub fn save(&self, storage: &mut dyn Storage, contract: &Addr) -> StdResult<()> {
        save(storage, &key(&[b"receiver", contract.as_bytes()]), self)
    }
}

#[derive(Serialize, Deserialize, Clone, Debug, Default, PartialEq)]
pub struct Metadata {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_uri: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extension: Option<Extension>,
}

#[derive(Serialize, Deserialize, Clone, Debug, Default, PartialEq)]
#[serde(default)]
pub struct Extension {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image_data: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attributes: Option<Vec<Trait>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub media: Option<Vec<MediaFile>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub protected_attributes: Option<Vec<String>>,
}

#[derive(Serialize, Deserialize, Clone, Debug, Default, PartialEq)]
pub struct Trait {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trait_type: Option<String>,
    pub value: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_value: Option<String>,
}

#[derive(Serialize, Deserialize, Clone, Debug, Default, PartialEq)]
pub struct MediaFile {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extension: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authentication: Option<Authentication>,
    pub url: String,
}

#[derive(Serialize, Deserialize, Clone, Debug, Default, PartialEq)]
pub struct Authentication {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
}

fn token_key(id: &str) -> Vec<u8> {
    key(&[b"token", id.as_bytes()])
}

fn inventory_key(owner: &Addr) -> Vec<u8> {
    key(&[b"inventory", owner.as_bytes()])
}
