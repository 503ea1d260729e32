//! `metadata.managedFields` as JSON and as its type (contract 4.9.23).

use std::borrow::Cow;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::{FieldsV1, ManagedFieldsEntry, Time};
use serde_json::{Map, Value};

use super::{ManagerId, Managers, Operation, Owned, canonical, time_text};
use crate::apply::set::FieldSet;
use crate::wire::strconv::quote;

pub(super) const FIELDS_V1: &str = "FieldsV1";

/// What an entry says, in whatever form it is.
struct Entry<'a> {
    manager: &'a str,
    operation: &'a str,
    api_version: &'a str,
    subresource: &'a str,
    fields_type: &'a str,
    time: Option<Cow<'a, str>>,
    fields: Option<&'a Value>,
}

impl<'a> From<&'a Value> for Entry<'a> {
    fn from(entry: &'a Value) -> Self {
        let text = |name: &str| entry[name].as_str().unwrap_or_default();
        Self {
            manager: text("manager"),
            operation: text("operation"),
            api_version: text("apiVersion"),
            subresource: text("subresource"),
            fields_type: text("fieldsType"),
            time: entry.get("time").filter(|time| !time.is_null()).map(|_| text("time").into()),
            fields: entry.get("fieldsV1").filter(|fields| !fields.is_null()),
        }
    }
}

impl<'a> From<&'a ManagedFieldsEntry> for Entry<'a> {
    fn from(entry: &'a ManagedFieldsEntry) -> Self {
        fn text(text: Option<&String>) -> &str {
            text.map(String::as_str).unwrap_or_default()
        }
        Self {
            manager: text(entry.manager.as_ref()),
            operation: text(entry.operation.as_ref()),
            api_version: text(entry.api_version.as_ref()),
            subresource: text(entry.subresource.as_ref()),
            fields_type: text(entry.fields_type.as_ref()),
            time: entry.time.as_ref().map(|time| time_text(time.0).into()),
            fields: entry.fields_v1.as_ref().map(|fields| &fields.0).filter(|fields| !fields.is_null()),
        }
    }
}

/// Reads the entries; there are none in null.
///
/// Errors: what is wrong with the first entry that is invalid, for people.
pub(in crate::apply) fn decode(entries: &Value) -> Result<Managers, String> {
    match entries {
        Value::Null => Ok(Managers::new()),
        Value::Array(entries) => decode_all(entries),
        _ => Err("managedFields must be a list".to_owned()),
    }
}

/// As [`decode`].
pub(in crate::apply) fn decode_entries(entries: &[ManagedFieldsEntry]) -> Result<Managers, String> {
    decode_all(entries)
}

fn decode_all<'a, E>(entries: &'a [E]) -> Result<Managers, String>
where
    Entry<'a>: From<&'a E>,
{
    entries.iter().enumerate().map(|(index, entry)| decode_entry(index, &entry.into())).collect()
}

fn decode_entry(index: usize, entry: &Entry<'_>) -> Result<(ManagerId, Owned), String> {
    let operation = match entry.operation {
        "Apply" => Operation::Apply,
        "Update" => Operation::Update,
        _ => return Err("operation must be `Apply` or `Update`".to_owned()),
    };
    if entry.api_version.is_empty() {
        return Err("apiVersion must not be empty".to_owned());
    }
    match entry.fields_type {
        FIELDS_V1 => {}
        "" => return Err(format!("missing fieldsType in managed fields entry {index}")),
        other => return Err(format!("invalid fieldsType {} in managed fields entry {index}", quote(other))),
    }
    let fields = match entry.fields {
        None => FieldSet::new(),
        Some(fields) => FieldSet::from_value(fields).map_err(|error| format!("error decoding set: {error}"))?,
    };
    let time = entry.time.as_deref().map(canonical).transpose()?;
    let mut id = ManagerId::new("", operation, entry.api_version, entry.subresource);
    // An entry may be nameless where a client wrote it so.
    entry.manager.clone_into(&mut id.manager);
    Ok((id, Owned { fields, api_version: entry.api_version.to_owned(), time }))
}

/// Writes the entries in their order; null if there are none.
pub(in crate::apply) fn encode(managers: &Managers) -> Value {
    if managers.is_empty() {
        return Value::Null;
    }
    in_order(managers).into_iter().map(|(id, owned)| encode_entry(id, owned)).collect()
}

/// As [`encode`]; `None` if there are none.
pub(in crate::apply) fn encode_entries(managers: &Managers) -> Option<Vec<ManagedFieldsEntry>> {
    if managers.is_empty() {
        return None;
    }
    let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let entry = |(id, owned): (&ManagerId, &Owned)| ManagedFieldsEntry {
        manager: text(&id.manager),
        operation: text(id.operation.name()),
        api_version: text(&owned.api_version),
        time: owned.time.as_deref().and_then(|time| time.parse().ok()).map(Time),
        fields_type: text(FIELDS_V1),
        subresource: text(&id.subresource),
        fields_v1: Some(FieldsV1(owned.fields.to_value())),
    };
    Some(in_order(managers).into_iter().map(entry).collect())
}

fn in_order(managers: &Managers) -> Vec<(&ManagerId, &Owned)> {
    let mut sorted: Vec<_> = managers.iter().collect();
    // The times are all in one form, whose order is that of the text.
    sorted.sort_by(|(left_id, left), (right_id, right)| {
        let left_key = (left_id.operation, &left.time, &left_id.manager, &left.api_version, &left_id.subresource);
        left_key.cmp(&(right_id.operation, &right.time, &right_id.manager, &right.api_version, &right_id.subresource))
    });
    sorted
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

/// The managed fields that came with an object.
pub(in crate::apply) enum Sent {
    /// None, or nonsense.
    Nothing,
    /// The client wants the tracking to end: an empty list, or a list of one empty entry (contract 4.5.15).
    Reset,
    Managers(Managers),
}

impl Sent {
    pub(in crate::apply) fn value(entries: &Value) -> Self {
        let empty = |value: &Value| value.is_null() || value == "";
        match entries.as_array().map(Vec::as_slice) {
            Some([]) => Self::Reset,
            Some([Value::Object(only)]) if only.values().all(empty) => Self::Reset,
            _ => Self::managers(decode(entries)),
        }
    }

    pub(in crate::apply) fn entries(entries: Option<&[ManagedFieldsEntry]>) -> Self {
        let Some(entries) = entries else { return Self::Nothing };
        let is_empty = |entry: &ManagedFieldsEntry| {
            let Entry { manager, operation, api_version, subresource, fields_type, time, fields } = entry.into();
            [manager, operation, api_version, subresource, fields_type].iter().all(|text| text.is_empty())
                && time.is_none()
                && fields.is_none()
        };
        match entries {
            [] => Self::Reset,
            [only] if is_empty(only) => Self::Reset,
            _ => Self::managers(decode_entries(entries)),
        }
    }

    fn managers(decoded: Result<Managers, String>) -> Self {
        match decoded {
            Ok(managers) if !managers.is_empty() => Self::Managers(managers),
            _ => Self::Nothing,
        }
    }
}
