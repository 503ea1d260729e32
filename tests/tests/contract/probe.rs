//! What the tests serve beside `wardle`: an object for storages of a few lines, and types of Kubernetes in stores.

use http::StatusCode;
use k8s_openapi::api::coordination::v1::Lease;
use k8s_openapi::api::core::v1::ConfigMap;
use kube::CustomResource;
use rest_resource::server::{ApiServer, Resource};
use rest_resource::{Context, GetOptions, Getter, RestResource, Result, Status, Store, StoreOptions};
use rest_resource_tests::Client;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The object of the storages that compute what they serve.
#[derive(CustomResource, Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[kube(group = "test.example.com", version = "v1", kind = "Probe")]
pub(crate) struct ProbeSpec {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// The collection of probes.
pub(crate) const PROBES: &str = "/apis/test.example.com/v1/probes";

/// A probe.
pub(crate) fn probe(name: &str, text: &str) -> Probe {
    Probe::new(name, ProbeSpec { text: Some(text.to_owned()) })
}

/// A probe as a client sends it.
pub(crate) fn probe_json(name: &str) -> Value {
    json!({"apiVersion": "test.example.com/v1", "kind": "Probe", "metadata": {"name": name}, "spec": {}})
}

/// A client of a server that has nothing but this.
pub(crate) fn serve(resource: impl Into<Resource>) -> Client {
    Client::new(ApiServer::builder().install(resource).prepare().expect("one resource fits together"))
}

/// Answers every GET with the same failure.
#[derive(RestResource)]
#[rest(group = "test.example.com", version = "v1", resource = "probes", object = Probe, cluster)]
struct Failing(Status);

impl Getter for Failing {
    async fn get(&self, _: &Context, _: &str, _: &GetOptions) -> Result<Probe> {
        std::future::ready(Err(self.0.clone())).await
    }
}

/// What a client gets for a GET that the storage answers with this failure.
pub(crate) async fn answer_to(status: Status) -> rest_resource_tests::Answer {
    serve(Failing(status)).get(&format!("{PROBES}/a")).await
}

/// Leases: their times have microseconds.
#[derive(RestResource)]
#[rest(group = "coordination.k8s.io", version = "v1", resource = "leases", object = Lease)]
pub(crate) struct Leases {
    #[rest(embed)]
    store: Store<Lease>,
}

impl Leases {
    pub(crate) fn new() -> Self {
        Self { store: Store::new(&StoreOptions::memory()) }
    }
}

/// A resource of the core group.
#[derive(RestResource)]
#[rest(version = "v1", resource = "configmaps", object = ConfigMap, short_names("cm"))]
pub(crate) struct ConfigMaps {
    #[rest(embed)]
    store: Store<ConfigMap>,
}

impl ConfigMaps {
    pub(crate) fn new() -> Self {
        Self { store: Store::new(&StoreOptions::memory()) }
    }
}

/// `wardle`, and a resource of the core group beside it.
pub(crate) fn with_core() -> Client {
    let server = rest_resource_tests::wardle::server(&StoreOptions::memory()).install(ConfigMaps::new());
    Client::new(server.prepare().expect("a core group beside a named one"))
}

/// A config map that was created in `default`.
pub(crate) async fn config_map(client: &Client, name: &str) -> Value {
    let body = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}});
    client.post("/api/v1/namespaces/default/configmaps", &body).await.expect(StatusCode::CREATED)
}
