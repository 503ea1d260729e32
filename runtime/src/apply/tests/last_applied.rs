//! From `kubectl apply` to `kubectl apply --server-side` (contract 4.9.24).

use serde_json::{Value, json};

use super::fixture::{Thing, object};

const ANNOTATION: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// An object that was applied from the client with this spec.
fn applied_from_client(spec: &Value) -> Thing {
    let mut thing = Thing::new();
    let mut applied = object(spec.clone());
    let text = format!("{applied}\n");
    applied["metadata"]["annotations"] = json!({ANNOTATION: text});
    thing.update_object("kubectl-client-side-apply", applied);
    thing
}

#[test]
fn c4_9_24_what_was_applied_from_the_client_is_no_conflict_for_kubectl() {
    let mut thing = applied_from_client(&json!({"size": 1, "color": "red"}));
    thing.apply("kubectl", json!({"size": 2, "color": "red"}));
    assert_eq!(thing.spec()["size"], 2);
    assert_eq!(thing.owned("kubectl"), json!({"f:size": {}, "f:color": {}}));
    assert_eq!(thing.owned("kubectl-client-side-apply"), json!({".": {}, "f:color": {}}));
}

#[test]
fn c4_9_24_the_annotation_is_kept_up_to_date_for_kubectl() {
    let mut thing = applied_from_client(&json!({"size": 1}));
    thing.apply("kubectl", json!({"size": 2}));
    let text = thing.live()["metadata"]["annotations"][ANNOTATION].as_str().unwrap();
    assert_eq!(serde_json::from_str::<Value>(text).unwrap(), object(json!({"size": 2})));
    assert!(text.ends_with('\n'));
}

#[test]
fn c4_9_24_the_annotation_does_not_hold_itself() {
    let mut thing = applied_from_client(&json!({"size": 1}));
    let mut mine = object(json!({"size": 1}));
    mine["metadata"]["annotations"] = json!({ANNOTATION: "old", "a": "1"});
    thing.try_apply_object("kubectl", &mine, true).unwrap();
    let text = thing.live()["metadata"]["annotations"][ANNOTATION].as_str().unwrap();
    mine["metadata"]["annotations"] = json!({"a": "1"});
    assert_eq!(serde_json::from_str::<Value>(text).unwrap(), mine);
}

#[test]
fn c4_9_24_other_managers_know_no_annotation() {
    let mut thing = applied_from_client(&json!({"size": 1}));
    assert!(thing.conflict("other", json!({"size": 2})).contains(".spec.size"));
}

#[test]
fn c4_9_24_what_another_has_changed_since_is_a_conflict() {
    let mut thing = applied_from_client(&json!({"size": 1, "color": "red"}));
    let mut live = thing.live().clone();
    live["spec"]["color"] = "blue".into();
    thing.update_object("controller", live);
    let text = "Apply failed with 1 conflict: conflict with \"controller\" using example.com/v1: .spec.color";
    assert_eq!(thing.conflict("kubectl", json!({"size": 2, "color": "red"})), text);
}

#[test]
fn c4_9_24_an_annotation_that_is_none_is_not_believed() {
    let others = json!({"apiVersion": "example.com/v9", "kind": "Thing", "spec": {"size": 1}}).to_string();
    let undeclared = json!({"apiVersion": "example.com/v1", "kind": "Thing", "spec": {"sizes": 1}}).to_string();
    for text in ["", "no JSON", "[]", "{}", &others, &undeclared] {
        let mut thing = Thing::new();
        let mut live = object(json!({"size": 1}));
        live["metadata"]["annotations"] = json!({ANNOTATION: text});
        thing.update_object("kubectl-client-side-apply", live);
        assert!(thing.conflict("kubectl", json!({"size": 2})).contains(".spec.size"), "{text}");
    }
}

#[test]
fn c4_9_24_an_annotation_that_would_be_too_long_goes() {
    let mut thing = applied_from_client(&json!({"size": 1}));
    thing.apply("kubectl", json!({"color": "x".repeat(256 * 1024)}));
    assert!(thing.live()["metadata"]["annotations"].get(ANNOTATION).is_none());
}
