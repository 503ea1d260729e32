//! What an apply makes of an object.

use serde_json::{Value, json};

use super::fixture::Thing;

/// The most levels of an object, scalars included.
const MAX_DEPTH: u32 = 120;

/// The spec of an object of this spec after an apply of that one.
fn merged(live: Value, applied: Value) -> Value {
    let mut thing = Thing::new();
    thing.update("controller", live);
    thing.force("alice", applied);
    thing.spec().clone()
}

#[test]
fn objects_are_merged_by_field() {
    let live = json!({"size": 1, "labels": {"a": "1", "b": "2"}, "any": {"x": {"y": 1}}});
    let applied = json!({"color": "red", "labels": {"b": "3", "c": "4"}, "any": {"x": {"z": [1]}}});
    let expected = json!({
        "size": 1, "color": "red", "labels": {"a": "1", "b": "3", "c": "4"}, "any": {"x": {"y": 1, "z": [1]}},
    });
    assert_eq!(merged(live, applied), expected);
}

#[test]
fn what_is_atomic_is_replaced() {
    let live = json!({"words": ["a", "b"], "whole": {"a": "1"}, "any": {"list": [1, 2]}});
    let applied = json!({"words": ["c"], "whole": {"b": "2"}, "any": {"list": [3]}});
    assert_eq!(merged(live, applied.clone()), applied);
}

#[test]
fn sets_take_the_order_of_the_configuration_where_it_has_one() {
    let cases = [
        (json!(["a", "b"]), json!(["c"]), json!(["a", "b", "c"])),
        (json!(["a", "b", "c"]), json!(["c", "b"]), json!(["a", "c", "b"])),
        (json!(["a", "b", "c"]), json!(["c", "a"]), json!(["b", "c", "a"])),
        (json!(["b"]), json!(["a", "b", "c"]), json!(["a", "b", "c"])),
        (json!(["a", "b", "c", "d"]), json!(["d", "x", "a"]), json!(["b", "c", "d", "x", "a"])),
        (json!(["a", "a", "b"]), json!(["c"]), json!(["a", "a", "b", "c"])),
        (json!(["a", "a", "b"]), json!(["a"]), json!(["a", "b"])),
        (json!(["a"]), json!([]), json!(["a"])),
        (json!(["a"]), json!(null), json!(["a"])),
        (json!([]), json!(["a"]), json!(["a"])),
    ];
    for (live, applied, expected) in cases {
        assert_eq!(merged(json!({"tags": live}), json!({"tags": applied})), json!({"tags": expected}));
    }
}

#[test]
fn items_are_merged_by_their_keys() {
    let live = json!({"items": [{"name": "a", "image": "1"}, {"name": "b", "image": "2", "tags": ["x"]}]});
    let applied = json!({"items": [{"name": "b", "tags": ["y"]}, {"name": "c"}]});
    let expected = json!({"items": [
        {"name": "a", "image": "1"}, {"name": "b", "image": "2", "tags": ["x", "y"]}, {"name": "c"},
    ]});
    assert_eq!(merged(live, applied), expected);
}

#[test]
fn items_that_are_there_twice_are_replaced() {
    let live = json!({"items": [{"name": "a", "image": "1"}, {"name": "b"}, {"name": "a", "image": "2"}]});
    let applied = json!({"items": [{"name": "a", "tags": ["x"]}]});
    assert_eq!(merged(live, applied), json!({"items": [{"name": "a", "tags": ["x"]}, {"name": "b"}]}));
}

#[test]
fn a_key_that_is_missing_is_its_default() {
    let live = json!({"ports": [{"port": 80}, {"port": 80, "protocol": "UDP"}]});
    let applied = json!({"ports": [{"port": 80, "protocol": "TCP", "name": "web"}]});
    let expected = json!({"ports": [
        {"port": 80, "protocol": "TCP", "name": "web"}, {"port": 80, "protocol": "UDP"},
    ]});
    assert_eq!(merged(live, applied), expected);
}

#[test]
fn null_and_empty_stay_apart() {
    assert_eq!(merged(json!({}), json!({"labels": null, "tags": []})), json!({"labels": null, "tags": []}));
    assert_eq!(merged(json!({"labels": {}}), json!({"labels": null})), json!({"labels": null}));
    assert_eq!(merged(json!({"size": 1}), json!({"size": null})), json!({"size": null}));
}

#[test]
fn an_object_that_is_created() {
    let mut thing = Thing::new();
    thing.apply("alice", json!({"size": 1}));
    let created = json!({
        "apiVersion": "example.com/v1", "kind": "Thing",
        "metadata": {"name": "a", "namespace": "ns", "managedFields": [{
            "manager": "alice", "operation": "Apply", "apiVersion": "example.com/v1", "fieldsType": "FieldsV1",
            "time": "2030-01-01T00:00:01Z", "fieldsV1": {"f:spec": {"f:size": {}}},
        }]},
        "spec": {"size": 1},
    });
    assert_eq!(*thing.live(), created);
}

#[test]
fn c4_9_25_an_apply_that_changes_nothing_gives_what_is_stored() {
    let mut thing = Thing::new();
    thing.apply("alice", json!({"size": 1, "tags": ["a"]}));
    thing.update("controller", json!({"size": 1, "tags": ["a", "b"], "color": "red"}));
    let before = thing.live().clone();
    thing.apply("alice", json!({"size": 1, "tags": ["a"]}));
    assert_eq!(*thing.live(), before);
}

#[test]
fn another_manager_of_the_same_value_is_known_and_has_a_time() {
    let mut thing = Thing::new();
    thing.apply("alice", json!({"size": 1}));
    thing.apply("bob", json!({"size": 1}));
    assert_eq!(thing.managers(), ["alice Apply", "bob Apply"]);
    assert_eq!(thing.time("bob"), "2030-01-01T00:00:02Z");
}

/// As deep as an object may be everything works, in the stack of a test, and what comes out can be read again.
#[test]
fn objects_may_be_deep() {
    let deep = |levels: u32, leaf: &str| (0..levels).fold(json!({leaf: 1}), |inner, _| json!({"a": inner}));
    let mut thing = Thing::new();
    thing.apply("alice", json!({"any": deep(MAX_DEPTH - 4, "x")}));
    thing.update("controller", json!({"any": deep(MAX_DEPTH - 4, "y")}));
    thing.force("alice", json!({"any": deep(MAX_DEPTH - 4, "z")}));
    let stored: Value = serde_json::from_str(&thing.live().to_string()).unwrap();
    assert_eq!(stored, *thing.live());
    thing.apply("alice", json!({}));
    assert_eq!(*thing.spec(), json!({"any": {}}));
    let refused = thing.try_apply("alice", json!({"any": deep(MAX_DEPTH - 3, "x")}), false).unwrap_err();
    assert!(refused.to_string().ends_with("nested too deeply"), "{refused}");
    let owners = thing.entries().to_vec();
    thing.update("controller", json!({"any": deep(MAX_DEPTH - 3, "x")}));
    assert_eq!(thing.entries(), owners);
}
