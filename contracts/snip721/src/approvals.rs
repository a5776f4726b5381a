//! Who may see an owner, see private metadata, or transfer; of one token or of an inventory.

use cosmwasm_std::{Addr, BlockInfo};
use serde::{Deserialize, Serialize};

use crate::msg::{AccessLevel, ApprovalView};

#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum Expiration {
    AtHeight(u64),
    /// Seconds since 1970.
    AtTime(u64),
    Never,
}

impl Expiration {
    pub fn is_over(&self, block: &BlockInfo) -> bool {
        match self {
            Expiration::AtHeight(height) => block.height >= *height,
            Expiration::AtTime(time) => block.time.seconds() >= *time,
            Expiration::Never => false,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Permission {
    ViewOwner,
    ViewPrivateMetadata,
    Transfer,
}

/// What one address may do, and until when; without an address, what everybody may.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct Approval {
    pub address: Option<Addr>,
    pub view_owner: Option<Expiration>,
    pub view_private_metadata: Option<Expiration>,
    pub transfer: Option<Expiration>,
}

impl Approval {
    fn new(address: Option<Addr>) -> Self {
        Approval {
            address,
            view_owner: None,
            view_private_metadata: None,
            transfer: None,
        }
    }

    fn slot(&mut self, permission: Permission) -> &mut Option<Expiration> {
        match permission {
            Permission::ViewOwner => &mut self.view_owner,
            Permission::ViewPrivateMetadata => &mut self.view_private_metadata,
            Permission::Transfer => &mut self.transfer,
        }
    }

    pub fn expiration(&self, permission: Permission) -> Option<Expiration> {
        match permission {
            Permission::ViewOwner => self.view_owner,
            Permission::ViewPrivateMetadata => self.view_private_metadata,
            Permission::Transfer => self.transfer,
        }
    }

    fn is_empty(&self) -> bool {
        [self.view_owner, self.view_private_metadata, self.transfer] == [None; 3]
    }
}

/// Sets or, without an expiration, removes one permission of one address.
pub fn set(
    approvals: &mut Vec<Approval>,
    address: Option<&Addr>,
    permission: Permission,
    expires: Option<Expiration>,
) {
    let found = approvals.iter().position(|a| a.address.as_ref() == address);
    let index = found.unwrap_or_else(|| {
        approvals.push(Approval::new(address.cloned()));
        approvals.len() - 1
    });
    *approvals[index].slot(permission) = expires;
    approvals.retain(|approval| !approval.is_empty());
}

/// Applies a level to the approvals of a token and to those of the owner's whole inventory.
pub fn set_level(
    (token, inventory): (Option<&mut Vec<Approval>>, &mut Vec<Approval>),
    address: Option<&Addr>,
    permission: Permission,
    (level, expires): (AccessLevel, Expiration),
) {
    match level {
        AccessLevel::All => set(inventory, address, permission, Some(expires)),
        AccessLevel::None => {
            set(inventory, address, permission, None);
            if let Some(token) = token {
                set(token, address, permission, None);
            }
        }
        AccessLevel::ApproveToken | AccessLevel::RevokeToken => {
            let expires = (level == AccessLevel::ApproveToken).then_some(expires);
            if let Some(token) = token {
                set(token, address, permission, expires);
            }
        }
    }
}

/// Whether a list admits an address, or everybody. Who may transfer may also see the owner.
pub fn admits(
    approvals: &[Approval],
    viewer: Option<&Addr>,
    permission: Permission,
    block: &BlockInfo,
) -> bool {
    approvals.iter().any(|approval| {
        let concerns = approval.address.is_none() || approval.address.as_ref() == viewer;
        let holds = |permission| {
            let expires = approval.expiration(permission);
            expires.is_some_and(|expires| !expires.is_over(block))
        };
        let implied = permission == Permission::ViewOwner && holds(Permission::Transfer);
        concerns && (holds(permission) || implied)
    })
}

/// Until when everybody has a permission, if they have it now.
pub fn global(
    approvals: &[Approval],
    permission: Permission,
    block: &BlockInfo,
) -> Option<Expiration> {
    let everybody = approvals.iter().find(|a| a.address.is_none())?;
    let expires = everybody.expiration(permission)?;
    (!expires.is_over(block)).then_some(expires)
}

/// The approvals of single addresses.
pub fn views(
    approvals: &[Approval],
    block: &BlockInfo,
    include_expired: bool,
) -> Vec<ApprovalView> {
    let current = |expires: Option<Expiration>| {
        expires.filter(|expires| include_expired || !expires.is_over(block))
    };
    approvals
        .iter()
        .filter_map(|approval| {
            Some(ApprovalView {
                address: approval.address.clone()?,
                view_owner_expiration: current(approval.view_owner),
                view_private_metadata_expiration: current(approval.view_private_metadata),
                transfer_expiration: current(approval.transfer),
            })
        })
        .collect()
}
