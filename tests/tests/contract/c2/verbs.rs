//! What discovery says of a resource (contract 2.7), and OpenAPI of an operation (contract 2.4, 2.6).

use http::StatusCode;
use rest_resource_tests::Client;
use serde_json::{Value, json};

use crate::probe::with_core;

const STANDARD: [&str; 8] = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

async fn alpha() -> Value {
    Client::wardle().get("/apis/wardle.example.com/v1alpha1").await.expect(StatusCode::OK)
}

#[tokio::test]
async fn c2_7_1_an_entry_has_these_fields_and_no_others() {
    let mut list = alpha().await;
    let hash = list["resources"][1]["storageVersionHash"].take();
    assert!(hash.is_string(), "{hash}");
    assert_eq!(
        list["resources"][1],
        json!({
            "name": "flunders", "singularName": "flunder", "namespaced": true, "kind": "Flunder", "verbs": STANDARD,
            "shortNames": ["fl"], "categories": ["all"], "storageVersionHash": null,
        })
    );
    assert_eq!(
        list["resources"][2],
        json!({
            "name": "flunders/status", "singularName": "", "namespaced": true, "kind": "Flunder",
            "verbs": ["get", "patch", "update"],
        })
    );
}

#[tokio::test]
async fn c2_7_2_verbs_are_sorted_and_each_stands_once() {
    let list = alpha().await;
    for entry in list["resources"].as_array().expect("resources") {
        let verbs: Vec<&str> = entry["verbs"].as_array().expect("verbs").iter().filter_map(Value::as_str).collect();
        let mut sorted = verbs.clone();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(verbs, sorted);
    }
    assert_eq!(list["resources"][0]["verbs"], json!(STANDARD));
}

#[tokio::test]
async fn c2_7_3_resources_are_sorted_and_subresources_follow() {
    let client = with_core();
    let list = client.get("/apis/wardle.example.com/v1alpha1").await.expect(StatusCode::OK);
    let names: Vec<&Value> = list["resources"].as_array().into_iter().flatten().map(|entry| &entry["name"]).collect();
    assert_eq!(names, ["fischers", "flunders", "flunders/status"]);
}

#[tokio::test]
async fn c2_4_5_kubectl_finds_the_parameters_that_it_looks_for() {
    let document = Client::wardle().get("/openapi/v3/apis/wardle.example.com/v1beta1").await.expect(StatusCode::OK);
    let path = "/apis/wardle.example.com/v1beta1/namespaces/{namespace}/flunders/{name}";
    let operation = &document["paths"][path]["patch"];
    let names: Vec<&Value> =
        operation["parameters"].as_array().into_iter().flatten().map(|entry| &entry["name"]).collect();
    for name in ["dryRun", "fieldManager", "fieldValidation", "force", "pretty"] {
        assert!(names.iter().any(|found| *found == name), "{name} in {names:?}");
    }
    assert_eq!(
        operation["x-kubernetes-group-version-kind"],
        json!({"group": "wardle.example.com", "version": "v1beta1", "kind": "Flunder"})
    );
}

/// The document, the route table and the derive agree.
#[tokio::test]
async fn c2_6_every_route_is_an_operation_of_its_id() {
    let client = Client::wardle();
    let mut operations = 0;
    for (method, path, id) in client.server.routes().iter() {
        let version = path.split('/').nth(3).expect("a version");
        let document = client.get(&format!("/openapi/v3/apis/wardle.example.com/{version}")).await.json;
        let operation = &document["paths"][path][method.as_str().to_lowercase()];
        assert_eq!(operation["operationId"], id, "{method} {path}");
        operations += 1;
    }
    assert_eq!(operations, 14 + 14 + 9);
}
