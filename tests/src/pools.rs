//! Pools of workers, which can be scaled: in two versions that name the replicas differently.

use k8s_openapi::api::autoscaling::v1::Scale;
use kube::CustomResource;
use rest_resource::server::{ApiServer, ApiServerBuilder};
use rest_resource::{
    Context, FieldError, RestResource, ScalePaths, ScaleStore, StatusStore, Store, StoreOptions, Strategy,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::Client;

/// Where they are, in the version that is stored.
pub const POOLS: &str = "/apis/pool.example.com/v1/namespaces/default/pools";
/// Where they are in the other one.
pub const POOLS_BETA: &str = "/apis/pool.example.com/v1beta1/namespaces/default/pools";

/// What a pool shall be.
#[derive(CustomResource, Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[kube(group = "pool.example.com", version = "v1", kind = "Pool", namespaced, status = "PoolStatus")]
pub struct PoolSpec {
    /// How many workers; at most 100.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replicas: Option<i32>,
    /// What they run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
}

/// What a pool is.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
pub struct PoolStatus {
    /// How many workers there are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replicas: Option<i32>,
    /// Which pods are workers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub selector: Option<String>,
}

/// The version with a `size`.
pub mod v1beta1 {
    use super::{CustomResource, Deserialize, JsonSchema, PoolStatus, Serialize};

    /// What a pool shall be.
    #[derive(CustomResource, Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
    #[kube(group = "pool.example.com", version = "v1beta1", kind = "Pool", namespaced, status = "PoolStatus")]
    pub struct PoolSpec {
        /// How many workers.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub size: Option<i32>,
        /// What they run.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub image: Option<String>,
    }
}

impl From<v1beta1::Pool> for Pool {
    fn from(pool: v1beta1::Pool) -> Self {
        let spec = PoolSpec { replicas: pool.spec.size, image: pool.spec.image };
        Self { metadata: pool.metadata, spec, status: pool.status }
    }
}

impl From<Pool> for v1beta1::Pool {
    fn from(pool: Pool) -> Self {
        let spec = v1beta1::PoolSpec { size: pool.spec.replicas, image: pool.spec.image };
        Self { metadata: pool.metadata, spec, status: pool.status }
    }
}

/// The storage of pools.
#[derive(Debug, RestResource)]
#[rest(
    group = "pool.example.com", version = "v1", resource = "pools", object = Pool,
    version(name = "v1beta1", object = v1beta1::Pool)
)]
struct Pools {
    #[rest(embed)]
    store: Store<Pool>,
}

#[derive(Debug, RestResource)]
#[rest(
    group = "pool.example.com", version = "v1", resource = "pools/status", object = Pool, parent = Pools,
    version(name = "v1beta1", object = v1beta1::Pool), verbs(get, update, patch)
)]
struct PoolStatuses {
    #[rest(embed)]
    store: StatusStore<Pool>,
}

#[derive(Debug, RestResource)]
#[rest(
    group = "pool.example.com", version = "v1", resource = "pools/scale", object = Scale, parent = Pools,
    parent_kind = "Pool", version(name = "v1beta1", object = Scale), verbs(get, update, patch)
)]
struct PoolScales {
    #[rest(embed)]
    store: ScaleStore<Pool>,
}

struct AtMost100;

impl Strategy<Pool> for AtMost100 {
    fn validate(&self, _: &Context, pool: &Pool) -> Vec<FieldError> {
        let too_many = pool.spec.replicas.filter(|replicas| *replicas > 100);
        too_many
            .map(|replicas| FieldError::invalid("spec.replicas", replicas, "must be at most 100"))
            .into_iter()
            .collect()
    }
}

/// Installs pools with their status and scale.
pub fn install(builder: ApiServerBuilder) -> ApiServerBuilder {
    let store = Store::new(&StoreOptions::memory()).strategy(AtMost100);
    let paths = ScalePaths::new(".spec.replicas", ".status.replicas").with_selector(".status.selector");
    let scale = store.scale(paths.with_replicas_in("pool.example.com/v1beta1", ".spec.size"));
    builder
        .install(PoolStatuses { store: store.status() })
        .install(PoolScales { store: scale.expect("paths of the type") })
        .install(Pools { store })
}

/// A server of pools.
pub fn server() -> ApiServer {
    install(ApiServer::builder()).prepare().expect("it fits together")
}

/// A client of such a server.
pub fn client() -> Client {
    Client::new(server())
}

/// A pool, to be created.
pub fn pool(name: &str, spec: &Value) -> Value {
    json!({"apiVersion": "pool.example.com/v1", "kind": "Pool", "metadata": {"name": name}, "spec": spec})
}

/// A scale, to be put.
pub fn scale(name: &str, replicas: i64) -> Value {
    json!({
        "apiVersion": "autoscaling/v1", "kind": "Scale", "metadata": {"name": name}, "spec": {"replicas": replicas},
    })
}
