//! Why an apply was refused: [`ApplyError`], and the [`Conflicts`] in it (contract 4.9.19-4.9.21).

use std::fmt;

use super::managers::{ManagerId, Operation};
use super::path::FieldPath;
use crate::wire::strconv::quote;

/// Why a configuration could not be applied. Its text is the message for the client.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ApplyError {
    /// The configuration is none for this object: 400 (contract 4.9.19).
    BadRequest(String),
    /// Other managers own fields that the configuration changes: 409 (contract 4.9.21).
    Conflict(Conflicts),
    /// The configuration is not what the schema says: 500 without a reason (contract 4.9.20).
    Typed(String),
    /// What is stored cannot be worked with, or not be converted to another version: 500.
    Internal(String),
}

impl fmt::Display for ApplyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BadRequest(text) | Self::Typed(text) | Self::Internal(text) => f.write_str(text),
            Self::Conflict(conflicts) => conflicts.fmt(f),
        }
    }
}

impl std::error::Error for ApplyError {}

/// A field that another manager owns, and that the configuration changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    manager: ManagerId,
    path: FieldPath,
}

impl Conflict {
    pub(super) fn new(manager: ManagerId, path: FieldPath) -> Self {
        Self { manager, path }
    }

    /// Where the field is: `field` of the cause in the Status.
    pub fn path(&self) -> &FieldPath {
        &self.path
    }

    /// Whose field it is: `"kubectl-edit" using v1`, as the messages say it.
    pub fn manager(&self) -> String {
        let id = &self.manager;
        let subresource = match id.subresource.as_str() {
            "" => String::new(),
            name => format!(" with subresource {}", quote(name)),
        };
        let version = match id.operation {
            Operation::Apply => String::new(),
            Operation::Update => format!(" using {}", id.api_version),
        };
        format!("{}{subresource}{version}", quote(&id.manager))
    }

    /// `message` of the cause in the Status.
    pub fn message(&self) -> String {
        format!("conflict with {}", self.manager())
    }
}

/// All fields that are in the way of an apply, by manager; at least one. Its text is the message of the Status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflicts(pub(super) Vec<Conflict>);

impl Conflicts {
    /// The conflicts, sorted by manager: the causes of the Status.
    pub fn as_slice(&self) -> &[Conflict] {
        &self.0
    }
}

impl fmt::Display for Conflicts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let [only] = &self.0[..] {
            return write!(f, "Apply failed with 1 conflict: {}: {}", only.message(), only.path);
        }
        write!(f, "Apply failed with {} conflicts: ", self.0.len())?;
        let managers = self.0.chunk_by(|left, right| left.manager == right.manager);
        for (index, conflicts) in managers.enumerate() {
            let separator = if index > 0 { "\n" } else { "" };
            let manager = conflicts.first().map(Conflict::manager).unwrap_or_default();
            write!(f, "{separator}conflicts with {manager}:")?;
            conflicts.iter().try_for_each(|conflict| write!(f, "\n- {}", conflict.path))?;
        }
        Ok(())
    }
}
