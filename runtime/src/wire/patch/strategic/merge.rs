//! Merging objects, field by field.

use serde_json::{Map, Value};

use super::directives::{Directive, Fields, SET_ORDER};
use super::error::{Error, Result};
use super::schema::{Field, Type};
use crate::wire::patch::budget::Budget;

/// The most items of lists that one patch may go through: below a second. Lists are gone through once for each time
/// that the patch names them, so only one that names an item over and over comes near.
const MAX_ITEMS: usize = 1 << 20;

/// The application of one patch. What it makes is as deep as the deeper of the document and the patch, both of which
/// the parser has bounded, and no larger than both.
pub(super) struct Merge {
    pub(super) items: Budget,
}

impl Merge {
    pub(super) fn new() -> Self {
        Self { items: Budget(MAX_ITEMS) }
    }

    /// The object as the patch makes it.
    pub(super) fn map(
        &mut self,
        mut old: Map<String, Value>,
        patch: &Map<String, Value>,
        of: Type<'_>,
    ) -> Result<Map<String, Value>> {
        let fields = Fields::of(patch)?;
        match fields.directive {
            Some(Directive::Delete) => return Ok(Map::new()),
            Some(Directive::Replace) => old = Map::new(),
            Some(Directive::Merge) | None => {}
        }
        if let Some(retained) = &fields.retained {
            if fields.values.iter().any(|(name, value)| !value.is_null() && !retained.contains(name.as_str())) {
                return Err(Error::NotRetained);
            }
            old.retain(|name, _| retained.contains(name.as_str()));
        }
        for (name, order) in &fields.orders {
            self.ordered(&mut old, patch.get(*name), order, of.field(name))?;
        }
        for (name, value) in &fields.values {
            // It has been merged just now.
            if value.is_array() && !fields.orders.is_empty() && patch.contains_key(&format!("{SET_ORDER}/{name}")) {
                continue;
            }
            let live = old.get_mut(*name).map(Value::take);
            match self.value(live, value, of.field(name))? {
                Some(value) => old.insert((*name).clone(), value),
                None => old.remove(*name),
            };
        }
        for (name, deleted) in &fields.deletions {
            if let Some(Value::Array(items)) = old.get_mut(*name) {
                self.delete(items, deleted)?;
            }
        }
        Ok(old)
    }

    /// A field as the patch makes it; `None` where it goes.
    fn value(&mut self, old: Option<Value>, patch: &Value, field: Field<'_>) -> Result<Option<Value>> {
        match (old, patch) {
            (_, Value::Null) => Ok(None),
            (Some(Value::Object(old)), Value::Object(patch)) if !field.is_replaced() => {
                self.map(old, patch, field.value()).map(|map| Some(Value::Object(map)))
            }
            (Some(Value::Array(old)), Value::Array(patch)) => {
                self.list(old, patch, field).map(|list| Some(Value::Array(list)))
            }
            (_, patch) => self.added(patch, field.value()),
        }
    }

    /// What the patch brings where there was nothing; `None` for an object that is to be deleted.
    pub(super) fn added(&mut self, patch: &Value, of: Type<'_>) -> Result<Option<Value>> {
        Ok(Some(match patch {
            Value::Object(patch) if Directive::of(patch)? == Some(Directive::Delete) => return Ok(None),
            Value::Object(patch) => Value::Object(self.map(Map::new(), patch, of)?),
            Value::Array(patch) => Value::Array(self.added_items(patch, of.items())?),
            scalar => scalar.clone(),
        }))
    }

    /// The items that the patch brings to a list of which nothing stays.
    pub(super) fn added_items(&mut self, patch: &[Value], of: Type<'_>) -> Result<Vec<Value>> {
        let mut items = Vec::with_capacity(patch.len());
        for item in patch {
            // Such an item says what to do with the list.
            if matches!(item, Value::Object(fields) if Directive::of(fields)? == Some(Directive::Replace)) {
                continue;
            }
            items.extend(self.added(item, of)?);
        }
        Ok(items)
    }
}
