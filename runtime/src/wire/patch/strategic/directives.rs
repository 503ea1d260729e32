//! The directives among the fields of a patch (contract 4.9.17).

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::error::{Error, Result};

const PATCH: &str = "$patch";
const RETAIN_KEYS: &str = "$retainKeys";
const DELETE_FROM: &str = "$deleteFromPrimitiveList";
pub(super) const SET_ORDER: &str = "$setElementOrder";

/// What `$patch` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Directive {
    Merge,
    Replace,
    Delete,
}

impl Directive {
    /// That of an object of the patch, where it has one.
    pub(super) fn of(patch: &Map<String, Value>) -> Result<Option<Self>> {
        match patch.get(PATCH) {
            None => Ok(None),
            Some(Value::String(name)) => match name.as_str() {
                "merge" => Ok(Some(Self::Merge)),
                "replace" => Ok(Some(Self::Replace)),
                "delete" => Ok(Some(Self::Delete)),
                _ => Err(Error::Directive),
            },
            Some(_) => Err(Error::Directive),
        }
    }
}

/// An object of the patch, with its directives set apart.
#[derive(Debug, Default)]
pub(super) struct Fields<'a> {
    /// The fields that are not directives.
    pub(super) values: Vec<(&'a String, &'a Value)>,
    pub(super) directive: Option<Directive>,
    /// The fields that stay, where the patch names them.
    pub(super) retained: Option<HashSet<&'a str>>,
    /// The order of lists, by field.
    pub(super) orders: Vec<(&'a str, &'a [Value])>,
    /// The values that go from lists, by field.
    pub(super) deletions: Vec<(&'a str, &'a [Value])>,
}

impl<'a> Fields<'a> {
    pub(super) fn of(patch: &'a Map<String, Value>) -> Result<Self> {
        let mut fields = Self { directive: Directive::of(patch)?, ..Self::default() };
        for (name, value) in patch {
            if let Some(field) = name.strip_prefix(SET_ORDER) {
                fields.orders.push(parallel(field, value).ok_or(Error::ElementOrder)?);
            } else if let Some(field) = name.strip_prefix(DELETE_FROM) {
                let (field, values) = parallel(field, value).ok_or(Error::PrimitiveList)?;
                if values.iter().any(|value| value.is_object() || value.is_array()) {
                    return Err(Error::PrimitiveList);
                }
                fields.deletions.push((field, values));
            } else if name == RETAIN_KEYS {
                fields.retained = Some(names(value).ok_or(Error::RetainKeys)?);
            } else if name != PATCH {
                fields.values.push((name, value));
            }
        }
        Ok(fields)
    }
}

/// A directive about a list beside it: the field after the slash, and the items.
fn parallel<'a>(field: &'a str, items: &'a Value) -> Option<(&'a str, &'a [Value])> {
    Some((field.strip_prefix('/')?, items.as_array()?))
}

fn names(value: &Value) -> Option<HashSet<&str>> {
    value.as_array()?.iter().map(Value::as_str).collect()
}
