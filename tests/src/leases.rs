//! Leases of Kubernetes, kept in memory: what candidates elect their leader by.

use k8s_openapi::api::coordination::v1::Lease;
use rest_resource::server::{ApiServer, ApiServerBuilder};
use rest_resource::{RestResource, Store, StoreOptions};

/// Where they are.
pub const LEASES: &str = "/apis/coordination.k8s.io/v1/namespaces/default/leases";

/// The storage of leases.
#[derive(Debug, RestResource)]
#[rest(group = "coordination.k8s.io", version = "v1", resource = "leases", object = Lease)]
struct Leases {
    #[rest(embed)]
    store: Store<Lease>,
}

/// Installs leases.
pub fn install(builder: ApiServerBuilder) -> ApiServerBuilder {
    builder.install(Leases { store: Store::new(&StoreOptions::memory()) })
}

/// A server of leases.
pub fn server() -> ApiServer {
    install(ApiServer::builder()).prepare().expect("it fits together")
}
