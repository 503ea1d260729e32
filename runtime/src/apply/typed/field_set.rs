//! Which fields an object has: what an applied configuration owns.

use serde_json::Value;

use super::items::elements;
use super::{Kind, as_list, as_map, field_type, kind};
use crate::apply::path::PathElement;
use crate::apply::schema::{List, Map, Schema, TypeId};
use crate::apply::set::FieldSet;

/// The fields that the object mentions: its leaves, the items of its lists, and what is empty or null.
pub(in crate::apply) fn field_set(schema: &Schema, object: &Value) -> FieldSet {
    fields_of(schema, schema.root(), object).1
}

/// Whether the value itself is a field to own, and the fields in it.
fn fields_of(schema: &Schema, id: TypeId, value: &Value) -> (bool, FieldSet) {
    match kind(schema.atom(id), Some(value)).0 {
        Kind::Scalar(_) => (true, FieldSet::new()),
        Kind::Map(map) if map.atomic => (true, FieldSet::new()),
        Kind::Map(map) => (false, map_fields(schema, map, value)),
        Kind::List(list) => list_fields(schema, list, value),
    }
}

fn map_fields(schema: &Schema, map: &Map, value: &Value) -> FieldSet {
    let mut set = FieldSet::new();
    for (name, field) in as_map(Some(value)).into_iter().flatten() {
        let (owned, children) = fields_of(schema, field_type(map, name), field);
        let empty = field.is_null() || field.as_object().is_some_and(serde_json::Map::is_empty);
        set.add(PathElement::field(name.as_str()), owned || empty || !map.fields.contains_key(name), children);
    }
    set
}

fn list_fields(schema: &Schema, list: &List, value: &Value) -> (bool, FieldSet) {
    let mut set = FieldSet::new();
    if list.is_atomic() {
        return (true, set);
    }
    let mut items = elements(&list.kind, as_list(Some(value)));
    items.sort_by(|left, right| left.0.cmp(&right.0));
    for same in items.chunk_by(|left, right| left.0 == right.0) {
        if let [(element, item), others @ ..] = same {
            // Of items that are there twice nobody can own a field.
            let children =
                if others.is_empty() { fields_of(schema, list.element, item).1 } else { FieldSet::new() };
            set.add(element.clone(), true, children);
        }
    }
    (false, set)
}
