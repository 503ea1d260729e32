//! Putting an applied configuration into an object.

use std::collections::BTreeMap;

use serde_json::Value;

use super::items::{element_of, elements};
use super::{Kind, as_list, as_map, field_type, kind};
use crate::apply::path::PathElement;
use crate::apply::schema::{List, Map, Schema, TypeId};

/// Puts the configuration into the object: its leaves replace those of the object, and nothing is removed. The items of
/// a list come in the order of the configuration where it says one, and else stay where they are.
///
/// What the configuration has may not be there twice; both have passed validation.
pub(in crate::apply) fn merge(schema: &Schema, object: &mut Value, configuration: &Value) {
    merge_value(schema, schema.root(), object, configuration);
}

fn merge_value(schema: &Schema, id: TypeId, object: &mut Value, configuration: &Value) {
    match kind(schema.atom(id), Some(configuration)) {
        Kind::Scalar(_) => object.clone_from(configuration),
        Kind::Map(map) => {
            let (old, new) = (as_map(Some(object)), as_map(Some(configuration)));
            if map.atomic || old.is_none_or(serde_json::Map::is_empty) {
                // Null stays null, and empty stays empty: a client may tell the two apart.
                object.clone_from(configuration);
            } else if let (Some(old), Some(new)) = (object.as_object_mut(), new) {
                merge_maps(schema, map, old, new);
            }
        }
        Kind::List(list) => {
            let (old, new) = (as_list(Some(object)), as_list(Some(configuration)));
            if list.is_atomic() || old.is_none_or(Vec::is_empty) {
                object.clone_from(configuration);
            } else if let (Some(old), Some(new)) = (object.as_array_mut(), new) {
                *old = merge_lists(schema, list, std::mem::take(old), new);
            }
        }
    }
}

fn merge_maps(
    schema: &Schema,
    map: &Map,
    old: &mut serde_json::Map<String, Value>,
    new: &serde_json::Map<String, Value>,
) {
    for (name, value) in new {
        match old.get_mut(name) {
            Some(field) => merge_value(schema, field_type(map, name), field, value),
            None => {
                old.insert(name.clone(), value.clone());
            }
        }
    }
}

/// Walks both lists at once. An item of both is put where the configuration has it; one of the object alone stays behind
/// the item that it stood behind.
fn merge_lists(schema: &Schema, list: &List, old: Vec<Value>, new: &Vec<Value>) -> Vec<Value> {
    let mut old: Vec<(PathElement, Option<Value>)> =
        old.into_iter().filter_map(|item| Some((element_of(&list.kind, &item)?.ok()?, Some(item)))).collect();
    let new = elements(&list.kind, Some(new));
    let place_in_new: BTreeMap<PathElement, usize> =
        new.iter().enumerate().map(|(at, (element, _))| (element.clone(), at)).collect();
    // Items that are there twice are replaced by one, and not merged with it.
    let mut place_in_old: BTreeMap<PathElement, Option<usize>> = BTreeMap::new();
    for (at, (element, _)) in old.iter().enumerate() {
        place_in_old.entry(element.clone()).and_modify(|place| *place = None).or_insert(Some(at));
    }
    let mut shared = new.iter().map(|(element, _)| element).filter(|element| place_in_old.contains_key(element));
    let mut next_shared = shared.next();

    let merge_item = |old: &mut [(PathElement, Option<Value>)], (element, new): &(PathElement, &Value)| {
        let own = place_in_old.get(element).copied().flatten().and_then(|at| old.get_mut(at)?.1.take());
        match own {
            None => (*new).clone(),
            Some(mut item) => {
                merge_value(schema, list.element, &mut item, new);
                item
            }
        }
    };
    let mut merged = Vec::with_capacity(old.len().max(new.len()));
    let (mut at_old, mut at_new) = (0, 0);
    while at_old < old.len() || at_new < new.len() {
        if let (Some((element, _)), Some(item)) = (old.get(at_old), new.get(at_new)) {
            if *element == item.0 {
                merged.push(merge_item(&mut old, item));
                (at_old, at_new) = (at_old + 1, at_new + 1);
                next_shared = shared.next();
                continue;
            }
            if place_in_new.contains_key(element) && next_shared.is_some_and(|shared| shared != element) {
                // It comes later, where the configuration has it.
                at_old += 1;
                continue;
            }
        }
        if let Some((element, item)) = old.get_mut(at_old) {
            match place_in_new.get(element) {
                None => {
                    merged.extend(item.take());
                    at_old += 1;
                    continue;
                }
                Some(place) if *place < at_new => at_old += 1,
                Some(_) => {}
            }
        }
        if let Some(item) = new.get(at_new) {
            merged.push(merge_item(&mut old, item));
            at_new += 1;
            if next_shared == Some(&item.0) {
                next_shared = shared.next();
            }
        }
    }
    merged
}
