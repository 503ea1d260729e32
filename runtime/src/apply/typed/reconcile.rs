//! Sets of fields that were written by another schema, and fields that are owned because others in them are.

use super::{Kind, first_kind};
use crate::apply::path::PathElement;
use crate::apply::schema::{Schema, TypeId};
use crate::apply::set::{FieldSet, Node};

/// What the schema now takes as a whole is owned as a whole, by whoever owned a field in it.
pub(in crate::apply) fn reconcile(schema: &Schema, fields: &mut FieldSet) {
    reconcile_in(schema, schema.root(), fields);
}

fn reconcile_in(schema: &Schema, id: TypeId, fields: &mut FieldSet) {
    match first_kind(schema.atom(id)) {
        Kind::Map(map) if !map.is_deduced() => fields.retain(|node| {
            let id = match &node.element {
                PathElement::Field(name) => map.field(name),
                _ => map.others,
            };
            // Fields that are no more are left alone: nothing is in them.
            if let Some(id) = id {
                reconcile_node(schema, id, node);
            }
            true
        }),
        Kind::List(list) => fields.retain(|node| {
            reconcile_node(schema, list.element, node);
            true
        }),
        _ => {}
    }
}

fn reconcile_node(schema: &Schema, id: TypeId, node: &mut Node) {
    let whole = match first_kind(schema.atom(id)) {
        Kind::Map(map) => map.atomic && !map.is_deduced(),
        Kind::List(list) => list.is_atomic(),
        Kind::Scalar(_) => false,
    };
    if whole {
        node.member |= !node.children.is_empty();
        node.children = FieldSet::new();
    } else {
        reconcile_in(schema, id, &mut node.children);
    }
}

/// The set with the declared fields in which it has fields: who owns `spec.size` owns `spec` as well, when it is about
/// removing fields.
pub(in crate::apply) fn with_named_fields(schema: &Schema, mut fields: FieldSet) -> FieldSet {
    name_fields(schema, Some(schema.root()), &mut fields);
    fields
}

fn name_fields(schema: &Schema, id: Option<TypeId>, fields: &mut FieldSet) {
    let Some(atom) = id.map(|id| schema.atom(id)) else { return };
    fields.retain(|node| {
        let id = match (&node.element, &atom.map, &atom.list) {
            (PathElement::Field(name), Some(map), _) => {
                node.member |= map.fields.contains_key(&**name);
                map.field(name)
            }
            (PathElement::Key(_), _, Some(list)) => Some(list.element),
            _ => None,
        };
        if !node.children.is_empty() {
            name_fields(schema, id, &mut node.children);
        }
        true
    });
}
