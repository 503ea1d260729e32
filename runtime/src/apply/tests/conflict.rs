//! What is in the way of an apply, and how it is told.

use serde_json::json;

use super::fixture::{Thing, VERSION, manager, object};
use crate::apply::ApplyError;

#[test]
fn c4_9_21_one_conflict() {
    let mut thing = Thing::new();
    thing.apply("alice", json!({"size": 1}));
    let refused = thing.try_apply("bob", json!({"size": 2}), false).unwrap_err();
    assert_eq!(refused.to_string(), r#"Apply failed with 1 conflict: conflict with "alice": .spec.size"#);
    let ApplyError::Conflict(conflicts) = refused else { panic!("another error") };
    let [cause] = conflicts.as_slice() else { panic!("several causes") };
    assert_eq!(cause.message(), r#"conflict with "alice""#);
    assert_eq!(cause.path().to_string(), ".spec.size");
}

#[test]
fn c4_9_21_the_version_is_told_of_managers_of_updates() {
    let mut thing = Thing::new();
    thing.update("kubectl-edit", json!({"size": 1}));
    assert_eq!(
        thing.conflict("bob", json!({"size": 2})),
        r#"Apply failed with 1 conflict: conflict with "kubectl-edit" using example.com/v1: .spec.size"#
    );
}

#[test]
fn c4_9_21_several_conflicts_are_listed_by_manager() {
    let mut thing = Thing::new();
    thing.update("zoe", json!({"size": 1, "items": [{"name": "x", "image": "a"}], "tags": ["t"]}));
    thing.apply("alice", json!({"color": "red"}));
    let refused = thing.conflict("bob", json!({"size": 2, "color": "blue", "items": [{"name": "x", "image": "b"}]}));
    let text = format!(
        "Apply failed with 3 conflicts: conflicts with \"alice\":\n- .spec.color\nconflicts with \"zoe\" using {VERSION}:\
         \n- .spec.size\n- .spec.items[name=\"x\"].image"
    );
    assert_eq!(refused, text);
}

#[test]
fn c4_9_21_a_subresource_is_told() {
    let mut thing = Thing::of(manager().with_subresource("status"));
    let mut status = object(json!({}));
    status["status"] = json!({"ready": true});
    thing.update_object("controller", status.clone());
    thing.manager = manager();
    status["status"]["ready"] = false.into();
    let refused = thing.try_apply_object("bob", &status, false).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "Apply failed with 1 conflict: conflict with \"controller\" with subresource \"status\" using \
         example.com/v1: .status.ready"
    );
}

#[test]
fn c4_9_21_force_takes_ownership() {
    let mut thing = Thing::new();
    thing.apply("alice", json!({"size": 1, "color": "red"}));
    thing.force("bob", json!({"size": 2}));
    assert_eq!(*thing.spec(), json!({"size": 2, "color": "red"}));
    assert_eq!(thing.owned("alice"), json!({"f:color": {}}));
    assert_eq!(thing.owned("bob"), json!({"f:size": {}}));
}

#[test]
fn c4_9_21_the_same_value_is_no_conflict_and_is_owned_by_both() {
    let mut thing = Thing::new();
    thing.apply("alice", json!({"size": 1}));
    thing.apply("bob", json!({"size": 1}));
    assert_eq!(thing.owned("alice"), json!({"f:size": {}}));
    assert_eq!(thing.owned("bob"), json!({"f:size": {}}));
}

#[test]
fn c4_9_21_what_is_atomic_conflicts_as_a_whole() {
    let mut thing = Thing::new();
    thing.apply("alice", json!({"whole": {"a": "1"}, "words": ["x", "y"]}));
    let refused = thing.conflict("bob", json!({"whole": {"b": "2"}, "words": ["x"]}));
    assert_eq!(refused, "Apply failed with 2 conflicts: conflicts with \"alice\":\n- .spec.whole\n- .spec.words");
    thing.force("bob", json!({"whole": {"b": "2"}, "words": ["x"]}));
    assert_eq!(*thing.spec(), json!({"whole": {"b": "2"}, "words": ["x"]}));
    assert_eq!(thing.managers(), ["bob Apply"]);
}

#[test]
fn c4_9_21_nameless_managers_are_unknown() {
    let mut thing = Thing::new();
    thing.apply("", json!({"size": 1}));
    assert!(thing.conflict("bob", json!({"size": 2})).contains(r#"conflict with "unknown""#));
}
