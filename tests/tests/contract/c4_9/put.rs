//! PUT (contract 4.9.1-4.9.9).

use http::{Method, StatusCode};
use rest_resource_tests::client::{FISCHERS, FLUNDERS, flunder};
use rest_resource_tests::{Answer, Client};
use serde_json::{Value, json};

use super::{Lenient, MODIFIED, client, labels, path, resource_version};

/// PUT with everything in the hands of the test.
async fn put_as(client: &Client, target: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    client.send(Method::PUT, target, headers, body.to_owned()).await
}

#[tokio::test]
async fn c4_9_1_put_answers_200_with_what_is_stored() {
    let client = Client::wardle();
    let mut object = client.flunder("a").await;
    labels(&mut object, "x");
    let before = resource_version(&object).to_owned();
    let stored = client.put(&path("a"), &object).await.expect(StatusCode::OK);
    assert_eq!(stored["metadata"]["labels"]["app"], "x");
    assert_eq!((&stored["kind"], &stored["apiVersion"]), (&json!("Flunder"), &json!("wardle.example.com/v1beta1")));
    assert_ne!(resource_version(&stored), before);
    assert_eq!(client.get(&path("a")).await.expect(StatusCode::OK), stored);
}

#[tokio::test]
async fn c4_9_1_put_that_creates_answers_201() {
    let client = client(Lenient);
    let created = client.put(&path("a"), &flunder("a")).await.expect(StatusCode::CREATED);
    assert_eq!(client.get(&path("a")).await.expect(StatusCode::OK), created);
    let mut changed = created;
    labels(&mut changed, "x");
    client.put(&path("a"), &changed).await.expect(StatusCode::OK);
}

