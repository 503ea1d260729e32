//! Who owns what after changes that are no apply.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::fixture::{Thing, VERSION, manager, object};
use crate::apply::{FieldPath, ResetFields};

#[test]
fn c4_5_15_who_creates_owns_everything() {
    let mut thing = Thing::new();
    thing.update("kubectl-create", json!({"size": 1, "tags": ["a"], "items": [{"name": "x"}], "labels": {}}));
    let entry = json!({
        "manager": "kubectl-create",
        "operation": "Update",
        "apiVersion": VERSION,
        "time": "2030-01-01T00:00:01Z",
        "fieldsType": "FieldsV1",
        "fieldsV1": {"f:spec": {
            ".": {},
            "f:size": {},
            "f:labels": {},
            "f:tags": {".": {}, "v:\"a\"": {}},
            "f:items": {".": {}, "k:{\"name\":\"x\"}": {".": {}, "f:name": {}}},
        }},
    });
    assert_eq!(thing.entries(), [entry]);
}

#[test]
fn ownership_follows_changes() {
    let mut thing = Thing::new();
    thing.apply("alice", json!({"size": 1, "color": "red", "tags": ["a", "b"]}));
    thing.update("controller", json!({"size": 2, "color": "red", "tags": ["a", "c"]}));
    assert_eq!(thing.owned("alice"), json!({"f:color": {}, "f:tags": {"v:\"a\"": {}}}));
    assert_eq!(thing.owned("controller"), json!({"f:size": {}, "f:tags": {"v:\"c\"": {}}}));
    assert_eq!(thing.time("controller"), "2030-01-01T00:00:02Z");
    assert_eq!(thing.time("alice"), "2030-01-01T00:00:01Z");
}

#[test]
fn a_manager_of_updates_has_one_entry() {
    let mut thing = Thing::new();
    thing.update("controller", json!({"size": 1}));
    thing.update("controller", json!({"size": 1, "color": "red"}));
    assert_eq!(thing.managers(), ["controller Update"]);
    assert_eq!(thing.owned("controller"), json!({".": {}, "f:size": {}, "f:color": {}}));
    assert_eq!(thing.time("controller"), "2030-01-01T00:00:02Z");
}

#[test]
fn what_is_removed_is_owned_by_nobody() {
    let mut thing = Thing::new();
    thing.apply("alice", json!({"size": 1, "items": [{"name": "x", "image": "a"}]}));
    thing.update("controller", json!({"size": 1, "items": []}));
    assert_eq!(thing.owned("alice"), json!({"f:size": {}}));
    thing.update("controller", json!({}));
    assert_eq!(thing.managers(), [""; 0]);
}

#[test]
fn c4_9_25_an_update_that_changes_nothing_changes_no_entry() {
    let mut thing = Thing::new();
    thing.apply("alice", json!({"size": 1}));
    let before = thing.live().clone();
    thing.update("controller", json!({"size": 1}));
    assert_eq!(*thing.live(), before);
}

#[test]
fn one_and_one_point_zero_are_the_same() {
    let mut thing = Thing::new();
    thing.apply("alice", json!({"size": 1}));
    thing.update("controller", json!({"size": 1.0}));
    assert_eq!(thing.managers(), ["alice Apply"]);
}

#[test]
fn what_is_atomic_is_taken_as_a_whole() {
    let mut thing = Thing::new();
    thing.apply("alice", json!({"whole": {"a": "1", "b": "2"}, "words": ["x", "y"]}));
    thing.update("controller", json!({"whole": {"a": "1", "b": "3"}, "words": ["y", "x"]}));
    assert_eq!(thing.owned("controller"), json!({"f:whole": {}, "f:words": {}}));
    assert_eq!(thing.managers(), ["controller Update"]);
}

#[test]
fn items_that_are_there_twice_are_owned_together() {
    let mut thing = Thing::new();
    thing.update("one", json!({"tags": ["a", "b"], "items": [{"name": "x"}, {"name": "y"}]}));
    thing.update("two", json!({"tags": ["a", "b", "b"], "items": [{"name": "x"}, {"name": "x", "image": "i"}]}));
    let one = json!({".": {}, "f:tags": {".": {}, "v:\"a\"": {}}, "f:items": {}});
    assert_eq!(thing.owned("one"), one);
    assert_eq!(thing.owned("two"), json!({"f:tags": {"v:\"b\"": {}}, "f:items": {"k:{\"name\":\"x\"}": {}}}));
}

#[test]
fn a_value_that_becomes_another_kind() {
    let mut thing = Thing::new();
    thing.update("one", json!({"any": {"a": {"b": 1}}}));
    thing.update("two", json!({"any": {"a": "text"}}));
    assert_eq!(thing.owned("one"), json!({".": {}, "f:any": {}}));
    assert_eq!(thing.owned("two"), json!({"f:any": {"f:a": {}}}));
}

/// The main endpoint does not change the status: it does not own it either (contract 5.6).
#[test]
fn fields_that_an_endpoint_leaves_alone_are_not_owned() {
    let status = ResetFields::Fields([FieldPath::fields(["status"])].into_iter().collect());
    let mut thing = Thing::of(manager().with_reset_fields(BTreeMap::from([(VERSION.to_owned(), status)])));
    let mut with_status = object(json!({"size": 1}));
    with_status["status"] = json!({"ready": true});
    thing.update_object("controller", with_status.clone());
    assert_eq!(thing.entries()[0]["fieldsV1"], json!({"f:spec": {".": {}, "f:size": {}}}));
    with_status["status"]["ready"] = Value::Bool(false);
    thing.try_apply_object("alice", &with_status, false).unwrap();
    assert_eq!(thing.entries()[0]["fieldsV1"], json!({"f:spec": {"f:size": {}}}));
}

/// The status endpoint changes nothing else, whatever is sent to it (contract 5.6).
#[test]
fn an_endpoint_owns_only_the_fields_that_it_changes() {
    let mut thing = Thing::new();
    thing.update("creator", json!({"size": 1}));
    let others = ResetFields::AllBut([FieldPath::fields(["status"])].into_iter().collect());
    let status = manager().with_subresource("status").with_reset_fields(BTreeMap::from([(VERSION.to_owned(), others)]));
    thing.manager = status;
    let mut with_status = object(json!({"size": 2}));
    with_status["status"] = json!({"ready": true});
    thing.update_object("controller", with_status.clone());
    assert_eq!(thing.owned("creator"), json!({".": {}, "f:size": {}}));
    assert_eq!(thing.entries()[1]["fieldsV1"], json!({"f:status": {".": {}, "f:ready": {}}}));
    thing.try_apply_object("alice", &with_status, false).unwrap();
    assert_eq!(thing.entries()[0]["fieldsV1"], json!({"f:status": {"f:ready": {}}}));
}

#[test]
fn an_object_that_the_schema_refuses_keeps_its_owners() {
    let mut thing = Thing::new();
    thing.apply("alice", json!({"size": 1}));
    let before = thing.entries().to_vec();
    thing.update("controller", json!({"size": 2, "unknown": 1}));
    assert_eq!(*thing.spec(), json!({"size": 2, "unknown": 1}));
    assert_eq!(thing.entries(), before);
}
