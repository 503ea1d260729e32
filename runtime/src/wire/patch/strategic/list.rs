//! Merging lists, item by item.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use super::directives::Directive;
use super::error::{Error, Result};
use super::merge::Merge;
use super::order::{Identity, Places, arrange, follows};
use super::schema::{Field, Type};

/// What the items of a list are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Scalars,
    Maps,
}

/// What the items of both lists are; `None` if there are none.
fn kind(old: &[Value], patch: &[Value]) -> Result<Option<Kind>> {
    let mut found = None;
    for item in old.iter().chain(patch) {
        let kind = match item {
            Value::Array(_) => return Err(Error::ListOfLists),
            Value::Object(_) => Kind::Maps,
            _ => Kind::Scalars,
        };
        if found.is_some_and(|found| found != kind) {
            return Err(Error::MixedItems);
        }
        found = Some(kind);
    }
    Ok(found)
}

/// What a patch says of a keyed list.
struct Items<'a> {
    /// The items to be merged, with their keys.
    merged: Vec<(&'a Value, &'a Map<String, Value>)>,
    /// The keys of the items to be deleted.
    deleted: HashSet<&'a Value>,
    /// Nothing of the old list stays.
    replace: bool,
}

impl<'a> Items<'a> {
    fn of(patch: &'a [Value], key: &str) -> Result<Self> {
        let mut items = Self { merged: Vec::new(), deleted: HashSet::new(), replace: false };
        for item in patch {
            let Value::Object(fields) = item else { return Err(Error::MixedItems) };
            let directive = Directive::of(fields)?;
            if directive == Some(Directive::Replace) {
                items.replace = true;
                continue;
            }
            let own = Identity::Key(key).of(item)?;
            if directive == Some(Directive::Delete) {
                items.deleted.insert(own);
            } else {
                items.merged.push((own, fields));
            }
        }
        Ok(items)
    }
}

impl Merge {
    /// The list as the patch makes it: merged by item, or replaced.
    pub(super) fn list(&mut self, old: Vec<Value>, patch: &[Value], field: Field<'_>) -> Result<Vec<Value>> {
        let element = field.value().items();
        if !field.is_merged() {
            return self.added_items(patch, element);
        }
        // Nothing is said of any item.
        if patch.is_empty() {
            return Ok(old);
        }
        self.items.spend(old.len() + patch.len())?;
        match (kind(&old, patch)?, field.key()) {
            (Some(Kind::Maps), Some(key)) => self.keyed(old, patch, key, element),
            (Some(Kind::Maps), None) => Err(Error::NoMergeKey(field.name().to_owned())),
            _ => {
                let places = Places::of(&old, Identity::Item);
                let mut seen = HashSet::new();
                let mut merged = old;
                merged.extend_from_slice(patch);
                merged.retain(|item| seen.insert(item.clone()));
                arrange(merged, patch, &places, Identity::Item)
            }
        }
    }

    fn keyed(&mut self, old: Vec<Value>, patch: &[Value], key: &str, element: Type<'_>) -> Result<Vec<Value>> {
        let items = Items::of(patch, key)?;
        if items.replace {
            return self.added_items(patch, element);
        }
        let identity = Identity::Key(key);
        let mut merged = old;
        if !items.deleted.is_empty() {
            merged.retain(|item| item.get(key).is_none_or(|own| !items.deleted.contains(own)));
        }
        let places = Places::of(&merged, identity);
        let mut added = HashMap::new();
        for (own, fields) in &items.merged {
            let at = places.get(own).or_else(|| added.get(own).copied());
            if let Some(Value::Object(slot)) = at.and_then(|at| merged.get_mut(at)) {
                *slot = self.map(std::mem::take(slot), fields, element)?;
            } else {
                added.insert(*own, merged.len());
                merged.push(Value::Object(self.map(Map::new(), fields, element)?));
            }
        }
        arrange(merged, items.merged.iter().map(|(own, _)| *own), &places, identity)
    }

    /// A list with `$setElementOrder`: merged, and then in this order.
    pub(super) fn ordered(
        &mut self,
        map: &mut Map<String, Value>,
        patch: Option<&Value>,
        order: &[Value],
        field: Field<'_>,
    ) -> Result<()> {
        let patch = match patch {
            None => None,
            Some(Value::Array(patch)) => Some(patch.as_slice()),
            // What is no list has no order; it is merged as any field.
            Some(_) => return Ok(()),
        };
        let old = match map.get_mut(field.name()) {
            Some(Value::Array(old)) => Some(std::mem::take(old)),
            _ => None,
        };
        let identity = field.key().map_or(Identity::Item, Identity::Key);
        self.items.spend(old.as_ref().map_or(0, Vec::len) + order.len() + patch.map_or(0, <[_]>::len))?;
        follows(patch.unwrap_or_default(), order, identity)?;
        let places = Places::of(old.as_deref().unwrap_or_default(), identity);
        let merged = match (old, patch) {
            (None, None) => return Ok(()),
            (Some(old), None) => old,
            (Some(old), Some(patch)) => self.list(old, patch, field)?,
            (None, Some(patch)) => self.added_items(patch, field.value().items())?,
        };
        let order: Vec<&Value> = order.iter().map(|item| identity.of(item)).collect::<Result<_>>()?;
        let arranged = arrange(merged, order, &places, identity)?;
        map.insert(field.name().to_owned(), Value::Array(arranged));
        Ok(())
    }

    /// Takes values out of a list of scalars.
    pub(super) fn delete(&mut self, items: &mut Vec<Value>, deleted: &[Value]) -> Result<()> {
        self.items.spend(items.len() + deleted.len())?;
        kind(items, deleted)?;
        let deleted: HashSet<&Value> = deleted.iter().collect();
        items.retain(|item| !deleted.contains(item));
        Ok(())
    }
}
