//! How the items of a list are told apart.

use std::sync::Arc;

use serde_json::Value;

use crate::apply::path::PathElement;
use crate::apply::schema::{Key, ListKind};

/// The path element of an item; `None` for the items of an atomic list, which are none of their own.
///
/// Errors: an item that cannot be told apart, in the words of upstream.
pub(super) fn element_of(kind: &ListKind, item: &Value) -> Option<Result<PathElement, String>> {
    match kind {
        ListKind::Atomic => None,
        ListKind::Set => Some(element_of_set(item)),
        ListKind::Map(keys) => Some(element_of_map(keys, item)),
    }
}

fn element_of_set(item: &Value) -> Result<PathElement, String> {
    match item {
        Value::Object(_) => Err("associative list without keys has an element that's a map type".to_owned()),
        Value::Array(_) => Err("not supported: associative list with lists as elements".to_owned()),
        Value::Null => Err("associative list without keys has an element that's an explicit null".to_owned()),
        scalar => Ok(PathElement::Value(Arc::new(scalar.clone()))),
    }
}

fn element_of_map(keys: &[Key], item: &Value) -> Result<PathElement, String> {
    let fields = match item {
        Value::Object(fields) => fields,
        Value::Null => return Err("associative list with keys may not have a null element".to_owned()),
        _ => return Err("associative list with keys may not have non-map elements".to_owned()),
    };
    // A key that is not there and has no default is left out: the item is another one than with any value of it.
    let present = |key: &Key| {
        let value = fields.get(&*key.name).or(key.default.as_ref())?;
        Some((Arc::clone(&key.name), value.clone()))
    };
    let values: Vec<_> = keys.iter().filter_map(present).collect();
    if values.is_empty() {
        let names: Vec<String> = keys.iter().map(|key| format!("{:?}", key.name)).collect();
        return Err(format!(
            "associative list with keys has an element that omits all key fields [{}] (and doesn't have default values \
             for any key fields)",
            names.join(" ")
        ));
    }
    Ok(PathElement::Key(values.into()))
}

/// The elements of all items; empty for an atomic list. Items that cannot be told apart are left out: validation has
/// refused them.
pub(super) fn elements<'a>(kind: &ListKind, items: Option<&'a Vec<Value>>) -> Vec<(PathElement, &'a Value)> {
    let items = items.into_iter().flatten();
    items.filter_map(|item| Some((element_of(kind, item)?.ok()?, item))).collect()
}
