//! Taking fields out of an object, and taking an object of some fields only.

use serde_json::Value;

use super::items::element_of;
use super::{Kind, field_type, kind};
use crate::apply::schema::{List, Map, Schema, TypeId};
use crate::apply::set::{FieldSet, Node};

/// Removes the fields of the set with all that is in them. What is owned as a whole stays, and so does an object or list
/// of which nothing is left.
pub(in crate::apply) fn remove(schema: &Schema, object: &mut Value, fields: &FieldSet) {
    remove_in(schema, schema.root(), object, fields);
}

fn remove_in(schema: &Schema, id: TypeId, value: &mut Value, fields: &FieldSet) {
    match (kind(schema.atom(id), Some(value)), value) {
        (Kind::Map(map), Value::Object(own)) if !map.atomic => {
            own.retain(|name, field| keep(schema, field_type(map, name), field, fields.field(name)));
        }
        (Kind::List(list), Value::Array(items)) if !list.is_atomic() => items.retain_mut(|item| {
            let element = element_of(&list.kind, item).and_then(Result::ok);
            keep(schema, list.element, item, element.and_then(|element| fields.get(&element)))
        }),
        _ => {}
    }
}

fn keep(schema: &Schema, id: TypeId, value: &mut Value, node: Option<&Node>) -> bool {
    let Some(node) = node else { return true };
    if !node.member {
        remove_in(schema, id, value, &node.children);
    }
    !node.member
}

/// The object with the fields of the set only.
pub(in crate::apply) fn extract(schema: &Schema, object: &Value, fields: &FieldSet) -> Value {
    extract_from(schema, schema.root(), object, fields)
}

fn extract_from(schema: &Schema, id: TypeId, value: &Value, fields: &FieldSet) -> Value {
    match (kind(schema.atom(id), Some(value)), value) {
        (Kind::Map(map), Value::Object(own)) if !map.atomic => extract_map(schema, map, own, fields),
        (Kind::List(list), Value::Array(items)) if !list.is_atomic() => extract_list(schema, list, items, fields),
        _ => value.clone(),
    }
}

fn extract_map(schema: &Schema, map: &Map, own: &serde_json::Map<String, Value>, fields: &FieldSet) -> Value {
    let extracted = own.iter().filter_map(|(name, field)| {
        let node = fields.field(name)?;
        Some((name.clone(), extract_from(schema, field_type(map, name), field, &node.children)))
    });
    Value::Object(extracted.collect())
}

fn extract_list(schema: &Schema, list: &List, items: &[Value], fields: &FieldSet) -> Value {
    let extracted = items.iter().filter_map(|item| {
        let node = fields.get(&element_of(&list.kind, item)?.ok()?)?;
        // An item of which no field is owned is owned as it is.
        let whole = node.children.is_empty();
        Some(if whole { item.clone() } else { extract_from(schema, list.element, item, &node.children) })
    });
    Value::Array(extracted.collect())
}
