//! What may be applied, and what it is refused with.

use http::{Method, StatusCode};
use rest_resource_tests::client::{FISCHERS, FLUNDERS, flunder};
use rest_resource_tests::{Answer, Client};
use serde_json::{Value, json};

use super::{configuration, fischers, managers, path};

const TYPE: &[(&str, &str)] = &[("content-type", "application/apply-patch+yaml")];

async fn send(client: &Client, target: &str, body: &str) -> Answer {
    client.send(Method::PATCH, target, TYPE, body.to_owned()).await
}

fn by(manager: &str) -> String {
    format!("{}?fieldManager={manager}", path("a"))
}

#[tokio::test]
async fn c4_9_18_yaml_and_json_create_and_change() {
    let client = Client::wardle();
    let yaml = "apiVersion: wardle.example.com/v1beta1\nkind: Flunder\nmetadata:\n  name: a\nspec:\n  referenceType: Flunder\n  flunderReference: b\n";
    let created = send(&client, &by("alice"), yaml).await.expect(StatusCode::CREATED);
    assert_eq!(created["metadata"]["namespace"], "default");
    assert_eq!(created["spec"], json!({"referenceType": "Flunder", "flunderReference": "b"}));
    assert!(created["metadata"]["uid"].is_string() && created["metadata"]["generation"] == 1);
    assert_eq!(client.get(&path("a")).await.expect(StatusCode::OK), created);
    let changed = client.apply(&by("alice"), &configuration(fischers("f"))).await.expect(StatusCode::OK);
    assert_eq!(changed["spec"], fischers("f"));
    assert_eq!(changed["metadata"]["generation"], 2);
}

#[tokio::test]
async fn c4_9_18_a_cluster_scoped_object_is_applied() {
    let client = Client::wardle();
    let fischer = json!({"apiVersion": "wardle.example.com/v1alpha1", "kind": "Fischer", "metadata": {"name": "f"}, "disallowedFlunders": ["bad"]});
    let target = format!("{FISCHERS}/f?fieldManager=alice");
    let created = client.apply(&target, &fischer).await.expect(StatusCode::CREATED);
    assert_eq!(created["metadata"]["managedFields"][0]["fieldsV1"], json!({"f:disallowedFlunders": {}}));
    assert_eq!(client.apply(&target, &fischer).await.expect(StatusCode::OK), created);
}

#[tokio::test]
async fn c4_9_10_what_is_neither_json_nor_yaml_is_400() {
    let client = Client::wardle();
    for body in ["{", "a: [", "\"\u{0}", "--- {}\n--- {}\n"] {
        let refused = send(&client, &by("alice"), body).await.expect(StatusCode::BAD_REQUEST);
        let message = refused["message"].as_str().expect("a message");
        assert!(message.starts_with("error encoding patch: "), "{message}");
    }
}

#[tokio::test]
async fn c4_9_11_apply_says_who_applies() {
    let client = Client::wardle();
    let message = "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is required for apply patch";
    client.apply(&path("a"), &flunder("a")).await.expect_status(422, "Invalid", message);
}

#[tokio::test]
async fn c4_9_19_the_body_is_an_object_of_the_version_without_managed_fields() {
    let client = Client::wardle();
    client.flunder("a").await;
    let required = "apiVersion and kind are required in an apply patch";
    for body in
        ["", "{}", "[]", "a: b", "apiVersion: wardle.example.com/v1beta1", "kind: Flunder", "kind: 7\napiVersion: 7"]
    {
        send(&client, &by("alice"), body).await.expect_status(400, "BadRequest", required);
    }
    let mut other = flunder("a");
    other["apiVersion"] = "wardle.example.com/v1alpha1".into();
    let message = "Incorrect version specified in apply patch. Specified patch version: wardle.example.com/v1alpha1, expected: wardle.example.com/v1beta1";
    client.apply(&by("alice"), &other).await.expect_status(400, "BadRequest", message);
    let mut managed = flunder("a");
    managed["metadata"]["managedFields"] = json!([]);
    let message = "metadata.managedFields must be nil";
    client.apply(&by("alice"), &managed).await.expect_status(400, "BadRequest", message);
    let mut kind = flunder("a");
    kind["kind"] = "Fischer".into();
    let refused = client.apply(&by("alice"), &kind).await.expect(StatusCode::BAD_REQUEST);
    let message = refused["message"].as_str().expect("a message");
    assert!(message.contains("no kind \"Fischer\" is registered for version"), "{message}");
}

#[tokio::test]
async fn c4_9_12_an_apply_cannot_rename_or_move() {
    let client = Client::wardle();
    for there in [false, true] {
        if there {
            client.flunder("a").await;
        }
        let message = "the name of the object (b) does not match the name on the URL (a)";
        client.apply(&by("alice"), &flunder("b")).await.expect_status(400, "BadRequest", message);
        let mut elsewhere = flunder("a");
        elsewhere["metadata"]["namespace"] = "elsewhere".into();
        let message = "the namespace of the provided object does not match the namespace sent on the request";
        client.apply(&by("alice"), &elsewhere).await.expect_status(400, "BadRequest", message);
    }
    let mut nameless = flunder("a");
    nameless["metadata"] = json!({});
    client.apply(&by("alice"), &nameless).await.expect(StatusCode::OK);
    let target = format!("{}?fieldManager=alice", path("b"));
    let message = "the name of the object (b based on URL) was undeterminable: name must be provided";
    client.apply(&target, &nameless).await.expect_status(400, "BadRequest", message);
}

