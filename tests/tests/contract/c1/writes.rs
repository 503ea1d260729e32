//! Storages that are written: one verb each (contract 1.13-1.18, 1.27, 1.32).

use std::future::ready;

use http::{Method, StatusCode};
use rest_resource::{
    Admit, Change, CollectionDeleter, Context, CreateOptions, Created, Creater, DeleteOptions, Deleted, GetOptions,
    Getter, GetterWithOptions, GracefulDeleter, List, ListOptions, NamedCreater, Reply, RestResource, Result,
    UpdateOptions, Updater,
};
use rest_resource_tests::Client;
use rest_resource_tests::client::{FISCHERS, unmanaged};
use serde_json::{Value, json};

use crate::probe::{PROBES, Probe, probe, probe_json, serve};

/// Gives back what it is given.
#[derive(RestResource)]
#[rest(group = "test.example.com", version = "v1", resource = "probes", object = Probe, cluster)]
struct Creating;

impl Creater for Creating {
    async fn create(&self, _: &Context, object: Probe, _: &Admit<Probe>, _: &CreateOptions) -> Result<Probe> {
        ready(Ok(object)).await
    }
}

#[tokio::test]
async fn c1_13_a_creater_is_post_and_nothing_else() {
    let client = serve(Creating);
    let created = client.post(PROBES, &probe_json("a")).await.expect(StatusCode::CREATED);
    assert_eq!(unmanaged(created), probe_json("a"));
    for method in [Method::GET, Method::DELETE, Method::PUT] {
        let answer = client.send(method.clone(), PROBES, &[], "").await;
        assert_eq!(answer.code, StatusCode::METHOD_NOT_ALLOWED, "{method}");
    }
}

/// What a client may not set is gone before the storage sees it.
#[tokio::test]
async fn c1_27_system_metadata_is_wiped() {
    let mut body = probe_json("a");
    body["metadata"]["uid"] = "7".into();
    body["metadata"]["creationTimestamp"] = "2026-07-24T12:00:00Z".into();
    let created = serve(Creating).post(PROBES, &body).await.expect(StatusCode::CREATED);
    assert_eq!(unmanaged(created)["metadata"], json!({"name": "a"}));
}

/// An object below which something can be done.
#[derive(RestResource)]
#[rest(group = "test.example.com", version = "v1", resource = "probes", object = Probe, cluster)]
struct Parent;

impl NamedCreater for Parent {
    async fn create_named(
        &self,
        _: &Context,
        _: &str,
        object: Probe,
        _: &Admit<Probe>,
        _: &CreateOptions,
    ) -> Result<Probe> {
        ready(Ok(object)).await
    }
}

/// An action on an object.
#[derive(RestResource)]
#[rest(group = "test.example.com", version = "v1", resource = "probes/eviction", object = Probe, cluster)]
struct Eviction;

impl NamedCreater for Eviction {
    const PRESERVES_OBJECT_META: bool = true;

    async fn create_named(
        &self,
        _: &Context,
        name: &str,
        mut object: Probe,
        _: &Admit<Probe>,
        _: &CreateOptions,
    ) -> Result<Probe> {
        object.spec.text = Some(format!("evicts {name}"));
        ready(Ok(object)).await
    }
}

fn evicting() -> Client {
    let server = rest_resource::server::ApiServer::builder().install(Parent).install(Eviction).prepare();
    Client::new(server.expect("a resource and its subresource"))
}

#[tokio::test]
async fn c1_13_a_named_creater_is_told_the_name_of_the_path() {
    let created = evicting().post(&format!("{PROBES}/a/eviction"), &probe_json("b")).await;
    assert_eq!(created.expect(StatusCode::CREATED)["spec"]["text"], "evicts a");
}

#[tokio::test]
async fn c1_13_a_named_creater_needs_a_name() {
    let answer = evicting().post(PROBES, &probe_json("b")).await;
    answer.expect_status(400, "BadRequest", "name must be provided");
}

