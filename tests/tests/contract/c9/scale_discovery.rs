//! What clients find out about a scale before they ask for one (contract 1.5, 2.6.4, 9.2.3).

use http::StatusCode;
use rest_resource_tests::pools;
use serde_json::{Value, json};

#[tokio::test]
async fn c9_2_3_discovery_says_that_a_scale_is_one() {
    let client = pools::client();
    for version in ["v1", "v1beta1"] {
        let list = client.get(&format!("/apis/pool.example.com/{version}")).await.expect(StatusCode::OK);
        let resources = list["resources"].as_array().cloned().unwrap_or_default();
        let entry = resources.into_iter().find(|entry| entry["name"] == "pools/scale").unwrap_or_default();
        let expected = json!({
            "name": "pools/scale",
            "singularName": "",
            "namespaced": true,
            "group": "autoscaling",
            "version": "v1",
            "kind": "Scale",
            "verbs": ["get", "patch", "update"],
        });
        assert_eq!(entry, expected);
    }
}

#[tokio::test]
async fn c9_2_3_aggregated_discovery_says_that_a_scale_is_one() {
    let client = pools::client();
    let accept = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
    let list = client.get_as("/apis", accept).await.expect(StatusCode::OK);
    let group = &list["items"][0];
    assert_eq!(group["versions"].as_array().map(Vec::len), Some(2));
    for version in group["versions"].as_array().into_iter().flatten() {
        let expected = json!({
            "subresource": "scale",
            "responseKind": {"group": "autoscaling", "version": "v1", "kind": "Scale"},
            "verbs": ["get", "patch", "update"],
        });
        assert_eq!(version["resources"][0]["subresources"][0], expected);
    }
}

#[tokio::test]
async fn c2_6_4_operations_of_a_scale_are_named_after_what_is_scaled() {
    let client = pools::client();
    let document = client.get("/openapi/v3/apis/pool.example.com/v1").await.expect(StatusCode::OK);
    let scale = &document["paths"]["/apis/pool.example.com/v1/namespaces/{namespace}/pools/{name}/scale"];
    let ids = ["get", "put", "patch"].map(|method| scale[method]["operationId"].as_str());
    let expected = ["read", "replace", "patch"].map(|verb| format!("{verb}PoolExampleComV1NamespacedPoolScale"));
    assert_eq!(ids, expected.each_ref().map(|id| Some(id.as_str())));
}

#[tokio::test]
async fn c1_5_openapi_says_that_a_scale_is_one() {
    let client = pools::client();
    let document = client.get("/openapi/v3/apis/pool.example.com/v1").await.expect(StatusCode::OK);
    let scale = &document["paths"]["/apis/pool.example.com/v1/namespaces/{namespace}/pools/{name}/scale"];
    let kind = json!({"group": "autoscaling", "version": "v1", "kind": "Scale"});
    for method in ["get", "put", "patch"] {
        assert_eq!(scale[method]["x-kubernetes-group-version-kind"], kind, "{method}");
    }
    let schema = &document["components"]["schemas"]["io.k8s.api.autoscaling.v1.Scale"];
    assert_eq!(schema["x-kubernetes-group-version-kind"], json!([kind]));
    let body = &scale["put"]["requestBody"]["content"]["application/json"]["schema"];
    let text = body.to_string();
    assert!(text.contains("#/components/schemas/io.k8s.api.autoscaling.v1.Scale"), "{text}");
    assert_ne!(schema["properties"]["spec"], Value::Null);
}
