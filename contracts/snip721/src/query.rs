//! Questions that anybody may ask, and those whose answer depends on who asks.

use cosmwasm_std::{to_binary, Addr, Binary, Deps, Env, StdError, StdResult};
use secret_toolkit::permit::TokenPermissions;
use toolbox::{signer_of_permit, viewer_with_key, Viewer};

use crate::approvals::{global, views, Approval, Expiration, Permission};
use crate::history;
use crate::msg::{Dossier, OwnerAccess, QueryAnswer, QueryMsg, QueryWithPermit, SpenderApproval};
use crate::ownership::{may, not_authorized};
use crate::state::{Collection, ContractStatus, Inventory, List, Metadata, Receiver, Token};

const LIMIT_DEFAULT: u32 = 30;
const LIMIT_MAX: u32 = 300;

/// A question, and who asks it if that is known.
struct Asked<'a> {
    deps: Deps<'a>,
    env: &'a Env,
    collection: &'a Collection,
    viewer: Option<Addr>,
}

pub fn answer(deps: Deps, env: Env, msg: QueryMsg) -> StdResult<Binary> {
    let collection = Collection::load(deps.storage)?;
    if collection.status == ContractStatus::StopAll {
        return Err(StdError::generic_err(
            "The contract admin has temporarily disabled this action",
        ));
    }
    let (viewer, query) = match msg {
        QueryMsg::WithPermit { permit, query } => {
            let signer = signer_of_permit(deps, &env, &permit, TokenPermissions::Owner)?;
            (Some(signer), query)
        }
        msg => match with_key(deps, &collection, msg)? {
            Sorted::Public(answer) => return to_binary(&*answer),
            Sorted::Asked(viewer, query) => (viewer, query),
        },
    };
    let asked = Asked {
        deps,
        env: &env,
        collection: &collection,
        viewer,
    };
    to_binary(&asked.answer(query)?)
}

enum Sorted {
    Public(Box<QueryAnswer>),
    Asked(Option<Addr>, QueryWithPermit),
}

/// Answers what is public; of the rest, finds out who asks.
fn with_key(deps: Deps, collection: &Collection, msg: QueryMsg) -> StdResult<Sorted> {
    let known = |viewer: Option<Viewer>| -> StdResult<Option<Addr>> {
        viewer.map(|v| viewer_with_key(deps, &v)).transpose()
    };
    let by = |address: String, viewing_key: String| {
        known(Some(Viewer {
            address,
            viewing_key,
        }))
    };
    type Q = QueryWithPermit;
    let (viewer, query) = match msg {
        QueryMsg::NumTokens { viewer } => (known(viewer)?, Q::NumTokens {}),
        QueryMsg::AllTokens {
            viewer,
            start_after,
            limit,
        } => (known(viewer)?, Q::AllTokens { start_after, limit }),
        QueryMsg::OwnerOf {
            token_id,
            viewer,
            include_expired,
        } => (
            known(viewer)?,
            Q::OwnerOf {
                token_id,
                include_expired,
            },
        ),
        QueryMsg::PrivateMetadata { token_id, viewer } => {
            (known(viewer)?, Q::PrivateMetadata { token_id })
        }
        QueryMsg::AllNftInfo {
            token_id,
            viewer,
            include_expired,
        } => (
            known(viewer)?,
            Q::AllNftInfo {
                token_id,
                include_expired,
            },
        ),
        QueryMsg::NftDossier {
            token_id,
            viewer,
            include_expired,
        } => (
            known(viewer)?,
            Q::NftDossier {
                token_id,
                include_expired,
            },
        ),
        QueryMsg::TokenApprovals {
            token_id,
            viewing_key,
            include_expired,
        } => {
            let token = Token::may_load(deps.storage, &token_id)?;
            let owner = token.map_or(String::new(), |token| token.owner.into_string());
            (
                by(owner, viewing_key)?,
                Q::TokenApprovals {
                    token_id,
                    include_expired,
                },
            )
        }
        QueryMsg::InventoryApprovals {
            address,
            viewing_key,
            include_expired,
        } => (
            by(address, viewing_key)?,
            Q::InventoryApprovals { include_expired },
        ),
        QueryMsg::Tokens {
            owner,
            viewer,
            viewing_key,
            start_after,
            limit,
        } => {
            let viewer = match viewing_key {
                Some(key) => by(viewer.unwrap_or(owner.clone()), key)?,
                None => None,
            };
            (
                viewer,
                Q::Tokens {
                    owner,
                    start_after,
                    limit,
                },
            )
        }
        QueryMsg::NumTokensOfOwner {
            owner,
            viewer,
            viewing_key,
        } => {
            let viewer = match viewing_key {
                Some(key) => by(viewer.unwrap_or(owner.clone()), key)?,
                None => None,
            };
            (viewer, Q::NumTokensOfOwner { owner })
        }
        QueryMsg::TransactionHistory {
            address,
            viewing_key,
            page,
            page_size,
        } => (
            by(address, viewing_key)?,
            Q::TransactionHistory { page, page_size },
        ),
        QueryMsg::VerifyTransferApproval {
            token_ids,
            address,
            viewing_key,
        } => (
            by(address, viewing_key)?,
            Q::VerifyTransferApproval { token_ids },
        ),
        msg => return public(deps, collection, msg).map(|a| Sorted::Public(Box::new(a))),
    };
    Ok(Sorted::Asked(viewer, query))
}

