//! `fischers`: cluster-scoped, with the verbs of the store.

use rest_resource::{RestResource, Store};

use super::v1alpha1::Fischer;

/// The storage of fischers.
#[derive(Debug, RestResource)]
#[rest(
    group = "wardle.example.com", version = "v1alpha1", resource = "fischers", object = Fischer, cluster,
    verbs(list, create, delete_collection, get, update, patch, delete, watch),
    column(name = "Disallowed", json_path = ".disallowedFlunders", type = "string")
)]
pub struct Fischers {
    #[rest(embed)]
    pub store: Store<Fischer>,
}