#[tokio::test]
async fn c1_27_a_subresource_may_keep_system_metadata() {
    let mut body = probe_json("a");
    body["metadata"]["uid"] = "7".into();
    let created = evicting().post(&format!("{PROBES}/a/eviction"), &body).await.expect(StatusCode::CREATED);
    assert_eq!(created["metadata"], json!({"name": "a", "uid": "7"}));
}

/// Holds `a`, and forgets what it is made.
#[derive(RestResource)]
#[rest(group = "test.example.com", version = "v1", resource = "probes", object = Probe, cluster)]
struct Updating;

impl Updater for Updating {
    async fn update(
        &self,
        cx: &Context,
        name: &str,
        change: &Change<Probe>,
        _: &UpdateOptions,
    ) -> Result<(Probe, Created)> {
        match name {
            "a" => Ok((change.apply(Some(&probe("a", "old"))).await?, Created(false))),
            "new" => Ok((change.apply(None).await?, Created(true))),
            _ => Err(cx.not_found(name)),
        }
    }
}

#[tokio::test]
async fn c1_14_an_updater_is_put_and_nothing_else() {
    let client = serve(Updating);
    assert_eq!(client.put(&format!("{PROBES}/a"), &probe_json("a")).await.expect(StatusCode::OK), probe_json("a"));
    client.put(&format!("{PROBES}/new"), &probe_json("new")).await.expect(StatusCode::CREATED);
    client.put(&format!("{PROBES}/b"), &probe_json("b")).await.expect(StatusCode::NOT_FOUND);
    client.merge_patch(&format!("{PROBES}/a"), &json!({})).await.expect(StatusCode::METHOD_NOT_ALLOWED);
    client.get(&format!("{PROBES}/a")).await.expect(StatusCode::METHOD_NOT_ALLOWED);
}

