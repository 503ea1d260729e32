//! The options of a request, from its query or its body (contract 4.4, 4.6, 4.7, 4.8, 4.9, 4.10).
//!
//! `from_query` and `from_json` read and validate: what they give is valid. A value that cannot be read is 400; one
//! that is not allowed is 422 on the Kind of the options, with every mistake at once, in Go's order. The `validate`
//! functions make the same checks on options that a program put together.

mod create;
mod delete;
mod get;
mod list;
mod patch;
mod preconditions;
mod update;

pub use create::CreateOptions;
pub use delete::{DeleteOptions, PropagationPolicy};
pub use get::GetOptions;
pub use list::{ListOptions, ResourceVersionMatch};
pub use patch::PatchOptions;
pub use preconditions::Preconditions;
pub use update::UpdateOptions;

use super::field::FieldError;
use super::query::Query;
use super::status::{Result, Status};
use super::strconv;

/// The most bytes of a field manager (contract 4.4.7).
pub(crate) const FIELD_MANAGER_MAX_BYTES: usize = 128;

/// What is done about unknown and duplicate fields in a body (contract 4.4.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FieldValidation {
    /// They are dropped in silence.
    Ignore,
    /// They are dropped, with a `Warning` header for each.
    #[default]
    Warn,
    /// The request fails.
    Strict,
}

/// The options that every write has, as the query gives them.
struct WriteOptions {
    dry_run: bool,
    field_manager: Option<String>,
    field_validation: FieldValidation,
}

impl WriteOptions {
    /// What is wrong is added to `errors`.
    fn from_query(query: &Query<'_>, errors: &mut Vec<FieldError>) -> Self {
        let field_manager = query.get("fieldManager").filter(|manager| !manager.is_empty()).map(str::to_owned);
        check_field_manager(field_manager.as_deref(), errors);
        let dry_run = read_dry_run(query.get_all("dryRun"), errors);
        let field_validation = match query.get("fieldValidation").unwrap_or_default() {
            "" | "Warn" => FieldValidation::Warn,
            "Ignore" => FieldValidation::Ignore,
            "Strict" => FieldValidation::Strict,
            other => {
                let supported = ["", "Ignore", "Strict", "Warn"];
                errors.push(FieldError::not_supported("fieldValidation", other, &supported));
                FieldValidation::default()
            }
        };
        Self { dry_run, field_manager, field_validation }
    }
}

/// Whether it is a dry run; the one value there is is `All`, and it may repeat (contract 4.4.8).
fn read_dry_run<'v>(values: impl Iterator<Item = &'v str>, errors: &mut Vec<FieldError>) -> bool {
    let values: Vec<&str> = values.collect();
    if values.iter().any(|value| *value != "All") {
        errors.push(FieldError::not_supported("dryRun", &values, &["All"]));
    }
    !values.is_empty()
}

/// At most 128 bytes, all printable (contract 4.4.7).
fn check_field_manager(manager: Option<&str>, errors: &mut Vec<FieldError>) {
    let manager = manager.unwrap_or_default();
    if manager.len() > FIELD_MANAGER_MAX_BYTES {
        // Go goes on to name each bad character, each time with the whole value; here that stays small.
        errors.push(FieldError::too_long("fieldManager", FIELD_MANAGER_MAX_BYTES));
        return;
    }
    for (at, c) in manager.char_indices().filter(|(_, c)| !strconv::is_print(*c)) {
        let detail = format!("invalid character U+{:04X} (at position {at})", u32::from(c));
        errors.push(FieldError::invalid("fieldManager", manager, detail));
    }
}

/// The parameter `resourceVersion`: empty is unset, and `0` is any (contract 4.7.12).
fn parse_resource_version(text: &str) -> Result<Option<u64>> {
    if text.is_empty() {
        return Ok(None);
    }
    strconv::parse_uint(text).map(Some).map_err(|error| {
        let error = FieldError::invalid("resourceVersion", text, error);
        Status::bad_request(format!("invalid resource version: {error}"))
    })
}

/// 422 on the Kind of the options if there are errors.
fn finish(kind: &'static str, errors: &[FieldError]) -> Result<()> {
    if errors.is_empty() { Ok(()) } else { Err(Status::invalid_options(kind, errors)) }
}

#[cfg(test)]
fn assert_bad_request<T: std::fmt::Debug>(result: Result<T>, message: &str) {
    let error = result.unwrap_err();
    assert_eq!((error.code(), error.reason(), error.message()), (400, "BadRequest", message));
}

/// The message is that of the Kind and the errors that follow.
#[cfg(test)]
fn assert_invalid<T: std::fmt::Debug>(result: Result<T>, kind: &str, errors: &str) {
    let error = result.unwrap_err();
    assert_eq!((error.code(), error.reason()), (422, "Invalid"));
    assert_eq!(error.message(), format!("{kind}.meta.k8s.io \"\" is invalid: {errors}"));
}
