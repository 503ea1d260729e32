//! What single keywords of a JSON schema say.

use serde_json::Value;

use super::Scalar;
use super::convert::{Result, error};

/// What a schema refers to, if it is nothing else: beside the reference stands at most that the value may be null.
pub(super) fn sole_reference(schema: &Value) -> Option<&str> {
    if let Some(reference) = schema["$ref"].as_str() {
        return Some(reference);
    }
    let mut parts = ["allOf", "anyOf", "oneOf"]
        .iter()
        .flat_map(|keyword| schema[*keyword].as_array().into_iter().flatten())
        .filter(|part| says_what_it_is(part) && part["type"] != "null");
    let only = parts.next().filter(|_| parts.next().is_none() && !declares_type(schema))?;
    only["$ref"].as_str()
}

/// The schema says a kind of value by itself, and not only by others.
pub(super) fn declares_type(schema: &Value) -> bool {
    ["type", "properties", "additionalProperties", "items"].iter().any(|keyword| schema.get(keyword).is_some())
}

/// The schema says a kind of value, and not only what a value must be like.
pub(super) fn says_what_it_is(schema: &Value) -> bool {
    let by_others =
        ["$ref", "allOf", "anyOf", "oneOf"].iter().any(|keyword| schema.get(keyword).is_some()) || schema == true;
    let enumeration = schema["enum"].as_array().is_some_and(|values| !values.iter().all(Value::is_null));
    declares_type(schema) || by_others || enumeration || schema.get("const").is_some()
}

pub(super) fn map_is_atomic(schema: &Value) -> Result<Option<bool>> {
    match schema["x-kubernetes-map-type"].as_str() {
        None => Ok(None),
        Some("atomic") => Ok(Some(true)),
        Some("granular") => Ok(Some(false)),
        Some(other) => error(format!("unknown x-kubernetes-map-type {other}")),
    }
}

/// Text of a format is any scalar, because a number may be written for it.
pub(super) fn scalar_of(name: &str, format: &Value) -> Scalar {
    match (name, format.as_str()) {
        ("integer" | "number", _) => Scalar::Number,
        ("boolean", _) => Scalar::Boolean,
        ("string", None | Some("" | "byte")) => Scalar::String,
        _ => Scalar::Any,
    }
}