/// The same, and it can be read.
#[derive(RestResource)]
#[rest(group = "test.example.com", version = "v1", resource = "probes", object = Probe, cluster)]
struct Patching(#[rest(embed)] Updating);

impl Getter for Patching {
    async fn get(&self, _: &Context, name: &str, _: &GetOptions) -> Result<Probe> {
        ready(Ok(probe(name, "old"))).await
    }
}

#[tokio::test]
async fn c1_15_patch_is_an_update_beside_a_getter() {
    let client = serve(Patching(Updating));
    let item = format!("{PROBES}/a");
    let patched = client.merge_patch(&item, &json!({"metadata": {"labels": {"x": "y"}}})).await.expect(StatusCode::OK);
    assert_eq!((&patched["metadata"]["labels"], &patched["spec"]["text"]), (&json!({"x": "y"}), &json!("old")));
    let patch = json!([{"op": "test", "path": "/spec/text", "value": "old"}, {"op": "remove", "path": "/spec/text"}]);
    assert_eq!(client.json_patch(&item, &patch).await.expect(StatusCode::OK)["spec"], json!({}));
}

/// It is read by options of its own.
#[derive(RestResource)]
#[rest(group = "test.example.com", version = "v1", resource = "probes", object = Probe, cluster)]
struct Unpatched(#[rest(embed)] Updating);

impl GetterWithOptions for Unpatched {
    type Options = Value;

    async fn get_with_options(&self, _: &Context, name: &str, _: &Value, _: Option<&str>) -> Result<Reply<Probe>> {
        ready(Ok(Reply::Object(probe(name, "old")))).await
    }
}

#[tokio::test]
async fn c1_15_no_patch_beside_a_getter_with_options() {
    let client = serve(Unpatched(Updating));
    client.get(&format!("{PROBES}/a")).await.expect(StatusCode::OK);
    client.put(&format!("{PROBES}/a"), &probe_json("a")).await.expect(StatusCode::OK);
    client.merge_patch(&format!("{PROBES}/a"), &json!({})).await.expect(StatusCode::METHOD_NOT_ALLOWED);
}

/// Deletes anything.
#[derive(RestResource)]
#[rest(group = "test.example.com", version = "v1", resource = "probes", object = Probe, cluster)]
struct Deleting;

impl GracefulDeleter for Deleting {
    const RETURNS_DELETED_OBJECT: bool = true;

    async fn delete(
        &self,
        _: &Context,
        name: &str,
        _: &Admit<Probe>,
        _: &DeleteOptions,
    ) -> Result<(Deleted<Probe>, bool)> {
        ready(Ok((Deleted::Object(probe(name, "was here")), true))).await
    }
}

#[tokio::test]
async fn c1_16_c1_17_a_graceful_deleter_is_delete_and_may_return_the_object() {
    let client = serve(Deleting);
    let deleted = client.delete(&format!("{PROBES}/a")).await.expect(StatusCode::OK);
    assert_eq!((&deleted["kind"], &deleted["spec"]["text"]), (&json!("Probe"), &json!("was here")));
    client.delete(PROBES).await.expect(StatusCode::NOT_FOUND);
    client.get(&format!("{PROBES}/a")).await.expect(StatusCode::METHOD_NOT_ALLOWED);
}

/// Deletes what a label selects.
#[derive(RestResource)]
#[rest(group = "test.example.com", version = "v1", resource = "probes", object = Probe, cluster)]
struct Clearing;

impl CollectionDeleter for Clearing {
    async fn delete_collection(
        &self,
        _: &Context,
        _: &Admit<Probe>,
        options: &DeleteOptions,
        list: &ListOptions,
    ) -> Result<List<Probe>> {
        let text = format!("{:?} {}", options.grace_period_seconds, list.limit);
        ready(Ok(List::new("9", vec![probe("a", &text)]))).await
    }
}

#[tokio::test]
async fn c1_18_a_collection_deleter_returns_the_list_of_what_it_deleted() {
    let client = serve(Clearing);
    let deleted = client.delete(&format!("{PROBES}?limit=3&gracePeriodSeconds=5")).await.expect(StatusCode::OK);
    assert_eq!(deleted["kind"], "ProbeList");
    assert_eq!(deleted["items"][0]["spec"]["text"], "Some(5) 3");
    client.delete(&format!("{PROBES}/a")).await.expect(StatusCode::NOT_FOUND);
    client.get(PROBES).await.expect(StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn c1_32_a_store_has_the_standard_verbs() {
    let client = Client::wardle();
    let list = client.get("/apis/wardle.example.com/v1alpha1").await.expect(StatusCode::OK);
    let fischers = &list["resources"][0];
    assert_eq!(
        (&fischers["name"], &fischers["verbs"]),
        (
            &json!("fischers"),
            &json!(["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"])
        )
    );
    let body = json!({"metadata": {"name": "a"}});
    client.post(FISCHERS, &body).await.expect(StatusCode::CREATED);
    let mut object = client.get(&format!("{FISCHERS}/a")).await.expect(StatusCode::OK);
    object["disallowedFlunders"] = json!(["eel"]);
    client.put(&format!("{FISCHERS}/a"), &object).await.expect(StatusCode::OK);
    client.merge_patch(&format!("{FISCHERS}/a"), &json!({"disallowedFlunders": []})).await.expect(StatusCode::OK);
    let mut watch = client.watch(&format!("{FISCHERS}?watch=true")).await;
    assert_eq!(watch.next_name().await, ("ADDED".to_owned(), "a".to_owned()));
    client.delete(&format!("{FISCHERS}/a")).await.expect(StatusCode::OK);
    assert_eq!(watch.next_name().await, ("DELETED".to_owned(), "a".to_owned()));
    client.post(FISCHERS, &body).await.expect(StatusCode::CREATED);
    let deleted = client.delete(FISCHERS).await.expect(StatusCode::OK);
    assert_eq!(deleted["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(client.get(FISCHERS).await.expect(StatusCode::OK)["items"], json!([]));
}
