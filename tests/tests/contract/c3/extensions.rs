//! What schemas say beyond OpenAPI, for clients that merge, validate and print (contract 3.5.7).

use std::collections::BTreeMap;

use http::StatusCode;
use k8s_openapi::apimachinery::pkg::runtime::RawExtension;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use kube::CustomResource;
use rest_resource::{RestResource, Store, StoreOptions};
use rest_resource_tests::Client;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::probe::serve;

/// An object with fields of every kind.
#[derive(CustomResource, Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[kube(group = "test.example.com", version = "v1", kind = "Extended")]
#[schemars(extend("x-kubernetes-selectable-fields" = [{"fieldPath": "size"}]))]
struct ExtendedSpec {
    #[schemars(extend("x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["name"]))]
    ports: Vec<Port>,
    #[schemars(extend("x-kubernetes-patch-strategy" = "merge", "x-kubernetes-patch-merge-key" = "name"))]
    merged: Vec<Port>,
    #[schemars(extend("x-kubernetes-list-type" = "set"))]
    tags: Vec<String>,
    #[schemars(extend("x-kubernetes-list-type" = "atomic"))]
    steps: Vec<String>,
    #[schemars(extend("x-kubernetes-map-type" = "granular"))]
    limits: BTreeMap<String, String>,
    /// Its extension must stand beside the reference that the type becomes.
    #[schemars(extend("x-kubernetes-map-type" = "atomic"))]
    first: Port,
    target: IntOrString,
    #[schemars(extend("x-kubernetes-embedded-resource" = true))]
    template: RawExtension,
    anything: Value,
    #[schemars(extend("x-kubernetes-validations" = [{"rule": "self > 0"}]))]
    size: u32,
}

#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
struct Port {
    name: String,
}

#[derive(RestResource)]
#[rest(group = "test.example.com", version = "v1", resource = "extendeds", object = Extended, cluster)]
struct Extendeds {
    #[rest(embed)]
    store: Store<Extended>,
}

/// An extension of a field of the spec, beside its reference or behind it.
fn said<'a>(document: &'a Value, spec: &'a Value, field: &str, extension: &str) -> &'a Value {
    let key = format!("x-kubernetes-{extension}");
    let schema = &spec["properties"][field];
    assert!(schema.is_object(), "{field} of {spec}");
    match schema.get(&key) {
        Some(value) => value,
        None => &referred(document, schema)[key],
    }
}

/// The schema that one refers to, or itself.
fn referred<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    let reference = schema.pointer("/allOf/0/$ref").or_else(|| schema.get("$ref")).and_then(Value::as_str);
    let target = reference.and_then(|reference| document.pointer(reference.strip_prefix('#')?));
    target.unwrap_or(schema)
}

#[tokio::test]
async fn c3_5_7_what_a_type_says_of_its_fields_is_published() {
    let client = serve(Extendeds { store: Store::new(&StoreOptions::memory()) });
    for (path, schemas) in
        [("/openapi/v3/apis/test.example.com/v1", "/components/schemas"), ("/openapi/v2", "/definitions")]
    {
        let document = client.get(path).await.expect(StatusCode::OK);
        let schemas = document.pointer(schemas).and_then(Value::as_object).expect("schemas");
        let gvk = json!([{"group": "test.example.com", "version": "v1", "kind": "Extended"}]);
        let object = schemas.values().find(|schema| schema["x-kubernetes-group-version-kind"] == gvk);
        let spec = referred(&document, &object.expect("the Kind")["properties"]["spec"]);
        for (field, extension, value) in [
            ("ports", "list-type", json!("map")),
            ("ports", "list-map-keys", json!(["name"])),
            ("merged", "patch-strategy", json!("merge")),
            ("merged", "patch-merge-key", json!("name")),
            ("tags", "list-type", json!("set")),
            ("steps", "list-type", json!("atomic")),
            ("limits", "map-type", json!("granular")),
            ("first", "map-type", json!("atomic")),
            ("target", "int-or-string", json!(true)),
            ("template", "embedded-resource", json!(true)),
            ("anything", "preserve-unknown-fields", json!(true)),
            ("size", "validations", json!([{"rule": "self > 0"}])),
        ] {
            assert_eq!(*said(&document, spec, field, extension), value, "{path}: {extension} of {field}: {spec}");
        }
        assert_eq!(spec["x-kubernetes-selectable-fields"], json!([{"fieldPath": "size"}]), "{path}: {spec}");
    }
}

#[tokio::test]
async fn c3_5_7_kubectl_finds_that_a_kind_can_be_patched_without_effect() {
    let client = Client::wardle();
    for (document, paths) in [("/openapi/v3/apis/wardle.example.com/v1beta1", 2), ("/openapi/v2", 5)] {
        let document = client.get(document).await.expect(StatusCode::OK);
        let operations = document["paths"].as_object().expect("paths").values().map(|path| &path["patch"]);
        let mut found = 0;
        for patch in operations.filter(|patch| patch.is_object()) {
            assert!(patch["x-kubernetes-group-version-kind"]["kind"].is_string(), "{patch}");
            let mut parameters = patch["parameters"].as_array().expect("parameters").iter();
            assert!(parameters.any(|parameter| parameter["name"] == "dryRun" && parameter["in"] == "query"), "{patch}");
            found += 1;
        }
        assert_eq!(found, paths);
    }
}
