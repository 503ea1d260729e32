//! The resources of a group and version: `/api/VERSION` and `/apis/GROUP/VERSION` (contract 2.7, 3.1.4).

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

use crate::server::resources::Resources;
use crate::verb::Endpoint;

/// The path of a group and version, without the leading slash.
pub(super) fn path(group: &str, version: &str) -> String {
    if group.is_empty() { format!("api/{version}") } else { format!("apis/{group}/{version}") }
}

/// `APIResourceList`: the resources of a group and version in the order of their paths (contract 2.7.3, 3.1.4).
pub(super) fn api_resource_list(resources: &Resources, group: &str, version: &str) -> Value {
    let entries: Vec<Value> = resources.of_version(group, version).map(|endpoint| api_resource(endpoint)).collect();
    if group.is_empty() {
        return json!({ "kind": "APIResourceList", "groupVersion": version, "resources": entries });
    }
    let group_version = format!("{group}/{version}");
    json!({ "kind": "APIResourceList", "apiVersion": "v1", "groupVersion": group_version, "resources": entries })
}

fn api_resource(endpoint: &Endpoint) -> Value {
    let info = &endpoint.info;
    let kind = ObjectKind::of(endpoint);
    let mut entry = json!({
        "name": info.path(),
        "singularName": info.singular,
        "namespaced": info.is_namespaced(),
        "kind": kind.kind,
        "verbs": verbs(endpoint),
    });
    if kind.group != info.group || kind.version != info.version {
        entry["group"] = kind.group.into();
        entry["version"] = kind.version.into();
    }
    names(endpoint, &mut entry);
    if info.subresource.is_none() {
        entry["storageVersionHash"] = storage_version_hash(&info.group, &endpoint.stored_version, &info.kind).into();
    }
    entry
}

/// Adds the short names and the categories, if there are any (contract 1.7).
pub(super) fn names(endpoint: &Endpoint, entry: &mut Value) {
    for (key, names) in [("shortNames", &endpoint.info.short_names), ("categories", &endpoint.info.categories)] {
        if !names.is_empty() {
            entry[key] = json!(names);
        }
    }
}

/// The verbs, sorted, each once (contract 2.7.2).
pub(super) fn verbs(endpoint: &Endpoint) -> BTreeSet<&'static str> {
    let verb = |row: &crate::route::Row| match row.action.verb {
        "" => row.method.connect_verb(),
        verb => Some(verb),
    };
    endpoint.rows.iter().filter_map(verb).collect()
}

/// Group, version and Kind of the objects of an endpoint, which for a subresource may be of another group, as a Scale
/// is (contract 1.5).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ObjectKind {
    pub(super) group: String,
    pub(super) version: String,
    pub(super) kind: String,
}

impl ObjectKind {
    pub(super) fn of(endpoint: &Endpoint) -> Self {
        Self {
            group: endpoint.object_group.clone(),
            version: endpoint.object_version.clone(),
            kind: endpoint.info.kind.to_string(),
        }
    }

    /// As `responseKind` and as `x-kubernetes-group-version-kind`.
    pub(super) fn to_json(&self) -> Value {
        json!({ "group": self.group, "version": self.version, "kind": self.kind })
    }
}

/// What changes when the stored version does (contract 3.2.6).
fn storage_version_hash(group: &str, version: &str, kind: &str) -> String {
    let hash = hmac_sha256::Hash::hash(format!("{group}/{version}/{kind}").as_bytes());
    BASE64_STANDARD.encode(&hash[..8])
}

#[cfg(test)]
mod tests {
    #[test]
    fn c3_2_6_storage_version_hash() {
        // As every Kubernetes cluster has them.
        assert_eq!(super::storage_version_hash("", "v1", "Pod"), "xPOwRZ+Yhw8=");
        assert_eq!(super::storage_version_hash("apps", "v1", "Deployment"), "8aSe+NMegvE=");
    }
}
