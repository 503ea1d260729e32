//! The subresource `scale` (contract 9.4.2).

use http::StatusCode;
use rest_resource_tests::Client;
use rest_resource_tests::client::unmanaged;
use rest_resource_tests::pools::{self, POOLS, POOLS_BETA, pool, scale};
use serde_json::{Value, json};

/// A server with a pool `a` of this spec.
async fn client_of(spec: Value) -> (Client, Value) {
    let client = pools::client();
    let created = client.post(POOLS, &pool("a", &spec)).await.expect(StatusCode::CREATED);
    (client, created)
}

fn a(query: &str) -> String {
    format!("{POOLS}/a{query}")
}

fn a_scale(query: &str) -> String {
    format!("{POOLS}/a/scale{query}")
}

async fn stored(client: &Client) -> Value {
    client.get(&a("")).await.expect(StatusCode::OK)
}

#[tokio::test]
async fn c9_4_2_a_scale_shows_the_replicas_of_its_object() {
    let (client, created) = client_of(json!({"replicas": 2})).await;
    let metadata = &created["metadata"];
    let mut expected = json!({
        "apiVersion": "autoscaling/v1",
        "kind": "Scale",
        "metadata": {
            "name": "a",
            "namespace": "default",
            "uid": metadata["uid"],
            "resourceVersion": metadata["resourceVersion"],
            "creationTimestamp": metadata["creationTimestamp"],
        },
        "spec": {"replicas": 2},
        "status": {"replicas": 0},
    });
    assert_eq!(client.get(&a_scale("")).await.expect(StatusCode::OK), expected);
    let status = json!({"status": {"replicas": 1, "selector": "app=a"}});
    let reported = client.merge_patch(&a("/status"), &status).await.expect(StatusCode::OK);
    expected["metadata"]["resourceVersion"] = reported["metadata"]["resourceVersion"].clone();
    expected["status"] = status["status"].clone();
    assert_eq!(client.get(&a_scale("")).await.expect(StatusCode::OK), expected);
    assert_eq!(client.get(&format!("{POOLS_BETA}/a/scale")).await.expect(StatusCode::OK), expected);
}

#[tokio::test]
async fn c9_4_2_a_table_shows_what_is_desired_and_what_is_available() {
    let (client, _) = client_of(json!({"replicas": 2})).await;
    client.merge_patch(&a("/status"), &json!({"status": {"replicas": 1}})).await.expect(StatusCode::OK);
    let table = client.get_as(&a_scale(""), "application/json;as=Table;g=meta.k8s.io;v=v1").await;
    let table = table.expect(StatusCode::OK);
    let columns = table["columnDefinitions"].as_array().cloned().unwrap_or_default();
    let columns: Vec<&str> = columns.iter().filter_map(|column| column["name"].as_str()).collect();
    assert_eq!(columns, ["Name", "Desired", "Available", "Age"]);
    assert_eq!(
        table["rows"][0]["cells"].as_array().map(|cells| &cells[..3]),
        Some(&[json!("a"), json!(2), json!(1)][..])
    );
}

#[tokio::test]
async fn c9_4_2_an_object_that_does_not_say_its_replicas_has_no_scale() {
    let (client, _) = client_of(json!({})).await;
    let message = "Internal error occurred: the spec replicas field \".spec.replicas\" does not exist";
    client.get(&a_scale("")).await.expect_status(500, "InternalError", message);
    client.get(&format!("{POOLS}/b/scale")).await.expect_status(
        404,
        "NotFound",
        "pools.pool.example.com \"b\" not found",
    );
}

#[tokio::test]
async fn c9_4_2_a_write_changes_the_replicas_and_nothing_else() {
    let (client, created) = client_of(json!({"replicas": 2, "image": "x"})).await;
    let mut body = scale("a", 5);
    body["metadata"]["labels"] = json!({"a": "b"});
    body["status"] = json!({"replicas": 7, "selector": "a=b"});
    let answer = client.put(&a_scale(""), &body).await.expect(StatusCode::OK);
    let now = stored(&client).await;
    assert_eq!(now["spec"], json!({"replicas": 5, "image": "x"}));
    assert_eq!((&now["status"], &now["metadata"]["labels"]), (&Value::Null, &Value::Null));
    assert_eq!((&created["metadata"]["generation"], &now["metadata"]["generation"]), (&json!(1), &json!(2)));
    assert_eq!(answer, client.get(&a_scale("")).await.expect(StatusCode::OK));
    assert_eq!(answer["metadata"]["resourceVersion"], now["metadata"]["resourceVersion"]);

    client.put(&a_scale(""), &body).await.expect(StatusCode::OK);
    assert_eq!(stored(&client).await, now, "who writes what is there writes nothing");
    client.put(&format!("{POOLS_BETA}/a/scale"), &scale("a", 6)).await.expect(StatusCode::OK);
    assert_eq!(stored(&client).await["spec"], json!({"replicas": 6, "image": "x"}));
}

/// Clients in Go leave out what is 0.
#[tokio::test]
async fn c9_4_2_replicas_that_are_left_out_are_none() {
    let (client, _) = client_of(json!({"replicas": 2})).await;
    let mut body = scale("a", 0);
    body["spec"] = json!({});
    let answer = client.put(&a_scale(""), &body).await.expect(StatusCode::OK);
    assert_eq!((&answer["spec"], &stored(&client).await["spec"]), (&json!({"replicas": 0}), &json!({"replicas": 0})));
}

