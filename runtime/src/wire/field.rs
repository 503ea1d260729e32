//! Field errors: what is wrong with one field of an object or of the options (contract 0.8-0.10).

use std::borrow::Cow;
use std::fmt;

use serde::Serialize;
use serde_json::Value;

use super::status::StatusCause;
use super::strconv;

/// The type of a [`FieldError`]: the cause's reason and the printed prefix (contract 0.8).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum FieldErrorType {
    NotFound,
    Required,
    Duplicate,
    Invalid,
    TypeInvalid,
    NotSupported,
    Forbidden,
    TooLong,
    TooShort,
    TooMany,
    TooFew,
    Internal,
}

impl FieldErrorType {
    fn reason(self) -> &'static str {
        match self {
            Self::NotFound => "FieldValueNotFound",
            Self::Required => "FieldValueRequired",
            Self::Duplicate => "FieldValueDuplicate",
            Self::Invalid => "FieldValueInvalid",
            Self::TypeInvalid => "FieldValueTypeInvalid",
            Self::NotSupported => "FieldValueNotSupported",
            Self::Forbidden => "FieldValueForbidden",
            Self::TooLong => "FieldValueTooLong",
            Self::TooShort => "FieldValueTooShort",
            Self::TooMany => "FieldValueTooMany",
            Self::TooFew => "FieldValueTooFew",
            Self::Internal => "InternalError",
        }
    }

    fn prefix(self) -> &'static str {
        match self {
            Self::NotFound => "Not found",
            Self::Required => "Required value",
            Self::Duplicate => "Duplicate value",
            Self::Invalid | Self::TypeInvalid => "Invalid value",
            Self::NotSupported => "Unsupported value",
            Self::Forbidden => "Forbidden",
            Self::TooLong => "Too long",
            Self::TooShort => "Too short",
            Self::TooMany => "Too many",
            Self::TooFew => "Too few",
            Self::Internal => "Internal error",
        }
    }

    /// Whether the body prints no value (contract 0.9).
    fn hides_value(self) -> bool {
        matches!(self, Self::Required | Self::Forbidden | Self::TooLong | Self::TooShort | Self::Internal)
    }
}

/// One thing that is wrong with one field; prints as `<field>: <prefix>: <value>: <detail>` (contract 0.9).
///
/// ```
/// use rest_resource::FieldError;
///
/// let error = FieldError::not_supported("spec.referenceType", "Cat", &["Flunder", "Fischer"]);
/// assert_eq!(error.to_string(), r#"spec.referenceType: Unsupported value: "Cat": supported values: "Flunder", "Fischer""#);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct FieldError {
    kind: FieldErrorType,
    field: Cow<'static, str>,
    value: Value,
    detail: String,
}

impl FieldError {
    fn new(
        kind: FieldErrorType,
        field: impl Into<Cow<'static, str>>,
        value: impl Serialize,
        detail: impl Into<String>,
    ) -> Self {
        let value = serde_json::to_value(value).unwrap_or(Value::Null);
        Self { kind, field: field.into(), value, detail: detail.into() }
    }

    /// A value that must be there and is not.
    pub fn required(field: impl Into<Cow<'static, str>>, detail: impl Into<String>) -> Self {
        Self::new(FieldErrorType::Required, field, (), detail)
    }

    /// A value that is not allowed.
    pub fn invalid(field: impl Into<Cow<'static, str>>, value: impl Serialize, detail: impl Into<String>) -> Self {
        Self::new(FieldErrorType::Invalid, field, value, detail)
    }

    /// A value of the wrong type.
    pub fn type_invalid(field: impl Into<Cow<'static, str>>, value: impl Serialize, detail: impl Into<String>) -> Self {
        Self::new(FieldErrorType::TypeInvalid, field, value, detail)
    }

    /// A reference to something that is not there.
    pub fn not_found(field: impl Into<Cow<'static, str>>, value: impl Serialize) -> Self {
        Self::new(FieldErrorType::NotFound, field, value, "")
    }

    /// A value that stands twice where it may stand once.
    pub fn duplicate(field: impl Into<Cow<'static, str>>, value: impl Serialize) -> Self {
        Self::new(FieldErrorType::Duplicate, field, value, "")
    }

    /// A value outside a list; the detail names the supported ones in the order given (contract 0.10).
    pub fn not_supported(field: impl Into<Cow<'static, str>>, value: impl Serialize, supported: &[&str]) -> Self {
        let quoted: Vec<String> = supported.iter().map(|s| format!("\"{s}\"")).collect();
        let detail = if quoted.is_empty() { String::new() } else { format!("supported values: {}", quoted.join(", ")) };
        Self::new(FieldErrorType::NotSupported, field, value, detail)
    }

    /// A field that may not be set here.
    pub fn forbidden(field: impl Into<Cow<'static, str>>, detail: impl Into<String>) -> Self {
        Self::new(FieldErrorType::Forbidden, field, (), detail)
    }

    /// A value of more than `max_bytes` bytes.
    pub fn too_long(field: impl Into<Cow<'static, str>>, max_bytes: usize) -> Self {
        Self::new(FieldErrorType::TooLong, field, (), format!("may not be more than {max_bytes} bytes"))
    }

    /// A value of fewer than `min` characters.
    pub fn too_short(field: impl Into<Cow<'static, str>>, min: usize) -> Self {
        Self::new(FieldErrorType::TooShort, field, (), format!("must be at least {min} characters long"))
    }

    /// A list of `actual` items where at most `max` are allowed.
    pub fn too_many(field: impl Into<Cow<'static, str>>, actual: usize, max: usize) -> Self {
        Self::new(FieldErrorType::TooMany, field, actual, format!("must have at most {max} items"))
    }

    /// A list of `actual` items where at least `min` are needed.
    pub fn too_few(field: impl Into<Cow<'static, str>>, actual: usize, min: usize) -> Self {
        Self::new(FieldErrorType::TooFew, field, actual, format!("must have at least {min} items"))
    }

    /// Something that failed while the field was checked.
    pub fn internal(field: impl Into<Cow<'static, str>>, detail: impl Into<String>) -> Self {
        Self::new(FieldErrorType::Internal, field, (), detail)
    }

    /// The path of the field.
    pub fn field(&self) -> &str {
        &self.field
    }

    /// The cause of a `Status`: its message is the body without the field (contract 0.9).
    pub fn cause(&self) -> StatusCause {
        StatusCause { reason: Cow::Borrowed(self.kind.reason()), message: self.body(), field: self.field.to_string() }
    }

    fn body(&self) -> String {
        let mut body = self.kind.prefix().to_owned();
        if !self.kind.hides_value() {
            body.push_str(": ");
            match &self.value {
                Value::String(text) => body.push_str(&strconv::quote(text)),
                other => body.push_str(&other.to_string()),
            }
        }
        if !self.detail.is_empty() {
            body.push_str(": ");
            body.push_str(&self.detail);
        }
        body
    }
}

impl fmt::Display for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.field, self.body())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c0_9_values_print_by_their_type() {
        let text = |value: Value| FieldError::invalid("f", value, "no").to_string();
        assert_eq!(text("a".into()), "f: Invalid value: \"a\": no");
        assert_eq!(text("\u{7}\u{200b}".into()), r#"f: Invalid value: "\a\u200b": no"#);
        assert_eq!(text(0.into()), "f: Invalid value: 0: no");
        assert_eq!(text(serde_json::json!({"a": [1]})), "f: Invalid value: {\"a\":[1]}: no");
        assert_eq!(FieldError::required("f", "").to_string(), "f: Required value");
    }
}
