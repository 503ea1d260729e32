//! A server with a bit of everything: `wardle`, pools with a scale, types of Kubernetes, and the core group.

use k8s_openapi::api::core::v1::ConfigMap;
use rest_resource::server::ApiServer;
use rest_resource::{RestResource, Store, StoreOptions};

use crate::{deployments, leases, pools, wardle};

#[derive(Debug, RestResource)]
#[rest(version = "v1", resource = "configmaps", object = ConfigMap, short_names("cm"))]
struct ConfigMaps {
    #[rest(embed)]
    store: Store<ConfigMap>,
}

/// Such a server, on memory.
pub fn server() -> ApiServer {
    let options = StoreOptions::memory();
    let builder = wardle::server(&options).install(ConfigMaps { store: Store::new(&options) });
    leases::install(deployments::install(pools::install(builder))).prepare().expect("it fits together")
}
