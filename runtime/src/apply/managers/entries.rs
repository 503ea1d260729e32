//! `metadata.managedFields` as JSON (contract 4.9.23).

use serde_json::{Map, Value};

use super::{ManagerId, Managers, Operation, Owned, canonical};
use crate::apply::set::FieldSet;
use crate::wire::strconv::quote;

const FIELDS_V1: &str = "FieldsV1";

/// Reads the entries; there are none in null.
///
/// Errors: what is wrong with the first entry that is invalid, for people.
pub(in crate::apply) fn decode(entries: &Value) -> Result<Managers, String> {
    let entries = match entries {
        Value::Null => return Ok(Managers::new()),
        Value::Array(entries) => entries,
        _ => return Err("managedFields must be a list".to_owned()),
    };
    entries.iter().enumerate().map(|(index, entry)| decode_entry(index, entry)).collect()
}

fn decode_entry(index: usize, entry: &Value) -> Result<(ManagerId, Owned), String> {
    let operation = match entry["operation"].as_str() {
        Some("Apply") => Operation::Apply,
        Some("Update") => Operation::Update,
        _ => return Err("operation must be `Apply` or `Update`".to_owned()),
    };
    let api_version = text(entry, "apiVersion");
    if api_version.is_empty() {
        return Err("apiVersion must not be empty".to_owned());
    }
    match text(entry, "fieldsType") {
        FIELDS_V1 => {}
        "" => return Err(format!("missing fieldsType in managed fields entry {index}")),
        other => return Err(format!("invalid fieldsType {} in managed fields entry {index}", quote(other))),
    }
    let fields = match &entry["fieldsV1"] {
        Value::Null => FieldSet::new(),
        fields => FieldSet::from_value(fields).map_err(|error| format!("error decoding set: {error}"))?,
    };
    let time = match &entry["time"] {
        Value::Null => None,
        time => Some(canonical(time.as_str().unwrap_or_default())?),
    };
    let mut id = ManagerId::new("", operation, api_version, text(entry, "subresource"));
    // An entry may be nameless where a client wrote it so.
    text(entry, "manager").clone_into(&mut id.manager);
    Ok((id, Owned { fields, api_version: api_version.to_owned(), time }))
}

fn text<'a>(entry: &'a Value, name: &str) -> &'a str {
    entry[name].as_str().unwrap_or_default()
}

/// Writes the entries in their order; null if there are none.
pub(in crate::apply) fn encode(managers: &Managers) -> Value {
    if managers.is_empty() {
        return Value::Null;
    }
    let mut sorted: Vec<_> = managers.iter().collect();
    // The times are all in one form, whose order is that of the text.
    sorted.sort_by(|(left_id, left), (right_id, right)| {
        let left_key = (left_id.operation, &left.time, &left_id.manager, &left.api_version, &left_id.subresource);
        left_key.cmp(&(right_id.operation, &right.time, &right_id.manager, &right.api_version, &right_id.subresource))
    });
    sorted.into_iter().map(|(id, owned)| encode_entry(id, owned)).collect()
}

fn encode_entry(id: &ManagerId, owned: &Owned) -> Value {
    let mut entry = Map::new();
    let texts = [
        ("manager", id.manager.as_str()),
        ("operation", id.operation.name()),
        ("apiVersion", &owned.api_version),
        ("time", owned.time.as_deref().unwrap_or_default()),
        ("fieldsType", FIELDS_V1),
        ("subresource", &id.subresource),
    ];
    for (name, text) in texts.into_iter().filter(|(_, text)| !text.is_empty()) {
        entry.insert(name.to_owned(), text.into());
    }
    entry.insert("fieldsV1".to_owned(), owned.fields.to_value());
    Value::Object(entry)
}

/// The client wants the tracking to end: an empty list, or a list of one empty entry (contract 4.5.15).
pub(in crate::apply) fn is_reset(entries: &Value) -> bool {
    let empty = |value: &Value| value.is_null() || value == "";
    match entries.as_array().map(Vec::as_slice) {
        Some([]) => true,
        Some([Value::Object(only)]) => only.values().all(empty),
        _ => false,
    }
}
