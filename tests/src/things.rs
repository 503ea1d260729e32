//! A resource without rules, for tests of what stores keep.

use kube::CustomResource;
use rest_resource::server::ApiServer;
use rest_resource::{RestResource, Store, StoreOptions};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The collection of things in the namespace `default`.
pub const THINGS: &str = "/apis/test.example.com/v1/namespaces/default/things";

/// What a thing is.
#[derive(CustomResource, Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[kube(group = "test.example.com", version = "v1", kind = "Thing", namespaced)]
pub struct ThingSpec {
    /// Tells one version from another.
    #[serde(default)]
    pub value: u64,
    /// Makes it large.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub filler: String,
}

/// The storage of things.
#[derive(Debug, RestResource)]
#[rest(
    group = "test.example.com", version = "v1", resource = "things", object = Thing,
    verbs(list, create, delete_collection, get, update, patch, delete, watch)
)]
pub struct Things {
    #[rest(embed)]
    store: Store<Thing>,
}

/// A server of things.
pub fn server(options: &StoreOptions) -> ApiServer {
    let things = Things { store: Store::new(options) };
    ApiServer::builder().install(things).prepare().expect("things fit together")
}

/// A thing, to be created.
pub fn thing(name: &str, value: u64) -> Value {
    json!({
        "apiVersion": "test.example.com/v1", "kind": "Thing", "metadata": {"name": name}, "spec": {"value": value},
    })
}

/// The path of a thing.
pub fn path(name: &str) -> String {
    format!("{THINGS}/{name}")
}

/// The resource version of an object or a list.
pub fn version(object: &Value) -> u64 {
    let version = object["metadata"]["resourceVersion"].as_str().and_then(|text| text.parse().ok());
    version.unwrap_or_else(|| panic!("a resource version: {object}"))
}

/// What tells the versions of a thing apart.
pub fn value(object: &Value) -> u64 {
    object["spec"]["value"].as_u64().unwrap_or_else(|| panic!("a value: {object}"))
}

/// The name of an object.
pub fn name(object: &Value) -> &str {
    object["metadata"]["name"].as_str().unwrap_or_else(|| panic!("a name: {object}"))
}
