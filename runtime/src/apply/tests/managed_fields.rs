//! `metadata.managedFields` as clients see and send them.

use serde_json::{Value, json};

use super::fixture::{Thing, VERSION, manager, object};
use crate::apply::{restore_times, validate_managed_fields};

#[test]
fn c4_9_23_entries_are_sorted_by_operation_time_and_manager() {
    let mut thing = Thing::new();
    thing.update("zoe", json!({"size": 1}));
    thing.update("adam", json!({"size": 1, "on": true}));
    thing.apply("yan", json!({"color": "red"}));
    thing.apply("bob", json!({"labels": {"a": "1"}}));
    assert_eq!(thing.managers(), ["yan Apply", "bob Apply", "zoe Update", "adam Update"]);
}

#[test]
fn c4_9_23_nobody_owns_what_identifies_an_object() {
    let mut thing = Thing::new();
    let mut full = object(json!({"size": 1}));
    full["metadata"] = json!({
        "name": "a", "namespace": "ns", "uid": "u", "resourceVersion": "1", "generation": 1, "selfLink": "/a",
        "creationTimestamp": "2030-01-01T00:00:00Z", "labels": {"a": "1"}, "generateName": "g-",
    });
    thing.update_object("controller", full.clone());
    let fields = json!({"f:metadata": {"f:labels": {".": {}, "f:a": {}}, "f:generateName": {}},
        "f:spec": {".": {}, "f:size": {}}});
    assert_eq!(thing.entries()[0]["fieldsV1"], fields);
    thing.try_apply_object("alice", &full, false).unwrap();
    assert_eq!(
        thing.entries()[0]["fieldsV1"],
        json!({
            "f:metadata": {"f:labels": {"f:a": {}}, "f:generateName": {}}, "f:spec": {"f:size": {}},
        })
    );
}

#[test]
fn c4_9_24_what_was_there_before_the_first_apply() {
    let mut thing = Thing::new();
    thing.live = Some(object(json!({"size": 1})));
    thing.apply("alice", json!({"color": "red"}));
    assert_eq!(thing.managers(), ["alice Apply", "before-first-apply Update"]);
    assert_eq!(thing.owned("before-first-apply"), json!({".": {}, "f:size": {}}));
    assert!(thing.conflict("alice", json!({"size": 2})).contains("before-first-apply"));
}

#[test]
fn c4_9_24_the_oldest_of_many_managers_are_put_together() {
    let mut thing = Thing::new();
    for count in 1..=12 {
        let labels: serde_json::Map<String, Value> = (1..=count).map(|at| (format!("l{at}"), json!("x"))).collect();
        thing.update(&format!("manager-{count:02}"), json!({"labels": labels}));
    }
    thing.apply("alice", json!({"size": 1}));
    let managers = thing.managers();
    assert_eq!(managers.len(), 11);
    assert_eq!(managers[..3], ["alice Apply", "ancient-changes Update", "manager-04 Update"]);
    let ancient = json!({".": {}, "f:labels": {".": {}, "f:l1": {}, "f:l2": {}, "f:l3": {}}});
    assert_eq!(thing.owned("ancient-changes"), ancient);
    assert_eq!(*thing.time("ancient-changes"), "2030-01-01T00:00:03Z");
}

#[test]
fn c4_5_15_an_empty_list_ends_the_tracking_until_the_next_apply() {
    for reset in [json!([]), json!([{}])] {
        let mut thing = Thing::new();
        thing.apply("alice", json!({"size": 1}));
        let mut sent = thing.live().clone();
        sent["metadata"]["managedFields"] = reset;
        thing.update_object("controller", sent);
        assert!(thing.live()["metadata"].get("managedFields").is_none());
        thing.update("controller", json!({"size": 2}));
        assert!(thing.entries().is_empty());
        thing.apply("bob", json!({"color": "red"}));
        assert_eq!(thing.managers(), ["bob Apply", "before-first-apply Update"]);
    }
}