#[tokio::test]
async fn c9_4_2_every_patch_scales() {
    let (client, _) = client_of(json!({"replicas": 2})).await;
    let merge = json!({"spec": {"replicas": 3}});
    assert_eq!(client.merge_patch(&a_scale(""), &merge).await.expect(StatusCode::OK)["spec"], merge["spec"]);
    let patch = json!([
        {"op": "test", "path": "/spec/replicas", "value": 3},
        {"op": "replace", "path": "/spec/replicas", "value": 4},
    ]);
    assert_eq!(client.json_patch(&a_scale(""), &patch).await.expect(StatusCode::OK)["spec"]["replicas"], 4);
    let strategic = json!({"spec": {"replicas": 5}});
    assert_eq!(client.strategic_patch(&a_scale(""), &strategic).await.expect(StatusCode::OK)["spec"]["replicas"], 5);
    let applied = client.apply(&a_scale("?fieldManager=alice&force=true"), &scale("a", 6)).await;
    assert_eq!(applied.expect(StatusCode::OK)["spec"]["replicas"], 6);
    let now = stored(&client).await;
    assert_eq!((&now["spec"], &now["metadata"]["generation"]), (&json!({"replicas": 6}), &json!(5)));
}

#[tokio::test]
async fn c9_4_2_an_object_without_replicas_can_be_scaled() {
    let (client, _) = client_of(json!({"image": "x"})).await;
    let other = json!({"metadata": {"labels": {"a": "b"}}});
    let message = "the spec replicas field \".spec.replicas\" cannot be empty";
    client.merge_patch(&a_scale(""), &other).await.expect_status(400, "BadRequest", message);
    client.apply(&a_scale("?fieldManager=alice"), &scale("a", 3)).await.expect(StatusCode::OK);
    assert_eq!(stored(&client).await["spec"], json!({"replicas": 3, "image": "x"}));
}

#[tokio::test]
async fn c9_4_2_the_resource_version_and_the_uid_of_a_scale_count() {
    let (client, created) = client_of(json!({"replicas": 2})).await;
    let mut body = client.get(&a_scale("")).await.expect(StatusCode::OK);
    body["spec"]["replicas"] = 3.into();
    client.put(&a_scale(""), &body).await.expect(StatusCode::OK);
    body["spec"]["replicas"] = 4.into();
    let message = "Operation cannot be fulfilled on pools.pool.example.com \"a\": the object has been modified; \
                   please apply your changes to the latest version and try again";
    client.put(&a_scale(""), &body).await.expect_status(409, "Conflict", message);
    let stale = json!({"metadata": {"resourceVersion": "1"}, "spec": {"replicas": 4}});
    client.merge_patch(&a_scale(""), &stale).await.expect_status(409, "Conflict", message);

    let mut other = scale("a", 4);
    other["metadata"]["uid"] = "other".into();
    let uid = created["metadata"]["uid"].as_str().unwrap_or_default();
    let message = format!(
        "Operation cannot be fulfilled on pools.pool.example.com \"a\": Precondition failed: UID in precondition: \
         other, UID in object meta: {uid}"
    );
    client.put(&a_scale(""), &other).await.expect_status(409, "Conflict", &message);
    assert_eq!(stored(&client).await["spec"]["replicas"], 3);
}

#[tokio::test]
async fn c9_4_2_negative_replicas_are_invalid() {
    let (client, _) = client_of(json!({"replicas": 2})).await;
    let detail = "Invalid value: -1: must be greater than or equal to 0";
    let message = format!("Scale.autoscaling \"a\" is invalid: spec.replicas: {detail}");
    let status = client.put(&a_scale(""), &scale("a", -1)).await.expect_status(422, "Invalid", &message);
    let cause = json!({"reason": "FieldValueInvalid", "message": detail, "field": "spec.replicas"});
    let details = json!({"name": "a", "group": "autoscaling", "kind": "Scale", "causes": [cause]});
    assert_eq!(status["details"], details);
    let patch = json!({"spec": {"replicas": -1}});
    client.merge_patch(&a_scale(""), &patch).await.expect_status(422, "Invalid", &message);
    let least = client.put(&a_scale(""), &scale("a", i32::MIN.into())).await;
    least.expect_status(422, "Invalid", &message.replace("-1", "-2147483648"));
    assert_eq!(stored(&client).await["spec"]["replicas"], 2);
}

#[tokio::test]
async fn c9_4_2_the_rules_of_the_object_hold() {
    let (client, _) = client_of(json!({"replicas": 2})).await;
    let message = "Pool.pool.example.com \"a\" is invalid: spec.replicas: Invalid value: 101: must be at most 100";
    client.put(&a_scale(""), &scale("a", 101)).await.expect_status(422, "Invalid", message);
    assert_eq!(stored(&client).await["spec"]["replicas"], 2);
}

#[tokio::test]
async fn c9_4_2_a_dry_run_scales_nothing() {
    let (client, created) = client_of(json!({"replicas": 2})).await;
    let answer = client.put(&a_scale("?dryRun=All"), &scale("a", 3)).await.expect(StatusCode::OK);
    assert_eq!(answer["spec"]["replicas"], 3);
    let patch = json!({"spec": {"replicas": 4}});
    let answer = client.merge_patch(&a_scale("?dryRun=All"), &patch).await.expect(StatusCode::OK);
    assert_eq!(answer["spec"]["replicas"], 4);
    assert_eq!(unmanaged(stored(&client).await), unmanaged(created));
}

#[tokio::test]
async fn c9_4_2_what_is_not_there_is_not_created_by_its_scale() {
    let client = pools::client();
    let message = "pools.pool.example.com \"a\" not found";
    client.put(&a_scale(""), &scale("a", 1)).await.expect_status(404, "NotFound", message);
    let patch = json!({"spec": {"replicas": 1}});
    client.merge_patch(&a_scale(""), &patch).await.expect_status(404, "NotFound", message);
    let applied = client.apply(&a_scale("?fieldManager=alice"), &scale("a", 1)).await;
    applied.expect_status(404, "NotFound", message);
}