#[tokio::test]
async fn c4_9_12_an_apply_to_a_stale_resource_version_is_409() {
    let client = Client::wardle();
    let old = client.flunder("a").await;
    client.merge_patch(&path("a"), &json!({"metadata": {"labels": {"a": "b"}}})).await.expect(StatusCode::OK);
    let mut stale = flunder("a");
    stale["metadata"]["resourceVersion"] = old["metadata"]["resourceVersion"].clone();
    let refused = client.apply(&by("alice"), &stale).await;
    let message =
        format!("Operation cannot be fulfilled on flunders.wardle.example.com \"a\": {}", super::super::MODIFIED);
    refused.expect_status(409, "Conflict", &message);
}

#[tokio::test]
async fn c4_9_20_a_field_that_the_type_does_not_have_is_500_whatever_is_asked_for() {
    let client = Client::wardle();
    client.flunder("a").await;
    let message = "failed to create typed patch object (/a; wardle.example.com/v1beta1, Kind=Flunder): .spec.foo: field not declared in schema";
    for validation in ["Ignore", "Warn", "Strict"] {
        let target = format!("{}&fieldValidation={validation}", by("alice"));
        client.apply(&target, &configuration(json!({"foo": 1}))).await.expect_status_without_reason(500, message);
    }
}

#[tokio::test]
async fn c4_4_5_keys_that_are_there_twice_are_told() {
    let client = Client::wardle();
    let twice =
        r#"{"apiVersion":"wardle.example.com/v1beta1","kind":"Flunder","metadata":{"name":"a","name":"a"},"spec":{}}"#;
    let strict = format!("{}&fieldValidation=Strict", by("alice"));
    let message = "error strict decoding patch: duplicate field \"metadata.name\"";
    send(&client, &strict, twice).await.expect_status(400, "BadRequest", message);
    let warned = send(&client, &by("alice"), twice).await;
    assert_eq!(warned.header("warning"), "299 - \"duplicate field \\\"metadata.name\\\"\"");
    warned.expect(StatusCode::CREATED);
    let ignored = send(&client, &format!("{}&fieldValidation=Ignore", by("alice")), twice).await;
    assert_eq!((ignored.code, ignored.header("warning")), (StatusCode::OK, ""));
}

#[tokio::test]
async fn c4_9_26_an_object_with_this_uid_must_be_there() {
    let client = Client::wardle();
    let mut other = flunder("a");
    other["metadata"]["uid"] = "7".into();
    let message = "Operation cannot be fulfilled on flunders.wardle.example.com \"a\": uid mismatch: the provided object specified uid 7, and no existing object was found";
    client.apply(&by("alice"), &other).await.expect_status(409, "Conflict", message);
    assert_eq!(client.get(&path("a")).await.code, StatusCode::NOT_FOUND);
    let created = client.flunder("a").await;
    client.apply(&by("alice"), &other).await.expect(StatusCode::UNPROCESSABLE_ENTITY);
    other["metadata"]["uid"] = created["metadata"]["uid"].clone();
    client.apply(&by("alice"), &other).await.expect(StatusCode::OK);
}

#[tokio::test]
async fn c4_4_8_a_dry_run_of_an_apply_stores_nothing() {
    let client = Client::wardle();
    let target = format!("{}&dryRun=All", by("alice"));
    let would = client.apply(&target, &configuration(fischers("f"))).await.expect(StatusCode::CREATED);
    assert_eq!(managers(&would), ["alice Apply v1beta1"]);
    assert_eq!(client.get(&path("a")).await.code, StatusCode::NOT_FOUND);
    let there = client.flunder("a").await;
    let would = client.apply(&target, &configuration(fischers("f"))).await.expect(StatusCode::OK);
    assert_eq!(would["spec"], fischers("f"));
    assert_eq!(client.get(&path("a")).await.expect(StatusCode::OK), there);
}

/// What is applied goes through the same steps as what is put.
#[tokio::test]
async fn c4_9_22_what_is_applied_is_validated_and_admitted() {
    let client = Client::wardle();
    let invalid = configuration(json!({"flunderReference": "x"}));
    let refused = client.apply(&by("alice"), &invalid).await.expect(StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refused["details"]["causes"][0]["field"], "spec.flunderReference");
    let fischer = json!({"apiVersion": "wardle.example.com/v1alpha1", "kind": "Fischer", "metadata": {"name": "f"}, "disallowedFlunders": ["a"]});
    client.post(FISCHERS, &fischer).await.expect(StatusCode::CREATED);
    client.apply(&by("alice"), &flunder("a")).await.expect(StatusCode::FORBIDDEN);
    let list: Value = client.get(FLUNDERS).await.expect(StatusCode::OK);
    assert_eq!(list["items"], json!([]));
}
