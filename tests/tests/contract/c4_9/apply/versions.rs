//! Owners who write in different versions.

use http::StatusCode;
use rest_resource::server::ApiServer;
use rest_resource::{RestResource, StatusStore, Store, StoreOptions};
use rest_resource_tests::Client;
use rest_resource_tests::wardle::{v1alpha1, v1beta1::Flunder};
use serde_json::{Value, json};

use super::{applied, apply, fischers, managers, owned};

const OLD: &str = "/apis/wardle.example.com/v1alpha1/namespaces/default/flunders/a";

fn old(reference: &str) -> Value {
    json!({
        "apiVersion": "wardle.example.com/v1alpha1", "kind": "Flunder", "metadata": {"name": "a"},
        "spec": {"reference": reference, "referenceType": "Fischer"},
    })
}

#[tokio::test]
async fn c4_9_23_each_owns_the_fields_of_its_own_version() {
    let client = Client::wardle();
    apply(&client, "alice", fischers("f")).await.expect(StatusCode::CREATED);
    let both = client.apply(&format!("{OLD}?fieldManager=bob"), &old("f")).await.expect(StatusCode::OK);
    assert_eq!(both["spec"]["reference"], "f");
    assert_eq!(managers(&both), ["alice Apply v1beta1", "bob Apply v1alpha1"]);
    assert_eq!(owned(&both, "alice"), json!({"f:spec": {"f:fischerReference": {}, "f:referenceType": {}}}));
    assert_eq!(owned(&both, "bob"), json!({"f:spec": {"f:reference": {}, "f:referenceType": {}}}));
}

#[tokio::test]
async fn c4_9_21_a_field_conflicts_under_its_other_name() {
    let client = Client::wardle();
    apply(&client, "alice", fischers("f")).await.expect(StatusCode::CREATED);
    let refused = client.apply(&format!("{OLD}?fieldManager=bob"), &old("g")).await;
    let message = "Apply failed with 1 conflict: conflict with \"alice\": .spec.fischerReference";
    refused.expect_status(409, "Conflict", message);
}

#[tokio::test]
async fn c4_5_15_an_update_through_another_version_takes_the_field() {
    let client = Client::wardle();
    apply(&client, "alice", fischers("f")).await.expect(StatusCode::CREATED);
    let patched = client.merge_patch(&format!("{OLD}?fieldManager=bob"), &json!({"spec": {"reference": "g"}})).await;
    let patched = patched.expect(StatusCode::OK);
    assert_eq!(managers(&patched), ["alice Apply v1beta1", "bob Update v1alpha1"]);
    assert_eq!(owned(&patched, "alice"), json!({"f:spec": {"f:referenceType": {}}}));
    assert_eq!(owned(&patched, "bob"), json!({"f:spec": {"f:reference": {}}}));
}

#[tokio::test]
async fn c4_9_22_what_is_applied_no_more_goes_in_the_version_of_the_last_apply() {
    let client = Client::wardle();
    client.apply(&format!("{OLD}?fieldManager=alice"), &old("f")).await.expect(StatusCode::CREATED);
    let gone = applied(&client, "alice", json!({})).await;
    assert_eq!(gone["spec"], json!({}));
    assert_eq!(managers(&gone), ["alice Apply v1beta1"]);
    assert_eq!(owned(&gone, "alice"), json!({"f:spec": {}}));
}

#[derive(RestResource)]
#[rest(
    group = "wardle.example.com", version = "v1beta1", resource = "flunders", object = Flunder,
    version(name = "v1alpha1", object = v1alpha1::Flunder)
)]
struct Both {
    #[rest(embed)]
    store: Store<Flunder>,
}

/// The status has one version only.
#[derive(RestResource)]
#[rest(group = "wardle.example.com", version = "v1beta1", resource = "flunders/status", object = Flunder)]
struct OneStatus {
    #[rest(embed)]
    store: StatusStore<Flunder>,
}

#[tokio::test]
async fn c4_9_23_a_subresource_knows_the_owners_of_versions_that_it_does_not_have() {
    let store = Store::new(&StoreOptions::memory());
    let status = OneStatus { store: store.status() };
    let server = ApiServer::builder().install(Both { store }).install(status).prepare();
    let client = Client::new(server.expect("a resource and its status"));
    let created = client.apply(&format!("{OLD}?fieldManager=bob"), &old("f")).await.expect(StatusCode::CREATED);
    assert_eq!(managers(&created), ["bob Apply v1alpha1"]);
    let target = format!("{}/status?fieldManager=controller", super::path("a"));
    let reported = client.merge_patch(&target, &json!({"status": {"phase": "Ready"}})).await.expect(StatusCode::OK);
    assert_eq!(managers(&reported), ["bob Apply v1alpha1", "controller Update v1beta1 status"]);
}
