//! Which fields an object has: what an applied configuration owns.

use serde_json::Value;

use super::items::elements;
use super::{Kind, as_list, as_map, field_type, kind};
use crate::apply::path::PathElement;
use crate::apply::schema::{List, Map, Schema, TypeId};
use crate::apply::set::FieldSet;

/// The fields that the object mentions: its leaves, the items of its lists, and what is empty or null. An empty list that
/// is merged is none of them, as upstream has it.
pub(in crate::apply) fn field_set(schema: &Schema, object: &Value) -> FieldSet {
    Walk { schema, empty_lists: false }.fields(schema.root(), object).1
}

/// As [`field_set`], with the lists that are empty: all that there is.
pub(in crate::apply) fn present_fields(schema: &Schema, object: &Value) -> FieldSet {
    Walk { schema, empty_lists: true }.fields(schema.root(), object).1
}

struct Walk<'a> {
    schema: &'a Schema,
    empty_lists: bool,
}

impl Walk<'_> {
    /// Whether the value itself is a field to own, and the fields in it.
    fn fields(&self, id: TypeId, value: &Value) -> (bool, FieldSet) {
        match kind(self.schema.atom(id), Some(value)) {
            Kind::Scalar(_) => (true, FieldSet::new()),
            Kind::Map(map) if map.atomic => (true, FieldSet::new()),
            Kind::Map(map) => (false, self.map(map, value)),
            Kind::List(list) if list.is_atomic() => (true, FieldSet::new()),
            Kind::List(list) => (false, self.list(list, value)),
        }
    }

    fn map(&self, map: &Map, value: &Value) -> FieldSet {
        let mut set = FieldSet::new();
        for (name, field) in as_map(Some(value)).into_iter().flatten() {
            let (owned, children) = self.fields(field_type(map, name), field);
            let empty = match field {
                Value::Null => true,
                Value::Object(fields) => fields.is_empty(),
                Value::Array(items) => self.empty_lists && items.is_empty(),
                _ => false,
            };
            set.add(PathElement::field(name.as_str()), owned || empty || !map.fields.contains_key(name), children);
        }
        set
    }

    fn list(&self, list: &List, value: &Value) -> FieldSet {
        let mut set = FieldSet::new();
        let mut items = elements(&list.kind, as_list(Some(value)));
        items.sort_by(|left, right| left.0.cmp(&right.0));
        for same in items.chunk_by(|left, right| left.0 == right.0) {
            if let [(element, item), others @ ..] = same {
                // Of items that are there twice nobody can own a field.
                let once = others.is_empty().then(|| self.fields(list.element, item).1);
                set.add(element.clone(), true, once.unwrap_or_default());
            }
        }
        set
    }
}
