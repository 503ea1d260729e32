//! Deployments of Kubernetes, kept in memory: a type that kubectl knows, whose lists merge by keys.

use k8s_openapi::api::apps::v1::Deployment;
use rest_resource::server::{ApiServer, ApiServerBuilder};
use rest_resource::{RestResource, Store, StoreOptions};
use serde_json::{Value, json};

use crate::Client;

/// Where they are.
pub const DEPLOYMENTS: &str = "/apis/apps/v1/namespaces/default/deployments";

#[derive(Debug, RestResource)]
#[rest(group = "apps", version = "v1", resource = "deployments", object = Deployment, short_names("deploy"))]
struct Deployments {
    #[rest(embed)]
    store: Store<Deployment>,
}

/// Installs deployments.
pub fn install(builder: ApiServerBuilder) -> ApiServerBuilder {
    builder.install(Deployments { store: Store::new(&StoreOptions::memory()) })
}

/// A server of deployments.
pub fn server() -> ApiServer {
    install(ApiServer::builder()).prepare().expect("it fits together")
}

/// A client of such a server.
pub fn client() -> Client {
    Client::new(server())
}

/// A deployment of two containers.
pub fn deployment(name: &str) -> Value {
    json!({
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "labels": {"app": name}},
        "spec": {
            "selector": {"matchLabels": {"app": name}},
            "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1}},
            "template": {
                "metadata": {"labels": {"app": name}},
                "spec": {
                    "containers": [
                        {"name": "web", "image": "web:1", "env": [{"name": "A", "value": "1"}]},
                        {"name": "log", "image": "log:1"},
                    ],
                    "tolerations": [{"key": "a"}],
                },
            },
        },
    })
}