fn public(deps: Deps, collection: &Collection, msg: QueryMsg) -> StdResult<QueryAnswer> {
    let config = &collection.config;
    Ok(match msg {
        QueryMsg::ContractInfo {} => QueryAnswer::ContractInfo {
            name: collection.name.clone(),
            symbol: collection.symbol.clone(),
        },
        QueryMsg::ContractConfig {} => QueryAnswer::ContractConfig {
            token_supply_is_public: config.public_token_supply,
            owner_is_public: config.public_owner,
            sealed_metadata_is_enabled: false,
            unwrapped_metadata_is_private: false,
            minter_may_update_metadata: config.minter_may_update_metadata,
            owner_may_update_metadata: config.owner_may_update_metadata,
            burn_is_enabled: config.enable_burn,
        },
        QueryMsg::Minters {} => QueryAnswer::Minters {
            minters: collection.minters.clone(),
        },
        QueryMsg::RegisteredCodeHash { contract } => {
            let receiver = Receiver::may_load(deps.storage, &contract)?;
            QueryAnswer::RegisteredCodeHash {
                also_implements_batch_receive_nft: receiver
                    .as_ref()
                    .is_some_and(|receiver| receiver.takes_batches),
                code_hash: receiver.map(|receiver| receiver.code_hash),
            }
        }
        QueryMsg::NftInfo { token_id } => {
            let token = Token::may_load(deps.storage, &token_id)?;
            if token.is_none() && config.public_token_supply {
                return Err(no_token(&token_id));
            }
            let metadata = token.and_then(|token| token.public_metadata);
            QueryAnswer::NftInfo(metadata.unwrap_or_default())
        }
        _ => {
            return Err(StdError::generic_err(
                "this question needs to know who asks",
            ))
        }
    })
}

