//! Managers that use other versions of the resource.

use std::sync::Arc;

use serde_json::{Value, json};

use super::fixture::Thing;
use crate::apply::{Converter, FieldManager, Schema};

const VERSIONS: [&str; 2] = ["example.com/v1", "example.com/v2"];

/// What `size` of v1 is called in v2.
const NAMES: [&str; 2] = ["size", "length"];

fn schema(version: usize) -> Schema {
    let schema = json!({"type": "object", "properties": {"spec": {"type": "object", "properties": {
        NAMES[version]: {"type": "integer"},
        "color": {"type": "string"},
        "map": {"type": "object", "additionalProperties": {"type": "string"}},
    }}}});
    Schema::from_json_schema(&schema).unwrap()
}

/// Renames the field. An object without a spec is none that it can convert.
struct Renaming([Schema; 2]);

impl Converter for Renaming {
    fn schema(&self, api_version: &str) -> Option<&Schema> {
        VERSIONS.iter().position(|version| *version == api_version).map(|at| &self.0[at])
    }

    fn convert(&self, mut object: Value, api_version: &str) -> Result<Value, String> {
        let to = VERSIONS.iter().position(|version| *version == api_version).ok_or("no such version")?;
        let spec = object["spec"].as_object_mut().ok_or("missing field `spec`")?;
        if let Some(size) = spec.remove(NAMES[1 - to]) {
            spec.insert(NAMES[to].to_owned(), size);
        }
        object["apiVersion"] = api_version.into();
        Ok(object)
    }
}

/// An object that is written in both versions.
struct Versioned {
    thing: Thing,
    version: usize,
}

impl Versioned {
    fn new() -> Self {
        Self { thing: Thing::of(manager(0)), version: 0 }
    }

    fn at(&mut self, version: usize) -> &mut Thing {
        if self.version != version {
            self.version = version;
            self.thing.manager = manager(version);
            let live = self.thing.live.take();
            self.thing.live = live.map(|live| converter().convert(live, VERSIONS[version]).unwrap());
        }
        &mut self.thing
    }

    fn apply(&mut self, version: usize, who: &str, spec: Value) {
        let object = object(version, spec);
        self.at(version).try_apply_object(who, &object, false).unwrap();
    }
}

fn converter() -> Renaming {
    Renaming([schema(0), schema(1)])
}

fn manager(version: usize) -> FieldManager {
    FieldManager::new(Arc::new(schema(version)), VERSIONS[version], Arc::new(converter()))
}

fn object(version: usize, spec: Value) -> Value {
    let mut object = json!({"apiVersion": VERSIONS[version], "kind": "Thing", "metadata": {"name": "a"}});
    object["spec"] = spec;
    object
}

#[test]
fn a_field_is_in_the_way_under_its_other_name() {
    let mut versioned = Versioned::new();
    versioned.apply(0, "alice", json!({"size": 1}));
    let mine = object(1, json!({"length": 2}));
    let refused = versioned.at(1).try_apply_object("bob", &mine, false).unwrap_err();
    assert_eq!(refused.to_string(), r#"Apply failed with 1 conflict: conflict with "alice": .spec.size"#);
    versioned.at(1).try_apply_object("bob", &mine, true).unwrap();
    assert_eq!(versioned.thing.managers(), ["bob Apply"]);
}

#[test]
fn an_update_takes_a_field_under_its_other_name() {
    let mut versioned = Versioned::new();
    versioned.apply(0, "alice", json!({"size": 1, "color": "red"}));
    versioned.at(1).update_object("controller", object(1, json!({"length": 2, "color": "red"})));
    assert_eq!(versioned.thing.owned("alice"), json!({"f:color": {}}));
    assert_eq!(versioned.thing.owned("controller"), json!({"f:length": {}}));
}

#[test]
fn who_applies_has_one_entry_whatever_the_version() {
    let mut versioned = Versioned::new();
    versioned.apply(0, "alice", json!({"size": 1, "color": "red"}));
    versioned.apply(1, "alice", json!({"color": "red"}));
    assert_eq!(*versioned.thing.spec(), json!({"color": "red"}));
    assert_eq!(versioned.thing.managers(), ["alice Apply"]);
    assert_eq!(versioned.thing.entries()[0]["apiVersion"], VERSIONS[1]);
}

#[test]
fn c4_9_22_what_is_owned_under_its_other_name_stays() {
    let mut versioned = Versioned::new();
    versioned.apply(0, "alice", json!({"size": 1, "map": {"a": "1"}}));
    versioned.apply(1, "bob", json!({"length": 1}));
    versioned.apply(0, "alice", json!({"map": {"b": "2"}}));
    assert_eq!(*versioned.thing.spec(), json!({"size": 1, "map": {"b": "2"}}));
    versioned.apply(1, "bob", json!({"color": "red"}));
    assert_eq!(*versioned.thing.spec(), json!({"color": "red", "map": {"b": "2"}}));
}

/// With all that the manager applied taken out there is no spec, and nothing to convert.
#[test]
fn c4_9_22_an_object_that_cannot_be_converted_without_it() {
    let mut versioned = Versioned::new();
    versioned.at(1).update_object("controller", object(1, json!({"length": 1})));
    versioned.apply(0, "alice", json!({"color": "red"}));
    let nothing = json!({"apiVersion": VERSIONS[0], "kind": "Thing", "metadata": {"name": "a"}});
    versioned.at(0).try_apply_object("alice", &nothing, false).unwrap();
    assert_eq!(*versioned.thing.spec(), json!({"size": 1}));
}

#[test]
fn managers_of_a_version_that_is_no_more_are_dropped() {
    let mut thing = Thing::of(manager(0));
    let mut sent = object(0, json!({"size": 1, "color": "red"}));
    sent["metadata"]["managedFields"] = json!([
        {"manager": "old", "operation": "Apply", "apiVersion": "example.com/v0", "fieldsType": "FieldsV1",
            "fieldsV1": {"f:spec": {"f:size": {}}}},
        {"manager": "alice", "operation": "Apply", "apiVersion": VERSIONS[0], "fieldsType": "FieldsV1",
            "fieldsV1": {"f:spec": {"f:color": {}}}},
    ]);
    thing.live = Some(sent);
    thing.try_apply_object("bob", &object(0, json!({"size": 2})), false).unwrap();
    assert_eq!(thing.managers(), ["alice Apply", "bob Apply"]);
}

#[test]
fn a_manager_of_a_version_that_is_no_more_starts_again() {
    let mut thing = Thing::of(manager(0));
    let mut live = object(0, json!({"size": 1, "color": "red"}));
    live["metadata"]["managedFields"] = json!([
        {"manager": "alice", "operation": "Apply", "apiVersion": "example.com/v0", "fieldsType": "FieldsV1",
            "fieldsV1": {"f:spec": {"f:size": {}, "f:color": {}}}},
    ]);
    thing.live = Some(live);
    thing.try_apply_object("alice", &object(0, json!({"color": "red"})), false).unwrap();
    assert_eq!(*thing.spec(), json!({"size": 1, "color": "red"}));
    assert_eq!(thing.owned("alice"), json!({"f:color": {}}));
}
