//! Who owns what after writes that are no apply.

use http::{Method, StatusCode};
use rest_resource::StoreOptions;
use rest_resource_tests::Client;
use rest_resource_tests::client::{FLUNDERS, flunder};
use rest_resource_tests::things::{self, THINGS};
use serde_json::{Value, json};

use super::super::{Lenient, client, labels};
use super::{applied, apply, configuration, fischers, managers, owned, path};

#[tokio::test]
async fn c4_5_15_who_creates_owns_what_is_there() {
    let client = Client::wardle();
    let headers = [("content-type", "application/json"), ("user-agent", "kubectl/v1.32 (linux)")];
    let created = client.send(Method::POST, FLUNDERS, &headers, configuration(fischers("f")).to_string()).await;
    let mut created = created.expect(StatusCode::CREATED);
    let time = created["metadata"]["managedFields"][0]["time"].take();
    assert!(time.as_str().is_some_and(|time| time.ends_with('Z') && time.len() == 20), "{time}");
    assert_eq!(
        created["metadata"]["managedFields"],
        json!([{
            "manager": "kubectl", "operation": "Update", "apiVersion": "wardle.example.com/v1beta1", "time": null,
            "fieldsType": "FieldsV1", "fieldsV1": {"f:spec": {".": {}, "f:fischerReference": {}, "f:referenceType": {}}},
        }])
    );
}

#[tokio::test]
async fn c4_5_15_what_the_type_adds_is_owned_and_what_it_drops_is_not() {
    let client = Client::new(things::server(&StoreOptions::memory()));
    let mut body = things::thing("a", 1);
    body["spec"] = json!({"filler": "x", "unknown": 1});
    let by = |manager: &str| format!("{}?fieldManager={manager}", things::path("a"));
    let created = client.post(&format!("{THINGS}?fieldManager=post"), &body).await.expect(StatusCode::CREATED);
    assert_eq!(created["spec"], json!({"filler": "x", "value": 0}));
    assert_eq!(owned(&created, "post"), json!({"f:spec": {".": {}, "f:filler": {}, "f:value": {}}}));

    let mut object = created;
    object["spec"] = json!({"filler": "y", "unknown": 2});
    object = client.put(&by("put"), &object).await.expect(StatusCode::OK);
    assert_eq!(owned(&object, "put"), json!({"f:spec": {"f:filler": {}}}));
    assert_eq!(owned(&object, "post"), json!({"f:spec": {".": {}, "f:value": {}}}));

    let patch = json!({"spec": {"filler": "z", "unknown": 3, "value": null}});
    object = client.merge_patch(&by("patch"), &patch).await.expect(StatusCode::OK);
    assert_eq!(object["spec"], json!({"filler": "z", "value": 0}));
    assert_eq!(owned(&object, "patch"), json!({"f:spec": {"f:filler": {}}}));
    assert_eq!(owned(&object, "post"), json!({"f:spec": {".": {}, "f:value": {}}}));
}

#[tokio::test]
async fn c4_5_15_every_write_has_its_manager() {
    let client = client(Lenient);
    let by = |manager: &str| format!("{}?fieldManager={manager}", path("a"));
    let mut object = client.put(&by("put"), &configuration(fischers("f"))).await.expect(StatusCode::CREATED);
    assert_eq!(managers(&object), ["put Update v1beta1"]);
    labels(&mut object, "x");
    object = client.put(&by("label"), &object).await.expect(StatusCode::OK);
    assert_eq!(owned(&object, "label"), json!({"f:metadata": {"f:labels": {".": {}, "f:app": {}}}}));
    object = client.merge_patch(&by("merge"), &json!({"spec": {"fischerReference": "g"}})).await.expect(StatusCode::OK);
    assert_eq!(owned(&object, "merge"), json!({"f:spec": {"f:fischerReference": {}}}));
    assert_eq!(owned(&object, "put"), json!({"f:spec": {".": {}, "f:referenceType": {}}}));
    let operations = json!([{"op": "remove", "path": "/metadata/labels"}]);
    object = client.json_patch(&by("json"), &operations).await.expect(StatusCode::OK);
    assert_eq!(managers(&object).len(), 2, "{object}");
    assert_eq!((owned(&object, "label"), owned(&object, "json")), (Value::Null, Value::Null));
}

#[tokio::test]
async fn c4_5_15_an_empty_list_ends_the_tracking_and_nonsense_is_not_believed() {
    let client = Client::wardle();
    client.flunder("a").await;
    let patch = |fields: Value| json!({"metadata": {"managedFields": fields}});
    let kept = client.merge_patch(&path("a"), &patch(json!([{"manager": "x", "operation": "Rule"}]))).await;
    assert_eq!(managers(&kept.expect(StatusCode::OK)), ["unknown Update v1beta1"]);
    for nothing in [json!([]), json!([{}])] {
        let reset = client.merge_patch(&path("a"), &patch(nothing)).await.expect(StatusCode::OK);
        assert_eq!(reset["metadata"]["managedFields"], Value::Null);
    }
    let labelled = client.merge_patch(&path("a"), &json!({"metadata": {"labels": {"a": "b"}}})).await;
    assert_eq!(managers(&labelled.expect(StatusCode::OK)), [""; 0]);
    let first = applied(&client, "alice", json!({})).await;
    assert_eq!(managers(&first), ["alice Apply v1beta1", "before-first-apply Update v1beta1"]);
}

