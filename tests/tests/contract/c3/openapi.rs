//! OpenAPI as clients look for it (contract 3.5).

use http::{Method, StatusCode};
use rest_resource_tests::Client;
use serde_json::{Value, json};

const ALPHA: &str = "/openapi/v3/apis/wardle.example.com/v1alpha1";

/// kubectl explain: from the index to the document, to the schema of a Kind, and along its references.
#[tokio::test]
async fn c3_5_2_explain_finds_the_fields_of_a_kind() {
    let client = Client::wardle();
    let index = client.get("/openapi/v3").await.expect(StatusCode::OK);
    let url = index["paths"]["apis/wardle.example.com/v1beta1"]["serverRelativeURL"].as_str().expect("a URL");
    let document = client.get(url).await.expect(StatusCode::OK);
    let schemas = document["components"]["schemas"].as_object().expect("schemas");
    let gvk = json!({"group": "wardle.example.com", "version": "v1beta1", "kind": "Flunder"});
    let is_flunder = |schema: &&Value| {
        schema["x-kubernetes-group-version-kind"].as_array().is_some_and(|kinds| kinds.contains(&gvk))
    };
    let flunder = schemas.values().find(is_flunder).expect("the schema of a flunder");
    for field in ["apiVersion", "kind", "metadata", "spec", "status"] {
        assert!(flunder["properties"][field].is_object(), "{field} of {flunder}");
    }
    let mut spec = &flunder["properties"]["spec"];
    if let Some(reference) = spec.pointer("/allOf/0/$ref").or_else(|| spec.get("$ref")).and_then(Value::as_str) {
        spec = document.pointer(reference.strip_prefix('#').expect("in this document")).expect("what is referred to");
    }
    let reference = &spec["properties"]["flunderReference"];
    assert_eq!(
        (&reference["type"], &reference["description"]),
        (&json!("string"), &json!("The name of another flunder; the reference type must be Flunder."))
    );
}

#[tokio::test]
async fn c3_5_2_every_reference_leads_somewhere() {
    fn references<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
        match value {
            Value::Object(fields) => {
                found.extend(fields.get("$ref").and_then(Value::as_str));
                fields.values().for_each(|value| references(value, found));
            }
            Value::Array(items) => items.iter().for_each(|value| references(value, found)),
            _ => {}
        }
    }
    let client = Client::wardle();
    for path in [ALPHA, "/openapi/v3/apis/wardle.example.com/v1beta1", "/openapi/v2"] {
        let document = client.get(path).await.expect(StatusCode::OK);
        let mut found = Vec::new();
        references(&document, &mut found);
        assert!(!found.is_empty(), "{path}");
        for reference in found {
            let target = reference.strip_prefix('#').and_then(|pointer| document.pointer(pointer));
            assert!(target.is_some(), "{reference} of {path}");
        }
    }
}

#[tokio::test]
async fn c3_5_1_both_formats_are_there() {
    let client = Client::wardle();
    assert_eq!(client.get("/openapi/v2").await.expect(StatusCode::OK)["swagger"], "2.0");
    let third = client.get(ALPHA).await.expect(StatusCode::OK);
    assert!(third["openapi"].as_str().is_some_and(|version| version.starts_with("3.0")), "{}", third["openapi"]);
}

#[tokio::test]
async fn c3_5_3_the_index_names_what_is_installed() {
    let index = Client::wardle().get("/openapi/v3").await.expect(StatusCode::OK);
    let keys: Vec<_> = index["paths"].as_object().into_iter().flat_map(|paths| paths.keys()).collect();
    assert_eq!(keys, ["apis/wardle.example.com/v1alpha1", "apis/wardle.example.com/v1beta1"]);
}

#[tokio::test]
async fn c3_5_4_an_unknown_document_is_404() {
    let client = Client::wardle();
    for path in ["/openapi/v3/apis/wardle.example.com/v7", "/openapi/v3/version7", "/openapi/v4", "/openapi"] {
        client.get(path).await.expect(StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn c3_5_5_a_wrong_hash_leads_to_the_right_one() {
    let client = Client::wardle();
    let moved = client.get(&format!("{ALPHA}?hash=0")).await;
    assert_eq!(moved.code, StatusCode::MOVED_PERMANENTLY);
    let answer = client.get(moved.header("location")).await;
    assert_eq!((answer.code, answer.header("cache-control")), (StatusCode::OK, "public, immutable"));
    let etag = answer.header("etag").to_owned();
    let again = client.send(Method::GET, ALPHA, &[("if-none-match", &etag)], "").await;
    assert_eq!(again.code, StatusCode::NOT_MODIFIED);
}
