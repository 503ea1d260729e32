//! Whole objects, and the metadata in them.

use serde_json::{Map, Value, json};

/// The object of which nothing is set: what an object that is created is compared with.
pub(super) fn empty(object: &Value) -> Value {
    let mut empty = json!({});
    copy(object, &mut empty, &["apiVersion", "kind"]);
    empty
}

pub(super) fn copy(from: &Value, to: &mut Value, names: &[&str]) {
    if let (Some(from), Some(to)) = (from.as_object(), to.as_object_mut()) {
        let present = names.iter().filter_map(|name| from.get_key_value(*name));
        to.extend(present.map(|(name, value)| (name.clone(), value.clone())));
    }
}

/// A copy that does not copy the managed fields first, which may be the greater part.
pub(super) fn without_managed_fields(object: &Value) -> Value {
    let Some(fields) = object.as_object() else { return object.clone() };
    let copied = fields.iter().map(|(name, value)| match value {
        Value::Object(metadata) if name == "metadata" => {
            let others = metadata.iter().filter(|(name, _)| *name != "managedFields");
            let others: Map<String, Value> = others.map(|(name, value)| (name.clone(), value.clone())).collect();
            (name.clone(), Value::Object(others))
        }
        value => (name.clone(), value.clone()),
    });
    Value::Object(copied.collect())
}

/// Gives the object its managed fields, or none by null; returns those that it had.
pub(crate) fn set_managed_fields(object: &mut Value, entries: Value) -> Value {
    let Some(object) = object.as_object_mut() else { return Value::Null };
    if entries.is_null() {
        let metadata = object.get_mut("metadata").and_then(Value::as_object_mut);
        return metadata.and_then(|metadata| metadata.remove("managedFields")).unwrap_or_default();
    }
    let metadata = object.entry("metadata").or_insert_with(|| json!({}));
    let metadata = metadata.as_object_mut();
    metadata.and_then(|metadata| metadata.insert("managedFields".to_owned(), entries)).unwrap_or_default()
}

/// The object as errors name it: `namespace/name; group/version, Kind=kind`.
pub(super) fn describe(object: &Value) -> String {
    let text = |value: &'static str, of: &Value| of[value].as_str().unwrap_or_default().to_owned();
    let (namespace, name) = (text("namespace", &object["metadata"]), text("name", &object["metadata"]));
    let (api_version, kind) = (text("apiVersion", object), text("kind", object));
    // The core group is written as an empty one.
    let slash = if api_version.contains('/') { "" } else { "/" };
    format!("{namespace}/{name}; {slash}{api_version}, Kind={kind}")
}
