//! What goes when it is applied no more (contract 4.9.22).

use serde_json::{Value, json};

use super::fixture::Thing;

#[test]
fn c4_9_22_a_field_that_nobody_else_owns_goes() {
    let mut thing = Thing::new();
    thing.apply("alice", json!({"size": 1, "color": "red", "labels": {"a": "1", "b": "2"}}));
    thing.apply("alice", json!({"size": 1, "labels": {"b": "2"}}));
    assert_eq!(*thing.spec(), json!({"size": 1, "labels": {"b": "2"}}));
    thing.apply("alice", json!({"size": 1}));
    assert_eq!(*thing.spec(), json!({"size": 1}));
    assert_eq!(thing.owned("alice"), json!({"f:size": {}}));
}

#[test]
fn c4_9_22_a_field_that_another_owns_stays() {
    let mut thing = Thing::new();
    thing.apply("alice", json!({"size": 1, "color": "red"}));
    thing.apply("bob", json!({"size": 1}));
    thing.update("controller", json!({"size": 1, "color": "blue"}));
    thing.apply_nothing("alice");
    assert_eq!(*thing.spec(), json!({"size": 1, "color": "blue"}));
    assert_eq!(thing.managers(), ["bob Apply", "controller Update"]);
}

#[test]
fn c4_9_22_items_go_with_all_of_their_fields() {
    let mut thing = Thing::new();
    thing.apply("alice", json!({"items": [{"name": "a"}, {"name": "b", "image": "1"}]}));
    // The controller owns a field of the item, and not the item.
    thing.update("controller", json!({"items": [{"name": "a"}, {"name": "b", "image": "1", "tags": ["x"]}]}));
    thing.apply("alice", json!({"items": [{"name": "a"}]}));
    assert_eq!(*thing.spec(), json!({"items": [{"name": "a"}]}));
    assert_eq!(thing.managers(), ["alice Apply"]);
}

#[test]
fn c4_9_22_an_item_stays_as_another_applies_it() {
    let mut thing = Thing::new();
    thing.apply("alice", json!({"items": [{"name": "a"}, {"name": "b", "image": "1", "tags": ["x"]}]}));
    thing.apply("bob", json!({"items": [{"name": "b", "tags": ["y"]}]}));
    thing.update("controller", json!({"items": [{"name": "a"}, {"name": "b", "image": "1", "tags": ["x", "y", "z"]}]}));
    thing.apply("alice", json!({"items": [{"name": "a"}]}));
    assert_eq!(*thing.spec(), json!({"items": [{"name": "a"}, {"name": "b", "tags": ["y", "z"]}]}));
}

#[test]
fn c4_9_22_an_object_goes_with_its_last_owner() {
    let mut thing = Thing::new();
    thing.apply("alice", json!({"any": {"a": {"b": 1}}, "size": 1}));
    thing.apply("bob", json!({"any": {"a": {"c": 2}}}));
    thing.apply("alice", json!({"size": 1}));
    assert_eq!(*thing.spec(), json!({"any": {"a": {"c": 2}}, "size": 1}));
    thing.apply("bob", json!({}));
    assert_eq!(*thing.spec(), json!({"size": 1}));
}

#[test]
fn c4_9_22_what_nobody_applied_stays() {
    let mut thing = Thing::new();
    thing.update("controller", json!({"size": 1, "items": [{"name": "a", "image": "1"}]}));
    thing.apply("alice", json!({"color": "red", "items": [{"name": "a", "tags": ["x"]}]}));
    thing.apply("alice", json!({}));
    assert_eq!(*thing.spec(), json!({"size": 1, "items": [{"name": "a", "image": "1"}]}));
}

/// What a default has set, no entry tells of.
#[test]
fn c4_9_22_what_nobody_owns_stays() {
    let mut thing = Thing::new();
    thing.apply("alice", json!({"size": 1, "color": "red"}));
    let mut live = thing.live().clone();
    live["spec"]["on"] = true.into();
    thing.live = Some(live);
    thing.apply("alice", json!({"color": "red"}));
    assert_eq!(*thing.spec(), json!({"color": "red", "on": true}));
}

#[test]
fn c4_9_22_an_empty_list_that_another_owns_stays() {
    let mut thing = Thing::new();
    thing.update("controller", json!({"tags": []}));
    thing.apply("alice", json!({"tags": ["a"]}));
    thing.apply_nothing("alice");
    assert_eq!(*thing.spec(), json!({"tags": []}));
    assert_eq!(thing.owned("controller"), json!({".": {}, "f:tags": {}}));
}

#[test]
fn c4_9_22_what_is_emptied_is_as_it_is_applied() {
    for empty in [json!({}), Value::Null] {
        let mut thing = Thing::new();
        thing.apply("alice", json!({"labels": {"a": "1"}}));
        thing.apply("alice", json!({"labels": empty}));
        assert_eq!(*thing.spec(), json!({"labels": empty}));
        assert_eq!(thing.owned("alice"), json!({"f:labels": {}}));
        let before = thing.live().clone();
        thing.apply("alice", json!({"labels": empty}));
        assert_eq!(*thing.live(), before);
    }
}

#[test]
fn c4_9_22_finalizers_and_owners_are_each_their_own() {
    let mut thing = Thing::new();
    let mut mine = super::fixture::object(json!({}));
    let owner = |uid: &str| json!({"apiVersion": "v1", "kind": "Pod", "name": "p", "uid": uid});
    mine["metadata"]["finalizers"] = json!(["example.com/a"]);
    mine["metadata"]["ownerReferences"] = json!([owner("1")]);
    thing.try_apply_object("alice", &mine, false).unwrap();
    let mut others = mine.clone();
    others["metadata"]["finalizers"] = json!(["example.com/b"]);
    others["metadata"]["ownerReferences"] = json!([owner("2")]);
    thing.try_apply_object("bob", &others, false).unwrap();
    assert_eq!(thing.live()["metadata"]["finalizers"], json!(["example.com/a", "example.com/b"]));
    assert_eq!(thing.live()["metadata"]["ownerReferences"], json!([owner("1"), owner("2")]));
    thing.apply("alice", json!({}));
    assert_eq!(thing.live()["metadata"]["finalizers"], json!(["example.com/b"]));
    assert_eq!(thing.live()["metadata"]["ownerReferences"], json!([owner("2")]));
}

#[test]
fn c4_9_22_an_update_takes_a_field_out_of_the_applied_ones() {
    let mut thing = Thing::new();
    thing.apply("alice", json!({"size": 1, "color": "red"}));
    thing.update("controller", json!({"size": 2, "color": "red"}));
    thing.apply("alice", json!({"color": "red"}));
    assert_eq!(*thing.spec(), json!({"size": 2, "color": "red"}));
}