#[tokio::test]
async fn c4_9_14_a_json_patch_sees_the_managed_fields() {
    let client = Client::wardle();
    let created = client.flunder("a").await;
    let manager = &created["metadata"]["managedFields"][0]["manager"];
    let path_of = |field: &str| format!("/metadata/managedFields{field}");
    let known = json!([{"op": "test", "path": path_of("/0/manager"), "value": manager}]);
    assert_eq!(client.json_patch(&path("a"), &known).await.expect(StatusCode::OK), created);
    let metadata = json!([{"op": "test", "path": "/metadata", "value": created["metadata"]}]);
    assert_eq!(client.json_patch(&path("a"), &metadata).await.expect(StatusCode::OK), created);
    let other = json!([{"op": "test", "path": path_of("/0/manager"), "value": "somebody"}]);
    client.json_patch(&path("a"), &other).await.expect(StatusCode::UNPROCESSABLE_ENTITY);
    let copied = json!([
        {"op": "add", "path": "/metadata/labels", "value": {}},
        {"op": "copy", "from": path_of("/0/manager"), "path": "/metadata/labels/by"},
    ]);
    let copied = client.json_patch(&path("a"), &copied).await.expect(StatusCode::OK);
    assert_eq!(copied["metadata"]["labels"]["by"], *manager);
    let renamed = json!([{"op": "replace", "path": path_of("/0/manager"), "value": "me"}]);
    let renamed = client.json_patch(&path("a"), &renamed).await.expect(StatusCode::OK);
    assert!(managers(&renamed).contains(&"me Update v1beta1".to_owned()), "{renamed}");
    // Nobody can make the server forget by leaving them out.
    let removed = json!([{"op": "remove", "path": path_of("")}]);
    let removed = client.json_patch(&path("a"), &removed).await.expect(StatusCode::OK);
    assert_eq!(managers(&removed), managers(&renamed));
}

#[tokio::test]
async fn c4_5_15_a_client_may_say_who_owns_what() {
    let client = Client::wardle();
    let mut object = flunder("a");
    let mine = json!({"manager": "me", "operation": "Apply", "apiVersion": "wardle.example.com/v1beta1", "time": "2026-07-24T12:00:00Z", "fieldsType": "FieldsV1", "fieldsV1": {"f:spec": {"f:referenceType": {}}}});
    object["metadata"]["managedFields"] = json!([mine]);
    let created = client.post(&format!("{FLUNDERS}?fieldManager=them"), &object).await.expect(StatusCode::CREATED);
    assert_eq!(managers(&created), ["me Apply v1beta1", "them Update v1beta1"]);
    assert_eq!(created["metadata"]["managedFields"][0], mine);
}

#[tokio::test]
async fn c4_9_24_what_was_there_before_the_first_apply_has_an_owner() {
    let client = Client::wardle();
    let mut untracked = configuration(fischers("f"));
    untracked["metadata"]["managedFields"] = json!([{}]);
    client.post(&format!("{FLUNDERS}?fieldManager=them"), &untracked).await.expect(StatusCode::CREATED);
    let object = client.merge_patch(&path("a"), &json!({"metadata": {"managedFields": []}})).await;
    assert_eq!(managers(&object.expect(StatusCode::OK)), [""; 0]);
    let refused = apply(&client, "alice", json!({"fischerReference": "g"})).await;
    let message = "Apply failed with 1 conflict: conflict with \"before-first-apply\" using wardle.example.com/v1beta1: .spec.fischerReference";
    refused.expect_status(409, "Conflict", message);
}

#[tokio::test]
async fn c4_9_25_the_same_apply_again_writes_nothing() {
    let client = Client::wardle();
    let created = apply(&client, "alice", fischers("f")).await.expect(StatusCode::CREATED);
    assert_eq!(applied(&client, "alice", fischers("f")).await, created);
    let version = created["metadata"]["resourceVersion"].as_str().expect("a version");
    let mut watch = client.watch(&format!("{FLUNDERS}?watch=true&resourceVersion={version}")).await;
    client.flunder("b").await;
    assert_eq!(watch.next_name().await, ("ADDED".to_owned(), "b".to_owned()));
}

#[tokio::test]
async fn c4_9_25_other_times_alone_write_nothing() {
    let client = Client::wardle();
    let created = apply(&client, "alice", fischers("f")).await.expect(StatusCode::CREATED);
    let mut later = created.clone();
    later["metadata"]["managedFields"][0]["time"] = "2030-01-01T00:00:00Z".into();
    assert_eq!(client.put(&path("a"), &later).await.expect(StatusCode::OK), created);
    later["metadata"]["managedFields"][0]["manager"] = "bob".into();
    let renamed = client.put(&path("a"), &later).await.expect(StatusCode::OK);
    assert_eq!(renamed["metadata"]["managedFields"][0], later["metadata"]["managedFields"][0]);
}

/// A managed field that is sent back as it came is no change, whoever sends it.
#[tokio::test]
async fn c4_9_25_what_is_sent_back_as_it_came_writes_nothing() {
    let client = Client::wardle();
    let created = apply(&client, "alice", fischers("f")).await.expect(StatusCode::CREATED);
    let put = client.put(&format!("{}?fieldManager=bob", path("a")), &created).await;
    assert_eq!(put.expect(StatusCode::OK), created);
    let patch = client.merge_patch(&path("a"), &json!({"spec": {"fischerReference": "f"}})).await;
    assert_eq!(patch.expect(StatusCode::OK), created);
}
