//! The one error type of the wire: `Status` (contract 0.1-0.6).

use std::borrow::Cow;
use std::fmt;

use http::StatusCode;
use serde::{Deserialize, Serialize};

use super::field::FieldError;
use super::strconv::quote;

/// The result of everything a handler does; the error is what the client receives.
pub type Result<T, E = Status> = std::result::Result<T, E>;

/// A `v1` `Status`: what a client receives instead of an object (contract 0.1).
///
/// It is one pointer wide, so that `Result<T>` stays small. Errors are made by the constructors, one for each
/// row of the table of contract 0.5.
///
/// ```
/// use rest_resource::{GroupResource, Status};
///
/// let status = Status::not_found(&GroupResource::new("wardle.example.com", "flunders"), "a");
/// assert_eq!(status.code(), 404);
/// assert_eq!(status.message(), r#"flunders.wardle.example.com "a" not found"#);
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Status(Box<StatusBody>);

/// The fields of a [`Status`], as they travel.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct StatusBody {
    kind: Cow<'static, str>,
    api_version: Cow<'static, str>,
    #[serde(default)]
    metadata: StatusMeta,
    #[serde(default, skip_serializing_if = "str::is_empty")]
    status: Cow<'static, str>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    message: String,
    #[serde(default, skip_serializing_if = "str::is_empty")]
    reason: Cow<'static, str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    details: Option<StatusDetails>,
    #[serde(default, skip_serializing_if = "is_zero")]
    code: u16,
}

/// The `metadata` of a [`Status`]: empty, but for the fresh token of an expired list (contract 4.7.9).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct StatusMeta {
    #[serde(rename = "continue", default, skip_serializing_if = "Option::is_none")]
    continue_token: Option<String>,
}

/// What a [`Status`] is about (contract 0.2).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StatusDetails {
    /// The object's name.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// The API group.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub group: String,
    /// The plural resource, or the Kind where the reason is `Invalid` (contract 0.3).
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub kind: String,
    /// The object's uid.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub uid: String,
    /// One entry for each thing that is wrong.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub causes: Vec<StatusCause>,
    /// Seconds after which trying again makes sense; sent as `Retry-After` too (contract 0.7).
    #[serde(default, skip_serializing_if = "is_zero_u32")]
    pub retry_after_seconds: u32,
}

/// One cause of a [`Status`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusCause {
    /// The type of the cause, for example `FieldValueInvalid`.
    #[serde(default, skip_serializing_if = "str::is_empty")]
    pub reason: Cow<'static, str>,
    /// What is wrong, without the field.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub message: String,
    /// The path of the field, for example `spec.reference`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub field: String,
}

/// A group and its plural resource; prints as messages qualify it (contract 0.4).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct GroupResource {
    /// The API group, empty for the core group.
    pub group: Cow<'static, str>,
    /// The plural resource.
    pub resource: Cow<'static, str>,
}

/// A group and a Kind; prints as messages qualify it (contract 0.4).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct GroupKind {
    /// The API group, empty for the core group.
    pub group: Cow<'static, str>,
    /// The Kind.
    pub kind: Cow<'static, str>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature serde asks for")]
fn is_zero(code: &u16) -> bool {
    *code == 0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature serde asks for")]
fn is_zero_u32(seconds: &u32) -> bool {
    *seconds == 0
}

impl GroupResource {
    /// The resource of a group; the group is empty for core.
    pub fn new(group: impl Into<Cow<'static, str>>, resource: impl Into<Cow<'static, str>>) -> Self {
        Self { group: group.into(), resource: resource.into() }
    }
}

impl GroupKind {
    /// The Kind of a group; the group is empty for core.
    pub fn new(group: impl Into<Cow<'static, str>>, kind: impl Into<Cow<'static, str>>) -> Self {
        Self { group: group.into(), kind: kind.into() }
    }
}

fn qualified(f: &mut fmt::Formatter<'_>, name: &str, group: &str) -> fmt::Result {
    f.write_str(name)?;
    if !group.is_empty() {
        write!(f, ".{group}")?;
    }
    Ok(())
}

impl fmt::Display for GroupResource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        qualified(f, &self.resource, &self.group)
    }
}

impl fmt::Display for GroupKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        qualified(f, &self.kind, &self.group)
    }
}

