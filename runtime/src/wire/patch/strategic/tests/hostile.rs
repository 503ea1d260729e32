//! Patches made to cost much: they are refused, or they are done by the time that an honest one of their size is.

use serde_json::{Value, json};

use super::{fleet, try_merge};
use crate::wire::decode::json::MAX_DEPTH;
use crate::wire::patch::budget::Budget;
use crate::wire::patch::strategic::StrategicMerge;
use crate::wire::patch::strategic::error::Error;
use crate::wire::patch::strategic::merge::Merge;

const MANY: usize = 20_000;

fn numbers(count: usize) -> Value {
    (0..count).collect()
}

fn crew(count: usize) -> Value {
    (0..count).map(|name| json!({ "name": name })).collect()
}

#[test]
fn c4_3_2_huge_lists_are_merged() {
    let order: Value = (0..MANY).rev().collect();
    let patch = json!({"$setElementOrder/tags": order, "$deleteFromPrimitiveList/tags": numbers(MANY / 2)});
    let merged = try_merge(json!({"tags": numbers(MANY)}), &patch).unwrap();
    assert_eq!(merged["tags"].as_array().unwrap().len(), MANY / 2);
    assert_eq!(merged["tags"][0], MANY - 1);
    let merged = try_merge(json!({"crew": crew(MANY)}), &json!({"crew": crew(MANY)})).unwrap();
    assert_eq!(merged["crew"].as_array().unwrap().len(), MANY);
    let deleted: Value = (0..MANY).map(|name| json!({"name": name, "$patch": "delete"})).collect();
    assert_eq!(try_merge(json!({"crew": crew(MANY)}), &json!({ "crew": deleted })).unwrap(), json!({"crew": []}));
}

/// Each item is small, and goes through all of a huge list once more.
#[test]
fn c4_3_2_a_huge_list_is_not_gone_through_over_and_over() {
    let item = json!({"name": "a", "$deleteFromPrimitiveList/tags": [-1]});
    let merge = |times: usize| {
        let old = json!({"crew": [{"name": "a", "tags": numbers(MANY)}]});
        try_merge(old, &json!({"crew": vec![item.clone(); times]}))
    };
    // A few times are no harm.
    merge(10).unwrap();
    let status = merge(10_000).unwrap_err();
    assert_eq!((status.code(), status.reason()), (422, "Invalid"));
    assert_eq!(status.message(), "the server rejected our request due to an error in our request");
}

/// All that goes through a list is counted.
#[test]
fn c4_3_2_every_way_through_a_list_is_counted() {
    let old = json!({"tags": numbers(100), "crew": crew(100)});
    for patch in [
        json!({"tags": [1]}),
        json!({"crew": [{"name": 1}]}),
        json!({"crew": [{"name": 1, "$patch": "delete"}]}),
        json!({"$deleteFromPrimitiveList/tags": [-1]}),
        json!({"$setElementOrder/tags": []}),
        json!({"$setElementOrder/crew": []}),
        json!({"$setElementOrder/new": numbers(100)}),
    ] {
        let (Value::Object(old), Value::Object(patch)) = (&old, &patch) else { panic!("{patch}") };
        let merge = |items| Merge { items: Budget(items) }.map(old.clone(), patch, fleet().root());
        assert!(matches!(merge(99), Err(Error::TooMuch)), "{patch:?}");
        assert!(merge(300).is_ok(), "{patch:?}");
    }
}

#[test]
fn c4_3_2_many_directives() {
    let orders =
        (0..MANY).flat_map(|i| [(format!("$setElementOrder/l{i}"), json!([1])), (format!("l{i}"), json!([1]))]);
    let merged = try_merge(json!({}), &orders.collect()).unwrap();
    assert_eq!(merged.as_object().unwrap().len(), MANY);
    let retained: Value = (0..MANY).map(|i| format!("f{i}")).collect();
    let items = vec![json!({"name": "a", "$retainKeys": ["name"]}); MANY];
    let mut wide: Value = (0..MANY).map(|i| (format!("f{i}"), json!(i))).collect();
    assert_eq!(try_merge(wide.clone(), &json!({ "$retainKeys": retained })).unwrap(), wide);
    wide["name"] = "a".into();
    let merged = try_merge(json!({ "crew": [wide] }), &json!({ "crew": items })).unwrap();
    assert_eq!(merged, json!({"crew": [{"name": "a"}]}));
}

#[test]
fn c4_3_2_deep_documents() {
    let nested = |name: &str| format!("{}1{}", format!("{{\"{name}\":").repeat(MAX_DEPTH), "}".repeat(MAX_DEPTH));
    let old: Value = serde_json::from_str(&nested("hull")).unwrap();
    for name in ["hull", "papers", "unknown"] {
        let (patch, _) = StrategicMerge::parse(nested(name).as_bytes()).unwrap();
        let merged = patch.apply(old.clone(), &fleet()).unwrap();
        // What has been stored is read again.
        assert!(serde_json::from_str::<Value>(&merged.to_string()).is_ok(), "{name}");
    }
    assert!(StrategicMerge::parse(format!("{{\"hull\":{}}}", nested("hull")).as_bytes()).is_err());
}
