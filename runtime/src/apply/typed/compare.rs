//! What a change changes, field by field: whose ownership it touches.

use std::collections::BTreeMap;

use serde_json::Value;

use super::items::elements;
use super::{Kind, as_list, as_map, field_type, kind};
use crate::apply::path::PathElement;
use crate::apply::schema::{List, Map, Schema, TypeId};
use crate::apply::set::FieldSet;
use crate::apply::value::equal;

/// What differs between two objects. Only an item that was there twice and is so no more is in two of the sets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::apply) struct Comparison {
    pub(in crate::apply) added: FieldSet,
    pub(in crate::apply) modified: FieldSet,
    pub(in crate::apply) removed: FieldSet,
}

/// What became of one field, beside what became of the fields in it.
#[derive(Default)]
struct Change {
    added: bool,
    modified: bool,
    removed: bool,
    inside: Comparison,
}

impl Change {
    /// A field that is compared as a whole.
    fn whole(left: Option<&Value>, right: Option<&Value>) -> Self {
        let modified = matches!((left, right), (Some(left), Some(right)) if !equal(left, right));
        Self { added: left.is_none(), removed: right.is_none(), modified, inside: Comparison::default() }
    }

    fn and(mut self, other: Self) -> Self {
        self.added |= other.added;
        self.modified |= other.modified;
        self.removed |= other.removed;
        self.inside = Comparison {
            added: self.inside.added.union(other.inside.added),
            modified: self.inside.modified.union(other.inside.modified),
            removed: self.inside.removed.union(other.inside.removed),
        };
        self
    }

    fn is_none(&self) -> bool {
        let inside = &self.inside;
        !(self.added || self.modified || self.removed)
            && inside.added.is_empty()
            && inside.modified.is_empty()
            && inside.removed.is_empty()
    }
}

impl Comparison {
    fn put(&mut self, element: impl FnOnce() -> PathElement, change: Change) {
        // Most fields are the same, and need no path.
        if change.is_none() {
            return;
        }
        let element = element();
        self.added.add(element.clone(), change.added, change.inside.added);
        self.modified.add(element.clone(), change.modified, change.inside.modified);
        self.removed.add(element, change.removed, change.inside.removed);
    }

    /// The change of a field that has these changes in it.
    fn on(self, left: Option<&Value>, right: Option<&Value>) -> Change {
        Change { added: left.is_none(), removed: right.is_none(), modified: false, inside: self }
    }
}

/// Compares two objects of a schema.
pub(in crate::apply) fn compare(schema: &Schema, old: &Value, new: &Value) -> Comparison {
    Walk(schema).value(schema.root(), Some(old), Some(new)).inside
}

struct Walk<'a>(&'a Schema);

impl Walk<'_> {
    fn value(&self, id: TypeId, left: Option<&Value>, right: Option<&Value>) -> Change {
        let atom = self.0.atom(id);
        let (left_kind, right_kind) = (kind(atom, left), kind(atom, right));
        let same = std::mem::discriminant(&left_kind) == std::mem::discriminant(&right_kind);
        if right.is_none() {
            self.as_kind(left_kind, left, right)
        } else if left.is_none() || same {
            self.as_kind(right_kind, left, right)
        } else {
            self.as_kind(left_kind, left, right).and(self.as_kind(right_kind, left, right))
        }
    }

    fn as_kind(&self, kind: Kind<'_>, left: Option<&Value>, right: Option<&Value>) -> Change {
        match kind {
            Kind::Scalar(_) => return Change::whole(left, right),
            Kind::Map(map) => {
                let (left_map, right_map) = (as_map(left), as_map(right));
                let empty =
                    left_map.is_none_or(serde_json::Map::is_empty) && right_map.is_none_or(serde_json::Map::is_empty);
                if map.atomic || empty {
                    return Change::whole(left, right);
                }
                self.map(map, left_map, right_map)
            }
            Kind::List(list) => {
                let (left_list, right_list) = (as_list(left), as_list(right));
                let empty = left_list.is_none_or(Vec::is_empty) && right_list.is_none_or(Vec::is_empty);
                if list.is_atomic() || empty {
                    return Change::whole(left, right);
                }
                self.list(list, left_list, right_list)
            }
        }
        .on(left, right)
    }

    fn map(
        &self,
        map: &Map,
        left: Option<&serde_json::Map<String, Value>>,
        right: Option<&serde_json::Map<String, Value>>,
    ) -> Comparison {
        let mut changes = Comparison::default();
        let mut visit = |name: &str, left, right| {
            // Most of what is written was there before, and is not walked through.
            if left == right {
                return;
            }
            let change = self.value(field_type(map, name), left, right);
            changes.put(|| PathElement::field(name), change);
        };
        // Both in the order of their names, because what is walked in order is only appended.
        let added = right.into_iter().flatten().filter(|(name, _)| left.is_none_or(|left| !left.contains_key(*name)));
        let mut added = added.peekable();
        for (name, value) in left.into_iter().flatten() {
            while let Some((new, value)) = added.next_if(|(new, _)| *new < name) {
                visit(new, None, Some(value));
            }
            visit(name, Some(value), right.and_then(|right| right.get(name)));
        }
        for (name, value) in added {
            visit(name, None, Some(value));
        }
        changes
    }

    fn list(&self, list: &List, left: Option<&Vec<Value>>, right: Option<&Vec<Value>>) -> Comparison {
        let mut items: BTreeMap<PathElement, (Vec<&Value>, Vec<&Value>)> = BTreeMap::new();
        for (element, item) in elements(&list.kind, left) {
            items.entry(element).or_default().0.push(item);
        }
        for (element, item) in elements(&list.kind, right) {
            items.entry(element).or_default().1.push(item);
        }
        let mut changes = Comparison::default();
        for (element, (left, right)) in items {
            let change = self.items(list.element, &left, &right);
            changes.put(|| element, change);
        }
        changes
    }

    /// The items of one key: one on a side, or several, which are compared as a whole.
    fn items(&self, id: TypeId, left: &[&Value], right: &[&Value]) -> Change {
        match (left, right) {
            ([] | [_], [] | [_]) => self.value(id, left.first().copied(), right.first().copied()),
            ([_, _, ..], [_, _, ..]) => {
                let same = left.len() == right.len() && left.iter().zip(right).all(|(left, right)| equal(left, right));
                Change { modified: !same, ..Change::default() }
            }
            // The several go, and one may come.
            ([_, _, ..], _) => {
                let one = right.first().map(|right| self.value(id, None, Some(right)));
                Change { removed: true, ..Change::default() }.and(one.unwrap_or_default())
            }
            (_, [_, _, ..]) => {
                let one = left.first().map(|left| self.value(id, Some(left), None));
                Change { added: true, ..Change::default() }.and(one.unwrap_or_default())
            }
        }
    }
}
