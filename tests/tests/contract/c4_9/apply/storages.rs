//! Apply to other storages than a store with a type of its own.

use std::sync::{Arc, Mutex};

use http::StatusCode;
use rest_resource::apply::{FieldPath, FieldSet};
use rest_resource::server::ApiServer;
use rest_resource::{
    Change, Context, Created, GetOptions, Getter, RestResource, Result, Store, StoreOptions, Strategy, Unstructured,
    UpdateOptions, Updater,
};
use rest_resource::{ResourceInfo, Scope, server::Resource};
use rest_resource_tests::Client;
use rest_resource_tests::client::flunder;
use rest_resource_tests::wardle::v1beta1::Flunder;
use serde_json::json;

use super::super::client;
use super::{owned, path};
use crate::probe::{PROBES, Probe, probe_json, serve};

/// One object, in memory, by hand.
#[derive(RestResource)]
#[rest(group = "test.example.com", version = "v1", resource = "probes", object = Probe, cluster)]
struct One(Arc<Mutex<Option<Probe>>>);

impl Getter for One {
    async fn get(&self, cx: &Context, name: &str, _: &GetOptions) -> Result<Probe> {
        let held = self.0.lock().expect("nobody panics").clone();
        std::future::ready(held.ok_or_else(|| cx.not_found(name))).await
    }
}

impl Updater for One {
    async fn update(
        &self,
        cx: &Context,
        name: &str,
        change: &Change<Probe>,
        _: &UpdateOptions,
    ) -> Result<(Probe, Created)> {
        let old = self.0.lock().expect("nobody panics").clone();
        if old.is_none() && !change.must_create() {
            return Err(cx.not_found(name));
        }
        let new = change.apply(old.as_ref()).await?;
        *self.0.lock().expect("nobody panics") = Some(new.clone());
        Ok((new, Created(old.is_none())))
    }
}

#[tokio::test]
async fn c4_9_18_a_storage_of_ones_own_is_applied_to() {
    let client = serve(One(Arc::default()));
    let target = format!("{PROBES}/a");
    client.put(&target, &probe_json("a")).await.expect(StatusCode::NOT_FOUND);
    let by = |manager: &str| format!("{target}?fieldManager={manager}");
    let mut probe = probe_json("a");
    probe["spec"]["text"] = "x".into();
    client.apply(&by("alice"), &probe).await.expect(StatusCode::CREATED);
    probe["spec"]["text"] = "y".into();
    let message = "Apply failed with 1 conflict: conflict with \"alice\": .spec.text";
    client.apply(&by("bob"), &probe).await.expect_status(409, "Conflict", message);
    let patched = client.merge_patch(&by("bob"), &json!({"spec": {"text": "z"}})).await.expect(StatusCode::OK);
    assert_eq!(owned(&patched, "bob"), json!({"f:spec": {"f:text": {}}}));
}

#[tokio::test]
async fn c4_9_18_objects_without_a_type_are_applied_to() {
    let info = ResourceInfo::new("things.example.com", "v1", "things", "Thing", Scope::Namespaced);
    let store = Store::<Unstructured>::for_resource(&StoreOptions::memory(), &info);
    let server = ApiServer::builder().install(Resource::unstructured(info, &[], store)).prepare();
    let client = Client::new(server.expect("one resource fits together"));
    let target = "/apis/things.example.com/v1/namespaces/default/things/a";
    let thing = |data| json!({"apiVersion": "things.example.com/v1", "kind": "Thing", "metadata": {"name": "a", "finalizers": ["example.com/a"]}, "data": data});
    let by = |manager: &str| format!("{target}?fieldManager={manager}");
    client.apply(&by("alice"), &thing(json!({"one": {"deep": 1}}))).await.expect(StatusCode::CREATED);
    let both = client.apply(&by("bob"), &thing(json!({"two": 2}))).await.expect(StatusCode::OK);
    assert_eq!(both["data"], json!({"one": {"deep": 1}, "two": 2}));
    let of_alice = json!({"f:metadata": {"f:finalizers": {"v:\"example.com/a\"": {}}}, "f:data": {".": {}, "f:one": {".": {}, "f:deep": {}}}});
    assert_eq!(owned(&both, "alice"), of_alice);
}

/// Sets the labels back.
struct KeepsLabels;

impl Strategy<Flunder> for KeepsLabels {
    fn prepare_for_update(&self, _: &Context, object: &mut Flunder, old: &Flunder) {
        object.metadata.labels.clone_from(&old.metadata.labels);
    }

    fn reset_fields(&self, api_version: &str) -> FieldSet {
        assert_eq!(api_version, "wardle.example.com/v1beta1");
        FieldSet::from_iter([FieldPath::fields(["metadata", "labels"])])
    }
}

#[tokio::test]
async fn c1_28_nobody_owns_what_a_strategy_resets() {
    let client = client(KeepsLabels);
    let mut object = flunder("a");
    object["metadata"]["labels"] = json!({"app": "x"});
    object["metadata"]["annotations"] = json!({"note": "x"});
    let target = format!("{}?fieldManager=alice", path("a"));
    let applied = client.apply(&target, &object).await.expect(StatusCode::CREATED);
    assert_eq!(owned(&applied, "alice"), json!({"f:metadata": {"f:annotations": {"f:note": {}}}, "f:spec": {}}));
}
