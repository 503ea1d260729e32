//! The schemas of types as Rust writes them.

use std::collections::BTreeMap;
use std::sync::Arc;

use k8s_openapi::api::core::v1::Pod;
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, schema_for};
use serde_json::{Value, json};

use super::fixture::Thing;
use crate::apply::{FieldManager, Schema, SingleVersion};

#[derive(JsonSchema)]
#[expect(dead_code, reason = "only the schema counts")]
struct Kite {
    spec: KiteSpec,
}

#[derive(JsonSchema)]
#[expect(dead_code, reason = "only the schema counts")]
struct KiteSpec {
    tail: Option<Box<Tail>>,
    shape: Shape,
    wind: Option<Wind>,
    #[serde(flatten)]
    more: Flat,
    names: Vec<String>,
    by_name: BTreeMap<String, Tail>,
    #[schemars(extend("x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["length"]))]
    tails: Vec<Tail>,
    anything: Value,
}

#[derive(JsonSchema)]
#[expect(dead_code, reason = "only the schema counts")]
struct Tail {
    length: u32,
    next: Option<Box<Tail>>,
}

#[derive(JsonSchema)]
#[expect(dead_code, reason = "only the schema counts")]
enum Shape {
    Flat,
    Box { cells: u8 },
    Named(String),
}

/// Which way it blows.
#[derive(JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "only the schema counts")]
enum Wind {
    Force(u8),
    Name(String),
    Both { force: u8, name: String },
}

#[derive(JsonSchema)]
#[expect(dead_code, reason = "only the schema counts")]
struct Flat {
    color: Option<String>,
}

fn thing(schema: &Value, api_version: &str) -> Thing {
    let schema = Schema::from_json_schema(schema).unwrap();
    Thing::of(FieldManager::new(Arc::new(schema), api_version, Arc::new(SingleVersion)))
}

#[test]
fn types_of_every_form_in_every_draft() {
    let drafts = [SchemaSettings::draft2020_12(), SchemaSettings::draft07(), SchemaSettings::openapi3()];
    for settings in drafts {
        let schema = settings.into_generator().into_root_schema_for::<Kite>().to_value();
        let mut kite = thing(&schema, "example.com/v1");
        kite.apply("alice", json!({
            "tail": {"length": 1, "next": {"length": 2, "next": null}}, "shape": {"Box": {"cells": 2}}, "wind": "north",
            "color": "red", "names": ["a"], "by_name": {"a": {"length": 1}},
            "tails": [{"length": 3}], "anything": {"at": ["all"]},
        }));
        let owned = json!({
            "f:tail": {"f:length": {}, "f:next": {"f:length": {}, "f:next": {}}}, "f:shape": {"f:Box": {"f:cells": {}}},
            "f:wind": {}, "f:color": {}, "f:names": {}, "f:by_name": {"f:a": {".": {}, "f:length": {}}},
            "f:tails": {"k:{\"length\":3}": {".": {}, "f:length": {}}}, "f:anything": {"f:at": {}},
        });
        assert_eq!(kite.owned("alice"), owned, "{schema:#}");
        kite.force("bob", json!({"shape": "Flat", "wind": {"force": 3}}));
        assert_eq!(kite.owned("bob"), json!({"f:shape": {}, "f:wind": {"f:force": {}}}));
        let refused = kite.try_apply("bob", json!({"tail": {"size": 1}}), false).unwrap_err().to_string();
        assert!(refused.ends_with(".spec.tail.size: field not declared in schema"), "{refused}");
    }
}

#[test]
fn an_object_of_kubernetes() {
    let mut pod = thing(&schema_for!(Pod).to_value(), "v1");
    let applied = json!({
        "apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a", "labels": {"a": "1"}},
        "spec": {"containers": [{"name": "a", "image": "i", "resources": {"limits": {"cpu": 1}}}],
            "nodeSelector": {"b": "2"}, "terminationGracePeriodSeconds": 1},
    });
    pod.try_apply_object("alice", &applied, false).unwrap();
    // The schema says nothing of merging by name.
    let spec = json!({"f:containers": {}, "f:nodeSelector": {"f:b": {}}, "f:terminationGracePeriodSeconds": {}});
    assert_eq!(pod.owned("alice"), spec);
}
