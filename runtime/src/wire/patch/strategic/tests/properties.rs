//! What holds for every patch.

use proptest::prelude::*;
use proptest::string::string_regex;
use serde_json::{Map, Value, json};

use super::{fleet, try_merge};
use crate::wire::patch::strategic::{MergeSchema, StrategicMerge};

fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![any::<bool>().prop_map(Value::from), (0..4).prop_map(Value::from), "[ab]".prop_map(Value::from)]
}

/// Any JSON, with names that mean something.
fn anything() -> impl Strategy<Value = Value> {
    const NAMES: &str = "name|rank|hull|papers|crew|tags|log|ids|[$]patch|[$]retainKeys\
        |[$]setElementOrder/(crew|tags|ids)|[$]deleteFromPrimitiveList/(crew|tags|ids)|[$]setElementOrder";
    let directive = "replace|merge|delete|crew|tags".prop_map(Value::from);
    let leaf = prop_oneof![Just(Value::Null), scalar(), directive];
    leaf.prop_recursive(5, 64, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            proptest::collection::btree_map(string_regex(NAMES).unwrap(), inner, 0..6)
                .prop_map(|map| map.into_iter().collect::<Value>()),
        ]
    })
}

fn fields(value: Value) -> Value {
    if value.is_object() { value } else { json!({ "hull": value }) }
}

/// A ship with keyed lists of unique names, and without directives.
fn ship(nulls: bool) -> impl Strategy<Value = Value> {
    let null = if nulls { prop_oneof![3 => scalar(), 1 => Just(Value::Null)].boxed() } else { scalar().boxed() };
    let plain = proptest::collection::btree_map("rank|note", null, 0..3)
        .prop_map(|map| map.into_iter().collect::<Map<String, Value>>());
    let leaf = plain.clone().prop_map(Value::Object);
    leaf.prop_recursive(3, 24, 4, move |inner| {
        let crew = proptest::collection::btree_map("[abcd]", inner.clone(), 0..4)
            .prop_map(|map| {
                let named = map.into_iter().map(|(name, mut ship)| {
                    ship["name"] = name.into();
                    ship
                });
                named.collect::<Vec<_>>()
            })
            .prop_shuffle();
        let tags = proptest::collection::btree_set(0..5, 0..4).prop_map(|set| set.into_iter().collect::<Vec<_>>());
        let parts = (plain.clone(), proptest::option::of(inner.clone()), proptest::option::of(crew));
        (parts, proptest::option::of(tags.prop_shuffle())).prop_map(|((mut ship, hull, crew), tags)| {
            ship.extend(hull.map(|hull| ("hull".to_owned(), hull)));
            ship.extend(crew.map(|crew| ("crew".to_owned(), crew.into())));
            ship.extend(tags.map(|tags| ("tags".to_owned(), tags.into())));
            Value::Object(ship)
        })
    })
}

/// Objects and scalars only.
fn map() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![Just(Value::Null), scalar()];
    let inner = leaf.prop_recursive(4, 24, 4, |inner| {
        proptest::collection::btree_map("name|hull|crew|x", inner, 0..4).prop_map(|map| map.into_iter().collect())
    });
    proptest::collection::btree_map("name|hull|crew|x", inner, 0..4).prop_map(|map| map.into_iter().collect())
}

fn has_directive(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.iter().any(has_directive),
        Value::Object(fields) => fields.iter().any(|(name, value)| name.starts_with('$') || has_directive(value)),
        _ => false,
    }
}

fn without_directives(value: Value) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(without_directives).collect(),
        Value::Object(fields) => fields
            .into_iter()
            .filter(|(name, _)| !name.starts_with('$'))
            .map(|(name, value)| (name, without_directives(value)))
            .collect(),
        scalar => scalar,
    }
}

fn depth(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or_default(),
        Value::Object(fields) => 1 + fields.values().map(depth).max().unwrap_or_default(),
        _ => 0,
    }
}

proptest! {
    #[test]
    fn c4_9_17_any_patch_of_anything_is_an_object_or_an_error(old in anything(), patch in anything()) {
        let (old, patch) = (without_directives(fields(old)), fields(patch));
        match try_merge(old.clone(), &patch) {
            Ok(merged) => {
                prop_assert!(merged.is_object());
                prop_assert!(!has_directive(&merged), "{merged}");
                prop_assert!(depth(&merged) <= depth(&old).max(depth(&patch)));
                prop_assert!(merged.to_string().len() <= old.to_string().len() + patch.to_string().len());
            }
            Err(status) => prop_assert!([400, 422, 500].contains(&status.code())),
        }
    }

    #[test]
    fn c4_9_17_any_schema_is_one(schema in anything(), old in anything(), patch in anything()) {
        let (patch, _) = StrategicMerge::parse(fields(patch).to_string().as_bytes()).unwrap();
        let _ = patch.apply(fields(old), &MergeSchema::new(schema));
    }

    #[test]
    fn c4_9_17_merging_twice_is_merging_once(old in ship(false), patch in ship(true)) {
        let once = try_merge(old, &patch).unwrap();
        prop_assert_eq!(try_merge(once.clone(), &patch).unwrap(), once);
    }

    #[test]
    fn c4_9_17_without_lists_it_is_a_merge_patch(old in map(), patch in map()) {
        let mut merged = old.clone();
        json_patch::merge(&mut merged, &patch);
        prop_assert_eq!(try_merge(old, &patch).unwrap(), merged);
    }

    #[test]
    fn c4_9_17_without_a_schema_lists_are_replaced(old in ship(false), patch in ship(false)) {
        let mut merged = old.clone();
        json_patch::merge(&mut merged, &patch);
        let (strategic, _) = StrategicMerge::parse(patch.to_string().as_bytes()).unwrap();
        prop_assert_eq!(strategic.apply(old, &MergeSchema::new(json!({}))).unwrap(), merged);
    }

    #[test]
    fn c4_9_17_a_patch_has_what_it_names(old in ship(false), patch in ship(false)) {
        let merged = try_merge(old, &patch).unwrap();
        prop_assert!(contains(&merged, &patch), "{merged}");
        // The same patch, against what it made: nothing is left to do.
        let (parsed, _) = StrategicMerge::parse(patch.to_string().as_bytes()).unwrap();
        prop_assert_eq!(parsed.apply(merged.clone(), &fleet()).unwrap(), merged);
    }
}

/// Whether all that the part has is in the whole, keyed items under their names.
fn contains(whole: &Value, part: &Value) -> bool {
    match (whole, part) {
        (Value::Object(whole), Value::Object(part)) => {
            part.iter().all(|(name, part)| whole.get(name).is_some_and(|whole| contains(whole, part)))
        }
        (Value::Array(whole), Value::Array(part)) => {
            part.iter().all(|part| whole.iter().any(|whole| whole["name"] == part["name"] && contains(whole, part)))
        }
        (whole, part) => whole == part,
    }
}
