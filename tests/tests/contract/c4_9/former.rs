//! Patches of objects that a former version of their type has stored (contract 4.9.12).

use std::sync::Arc;

use http::{Method, StatusCode};
use kube::CustomResource;
use rest_resource::backend::{Backend, Commit, Expect, Memory, Write};
use rest_resource::server::ApiServer;
use rest_resource::{RestResource, Store, StoreOptions};
use rest_resource_tests::Client;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

#[derive(CustomResource, Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[kube(group = "test.example.com", version = "v1", kind = "Tank", namespaced)]
struct TankSpec {
    /// It was called `size` once.
    #[serde(alias = "size")]
    litres: u64,
}

#[derive(RestResource)]
#[rest(group = "test.example.com", version = "v1", resource = "tanks", object = Tank, verbs(get, update, patch))]
struct Tanks {
    #[rest(embed)]
    store: Store<Tank>,
}

#[tokio::test]
async fn c4_9_12_a_field_that_had_another_name_is_patched_by_its_new_one() {
    let memory = Memory::new();
    let stored = json!({
        "apiVersion": "test.example.com/v1", "kind": "Tank", "metadata": {"name": "a", "namespace": "default"},
        "spec": {"size": 1},
    });
    let key = "/registry/test.example.com/tanks/default/a".to_owned();
    let write = Write { key, expect: Expect::Absent, value: Some(stored.to_string().into()) };
    assert!(matches!(memory.commit(write).await, Ok(Commit::Done(_))));

    let tanks = Tanks { store: Store::new(&StoreOptions::new(Arc::new(memory))) };
    let client = Client::new(ApiServer::builder().install(tanks).prepare().expect("it fits together"));
    let path = "/apis/test.example.com/v1/namespaces/default/tanks/a";
    let merge = [("content-type", "application/merge-patch+json")];
    let patched = client.send(Method::PATCH, path, &merge, r#"{"spec":{"litres":2}}"#).await;
    assert_eq!(patched.expect(StatusCode::OK)["spec"], json!({"litres": 2}));
    // What is wrong with either name stays wrong.
    let refused = client.send(Method::PATCH, path, &merge, r#"{"spec":{"litres":"x"}}"#).await;
    assert_eq!(refused.expect(StatusCode::UNPROCESSABLE_ENTITY)["reason"], "Invalid");
}
