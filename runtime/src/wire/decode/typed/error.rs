//! Why a value is not of its type.

use std::fmt;

use serde::de::{self, Expected, Unexpected};
use serde_json::Value;

use crate::wire::decode::path::{Path, clip_owned};

/// Why a value is not of its type; prints as `spec.replicas: invalid type: string "x", expected i32`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecodeError(Box<Inner>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Inner {
    path: String,
    message: String,
}

impl DecodeError {
    fn new(message: String) -> Self {
        Self(Box::new(Inner { path: String::new(), message: clip_owned(message) }))
    }

    /// With the place, unless a deeper one is known.
    pub(super) fn at(mut self, path: &Path<'_>) -> Self {
        if self.0.path.is_empty() {
            self.0.path = path.render();
        }
        self
    }

    /// The path of the wrong value; empty for the document itself.
    pub fn path(&self) -> &str {
        &self.0.path
    }

    /// What is wrong, without the path; at most 1 KiB, as it repeats what the client sent.
    pub fn message(&self) -> &str {
        &self.0.message
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.0.path.is_empty() {
            write!(f, "{}: ", self.0.path)?;
        }
        f.write_str(&self.0.message)
    }
}

impl std::error::Error for DecodeError {}

impl de::Error for DecodeError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::new(message.to_string())
    }

    fn invalid_type(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::new(format!("invalid type: {}, expected {expected}", Json(unexpected)))
    }

    fn invalid_value(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::new(format!("invalid value: {}, expected {expected}", Json(unexpected)))
    }
}

/// In JSON's terms: a unit is a null, a float is written as JSON writes it.
struct Json<'a>(Unexpected<'a>);

impl fmt::Display for Json<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Unexpected::Unit => f.write_str("null"),
            Unexpected::Float(value) => write!(f, "floating point `{}`", Value::from(value)),
            other => other.fmt(f),
        }
    }
}

#[cold]
pub(super) fn invalid_type(value: &Value, expected: &dyn Expected) -> DecodeError {
    let unexpected = match value {
        Value::Null => Unexpected::Unit,
        Value::Bool(value) => Unexpected::Bool(*value),
        Value::Number(number) => match (number.as_u64(), number.as_i64()) {
            (Some(value), _) => Unexpected::Unsigned(value),
            (None, Some(value)) => Unexpected::Signed(value),
            (None, None) => Unexpected::Float(number.as_f64().unwrap_or(f64::NAN)),
        },
        Value::String(value) => Unexpected::Str(value),
        Value::Array(_) => Unexpected::Seq,
        Value::Object(_) => Unexpected::Map,
    };
    de::Error::invalid_type(unexpected, expected)
}
