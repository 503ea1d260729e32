//! What the object's type ignores, and what is wrong with an object.

use std::collections::BTreeMap;
use std::fmt::Debug;

use k8s_openapi::api::core::v1::Pod;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::*;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Spec {
    replicas: i32,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    items: Vec<Item>,
    #[serde(default)]
    nested: Option<Box<Spec>>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Item {
    x: u8,
    #[serde(default)]
    y: (bool, f64),
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Strict {
    x: i64,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Flat {
    a: i32,
    #[serde(flatten)]
    inner: Item,
    #[serde(flatten)]
    rest: BTreeMap<String, Value>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(super) enum External {
    Unit,
    New(i32),
    Tuple(i32, String),
    Empty(),
    Struct { a: i32, b: Option<bool> },
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum Untagged {
    Number(i64),
    Item(Item),
    List(Vec<Untagged>),
    Text(String),
}

pub(super) fn pod() -> Value {
    json!({
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": "a", "labels": {"a": "b"}, "creationTimestamp": "2026-01-02T03:04:05Z",
            "ownerReferences": [{"apiVersion": "v1", "kind": "ReplicaSet", "name": "r", "uid": "u"}],
            "managedFields": [{"manager": "m", "fieldsV1": {"f:spec": {}}}],
        },
        "spec": {
            "containers": [{
                "name": "c", "image": "i", "env": [{"name": "A", "value": "1"}],
                "resources": {"limits": {"cpu": "500m", "memory": "1Gi"}},
                "ports": [{"containerPort": 80}],
                "livenessProbe": {"httpGet": {"port": "http", "path": "/"}, "periodSeconds": 5},
                "readinessProbe": {"httpGet": {"port": 8080}},
            }],
            "tolerations": [{"operator": "Exists"}],
        },
        "status": {"phase": "Running", "startTime": "2026-01-02T03:04:05Z"},
    })
}

fn unknown<T: DeserializeOwned>(value: &Value) -> Vec<String> {
    from_value::<T>(value).unwrap_or_else(|error| panic!("{error}")).1
}

fn error<T: DeserializeOwned + Debug>(value: &Value) -> String {
    from_value::<T>(value).unwrap_err().to_string()
}

#[test]
fn c4_4_2_unknown_fields_have_paths() {
    let value = json!({
        "replicas": 1, "foo": {"bar": 1}, "nested": {"replicas": 2, "null": null, "kind": "nested"},
        "items": [{"x": 1}, {"x": 2, "y": [true, 1], "z": 3}], "apiVersion": "v1", "kind": "Spec",
    });
    let mut paths = unknown::<Spec>(&value);
    paths.sort();
    assert_eq!(paths, ["foo", "items[1].z", "nested.kind", "nested.null"]);
}

#[test]
fn c4_4_2_unknown_fields_of_kubernetes_types() {
    let mut value = pod();
    assert!(unknown::<Pod>(&value).is_empty());
    value["spec"]["containers"][0]["imagee"] = json!("i");
    value["metadata"]["ownerReferences"][0]["x"] = json!(1);
    value["foo"] = json!({});
    let mut paths = unknown::<Pod>(&value);
    paths.sort();
    assert_eq!(paths, ["foo", "metadata.ownerReferences[0].x", "spec.containers[0].imagee"]);
}

#[test]
fn c4_4_2_unknown_fields_in_enums() {
    let value = json!([{"Struct": {"a": 1, "c": 2}}, {"New": 1}]);
    assert_eq!(unknown::<Vec<External>>(&value), ["[0].Struct.c"]);
    // Serde buffers these: what is unknown inside is not seen, what is around them is.
    assert!(unknown::<Untagged>(&json!({"x": 1, "z": 2})).is_empty());
    assert!(unknown::<Flat>(&json!({"a": 1, "x": 2, "z": 3})).is_empty());
}

#[test]
fn c4_4_2_at_most_a_hundred_unknown_fields() {
    let mut fields: serde_json::Map<String, Value> = (0..1000).map(|i| (format!("f{i}"), json!(i))).collect();
    fields.insert("x".to_owned(), json!(1));
    assert_eq!(unknown::<Item>(&Value::Object(fields)).len(), 100);
}

#[test]
fn c4_5_4_an_array_is_no_struct() {
    let item = json!({"a": [1]});
    assert_eq!(error::<BTreeMap<String, Strict>>(&item), "a: invalid type: sequence, expected struct Strict");
}

#[test]
fn c4_5_4_errors_have_paths() {
    assert_eq!(
        error::<BTreeMap<String, Spec>>(&json!({"spec": {"replicas": "x"}})),
        "spec.replicas: invalid type: string \"x\", expected i32"
    );
    assert_eq!(error::<Spec>(&json!({})), "missing field `replicas`");
    assert_eq!(
        error::<Spec>(&json!({"replicas": 1, "items": [{"x": 1}, {"x": 300}]})),
        "items[1].x: invalid value: integer `300`, expected u8"
    );
    assert_eq!(error::<Spec>(&json!({"replicas": 1, "nested": {}})), "nested: missing field `replicas`");
    assert_eq!(error::<External>(&json!({"Tuple": [1, 2]})), "Tuple[1]: invalid type: integer `2`, expected a string");
    assert_eq!(error::<Vec<Strict>>(&json!([{"y": 1}])), "[0]: unknown field `y`, expected `x`");
    assert_eq!(
        error::<Pod>(&json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"labels": {"a": 1}}})),
        "metadata.labels.a: invalid type: integer `1`, expected a string"
    );
}

#[test]
fn c4_5_4_errors_are_short() {
    let text = error::<Item>(&json!({"x": "y".repeat(1 << 20)}));
    assert!(text.starts_with("x: invalid type: string \"yyy") && text.ends_with("..."));
    assert!(text.len() < 2048);
}

mod custom_resource {
    use kube::CustomResource;
    use schemars::JsonSchema;

    use super::*;

    #[derive(CustomResource, Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
    #[kube(group = "wardle.example.com", version = "v1alpha1", kind = "Flunder", namespaced, status = "FlunderStatus")]
    #[serde(rename_all = "camelCase")]
    struct FlunderSpec {
        reference_type: Option<String>,
    }

    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
    struct FlunderStatus {
        ready: bool,
    }

    #[test]
    fn c4_4_2_custom_resources_decode() {
        let value = json!({
            "apiVersion": "wardle.example.com/v1alpha1", "kind": "Flunder", "metadata": {"name": "a"},
            "spec": {"referenceType": "Fischer", "foo": 1}, "status": {"ready": true, "bar": 2}, "baz": 3,
        });
        let (flunder, mut unknown) = from_value::<Flunder>(&value).unwrap();
        unknown.sort();
        assert_eq!(unknown, ["baz", "spec.foo", "status.bar"]);
        assert_eq!(flunder.metadata.name.as_deref(), Some("a"));
        assert_eq!(flunder.spec.reference_type.as_deref(), Some("Fischer"));
        let theirs: Flunder = serde_json::from_value(value).unwrap();
        assert_eq!(serde_json::to_value(flunder).unwrap(), serde_json::to_value(theirs).unwrap());
    }
}