/// The constructors, in the order of the table of contract 0.5.
impl Status {
    fn failure(code: StatusCode, reason: &'static str, message: String) -> Self {
        Self(Box::new(StatusBody {
            kind: Cow::Borrowed("Status"),
            api_version: Cow::Borrowed("v1"),
            status: Cow::Borrowed("Failure"),
            reason: Cow::Borrowed(reason),
            message,
            code: code.as_u16(),
            ..StatusBody::default()
        }))
    }

    fn about(mut self, resource: &GroupResource, name: &str) -> Self {
        let details = self.details_mut();
        details.group = resource.group.to_string();
        details.kind = resource.resource.to_string();
        name.clone_into(&mut details.name);
        self
    }

    /// A success without an object, as DELETE answers (contract 4.10.5). It has no code of its own.
    pub fn success() -> Self {
        Self(Box::new(StatusBody {
            kind: Cow::Borrowed("Status"),
            api_version: Cow::Borrowed("v1"),
            status: Cow::Borrowed("Success"),
            ..StatusBody::default()
        }))
    }

    /// 404 `NotFound`.
    pub fn not_found(resource: &GroupResource, name: &str) -> Self {
        Self::failure(StatusCode::NOT_FOUND, "NotFound", format!("{resource} {} not found", quote(name)))
            .about(resource, name)
    }

    /// 404 `NotFound` for a path that no installed resource has (contract 4.12.2).
    pub fn unknown_resource() -> Self {
        let mut status = Self::failure(
            StatusCode::NOT_FOUND,
            "NotFound",
            "the server could not find the requested resource".to_owned(),
        );
        status.details_mut();
        status
    }

    /// 409 `AlreadyExists`.
    pub fn already_exists(resource: &GroupResource, name: &str) -> Self {
        Self::failure(StatusCode::CONFLICT, "AlreadyExists", format!("{resource} {} already exists", quote(name)))
            .about(resource, name)
    }

    /// 409 `AlreadyExists` when no free name could be generated (contract 4.5.12); to be tried again after a second.
    pub fn generate_name_exhausted(resource: &GroupResource, name: &str) -> Self {
        Self::failure(
            StatusCode::CONFLICT,
            "AlreadyExists",
            format!(
                "{resource} {} already exists, the server was not able to generate a unique name for the object",
                quote(name)
            ),
        )
        .about(resource, name)
        .with_retry_after(1)
    }

    /// 409 `Conflict`; `error` is the text after the colon.
    pub fn conflict(resource: &GroupResource, name: &str, error: impl fmt::Display) -> Self {
        Self::failure(
            StatusCode::CONFLICT,
            "Conflict",
            format!("Operation cannot be fulfilled on {resource} {}: {error}", quote(name)),
        )
        .about(resource, name)
    }

    /// 409 `Conflict` for an apply that changes what others own: a cause for each field (contract 4.9.21).
    pub fn apply_conflict(message: impl Into<String>, causes: Vec<StatusCause>) -> Self {
        let mut status = Self::failure(StatusCode::CONFLICT, "Conflict", message.into());
        status.details_mut().causes = causes;
        status
    }

    /// 422 `Invalid`: every wrong field, once (contract 0.9).
    pub fn invalid(kind: &GroupKind, name: &str, errors: &[FieldError]) -> Self {
        let mut texts: Vec<String> = Vec::new();
        for text in errors.iter().map(ToString::to_string) {
            if !texts.contains(&text) {
                texts.push(text);
            }
        }
        let all = match texts.as_slice() {
            [one] => one.clone(),
            many => format!("[{}]", many.join(", ")),
        };
        let message = if errors.is_empty() {
            format!("{kind} {} is invalid", quote(name))
        } else {
            format!("{kind} {} is invalid: {all}", quote(name))
        };
        let mut status = Self::failure(StatusCode::UNPROCESSABLE_ENTITY, "Invalid", message);
        let details = status.details_mut();
        details.group = kind.group.to_string();
        details.kind = kind.kind.to_string();
        name.clone_into(&mut details.name);
        details.causes = errors.iter().map(FieldError::cause).collect();
        status
    }

    /// 422 `Invalid` for a wrong query option, on the Kind `<options>.meta.k8s.io` (contract 4.4.1).
    pub fn invalid_options(options: &'static str, errors: &[FieldError]) -> Self {
        Self::invalid(&GroupKind::new("meta.k8s.io", options), "", errors)
    }

