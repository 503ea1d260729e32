//! Query parameters of a storage's own (contract 2.4.8): flat structs, described by their schema.

use schemars::{Schema, SchemaGenerator};
use serde::de::DeserializeOwned;
use serde_json::{Map, Number, Value};

use crate::wire::decode::from_value;
use crate::wire::query::Query;
use crate::wire::status::{Result, Status};

/// The query as a JSON object, each parameter in the type that the schema gives it. Unknown parameters are left out.
pub(super) fn custom_options(query: &Query<'_>, schema: fn(&mut SchemaGenerator) -> Schema) -> Result<Value> {
    let mut options = Map::new();
    let schema = schema(&mut SchemaGenerator::default());
    let properties = schema.get("properties").and_then(Value::as_object);
    for (name, property) in properties.into_iter().flatten() {
        if let Some(value) = parameter(query, name, property)? {
            options.insert(name.clone(), value);
        }
    }
    Ok(Value::Object(options))
}

/// The options out of what [`custom_options`] made.
pub(super) fn decode<T: DeserializeOwned>(options: &Value) -> Result<T> {
    from_value(options).map(|(options, _)| options).map_err(|error| Status::bad_request(error.to_string()))
}

fn parameter(query: &Query<'_>, name: &str, schema: &Value) -> Result<Option<Value>> {
    if !query.has(name) {
        return Ok(None);
    }
    Ok(match schema_type(schema) {
        "boolean" => query.bool(name).map(Value::Bool),
        "integer" => query.int(name)?.map(Value::from),
        "number" => {
            let text = query.get(name).unwrap_or_default();
            let number = text.parse().ok().and_then(Number::from_f64);
            let number = number.ok_or_else(|| Status::bad_request(format!("{name}: \"{text}\" is not a number")))?;
            Some(Value::Number(number))
        }
        "array" => Some(query.get_all(name).map(Value::from).collect()),
        _ => query.get(name).map(Value::from),
    })
}

/// The type of a property; of an optional one, the type beside `null`.
pub(crate) fn schema_type(schema: &Value) -> &str {
    match schema.get("type") {
        Some(Value::String(one)) => one,
        Some(Value::Array(several)) => {
            several.iter().filter_map(Value::as_str).find(|name| *name != "null").unwrap_or("string")
        }
        _ => "string",
    }
}
