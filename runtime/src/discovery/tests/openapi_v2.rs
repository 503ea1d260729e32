use serde_json::json;

use super::fixture::{core, get, server};

const FLUNDER: &str = "/apis/wardle.example.com/v1alpha1/namespaces/{namespace}/flunders/{name}";

#[tokio::test]
async fn c3_5_1_one_document_in_the_older_format() {
    let answer = get(&server(), "/openapi/v2", &[]).await;
    assert_eq!((answer.header("content-type"), answer.header("vary")), ("application/json", "Accept"));
    assert_eq!(answer.header("etag").len(), 130);
    let document = answer.json();
    assert_eq!(document["swagger"], "2.0");
    let put = &document["paths"][FLUNDER]["put"];
    let flunder = json!({ "$ref": "#/definitions/com.example.wardle.v1alpha1.Flunder" });
    let body = json!({ "name": "body", "in": "body", "required": true, "schema": flunder });
    assert_eq!(*put["parameters"].as_array().unwrap().last().unwrap(), body);
    assert_eq!(put["parameters"][0]["type"], "string");
    assert_eq!(put["consumes"], json!(["application/json", "application/yaml"]));
    assert_eq!(put["produces"], json!(["application/json", "application/yaml"]));
    assert_eq!(put["responses"]["201"], json!({ "description": "Created", "schema": flunder }));
    let definitions = &document["definitions"];
    let metadata = &definitions["com.example.wardle.v1alpha1.Flunder"]["properties"]["metadata"];
    assert_eq!(metadata["$ref"], "#/definitions/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta");
    assert!(definitions["com.example.wardle.v1beta1.Flunder"].is_object());
    let options = &definitions["io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions"]["x-kubernetes-group-version-kind"];
    assert_eq!(options.as_array().unwrap().len(), 4);
    let port = &definitions["io.k8s.apimachinery.pkg.util.intstr.IntOrString"];
    assert_eq!((&port["type"], &port["format"]), (&json!("string"), &json!("int-or-string")));
    for keyword in ["\"nullable\"", "\"oneOf\"", "\"anyOf\"", "#/components"] {
        assert!(!answer.body.contains(keyword), "{keyword}");
    }
}

/// Generators take a body without a type for one that they know nothing of.
#[tokio::test]
async fn c3_5_1_the_body_of_a_patch_has_the_name_that_kubernetes_gives_it() {
    let document = get(&server(), "/openapi/v2", &[]).await.json();
    let name = "io.k8s.apimachinery.pkg.apis.meta.v1.Patch";
    let patch = document["paths"][FLUNDER]["patch"]["parameters"].as_array().unwrap().last().unwrap();
    assert_eq!((&patch["in"], &patch["required"]), (&json!("body"), &json!(true)));
    assert_eq!(patch["schema"], json!({ "$ref": format!("#/definitions/{name}") }));
    assert_eq!(document["definitions"][name]["type"], "object");
    for name in [name, "io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1"] {
        assert_eq!(document["definitions"][name]["additionalProperties"], true, "{name}");
    }
}

#[tokio::test]
async fn c3_5_1_protobuf_is_not_acceptable() {
    let accept = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf";
    let answer = get(&core(), "/openapi/v2", &[("accept", accept)]).await;
    assert_eq!((answer.code.as_u16(), &*answer.body), (406, ""));
}