#[test]
fn c4_5_15_managed_fields_can_be_sent() {
    let mut thing = Thing::new();
    thing.apply("alice", json!({"size": 1}));
    let mut sent = thing.live().clone();
    sent["metadata"]["managedFields"][0]["manager"] = "carol".into();
    sent["metadata"]["managedFields"][0]["time"] = "2029-12-31T23:00:00.5-02:00".into();
    thing.update_object("controller", sent);
    assert_eq!(thing.managers(), ["carol Apply"]);
    assert_eq!(*thing.time("carol"), "2030-01-01T01:00:00Z");
}

#[test]
fn c4_5_15_managed_fields_that_cannot_be_read_or_are_missing_are_those_that_were_there() {
    let nonsense = [Value::Null, json!([{"manager": "x"}]), json!("text"), json!([1]), json!({"a": 1})];
    for sent_fields in nonsense {
        let mut thing = Thing::new();
        thing.apply("alice", json!({"size": 1}));
        let before = thing.entries().to_vec();
        let mut sent = thing.live().clone();
        sent["metadata"]["managedFields"] = sent_fields;
        thing.update_object("controller", sent);
        assert_eq!(thing.entries(), before);
    }
}

#[test]
fn c4_5_15_a_subresource_cannot_change_managed_fields() {
    let mut thing = Thing::new();
    thing.apply("alice", json!({"size": 1}));
    thing.manager = manager().with_subresource("status");
    let mut sent = thing.live().clone();
    sent["metadata"]["managedFields"] = json!([]);
    sent["status"] = json!({"ready": true});
    thing.update_object("controller", sent);
    assert_eq!(thing.managers(), ["alice Apply", "controller Update"]);
    assert_eq!(thing.entries()[1]["subresource"], "status");
    assert_eq!(thing.entries()[1]["apiVersion"], VERSION);
}

#[test]
fn c4_9_25_times_alone_are_no_change() {
    let mut thing = Thing::new();
    thing.apply("alice", json!({"size": 1}));
    let old = thing.live().clone();
    let later = |value: &Value| {
        let mut new = value.clone();
        new["metadata"]["managedFields"][0]["time"] = "2031-01-01T00:00:00Z".into();
        new
    };
    let mut same = later(&old);
    restore_times(&old, &mut same);
    assert_eq!(same, old);
    let changes: [fn(&mut Value); 3] = [
        |new| new["spec"]["size"] = 2.into(),
        |new| new["metadata"]["labels"] = json!({"a": "1"}),
        |new| new["metadata"]["managedFields"][0]["manager"] = "bob".into(),
    ];
    for change in changes {
        let mut new = later(&old);
        change(&mut new);
        let expected = new.clone();
        restore_times(&old, &mut new);
        assert_eq!(new, expected);
    }
}

#[test]
fn c4_9_27_what_is_wrong_with_managed_fields() {
    let entry = |operation: &str, version: &str, fields: &Value| json!([{"operation": operation, "apiVersion": version, "fieldsType": "FieldsV1", "fieldsV1": fields}]);
    let cases = [
        (entry("Create", "v1", &json!({})), "operation must be `Apply` or `Update`"),
        (entry("Apply", "", &json!({})), "apiVersion must not be empty"),
        (json!([{"operation": "Apply", "apiVersion": "v1"}]), "missing fieldsType in managed fields entry 0"),
        (entry("Apply", "v1", &json!({"x": {}})), "error decoding set: missing colon: x"),
        (json!({}), "managedFields must be a list"),
    ];
    for (entries, text) in cases {
        assert_eq!(validate_managed_fields(&entries).unwrap_err(), text);
    }
    validate_managed_fields(&entry("Update", "v1", &Value::Null)).unwrap();
    validate_managed_fields(&Value::Null).unwrap();
}

#[test]
fn an_applied_configuration_is_extracted_from_the_object() {
    let mut thing = Thing::new();
    let mine =
        json!({"size": 1, "items": [{"name": "a", "tags": ["x"]}], "ports": [{"port": 80}], "whole": {"a": "1"}});
    thing.apply("alice", mine.clone());
    thing.apply("bob", json!({"color": "red", "items": [{"name": "a", "image": "i", "tags": ["y"]}, {"name": "b"}]}));
    assert_eq!(thing.manager.extract(thing.live(), "alice"), Some(object(mine)));
    assert_eq!(thing.manager.extract(thing.live(), "carol"), None);
}
