//! Which groups and versions there are: `/api`, `/apis` and `/apis/GROUP` (contract 3.1.1-3.1.3).

use http::header::HOST;
use http::request::Parts;
use serde_json::{Value, json};

use crate::server::GroupSpec;
use crate::server::resources::Resources;

/// `APIVersions`: the versions of the core group, if it is installed. It has no apiVersion (contract 3.1.1).
pub(super) fn api_versions(resources: &Resources, parts: &Parts) -> Option<Value> {
    let core = resources.groups.iter().find(|spec| spec.name.is_empty())?;
    Some(json!({
        "kind": "APIVersions",
        "versions": core.versions,
        "serverAddressByClientCIDRs": server_addresses(parts),
    }))
}

/// `APIGroupList`: every named group. It has no apiVersion either (contract 3.1.2).
pub(super) fn api_group_list(resources: &Resources, parts: &Parts) -> Value {
    let addresses = server_addresses(parts);
    let groups = resources.groups.iter().filter(|spec| !spec.name.is_empty()).map(|spec| {
        let mut group = description(spec);
        group["serverAddressByClientCIDRs"] = addresses.clone();
        group
    });
    json!({ "kind": "APIGroupList", "groups": groups.collect::<Vec<_>>() })
}

/// `APIGroup`: one named group (contract 3.1.3).
pub(super) fn api_group(spec: &GroupSpec) -> Value {
    let mut group = description(spec);
    group["kind"] = "APIGroup".into();
    group["apiVersion"] = "v1".into();
    group
}

fn description(spec: &GroupSpec) -> Value {
    let versions: Vec<Value> = spec
        .versions
        .iter()
        .map(|version| json!({ "groupVersion": format!("{}/{version}", spec.name), "version": version }))
        .collect();
    let mut group = json!({ "name": spec.name, "versions": versions });
    if let Some(preferred) = versions.first() {
        group["preferredVersion"] = preferred.clone();
    }
    group
}

/// Where the server is found: every client sees it where this one does (contract 3.1.1).
fn server_addresses(parts: &Parts) -> Value {
    let host = parts.headers.get(HOST).and_then(|host| host.to_str().ok());
    // HTTP/2 carries the host in the request target.
    let host = host.or_else(|| parts.uri.authority().map(http::uri::Authority::as_str));
    match host {
        Some(host) => json!([{ "clientCIDR": "0.0.0.0/0", "serverAddress": host }]),
        None => json!([]),
    }
}