    /// 400 `BadRequest`.
    pub fn bad_request(message: impl Into<String>) -> Self {
        Self::failure(StatusCode::BAD_REQUEST, "BadRequest", message.into())
    }

    /// 401 `Unauthorized`.
    pub fn unauthorized(message: impl Into<String>) -> Self {
        Self::failure(StatusCode::UNAUTHORIZED, "Unauthorized", message.into())
    }

    /// 403 `Forbidden` on an object, or on the resource where `name` is empty.
    pub fn forbidden(resource: &GroupResource, name: &str, error: impl fmt::Display) -> Self {
        let message = if name.is_empty() {
            format!("{resource} is forbidden: {error}")
        } else {
            format!("{resource} {} is forbidden: {error}", quote(name))
        };
        Self::failure(StatusCode::FORBIDDEN, "Forbidden", message).about(resource, name)
    }

    /// 405 `MethodNotAllowed` for a verb that the resource does not have.
    pub fn method_not_supported(resource: &GroupResource, verb: &str) -> Self {
        Self::failure(
            StatusCode::METHOD_NOT_ALLOWED,
            "MethodNotAllowed",
            format!("{verb} is not supported on resources of kind \"{resource}\""),
        )
        .about(resource, "")
    }

    /// 405 `MethodNotAllowed` for a method that no route of the path has (contract 4.12.3).
    pub fn method_not_allowed() -> Self {
        Self::failure(
            StatusCode::METHOD_NOT_ALLOWED,
            "MethodNotAllowed",
            "the server does not allow this method on the requested resource".to_owned(),
        )
    }

    /// 410 `Expired`: a resource version or a continue token that is no longer held.
    pub fn expired(message: impl Into<String>) -> Self {
        Self::failure(StatusCode::GONE, "Expired", message.into())
    }

    /// 413 `RequestEntityTooLarge`.
    pub fn request_entity_too_large(text: impl fmt::Display) -> Self {
        Self::failure(
            StatusCode::PAYLOAD_TOO_LARGE,
            "RequestEntityTooLarge",
            format!("Request entity too large: {text}"),
        )
    }

    /// 415 `UnsupportedMediaType` for a request body; names the types that are accepted (contract 4.2.6).
    pub fn unsupported_media_type(accepted: &[&str]) -> Self {
        Self::failure(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "UnsupportedMediaType",
            format!(
                "the body of the request was in an unknown format - accepted media types include: {}",
                accepted.join(", ")
            ),
        )
    }

    /// 406 `NotAcceptable` with a text of its own.
    pub fn not_acceptable(message: impl Into<String>) -> Self {
        Self::failure(StatusCode::NOT_ACCEPTABLE, "NotAcceptable", message.into())
    }

    /// 406 `NotAcceptable` that names the media types that are served (contract 4.2.4).
    pub fn only_accepted(served: &[&str]) -> Self {
        Self::not_acceptable(format!("only the following media types are accepted: {}", served.join(", ")))
    }

    /// 429 `TooManyRequests`, to be tried again after `seconds`.
    pub fn too_many_requests(message: impl Into<String>, seconds: u32) -> Self {
        Self::failure(StatusCode::TOO_MANY_REQUESTS, "TooManyRequests", message.into()).with_retry_after(seconds)
    }

    /// 500 `InternalError`.
    pub fn internal_error(error: impl fmt::Display) -> Self {
        let error = error.to_string();
        let mut status = Self::failure(
            StatusCode::INTERNAL_SERVER_ERROR,
            "InternalError",
            format!("Internal error occurred: {error}"),
        );
        status.details_mut().causes.push(StatusCause { message: error, ..StatusCause::default() });
        status
    }

    /// 500 `StorageReadError`: what is stored is no object (contract 4.8.12).
    pub fn storage_read_error(message: impl Into<String>) -> Self {
        Self::failure(StatusCode::INTERNAL_SERVER_ERROR, "StorageReadError", message.into())
    }

    /// 500 without a reason, for errors that are told as they are (contract 4.9.20).
    pub fn unknown_error(message: impl Into<String>) -> Self {
        Self::failure(StatusCode::INTERNAL_SERVER_ERROR, "", message.into())
    }

    /// 503 `ServiceUnavailable`.
    pub fn service_unavailable(message: impl Into<String>) -> Self {
        Self::failure(StatusCode::SERVICE_UNAVAILABLE, "ServiceUnavailable", message.into())
    }

