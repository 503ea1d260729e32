//! The status has owners of its own (contract 5.6).

use http::StatusCode;
use rest_resource_tests::Client;
use rest_resource_tests::client::flunder;
use serde_json::{Value, json};

use super::{apply, configuration, fischers, managers, owned, path};

fn with_status(phase: &str) -> Value {
    let mut object = configuration(fischers("f"));
    object["status"] = json!({"phase": phase});
    object
}

fn status(query: &str) -> String {
    format!("{}/status?{query}", path("a"))
}

#[tokio::test]
async fn c4_9_23_the_status_is_owned_through_its_subresource_only() {
    let client = Client::wardle();
    let main = format!("{}?fieldManager=alice", path("a"));
    let created = client.apply(&main, &with_status("Ready")).await.expect(StatusCode::CREATED);
    assert_eq!(created["status"], Value::Null);
    assert_eq!(owned(&created, "alice"), json!({"f:spec": {"f:fischerReference": {}, "f:referenceType": {}}}));

    let mut reported = with_status("Ready");
    reported["spec"] = fischers("g");
    let object = client.apply(&status("fieldManager=controller"), &reported).await.expect(StatusCode::OK);
    assert_eq!((&object["spec"], &object["status"]["phase"]), (&fischers("f"), &json!("Ready")));
    assert_eq!(managers(&object), ["alice Apply v1beta1", "controller Apply v1beta1 status"]);
    assert_eq!(owned(&object, "controller"), json!({"f:status": {"f:phase": {}}}));
    assert_eq!(object["metadata"]["generation"], 1);
}

#[tokio::test]
async fn c4_9_21_a_conflict_over_the_status_names_the_subresource() {
    let client = Client::wardle();
    apply(&client, "alice", json!({})).await.expect(StatusCode::CREATED);
    client.apply(&status("fieldManager=one"), &with_status("Ready")).await.expect(StatusCode::OK);
    let refused = client.apply(&status("fieldManager=two"), &with_status("Failed")).await;
    let message = "Apply failed with 1 conflict: conflict with \"one\" with subresource \"status\": .status.phase";
    refused.expect_status(409, "Conflict", message);
    let forced = client.apply(&status("fieldManager=two&force=true"), &with_status("Failed")).await;
    assert_eq!(forced.expect(StatusCode::OK)["status"]["phase"], "Failed");
}

#[tokio::test]
async fn c4_5_15_other_writes_of_the_status_have_the_subresource() {
    let client = Client::wardle();
    let mut object = client.flunder("a").await;
    object["status"] = json!({"phase": "Ready"});
    object["spec"] = fischers("g");
    object = client.put(&status("fieldManager=put"), &object).await.expect(StatusCode::OK);
    assert_eq!(managers(&object), ["put Update v1beta1 status", "unknown Update v1beta1"]);
    assert_eq!(owned(&object, "put"), json!({"f:status": {".": {}, "f:phase": {}}}));
    let patch = json!({"status": {"observedGeneration": 1}, "metadata": {"managedFields": []}});
    object = client.merge_patch(&status("fieldManager=patch"), &patch).await.expect(StatusCode::OK);
    assert_eq!(owned(&object, "patch"), json!({"f:status": {"f:observedGeneration": {}}}));
    assert_eq!(managers(&object).len(), 3, "a subresource cannot end the tracking");
    let unchanged = client.merge_patch(&status("fieldManager=patch"), &patch).await.expect(StatusCode::OK);
    assert_eq!(unchanged, object);
}

#[tokio::test]
async fn c4_9_13_there_is_no_status_of_what_is_not_there() {
    let client = Client::wardle();
    let refused = client.apply(&status("fieldManager=alice"), &flunder("a")).await;
    refused.expect_status(404, "NotFound", "flunders.wardle.example.com \"a\" not found");
}
