//! A resource with a field of every kind, and what happens to an object of it.

use std::sync::{Arc, LazyLock};

use serde_json::{Value, json};

use crate::apply::{ApplyError, FieldManager, Schema, SingleVersion};

pub(super) const VERSION: &str = "example.com/v1";

/// The schema of a resource with lists and maps of all kinds.
pub(super) fn schema() -> Value {
    json!({"type": "object", "properties": {
        "apiVersion": {"type": "string"},
        "kind": {"type": "string"},
        "metadata": {"type": "object"},
        "spec": {"type": "object", "properties": {
            "size": {"type": "integer"},
            "color": {"type": "string"},
            "on": {"type": "boolean"},
            "port": {"x-kubernetes-int-or-string": true},
            "words": {"type": "array", "items": {"type": "string"}},
            "tags": {"type": "array", "items": {"type": "string"}, "x-kubernetes-list-type": "set"},
            "labels": {"type": "object", "additionalProperties": {"type": "string"}},
            "whole": {
                "type": "object",
                "additionalProperties": {"type": "string"},
                "x-kubernetes-map-type": "atomic",
            },
            "any": {"x-kubernetes-preserve-unknown-fields": true},
            "ports": {
                "type": "array",
                "x-kubernetes-list-type": "map",
                "x-kubernetes-list-map-keys": ["port", "protocol"],
                "items": {"type": "object", "properties": {
                    "port": {"type": "integer"},
                    "protocol": {"type": "string", "default": "TCP"},
                    "name": {"type": "string"},
                }},
            },
            "items": {
                "type": "array",
                "x-kubernetes-list-type": "map",
                "x-kubernetes-list-map-keys": ["name"],
                "items": {"$ref": "#/definitions/Item"},
            },
        }},
        "status": {"type": "object", "properties": {"ready": {"type": "boolean"}}},
    }, "definitions": {"Item": {"type": "object", "properties": {
        "name": {"type": "string"},
        "image": {"type": "string"},
        "tags": {"type": "array", "items": {"type": "string"}, "x-kubernetes-list-type": "set"},
    }}}})
}

static SCHEMA: LazyLock<Arc<Schema>> = LazyLock::new(|| Arc::new(Schema::from_json_schema(&schema()).unwrap()));

pub(super) fn manager() -> FieldManager {
    FieldManager::new(Arc::clone(&SCHEMA), VERSION, Arc::new(SingleVersion))
}

/// An object with this spec.
pub(super) fn object(spec: Value) -> Value {
    let mut object = json!({"apiVersion": VERSION, "kind": "Thing", "metadata": {"name": "a", "namespace": "ns"}});
    object["spec"] = spec;
    object
}

/// An object through its life. Each change comes a second after the one before it.
pub(super) struct Thing {
    pub(super) manager: FieldManager,
    pub(super) live: Option<Value>,
    second: u32,
}

impl Thing {
    pub(super) fn new() -> Self {
        Self::of(manager())
    }

    pub(super) fn of(manager: FieldManager) -> Self {
        Self { manager, live: None, second: 0 }
    }

    fn now(&mut self) -> String {
        self.second += 1;
        format!("2030-01-01T00:00:{:02}Z", self.second)
    }

    pub(super) fn try_apply(&mut self, who: &str, spec: Value, force: bool) -> Result<(), ApplyError> {
        self.try_apply_object(who, &object(spec), force)
    }

    pub(super) fn try_apply_object(&mut self, who: &str, object: &Value, force: bool) -> Result<(), ApplyError> {
        let now = self.now();
        self.live = Some(self.manager.apply(self.live.as_ref(), object, who, force, &now)?);
        Ok(())
    }

    pub(super) fn apply(&mut self, who: &str, spec: Value) {
        self.try_apply(who, spec, false).unwrap();
    }

    pub(super) fn force(&mut self, who: &str, spec: Value) {
        self.try_apply(who, spec, true).unwrap();
    }

    /// Applies a configuration without any field but the name.
    pub(super) fn apply_nothing(&mut self, who: &str) {
        let mut nothing = object(Value::Null);
        nothing.as_object_mut().unwrap().remove("spec");
        self.try_apply_object(who, &nothing, false).unwrap();
    }

    pub(super) fn conflict(&mut self, who: &str, spec: Value) -> String {
        match self.try_apply(who, spec, false) {
            Err(ApplyError::Conflict(conflicts)) => conflicts.to_string(),
            other => panic!("no conflict: {other:?}"),
        }
    }

    /// An update to this spec.
    pub(super) fn update(&mut self, who: &str, spec: Value) {
        self.update_object(who, object(spec));
    }

    pub(super) fn update_object(&mut self, who: &str, object: Value) {
        let now = self.now();
        self.live = Some(self.manager.update(self.live.as_ref(), object, who, &now));
    }

    pub(super) fn live(&self) -> &Value {
        self.live.as_ref().unwrap()
    }

    pub(super) fn spec(&self) -> &Value {
        &self.live()["spec"]
    }

    pub(super) fn entries(&self) -> &[Value] {
        self.live()["metadata"]["managedFields"].as_array().map(Vec::as_slice).unwrap_or_default()
    }

    /// `manager operation` of each entry, in their order.
    pub(super) fn managers(&self) -> Vec<String> {
        let name =
            |entry: &Value| format!("{} {}", entry["manager"].as_str().unwrap(), entry["operation"].as_str().unwrap());
        self.entries().iter().map(name).collect()
    }

    /// What a manager owns in the spec; null if it owns nothing.
    pub(super) fn owned(&self, who: &str) -> Value {
        let entry = self.entries().iter().find(|entry| entry["manager"] == who);
        entry.map(|entry| entry["fieldsV1"]["f:spec"].clone()).unwrap_or_default()
    }

    pub(super) fn time(&self, who: &str) -> &Value {
        &self.entries().iter().find(|entry| entry["manager"] == who).unwrap()["time"]
    }
}
