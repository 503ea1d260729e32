//! Who owns replicas that are scaled (contract 4.9.21-4.9.25, 9.4.2).

use http::StatusCode;
use rest_resource_tests::Client;
use rest_resource_tests::pools::{self, POOLS, POOLS_BETA, pool, scale};
use serde_json::{Value, json};

async fn apply(client: &Client, manager: &str, spec: Value) -> rest_resource_tests::Answer {
    client.apply(&format!("{POOLS}/a?fieldManager={manager}"), &pool("a", &spec)).await
}

async fn put_scale(client: &Client, manager: &str, replicas: i64) -> Value {
    let path = format!("{POOLS}/a/scale?fieldManager={manager}");
    client.put(&path, &scale("a", replicas)).await.expect(StatusCode::OK)
}

async fn stored(client: &Client) -> Value {
    client.get(&format!("{POOLS}/a")).await.expect(StatusCode::OK)
}

/// `manager operation version subresource: fields` of each entry, sorted.
async fn owners(client: &Client) -> Vec<String> {
    let object = stored(client).await;
    let entries = object["metadata"]["managedFields"].as_array().cloned().unwrap_or_default();
    let mut owners: Vec<String> = entries
        .iter()
        .map(|entry| {
            assert!(entry["time"].is_string() && entry["fieldsType"] == "FieldsV1", "{entry}");
            let parts = ["manager", "operation", "apiVersion", "subresource"].map(|name| entry[name].as_str());
            let id: Vec<&str> = parts.into_iter().flatten().collect();
            format!("{}: {}", id.join(" ").replace("pool.example.com/", ""), entry["fieldsV1"])
        })
        .collect();
    owners.sort();
    owners
}

#[tokio::test]
async fn c4_9_23_who_scales_owns_the_replicas() {
    let client = pools::client();
    apply(&client, "alice", json!({"replicas": 1, "image": "x"})).await.expect(StatusCode::CREATED);
    put_scale(&client, "scaler", 3).await;
    let alice = r#"alice Apply v1: {"f:spec":{"f:image":{}}}"#;
    let scaler = r#"scaler Update v1 scale: {"f:spec":{"f:replicas":{}}}"#;
    assert_eq!(owners(&client).await, [alice, scaler]);

    let before = stored(&client).await;
    put_scale(&client, "other", 3).await;
    assert_eq!(stored(&client).await, before, "the same replicas are nobody else's");
    put_scale(&client, "other", 4).await;
    let other = r#"other Update v1 scale: {"f:spec":{"f:replicas":{}}}"#;
    assert_eq!(owners(&client).await, [alice, other]);
}

