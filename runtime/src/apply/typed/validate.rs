//! Whether a value is what its schema allows, as far as apply must know it.

use std::collections::BTreeSet;

use serde_json::Value;

use super::error::{Step, Trail, TypedErrors};
use super::items::element_of;
use super::{Kind, kind};
use crate::apply::MAX_DEPTH;
use crate::apply::schema::{List, Map, Scalar, Schema, TypeId};

/// Checks kinds of values, fields that are not declared (contract 4.9.20), and items that are there twice, which an
/// applied configuration may not have and a stored object may.
pub(in crate::apply) fn validate(schema: &Schema, value: &Value, duplicates: bool) -> Result<(), TypedErrors> {
    let mut walk = Walk { schema, duplicates, errors: TypedErrors::default() };
    walk.value(schema.root(), value, &Trail { parent: None, step: Step::Root }, MAX_DEPTH);
    if walk.errors.is_empty() { Ok(()) } else { Err(walk.errors) }
}

struct Walk<'a> {
    schema: &'a Schema,
    duplicates: bool,
    errors: TypedErrors,
}

impl<'a> Walk<'a> {
    fn value(&mut self, id: TypeId, value: &Value, trail: &Trail<'_>, depth: usize) {
        if id == TypeId::OPAQUE {
            return;
        }
        let Some(depth) = depth.checked_sub(1) else { return self.errors.push(trail, "nested too deeply") };
        let schema: &'a Schema = self.schema;
        match (kind(schema.atom(id), Some(value)), value) {
            (_, Value::Null) => {}
            (Kind::Map(map), Value::Object(fields)) => self.map(map, fields, trail, depth),
            (Kind::List(list), Value::Array(items)) => self.list(list, items, trail, depth),
            (Kind::Scalar(scalar), value) => {
                if let Some(expected) = refused(scalar, value) {
                    self.errors.push(trail, &format!("expected {expected}, got {}", name(value)));
                }
            }
            (Kind::Map(_), value) => self.errors.push(trail, &format!("expected map, got {}", name(value))),
            (Kind::List(_), value) => self.errors.push(trail, &format!("expected list, got {}", name(value))),
        }
    }

    fn map(&mut self, map: &Map, fields: &serde_json::Map<String, Value>, trail: &Trail<'_>, depth: usize) {
        for (name, value) in fields {
            let trail = Trail { parent: Some(trail), step: Step::Field(name) };
            match map.field(name) {
                Some(id) => self.value(id, value, &trail, depth),
                None => self.errors.push(&trail, "field not declared in schema"),
            }
        }
    }

    fn list(&mut self, list: &List, items: &[Value], trail: &Trail<'_>, depth: usize) {
        let mut seen = BTreeSet::new();
        for (index, item) in items.iter().enumerate() {
            let Some(element) = element_of(&list.kind, item) else {
                self.value(list.element, item, &Trail { parent: Some(trail), step: Step::Index(index) }, depth);
                continue;
            };
            let element = match element {
                Ok(element) => element,
                // What cannot be told apart cannot be named either.
                Err(text) => return self.errors.push(trail, &format!("element {index}: {text}")),
            };
            self.value(list.element, item, &Trail { parent: Some(trail), step: Step::Item(&element) }, depth);
            if !self.duplicates {
                if seen.contains(&element) {
                    self.errors.push(trail, &format!("duplicate entries for key {element}"));
                }
                seen.insert(element);
            }
        }
    }
}

/// What a value should be, if the type refuses it.
fn refused(scalar: Scalar, value: &Value) -> Option<&'static str> {
    let (expected, fits) = match scalar {
        Scalar::Number => ("numeric (int or float)", value.is_number()),
        Scalar::String => ("string", value.is_string()),
        Scalar::Boolean => ("boolean", value.is_boolean()),
        Scalar::Any => ("any scalar", !value.is_object() && !value.is_array()),
    };
    (!fits).then_some(expected)
}

fn name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "list",
        Value::Object(_) => "map",
    }
}
