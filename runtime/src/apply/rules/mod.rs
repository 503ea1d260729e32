//! The rules of ownership: what an apply or another change does to an object and to its managers.

mod apply;
mod prune;
mod update;

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::Value;

use super::converter::Converter;
use super::error::{ApplyError, Conflicts};
use super::managers::Managers;
use super::schema::Schema;
use super::set::FieldSet;
use super::typed::{reconcile, validate};

pub(super) use update::Changes;

/// What a change needs to know beside the objects: the versions of the resource, and what is not owned in them.
pub(super) struct Rules<'a> {
    pub(super) schema: &'a Schema,
    pub(super) api_version: &'a str,
    pub(super) converter: &'a dyn Converter,
    pub(super) reset_fields: &'a BTreeMap<String, ResetFields>,
}

/// The fields that an endpoint does not change, whatever is sent to it, with all that is in them (contract 1.28).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ResetFields {
    /// These; none by default.
    Fields(FieldSet),
    /// All but these, as `/status` changes the status only.
    AllBut(FieldSet),
}

impl Default for ResetFields {
    fn default() -> Self {
        Self::Fields(FieldSet::new())
    }
}

/// Why a change cannot be made.
#[derive(Debug)]
pub(super) enum Refusal {
    Conflict(Conflicts),
    /// A conversion failed; the text says which.
    Conversion(String),
}

impl From<Refusal> for ApplyError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Conflict(conflicts) => Self::Conflict(conflicts),
            Refusal::Conversion(text) => Self::Internal(text),
        }
    }
}

impl<'a> Rules<'a> {
    /// The schema of a version; `None` if there is no such version any more.
    fn schema_of(&self, api_version: &str) -> Option<&'a Schema> {
        if api_version == self.api_version { Some(self.schema) } else { self.converter.schema(api_version) }
    }

    /// The object in another version that there is.
    fn convert<'v>(&self, object: &'v Value, from: &str, to: &str) -> Result<Cow<'v, Value>, Refusal> {
        if from == to {
            return Ok(Cow::Borrowed(object));
        }
        let failed = |text| Refusal::Conversion(format!("failed to convert from {from} to {to}: {text}"));
        let converted = self.converter.convert(object.clone(), to).map_err(failed)?;
        if let Some(schema) = self.schema_of(to) {
            // What is walked has passed validation; items that are there twice may have been so before.
            validate(schema, &converted, true).map_err(|errors| failed(errors.to_string()))?;
        }
        Ok(Cow::Owned(converted))
    }

    /// The managers of versions that there are, with the sets that they have by today's schemas.
    fn known(&self, mut managers: Managers) -> Managers {
        managers.retain(|_, owned| match self.schema_of(&owned.api_version) {
            None => false,
            Some(schema) => {
                reconcile(schema, &mut owned.fields);
                true
            }
        });
        managers
    }

    /// The set without what this endpoint does not change.
    fn without_reset(&self, fields: FieldSet, api_version: &str) -> FieldSet {
        match self.reset_fields.get(api_version) {
            None => fields,
            Some(ResetFields::Fields(reset)) => fields.recursive_difference(reset),
            Some(ResetFields::AllBut(kept)) => {
                let others = fields.clone().recursive_difference(kept);
                fields.difference(&others)
            }
        }
    }
}
