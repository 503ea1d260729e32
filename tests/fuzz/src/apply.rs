//! Server-side apply (contract 4.9.18-4.9.25): the configuration, an empty line, and the object that is there, with the
//! managed fields that it says.

use std::sync::{Arc, LazyLock};

use rest_resource::apply::{FieldManager, Schema, SingleVersion, validate_managed_fields};
use serde_json::{Value, json};

use super::parts::{assert_document, document, split};

const NOW: &str = "2030-01-01T00:00:00Z";

static MANAGER: LazyLock<FieldManager> = LazyLock::new(|| {
    let item = json!({"properties": {"name": {"type": "string"}, "image": {"type": "string"}}, "required": ["name"]});
    let schema = Schema::from_json_schema(&json!({"properties": {"spec": {"properties": {
        "size": {"type": "integer"},
        "tags": {"items": {"type": "string"}, "x-kubernetes-list-type": "set"},
        "items": {"items": item, "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"]},
        "labels": {"additionalProperties": {"type": "string"}},
        "whole": {"additionalProperties": {"type": "string"}, "x-kubernetes-map-type": "atomic"},
        "any": {"type": "object", "x-kubernetes-preserve-unknown-fields": true},
    }}}}));
    FieldManager::new(Arc::new(schema.expect("a schema")), "example.com/v1", Arc::new(SingleVersion))
});

/// What apply gives is a document whose managed fields can be read, and applying the same again changes nothing.
fn check(new: &Value, configuration: &Value) {
    assert_document(new);
    validate_managed_fields(&new["metadata"]["managedFields"]).expect("what is written can be read");
    // Where nobody owns anything, the next apply is the first one.
    if new["metadata"]["managedFields"].is_null() {
        return;
    }
    let again = MANAGER.apply(Some(new), configuration, "a", false, "2030-01-02T00:00:00Z");
    assert_eq!(again.as_ref().ok(), Some(new), "{again:?}");
}

/// An apply gives an object that is as the configuration says, or is refused; any other change is recorded.
pub fn apply(data: &[u8]) {
    let (configuration, live) = split(data);
    let (Some(configuration), live) = (document(configuration), document(live)) else { return };
    // The server has looked at these before it applies.
    let is_object = |value: &Value| value.is_object() && value["metadata"].is_object();
    if !is_object(&configuration) || live.as_ref().is_some_and(|live| !is_object(live)) {
        return;
    }
    let live = live.as_ref();
    for force in [false, true] {
        if let Ok(new) = MANAGER.apply(live, &configuration, "a", force, NOW) {
            check(&new, &configuration);
            assert!(MANAGER.apply(Some(&new), &configuration, "b", true, NOW).is_ok());
            let _ = MANAGER.extract(&new, "a");
        }
    }
    let changed = MANAGER.update(live, configuration, "b", NOW);
    assert_document(&changed);
}
