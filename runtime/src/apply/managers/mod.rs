//! Who owns which fields: `metadata.managedFields`, decoded.

mod cap;
mod entries;
mod still;
mod strip;
mod time;

use std::collections::BTreeMap;

use super::set::FieldSet;

pub(super) use cap::cap;
pub(super) use entries::{Sent, decode, decode_entries, encode, encode_entries};
pub(super) use still::still_owned;
pub(super) use strip::strip;
pub(crate) use time::time_text;
pub(super) use time::{canonical, restore};

/// The managers of an object, in the order in which conflicts are told.
pub(super) type Managers = BTreeMap<ManagerId, Owned>;

/// How a manager came to own its fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Operation {
    Apply,
    Update,
}

impl Operation {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Apply => "Apply",
            Self::Update => "Update",
        }
    }
}

/// Which entry is whose.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ManagerId {
    pub(super) manager: String,
    pub(super) operation: Operation,
    /// Empty for those who apply: they have one entry, whatever version they used.
    pub(super) api_version: String,
    pub(super) subresource: String,
}

impl ManagerId {
    pub(super) fn new(manager: &str, operation: Operation, api_version: &str, subresource: &str) -> Self {
        let api_version = match operation {
            Operation::Apply => String::new(),
            Operation::Update => api_version.to_owned(),
        };
        // Nobody is nameless, so that everybody can be told of.
        let manager = if manager.is_empty() { "unknown" } else { manager }.to_owned();
        Self { manager, operation, api_version, subresource: subresource.to_owned() }
    }
}

/// What a manager owns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Owned {
    pub(super) fields: FieldSet,
    /// The version of the object in which the fields are named.
    pub(super) api_version: String,
    /// When it was last changed, in seconds as RFC 3339 in UTC.
    pub(super) time: Option<String>,
}
