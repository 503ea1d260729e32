//! Server-side apply: a PATCH whose body is a part of the object (contract 4.9.18-4.9.26).

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ManagedFieldsEntry;
use serde_json::Value;

use super::Endpoint;
use super::managed::now;
use crate::apply::{ApplyError, Conflicts, Live};
use crate::wire::decode::{json, problem_texts};
use crate::wire::options::FieldValidation;
use crate::wire::status::{Result, Status, StatusCause};
use crate::wire::yaml;

/// What somebody wants an object to be like, to be applied as often as a write conflicts.
pub(super) struct Configuration {
    object: Value,
    /// Whether fields that others own are taken over.
    force: bool,
}

impl Configuration {
    /// Reads the body, which is YAML or JSON; also tells the warnings about it.
    ///
    /// Errors: 400 where it is neither (contract 4.9.10), or where strictness is asked for and a key is there twice
    /// (4.4.5).
    pub(super) fn parse(body: &[u8], force: bool, validation: FieldValidation) -> Result<(Self, Vec<String>)> {
        let unreadable = |error: &dyn std::fmt::Display| Status::bad_request(format!("error encoding patch: {error}"));
        let body = yaml::to_json(body).map_err(|error| unreadable(&error))?;
        let parsed = json::parse(&body).map_err(|error| unreadable(&error))?;
        let problems = problem_texts(&parsed.duplicates, &[]);
        let warnings = match validation {
            FieldValidation::Ignore => Vec::new(),
            FieldValidation::Strict if !problems.is_empty() => {
                return Err(Status::bad_request(format!("error strict decoding patch: {}", problems.join(", "))));
            }
            FieldValidation::Warn | FieldValidation::Strict => problems,
        };
        Ok((Self { object: parsed.value, force }, warnings))
    }

    /// The object as it shall be, in the version of the endpoint, and its managed fields; `live` is what there is, if anything.
    ///
    /// Errors: 400 for a configuration that is none for this object (contract 4.9.19), 409 for one that changes what
    /// others own (4.9.21) or means another object (4.9.26), 500 for one that the schema does not allow (4.9.20).
    pub(super) fn apply(
        &self,
        live: Option<Live<'_>>,
        endpoint: &Endpoint,
        name: &str,
        manager: &str,
    ) -> Result<(Value, Option<Vec<ManagedFieldsEntry>>)> {
        let applied = endpoint.field_manager()?.apply_entries(live, &self.object, manager, self.force, &now());
        let applied = applied.map_err(refused)?;
        match self.object["metadata"]["uid"].as_str() {
            Some(uid) if live.is_none() && !uid.is_empty() => Err(Status::conflict(
                &endpoint.group_resource,
                name,
                format_args!("uid mismatch: the provided object specified uid {uid}, and no existing object was found"),
            )),
            _ => Ok(applied),
        }
    }
}

fn refused(error: ApplyError) -> Status {
    let text = error.to_string();
    match error {
        ApplyError::BadRequest(_) => Status::bad_request(text),
        ApplyError::Conflict(conflicts) => Status::apply_conflict(text, causes(&conflicts)),
        ApplyError::Typed(_) | ApplyError::Internal(_) => Status::unknown_error(text),
    }
}

/// What kubectl prints of conflicts (contract 4.9.21).
fn causes(conflicts: &Conflicts) -> Vec<StatusCause> {
    let cause = |conflict: &crate::apply::Conflict| StatusCause {
        reason: "FieldManagerConflict".into(),
        message: conflict.message(),
        field: conflict.path().to_string(),
    };
    conflicts.as_slice().iter().map(cause).collect()
}