/// Each request has the mistake that is expected, and every later one.
#[tokio::test]
async fn c4_9_1_the_first_mistake_is_told() {
    let client = Client::wardle();
    client.flunder("a").await;
    let target = path("a");
    let bad_options = format!("{target}?dryRun=x");
    let (no_accept, no_type) = (("accept", "image/png"), ("content-type", "image/png"));

    let refused = put_as(&client, &bad_options, &[no_accept, no_type], "{").await;
    assert_eq!(refused.code, StatusCode::NOT_ACCEPTABLE, "{}", refused.text);
    let large = "x".repeat(3 * 1024 * 1024 + 1);
    let refused = put_as(&client, &bad_options, &[no_type], &large).await;
    refused.expect_status(413, "RequestEntityTooLarge", "Request entity too large: limit is 3145728");
    let refused = put_as(&client, &bad_options, &[no_type], "{").await;
    let message =
        "UpdateOptions.meta.k8s.io \"\" is invalid: dryRun: Unsupported value: [\"x\"]: supported values: \"All\"";
    refused.expect_status(422, "Invalid", message);
    let refused = put_as(&client, &target, &[no_type], "{").await;
    assert_eq!(refused.code, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{}", refused.text);

    let of_type = |api_version: &str, metadata: Value, spec: Value| json!({"apiVersion": api_version, "kind": "Flunder", "metadata": metadata, "spec": spec});
    let elsewhere = json!({"name": "b", "namespace": "elsewhere"});
    let undecodable = of_type("wardle.example.com/v1beta1", elsewhere.clone(), json!({"referenceType": 7}));
    let refused = client.put(&target, &undecodable).await.expect(StatusCode::BAD_REQUEST);
    let message = refused["message"].as_str().expect("a message");
    assert!(message.starts_with("Flunder in version \"v1beta1\" cannot be handled as a Flunder: "), "{message}");
    let refused = client.put(&target, &of_type("wardle.example.com/v1alpha1", elsewhere.clone(), json!({}))).await;
    let message = "the API version in the data (wardle.example.com/v1alpha1) does not match the expected API version (wardle.example.com/v1beta1)";
    refused.expect_status(400, "BadRequest", message);
    let refused = client.put(&target, &of_type("wardle.example.com/v1beta1", elsewhere, json!({}))).await;
    let message = "the namespace of the provided object does not match the namespace sent on the request";
    refused.expect_status(400, "BadRequest", message);
    let refused = client.put(&target, &flunder("b")).await;
    let message = "the name of the object (b) does not match the name on the URL (a)";
    refused.expect_status(400, "BadRequest", message);
}

#[tokio::test]
async fn c4_9_2_the_name_is_that_of_the_path() {
    let client = Client::wardle();
    client.flunder("a").await;
    let message = "the name of the object (b) does not match the name on the URL (a)";
    client.put(&path("a"), &flunder("b")).await.expect_status(400, "BadRequest", message);
    let message = "the name of the object (a based on URL) was undeterminable: name must be provided";
    for metadata in [json!({}), json!({"name": ""})] {
        let nameless = json!({"metadata": metadata, "spec": {}});
        client.put(&path("a"), &nameless).await.expect_status(400, "BadRequest", message);
    }
}

#[tokio::test]
async fn c4_9_2_the_namespace_is_that_of_the_path() {
    let client = Client::wardle();
    let mut object = client.flunder("a").await;
    labels(&mut object, "x");
    object["metadata"]["namespace"] = json!("elsewhere");
    let message = "the namespace of the provided object does not match the namespace sent on the request";
    client.put(&path("a"), &object).await.expect_status(400, "BadRequest", message);
    object["metadata"].as_object_mut().expect("metadata").remove("namespace");
    let stored = client.put(&path("a"), &object).await.expect(StatusCode::OK);
    assert_eq!(stored["metadata"]["namespace"], "default");
}

#[tokio::test]
async fn c4_9_2_a_cluster_scoped_object_has_no_namespace() {
    let client = Client::wardle();
    let fischer = json!({"apiVersion": "wardle.example.com/v1alpha1", "kind": "Fischer", "metadata": {"name": "f"}});
    let mut object = client.post(FISCHERS, &fischer).await.expect(StatusCode::CREATED);
    object["metadata"]["namespace"] = json!("elsewhere");
    object["disallowedFlunders"] = json!(["x"]);
    let stored = client.put(&format!("{FISCHERS}/f"), &object).await.expect(StatusCode::OK);
    assert_eq!((&stored["metadata"]["namespace"], &stored["disallowedFlunders"]), (&Value::Null, &json!(["x"])));
}

#[tokio::test]
async fn c4_9_3_put_of_a_missing_object_is_404() {
    let client = Client::wardle();
    let status = client.put(&path("a"), &flunder("a")).await.expect_status(
        404,
        "NotFound",
        "flunders.wardle.example.com \"a\" not found",
    );
    assert_eq!(status["details"], json!({"name": "a", "group": "wardle.example.com", "kind": "flunders"}));
    assert_eq!(client.get(&path("a")).await.code, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn c4_9_3_a_creating_put_sets_the_system_metadata() {
    let client = client(Lenient);
    let mut object = flunder("a");
    object["metadata"]["creationTimestamp"] = json!("2001-01-01T00:00:00Z");
    object["metadata"]["deletionTimestamp"] = json!("2001-01-01T00:00:00Z");
    object["metadata"]["deletionGracePeriodSeconds"] = json!(7);
    object["metadata"]["generation"] = json!(7);
    object["metadata"]["selfLink"] = json!("/self");
    let created = client.put(&path("a"), &object).await.expect(StatusCode::CREATED);
    let meta = &created["metadata"];
    assert_ne!(meta["creationTimestamp"], "2001-01-01T00:00:00Z");
    assert!(meta["creationTimestamp"].is_string() && meta["uid"].is_string(), "{meta}");
    assert_eq!(meta["generation"], 1);
    for wiped in ["deletionTimestamp", "deletionGracePeriodSeconds", "selfLink"] {
        assert_eq!(meta[wiped], Value::Null, "{wiped}");
    }
}

#[tokio::test]
async fn c4_9_4_a_stale_resource_version_is_409() {
    let client = Client::wardle();
    let old = client.flunder("a").await;
    let mut object = old.clone();
    labels(&mut object, "first");
    let first = client.put(&path("a"), &object).await.expect(StatusCode::OK);
    let mut object = old;
    labels(&mut object, "second");
    let message = format!("Operation cannot be fulfilled on flunders.wardle.example.com \"a\": {MODIFIED}");
    let status = client.put(&path("a"), &object).await.expect_status(409, "Conflict", &message);
    assert_eq!(status["details"], json!({"name": "a", "group": "wardle.example.com", "kind": "flunders"}));
    assert_eq!(client.get(&path("a")).await.expect(StatusCode::OK), first);
}

#[tokio::test]
async fn c4_9_5_a_put_without_a_resource_version_is_422() {
    let client = Client::wardle();
    client.flunder("a").await;
    let message = "flunders.wardle.example.com \"a\" is invalid: metadata.resourceVersion: Invalid value: 0: must be specified for an update";
    let status = client.put(&path("a"), &flunder("a")).await.expect_status(422, "Invalid", message);
    let cause = json!({"reason": "FieldValueInvalid", "message": "Invalid value: 0: must be specified for an update", "field": "metadata.resourceVersion"});
    assert_eq!(
        status["details"],
        json!({"name": "a", "group": "wardle.example.com", "kind": "flunders", "causes": [cause]})
    );
}

#[tokio::test]
async fn c4_9_5_an_unconditional_put_replaces_where_the_type_allows_it() {
    let client = client(Lenient);
    let created = client.put(&path("a"), &flunder("a")).await.expect(StatusCode::CREATED);
    let mut object = flunder("a");
    labels(&mut object, "x");
    let stored = client.put(&path("a"), &object).await.expect(StatusCode::OK);
    assert_eq!(stored["metadata"]["labels"]["app"], "x");
    assert_eq!(stored["metadata"]["uid"], created["metadata"]["uid"]);
    // A resource version that is sent counts nevertheless.
    object["metadata"]["resourceVersion"] = created["metadata"]["resourceVersion"].clone();
    let message = format!("Operation cannot be fulfilled on flunders.wardle.example.com \"a\": {MODIFIED}");
    client.put(&path("a"), &object).await.expect_status(409, "Conflict", &message);
}

#[tokio::test]
async fn c4_9_6_another_uid_is_409() {
    let client = Client::wardle();
    let mut object = client.flunder("a").await;
    let uid = object["metadata"]["uid"].as_str().expect("a uid").to_owned();
    labels(&mut object, "x");
    object["metadata"]["uid"] = json!("another");
    let message = format!(
        "Operation cannot be fulfilled on flunders.wardle.example.com \"a\": Precondition failed: UID in precondition: another, UID in object meta: {uid}"
    );
    client.put(&path("a"), &object).await.expect_status(409, "Conflict", &message);
}

#[tokio::test]
async fn c4_9_7_a_put_that_changes_nothing_writes_nothing() {
    let client = Client::wardle();
    let mut object = client.flunder("a").await;
    let before = resource_version(&object).to_owned();
    let mut watch = client.watch(&format!("{FLUNDERS}?watch=true&resourceVersion={before}")).await;
    let same = client.put(&path("a"), &object).await.expect(StatusCode::OK);
    assert_eq!(same, object);
    labels(&mut object, "x");
    let changed = client.put(&path("a"), &object).await.expect(StatusCode::OK);
    let event = watch.next().await.expect("an event");
    assert_eq!((&event["type"], &event["object"]), (&json!("MODIFIED"), &changed));
}

#[tokio::test]
async fn c4_9_8_the_last_finalizer_lets_a_deleted_object_go() {
    let client = Client::wardle();
    let mut object = flunder("a");
    object["metadata"]["finalizers"] = json!(["example.com/a", "example.com/b"]);
    client.post(FLUNDERS, &object).await.expect(StatusCode::CREATED);
    let mut object = client.delete(&path("a")).await.expect(StatusCode::OK);
    assert!(object["metadata"]["deletionTimestamp"].is_string(), "{object}");

    object["metadata"]["finalizers"] = json!(["example.com/b"]);
    let mut object = client.put(&path("a"), &object).await.expect(StatusCode::OK);
    let mut watch = client.watch(&format!("{FLUNDERS}?watch=true&resourceVersion={}", resource_version(&object))).await;

    object["metadata"]["finalizers"] = json!([]);
    labels(&mut object, "last");
    let last = client.put(&path("a"), &object).await.expect(StatusCode::OK);
    assert_eq!(last["metadata"]["labels"]["app"], "last");
    assert_eq!(client.get(&path("a")).await.code, StatusCode::NOT_FOUND);
    assert_eq!(watch.next_name().await, ("DELETED".to_owned(), "a".to_owned()));
}

#[tokio::test]
async fn c4_9_9_what_the_server_owns_is_not_the_clients() {
    let client = Client::wardle();
    let created = client.flunder("a").await;
    let mut object = created.clone();
    object["metadata"]["creationTimestamp"] = json!("2001-01-01T00:00:00Z");
    object["metadata"]["generation"] = json!(99);
    object["metadata"]["selfLink"] = json!("/self");
    object["metadata"].as_object_mut().expect("metadata").remove("uid");
    labels(&mut object, "x");
    let stored = client.put(&path("a"), &object).await.expect(StatusCode::OK);
    for kept in ["creationTimestamp", "generation", "uid"] {
        assert_eq!(stored["metadata"][kept], created["metadata"][kept], "{kept}");
    }
    assert_eq!(stored["metadata"]["selfLink"], Value::Null);
}

#[tokio::test]
async fn c4_9_9_a_deletion_cannot_be_taken_back() {
    let client = Client::wardle();
    let mut object = flunder("a");
    object["metadata"]["finalizers"] = json!(["example.com/a"]);
    client.post(FLUNDERS, &object).await.expect(StatusCode::CREATED);
    let deleted = client.delete(&path("a")).await.expect(StatusCode::OK);
    let mut object = deleted.clone();
    let meta = object["metadata"].as_object_mut().expect("metadata");
    meta.remove("deletionTimestamp");
    meta.remove("deletionGracePeriodSeconds");
    labels(&mut object, "x");
    let stored = client.put(&path("a"), &object).await.expect(StatusCode::OK);
    for kept in ["deletionTimestamp", "deletionGracePeriodSeconds"] {
        assert_eq!(stored["metadata"][kept], deleted["metadata"][kept], "{kept}");
    }
}
