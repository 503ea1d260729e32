//! Objects with their schema: what is checked, tracked, compared, merged and removed.
//!
//! Values are walked as deep as [`validate`](Typed::validate) allows: nothing else is called with a value that did not
//! pass it, so that no walk is deeper.

mod compare;
mod error;
mod field_set;
mod items;
mod merge;
mod reconcile;
mod remove;
mod validate;

use serde_json::Value;

use super::schema::{Atom, List, Map, Scalar, TypeId};

pub(super) use compare::compare;
pub(super) use field_set::{field_set, present_fields};
pub(super) use merge::merge;
pub(super) use reconcile::{reconcile, with_named_fields};
pub(super) use remove::{extract, remove};
pub(super) use validate::validate;

/// The kind of value that a value is taken for.
#[derive(Clone, Copy)]
enum Kind<'a> {
    Map(&'a Map),
    Scalar(Scalar),
    List(&'a List),
}

/// The kind of a value. Null, and what the schema does not allow, is taken for the first kind that it does: a walk then
/// finds nothing in it.
fn kind<'a>(atom: &'a Atom, value: Option<&Value>) -> Kind<'a> {
    let kind = match value {
        Some(Value::Object(_)) => atom.map.as_ref().map(Kind::Map),
        Some(Value::Array(_)) => atom.list.as_ref().map(Kind::List),
        Some(Value::Null) | None => None,
        Some(_) => atom.scalar.map(Kind::Scalar),
    };
    kind.unwrap_or_else(|| first_kind(atom))
}

fn first_kind(atom: &Atom) -> Kind<'_> {
    match (&atom.map, atom.scalar, &atom.list) {
        (Some(map), _, _) => Kind::Map(map),
        (None, Some(scalar), _) => Kind::Scalar(scalar),
        (None, None, Some(list)) => Kind::List(list),
        (None, None, None) => Kind::Scalar(Scalar::Any),
    }
}

fn as_map(value: Option<&Value>) -> Option<&serde_json::Map<String, Value>> {
    value.and_then(Value::as_object)
}

fn as_list(value: Option<&Value>) -> Option<&Vec<Value>> {
    value.and_then(Value::as_array)
}

/// The type of a field where nothing may be declared: it has passed validation by an older schema.
fn field_type(map: &Map, name: &str) -> TypeId {
    map.field(name).unwrap_or(TypeId::DEDUCED)
}
