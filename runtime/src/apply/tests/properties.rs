//! What holds for any objects, any sets, and any nonsense.

use std::sync::Arc;

use proptest::collection::{btree_map, btree_set, vec};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::fixture::{Thing, VERSION, manager, object};
use crate::apply::{
    ApplyError, FieldManager, FieldPath, FieldSet, PathElement, Schema, SingleVersion, validate_managed_fields,
};

fn name() -> impl Strategy<Value = String> {
    prop_oneof![Just("a"), Just("b"), Just("c")].prop_map(str::to_owned)
}

/// Any spec that the schema of the fixture takes.
fn spec() -> impl Strategy<Value = Value> {
    let item = (name(), proptest::option::of(name()), proptest::option::of(btree_set(name(), 0..3)));
    let item = item.prop_map(|(name, image, tags)| {
        let mut item = json!({"name": name});
        if let Some(image) = image {
            item["image"] = image.into();
        }
        if let Some(tags) = tags {
            item["tags"] = json!(tags);
        }
        (name, item)
    });
    let items = vec(item, 0..4).prop_map(|items| {
        let mut seen = Vec::new();
        let unique = items.into_iter().filter(|(name, _)| {
            let new = !seen.contains(name);
            seen.push(name.clone());
            new
        });
        unique.map(|(_, item)| item).collect::<Value>()
    });
    let leaf = prop_oneof![Just(json!(1)), Just(json!("x")), Just(json!(true)), Just(json!([1, 2]))];
    let any = leaf.prop_recursive(3, 12, 3, |inner| btree_map(name(), inner, 1..3).prop_map(|map| json!(map)));
    let any = btree_map(name(), any, 1..3).prop_map(|map| json!(map));
    let fields: Vec<(&'static str, BoxedStrategy<Value>)> = vec![
        ("size", (0..3).prop_map(Value::from).boxed()),
        ("color", name().prop_map(Value::from).boxed()),
        ("tags", btree_set(name(), 1..3).prop_map(|tags| json!(tags)).boxed()),
        ("words", vec(name(), 0..3).prop_map(|words| json!(words)).boxed()),
        ("labels", btree_map(name(), name(), 1..3).prop_map(|labels| json!(labels)).boxed()),
        ("whole", btree_map(name(), name(), 0..3).prop_map(|whole| json!(whole)).boxed()),
        ("items", items.boxed()),
        ("any", any.boxed()),
    ];
    let fields: Vec<_> = fields
        .into_iter()
        .map(|(name, value)| {
            proptest::option::of(value).prop_map(move |value| value.map(|value| (name.to_owned(), value)))
        })
        .collect();
    fields.prop_map(|fields| Value::Object(fields.into_iter().flatten().collect::<Map<_, _>>()))
}

fn element() -> impl Strategy<Value = PathElement> {
    let scalar = || {
        prop_oneof![
            any::<i32>().prop_map(Value::from),
            any::<bool>().prop_map(Value::from),
            "\\PC{0,3}".prop_map(Value::from),
            (-9999..9999_i32).prop_map(|eighths| Value::from(f64::from(eighths) / 8.0)),
        ]
    };
    prop_oneof![
        4 => "[ab.:\"é]{0,2}".prop_map(PathElement::field),
        2 => btree_map("[ab]", scalar(), 1..3).prop_map(PathElement::key),
        1 => scalar().prop_map(PathElement::value),
        1 => any::<i64>().prop_map(PathElement::Index),
    ]
}

fn set() -> impl Strategy<Value = FieldSet> {
    vec(vec(element(), 1..4).prop_map(FieldPath::from), 0..12).prop_map(FieldSet::from_iter)
}

/// Any JSON, and most of all what looks like managed fields.
fn nonsense() -> impl Strategy<Value = Value> {
    let key = prop_oneof![
        Just("f:a".to_owned()),
        Just(".".to_owned()),
        Just("k:{\"a\":1}".to_owned()),
        Just("v:[[1]]".to_owned()),
        Just("i:1".to_owned()),
        Just("manager".to_owned()),
        Just("operation".to_owned()),
        Just("fieldsV1".to_owned()),
        Just("metadata".to_owned()),
        Just("spec".to_owned()),
        Just("items".to_owned()),
        Just("managedFields".to_owned()),
        Just("apiVersion".to_owned()),
        Just("kind".to_owned()),
        Just("tags".to_owned()),
        "\\PC{0,4}",
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        Just(json!("Apply")),
        Just(json!("FieldsV1")),
        Just(json!(VERSION)),
        "\\PC{0,4}".prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 48, 5, move |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            btree_map(key.clone(), inner, 0..5).prop_map(|map| json!(map)),
        ]
    })
}