impl Asked<'_> {
    fn answer(&self, query: QueryWithPermit) -> StdResult<QueryAnswer> {
        match query {
            QueryWithPermit::NumTokens {} => {
                self.check_supply()?;
                Ok(QueryAnswer::NumTokens {
                    count: self.collection.count,
                })
            }
            QueryWithPermit::AllTokens { start_after, limit } => {
                self.check_supply()?;
                let page = Page {
                    start_after,
                    limit,
                    place: |token: Token| token.index,
                };
                self.list(List::All, self.collection.count, page)
            }
            QueryWithPermit::OwnerOf {
                token_id,
                include_expired,
            } => {
                let token = self.token(&token_id)?;
                let access = self.access(&token, include_expired.unwrap_or(false))?;
                let owner = access.owner.ok_or_else(|| not_authorized(&token_id))?;
                let approvals = access.approvals;
                Ok(QueryAnswer::OwnerOf { owner, approvals })
            }
            QueryWithPermit::PrivateMetadata { token_id } => {
                let token = self.token(&token_id)?;
                if !self.may(&token, Permission::ViewPrivateMetadata)? {
                    return Err(not_authorized(&token_id));
                }
                let metadata = token.private_metadata.unwrap_or_default();
                Ok(QueryAnswer::PrivateMetadata(metadata))
            }
            QueryWithPermit::AllNftInfo {
                token_id,
                include_expired,
            } => {
                let token = self.token(&token_id)?;
                let access = self.access(&token, include_expired.unwrap_or(false))?;
                let info = token.public_metadata;
                Ok(QueryAnswer::AllNftInfo { access, info })
            }
            QueryWithPermit::NftDossier {
                token_id,
                include_expired,
            } => self.dossier(&token_id, include_expired.unwrap_or(false)),
            QueryWithPermit::TokenApprovals {
                token_id,
                include_expired,
            } => self.token_approvals(&token_id, include_expired.unwrap_or(false)),
            QueryWithPermit::InventoryApprovals { include_expired } => {
                self.inventory_approvals(include_expired.unwrap_or(false))
            }
            QueryWithPermit::Tokens {
                owner,
                start_after,
                limit,
            } => {
                let owner = self.inventory_owner(owner)?;
                let count = Inventory::load(self.deps.storage, &owner)?.count;
                let page = Page {
                    start_after,
                    limit,
                    place: |token: Token| token.owner_index,
                };
                self.list(List::Of(&owner), count, page)
            }
            QueryWithPermit::NumTokensOfOwner { owner } => {
                let owner = self.inventory_owner(owner)?;
                let count = Inventory::load(self.deps.storage, &owner)?.count;
                Ok(QueryAnswer::NumTokens { count })
            }
            QueryWithPermit::TransactionHistory { page, page_size } => {
                let viewer = self.viewer.as_ref().ok_or_else(no_viewer)?;
                let size = page_size.unwrap_or(LIMIT_DEFAULT).min(LIMIT_MAX);
                let pages = (page.unwrap_or(0), size);
                let (total, txs) = history::page(self.deps.storage, viewer, pages)?;
                Ok(QueryAnswer::TransactionHistory { total, txs })
            }
            QueryWithPermit::VerifyTransferApproval { token_ids } => {
                self.verify_transfer_approval(token_ids)
            }
        }
    }

    fn check_supply(&self) -> StdResult<()> {
        let Collection {
            config, minters, ..
        } = self.collection;
        let as_minter = self.viewer.as_ref().is_some_and(|v| minters.contains(v));
        if config.public_token_supply || as_minter {
            return Ok(());
        }
        Err(StdError::generic_err(
            "The token supply of this contract is private",
        ))
    }

    fn token(&self, id: &str) -> StdResult<Token> {
        Token::may_load(self.deps.storage, id)?.ok_or_else(|| {
            match self.collection.config.public_token_supply {
                true => no_token(id),
                false => not_authorized(id),
            }
        })
    }

    fn may(&self, token: &Token, permission: Permission) -> StdResult<bool> {
        let (storage, viewer) = (self.deps.storage, self.viewer.as_ref());
        may(storage, self.env, token, viewer, permission)
    }

    fn owner_is_public(&self, owner: &Addr) -> StdResult<bool> {
        let inventory = Inventory::load(self.deps.storage, owner)?;
        Ok(self.collection.config.public_owner && !inventory.is_private)
    }

    fn access(&self, token: &Token, include_expired: bool) -> StdResult<OwnerAccess> {
        let is_visible =
            self.owner_is_public(&token.owner)? || self.may(token, Permission::ViewOwner)?;
        let is_owner = self.viewer.as_ref() == Some(&token.owner);
        let spenders = || {
            let views = views(&token.approvals, &self.env.block, include_expired);
            let spender = |view: crate::msg::ApprovalView| {
                let spender = view.address;
                let expires = view.transfer_expiration?;
                Some(SpenderApproval { spender, expires })
            };
            views.into_iter().filter_map(spender).collect()
        };
        Ok(OwnerAccess {
            owner: is_visible.then(|| token.owner.clone()),
            approvals: if is_owner { spenders() } else { Vec::new() },
        })
    }

    fn dossier(&self, id: &str, include_expired: bool) -> StdResult<QueryAnswer> {
        let token = self.token(id)?;
        let access = self.access(&token, include_expired)?;
        let shows_private = self.may(&token, Permission::ViewPrivateMetadata)?;
        let is_owner = self.viewer.as_ref() == Some(&token.owner);
        let inventory = Inventory::load(self.deps.storage, &token.owner)?;
        let list = |approvals: &[Approval]| {
            is_owner.then(|| views(approvals, &self.env.block, include_expired))
        };
        let (owner_is_public, public_ownership_expiration) =
            self.publicity(&token, &inventory, Permission::ViewOwner);
        let (private_metadata_is_public, private_metadata_is_public_expiration) =
            self.publicity(&token, &inventory, Permission::ViewPrivateMetadata);
        let hidden = format!("You are not authorized to view the private metadata of token {id}");
        let private_metadata: Option<Metadata> = token.private_metadata.clone();
        Ok(QueryAnswer::NftDossier(Box::new(Dossier {
            owner: access.owner,
            public_metadata: token.public_metadata.clone(),
            private_metadata: private_metadata.filter(|_| shows_private),
            display_private_metadata_error: (!shows_private).then_some(hidden),
            owner_is_public,
            public_ownership_expiration,
            private_metadata_is_public,
            private_metadata_is_public_expiration,
            token_approvals: list(&token.approvals),
            inventory_approvals: list(&inventory.approvals),
        })))
    }

    /// Whether everybody has a permission, and until when.
    fn publicity(
        &self,
        token: &Token,
        inventory: &Inventory,
        permission: Permission,
    ) -> (bool, Option<Expiration>) {
        let by_default = permission == Permission::ViewOwner
            && self.collection.config.public_owner
            && !inventory.is_private;
        let block = &self.env.block;
        let expires = global(&token.approvals, permission, block)
            .or(global(&inventory.approvals, permission, block))
            .or(by_default.then_some(Expiration::Never));
        (expires.is_some(), expires)
    }

    fn token_approvals(&self, id: &str, include_expired: bool) -> StdResult<QueryAnswer> {
        let token = self.token(id)?;
        if self.viewer.as_ref() != Some(&token.owner) {
            return Err(not_authorized(id));
        }
        let inventory = Inventory::load(self.deps.storage, &token.owner)?;
        let (owner_is_public, public_ownership_expiration) =
            self.publicity(&token, &inventory, Permission::ViewOwner);
        let (private_metadata_is_public, private_metadata_is_public_expiration) =
            self.publicity(&token, &inventory, Permission::ViewPrivateMetadata);
        Ok(QueryAnswer::TokenApprovals {
            owner_is_public,
            public_ownership_expiration,
            private_metadata_is_public,
            private_metadata_is_public_expiration,
            token_approvals: views(&token.approvals, &self.env.block, include_expired),
        })
    }

    fn inventory_approvals(&self, include_expired: bool) -> StdResult<QueryAnswer> {
        let viewer = self.viewer.as_ref().ok_or_else(no_viewer)?;
        let inventory = Inventory::load(self.deps.storage, viewer)?;
        let (block, approvals) = (&self.env.block, &inventory.approvals);
        let everybody = global(approvals, Permission::ViewOwner, block);
        let private = global(approvals, Permission::ViewPrivateMetadata, block);
        Ok(QueryAnswer::InventoryApprovals {
            owner_is_public: everybody.is_some() || self.owner_is_public(viewer)?,
            public_ownership_expiration: everybody,
            private_metadata_is_public: private.is_some(),
            private_metadata_is_public_expiration: private,
            inventory_approvals: views(approvals, block, include_expired),
        })
    }

    /// Lists are shown to their owner, and to others where owners are public to them.
    fn inventory_owner(&self, owner: String) -> StdResult<Addr> {
        let owner = self.deps.api.addr_validate(&owner)?;
        let inventory = Inventory::load(self.deps.storage, &owner)?;
        let (viewer, block) = (self.viewer.as_ref(), &self.env.block);
        let admitted =
            crate::approvals::admits(&inventory.approvals, viewer, Permission::ViewOwner, block);
        if viewer == Some(&owner) || admitted || self.owner_is_public(&owner)? {
            return Ok(owner);
        }
        Err(StdError::generic_err(
            "You are not authorized to view the tokens of this owner",
        ))
    }

    fn verify_transfer_approval(&self, token_ids: Vec<String>) -> StdResult<QueryAnswer> {
        self.viewer.as_ref().ok_or_else(no_viewer)?;
        let mut first_unapproved_token = None;
        for id in token_ids {
            let token = Token::may_load(self.deps.storage, &id)?;
            let is_approved = match &token {
                Some(token) => self.may(token, Permission::Transfer)?,
                None => false,
            };
            if !is_approved {
                first_unapproved_token = Some(id);
                break;
            }
        }
        Ok(QueryAnswer::VerifyTransferApproval {
            approved_for_all: first_unapproved_token.is_none(),
            first_unapproved_token,
        })
    }

    fn list(&self, list: List, count: u32, page: Page) -> StdResult<QueryAnswer> {
        let start = match page.start_after {
            Some(id) => (page.place)(self.token(&id)?) + 1,
            None => 0,
        };
        let limit = page.limit.unwrap_or(LIMIT_DEFAULT).min(LIMIT_MAX);
        let end = count.min(start.saturating_add(limit));
        let tokens = (start..end)
            .map(|index| list.get(self.deps.storage, index))
            .collect::<StdResult<_>>()?;
        Ok(QueryAnswer::TokenList { tokens })
    }
}

/// Which part of a list, and where a token stands in it.
struct Page {
    start_after: Option<String>,
    limit: Option<u32>,
    place: fn(Token) -> u32,
}

fn no_token(id: &str) -> StdError {
    StdError::generic_err(format!("Token ID: {id} not found"))
}

fn no_viewer() -> StdError {
    StdError::generic_err("this question needs to know who asks")
}
