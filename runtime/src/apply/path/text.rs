//! Path elements as the keys of `fieldsV1` (contract 4.9.23).

use std::fmt::Write;
use std::str::FromStr;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::PathElement;
use crate::apply::value::{write_json, write_string};

/// Why a text is no path element, or a value no set of fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathError(String);

impl PathError {
    pub(in crate::apply) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

impl std::fmt::Display for PathError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for PathError {}

/// Writes the element as a key of `fieldsV1`.
pub(in crate::apply) fn encode_element(element: &PathElement, out: &mut String) {
    match element {
        PathElement::Field(name) => {
            out.push_str("f:");
            out.push_str(name);
        }
        PathElement::Key(fields) => {
            out.push_str("k:{");
            for (index, (name, value)) in fields.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_string(name, out);
                out.push(':');
                write_json(value, out);
            }
            out.push('}');
        }
        PathElement::Value(value) => {
            out.push_str("v:");
            write_json(value, out);
        }
        // Writing to a String cannot fail.
        PathElement::Index(index) => write!(out, "i:{index}").unwrap_or_default(),
    }
}

/// Reads a key of `fieldsV1`. `None` for a kind of element that a later version may know.
pub(in crate::apply) fn decode_element(text: &str) -> Result<Option<PathElement>, PathError> {
    let Some((kind, rest)) = text.split_once(':').filter(|(kind, _)| kind.len() == 1) else {
        return Err(PathError::new(format!("missing colon: {text}")));
    };
    let element = match kind {
        "f" => PathElement::field(rest),
        "k" => PathElement::key(json::<Map<String, Value>>(text, rest)?),
        "v" => PathElement::Value(Arc::new(json(text, rest)?)),
        "i" => PathElement::Index(rest.parse().map_err(|error| PathError::new(format!("{text}: {error}")))?),
        _ => return Ok(None),
    };
    Ok(Some(element))
}

fn json<T: serde::de::DeserializeOwned>(text: &str, json: &str) -> Result<T, PathError> {
    serde_json::from_str(json).map_err(|error| PathError::new(format!("{text}: {error}")))
}

/// Reads a key of `fieldsV1`.
impl FromStr for PathElement {
    type Err = PathError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        decode_element(text)?.ok_or_else(|| PathError::new(format!("unknown path element type: {text}")))
    }
}