proptest! {
    #[test]
    fn c4_9_23_what_is_written_is_read_again(set in set()) {
        prop_assert_eq!(&FieldSet::from_value(&set.to_value()).unwrap(), &set);
        prop_assert_eq!(&FieldSet::from_value(&serde_json::from_str(&set.to_json()).unwrap()).unwrap(), &set);
    }

    #[test]
    fn an_element_is_read_as_it_is_written(element in element()) {
        let set = FieldSet::from_iter([FieldPath::from([element.clone()])]);
        let written = set.to_value();
        let key = written.as_object().unwrap().keys().next().unwrap();
        prop_assert_eq!(key.parse::<PathElement>().unwrap(), element);
    }

    #[test]
    fn sets_obey_the_laws_of_sets(a in set(), b in set(), c in set()) {
        prop_assert_eq!(a.clone().union(b.clone()), b.clone().union(a.clone()));
        prop_assert_eq!(a.clone().union(b.clone()).union(c.clone()), a.clone().union(b.clone().union(c.clone())));
        prop_assert_eq!(a.clone().intersection(&b), b.clone().intersection(&a));
        prop_assert_eq!(a.clone().intersection(&b), a.clone().difference(&a.clone().difference(&b)));
        prop_assert_eq!(a.clone().difference(&b).union(a.clone().intersection(&b)), a.clone());
        prop_assert_eq!(a.clone().union(b.clone()).difference(&b), a.clone().difference(&b));
        prop_assert!(a.clone().recursive_difference(&b).is_subset(&a.clone().difference(&b)));
        prop_assert_eq!(a.is_subset(&b), a.clone().difference(&b).is_empty());
        prop_assert!(a.clone().leaves().is_subset(&a));
        let paths = a.paths();
        prop_assert_eq!(paths.len(), a.len());
        prop_assert!(paths.iter().all(|path| a.contains(path)));
        prop_assert!(paths.iter().all(|path| a.clone().union(b.clone()).contains(path)));
        prop_assert_eq!(paths.into_iter().collect::<FieldSet>(), a);
    }

    #[test]
    fn c4_9_25_the_same_apply_again_changes_nothing(live in spec(), mine in spec()) {
        let mut thing = Thing::new();
        thing.update("controller", live);
        thing.force("alice", mine.clone());
        let before = thing.live().clone();
        thing.apply("alice", mine);
        prop_assert_eq!(thing.live(), &before);
    }

    #[test]
    fn what_is_applied_is_there(live in spec(), mine in spec()) {
        let mut thing = Thing::new();
        thing.update("controller", live);
        thing.force("alice", mine.clone());
        let extracted = thing.manager.extract(thing.live(), "alice");
        if let Some(extracted) = extracted {
            let mut again = Thing::new();
            again.apply("alice", extracted["spec"].clone());
            prop_assert_eq!(again.owned("alice"), thing.owned("alice"));
        }
    }

    /// Without force nobody loses a field, and its value stays.
    #[test]
    fn an_apply_takes_nothing_from_others(theirs in spec(), mine in spec(), later in spec()) {
        let mut thing = Thing::new();
        thing.update("bob", theirs.clone());
        let (value, owned) = (thing.manager.clone(), thing.owned("bob"));
        if thing.try_apply("alice", mine, false).is_ok() {
            let _ = thing.try_apply("alice", later, false);
            prop_assert_eq!(thing.owned("bob"), owned);
            // Applied once more, what is theirs is no change.
            let before = thing.spec().clone();
            let again = value.apply(thing.live.as_ref(), &object(theirs), "bob", false, "2030-01-01T00:01:00Z");
            // Lists that are merged may be in another order.
            prop_assert_eq!(sorted(&again.unwrap()["spec"]), sorted(&before));
        }
    }

    #[test]
    fn what_is_applied_and_taken_back_leaves_no_trace(theirs in spec(), mine in spec()) {
        let mut thing = Thing::new();
        // Who owns nothing is nobody.
        let mut theirs = theirs;
        theirs["on"] = true.into();
        thing.apply("bob", theirs);
        let before = thing.live().clone();
        if thing.try_apply("alice", mine, false).is_ok() {
            thing.apply_nothing("alice");
            prop_assert_eq!(sorted(thing.live()), sorted(&before));
        }
    }

    #[test]
    fn an_update_gives_what_it_was_given(live in spec(), new in spec()) {
        let mut thing = Thing::new();
        thing.apply("alice", live.clone());
        thing.update("controller", new.clone());
        prop_assert_eq!(thing.spec(), &new);
        let before = thing.live().clone();
        thing.update("controller", new);
        prop_assert_eq!(thing.live(), &before);
    }

    #[test]
    fn nonsense_is_refused_or_taken(live in nonsense(), sent in nonsense(), schema in nonsense()) {
        let whole = |value: &Value| json!({"apiVersion": VERSION, "kind": "Thing", "metadata": value, "spec": value});
        let _ = validate_managed_fields(&sent);
        let mut managers = vec![manager()];
        if let Ok(schema) = Schema::from_json_schema(&json!({"properties": {"spec": schema}})) {
            managers.push(FieldManager::new(Arc::new(schema), VERSION, Arc::new(SingleVersion)));
        }
        for manager in managers {
            for (live, sent) in [(live.clone(), sent.clone()), (whole(&live), whole(&sent))] {
                let _ = manager.apply(Some(&live), &sent, "kubectl", true, "");
                let _ = manager.apply(None, &sent, "kubectl", false, "now");
                let updated = manager.update(Some(&live), sent.clone(), "a", "now");
                prop_assert_eq!(updated.get("spec"), sent.get("spec"));
                let _ = manager.extract(&live, "a");
            }
        }
    }

    #[test]
    fn c4_9_19_only_nonsense_is_a_bad_request(mine in spec()) {
        let applied = manager().apply(None, &object(mine), "alice", false, "2030-01-01T00:00:00Z");
        prop_assert!(!matches!(applied, Err(ApplyError::BadRequest(_))));
    }
}

/// The value with all lists sorted, and without those that are empty: nobody owns an empty list that is merged.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Array(items) => {
            let mut items: Vec<Value> = items.iter().map(sorted).collect();
            items.sort_by_key(Value::to_string);
            items.into()
        }
        Value::Object(members) => {
            let members = members.iter().filter(|(_, member)| **member != json!([]));
            members.map(|(name, member)| (name.clone(), sorted(member))).collect()
        }
        other => other.clone(),
    }
}