#[tokio::test]
async fn c4_9_23_replicas_that_nobody_owned_are_owned_by_who_scales() {
    let client = pools::client();
    apply(&client, "alice", json!({"image": "x"})).await.expect(StatusCode::CREATED);
    put_scale(&client, "scaler", 3).await;
    let scaler = r#"scaler Update v1 scale: {"f:spec":{"f:replicas":{}}}"#;
    assert_eq!(owners(&client).await, [r#"alice Apply v1: {"f:spec":{"f:image":{}}}"#, scaler]);
}

#[tokio::test]
async fn c4_9_21_the_owner_of_the_scale_is_in_the_way_of_an_apply() {
    let client = pools::client();
    apply(&client, "alice", json!({"replicas": 1})).await.expect(StatusCode::CREATED);
    put_scale(&client, "scaler", 3).await;
    let message = "Apply failed with 1 conflict: conflict with \"scaler\" with subresource \"scale\" using \
                   pool.example.com/v1: .spec.replicas";
    apply(&client, "alice", json!({"replicas": 1})).await.expect_status(409, "Conflict", message);
    apply(&client, "alice", json!({})).await.expect(StatusCode::OK);
    assert_eq!(stored(&client).await["spec"], json!({"replicas": 3}), "who leaves them to the scaler has no conflict");
}

#[tokio::test]
async fn c4_9_21_the_owner_of_the_replicas_is_in_the_way_of_a_scale() {
    let client = pools::client();
    apply(&client, "alice", json!({"replicas": 1, "image": "x"})).await.expect(StatusCode::CREATED);
    let path = format!("{POOLS}/a/scale?fieldManager=scaler");
    let refused = client.apply(&path, &scale("a", 3)).await;
    let message = "Apply failed with 1 conflict: conflict with \"alice\": .spec.replicas";
    refused.expect_status(409, "Conflict", message);
    let forced = client.apply(&format!("{path}&force=true"), &scale("a", 3)).await.expect(StatusCode::OK);
    assert_eq!((&forced["spec"]["replicas"], &forced["metadata"]["managedFields"]), (&json!(3), &Value::Null));
    let alice = r#"alice Apply v1: {"f:spec":{"f:image":{}}}"#;
    let scaler = r#"scaler Apply v1 scale: {"f:spec":{"f:replicas":{}}}"#;
    assert_eq!(owners(&client).await, [alice, scaler]);

    let before = stored(&client).await;
    client.apply(&path, &scale("a", 3)).await.expect(StatusCode::OK);
    assert_eq!(stored(&client).await, before, "the same apply again changes nothing");
    apply(&client, "alice", json!({"replicas": 3, "image": "x"})).await.expect(StatusCode::OK);
    let alice = r#"alice Apply v1: {"f:spec":{"f:image":{},"f:replicas":{}}}"#;
    assert_eq!(owners(&client).await, [alice, scaler], "the same value belongs to both");
}

/// Nobody owns the status by a scale, which does not change it.
#[tokio::test]
async fn c1_28_a_scale_owns_nothing_but_the_replicas() {
    let client = pools::client();
    apply(&client, "alice", json!({"image": "x"})).await.expect(StatusCode::CREATED);
    for (manager, replicas) in [("one", 1), ("two", 2)] {
        let mut configuration = scale("a", 3);
        configuration["status"] = json!({"replicas": replicas});
        configuration["metadata"]["labels"] = json!({"manager": manager});
        let applied = client.apply(&format!("{POOLS}/a/scale?fieldManager={manager}"), &configuration).await;
        assert_eq!(applied.expect(StatusCode::OK)["status"]["replicas"], 0);
    }
    let alice = r#"alice Apply v1: {"f:spec":{"f:image":{}}}"#.to_owned();
    let both = ["one", "two"].map(|name| format!(r#"{name} Apply v1 scale: {{"f:spec":{{"f:replicas":{{}}}}}}"#));
    assert_eq!(owners(&client).await, [&[alice][..], &both].concat());
}

#[tokio::test]
async fn c4_9_23_replicas_have_an_owner_under_their_other_name() {
    let client = pools::client();
    let mut beta = pool("a", &json!({"size": 1, "image": "x"}));
    beta["apiVersion"] = "pool.example.com/v1beta1".into();
    let path = format!("{POOLS_BETA}/a?fieldManager=alice");
    client.apply(&path, &beta).await.expect(StatusCode::CREATED);
    let refused = client.apply(&format!("{POOLS_BETA}/a/scale?fieldManager=scaler"), &scale("a", 3)).await;
    let message = "Apply failed with 1 conflict: conflict with \"alice\": .spec.replicas";
    refused.expect_status(409, "Conflict", message);
    put_scale(&client, "scaler", 3).await;
    let alice = r#"alice Apply v1beta1: {"f:spec":{"f:image":{}}}"#;
    let scaler = r#"scaler Update v1 scale: {"f:spec":{"f:replicas":{}}}"#;
    assert_eq!(owners(&client).await, [alice, scaler]);
    let message = "Apply failed with 1 conflict: conflict with \"scaler\" with subresource \"scale\" using \
                   pool.example.com/v1: .spec.replicas";
    client.apply(&path, &beta).await.expect_status(409, "Conflict", message);
}

/// The status of a scale, which nobody can change by it, is in nobody's way.
#[tokio::test]
async fn c1_28_what_a_scale_leaves_alone_is_no_conflict() {
    let client = pools::client();
    client.post(POOLS, &pool("a", &json!({"replicas": 1}))).await.expect(StatusCode::CREATED);
    let reset = json!({"metadata": {"managedFields": []}});
    client.merge_patch(&format!("{POOLS}/a"), &reset).await.expect(StatusCode::OK);
    let mut configuration = scale("a", 1);
    configuration["status"] = json!({"replicas": 9});
    let applied = client.apply(&format!("{POOLS}/a/scale?fieldManager=alice"), &configuration).await;
    assert_eq!(applied.expect(StatusCode::OK)["status"]["replicas"], 0);
}

/// Who has ended the tracking has ended it for the scale too.
#[tokio::test]
async fn c4_5_15_a_scale_of_what_is_not_tracked_is_not_tracked() {
    let client = pools::client();
    client.post(POOLS, &pool("a", &json!({"replicas": 1}))).await.expect(StatusCode::CREATED);
    let reset = json!({"metadata": {"managedFields": []}});
    client.merge_patch(&format!("{POOLS}/a"), &reset).await.expect(StatusCode::OK);
    put_scale(&client, "scaler", 3).await;
    assert_eq!(owners(&client).await, [""; 0]);
}
