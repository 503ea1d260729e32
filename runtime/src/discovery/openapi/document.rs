//! The document of one group and version.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::components::Components;
use super::operation::operation;
use super::parameters;
use crate::server::resources::Resources;
use crate::verb::Endpoint;

/// The OpenAPI 3.0 document of a group and version: only its own paths (contract 8.1.7).
pub(super) fn document(resources: &Resources, group: &str, version: &str) -> Value {
    let endpoints: Vec<&Endpoint> = resources.of_version(group, version).map(AsRef::as_ref).collect();
    let components = Components::new(&endpoints, group, version);
    // A subresource is named after the Kind of its parent (contract 2.6.3).
    let kinds: BTreeMap<&str, &str> = endpoints
        .iter()
        .filter(|endpoint| endpoint.info.subresource.is_none())
        .map(|endpoint| (&*endpoint.info.resource, &*endpoint.info.kind))
        .collect();
    let mut paths: BTreeMap<&str, Map<String, Value>> = BTreeMap::new();
    for endpoint in endpoints {
        let kind = kinds.get(&*endpoint.info.resource).copied().unwrap_or(&endpoint.info.kind);
        for row in &endpoint.rows {
            let path = paths.entry(&row.path).or_insert_with(|| {
                let parameters = parameters::of_path(row.shape, kind);
                if parameters.is_empty() {
                    Map::new()
                } else {
                    Map::from_iter([("parameters".into(), parameters.into())])
                }
            });
            path.insert(row.method.as_str().to_lowercase(), operation(endpoint, row, kind, &components));
        }
    }
    json!({
        "openapi": "3.0.0",
        "info": info(),
        "paths": paths,
        "components": { "schemas": components.into_schemas() },
    })
}

/// Title and version of the API as a whole (contract 3.5.8).
pub(super) fn info() -> Value {
    json!({ "title": "Generic API Server", "version": "unversioned" })
}
