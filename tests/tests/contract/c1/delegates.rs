//! Storages that delegate to a field: real impls, which do what those of the field do.

use std::future::ready;

use http::StatusCode;
use rest_resource::{
    Context, GetOptions, Getter, List, ListOptions, ListReply, Lister, Reply, RestResource, Result, Status, Storage,
    Store, StoreOptions,
};
use rest_resource_tests::Client;
use rest_resource_tests::client::{FLUNDERS, flunder};
use rest_resource_tests::wardle::v1beta1::Flunder;
use serde_json::json;

use crate::probe::{PROBES, Probe, probe, serve};

#[derive(RestResource)]
#[rest(group = "wardle.example.com", version = "v1beta1", resource = "flunders", object = Flunder)]
struct Delegating {
    #[rest(delegate(get, list, create, update, delete, delete_collection, watch))]
    store: Store<Flunder>,
}

/// A store that has a status, behind impls of the storage itself.
fn delegating() -> Client {
    let store = Store::new(&StoreOptions::memory());
    // That there is one is what makes the store leave it alone.
    drop(store.status());
    serve(Delegating { store })
}

#[tokio::test]
async fn c1_32_a_storage_that_delegates_serves_every_verb() {
    let client = delegating();
    let object = format!("{FLUNDERS}/a");
    let created = client.post(FLUNDERS, &flunder("a")).await.expect(StatusCode::CREATED);
    let version = created["metadata"]["resourceVersion"].as_str().expect("a version").to_owned();
    let mut events = client.watch(&format!("{FLUNDERS}?watch=true&resourceVersion={version}")).await;
    let patched = client.merge_patch(&object, &json!({"metadata": {"labels": {"a": "b"}}})).await;
    let patched = patched.expect(StatusCode::OK);
    assert_eq!(client.get(&object).await.expect(StatusCode::OK), patched);
    assert_eq!(client.put(&object, &patched).await.expect(StatusCode::OK), patched);
    let listed = client.get(&format!("{FLUNDERS}?labelSelector=a%3Db")).await.expect(StatusCode::OK);
    assert_eq!(listed["items"], json!([patched]));
    client.delete(&object).await.expect(StatusCode::OK);
    for kind in ["MODIFIED", "DELETED"] {
        assert_eq!(events.next_name().await, (kind.to_owned(), "a".to_owned()));
    }
    assert_eq!(client.delete(FLUNDERS).await.expect(StatusCode::OK)["items"], json!([]));
}

#[tokio::test]
async fn c1_28_what_a_field_leaves_alone_nobody_owns_through_who_delegates_to_it() {
    let client = delegating();
    let mut object = flunder("a");
    object["status"] = json!({"phase": "Ready"});
    let target = format!("{FLUNDERS}/a?fieldManager=alice");
    let applied = client.apply(&target, &object).await.expect(StatusCode::CREATED);
    assert_eq!(applied["status"], json!(null));
    assert_eq!(applied["metadata"]["managedFields"][0]["fieldsV1"], json!({"f:spec": {}}));
}

/// Has its answers ready, and computes nothing.
struct Ready;

impl Storage for Ready {
    type Object = Probe;
}

impl Getter for Ready {
    async fn get(&self, _: &Context, _: &str, _: &GetOptions) -> Result<Probe> {
        ready(Err(Status::internal_error("asked for what it has to compute"))).await
    }

    async fn get_reply(&self, _: &Context, name: &str, _: &GetOptions) -> Result<Reply<Probe>> {
        ready(Ok(Reply::Object(probe(name, "ready")))).await
    }
}

impl Lister for Ready {
    async fn list(&self, _: &Context, _: &ListOptions) -> Result<List<Probe>> {
        ready(Err(Status::internal_error("asked for what it has to compute"))).await
    }

    async fn list_reply(&self, _: &Context, _: &ListOptions) -> Result<ListReply<Probe>> {
        ready(Ok(ListReply::Typed(List::new("1", vec![probe("a", "ready")])))).await
    }
}

#[derive(RestResource)]
#[rest(group = "test.example.com", version = "v1", resource = "probes", object = Probe, cluster)]
struct ToReady {
    #[rest(delegate(get, list))]
    ready: Ready,
}

#[tokio::test]
async fn c1_11_c1_9_replies_are_delegated_too() {
    let client = serve(ToReady { ready: Ready });
    let object = client.get(&format!("{PROBES}/b")).await.expect(StatusCode::OK);
    assert_eq!((&object["metadata"]["name"], &object["spec"]["text"]), (&json!("b"), &json!("ready")));
    let list = client.get(PROBES).await.expect(StatusCode::OK);
    assert_eq!(list["items"][0]["spec"]["text"], "ready");
}