    /// 504 `Timeout`.
    pub fn timeout(text: impl fmt::Display, retry_after_seconds: u32) -> Self {
        let mut status = Self::failure(StatusCode::GATEWAY_TIMEOUT, "Timeout", format!("Timeout: {text}"));
        status.details_mut().retry_after_seconds = retry_after_seconds;
        status
    }

    /// 504 `Timeout` with the cause `ResourceVersionTooLarge`, on which clients key (contract 4.6.2).
    pub fn too_large_resource_version(requested: u64, current: u64) -> Self {
        let mut status = Self::timeout(format_args!("Too large resource version: {requested}, current: {current}"), 1);
        status.details_mut().causes.push(StatusCause {
            reason: Cow::Borrowed("ResourceVersionTooLarge"),
            message: "Too large resource version".to_owned(),
            field: String::new(),
        });
        status
    }

    /// 422 `Invalid` without details, as a failing JSON patch operation answers (contract 4.9.14).
    pub fn unprocessable(message: impl Into<String>) -> Self {
        Self::failure(StatusCode::UNPROCESSABLE_ENTITY, "Invalid", message.into())
    }
}

/// Reading and adjusting.
impl Status {
    /// The HTTP code; 200 for a success that has none of its own.
    pub fn code(&self) -> u16 {
        match self.0.code {
            0 if self.is_success() => 200,
            0 => 500,
            code => code,
        }
    }

    /// Whether it says success.
    pub fn is_success(&self) -> bool {
        self.0.status == "Success"
    }

    /// The machine-readable reason, for example `NotFound`.
    pub fn reason(&self) -> &str {
        &self.0.reason
    }

    /// The message for a person.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// What it is about, if it says so.
    pub fn details(&self) -> Option<&StatusDetails> {
        self.0.details.as_ref()
    }

    /// What it is about, to be filled.
    pub fn details_mut(&mut self) -> &mut StatusDetails {
        self.0.details.get_or_insert_default()
    }

    /// With another message.
    #[must_use]
    pub fn with_message(mut self, message: impl Into<String>) -> Self {
        self.0.message = message.into();
        self
    }

    /// With a code; a `Success` that DELETE makes up has one only in some cases (contract 4.10.7).
    #[must_use]
    pub fn with_code(mut self, code: StatusCode) -> Self {
        self.0.code = code.as_u16();
        self
    }

    /// With a code, if it has none of its own (contract 4.5.2).
    #[must_use]
    pub(crate) fn or_code(self, code: StatusCode) -> Self {
        if self.0.code == 0 { self.with_code(code) } else { self }
    }

    /// With `details.retryAfterSeconds`, which is sent as the header `Retry-After` too.
    #[must_use]
    pub fn with_retry_after(mut self, seconds: u32) -> Self {
        self.details_mut().retry_after_seconds = seconds;
        self
    }

    /// With a fresh continue token in its metadata (contract 4.7.9).
    #[must_use]
    pub fn with_continue(mut self, token: String) -> Self {
        self.0.metadata.continue_token = Some(token);
        self
    }

    /// The JSON that is sent, without a line end.
    pub fn to_json(&self) -> Vec<u8> {
        serde_json::to_vec(&self.0).unwrap_or_default()
    }
}

impl Serialize for Status {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Status {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        StatusBody::deserialize(deserializer).map(|body| Self(Box::new(body)))
    }
}

impl fmt::Debug for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl std::error::Error for Status {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c0_1_empty_fields_are_omitted_except_metadata() {
        let json = String::from_utf8(Status::bad_request("no").to_json()).unwrap();
        assert_eq!(
            json,
            r#"{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"no","reason":"BadRequest","code":400}"#
        );
    }

    #[test]
    fn c0_4_core_resources_are_not_qualified() {
        let status = Status::already_exists(&GroupResource::new("", "pods"), "a");
        assert_eq!(status.message(), "pods \"a\" already exists");
    }

    #[test]
    fn c0_9_duplicate_errors_are_printed_once() {
        let kind = GroupKind::new("g", "Kind");
        let one = FieldError::required("spec.a", "need it");
        let status = Status::invalid(&kind, "n", &[one.clone(), one]);
        assert_eq!(status.message(), r#"Kind.g "n" is invalid: spec.a: Required value: need it"#);
    }
}
